package sandbox

import (
	"fmt"
	"slices"
	"strings"

	"tlsh/syntax"
)

// Knob is something about a sandbox that can be set or done by words, with
// [Sandbox.Command].
type Knob struct {
	Name string // the first word
	Args string // the words after it, as "TIME [METHOD]": capitals stand for a value, [] may be left out, | is or
	Help string // one line
	// Flag says that it makes sense before anything has connected: `--Name ARGS`
	// of the command line is Command(Name, ARGS). Repeat says that such a flag
	// may come several times.
	Flag, Repeat bool
}

// verb is a knob with what it does.
type verb struct {
	Knob
	do func(s *Sandbox, args []string) (string, error)
	// bare says that the name alone does something.
	bare bool
	// show is how it stands now, a line of arguments for each rule; nil for what
	// is no setting.
	show func(f Faults) []string
	// clear puts it back.
	clear func(f *Faults)
}

// verbs are all of the words, in the order of help.
func verbs() []verb {
	return append(settings(), []verb{
		{Knob: Knob{"silence", "", "no connection that exists carries anything any more, yet none is closed", false, false}, do: doSilence},
		{Knob: Knob{"forget", "", "forget all sessions, as a server may at any time", false, false}, do: doForget},
		{Knob: Knob{"off", "", "turn everything off that is set", false, false}, do: doOff},
		{Knob: Knob{"revoke", "PERSON [ERROR]", "end somebody's sessions: their requests get that error; unless said, SESSION_REVOKED", false, false}, do: doRevoke},
		{Knob: Knob{"lose", "PERSON", "know the keys of somebody's sessions no more: −404", false, false}, do: doLose},
		{Knob: Knob{"manners", "now", "people do at once what they are about to do by their manners", false, false}, do: doManners},
		{Knob: Knob{"ledger", "[NUMBER]", "what came of the latest requests", false, false}, do: doLedger},
		{Knob: Knob{"people", "", "who can be signed in as", false, false}, do: doPeople},
		{Knob: Knob{"methods", "", "which methods are simulated", false, false}, do: doMethods},
		{Knob: Knob{"save", "FILE", "write the world as it is now, for --world FILE", false, false}, do: doSave},
	}...)
}

// settings are the knobs that Faults holds.
func settings() []verb {
	return []verb{
		{Knob{"latency", "TIME", "round-trip time of the network, as 50ms", true, false}, setLatency, false,
			func(f Faults) []string { return set(f.Latency > 0, f.Latency) }, func(f *Faults) { f.Latency = 0 }},
		{Knob{"work", "TIME", "how long each request takes to execute, as 30ms", true, false}, setWork, false,
			func(f Faults) []string { return set(f.Work > 0, f.Work) }, func(f *Faults) { f.Work = 0 }},
		{Knob{"loss", "SHARE", "how much of what the server sends is lost, as 1%", true, false}, setLoss, false,
			func(f Faults) []string { return set(f.Loss > 0, percent(f.Loss)) }, func(f *Faults) { f.Loss = 0 }},
		{Knob{"cut", "[BYTES|MIN-MAX]", "cut all connections now, or each one after so many bytes", true, false}, setCut, true,
			func(f Faults) []string { return set(f.Cut.Max > 0, f.Cut) }, func(f *Faults) { f.Cut = Span{} }},
		{Knob{"salt", "[every N]", "make the salts invalid now, or after every N requests", true, false}, setSalt, true,
			func(f Faults) []string { return set(f.Salts > 0, fmt.Sprintf("every %d", f.Salts)) }, func(f *Faults) { f.Salts = 0 }},
		{Knob{"skew", "TIME", "how far the server's clock is ahead, as 1d or -90s", true, false}, setSkew, false,
			func(f Faults) []string { return set(f.Skew != 0, f.Skew) }, func(f *Faults) { f.Skew = 0 }},
		{Knob{"doubt", "on", "the server cannot tell what became of messages (state 1)", true, false}, setDoubt, false,
			func(f Faults) []string { return set(f.Doubt, "on") }, func(f *Faults) { f.Doubt = false }},
		{Knob{"stale", "every N", "refuse every Nth frame with code 20, as too old", true, false}, setStale, false,
			func(f Faults) []string { return set(f.Stale > 0, fmt.Sprintf("every %d", f.Stale)) }, func(f *Faults) { f.Stale = 0 }},
		{Knob{"reject", "every N", "answer every Nth frame with −404, as if its key were unknown", true, false}, setReject, false,
			func(f Faults) []string { return set(f.Rejects > 0, fmt.Sprintf("every %d", f.Rejects)) }, func(f *Faults) { f.Rejects = 0 }},
		{Knob{"cdn", "on|lies", "a CDN hands out files, or, as one might that lies, something else", true, false}, setCDN, false,
			func(f Faults) []string { return set(f.CDN, cdnState(f)) }, func(f *Faults) { f.CDN, f.CDNLies = false, false }},
		{Knob{"network", "DC", "NETWORK_MIGRATE_X: who is not signed in is sent to that data centre", true, false}, setNetwork, false,
			func(f Faults) []string { return set(f.Network != 0, f.Network) }, func(f *Faults) { f.Network = 0 }},
		{Knob{"flood", "TIME [METHOD] [every N|once]", "FLOOD_WAIT: a call must wait so long, and then passes; as 5s messages.sendMessage", true, true}, setFlood, false,
			func(f Faults) []string { return lines(f.Floods) }, func(f *Faults) { f.Floods = nil }},
		{Knob{"fail", "[CODE] [MESSAGE] [METHOD] [every N|once] [executed]", "answer with an error of the server's; as 500 messages.getHistory once", true, true}, setFail, false,
			func(f Faults) []string { return lines(f.Failures) }, func(f *Faults) { f.Failures = nil }},
		{Knob{"slowmode", `TIME ["ROOM"]`, "SLOWMODE_WAIT: one message in so much time in supergroups", true, true}, setSlowMode, false,
			func(f Faults) []string { return lines(f.SlowModes) }, func(f *Faults) { f.SlowModes = nil }},
		{Knob{"seed", "NUMBER", "begins the random numbers of loss and cut anew", true, false}, setSeed, false,
			func(f Faults) []string { return set(f.Seed != 0, f.Seed) }, func(f *Faults) { f.Seed = 0 }},
	}
}

// set is the one line of a setting, none when it is off.
func set(on bool, v any) []string {
	if !on {
		return nil
	}
	return []string{fmt.Sprint(v)}
}

func lines[T fmt.Stringer](rules []T) []string {
	out := make([]string, len(rules))
	for i, r := range rules {
		out[i] = r.String()
	}
	return out
}

// Knobs are all that [Sandbox.Command] knows, in the order of its help.
func Knobs() []Knob {
	all := verbs()
	out := make([]Knob, len(all))
	for i, v := range all {
		out[i] = v.Knob
	}
	return out
}

// Command does what words say: the name of a [Knob] and its arguments. A
// setting's name alone tells how it stands, with "off" it is turned off; no
// words at all list everything. For flags, the first argument of a rule may be
// several with slashes between, "3/messages.sendMessage". The text has
// none or more lines, each with its newline, and may hold what clients sent:
// escape it for a terminal. Errors say what was wanted, and what was likely
// meant; then nothing has changed.
func (s *Sandbox) Command(words []string) (string, error) {
	if len(words) == 0 {
		return s.overview(), nil
	}
	all := verbs()
	i := slices.IndexFunc(all, func(v verb) bool { return v.Name == words[0] })
	if i < 0 {
		names := make([]string, len(all))
		for j, v := range all {
			names[j] = v.Name
		}
		err := unknown("there is no knob", words[0], names)
		return "", fmt.Errorf("%w (knobs: %s)", err, strings.Join(names, ", "))
	}
	v, args := all[i], words[1:]
	if v.show == nil {
		return v.do(s, args)
	}
	if len(args) == 1 && args[0] == "off" {
		if err := s.change(func(f *Faults) error { v.clear(f); return nil }); err != nil {
			return "", err
		}
		return v.state(s.Faults()), nil
	}
	if len(args) == 0 && !v.bare {
		return v.state(s.Faults()), nil
	}
	if v.Repeat && len(args) > 0 {
		args = append(strings.Split(args[0], "/"), args[1:]...)
	}
	out, err := v.do(s, args)
	if err != nil || out != "" {
		return out, err
	}
	return v.state(s.Faults()), nil
}

// state is how a setting stands, as lines that set it so.
func (v verb) state(f Faults) string {
	rules := v.show(f)
	if len(rules) == 0 {
		return v.Name + " off\n"
	}
	var b strings.Builder
	for _, r := range rules {
		b.WriteString(v.Name + " " + r + "\n")
	}
	return b.String()
}

// overview lists what is set, as lines that set it so, and every knob.
func (s *Sandbox) overview() string {
	f := s.Faults()
	var b strings.Builder
	all := verbs()
	for _, v := range all {
		if v.show != nil && len(v.show(f)) > 0 {
			b.WriteString(v.state(f))
		}
	}
	if b.Len() == 0 {
		b.WriteString("nothing is set\n")
	}
	b.WriteString("\n")
	const width = 24 // of the left column; what is longer has its help on the next line
	for _, v := range all {
		left := strings.TrimSpace(v.Name + " " + v.Args)
		if len(left) > width {
			b.WriteString("  " + left + "\n")
			left = ""
		}
		fmt.Fprintf(&b, "  %-*s  %s\n", width, left, v.Help)
	}
	return b.String()
}

// none refuses arguments.
func none(knob string, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("sandbox: %s takes no argument, not %s", knob, syntax.Quote(args[0]))
	}
	return nil
}
