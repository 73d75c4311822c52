//go:build unix && !linux

package guard

import "syscall"

// stopper is the signal to stop with. It is not the usual one: that has no default
// action any more once Go has been asked for it, and here nothing gives it back. A
// shell names it when it tells of the stop.
func stopper() (sig syscall.Signal, undo func()) { return syscall.SIGTTOU, func() {} }
