package account

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"

	"tlsh/client"
)

// DialFunc opens a TCP connection, as net.Dialer.DialContext does.
type DialFunc func(ctx context.Context, network, address string) (net.Conn, error)

const (
	// headStart is how long an address is tried alone before the next one is
	// tried beside it (RFC 8305 has 250 ms for hosts that are near).
	headStart = time.Second
	// dialTime is how long one address is tried.
	dialTime = 15 * time.Second
	// otherPort is tried where 443 does not answer: every server listens on 80
	// too (https://core.telegram.org/mtproto/mtproto-transports#tcp).
	telegramPort, otherPort = 443, 80
)

// places are the addresses of a site, the best first: those for media before
// the others where that is what it is for, IPv4 before IPv6, and other ports
// last.
func places(all []Address, at client.Site) []Address {
	var out []Address
	for _, a := range all {
		if a.DC == at.DC && a.serves(at.Kind) && !slices.Contains(out, a) {
			out = append(out, a)
		}
	}
	rank := func(a Address) int {
		n := 0
		if a.IPv6() {
			n += 1
		}
		if at.Kind == client.Media && !a.Media {
			n += 2
		}
		return n
	}
	slices.SortStableFunc(out, func(a, b Address) int { return rank(a) - rank(b) })
	for _, a := range slices.Clone(out) {
		if a.Port == telegramPort && !a.OnePort {
			a.Port = otherPort
			out = append(out, a)
		}
	}
	return out
}

// dial tries addresses until one answers, each with a head start before the
// next. The error names the first, which is the likeliest to work.
func dial(ctx context.Context, open DialFunc, list []Address) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTime+time.Duration(len(list))*headStart)
	var tries sync.WaitGroup
	type answer struct {
		conn net.Conn
		err  error
		n    int
	}
	answers := make(chan answer)
	gone := make(chan struct{})
	defer func() { cancel(); close(gone); tries.Wait() }()
	try := func(n int) {
		one, stop := context.WithTimeout(ctx, dialTime)
		defer stop()
		conn, err := open(one, "tcp", net.JoinHostPort(list[n].Host, strconv.Itoa(list[n].Port)))
		select {
		case answers <- answer{conn, err, n}:
		case <-gone: // another one was faster
			if conn != nil {
				_ = conn.Close()
			}
		}
	}
	errs := make([]error, len(list))
	next, running := 0, 0
	start := func() {
		if next < len(list) {
			n := next
			tries.Go(func() { try(n) })
			next, running = next+1, running+1
		}
	}
	start()
	for {
		var timer <-chan time.Time
		if next < len(list) {
			timer = time.After(headStart)
		}
		select {
		case a := <-answers:
			if running--; a.err == nil {
				return a.conn, nil
			}
			errs[a.n] = a.err
			if start(); running == 0 {
				if len(list) == 1 {
					return nil, a.err
				}
				return nil, fmt.Errorf("none of %d addresses answers: %w", len(list), errs[0])
			}
		case <-timer:
			start()
		case <-ctx.Done():
			if errs[0] == nil {
				errs[0] = ctx.Err()
			}
			return nil, errs[0]
		}
	}
}
