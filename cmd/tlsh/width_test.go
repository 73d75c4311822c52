//go:build unix

package main

import (
	"strings"
	"testing"

	"tlsh/internal/vt"
)

// What is laid out follows the window when that has changed its size: pages, lists,
// errors, remarks and updates.
func TestWidthFollowsWindow(t *testing.T) {
	t.Parallel()
	p := openProgram(t, 120, 60, "tlsh", "PAGER=cat")
	p.until("prompt", atPrompt)
	p.keys("updates on\r")
	p.until("prompt", func(v *vt.Screen) bool { return strings.Contains(v.Text(), "updates on") && atPrompt(v) })
	p.resize(60, 60)
	for _, c := range [...]struct{ line, shows string }{
		{"doc help.getNearestDc", "this_dc"},
		{"search delete message", "messages.deleteScheduledMessages"},
		{"help commands", "Ctrl-D)"},
		{"set", "rate"},
		{"peer -5 -6 -7 -8 -9 -10 -11 -12 -13 -14 -15 -16 -17 -18 -19", "want peer"},
		{`messages.sendMessage @nobody_here "a long text that goes on and on and on to the end"`, "this reference was asked for first"},
		{"batch < users.getUsers [me]; messages.sendMessage me \"\" >", "1 of 2 succeeded"},
		{"tutorial", "Step 1"},
		{"sandbox manners now; messages.sendMessage @keeper_henry \"a message that is long enough for the row of the update to be cut\"", "@keeper_henry"},
	} {
		p.keys("\x0c")
		p.until("an empty screen", func(v *vt.Screen) bool { return strings.TrimSpace(v.Text()) == "sandbox dc2❯" })
		typed := len(c.line) + len("sandbox dc2❯ ")
		p.keys(c.line + "\r")
		p.until(c.shows, func(v *vt.Screen) bool { return strings.Contains(v.All(), c.shows) && atPrompt(v) })
		p.look(func(v *vt.Screen) {
			for i, r := range v.Lines {
				if r.Soft && i > typed/60 {
					t.Errorf("%s: row %d is broken by the terminal:\n%s", c.line, i, v.Text())
					return
				}
			}
		})
	}
	p.keys("\x03\x04")
	p.exit(0)
}
