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
const manyPeople = 50

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
	want := letters(query)
	var rest []candidate
	for i := range all.list {
		k := &all.list[i]
		if want&^k.mask != 0 || !kindFits(k.Kind, t) {
			continue
		}
		cand := candidate{Item: Item{Text: k.ref, Label: k.ref, Kind: Peer, Description: k.Title}}
		if quotes {
			cand.Text = k.quoted
		} else if c.python {
			cand.Text = "'" + strings.ReplaceAll(strings.Trim(k.ref, `"`), "'", `\'`) + "'"
			cand.doubt = true
		}
		if k.Username == "" {
			cand.Description = k.Kind + " " + strconv.FormatInt(k.ID, 10)
		}
		if query == "" {
			out = append(out, cand)
		} else if at := strings.Index(k.fold, query); at < 0 {
			continue
		} else {
			cand.match = found(k, query, at)
			if cand.match.tier > tierLocal {
				rest = append(rest, cand)
				continue
			}
			out = append(out, cand)
		}
		if len(out) >= manyPeople {
			break
		}
	}
	return append(out, rest[:min(len(rest), manyPeople)]...)
}

// found says how a query stands in what somebody is found by.
func found(k *known, query string, at int) matched {
	m := matched{tier: tierInside, done: true}
	switch {
	case at == 0 && len(query) == len(k.ref):
		m.tier = tierFold
	case at == 0:
		m.tier = tierPrefix
	case at == 1, beginsWord(k.fold, at):
		m.tier = tierLocal
	}
	if at+len(query) <= len(k.ref) {
		for i := range len(query) {
			m.marks = append(m.marks, at+i)
		}
	}
	return m
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
