package sandbox

import (
	"strings"

	"tlsh/tl"
)

// proclaim puts a service message of the caller's into a room, tells everybody,
// and gives the updates of it that the caller's answer holds.
func (c *call) proclaim(r *room, action *tl.Object) []tl.Value {
	return c.tell(&letter{base: c.new("messageService").With("action", action.Value()), author: c.me, to: r.peer, date: c.now})
}

// tell delivers a service message to a room, whoever has written it, and gives
// its updates for the answer.
func (c *call) tell(l *letter) []tl.Value {
	var own []tl.Value
	for _, d := range c.deliver(l) {
		var channel *room
		if d.to == nil {
			channel = c.room[l.to]
		}
		c.notify(d.to, channel, d.event)
		if d.to == c.me || channel != nil {
			own = append(own, c.update(d.event, channel))
		}
	}
	return own
}

// spoken is proclaim for a supergroup or basic group: in a channel nobody is
// told who comes and goes.
func (c *call) spoken(r *room, action *tl.Object) []tl.Value {
	if r.broadcast() {
		return nil
	}
	return c.proclaim(r, action)
}

// refresh is the update after which a client reads a room anew.
func (w *world) refresh(r *room) tl.Value {
	if r.kind == channelPeer {
		return w.new("updateChannel").With("channel_id", tl.Long(r.id)).Value()
	}
	return w.new("updateChat").With("chat_id", tl.Long(r.id)).Value()
}

// changed tells these people, and the caller's other sessions, that a room is
// not what it was to them. It gives the update for the answer.
func (c *call) changed(r *room, people ...*person) tl.Value {
	told := map[*person]bool{}
	for _, p := range append(people, c.me) {
		if !told[p] {
			told[p] = true
			c.push(p, func(v viewer) []tl.Value { return []tl.Value{v.refresh(r)} })
		}
	}
	return c.refresh(r)
}

// everybody are the members of a room.
func (r *room) everybody() []*person {
	list := make([]*person, len(r.members))
	for i, m := range r.members {
		list[i] = m.person
	}
	return list
}

// done is the container of a method's answer.
func (c *call) done(list ...tl.Value) (tl.Value, error) {
	return c.updates(c.now, list...).Value(), nil
}

// supergroup is the supergroup that a parameter names, else CHAT_ID_INVALID.
func (c *call) supergroup(v tl.Value) (*room, error) {
	r, err := c.channel(v)
	if err == nil && r.broadcast() {
		err = bad("CHAT_ID_INVALID")
	}
	return r, err
}

// groupOf is the basic group of chat_id, in which the caller is. Error:
// CHAT_ID_INVALID.
func (c *call) groupOf(id int64) (*room, error) {
	r := c.room[peer{chatPeer, id}]
	if r == nil || r.member(c.me) == nil || r.shut() {
		return nil, bad("CHAT_ID_INVALID")
	}
	return r, nil
}

// roomOf is the group or channel that an InputPeer names. Error:
// PEER_ID_INVALID.
func (c *call) roomOf(v tl.Value) (*room, error) {
	p, err := c.target(v)
	if err != nil {
		return nil, err
	}
	r := c.room[p]
	if r == nil || r.shut() {
		return nil, bad("PEER_ID_INVALID")
	}
	return r, nil
}

// bump counts a change of a basic group's members.
func (r *room) bump() {
	if r.kind == chatPeer {
		r.def.With("version", tl.Int(r.def.At("version").AsInt()+1))
	}
}

// flag turns a flag of a room's definition on or off; it reports whether that
// changed anything.
func (r *room) flag(name string, on bool) bool {
	if r.def.At(name).AsBool() == on {
		return false
	}
	if on {
		r.def.With(name, tl.Bool(true))
	} else {
		r.def.With(name, tl.Value{})
	}
	return true
}

// titled reads the title of a request. Error: CHAT_TITLE_EMPTY.
func (c *call) titled() (string, error) {
	title := strings.TrimSpace(c.req.At("title").AsString())
	if title == "" {
		return "", bad("CHAT_TITLE_EMPTY")
	}
	return title, nil
}

// maxChannels is how many channels and supergroups somebody can be in.
const maxChannels = 500

// crowded reports somebody who is in as many channels as can be.
func (w *world) crowded(p *person) bool {
	n := 0
	for _, r := range w.rooms {
		if r.kind == channelPeer && r.member(p) != nil {
			n++
		}
	}
	return n >= maxChannels
}
