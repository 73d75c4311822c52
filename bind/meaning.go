package bind

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"

	"tlsh/schema"
)

//go:embed params.txt
var paramsTable string

// sense is what a number means.
type sense uint8

const (
	senseNumber  sense = iota
	senseDate          // seconds since 1970
	sensePeriod        // seconds
	senseDays          // days
	senseColour        // 0xRRGGBB
	senseMessage       // the number of a message
	senseStory         // the number of a story
)

var senseNames = [...]string{"number", "date", "period", "days", "colour", "message", "story"}

// meaning is what params.txt says of a parameter.
type meaning struct {
	sense sense
	words []numberWord
}

// numberWord is a word that means a number.
type numberWord struct {
	word  string
	value int32
}

// meanings are the lines of params.txt by the names that they begin with.
var meanings = sync.OnceValue(func() map[string]meaning {
	m := map[string]meaning{}
	for line := range strings.Lines(paramsTable) {
		f := strings.Fields(line)
		if len(f) < 2 || f[0] == "#" {
			continue
		}
		var e meaning
		for s, name := range senseNames {
			if name == f[0] {
				e.sense = sense(s)
			}
		}
		for _, w := range f[2:] {
			word, digits, _ := strings.Cut(w, "=")
			n, _ := strconv.ParseInt(digits, 10, 32)
			e.words = append(e.words, numberWord{word, int32(n)})
		}
		m[f[1]] = e
	}
	return m
})

// meaningOf is what a number means that is bound to the parameter p of def; t
// is its type, or that of an element.
func meaningOf(def *schema.Combinator, p *schema.Param, t *schema.Type) meaning {
	if def == nil || p == nil || t.Kind != schema.KindInt {
		return meaning{}
	}
	all := meanings()
	if m, ok := all[def.Name+"."+p.Name]; ok {
		return m
	}
	m := all[p.Name]
	if p.Name == "id" && !def.Method && !strings.HasPrefix(def.Name, "message") && !strings.HasPrefix(def.Name, "inputMessage") {
		m = meaning{} // of what it is, only the definition knows
	}
	return m
}

func (m *meaning) word(s string) (int32, bool) {
	for _, w := range m.words {
		if w.word == s {
			return w.value, true
		}
	}
	return 0, false
}

// names lists the words, for a message.
func (m *meaning) names() string {
	var b strings.Builder
	for _, w := range m.words {
		b.WriteString(", " + w.word)
	}
	return b.String()
}
