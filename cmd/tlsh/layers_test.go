package main

import (
	"bytes"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tlsh/eval"
)

// An address that is taken already is no connection; one that is none, or that others
// could reach, is bad usage.
func TestListenStatus(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for addr, want := range map[string]eval.Status{taken.Addr().String(): eval.NoConnection, "nowhere": eval.Usage, "0.0.0.0:0": eval.Usage} {
		var out, errs bytes.Buffer
		if got := execute([]string{"sandbox", "--listen", addr}, streams{out: &out, err: &errs, getenv: os.LookupEnv}); got != want {
			t.Errorf("%s: status %d, want %d\n%s", addr, got, want, errs.String())
		}
	}
}

// TestReadLayers: a layer's number stands in its file, else in its name.
func TestReadLayers(t *testing.T) {
	const tl = "boolTrue#997275b5 = Bool;\nboolFalse#bc799737 = Bool;\n"
	folder := filepath.Join(t.TempDir(), "layers [1]*")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"a.tl": tl + "// LAYER 12\n", "b2-166.tl": tl, "notes.txt": "no schema", "c7.tl": tl + "broken\n"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var errs bytes.Buffer
	p := &program{streams: streams{err: &errs}}
	layers, err := p.readLayers(folder)
	if err != nil || len(layers) != 3 || layers[0].Layer != 12 || layers[1].Layer != 166 || layers[2].Layer != 7 {
		t.Fatalf("%v, %v", layers, err)
	}
	if !strings.Contains(errs.String(), "c7.tl:4:1: broken") {
		t.Errorf("want the problem told, got %q", errs.String())
	}
	if layers, err := p.readLayers(""); layers != nil || err != nil {
		t.Errorf("no folder: %v, %v", layers, err)
	}
	if _, err := p.readLayers(t.TempDir()); err == nil || !strings.Contains(err.Error(), "*.tl") {
		t.Errorf("an empty folder: %v", err)
	}
	if err := os.WriteFile(filepath.Join(folder, "nameless.tl"), []byte(tl), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := p.readLayers(folder); err == nil || !strings.Contains(err.Error(), "nameless.tl") {
		t.Errorf("no number: %v", err)
	}
}
