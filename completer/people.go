package completer

import (
	"strconv"
	"strings"

	"tlsh/schema"
	"tlsh/syntax"
)

// Person is somebody, or a chat or a channel, that a reference can mean.
type Person struct {
	Kind     string // user, chat or channel
	Username string // without its @; "" for none
	Title    string
	ID       int64 // marked: N, -N or -100N
}

// People are the people known, made ready to be looked through. They do not
// change.
type People struct {
	list []known
}

type known struct {
	Person
	ref    string // what is typed for them
	quoted string // the same between quotes
	fold   string // what they are found by
	mask   uint64
}

// NewPeople makes People of a list, in its order.
func NewPeople(list []Person) *People {
	p := &People{list: make([]known, 0, len(list))}
	titles := make(map[string]int, len(list))
	for i := range list {
		titles[list[i].Title]++
	}
	for _, who := range list {
		k := known{Person: who}
		switch {
		case who.Username != "":
			k.ref = "@" + who.Username
			k.quoted = syntax.Quote(k.ref)
		case who.Title != "" && titles[who.Title] == 1:
			k.ref = syntax.Quote(who.Title)
			k.quoted = k.ref
		default:
			k.ref = strconv.FormatInt(who.ID, 10)
			k.quoted = syntax.Quote(k.ref)
		}
		k.fold = strings.ToLower(k.ref + " " + who.Title)
		k.mask = letters(k.fold)
		p.list = append(p.list, k)
	}
	return p
}

// manyPeople is how many people are offered at once.
const manyPeople = 30

// people offers who can stand where a t is wanted; quotes says that a quote is
// there already.
func (c *completion) people(t *schema.Type, quotes bool) []candidate {
	var out []candidate
	query := strings.ToLower(strings.TrimLeft(c.list.query, `"'`))
	if query == "" || !quotes {
		out = c.self(t, quotes)
	}
	all := c.env.People()
	if all == nil {
		return out
	}
	type hit struct {
		who  *known
		at   int
		tier int
	}
	want := letters(query)
	var best, rest []hit
	for i := range all.list {
		k := &all.list[i]
		if want&^k.mask != 0 || !kindFits(k.Kind, t) {
			continue
		}
		h := hit{who: k, tier: tierPrefix}
		if query != "" {
			if h.at = strings.Index(k.fold, query); h.at < 0 {
				continue
			}
			h.tier = k.tier(query, h.at)
		}
		if h.tier > tierLocal {
			if len(rest) < manyPeople {
				rest = append(rest, h)
			}
			continue
		}
		if best = append(best, h); len(best) == manyPeople {
			break
		}
	}
	best = append(best, rest...)
	for _, h := range best[:min(len(best), manyPeople)] {
		cand := c.person(h.who, quotes)
		if query != "" {
			cand.match = matched{tier: h.tier, done: true}
			for i := 0; h.at+len(query) <= len(h.who.ref) && i < len(query); i++ {
				cand.match.marks = append(cand.match.marks, h.at+i)
			}
		}
		out = append(out, cand)
	}
	return out
}

// person is somebody as a candidate.
func (c *completion) person(k *known, quotes bool) candidate {
	cand := candidate{Item: Item{Text: k.ref, Label: k.ref, Kind: Peer, Description: k.Title}}
	if quotes {
		cand.Text = k.quoted
	} else if c.python {
		cand.Text = pythonQuote(k, "'")
	}
	if k.Username == "" {
		cand.Description = k.Kind + " " + strconv.FormatInt(k.ID, 10)
	}
	return cand
}

// pythonQuote is a reference as a string of Python's.
func pythonQuote(k *known, quote string) string {
	s := k.ref
	if strings.HasPrefix(s, `"`) {
		s = k.Title
	}
	return quote + strings.NewReplacer(`\`, `\\`, quote, `\`+quote).Replace(s) + quote
}

// tier says how a query stands in what somebody is found by, at a place of it.
func (k *known) tier(query string, at int) int {
	switch {
	case at == 0 && len(query) == len(k.ref):
		return tierFold
	case at == 0:
		return tierPrefix
	case at == 1 || beginsWord(k.fold, at):
		return tierLocal
	}
	return tierInside
}

// self offers oneself.
func (c *completion) self(t *schema.Type, quotes bool) []candidate {
	if t.Name == "InputChannel" || quotes && !c.python {
		return nil
	}
	text := "me"
	if c.python {
		text = "'me'"
	}
	return []candidate{{Item: Item{Text: text, Label: "me", Kind: Peer, Description: "yourself"}}}
}

// kindFits reports that somebody of a kind can become a t.
func kindFits(kind string, t *schema.Type) bool {
	switch t.Name {
	case "InputUser":
		return kind == "user"
	case "InputChannel":
		return kind == "channel"
	}
	return true
}
