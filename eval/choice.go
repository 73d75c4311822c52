package eval

import (
	"maps"
	"slices"
	"strings"
)

// Choice is a word that a command takes, and what it is. Args is what follows
// it, as the help of a command has it.
type Choice struct {
	Word, Description string
	Args              string
}

// Choices are the words that a command takes for an argument that its help
// calls so, behind those given before, or for -- its options; nil where there is
// no list of them.
func (n *Snapshot) Choices(command, argument string, before []string) []Choice {
	switch command + " " + argument {
	case "set NAME":
		var out []Choice
		for _, st := range settings() {
			out = append(out, Choice{Word: st.name, Description: "now " + n.now[st.name] + ": " + st.help})
		}
		return out
	case "set VALUE":
		if len(before) > 0 {
			return n.valuesOf(before[0])
		}
	case "alias NAME", "unalias NAME":
		var out []Choice
		for _, name := range slices.Sorted(maps.Keys(n.lines)) {
			out = append(out, Choice{Word: name, Description: n.lines[name]})
		}
		return out
	case command + " --":
		return optionsOf(command)
	case "sandbox KNOB":
		return n.knobs
	case "use NAME":
		if n.others != nil {
			return n.others()
		}
	}
	return nil
}

// valuesOf are the words that a setting takes.
func (n *Snapshot) valuesOf(name string) []Choice {
	var out []Choice
	for _, s := range settings() {
		for _, w := range s.offered {
			if s.name != name {
				break
			}
			c := Choice{Word: w}
			if w == n.now[name] {
				c.Description = "as it is now"
			}
			out = append(out, c)
		}
	}
	return out
}

// Person is somebody met so far, or a chat or a channel.
type Person struct {
	Kind     string // user, chat or channel
	Username string // the main one, without its @; "" for none
	Title    string
	ID       int64 // marked: N, -N or -100N
}

// People are those met so far, ordered by title, and then whom use knows by a
// username: in the sandbox its people, whom nobody has met at first.
func (n *Snapshot) People() []Person {
	known := n.cache.Known()
	out := make([]Person, len(known))
	met := map[string]bool{}
	for i, e := range known {
		out[i] = Person{Kind: e.Kind.String(), Title: e.Title, ID: e.Marked()}
		if len(e.Usernames) > 0 {
			out[i].Username = e.Usernames[0]
			met[e.Usernames[0]] = true
		}
	}
	if n.others == nil {
		return out
	}
	for _, c := range n.others() {
		if name, ok := strings.CutPrefix(c.Word, "@"); ok && !met[name] {
			out = append(out, Person{Kind: "user", Username: name, Title: c.Description})
		}
	}
	return out
}

// PeopleVersion changes when People would give somebody else.
func (n *Snapshot) PeopleVersion() uint64 { return n.cache.Version() }
