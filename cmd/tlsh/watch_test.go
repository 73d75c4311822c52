//go:build unix

package main

import "testing"

// A watched line runs again and again; what is new in its result is marked.
func TestWatch(t *testing.T) {
	p := openTerminal(t)
	p.wait("❯")
	p.keys("watch 200ms messages.getHistory me limit=2 | jq -r '.messages[].message'\r")
	p.wait("every 200ms: messages.getHistory me limit=2")
	p.wait("  ") // unmarked
	p.wait("every 200ms")
	p.keys("\x03")
	p.wait("❯")
	p.keys("watch 200ms messages.sendMessage @alice again | jq .id\r")
	p.wait("every 200ms: messages.sendMessage @alice again")
	p.wait("▌ ") // each message has a new number
	p.keys("\x03")
	p.wait("❯")
	p.keys("watch 1ms help.getConfig\r")
	p.wait("watch wants a time from 100ms, and this is 1ms")
	p.wait("❯")
	p.keys("watch 200ms users.getUsers [@nobody_here]\r") // a failure ends it
	p.wait("USERNAME_NOT_OCCUPIED")
	p.wait("❯")
	p.keys("exit\r")
	p.exit(0)
}
