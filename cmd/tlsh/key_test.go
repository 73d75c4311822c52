//go:build unix

package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tlsh/history"
	"tlsh/internal/vt"
	"tlsh/store"
)

// BenchmarkKeyToScreen measures how long it takes from a key typed on a real terminal
// until its effect is on the screen, with candidates and help below: on a server of
// one's own, with 10,000 lines of history, 5,000 people known and, in busy, about 1,000
// updates a second arriving for the person who types. What cat takes to echo a
// character is the machine's own part.
func BenchmarkKeyToScreen(b *testing.B) {
	b.Run("cat", func(b *testing.B) {
		sh, err := exec.LookPath("sh")
		if err != nil {
			b.Skip(err)
		}
		p := openCommand(b, 100, 40, b.TempDir(), exec.Command(sh, "-c", "stty raw -echo; echo ready; exec cat"))
		p.shows("ready")
		timeKeys(b, p, strings.Repeat("x", 60)+"\r")
	})
	for _, busy := range []bool{false, true} {
		b.Run(map[bool]string{false: "quiet", true: "busy"}[busy], func(b *testing.B) {
			p, stop := busyTerminal(b, busy)
			defer stop()
			timeKeys(b, p, "messages.sendMessage @person_42 \"how long does a key take\" \x15") // Ctrl-U begins again
			p.look(func(*vt.Screen) {
				b.ReportMetric(float64(strings.Count(p.screen.String(), "updateNewMessage")), "updates-shown")
			})
		})
	}
}

// timeKeys types keys, over and over, each when the one before has long been shown.
func timeKeys(b *testing.B, p *terminal, keys string) {
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		moved := make(chan time.Time, 1)
		p.look(func(v *vt.Screen) {
			before := v.X
			p.wrote = func(v *vt.Screen) {
				if v.X != before && !v.Hidden {
					p.wrote = nil
					moved <- time.Now()
				}
			}
		})
		start := time.Now()
		p.keys(keys[i%len(keys) : i%len(keys)+1])
		end := <-moved
		took = append(took, end.Sub(start))
		time.Sleep(20 * time.Millisecond) // nobody types faster, and what is below comes meanwhile
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}

// busyTerminal is Sam at a prompt on a server, where Alice, when it is busy, writes to
// him all the time.
func busyTerminal(b *testing.B, busy bool) (p *terminal, stop func()) {
	dir := b.TempDir()
	tlsh := linked(b, dir, "tlsh")
	env := append(os.Environ(), "TZ=UTC", "XDG_STATE_HOME="+filepath.Join(dir, "state"), "XDG_CONFIG_HOME="+dir)
	program := func(args ...string) *exec.Cmd {
		cmd := exec.Command(tlsh, args...)
		cmd.Env = env
		return cmd
	}
	server := program("sandbox", "--listen", "127.0.0.1:0")
	out, err := server.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := server.Start(); err != nil {
		b.Fatal(err)
	}
	address, key := banner(b, bufio.NewScanner(out))
	keyFile := filepath.Join(dir, "key.pem")
	if err := os.WriteFile(keyFile, []byte(key), 0o600); err != nil {
		b.Fatal(err)
	}
	go func() { _, _ = bufio.NewReader(out).WriteTo(discard{}) }() // ends with the server
	at := func(profile string, more ...string) []string {
		return append([]string{"--server", address, "--server-key", keyFile, "--profile", profile}, more...)
	}
	for profile, phone := range map[string]string{"sam": "+9996621001", "alice": "+9996621002"} {
		if out, err := program(at(profile, "-c", "login --phone "+phone+" --code 22222")...).CombinedOutput(); err != nil {
			b.Fatalf("%v: %s", err, out)
		}
	}
	remember(b, filepath.Join(dir, "state", "tlsh", "servers"))
	flood := program(at("alice", "--rate", "1000", "-o", "jsonl")...)
	in, err := flood.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	if busy {
		if err := flood.Start(); err != nil {
			b.Fatal(err)
		}
		go func() {
			for i := 0; ; i++ {
				if _, err := fmt.Fprintf(in, "messages.sendMessage @sam \"number %d\"\n", i); err != nil {
					return
				}
			}
		}()
	}
	p = openCommand(b, 100, 40, dir, program(at("sam")...), "XDG_CONFIG_HOME="+dir, "NO_COLOR=", "COLORFGBG=15;0", "TERM=xterm-256color")
	p.until("prompt", atPrompt)
	p.keys("updates on\r")
	p.until("prompt", func(v *vt.Screen) bool { return strings.Contains(v.All(), "updates on") && atPrompt(v) })
	if busy {
		p.shows("updateNewMessage")
	}
	return p, func() {
		in.Close()
		for _, c := range []*exec.Cmd{p.cmd, flood, server} {
			if c.Process != nil {
				_ = c.Process.Kill() // it may have ended
				_ = c.Wait()
			}
		}
	}
}

type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }

// banner reads the address and the public key from what the server says.
func banner(b *testing.B, in *bufio.Scanner) (address, key string) {
	inside := false
	for in.Scan() {
		l := in.Text()
		if f := strings.Fields(l); len(f) == 2 && f[0] == "address" {
			address = f[1]
		}
		if inside = inside || strings.HasPrefix(l, "-----BEGIN"); inside {
			key += l + "\n"
		}
		if strings.HasPrefix(l, "-----END") {
			return address, key
		}
	}
	b.Fatal("the server says no key")
	return "", ""
}

// remember puts 5,000 people and 10,000 lines into Sam's profile.
func remember(b *testing.B, servers string) {
	files, err := filepath.Glob(filepath.Join(servers, "*", "sam.db"))
	if err != nil || len(files) != 1 {
		b.Fatalf("profiles: %v, %v", files, err)
	}
	st := store.Open(files[0])
	people := make([]store.Entity, 5000)
	for i := range people {
		people[i] = store.Entity{Kind: 1, ID: int64(10_000 + i), Hash: 1, Title: fmt.Sprintf("Person %d", i),
			Usernames: []store.Username{{Name: fmt.Sprintf("person_%d", i), Active: true}}, Seen: time.Now()}
	}
	if err := st.Learn(people); err != nil {
		b.Fatal(err)
	}
	if err := st.Close(); err != nil {
		b.Fatal(err)
	}
	h, err := history.Open(strings.TrimSuffix(files[0], ".db")+".history", history.Options{})
	if err != nil {
		b.Fatal(err)
	}
	for i := range 10_000 {
		if err := h.Add(history.Entry{Line: fmt.Sprintf("messages.sendMessage @person_%d \"line number %d of many\"", i%5000, i), Outcome: "ok"}); err != nil {
			b.Fatal(err)
		}
	}
}
