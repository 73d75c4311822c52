package syntax

import (
	"strings"
	"testing"
)

const typical = `messages.sendMessage peer=@alice message="hi there" reply_to=inputReplyToMessage(reply_to_msg_id=5)`

func BenchmarkParseLine(b *testing.B) {
	b.ReportAllocs()
	b.SetBytes(int64(len(typical)))
	for b.Loop() {
		Parse(typical)
	}
}

func BenchmarkParseScript(b *testing.B) {
	src := strings.Repeat(typical+"\n", 1<<20/len(typical))
	b.ReportAllocs()
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		Parse(src)
	}
}

// Sources of 10 MB that nest, open or repeat what is unexpected.
func BenchmarkParseHostile(b *testing.B) {
	for _, src := range hostile(10 << 20) {
		b.Run(Quote(src[:min(12, len(src))]), func(b *testing.B) {
			b.SetBytes(int64(len(src)))
			for b.Loop() {
				Parse(src)
			}
		})
	}
}

func BenchmarkAppendQuote(b *testing.B) {
	s := strings.Repeat("Hello, wörld! ", 20)
	buf := make([]byte, 0, 1024)
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		buf = AppendQuote(buf[:0], s)
	}
}

func BenchmarkPrint(b *testing.B) {
	f := Parse(typical)
	b.ReportAllocs()
	for b.Loop() {
		Print(f)
	}
}
