package eval

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"math"
	"math/big"
	"strconv"
	"unicode/utf8"

	"github.com/itchyny/gojq"

	"tlsh/tl"
)

func jqDouble(f float64) any {
	if !math.IsNaN(f) && !math.IsInf(f, 0) {
		return f
	}
	name := "nan"
	if math.IsInf(f, 1) {
		name = "inf"
	} else if math.IsInf(f, -1) {
		name = "-inf"
	}
	return map[string]any{"_": "double", "value": name}
}

func jqString(v tl.Value) any {
	if s := v.AsString(); utf8.ValidString(s) {
		return s
	}
	return map[string]any{"_": "bytes", "base64": base64.StdEncoding.EncodeToString(v.AsBytes())}
}

func newDecoder(text []byte) *json.Decoder {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return d
}

// exact turns json.Numbers into what jq keeps exactly.
func exact(v any) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := strconv.Atoi(v.String()); err == nil {
			return n
		}
		if n, ok := new(big.Int).SetString(v.String(), 10); ok {
			return n
		}
		f, _ := v.Float64()
		return f
	case []any:
		for i := range v {
			v[i] = exact(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = exact(v[k])
		}
	}
	return v
}

// appendJQ writes a result of jq on a line: raw strings bare, others as JSON.
func appendJQ(dst []byte, v any, raw, compact bool) []byte {
	if s, ok := v.(string); ok && raw {
		return append(append(dst, s...), '\n')
	}
	b, err := gojq.Marshal(v)
	if err != nil {
		b = []byte("null")
	}
	if !compact {
		var out bytes.Buffer
		if json.Indent(&out, b, "", "  ") == nil {
			b = out.Bytes()
		}
	}
	return append(append(dst, b...), '\n')
}
