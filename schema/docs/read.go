package docs

import (
	"fmt"
	"strconv"
	"strings"
)

// readErrors reads errors.txt: entries apart by empty lines, each a line with
// pattern and code, a line of meaning, and a line of advice after "> ". Lines
// that begin with # are comments. In the text %d is the number in the error
// and %t the same number of seconds as a time.
func readErrors(src string) (map[string]errorEntry, error) {
	out := make(map[string]errorEntry, 256)
	var e errorEntry
	at := 0
	flush := func() error {
		if e.pattern == "" {
			return nil
		}
		if e.meaning == "" || e.advice == "" {
			return fmt.Errorf("line %d: %s needs a meaning and an advice", at, e.pattern)
		}
		if _, twice := out[e.pattern]; twice {
			return fmt.Errorf("line %d: %s stands twice", at, e.pattern)
		}
		out[e.pattern] = e
		e = errorEntry{}
		return nil
	}
	for i, line := range strings.Split(src, "\n") {
		line = strings.TrimSpace(line)
		var err error
		switch {
		case line == "":
			err = flush()
		case line[0] == '#':
		case e.pattern == "":
			at = i + 1
			pattern, code, _ := strings.Cut(line, " ")
			e.pattern = pattern
			if e.code, err = strconv.Atoi(code); err != nil {
				err = fmt.Errorf("line %d: want a pattern and a code, got %q", at, line)
			}
		case strings.HasPrefix(line, "> ") && e.advice == "":
			e.advice = line[2:]
		case e.meaning == "":
			e.meaning = line
		default:
			err = fmt.Errorf("line %d: %s has a third line", i+1, e.pattern)
		}
		if err != nil {
			return nil, err
		}
	}
	return out, flush()
}
