package sandbox

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// TestCommand: words, and what comes of them.
func TestCommand(t *testing.T) {
	s, err := New(Config{World: village, Now: (&clock{t: start}).now})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ words, out, err string }{
		{"latency", "latency off\n", ""},
		{"latency 50ms", "latency 50ms\n", ""},
		{"latency", "latency 50ms\n", ""},
		{"latency 0", "latency off\n", ""},
		{"latency 50", "latency off\n", `latency wants a time as 50ms, 2s, 5m or 1d, not "50"`},
		{"latency 1h", "latency off\n", "latency 1h0m0s: want 0s to 1m0s"},
		{"latency -5ms", "latency off\n", "want 0s to 1m0s"},
		{"latency 1ms 2ms", "latency off\n", "latency wants a time, not 2 words"},
		{"work 30ms", "work 30ms\n", ""},
		{"work 2h", "work 30ms\n", "want 0s to 1h0m0s"},
		{"loss 1%", "loss 1%\n", ""},
		{"loss 0.125", "loss 12.5%\n", ""},
		{"loss 2", "loss 12.5%\n", `loss wants a share as 1% or 0.01, at most all, not "2"`},
		{"loss NaN", "loss 12.5%\n", "loss wants a share"},
		{"loss off", "loss off\n", ""},
		{"cut", "0 connections cut\n", ""},
		{"cut 4096", "cut 4096\n", ""},
		{"cut 100-5000", "cut 100-5000\n", ""},
		{"cut 0", "", `cut wants a number of bytes, or two as 100-5000, not "0"`},
		{"cut 9-5", "", "cut wants a number of bytes"},
		{"cut x", "", "cut wants a number of bytes"},
		{"cut off", "cut off\n", ""},
		{"salt", "the salts are new\n", ""},
		{"salt 5", "salt every 5\n", ""},
		{"salt every 7", "salt every 7\n", ""},
		{"salt every", "", "salt wants every how many requests"},
		{"salt every x", "", `salt wants every how many requests, a number from 1 on, not "x"`},
		{"salt off", "salt off\n", ""},
		{"skew 1d", "skew 24h0m0s\n", ""},
		{"skew -1d12h", "skew -36h0m0s\n", ""},
		{"skew +90s", "skew 1m30s\n", ""},
		{"skew --90s", "", "skew wants a time"},
		{"skew 99999d", "", "at most ten years"},
		{"skew 99999999999999d", "", "skew wants a time"},
		{"skew off", "skew off\n", ""},
		{"seed 42", "seed 42\n", ""},
		{"seed -1", "", "seed wants a number from 0 on"},
		{"doubt on", "doubt on\n", ""},
		{"doubt", "doubt on\n", ""},
		{"doubt maybe", "", `doubt wants on or off, and has no use for "maybe"`},
		{"stale 3", "stale every 3\n", ""},
		{"stale never", "", "stale wants every how many frames"},
		{"flood 5s messages.sendMessage", "flood 5s messages.sendMessage\n", ""},
		{"flood 3/messages.getHistory", "flood 5s messages.sendMessage\nflood 3s messages.getHistory\n", ""},
		{"flood 4 messages.sendMessage every 10", "flood 3s messages.getHistory\nflood 4s messages.sendMessage every 10\n", ""},
		{"flood off", "flood off\n", ""},
		{"flood 2 once", "flood 2s once\n", ""},
		{"flood 500ms", "", "flood 500ms: want whole seconds, 1s to 24h"},
		{"flood 0", "", "want whole seconds"},
		{"flood soon", "", `flood wants a time as 50ms, 2s, 5m or 1d, not "soon"`},
		{"flood 5 messages.sendMesage", "", `has no method "messages.sendMesage"; did you mean messages.sendMessage?`},
		{"flood 5 sendMessage", "", `flood wants TIME [METHOD] [every N|once], as 5s messages.sendMessage, and has no use for "sendMessage"`},
		{"flood 5 onec", "", "did you mean once?"},
		{"flood 5 every", "", "want a number after every"},
		{"flood 5 every 0", "", "flood every wants how many requests, a number from 1 on"},
		{"flood 5 every 3 once", "", "want every 3 or once, not both"},
		{"flood 5 executed", "", "has no use for"},
		{"fail messages.getHistory once", "fail 500 INTERNAL_SERVER_ERROR messages.getHistory once\n", ""},
		{"fail -503 every 9", "fail 500 INTERNAL_SERVER_ERROR messages.getHistory once\nfail -503 Timeout every 9\n", ""},
		{"fail off", "fail off\n", ""},
		{"fail 400/PEER_ID_INVALID/messages.sendMessage", "fail 400 PEER_ID_INVALID messages.sendMessage\n", ""},
		{"fail messages.sendMessage executed", "fail 500 INTERNAL_SERVER_ERROR messages.sendMessage executed\n", ""},
		{"fail 500 600", "", `has no use for "600"`},
		{"fail lower", "", `has no use for "lower"`},
		{`slowmode 10s Book`, "", `there is no supergroup "Book" (supergroups: ["Book club"])`},
		{"slowmode 10s", "slowmode 10s\n", ""},
		{"slowmode 10s -1000000003002", "slowmode 10s\nslowmode 10s \"-1000000003002\"\n", ""},
		{"slowmode 10s -2001", "", "there is no supergroup"},
		{"slowmode a b c", "", `slowmode wants a time as 50ms, 2s, 5m or 1d, not "a"`},
		{"slowmode 10s Book club", "slowmode 10s\nslowmode 10s \"-1000000003002\"\nslowmode 10s \"Book club\"\n", ""},
		{"slowmode off", "slowmode off\n", ""},
		{"slowmode 7/Book club", "slowmode 7s \"Book club\"\n", ""},
		{"slowmode", "slowmode 7s \"Book club\"\n", ""},
		{"off", "all knobs are off\n", ""},
		{"seed", "seed off\n", ""},
		{"off now", "", `off takes no argument, not "now"`},
		{"silence", "0 connections silent\n", ""},
		{"silence x", "", "silence takes no argument"},
		{"forget", "0 sessions forgotten\n", ""},
		{"forget x", "", "forget takes no argument"},
		{"ledger", "0 of 0 requests\n", ""},
		{"ledger x", "", `ledger wants how many requests, a number from 1 on, not "x"`},
		{"people x", "", "people takes no argument"},
		{"methods x", "", "methods takes no argument"},
		{"save", "", "save wants a file name"},
		{"save /no/such/place/x", "", "sandbox: save: open /no/such/place/x: no such file"},
		{"latencey 5ms", "", `there is no knob "latencey"; did you mean latency? (knobs: latency, work, `},
		{"frobnicate", "", `there is no knob "frobnicate" (knobs: `},
	} {
		before := s.Faults()
		out, err := s.Command(strings.Fields(c.words))
		switch {
		case c.err == "" && (err != nil || out != c.out):
			t.Errorf("%s: want %q, got %q, %v", c.words, c.out, out, err)
		case c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)):
			t.Errorf("%s: want the error %q, got %v", c.words, c.err, err)
		case c.err != "" && !reflect.DeepEqual(before, s.Faults()):
			t.Errorf("%s: an error, and yet the faults changed", c.words)
		}
	}
}

// TestOverview: all knobs are listed, and those that are set as they stand.
func TestOverview(t *testing.T) {
	s, err := New(Config{Faults: Faults{Latency: 50 * time.Millisecond, SlowModes: []SlowMode{{10 * time.Second, "Book club"}}}})
	if err != nil {
		t.Fatal(err)
	}
	out, err := s.Command(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range Knobs() {
		if !strings.Contains(out, "\n  "+strings.TrimSpace(k.Name+" "+k.Args)) {
			t.Errorf("no line for %s", k.Name)
		}
		if !strings.Contains(out, k.Help) || k.Help == "" {
			t.Errorf("no help for %s", k.Name)
		}
		if k.Repeat && !k.Flag {
			t.Errorf("%s repeats without being a flag", k.Name)
		}
	}
	for _, line := range []string{"latency 50ms\n", "slowmode 10s \"Book club\"\n"} {
		if !strings.Contains(out, line) {
			t.Errorf("no %q in\n%s", line, out)
		}
	}
	if err := s.SetFaults(Faults{}); err != nil {
		t.Fatal(err)
	}
	if out, _ = s.Command(nil); !strings.HasPrefix(out, "nothing is set\n\n") {
		t.Errorf("want nothing set:\n%s", out)
	}
}

// TestStandingCommands: what only tells.
func TestStandingCommands(t *testing.T) {
	l := newLab(t, Config{})
	sam := l.as("@sam")
	sam.do("messages.sendMessage peer=@alice message=hello random_id=5")
	sam.fails("messages.sendMessage peer=@alice message=hello random_id=5", "500 RANDOM_ID_DUPLICATE")
	out := l.command("ledger", "2")
	if !strings.Contains(out, "  messages.sendMessage  random_id 5  ok\n") || !strings.Contains(out, "  messages.sendMessage  random_id 5  500 RANDOM_ID_DUPLICATE\n") ||
		!strings.HasSuffix(out, "2 of 3 requests\n") || strings.Count(out, "\n") != 3 || !strings.Contains(out, "2026-03-06T18:00:00Z") {
		t.Errorf("the ledger:\n%s", out)
	}
	if out := l.command("people"); !strings.Contains(out, "@alice") || !strings.Contains(out, "+9996621003") || !strings.Contains(out, "+9996621003  code 22222  data centre 2") || !strings.Contains(out, "the default") || strings.Count(out, "\n") != 6 {
		t.Errorf("people:\n%s", out)
	}
	if out := l.command("methods"); out != strings.Join(l.Methods(), "\n")+"\n" {
		t.Errorf("methods:\n%s", out)
	}
	name := filepath.Join(t.TempDir(), "world.tlsh")
	for range 2 { // it replaces what is there
		l.command("save", name)
	}
	src, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others can read it: %v, %v", info.Mode(), err)
	}
	again, err := New(Config{World: string(src), Now: l.clock.now})
	if err != nil {
		t.Fatal(err)
	}
	if p := again.world.self.box; p.top().base.At("message").AsString() != "hello" {
		t.Error("the saved world lacks the last message")
	}
	if files, _ := os.ReadDir(filepath.Dir(name)); len(files) != 1 {
		t.Errorf("%d files", len(files))
	}
}

// FuzzCommand: no words hurt, and how a setting stands can be typed back.
func FuzzCommand(f *testing.F) {
	for _, seed := range []string{"latency 50ms", "work 1.5s", "loss 3%", "cut 1-9", "salt every 3", "skew -1d2h", "doubt on", "stale every 2", "seed 9", "flood 3/help.getConfig/every=2",
		"flood 2 once", "fail -503 Timeout help.getConfig executed", "fail 420 X_1", "slowmode 5 Book\u00a0club", "slowmode 9", "ledger 3", "off", "cut", "", "nonsense", "flood every every", "flood 1 every=", "salt every every 3"} {
		f.Add(seed)
	}
	s, err := New(Config{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, line string) {
		words := strings.Fields(line)
		for i := range words {
			words[i] = strings.ReplaceAll(words[i], "\u00a0", " ")
		}
		if len(words) > 0 && words[0] == "save" {
			return // writes files
		}
		if err := s.SetFaults(Faults{}); err != nil {
			t.Fatal(err)
		}
		out, err := s.Command(words)
		if err != nil {
			if s.Faults().set() {
				t.Fatalf("%q: %v, and yet something is set", line, err)
			}
			if msg := err.Error(); utf8.ValidString(line) && strings.ContainsFunc(msg, func(r rune) bool { return r < ' ' }) {
				t.Fatalf("%q: control bytes in %q", line, msg)
			}
			return
		}
		got := s.Faults()
		if err := s.SetFaults(Faults{}); err != nil || !got.set() {
			return
		}
		for _, l := range strings.Split(strings.TrimSuffix(out, "\n"), "\n") {
			name, args, _ := strings.Cut(l, " ")
			list := strings.Fields(args)
			if name == "slowmode" && len(list) > 1 {
				list = []string{list[0], got.SlowModes[0].Room}
			}
			if _, err := s.Command(append([]string{name}, list...)); err != nil {
				t.Fatalf("%q shows as %q: %v", line, l, err)
			}
		}
		if again := s.Faults(); !reflect.DeepEqual(got, again) {
			t.Fatalf("%q: %+v, shown as %q, which is %+v", line, got, out, again)
		}
	})
}

// set reports whether any fault is.
func (f Faults) set() bool {
	return slices.ContainsFunc(settings(), func(v verb) bool { return len(v.show(f)) > 0 })
}
