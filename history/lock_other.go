//go:build !unix || solaris || aix

package history

// lock does nothing where there is no flock: an append of one write is still
// whole, only a compaction may lose what another shell adds meanwhile.
func lock(string) (unlock func(), err error) { return func() {}, nil }
