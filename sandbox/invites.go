package sandbox

import (
	"slices"
	"strings"

	"github.com/gotd/td/tgerr"

	"tlsh/tl"
)

const linkPrefix = "https://t.me/+"

// linkHash is the hash in an invite link, however it is written.
func linkHash(link string) string {
	for _, prefix := range [...]string{"https://", "http://", "t.me/", "telegram.me/", "joinchat/", "tg://join?invite="} {
		link = strings.TrimPrefix(link, prefix)
	}
	return strings.TrimPrefix(link, "+")
}

// exported is an invite as TL has it.
func (w *world) exported(r *room, in *invite) *tl.Object {
	o := w.new("chatInviteExported").With("link", tl.String(linkPrefix+in.hash)).With("admin_id", tl.Long(in.admin.id)).
		With("date", tl.Int(in.date))
	for name, on := range map[string]bool{"revoked": in.revoked, "permanent": in.permanent, "request_needed": in.asks} {
		if on {
			o.With(name, tl.Bool(true))
		}
	}
	requested := 0
	for _, q := range r.invites.requests {
		if q.via == in {
			requested++
		}
	}
	for name, n := range map[string]int32{"start_date": in.start, "expire_date": in.expire, "usage_limit": in.limit,
		"usage": int32(len(in.importers)), "requested": int32(requested)} {
		if n > 0 {
			o.With(name, tl.Int(n))
		}
	}
	if in.title != "" {
		o.With("title", tl.String(in.title))
	}
	return o
}

// newInvite makes a link; its hash follows from the room and how many there are,
// so that a world with the same past has the same links.
func (c *call) newInvite(r *room, admin *person) *invite {
	hash := ""
	for n := int64(len(r.invites.links)); ; n++ {
		hash = linkLetters(r.seed+n*1_000_003, admin)
		if _, taken := c.behind(hash); taken == nil {
			break
		}
	}
	in := &invite{hash: hash, admin: admin, date: c.now}
	r.invites.links = append(r.invites.links, in)
	return in
}

// linkLetters are the sixteen letters of a link that somebody makes.
func linkLetters(seed int64, by *person) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	hash, x := make([]byte, 16), uint64(0)
	for i := range hash {
		if i%8 == 0 {
			x = uint64(accessHash(seed+int64(i), by))
		}
		hash[i] = letters[x%64]
		x >>= 6
	}
	return string(hash)
}

// behind is the room that a link leads into, nil when there is no such link.
func (w *world) behind(hash string) (*room, *invite) {
	for _, r := range w.rooms {
		if in := r.invite(hash); in != nil {
			return r, in
		}
	}
	return nil, nil
}

func (r *room) invite(hash string) *invite {
	for _, in := range r.invites.links {
		if in.hash == hash {
			return in
		}
	}
	return nil
}

// permanent is the admin's link that does not end, made when there is none.
func (c *call) permanent(r *room, admin *person) *invite {
	for _, in := range r.invites.links {
		if in.admin == admin && in.permanent && !in.revoked {
			return in
		}
	}
	in := c.newInvite(r, admin)
	in.permanent = true
	return in
}

// inviters is the room of peer, whose links the caller may manage.
func (c *call) inviters() (*room, error) {
	r, err := c.roomOf(c.req.At("peer"))
	if err == nil {
		_, err = c.admin(r, "invite_users", 400)
	}
	return r, err
}

// limits reads expire_date, usage_limit, title and request_needed into a link.
func (c *call) limits(in *invite) error {
	expire, limit := c.req.At("expire_date"), c.req.At("usage_limit")
	asks := c.req.At("request_needed")
	switch {
	case !expire.IsNone() && expire.AsInt() != 0 && expire.AsInt() <= c.now:
		return bad("EXPIRE_DATE_INVALID")
	case !limit.IsNone() && (limit.AsInt() < 0 || limit.AsInt() > 99999), !limit.IsNone() && limit.AsInt() > 0 && asks.AsBool():
		return bad("USAGE_LIMIT_INVALID")
	}
	if !expire.IsNone() {
		in.expire = expire.AsInt()
	}
	if !limit.IsNone() {
		in.limit = limit.AsInt()
	}
	if !asks.IsNone() {
		in.asks = asks.AsBool()
	}
	if in.asks {
		in.limit = 0
	}
	if t := c.req.At("title"); !t.IsNone() {
		in.title = t.AsString()
	}
	return nil
}

// messagesExportChatInvite follows
// https://core.telegram.org/method/messages.exportChatInvite: without any limit
// it gives the caller's permanent link, a new one with
// legacy_revoke_permanent.
func messagesExportChatInvite(c *call) (tl.Value, error) {
	r, err := c.inviters()
	if err != nil {
		return tl.Value{}, err
	}
	probe := &invite{}
	if err := c.limits(probe); err != nil {
		return tl.Value{}, err
	}
	if probe.expire == 0 && probe.limit == 0 && probe.title == "" && !probe.asks {
		in := c.permanent(r, c.me)
		if c.req.At("legacy_revoke_permanent").AsBool() && in.date != c.now {
			in.revoked = true
			in = c.permanent(r, c.me)
		}
		return c.exported(r, in).Value(), nil
	}
	in := c.newInvite(r, c.me)
	_ = c.limits(in)
	return c.exported(r, in).Value(), nil
}

// chosenInvite is the link that the request names, in a room whose links the
// caller manages. Others' links are the creator's to manage too. Error:
// INVITE_HASH_EXPIRED.
func (c *call) chosenInvite() (*room, *invite, error) {
	r, err := c.inviters()
	if err != nil {
		return nil, nil, err
	}
	in := r.invite(linkHash(c.req.At("link").AsString()))
	switch {
	case in == nil:
		return nil, nil, bad("INVITE_HASH_EXPIRED")
	case in.admin != c.me && !r.member(c.me).creator:
		return nil, nil, bad("CHAT_ADMIN_REQUIRED")
	}
	return r, in, nil
}

// messagesGetExportedChatInvite follows
// https://core.telegram.org/method/messages.getExportedChatInvite.
func messagesGetExportedChatInvite(c *call) (tl.Value, error) {
	r, in, err := c.chosenInvite()
	if err != nil {
		return tl.Value{}, err
	}
	return c.withUsers(c.new("messages.exportedChatInvite").With("invite", c.exported(r, in).Value())), nil
}

// withUsers is complete for an answer that has users alone.
func (v viewer) withUsers(o *tl.Object) tl.Value {
	g := gathering{world: v.world, seen: make(map[peer]bool)}
	g.walk(o.Value())
	users := make([]tl.Value, len(g.people))
	for i, p := range g.people {
		users[i] = v.user(p)
	}
	return o.With("users", v.vector("User", users)).Value()
}

// messagesEditExportedChatInvite follows
// https://core.telegram.org/method/messages.editExportedChatInvite: a permanent
// link can only be revoked, and is replaced by another then.
func messagesEditExportedChatInvite(c *call) (tl.Value, error) {
	r, in, err := c.chosenInvite()
	if err != nil {
		return tl.Value{}, err
	}
	before := c.exported(r, in).Value()
	if c.req.At("revoked").AsBool() {
		in.revoked = true
		c.log(r, c.new("channelAdminLogEventActionExportedInviteRevoke").With("invite", before))
		if in.permanent {
			return c.withUsers(c.new("messages.exportedChatInviteReplaced").With("invite", c.exported(r, in).Value()).
				With("new_invite", c.exported(r, c.permanent(r, in.admin)).Value())), nil
		}
		return c.withUsers(c.new("messages.exportedChatInvite").With("invite", c.exported(r, in).Value())), nil
	}
	if in.permanent {
		return tl.Value{}, bad("CHAT_INVITE_PERMANENT")
	}
	if err := c.limits(in); err != nil {
		return tl.Value{}, err
	}
	in.start = c.now
	after := c.exported(r, in).Value()
	c.log(r, c.new("channelAdminLogEventActionExportedInviteEdit").With("prev_invite", before).With("new_invite", after))
	return c.withUsers(c.new("messages.exportedChatInvite").With("invite", after)), nil
}

// messagesGetExportedChatInvites follows
// https://core.telegram.org/method/messages.getExportedChatInvites: newest
// first.
func messagesGetExportedChatInvites(c *call) (tl.Value, error) {
	r, admin, err := c.linksOf()
	if err != nil {
		return tl.Value{}, err
	}
	revoked := c.req.At("revoked").AsBool()
	var all []*invite
	for _, in := range slices.Backward(r.invites.links) {
		if in.admin == admin && in.revoked == revoked {
			all = append(all, in)
		}
	}
	slices.SortStableFunc(all, func(a, b *invite) int { return int(b.date) - int(a.date) })
	rest := all
	if link := c.req.At("offset_link"); !link.IsNone() {
		hash := linkHash(link.AsString())
		if i := slices.IndexFunc(all, func(in *invite) bool { return in.hash == hash }); i >= 0 {
			rest = all[i+1:]
		}
	}
	var items []tl.Value
	for _, in := range rest[:min(len(rest), c.limit())] {
		items = append(items, c.exported(r, in).Value())
	}
	return c.withUsers(c.new("messages.exportedChatInvites").With("count", tl.Int(int32(len(all)))).
		With("invites", c.vector("ExportedChatInvite", items))), nil
}

// linksOf is the room and the admin whose links the request is about: the
// caller's own, or for the creator anybody's. Error: ADMIN_ID_INVALID.
func (c *call) linksOf() (*room, *person, error) {
	r, err := c.inviters()
	if err != nil {
		return nil, nil, err
	}
	p, err := c.userBy(c.req.At("admin_id"))
	switch {
	case err != nil:
		return nil, nil, bad("ADMIN_ID_INVALID")
	case p != c.me && !r.member(c.me).creator:
		return nil, nil, bad("CHAT_ADMIN_REQUIRED")
	}
	return r, p, nil
}

// messagesDeleteExportedChatInvite follows
// https://core.telegram.org/method/messages.deleteExportedChatInvite.
func messagesDeleteExportedChatInvite(c *call) (tl.Value, error) {
	r, in, err := c.chosenInvite()
	switch {
	case err != nil:
		return tl.Value{}, err
	case !in.revoked:
		return tl.Value{}, bad("INVITE_REVOKED_MISSING")
	}
	c.log(r, c.new("channelAdminLogEventActionExportedInviteDelete").With("invite", c.exported(r, in).Value()))
	c.forgetInvites(r, func(x *invite) bool { return x == in })
	return tl.Bool(true), nil
}

// forgetInvites deletes links, and what they brought about is as if by no link.
func (c *call) forgetInvites(r *room, which func(*invite) bool) {
	for _, q := range r.invites.requests {
		if q.via != nil && which(q.via) {
			q.via = nil
		}
	}
	r.invites.links = slices.DeleteFunc(r.invites.links, which)
}

// messagesDeleteRevokedExportedChatInvites follows
// https://core.telegram.org/method/messages.deleteRevokedExportedChatInvites.
func messagesDeleteRevokedExportedChatInvites(c *call) (tl.Value, error) {
	r, p, err := c.linksOf()
	if err != nil {
		return tl.Value{}, err
	}
	c.forgetInvites(r, func(in *invite) bool { return in.admin == p && in.revoked })
	return tl.Bool(true), nil
}

// messagesGetAdminsWithInvites follows
// https://core.telegram.org/method/messages.getAdminsWithInvites: for the
// creator.
func messagesGetAdminsWithInvites(c *call) (tl.Value, error) {
	r, err := c.roomOf(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	if m := r.member(c.me); m == nil || !m.creator {
		return tl.Value{}, bad("CHAT_ADMIN_REQUIRED")
	}
	var items []tl.Value
	for _, m := range r.members {
		var valid, revoked int32
		for _, in := range r.invites.links {
			switch {
			case in.admin != m.person:
			case in.revoked:
				revoked++
			default:
				valid++
			}
		}
		if valid+revoked > 0 {
			items = append(items, c.new("chatAdminWithInvites").With("admin_id", tl.Long(m.id)).
				With("invites_count", tl.Int(valid)).With("revoked_invites_count", tl.Int(revoked)).Value())
		}
	}
	return c.withUsers(c.new("messages.chatAdminsWithInvites").With("admins", c.vector("ChatAdminWithInvites", items))), nil
}

// usable refuses a link that leads nowhere (any more).
func (c *call) usable() (*room, *invite, error) {
	hash := c.req.At("hash").AsString()
	if hash == "" {
		return nil, nil, bad("INVITE_HASH_EMPTY")
	}
	for _, b := range []byte(hash) {
		if b|0x20 >= 'a' && b|0x20 <= 'z' || b >= '0' && b <= '9' || b == '-' || b == '_' {
			continue
		}
		return nil, nil, bad("INVITE_HASH_INVALID")
	}
	r, in := c.behind(hash)
	if in == nil || in.revoked || in.expire > 0 && in.expire <= c.now || in.limit > 0 && len(in.importers) >= int(in.limit) {
		return nil, nil, tgerr.New(406, "INVITE_HASH_EXPIRED")
	}
	return r, in, nil
}
