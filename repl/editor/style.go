package editor

import "strings"

// attr is how one cell looks: a role, and what is laid over it.
type attr struct {
	role    Role
	wrong   bool // underlined as an error
	chosen  bool // the candidate under the bar
	matched bool // what was typed or searched for
}

// style turns attributes into SGR sequences. Without a theme only the sixteen
// colours of the terminal's own palette are used, so that light and dark backgrounds
// both work; without colour, bold, underline and reverse remain.
type style struct {
	color bool
	roles *[escaped]string // SGR parameters of a theme; nil for the palette
}

// colors are the SGR parameters of the roles.
func (s style) colors(r Role) string {
	if s.roles != nil && r < escaped {
		return s.roles[r]
	}
	switch r {
	case Request:
		return "1;32"
	case Parameter:
		return "36"
	case Constructor:
		return "34"
	case String:
		return "33"
	case Number:
		return "35"
	case Peer:
		return "1;35"
	case Variable:
		return "1;36"
	case Command:
		return "1;34"
	case Comment, Dim, Operator:
		return "90"
	case Error:
		return "31"
	case Current:
		return "1;4"
	case Good:
		return "1;32"
	case Warn:
		return "1;33"
	case Alert:
		return "1;31"
	case escaped:
		return "7"
	}
	return ""
}

// sgr returns the sequence that sets a and nothing else.
func (s style) sgr(a attr) string {
	if a == (attr{}) {
		return "\x1b[0m"
	}
	params := []string{"0"}
	add := func(p string) {
		if p != "" {
			params = append(params, p)
		}
	}
	switch {
	case s.color && !a.chosen:
		add(s.colors(a.role))
	case a.role == escaped && !a.chosen:
		add("7")
	case a.role == Current:
		add("1;4")
	}
	if a.wrong {
		add("4")
	}
	if a.chosen {
		add("7")
	}
	if a.matched {
		add("1;4")
	}
	return "\x1b[" + strings.Join(params, ";") + "m"
}
