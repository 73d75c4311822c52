package tl_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"testing"

	"tlsh/schema"
	"tlsh/tl"
	"tlsh/tl/tltest"
)

// all are the definitions of the current layer and of MTProto itself.
func all(yield func(*schema.Schema, *schema.Combinator) bool) {
	for _, s := range []*schema.Schema{schema.Current(), schema.MTProto()} {
		for _, list := range [][]*schema.Combinator{s.Constructors(), s.Methods()} {
			for _, c := range list {
				if !yield(s, c) {
					return
				}
			}
		}
	}
}

func TestRoundTrip(t *testing.T) {
	n := 0
	for s, c := range all {
		g := tltest.New(s, uint64(c.ID))
		for range 8 {
			o := g.Object(c)
			b, err := tl.Encode(o)
			if err != nil {
				t.Fatalf("%s: %v", c.Name, err)
			}
			v, err := tl.Decode(s, b, &schema.Type{Kind: schema.KindAny, Name: "Object"})
			if err != nil {
				t.Fatalf("%s: %v", c.Name, err)
			}
			if c.ID != schema.BoolTrueID && c.ID != schema.BoolFalseID && !tl.Equal(v, o.Value()) {
				t.Fatalf("%s: decoded value differs", c.Name)
			}
			again, err := tl.Append(nil, v, &schema.Type{Kind: schema.KindAny})
			if err != nil || !bytes.Equal(b, again) {
				t.Fatalf("%s: %v: encoded again\n%x\n%x", c.Name, err, b, again)
			}
			n++
		}
	}
	t.Logf("%d values", n)
}

// Every prefix of a good message is refused with a path and keeps what came
// before; nothing panics.
func TestTruncated(t *testing.T) {
	s := schema.Current()
	g := tltest.New(s, 7)
	for _, name := range []string{"message", "channelFull", "updates", "userFull", "messages.channelMessages"} {
		b, err := tl.Encode(g.Object(s.Constructor(name)))
		if err != nil {
			t.Fatal(err)
		}
		for i := range b {
			v, err := tl.Decode(s, b[:i:i], &schema.Type{Kind: schema.KindAny, Name: "Object"})
			var e *tl.Error
			if !errors.As(err, &e) {
				t.Fatalf("%s cut at %d: %v", name, i, err)
			}
			if i < 4 {
				continue
			}
			if v.Object() == nil {
				t.Fatalf("%s cut at %d: nothing kept", name, i)
			}
			for j := range v.Object().Fields() {
				if p := v.Object().Def().Params[j]; p.Type.Kind == schema.KindFlags {
					t.Fatalf("%s cut at %d: %s is a field", name, i, p.Name)
				}
			}
		}
	}
}

func TestUnknownConstructor(t *testing.T) {
	s := schema.Current()
	msg := func(text string) tl.Value {
		return tl.New(s.Constructor("messageEmpty")).With("id", tl.Int(int32(len(text)))).Value()
	}
	o := tl.New(s.Constructor("messages.messages")).
		With("messages", tl.VectorOf(s.TypeOf("Message"), msg("a"), msg("bb"))).
		With("topics", tl.VectorOf(s.TypeOf("ForumTopic"))).
		With("chats", tl.VectorOf(s.TypeOf("Chat"))).
		With("users", tl.VectorOf(s.TypeOf("User")))
	b, err := tl.Encode(o)
	if err != nil {
		t.Fatal(err)
	}
	id := s.Constructor("messageEmpty").ID
	at := bytes.LastIndex(b, []byte{byte(id), byte(id >> 8), byte(id >> 16), byte(id >> 24)})
	copy(b[at:], []byte{1, 2, 3, 4})
	v, err := tl.Decode(s, b, &schema.Type{Kind: schema.KindAny})
	var e *tl.Error
	if !errors.As(err, &e) || e.ID != 0x04030201 || e.Offset != at || e.Path != "messages.messages.messages[1]" {
		t.Fatalf("%+v", err)
	}
	items := v.Object().At("messages").Vector().Items
	if len(items) != 2 || items[0].Object().At("id").AsInt() != 1 || items[1].Kind() != tl.KindRaw || !bytes.Equal(items[1].AsBytes(), b[at:]) {
		t.Fatalf("%v", items)
	}
}

func TestNotes(t *testing.T) {
	s := schema.Current()
	o := tl.New(s.Constructor("updateShort")).
		With("update", tl.New(s.Constructor("updateChannelViewForumAsMessages")).With("channel_id", tl.Long(5)).With("enabled", tl.Bool(true)).Value()).
		With("date", tl.Int(1))
	b, _ := tl.Encode(o)
	if _, _, notes, err := tl.DecodePrefix(s, b, &schema.Type{Kind: schema.KindAny}); err != nil || len(notes) != 0 {
		t.Fatal(notes, err)
	}
	u := tl.New(s.Constructor("user")).With("id", tl.Long(5)).With("first_name", tl.String("A"))
	b, _ = tl.Encode(tl.New(s.Constructor("updates")).
		With("updates", tl.VectorOf(s.TypeOf("Update"))).With("users", tl.VectorOf(s.TypeOf("User"), u.Value())).
		With("chats", tl.VectorOf(s.TypeOf("Chat"))).With("date", tl.Int(0)).With("seq", tl.Int(0)))
	at := bytes.Index(b, []byte{byte(u.Def().ID), byte(u.Def().ID >> 8)}) + 4
	b[at+3] |= 0x80
	_, _, notes, err := tl.DecodePrefix(s, b, &schema.Type{Kind: schema.KindAny})
	t.Log(notes)
	if err != nil || len(notes) != 1 || notes[0].Path != "users[0]" {
		t.Fatal(notes, err)
	}
}

func TestEncodeErrors(t *testing.T) {
	s := schema.Current()
	for _, c := range []struct {
		o    *tl.Object
		want string
	}{
		{tl.New(s.Method("messages.getMessages")), "messages.getMessages.id: is required and missing, want Vector<InputMessage>"},
		{tl.New(s.Method("messages.getMessages")).With("id", tl.Int(3)), "messages.getMessages.id: want Vector<InputMessage>, have int"},
		{tl.New(s.Method("messages.getMessages")).With("id", tl.VectorOf(nil, tl.New(s.Constructor("inputPeerSelf")).Value())), "messages.getMessages.id[0]: want InputMessage, have inputPeerSelf"},
		{tl.New(s.Method("messages.getMessages")).With("id", tl.VectorOf(nil, tl.New(s.Constructor("inputMessageID")).With("id", tl.Long(3)).Value())), "messages.getMessages.id[0].id: want int, have long"},
	} {
		_, err := tl.Encode(c.o)
		if err == nil || err.Error() != c.want {
			t.Errorf("got %v\nwant %s", err, c.want)
		}
	}
}

func TestSet(t *testing.T) {
	s := schema.Current()
	r := rand.New(rand.NewPCG(1, 1))
	def := s.Constructor("channelFull")
	for range 200 {
		o, model := tl.New(def), map[int]tl.Value{}
		for range 150 {
			i := r.IntN(len(def.Params))
			if r.IntN(3) == 0 {
				o.Set(i, tl.Value{})
				delete(model, i)
			} else {
				v := tl.Long(r.Int64())
				o.Set(i, v)
				model[i] = v
			}
		}
		n := 0
		for i, v := range o.Fields() {
			if !tl.Equal(v, model[i]) || !tl.Equal(o.Field(i), v) {
				t.Fatal(i)
			}
			n++
		}
		if n != len(model) {
			t.Fatal(n, len(model))
		}
	}
}

// checkDecode holds what is true of any bytes: no panic, the length is within
// the input, and what decodes can be encoded and decodes to the same again.
func checkDecode(t *testing.T, s *schema.Schema, b []byte) (ok bool) {
	t.Helper()
	v, n, _, err := tl.DecodePrefix(s, b, &schema.Type{Kind: schema.KindAny})
	if n < 0 || n > len(b) {
		t.Fatalf("%x: %d of %d bytes", b, n, len(b))
	}
	if err != nil {
		var e *tl.Error
		if !errors.As(err, &e) || e.Offset < 0 || e.Offset > len(b) {
			t.Fatalf("%x: %+v", b, err)
		}
		return false
	}
	again, err := tl.Append(nil, v, &schema.Type{Kind: schema.KindAny})
	if err != nil {
		t.Fatalf("%x: %v", b, err)
	}
	w, err := tl.Decode(s, again, &schema.Type{Kind: schema.KindAny})
	if err != nil || !tl.Equal(v, w) {
		t.Fatalf("%x: decoded again: %v", b, err)
	}
	return true
}

// Values of every definition with a few bytes changed: nearer to the good ones
// than a fuzzer comes in a short time.
func TestMutated(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 2))
	good, bad := 0, 0
	for s, c := range all {
		g := tltest.New(s, uint64(c.ID)+1)
		g.Text = func(r *rand.Rand) string { return "text"[:r.IntN(5)] }
		b, err := tl.Encode(g.Object(c))
		if err != nil {
			t.Fatal(err)
		}
		for range 16 {
			m := bytes.Clone(b)
			for range 1 + r.IntN(3) {
				at := r.IntN(len(m))
				switch r.IntN(4) {
				case 0:
					m[at] = byte(r.Uint32())
				case 1:
					m[at] ^= 1 << r.IntN(8)
				case 2: // another constructor
					other := s.Constructors()[r.IntN(len(s.Constructors()))].ID
					copy(m[at&^3:], []byte{byte(other), byte(other >> 8), byte(other >> 16), byte(other >> 24)})
				case 3: // words lost or doubled
					at &^= 3
					m = append(m[:at:at], b[min(len(b), (at+4*r.IntN(3))):]...)
					if len(m) == 0 {
						m = []byte{0}
					}
				}
			}
			if checkDecode(t, s, m) {
				good++
			} else {
				bad++
			}
		}
	}
	t.Logf("%d decoded, %d refused", good, bad)
}

func FuzzDecode(f *testing.F) {
	s := schema.Current()
	g := tltest.New(s, 3)
	for _, name := range []string{"message", "updates", "userFull", "config", "messages.channelMessages", "jsonObject", "textConcat", "page"} {
		b, _ := tl.Encode(g.Object(s.Constructor(name)))
		f.Add(b)
	}
	b, _ := tl.Encode(g.Object(s.Method("invokeWithLayer")))
	f.Add(b)
	m := tltest.New(schema.MTProto(), 3)
	for _, name := range []string{"msg_container", "future_salts", "resPQ", "msgs_ack"} {
		b, _ := tl.Encode(m.Object(schema.MTProto().Constructor(name)))
		f.Add(b)
	}
	for _, b := range hostile(s) {
		f.Add(b[:256])
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, s := range []*schema.Schema{schema.Current(), schema.MTProto()} {
			checkDecode(t, s, b)
		}
	})
}
