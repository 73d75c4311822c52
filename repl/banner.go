package repl

import (
	"fmt"
	"strings"

	"tlsh/eval"
	"tlsh/render"
	"tlsh/repl/editor"
)

// spotRole warns by colour where what is done matters: of a real account on which
// more than reading is possible.
func spotRole(s eval.Spot) editor.Role {
	switch {
	case s.Place == eval.PlaceSandbox:
		return editor.Good
	case s.Place == eval.PlaceTelegram && !s.ReadOnly:
		return editor.Alert
	case s.Place == eval.PlaceTest:
		return editor.Warn
	}
	return editor.Plain
}

// spotRest is what the prompt says behind the name of the place.
func spotRest(s eval.Spot) string {
	var rest string
	if s.DC != 0 {
		rest = fmt.Sprintf(" dc%d", s.DC)
	}
	if s.ReadOnly {
		rest += " read-only"
	}
	return rest
}

// explained is how wide a screen is on which what a line does has room behind it.
const explained = 80

// banner says where one is, as whom, and what to try.
func (p *prompt) banner() {
	opt := render.Options{Width: p.cfg.Shell.ErrView.Width}
	page := render.NewProse(opt)
	where, _ := p.shell.Where()
	page.Text(0, fmt.Sprintf("tlsh, layer %d, connected to %s.", p.cfg.Shell.Schema.Layer, where))
	if self := p.shell.Self(); self != "" {
		page.Text(0, fmt.Sprintf("You are %s.", self))
	}
	var b strings.Builder
	begin := "Try:  "
	for _, t := range tries(p.shell.Place(), p.shell.NeedsLogin()) {
		row := fmt.Sprintf("%s%-36s  %s", begin, t[0], t[1])
		if opt.Width > 0 && opt.Width < explained {
			row = begin + t[0]
		}
		b.WriteString(row + "\n")
		begin = "      "
	}
	_, _ = p.cfg.Shell.Err.Write(append(page.Bytes(), b.String()...))
}

// tries are lines for a beginning, in order, and what each does.
func tries(place eval.Place, needsLogin bool) [][2]string {
	switch {
	case needsLogin:
		return [][2]string{
			{"login", "sign in; it asks for what it needs"},
			{"login --qr", "the same with a phone that is signed in"},
			{"help", "what else there is; tlsh --sandbox needs no account"},
		}
	case place == eval.PlaceSandbox:
		return [][2]string{
			{"messages.getHistory @alice limit=3", "what Alice wrote"},
			{"updates on", "see what comes while you type"},
			{`messages.sendMessage @alice "hi"`, "answer her; she answers you"},
			{"tutorial", "the rest, in five steps; or help"},
		}
	}
	return [][2]string{
		{"messages.getDialogs limit=5 | table", "the latest chats"},
		{"/delete messages", "search for a request as you type"},
		{"help", "what else there is"},
	}
}
