package bind_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"tlsh/bind"
	"tlsh/render"
	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// noon is the clock of the casts: a Wednesday, in a zone of its own.
var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.FixedZone("", 3600))

// fill fills the holes of a line: with the clock of noon, random numbers that
// are 0, and for a reference the simplest value of its type. It returns the
// references, as PATH: TEXT.
func fill(t *testing.T, in *bind.Info) (refs []string) {
	t.Helper()
	for _, h := range in.Holes {
		switch h.Kind {
		case bind.HoleClock:
			v, err := h.Date(noon)
			if err != nil {
				t.Fatal(err)
			}
			h.Fill(v)
		case bind.HoleRandom:
			switch h.Want.Kind {
			case schema.KindInt:
				h.Fill(tl.Int(0))
			case schema.KindLong:
				h.Fill(tl.Long(0))
			default:
				h.Fill(tl.VectorOf(h.Want.Elem))
			}
		case bind.HolePeer:
			text := h.Text
			if o := h.Value.Object(); o != nil {
				text = o.Def().Name
			}
			refs = append(refs, h.Path+": "+text)
			if h.Want.Kind == schema.KindLong {
				h.Fill(tl.Long(77))
				continue
			}
			name := map[string]string{"InputUser": "inputUserSelf", "InputChannel": "inputChannelEmpty", "InputNotifyPeer": "inputNotifyChats"}[h.Want.Name]
			if name == "" {
				name = "inputPeerSelf"
			}
			h.Fill(tl.New(schema.Current().Constructor(name)).Value())
		case bind.HoleUpload:
			refs = append(refs, h.Path+": upload "+h.Text)
			h.Fill(tl.New(schema.Current().Constructor("inputFile")).With("id", tl.Long(1)).With("parts", tl.Int(1)).
				With("name", tl.String(h.Text)).With("md5_checksum", tl.String("")).Value())
		case bind.HoleAttributes:
			name := h.Text
			if in := h.Value.Object(); in != nil {
				name = in.At("name").AsString()
			}
			h.Fill(tl.VectorOf(h.Want.Elem, tl.New(schema.Current().Constructor("documentAttributeFilename")).With("file_name", tl.String(name)).Value()))
		case bind.HoleStored:
			refs = append(refs, h.Path+": store "+string(render.AppendSource(nil, h.Value)))
			name := map[string]string{"InputPhoto": "inputPhotoEmpty", "InputDocument": "inputDocumentEmpty", "InputMedia": "inputMediaEmpty"}[h.Want.Name]
			h.Fill(tl.New(schema.Current().Constructor(name)).Value())
		case bind.HoleFile:
			refs = append(refs, h.Path+": file "+h.Text)
			h.Fill(tl.Bytes(nil))
		}
	}
	return refs
}

// outcome is what a line becomes: its source and its references, or its first
// error.
func outcome(t *testing.T, line string, e env) string {
	t.Helper()
	f, ins := check(t, line+"\n", e)
	errs := f.Errs
	for _, in := range ins {
		errs = append(errs, in.Diags...)
	}
	if len(errs) > 0 {
		s := fmt.Sprintf("! %d: %s", errs[0].Span.From, errs[0].Msg)
		if errs[0].Fix != "" {
			s += " (" + errs[0].Fix + ")"
		}
		return s
	}
	in := ins[len(ins)-1]
	refs := fill(t, in)
	if _, err := tl.Append(nil, in.Value, schema.Current().TypeOf("Object")); err != nil {
		t.Errorf("%s: %v", line, err)
	}
	s := "= " + string(render.AppendSource(nil, in.Value))
	for _, r := range refs {
		s += "\n@ " + r
	}
	return s
}

// Each line of casts.txt is followed by what it becomes: "= source", with "@
// path: reference" for each reference that is a hole, or "! place: message
// (fix)". A line that begins with $ gives a variable to those below; ## is a
// comment.
func TestCasts(t *testing.T) {
	const file = "testdata/casts.txt"
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	e := world(t)
	var got strings.Builder
	for l := range strings.Lines(string(b)) {
		l = strings.TrimSuffix(l, "\n")
		if strings.HasPrefix(l, "= ") || strings.HasPrefix(l, "! ") || strings.HasPrefix(l, "@ ") {
			continue
		}
		got.WriteString(l + "\n")
		if l == "" || strings.HasPrefix(l, "##") {
			continue
		}
		if f, ins := check(t, l, e); len(ins) > 0 && ins[0].Stmt.Assign != nil {
			if len(f.Errs)+len(ins[0].Diags) > 0 {
				t.Fatalf("%s: %v %v", l, f.Errs.Err(), ins[0].Diags.Err())
			}
			e.vars[ins[0].Stmt.Assign.(*syntax.Var).Name] = ins[0].Value
			continue
		}
		got.WriteString(outcome(t, l, e) + "\n")
	}
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(file, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want := strings.Split(string(b), "\n")
	for i, l := range strings.Split(got.String(), "\n") {
		if i >= len(want) || l != want[i] {
			t.Fatalf("%s:%d:\n got  %s\n want %s", file, i+1, l, append(want, "")[min(i, len(want))])
		}
	}
}
