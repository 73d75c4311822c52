package eval

import (
	"fmt"
	"strconv"

	"tlsh/tl"
)

// results are the numbered results of the session: $1 is the first. The last
// ones are kept.
type results struct {
	n    int // how many there were
	kept []tl.Value
}

// keptResults is how many of the last results have at least their number still.
const keptResults = 1000

func (r *results) add(v tl.Value) {
	r.n++
	if len(r.kept) >= 2*keptResults {
		n := copy(r.kept, r.kept[len(r.kept)-keptResults+1:])
		clear(r.kept[n:])
		r.kept = r.kept[:n]
	}
	r.kept = append(r.kept, v)
}

// first is the number of the first one that is kept.
func (r *results) first() int { return r.n - len(r.kept) + 1 }

// label is what the last one is called.
func (r *results) label() string { return "$" + strconv.Itoa(r.n) }

// get is the result of that number.
func (r *results) get(name string) (tl.Value, bool) {
	n, err := strconv.Atoi(name)
	if err != nil || n < r.first() || n > r.n || n < 1 {
		return tl.Value{}, false
	}
	return r.kept[n-r.first()], true
}

// numbers are those that results have: of the oldest that is kept, and of the last.
type numbers struct{ first, last int }

func (r *results) numbers() numbers { return numbers{r.first(), r.n} }

// Absent says why there is no $name, and what to do; "" where there is nothing
// special about it (bind.Absence).
func (s *Shell) Absent(name string) (msg, fix string) { return s.results.numbers().absent(name) }

func (r numbers) absent(name string) (msg, fix string) {
	n, err := strconv.Atoi(name)
	switch {
	case err != nil || n < 1:
		return "", ""
	case r.last == 0:
		return "there is no result $" + name + " yet", "$1 is the result of the first request"
	case n > r.last:
		return fmt.Sprintf("there is no result $%s yet: the last one is $%d", name, r.last), ""
	case n < r.first:
		return fmt.Sprintf("the result $%s is no longer kept: the oldest is $%d", name, r.first), "keep what is needed longer in a variable: $x = …"
	}
	return "", ""
}
