// Package arch keeps the table of which package may import which.
package arch

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

// floors gives every package the packages of this module that it may import.
// They all stand on a floor below it; docs/architecture.md has the picture.
var floors = map[string][]string{
	"schema":      {},
	"schema/docs": {},
	"syntax":      {},
	"guard":       {},
	"history":     {},
	"store":       {},
	"ref":         {},
	"markup":      {},
	"mediatype":   {},
	"mediainfo":   {},
	"picture":     {},
	"tl":          {"schema"},
	"tl/tltest":   {"schema", "tl"},
	"dh":          {},
	"srp":         {"dh"},
	"mtproto":     {"dh"},
	"bind":        {"markup", "mediatype", "pages", "ref", "render", "schema", "syntax", "tl"},
	"render":      {"schema", "schema/docs", "syntax", "tl"},
	"peers":       {"ref", "schema", "store", "syntax", "tl"},
	"search":      {"schema", "schema/docs"},
	"pages":       {"schema", "tl"},
	"table":       {"bind", "render", "schema", "syntax", "tl"},
	"manual":      {"bind", "render", "schema", "schema/docs"},
	"example":     {"bind", "render", "schema", "schema/docs", "syntax", "tl"},
	"completer":   {"bind", "pages", "schema", "schema/docs", "search", "syntax", "tl"},
	"sandbox":     {"bind", "dh", "mtproto", "render", "schema", "schema/docs", "srp", "syntax", "tl"},
	"client":      {"mtproto", "schema", "tl"},
	"account":     {"client", "mtproto", "schema", "tl"},
	"signin":      {"schema", "srp", "tl"},
	"profile":     {"account", "mtproto", "peers", "store"},
	"files":       {"client", "mediatype", "render", "schema", "tl"},
	"eval":        {"bind", "client", "example", "files", "history", "manual", "mediainfo", "mtproto", "pages", "peers", "picture", "profile", "ref", "render", "schema", "search", "signin", "store", "syntax", "table", "tl", "tutorial"},
	"tutorial":    {"tl"},
	"repl/editor": {"guard"},
	"repl":        {"bind", "completer", "eval", "history", "render", "repl/editor", "schema", "search", "syntax"},
	"cmd/tlsh":    {"account", "client", "completer", "eval", "guard", "history", "mtproto", "profile", "render", "repl", "repl/editor", "sandbox", "schema"},

	"internal/arch":        {},
	"internal/vt":          {},
	"schema/internal/take": {},
}

// forbidden are modules' packages that must not be in the binary: compiling
// gotd's generated API takes minutes, and it nails one layer.
var forbidden = []string{"github.com/gotd/td/tg", "github.com/gotd/td/telegram", "github.com/gotd/td/tgtest", "github.com/gotd/getdoc"}

type pkg struct {
	ImportPath string
	Imports    []string
	Deps       []string
}

func list(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports,Deps", "./...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var pkgs []pkg
	dec := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return pkgs
		} else if err != nil {
			t.Fatal(err)
		}
		pkgs = append(pkgs, p)
	}
}

func TestImports(t *testing.T) {
	pkgs := list(t)
	seen := map[string]bool{}
	for _, p := range pkgs {
		name := strings.TrimPrefix(p.ImportPath, "tlsh/")
		seen[name] = true
		allowed, ok := floors[name]
		if !ok {
			t.Errorf("%s stands on no floor: add it to the table and to docs/architecture.md", name)
			continue
		}
		for _, imp := range p.Imports {
			imp, own := strings.CutPrefix(imp, "tlsh/")
			if !own {
				continue
			}
			found := false
			for _, a := range allowed {
				found = found || a == imp
			}
			if !found {
				t.Errorf("%s imports %s, which the table does not allow", name, imp)
			}
		}
		for _, dep := range p.Deps {
			for _, f := range forbidden {
				if dep == f || strings.HasPrefix(dep, f+"/") {
					t.Errorf("%s depends on %s", name, dep)
				}
			}
		}
	}
	for name := range floors {
		if !seen[name] {
			t.Errorf("the table has %s, which is not there", name)
		}
	}
}

// TestDownwards checks the table itself: no two packages can reach each other.
func TestDownwards(t *testing.T) {
	const (
		open = 1
		done = 2
	)
	state := map[string]int{}
	var visit func(string, []string)
	visit = func(p string, path []string) {
		switch state[p] {
		case done:
			return
		case open:
			t.Fatalf("a circle: %s", strings.Join(append(path, p), " → "))
		}
		state[p] = open
		for _, d := range floors[p] {
			visit(d, append(path, p))
		}
		state[p] = done
	}
	for p := range floors {
		visit(p, nil)
	}
}
