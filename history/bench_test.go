package history_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"tlsh/history"
)

// A history of 10,000 lines is opened, gets a line, and is searched.
func BenchmarkHistory(b *testing.B) {
	path := filepath.Join(b.TempDir(), "h")
	h, err := history.Open(path, history.Options{})
	if err != nil {
		b.Fatal(err)
	}
	line := func(i int) string { return fmt.Sprintf("messages.sendMessage peer=@alice message=\"number %d\"", i) }
	for i := range 10_000 {
		if err := h.Add(history.Entry{Line: line(i)}); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("open", func(b *testing.B) {
		for b.Loop() {
			if _, err := history.Open(path, history.Options{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("add", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			if err := h.Add(history.Entry{Line: line(i % 20_000)}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("search", func(b *testing.B) {
		for b.Loop() {
			h.Search("alice 77", 50)
		}
	})
}
