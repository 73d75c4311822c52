package bind_test

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tlsh/bind"
	"tlsh/render"
	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
	"tlsh/tl/tltest"
)

// shell writes what a check found as TL, with its holes in braces.
func shell(in *bind.Info) string {
	// What fills a hole here is a mark that the source shows.
	marks := map[string]string{}
	mark := func(h *bind.Hole) {
		text := "{" + h.Text + "}"
		switch {
		case h.Kind == bind.HoleRandom:
			text = "{random}"
		case h.Value.Object() != nil:
			text = "{" + h.Value.Object().Def().Name + "}"
		}
		n := int32(1_700_000_000 + len(marks))
		var v tl.Value
		if h.Kind == bind.HoleEntity {
			h.Fill(tl.String(text))
			return
		}
		switch h.Want.Kind {
		case schema.KindInt:
			v = tl.Int(n)
		case schema.KindLong:
			v = tl.Long(int64(n))
		default:
			v = tl.New(schema.Current().Constructor("peerUser")).With("user_id", tl.Long(int64(n))).Value()
		}
		marks[string(render.AppendSource(nil, v))] = text
		h.Fill(v)
	}
	for _, h := range in.Holes {
		mark(h)
	}
	source := func(v tl.Value) string { return string(render.AppendSource(nil, v)) }
	var out string
	switch in.Kind {
	case bind.Empty:
		out = "nothing"
	case bind.Batch:
		var parts []string
		for _, el := range in.Batch {
			parts = append(parts, source(el.Value.Value()))
		}
		out = "batch "
		if in.Ordered {
			out = "ordered "
		}
		out += strings.Join(parts, "; ")
	default:
		out = source(in.Value)
	}
	for from, to := range marks {
		out = strings.ReplaceAll(out, from, to)
	}
	return out
}

// Every form of testdata/telethon.txt is what stands beside it, and none of the
// prefixes of a good one has an error that more input could not cure.
func TestTelethon(t *testing.T) {
	e := world(t)
	n := 0
	for _, l := range lines(t, "testdata/telethon.txt") {
		src, want, ok := strings.Cut(l, " ## ")
		if !ok {
			t.Fatal(l)
		}
		n++
		src = strings.ReplaceAll(src, "⏎", "\n")
		f, ins := check(t, src+"\n", e)
		errs := f.Errs
		var got string
		for _, in := range ins {
			errs = append(errs, in.Diags...)
		}
		if len(errs) > 0 {
			got = fmt.Sprintf("! %d: %s", errs[0].Span.From, errs[0].Msg)
			if errs[0].Fix != "" {
				got += " (" + errs[0].Fix + ")"
			}
		} else {
			got = shell(ins[0])
		}
		if got != want {
			t.Errorf("%s\n got  %s\n want %s", src, got, want)
		}
		if len(errs) > 0 {
			continue
		}
		for i := range src {
			f, ins := check(t, src[:i], e)
			fatal := f.Errs.Fatal()
			for _, in := range ins {
				fatal = append(fatal, in.Diags.Fatal()...)
			}
			if len(fatal) > 0 {
				t.Errorf("prefix %q: %v", src[:i], fatal.Err())
			}
		}
	}
	t.Logf("%d forms", n)
}

// python writes a value as Telethon's source, with its arguments by position.
func python(b *strings.Builder, v tl.Value, s *schema.Schema) {
	switch v.Kind() {
	case tl.KindInt, tl.KindLong:
		b.WriteString(strconv.FormatInt(v.AsLong(), 10))
	case tl.KindDouble:
		switch f := v.AsDouble(); {
		case math.IsNaN(f):
			b.WriteString("float('nan')")
		case math.IsInf(f, 0):
			fmt.Fprintf(b, "float('%g')", f)
		default:
			b.WriteString(strconv.FormatFloat(f, 'g', -1, 64))
		}
	case tl.KindBool:
		b.WriteString(map[bool]string{true: "True", false: "False"}[v.AsBool()])
	case tl.KindString:
		b.WriteString("b'")
		pythonBytes(b, []byte(v.AsString()))
	case tl.KindVector:
		b.WriteString("[")
		for i, it := range v.Vector().Items {
			if i > 0 {
				b.WriteString(", ")
			}
			python(b, it, s)
		}
		b.WriteString("]")
	case tl.KindObject:
		pythonObject(b, v.Object(), s)
	default:
		b.WriteString("b'")
		pythonBytes(b, v.AsBytes())
	}
}

func pythonBytes(b *strings.Builder, data []byte) {
	for _, c := range data {
		fmt.Fprintf(b, `\x%02x`, c)
	}
	b.WriteString("'")
}

// pythonClass names a class as Telethon's generator does.
func pythonClass(d *schema.Combinator) string {
	kind, suffix := "types.", ""
	if d.Method {
		kind, suffix = "functions.", "Request"
	}
	name := d.Name
	if ns := d.Namespace(); ns != "" {
		kind += ns + "."
		name = name[len(ns)+1:]
	}
	var parts string
	for i, p := range strings.Split(name, "_") {
		if p != "" && (i == 0 || p[0] >= 'a' && p[0] <= 'z') {
			p = strings.ToUpper(p[:1]) + p[1:]
		}
		parts += p
	}
	return kind + parts + suffix
}

func pythonObject(b *strings.Builder, o *tl.Object, s *schema.Schema) {
	d := o.Def()
	b.WriteString(pythonClass(d))
	b.WriteString("(")
	order := make([]int, 0, len(d.Params))
	for i := range d.Params {
		if d.Params[i].Type.Kind != schema.KindFlags {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int {
		last := func(k int) int {
			if d.Params[k].Optional() || d.Params[k].Name == "random_id" {
				return 1
			}
			return 0
		}
		return last(i) - last(j)
	})
	for n, i := range order {
		if n > 0 {
			b.WriteString(", ")
		}
		if !o.Has(i) {
			b.WriteString("None")
			continue
		}
		v := o.Field(i)
		// Python's False unsets what is optional.
		if d.Params[i].Type.Kind == schema.KindBool && d.Params[i].Optional() && !v.AsBool() {
			v = tl.Bool(true)
			o.Set(i, v)
		}
		python(b, v, s)
	}
	b.WriteString(")")
}

// Every request and every constructor is reached by the name that Telethon
// gives it, with its arguments by position in Telethon's order.
func TestTelethonEverything(t *testing.T) {
	s := schema.Current()
	methods, constructors := 0, 0
	for _, list := range [][]*schema.Combinator{s.Methods(), s.Constructors()} {
		for _, def := range list {
			if notPasted[def.Name] {
				continue
			}
			g := tltest.New(s, uint64(def.ID)^7)
			for range 3 {
				o := g.Object(def)
				var b strings.Builder
				pythonObject(&b, o, s)
				want, err := tl.Encode(o)
				if err != nil {
					t.Fatal(err)
				}
				f := syntax.Parse(b.String())
				if len(f.Errs) > 0 || len(f.Stmts) != 1 {
					t.Fatalf("%s: %v", b.String(), f.Errs.Err())
				}
				in := bind.Check(s, f, 0, env{})
				if len(in.Diags) > 0 || len(in.Holes) > 0 || in.Object() == nil {
					t.Fatalf("%s: %v, %d holes", b.String(), in.Diags.Err(), len(in.Holes))
				}
				got, err := tl.Encode(in.Object())
				if err != nil || !bytes.Equal(got, want) {
					t.Fatalf("%s: %v\n got  %x\n want %x", b.String(), err, got, want)
				}
			}
			if def.Method {
				methods++
			} else {
				constructors++
			}
		}
	}
	t.Logf("%d requests, %d constructors", methods, constructors)
}
