// Package dh is what Telegram's Diffie-Hellman groups have in common: the prime
// that its servers use, and the checks that both sides owe each other. Key
// exchanges and two-step passwords are made of them.
//
// Sources: https://core.telegram.org/mtproto/auth_key,
// https://core.telegram.org/mtproto/security_guidelines,
// https://core.telegram.org/api/srp.
package dh

import (
	"fmt"
	"math/big"

	"github.com/gotd/td/crypto"
)

// Size is how many bytes a prime and the values of its group have.
const Size = 256

// known is the safe prime that Telegram's servers use and clients may accept
// without the costly check.
const known = "C71CAEB9C6B1C9048E6C522F70F13F73980D40238E3E21C14934D037563D930F" +
	"48198A0AA7C14058229493D22530F4DBFA336F6E0AC925139543AED44CCE7C37" +
	"20FD51F69458705AC68CD4FE6B6B13ABDC9746512969328454F18FAF8C595F64" +
	"2477FE96BB2A941D5BCD1D4AC8CC49880708FA9B378E3C4F3A9060BEE67CF9A4" +
	"A4A695811051907E162753B56B0F6B410DBA74D8A84B2A14B3144E0EF1284754" +
	"FD17ED950D5965B4B9DD46582DB1178D169C6BC465B0D6FF9CA3928FEF5B9AE4" +
	"E418FC15E83EBEA0F87FA9FF5EED70050DED2849F47BF959D956850CE929851F" +
	"0D8115F635B105EE2E4E15D04B2454BF6F4FADF034B10403119CD8E3B92FCC5B"

// G generates the subgroup of quadratic residues of [Prime].
const G = 3

// Prime is the one that Telegram's servers use; the caller may change it.
func Prime() *big.Int {
	p, _ := new(big.Int).SetString(known, 16)
	return p
}

// Check checks prime and generator as a client must: a safe prime of 2048 bits
// and a g from 2 to 7 that is a quadratic residue. For another prime than
// [Prime] that takes about a second.
func Check(g int, prime *big.Int) error {
	if prime.Cmp(Prime()) == 0 {
		return crypto.CheckGP(g, prime)
	}
	return crypto.CheckDH(g, prime)
}

// CheckValue checks a public value, which the error calls by name: between
// 2^(2048-64) and prime minus that.
func CheckValue(name string, v, prime *big.Int) error {
	low := new(big.Int).Lsh(big.NewInt(1), 2048-64)
	if v.Cmp(low) < 0 || v.Cmp(new(big.Int).Sub(prime, low)) > 0 {
		return fmt.Errorf("%s is not between 2^1984 and the prime - 2^1984", name)
	}
	return nil
}
