package history

import (
	"io"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// write appends one record under the lock, and compacts the file when it has
// grown past its limit. The lock is a file of its own beside the history, since
// compaction puts another file in the history's place.
func (h *History) write(record []byte) error {
	lock := flock.New(h.path+".lock", flock.SetPermissions(0o600))
	if err := lock.Lock(); err != nil {
		return err
	}
	defer lock.Close() // the kernel gives it back, too, when its holder dies
	size, err := appendRecord(h.path, record)
	if err != nil || size <= h.opt.MaxBytes {
		return err
	}
	return h.compact()
}

// empty takes everything out of the file, under the lock.
func (h *History) empty() error {
	lock := flock.New(h.path+".lock", flock.SetPermissions(0o600))
	if err := lock.Lock(); err != nil {
		return err
	}
	defer lock.Close()
	return replace(h.path, nil)
}

// appendRecord adds a record to the file at path in one write and returns the
// size of the file after it. If the write does not go through whole, as on a
// full disk, the file is cut back to what it was.
func appendRecord(path string, record []byte) (int64, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		if err := f.Chmod(0o600); err != nil {
			return 0, err
		}
	}
	size := info.Size()
	torn, err := endsTorn(f, size)
	if err != nil {
		return 0, err
	}
	if torn {
		record = append([]byte{'\n'}, record...)
	}
	if _, err := f.Write(record); err != nil {
		_ = f.Truncate(size) // the write's error is the one to tell
		return 0, err
	}
	return size + int64(len(record)), f.Close()
}

// endsTorn reports whether the last line lacks its newline: its writer died.
func endsTorn(f io.ReaderAt, size int64) (bool, error) {
	if size == 0 {
		return false, nil
	}
	var last [1]byte
	if _, err := f.ReadAt(last[:], size-1); err != nil {
		return false, err
	}
	return last[0] != '\n', nil
}

// compact rewrites the file with each line once, the newest first to stay, so
// that it fits half of MaxBytes and is not compacted again at once. The lock is
// held.
func (h *History) compact() error {
	kept, err := read(h.path, h.opt.MaxEntries)
	if err != nil {
		return err
	}
	records := make([][]byte, len(kept))
	var size int64
	from := len(kept)
	for i := len(kept) - 1; i >= 0; i-- {
		if records[i], err = encode(kept[i]); err != nil {
			return err
		}
		if size += int64(len(records[i])); size > h.opt.MaxBytes/2 && from < len(kept) {
			break
		}
		from = i
	}
	return replace(h.path, records[from:])
}

// replace puts a file of these records in the place of path, whole or not at
// all.
func replace(path string, records [][]byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.tmp") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // nothing is left to remove after the rename
	defer f.Close()
	for _, r := range records {
		if _, err := f.Write(r); err != nil {
			return err
		}
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
