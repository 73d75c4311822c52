//go:build unix

package main

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/creack/pty"

	"tlsh/internal/vt"
)

// resize gives the terminal another size.
func (p *terminal) resize(cols, rows int) {
	p.t.Helper()
	p.look(func(v *vt.Screen) { v.Resize(cols, rows) })
	if err := pty.Setsize(p.tty, &pty.Winsize{Rows: uint16(rows), Cols: uint16(cols)}); err != nil {
		p.t.Fatal(err)
	}
}

// ended reports whether the screen ends with rows.
func ended(rows ...string) func(*vt.Screen) bool {
	return func(v *vt.Screen) bool { return strings.HasSuffix("\n"+v.All(), "\n"+strings.Join(rows, "\n")) }
}

// Two hundred lines that are pasted stand in the line and are not run; Enter runs them
// as one.
func TestPasteManyLines(t *testing.T) {
	t.Parallel()
	p := openTerminal(t)
	p.until("prompt", atPrompt)
	var text strings.Builder
	for i := range 200 {
		fmt.Fprintf(&text, "echo line-%d\r", i)
	}
	p.keys("\x1b[200~" + strings.TrimSuffix(text.String(), "\r") + "\x1b[201~")
	p.shows("│ echo line-199")
	p.look(func(v *vt.Screen) {
		if strings.Contains(v.All(), "\nline-0") {
			t.Error("a paste was run")
		}
	})
	p.keys("\x03")
	p.until("an empty prompt", func(v *vt.Screen) bool { return strings.Contains(v.All(), "line-199^C") && atPrompt(v) })
	p.keys("\x1b[200~" + strings.TrimSuffix(text.String(), "\r") + "\x1b[201~\r")
	p.until("the last line's result", ended("line-198", "line-199", "sandbox dc2❯"))
	p.keys("\x1b[A")
	p.shows("│ echo line-199") // one entry of the history
	p.keys("\x03\x04")
	p.exit(0)
}

// Ctrl-C stops a request that is on its way; a window that changes its size all the
// while leaves the prompt whole, and what was typed ahead is there.
func TestStormWhileWaiting(t *testing.T) {
	t.Parallel()
	p := openTerminal(t)
	p.until("prompt", atPrompt)
	p.keys("sandbox latency 60s\r")
	p.until("prompt", func(v *vt.Screen) bool { return strings.Contains(v.Text(), "latency") && atPrompt(v) })
	p.keys("echo begun; help.getNearestDc\r")
	p.until("the request", ended("begun"))
	for i := range 100 {
		p.resize(40+(i*37)%260, 8+i%40)
	}
	p.keys("echo ahe")
	p.resize(72, 20)
	p.keys("\x03ad") // what was typed before it is dropped by the terminal, as it is by any shell
	p.until("prompt", func(v *vt.Screen) bool {
		return strings.Contains(v.Text(), "❯ ad") || strings.Contains(v.Text(), "❯ echo ahead")
	})
	p.keys("\x03sandbox latency 0s\r")
	p.until("prompt", atPrompt)
	text := strings.Repeat("abcdefghij", 12)
	p.keys("echo " + text[:60])
	for i := range 60 {
		p.resize(40+(i*53)%260, 8+i%40)
		p.keys(text[60+i : 61+i])
	}
	p.resize(60, 30)
	p.keys("\x0c")
	line := "sandbox dc2❯ echo " + text
	p.until("the line at the last width", ended(line[:62], line[62:122], line[122:]))
	p.keys("\r")
	p.until("its result", ended(text[:60], text[60:], "sandbox dc2❯"))
	p.keys("\x04")
	p.exit(0)
}

// A title from right to left moves nothing on its row, where the terminal would; what is
// pasted back is as it was sent.
func TestRightToLeft(t *testing.T) {
	for _, pager := range []string{"auto", "off"} {
		t.Run("pager "+pager, func(t *testing.T) { t.Parallel(); rightToLeft(t, pager) })
	}
}

func rightToLeft(t *testing.T, pager string) {
	p := openTerminal(t, "VTE_VERSION=7600", "PAGER=cat")
	p.wait("❯")
	p.keys("set pager " + pager + "\r")
	p.wait("❯")
	p.keys("$m = messages.sendMessage @alice \"שלום עולם 5\"\r")
	p.wait("updateShortSentMessage")
	p.wait("❯")
	p.keys("messages.getHistory @alice limit=1\r")
	p.wait("message: \"\u2068שלום עולם\u2069 5\"\r\n")
	p.wait("❯")
	p.keys("$_.messages | table id message\r")
	p.wait("\u2068שלום עולם\u2069 5\r\n")
	p.wait("❯")
	p.keys("$_ | jq -c '.messages[0].message'\r")
	p.wait("\"שלום עולם 5\"\r\n")
	p.wait("❯")
	p.keys("set output tl; $_.messages[0].message\r")
	p.wait("\"שלום עולם 5\"\r\n")
	p.wait("❯")
	p.keys("\x04")
	p.exit(0)
}

// What is said at the beginning breaks between words, and has room on a narrow screen.
func TestBannerFits(t *testing.T) {
	for _, cols := range []int{40, 60, 80, 120} {
		t.Run(fmt.Sprint(cols), func(t *testing.T) {
			t.Parallel()
			p := openProgram(t, cols, 24, "tlsh")
			p.until("prompt", atPrompt)
			p.look(func(v *vt.Screen) {
				for _, r := range v.Lines {
					if r.Soft {
						t.Errorf("a row is broken by the terminal:\n%s", v.Text())
						break
					}
				}
				if text := v.Text(); !strings.Contains(text, "messages.getHistory @alice limit=3") || strings.Contains(text, "answer her") != (cols >= 80) {
					t.Errorf("the screen is\n%s", text)
				}
			})
			p.keys("\x04")
			p.exit(0)
		})
	}
}

// Who has not signed in is told that first, and not to try what cannot work.
func TestBannerOfNobody(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := openCommand(t, 80, 24, dir, exec.Command(linked(t, dir, "tlsh"), "--profile", "work"))
	p.shows("login --qr")
	p.shows("work❯")
	p.look(func(v *vt.Screen) {
		if text := v.Text(); strings.Contains(text, "getDialogs") || !strings.Contains(text, "Try:  login ") || !strings.Contains(text, "nobody is signed in") {
			t.Errorf("the screen is\n%s", text)
		}
	})
	p.keys("logout\r")
	p.shows("profile \"work\" is not signed in: login does that")
	p.until("prompt", atPrompt)
	p.keys("\x04")
	p.exit(0)
}

// A flood wait counts down in a row that is gone afterwards.
func TestCountdown(t *testing.T) {
	t.Parallel()
	p := openTerminal(t)
	p.until("prompt", atPrompt)
	p.keys("sandbox flood 2s\r")
	p.until("prompt", func(v *vt.Screen) bool { return strings.Contains(v.Text(), "flood") && atPrompt(v) })
	p.keys("help.getNearestDc\r")
	p.shows("1 s left")
	p.shows("nearestDc(")
	p.until("prompt", atPrompt)
	p.look(func(v *vt.Screen) {
		if strings.Contains(v.Text(), "left") {
			t.Errorf("the countdown is left:\n%s", v.Text())
		}
	})
	p.keys("\x04")
	p.exit(0)
}

// The shell that began the program suspends it and lets it go on, at the prompt and
// while a request runs, and has the terminal as it was each time.
func TestSuspend(t *testing.T) {
	for _, name := range []string{"sh", "bash"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sh, err := exec.LookPath(name)
			if err != nil {
				t.Skip(err)
			}
			suspendUnder(t, sh)
		})
	}
}

// suspendUnder suspends the program under one shell.
func suspendUnder(t *testing.T, sh string) {
	inner := openTerminal(t) // for the name of the program
	tlsh := inner.cmd.Path
	inner.until("prompt", atPrompt)
	inner.keys("\x04")
	inner.exit(0)
	p := openCommand(t, 100, 40, t.TempDir(), exec.Command(sh, shellFlags[filepath.Base(sh)]...), "PS1=SH> ", "ENV=")
	p.shows("SH>")
	shell := func() {
		p.t.Helper()
		p.until("the shell", func(v *vt.Screen) bool {
			rows := strings.Split(v.Text(), "\n")
			return strings.HasSuffix(rows[len(rows)-1], "SH>")
		})
	}
	stopped := 0
	found := func() {
		p.t.Helper()
		stopped++
		p.until("a stop", func(v *vt.Screen) bool { return strings.Count(v.All(), "topped") == stopped })
		p.look(func(v *vt.Screen) {
			if all := v.All(); runtime.GOOS == "linux" && strings.Contains(all, "tty output") {
				p.t.Errorf("the shell does not take it for an ordinary stop:\n%s", all)
			}
		})
		shell()
		p.asFound()
	}
	p.keys(tlsh + "\r")
	p.until("prompt", atPrompt)
	p.keys("echo half")
	p.until("the line", ended("sandbox dc2❯ echo half"))
	p.keys("\x1a")
	found()
	p.keys("fg\r")
	p.until("the line again", ended("sandbox dc2❯ echo half"))
	p.keys("-done; sleep 600\r")
	p.until("its result", ended("half-done"))
	p.keys("\x1a")
	found()
	p.keys("fg\r")
	p.until("the program", func(*vt.Screen) bool { return !p.isFound() }) // it has the terminal again
	p.keys("\x03")
	p.until("prompt", atPrompt)
	p.keys("echo again\r")
	p.until("its result", ended("again", "sandbox dc2❯"))
	p.keys("\x04")
	shell()
	p.asFound()
	p.keys("exit\r")
}

// shellFlags make a shell one with job control that reads no files of the user's.
var shellFlags = map[string][]string{"sh": {"-i"}, "bash": {"--norc", "--noprofile", "--noediting", "-i"}}

// A connection that is lost and comes back says so above what is being typed.
func TestLostWhileTyping(t *testing.T) {
	t.Parallel()
	p := openTerminal(t)
	p.until("prompt", atPrompt)
	p.keys("help.getNearestDc\r")
	p.shows("nearestDc(")
	p.until("prompt", atPrompt)
	p.keys("sandbox cut; echo cut\r")
	p.until("prompt", func(v *vt.Screen) bool { return strings.Contains(v.Text(), "\ncut\n") && atPrompt(v) })
	p.keys("echo half <\n a")
	p.shows("connected again")
	p.until("the line", func(v *vt.Screen) bool {
		rows := strings.Split(v.Text(), "\n")
		return v.Y > 0 && strings.HasSuffix(rows[v.Y-1], "❯ echo half <") && strings.HasSuffix(rows[v.Y], "│  a")
	})
	p.keys("\x03\x04")
	p.exit(0)
}
