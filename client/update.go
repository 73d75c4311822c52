package client

import (
	"fmt"

	"tlsh/mtproto"
	"tlsh/schema"
	"tlsh/tl"
)

// Update is one thing that the server told without being asked.
type Update struct {
	// Value is an Update. The short forms of Updates are given as the
	// updateNewMessage that they stand for; updatesTooLong, which stands for
	// nothing but itself, as it is.
	Value tl.Value
	// In is the Updates that it came in: its users and chats describe everybody
	// that Value refers to.
	In   tl.Value
	Date int32 // Unix time of In; 0 where that has none
}

// Missed says that updates may have been missed: what is known by them is not
// to be relied on until the difference was asked for.
type Missed struct {
	Gap mtproto.Gap // what the connection says; 0 for an update that was not understood
	Err error       // why it was not, else nil
}

// Error tells what happened.
func (m *Missed) Error() string {
	if m.Err != nil {
		return fmt.Sprintf("an update was not understood: %v", m.Err)
	}
	return fmt.Sprintf("updates may have been missed: %s", m.Gap)
}

// Unwrap is the reason.
func (m *Missed) Unwrap() error { return m.Err }

// watchUpdates lets the connection's updates go to the Config's functions, in
// their order and from one goroutine.
func (cfg *Config) watchUpdates(mc *mtproto.Config) {
	if cfg.OnUpdate == nil {
		return
	}
	missed := func(m *Missed) {
		if cfg.OnMissed != nil {
			cfg.OnMissed(m)
		}
	}
	class := cfg.Schema.TypeOf("Updates")
	mc.OnGap = func(g mtproto.Gap) { missed(&Missed{Gap: g}) }
	mc.OnUpdate = func(_ int64, body []byte) {
		v, err := tl.Decode(cfg.Schema, body, class)
		if err != nil {
			missed(&Missed{Err: err})
			return
		}
		for _, u := range split(cfg.Schema, v) {
			cfg.OnUpdate(u)
		}
	}
}

// split takes an Updates apart (https://core.telegram.org/api/updates).
func split(s *schema.Schema, v tl.Value) []Update {
	o := v.Object()
	date := o.At("date").AsInt()
	one := func(u tl.Value) []Update { return []Update{{Value: u, In: v, Date: date}} }
	switch o.Def().Name {
	case "updates", "updatesCombined":
		list := o.At("updates").Vector()
		if list == nil {
			return nil
		}
		out := make([]Update, len(list.Items))
		for i, u := range list.Items {
			out[i] = Update{Value: u, In: v, Date: date}
		}
		return out
	case "updateShort":
		return one(o.At("update"))
	case "updateShortMessage", "updateShortChatMessage":
		if u := long(s, o); !u.IsNone() {
			return one(u)
		}
	}
	return one(v)
}

// long is the updateNewMessage of a short message
// (https://core.telegram.org/constructor/updateShortMessage), nothing where the
// layer lacks what it is made of. from_id is left out where a message of a
// private chat leaves it out, too: in what comes in.
func long(s *schema.Schema, o *tl.Object) tl.Value {
	message, update, user, chat := s.Constructor("message"), s.Constructor("updateNewMessage"), s.Constructor("peerUser"), s.Constructor("peerChat")
	if message == nil || update == nil || user == nil || chat == nil {
		return tl.Value{}
	}
	m := tl.New(message)
	for i, f := range o.Fields() {
		if name := o.Def().Params[i].Name; message.Index(name) >= 0 {
			m.With(name, f)
		}
	}
	if o.Is("updateShortMessage") {
		m.With("peer_id", tl.New(user).With("user_id", o.At("user_id")).Value())
	} else {
		m.With("peer_id", tl.New(chat).With("chat_id", o.At("chat_id")).Value())
		m.With("from_id", tl.New(user).With("user_id", o.At("from_id")).Value())
	}
	return tl.New(update).With("message", m.Value()).With("pts", o.At("pts")).With("pts_count", o.At("pts_count")).Value()
}
