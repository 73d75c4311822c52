package history_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tlsh/history"
)

// A history of 10,000 lines is opened and read, gets a line, and is searched; full is one
// of 100,000 lines, about as many as a file may hold.
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
	for name, load := range map[string]bool{"open": false, "load": true} {
		b.Run(name, func(b *testing.B) { openOften(b, path, load) })
	}
	full := filepath.Join(b.TempDir(), "full")
	var file strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&file, `{"line":"help.getConfig %d","time":"2026-03-06T18:00:00Z","ms":12,"outcome":"ok"}`+"\n", i)
	}
	if err := os.WriteFile(full, []byte(file.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	b.Run("full", func(b *testing.B) { openOften(b, full, true) })
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

func openOften(b *testing.B, path string, load bool) {
	for b.Loop() {
		h, err := history.Open(path, history.Options{})
		if err == nil && load {
			err = h.Load()
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}
