package repl

import "tlsh/repl/editor"

// dress has the terminal look as the settings say.
func (p *prompt) dress(ed *editor.Editor) {
	ed.SetColor(p.shell.Setting("color") == "on")
	_ = ed.SetTheme(p.shell.Setting("theme")) // set lets no other word through than the editor's
	title := ""
	if p.shell.Setting("title") == "on" {
		_, name := p.shell.Where()
		title = "tlsh: " + name
	}
	ed.SetTitle(title)
}
