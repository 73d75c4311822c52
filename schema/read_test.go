package schema

import (
	"fmt"
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
	t.Logf("layer %d: %d methods, %d constructors, %d classes", s.Layer, len(s.Methods()), len(s.Constructors()), len(s.Classes()))
	if len(s.Methods()) != 808 || len(s.Constructors()) != 1653 {
		t.Errorf("%d methods and %d constructors, want 808 and 1653", len(s.Methods()), len(s.Constructors()))
	}
}

func TestPublished(t *testing.T) {
	for _, name := range []string{"tdesktop.tl", "tdlib.tl", "mt.tl", "encrypted.tl", "legacy.tl"} {
		s, problems := Read(name, published(t, name), Options{})
		t.Logf("%s: layer %d: %d methods, %d constructors", name, s.Layer, len(s.Methods()), len(s.Constructors()))
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

// BenchmarkCurrent is what each start costs.
func BenchmarkCurrent(b *testing.B) {
	b.SetBytes(int64(len(telegramTL)))
	b.ReportAllocs()
	for b.Loop() {
		readLater("telegram.tl", telegramTL)
	}
}

func BenchmarkReadVerified(b *testing.B) {
	b.SetBytes(int64(len(telegramTL)))
	b.ReportAllocs()
	for b.Loop() {
		Read("telegram.tl", telegramTL, Options{})
	}
}

// want is an expectation of testdata/bad.tl.
type want struct {
	line int
	text string
}

func TestProblems(t *testing.T) {
	b, err := os.ReadFile("testdata/bad.tl")
	if err != nil {
		t.Fatal(err)
	}
	var wants []want
	n := 0
	for l := range strings.Lines(string(b)) {
		n++
		if _, w, ok := strings.Cut(strings.TrimSpace(l), "//! "); ok && !strings.HasPrefix(l, "//") {
			wants = append(wants, want{n, w})
		}
	}
	s, problems := Read("bad.tl", string(b), Options{Layer: 7})
	var got []want
	for _, p := range problems {
		kept := "W"
		if p.Dropped {
			kept = "D"
		}
		got = append(got, want{p.Line, fmt.Sprintf("%d %s %s", p.Col, kept, p.Msg)})
	}
	for i := range max(len(got), len(wants)) {
		switch {
		case i >= len(got):
			t.Errorf("missing: line %d: %s", wants[i].line, wants[i].text)
		case i >= len(wants):
			t.Errorf("not wanted: line %d: %s", got[i].line, got[i].text)
		case got[i] != wants[i]:
			t.Errorf("got  %d: %s\nwant %d: %s", got[i].line, got[i].text, wants[i].line, wants[i].text)
		}
	}
	for _, name := range []string{"good", "spread", "wrongid", "nobody", "nosemicolon", "after"} {
		if s.Constructor(name) == nil {
			t.Errorf("%s was lost", name)
		}
	}
	if s.Method("getGood") == nil || s.Layer != 7 {
		t.Errorf("layer %d, methods %v", s.Layer, s.Methods())
	}
	if p := s.Constructor("spread").Param("a"); p == nil || p.Flag != 0 || p.Bit != 0 || p.Type.Kind != KindString {
		t.Errorf("%+v", p)
	}
}

// Definitions that share an id: the one that can be decoded whole is found.
func TestSharedID(t *testing.T) {
	s, _ := Read("tdlib.tl", published(t, "tdlib.tl"), Options{Trusted: true})
	for _, name := range []string{"invokeWithApnsSecret", "invokeWithReCaptcha"} {
		m := s.Method(name)
		if got := s.ByID(m.ID); got != m {
			t.Errorf("%#x is %s, want %s", m.ID, got.Name, name)
		}
	}
}

// Every definition of the layer is found by its name and by its id.
func TestFound(t *testing.T) {
	s := Current()
	for _, list := range [][]*Combinator{s.Constructors(), s.Methods()} {
		for _, c := range list {
			if s.ByID(c.ID) != c {
				t.Errorf("%s is not found by its id", c.Name)
			}
			found := s.Constructor(c.Name)
			if c.Method {
				found = s.Method(c.Name)
			}
			if found != c {
				t.Errorf("%s is not found by its name", c.Name)
			}
			for i, p := range c.Params {
				if c.Index(p.Name) != i {
					t.Errorf("%s.%s", c.Name, p.Name)
				}
			}
		}
	}
	if s.ByID(0x12345678) != nil {
		t.Error("found what is not there")
	}
}

// The embedded files are those of the module that go.mod names.
func TestEmbedded(t *testing.T) {
	if telegramTL != published(t, "telegram.tl") || mtprotoTL != published(t, "mt.tl") {
		t.Error("run go generate ./schema")
	}
}

func TestTypeOf(t *testing.T) {
	s := Current()
	for spelling, kind := range map[string]Kind{"int": KindInt, "Vector<long>": KindVector, "Vector<Vector<int>>": KindVector, "InputPeer": KindBoxed, "Bool": KindBool} {
		if typ := s.TypeOf(spelling); typ == nil || typ.Kind != kind {
			t.Errorf("%s: %v", spelling, typ)
		}
	}
	if s.TypeOf("Nobody") != nil || s.TypeOf("Vector<Nobody>") != nil {
		t.Error("found what is not there")
	}
}

// FuzzRead: any text gives a schema that can be asked, and problems inside it.
func FuzzRead(f *testing.F) {
	b, err := os.ReadFile("testdata/bad.tl")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(b))
	f.Add(mtprotoTL)
	f.Add(telegramTL[:4000])
	f.Add("a#1 flags:# x:flags.0?%a = A; a2 a:a = A;")
	f.Add("// LAYER 5\nvector#1cb5c415 {t:Type} # [ t ] = Vector t;\nint128 4*[ int ] = Int128;")
	f.Fuzz(func(t *testing.T, src string) {
		s, problems := Read("f", src, Options{})
		lines := strings.Count(src, "\n") + 1
		for _, p := range problems {
			if p.Line < 1 || p.Line > lines || p.Col < 1 || p.Msg == "" {
				t.Fatalf("%+v", p)
			}
		}
		for _, c := range append(append([]*Combinator{}, s.Constructors()...), s.Methods()...) {
			if s.ByID(c.ID) == nil || c.String() == "" || c.Result == nil || len(c.Params) > MaxParams {
				t.Fatalf("%+v", c)
			}
			for _, p := range c.Params {
				if p.Flag >= 0 && (c.Params[p.Flag].Type.Kind != KindFlags || p.Bit > 31) {
					t.Fatalf("%s.%s", c.Name, p.Name)
				}
			}
		}
	})
}
