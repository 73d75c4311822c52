package editor

import "golang.org/x/sys/unix"

const (
	getTermios = unix.TCGETS
	setTermios = unix.TCSETS
	setFlushed = unix.TCSETSF // and drops what was typed

	inputPending = unix.TIOCINQ
)
