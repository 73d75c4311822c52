package oracle

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tlsh/bind"
	"tlsh/example"
	"tlsh/schema"
	"tlsh/tl"
)

// copiedHead begins the program whose statements are what was copied. Its client
// prints what it is to send, and its random numbers are 7.
const copiedHead = `package main

import (
	"context"
	"fmt"
	"io"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/tg"
)

type printer struct{ i int }

func (p *printer) Invoke(_ context.Context, in bin.Encoder, _ bin.Decoder) error {
	var b bin.Buffer
	if err := in.Encode(&b); err != nil {
		fmt.Println(p.i, err)
		return err
	}
	fmt.Printf("%d %x\n", p.i, b.Buf)
	return io.EOF
}

type seven struct{}

func (seven) Int64() int64 { return 7 }
func (seven) Int32() int32 { return 7 }

var rand seven

func main() {
	ctx, p := context.Background(), &printer{}
	for i, f := range all {
		p.i = i
		f(ctx, tg.NewClient(p))
	}
}

var all = []func(context.Context, *tg.Client){
`

// What is copied as Go compiles with gotd's tg, names, types and all, and its
// requests and objects have the bytes of ours: for the example of every request
// and of every constructor.
func TestCopiedGo(t *testing.T) {
	s := schema.Current()
	var prog strings.Builder
	prog.WriteString(copiedHead)
	var calls []example.Call
	for _, list := range [][]*schema.Combinator{s.Methods(), s.Constructors()} {
		for _, def := range list {
			switch def.Name {
			case "int", "long", "double", "string":
				continue // boxed forms of the base types, which nobody copies
			case "accessPointRule", "help.configSimple":
				continue // gotd writes other bytes than the schema says, see judges
			}
			c, ok := example.Read(s, example.Line(s, def))
			if !ok {
				t.Fatalf("%s has no example", def.Name)
			}
			fillExample(t, s, c.Open)
			calls = append(calls, c)
			rest := "_, _ = result, err"
			if !def.Method {
				rest = "_ = (&printer{" + fmt.Sprint(len(calls)-1) + "}).Invoke(ctx, " + address(def) + "value, nil)"
			}
			fmt.Fprintf(&prog, "func(ctx context.Context, api *tg.Client) {\n%s\n%s\n},\n", example.Go(c), rest)
		}
	}
	prog.WriteString("}\n")
	lines := strings.Split(strings.TrimSpace(runCopied(t, prog.String())), "\n")
	if len(lines) != len(calls) {
		t.Fatalf("%d calls printed %d lines", len(calls), len(lines))
	}
	for i, c := range calls {
		b, err := tl.Encode(c.Object)
		if err != nil {
			t.Fatal(err)
		}
		if want := fmt.Sprintf("%d %x", i, b); lines[i] != want {
			t.Errorf("%s\n got  %s\n want %s", example.Go(c), lines[i], want)
		}
	}
	t.Logf("%d calls", len(calls))
}

// address takes that of a struct which stands for its type; of other types the
// value is a pointer already.
func address(def *schema.Combinator) string {
	if def.Result.Kind == schema.KindBoxed && len(def.Result.Class.Constructors()) > 1 || def.Result.Kind == schema.KindBool {
		return ""
	}
	return "&"
}

func fillExample(t *testing.T, s *schema.Schema, holes []*bind.Hole) {
	t.Helper()
	for _, h := range holes {
		switch h.Kind {
		case bind.HolePeer:
			h.Fill(example.StandIn(s, h))
		case bind.HoleClock:
			v, err := h.Date(time.Date(2026, 3, 6, 18, 0, 0, 0, time.UTC))
			if err != nil {
				t.Fatal(err)
			}
			h.Fill(v)
		case bind.HoleRandom:
			h.Fill(sevens(h))
		}
	}
}

func sevens(h *bind.Hole) tl.Value {
	switch h.Want.Kind {
	case schema.KindInt:
		return tl.Int(7)
	case schema.KindLong:
		return tl.Long(7)
	}
	ids := make([]tl.Value, len(h.Of.At("id").Vector().Items))
	for i := range ids {
		ids[i] = tl.Long(7)
	}
	return tl.VectorOf(h.Want.Elem, ids...)
}

// runCopied builds and runs a program as a package of this module that is not
// written into it.
func runCopied(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	file, overlay := filepath.Join(dir, "main.go"), filepath.Join(dir, "overlay.json")
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	replace, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(here, "copied", "main.go"): file}})
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{file: []byte(text), overlay: replace} {
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var errs strings.Builder
	cmd := exec.Command("go", "run", "-overlay", overlay, "./copied")
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%.4000s", err, errs.String())
	}
	return string(out)
}
