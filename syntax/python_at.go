package syntax

import "strings"

// clients are the names that Telethon's documentation gives a client.
var clients = [...]string{"client", "bot", "self.client", "self.bot"}

// IsClient reports the name that a client has in Telethon's documentation.
func IsClient(name string) bool {
	for _, c := range clients {
		if name == c {
			return true
		}
	}
	return false
}

// Shows reports a method of Telethon's objects that shows them.
func Shows(method string) bool {
	return method == "stringify" || method == "to_dict" || method == "to_json"
}

// atPython reports that what begins at i is one of Telethon's forms: the call
// of a class, of the client or one of its methods, of print, or of one of the
// functions that show a result.
func (p *parser) atPython(i int) bool {
	end := i
	for end < len(p.src) && (classes[p.src[end]].has(cIdent) || p.src[end] == '.') {
		end++
	}
	name := p.src[i:end]
	if !p.at(end, '(') || !isPath(name) || strings.HasSuffix(name, ".") {
		return false
	}
	dot := strings.LastIndexByte(name, '.')
	last := name[dot+1:]
	switch {
	case 'A' <= last[0] && last[0] <= 'Z', name == "print", IsClient(name):
		return true
	case dot < 0:
		return false
	}
	if Shows(last) {
		return true
	}
	for owner := name[:dot]; owner != ""; owner, _, _ = cutLast(owner) {
		if IsClient(owner) || owner == "utils" || owner == "asyncio" {
			return true
		}
	}
	return false
}

// cutLast takes the last part of a dotted name away.
func cutLast(s string) (rest, last string, ok bool) {
	if i := strings.LastIndexByte(s, '.'); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return "", s, false
}

// at reports the byte c at the place i of the source.
func (p *parser) at(i int, c byte) bool { return i < len(p.src) && p.src[i] == c }

// isPython reports that a statement goes on with one of Telethon's forms.
func (p *parser) isPython(st *Stmt) bool {
	return st.X == nil && !p.eof() && (p.atPython(p.i) || st.Await != nil && !p.atEnd() || p.namedByPython(st) && p.atPyValue())
}

// namedByPython reports that a statement begins with x =, without the $.
func (p *parser) namedByPython(st *Stmt) bool {
	v, ok := st.Assign.(*Var)
	return ok && st.Await == nil && p.src[v.span.From] != '$' && isPyName(v.Name)
}

// atPyValue reports a value that Python alone writes so, where x = stands before it:
// a list or a tuple, True, False, None, bytes, and the path of a variable, as
// result.users[0], with nothing behind it.
func (p *parser) atPyValue() bool {
	switch c := p.src[p.i]; {
	case c == '[', c == '(':
		return true
	case c == 'b' && (p.at(p.i+1, '"') || p.at(p.i+1, '\'')):
		return true
	case !classes[c].has(cIdent), classes[c].has(cDigit):
		return false
	}
	end := identEnd(p.src, p.i)
	switch name := p.src[p.i:end]; name {
	case "True", "False", "None":
	default:
		if !isPyName(name) { // a keyword, as batch
			return false
		}
	}
	for end < len(p.src) && (p.src[end] == '.' || p.src[end] == '[') {
		n := pyStepLen(p.src[end:])
		if n == 0 {
			return true // wrong, and nothing that follows makes it right
		}
		end += n
	}
	rest := strings.TrimLeftFunc(p.src[end:], isBlank)
	return rest == "" || strings.IndexByte("\n;|#>", rest[0]) >= 0
}

// pyStepLen is the length of the step .name or [1:-2] that s begins with, or of as
// much of it as there is where s ends within; 0 where it is none.
func pyStepLen(s string) int {
	if s[0] == '.' {
		end := identEnd(s, 1)
		if end == 1 && len(s) > 1 || end > 1 && classes[s[1]].has(cDigit) {
			return 0
		}
		return end
	}
	i := 1
	number := func() bool {
		for i < len(s) && s[i] == ' ' {
			i++
		}
		if i < len(s) && s[i] == '-' {
			if i++; i < len(s) && !classes[s[i]].has(cDigit) {
				return false
			}
		}
		from := i
		for i < len(s) && classes[s[i]].has(cDigit) {
			i++
		}
		few := i-from <= 9 // so that it is in range
		for i < len(s) && s[i] == ' ' {
			i++
		}
		return few
	}
	if !number() {
		return 0
	}
	if i < len(s) && s[i] == ':' {
		if i++; !number() {
			return 0
		}
	}
	switch {
	case i == len(s):
		return i
	case s[i] == ']':
		return i + 1
	}
	return 0
}
