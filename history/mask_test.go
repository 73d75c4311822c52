package history_test

import (
	"strings"
	"testing"

	"tlsh/history"
)

// Mask hides what Redact hides, and leaves every place where it is.
func TestMask(t *testing.T) {
	for in, want := range map[string]string{
		`x password="hunter 2" y=1`:         `x password=********** y=1`,
		"x password=\"\"\"a\nb\"\"\" y=1":   "x password=****\n**** y=1",
		`auth.signIn +4912 h4sh code=12345`: `auth.signIn ***** **** code=*****`,
		`messages.sendMessage @alice "hi"`:  `messages.sendMessage @alice "hi"`,
		`login ü`:                           `login **`,
	} {
		got, secrets := history.Mask(in)
		if got != want {
			t.Errorf("Mask(%q) = %q, want %q", in, got, want)
		}
		if (len(secrets) > 0) != (got != in) {
			t.Errorf("Mask(%q) tells of %q", in, secrets)
		}
	}
}

func FuzzMask(f *testing.F) {
	for _, s := range []string{"", `x password="hunter 2" y=1`, "login a; login b", `auth.signIn(1, "2`, "\xffpassword=\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		masked, secrets := history.Mask(line)
		if len(masked) != len(line) || strings.Count(masked, "\n") != strings.Count(line, "\n") {
			t.Fatalf("%q became %q", line, masked)
		}
		if (history.Redact(line) != line) && len(secrets) == 0 {
			t.Fatalf("%q: nothing is masked, and something redacted", line)
		}
	})
}
