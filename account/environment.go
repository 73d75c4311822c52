package account

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"

	"tlsh/client"
	"tlsh/mtproto"
)

// Address is where servers of a data centre listen.
// Source: https://core.telegram.org/constructor/dcOption.
type Address struct {
	DC     int
	Host   string // an IP address
	Port   int
	Media  bool // for files alone
	CDN    bool // no part of the account's data centres: encrypted files alone
	Static bool // preferred by who needs addresses that stay
	// OnePort says that its servers listen on no other port.
	OnePort bool
}

// IPv6 reports an address of that family.
func (a Address) IPv6() bool { return strings.Contains(a.Host, ":") }

// serves reports that the address is for requests of that kind. Files can be
// had from the servers for everything too.
func (a Address) serves(k client.Kind) bool {
	switch k {
	case client.CDN:
		return a.CDN
	case client.Media:
		return !a.CDN
	}
	return !a.CDN && !a.Media
}

// Environment is data centres that know the same accounts. A key that was made
// in one is used in no other.
type Environment struct {
	Name      string // "telegram", "telegram test", "server HOST:PORT"
	DC        int    // where to begin
	Addresses []Address
	Keys      []mtproto.PublicKey // the RSA keys by which the servers are known
	// Test says that these are test servers, whose numbers are told 10000 higher
	// (https://core.telegram.org/mtproto/auth_key).
	Test bool
	// Obfuscate hides the framing, as Telegram's servers expect it of clients in
	// networks that look into connections
	// (https://core.telegram.org/mtproto/mtproto-transports#transport-obfuscation).
	Obfuscate bool
	// Refresh says that addresses that are out of date are asked for anew, and not
	// only when one is missing.
	Refresh bool
}

//go:embed telegram.txt
var telegramAddresses string

//go:embed telegram.pem
var telegramKeys []byte

var telegram = sync.OnceValue(func() map[bool]*Environment {
	keys, err := mtproto.ParsePublicKeys(telegramKeys)
	if err != nil {
		panic("account: the embedded keys: " + err.Error()) // a test reads them
	}
	all := map[bool]*Environment{
		false: {Name: "telegram", DC: 2, Keys: keys, Obfuscate: true, Refresh: true},
		true:  {Name: "telegram test", DC: 2, Keys: keys, Test: true, Obfuscate: true, Refresh: true},
	}
	for line := range strings.Lines(telegramAddresses) {
		f := strings.Fields(line)
		if len(f) < 3 || f[0] == "#" {
			continue
		}
		dc, _ := strconv.Atoi(f[1])
		e := all[f[0] == "test"]
		e.Addresses = append(e.Addresses, Address{DC: dc, Host: f[2], Port: 443, Media: len(f) > 3, Static: true})
	}
	return all
})

// Telegram is Telegram itself, or its test servers.
func Telegram(test bool) *Environment { return telegram()[test] }

// tag is the number by which a data centre is told to its servers: test servers
// have 10000 more, media servers a minus.
// Source: https://core.telegram.org/mtproto/mtproto-transports#transport-obfuscation.
func (e *Environment) tag(dc int, media bool) int {
	if e.Test {
		dc += 10000
	}
	if media {
		return -dc
	}
	return dc
}
