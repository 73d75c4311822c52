package sandbox

import (
	"strings"

	"tlsh/tl"
)

// peopleArea is people.
func peopleArea() area {
	return area{methods: map[string]method{
		"contacts.resolveUsername": {handle: contactsResolveUsername,
			errors: "USERNAME_INVALID USERNAME_NOT_OCCUPIED"},
		"users.getFullUser":              {handle: usersGetFullUser},
		"users.getRequirementsToContact": {handle: usersGetRequirementsToContact},
		"users.getUsers":                 {handle: usersGetUsers},
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
		With("notify_settings", c.notifySettings(c.me, about{with: p.peer})).With("common_chats_count", tl.Int(common)).
		With("can_pin_message", tl.Bool(true))
	if p.about != "" && c.allows(p, "About", c.me) {
		full.With("about", tl.String(p.about))
	}
	if p.birthday != nil && c.allows(p, "Birthday", c.me) {
		full.With("birthday", p.birthday.Value())
	}
	setFlag(full, "voice_messages_forbidden", !c.allows(p, "VoiceMessages", c.me))
	if k := c.me.contacts[p.id]; k != nil && k.note != nil {
		full.With("note", k.note.Value())
	}
	c.fullPhotos(full, p)
	c.fullBot(full, p)
	c.fullStories(full, p.peer)
	setFlag(full, "blocked", c.me.blocks(p))
	setFlag(full, "blocked_my_stories_from", c.me.blocked.stories.has(p.peer))
	setFlag(full, "contact_require_premium", c.needsPremium(p))
	c.fullDialog(full, p.peer)
	return c.complete(c.new("users.userFull").With("full_user", full.Value()), p.peer).Value(), nil
}

// setFlag sets a flag of an object if it is on.
func setFlag(o *tl.Object, name string, on bool) {
	if on {
		o.With(name, tl.Bool(true))
	}
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
