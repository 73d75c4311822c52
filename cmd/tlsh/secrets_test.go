//go:build unix

package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// secretLines are secrets typed in every way that the shell offers; each § is one.
var secretLines = []string{
	// By name and by position, as TL, as a call, in Python's form, wrong ones too.
	`auth.signIn phone_number="+999" phone_code_hash="§" phone_code="§"`,
	`auth.signIn +999 § "§"`,
	`auth.signIn(+999, '§', §)`,
	`auth.signIn phone_number=+999 phone_code_hash=§ phone_code=[§]`,
	`client(functions.auth.SignInRequest('+999', '§', '§'))`,
	`result = await client(SignInRequest('+999', phone_code_hash='§', phone_code='§'))`,
	`client.sign_in('+999', '§')`,
	`auth.importBotAuthorization flags=0 api_id=1 api_hash=§ bot_auth_token="§"`,
	`auth.sgnIn phone_code=§`,
	`auth.signIn "+999 phone_code=§`,
	// Nested, and in blocks.
	`account.updatePasswordSettings password=inputCheckPasswordSRP(1 "§" "§") new_settings=account.passwordInputSettings(new_password_hash="§" hint=x)`,
	`auth.checkPassword inputCheckPasswordSRP(srp_id=1 A=hex:00 M1="§")`,
	`batch < auth.signIn +999 § "§"; help.getConfig >`,
	`for $i in [1 2] < auth.signIn +999 § "§" >`,
	"batch <\n  auth.signIn(+999,\n    §\n    \"§\")\n>",
	// Variables, aliases and what they are given.
	`$password = "§"`, `$bot_token = §`, `$pw = '§'`,
	`alias enter auth.signIn {1} {2} phone_code={3:§}`,
	`enter +999 "§"`,
	`enter`,
	`enter +999 § §`,
	`batch < enter +999 "§" >`,
	`watch 1m enter +999 § x`,
	// Variables that turn out to hold one, and shapes.
	`$mine = "§"`, `$other = '§'`,
	`auth.importBotAuthorization flags=0 api_id=1 api_hash=$mine bot_auth_token=$other`,
	`$mine = "§"`,
	`echo "1` + strings.Repeat("Ab_-", 86) + `§"`,
	// JSON, bot tokens, links, and what looks like a setting.
	`echo '{"password":"§","y":1}'`,
	`echo "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5§"`,
	`echo https://t.me/login/§`,
	`set api_hash §`,
	// Signing in, with options that are wrong.
	`login --phone +9996621001 --code § --password §`,
	`login --bot 5:§§`,
	`login §`,
	// And with mistakes of syntax, whose place is shown.
	`login --password "§`, `login --bot 5:§" x`, `login § |x`, `login --password § < x`, `set api_hash '§`,
	// What begins with a space is not kept, whatever it is.
	` messages.sendMessage me "§ and nothing that shows that it is one"`,
}

// seeded are the lines, with a secret of its own for every §.
func seeded(lines []string) (out, secrets []string) {
	for _, l := range lines {
		for strings.Contains(l, "§") {
			s := fmt.Sprintf("sEcReT%04dvAlUe", 1000+len(secrets))
			secrets = append(secrets, s)
			l = strings.Replace(l, "§", s, 1)
		}
		out = append(out, l)
	}
	return out, secrets
}

// openSandbox is the program's sandbox on a terminal, with a profile that is kept,
// and the folder that has all of its files.
func openSandbox(t *testing.T, env string) (p *terminal, dir string) {
	t.Helper()
	dir = t.TempDir()
	tlsh := linked(t, dir, "tlsh")
	return openCommand(t, 100, 40, dir, exec.Command(tlsh, "--sandbox", "--profile", "kept"), env), dir
}

// At the prompt: nothing of what was typed, pasted or answered is in any file.
func TestSecretsTyped(t *testing.T) {
	lines, secrets := seeded(secretLines)
	p, dir := openSandbox(t, "TERM=dumb")
	end := 0
	enter := func(text string) {
		end++
		p.keys(text + "\n")
		p.keys(fmt.Sprintf("encode %d\n", end)) // closes nothing that is open, and is seen when the line has run
	}
	for _, l := range lines {
		enter(l)
		p.wait(result(end))
	}
	// Answers to what is asked.
	answers, more := seeded([]string{"§", "§", "§"})
	secrets = append(secrets, more...)
	p.keys("login --phone +9996621001\n")
	p.wait("Code")
	p.keys(answers[0] + "\n")
	p.wait("PHONE_CODE")
	p.keys("\x03")
	p.wait("interrupted")
	enter(answers[2]) // one that came too late
	p.wait(result(end))
	enter("trace on")
	p.wait(result(end))
	enter(lines[0])
	p.wait(result(end))
	p.keys("exit\n")
	p.exit(0)
	nowhere(t, dir, secrets)
	if h, err := os.ReadFile(filepath.Join(dir, "state", "tlsh", "sandbox", "kept.history")); err != nil || !bytes.Contains(h, []byte("auth.signIn")) || !bytes.Contains(h, []byte("***")) {
		t.Errorf("the history does not have the lines without their secrets: %v\n%s", err, h)
	}
}

// Pasted into the line editor, and answered to a question without echo.
func TestSecretsPasted(t *testing.T) {
	lines, secrets := seeded([]string{"auth.signIn(+999,\n  §\n  phone_code=\"§\")\n$password = \"§\"", "§"})
	p, dir := openSandbox(t, "TERM=xterm")
	p.wait("❯")
	p.keys("\x1b[200~" + lines[0] + "\x1b[201~")
	p.keys("\r")
	p.wait("PHONE_CODE_EXPIRED")
	p.wait("❯")
	p.keys("login --phone +9996621001\r")
	p.wait("Code")
	p.keys(lines[1] + "\r")
	p.wait("PHONE_CODE")
	p.keys("\x03")
	p.wait("interrupted")
	p.wait("❯")
	p.keys("exit\r")
	p.exit(0)
	nowhere(t, dir, secrets)
}

// In scripts and after -c: errors, the trace and crash reports do not have them
// either. (What a line is told to print, it prints.)
func TestSecretsScripted(t *testing.T) {
	lines, secrets := seeded(secretLines)
	dir := t.TempDir()
	tlsh := linked(t, dir, "tlsh")
	last := secrets[len(secrets)-1]
	script := filepath.Join(t.TempDir(), "script.tlsh")
	for _, l := range lines {
		if strings.HasPrefix(l, "watch") {
			continue // it goes on for ever where it does not fail
		}
		text := "trace on\nalias enter auth.signIn {1} {2} phone_code={3:5}\n" + strings.TrimSpace(l) + "\n"
		if err := os.WriteFile(script, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{{script}, {"-c", "alias enter auth.signIn {1} {2} phone_code={3:5}", "-c", "trace on", "-c", l}} {
			var stderr bytes.Buffer
			cmd := exec.Command(tlsh, append([]string{"--sandbox", "--profile", "kept", "--set", "password=" + last}, args...)...)
			cmd.Env = append(os.Environ(), "XDG_STATE_HOME="+filepath.Join(dir, "state"), "XDG_CONFIG_HOME="+dir)
			cmd.Stderr = &stderr
			_ = cmd.Run() // most of them fail
			for _, s := range secrets {
				if strings.Contains(stderr.String(), s) {
					t.Errorf("%s\nshows %s:\n%s", l, s, stderr.String())
				}
			}
		}
	}
	nowhere(t, dir, secrets)
}

// nowhere looks into every file of a folder.
func nowhere(t *testing.T, dir string, secrets []string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		files++
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, s := range secrets {
			if bytes.Contains(b, []byte(s)) {
				t.Errorf("%s has %s", path, s)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	t.Logf("%d secrets in none of %d files", len(secrets), files)
}
