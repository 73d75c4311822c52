package tutorial_test

import (
	"os"
	"path/filepath"
	"testing"

	"tlsh/schema"
	"tlsh/tl"
	"tlsh/tutorial"
)

func request(name string) []*tl.Object {
	return []*tl.Object{tl.New(schema.Current().Method(name))}
}

// How far one is, is kept; what is no place in the course begins anew.
func TestKept(t *testing.T) {
	file := filepath.Join(t.TempDir(), "folder", "tutorial")
	c := tutorial.Open(file)
	if n, step := c.Begin(); n != 1 || step == nil {
		t.Fatalf("it begins with step %d", n)
	}
	if n, step, err := c.Next(); n != 2 || step == nil || err != nil {
		t.Fatalf("then comes %d, %v", n, err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v, %v", info, err)
	}
	again := tutorial.Open(file)
	if n, _ := again.Begin(); n != 2 {
		t.Errorf("it is taken up at step %d", n)
	}
	for range tutorial.Steps() + 3 { // also beyond the last
		if _, _, err := again.Next(); err != nil {
			t.Fatal(err)
		}
	}
	if n, _ := tutorial.Open(file).Begin(); n != 1 {
		t.Errorf("a course that is over begins with step %d", n)
	}
	for _, text := range []string{"", "seven", "-1", "99", "\x00"} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if n, _ := tutorial.Open(file).Begin(); n != 1 {
			t.Errorf("%q is step %d", text, n)
		}
	}
	if _, _, err := tutorial.Open(filepath.Join(file, "within", "a file")).Next(); err == nil {
		t.Error("what cannot be kept is not told")
	}
}

// Only what a step asks for reaches it, and only while the course is taken.
func TestReached(t *testing.T) {
	history := tl.New(schema.Current().Constructor("messages.messages"))
	some := history.With("messages", tl.VectorOf(schema.Current().TypeOf("Message"), tl.New(schema.Current().Constructor("messageEmpty")).With("id", tl.Int(1)).Value())).Value()
	reached := tutorial.Deed{Requests: request("messages.getHistory"), Value: some}
	c := tutorial.Open("")
	if c.Done(reached) != nil {
		t.Error("a course that nobody takes goes on")
	}
	c.Begin()
	for name, d := range map[string]tutorial.Deed{
		"another request":  {Requests: request("help.getConfig")},
		"an empty history": {Requests: request("messages.getHistory"), Value: tl.New(schema.Current().Constructor("messages.messages")).Value()},
		"a value":          {Path: true, Value: tl.Int(5)},
	} {
		if c.Done(d) != nil {
			t.Errorf("%s reaches the first step", name)
		}
	}
	if c.Done(reached) == nil {
		t.Error("the first step is not reached")
	}
	if !c.Stop() || c.Done(reached) != nil {
		t.Error("a course that was stopped goes on")
	}
}
