//go:build !linux && !darwin && !freebsd && !netbsd && !openbsd && !dragonfly

package editor

import (
	"fmt"
	"runtime"
)

func openTerminal(string) (terminal, error) {
	return nil, fmt.Errorf("%w: not supported on %s", ErrNoTerminal, runtime.GOOS)
}
