package schema

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
)

//go:generate go run ./internal/take

//go:embed telegram.tl
var telegramTL string

//go:embed mtproto.tl
var mtprotoTL string

//go:embed shell.tl
var shellTL string

// Current is the API's schema of the layer that this build was made with. It
// is read when first asked for.
var Current = sync.OnceValue(func() *Schema { return readLater("telegram.tl", telegramTL) })

// CurrentLayer is the layer of Current, which is not read for that.
func CurrentLayer() int {
	_, after, _ := strings.Cut(telegramTL[strings.LastIndex(telegramTL, "// LAYER "):], "LAYER ")
	n, _ := strconv.Atoi(strings.TrimSpace(after))
	return n
}

// MTProto is the protocol's own schema: service messages and key exchange
// (https://core.telegram.org/schema/mtproto). It has no layer.
var MTProto = sync.OnceValue(func() *Schema { return readLater("mtproto.tl", mtprotoTL) })

// Shell defines the documents that the shell makes itself: batch, rpc_error,
// not_run, unknown and update.
var Shell = sync.OnceValue(func() *Schema { return readLater("shell.tl", shellTL) })
