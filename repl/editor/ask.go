package editor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Ask shows text on the controlling terminal and reads one line of an answer,
// which is not shown where it is secret. What was typed before is dropped: it
// answers something else. The terminal assembles the line itself, and is put back
// as Ask found it. It must not be called while a line is read; it may be called
// in a Hold, and where there is no Editor. Errors: one that wraps ErrNoTerminal,
// io.EOF for Ctrl-D, the context's cause.
func Ask(ctx context.Context, text string, secret bool) (answer string, err error) {
	term, err := openTerminal("")
	if err != nil {
		return "", err
	}
	return ask(ctx, term, text, secret)
}

func ask(ctx context.Context, term terminal, text string, secret bool) (answer string, err error) {
	defer func() { err = errors.Join(err, term.restore(), term.close()) }()
	if err := term.cooked(!secret); err != nil {
		return "", fmt.Errorf("terminal: %w", err)
	}
	defer context.AfterFunc(ctx, term.wake)()
	if _, err := io.WriteString(term, text); err != nil {
		return "", err
	}
	var line []byte
	for {
		if ctx.Err() != nil {
			return "", leave(term, context.Cause(ctx))
		}
		b, err := term.read(0)
		if err != nil {
			return "", leave(term, err)
		}
		line = append(line, b...)
		if before, _, whole := strings.Cut(string(line), "\n"); whole {
			return strings.TrimSuffix(before, "\r"), nil
		}
	}
}

// leave ends the row of the question.
func leave(term terminal, err error) error {
	_, _ = io.WriteString(term, "\n")
	return err
}
