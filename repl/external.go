package repl

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"time"

	"tlsh/eval"
)

// editorOf is the command line of the user's editor, as other programs find it.
func (p *prompt) editorOf() string {
	for _, name := range []string{"VISUAL", "EDITOR"} {
		if v, _ := p.cfg.Getenv(name); strings.TrimSpace(v) != "" {
			return v
		}
	}
	return "vi"
}

// edit lends the terminal to the user's editor, for a text that is to be run. Leaving
// the editor without saving is a change of mind: eval.ErrUnsaved.
func (p *prompt) edit(text string) (string, error) {
	defer p.lend()()
	edited, saved, err := p.external(text)
	if err == nil && !saved {
		err = eval.ErrUnsaved
	}
	return edited, err
}

// revise is external for a line that stays in the prompt.
func (p *prompt) revise(text string) (string, error) {
	edited, _, err := p.external(text)
	return edited, err
}

// external has a text edited by the user's editor, in a file that nobody else can
// read and that is gone afterwards, and reports whether the editor wrote it. The
// terminal must have been lent before.
func (p *prompt) external(text string) (edited string, saved bool, err error) {
	dir, err := os.MkdirTemp("", "tlsh-")
	if err != nil {
		return "", false, err
	}
	defer os.RemoveAll(dir)
	file := dir + "/line.tl"
	if err := os.WriteFile(file, []byte(text+"\n"), 0o600); err != nil {
		return "", false, err
	}
	old := time.Unix(1, 0) // no editor saves at that time
	if err := os.Chtimes(file, old, old); err != nil {
		return "", false, err
	}
	// A Ctrl-C is for the editor.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	name := p.editorOf()
	cmd := exec.Command("/bin/sh", "-c", name+` "$1"`, "sh", file) // VISUAL may have arguments
	cmd.Stdin, cmd.Stdout, cmd.Stderr = p.cfg.In, os.Stdout, os.Stderr
	if f, err := os.OpenFile("/dev/tty", os.O_RDWR, 0); err == nil {
		defer f.Close()
		cmd.Stdin, cmd.Stdout, cmd.Stderr = f, f, f
	}
	if err := cmd.Run(); err != nil {
		return "", false, fmt.Errorf("%s: %w", name, err)
	}
	if ctx.Err() != nil {
		return "", false, fmt.Errorf("%s was interrupted", name)
	}
	info, err := os.Stat(file)
	if err != nil {
		return "", false, err
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return "", false, err
	}
	text = strings.TrimRight(strings.ReplaceAll(string(b), "\r\n", "\n"), "\n")
	return text, !info.ModTime().Equal(old), nil
}
