package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

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
