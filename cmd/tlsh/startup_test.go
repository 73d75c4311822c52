//go:build unix

package main

import (
	"os"
	"path/filepath"
	"testing"
)

// write writes a file of the test's, and gives its name.
func write(t *testing.T, text string, mode os.FileMode, path ...string) string {
	t.Helper()
	name := filepath.Join(path...)
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	return name
}

// tlshrc runs when the prompt begins; what is wrong in it is told with its place,
// and the rest runs. The last line can be edited and run again.
func TestStartup(t *testing.T) {
	dir := t.TempDir()
	rc := write(t, "# mine\nalias last messages.getHistory {1} limit={2:1}\nset nonsense on\nmessages.getHistory\nset timing on\nbatch <\n  help.getNearestDc\n>\n$x = 5\n", 0o600, dir, "tlsh", "tlshrc")
	ed := write(t, "#!/bin/sh\nsed -i 's/@bob/@alice/' \"$1\"\n", 0o700, dir, "ed")
	p := openTerminal(t, "XDG_CONFIG_HOME="+dir, "VISUAL="+ed)
	p.wait(rc + ":3:5: there is no setting nonsense")
	p.wait(rc + ":4:1: messages.getHistory needs peer")
	p.wait("nearestDc(")
	p.wait("❯")
	p.keys("last @bob | jq -r '.messages[0].peer_id.user_id'\r")
	p.wait("1003")
	p.wait("took ")
	p.wait("❯")
	p.keys("edit\r")
	p.wait("last @alice | jq -r '.messages[0].peer_id.user_id'")
	p.wait("1002")
	p.wait("❯")
	p.keys("history getHistory\r")
	p.wait("❯")
	p.keys("history alice\r")
	p.wait("ok  last @alice | jq")
	p.wait("❯")
	p.keys("echo $x\r")
	p.wait("5")
	p.wait("❯")
	p.keys("exit\r")
	p.exit(0)
}

// The ways to leave, with the status of a shell that was left; what was typed ahead
// runs before.
func TestLeaving(t *testing.T) {
	for _, keys := range []string{"exit\r", "quit\r", `\q` + "\r", "\x04", "messages.getHistry\rexit\r", "sleep 300ms\rencode 7\rexit\r"} {
		p := openTerminal(t)
		p.wait("❯")
		p.keys(keys)
		p.exit(0)
	}
}
