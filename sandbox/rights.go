package sandbox

import (
	"slices"
	"strings"

	"github.com/gotd/td/tgerr"

	"tlsh/tl"
)

// may reports whether the member has this one of the chatAdminRights
// (https://core.telegram.org/api/rights).
func (m *member) may(right string) bool {
	return m != nil && (m.creator || m.rights != nil && m.rights.At(right).AsBool())
}

// allRights are what the creator of a room may do there.
func (w *world) allRights(r *room) *tl.Object {
	names := []string{"change_info", "delete_messages", "ban_users", "invite_users", "pin_messages", "add_admins", "manage_call", "other"}
	if r.broadcast() {
		names = append(names, "post_messages", "edit_messages", "post_stories", "edit_stories", "delete_stories")
	} else if r.def.At("forum").AsBool() {
		names = append(names, "manage_topics")
	}
	o := w.new("chatAdminRights")
	for _, n := range names {
		o.With(n, tl.Bool(true))
	}
	return o
}

// adminRights are those of an admin or the creator.
func (w *world) adminRights(r *room, m *member) *tl.Object {
	o := m.rights
	if m.creator {
		o = w.allRights(r)
		if m.rights != nil && m.rights.At("anonymous").AsBool() {
			o.With("anonymous", tl.Bool(true))
		}
	}
	return o
}

// defaultBan reports what the room forbids everybody but its admins.
func (r *room) defaultBan(right string) bool {
	return r.def.At("default_banned_rights").Object().At(right).AsBool()
}

// lets reports whether somebody may do in a room what its ordinary members may
// do too unless it is forbidden: change_info, invite_users, pin_messages,
// manage_topics.
func (w *world) lets(r *room, p *person, right string) bool {
	m := r.member(p)
	switch {
	case m == nil || r.shut():
		return false
	case m.may(right):
		return true
	case r.broadcast() || r.defaultBan(right):
		return false
	}
	b := w.ban(r, p)
	return b == nil || !b.rights.At(right).AsBool()
}

// shut reports a room in which nothing happens any more: it is deleted, or a
// group that has become a supergroup.
func (r *room) shut() bool { return r.closed || r.def.At("deactivated").AsBool() }

func forbidden(message string) error { return tgerr.New(403, message) }

// admin gives the caller's place in a room if they have that right as an admin
// ("": if they are one at all), else CHAT_ADMIN_REQUIRED with the code that the
// method's page states.
func (c *call) admin(r *room, right string, code int) (*member, error) {
	m := r.member(c.me)
	if !m.admin() || right != "" && !m.may(right) || r.shut() {
		return nil, tgerr.New(code, "CHAT_ADMIN_REQUIRED")
	}
	return m, nil
}

// kindErrors are the refusals of what the chatBannedRights forbid to send.
var kindErrors = map[string]string{
	"send_plain": "PLAIN", "send_photos": "PHOTOS", "send_videos": "VIDEOS", "send_roundvideos": "ROUNDVIDEOS",
	"send_audios": "AUDIOS", "send_voices": "VOICES", "send_docs": "DOCS", "send_stickers": "STICKERS",
	"send_gifs": "GIFS", "send_games": "GAME", "send_inline": "INLINE", "send_polls": "POLL", "embed_links": "WEBPAGE",
}

// writable refuses who may not write to a peer. kinds are what is sent, as the
// chatBannedRights call it (see sendKind); none: text. Errors:
// CHAT_WRITE_FORBIDDEN, CHAT_RESTRICTED, CHAT_ADMIN_REQUIRED,
// CHAT_GUEST_SEND_FORBIDDEN, INPUT_USER_DEACTIVATED, USER_IS_BOT, YOU_BLOCKED_USER,
// USER_IS_BLOCKED, PRIVACY_PREMIUM_REQUIRED, VOICE_MESSAGES_FORBIDDEN, and CHAT_SEND_…_FORBIDDEN with MEDIA
// or a kind.
func (c *call) writable(to peer, kinds ...string) error {
	if to.kind == userPeer {
		p := c.byID[to.id]
		if (slices.Contains(kinds, "send_voices") || slices.Contains(kinds, "send_roundvideos")) && !c.allows(p, "VoiceMessages", c.me) {
			return bad("VOICE_MESSAGES_FORBIDDEN")
		}
		return c.writableTo(p)
	}
	r := c.room[to]
	m := r.member(c.me)
	switch {
	case r.shut():
		return forbidden("CHAT_WRITE_FORBIDDEN")
	case r.broadcast() && m == nil:
		return forbidden("CHAT_WRITE_FORBIDDEN")
	case r.broadcast() && !m.may("post_messages"):
		return bad("CHAT_ADMIN_REQUIRED")
	case m.admin():
		return nil
	case m == nil && r.discussion == nil:
		return forbidden("CHAT_WRITE_FORBIDDEN")
	case m == nil && r.def.At("join_to_send").AsBool():
		// Without that, who reads a channel comments on its posts.
		return forbidden("CHAT_GUEST_SEND_FORBIDDEN")
	case r.defaultBan("send_messages"):
		return forbidden("CHAT_WRITE_FORBIDDEN")
	}
	b := c.ban(r, c.me)
	has := func(right string) bool { return r.defaultBan(right) || b != nil && b.rights.At(right).AsBool() }
	if has("send_messages") {
		return bad("CHAT_RESTRICTED")
	}
	if len(kinds) == 0 {
		kinds = []string{"send_plain"}
	}
	for _, k := range kinds {
		switch {
		case k != "send_plain" && has("send_media"):
			return forbidden("CHAT_SEND_MEDIA_FORBIDDEN")
		case has(k):
			return forbidden("CHAT_SEND_" + kindErrors[k] + "_FORBIDDEN")
		}
	}
	return nil
}

// writableTo refuses who may not write to one of the people.
func (c *call) writableTo(p *person) error {
	switch {
	case p.def.At("deleted").AsBool():
		return bad("INPUT_USER_DEACTIVATED")
	case c.me.bot != nil && p.bot != nil && p != c.me:
		return bad("USER_IS_BOT")
	case c.me.blocks(p):
		return bad("YOU_BLOCKED_USER")
	case p.blocks(c.me):
		return forbidden("USER_IS_BLOCKED")
	case c.me.bot != nil && p != c.me && c.me.dialogs[p.peer] == nil:
		return bad("PEER_ID_INVALID") // bots do not begin
	case c.needsPremium(p):
		return forbidden("PRIVACY_PREMIUM_REQUIRED")
	}
	return nil
}

// sendKind is what the chatBannedRights call sending such a message.
func (w *world) sendKind(base *tl.Object) string {
	media := base.At("media").Object()
	if media == nil {
		return "send_plain"
	}
	switch media.Def().Name {
	case "messageMediaPhoto":
		return "send_photos"
	case "messageMediaPoll":
		return "send_polls"
	case "messageMediaGame":
		return "send_games"
	case "messageMediaDice":
		return "send_stickers"
	case "messageMediaWebPage":
		return "embed_links"
	case "messageMediaDocument":
		if d := w.store.documents[media.At("document").Object().At("id").AsLong()]; d != nil {
			return documentKind(d.attributes)
		}
		return "send_docs"
	}
	return "send_plain"
}

// documentKind tells documents apart by their attributes.
func documentKind(attributes []tl.Value) string {
	kind := "send_docs"
	for _, v := range attributes {
		switch o := v.Object(); {
		case o.Is("documentAttributeAnimated"):
			return "send_gifs"
		case o.Is("documentAttributeSticker"):
			return "send_stickers"
		case o.Is("documentAttributeVideo"):
			kind = "send_videos"
			if o.At("round_message").AsBool() {
				return "send_roundvideos"
			}
		case o.Is("documentAttributeAudio"):
			kind = "send_audios"
			if o.At("voice").AsBool() {
				return "send_voices"
			}
		}
	}
	return kind
}

// maxRank is the longest title of an admin, in characters.
const maxRank = 16

// validRank refuses what cannot be an admin's title. Errors:
// ADMIN_RANK_INVALID, ADMIN_RANK_EMOJI_NOT_ALLOWED.
func validRank(rank string) error {
	if units(rank) > maxRank || strings.ContainsAny(rank, "\n\r\t") {
		return bad("ADMIN_RANK_INVALID")
	}
	for _, r := range rank {
		if r >= 0x1F000 || r >= 0x2600 && r <= 0x27BF || r == 0x200D || r == 0xFE0F {
			return bad("ADMIN_RANK_EMOJI_NOT_ALLOWED")
		}
	}
	return nil
}

// slowSteps are the seconds of slow mode that channels.toggleSlowMode knows.
var slowSteps = [...]int32{0, 5, 10, 30, 60, 300, 900, 3600}
