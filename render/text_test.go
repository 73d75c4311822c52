package render

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/gotd/td/tgerr"

	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

func TestEscape(t *testing.T) {
	for in, want := range map[string]string{
		"": "",
		"plain ok 名前 👩‍👩‍👧 Привет": "plain ok 名前 👩‍👩‍👧 Привет",
		"a\nb\tc\rd":                       `a\nb\tc\rd`,
		"\x1b[31mred\x00\x7f":              `\x1b[31mred\x00\x7f`,
		"\u009b31m":                        `\u{9b}31m`,
		"\x9b31m\xff":                      `\x9b31m\xff`,
		"\u202eevil\u2066\u200b\ufeff":     `\u{202e}evil\u{2066}\u{200b}\u{feff}`,
		"a\u2028b\u00adc\U000e0041":        `a\u{2028}b\u{ad}c\u{e0041}`,
		`back\slash "quote"`:               `back\slash "quote"`,
		"\xe2\x80":                         `\xe2\x80`,
		"می\u200cخواهم ends\xf0\x9f\x98":   "می\u200cخواهم ends" + `\xf0\x9f\x98`,
		"\ufffd is a character of its own": "\ufffd is a character of its own",
	} {
		if got := Escape(in); got != want {
			t.Errorf("%q: got %s, want %s", in, got, want)
		}
		if got := string(AppendEscape([]byte("x"), in)); got != "x"+want {
			t.Errorf("%q appended: %s", in, got)
		}
	}
}

func TestDiagnostic(t *testing.T) {
	span := func(src, part string) syntax.Span {
		i := strings.Index(src, part)
		return syntax.Span{From: i, To: i + len(part)}
	}
	line := `messages.sendMessage peer=@alice mesage="hi"`
	call := "batch <\n\tfoo(名前 \x1b x\n>"
	for _, c := range []struct {
		src  string
		e    syntax.Error
		opt  Options
		want []string
	}{
		{line, syntax.Error{Span: span(line, "mesage"), Msg: "no parameter mesage", Fix: "did you mean message?"}, Options{Width: 80}, []string{
			"no parameter mesage",
			"  messages.sendMessage peer=@alice mesage=\"hi\"",
			"                                   ^^^^^^",
			"  did you mean message?"}},
		{line, syntax.Error{Span: span(line, "mesage"), Msg: "no parameter mesage"}, Options{Width: 30, File: "a.tlsh"}, []string{
			"a.tlsh:1:34: no parameter",
			"  mesage",
			"  …peer=@alice mesage=\"hi\"",
			"               ^^^^^^"}},
		{line, syntax.Error{Span: syntax.Span{From: len(line), To: len(line)}, Msg: "more"}, Options{Width: 80}, []string{
			"more",
			"  " + line,
			"  " + strings.Repeat(" ", len(line)) + "^"}},
		{call, syntax.Error{Span: span(call, "x"), Related: span(call, "("), Msg: "want )\x1b[0m"}, Options{}, []string{
			`2:11: want )\x1b[0m`,
			`      foo(名前 \x1b x`,
			"         ~          ^"}},
		{call, syntax.Error{Span: span(call, "foo"), Related: span(call, "<"), Msg: "no"}, Options{}, []string{
			"2:2: no",
			`      foo(名前 \x1b x`,
			"      ^^^",
			"  see 1:7:",
			"  batch <",
			"        ^"}},
		{"", syntax.Error{Span: syntax.Span{From: 5, To: 2}, Msg: "empty"}, Options{Width: 80}, []string{"empty", "  ", "  ^"}},
		{"a\r\nb", syntax.Error{Span: syntax.Span{From: 1, To: 1}, Msg: "end"}, Options{Width: 80}, []string{"1:2: end", "  a", "   ^"}},
	} {
		got := string(Diagnostic(nil, c.src, &c.e, c.opt))
		if want := strings.Join(c.want, "\n"); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
}

func TestFailures(t *testing.T) {
	opt := Options{Width: 72}
	for _, c := range []struct {
		err  error
		want string
	}{
		{tgerr.New(420, "FLOOD_WAIT_30"), "420 FLOOD_WAIT_30\n" +
			"  This request was made too often; the server takes it again in 30\n  seconds.\n" +
			"  Wait 30 seconds, then send it once more. Short waits are slept by\n  themselves, up to --max-wait."},
		{fmt.Errorf("call: %w", tgerr.New(400, "NO_SUCH\x1b[2J")), "400 NO_SUCH\\x1b[2J\n" +
			"  The request, or a value in it, is wrong. Nothing more is known here\n  about this error; the API's own list:\n  https://core.telegram.org/api/errors"},
		{tgerr.New(999, ""), "999 (no message)\n" +
			"  Nothing more is known here about this error; the API's own list:\n  https://core.telegram.org/api/errors"},
		{&tl.Error{Path: "messages.messages.messages[3].from_id", Offset: 12, Msg: "want Peer, got constructor #04030201", ID: 0x04030201},
			"messages.messages.messages[3].from_id: want Peer, got constructor\n  #04030201 (at byte 12)\n" +
				"  #04030201 is not in the schema that is in use: the peer speaks another\n  layer. Load that layer's TL file with --schema."},
		{&tl.Error{Offset: -1, Msg: "nested deeper than 128"}, "nested deeper than 128"},
		{errors.New("dial: \x1b]0;x\a"), `dial: \x1b]0;x\x07`},
	} {
		got := Failure(nil, c.err, opt)
		if string(got) != c.want {
			t.Errorf("got\n%s\nwant\n%s", got, c.want)
		}
		checkSafe(t, "failure", got)
		checkWidth(t, "failure", got, opt.Width)
		opt := opt
		opt.Color = true
		if colored := uncolor(Failure(nil, c.err, opt)); string(colored) != string(got) {
			t.Errorf("with colours\n%s", colored)
		}
	}
}

var hostile = []string{
	"", "\x1b[31m", "\xff\xfe", "\u202e", "a\u0301\u0301", "👩‍👩‍👧", "🇩🇪🇩", "\ufe0f", "\u200d", "\u0600x", "한\u1160\u11a8", "\r\n", "\x9b", "e\u200b\u0301",
	strings.Repeat("名", 50), strings.Repeat("\t", 50), "\U000e0001", "\u2e3b", "`$(x)`", "\\", "\"",
}

func FuzzEscape(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	message := schema.Current().Constructor("messageActionCustomAction")
	f.Fuzz(func(t *testing.T, s string) {
		got := Escape(s)
		checkSafe(t, "Escape", []byte(got))
		if strings.ContainsRune(got, '\n') {
			t.Error("a newline is left")
		}
		if Escape(got) != got {
			t.Errorf("escaped again: %q, %q", got, Escape(got))
		}
		v := tl.New(message).With("message", tl.String(s)).Value()
		for _, width := range []int{MinWidth, 33} {
			opt := Options{Width: width, Names: func(string, int64) string { return s }}
			b := AppendTree(nil, v, opt)
			checkSafe(t, "tree", b)
			checkWidth(t, "tree", b, width)
			if utf8.RuneCountInString(s) <= textColumns/16 && strings.Contains(string(b), "more characters") {
				t.Errorf("shortened: %s", b)
			}
			b = RPCError(nil, tgerr.New(400, s), opt)
			checkSafe(t, "error", b)
			checkWidth(t, "error", b, width)
		}
		checkJSON(t, v)
	})
}

func FuzzDiagnostic(f *testing.F) {
	for i, s := range hostile {
		f.Add("x "+s+"\n"+s+s, i%7, i, -i, 3*i, 20+5*i, s)
	}
	f.Fuzz(func(t *testing.T, src string, from, to, rfrom, rto, width int, msg string) {
		e := syntax.Error{Span: syntax.Span{From: from, To: to}, Related: syntax.Span{From: rfrom, To: rto}, Msg: msg, Fix: msg}
		opt := Options{Width: max(1, width%300), File: msg}
		b := Diagnostic(nil, src, &e, opt)
		checkSafe(t, "diagnostic", b)
		checkWidth(t, "diagnostic", b, opt.width())
		if !strings.Contains(string(b), "^") {
			t.Errorf("no caret: %s", b)
		}
		opt.Color = true
		if got := uncolor(Diagnostic(nil, src, &e, opt)); string(got) != string(b) {
			t.Errorf("with colours:\n%s\n%s", got, b)
		}
	})
}

func BenchmarkTree(b *testing.B) {
	v := conversation(100)
	for _, opt := range []Options{{Width: 80, Names: names}, {Width: 80, Names: names, Color: true}} {
		b.Run(fmt.Sprintf("color=%v", opt.Color), func(b *testing.B) {
			bench(b, func(dst []byte) []byte { return AppendTree(dst, v, opt) })
		})
	}
}

func BenchmarkJSON(b *testing.B) {
	v := conversation(100)
	bench(b, func(dst []byte) []byte { return AppendJSON(dst, v) })
}

func BenchmarkSource(b *testing.B) {
	v := conversation(100)
	b.Run("line", func(b *testing.B) {
		bench(b, func(dst []byte) []byte { return AppendSource(dst, v) })
	})
	b.Run("lines", func(b *testing.B) {
		bench(b, func(dst []byte) []byte { return AppendSourceLines(dst, v, Options{Width: 80, Color: true}) })
	})
}

func bench(b *testing.B, f func([]byte) []byte) {
	buf := f(nil)
	b.SetBytes(int64(len(buf)))
	b.ReportAllocs()
	for b.Loop() {
		buf = f(buf[:0])
	}
}

// A long line costs what is shown of it.
func BenchmarkDiagnostic(b *testing.B) {
	src := strings.Repeat("word ", 1<<20)
	e := syntax.Error{Span: syntax.Span{From: len(src) / 2, To: len(src)/2 + 4}, Msg: "no"}
	bench(b, func(dst []byte) []byte { return Diagnostic(dst, src, &e, Options{Width: 80}) })
}

// On a narrow page a text stands below its term, and not in a column of letters.
func TestProseNarrow(t *testing.T) {
	for width, want := range map[int]string{
		80: "  400 MSG_ID_INVALID                There is no such message.\n" + strings.Repeat(" ", 36) + "as a link\n",
		40: "  400 MSG_ID_INVALID\n      There is no such message.\n      as a link\n",
	} {
		page := NewProse(Options{Width: width})
		page.Item(2, 36, "400 MSG_ID_INVALID", "", "There is no such message.")
		page.Under(2, 36, "as a link")
		if got := string(page.Bytes()); got != want {
			t.Errorf("%d columns: got\n%s\nwant\n%s", width, got, want)
		}
	}
}
