package account

import (
	"context"
	"errors"
	"net"
	"slices"
	"testing"

	"tlsh/client"
)

// Telegram's own data centres are embedded.
func TestTelegram(t *testing.T) {
	for test, dcs := range map[bool]int{false: 5, true: 3} {
		e := Telegram(test)
		if len(e.Keys) != 2 || e.Test != test || !e.Obfuscate {
			t.Errorf("%+v", e)
		}
		for dc := 1; dc <= dcs; dc++ {
			four, six := 0, 0
			for _, a := range places(e.Addresses, client.Site{DC: dc}) {
				if ip := net.ParseIP(a.Host); ip == nil || a.Media || a.Port != 443 && a.Port != 80 {
					t.Errorf("data centre %d: %+v", dc, a)
				}
				if a.IPv6() {
					six++
				} else {
					four++
				}
			}
			if four == 0 || six == 0 {
				t.Errorf("data centre %d has %d addresses of IPv4 and %d of IPv6", dc, four, six)
			}
		}
	}
	if e := Telegram(true); e.tag(2, false) != 10002 || e.tag(2, true) != -10002 || Telegram(false).tag(4, false) != 4 {
		t.Error("data centres are told by other numbers")
	}
}

func TestPlaces(t *testing.T) {
	all := []Address{
		{DC: 4, Host: "2001:db8::1", Port: 443}, {DC: 4, Host: "192.0.2.1", Port: 443}, {DC: 4, Host: "192.0.2.2", Port: 443, Media: true},
		{DC: 4, Host: "192.0.2.3", Port: 443, OnePort: true}, {DC: 2, Host: "192.0.2.4", Port: 443},
		{DC: 203, Host: "192.0.2.5", Port: 443, CDN: true}, {DC: 4, Host: "192.0.2.1", Port: 443},
	}
	hosts := func(at client.Site) (out []string) {
		for _, a := range places(all, at) {
			out = append(out, a.Host)
			if a.Port == 80 {
				out[len(out)-1] += " 80"
			}
		}
		return out
	}
	for at, want := range map[client.Site][]string{
		{DC: 4}:                       {"192.0.2.1", "192.0.2.3", "2001:db8::1", "192.0.2.1 80", "2001:db8::1 80"},
		{DC: 4, Kind: client.Media}:   {"192.0.2.2", "192.0.2.1", "192.0.2.3", "2001:db8::1", "192.0.2.2 80", "192.0.2.1 80", "2001:db8::1 80"},
		{DC: 203, Kind: client.CDN}:   {"192.0.2.5", "192.0.2.5 80"},
		{DC: 203}:                     nil,
		{DC: 203, Kind: client.Media}: nil,
		{DC: 5}:                       nil,
	} {
		if got := hosts(at); !slices.Equal(got, want) {
			t.Errorf("%v: %v, want %v", at, got, want)
		}
	}
}

// The first address that answers is taken, and the tries at the others end.
func TestDial(t *testing.T) {
	errRefused := errors.New("refused")
	var waiting = make(chan struct{})
	open := func(ctx context.Context, _, address string) (net.Conn, error) {
		switch address {
		case "192.0.2.1:443":
			return nil, errRefused
		case "192.0.2.2:443": // nobody answers
			close(waiting)
			<-ctx.Done()
			return nil, ctx.Err()
		}
		a, b := net.Pipe()
		_ = b.Close()
		return a, nil
	}
	list := []Address{{Host: "192.0.2.1", Port: 443}, {Host: "192.0.2.2", Port: 443}, {Host: "192.0.2.3", Port: 443}}
	conn, err := dial(t.Context(), open, list)
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.Close()
	<-waiting // it was tried before the third
	if _, err := dial(t.Context(), open, list[:1]); !errors.Is(err, errRefused) {
		t.Errorf("%v", err)
	}
	two := []Address{list[0], list[0]}
	if _, err := dial(t.Context(), open, two); !errors.Is(err, errRefused) {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	waiting = make(chan struct{})
	go func() { <-waiting; cancel() }()
	if _, err := dial(ctx, open, list[1:2]); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
