package eval

import (
	"context"
	"strings"

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
	default:
		return r.usage(call, "want help, or help NAME")
	}
	if args, summary := r.CommandSummary(words[0]); summary != "" {
		r.printf("%s\n    %s\n", strings.TrimSpace(words[0]+" "+args), render.Escape(summary))
		return OK
	}
	return r.pageAbout(ctx, call, words[0])
}

func (r *run) overview() {
	r.printf(`Type a request and what it needs:
    messages.sendMessage peer=@alice message="hi"       named
    messages.sendMessage @alice "hi"                    or in order
    $_.updates[0]                                       into the last result
    batch < help.getConfig; help.getNearestDc >         several in one container
    messages.getHistory @alice limit=3 | jq '.messages[].message'
    help messages.sendMessage                           what a request looks like

Commands:
`)
	for _, c := range commands() {
		if c.summary != "" {
			r.printf("    %-24s %s\n", strings.TrimSpace(c.name+" "+c.args), c.summary)
		}
	}
	r.printf("\nLayer %d: %d requests. Tab completes.\n", r.cfg.Schema.Layer, len(r.cfg.Schema.Methods))
}
