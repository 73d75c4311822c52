package example

import (
	"strconv"
	"strings"

	"tlsh/bind"
	"tlsh/schema"
	"tlsh/tl"
)

// Call is a request, or a constructor, to be written in another language.
type Call struct {
	Object *tl.Object
	// Open are the holes that its line had, whether they were filled or not: who
	// was meant by name, and what fills itself.
	Open []*bind.Hole
}

// spot is where a value stands: the i-th element of a vector, or with i of -1
// the whole parameter.
type spot struct {
	of    *tl.Object
	param int
	i     int
}

// hole is the one that was at a place, or nil.
func (c Call) hole(at spot) *bind.Hole {
	for _, h := range c.Open {
		if h.Of == at.of && h.Param == at.param && h.Elem() == at.i {
			return h
		}
	}
	return nil
}

// who is the reference in words that stood at a place, "" when there was none.
func (c Call) who(at spot) string {
	if h := c.hole(at); h != nil && h.Kind == bind.HolePeer && h.Value.IsNone() {
		return h.Text
	}
	return ""
}

// upload is the path of the file that was uploaded for a place, "" when there
// was none: what it became, the server forgets once it was used.
func (c Call) upload(at spot) string {
	if h := c.hole(at); h != nil && h.Kind == bind.HoleUpload {
		return h.Text
	}
	return ""
}

// random reports that a place fills itself with a random number.
func (c Call) random(at spot) bool {
	h := c.hole(at)
	return h != nil && h.Kind == bind.HoleRandom
}

// world are the people and rooms of the sandbox by what the examples call them:
// the marked id.
var world = map[string]int64{
	"@sam": 1001, "@alice": 1002, "@bob": 1003, "@carol": 1004, "@dave_builds": 1005, "@erin": 1006,
	"@harbour_news": -1000000003001, "Book club": -1000000003002, "Sunday hikers": -2001,
}

// channelBase is what an id is counted from in the marked id of a channel.
const channelBase = -1000000000000

// StandIn is what may stand where a line names somebody whom nobody asked for:
// the input object with their id, where an example's name or a number gives
// it, and an access hash of 0. Who it is has to be found before it is sent. It is
// nothing when h is not about somebody.
func StandIn(s *schema.Schema, h *bind.Hole) tl.Value {
	if h.Kind != bind.HolePeer {
		return tl.Value{}
	}
	id, known := world[h.Text]
	if n, err := strconv.ParseInt(h.Text, 10, 64); err == nil {
		id, known = n, true
	}
	if h.Want.Kind == schema.KindLong {
		return tl.Long(max(id, -id)) // of a basic group
	}
	self := h.Text == "me" || h.Text == "self"
	object := func(name string, fields ...any) tl.Value {
		def := s.Constructor(name)
		if def == nil {
			return tl.Value{}
		}
		o := tl.New(def)
		for i := 0; i < len(fields); i += 2 {
			v, ok := fields[i+1].(tl.Value)
			if !ok {
				v = tl.Long(fields[i+1].(int64))
			}
			o.With(fields[i].(string), v)
		}
		return o.Value()
	}
	peer := func() tl.Value {
		switch {
		case self:
			return object("inputPeerSelf")
		case id < channelBase:
			return object("inputPeerChannel", "channel_id", channelBase-id, "access_hash", int64(0))
		case id < 0:
			return object("inputPeerChat", "chat_id", -id)
		}
		return object("inputPeerUser", "user_id", id, "access_hash", int64(0))
	}
	switch h.Want.Name {
	case "InputUser":
		if self {
			return object("inputUserSelf")
		}
		return object("inputUser", "user_id", max(id, 0), "access_hash", int64(0))
	case "InputChannel":
		if !known || id > channelBase {
			id = channelBase
		}
		return object("inputChannel", "channel_id", channelBase-id, "access_hash", int64(0))
	case "InputDialogPeer":
		return object("inputDialogPeer", "peer", peer())
	case "InputNotifyPeer":
		return object("inputNotifyPeer", "peer", peer())
	case "Peer":
		switch {
		case id < channelBase:
			return object("peerChannel", "channel_id", channelBase-id)
		case id < 0:
			return object("peerChat", "chat_id", -id)
		}
		return object("peerUser", "user_id", id)
	}
	return peer()
}

// width is how long a line of code becomes before it is broken.
const width = 80

// group writes items between brackets, on one line where they fit and else each
// on its own, indented by unit. The items are written for depth+1; a comma stands
// behind the last one where tail says so.
func group(open string, items []string, end string, depth int, unit string, tail bool) string {
	if len(items) == 0 {
		return open + end
	}
	one := open + strings.Join(items, ", ") + end
	if len(one)+depth*len(unit) <= width && !strings.Contains(one, "\n") {
		return one
	}
	var b strings.Builder
	b.WriteString(strings.TrimRight(open, " ") + "\n")
	for i, it := range items {
		b.WriteString(strings.Repeat(unit, depth+1) + it)
		if tail || i < len(items)-1 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
	}
	b.WriteString(strings.Repeat(unit, depth) + strings.TrimLeft(end, " "))
	return b.String()
}
