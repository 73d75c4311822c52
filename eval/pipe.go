package eval

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/itchyny/gojq"

	"tlsh/render"
	"tlsh/syntax"
	"tlsh/tl"
)

// pipe sends a value through the stages behind a statement. Between stages
// there is text: a value becomes JSON or what -o says, jq reads JSON.
func (r *run) pipe(ctx context.Context, pipes []*syntax.Pipe, v tl.Value) Status {
	var text []byte // of the stage before; nil while it is still the value
	for i, p := range pipes {
		last := i == len(pipes)-1
		switch p.Name.Text {
		case "jq":
			out, st := r.jq(ctx, p, v, text)
			if st != OK {
				return st
			}
			text = out
			if last {
				_, _ = r.cfg.Out.Write(text)
			}
		case "save":
			return r.save(p, r.pipeText(v, text))
		case "!":
			out, st := r.command1(ctx, p, r.pipeText(v, text), last)
			if st != OK || last {
				return st
			}
			text = out
		default:
			e := &syntax.Error{Span: p.Name.Span(), Msg: "there is no pipe to " + render.Escape(p.Name.Text), Fix: "jq, save or !command"}
			r.diagnose(e)
			return Usage
		}
	}
	return OK
}

// pipeText is what save and ! receive: what -o says, JSON when that is the
// tree.
func (r *run) pipeText(v tl.Value, text []byte) []byte {
	if text != nil {
		return text
	}
	if r.cfg.Format == Tree {
		return append(render.AppendJSON(nil, v), '\n')
	}
	plain := *r.Shell
	plain.cfg.Terminal = false
	plain.cfg.View.Width, plain.cfg.View.Color = 0, false
	return append(plain.format(nil, v), '\n')
}

// jq runs a filter over the value, or over the JSON texts of the stage before.
func (r *run) jq(ctx context.Context, p *syntax.Pipe, v tl.Value, text []byte) ([]byte, Status) {
	bad := func(span syntax.Span, err error) ([]byte, Status) {
		r.diagnose(&syntax.Error{Span: span, Msg: "jq: " + err.Error()})
		return nil, Usage
	}
	query, err := gojq.Parse(p.Raw.Text)
	if err != nil {
		return bad(p.Raw.Span(), err)
	}
	code, err := gojq.Compile(query)
	if err != nil {
		return bad(p.Raw.Span(), err)
	}
	inputs := []any{jqValue(v)}
	if text != nil {
		if inputs, err = jqInputs(text); err != nil {
			r.errorf("jq: %v", err)
			return nil, Failed
		}
	}
	out := []byte{}
	for _, in := range inputs {
		iter := code.RunWithContext(ctx, in)
		for {
			v, ok := iter.Next()
			if !ok {
				break
			}
			if err, is := v.(error); is {
				if interrupted(ctx, err) {
					return nil, Interrupted
				}
				var halt *gojq.HaltError
				if errors.As(err, &halt) && halt.Value() == nil {
					break
				}
				_, _ = r.cfg.Out.Write(out)
				r.errorf("jq: %v", err)
				return nil, Failed
			}
			out = appendJQ(out, v, p.Has("-r"), p.Has("-c") || !r.cfg.Terminal)
		}
	}
	return out, OK
}

// save writes a file, and never over one unless --force says so.
func (r *run) save(p *syntax.Pipe, text []byte) Status {
	if len(p.Args) == 0 {
		r.diagnose(&syntax.Error{Span: p.Span(), Msg: "save wants the name of a file"})
		return Usage
	}
	name := syntax.Text(p.Args[0])
	force := p.Has("--force")
	if !force {
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			if errors.Is(err, os.ErrExist) {
				r.diagnose(&syntax.Error{Span: p.Args[0].Span(), Msg: render.Escape(name) + " is there already", Fix: "add --force to replace it"})
				return Failed
			}
			r.errorf("save: %v", err)
			return Failed
		}
		_, err = f.Write(text)
		if err = errors.Join(err, f.Close()); err != nil {
			r.errorf("save: %v", err)
			return Failed
		}
	} else if err := writeFile(name, text); err != nil {
		r.errorf("save: %v", err)
		return Failed
	}
	r.note("saved %d bytes to %s", len(text), name)
	return OK
}

// writeFile replaces a file in one step.
func writeFile(name string, text []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".tlsh-*")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// command1 gives the text to a command of the user's shell. What the last one
// prints goes straight to Out.
func (r *run) command1(ctx context.Context, p *syntax.Pipe, text []byte, last bool) ([]byte, Status) {
	shell, ok := r.cfg.Getenv("SHELL")
	if !ok || shell == "" {
		shell = "/bin/sh"
	}
	cmd := exec.CommandContext(ctx, shell, "-c", p.Raw.Text)
	cmd.Stdin = bytes.NewReader(text)
	cmd.Stderr = r.cfg.Err
	var out bytes.Buffer
	cmd.Stdout = &out
	if last {
		cmd.Stdout = r.cfg.Out
	}
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return nil, Interrupted
		}
		r.errorf("!%s: %v", p.Raw.Text, err)
		return nil, Failed
	}
	return out.Bytes(), OK
}

// jqValue is a value as jq has it, in the shape of its JSON. Whole numbers stay
// Go ints, which jq keeps to the last digit.
func jqValue(v tl.Value) any {
	switch v.Kind() {
	case tl.KindInt, tl.KindLong:
		return int(v.AsLong())
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

// jqInputs reads the JSON texts that a stage wrote.
func jqInputs(text []byte) ([]any, error) {
	var out []any
	dec := newDecoder(text)
	for {
		var v any
		if err := dec.Decode(&v); err == io.EOF {
			return out, nil
		} else if err != nil {
			return nil, err
		}
		out = append(out, exact(v))
	}
}
