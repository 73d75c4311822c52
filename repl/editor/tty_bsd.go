//go:build darwin || freebsd || netbsd || openbsd || dragonfly

package editor

import "golang.org/x/sys/unix"

const (
	getTermios = unix.TIOCGETA
	setTermios = unix.TIOCSETA
	setFlushed = unix.TIOCSETAF // and drops what was typed

	inputPending = 0x4004667f // FIONREAD
)
