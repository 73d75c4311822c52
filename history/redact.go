package history

import "strings"

// hidden stands where a secret was.
const hidden = "***"

// Redact returns line with every secret it can recognise replaced by ***. It
// works on text alone, whole or not, and hides rather too much than too little:
//
//   - the value after name=, name = or name: where secretName holds, be it a word,
//     a string of either quote (closed or not), a list, or a call; within strings
//     after name= and a JSON "name":;
//   - all values given by position to the requests and constructors that deal
//     with sign-in, passwords and codes, in both spellings (auth.signIn …,
//     SignInRequest(…));
//   - the word after an option --NAME;
//   - all that follows the command login, also where one letter of it is wrong, and the
//     value in set NAME VALUE where the name is a secret's;
//   - bot tokens, sign-in links, and what has the shape of an api_hash, an auth key
//     or a session of another program, anywhere.
//
// Variables ($pw), env:NAME and access_hash stay, and hash= stays when it is a
// number; Redact(Redact(s)) equals Redact(s).
func Redact(line string) string { return redact(line, nil) }

// redact is Redact for a session in which these variables hold secrets too.
func redact(line string, variables map[string]bool) string {
	// One pass nearly always settles it; another is needed where hiding one
	// value changes how its neighbour reads.
	for range 8 {
		next := redactOnce(line, variables)
		if next == line {
			break
		}
		line = next
	}
	return line
}

// Mask returns line with * in the place of each byte that Redact hides, so that
// places in the one are places in the other, and what stood there.
func Mask(line string) (masked string, secrets []string) {
	b := []byte(line)
	for range 8 {
		hide := hiding(string(b), nil)
		changed := false
		for i := 0; i < len(b); i++ {
			from := i
			for i < len(b) && hide[i] {
				if b[i] != '*' && b[i] != '\n' {
					b[i], changed = '*', true
				}
				i++
			}
			if i > from {
				secrets = append(secrets, line[from:i])
			}
		}
		if !changed {
			break
		}
	}
	return string(b), secrets
}

// hiding says of each byte of a line whether it must not be seen.
func hiding(line string, variables map[string]bool) []bool {
	r := redactor{s: line, hide: make([]bool, len(line)), secret: variables}
	r.scan(0, len(line))
	for _, m := range secretPattern().FindAllStringIndex(line, -1) {
		r.mark(m[0], m[1])
	}
	for _, m := range keyPattern().FindAllStringIndex(line, -1) {
		before := line[:m[0]]
		if keyShaped(line[m[0]:m[1]], strings.HasSuffix(before, "hex:") || strings.HasSuffix(before, "base64:")) {
			r.mark(m[0], m[1])
		}
	}
	return r.hide
}

// secretVariables are the variables that stand where a line wants a secret:
// pw in password=$pw.
func secretVariables(line string) []string {
	r := redactor{s: line, hide: make([]bool, len(line))}
	r.scan(0, len(line))
	return r.used
}

func redactOnce(line string, variables map[string]bool) string {
	hide := hiding(line, variables)
	var out strings.Builder
	for i := 0; i < len(line); i++ {
		switch {
		case !hide[i]:
			out.WriteByte(line[i])
		case i == 0 || !hide[i-1]:
			out.WriteString(hidden)
		}
	}
	return out.String()
}

// redactor marks the bytes of one text that must not be seen.
type redactor struct {
	s     string
	hide  []bool
	calls int // whose values by position were looked for
	depth int // of the strings that scan is in

	secret map[string]bool // variables that hold secrets whatever they are called
	used   []string        // variables that stand for secrets
}

// maxCalls bounds the work on a hostile text; no line has so many sign-ins.
const maxCalls = 50

func (r *redactor) mark(from, to int) {
	for i := from; i < to; i++ {
		r.hide[i] = true
	}
}

// hideValue marks the value at i, unless it shows nothing, and returns its end.
// Within a hidden value it has nothing to do.
func (r *redactor) hideValue(i, to int) int {
	if i < to && r.hide[i] {
		return i
	}
	end := r.valueEnd(i, to)
	value := r.s[i:end]
	if !harmless(value) {
		r.mark(i, end)
	} else if name, ok := strings.CutPrefix(value, "$"); ok && strings.IndexFunc(name, notIdent) < 0 {
		r.used = append(r.used, name)
	}
	return end
}

// scan looks for names in s[from:to], within strings as well as outside, and also
// within what is hidden already: name= with only space after it hides the next
// word, which may be the name of a further secret.
func (r *redactor) scan(from, to int) {
	head := true // at the beginning of a statement
	for i := from; i < to; {
		c := r.s[i]
		switch {
		case c == '\\':
			i += 2
		case c == '"' || c == '\'':
			i = r.quoted(i, to)
			head = false
		case identRune(rune(c)):
			end := r.nameEnd(i, to)
			r.name(i, end, to, head)
			i, head = end, false
		case c == '\n' || c == ';' || c == '<':
			i, head = i+1, true
		case c == ' ' || c == '\t' || c == '\r':
			i++
		default:
			i, head = i+1, false
		}
	}
}

// quoted treats the string that begins at i and returns its end.
func (r *redactor) quoted(i, to int) int {
	from, end, after := r.stringEnd(i, to)
	r.depth++
	r.scan(from, end)
	r.depth--
	if secretName(r.s[from:end]) {
		if v, ok := r.separator(after, to, true); ok {
			r.hideValue(v, to)
		}
	}
	return after
}

// name treats the dotted name s[i:end] in a text that ends at to.
func (r *redactor) name(i, end, to int, head bool) {
	name := r.s[i:end]
	last := name[strings.LastIndexByte(name, '.')+1:]
	if v, ok := r.separator(end, to, false); ok {
		if secretName(last) {
			value := r.s[v:r.valueEnd(v, to)]
			if last == "hash" && publicHash(value) || name == "key" && r.depth == 0 && privacyKey(value) && (i == 0 || r.s[i-1] != '$') {
				return
			}
			r.hideValue(v, to)
			return
		}
		if i > 0 && r.s[i-1] == '$' && r.secret[name] && literal(r.s[v:r.valueEnd(v, to)]) {
			r.hideValue(v, to)
			return
		}
	}
	touching := i > 0 && strings.IndexByte("=([,.$@", r.s[i-1]) >= 0
	switch {
	case secretCall(name) && end < to && r.s[end] == '(':
		r.arguments(end+1, to, true)
	case secretCall(name) && !touching:
		r.arguments(end, to, false)
	case head && likeLogin(name):
		r.rest(end, to)
	case secretName(last) && strings.HasSuffix(r.s[:i], "--"):
		if v := r.spaces(end, to); v > end && !strings.HasPrefix(r.s[v:to], "--") {
			r.hideValue(v, to)
		}
	case head && name == "set":
		v := r.spaces(end, to)
		if e := r.nameEnd(v, to); e > v && secretName(r.s[v:e]) {
			r.rest(e, r.lineEnd(e, to))
		}
	}
}

// separator finds the = or : after a name that ends at i, and returns where the
// value begins. Within a string a colon counts only after a quoted name: the text
// of a message is to be recalled as it was.
func (r *redactor) separator(i, to int, quoted bool) (value int, ok bool) {
	if i+1 < to && r.s[i] == '\\' && (r.s[i+1] == '"' || r.s[i+1] == '\'') {
		i += 2 // a JSON key in a string
		quoted = true
	}
	i = r.spaces(i, to)
	if i >= to || strings.HasPrefix(r.s[i:to], "==") {
		return 0, false
	}
	if r.s[i] != '=' && (r.s[i] != ':' || r.depth > 0 && !quoted) {
		return 0, false
	}
	for i++; i < to && strings.IndexByte(" \t\r\n", r.s[i]) >= 0; i++ {
	}
	return i, true
}

// arguments marks the values given by position from i on, up to the bracket that
// closes the call or the end of the statement. Named ones are left to scan.
func (r *redactor) arguments(i, to int, paren bool) {
	switch r.calls++; {
	case r.calls == maxCalls:
		r.mark(i, len(r.s))
		fallthrough
	case r.calls > maxCalls:
		return
	}
	for i < to {
		switch c := r.s[i]; {
		case c == ' ' || c == '\t' || c == '\r' || c == ',', c == '\n' && paren:
			i++
		case strings.IndexByte("\n;|)]}<>=#", c) >= 0:
			return
		case strings.HasPrefix(r.s[i:to], "--"):
			for i < to && strings.IndexByte(" \t\n", r.s[i]) < 0 {
				i++
			}
		default:
			end := r.nameEnd(i, to)
			if v, ok := r.separator(end, to, false); ok && end > i && r.s[end] != ':' {
				i = r.valueEnd(v, to)
				continue
			}
			i = max(r.hideValue(i, to), i+1)
		}
	}
}

// rest marks all from i to to but the space before it.
func (r *redactor) rest(i, to int) {
	i = r.spaces(i, to)
	for to > i && strings.IndexByte(" \t\r\n", r.s[to-1]) >= 0 {
		to--
	}
	if i < to && !harmless(r.s[i:to]) {
		r.mark(i, to)
	}
}

// valueEnd returns the end of the value that begins at i. A word goes on over
// what the language would end it at when no space follows: of a wrongly typed
// secret the tail is secret too.
func (r *redactor) valueEnd(i, to int) int {
	start := i
	if i+1 < to && r.s[i] == '\\' && (r.s[i+1] == '"' || r.s[i+1] == '\'') {
		if n := strings.Index(r.s[i+2:to], r.s[i:i+2]); n >= 0 {
			return i + 2 + n + 2
		}
		return to
	}
	for i < to {
		switch c := r.s[i]; c {
		case ' ', '\t', '\r', '\n', ')', ']', '}':
			return r.trim(start, i)
		case ',':
			if r.endsAtComma(i+1, to) {
				return r.trim(start, i)
			}
			i++
		case '"', '\'':
			_, _, i = r.stringEnd(i, to)
		case '(', '[', '{':
			i = r.bracketEnd(i, to)
		case '\\':
			i = min(i+2, to)
		default:
			i++
		}
	}
	return r.trim(start, to)
}

// trim takes the signs that end a statement off the end of a value.
func (r *redactor) trim(start, end int) int {
	for end > start && strings.IndexByte(";|>,", r.s[end-1]) >= 0 {
		end--
	}
	return end
}

// endsAtComma reports whether what follows a comma is another argument.
func (r *redactor) endsAtComma(i, to int) bool {
	if i >= to || strings.IndexByte(" \t\r\n\"'\\", r.s[i]) >= 0 {
		return true
	}
	end := r.nameEnd(i, to)
	return end > i && end < to && r.s[end] == '='
}

// bracketEnd returns the place after the bracket that closes the one at i, or to.
func (r *redactor) bracketEnd(i, to int) int {
	for depth := 0; i < to; {
		switch r.s[i] {
		case '(', '[', '{':
			depth++
			i++
		case ')', ']', '}':
			depth--
			i++
			if depth == 0 {
				return i
			}
		case '"', '\'':
			_, _, i = r.stringEnd(i, to)
		default:
			i++
		}
	}
	return to
}

// stringEnd returns the borders of the content of the string that begins at i and
// the place after its closing quote; all are to when it is not closed.
func (r *redactor) stringEnd(i, to int) (from, end, after int) {
	quote := r.s[i : i+1]
	if triple := strings.Repeat(quote, 3); strings.HasPrefix(r.s[i:to], triple) {
		quote = triple
	}
	from = i + len(quote)
	for j := from; j < to; j++ {
		if r.s[j] == '\\' {
			j++
		} else if strings.HasPrefix(r.s[j:to], quote) {
			return from, j, j + len(quote)
		}
	}
	return from, to, to
}

func (r *redactor) nameEnd(i, to int) int {
	for i < to && (identRune(rune(r.s[i])) || r.s[i] == '.') {
		i++
	}
	return i
}

func (r *redactor) spaces(i, to int) int {
	for i < to && (r.s[i] == ' ' || r.s[i] == '\t') {
		i++
	}
	return i
}

func (r *redactor) lineEnd(i, to int) int {
	if n := strings.IndexByte(r.s[i:to], '\n'); n >= 0 {
		return i + n
	}
	return to
}
