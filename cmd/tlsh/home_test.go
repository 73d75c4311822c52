package main

import (
	"os/user"
	"strings"
	"testing"

	"github.com/adrg/xdg"
)

// Where HOME is not set, what is kept goes to the home folder that the system knows, and
// not into the root of all files.
func TestNoHome(t *testing.T) {
	u, err := user.Current()
	if err != nil || u.HomeDir == "" {
		t.Skipf("no home folder: %v", err)
	}
	t.Cleanup(xdg.Reload) // after the variables are as they were
	for _, name := range []string{"HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"} {
		t.Setenv(name, "")
	}
	xdg.Reload()
	if err := checkHome(); err == nil || !strings.Contains(err.Error(), "HOME is not set") {
		t.Errorf("without any: %v", err)
	}
	findHome()
	if err := checkHome(); err != nil {
		t.Error(err)
	}
	if file := stateFile("x"); !strings.HasPrefix(file, u.HomeDir) {
		t.Errorf("kept in %s, and the home folder is %s", file, u.HomeDir)
	}
}
