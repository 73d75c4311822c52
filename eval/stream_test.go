package eval

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"tlsh/schema"
	"tlsh/tl"
)

// hugeText is how much text the value of huge has at least, in every format.
const hugeText = 100 << 20

// huge is a history of so many messages; they share their text, so that only
// what is printed of it is large.
func huge(t *testing.T) tl.Value {
	t.Helper()
	s := schema.Current()
	text := tl.String(strings.Repeat("A line of text that is as long as it is. ", 20))
	peer := tl.New(s.Constructor("peerUser")).With("user_id", tl.Long(5)).Value()
	m := tl.New(s.Constructor("message")).With("id", tl.Int(1)).With("peer_id", peer).With("date", tl.Int(1)).With("message", text).Value()
	items := make([]tl.Value, hugeText/len(text.AsString())+1)
	for i := range items {
		items[i] = m
	}
	return tl.New(s.Constructor("messages.messages")).With("messages", tl.VectorOf(s.TypeOf("Message"), items...)).
		With("topics", vector(s, "ForumTopic")).With("chats", vector(s, "Chat")).With("users", vector(s, "User")).Value()
}

// meter counts what it is given, and looks at the memory in use now and then.
type meter struct {
	n     int64
	most  uint64
	chunk int
	after func(n int64)
}

func (m *meter) Write(b []byte) (int, error) {
	if m.n>>24 != (m.n+int64(len(b)))>>24 {
		runtime.GC()
		var s runtime.MemStats
		runtime.ReadMemStats(&s)
		m.most = max(m.most, s.HeapAlloc)
	}
	m.n += int64(len(b))
	m.chunk = max(m.chunk, len(b))
	if m.after != nil {
		m.after(m.n)
	}
	return len(b), nil
}

func inUse() uint64 {
	runtime.GC()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return s.HeapAlloc
}

// A result of 100 MB is printed, piped and saved in a few megabytes.
func TestStream(t *testing.T) {
	v := huge(t)
	const bound = 8 << 20
	for _, c := range []struct {
		format   Format
		terminal bool
		pipe     string
	}{
		{JSON, false, ""}, {JSON, true, ""}, {TL, false, ""}, {TL, true, ""}, {JSONL, false, ""}, {Tree, true, ""},
		{Tree, false, " | table id message"}, {JSON, false, " | !cat"}, {TL, false, " | save FILE"},
	} {
		m := &meter{}
		errs := new(bytes.Buffer)
		sh := New(Config{Schema: schema.Current(), Out: m, Err: errs, Format: c.format, Terminal: c.terminal})
		if c.terminal {
			sh.cfg.View.Width, sh.cfg.View.Color = 80, true
		}
		sh.set("v", v)
		before := inUse()
		file := filepath.Join(t.TempDir(), "f")
		if st := sh.Run(context.Background(), Source{Text: "$v" + strings.Replace(c.pipe, "FILE", file, 1)}); st != OK {
			t.Fatalf("%s%s: status %d: %s", c.format, c.pipe, st, errs)
		}
		if info, err := os.Stat(file); err == nil {
			m.n = info.Size()
		}
		if m.n < hugeText || m.chunk > 1<<20 {
			t.Errorf("%s%s: %d bytes, up to %d at once", c.format, c.pipe, m.n, m.chunk)
		}
		if m.most > before+bound {
			t.Errorf("%s%s needs %d MB of memory", c.format, c.pipe, (m.most-before)>>20)
		}
		t.Logf("%s%s: %d MB of text, %d KB of memory", c.format, c.pipe, m.n>>20, (int64(m.most)-int64(before))>>10)
	}
}

// Ctrl-C ends the printing, also while whoever takes it has stopped.
func TestStreamInterrupted(t *testing.T) {
	v := huge(t)
	for _, line := range []string{"$v", "$v | table id message", "$v | jq '.messages[]'", "$v | save FILE", "$v | !cat >/dev/null; sleep 60"} {
		ctx, cancel := context.WithCancel(context.Background())
		m := &meter{after: func(n int64) {
			if n > 5<<20 {
				cancel()
			}
		}}
		sh := New(Config{Schema: schema.Current(), Out: m, Err: io.Discard, Format: JSON})
		sh.set("v", v)
		file := filepath.Join(t.TempDir(), "f")
		if !strings.HasPrefix(line, "$v | jq") && strings.Contains(line, "| ") && !strings.Contains(line, "table") {
			cancel() // nothing of it goes to Out
		}
		st := sh.Run(ctx, Source{Text: strings.Replace(line, "FILE", file, 1)})
		if st != Interrupted {
			t.Errorf("%s: status %d", line, st)
		}
		if m.n > 8<<20 {
			t.Errorf("%s: %d bytes were written", line, m.n)
		}
		if _, err := os.Stat(file); err == nil {
			t.Errorf("%s: half a file was left", line)
		}
		cancel()
	}
}

// stuck never takes anything.
type stuck struct {
	tried  atomic.Bool
	cancel context.CancelFunc
}

func (s *stuck) Write([]byte) (int, error) {
	s.tried.Store(true)
	s.cancel()
	select {}
}

func TestStreamToNobody(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	w := &stuck{cancel: cancel}
	sh := New(Config{Schema: schema.Current(), Out: w, Err: io.Discard, Format: JSON})
	sh.set("v", huge(t))
	if st := sh.Run(ctx, Source{Text: "$v"}); st != Interrupted || !w.tried.Load() {
		t.Errorf("status %d", st)
	}
}

// A command that does not read everything is no failure, whatever was to come.
func TestPipeClosed(t *testing.T) {
	v := huge(t)
	for line, want := range map[string]struct {
		out    string
		status Status
	}{
		"$v | !head -c 5":        {`{"_":`, OK},
		"$v | !true":             {"", OK},
		"5 | !cat; exit 3":       {"5\n", Failed},
		"5 | !kill -INT $$":      {"", Interrupted},
		"5 | !wc -c | tr -d ' '": {"2\n", OK},
	} {
		var out, errs bytes.Buffer
		sh := New(Config{Schema: schema.Current(), Out: &out, Err: &errs, Format: JSON})
		sh.set("v", v)
		if st := sh.Run(context.Background(), Source{Text: line}); st != want.status || out.String() != want.out {
			t.Errorf("%s: status %d, %q, %q", line, st, out.String(), errs.String())
		}
	}
}
