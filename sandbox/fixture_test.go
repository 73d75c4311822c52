package sandbox

import (
	"testing"
)

func TestEmbeddedWorld(t *testing.T) {
	s, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.People()[0]; got.Username != "sam" || !got.Default {
		t.Errorf("first of the people: %+v", got)
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		if _, err := New(Config{}); err != nil {
			b.Fatal(err)
		}
	}
}
