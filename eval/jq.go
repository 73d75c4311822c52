package eval

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/itchyny/gojq"

	"tlsh/render"
	"tlsh/syntax"
	"tlsh/tl"
)

// jq runs a filter over the value, or over the JSON texts of the stage before.
// The shell's variables are jq's too. What it writes for a screen is safe
// there.
func (r *run) jq(p *syntax.Pipe, from output, screen bool) (output, Status) {
	names, values := r.jqVariables(p.Raw.Text)
	query, err := gojq.Parse(p.Raw.Text)
	var code *gojq.Code
	if err == nil {
		code, err = gojq.Compile(query, gojq.WithVariables(names))
	}
	if err != nil {
		e := &syntax.Error{Span: p.Raw.Span(), Msg: "jq: " + render.Escape(err.Error())}
		if m := stage().FindStringIndex(p.Raw.Text); m != nil && p.Raw.Quote == "" {
			e.Fix = "a filter without quotes goes on to the end of the line: | jq '" + strings.TrimSpace(p.Raw.Text[:m[0]]) + "' " + p.Raw.Text[m[0]:]
		}
		r.diagnose(e)
		return output{}, Usage
	}
	f := &filter{code: code, values: values, raw: p.Has("-r"), compact: p.Has("-c") || !screen, screen: screen}
	return output{write: func(ctx context.Context, w io.Writer) error {
		err := f.run(ctx, from, w)
		var je *jqError
		if errors.As(err, &je) {
			r.errorf("jq: %v", je.err)
			return &told{Failed}
		}
		return err
	}}, OK
}

// stage is what looks like the next stage of a pipe, or the next statement, inside a
// filter.
var stage = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\|\s*(save|table|jq|!)|;\s*[a-z$]`) })

// variable is a variable as jq spells it.
var variable = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\$[A-Za-z_][A-Za-z0-9_]*`) })

// jqVariables are those of the shell's variables that a filter reads.
func (r *run) jqVariables(filter string) (names []string, values []any) {
	for _, name := range variable().FindAllString(filter, -1) {
		if slices.Contains(names, name) {
			continue
		}
		if v, ok := r.env.Var(name[1:]); ok && !v.IsNone() {
			names, values = append(names, name), append(values, jqValue(v))
		}
	}
	return names, values
}

// filter is a jq program and how its results are written.
type filter struct {
	code                 *gojq.Code
	values               []any // of its variables
	raw, compact, screen bool
}

// jqError is a failure of the filter itself.
type jqError struct{ err error }

func (e *jqError) Error() string { return e.err.Error() }

// run writes the results for each input as they come.
func (f *filter) run(ctx context.Context, from output, w io.Writer) error {
	var b []byte
	each := func(in any) error {
		iter := f.code.RunWithContext(ctx, in, f.values...)
		for {
			v, ok := iter.Next()
			if !ok {
				return nil
			}
			if err, is := v.(error); is {
				var halt *gojq.HaltError
				switch {
				case ctx.Err() != nil:
					return ctx.Err()
				case errors.As(err, &halt) && halt.Value() == nil:
					return nil
				}
				return &jqError{err}
			}
			if b = f.append(b, v); len(b) > maxHeld {
				if _, err := w.Write(b); err != nil {
					return err
				}
				b = nil
			}
		}
	}
	err := from.jq(ctx, each)
	if len(b) > 0 && ctx.Err() == nil {
		if _, werr := w.Write(b); werr != nil && err == nil {
			err = werr
		}
	}
	return err
}

// jq gives what a stage wrote to each, as jq has it.
func (o output) jq(ctx context.Context, each func(any) error) error {
	if !o.value.IsNone() {
		return each(jqValue(o.value))
	}
	var text bytes.Buffer
	if err := o.write(ctx, &text); err != nil {
		return err
	}
	dec := json.NewDecoder(&text)
	dec.UseNumber()
	for {
		var v any
		if err := dec.Decode(&v); err == io.EOF {
			return nil
		} else if err != nil {
			return &jqError{err}
		}
		if err := each(exact(v)); err != nil {
			return err
		}
	}
}

// append writes a result of jq on a line: raw strings bare, others as JSON.
func (f *filter) append(dst []byte, v any) []byte {
	if s, ok := v.(string); ok && f.raw {
		if f.screen {
			dst = render.AppendLines(dst, s)
		} else {
			dst = append(dst, s...)
		}
		return append(dst, '\n')
	}
	b, err := gojq.Marshal(v)
	if err != nil {
		b = []byte("null")
	}
	b = render.SafeJSON(b)
	if !f.compact {
		var out bytes.Buffer
		if json.Indent(&out, b, "", "  ") == nil {
			b = out.Bytes()
		}
	}
	return append(append(dst, b...), '\n')
}

// jqValue is a value as jq has it, in the shape of its JSON. Whole numbers stay
// whole, which jq keeps to the last digit.
func jqValue(v tl.Value) any {
	switch v.Kind() {
	case tl.KindInt, tl.KindLong:
		return jqWhole(v.AsLong())
	case tl.KindBool:
		return v.AsBool()
	case tl.KindDouble:
		return jqDouble(v.AsDouble())
	case tl.KindString:
		return jqString(v)
	case tl.KindBytes:
		return base64.StdEncoding.EncodeToString(v.AsBytes())
	case tl.KindInt128, tl.KindInt256:
		return fmt.Sprintf("%x", v.AsBytes())
	case tl.KindRaw:
		return map[string]any{"_": "raw", "base64": base64.StdEncoding.EncodeToString(v.AsBytes())}
	case tl.KindVector:
		items := v.Vector().Items
		out := make([]any, len(items))
		for i, it := range items {
			out[i] = jqValue(it)
		}
		return out
	case tl.KindObject:
		o := v.Object()
		out := map[string]any{"_": o.Def().Name}
		for i, f := range o.Fields() {
			out[o.Def().Params[i].Name] = jqValue(f)
		}
		return out
	}
	return nil
}

// jqWhole is a whole number for jq, whatever the size of this machine's int.
func jqWhole(n int64) any {
	if int64(int(n)) == n {
		return int(n)
	}
	return big.NewInt(n)
}

func jqDouble(f float64) any {
	if !math.IsNaN(f) && !math.IsInf(f, 0) {
		return f
	}
	name := "nan"
	if math.IsInf(f, 1) {
		name = "inf"
	} else if math.IsInf(f, -1) {
		name = "-inf"
	}
	return map[string]any{"_": "double", "value": name}
}

func jqString(v tl.Value) any {
	if s := v.AsString(); utf8.ValidString(s) {
		return s
	}
	return map[string]any{"_": "bytes", "base64": base64.StdEncoding.EncodeToString(v.AsBytes())}
}

// exact turns json.Numbers into what jq keeps exactly.
func exact(v any) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := strconv.Atoi(v.String()); err == nil {
			return n
		}
		if n, ok := new(big.Int).SetString(v.String(), 10); ok {
			return n
		}
		f, _ := v.Float64()
		return f
	case []any:
		for i := range v {
			v[i] = exact(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = exact(v[k])
		}
	}
	return v
}
