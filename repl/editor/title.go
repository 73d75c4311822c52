package editor

import (
	"strings"
	"sync"
)

// Sequences of xterm that most terminals know: the title is put on a stack of the
// terminal's own and taken back from there, since it cannot be asked for safely.
// Source: https://invisible-island.net/xterm/ctlseqs/ctlseqs.html, XTWINOPS 22 and 23.
const (
	titlePush = "\x1b[22;0t"
	titlePop  = "\x1b[23;0t"
	titleSet  = "\x1b]2;"
	titleEnd  = "\x07"
)

// maxTitle bounds a title, in runes.
const maxTitle = 120

// title is the window's title as the editor has set it.
type title struct {
	mu   sync.Mutex
	text string
	set  bool // the terminal's own is on its stack
}

// SetTitle gives the window a title, and "" its own back. Control characters are
// left out. Close and suspending give back the window's own. It may be called from
// any goroutine.
func (e *Editor) SetTitle(text string) {
	e.title.mu.Lock()
	defer e.title.mu.Unlock()
	e.title.text = plainTitle(text)
	e.drawTitle()
}

// untitle gives the window its own title back for a while, retitle ends that.
func (e *Editor) untitle() {
	e.title.mu.Lock()
	defer e.title.mu.Unlock()
	if e.title.set {
		e.title.set = false
		e.screen.send(titlePop)
	}
}

func (e *Editor) retitle() {
	e.title.mu.Lock()
	defer e.title.mu.Unlock()
	e.drawTitle()
}

// drawTitle sends the title; the lock is held.
func (e *Editor) drawTitle() {
	if e.cfg.Getenv != nil && e.cfg.Getenv("TERM") == "linux" {
		return // the console has no title, and shows what it does not know
	}
	t := &e.title
	switch {
	case t.text == "" && t.set:
		t.set = false
		e.screen.send(titlePop)
	case t.text != "" && !t.set:
		t.set = true
		e.screen.send(titlePush + titleSet + t.text + titleEnd)
	case t.text != "":
		e.screen.send(titleSet + t.text + titleEnd)
	}
}

// plainTitle keeps what of a text may stand in a title.
func plainTitle(text string) string {
	text = strings.Map(func(r rune) rune {
		if hiddenRune(r) || r == '\ufffd' {
			return -1
		}
		return r
	}, text)
	if r := []rune(text); len(r) > maxTitle {
		text = string(r[:maxTitle])
	}
	return text
}
