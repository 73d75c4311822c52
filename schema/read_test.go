package schema

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// published gives a schema file as the gotd/td module carries it: tdesktop's,
// TDLib's and gotd's own, each with its authors' habits.
func published(t testing.TB, name string) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/gotd/td").Output()
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(out)), "_schema", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestCurrent(t *testing.T) {
	s, problems := Read("telegram.tl", telegramTL, Options{})
	for _, p := range problems {
		t.Log(p)
	}
	if d := problems.Dropped(); len(d) > 0 {
		t.Errorf("%d definitions dropped", len(d))
	}
	if s.Layer != 228 {
		t.Errorf("layer %d", s.Layer)
	}
	t.Logf("layer %d: %d methods, %d constructors, %d classes", s.Layer, len(s.Methods), len(s.Constructors), len(s.Classes))
	if len(s.Methods) != 808 || len(s.Constructors) != 1653 {
		t.Errorf("%d methods and %d constructors, want 808 and 1653", len(s.Methods), len(s.Constructors))
	}
}

func TestPublished(t *testing.T) {
	for _, name := range []string{"tdesktop.tl", "tdlib.tl", "mt.tl", "encrypted.tl", "legacy.tl"} {
		s, problems := Read(name, published(t, name), Options{})
		t.Logf("%s: layer %d: %d methods, %d constructors", name, s.Layer, len(s.Methods), len(s.Constructors))
		for _, p := range problems {
			t.Log(p)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	b.SetBytes(int64(len(telegramTL)))
	b.ReportAllocs()
	for b.Loop() {
		Read("telegram.tl", telegramTL, Options{Trusted: true})
	}
}

func BenchmarkReadVerified(b *testing.B) {
	b.SetBytes(int64(len(telegramTL)))
	b.ReportAllocs()
	for b.Loop() {
		Read("telegram.tl", telegramTL, Options{})
	}
}
