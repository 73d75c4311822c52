package editor

import (
	"errors"
	"strings"

	prompt "github.com/c-bata/go-prompt"
)

// pressChord does the key after Ctrl-X, and reports whether the two mean something
// together.
func (ed *edit) pressChord(name prompt.Key) bool {
	switch name {
	case prompt.ControlE:
		ed.external()
	case prompt.ControlU:
		ed.takeBack()
	default:
		return false
	}
	return true
}

// external has the line edited by a program of the user's, to which the terminal
// is lent as it was found.
func (ed *edit) external() {
	e := ed.e
	if e.cfg.Edit == nil {
		return
	}
	ed.dismiss()
	ed.settle()
	e.screen.vanish()
	var text string
	err := e.lend(func() (err error) {
		text, err = e.cfg.Edit(ed.line.text)
		return err
	})
	var broken *terminalError
	switch {
	case errors.As(err, &broken):
		ed.stop(err)
	case err != nil:
		_ = e.screen.above("not edited: " + err.Error()) // the screen keeps its own error
	default:
		text = strings.TrimRight(text, "\n")
		ed.change(line{text, len(text)})
		ed.edited = false // what is offered for a line that has been written elsewhere is in the way
	}
	e.screen.begin()
}

// terminalError is an error of the terminal itself.
type terminalError struct{ err error }

func (e *terminalError) Error() string { return "terminal: " + e.err.Error() }
func (e *terminalError) Unwrap() error { return e.err }

// lend gives the terminal, in the mode that New found, to use while a line is read.
func (e *Editor) lend(use func() error) error {
	if err := e.term.restore(); err != nil {
		return &terminalError{err}
	}
	err := use()
	if rerr := e.term.raw(); rerr != nil {
		return &terminalError{rerr}
	}
	return err
}

// suspend stops the program until the shell that began it lets it go on.
func (ed *edit) suspend() {
	e := ed.e
	ed.dismiss()
	ed.settle()
	e.screen.finish(ed.view("^Z"))
	e.untitle()
	err := e.lend(e.term.suspend)
	if err != nil {
		ed.stop(err)
		return
	}
	e.retitle()
	e.screen.begin()
}
