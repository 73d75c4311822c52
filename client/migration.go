package client

import (
	"errors"
	"strings"

	"github.com/gotd/td/tgerr"
)

// Migration is what an error with code 303 asks for: the same request at
// another data centre. The one that gave the error did not execute it.
// Source: https://core.telegram.org/api/errors#303-see-other.
type Migration struct {
	// What is PHONE, USER or NETWORK where the account is, or will be, at home
	// there; FILE or STATS where this request alone is for there.
	What string
	DC   int
}

// Home reports that the account's home is to be moved.
func (m Migration) Home() bool {
	return m.What == "PHONE" || m.What == "USER" || m.What == "NETWORK"
}

// MigrationOf finds what an error asks for; ok is false for any other error.
func MigrationOf(err error) (m Migration, ok bool) {
	var rpc *tgerr.Error
	if !errors.As(err, &rpc) || rpc.Code != 303 {
		return m, false
	}
	what, ok := strings.CutSuffix(rpc.Type, "_MIGRATE")
	if !ok || rpc.Argument <= 0 {
		return m, false
	}
	return Migration{what, rpc.Argument}, true
}
