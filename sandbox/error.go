package sandbox

import (
	"fmt"
	"strings"

	"tlsh/syntax"
)

// WorldError tells what is wrong in a fixture.
type WorldError struct {
	File string
	Src  string        // the whole source, for carets
	Errs syntax.Errors // in the order of the source, at least one
}

// Error gives "file:line:col: message", a line for each error.
func (e *WorldError) Error() string {
	var b strings.Builder
	for i, err := range e.Errs {
		if i > 0 {
			b.WriteByte('\n')
		}
		line, col := syntax.Position(e.Src, err.Span.From)
		fmt.Fprintf(&b, "%s:%d:%d: %s", e.File, line, col, err.Msg)
		if err.Fix != "" {
			fmt.Fprintf(&b, " (%s)", err.Fix)
		}
	}
	return b.String()
}
