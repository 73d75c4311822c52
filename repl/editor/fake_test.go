package editor

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"tlsh/internal/vt"
)

// fakeTerm is a terminal of which the test is the keyboard and the screen.
type fakeTerm struct {
	mu        sync.Mutex
	changed   *sync.Cond
	in        []byte
	gone      bool
	woken     bool
	waiting   bool // a read without time-out is under way
	reads     int
	vt        *vt.Screen
	mode      string
	fail      error // of the next raw
	closed    bool
	stopped   []string // the mode at each suspend
	onSuspend func()
	// told is the size that the system tells, where that is not the screen's own.
	told [2]int
}

func newFakeTerm(cols, rows int) *fakeTerm {
	f := &fakeTerm{vt: vt.New(cols, rows), mode: "found"}
	f.changed = sync.NewCond(&f.mu)
	f.vt.OnAskCursor = func(answer string) { // within Write
		f.in = append(f.in, answer...)
		f.changed.Broadcast()
	}
	return f
}

func (f *fakeTerm) setMode(m string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return io.ErrClosedPipe
	}
	if m == "raw" && f.fail != nil {
		return f.fail
	}
	f.mode = m
	return nil
}

func (f *fakeTerm) raw() error        { return f.setMode("raw") }
func (f *fakeTerm) restore() error    { return f.setMode("found") }
func (f *fakeTerm) quiet() error      { return f.setMode("quiet") }
func (f *fakeTerm) cooked(bool) error { return f.setMode("cooked") }

func (f *fakeTerm) suspend() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stopped = append(f.stopped, f.mode)
	if f.onSuspend != nil {
		f.onSuspend()
	}
	return nil
}

func (f *fakeTerm) read(timeout time.Duration) ([]byte, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.reads++
	late := false
	if timeout > 0 {
		timer := time.AfterFunc(timeout, func() {
			f.mu.Lock()
			defer f.mu.Unlock()
			late = true
			f.changed.Broadcast()
		})
		defer timer.Stop()
	}
	f.waiting = timeout == 0
	for len(f.in) == 0 && !f.woken && !late && !f.gone {
		f.changed.Wait()
	}
	f.waiting, f.woken = false, false
	if len(f.in) == 0 && f.gone {
		return nil, io.EOF
	}
	in := f.in
	f.in = nil
	return in, nil
}

func (f *fakeTerm) wake() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.woken = true
	f.changed.Broadcast()
}

func (f *fakeTerm) size() (int, int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.told[0] > 0 {
		return f.told[0], f.told[1]
	}
	return f.vt.Cols, f.vt.Rows
}

func (f *fakeTerm) Write(b []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.vt.Write(b)
	return len(b), nil
}

func (f *fakeTerm) close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	return nil
}

func (f *fakeTerm) send(s string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.in = append(f.in, s...)
	f.changed.Broadcast()
}

// direct runs a line without go-prompt.
type direct struct{}

func (direct) run(edit func()) { edit() }

// toy is a host for a small language: words, strings and < > blocks.
type toy struct {
	mu       sync.Mutex
	history  []string
	past     []Past // instead of history, with times
	unread   bool   // the history is not there for who does not wait
	prompt   []Segment
	names    []string
	complete func(ctx context.Context, text string, cursor int) Completions // instead of the usual
	hint     func(text string, cursor int) []Segment
	whole    func(string) bool
	paint    func(string) []Span
}

func newToy() *toy {
	return &toy{
		prompt: []Segment{{"sandbox", Good}, {"> ", Plain}},
		names:  []string{"help.getConfig", "messages.getHistory", "messages.sendMessage", "users.getUsers"},
	}
}

func (t *toy) Prompt() []Segment {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.prompt
}

func (t *toy) History(wait bool) ([]Past, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.unread && !wait:
		return nil, false
	case t.past != nil:
		return t.past, true
	}
	var out []Past
	for _, l := range t.history {
		out = append(out, Past{Text: l})
	}
	return out, true
}

// Follow closes a bracket, with a place for each letter of what stands before it
// that is a capital.
func (t *toy) Follow(text string, cursor int) (insert string, stops []int) {
	if cursor == 0 || text[cursor-1] != '(' {
		return "", nil
	}
	for _, r := range text[wordAt(text, cursor):cursor] {
		if unicode.IsUpper(r) {
			if insert != "" {
				insert += " "
			}
			insert += strings.ToLower(string(r)) + "="
			stops = append(stops, len(insert))
		}
	}
	return insert + ")", append(stops, len(insert)+1)
}

// Pair matches < and >, whatever stands between.
func (t *toy) Pair(text string, cursor int) (one, other int, ok bool) {
	if cursor > 0 && text[cursor-1] == '>' {
		one = strings.LastIndexByte(text[:cursor], '<')
		return one, cursor - 1, one >= 0
	}
	return 0, 0, false
}

func wordAt(text string, cursor int) (from int) {
	return strings.LastIndexAny(text[:cursor], " \n<>\"") + 1
}

func (t *toy) Complete(ctx context.Context, text string, cursor int) Completions {
	t.mu.Lock()
	f, names := t.complete, t.names
	t.mu.Unlock()
	if f != nil {
		return f(ctx, text, cursor)
	}
	from := wordAt(text, cursor)
	c := Completions{From: from, To: cursor}
	if t.Picks(text) {
		c.From, from = 0, 1
	}
	for _, n := range names {
		i := strings.Index(strings.ToLower(n), strings.ToLower(text[from:cursor]))
		if i < 0 {
			continue
		}
		cand := Candidate{Text: n, Label: n, Whole: true, Kind: "request", Role: Request, Description: "about " + n}
		for j := range cursor - from {
			cand.Match = append(cand.Match, i+j)
		}
		c.Items = append(c.Items, cand)
	}
	return c
}

func (t *toy) Hint(text string, cursor int) []Segment {
	t.mu.Lock()
	f := t.hint
	t.mu.Unlock()
	if f != nil {
		return f(text, cursor)
	}
	if strings.HasPrefix(text, "messages.sendMessage ") {
		return []Segment{{"messages.sendMessage ", Dim}, {"peer:InputPeer", Current}, {" message:string", Dim}}
	}
	return nil
}

func (t *toy) Highlight(text string) []Span {
	if t.paint != nil {
		return t.paint(text)
	}
	var out []Span
	for i := 0; i < len(text); {
		switch {
		case strings.IndexByte(" \n<>", text[i]) >= 0:
			i++
		case text[i] == '"':
			n := strings.IndexByte(text[i+1:], '"')
			if n < 0 {
				out = append(out, Span{i, len(text), String}, Span{i, len(text), Error})
				return out
			}
			out = append(out, Span{i, i + n + 2, String})
			i += n + 2
		default:
			n := strings.IndexAny(text[i:], " \n<>\"")
			if n < 0 {
				n = len(text) - i
			}
			switch word := text[i : i+n]; {
			case slices.Contains(t.names, word):
				out = append(out, Span{i, i + n, Request})
			case word[0] == '@':
				out = append(out, Span{i, i + n, Peer})
			}
			i += n
		}
	}
	return out
}

// Picks takes what begins with / for a search.
func (t *toy) Picks(text string) bool { return strings.HasPrefix(text, "/") }

func (t *toy) Whole(text string) bool {
	if t.whole != nil {
		return t.whole(text)
	}
	return strings.Count(text, "<") <= strings.Count(text, ">")
}

// rig is an editor on a fake terminal with a ReadLine under way.
type rig struct {
	t    *testing.T
	host *toy
	term *fakeTerm
	e    *Editor
	out  chan lineResult
}

type lineResult struct {
	text string
	err  error
}

func newRig(t *testing.T, cols, rows int, host *toy, change ...func(*Config)) *rig {
	t.Helper()
	cfg := Config{Host: host, EscapeDelay: 5 * time.Millisecond}
	for _, f := range change {
		f(&cfg)
	}
	r := &rig{t: t, host: host, term: newFakeTerm(cols, rows), out: make(chan lineResult, 1)}
	r.e = newEditor(cfg, r.term, direct{})
	t.Cleanup(func() {
		if err := r.e.Close(); err != nil {
			t.Error(err)
		}
		if r.term.mode != "found" {
			t.Errorf("the terminal is left %s", r.term.mode)
		}
		if len(r.term.vt.Unknown) > 0 {
			t.Errorf("the terminal got %v", r.term.vt.Unknown)
		}
	})
	return r
}

// start begins a ReadLine and waits until its prompt is there.
func (r *rig) start() *rig {
	return r.startContext(context.Background())
}

func (r *rig) startContext(ctx context.Context) *rig {
	go func() {
		text, err := r.e.ReadLine(ctx)
		r.out <- lineResult{text, err}
	}()
	r.settle()
	return r
}

// settle waits until everything sent has had its effect: the editor waits for keys,
// or the line is done.
func (r *rig) settle() {
	r.t.Helper()
	deadline := time.Now().Add(time.Minute)
	for time.Now().Before(deadline) {
		reads, ok := r.still()
		if again, still := r.still(); ok && still && again == reads {
			return
		}
		if len(r.out) > 0 {
			return
		}
		time.Sleep(200 * time.Microsecond)
	}
	r.t.Fatalf("the editor does not come to rest; the screen is\n%s", r.term.vt.Text())
}

func (r *rig) still() (reads int, ok bool) {
	if !r.e.assist.idle() {
		return 0, false
	}
	r.term.mu.Lock()
	defer r.term.mu.Unlock()
	return r.term.reads, r.term.waiting && len(r.term.in) == 0 && !r.term.woken
}

// keys are written in tests as <Name>.
var keyNames = map[string]string{
	"Tab": "\t", "S-Tab": "\x1b[Z", "Enter": "\r", "A-Enter": "\x1b\r", "C-Enter": "\n", "Esc": "\x1b", "Up": "\x1b[A",
	"Down": "\x1b[B", "Right": "\x1b[C", "Left": "\x1b[D", "Home": "\x1b[H", "End": "\x1b[F", "Del": "\x1b[3~",
	"Back": "\x7f", "C-Left": "\x1b[1;5D", "C-Right": "\x1b[1;5C", "A-b": "\x1bb", "A-f": "\x1bf", "A-d": "\x1bd",
	"A-Back": "\x1b\x7f", "PgDn": "\x1b[6~", "PgUp": "\x1b[5~", "C-_": "\x1f", "Paste": pasteBegin, "/Paste": pasteEnd,
	"C-^": "\x1e", "lt": "<", "F5": "\x1b[15~", "A-<": "\x1b<", "A->": "\x1b>",
}

func keys(s string) string {
	var b strings.Builder
	for len(s) > 0 {
		if s[0] == '<' {
			if n := strings.IndexByte(s, '>'); n > 0 {
				name := s[1:n]
				if seq, ok := keyNames[name]; ok {
					b.WriteString(seq)
					s = s[n+1:]
					continue
				}
				if len(name) == 3 && strings.HasPrefix(name, "C-") {
					b.WriteByte(name[2] & 0x1f)
					s = s[n+1:]
					continue
				}
			}
		}
		b.WriteByte(s[0])
		s = s[1:]
	}
	return b.String()
}

// press sends keys and waits for their effect.
func (r *rig) press(s string) *rig {
	r.t.Helper()
	r.term.send(keys(s))
	r.settle()
	return r
}

// line waits for the line being read.
func (r *rig) line() lineResult {
	r.t.Helper()
	select {
	case got := <-r.out:
		return got
	case <-time.After(time.Minute):
		r.t.Fatalf("no line; the screen is\n%s", r.term.vt.Text())
		return lineResult{}
	}
}

// want checks the line that Enter gives.
func (r *rig) want(text string) {
	r.t.Helper()
	if got := r.line(); got.err != nil || got.text != text {
		r.t.Errorf("got %q, %v; want %q", got.text, got.err, text)
	}
}

func (r *rig) screen() string {
	r.term.mu.Lock()
	defer r.term.mu.Unlock()
	return r.term.vt.Text()
}

func (r *rig) wantScreen(want string) {
	r.t.Helper()
	if got := r.screen(); got != want {
		r.t.Errorf("the screen is\n%s\nwant\n%s", got, want)
	}
}

func (r *rig) resize(cols, rows int) {
	r.term.mu.Lock()
	r.term.vt.Resize(cols, rows)
	r.term.mu.Unlock()
	r.term.wake()
	r.settle()
}

func numbered(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "line %d\n", i+1)
	}
	return b.String()
}
