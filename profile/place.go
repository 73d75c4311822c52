package profile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"tlsh/store"
)

// Default is the profile where none is named.
const Default = "default"

// CheckName refuses what cannot name a profile, as it names a file.
func CheckName(name string) error {
	if name == "" || len(name) > 64 || name != strings.Map(safe, name) || name[0] == '.' {
		return fmt.Errorf("%q: a profile's name has letters, digits, _, - and dots, does not begin with a dot, and is not longer than 64", name)
	}
	return nil
}

// safe is the rune where it can stand in the name of a file, else _.
func safe(r rune) rune {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '.', r == '_':
		return r
	}
	return '_'
}

// Folder is where profiles are kept.
type Folder string

// extension is that of a profile's file.
const extension = ".db"

// Sandbox is the file of one person's account in the sandbox; person is "" for
// the default one. Everybody has their own, as access hashes are an account's
// own.
func (f Folder) Sandbox(profile, person string) string {
	if person = strings.ToLower(strings.TrimPrefix(person, "@")); person != "" {
		profile += "@" + strings.Map(safe, person)
	}
	return filepath.Join(string(f), "sandbox", profile+extension)
}

// SandboxHistory is the history of lines in the sandbox, one for all of its
// people; profile is "" where none is kept.
func (f Folder) SandboxHistory(profile string) string {
	if profile == "" {
		return filepath.Join(string(f), "sandbox.history")
	}
	return historyOf(f.Sandbox(profile, ""))
}

// historyOf is the history that goes with a profile's file.
func historyOf(file string) string { return strings.TrimSuffix(file, extension) + ".history" }

// History is the file of the lines that were entered with this profile.
func (p *Profile) History() string { return historyOf(p.File.Path()) }

// Server is the file of an account on a server at that address.
func (f Folder) Server(address, profile string) string {
	if profile == "" {
		profile = Default
	}
	return filepath.Join(string(f), "servers", strings.Map(safe, address), profile+extension)
}

// Telegram is the file of an account on Telegram, or on its test servers.
func (f Folder) Telegram(test bool, profile string) string {
	return filepath.Join(f.telegram(test), profile+extension)
}

func (f Folder) telegram(test bool) string {
	if test {
		return filepath.Join(string(f), "test")
	}
	return filepath.Join(string(f), "telegram")
}

// Accounts are the names of the profiles on Telegram, sorted: those in which
// somebody has begun to sign in, and those whose file was damaged and put aside.
func (f Folder) Accounts(test bool) ([]string, error) {
	list, err := os.ReadDir(f.telegram(test))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var names []string
	for _, e := range list {
		if name, _, ok := strings.Cut(e.Name(), extension); ok && (e.Name() == name+extension || len(store.SetAside(f.Telegram(test, name))) > 0) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// At are the names of the profiles on a server, sorted.
func (f Folder) At(address string) []string {
	var out []string
	for _, s := range f.Servers() {
		if s[0] == strings.Map(safe, address) {
			out = append(out, s[1])
		}
	}
	return out
}

// Servers are the addresses and names of the profiles on servers, as their files
// have them, sorted.
func (f Folder) Servers() [][2]string {
	files, _ := fs.Glob(os.DirFS(string(f)), "servers/*/*"+extension) // the one error is of a bad pattern
	out := make([][2]string, len(files))
	for i, file := range files {
		out[i] = [2]string{path.Base(path.Dir(file)), strings.TrimSuffix(path.Base(file), extension)}
	}
	return out
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// Exists reports that the file is there.
func (p *Profile) Exists() bool { return exists(p.File.Path()) }
