//go:build unix

package main

import (
	"testing"
	"time"
)

// What destroys something is asked about at the prompt, where that is set or the
// account is a real one.
func TestConfirm(t *testing.T) {
	p := openTerminal(t)
	p.wait("❯")
	p.keys("messages.deleteHistory me max_id=0\r") // the sandbox does not ask
	p.wait("messages.affectedHistory")
	p.wait("❯")
	p.keys("set confirm on\r")
	p.wait("❯")
	p.keys("messages.deleteHistory @alice max_id=0\r")
	p.wait("messages.deleteHistory deletes the history of a chat.")
	p.wait("[y/N, a: and the rest of the line]")
	p.keys("\r")
	p.wait("not sent")
	p.wait("❯")
	p.keys("messages.deleteHistory @alice max_id=0\r")
	p.wait("[y/N")
	p.keys("\x03") // Ctrl-C is a no
	p.wait("not sent")
	p.wait("❯")
	p.keys("messages.deleteHistory @alice max_id=0\r")
	p.wait("[y/N")
	p.keys("\x04") // and so is Ctrl-D
	p.wait("not sent")
	p.wait("❯")
	p.keys("messages.getHistory @alice | jq '.messages | length'\r")
	p.wait("8")
	p.wait("❯")
	p.keys("for $i in [1 2] < messages.deleteHistory @alice max_id=0 >; batch < messages.deleteHistory me 0; messages.deleteHistory @bob 0 >\r")
	p.wait("[y/N")
	p.keys("a\r")
	p.wait("messages.affectedHistory")
	p.wait("messages.affectedHistory")
	p.wait("2 of 2 succeeded")
	p.wait("❯")
	p.keys("batch < messages.deleteHistory me 0; auth.logOut >\r") // what was granted ended with its line
	p.wait("auth.logOut signs this session out")
	p.wait("Send all 2 requests, as sandbox?")
	p.keys("n\r")
	p.wait("not sent")
	p.wait("❯")
	p.keys("sleep 300ms; messages.deleteHistory @alice 0\ry\r")
	p.wait("[y/N") // the y was typed before the question, and is no answer
	time.Sleep(50 * time.Millisecond)
	p.keys("\r")
	p.wait("not sent")
	p.wait("❯")
	p.keys("exit\r")
	p.exit(0)
}
