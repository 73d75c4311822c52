package sandbox

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"tlsh/schema"
	"tlsh/tl"
)

// older is a layer made of the embedded one: edits change definitions by name,
// or leave them out by giving "".
func older(t *testing.T, layer int, edits map[string]func(string) string) *schema.Schema {
	t.Helper()
	cur := schema.Current()
	var types, functions []string
	done := map[string]bool{}
	for _, c := range all(cur) {
		text := c.String()
		if edit := edits[c.Name]; edit != nil {
			if changed := edit(text); changed != text {
				done[c.Name] = true
				text = changed
			}
		}
		if text == "" {
			continue
		}
		if text = strings.TrimSuffix(text, ";") + ";"; c.Method {
			functions = append(functions, text)
		} else {
			types = append(types, text)
		}
	}
	for name := range edits {
		if !done[name] {
			t.Fatalf("the definition of %s was not changed", name)
		}
	}
	s, problems := schema.Read("older.tl", strings.Join(types, "\n")+"\n---functions---\n"+strings.Join(functions, "\n"), schema.Options{Layer: layer, Trusted: true})
	for _, p := range problems {
		if !strings.Contains(p.Error(), "invokeWith") {
			t.Logf("%v", p)
		}
	}
	return s
}

// all are the definitions of a schema.
func all(s *schema.Schema) []*schema.Combinator {
	return append(append([]*schema.Combinator(nil), s.Constructors()...), s.Methods()...)
}

// replace changes the text of a definition, and its id.
func replace(pairs ...string) func(string) string {
	return func(text string) string {
		name, rest, _ := strings.Cut(text, "#")
		id, params, _ := strings.Cut(rest, " ")
		n, _ := strconv.ParseUint(id, 16, 32)
		return fmt.Sprintf("%s#%08x %s", name, uint32(n)^0x5a5a5a5a, strings.NewReplacer(pairs...).Replace(params))
	}
}

func gone(string) string { return "" }

// foreign is a session that speaks another layer.
type foreign struct {
	*mate
	schema *schema.Schema
}

func (m *model) foreign(t *testing.T, s *schema.Schema, who string) *foreign {
	p, err := m.s.world.lookup(who)
	if err != nil {
		t.Fatal(err)
	}
	f := &foreign{m.mate(p.id), s}
	f.sess.login.layer = 0
	return f
}

func (f *foreign) raw(body []byte, result *schema.Type) (tl.Value, error) {
	f.s.mu.Lock()
	res, err := f.s.answer(f.sess, requestID{}, body)
	f.s.mu.Unlock()
	if err != nil {
		return tl.Value{}, err
	}
	v, err := tl.Decode(f.schema, res, result)
	if err != nil {
		f.t.Fatalf("the answer is no %s of layer %d: %v", result, f.schema.Layer, err)
	}
	return v, nil
}

func (f *foreign) call(req *tl.Object) (tl.Value, error) {
	body, err := tl.Encode(req)
	if err != nil {
		f.t.Fatal(err)
	}
	return f.raw(body, req.Def().Result)
}

func (f *foreign) method(name string) *tl.Object { return tl.New(f.schema.Method(name)) }

func (f *foreign) peer(p *person) tl.Value {
	return tl.New(f.schema.Constructor("inputPeerUser")).With("user_id", tl.Long(p.id)).With("access_hash", tl.Long(accessHash(p.seed, f.who))).Value()
}

func (f *foreign) next() tl.Value {
	f.t.Helper()
	if len(f.queue) == 0 {
		f.t.Fatal("nothing was pushed")
	}
	v, err := tl.Decode(f.schema, f.queue[0], f.schema.TypeOf("Updates"))
	if err != nil {
		f.t.Fatalf("what was pushed is no Updates of layer %d: %v", f.schema.Layer, err)
	}
	f.queue = f.queue[1:]
	return v
}

// TestOlderLayer: a client of another layer is understood, and told what its
// layer holds.
func TestOlderLayer(t *testing.T) {
	old := older(t, 199, map[string]func(string) string{
		"message":                replace("entities:flags.7?Vector<MessageEntity> ", "", " reply_to:", " legacy_count:int reply_to:"),
		"updateReadHistoryInbox": gone,
		"messageActionPhoneCall": gone,
		"messages.getHistory":    replace("hash:long", "hash:int"),
		"messages.readHistory":   replace(),
		"initConnection":         replace("proxy:flags.0?InputClientProxy params:flags.1?JSONValue ", ""),
	})
	s, err := New(Config{World: village, Now: (&clock{t: start}).now, Layers: []*schema.Schema{old}})
	if err != nil {
		t.Fatal(err)
	}
	s.watch = watchOutcome(t)
	m := &model{t: t, s: s, rng: nil}
	m.rng = newRng(1)
	sam, phone, alice := m.foreign(t, old, "@sam"), m.mate(1001), m.mate(1002)
	phone.must("updates.getState")
	bob := s.world.byID[1003]

	if _, err := sam.call(sam.method("updates.getState")); rpcError(err) != "400 CONNECTION_NOT_INITED" && !strings.Contains(rpcError(err), "INPUT_METHOD") {
		t.Errorf("without initConnection: %v", err)
	}
	wrap := wrapper(old, 199)
	body, _ := tl.Encode(sam.method("updates.getState"))
	if _, err := sam.raw(wrap(body), old.TypeOf("updates.State")); err != nil {
		t.Fatal(err)
	}
	// A service message whose action the layer lacks cannot be told.
	history := sam.method("messages.getHistory").With("peer", sam.peer(bob)).With("offset_id", tl.Int(0)).With("offset_date", tl.Int(0)).
		With("add_offset", tl.Int(0)).With("limit", tl.Int(1)).With("max_id", tl.Int(0)).With("min_id", tl.Int(0)).With("hash", tl.Int(0))
	v, err := sam.call(history)
	if err != nil {
		t.Fatal(err)
	}
	want(t, v, ".messages[0].message", `"Forgot to say: the gas is in the blue bag"`, ".messages[0].legacy_count", "0")
	if _, err := sam.call(history.With("limit", tl.Int(10))); err == nil || !strings.HasPrefix(rpcError(err), "501 SANDBOX_ANSWER_NOT_IN_LAYER: ") {
		t.Errorf("a phone call of which the layer knows nothing: %v", err)
	}

	alice.must(`messages.sendMessage peer=@sam message="bold" entities=[messageEntityBold(0 4)]`)
	v = sam.next()
	want(t, v, ".updates[0].message.message", `"bold"`, ".users[0].id", "1002")
	if o := v.Object().At("updates").Vector().Items[0].Object().At("message").Object(); o.Def().Index("entities") >= 0 {
		t.Error("entities are not of this layer")
	}
	// What is read on the phone, the layer has no word for.
	queued := len(sam.queue)
	phone.must("messages.readHistory peer=@alice max_id=0")
	if len(sam.queue) != queued+1 {
		t.Fatalf("want a container without its update, got %d", len(sam.queue)-queued)
	}
	want(t, sam.next(), ".updates", "[]")
	phone.queue = nil
	v, err = sam.call(sam.method("messages.readHistory").With("peer", sam.peer(s.world.byID[1004])).With("max_id", tl.Int(0)))
	if err != nil {
		t.Fatal(err)
	}
	want(t, v, ".pts_count", "0")

	if _, err := sam.raw(wrapper(old, 150)(body), old.TypeOf("updates.State")); rpcError(err) != "400 CONNECTION_LAYER_INVALID" {
		t.Errorf("a layer that is not at hand: %v", err)
	}
	// Back to the sandbox's own layer.
	own := schema.Current()
	sam.schema = own
	body, _ = tl.Encode(tl.New(own.Method("updates.getState")))
	if _, err := sam.raw(wrapper(own, int32(own.Layer))(body), own.TypeOf("updates.State")); err != nil {
		t.Fatal(err)
	}
	alice.must(`messages.sendMessage peer=@sam message="bold" entities=[messageEntityBold(0 4)]`)
	want(t, sam.next(), ".updates[0].message.entities", "[messageEntityBold(offset=0 length=4)]")
}

// TestLayers: what is no layer that could be served is refused at the start.
func TestLayers(t *testing.T) {
	small, _ := schema.Read("small.tl", "boolTrue#997275b5 = Bool;\n// LAYER 12\n", schema.Options{})
	none, _ := schema.Read("none.tl", "boolTrue#997275b5 = Bool;\n", schema.Options{})
	for want, layers := range map[string][]*schema.Schema{
		"lacks invokeWithLayer": {small}, "has no number": {none},
	} {
		if _, err := New(Config{Layers: layers}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	if _, err := New(Config{Layers: []*schema.Schema{schema.Current()}}); err != nil {
		t.Errorf("the layer that is served anyway: %v", err)
	}
}

// TestTranslate: every value of the embedded layer becomes itself.
func TestTranslate(t *testing.T) {
	own := schema.Current()
	s, err := New(Config{World: village, Now: (&clock{t: start}).now})
	if err != nil {
		t.Fatal(err)
	}
	m := &model{t: t, s: s, rng: newRng(1)}
	sam := m.mate(1001)
	for _, line := range []string{"messages.getDialogs offset_peer=inputPeerEmpty", "messages.getHistory @bob", "messages.getFullChat 2001", "help.getConfig"} {
		v := sam.must(line)
		got, err := translate(v, own.TypeOf("!X"), own)
		if err != nil || !tl.Equal(got, v) {
			t.Errorf("%s: %v: %s", line, err, show(got))
		}
	}
	for _, c := range []struct {
		v    tl.Value
		to   string
		want string
	}{
		{tl.Long(5), "int", "5"}, {tl.Long(1 << 40), "int", ""}, {tl.Int(-5), "long", "-5"}, {tl.String("x"), "bytes", "hex:78"},
		{tl.Bytes([]byte("x")), "string", `"x"`}, {tl.Int(5), "string", ""}, {tl.String("x"), "double", ""}, {tl.Double(1), "double", "double:3ff0000000000000"},
		{tl.Int(1), "Peer", ""}, {tl.Int(1), "Vector<int>", ""}, {tl.Int(1), "Bool", ""}, {tl.Int(1), "int128", ""}, {tl.Bool(true), "Bool", "true"},
	} {
		got, err := translate(c.v, own.TypeOf(c.to), own)
		if text := fmt.Sprint(err == nil); (text == "true") != (c.want != "") || err == nil && show(got) != c.want {
			t.Errorf("%s as %s: want %s, got %s, %v", show(c.v), c.to, c.want, show(got), err)
		}
	}
}
