//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// outerShells are the shells that tlsh is started from, and how each is made to
// say when it is ready.
var outerShells = []struct {
	name  string
	args  []string
	env   []string
	setUp string // reads the script of completion
	flags bool   // cobra's script works without more; bash's wants the package bash-completion
}{
	{"bash", []string{"--norc", "--noprofile", "-i"}, []string{"PS1=ready> "}, `source <(tlsh completion bash)`, false},
	{"zsh", []string{"-f", "-i"}, []string{"PS1=ready> "}, `autoload -U compinit; compinit -u -D; source <(tlsh completion zsh)`, true},
	{"fish", []string{"--no-config", "--private", "-i", "-C", "function fish_prompt; echo -n 'ready> '; end; function fish_greeting; end"}, nil, `tlsh completion fish | source`, true},
}

// The shells that are installed complete the flags, their values, and the line of
// -c, behind an open quote too.
func TestOuterShells(t *testing.T) {
	for _, s := range outerShells {
		t.Run(s.name, func(t *testing.T) {
			shell, err := exec.LookPath(s.name)
			if err != nil {
				t.Skipf("skipped: no %s here", s.name)
			}
			dir := t.TempDir()
			linked(t, dir, "tlsh")
			env := append(s.env, "PATH="+dir+string(os.PathListSeparator)+os.Getenv("PATH"),
				"HOME="+dir, "ZDOTDIR="+dir, "XDG_DATA_HOME="+filepath.Join(dir, "data"), "XDG_CACHE_HOME="+filepath.Join(dir, "cache"))
			p := openCommand(t, 100, 40, dir, exec.Command(shell, s.args...), env...)
			p.wait("ready> ")
			p.keys(s.setUp + "; echo set'' up\r")
			p.wait("set up\r\n")
			p.wait("ready> ")
			for _, c := range []struct {
				typed, want string
				flags       bool
			}{
				{"tlsh --outp", "tlsh --output", true},
				{"tlsh --color alw", "tlsh --color always", true},
				{"tlsh -c help.getNea", "tlsh -c help.getNearestDc", true},
				{"tlsh -c 'messages.sendMessage @al", "tlsh -c 'messages.sendMessage @alice", false},
				{`tlsh -c 'help.getConfig' -c "messages.getHistory @bo`, `tlsh -c 'help.getConfig' -c "messages.getHistory @bob`, false},
			} {
				if c.flags && !s.flags {
					continue
				}
				p.keys(c.typed + "\t")
				p.shows("ready> " + c.want)
				p.keys("\x15") // Ctrl-U: an interrupt may meet a shell while it completes
			}
			p.keys("exit\r")
		})
	}
}
