package editor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	prompt "github.com/c-bata/go-prompt"
	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"tlsh/internal/vt"
)

func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		os.Exit(child())
	}
	goleak.VerifyTestMain(m)
}

func TestEnter(t *testing.T) {
	for _, c := range []struct{ keys, want string }{
		{"help.getConfig<Enter>", "help.getConfig"},
		{"<Enter>", ""},
		{"  <Enter>", "  "},
		{"one <lt><Enter>two<Enter>><Enter>", "one <\ntwo\n>"},
		{"one<A-Enter>two<C-Enter>three<Enter>", "one\ntwo\nthree"},
		{"  indented <lt><Enter>x<Enter>><Enter>", "  indented <\n  x\n  >"},
		{"ab<Left>c<Enter>", "acb"},
		{"ab cd<C-Left>x<C-a>y<C-e>z<Enter>", "yab xcdz"},
		{"a b.c d<A-b><A-b><A-Back>x<Enter>", "a xc d"},
		{"one two<C-w><C-w><C-y><Enter>", "one two"},
		{"one two<C-a><C-k><C-y><C-y><Enter>", "one twoone two"},
		{"one<C-u>two<C-u><C-y><Enter>", "two"},
		{"ab<C-t><Enter>", "ba"},
		{"abc<Left><C-t><Enter>", "acb"},
		{"ab<F5><Esc>c<Enter>", "abc"},
		{"abc<C-b><C-b><C-d><C-f>x<C-h>y<Enter>", "acy"},
		{"<Paste>x\ny</Paste><Up><C-k><Enter>", "xy"},
		{"word word2<C-_>x<Enter>", "wordx"},
		{"<C-_>x<Enter>", "x"},
		{"mess<Tab><Enter>\"hi\"<Enter>", `messages.getHistory "hi"`},
		{"日本語<Left><Back>x<Enter>", "日x語"},
		{"\xff\xe6<Esc>x<Enter>", "\xff\xe6x"},
		{"<Paste>\xe6\x97</Paste>\xa5<Enter>", "日"},
	} {
		t.Run(c.keys, func(t *testing.T) {
			r := newRig(t, 80, 24, newToy()).start()
			// Piece by piece, so that the menu is there when Tab comes.
			for s := c.keys; s != ""; {
				n := strings.IndexByte(s, '<')
				if n == 0 {
					n = strings.IndexByte(s, '>') + 1
				} else if n < 0 {
					n = len(s)
				}
				r.press(s[:n])
				s = s[n:]
			}
			r.want(c.want)
		})
	}
}

// All keys arriving at once, over several lines, act like keys one by one, and what
// follows a line is there for the next.
func TestTypedAhead(t *testing.T) {
	r := newRig(t, 80, 24, newToy())
	r.term.send(keys("first<Enter>sec<Left><Left><Right>X<Enter><C-d>rest"))
	for _, want := range []string{"first", "seXc"} {
		r.start().want(want)
	}
	if got := r.start().line(); got.err != io.EOF {
		t.Errorf("got %q, %v; want EOF", got.text, got.err)
	}
	r.start().wantScreen("sandbox> first\nsandbox> seXc\nsandbox>\nsandbox> rest")
	r.press("<Enter>").want("rest")
}

func TestLeave(t *testing.T) {
	t.Run("Ctrl-D on an empty line", func(t *testing.T) {
		r := newRig(t, 80, 24, newToy()).start().press("x<Back><C-d>")
		if got := r.line(); got.err != io.EOF {
			t.Error(got)
		}
	})
	t.Run("Ctrl-D and Ctrl-C on a text stay", func(t *testing.T) {
		newRig(t, 80, 24, newToy()).start().press("x<C-d><C-c><C-c>y<Left><C-d>z<Enter>").want("z")
	})
	t.Run("hang-up", func(t *testing.T) {
		r := newRig(t, 80, 24, newToy()).start().press("half")
		r.term.mu.Lock()
		r.term.gone = true
		r.term.changed.Broadcast()
		r.term.mu.Unlock()
		if got := r.line(); got.err != io.EOF {
			t.Error(got)
		}
	})
	t.Run("context", func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(context.Background())
		r := newRig(t, 80, 24, newToy()).startContext(ctx).press("half")
		why := errors.New("the reason")
		cancel(why)
		if got := r.line(); got.err != why {
			t.Error(got)
		}
		r.startContext(ctx)
		if got := r.line(); got.err != why {
			t.Error(got)
		}
	})
	t.Run("Close", func(t *testing.T) {
		r := newRig(t, 80, 24, newToy()).start().press("half")
		if err := r.e.Close(); err != nil {
			t.Error(err)
		}
		if got := r.line(); got.err != ErrClosed {
			t.Error(got)
		}
		if _, err := r.e.ReadLine(context.Background()); err != ErrClosed {
			t.Error(err)
		}
		if err := r.e.Above("x"); err != ErrClosed {
			t.Error(err)
		}
		if _, err := r.e.Hold(); err != ErrClosed {
			t.Error(err)
		}
		r.e.Refresh()
	})
	t.Run("a second reader", func(t *testing.T) {
		r := newRig(t, 80, 24, newToy()).start()
		if _, err := r.e.ReadLine(context.Background()); err != errBusy {
			t.Error(err)
		}
		r.press("x<Enter>").want("x")
	})
	t.Run("terminal that refuses", func(t *testing.T) {
		r := newRig(t, 80, 24, newToy())
		r.term.fail = io.ErrUnexpectedEOF
		if _, err := r.e.ReadLine(context.Background()); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Error(err)
		}
	})
}

// The terminal is as found after each line, in Hold, and after panics of the host
// on either goroutine; the editor stays usable.
func TestModes(t *testing.T) {
	host := newToy()
	host.paint = func(text string) []Span {
		if strings.Contains(text, "boom") {
			panic("highlight")
		}
		return nil
	}
	host.complete = func(_ context.Context, text string, _ int) Completions {
		if strings.Contains(text, "bang") {
			panic("complete")
		}
		return Completions{From: -5, To: 99, Items: []Candidate{{Text: "x"}}}
	}
	r := newRig(t, 80, 24, host)
	mode := func(want string) {
		t.Helper()
		r.term.mu.Lock()
		defer r.term.mu.Unlock()
		if r.term.mode != want {
			t.Errorf("the terminal is %s, want %s", r.term.mode, want)
		}
	}
	r.start()
	mode("raw")
	r.press("x<Enter>").want("x")
	mode("found")
	release, err := r.e.Hold()
	if err != nil {
		t.Fatal(err)
	}
	mode("quiet")
	if err := errors.Join(release(), release()); err != nil {
		t.Error(err)
	}
	mode("found")
	for keys, value := range map[string]string{"boom": "highlight", "bang": "complete"} {
		r.start().term.send(keys)
		var p *PanicError
		if got := r.line(); !errors.As(got.err, &p) || p.Value != value || !strings.Contains(string(p.Stack), "editor_test.go") {
			t.Errorf("%s: %v", keys, got.err)
		}
		mode("found")
		r.start().press("still here<Enter>").want("still here")
	}
}

// A history that is still being read holds no key; what it suggests comes when it is
// there, and whoever asks for a line of it waits.
func TestHistoryComesLate(t *testing.T) {
	host := newToy()
	host.history, host.unread = []string{"users.getUsers me"}, true
	r := newRig(t, 60, 8, host).start().press("users<Esc>")
	r.wantScreen("sandbox> users")
	host.mu.Lock()
	host.unread = false
	host.mu.Unlock()
	r.e.Refresh()
	r.settle()
	r.wantScreen("sandbox> users.getUsers me")
	host.mu.Lock()
	host.unread = true
	host.mu.Unlock()
	r.press("<Enter>").want("users")
	r.start().press("<Up><Enter>").want("users.getUsers me")
}

// A completer that is slow holds no key, is told to stop when the text changes, and
// its late answer is dropped.
func TestSlowCompleter(t *testing.T) {
	host := newToy()
	var mu sync.Mutex
	var stopped []string
	asked := make(chan string, 100)
	host.complete = func(ctx context.Context, text string, cursor int) Completions {
		asked <- text
		if text != "abc" {
			<-ctx.Done()
			mu.Lock()
			stopped = append(stopped, text)
			mu.Unlock()
		}
		return Completions{From: 0, To: cursor, Items: []Candidate{{Text: "answer to " + text}}}
	}
	r := newRig(t, 60, 8, host).start()
	for _, k := range []string{"a", "b"} {
		r.term.send(k)
		<-asked
	}
	r.term.send("c")
	<-asked
	r.settle()
	r.wantScreen("sandbox> abc\n answer to abc")
	mu.Lock()
	if d := cmp.Diff([]string{"a", "ab"}, stopped); d != "" {
		t.Error(d)
	}
	mu.Unlock()
	r.term.send(keys("d<Enter>"))
	r.want("abcd")
}

// Tab before the candidates are there is not lost.
func TestTabAhead(t *testing.T) {
	r := newRig(t, 60, 8, newToy()).start()
	r.press("getUs<Tab>").press("<Enter>").want("users.getUsers ")
	r.start().press("zzz<Tab><Enter>").want("zzz")
	r.start().press("<Tab>").press("<Down>").press("<Enter>").press("<Enter>").want("messages.getHistory ")
}

// A search is no line: Enter takes what it found, now or when it is there,
// Escape leaves, and nothing found stays a search.
func TestPick(t *testing.T) {
	for _, c := range []struct{ keys, want string }{
		{"/send<Enter>x<Enter>", "messages.sendMessage x"},
		{"/messages<Down><Down><Enter>y<Enter>", "messages.sendMessage y"},
		{"/messages<Tab><Enter><Enter>", "messages.getHistory "},
		{"/send<Esc>help<Enter>", "help"},
		{"/nothing<Enter><Esc>help<Enter>", "help"},
		{"/sendx<Back><Enter><Enter>", "messages.sendMessage "},
	} {
		t.Run(c.keys, func(t *testing.T) {
			r := newRig(t, 60, 12, newToy()).start()
			for k := range strings.SplitSeq(strings.ReplaceAll(c.keys, ">", ">\x00"), "\x00") {
				if i := strings.IndexByte(k, '<'); i > 0 {
					r.press(k[:i])
					k = k[i:]
				}
				if k != "" {
					r.press(k)
				}
			}
			r.want(c.want)
		})
	}
	r := newRig(t, 60, 12, newToy()).start()
	r.press("/send<Enter>") // all at once
	r.press("z<Enter>").want("messages.sendMessage z")
}

func TestRefresh(t *testing.T) {
	host := newToy()
	r := newRig(t, 60, 8, host).start().press("late")
	r.wantScreen("sandbox> late")
	host.mu.Lock()
	host.prompt = []Segment{{"online> ", Plain}}
	host.hint = func(string, int) []Segment { return []Segment{{"news", Dim}} }
	host.names = append(host.names, "late.comer")
	host.mu.Unlock()
	r.e.Refresh()
	r.settle()
	r.wantScreen("online> late\nnews\n late.comer request about late.comer")
	host.mu.Lock()
	host.names = append(host.names, "later.comer")
	host.mu.Unlock()
	r.e.Refresh()
	r.settle()
	r.wantScreen("online> late\nnews\n late.comer  request about late.comer\n later.comer request about later.comer")
}

// NO_COLOR leaves bold, underline and reverse; the setting goes before it.
func TestColor(t *testing.T) {
	for _, c := range []struct {
		noColor string
		set     func(*Editor)
		want    bool
	}{
		{"", func(*Editor) {}, true},
		{"1", func(*Editor) {}, false},
		{"1", func(e *Editor) { e.SetColor(true) }, true},
		{"", func(e *Editor) { e.SetColor(false) }, false},
	} {
		r := newRig(t, 60, 8, newToy(), func(cfg *Config) { cfg.Getenv = environment("NO_COLOR=" + c.noColor) })
		c.set(r.e)
		r.start().press("help.getConfig<Esc>")
		var l vt.Legend
		r.term.vt.Dump(&l)
		if got := strings.Contains(fmt.Sprint(l.Styles), "32"); got != c.want {
			t.Errorf("%+v: styles %q", c, l.Styles)
		}
	}
}

func TestNoTerminal(t *testing.T) {
	for _, term := range []string{"", "dumb"} {
		_, err := New(Config{Host: newToy(), Getenv: func(string) string { return term }})
		if !errors.Is(err, ErrNoTerminal) {
			t.Errorf("TERM=%s: %v", term, err)
		}
	}
}

// A paste whose end is lost shows what there is, and Ctrl-C gets out of it.
func TestPasteWithoutEnd(t *testing.T) {
	r := newRig(t, 60, 8, newToy()).start()
	r.term.send(keys("<Paste>some\rtext"))
	waitFor(t, func() bool { return strings.Contains(r.screen(), "text") })
	r.term.send(keys("<C-c>"))
	r.settle()
	r.press("free<Enter>").want("free")
}

func waitFor(t *testing.T, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !ok(); {
		if time.Now().After(deadline) {
			t.Fatal("it does not happen")
		}
		time.Sleep(time.Millisecond)
	}
}

// Many goroutines print above a line being typed: nothing of either is lost.
func TestAboveConcurrent(t *testing.T) {
	r := newRig(t, 70, 10, newToy()).start()
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 50 {
				if err := r.e.Above(fmt.Sprintf("update %d.%d\n", g, i)); err != nil {
					t.Error(err)
				}
				if i%10 == 0 {
					r.e.Refresh()
				}
			}
		})
	}
	text := strings.Repeat("typed <lt>> ", 8)
	for _, c := range keys(text) {
		r.term.send(string(c))
	}
	wg.Wait()
	r.settle()
	r.term.mu.Lock()
	all := r.term.vt.All()
	r.term.mu.Unlock()
	for g := range 4 {
		for i := range 50 {
			if want := fmt.Sprintf("update %d.%d\n", g, i); strings.Count(all, want) != 1 {
				t.Fatalf("%q is there %d times", want, strings.Count(all, want))
			}
		}
	}
	if n := strings.Count(all, "sandbox>"); n != 1 {
		t.Errorf("%d prompts:\n%s", n, all)
	}
	r.press("<Esc>").press("<Enter>").want(keys(text))
}

// Whatever is typed, in whatever order, the screen that row-wise updates leave is
// the one that drawing all anew gives.
func TestUpdatesEqualRedraw(t *testing.T) {
	names := []string{"<Tab>", "<S-Tab>", "<Esc>", "<Up>", "<Down>", "<Left>", "<Right>", "<Home>", "<End>", "<Back>", "<Del>",
		"<C-Left>", "<C-Right>", "<A-d>", "<C-w>", "<C-u>", "<C-k>", "<C-y>", "<C-t>", "<C-_>", "<A-Enter>", "<C-r>", "<C-g>",
		"<Paste>a\nb 日本\n</Paste>", "mess", "日", "👨‍👩‍👧", "\u0301", "<lt>", "\u202e", "help.getConfig ", "x", "\"", "=", "^", "<Enter>"}
	for seed := range uint64(4) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		host := newToy()
		host.history = []string{"help.getConfig", "batch <\n  x\n>", strings.Repeat("long ", 30)}
		host.whole = func(string) bool { return false }
		cols, rows := 12+rnd.IntN(60), 3+rnd.IntN(12)
		r := newRig(t, cols, rows, host).start()
		var did []string
		for range 100 {
			k := names[rnd.IntN(len(names))]
			did = append(did, k)
			switch k {
			case "=":
				r.resize(12+rnd.IntN(60), 3+rnd.IntN(12))
			case "^":
				if err := r.e.Above("above"); err != nil {
					t.Fatal(err)
				}
			default:
				r.press(k)
				if len(r.out) > 0 { // Enter on a blank line
					r.line()
					r.start()
				}
			}
			check := vt.New(r.term.vt.Cols, r.term.vt.Rows)
			r.e.screen.mu.Lock()
			f := layout(r.e.screen.view, check.Cols, check.Rows, r.e.screen.style)
			r.e.screen.mu.Unlock()
			for i, row := range f.rows {
				if i > 0 {
					check.Write([]byte("\r\n"))
				}
				check.Write([]byte(row.text))
			}
			if f.cx < 0 || f.cx >= check.Cols || f.cy < 0 || f.cy >= len(f.rows) || len(f.rows) > check.Rows {
				t.Fatalf("seed %d after %q: cursor %d,%d in %d rows of %dx%d", seed, did, f.cx, f.cy, len(f.rows), check.Cols, check.Rows)
			}
			got, want := r.screen(), check.Text()
			if !strings.HasSuffix("\n"+got, "\n"+want) {
				t.Fatalf("seed %d after %q: the screen is\n%s\nwant at its end\n%s", seed, did, got, want)
			}
			if at := r.term.vt.X; at != f.cx {
				t.Fatalf("seed %d after %q: cursor in column %d, want %d", seed, did, at, f.cx)
			}
		}
	}
}

// The window has the title that was set while the editor has the terminal, and its
// own when not; nothing of a hostile title but its letters reaches the terminal.
func TestTitle(t *testing.T) {
	r := newRig(t, 60, 8, newToy())
	r.term.vt.Title = "own"
	title := func(want string) {
		t.Helper()
		r.term.mu.Lock()
		defer r.term.mu.Unlock()
		if got := r.term.vt.Title; got != want {
			t.Errorf("the title is %q, want %q", got, want)
		}
	}
	r.start()
	r.e.SetTitle("tlsh\x1b]0;x\x07 sand\u202ebox\n")
	title("tlsh]0;x sandbox")
	r.e.SetTitle("two")
	title("two")
	var at []string
	r.term.onSuspend = func() { at = append(at, r.term.vt.Title) }
	r.press("<C-z>")
	if len(at) != 1 || at[0] != "own" || r.term.stopped[0] != "found" {
		t.Errorf("stopped with titles %q in modes %q", at, r.term.stopped)
	}
	title("two")
	r.e.SetTitle("")
	title("own")
	r.e.SetTitle("three")
	if err := r.e.Close(); err != nil {
		t.Error(err)
	}
	title("own")
}

// News beyond a screenful waits, and is counted at the end; the line stays.
func TestNews(t *testing.T) {
	r := newRig(t, 60, 100, newToy()).start().press("half <lt><Enter>line")
	for i := range 500 {
		if err := r.e.News(fmt.Sprintf("update %d", i)); err != nil {
			t.Fatal(err)
		}
	}
	r.settle()
	shown := r.screen()
	if !strings.HasSuffix(shown, "sandbox> half <\n       │ line") || !strings.HasPrefix(shown, "update 0\nupdate 1\n") {
		t.Errorf("the screen is\n%s", shown)
	}
	if err := r.e.Close(); err != nil {
		t.Error(err)
	}
	r.line()
	last, left := 0, 0
	for row := range strings.SplitSeq(r.screen(), "\n") {
		_, _ = fmt.Sscanf(row, "update %d", &last)
		_, _ = fmt.Sscanf(row, "… %d more", &left)
	}
	if last+1+left != 500 || left == 0 {
		t.Errorf("up to update %d were shown and %d counted, of 500:\n%s", last, left, r.screen())
	}
	if err := r.e.News("x"); err != ErrClosed {
		t.Error(err)
	}
}

// A status is a row of its own, for which what is printed makes place.
func TestStatus(t *testing.T) {
	r := newRig(t, 30, 10, newToy())
	r.start().press("wait<Enter>").want("wait")
	say := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	say(r.e.Status("12 s left"))
	r.wantScreen("sandbox> wait\n12 s left")
	say(r.e.Above("news"))
	r.wantScreen("sandbox> wait\nnews\n12 s left")
	say(r.e.Status("a status that is wider than the terminal"))
	r.wantScreen("sandbox> wait\nnews\na status that is wider than …")
	r.start().press("x")
	r.wantScreen("sandbox> wait\nnews\nsandbox> x")
	say(r.e.Status("while a line is edited nothing"))
	r.wantScreen("sandbox> wait\nnews\nsandbox> x")
	r.press("<Enter>").want("x")
	say(r.e.Status("3"))
	say(r.e.Status(""))
	r.wantScreen("sandbox> wait\nnews\nsandbox> x")
}

// A refresh while candidates are on their way does not lose them, and does not bring
// back a menu that was closed.
func TestRefreshOvertakes(t *testing.T) {
	host := newToy()
	asked, goOn := make(chan struct{}, 10), make(chan struct{}, 10)
	host.complete = func(ctx context.Context, text string, cursor int) Completions {
		asked <- struct{}{}
		select {
		case <-goOn:
		case <-ctx.Done():
		}
		return Completions{From: 0, To: cursor, Items: []Candidate{{Text: "answer"}}}
	}
	r := newRig(t, 60, 8, host).start()
	r.term.send("x")
	<-asked
	r.e.Refresh()
	<-asked
	goOn <- struct{}{}
	r.settle()
	r.wantScreen("sandbox> x\n answer")
	r.press("<Esc>")
	r.e.Refresh()
	r.settle()
	r.wantScreen("sandbox> x")
}

// What the host found just before Escape does not open the menu again.
func TestDismissed(t *testing.T) {
	r := newRig(t, 60, 10, &toy{names: []string{"move", "merge"}})
	ed := newEdit(r.e)
	ed.press(key{name: prompt.NotDefined, text: "m"})
	ed.assist()
	for answered := false; !answered; time.Sleep(time.Millisecond) {
		r.e.assist.mu.Lock()
		answered = r.e.assist.answer != nil && r.e.assist.answer.completed
		r.e.assist.mu.Unlock()
	}
	ed.press(key{name: prompt.Escape})
	ed.collect()
	if ed.menu.open {
		t.Error("the menu is open")
	}
	ed.assist()
	ed.press(key{name: prompt.Tab})
	ed.assist()
	for !ed.menu.open {
		ed.collect()
		time.Sleep(time.Millisecond)
	}
}
