//go:build unix

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tlsh/internal/vt"
)

// screens is where the pictures of the documentation are.
const screens = "../../docs/screens"

// TestPictures types real sessions on a real pty and compares the screens, text with
// styles, with those of the documentation, which are there as pictures too. UPDATE=1
// writes them anew.
func TestPictures(t *testing.T) {
	enter := func(p *terminal, line, shows string) {
		p.keys(line + "\r")
		p.shows(shows)
		p.until("prompt", atPrompt)
	}
	for _, c := range []struct {
		name, title string
		cols, rows  int
		session     func(p *terminal)
	}{
		{"first-minute", "the first minute", 88, 24, func(p *terminal) {
			enter(p, `messages.sendMessage @alice "Good morning!"`, "updateShortSentMessage")
			enter(p, `messages.getHistory @alice limit=4 | table id date message`, "Bob wants to leave")
		}},
		{"completion", "completion", 88, 14, func(p *terminal) {
			p.keys("messages.sendMessage @")
			p.shows("peer Alice Moreau")
			p.keys("\t")
			p.keys("\x1b[B")
			p.shows("❯ messages.sendMessage @alice")
		}},
		{"search", "searching the API as one types", 88, 14, func(p *terminal) {
			p.keys("/kick user")
			p.shows("channels.editBanned")
		}},
		{"batch", "a batch", 88, 26, func(p *terminal) {
			p.keys("batch <\r")
			p.keys("  $sent = messages.sendMessage @alice \"See you at eight\"\r")
			p.keys("help.getNearestDc\r")
			p.keys("messages.sendMessage @bob \"\"\r")
			p.keys("\x7f\x7f> ordered\r")
			p.shows("succeeded")
			p.until("prompt", atPrompt)
			p.keys("messages.deleteMessages id=[$sent] revoke=tr")
			p.shows("true")
		}},
		{"error", "errors", 88, 16, func(p *terminal) {
			enter(p, `messages.sendMessage @nobody_here "hi"`, "USERNAME_NOT_OCCUPIED")
			p.keys(`messages.sendMessage peer=@alice mesage="hi"`)
			p.shows("did you mean message?")
		}},
		{"history", "Ctrl-R", 88, 16, func(p *terminal) {
			for _, l := range []string{`messages.sendMessage @bob "Shall I bring the map?"`, "help.getNearestDc", `messages.sendMessage @nobody_here "hi"`, `messages.search @alice "weather" limit=3 | table id message`} {
				p.keys(l + "\r")
				p.until("prompt", atPrompt)
			}
			p.keys("\x0c\x12sendm")
			p.shows("history: sendm")
		}},
		{"update", "an update arrives", 88, 12, func(p *terminal) {
			enter(p, "updates on", "❯")
			enter(p, `messages.sendMessage @ines_bakes "Is there bread left?"`, "updateShortSentMessage")
			p.keys(`messages.sendMessage @alice "I am at the ba`)
			p.shows("updateNewMessage")
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := openProgram(t, c.cols, c.rows, "tlsh", "TERM=xterm-256color", "COLORTERM=truecolor", "COLORFGBG=15;0", "NO_COLOR=")
			p.until("prompt", atPrompt)
			c.session(p)
			checkScreen(t, p, c.name, c.title)
		})
	}
}

// atPrompt reports that the last row is a prompt with nothing typed.
func atPrompt(v *vt.Screen) bool {
	rows := strings.Split(v.Text(), "\n")
	return strings.HasSuffix(rows[len(rows)-1], "❯") && !v.Hidden
}

// checkScreen waits until the screen is the one on file, and compares the picture.
func checkScreen(t *testing.T, p *terminal, name, title string) {
	t.Helper()
	text, picture := filepath.Join(screens, name+".txt"), filepath.Join(screens, name+".svg")
	dump := func() (screen, svg string) {
		p.look(func(v *vt.Screen) {
			var l vt.Legend
			screen = v.Dump(&l)
			screen += "\n" + l.String()
			svg = v.SVG("tlsh: " + title)
		})
		return screen, svg
	}
	if os.Getenv("UPDATE") != "" {
		time.Sleep(2 * time.Second) // whatever is still drawn
		screen, svg := dump()
		for file, s := range map[string]string{text: screen, picture: svg} {
			if err := os.WriteFile(file, []byte(s), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		return
	}
	want, err := os.ReadFile(text)
	if err != nil {
		t.Fatal(err)
	}
	var screen, svg string
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if screen, svg = dump(); screen == string(want) {
			break
		}
	}
	if d := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(screen, "\n")); d != "" {
		t.Fatalf("%s; UPDATE=1 go test ./cmd/tlsh -run Pictures writes them anew\n%s", fmt.Sprint(text, " is not what is shown"), d)
	}
	if b, err := os.ReadFile(picture); err != nil || string(b) != svg {
		t.Errorf("%s is not the picture of the screen: %v", picture, err)
	}
}
