//go:build !unix

package guard

import "os"

// Inside reports that this process is a guarded child; there are none here.
func Inside() (stderr *os.File, ok bool) { return nil, false }

// Run reports that no child can be had.
func Run(Config) (status int, ok bool) { return 0, false }
