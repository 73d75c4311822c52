//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tlsh/sandbox"
)

// A person signs in at the prompt: what is secret is not shown while it is typed,
// a wrong answer can be given again, Ctrl-C leaves, and none of it is kept.
func TestLoginAtThePrompt(t *testing.T) {
	there, err := runTelegram(sandbox.Config{}, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer there.stop()
	var grace sandbox.Person
	for _, p := range there.People() {
		if strings.HasPrefix(p.Name, "Grace") {
			grace = p
		}
	}
	if grace.Password == "" {
		t.Fatal("nobody called Grace has a password")
	}
	state := filepath.Join(t.TempDir(), "state")
	p := openTerminal(t, telegramVariable+"="+there.variable, "XDG_STATE_HOME="+state)
	const hash = "0123456789abcdef0123456789abcdef"
	p.wait("sandbox")
	p.keys("login\r")
	p.wait("https://my.telegram.org")
	p.wait("api_id: ")
	p.keys("12345\r")
	p.wait("api_hash (what you type is not shown): ")
	p.keys(hash + "\r")
	p.wait("Phone number")
	p.keys("\x03") // Ctrl-C: no, not yet
	p.wait("sandbox")
	p.keys("login\r")
	p.wait("Phone number") // the api_id and api_hash are known now
	p.keys("+12\r")
	p.wait("PHONE_NUMBER_INVALID")
	p.wait("Phone number")
	p.keys("+" + grace.Phone + "\r")
	p.wait("sent to your other Telegram apps; an empty line asks for one by SMS")
	p.keys("99999\r")
	p.wait("PHONE_CODE_INVALID")
	p.wait("Code")
	p.keys(grace.Code + "\r")
	p.wait("Two-step password (hint: ")
	p.keys("not this one\r")
	p.wait("PASSWORD_HASH_INVALID")
	p.wait("Two-step password")
	p.keys(grace.Password + "\r")
	p.wait("signed in as Grace")
	p.keys("whoami\r")
	p.wait(`Telegram, profile "default": Grace`)
	p.keys("logout\r")
	p.wait("[y/N")
	p.keys("y\r")
	p.wait("signed out")
	p.until("prompt", atPrompt)
	p.keys("\x04")
	p.exit(0)
	p.mu.Lock()
	screen := p.screen.String()
	p.mu.Unlock()
	for _, secret := range []string{hash, grace.Password, "not this one"} {
		if strings.Contains(screen, secret) {
			t.Errorf("%q was shown", secret)
		}
	}
	err = filepath.WalkDir(state, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.Contains(path, ".db") {
			return err
		}
		b, err := os.ReadFile(path)
		for _, secret := range []string{hash, grace.Password, grace.Code, "not this one"} {
			if strings.Contains(string(b), secret) {
				t.Errorf("%q is in %s", secret, path)
			}
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// A QR code is drawn, and gives way when somebody changes their mind.
func TestQRAtThePrompt(t *testing.T) {
	there, err := runTelegram(sandbox.Config{}, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer there.stop()
	p := openTerminal(t, telegramVariable+"="+there.variable, "TLSH_API_ID=1", "TLSH_API_HASH=x")
	p.wait("sandbox")
	p.keys("login --qr\r")
	p.wait("▀")
	p.wait("tg://login?token=")
	p.keys("\x03")
	p.wait("interrupted")
	p.until("prompt", atPrompt)
	p.keys("\x04")
	p.exit(0)
}
