package completer

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

//go:embed usual.txt
var usualText string

// usual is usual.txt: by a request what tends to be called after it; common are
// the requests called most.
var usual = sync.OnceValue(func() (out struct {
	common []string
	after  map[string][]string
}) {
	out.after = map[string][]string{}
	for line := range strings.Lines(usualText) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		if name, list, ok := strings.Cut(line, ": "); name == "common" {
			out.common = strings.Fields(list)
		} else if ok {
			out.after[name] = strings.Fields(list)
		}
	}
	return out
})

// likely are the requests that may be called next where nothing is typed: the
// last one again, what was called here after it, what was called lately, and what
// tends to be called after it; common are then those called most.
func (c *completion) likely() (next, common []string) {
	const (
		learned = 4
		lately  = 7
		told    = 10
	)
	add := func(names []string, most int) {
		for _, name := range names {
			if len(next) < most && !slices.Contains(next, name) {
				next = append(next, name)
			}
		}
	}
	recent := c.env.Recent("", "")
	if len(recent) > 0 {
		last := recent[0]
		add(recent, 1)
		add(c.env.Recent(last, ""), learned)
		add(recent, lately)
		add(usual().after[last], told)
	}
	return next, usual().common
}
