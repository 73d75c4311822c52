package completer_test

import (
	"testing"

	"tlsh/bind"
	"tlsh/completer"
	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

type env struct{}

func (env) Var(name string) (tl.Value, bool)    { return tl.String("x"), name == "x" }
func (env) Vars() []string                      { return []string{"x"} }
func (env) Commands() []string                  { return []string{"help", "echo", "set"} }
func (env) Getenv(string) (string, bool)        { return "", false }
func (env) CommandSummary(string) (a, s string) { return "", "a command" }
func (env) People() (refs, names []string) {
	return []string{"@alice", "@news"}, []string{"Alice", "News"}
}

var lines = []string{
	`messages.sendMessage peer=@alice message="hi there" silent=true`,
	`messages.sendMessage @alice hi reply_to=inputReplyToMessage(reply_to_msg_id=3 quote_text="q")`,
	`messages.getMessages id=[inputMessageID(1) inputMessageReplyTo(2)]`,
	`users.getUsers id=[@alice inputUserSelf inputUser(1 2)]`,
	`$u = users.getFullUser id=me`,
	`batch < help.getConfig; messages.getHistory @alice limit=5 > ordered`,
	`channels.getChannels(id=[@news])`,
	`help messages.sendMessage`,
	`messages.getDialogs | jq '.dialogs'`,
}

func fatal(src string) syntax.Errors {
	f := syntax.Parse(src)
	errs := f.Errs.Fatal()
	for i := range f.Stmts {
		errs = append(errs, bind.Check(schema.Current(), f, i, env{}).Diags.Fatal()...)
	}
	return errs
}

// Whatever is offered for a prefix of a good line, once inserted, has only
// errors that typing on could cure.
func TestOffersCheck(t *testing.T) {
	n := 0
	for _, l := range lines {
		for i := 0; i <= len(l); i++ {
			src := l[:i]
			res := completer.Complete(schema.Current(), env{}, src, i)
			if res.From > i || res.To < i || res.From < 0 || res.To > len(src) {
				t.Fatalf("%q: replaces %d to %d", src, res.From, res.To)
			}
			for _, it := range res.Items[:min(8, len(res.Items))] {
				out := src[:res.From] + it.Text + src[res.To:]
				if errs := fatal(out); len(errs) > 0 {
					t.Errorf("%q + %q = %q: %v", src, it.Text, out, errs.Err())
				}
				n++
			}
		}
	}
	t.Logf("%d candidates", n)
}

// The name that a good line goes on with is among the first ten once three
// letters of it are there.
func TestOffersWanted(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"mes", "messages.sendMessage"}, {"messages.getH", "messages.getHistory"}, {"getHist", "messages.getHistory"},
		{"msgsend", "messages.sendMessage"}, {"resolveu", "contacts.resolveUsername"}, {"users.getF", "users.getFullUser"},
	} {
		res := completer.Complete(schema.Current(), env{}, c.src, len(c.src))
		found := false
		for _, it := range res.Items[:min(10, len(res.Items))] {
			found = found || it.Text == c.want
		}
		if !found {
			t.Errorf("%q does not offer %s", c.src, c.want)
		}
	}
}

func FuzzComplete(f *testing.F) {
	for _, l := range lines {
		f.Add(l, len(l)/2)
	}
	f.Fuzz(func(t *testing.T, src string, cursor int) {
		res := completer.Complete(schema.Current(), env{}, src, cursor)
		at := max(0, min(cursor, len(src)))
		if res.From > at || res.To < at || res.From < 0 || res.To > len(src) {
			t.Fatalf("replaces %d to %d at %d of %q", res.From, res.To, at, src)
		}
	})
}

func BenchmarkComplete(b *testing.B) {
	for name, src := range map[string]string{
		"request": "messages.sendM", "parameter": "messages.sendMessage @alice hi si", "value": "messages.sendMessage @alice hi reply_to=inp",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				completer.Complete(schema.Current(), env{}, src, len(src))
			}
		})
	}
}
