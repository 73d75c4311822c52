package markup

import (
	"fmt"
	"html"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"
)

// spell writes a text and its entities as one line: the text, then for each
// entity its kind, its range and what it carries.
func spell(text string, ents []Entity) string {
	names := [...]string{"bold", "italic", "underline", "strike", "spoiler", "code", "pre", "link", "mention", "emoji", "quote"}
	s := text
	for _, e := range ents {
		s += fmt.Sprintf("|%s %d+%d", names[e.Kind], e.Offset, e.Length)
		if e.Value != "" {
			s += " " + e.Value
		}
		if e.ID != 0 {
			s += fmt.Sprintf(" #%d", e.ID)
		}
		if e.Collapsed {
			s += " collapsed"
		}
	}
	return s
}

func TestMarkdown(t *testing.T) {
	for _, c := range [][2]string{
		{"plain", "plain"},
		{"", ""},
		{"**bold** text", "bold text|bold 0+4"},
		{"__it__ ~~st~~ ||sp||", "it st sp|italic 0+2|strike 3+2|spoiler 6+2"},
		{"a `b*c*` d", "a b*c* d|code 2+4"},
		{"`**x**`", "**x**|code 0+5"},
		{"```python\nprint(1)\n```", "print(1)|pre 0+8 python"},
		{"```x```", "x|pre 0+1"},
		{"```\na\n\nb```", "a\n\nb|pre 0+4"},
		{"```a b\nc```", "a b\nc|pre 0+5"},
		{"see [here](https://x.org/a_(b)?q=1)", "see here|link 4+4 https://x.org/a_(b)?q=1"},
		{"[**b** l](http://e.e)", "b l|link 0+3 http://e.e|bold 0+1"},
		{"[Ann](tg://user?id=42)", "Ann|mention 0+3 #42"},
		{"![👍](tg://emoji?id=5368324170671202286)", "👍|emoji 0+2 #5368324170671202286"},
		{"![x](http://e.e)", "!x|link 1+1 http://e.e"},
		// UTF-16: an emoji is two units, a combining mark one.
		{"😀 **é😀** z", "😀 é😀 z|bold 3+3"},
		{"👨‍👩‍👧 __x__", "👨‍👩‍👧 x|italic 9+1"},
		// Nested and overlapping.
		{"**a __b__ c**", "a b c|bold 0+5|italic 2+1"},
		{"**a __b** c__", "a b c|bold 0+3|italic 2+3"},
		{"**__x__**", "x|bold 0+1|italic 0+1"},
		// What is not closed is text.
		{"**a", "**a"}, {"a ** b", "a ** b"}, {"2*3*4 a_b_c ~x|y", "2*3*4 a_b_c ~x|y"},
		{"**** x", "**** x"}, {"****a**", "**a|bold 2+1"},
		{"`a", "`a"}, {"``", "``"}, {"```a", "```a"}, {"[a](b", "[a](b"}, {"[a] (b)", "[a] (b)"}, {"[](x)", "[](x)"}, {"[a]()", "[a]()"},
		{"[a [b](http://e.e)", "[a b|link 3+1 http://e.e"},
		{"**a** b **c", "a b **c|bold 0+1"},
		// A backslash takes the meaning away.
		{`\**a\**`, `**a**`}, {`\[a](b)`, `[a](b)`}, {`a\\b \d`, `a\b \d`}, {`[a\]b](http://e.e)`, "a]b|link 0+3 http://e.e"},
		// Quotations.
		{"> a\n> b\nc", "a\nb\nc|quote 0+3"},
		{"x\n>**y**\n\nz", "x\ny\n\nz|bold 2+1|quote 2+1"},
		{"a > b", "a > b"},
		// White space at the ends goes, and entities with it.
		{"  **a** ", "a|bold 0+1"}, {"** a **", "a|bold 0+1"}, {"x **  **", "x"}, {"\n**\n**", ""},
	} {
		if got := spell(Markdown(c[0])); got != c[1] {
			t.Errorf("%q\n got  %q\n want %q", c[0], got, c[1])
		}
	}
}

func TestHTML(t *testing.T) {
	for _, c := range [][2]string{
		{"plain &lt;b&gt; &amp; &#128512; a < b", "plain <b> & 😀 a < b"},
		// The example of https://core.telegram.org/bots/api#html-style.
		{"<b>bold</b>, <strong>bold</strong>", "bold, bold|bold 0+4|bold 6+4"},
		{"<i>italic</i>, <em>italic</em>", "italic, italic|italic 0+6|italic 8+6"},
		{"<u>underline</u>, <ins>underline</ins>", "underline, underline|underline 0+9|underline 11+9"},
		{"<s>x</s>, <strike>x</strike>, <del>x</del>", "x, x, x|strike 0+1|strike 3+1|strike 6+1"},
		{`<span class="tg-spoiler">spoiler</span>, <tg-spoiler>spoiler</tg-spoiler>`, "spoiler, spoiler|spoiler 0+7|spoiler 9+7"},
		{"<b>bold <i>italic bold <s>italic bold strikethrough <span class=\"tg-spoiler\">italic bold strikethrough spoiler</span></s> <u>underline italic bold</u></i> bold</b>",
			"bold italic bold italic bold strikethrough italic bold strikethrough spoiler underline italic bold bold|bold 0+103|italic 5+93|strike 17+59|spoiler 43+33|underline 77+21"},
		{`<a href="http://www.example.com/?a=1&amp;b=2">inline URL</a>`, "inline URL|link 0+10 http://www.example.com/?a=1&b=2"},
		{`<a href="tg://user?id=123456789">inline mention of a user</a>`, "inline mention of a user|mention 0+24 #123456789"},
		{`<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>`, "👍|emoji 0+2 #5368324170671202286"},
		{"<code>inline</code> <pre>block</pre>", "inline block|code 0+6|pre 7+5"},
		{`<pre><code class="language-python">x = 1</code></pre>`, "x = 1|pre 0+5 python"},
		{"<pre>a <code>b</code></pre>", "a b|pre 0+3|code 2+1"},
		{"<blockquote>q\nr</blockquote><blockquote expandable>s</blockquote>", "q\nrs|quote 0+3|quote 3+1 collapsed"},
		{"<B>up</B>", "up|bold 0+2"},
		{"<!-- no --> <b> x </b>", "x|bold 0+1"},
	} {
		text, ents, err := HTML(c[0])
		if err != nil {
			t.Errorf("%q: %v", c[0], err)
		} else if got := spell(text, ents); got != c[1] {
			t.Errorf("%q\n got  %q\n want %q", c[0], got, c[1])
		}
	}
}

func TestHTMLRefuses(t *testing.T) {
	for _, c := range [][2]string{
		{"x <b>y", "2: <b> is not closed (add </b>)"},
		{"<b>y</i></b>", "4: </i> closes nothing (close <b> first: </b>)"},
		{"y</b>", "1: </b> closes nothing (write &lt; for <)"},
		{"a<br>b", `1: Telegram has no tag <br> (write \n for a new line)`},
		{"<script>alert(1)</script>", "0: Telegram has no tag <script> (write &lt; for <, or one of b i u s code pre a blockquote spoiler tg-emoji)"},
		{"<a>x</a>", `0: <a> needs href="…"`},
		{"<tg-emoji>x</tg-emoji>", `0: <tg-emoji> needs emoji-id="…", the number of a custom emoji`},
		{"<span>x</span>", `0: <span> needs class="tg-spoiler"`},
		{"é<b", "2: a tag is not finished (write &lt; for <)"},
		{"<!DOCTYPE html>", "0: a message is no HTML document (leave out the <!DOCTYPE>)"},
		{strings.Repeat("<b>", 101), "300: tags are nested too deeply"},
	} {
		_, _, err := HTML(c[0])
		e, ok := err.(*Error)
		if !ok {
			t.Errorf("%q: %v", c[0], err)
		} else if got := fmt.Sprintf("%d: %v", e.Offset, e); got != c[1] {
			t.Errorf("%q\n got  %s\n want %s", c[0], got, c[1])
		}
	}
}

// sound fails when an entity is out of the text or out of order, or when white
// space is left at the text's ends.
func sound(t *testing.T, src, text string, ents []Entity) {
	t.Helper()
	size := len(utf16.Encode([]rune(text)))
	for i, e := range ents {
		if e.Offset < 0 || e.Length <= 0 || e.Offset+e.Length > size {
			t.Fatalf("%q: %+v is not in %q", src, e, text)
		}
		if i > 0 && ents[i-1].Offset > e.Offset {
			t.Fatalf("%q: entities out of order: %+v", src, ents)
		}
	}
	if strings.TrimFunc(text, unicode.IsSpace) != text {
		t.Fatalf("%q: white space around %q", src, text)
	}
}

func FuzzMarkdown(f *testing.F) {
	for _, s := range []string{"**a __b** c__", "> a\n> [b](http://c)\nd", "```go\nx```", "\\**", "![a](tg://emoji?id=1)", "**\n>**`", "[[[](](](", "|| ||||"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		text, ents := Markdown(src)
		sound(t, src, text, ents)
		// A text of which everything is escaped comes back as it is.
		var esc strings.Builder
		for i := range len(src) {
			if punctuation(src[i]) {
				esc.WriteByte('\\')
			}
			esc.WriteByte(src[i])
		}
		if text, ents := Markdown(esc.String()); text != strings.TrimFunc(src, unicode.IsSpace) || ents != nil {
			t.Fatalf("%q: %q %+v", src, text, ents)
		}
	})
}

func FuzzHTML(f *testing.F) {
	for _, s := range []string{"<b>a<i>b</i></b>", "&lt;&amp;", `<a href="tg://user?id=1">x</a>`, "<pre><code class='language-go'>x</code></pre>", "<", "<b/>", "</", "<!--"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		text, ents, err := HTML(src)
		if err != nil {
			if e := err.(*Error); e.Offset < 0 || e.Offset > len(src) {
				t.Fatalf("%q: %+v", src, e)
			}
		} else {
			sound(t, src, text, ents)
		}
		src = strings.ReplaceAll(src, "\r", "") // HTML makes a newline of it
		if strings.ContainsRune(src, 0) {
			return
		}
		text, ents, err = HTML(html.EscapeString(src))
		if err != nil || text != strings.TrimFunc(src, unicode.IsSpace) || ents != nil {
			t.Fatalf("%q: %q %+v %v", src, text, ents, err)
		}
	})
}

func BenchmarkMarkdown(b *testing.B) {
	for _, c := range []struct{ name, text string }{
		{"message", "**Release** 1.2: see [the notes](https://example.org/notes) and `go install`"},
		{"brackets", strings.Repeat("[", 1<<16)}, {"links", strings.Repeat("](", 1<<15)}, {"ticks", strings.Repeat("`", 1<<16)},
		{"marks", strings.Repeat("**__", 1<<14)}, {"half", strings.Repeat("[a", 1<<14) + strings.Repeat("]", 1<<14)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.text)))
			for b.Loop() {
				Markdown(c.text)
			}
		})
	}
}
