package dh

import (
	"math/big"
	"testing"
)

func TestCheck(t *testing.T) {
	if err := Check(G, Prime()); err != nil {
		t.Error(err)
	}
	for name, c := range map[string]struct {
		g     int
		prime *big.Int
	}{
		"a g that is no quadratic residue": {2, Prime()},
		"a g that is too large":            {8, Prime()},
		"a composite number":               {G, new(big.Int).Add(Prime(), big.NewInt(24))},
		"2047 bits":                        {G, new(big.Int).Rsh(Prime(), 1)},
		"a prime that is negative":         {G, new(big.Int).Neg(Prime())},
	} {
		if Check(c.g, c.prime) == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

func TestCheckValue(t *testing.T) {
	edge, one := new(big.Int).Lsh(big.NewInt(1), 1984), big.NewInt(1)
	high := new(big.Int).Sub(Prime(), edge)
	for _, v := range []*big.Int{edge, high} {
		if err := CheckValue("x", v, Prime()); err != nil {
			t.Error(err)
		}
	}
	for _, v := range []*big.Int{new(big.Int), one, new(big.Int).Sub(edge, one), new(big.Int).Add(high, one), Prime(), new(big.Int).Neg(edge)} {
		if CheckValue("x", v, Prime()) == nil {
			t.Errorf("%x is accepted", v)
		}
	}
}
