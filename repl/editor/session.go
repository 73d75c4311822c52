package editor

import (
	"errors"
	"runtime"

	prompt "github.com/c-bata/go-prompt"
)

// runner calls edit for one line, on the goroutine of its caller.
type runner interface{ run(edit func()) }

// lineKey is what the session reads instead of a key: no terminal sends it, and
// go-prompt hands it to the function bound to it.
const lineKey = "\x00tlsh-line"

// errNoKey tells go-prompt to ask again.
var errNoKey = errors.New("no key")

// session lends go-prompt's loop to the editor. It is the ConsoleParser too.
type session struct {
	prompt *prompt.Prompt
	turn   *turn
}

// turn is the session's part for one line.
type turn struct {
	edit  func()
	reads int
	done  chan struct{} // closed when edit has returned or panicked
	gone  chan struct{} // closed when go-prompt's reader has been ended by us
	// failed says, once done is closed, that go-prompt's loop was left by a
	// panic and will not stop its reader.
	failed bool
}

// newSession must only be called where /dev/tty opens: go-prompt panics elsewhere.
// It keeps one descriptor of it for the life of the process.
func newSession() *session {
	s := &session{}
	s.prompt = prompt.New(
		func(string) {},
		func(prompt.Document) []prompt.Suggest { return nil },
		prompt.OptionParser(s),
		prompt.OptionWriter(dropWriter{}),
		prompt.OptionAddASCIICodeBind(prompt.ASCIICodeBind{
			ASCIICode: []byte(lineKey),
			Fn:        func(*prompt.Buffer) { s.turn.run() },
		}),
	)
	return s
}

// run returns when edit has; a panic of edit passes through it.
func (s *session) run(edit func()) {
	t := &turn{edit: edit, done: make(chan struct{}), gone: make(chan struct{})}
	s.turn = t
	s.prompt.Input()
}

func (t *turn) run() {
	t.failed = true
	defer func() {
		close(t.done)
		if t.failed {
			// Another line may begin only when the reader of this one has
			// gone, or it would take the other's keys.
			<-t.gone
		}
	}()
	t.edit()
	t.failed = false
}

// Read is called by go-prompt's reader: first it gets the key that begins the line,
// then the Enter that will end it, queued behind.
func (s *session) Read() ([]byte, error) {
	t := s.turn
	t.reads++
	switch t.reads {
	case 1:
		return []byte(lineKey), nil
	case 2:
		return []byte("\r"), nil
	}
	<-t.done
	if t.failed {
		close(t.gone)
		runtime.Goexit()
	}
	return nil, errNoKey
}

// Setup and TearDown do nothing: ReadLine sets the terminal's mode itself, where an
// error can be returned.
func (s *session) Setup() error { return nil }

// TearDown does nothing, see Setup.
func (s *session) TearDown() error { return nil }

// GetWinSize returns a size at which go-prompt never finds the window too small.
func (s *session) GetWinSize() *prompt.WinSize { return &prompt.WinSize{Row: 60000, Col: 60000} }

// dropWriter is a ConsoleWriter that drops what go-prompt draws.
type dropWriter struct{}

func (dropWriter) WriteRaw([]byte)                    {}
func (dropWriter) Write([]byte)                       {}
func (dropWriter) WriteRawStr(string)                 {}
func (dropWriter) WriteStr(string)                    {}
func (dropWriter) Flush() error                       { return nil }
func (dropWriter) EraseScreen()                       {}
func (dropWriter) EraseUp()                           {}
func (dropWriter) EraseDown()                         {}
func (dropWriter) EraseStartOfLine()                  {}
func (dropWriter) EraseEndOfLine()                    {}
func (dropWriter) EraseLine()                         {}
func (dropWriter) ShowCursor()                        {}
func (dropWriter) HideCursor()                        {}
func (dropWriter) CursorGoTo(int, int)                {}
func (dropWriter) CursorUp(int)                       {}
func (dropWriter) CursorDown(int)                     {}
func (dropWriter) CursorForward(int)                  {}
func (dropWriter) CursorBackward(int)                 {}
func (dropWriter) AskForCPR()                         {}
func (dropWriter) SaveCursor()                        {}
func (dropWriter) UnSaveCursor()                      {}
func (dropWriter) ScrollDown()                        {}
func (dropWriter) ScrollUp()                          {}
func (dropWriter) SetTitle(string)                    {}
func (dropWriter) ClearTitle()                        {}
func (dropWriter) SetColor(_, _ prompt.Color, _ bool) {}
