package eval

import (
	"encoding/base64"
	"strings"
)

// maxClipboard is the longest text that is given to a terminal's clipboard, in
// bytes: xterm and its like take an escape sequence of 100,000 bytes.
const maxClipboard = 74000

// toClipboard puts a text into the clipboard of the terminal that Out is, by the
// escape sequence OSC 52
// (https://invisible-island.net/xterm/ctlseqs/ctlseqs.html, "Operating System
// Commands"), which passes through SSH. Whether the terminal takes it, it does
// not say.
func (r *run) toClipboard(text string) Status {
	if r.dumb() {
		return OK
	}
	if len(text) > maxClipboard {
		r.note("that is too long for a terminal's clipboard: copy … | !COMMAND gives it to a program")
		return OK
	}
	tmux, _ := r.Getenv("TMUX")
	screen, _ := r.Getenv("STY")
	r.emit([]byte(clipboard(text, tmux != "", screen != "")))
	r.note("copied, if the terminal allows it (OSC 52)")
	return OK
}

// screenChunk is how much GNU screen passes through at once, in bytes: its limit
// is 768 with what is around it.
const screenChunk = 256

// clipboard is the escape sequence that puts a text into the clipboard, wrapped
// for tmux or screen where the terminal is one of theirs.
func clipboard(text string, tmux, screen bool) string {
	seq := "\x1b]52;c;" + base64.StdEncoding.EncodeToString([]byte(text)) + "\a"
	switch {
	case tmux:
		return "\x1bPtmux;" + strings.ReplaceAll(seq, "\x1b", "\x1b\x1b") + "\x1b\\"
	case screen:
		var b strings.Builder
		for len(seq) > 0 {
			n := min(len(seq), screenChunk)
			b.WriteString("\x1bP" + seq[:n] + "\x1b\\")
			seq = seq[n:]
		}
		return b.String()
	}
	return seq
}
