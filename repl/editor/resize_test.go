package editor

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// storm is a rig whose screen has some output above a line of several rows.
type storm struct {
	*rig
	output []string
	rows   []string // of the line, unbroken
}

func newStorm(t *testing.T, cuts, silent bool) *storm {
	t.Helper()
	s := &storm{rig: newRig(t, 80, 12, newToy(), func(c *Config) {
		if cuts {
			c.Getenv = environment("TERM=xterm-256color", "XTERM_VERSION=XTerm(390)")
		}
	})}
	s.term.vt.Cuts = cuts
	if silent {
		s.term.vt.OnAskCursor = nil
	}
	s.start()
	for i := range 4 {
		s.output = append(s.output, fmt.Sprintf("output %d", i))
	}
	if err := s.e.Above(strings.Join(s.output, "\n")); err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("0123456789", 7)
	s.press("batch <lt><Enter>" + long[:60] + "<Enter>" + long + " \u65e5\u672c\u8a9e<Left><Left>")
	s.rows = []string{"sandbox> batch <", "       \u2502 " + long[:60], "       \u2502 " + long + " \u65e5\u672c\u8a9e"}
	return s
}

// change gives the terminal a size; told says whether the system tells it at once.
func (s *storm) change(cols, rows int, told bool) {
	s.term.mu.Lock()
	if told {
		s.term.told = [2]int{}
	} else if s.term.told[0] == 0 {
		s.term.told = [2]int{s.term.vt.Cols, s.term.vt.Rows}
	}
	s.term.vt.Resize(cols, rows)
	s.term.mu.Unlock()
	s.term.wake()
}

// tell has the system tell a size.
func (s *storm) tell(cols, rows int) {
	s.term.mu.Lock()
	s.term.told = [2]int{cols, rows}
	s.term.mu.Unlock()
	s.term.wake()
	s.settle()
}

// check compares the screen with the output and the line, broken as the editor does.
func (s *storm) check(what string, cut bool) {
	s.t.Helper()
	s.settle()
	s.term.mu.Lock()
	defer s.term.mu.Unlock()
	cols := s.term.vt.Cols
	var line []string
	for _, r := range s.rows {
		for r != "" {
			n, w := 0, 0
			for n < len(r) {
				c := cluster(r[n:])
				if w += width(r[n : n+c]); w > cols {
					break
				}
				n += c
			}
			line, r = append(line, strings.TrimRight(r[:n], " ")), r[n:]
		}
	}
	want := append(append([]string{}, s.output...), line...)
	got := strings.Split(s.term.vt.All(), "\n")
	if cut { // what has scrolled out is not cut, and what was cut is not known here
		got, want = strings.Split(s.term.vt.Text(), "\n"), line
		if over := len(got) - len(want); over > 0 {
			if last := got[over-1]; !strings.HasPrefix("output 3", last) || last == "" {
				s.t.Errorf("%s: above the line stands %q", what, last)
			}
			got = got[over:]
		} else {
			want = want[len(want)-len(got):]
		}
	}
	if a, b := strings.Join(got, "\n"), strings.Join(want, "\n"); a != b {
		s.t.Errorf("%s: the terminal shows\n%s\nwant\n%s", what, a, b)
	}
}

// Whatever sizes a terminal goes through before anybody is told, the line is drawn in
// its place: on terminals that break rows, on those that cut them, and on those that
// tell nothing about themselves.
func TestResizeStorm(t *testing.T) {
	for _, c := range []struct {
		name         string
		cuts, silent bool
	}{{name: "breaks"}, {name: "cuts", cuts: true}, {name: "breaks and says nothing", silent: true}} {
		t.Run(c.name, func(t *testing.T) {
			s := newStorm(t, c.cuts, c.silent)
			s.check("before", c.cuts)
			sizes, storms := []int{40, 100, 41, 79, 30, 200, 80}, 12
			if c.silent { // each time that it is asked takes its time
				sizes, storms = sizes[:2], 2
			}
			for _, cols := range sizes {
				s.change(cols, 20, true)
				s.check(fmt.Sprintf("%d columns", cols), c.cuts)
			}
			rnd := rand.New(rand.NewPCG(7, 11))
			for i := range storms {
				for range 1 + rnd.IntN(4) {
					s.change(25+rnd.IntN(120), 20, true)
				}
				s.check(fmt.Sprintf("storm %d", i), c.cuts)
			}
			s.press("><Enter>").want("batch <\n" + strings.Repeat("0123456789", 6) + "\n" + strings.Repeat("0123456789", 7) + " 日>本語")
		})
	}
}

// Some terminals have changed long before the system tells their size: nothing is
// drawn for a size that is no more.
func TestResizeToldLate(t *testing.T) {
	s := newStorm(t, false, false)
	s.change(40, 20, false)
	s.change(100, 20, false)
	s.term.mu.Lock()
	s.term.told = [2]int{40, 20} // the first one comes when the second has happened
	s.term.mu.Unlock()
	s.term.wake()
	time.Sleep(3 * sizeSettle / 2) // the editor asks meanwhile; whether it does is no matter
	s.tell(100, 20)
	s.check("told late", false)
}

// What is printed while the place is not known appears once it is, and a line that is
// entered then is left in its place.
func TestResizeMeanwhile(t *testing.T) {
	s := newStorm(t, false, false)
	s.change(40, 20, true)
	if err := s.e.Above("an update"); err != nil {
		t.Fatal(err)
	}
	s.change(90, 20, true)
	if err := s.e.Above("another"); err != nil {
		t.Fatal(err)
	}
	s.output = append(s.output, "an update", "another")
	s.check("printed meanwhile", false)
	s.change(50, 20, true)
	s.change(70, 20, true)
	s.press("<C-c>")
	s.rows[2] += "^C"
	s.rows = append(s.rows, "sandbox>")
	s.check("given up meanwhile", false)
}
