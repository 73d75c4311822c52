package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"tlsh/completer"
	"tlsh/eval"
	"tlsh/render"
	"tlsh/repl"
	"tlsh/schema"
)

// completion is the document of complete -o json.
type completion struct {
	completer.Result
	Signature *completer.Signature `json:"signature"` // null outside of calls
}

// completeCommand prints the candidates for a place of a line, for editors: on
// each line the text to insert, its kind and a description, separated by tabs;
// with -o json one document that says too which bytes it replaces and what the
// call at the place takes.
func (p *program) completeCommand() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use: "complete LINE [CURSOR]", Short: "Print what can stand at a place of a line, for editors",
		Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			cursor := len(args[0])
			if len(args) == 2 {
				n, err := strconv.Atoi(args[1])
				if err != nil || n < 0 || n > len(args[0]) {
					return fmt.Errorf("CURSOR is a byte of the line, 0 to %d", len(args[0]))
				}
				cursor = n
			}
			if format == "" {
				format = p.output // before the command
			}
			if format != "" && format != "json" && format != "text" {
				return fmt.Errorf("complete prints text or json, not %s", format)
			}
			p.output = ""
			v, err := p.view(cmd.Context())
			if err != nil {
				return err
			}
			defer v.close()
			res := completer.Complete(v.schema, v.world, args[0], cursor)
			if format == "json" {
				enc := json.NewEncoder(p.out)
				enc.SetEscapeHTML(false)
				return enc.Encode(completion{res, completer.SignatureAt(v.schema, v.world, args[0], cursor)})
			}
			var b strings.Builder
			for _, it := range res.Items {
				fmt.Fprintf(&b, "%s\t%s\t%s\n", it.Text, it.Kind, render.Escape(it.Description))
			}
			_, err = fmt.Fprint(p.out, b.String())
			return err
		},
	}
	cmd.Flags().StringVarP(&format, "output", "o", "", "`FORMAT`: text or json")
	p.placeFlags(cmd)
	return cmd
}

// view is what completion outside of a prompt sees.
type view struct {
	schema *schema.Schema
	world  *repl.World
	close  func()
}

// view opens one for the place that the flags name. Nothing connects; people are
// known without.
func (p *program) view(ctx context.Context) (*view, error) {
	cfg, err := p.config(nil)
	if err != nil {
		return nil, err
	}
	v := &view{schema: cfg.Schema, close: func() {}}
	if t, err := p.target(ctx, cfg.Schema); err == nil {
		v.close = func() { _ = t.close() }
		cfg.Account, cfg.Others = t.account, t.others
		if t.sandbox {
			cfg.Knobs = knobs()
		}
	}
	v.world = repl.NewWorld(eval.New(cfg))
	return v, nil
}
