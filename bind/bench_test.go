package bind_test

import (
	"testing"

	"tlsh/bind"
	"tlsh/schema"
	"tlsh/syntax"
)

// BenchmarkCheck checks lines as they are typed and scripted; parsing is not
// counted.
func BenchmarkCheck(b *testing.B) {
	e := world(b)
	for _, l := range []struct{ name, line string }{
		{"send", `messages.sendMessage peer=@alice message="hi"`},
		{"nested", `messages.sendMedia me inputMediaPoll(poll=poll(id=1 question=textWithEntities("q" []) answers=[pollAnswer(textWithEntities("a" []) hex:00) pollAnswer(textWithEntities("b" []) base64:AQ==)] hash=0)) x`},
		{"ids", `messages.getMessages id=[1 2 3 4 5 6 7 8 9 10 $_.messages[0] $_.messages[].id]`},
		{"vars", `messages.forwardMessages from_peer=$u id=[$sent $n] to_peer=me silent=true`},
		{"words", `messages.search peer=me q="" filter=photos min_date=2026-01-01 max_date=now`},
		{"typing", `messages.sendMessage peer=@alice mess`},
	} {
		b.Run(l.name, func(b *testing.B) {
			f := syntax.Parse(l.line)
			b.ReportAllocs()
			for b.Loop() {
				bind.Check(schema.Current(), f, 0, e)
			}
		})
	}
}
