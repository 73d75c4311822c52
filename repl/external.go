package repl

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
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

// edit lends the terminal to the user's editor, for a text.
func (p *prompt) edit(text string) (string, error) {
	defer p.lend()()
	return p.external(text)
}

// external has a text edited by the user's editor, in a file that nobody else can
// read and that is gone afterwards. The terminal must have been lent before.
func (p *prompt) external(text string) (string, error) {
	dir, err := os.MkdirTemp("", "tlsh-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	file := dir + "/line.tl"
	if err := os.WriteFile(file, []byte(text+"\n"), 0o600); err != nil {
		return "", err
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
		return "", fmt.Errorf("%s: %w", name, err)
	}
	if ctx.Err() != nil {
		return "", fmt.Errorf("%s was interrupted", name)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	return strings.TrimRight(strings.ReplaceAll(string(b), "\r\n", "\n"), "\n"), nil
}
