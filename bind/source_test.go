package bind_test

import (
	"bytes"
	"testing"

	"tlsh/bind"
	"tlsh/render"
	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
	"tlsh/tl/tltest"
)

// notPasted are the definitions whose values cannot be typed as calls, because
// their names mean the types themselves.
var notPasted = map[string]bool{
	"int": true, "long": true, "double": true, "string": true, "bytes": true, // int ? = Int and its like
	"boolTrue": true, "boolFalse": true, // a Bool prints as true and false
}

// back parses text as a statement that is a value and gives its bytes.
func back(t *testing.T, s *schema.Schema, text string) ([]byte, error) {
	t.Helper()
	f := syntax.Parse(text)
	if len(f.Errs) > 0 {
		t.Fatalf("%s: %v", text, f.Errs.Err())
	}
	if len(f.Stmts) != 1 {
		t.Fatalf("%s: %d statements", text, len(f.Stmts))
	}
	in := bind.Check(s, f, 0, env{})
	if len(in.Diags) > 0 {
		t.Fatalf("%s: %v", text, in.Diags.Err())
	}
	if len(in.Holes) > 0 {
		t.Fatalf("%s: a hole at %s", text, in.Holes[0].Path)
	}
	return tl.Append(nil, in.Value, s.TypeOf("Object"))
}

// Every value, printed as source, parses back to the same bytes.
func TestPasteBack(t *testing.T) {
	s := schema.Current()
	n := 0
	for _, list := range [][]*schema.Combinator{s.Constructors(), s.Methods()} {
		for _, def := range list {
			if notPasted[def.Name] {
				continue
			}
			g := tltest.New(s, uint64(def.ID)^99)
			for range 6 {
				o := g.Object(def)
				want, err := tl.Encode(o)
				if err != nil {
					t.Fatal(err)
				}
				for _, text := range []string{
					string(render.AppendSource(nil, o.Value())),
					string(render.AppendSourceLines(nil, o.Value(), render.Options{Width: 60})),
				} {
					got, err := back(t, s, text)
					if err != nil {
						t.Fatalf("%s: %v", text, err)
					}
					if !bytes.Equal(got, want) {
						t.Fatalf("%s\n got  %x\n want %x", text, got, want)
					}
				}
				n++
			}
		}
	}
	t.Logf("%d values", n)
}

// Flag-less top-level results print bare and come back too.
func TestPasteBackBare(t *testing.T) {
	s := schema.Current()
	g := tltest.New(s, 5)
	seen := map[string]bool{}
	for _, m := range s.Methods() {
		if k := m.Result.Kind; k != schema.KindVector && k != schema.KindBool || seen[m.Result.Name] {
			continue
		}
		seen[m.Result.Name] = true
		for range 5 {
			v := g.Value(m.Result)
			if vec := v.Vector(); vec != nil && len(vec.Items) == 0 && vec.Elem.Kind == schema.KindBoxed {
				continue // [] alone does not say of what
			}
			want, err := tl.Append(nil, v, m.Result)
			if err != nil {
				t.Fatal(err)
			}
			text := string(render.AppendSource(nil, v))
			got, err := back(t, s, text)
			if err != nil || !bytes.Equal(got, want) {
				t.Fatalf("%s: %s: %v\n got  %x\n want %x", m.Result, text, err, got, want)
			}
		}
	}
	t.Logf("%d types", len(seen))
}

// Whatever is typed, the check ends, its diagnostics lie inside the source, and
// what it calls a good line without holes encodes.
func FuzzCheck(f *testing.F) {
	for _, file := range []string{"testdata/good.txt", "testdata/bad.txt"} {
		for _, l := range lines(f, file) {
			f.Add(l, 3)
		}
	}
	e := world(f)
	f.Fuzz(func(t *testing.T, src string, cursor int) {
		file := syntax.Parse(src)
		for i := range file.Stmts {
			in := bind.Check(schema.Current(), file, i, e)
			for _, d := range in.Diags {
				if d.Span.From < 0 || d.Span.To > len(src) || d.Span.From > d.Span.To || d.Msg == "" {
					t.Fatalf("%+v", d)
				}
			}
			in.SlotAt(file, cursor)
			if len(file.Errs) == 0 && len(in.Diags) == 0 && len(in.Holes) == 0 && in.Kind == bind.Request {
				if _, err := tl.Encode(in.Object()); err != nil {
					t.Fatalf("%q checks, and does not encode: %v", src, err)
				}
			}
		}
	})
}
