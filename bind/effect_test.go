package bind

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tlsh/pages"
	"tlsh/schema"
	"tlsh/tl"
)

// TestEffects wants every request of the layer in effects.txt, so that those of
// a new layer are judged by somebody: above all those whose names say that they
// delete or end something.
func TestEffects(t *testing.T) {
	listed := map[string]bool{}
	for line := range strings.Lines(effectsTable) {
		f := strings.Fields(line)
		if len(f) == 0 || f[0] == "#" {
			continue
		}
		switch {
		case len(f) < 2 || f[0] != "reads" && f[0] != "acts" && f[0] != "destroys":
			t.Errorf("effects.txt: cannot read %q", line)
		case listed[f[1]]:
			t.Errorf("effects.txt has %s twice", f[1])
		default:
			listed[f[1]] = true
		}
	}
	for _, m := range schema.Current().Methods() {
		e, judged := effects()[m.Name]
		delete(listed, m.Name)
		if m.Generic != "" {
			if judged {
				t.Errorf("effects.txt has %s, which carries another request", m.Name)
			}
			continue
		}
		name := lastName(m.Name)
		always := e.kind == Destroys || e.when != nil
		switch named := destructive().MatchString(name) || spending().MatchString(name); {
		case !judged:
			t.Errorf("nobody has judged what %s does: say it in effects.txt", m.Name)
		case named && e.kind == Reads, named && e.kind == Acts && e.what == "":
			t.Errorf("%s is called as if it destroyed something: it destroys, or effects.txt says why it only acts", m.Name)
		case always && e.what == "":
			t.Errorf("effects.txt does not say what %s destroys", m.Name)
		}
		for _, c := range e.when {
			meant(t, m, c)
		}
	}
	for name := range listed {
		t.Errorf("effects.txt has %s, which is not in layer %d", name, schema.Current().Layer)
	}
}

// meant checks that a condition is about something that the request has, and that
// can be given or not.
func meant(t *testing.T, m *schema.Combinator, c condition) {
	t.Helper()
	i := m.Index(c.path[0])
	if i < 0 {
		t.Errorf("effects.txt names %s of %s, which has none", c.path[0], m.Name)
		return
	}
	p := m.Params[i].Type
	made := func(name string) bool {
		if p.Class == nil {
			return false
		}
		return slices.ContainsFunc(p.Class.Constructors(), func(d *schema.Combinator) bool {
			return name == d.Name || d.Index(name) >= 0
		})
	}
	for _, part := range append(slices.Clone(c.path[1:]), c.of) {
		if part != "" && !made(part) {
			t.Errorf("effects.txt: nothing that %s.%s can be is or has %s", m.Name, c.path[0], part)
		}
	}
}

// Of the requests with paging parameters, those that are called get… or search…
// read, and no others.
func TestPagingReads(t *testing.T) {
	reading := regexp.MustCompile(`^(get|search)`)
	for _, m := range schema.Current().Methods() {
		for i := range m.Params {
			if p := &m.Params[i]; p.Optional() || !paging(p) {
				continue
			}
			if reads := effects()[m.Name].kind == Reads; reads != reading.MatchString(lastName(m.Name)) && m.Name != "contacts.search" {
				t.Errorf("effects.txt on %s: reads is %v", m.Name, reads)
			}
			break
		}
	}
}

// What has pages is said to read.
func TestPagesRead(t *testing.T) {
	for _, m := range schema.Current().Methods() {
		if rule, _ := pages.Of(m); rule != nil && requiredOffset(m) && effects()[m.Name].kind != Reads {
			t.Errorf("%s has pages and is not said to read only (effects.txt)", m.Name)
		}
	}
}

func requiredOffset(m *schema.Combinator) bool {
	for i := range m.Params {
		if p := &m.Params[i]; !p.Optional() && paging(p) {
			return true
		}
	}
	return false
}

// What is sent again by itself because it only reads is said to read here too.
// The parts of a file change something, and take their own places.
func TestRepeatsRead(t *testing.T) {
	b, err := os.ReadFile("../client/repeatable.txt")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(string(b)) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "repeats "); ok {
			n++
			if effects()[name].kind != Reads && !strings.HasPrefix(name, "upload.save") {
				t.Errorf("client/repeatable.txt sends %s again, and effects.txt does not say that it reads", name)
			}
		}
	}
	if n == 0 {
		t.Error("nothing is read from client/repeatable.txt")
	}
}

func TestEffectOf(t *testing.T) {
	s := schema.Current()
	of := func(name string) *tl.Object { return tl.New(s.Method(name)) }
	made := func(name string) *tl.Object { return tl.New(s.Constructor(name)) }
	for _, c := range []struct {
		req    *tl.Object
		kind   EffectKind
		method string
	}{
		{of("messages.getHistory"), Reads, "messages.getHistory"},
		{of("messages.sendMessage"), Acts, "messages.sendMessage"},
		{of("account.deleteAccount"), Destroys, "account.deleteAccount"},
		{of("bots.exportBotToken").With("revoke", tl.Bool(false)), Acts, "bots.exportBotToken"},
		{of("bots.exportBotToken").With("revoke", tl.Bool(true)), Destroys, "bots.exportBotToken"},
		{of("invokeWithLayer").With("query", of("auth.logOut").Value()), Destroys, "auth.logOut"},
		{of("invokeWithLayer").With("query", of("invokeWithTakeout").With("query", of("users.getUsers").Value()).Value()), Reads, "users.getUsers"},
		{of("invokeWithLayer"), Acts, "invokeWithLayer"},
		{of("payments.sendStarsForm"), Destroys, "payments.sendStarsForm"},
		{of("messages.sendPaidReaction"), Destroys, "messages.sendPaidReaction"},
		{of("messages.sendMessage").With("allow_paid_stars", tl.Long(0)), Acts, "messages.sendMessage"},
		{of("messages.sendMessage").With("allow_paid_stars", tl.Long(10)), Destroys, "messages.sendMessage"},
		{of("messages.sendMessage").With("suggested_post", made("suggestedPost").Value()), Acts, "messages.sendMessage"},
		{of("messages.sendMessage").With("suggested_post", made("suggestedPost").With("price", made("starsAmount").Value()).Value()), Destroys, "messages.sendMessage"},
		{of("messages.sendMedia").With("media", made("inputMediaDice").Value()), Acts, "messages.sendMedia"},
		{of("messages.sendMedia").With("media", made("inputMediaStakeDice").Value()), Destroys, "messages.sendMedia"},
		{of("channels.searchPosts"), Reads, "channels.searchPosts"},
		{of("channels.searchPosts").With("allow_paid_stars", tl.Long(1)), Destroys, "channels.searchPosts"},
		{of("messages.updateDialogFilter").With("filter", made("dialogFilterDefault").Value()), Acts, "messages.updateDialogFilter"},
		{of("messages.updateDialogFilter"), Destroys, "messages.updateDialogFilter"},
		{of("messages.setHistoryTTL").With("period", tl.Int(0)), Acts, "messages.setHistoryTTL"},
		{of("messages.setHistoryTTL").With("period", tl.Int(86400)), Destroys, "messages.setHistoryTTL"},
	} {
		if e := EffectOf(c.req); e.Kind != c.kind || e.Method != c.method || (e.Kind == Destroys) != (e.What != "") {
			t.Errorf("%s: %+v", c.req.Def().Name, e)
		}
	}
	other, problems := schema.Read("other.tl", "---functions---\nmessages.deleteEverything#ce5cfb98 = Bool;\npayments.sendTonGift = Bool;\nmessages.frob#5eb6ad57 = Bool;\n", schema.Options{Layer: 1})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for name, want := range map[string]EffectKind{"messages.deleteEverything": Destroys, "payments.sendTonGift": Destroys, "messages.frob": Acts} {
		if e := EffectOf(tl.New(other.Method(name))); e.Kind != want {
			t.Errorf("%s of another layer: %+v", name, e)
		}
	}
}
