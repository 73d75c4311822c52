package eval

import (
	"maps"
	"slices"
)

// Choice is a word that a command takes, and what it is. Args is what follows
// it, as the help of a command has it.
type Choice struct {
	Word, Description string
	Args              string
}

// Choices are the words that a command takes for an argument that its help
// calls so, behind those given before; nil where there is no list of them.
func (n *Snapshot) Choices(command, argument string, before []string) []Choice {
	switch command + " " + argument {
	case "set NAME":
		var out []Choice
		for _, name := range slices.Sorted(maps.Keys(n.now)) {
			out = append(out, Choice{Word: name, Description: "now " + n.now[name]})
		}
		return out
	case "set VALUE":
		if len(before) > 0 {
			return n.valuesOf(before[0])
		}
	case "sandbox KNOB":
		return n.cfg.Knobs
	case "use NAME":
		if n.cfg.Others != nil {
			return n.cfg.Others()
		}
	}
	return nil
}

// valuesOf are the words that a setting takes.
func (n *Snapshot) valuesOf(setting string) []Choice {
	var words []string
	switch setting {
	case "output":
		for _, f := range Formats {
			words = append(words, string(f))
		}
	case "pager":
		words = []string{string(PagerAuto), string(PagerOn), string(PagerOff)}
	case "timeout", "max-wait":
		words = []string{"off", "10s", "30s", "1m", "5m"}
	default:
		if _, ok := n.now[setting]; !ok {
			return nil
		}
		words = []string{"on", "off"}
	}
	out := make([]Choice, len(words))
	for i, w := range words {
		out[i].Word = w
		if w == n.now[setting] {
			out[i].Description = "as it is now"
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

// People are those met so far, ordered by title.
func (n *Snapshot) People() []Person {
	known := n.cache.Known()
	out := make([]Person, len(known))
	for i, e := range known {
		out[i] = Person{Kind: e.Kind.String(), Title: e.Title, ID: e.Marked()}
		if len(e.Usernames) > 0 {
			out[i].Username = e.Usernames[0]
		}
	}
	return out
}
