package eval

import (
	"context"
	"fmt"
	"io"
	"strings"

	"tlsh/bind"
	"tlsh/render"
	"tlsh/syntax"
)

// help shows what can be done, what a command takes, or the page about a name.
func (r *run) help(ctx context.Context, call *syntax.Call) Status {
	words := r.words(call)
	switch len(words) {
	case 0:
		r.overview()
		return OK
	case 1:
		words = append(words, "")
	case 2:
	default:
		return r.usage(call, "want help, help NAME, or help COMMAND OPTION")
	}
	if _, summary := r.CommandSummary(words[0]); summary != "" {
		return r.aboutCommand(ctx, call, words[0], words[1])
	}
	if words[1] != "" {
		return r.usage(call, "want help, help NAME, or help COMMAND OPTION, as help set output")
	}
	if words[0] == "commands" {
		return r.listCommands(ctx)
	}
	for _, w := range bind.Words() {
		if w.Name == words[0] {
			before := ""
			if w.Pipe {
				before = "| "
			}
			r.printf("%s%s %s\n    %s\n    %s\n", before, w.Name, w.Args, w.Summary, w.Example)
			return OK
		}
	}
	return r.pageAbout(ctx, call, words[0])
}

// groups are the commands as the overview has them: by what they are for.
var groups = [...]struct {
	title string
	names []string
}{
	{"Find", []string{"search", "doc", "type", "example", "copy", "diff"}},
	{"Look", []string{"peer", "peers", "vars", "history", "whoami", "sessions", "profiles"}},
	{"Run", []string{"pages", "watch", "wait", "updates", "source", "alias", "unalias", "edit", "sleep"}},
	{"Files", []string{"download", "view", "upload"}},
	{"Values", []string{"echo", "encode", "decode"}},
	{"Shell", []string{"login", "logout", "use", "set", "sandbox", "trace", "tutorial", "help", "exit"}},
}

// overview is what can be done here, on one screen.
func (r *run) overview() {
	opt := r.cfg.View
	if opt.Width <= 0 {
		opt.Width = 80
	}
	page := render.NewProse(opt)
	page.Text(0, "Type a request and what it needs. Tab completes.")
	for _, l := range [][2]string{
		{`messages.sendMessage @alice "hi"`, "in order, or by name: message=hi"},
		{"$_.updates[0]", "into the last result; $x = … keeps it"},
		{"batch < REQUEST; REQUEST >", "several in one container"},
		{"messages.getDialogs | table", "or | jq FILTER, | save FILE, | !less"},
		{"/delete messages", "at the prompt, a search as you type"},
	} {
		page.Item(4, 40, l[0], "", l[1])
	}
	page.Blank()
	for _, g := range groups {
		var words []string
		for _, name := range g.names {
			args, _ := r.CommandSummary(name)
			first, _, _ := strings.Cut(args, " ")
			if strings.HasPrefix(first, "[") || strings.HasPrefix(first, "on|") {
				first = "" // what may be left out, help NAME tells
			}
			words = append(words, strings.TrimSpace(name+"\u00a0"+first))
		}
		page.Item(0, 8, g.title, "", strings.Join(words, " · "))
	}
	page.Blank()
	page.Text(0, fmt.Sprintf("help NAME explains a command, a request, anything; help commands lists them all. Layer %d has %d requests.", r.cfg.Schema.Layer, len(r.cfg.Schema.Methods())))
	r.emit(page.Bytes())
}

// aboutCommand is what a command takes, with a line about every option, setting or
// knob; or that line alone about the one that is named.
func (r *run) aboutCommand(ctx context.Context, call *syntax.Call, name, word string) Status {
	args, summary := r.CommandSummary(name)
	page := render.NewProse(r.cfg.View)
	n, found := r.Snapshot(), word == ""
	for _, argument := range []string{"--", "KNOB", "NAME"} {
		if name == "use" || name == "alias" || name == "unalias" {
			break // theirs are the user's own
		}
		for _, c := range n.Choices(name, argument, nil) {
			if word != "" && strings.TrimLeft(c.Word, "-") != strings.TrimLeft(word, "-") {
				continue
			}
			found = true
			description := c.Description
			if argument == "KNOB" {
				description = strings.TrimSpace(strings.TrimPrefix(description, c.Args))
			}
			page.Item(4, 26, strings.TrimSpace(c.Word+" "+c.Args), "", description)
		}
	}
	if !found {
		return r.usage(call.Args[1], "%s takes no %s: help %s has what it takes", name, render.Escape(word), name)
	}
	return r.toScreen(ctx, func(w io.Writer) error {
		if _, err := fmt.Fprintf(w, "%s\n    %s\n", strings.TrimSpace(name+" "+args), render.Escape(summary)); err != nil {
			return err
		}
		_, err := w.Write(page.Bytes())
		return err
	})
}

// listCommands is a line about every command.
func (r *run) listCommands(ctx context.Context) Status {
	page := render.NewProse(r.cfg.View)
	for _, c := range commands() {
		if c.summary != "" {
			page.Item(0, 26, strings.TrimSpace(c.name+" "+c.args), "", c.summary)
		}
	}
	return r.toScreen(ctx, func(w io.Writer) error {
		_, err := w.Write(page.Bytes())
		return err
	})
}
