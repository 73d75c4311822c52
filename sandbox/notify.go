package sandbox

import (
	"cmp"
	"slices"

	"tlsh/tl"
)

// notifyArea is of what somebody wants to be notified
// (https://core.telegram.org/api/push-updates#notification-settings).
func notifyArea() area {
	return area{
		methods: map[string]method{
			"account.getNotifyExceptions": {handle: accountGetNotifyExceptions, heeds: "compare_sound compare_stories peer"},
			"account.getNotifySettings":   {handle: accountGetNotifySettings},
			"account.resetNotifySettings": {handle: accountResetNotifySettings},
			"account.updateNotifySettings": {handle: accountUpdateNotifySettings,
				errors: "SETTINGS_INVALID"},
		},
		words: map[string]func(*arguments){"notify": notifyWord},
		save:  (*saver).notified,
	}
}

// about is of what notifications are: of a chat, of a topic in it, or of all that
// have no settings of their own.
type about struct {
	all   string // "Users", "Chats" or "Broadcasts"; "": of with
	with  peer
	topic int32 // 0: of the whole chat
}

// notifyAbout reads an InputNotifyPeer.
func (c *call) notifyAbout(v tl.Value) (about, error) {
	o := v.Object()
	switch {
	case o.Is("inputNotifyPeer"):
		with, err := c.target(o.At("peer"))
		return about{with: with}, err
	case o.Is("inputNotifyForumTopic"):
		with, err := c.target(o.At("peer"))
		return about{with: with, topic: o.At("top_msg_id").AsInt()}, err
	case o.Is("inputNotifyCommunity"):
		return about{}, notSimulated("inputNotifyCommunity")
	}
	return about{all: o.Def().Name[len("inputNotify"):]}, nil
}

// notifyPeer is the NotifyPeer of it.
func (w *world) notifyPeer(a about) tl.Value {
	switch {
	case a.all != "":
		return w.new("notify" + a.all).Value()
	case a.topic != 0:
		return w.new("notifyForumTopic").With("peer", w.peerValue(a.with)).With("top_msg_id", tl.Int(a.topic)).Value()
	}
	return w.new("notifyPeer").With("peer", w.peerValue(a.with)).Value()
}

// notifySettings are somebody's PeerNotifySettings about something: what they
// have not set is left out, and follows the settings of all such chats.
func (w *world) notifySettings(p *person, a about) tl.Value {
	o := w.new("peerNotifySettings")
	in := p.notify[a]
	if in == nil && a.all != "" {
		return o.With("show_previews", tl.Bool(true)).With("silent", tl.Bool(false)).With("mute_until", tl.Int(0)).Value()
	}
	if in == nil {
		return o.Value()
	}
	for _, name := range [...]string{"show_previews", "silent", "mute_until", "stories_muted", "stories_hide_sender"} {
		o.With(name, in.At(name))
	}
	for _, device := range [...]string{"ios", "android", "other"} {
		o.With(device+"_sound", in.At("sound")).With("stories_"+device+"_sound", in.At("stories_sound"))
	}
	return o.Value()
}

// muted reports whether somebody hears nothing of a chat now.
func (w *world) muted(p *person, with peer) bool {
	for _, a := range [...]about{{with: with}, {all: w.kindOf(with)}} {
		if in := p.notify[a]; in != nil && !in.At("mute_until").IsNone() {
			return in.At("mute_until").AsInt() > w.now
		}
	}
	return false
}

// kindOf is to which settings a chat without its own belongs.
func (w *world) kindOf(with peer) string {
	switch r := w.room[with]; {
	case r == nil:
		return "Users"
	case r.broadcast():
		return "Broadcasts"
	}
	return "Chats"
}

// accountGetNotifySettings follows
// https://core.telegram.org/method/account.getNotifySettings.
func accountGetNotifySettings(c *call) (tl.Value, error) {
	a, err := c.notifyAbout(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	return c.notifySettings(c.me, a), nil
}

// accountUpdateNotifySettings follows
// https://core.telegram.org/method/account.updateNotifySettings: nothing set puts
// back what holds for all.
func accountUpdateNotifySettings(c *call) (tl.Value, error) {
	a, err := c.notifyAbout(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	in := c.req.At("settings").Object()
	if in.At("mute_until").AsInt() < 0 {
		return tl.Value{}, bad("SETTINGS_INVALID")
	}
	empty := true
	for range in.Fields() {
		empty = false
	}
	if empty {
		in = nil
	}
	c.setNotify(a, in)
	return tl.Bool(true), nil
}

// setNotify changes settings of the caller's, nil for none, and tells their
// other sessions.
func (c *call) setNotify(a about, in *tl.Object) {
	if c.me.notify == nil {
		c.me.notify = map[about]*tl.Object{}
	}
	if c.me.notify[a] = in; in == nil {
		delete(c.me.notify, a)
	}
	c.push(c.me, func(v viewer) []tl.Value { return []tl.Value{v.notifyUpdate(a)} })
}

func (v viewer) notifyUpdate(a about) tl.Value {
	return v.new("updateNotifySettings").With("peer", v.notifyPeer(a)).With("notify_settings", v.notifySettings(v.me, a)).Value()
}

// notifications are all that somebody has settings for, in an order.
func (p *person) notifications() []about {
	list := make([]about, 0, len(p.notify))
	for a := range p.notify {
		list = append(list, a)
	}
	slices.SortFunc(list, func(a, b about) int {
		return cmp.Or(cmp.Compare(a.all, b.all), cmp.Compare(a.with.kind, b.with.kind), cmp.Compare(a.with.id, b.with.id), cmp.Compare(a.topic, b.topic))
	})
	return list
}

// accountResetNotifySettings follows
// https://core.telegram.org/method/account.resetNotifySettings.
func accountResetNotifySettings(c *call) (tl.Value, error) {
	for _, a := range c.me.notifications() {
		c.setNotify(a, nil)
	}
	return tl.Bool(true), nil
}

// accountGetNotifyExceptions follows
// https://core.telegram.org/method/account.getNotifyExceptions: the chats with
// settings of their own, those with a sound or about stories if that is asked for.
func accountGetNotifyExceptions(c *call) (tl.Value, error) {
	all := ""
	var only *about
	if in := c.req.At("peer"); !in.IsNone() {
		a, err := c.notifyAbout(in)
		if err != nil {
			return tl.Value{}, err
		}
		if all = a.all; all == "" {
			only = &a
		}
	}
	var list []tl.Value
	for _, a := range c.me.notifications() {
		in := c.me.notify[a]
		wanted := !in.At("mute_until").IsNone() || !in.At("silent").IsNone() || !in.At("show_previews").IsNone() ||
			c.req.At("compare_sound").AsBool() && !in.At("sound").IsNone() ||
			c.req.At("compare_stories").AsBool() && (!in.At("stories_muted").IsNone() || !in.At("stories_sound").IsNone() || !in.At("stories_hide_sender").IsNone())
		if a.all == "" && wanted && (all == "" || c.kindOf(a.with) == all) && (only == nil || a.with == only.with) {
			list = append(list, c.notifyUpdate(a))
		}
	}
	return c.updates(c.now, list...).Value(), nil
}

// notifyWord reads `notify PERSON users|chats|broadcasts|PEER
// inputPeerNotifySettings(…) [TOPIC]`.
func notifyWord(a *arguments) {
	p := a.person()
	word, n := a.text("users, chats, broadcasts or somebody")
	if a.bad {
		return
	}
	var of about
	switch word {
	case "users", "chats", "broadcasts":
		of.all = map[string]string{"users": "Users", "chats": "Chats", "broadcasts": "Broadcasts"}[word]
	default:
		if of.with = a.ref(n, word); of.with.kind == noPeer {
			a.bad = true
		}
	}
	in := a.object("InputPeerNotifySettings")
	if a.more() {
		of.topic = a.number("a topic")
	}
	if !a.bad {
		if p.notify == nil {
			p.notify = map[about]*tl.Object{}
		}
		p.notify[of] = in
	}
}

func (s *saver) notified() {
	for _, p := range s.people {
		for _, a := range p.notifications() {
			of := map[string]string{"Users": "users", "Chats": "chats", "Broadcasts": "broadcasts"}[a.all]
			if of == "" {
				of = s.ref(a.with)
			}
			line := "notify " + s.ref(p.peer) + " " + of + " " + s.text(p.notify[a].Value())
			if a.topic != 0 {
				s.line("%s %d", line, a.topic)
			} else {
				s.line("%s", line)
			}
		}
	}
}
