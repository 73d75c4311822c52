package syntax

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// atSetup reports a line of Python that only gets ready what the shell has
// anyway, or that begins a loop, and whether it ends in a colon.
func (p *parser) atSetup() (is, colon bool) {
	rest := p.src[p.i:]
	word, rest := nextWord(rest)
	switch word {
	case "import":
		name, _ := nextWord(rest)
		return isPath(name), false
	case "from":
		name, rest := nextWord(rest)
		word, _ := nextWord(rest)
		return isPath(name) && word == "import", false
	case "async":
		word, rest = nextWord(rest)
		if word == "for" {
			return isLoop(rest), true
		}
		if word != "with" && word != "def" {
			return false, false
		}
	case "for":
		return isLoop(rest), true
	case "with", "def":
	case "if":
		name, _ := nextWord(rest)
		return name == "__name__", true
	default:
		return false, false
	}
	name, _ := nextWord(rest)
	return name != "" && classes[name[0]].has(cLetter), true
}

// isLoop reports the rest of a line of Python behind for: NAME in …:, and maybe what
// it does. The shell's own loop has its < there.
func isLoop(rest string) bool {
	name, rest := nextWord(rest)
	in, rest := nextWord(rest)
	line, _, _ := strings.Cut(rest, "\n")
	return isPyName(name) && in == "in" && (strings.HasSuffix(strings.TrimSpace(line), ":") || strings.Contains(line, ": ") && !strings.Contains(line, "<"))
}

// nextWord takes the word at the beginning of s and the white space around it
// away; it is "" when something else stands there.
func nextWord(s string) (word, rest string) {
	s = strings.TrimLeftFunc(s, isBlank)
	end := 0
	for end < len(s) && (classes[s[end]].has(cIdent) || s[end] == '.') {
		end++
	}
	next, _ := utf8.DecodeRuneInString(s[end:])
	if end < len(s) && !isBlank(next) && !strings.ContainsRune("(\n;:,", next) {
		return "", s
	}
	return s[:end], s[end:]
}

// isBlank reports white space that does not end a line.
func isBlank(r rune) bool { return r != '\n' && unicode.IsSpace(r) }

// setup passes such a line: to its end, or to its colon. Lines inside brackets
// go on.
func (p *parser) setup(colon bool) Node {
	from, open := p.i, 0
	var at Span
	for !p.eof() {
		c := p.src[p.i]
		switch {
		case p.pyQuote(p.i) == 0:
			p.pyPiece(nil, "")
			continue
		case c == '(' || c == '[':
			open++
			at = Span{p.i, p.i + 1}
			p.emit(TokPunct, p.i+1)
			continue
		case c == ')' || c == ']':
			open = max(0, open-1)
			p.emit(TokPunct, p.i+1)
			continue
		case c == ':' && open == 0 && colon:
			p.emit(TokPunct, p.i+1)
			return p.setupEnd(from)
		case open == 0 && (c == '\n' || c == ';' || c == '|' || c == '#'):
			if colon {
				p.want("the : at the end of the line", "")
			}
			return p.setupEnd(from)
		}
		before := p.i
		if p.blank(open > 0); p.i > before {
			continue
		}
		r, n := utf8.DecodeRuneInString(p.src[p.i:])
		if hiddenInWord(r) {
			p.reportHidden(p.i, p.i+n)
		}
		p.emit(TokWord, max(identEnd(p.src, p.i), p.i+n))
	}
	switch {
	case open > 0:
		p.want("the closing bracket", "").Related = at
	case colon:
		p.want("the : at the end of the line", "")
	}
	return p.setupEnd(from)
}

func (p *parser) setupEnd(from int) Node {
	end := p.pyEnd(from)
	return &Setup{node{Span{from, end}}, p.src[from:end]}
}
