package schema

import (
	"fmt"
	"strings"
)

// Problem is something wrong in a TL file. The reader goes on after it.
type Problem struct {
	File      string
	Line, Col int    // from 1; Col counts bytes
	Name      string // of the definition, if it was readable
	Msg       string
	// Dropped says that the definition could not be used and is not in the
	// Schema; otherwise the problem is a warning.
	Dropped bool
}

// Error gives "file:line:col: name: message".
func (p Problem) Error() string {
	var b strings.Builder
	if p.File != "" {
		b.WriteString(p.File + ":")
	}
	fmt.Fprintf(&b, "%d:%d: ", p.Line, p.Col)
	if p.Name != "" {
		b.WriteString(p.Name + ": ")
	}
	b.WriteString(p.Msg)
	return b.String()
}

// Problems is what Read found wrong, in the order of the file.
type Problems []Problem

// Dropped are the problems that cost a definition.
func (ps Problems) Dropped() Problems {
	var out Problems
	for _, p := range ps {
		if p.Dropped {
			out = append(out, p)
		}
	}
	return out
}
