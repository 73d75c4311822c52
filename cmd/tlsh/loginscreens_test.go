//go:build unix

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"rsc.io/qr"

	"tlsh/internal/vt"
	"tlsh/sandbox"
)

// loginWorld is what the screens of signing in add to the sandbox's world.
const loginWorld = `
password @bob "harbour lights" hint "where boats sleep" email "bob@example.org"
token @weather_bot "5100001:AAtoken-of-the-tests"
email @carol "carol@example.org"
email @dave_builds wanted
home @alice 4
`

// loginScreen is one way to sign in, as somebody at a terminal goes it.
type loginScreen struct {
	*terminal
	telegram *pretend
	file     string // of the program's clock
	server   string // of its Telegram's
}

// answers types answers, each when the question that it is for has been asked since
// the one before.
func (l *loginScreen) answers(pairs ...string) {
	l.t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		l.until("question "+pairs[i], func(*vt.Screen) bool {
			all := l.screen.String() // until holds its lock
			new := all[l.seen:]
			asked := strings.HasSuffix(new, ": ") && strings.Contains(strings.Join(strings.Fields(new), " "), pairs[i])
			if asked {
				l.seen = len(all)
			}
			return asked
		})
		l.keys(pairs[i+1] + "\r")
	}
}

// tick moves the program's clock.
func (l *loginScreen) tick(by time.Duration) {
	l.t.Helper()
	setClock(l.t, l.file, clock(l.file).Add(by))
}

// setClock writes the time in one step, as it is read all the while.
func setClock(t testing.TB, file string, at time.Time) {
	t.Helper()
	if err := os.WriteFile(file+".new", []byte(at.UTC().Format(time.RFC3339)), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(file+".new", file); err != nil {
		t.Fatal(err)
	}
}

// The whole screen of every way to sign in, wide and narrow, with the mistakes that a
// person makes on it. UPDATE=1 writes them anew.
func TestLoginScreens(t *testing.T) {
	app := []string{"api_id", "12345", "api_hash", "0123456789abcdef0123456789abcdef"}
	known := []string{"TLSH_API_ID=12345", "TLSH_API_HASH=0123456789abcdef0123456789abcdef"}
	for _, c := range []struct {
		name, line string
		env        []string
		status     int
		session    func(l *loginScreen)
	}{
		{name: "code", line: "login", session: func(l *loginScreen) {
			l.answers("api_id", "my program", "as 12345", "12345", "api_hash", "none yet")
			l.answers(append(app[2:], "Phone", "+12", "Phone", "+999 662 1001", "Code", "99999", "Code", "22222")...)
		}},
		{name: "resend", line: "login", env: known, session: func(l *loginScreen) {
			l.answers("Phone", "+9996621001", "in 1m0s", "") // too early
			l.shows("can be asked for in 1m0s")
			l.tick(time.Minute)
			l.answers("can be asked for", "")
			l.shows("sent by SMS")
			l.tick(time.Minute)
			l.answers("sent by SMS", "", "voice calls", "22222")
		}},
		{name: "password", line: "login +9996621003", env: known, session: func(l *loginScreen) {
			l.answers("Code", "22222", "password", "harbour nights", "password", "harbour lights")
		}},
		{name: "recovery", line: "login +9996621003", env: known, session: func(l *loginScreen) {
			l.answers("Code", "22222", "password", "", "Recovery code", "1", "Recovery code", "222222")
		}},
		{name: "sign-up", line: "login +9996627777", env: known, session: func(l *loginScreen) {
			l.answers("Code", "22222", "First and last name", "Nora New")
		}},
		{name: "no-sign-up", line: "login +9996627777", env: known, status: 1, session: func(l *loginScreen) {
			l.answers("Code", "22222", "First and last name", "")
		}},
		{name: "email", line: "login +9996621004", env: known, session: func(l *loginScreen) {
			l.answers("e-mail address", "1", "e-mail address", "222222")
		}},
		{name: "email-wanted", line: "login +9996621005", env: known, session: func(l *loginScreen) {
			l.answers("E-mail address", "nonsense", "E-mail address", "dave@example.org", "sent to the e-mail", "1", "sent to the e-mail", "222222", "sent to the e-mail", "222222")
		}},
		{name: "bot", line: "login --bot 5100001:AAtoken-of-the-tests", env: known, session: func(*loginScreen) {}},
		{name: "bot-unknown", line: "login --bot 5100001:AAanother-token", env: known, status: 1, session: func(*loginScreen) {}},
		{name: "migrate", line: "login +9996621002", env: known, session: func(l *loginScreen) {
			l.answers("Code", "22222", "Code", "44444")
		}},
		{name: "expired", line: "login +9996621001", env: known, status: 1, session: func(l *loginScreen) {
			l.shows("Code")
			setClock(l.t, l.server, clock(l.server).Add(time.Hour))
			l.answers("Code", "22222")
		}},
		{name: "qr", line: "login --qr", env: known, session: qrSession},
	} {
		for _, cols := range []int{80, 40} {
			name := fmt.Sprintf("%s.%d", c.name, cols)
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				l := openLogin(t, cols, c.line, c.env...)
				c.session(l)
				done := make(chan error, 1)
				go func() { done <- l.cmd.Wait() }()
				select {
				case <-done:
				case <-time.After(time.Minute):
					l.look(func(v *vt.Screen) { t.Fatalf("it does not end; the screen is\n%s", v.All()) })
				}
				if got := l.cmd.ProcessState.ExitCode(); got != c.status {
					t.Errorf("exit status %d, want %d", got, c.status)
				}
				goldenScreen(t, l, filepath.Join("testdata", "login", name+".txt"))
			})
		}
	}
}

// qrTime is how long a QR code is good.
const qrTime = 30 * time.Second

// openLogin runs a line on a terminal so wide, with a Telegram of its own whose clock
// and the program's stand still.
func openLogin(t *testing.T, cols int, line string, env ...string) *loginScreen {
	t.Helper()
	dir := t.TempDir()
	l := &loginScreen{file: filepath.Join(dir, "clock"), server: filepath.Join(dir, "telegram-clock")}
	at := time.Date(2026, 3, 6, 18, 0, 0, 0, time.UTC)
	setClock(t, l.server, at)
	if strings.Contains(line, "--qr") { // a code is good for a second then
		at = at.Add(qrTime - time.Second)
	}
	setClock(t, l.file, at)
	plain, err := sandbox.New(sandbox.Config{})
	if err != nil {
		t.Fatal(err)
	}
	var world bytes.Buffer
	if err := plain.Save(&world); err != nil {
		t.Fatal(err)
	}
	l.telegram, err = runTelegram(sandbox.Config{World: world.String() + loginWorld, Now: func() time.Time { return clock(l.server) }}, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.telegram.stop)
	tlsh := linked(t, dir, "tlsh")
	env = append(env, telegramVariable+"="+l.telegram.variable, clockVariable+"="+l.file)
	l.terminal = openCommand(t, cols, 60, dir, exec.Command(tlsh, "-c", line), env...)
	return l
}

// goldenScreen compares everything that was shown with a file.
func goldenScreen(t *testing.T, l *loginScreen, file string) {
	t.Helper()
	screen := func() (text string) {
		l.look(func(v *vt.Screen) { text = strings.TrimRight(hideQR(t, v.All()), "\n") + "\n" })
		return text
	}
	if os.Getenv("UPDATE") != "" {
		time.Sleep(time.Second) // whatever is still on its way
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(screen()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want, got := string(b), ""
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if got = screen(); got == want {
			return
		}
	}
	t.Errorf("%s is not what is shown; UPDATE=1 go test ./cmd/tlsh -run LoginScreens writes it anew\n%s", file, cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")))
}

// linkPattern finds the link of a QR code, over the rows that it takes.
func linkPattern() *regexp.Regexp { return regexp.MustCompile(`tg://login\?token=[A-Za-z0-9_\n-]+\n`) }

// shownLink is the link that stands on a screen, in one piece; "" for none.
func shownLink(screen string) string {
	return strings.ReplaceAll(strings.TrimSuffix(linkPattern().FindString(screen+"\n"), "\n"), "\n", "")
}

// hideQR checks that the code on a screen is that of the link below it, and leaves a
// word of both: they are random.
func hideQR(t testing.TB, screen string) string {
	t.Helper()
	link := shownLink(screen)
	if link == "" {
		return screen
	}
	code, err := qr.Encode(link, qr.L)
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for y := -2; y < code.Size+2; y += 2 {
		row := ""
		for x := -2; x < code.Size+2; x++ {
			// Without colours what is light is drawn, on a dark ground.
			row += map[[2]bool]string{{false, false}: "█", {false, true}: "▀", {true, false}: "▄", {true, true}: " "}[[2]bool{code.Black(x, y), code.Black(x, y+1)}]
		}
		rows = append(rows, strings.TrimRight(row, " "))
	}
	whole := strings.Join(rows, "\n") + "\n"
	if strings.Count(screen, whole) != 1 {
		t.Errorf("the code of %s is not on the screen once:\n%s", link, screen)
	}
	screen = strings.Replace(screen, whole, "(the QR code)\n", 1)
	return strings.Replace(screen, linkPattern().FindString(screen), "tg://login?token=…\n", 1)
}

// qrSession lets one code expire, and has another session of Bob's accept the next,
// which the password follows.
func qrSession(l *loginScreen) {
	link := func(before string) (now string) {
		l.until("a code", func(v *vt.Screen) bool {
			now = shownLink(v.All())
			return now != "" && now != before && strings.HasSuffix(strings.TrimRight(v.All(), "\n"), "gives up.")
		})
		return now
	}
	first := link("")
	// The program's clock first: with the Telegram's alone it would see a code that is
	// good for longer.
	l.tick(clock(l.server).Add(qrTime).Sub(clock(l.file)))
	setClock(l.t, l.server, clock(l.file))
	second := link(first)
	token := strings.TrimPrefix(second, "tg://login?token=")
	tlsh := exec.Command(l.cmd.Path, "--profile", "bob", "-c", `login +9996621003 --code 22222 --password "harbour lights"; auth.acceptLoginToken token=base64:`+token)
	tlsh.Env = l.cmd.Env
	if out, err := tlsh.CombinedOutput(); err != nil {
		l.t.Fatalf("%v\n%s", err, out)
	}
	l.answers("password", "harbour lights")
}
