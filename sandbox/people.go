package sandbox

import (
	"slices"
	"strings"

	"tlsh/tl"
)

// peopleArea is people and contacts.
func peopleArea() area {
	return area{methods: map[string]method{
		"contacts.getContacts": {handle: contactsGetContacts},
		"contacts.resolvePhone": {handle: contactsResolvePhone,
			errors: "PHONE_NOT_OCCUPIED"},
		"contacts.resolveUsername": {handle: contactsResolveUsername,
			errors: "USERNAME_INVALID USERNAME_NOT_OCCUPIED"},
		"users.getFullUser": {handle: usersGetFullUser},
		"users.getUsers":    {handle: usersGetUsers},
	}}
}

// usersGetUsers follows https://core.telegram.org/method/users.getUsers. Who is
// not known is userEmpty.
func usersGetUsers(c *call) (tl.Value, error) {
	ids := c.req.At("id").Vector().Items
	users := make([]tl.Value, len(ids))
	for i, v := range ids {
		p, err := c.userBy(v)
		if err != nil {
			users[i] = c.new("userEmpty").With("id", tl.Long(v.Object().At("user_id").AsLong())).Value()
			continue
		}
		users[i] = c.user(p)
	}
	return c.vector("User", users), nil
}

// usersGetFullUser follows https://core.telegram.org/method/users.getFullUser.
func usersGetFullUser(c *call) (tl.Value, error) {
	p, err := c.userBy(c.req.At("id"))
	if err != nil {
		return tl.Value{}, err
	}
	var common int32
	for _, r := range c.rooms {
		if p != c.me && !r.broadcast() && r.member(p) != nil && r.member(c.me) != nil {
			common++
		}
	}
	full := c.new("userFull").With("id", tl.Long(p.id)).With("settings", c.bar(p.peer)).
		With("notify_settings", c.new("peerNotifySettings").Value()).With("common_chats_count", tl.Int(common)).
		With("can_pin_message", tl.Bool(true))
	if p.about != "" {
		full.With("about", tl.String(p.about))
	}
	c.fullDialog(full, p.peer)
	return c.complete(c.new("users.userFull").With("full_user", full.Value()), p.peer).Value(), nil
}

// contactsResolveUsername follows
// https://core.telegram.org/method/contacts.resolveUsername.
func contactsResolveUsername(c *call) (tl.Value, error) {
	name := c.req.At("username").AsString()
	if !isUsername(name) {
		return tl.Value{}, bad("USERNAME_INVALID")
	}
	p, ok := c.byName(name)
	if !ok {
		return tl.Value{}, bad("USERNAME_NOT_OCCUPIED")
	}
	return c.complete(c.new("contacts.resolvedPeer").With("peer", c.peerValue(p))).Value(), nil
}

// contactsResolvePhone follows
// https://core.telegram.org/method/contacts.resolvePhone. Everybody here lets
// themselves be found by their number.
func contactsResolvePhone(c *call) (tl.Value, error) {
	p := c.phoned(c.req.At("phone").AsString())
	if p == nil {
		return tl.Value{}, bad("PHONE_NOT_OCCUPIED")
	}
	return c.complete(c.new("contacts.resolvedPeer").With("peer", c.peerValue(p.peer))).Value(), nil
}

// isUsername reports what can be a username: 3 to 32 letters, digits and _,
// beginning with a letter, no _ at the end and no two together. (New ones have
// at least 5, collectible ones 4; those of some old bots have 3.)
func isUsername(s string) bool {
	if len(s) < 3 || len(s) > 32 || strings.HasSuffix(s, "_") || strings.Contains(s, "__") {
		return false
	}
	for i, r := range []byte(s) {
		letter := r|0x20 >= 'a' && r|0x20 <= 'z'
		if !letter && (i == 0 || r != '_' && (r < '0' || r > '9')) {
			return false
		}
	}
	return true
}

// contactsGetContacts follows
// https://core.telegram.org/method/contacts.getContacts: the hash is that of
// the number of saved contacts and the sorted ids.
func contactsGetContacts(c *call) (tl.Value, error) {
	ids := make([]int64, 0, len(c.me.contacts))
	for id := range c.me.contacts {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	var sum hashOf
	sum.add(int64(len(ids)))
	sum.add(ids...)
	if want := c.req.At("hash").AsLong(); want != 0 && want == int64(sum) {
		return c.new("contacts.contactsNotModified").Value(), nil
	}
	items := make([]tl.Value, len(ids))
	for i, id := range ids {
		items[i] = c.new("contact").With("user_id", tl.Long(id)).With("mutual", tl.Bool(c.byID[id].contacts[c.me.id])).Value()
	}
	o := c.new("contacts.contacts").With("contacts", c.vector("Contact", items)).With("saved_count", tl.Int(int32(len(ids))))
	return c.complete(o).Value(), nil
}
