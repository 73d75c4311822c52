package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// What a package of tlsh makes before main begins, every start pays for, whether it
// needs it or not: patterns and tables are made when they are first asked for.
func TestNothingIsMadeAtTheStart(t *testing.T) {
	const (
		mostBytes  = 16 << 10
		mostAllocs = 80
	)
	tlsh, err := exec.LookPath("tlsh")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(tlsh, "version")
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, stderr.Bytes())
	}
	packages := 0
	for lines := bufio.NewScanner(&stderr); lines.Scan(); {
		// init tlsh/schema @1.3 ms, 0.01 ms clock, 2184 bytes, 6 allocs
		_, line, own := strings.Cut(lines.Text(), "init tlsh/")
		if !own {
			continue
		}
		var name string
		var at, clock float64
		var size, allocs int
		if _, err := fmt.Sscanf(line, "%s @%f ms, %f ms clock, %d bytes, %d allocs", &name, &at, &clock, &size, &allocs); err != nil {
			t.Fatalf("%q: %v", lines.Text(), err)
		}
		packages++
		if size > mostBytes || allocs > mostAllocs {
			t.Errorf("%s makes %d bytes in %d allocations before main begins, want at most %d in %d", name, size, allocs, mostBytes, mostAllocs)
		}
	}
	if packages == 0 {
		t.Errorf("no package was seen:\n%s", stderr.Bytes())
	}
}
