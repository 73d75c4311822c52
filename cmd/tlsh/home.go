package main

import (
	"errors"
	"os"
	"os/user"
	"path/filepath"

	"github.com/adrg/xdg"
)

// findHome gives the environment a HOME where it has none, as under cron, in a
// container or behind su: the one that the system knows for the user.
func findHome() {
	if os.Getenv("HOME") != "" {
		return
	}
	if u, err := user.Current(); err == nil && filepath.IsAbs(u.HomeDir) && os.Setenv("HOME", u.HomeDir) == nil {
		xdg.Reload()
	}
}

// checkHome refuses folders that hang on the one at hand, or on the root of all files.
func checkHome() error {
	if os.Getenv("HOME") == "" && (os.Getenv("XDG_STATE_HOME") == "" || os.Getenv("XDG_CONFIG_HOME") == "") {
		return errors.New("HOME is not set, and the system knows no home folder for this user: set it, or XDG_STATE_HOME and XDG_CONFIG_HOME")
	}
	if !filepath.IsAbs(xdg.StateHome) || !filepath.IsAbs(xdg.ConfigHome) {
		return errors.New("HOME is no whole path: what is kept, and tlshrc, would be looked for in the folder at hand")
	}
	return nil
}
