package editor

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// TestTmux runs the shell in a terminal emulator that is not ours, one that breaks
// rows anew when its width changes.
func TestTmux(t *testing.T) {
	if _, err := exec.LookPath("tmux"); err != nil {
		t.Skip("no tmux")
	}
	exe, err := os.Executable()
	if err != nil {
		t.Skip(err)
	}
	socket := fmt.Sprintf("tlsh-editor-test-%d", os.Getpid())
	tmux := func(args ...string) (string, error) {
		cmd := exec.Command("tmux", append([]string{"-L", socket, "-f", os.DevNull}, args...)...)
		cmd.Env = append(os.Environ(), childEnv+"=1", "NO_COLOR=", "LC_ALL=C.UTF-8", "TMUX=")
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	do := func(args ...string) {
		t.Helper()
		if out, err := tmux(args...); err != nil {
			t.Fatalf("tmux %v: %v: %s", args, err, out)
		}
	}
	if out, err := tmux("new-session", "-d", "-x", "60", "-y", "12", exe); err != nil {
		t.Skipf("tmux does not start: %v: %s", err, out)
	}
	t.Cleanup(func() { _, _ = tmux("kill-server") }) // gone already when the shell has ended
	shows := func(want string) {
		t.Helper()
		var got string
		for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
			out, err := tmux("capture-pane", "-p", "-S", "-100") // tmux moves rows out when it breaks others
			if got = strings.TrimRight(out, "\n "); err == nil && got == want {
				return
			}
		}
		t.Fatalf("the screen is\n%s\nwant\n%s", got, want)
	}
	shows("STARTED\nsandbox>")
	do("send-keys", "-l", "batch <")
	do("send-keys", "Enter")
	text := strings.Repeat("0123456789", 5)
	do("send-keys", "-l", text[:45])
	shows("STARTED\nsandbox> batch <\n       │ " + text[:45])
	do("resize-window", "-x", "40", "-y", "12")
	shows("STARTED\nsandbox> batch <\n       │ " + text[:31] + "\n" + text[31:45])
	// tmux breaks rows itself, and tells of it when it likes.
	for _, size := range [][]string{{"30", "41", "100"}, {"45", "100"}, {"100", "33", "100"}} {
		for _, cols := range size {
			do("resize-window", "-x", cols, "-y", "8")
		}
		do("send-keys", "-l", "!")
		shows("STARTED\nsandbox> batch <\n       │ " + text[:45] + "!")
		do("send-keys", "BSpace")
		shows("STARTED\nsandbox> batch <\n       │ " + text[:45])
	}
	do("send-keys", "-l", "日本👨‍👩‍👧")
	do("send-keys", "BSpace")
	do("send-keys", "BSpace")
	do("send-keys", "-l", " >")
	do("send-keys", "Escape")
	shows("STARTED\nsandbox> batch <\n       │ " + text[:45] + "日 >")
	do("set-buffer", "pasted\nrows")
	do("paste-buffer", "-p")
	shows("STARTED\nsandbox> batch <\n       │ " + text[:45] + "日 >pasted\n       │ rows")
	do("send-keys", "Enter")
	shows("STARTED\nsandbox> batch <\n       │ " + text[:45] + "日 >pasted\n       │ rows\n" +
		fmt.Sprintf("GOT %d %q\nsandbox>", 8+45+5+7+4, (text[:45] + "日 >pasted\nrows")[45+5+11-20:]))
	do("send-keys", "C-d")
}
