package completer_test

import (
	"slices"
	"testing"

	"tlsh/completer"
	"tlsh/schema"
)

// Until the index is there, names of each kind are found by their letters, and
// none of another kind; where nothing is typed, commands that know pages about
// everything offer requests alone.
func TestWithoutIndex(t *testing.T) {
	e := world()
	e.index = nil
	for _, c := range []struct {
		line, first string
		kind        completer.Kind
		not         string
	}{
		{"doc messages.getHist", "messages.getHistory", completer.Request, ""},
		{"doc inputPeerUse", "inputPeerUser", completer.Constructor, ""},
		{"doc InputPeer", "InputPeer", completer.Type, ""},
		{"type InputPee", "InputPeer", completer.Type, "inputPeerUser"},
		{"type Vector<", "", "", "InputPeer"},
		{"example inputPeerUse", "inputPeerUser", completer.Constructor, "InputPeer"},
		{"example messages.getHist", "messages.getHistory", completer.Request, ""},
		{"doc nothing_like_it", "", "", ""},
	} {
		items := completer.Complete(schema.Current(), e, c.line, len(c.line)).Items
		switch {
		case c.first == "" && len(items) > 0:
			t.Errorf("%s: %v, want nothing", c.line, items[0])
		case c.first != "" && (len(items) == 0 || items[0].Label != c.first || items[0].Kind != c.kind):
			t.Errorf("%s: %v, want %s first", c.line, items[:min(3, len(items))], c.first)
		case slices.ContainsFunc(items, func(it completer.Item) bool { return it.Label == c.not }):
			t.Errorf("%s offers %s", c.line, c.not)
		}
	}
}

// Where nothing is typed behind them, doc and its like offer requests, of which most
// is asked, and type every type; with the index as without it.
func TestNothingTyped(t *testing.T) {
	for _, ready := range []bool{true, false} {
		e := world()
		if !ready {
			e.index = nil
		}
		for line, want := range map[string]completer.Kind{"doc ": completer.Request, "example ": completer.Request, "copy ": completer.Request, "type ": completer.Type} {
			items := completer.Complete(schema.Current(), e, line, len(line)).Items
			n := 0
			for _, it := range items {
				if it.Kind == want {
					n++
				} else if it.Kind == completer.Request || it.Kind == completer.Constructor || it.Kind == completer.Type {
					t.Errorf("%q, index %v: offers %s, of the kind %s", line, ready, it.Label, it.Kind)
					break
				}
			}
			if n == 0 {
				t.Errorf("%q, index %v: nothing of the kind %s", line, ready, want)
			}
		}
	}
}
