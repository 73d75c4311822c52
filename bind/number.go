package bind

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
)

// integer reads the forms of a whole number: -5, 1_000, 0x1f, 1.5e3.
func integer(s string) (n *big.Int, ok bool) {
	t := strings.ReplaceAll(s, "_", "")
	if t == "" || strings.HasPrefix(s, "_") || strings.HasSuffix(s, "_") || strings.HasPrefix(t, "+") {
		return nil, false
	}
	neg := strings.HasPrefix(t, "-")
	digits := strings.TrimPrefix(t, "-")
	if h, isHex := strings.CutPrefix(strings.ToLower(digits), "0x"); isHex {
		if n, ok = new(big.Int).SetString(h, 16); !ok || h == "" || h[0] == '-' || h[0] == '+' {
			return nil, false
		}
	} else if n, ok = wholeDecimal(digits); !ok {
		return nil, false
	}
	if neg {
		n.Neg(n)
	}
	return n, true
}

func wholeDecimal(s string) (*big.Int, bool) {
	if s == "" || s[0] < '0' || s[0] > '9' || len(s) > 400 {
		return nil, false
	}
	if strings.ContainsAny(s, ".eE") {
		// An exponent may be as large as it likes: no number of TL is.
		if f, err := strconv.ParseFloat(s, 64); err != nil || math.Abs(f) > 1e19 {
			return nil, false
		}
		r, ok := new(big.Rat).SetString(s)
		if !ok || !r.IsInt() {
			return nil, false
		}
		return new(big.Int).Set(r.Num()), true
	}
	return new(big.Int).SetString(s, 10)
}

// double reads a floating number, and double:HEX, the 16 digits of its bits.
func double(s string) (float64, bool) {
	if h, ok := strings.CutPrefix(s, "double:"); ok {
		bits, err := strconv.ParseUint(h, 16, 64)
		return math.Float64frombits(bits), err == nil && len(h) == 16
	}
	switch s {
	case "inf":
		return math.Inf(1), true
	case "-inf":
		return math.Inf(-1), true
	case "nan":
		return math.NaN(), true
	}
	digits := strings.TrimPrefix(s, "-")
	if digits == "" || digits[0] < '0' || digits[0] > '9' || strings.HasSuffix(s, "_") {
		return 0, false
	}
	if n, ok := integer(s); ok && strings.ContainsAny(digits, "xX") {
		f, _ := new(big.Float).SetInt(n).Float64()
		return f, true
	}
	f, err := strconv.ParseFloat(strings.ReplaceAll(s, "_", ""), 64)
	return f, err == nil && !strings.ContainsAny(s, "xXpP")
}

// tagged splits a word such as hex:00ff into its tag and the rest.
func tagged(s string) (tag, rest string) {
	for _, tag := range []string{"hex", "base64", "file", "double", "env"} {
		if r, ok := strings.CutPrefix(s, tag+":"); ok {
			return tag, r
		}
	}
	return "", s
}

// unhex reads the digits of hex:…; underscores may group them.
func unhex(s string) ([]byte, error) {
	s = strings.ReplaceAll(s, "_", "")
	b, err := hex.DecodeString(s)
	if err != nil {
		if len(s)%2 == 1 {
			return nil, fmt.Errorf("hex: wants two digits a byte, and %d are there", len(s))
		}
		return nil, fmt.Errorf("hex: wants digits 0-9 and a-f")
	}
	return b, nil
}

// unbase64 reads base64:…, standard or URL alphabet, padded or not.
func unbase64(s string) ([]byte, error) {
	t := strings.TrimRight(strings.NewReplacer("-", "+", "_", "/").Replace(s), "=")
	b, err := base64.RawStdEncoding.DecodeString(t)
	if err != nil {
		return nil, fmt.Errorf("base64: cannot be read")
	}
	return b, nil
}
