package tl_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"hash/crc32"
	"os"
	"strings"
	"testing"

	"tlsh/schema"
	"tlsh/tl"
	"tlsh/tl/tltest"
)

// The golden files hold what the generated encoder of github.com/gotd/td
// writes, for values that were chosen without our generator; the module oracle
// writes them. The CRC32 is that of the value's dump, with gotd's field names.
func TestGolden(t *testing.T) {
	for _, f := range []struct {
		file   string
		schema *schema.Schema
		// unwritten are the definitions that gotd does not write as the schema
		// has them; oracle says why.
		unwritten []string
	}{
		{"golden-telegram.txt", schema.Current(), []string{"int", "long", "double", "string", "accessPointRule", "help.configSimple"}},
		{"golden-mtproto.txt", schema.MTProto(), nil},
	} {
		t.Run(f.file, func(t *testing.T) {
			missing := map[string]bool{}
			for _, list := range [][]*schema.Combinator{f.schema.Constructors(), f.schema.Methods()} {
				for _, c := range list {
					missing[c.Name] = true
				}
			}
			for _, name := range f.unwritten {
				delete(missing, name)
			}
			text, err := os.ReadFile("testdata/" + f.file)
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for line := range strings.Lines(string(text)) {
				if strings.HasPrefix(line, "#") {
					continue
				}
				var name, data string
				var sum uint32
				if _, err := fmt.Sscanf(line, "%s %x %s", &name, &sum, &data); err != nil {
					t.Fatalf("%q: %v", line, err)
				}
				b, err := base64.RawStdEncoding.DecodeString(data)
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				checkGolden(t, f.schema, name, sum, b)
				delete(missing, name)
				n++
			}
			for name := range missing {
				t.Errorf("no golden bytes of %s", name)
			}
			t.Logf("%d values", n)
		})
	}
}

func checkGolden(t *testing.T, s *schema.Schema, name string, sum uint32, b []byte) {
	any := &schema.Type{Kind: schema.KindAny, Name: "Object"}
	v, n, notes, err := tl.DecodePrefix(s, b, any)
	if err != nil || n != len(b) || len(notes) > 0 {
		t.Errorf("%s: %v, %d of %d bytes, %v", name, err, n, len(b), notes)
		return
	}
	if dump := tltest.Dump(v); crc32.ChecksumIEEE([]byte(dump)) != sum {
		t.Errorf("%s: another value than gotd's: %s", name, dump)
	}
	if o := v.Object(); o != nil && !o.Is(name) {
		t.Errorf("%s: decoded as %s", name, o.Def().Name)
	}
	again, err := tl.Append(nil, v, any)
	if err != nil || !bytes.Equal(b, again) {
		t.Errorf("%s: %v: encoded again\n%x\n%x", name, err, b, again)
	}
}
