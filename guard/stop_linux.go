package guard

import (
	"syscall"
	"unsafe"
)

// action has room for the kernel's struct sigaction of any architecture; empty it is
// the default action. See sigaction(2).
type action [152]byte

// stopper is the signal that a shell takes for an ordinary stop, with its default
// action: os/signal does not give that back once the signal has been asked for. undo
// puts the action back that was found.
func stopper() (sig syscall.Signal, undo func()) {
	var wanted, found action
	if !sigaction(&wanted, &found) {
		return syscall.SIGTTOU, func() {}
	}
	return syscall.SIGTSTP, func() { sigaction(&found, nil) }
}

// sigaction is rt_sigaction(2) for SIGTSTP.
func sigaction(wanted, found *action) bool {
	const set = 8 // bytes of a set of 64 signals
	_, _, errno := syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, uintptr(syscall.SIGTSTP),
		uintptr(unsafe.Pointer(wanted)), uintptr(unsafe.Pointer(found)), set, 0, 0)
	return errno == 0
}
