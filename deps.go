//go:build deps

package deps

import (
	_ "github.com/adrg/xdg"
	_ "github.com/c-bata/go-prompt"
	_ "github.com/creack/pty"
	_ "github.com/fatih/color"
	_ "github.com/google/go-cmp/cmp"
	_ "github.com/gotd/td/bin"
	_ "github.com/gotd/td/crypto"
	_ "github.com/gotd/td/exchange"
	_ "github.com/gotd/td/mt"
	_ "github.com/gotd/td/mtproxy/obfuscated2"
	_ "github.com/gotd/td/mtproxy/obfuscator"
	_ "github.com/gotd/td/proto"
	_ "github.com/gotd/td/proto/codec"
	_ "github.com/gotd/td/tgerr"
	_ "github.com/gotd/td/transport"
	_ "github.com/rivo/uniseg"
	_ "github.com/rogpeppe/go-internal/testscript"
	_ "github.com/sahilm/fuzzy"
	_ "github.com/spf13/cobra"
	_ "go.uber.org/goleak"
	_ "golang.org/x/sys/unix"
	_ "golang.org/x/term"
)
