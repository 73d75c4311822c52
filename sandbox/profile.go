package sandbox

import (
	"strings"

	"tlsh/tl"
)

// profileArea is what somebody says of themselves.
func profileArea() area {
	return area{
		methods: map[string]method{
			"account.checkUsername": {handle: accountCheckUsername,
				errors: "USERNAME_INVALID USERNAME_OCCUPIED USERNAME_PURCHASE_AVAILABLE"},
			"account.reorderUsernames": {handle: accountReorderUsernames, errors: "ORDER_INVALID USERNAME_NOT_MODIFIED"},
			"account.toggleUsername": {handle: accountToggleUsername,
				errors: "USERNAMES_ACTIVE_TOO_MUCH USERNAME_INVALID USERNAME_NOT_MODIFIED"},
			"account.updateBirthday":    {handle: accountUpdateBirthday, heeds: "birthday", errors: "BIRTHDAY_INVALID"},
			"account.updateEmojiStatus": {handle: accountUpdateEmojiStatus, errors: "COLLECTIBLE_INVALID DOCUMENT_INVALID"},
			"account.updateProfile": {handle: accountUpdateProfile, heeds: "first_name last_name about",
				errors: "ABOUT_TOO_LONG FIRSTNAME_INVALID"},
			"account.updateStatus": {handle: accountUpdateStatus},
			"account.updateUsername": {handle: accountUpdateUsername,
				errors: "USERNAME_INVALID USERNAME_NOT_MODIFIED USERNAME_OCCUPIED USERNAME_PURCHASE_AVAILABLE"},
		},
		words: map[string]func(*arguments){"birthday": birthdayWord},
		save: func(s *saver) {
			for _, p := range s.people {
				if p.birthday != nil {
					s.line("birthday %s %s", s.ref(p.peer), s.text(p.birthday.Value()))
				}
			}
		},
	}
}

// How long a bio can be, in characters, and how long somebody is online who does
// not say so again.
const (
	maxBio        = 70
	maxBioPremium = 140
	onlineTime    = 300 // seconds
)

// set changes what everybody may see of somebody.
func (p *person) set(name string, v tl.Value) { p.def = p.def.Clone().With(name, v) }

// accountUpdateProfile follows
// https://core.telegram.org/method/account.updateProfile.
func accountUpdateProfile(c *call) (tl.Value, error) {
	first, last, about := c.req.At("first_name"), c.req.At("last_name"), c.req.At("about")
	most := maxBio
	if c.me.def.At("premium").AsBool() {
		most = maxBioPremium
	}
	name := strings.TrimSpace(first.AsString())
	switch {
	case !first.IsNone() && (name == "" || units(name) > maxName), units(last.AsString()) > maxName:
		return tl.Value{}, bad("FIRSTNAME_INVALID")
	case units(about.AsString()) > most:
		return tl.Value{}, bad("ABOUT_TOO_LONG")
	}
	before := c.me.name()
	if !first.IsNone() {
		c.me.set("first_name", tl.String(name))
	}
	if !last.IsNone() {
		if last = tl.String(strings.TrimSpace(last.AsString())); last.AsString() == "" {
			last = tl.Value{}
		}
		c.me.set("last_name", last)
	}
	if c.me.name() != before {
		c.tellName()
	}
	if !about.IsNone() && about.AsString() != c.me.about {
		c.me.about = about.AsString()
		c.tellChanged(c.me)
	}
	return c.user(c.me), nil
}

// tellName tells who knows the caller of another name or username.
func (c *call) tellName() {
	for _, q := range c.acquainted(c.me) {
		c.push(q, func(v viewer) []tl.Value {
			last := ""
			if f := c.me.def.At("last_name"); !f.IsNone() {
				last = f.AsString()
			}
			return []tl.Value{v.new("updateUserName").With("user_id", tl.Long(c.me.id)).With("first_name", c.me.def.At("first_name")).
				With("last_name", tl.String(last)).With("usernames", v.handles(c.me.peer)).Value()}
		})
	}
}

// accountCheckUsername follows
// https://core.telegram.org/method/account.checkUsername: false for one that is
// the caller's own.
func accountCheckUsername(c *call) (tl.Value, error) {
	name := c.req.At("username").AsString()
	if err := c.freeUsername(c.me.peer, name); err != nil {
		return tl.Value{}, err
	}
	return tl.Bool(c.world.owner(name).kind == noPeer), nil
}

// accountUpdateUsername follows
// https://core.telegram.org/method/account.updateUsername.
func accountUpdateUsername(c *call) (tl.Value, error) {
	if err := c.chooseUsername(c.me.peer, c.req.At("username").AsString()); err != nil {
		return tl.Value{}, err
	}
	c.tellName()
	return c.user(c.me), nil
}

// accountToggleUsername follows
// https://core.telegram.org/method/account.toggleUsername.
func accountToggleUsername(c *call) (tl.Value, error) {
	if err := c.toggleUsername(c.me.peer, c.req.At("username").AsString(), c.req.At("active").AsBool()); err != nil {
		return tl.Value{}, err
	}
	c.tellName()
	return tl.Bool(true), nil
}

// accountReorderUsernames follows
// https://core.telegram.org/method/account.reorderUsernames.
func accountReorderUsernames(c *call) (tl.Value, error) {
	var order, now []string
	for _, v := range c.req.At("order").Vector().Items {
		order = append(order, v.AsString())
	}
	for _, h := range c.usernames(c.me.peer) {
		if h.active {
			now = append(now, h.name)
		}
	}
	if strings.EqualFold(strings.Join(order, " "), strings.Join(now, " ")) {
		return tl.Value{}, bad("USERNAME_NOT_MODIFIED")
	}
	if !c.reorder(c.me.peer, order) {
		return tl.Value{}, bad("ORDER_INVALID")
	}
	c.tellName()
	return tl.Bool(true), nil
}

// accountUpdateStatus follows
// https://core.telegram.org/method/account.updateStatus.
func accountUpdateStatus(c *call) (tl.Value, error) {
	status := c.new("userStatusOnline").With("expires", tl.Int(c.now+onlineTime))
	if c.req.At("offline").AsBool() {
		status = c.new("userStatusOffline").With("was_online", tl.Int(c.now))
	}
	c.me.set("status", status.Value())
	for _, q := range c.acquainted(c.me)[1:] {
		c.whisper(q, func(v viewer) *tl.Object {
			return v.new("updateUserStatus").With("user_id", tl.Long(c.me.id)).With("status", v.status(c.me))
		})
	}
	return tl.Bool(true), nil
}

// accountUpdateEmojiStatus follows
// https://core.telegram.org/method/account.updateEmojiStatus. Nobody here has
// collectible ones.
func accountUpdateEmojiStatus(c *call) (tl.Value, error) {
	o := c.req.At("emoji_status").Object()
	switch {
	case o.Is("emojiStatusEmpty"):
		c.me.set("emoji_status", tl.Value{})
	case o.Is("emojiStatus") && c.store.documents[o.At("document_id").AsLong()] != nil:
		c.me.set("emoji_status", o.Value())
	case o.Is("emojiStatus"):
		return tl.Value{}, bad("DOCUMENT_INVALID")
	default:
		return tl.Value{}, bad("COLLECTIBLE_INVALID")
	}
	for _, q := range c.acquainted(c.me) {
		c.push(q, func(v viewer) []tl.Value {
			return []tl.Value{v.new("updateUserEmojiStatus").With("user_id", tl.Long(c.me.id)).With("emoji_status", o.Value()).Value()}
		})
	}
	return tl.Bool(true), nil
}

// accountUpdateBirthday follows
// https://core.telegram.org/method/account.updateBirthday.
func accountUpdateBirthday(c *call) (tl.Value, error) {
	o := c.req.At("birthday").Object()
	if o != nil && !isBirthday(o, c.at.UTC().Year()) {
		return tl.Value{}, bad("BIRTHDAY_INVALID")
	}
	c.me.birthday = o
	c.tellChanged(c.me)
	return tl.Bool(true), nil
}

// isBirthday reports a day that there is, not before 1900 and not in a year to
// come.
func isBirthday(o *tl.Object, thisYear int) bool {
	days := [...]int32{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}
	d, m := o.At("day").AsInt(), o.At("month").AsInt()
	if m < 1 || m > 12 || d < 1 || d > days[m-1] {
		return false
	}
	if v := o.At("year"); !v.IsNone() {
		y := v.AsInt()
		leap := y%4 == 0 && (y%100 != 0 || y%400 == 0)
		return y >= 1900 && int(y) <= thisYear && (m != 2 || d < 29 || leap)
	}
	return true
}

// birthdayWord reads `birthday PERSON birthday(…)`.
func birthdayWord(a *arguments) {
	p := a.person()
	o := a.object("Birthday")
	if a.bad {
		return
	}
	if !isBirthday(o, 9999) {
		a.fail("there is no such day")
		return
	}
	p.birthday = o
}
