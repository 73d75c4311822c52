//go:build unix

package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

// Four shells enter lines into one history, and one after the other is killed in
// the middle of it: no line whose result was seen is lost, and the file can be read
// by every shell that comes after. TLSH_KILLS says how many are killed.
func TestHistoryKilled(t *testing.T) {
	kills := 8
	if n, err := strconv.Atoi(os.Getenv("TLSH_KILLS")); err == nil {
		kills = n
	}
	dir := t.TempDir()
	tlsh := linked(t, dir, "tlsh")
	start := func() *terminal {
		p := openCommand(t, 100, 40, dir, exec.Command(tlsh, "--sandbox"), "TERM=dumb")
		p.wait("> ")
		return p
	}
	shells := make([]*terminal, 4)
	for i := range shells {
		shells[i] = start()
	}
	seen := map[string]bool{}
	n := 0
	for kill := range kills {
		victim := kill % len(shells)
		lines := make([]string, len(shells))
		for i, p := range shells {
			n++
			lines[i] = fmt.Sprintf("encode %d", 1_000_000+n)
			p.keys(lines[i] + "\n")
		}
		// Its session is its process group, and the shell's own parent is in it.
		if err := syscall.Kill(-shells[victim].cmd.Process.Pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		for i, p := range shells {
			if i != victim {
				p.wait(result(1_000_000 + n - len(shells) + 1 + i))
				seen[lines[i]] = true
			}
		}
		_ = shells[victim].cmd.Wait() // killed
		shells[victim] = start()
	}
	for _, p := range shells {
		p.keys("exit\n")
		p.exit(0)
	}
	kept := readHistory(t, filepath.Join(dir, "state", "tlsh", "sandbox.history"), kills)
	for l := range seen {
		if !kept[l] {
			t.Errorf("%s was answered, and is not in the history", l)
		}
	}
	t.Logf("%d shells were killed; %d lines were answered, all of them kept", kills, len(seen))
}

// result is what encode shows of an int.
func result(n int) string {
	return fmt.Sprintf("%02x%02x%02x%02x", n&0xff, n>>8&0xff, n>>16&0xff, n>>24&0xff)
}

// readHistory reads a history's file; no more of its lines than were cut by a kill
// may be torn.
func readHistory(t *testing.T, path string, torn int) map[string]bool {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	kept := map[string]bool{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var entry struct{ Line string }
		if json.Unmarshal(lines.Bytes(), &entry) != nil {
			torn--
			continue
		}
		kept[entry.Line] = true
	}
	if err := lines.Err(); err != nil {
		t.Error(err)
	}
	if torn < 0 {
		t.Errorf("%d lines more than kills are torn", -torn)
	}
	return kept
}
