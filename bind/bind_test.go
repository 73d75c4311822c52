package bind_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"tlsh/bind"
	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// env is a world with a few variables and commands.
type env struct{ vars map[string]tl.Value }

func (e env) Var(name string) (tl.Value, bool) { v, ok := e.vars[name]; return v, ok }
func (e env) Commands() []string               { return []string{"help", "search", "set", "echo", "wait", "exit"} }
func (e env) Getenv(name string) (string, bool) {
	return map[string]string{"HOME": "/home/me"}[name], name == "HOME"
}

func check(t testing.TB, src string, e env) (*syntax.File, []*bind.Info) {
	t.Helper()
	f := syntax.Parse(src)
	var out []*bind.Info
	for i := range f.Stmts {
		out = append(out, bind.Check(schema.Current(), f, i, e))
	}
	return f, out
}

// world gives the variables that the lines of the tests use: $_ is a history,
// $sent what sending answered, $n a number, $u a user.
func world(t testing.TB) env {
	t.Helper()
	e := env{vars: map[string]tl.Value{}}
	for _, l := range []string{
		`$h = messages.messages(messages=[message(id=7 peer_id=peerUser(1) date=5 message="hi") messageEmpty(id=8) message(id=9 peer_id=peerChannel(3) date=6 message="ho" silent=true)] topics=[] chats=[] users=[user(id=1 access_hash=2 first_name="A")])`,
		`$sent = updateShortSentMessage(id=12 pts=1 pts_count=1 date=5)`,
		`$two = updates(updates=[updateNewMessage(message=messageEmpty(id=1) pts=1 pts_count=1) updateNewMessage(message=messageEmpty(id=2) pts=2 pts_count=1)] users=[] chats=[] date=0 seq=0)`,
		`$n = 5`, `$big = 5000000000`, `$s = "text"`, `$u = user(id=1 access_hash=2 first_name="A")`,
		`$ids = int[1 2 3]`,
	} {
		_, in := check(t, l, e)
		if len(in[0].Diags) > 0 {
			t.Fatalf("%s: %v", l, in[0].Diags.Err())
		}
		e.vars[in[0].Stmt.Assign.(*syntax.Var).Name] = in[0].Value
	}
	e.vars["_"] = e.vars["h"]
	return e
}

func lines(t testing.TB, file string) []string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for l := range strings.Lines(string(b)) {
		l = strings.TrimSuffix(l, "\n")
		if l != "" && !strings.HasPrefix(l, "##") {
			out = append(out, l)
		}
	}
	return out
}

// Every line of good.txt checks, and every prefix of it has only errors that
// more input could cure.
func TestGood(t *testing.T) {
	e := world(t)
	prefixes := 0
	for _, l := range lines(t, "testdata/good.txt") {
		f, ins := check(t, l, e)
		if len(f.Errs) > 0 {
			t.Errorf("%s: %v", l, f.Errs.Err())
		}
		for _, in := range ins {
			if len(in.Diags) > 0 {
				t.Errorf("%s: %v", l, in.Diags.Err())
			}
		}
		for i := range len(l) {
			f, ins := check(t, l[:i], e)
			fatal := f.Errs.Fatal()
			for _, in := range ins {
				fatal = append(fatal, in.Diags.Fatal()...)
			}
			if len(fatal) > 0 {
				t.Errorf("prefix %q: %v", l[:i], fatal.Err())
			}
			prefixes++
		}
	}
	t.Logf("%d prefixes", prefixes)
}

// Each line of bad.txt is "line ## message", with "(fix)" at the end where one
// is likely; the message is the first diagnostic's.
func TestBad(t *testing.T) {
	e := world(t)
	for _, l := range lines(t, "testdata/bad.txt") {
		src, want, _ := strings.Cut(l, " ## ")
		src = strings.TrimRight(src, " ")
		f, ins := check(t, src+"\n", e)
		errs := f.Errs
		for _, in := range ins {
			errs = append(errs, in.Diags...)
		}
		got := "no error"
		if len(errs) > 0 {
			got = errs[0].Msg
			if errs[0].Fix != "" {
				got += " (" + errs[0].Fix + ")"
			}
			got = fmt.Sprintf("%d: %s", errs[0].Span.From, got)
		}
		if got != want {
			t.Errorf("%s\n got  %s\n want %s", src, got, want)
		}
	}
}
