package repl

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"

	"tlsh/eval"
	"tlsh/syntax"
)

// plainLine is a line as it was read, with its newline, and the error behind it.
type plainLine struct {
	text string
	err  error
}

// plain reads lines where none can be edited: TERM=dumb, or no terminal to draw on.
// Ctrl-C drops what of a statement has been typed.
func (p *prompt) plain(ctx context.Context) eval.Status {
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	defer signal.Stop(interrupts)
	// Lines are read one at a time, when one is wanted: what a line runs may read the
	// rest. The goroutine ends with the process, as nothing ends a read of a terminal.
	wanted, lines := make(chan struct{}, 1), make(chan plainLine)
	defer close(wanted)
	go func() {
		in := bufio.NewReader(p.cfg.In)
		for range wanted {
			text, err := in.ReadString('\n')
			lines <- plainLine{text, err}
		}
	}()
	var text strings.Builder
	reading := false
	for !p.shell.Leave() {
		p.mark(text.Len() > 0)
		if !reading {
			reading = true
			wanted <- struct{}{}
		}
		var l plainLine
		select {
		case <-interrupts:
			fmt.Fprintln(p.cfg.Shell.Err)
			text.Reset()
			continue
		case l = <-lines:
			reading = false
		}
		text.WriteString(l.text)
		if src := strings.TrimSuffix(text.String(), "\n"); l.err != nil || syntax.Whole(src) {
			text.Reset()
			p.run(ctx, src)
			select {
			case <-interrupts: // it was for the line that ran
			default:
			}
		}
		if l.err != nil {
			fmt.Fprintln(p.cfg.Shell.Err)
			return eval.OK
		}
	}
	return eval.OK
}

// mark writes the prompt of a plain line; more is for one that goes on.
func (p *prompt) mark(more bool) {
	spot := p.shell.Spot()
	name := spot.Short + spotRest(spot)
	if more {
		name = strings.Repeat(".", len(name))
	}
	fmt.Fprint(p.cfg.Shell.Err, name+"> ")
}
