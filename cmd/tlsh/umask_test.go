//go:build unix

package main

import "syscall"

// The tests look at the modes of files, and a folder that anybody can write is
// refused: what they make is made as it mostly is.
func init() { syscall.Umask(0o022) }
