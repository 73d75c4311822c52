package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"tlsh/completer"
	"tlsh/eval"
	"tlsh/render"
)

// completeCommand prints the candidates for a place of a line, for editors: on
// each line the text to insert, its kind and a description, separated by tabs.
func (p *program) completeCommand() *cobra.Command {
	return &cobra.Command{
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
			cfg, err := p.config(nil)
			if err != nil {
				return err
			}
			res := completer.Complete(cfg.Schema, eval.New(cfg).Snapshot(), args[0], cursor)
			var b strings.Builder
			for _, it := range res.Items {
				fmt.Fprintf(&b, "%s\t%s\t%s\n", it.Text, it.Kind, render.Escape(it.Description))
			}
			_, err = fmt.Fprint(p.out, b.String())
			return err
		},
	}
}
