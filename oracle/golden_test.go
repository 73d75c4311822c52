package oracle

import (
	"bytes"
	"encoding/base64"
	"flag"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/gotd/td/bin"

	"tlsh/schema"
)

var update = flag.Bool("update", false, "write the golden files of package tl")

const testdata = "../tl/testdata"

// The golden files of package tl are what gotd's generated encoder writes for
// values that reflection over its structs chose: the name, the CRC32 of the
// value's dump and the bytes. Each definition has one value, and one with all of
// its optional fields if it has any.
func TestGolden(t *testing.T) {
	for _, j := range judges() {
		var b bytes.Buffer
		fmt.Fprintf(&b, "# Written by gotd/td's generated encoder (oracle, go test -run Golden -update): name, CRC32 of the dump, base64.\n")
		f := j.filler(1, func(r *rand.Rand) int { return r.IntN(9) })
		for _, c := range j.definitions() {
			if j.wrong[c.Name].why != "" {
				continue
			}
			f.every = false
			b.WriteString(goldenLine(t, c.Name, f.object(c.ID, 228)))
			if hasOptional(c) {
				f.every = true
				b.WriteString(goldenLine(t, c.Name, f.object(c.ID, 229)))
			}
		}
		golden(t, "golden-"+j.name+".txt", b.Bytes())
	}
	for _, s := range samples() {
		if s.name == "longs" {
			continue // large, and simple enough to be made where it is used
		}
		b, _ := bytesOf(t, s)
		golden(t, filepath.Join("samples", s.name+".bin"), b)
	}
}

func hasOptional(c *schema.Combinator) bool {
	return slices.ContainsFunc(c.Params, func(p schema.Param) bool { return p.Optional() })
}

func goldenLine(t *testing.T, name string, x bin.Object) string {
	raw, err := encode(x)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return fmt.Sprintf("%s %08x %s\n", name, crc32.ChecksumIEEE([]byte(dump(x))), base64.RawStdEncoding.EncodeToString(raw))
}

// golden compares a file with what it should be, or writes it.
func golden(t *testing.T, name string, want []byte) {
	t.Helper()
	file := filepath.Join(testdata, name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, want, 0o644); err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d bytes", file, len(want))
		return
	}
	have, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, want) {
		t.Errorf("%s is not what gotd writes for layer %d; see README.md", file, schema.Current().Layer)
	}
}
