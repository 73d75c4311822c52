//go:build unix

package main

import (
	"os"
	"path/filepath"
	"testing"
)

// What is longer than the screen goes to the person's pager, and afterwards the
// prompt is there again; what fits does not.
func TestPager(t *testing.T) {
	dir := t.TempDir()
	pager := filepath.Join(dir, "pager")
	// It takes a key from the terminal, as less does, and leaves before it has
	// read everything.
	script := "#!/bin/sh\nhead -n 3 | sed 's/^/paged: /'\nprintf 'key?'\nread key </dev/tty\nprintf 'bye\\n'\n"
	if err := os.WriteFile(pager, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	p := openTerminal(t, "PAGER="+pager, "SHELL=/bin/sh")
	p.wait("❯")
	p.keys("messages.getHistory @alice limit=1\r")
	p.wait("$1 = messages.messagesSlice")
	p.wait("❯")
	p.keys("messages.getHistory @alice\r")
	p.wait("paged: $2 = messages.messages")
	p.wait("key?")
	p.keys("\r")
	p.wait("bye")
	p.wait("❯")
	p.keys("$_ | jq .\r")
	p.wait("paged: {")
	p.wait("key?")
	p.keys("\r")
	p.wait("❯")
	p.keys("set pager off\r")
	p.wait("❯")
	p.keys("messages.getHistory @alice\r")
	p.wait("$3 = messages.messages")
	p.wait("userStatusOnline")
	p.wait("❯")
	p.keys("set pager on\r")
	p.wait("❯")
	p.keys("help.getNearestDc\r")
	p.wait("paged: $4 = nearestDc(")
	p.wait("key?")
	p.keys("\r")
	p.wait("❯")
	p.keys("help.getNearestDc | !printf 'as%s' k?; read key </dev/tty; echo got-$key\r")
	p.wait("ask?")
	p.keys("it\r")
	p.wait("got-it")
	p.wait("❯")
	if err := os.Remove(pager); err != nil {
		t.Fatal(err)
	}
	p.keys("help.getNearestDc\r") // a pager that is not there swallows nothing
	p.wait("no pager: ")
	p.wait("nearestDc(")
	p.wait("❯")
	p.keys("set pager maybe\r")
	p.wait("pager is auto, on or off")
	p.wait("❯")
	p.keys("exit\r")
	p.exit(0)
}
