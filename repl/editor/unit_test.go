package editor

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	prompt "github.com/c-bata/go-prompt"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestDecoder(t *testing.T) {
	text := func(s string) key { return key{name: prompt.NotDefined, text: s} }
	for _, c := range []struct {
		in   string
		want []key
	}{
		{"abc", []key{text("abc")}},
		{"a\rb", []key{text("a"), {name: prompt.ControlM}, text("b")}},
		{"\x1b[A\x1bOB\x1b[1;5C", []key{{name: prompt.Up}, {name: prompt.Down}, {name: prompt.ControlRight}}},
		{"\x1bb\x1b\x7f\x1b\r", []key{{name: prompt.NotDefined, alt: true, text: "b"}, {name: prompt.Backspace, alt: true}, {name: prompt.ControlM, alt: true}}},
		{"\x1b\x1b[D", []key{{name: prompt.Left, alt: true}}},
		{"\x1b\x1b", []key{{name: prompt.Escape}, {name: prompt.Escape}}},
		{"\x1b[?1;2cx", []key{text(""), text("x")}},
		{"\x1b]11;rgb:0/0/0\x07x", []key{{name: prompt.NotDefined, reply: "\x1b]11;rgb:0/0/0\x07"}, text("x")}},
		{"\x1b]10;rgb:0/0/0\x07x", []key{text(""), text("x")}},
		{"\x1b]11;rgb:0/0/0\x1b\\x", []key{{name: prompt.NotDefined, reply: "\x1b]11;rgb:0/0/0\x1b\\"}, text("x")}},
		{"\x1b[200~a\r\nb\x1b[Ac\x1b[201~d", []key{{name: prompt.BracketedPaste, text: "a\nb\x1b[Ac", paste: true}, text("d")}},
		{"\x1b\x1b[200~a\rb\x1b[201~c", []key{{name: prompt.Escape}, {name: prompt.BracketedPaste, text: "a\nb", paste: true}, text("c")}},
		{"\x1b[1\x1b[A", []key{text(""), {name: prompt.Up}}},
		{"日本", []key{text("日本")}},
		{"\x1b日", []key{{name: prompt.NotDefined, alt: true, text: "日"}}},
	} {
		for _, size := range []int{len(c.in), 1} {
			var d decoder
			var got []key
			for in := []byte(c.in); len(in) > 0; {
				n := min(size, len(in))
				got = d.feed(got, in[:n])
				in = in[n:]
			}
			got = d.flush(got)
			if d.waiting() {
				t.Errorf("%q: something is held back", c.in)
			}
			if diff := cmp.Diff(join(c.want), join(got), cmp.AllowUnexported(key{}), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%q in pieces of %d: %s", c.in, size, diff)
			}
		}
	}
}

// join puts runs of text together, which come apart in pieces.
func join(keys []key) (out []key) {
	for _, k := range keys {
		if n := len(out); n > 0 && k.name == prompt.NotDefined && !k.alt && !out[n-1].alt && out[n-1].name == k.name && !out[n-1].paste && k.reply == "" && out[n-1].reply == "" {
			out[n-1].text += k.text
			continue
		}
		out = append(out, k)
	}
	return out
}

func FuzzDecoder(f *testing.F) {
	for _, s := range []string{"abc\r", "\x1b[A", "\x1b\x1b\x1b[", "\x1b]x", pasteBegin + "x" + pasteEnd, pasteBegin, "\x1b[[A", "\xff\xe6\x97", "\x1bO"} {
		f.Add([]byte(s), 3)
	}
	f.Fuzz(func(t *testing.T, in []byte, cut int) {
		cut = min(max(cut, 0), len(in))
		var d decoder
		keys := d.feed(nil, in[:cut])
		keys = d.feed(keys, in[cut:])
		keys = d.flush(keys)
		if d.waiting() {
			t.Fatal("something is held back for ever")
		}
		for _, k := range keys {
			if !k.paste && strings.IndexFunc(k.text, func(r rune) bool { return r < 0x20 || r == 0x7f }) >= 0 {
				t.Fatalf("control characters as text: %q", k.text)
			}
		}
	})
}

// What reaches the terminal of any text is what can be seen, as wide as reckoned,
// in rows that fit; the line's motions stay on graphemes.
func FuzzLayout(f *testing.F) {
	for _, s := range []string{"", "abc", "a\nb", "日本語", "👨‍👩‍👧x", "\x1b[31m", "\u202eabc", "e\u0301\u0301", "\t\t", "\xff", "\u0301", "🇩🇪🇩", "\r\n", "\u0600\u0661", "각ᄀ"} {
		f.Add(s, 3, 20)
	}
	f.Fuzz(func(t *testing.T, text string, at, cols int) {
		cols = min(max(cols, 1), 300)
		l := line{text: text}.to(at)
		v := &view{prompt: []Segment{{text, Good}}, line: l, hint: []Segment{{text, Current}}, chosen: 0, menuRows: 3,
			items: []Candidate{{Text: text, Description: text, Match: []int{0, 1}}, {Text: "x", Kind: text}}}
		fr := layout(v, cols, 10, style{color: true})
		if len(fr.rows) > 10 || fr.cy < 0 || fr.cy >= len(fr.rows) || fr.cx < 0 || fr.cx >= cols {
			t.Fatalf("cursor %d,%d in %d rows of %d columns", fr.cx, fr.cy, len(fr.rows), cols)
		}
		for _, r := range fr.rows {
			checkRow(t, r.text)
			if w := styledWidth(r.text); w != r.width || w > cols {
				t.Fatalf("row %q is %d wide, reckoned %d of %d", r.text, w, r.width, cols)
			}
		}
		// What is said above the line has isolates of our own.
		checkRow(t, strings.NewReplacer("\r\n", "", "\u2068", "", "\u2069", "").Replace(clean(text, true)))
		for _, m := range []int{l.left(), l.right()} {
			if (line{text: text}).to(m).at != m {
				t.Fatalf("%q: from %d to %d, inside a grapheme", text, l.at, m)
			}
		}
		for _, next := range []line{l.insert("\u0301"), l.replace(l.left(), l.at, ""), l.swap(), l.to(l.wordLeft(wordRune)), l.to(l.wordRight(notSpace))} {
			if next.at > len(next.text) || (line{text: next.text}).to(next.at) != next {
				t.Fatalf("%q: cursor %d inside a grapheme", next.text, next.at)
			}
		}
	})
}

func checkRow(t *testing.T, s string) {
	t.Helper()
	s = stripSGR(s)
	if !utf8.ValidString(s) {
		t.Fatalf("not UTF-8: %q", s)
	}
	for _, r := range s {
		if r < 0x20 || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			t.Fatalf("%U reaches the terminal in %q", r, s)
		}
	}
}

// styledWidth is the width of a row in which graphemes end where the style changes.
func styledWidth(s string) int {
	w := 0
	for len(s) > 0 {
		s = s[sgrLen(s):]
		n := 0
		for n < len(s) && sgrLen(s[n:]) == 0 {
			n++
		}
		w += width(s[:n])
		s = s[n:]
	}
	return w
}

func stripSGR(s string) string {
	var b strings.Builder
	for len(s) > 0 {
		if n := sgrLen(s); n > 0 {
			s = s[n:]
			continue
		}
		b.WriteByte(s[0])
		s = s[1:]
	}
	return b.String()
}

func BenchmarkLayout(b *testing.B) {
	for name, text := range map[string]string{
		"line":  `messages.sendMessage peer=@alice message="hi there" silent=true`,
		"paste": strings.Repeat(`  messages.sendMessage peer=@alice message="hi"`+"\n", 200),
	} {
		b.Run(name, func(b *testing.B) {
			v := &view{prompt: []Segment{{"sandbox> ", Good}}, line: line{text, len(text)}, chosen: -1}
			for b.Loop() {
				layout(v, 100, 40, style{color: true})
			}
		})
	}
}

// However fast news come, never more of it is printed than can be read, in order;
// what is left out is counted, and nothing is lost otherwise.
func TestPace(t *testing.T) {
	for _, rate := range []int{1, 5, 50, 1000} {
		var p pace
		now := time.Unix(0, 0)
		start := now
		var printed []string
		var when []time.Time
		show := func(texts ...string) {
			for _, x := range texts {
				printed, when = append(printed, x), append(when, now)
			}
		}
		var next time.Time
		step := func() {
			if !next.IsZero() && !now.Before(next) {
				texts, again := p.due(now)
				show(texts...)
				if next = (time.Time{}); again > 0 {
					next = now.Add(again)
				}
			}
		}
		sent := 0
		for ; now.Sub(start) < 10*time.Second; now = now.Add(time.Second / time.Duration(rate)) {
			step()
			if text := fmt.Sprint(sent); p.offer(now, text) {
				show(text)
			} else if next.IsZero() {
				next = now.Add(time.Second / paceRate)
			}
			sent++
		}
		for range 1000 {
			now = now.Add(10 * time.Millisecond)
			step()
		}
		if rest := p.rest(); rest != "" {
			t.Errorf("at %d a second something waits for ever: %s", rate, rest)
		}
		at := 0 // the next one expected
		for i, x := range printed {
			var left int
			if n, _ := fmt.Sscanf(x, "… %d more", &left); n == 1 {
				at += left
				continue
			}
			if x != fmt.Sprint(at) {
				t.Fatalf("at %d a second %q came where %d was expected", rate, x, at)
			}
			at++
			if n := i - paceBurst - paceRate - 1; n >= 0 && when[i].Sub(when[n]) < time.Second {
				t.Fatalf("at %d a second %d rows came within a second", rate, paceBurst+paceRate+1)
			}
		}
		if at != sent {
			t.Errorf("at %d a second %d of %d are accounted for", rate, at, sent)
		}
		if rate <= 5 && len(printed) != sent {
			t.Errorf("at %d a second %d of %d were printed", rate, len(printed), sent)
		}
	}
}

// A text higher than the screenful is printed when there is all the room there can
// be, and what waits when the end comes is counted.
func TestPaceTall(t *testing.T) {
	var p pace
	now := time.Unix(0, 0)
	tall := strings.Repeat("row\n", 50)
	if !p.offer(now, tall) || p.offer(now, "next") || p.offer(now, "last") {
		t.Error("a tall text is not printed first, or leaves room")
	}
	texts, again := p.due(now.Add(100 * time.Millisecond))
	if len(texts) != 1 || texts[0] != "next" || again <= 0 {
		t.Errorf("then come %q, and again in %s", texts, again)
	}
	if rest := p.rest(); !strings.Contains(rest, "1 more") {
		t.Errorf("at the end: %q", rest)
	}
}

// Whatever is looked for in whatever, what matched is in the entry, and what holds the
// words is found.
func FuzzFindPast(f *testing.F) {
	for _, s := range [][2]string{{"users.getUsers", "GETu"}, {"日本語", "本"}, {"\xff\xfe", "\xff"}, {"İstanbul", "i"}, {"a b", "b a"}, {"\ufffdx", "\xfex"}, {"", " "}} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, text, query string) {
		past := []Past{{Text: "other"}, {Text: text}}
		found := findPast(past, foldPast(past), query)
		var got bool
		for _, h := range found {
			got = got || h.past.Text == text
			for i, at := range h.match {
				if at < 0 || at >= len(h.past.Text) || i > 0 && at <= h.match[i-1] {
					t.Fatalf("%q in %q: matched %v", query, h.past.Text, h.match)
				}
			}
		}
		words := strings.Fields(query)
		if !got && !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) }) && utf8.ValidString(text) && utf8.ValidString(query) {
			t.Fatalf("%q is not found in %q", query, text)
		}
		var all strings.Builder
		r := search{query: printable(query), found: found}
		for _, c := range r.items(time.Unix(0, 0)) {
			all.WriteString(c.Label)
		}
	})
}

// A search through a full history between two keys.
func BenchmarkFindPast(b *testing.B) {
	past := make([]Past, 10_000)
	for i := range past {
		past[i].Text = fmt.Sprintf("messages.sendMessage @person_%d \"line number %d of many\" silent=true", i%500, i)
	}
	folded := foldPast(past)
	for _, query := range []string{"", "send 77", "mssndprsn", "zzz"} {
		b.Run(query, func(b *testing.B) {
			for b.Loop() {
				findPast(past, folded, query)
			}
		})
	}
}
