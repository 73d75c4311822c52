package eval

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSave(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	if err := os.WriteFile(at("old"), []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(at("old"), at("link")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		line, file, want, err string
		status                Status
	}{
		{"[1 2] | save NEW", "new", "[1,2]\n", "saved 6 bytes", OK},
		{"[1 2] | save NEW", "new", "[1,2]\n", "is there already", Failed},
		{"[3] | save NEW --force", "new", "[3]\n", "saved 4 bytes", OK},
		{"5 | jq '.+1' | save 'six'", "six", "6\n", "saved 2 bytes", OK},
		{"5 | table | save t", "t", "value\n    5\n", "saved", OK},
		{"5 | jq '., error' | save bad", "bad", "", "jq: ", Failed},
		{"[3] | save link", "old", "old", "is there already", Failed},
		{"[3] | save link --force", "old", "[3]\n", "saved", OK},
		{"$x = 5; 5 | save $x", "5", "", "a path is wanted here, and $x is an int", Usage},
		{"5 | save no/such/folder", "no/such/folder", "", "no such file or directory", Failed},
	} {
		t.Run(c.line, func(t *testing.T) {
			sh, _, errs := shellOn(nil, nil)
			line := strings.ReplaceAll(c.line, "; ", "\n")
			head, name, _ := strings.Cut(line, "save ")
			name, force, _ := strings.Cut(strings.Trim(name, "'"), " ")
			if !strings.HasPrefix(name, "$") {
				name = "'" + at(strings.ToLower(name)) + "'"
			}
			st := sh.Run(context.Background(), Source{Text: head + "save " + name + " " + force})
			if st != c.status || !strings.Contains(errs.String(), c.err) {
				t.Errorf("status %d: %s", st, errs)
			}
			b, err := os.ReadFile(at(c.file))
			if string(b) != c.want || c.want == "" && err == nil {
				t.Errorf("%s holds %q, %v", c.file, b, err)
			}
		})
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".tlsh") {
			t.Errorf("%s was left behind", e.Name())
		}
		if info, err := e.Info(); err == nil && e.Name() == "new" && info.Mode() != 0o600 {
			t.Errorf("%s has the mode %v", e.Name(), info.Mode())
		}
	}
	if l, err := os.Lstat(at("link")); err != nil || l.Mode()&os.ModeSymlink == 0 {
		t.Error("the link was replaced, not what it points to")
	}
}
