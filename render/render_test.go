package render

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
	"tlsh/tl/tltest"
)

var update = flag.Bool("update", false, "write the goldens anew")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, append(got, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(append(got, '\n'), want) {
		t.Errorf("%s differs (-update writes it anew):\n%s", name, got)
	}
}

func TestGoldens(t *testing.T) {
	v := conversation(5)
	for _, width := range []int{40, 80, 200} {
		for _, color := range []bool{false, true} {
			opt := Options{Width: width, Color: color, Names: names, Location: time.FixedZone("", 3600)}
			suffix := strconv.Itoa(width)
			if color {
				suffix += "-color"
			}
			golden(t, "tree-"+suffix, AppendTree(nil, v, opt))
			golden(t, "source-"+suffix, AppendSourceLines(nil, v, opt))
			golden(t, "json-"+suffix, AppendJSONIndent(nil, v, opt))
		}
	}
	golden(t, "source", AppendSource(nil, v))
	golden(t, "json", AppendJSON(nil, v))
}

// all calls f with random values of every definition of both schemas.
func all(t *testing.T, f func(t *testing.T, o *tl.Object)) {
	for _, s := range []*schema.Schema{schema.Current(), schema.MTProto()} {
		for _, list := range [][]*schema.Combinator{s.Constructors(), s.Methods()} {
			for _, c := range list {
				g := tltest.New(s, uint64(c.ID))
				f(t, g.Object(c))
				if t.Failed() {
					t.Fatalf("in a value of %s", c.Name)
				}
			}
		}
	}
}

// checkSafe fails when a view lets through what a terminal acts on.
func checkSafe(t *testing.T, view string, b []byte) {
	t.Helper()
	s := strings.ReplaceAll(string(b), "\n", "")
	if !utf8.ValidString(s) {
		t.Errorf("%s is not UTF-8", view)
	}
	for _, r := range s {
		switch {
		case r < ' ', 0x7f <= r && r < 0xa0, 0x202a <= r && r <= 0x202e, 0x2066 <= r && r <= 0x2069,
			r == 0x200b, r == 0x200e, r == 0x200f, r == 0x61c, r == 0x2028, r == 0x2029, r == 0xfeff, 0xe0000 <= r && r <= 0xe007f:
			t.Errorf("%s lets U+%04X through", view, r)
			return
		}
	}
}

func checkWidth(t *testing.T, view string, b []byte, width int) {
	t.Helper()
	for i, line := range strings.Split(string(b), "\n") {
		if n := uniseg.StringWidth(line); n > width {
			t.Errorf("%s: line %d has %d columns of %d: %q", view, i+1, n, width, line)
			return
		}
	}
}

// uncolor takes the styles away.
func uncolor(b []byte) []byte {
	for s := style(1); s < styles; s++ {
		b = bytes.ReplaceAll(b, []byte(colors()[s].on), nil)
		b = bytes.ReplaceAll(b, []byte(colors()[s].off), nil)
	}
	return b
}

func TestEveryDefinition(t *testing.T) {
	everyone := func(kind string, id int64) string {
		return kind + " \x1b]0;x\a\u202e 名前 " + strconv.FormatInt(id, 36)
	}
	n := 0
	all(t, func(t *testing.T, o *tl.Object) {
		v := o.Value()
		n++
		for _, width := range []int{MinWidth, 40, 80, 200}[n%4 : n%4+1] {
			opt := Options{Width: width, Names: everyone, Location: time.FixedZone("", -5400)}
			flat := AppendTree(nil, v, opt)
			checkSafe(t, "tree", flat)
			checkWidth(t, "tree", flat, width)
			opt.Color = true
			if got := uncolor(AppendTree(nil, v, opt)); !bytes.Equal(got, flat) {
				t.Errorf("the tree with colours differs:\n%s\n%s", got, flat)
			}
			checkSource(t, v, opt)
		}
		checkJSON(t, v)
	})
}

func checkSource(t *testing.T, v tl.Value, opt Options) {
	t.Helper()
	one := AppendSource(nil, v)
	checkSafe(t, "source", one)
	if bytes.ContainsRune(one, '\n') {
		t.Error("source has several lines")
	}
	lines := uncolor(AppendSourceLines(nil, v, opt))
	checkSafe(t, "source in lines", lines)
	f := syntax.Parse(string(one))
	if err := f.Errs.Err(); err != nil {
		t.Errorf("%v in %s", err, one)
	}
	many := syntax.Parse(string(lines))
	if err := many.Errs.Err(); err != nil {
		t.Errorf("%v in %s", err, lines)
	}
	if len(f.Stmts) != 1 || len(many.Stmts) != 1 {
		t.Errorf("%d and %d statements in %s", len(f.Stmts), len(many.Stmts), lines)
	}
	opt.Width, opt.Color = 0, false
	if got := AppendSourceLines(nil, v, opt); !bytes.Equal(got, one) {
		t.Errorf("without a width, lines are\n%s\n%s", got, one)
	}
}

func checkJSON(t *testing.T, v tl.Value) {
	t.Helper()
	b := AppendJSON(nil, v)
	checkSafe(t, "JSON", b)
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var got any
	if err := d.Decode(&got); err != nil {
		t.Errorf("%v in %s", err, b)
		return
	}
	if err := sameJSON(v, got); err != nil {
		t.Errorf("%v in %s", err, b)
	}
	indented := AppendJSONIndent(nil, v, Options{})
	var compact bytes.Buffer
	if err := json.Compact(&compact, indented); err != nil || !bytes.Equal(compact.Bytes(), b) {
		t.Errorf("indented: %v\n%s", err, indented)
	}
	if got := uncolor(AppendJSONIndent(nil, v, Options{Color: true})); !bytes.Equal(got, indented) {
		t.Errorf("indented with colours:\n%s", got)
	}
}

// sameJSON compares a value with what encoding/json read of it.
func sameJSON(v tl.Value, got any) error {
	differ := func(want any) error { return fmt.Errorf("want %v, got %v", want, got) }
	m, _ := got.(map[string]any)
	switch v.Kind() {
	case tl.KindInt, tl.KindLong:
		if n, ok := got.(json.Number); !ok || n.String() != strconv.FormatInt(v.AsLong(), 10) {
			return differ(v.AsLong())
		}
	case tl.KindDouble:
		f := v.AsDouble()
		if math.IsNaN(f) || math.IsInf(f, 0) {
			back, err := strconv.ParseFloat(fmt.Sprint(m["value"]), 64)
			if m["_"] != "double" || err != nil || back != f && !(math.IsNaN(f) && math.IsNaN(back)) {
				return differ(f)
			}
			return nil
		}
		n, _ := got.(json.Number)
		if back, err := n.Float64(); err != nil || math.Float64bits(back) != math.Float64bits(f) {
			return differ(f)
		}
	case tl.KindBool:
		if got != v.AsBool() {
			return differ(v.AsBool())
		}
	case tl.KindString:
		want := v.AsString()
		if !utf8.ValidString(want) {
			b, err := base64.StdEncoding.DecodeString(fmt.Sprint(m["base64"]))
			if m["_"] != "bytes" || err != nil || string(b) != want {
				return differ(want)
			}
		} else if got != want {
			return differ(want)
		}
	case tl.KindBytes:
		if got != base64.StdEncoding.EncodeToString(v.AsBytes()) {
			return differ(v.AsBytes())
		}
	case tl.KindInt128, tl.KindInt256:
		if got != hex.EncodeToString(v.AsBytes()) {
			return differ(v.AsBytes())
		}
	case tl.KindVector:
		items, list := v.Vector().Items, got.([]any)
		if len(items) != len(list) {
			return differ(len(items))
		}
		for i := range items {
			if err := sameJSON(items[i], list[i]); err != nil {
				return err
			}
		}
	case tl.KindObject:
		o, n := v.Object(), 1
		if m["_"] != o.Def().Name {
			return differ(o.Def().Name)
		}
		for i, f := range o.Fields() {
			n++
			x, ok := m[o.Def().Params[i].Name]
			if !ok {
				return differ(o.Def().Params[i].Name)
			}
			if err := sameJSON(f, x); err != nil {
				return fmt.Errorf("%s: %w", o.Def().Params[i].Name, err)
			}
		}
		if len(m) != n {
			return differ(n)
		}
	}
	return nil
}

func TestScalars(t *testing.T) {
	s := schema.Current()
	longs := func(n ...int64) tl.Value {
		items := make([]tl.Value, len(n))
		for i := range n {
			items[i] = tl.Long(n[i])
		}
		return tl.VectorOf(s.TypeOf("long"), items...)
	}
	for _, c := range []struct {
		v                  tl.Value
		tree, json, source string
	}{
		{tl.Value{}, "nothing", "null", ""},
		{tl.Bool(true), "true", "true", "true"},
		{tl.Bool(false), "false", "false", "false"},
		{tl.Int(-5), "-5", "-5", "-5"},
		{tl.Long(math.MinInt64), "-9223372036854775808", "-9223372036854775808", "-9223372036854775808"},
		{tl.Double(0.1), "0.1", "0.1", "0.1"},
		{tl.Double(1e300), "1e+300", "1e+300", "1e+300"},
		{tl.Double(math.Copysign(0, -1)), "-0.0", "-0", "-0.0"},
		{tl.Double(math.Inf(-1)), "-inf", `{"_":"double","value":"-inf"}`, "-inf"},
		{tl.Double(math.Inf(1)), "inf", `{"_":"double","value":"inf"}`, "inf"},
		{tl.Double(math.Float64frombits(0xfff8000000000123)), "nan", `{"_":"double","value":"nan"}`, "double:fff8000000000123"},
		{tl.String("a\"b\n"), `"a\"b\n"`, `"a\"b\n"`, `"a\"b\n"`},
		{tl.String("\xff"), `"\xff"`, `{"_":"bytes","base64":"/w=="}`, `"\xff"`},
		{tl.String("\U000e0041\u2028"), `"\u{e0041}\u{2028}"`, `"\udb40\udc41\u2028"`, `"\u{e0041}\u{2028}"`},
		{tl.Bytes(nil), "0 bytes", `""`, `""`},
		{tl.Bytes([]byte{0}), "00 1 byte", `"AA=="`, `hex:00`},
		{tl.Bytes([]byte("hello")), `68656c6c6f 5 bytes "hello"`, `"aGVsbG8="`, `hex:68656c6c6f`},
		{tl.Bytes(make([]byte, 33)), "00000000000000000000000000000000… 33 bytes", `"` + strings.Repeat("A", 44) + `"`, "base64:" + strings.Repeat("A", 44)},
		{tl.Int128([16]byte{15: 1}), "00000000000000000000000000000001", `"00000000000000000000000000000001"`, "hex:00000000000000000000000000000001"},
		{tl.Raw([]byte{1, 2}), "not decoded: 0102 2 bytes", `{"_":"raw","base64":"AQI="}`, "hex:0102"},
		{longs(), "[]", "[]", "long[]"},
		{longs(1, -2), "[1, -2]", "[1,-2]", "long[1 -2]"},
		{tl.VectorOf(s.TypeOf("int"), tl.Int(3)), "[3]", "[3]", "int[3]"},
		{tl.VectorOf(s.TypeOf("InputUser"), tl.New(s.Constructor("inputUserSelf")).Value()), "Vector<InputUser> (1)\n  [0] inputUserSelf", `[{"_":"inputUserSelf"}]`, "[inputUserSelf]"},
		{tl.New(s.Constructor("inputPeerSelf")).Value(), "inputPeerSelf", `{"_":"inputPeerSelf"}`, "inputPeerSelf()"},
		{tl.New(s.Constructor("emojiStatus")).With("document_id", tl.Long(1)).With("until", tl.Int(math.MaxInt32)).Value(),
			"emojiStatus(document_id: 1, until: forever 2147483647)", `{"_":"emojiStatus","document_id":1,"until":2147483647}`, "emojiStatus(document_id=1 until=2147483647)"},
	} {
		if got := Tree(c.v, Options{}); got != c.tree {
			t.Errorf("tree: got  %s\nwant %s", got, c.tree)
		}
		if got := string(AppendJSON(nil, c.v)); got != c.json {
			t.Errorf("json: got  %s\nwant %s", got, c.json)
		}
		if got := string(AppendSource(nil, c.v)); got != c.source {
			t.Errorf("source: got  %s\nwant %s", got, c.source)
		}
	}
}

// A text that is cut says how much is left, and a view never loses an element.
func TestShortened(t *testing.T) {
	long := strings.Repeat("word ", 1000)
	got := Tree(tl.String(long), Options{Width: 80})
	checkWidth(t, "tree", []byte(got), 80)
	shown := strings.Count(got, "word")
	if want := fmt.Sprintf("… %d more characters", 5000-5*shown); !strings.HasSuffix(got, want) || shown > 210 {
		t.Errorf("%d words shown, want at the end %q: %s", shown, want, got)
	}
	items := make([]tl.Value, 1000)
	for i := range items {
		items[i] = tl.Int(int32(10000 + i))
	}
	got = Tree(tl.VectorOf(schema.Current().TypeOf("int"), items...), Options{Width: 60})
	checkWidth(t, "tree", []byte(got), 60)
	if !strings.HasPrefix(got, "Vector<int> (1000)\n") {
		t.Errorf("%.40s", got)
	}
	for i := range items {
		if !strings.Contains(got, strconv.Itoa(10000+i)) {
			t.Fatalf("%d is missing", 10000+i)
		}
	}
	// Marks without end are one character, and are cut too.
	if got := Tree(tl.String("e"+strings.Repeat("\u0301", 1<<20)), Options{Width: 80}); len(got) > 1<<18 {
		t.Errorf("%d bytes of marks", len(got))
	}
}

func TestDeep(t *testing.T) {
	s := schema.Current()
	v := tl.New(s.Constructor("textPlain")).With("text", tl.String("hello there, this is deep")).Value()
	for range 120 {
		v = tl.New(s.Constructor("textBold")).With("text", v).Value()
	}
	for _, width := range []int{1, 40, 80, 0} {
		opt := Options{Width: width}
		got := AppendTree(nil, v, opt)
		checkWidth(t, "tree", got, opt.width())
		if n := bytes.Count(got, []byte("textBold")); n != 120 {
			t.Errorf("%d of 120 levels", n)
		}
		if width > 0 && len(AppendSourceLines(nil, v, Options{Width: width})) > 100<<10 {
			t.Error("source is too long")
		}
	}
}

func TestHex(t *testing.T) {
	b := []byte("\x00\x01TLsh is here\xff \x1b\x80")
	for _, c := range []struct {
		width int
		want  string
	}{
		{80, "0000  0001544c 73682069 73206865 7265ff20  ..TLsh is here. \n0010  1b80                                 .."},
		{40, "0000  0001544c 73682069  ..TLsh i\n0008  73206865 7265ff20  s here. \n0010  1b80               .."},
		{16, "0000  0001544c\n0004  73682069\n0008  73206865\n000c  7265ff20\n0010  1b80"},
	} {
		got := AppendHexDump(nil, b, Options{Width: c.width})
		if string(got) != c.want {
			t.Errorf("%d: got\n%s\nwant\n%s", c.width, got, c.want)
		}
		checkWidth(t, "dump", got, c.width)
		if colored := uncolor(AppendHexDump(nil, b, Options{Width: c.width, Color: true})); !bytes.Equal(colored, got) {
			t.Errorf("with colours\n%s", colored)
		}
	}
	if got := AppendHex(nil, b[:3]); string(got) != "000154" {
		t.Errorf("%s", got)
	}
	if got := AppendHexDump(nil, nil, Options{}); len(got) != 0 {
		t.Errorf("%q", got)
	}
}

// The shell's own documents are values like any other.
func TestDocuments(t *testing.T) {
	s := schema.Shell()
	object := func(name string) *tl.Object { return tl.New(s.Constructor(name)) }
	results := tl.VectorOf(s.TypeOf("Object"), object("not_run").Value(), object("unknown").Value(), tl.Bool(true),
		object("rpc_error").With("error_code", tl.Int(-503)).With("error_message", tl.String("a\x1b\"")).Value())
	got := string(AppendJSON(nil, object("batch").With("results", results).Value()))
	want := `{"_":"batch","results":[{"_":"not_run"},{"_":"unknown"},true,{"_":"rpc_error","error_code":-503,"error_message":"a\u001b\""}]}`
	if got != want || !json.Valid([]byte(got)) {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if got := string(AppendJSON(nil, object("update").With("update", tl.Int(1)).Value())); got != `{"_":"update","update":1}` {
		t.Error(got)
	}
}
