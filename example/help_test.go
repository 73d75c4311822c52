package example

import (
	"tlsh/bind"
	"tlsh/schema"
	"tlsh/syntax"
)

// faults are what is wrong with a line.
func faults(s *schema.Schema, line string) error {
	f := syntax.Parse(line)
	if len(f.Errs) > 0 {
		return f.Errs.Err()
	}
	in := bind.Check(s, f, 0, nobody{})
	return in.Diags.Err()
}
