package mtproto

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/big"
	"math/bits"
)

// factor splits pq into its two different prime factors, p < q. What is no
// such product (0, 1, a prime, a square, more than two factors) is an error,
// found at once; the search is bounded and ends with ctx.
//
// Source: auth_key, "Client decomposes pq into prime factors such that p < q".
func factor(ctx context.Context, pq uint64) (p, q uint64, err error) {
	n := new(big.Int).SetUint64(pq)
	switch {
	case pq < 6 || pq >= 1<<63:
		return 0, 0, fmt.Errorf("pq %d is not from 6 to 2^63-1", pq)
	case n.ProbablyPrime(0): // exact below 2^64
		return 0, 0, fmt.Errorf("pq %d is a prime", pq)
	}
	root := new(big.Int).Sqrt(n).Uint64()
	if root*root == pq {
		return 0, 0, fmt.Errorf("pq %d is a square", pq)
	}
	if pq&1 == 0 {
		p = 2
	}
	for c := uint64(1); p == 0 && c < 20; c++ {
		if p, err = rho(ctx, pq, c); err != nil {
			return 0, 0, err
		}
	}
	if p == 0 {
		return 0, 0, fmt.Errorf("pq %d: no factor found", pq)
	}
	q = pq / p
	if p > q {
		p, q = q, p
	}
	prime := func(v uint64) bool { return new(big.Int).SetUint64(v).ProbablyPrime(0) }
	if !prime(p) || !prime(q) {
		return 0, 0, fmt.Errorf("pq %d has more than two factors", pq)
	}
	return p, q, nil
}

// rho is Pollard's search in Brent's form with x*x+c; 0 when this c finds none.
// A factor below 2^31.5 takes about 2^16 steps; 2^22 are allowed.
func rho(ctx context.Context, n, c uint64) (uint64, error) {
	mul := func(a, b uint64) uint64 {
		hi, lo := bits.Mul64(a, b)
		_, rem := bits.Div64(hi, lo, n) // hi < n, since a and b are
		return rem
	}
	step := func(x uint64) uint64 {
		x = mul(x, x) + c // below 2^64: n < 2^63
		if x >= n {
			x -= n
		}
		return x
	}
	const batch = 128
	x, y := uint64(2), uint64(2)
	for r := 1; r <= 1<<22; r *= 2 {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		x = y
		for range r {
			y = step(y)
		}
		for k := 0; k < r; k += batch {
			back, prod := y, uint64(1)
			for range min(batch, r-k) {
				y = step(y)
				prod = mul(prod, dist(x, y))
			}
			g := gcd(prod, n)
			if g == 1 {
				continue
			}
			for g == n { // too far: once more, one by one
				back = step(back)
				if g = gcd(dist(x, back), n); g == n {
					return 0, nil
				} else if g == 1 {
					g = n
				}
			}
			return g, nil
		}
	}
	return 0, nil
}

func dist(a, b uint64) uint64 { return max(a, b) - min(a, b) }

func gcd(a, b uint64) uint64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// makePQ is a product of two different primes of 31 bits, as a server sends it.
func makePQ(rand io.Reader) (pq uint64, err error) {
	var got [2]uint64
	for i := range got {
		for tries := 0; got[i] == 0; tries++ {
			var b [4]byte
			if _, err := io.ReadFull(rand, b[:]); err != nil {
				return 0, err
			}
			v := uint64(binary.LittleEndian.Uint32(b[:])&(1<<31-1) | 1<<30 | 1)
			if v != got[0] && new(big.Int).SetUint64(v).ProbablyPrime(0) {
				got[i] = v
			}
			if tries == 10000 {
				return 0, errors.New("the random source gives no primes")
			}
		}
	}
	return got[0] * got[1], nil
}
