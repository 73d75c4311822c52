// Package tutorial is the course in five steps that one takes in the sandbox. It
// knows what each step asks for and sees from what was done whether that is
// reached; how far one is, is kept in a file.
package tutorial

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"tlsh/tl"
)

// Deed is a statement that was run and succeeded.
type Deed struct {
	// Requests are those that it sent, in order; none for a value.
	Requests []*tl.Object
	// Value is what came of it; of a batch the document with its results.
	Value tl.Value
	// Path says that it is a value that was reached through a variable.
	Path bool
}

// Step is one of the steps.
type Step struct {
	Title string
	Text  []string // paragraphs
	Lines []string // that one can type; others do as well
	Tip   string   // what else is good to know
	Well  string   // said when it is done

	done func(Deed) bool
}

// Course is somebody's way through the steps.
type Course struct {
	file string
	step int  // the one at hand, from 0; len(Steps()) when all are done
	on   bool // it is taken now
}

// Open gives the course as it was left in the file; without a file nothing is
// kept from one process to the next. A file that cannot be read begins anew.
func Open(file string) *Course {
	c := &Course{file: file}
	if b, err := os.ReadFile(file); err == nil {
		if n, err := strconv.Atoi(strings.TrimSpace(string(b))); err == nil && n >= 0 && n <= len(steps) {
			c.step = n
		}
	}
	return c
}

// Steps are how many there are.
func Steps() int { return len(steps) }

// Begin takes the course up where it was left, or from the first step when all
// were done. It gives the number of the step at hand, from 1, and the step.
func (c *Course) Begin() (int, *Step) {
	if c.step >= len(steps) {
		c.step = 0
	}
	c.on = true
	return c.step + 1, &steps[c.step]
}

// Again begins with the first step. Errors are those of the file.
func (c *Course) Again() error {
	c.step, c.on = 0, true
	return c.save()
}

// Stop leaves the course; Begin takes it up again. It reports whether it was
// taken.
func (c *Course) Stop() bool {
	was := c.on
	c.on = false
	return was
}

// Next goes on to the next step without what the one at hand asks for. It gives
// the number and the step, or nil when that was the last. Errors are those of the
// file.
func (c *Course) Next() (int, *Step, error) {
	c.step = min(c.step+1, len(steps))
	c.on = c.step < len(steps)
	err := c.save()
	if !c.on {
		return c.step, nil, err
	}
	return c.step + 1, &steps[c.step], err
}

// Done looks at what was done. It gives the step when that is what it asks for,
// and nil else, or when the course is not taken.
func (c *Course) Done(d Deed) *Step {
	if !c.on || c.step >= len(steps) || !steps[c.step].done(d) {
		return nil
	}
	return &steps[c.step]
}

// save writes how far one is, whole or not at all.
func (c *Course) save() error {
	if c.file == "" {
		return nil
	}
	dir := filepath.Dir(c.file)
	if err := os.MkdirAll(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	f, err := os.CreateTemp(dir, filepath.Base(c.file)+".*.tmp") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // nothing is left to remove after the rename
	if _, err = fmt.Fprintln(f, c.step); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), c.file)
}
