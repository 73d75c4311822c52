package eval

import (
	"slices"
	"strings"

	"tlsh/history"
	"tlsh/syntax"
)

// without is a text with the secrets of a line taken out, also where it has only
// the beginning of one.
func without(text string, secrets []string) string {
	const least = 4 // of what is told apart from what stands there by chance
	secrets = slices.Clone(secrets)
	slices.SortFunc(secrets, func(a, b string) int { return len(b) - len(a) })
	for _, s := range secrets {
		s = strings.Trim(s, "\"' \t\n")
		for n := len(s); n >= least; n-- {
			if i := strings.Index(text, s[:n]); i >= 0 {
				text = strings.ReplaceAll(text, s[:n], "***")
				break
			}
		}
	}
	return text
}

// Private is a line without its secrets, as it may be kept. What is given to an
// alias is taken out where the line of the alias deals with secrets.
func (s *Shell) Private(line string) string {
	f := syntax.Parse(line)
	var out strings.Builder
	done := 0
	for _, use := range s.aliasCalls(f, nil) {
		text, err := s.expansion(f, use, nil)
		if err == nil && history.Redact(text) == text {
			continue
		}
		out.WriteString(line[done:use.call.Name.Span().To])
		done = use.call.Span().To
		if len(use.call.Args) > 0 {
			out.WriteString(" ***")
		}
		out.WriteString(line[strings.LastIndexFunc(line[:done], notSpace)+1 : done])
	}
	out.WriteString(line[done:])
	return history.Redact(out.String())
}

func notSpace(r rune) bool { return r != ' ' && r != '\t' }
