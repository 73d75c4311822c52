package editor

import (
	"bytes"
	"strings"
	"unicode/utf8"

	prompt "github.com/c-bata/go-prompt"
)

// key is one event of the keyboard: a named key, text to insert, or a paste.
type key struct {
	// name is NotDefined for text, and for a sequence nobody knows (text is then
	// empty).
	name prompt.Key
	// alt says that Escape came right before, as Alt sends it; the rune is then
	// in text or the key in name.
	alt   bool
	text  string
	paste bool
	// reply is an answer of the terminal, to what was asked of it.
	reply string
}

const (
	pasteBegin = "\x1b[200~"
	pasteEnd   = "\x1b[201~"
	// maxSequence bounds an escape sequence; what is longer is not a key.
	maxSequence = 128
)

// decoder splits what the terminal sends into keys, keeping what is not whole yet.
type decoder struct {
	rest    []byte
	pasting bool
	paste   []byte
}

// waiting reports whether the next bytes may change the meaning of those held.
func (d *decoder) waiting() bool { return len(d.rest) > 0 || len(d.paste) > 0 }

// answering reports whether an answer of the terminal has begun; its parts may come
// slowly.
func (d *decoder) answering() bool { return bytes.HasPrefix(d.rest, []byte("\x1b]")) }

// feed takes bytes as they come and appends the keys that are whole to dst.
func (d *decoder) feed(dst []key, in []byte) []key {
	if d.pasting && string(in) == "\x03" {
		// The end of the paste has been lost, and somebody wants out.
		dst = d.flush(dst)
		d.pasting = false
	}
	d.rest = append(d.rest, in...)
	return d.split(dst, false)
}

// flush says that nothing has come for a while: an Escape stands for itself then,
// and what there is of a paste is shown.
func (d *decoder) flush(dst []key) []key {
	dst = d.split(dst, true)
	if d.pasting && len(d.paste)+len(d.rest) > 0 {
		dst = append(dst, pasted(append(d.paste, d.rest...)))
		d.paste, d.rest = nil, nil
	}
	return dst
}

func (d *decoder) split(dst []key, flush bool) []key {
	for len(d.rest) > 0 {
		if d.pasting {
			var whole bool
			if dst, whole = d.splitPaste(dst); !whole {
				return dst
			}
			continue
		}
		n := sequence(d.rest, flush)
		if n == 0 {
			return dst
		}
		s := string(d.rest[:n])
		d.rest = d.rest[n:]
		if esc, ok := strings.CutSuffix(s, pasteBegin); ok && len(esc) <= 1 {
			if esc != "" { // Escape right before it, which is no Alt then
				dst = append(dst, named(esc))
			}
			d.pasting = true
			continue
		}
		dst = append(dst, named(s))
	}
	d.rest = nil
	return dst
}

// splitPaste takes the paste as far as it has come; whole says that it has ended.
func (d *decoder) splitPaste(dst []key) (_ []key, whole bool) {
	i := bytes.Index(d.rest, []byte(pasteEnd))
	if i < 0 {
		n := max(0, len(d.rest)-len(pasteEnd)+1)
		d.paste = append(d.paste, d.rest[:n]...)
		d.rest = bytes.Clone(d.rest[n:])
		return dst, false
	}
	dst = append(dst, pasted(append(d.paste, d.rest[:i]...)))
	d.paste, d.pasting, d.rest = nil, false, d.rest[i+len(pasteEnd):]
	return dst, true
}

func pasted(b []byte) key {
	s := strings.ReplaceAll(string(b), "\r\n", "\n")
	return key{name: prompt.BracketedPaste, text: strings.ReplaceAll(s, "\r", "\n"), paste: true}
}

// named finds the key of one sequence.
func named(s string) key {
	if s[0] >= 0x20 && s[0] != 0x7f {
		return key{name: prompt.NotDefined, text: s}
	}
	if _, n := utf8.DecodeRuneInString(s[1:]); len(s) > 1 && s[0] == 0x1b &&
		(len(s) == 1+n || s[1] == 0x1b) && s != "\x1b[" && s != "\x1bO" {
		k := named(s[1:])
		k.alt = true
		return k
	}
	if _, place := readPlace(s); place || strings.HasPrefix(s, backgroundReply) {
		return key{name: prompt.NotDefined, reply: s}
	}
	switch s { // what go-prompt's table lacks or maps otherwise
	case "\t":
		return key{name: prompt.Tab}
	case "\n":
		return key{name: prompt.ControlJ}
	case "\x1b[F", "\x1bOF":
		return key{name: prompt.End}
	case "\x1bOH":
		return key{name: prompt.Home}
	case "\x1b[1;3C", "\x1b[1;9C":
		return key{name: prompt.ControlRight}
	case "\x1b[1;3D", "\x1b[1;9D":
		return key{name: prompt.ControlLeft}
	case "\x1b[13;2u", "\x1b[13;3u", "\x1b[27;2;13~": // Shift- and Alt-Enter where they differ
		return key{name: prompt.ControlJ}
	}
	return key{name: prompt.GetKey([]byte(s))}
}

// sequence returns the length of the first key of b or run of text, or 0 when b
// ends inside it and flush is false.
func sequence(b []byte, flush bool) int {
	short := 0
	if flush {
		short = len(b)
	}
	switch {
	case b[0] == 0x1b && len(b) == 1:
		return short
	case b[0] == 0x1b:
		return escape(b, short)
	case b[0] < 0x20 || b[0] == 0x7f:
		return 1
	}
	n := 0
	for n < len(b) && b[n] >= 0x20 && b[n] != 0x7f {
		if !utf8.FullRune(b[n:]) {
			if n == 0 {
				return short
			}
			return n
		}
		_, size := utf8.DecodeRune(b[n:])
		n += size
	}
	return n
}

// escape is sequence for what begins with Escape and has more; short is returned
// when it is not whole.
func escape(b []byte, short int) int {
	switch c := b[1]; {
	case c == '[':
		return control(b, short)
	case c == 'O':
		if len(b) < 3 {
			return short
		}
		return 3
	case c == ']' || c == 'P' || c == '_' || c == '^' || c == 'X':
		// A string the terminal sends unasked, ended by BEL or ESC \.
		for i := 2; i < len(b); i++ {
			if b[i] == 0x07 {
				return i + 1
			}
			if b[i] == '\\' && b[i-1] == 0x1b {
				return i + 1
			}
		}
		if len(b) == 2 && short != 0 || len(b) > maxSequence {
			return 2
		}
		return short
	case c == 0x1b: // Alt with a key that is a sequence itself, or Escape twice
		if len(b) == 2 && short == 0 {
			return 0
		}
		if len(b) == 2 || b[2] != '[' && b[2] != 'O' {
			return 1
		}
		if n := escape(b[1:], max(short-1, 0)); n != 0 {
			return 1 + n
		}
		return 0
	case !utf8.FullRune(b[1:]):
		return short
	default:
		_, n := utf8.DecodeRune(b[1:])
		return 1 + n
	}
}

// control is escape for the sequences that begin with ESC [.
func control(b []byte, short int) int {
	i := 2
	if len(b) > 2 && b[2] == '[' { // function keys of the Linux console
		i++
	}
	for ; i < len(b); i++ {
		switch c := b[i]; {
		case c >= 0x40 && c <= 0x7e:
			return i + 1
		case c < 0x20 || c > 0x7e || i >= maxSequence:
			return i // broken off: the key that follows is a new one
		}
	}
	return short
}
