package eval

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"tlsh/render"
	"tlsh/syntax"
)

// save writes a file that only its owner can read: all of it or nothing, and
// never over another one unless --force says so.
func (r *run) save(ctx context.Context, p *syntax.Pipe, from output) Status {
	name, st := r.path(p.Args[0])
	if st != OK {
		return st
	}
	f := &savedFile{name: name, force: p.Has("--force")}
	err := f.fill(ctx, func(w io.Writer) error { return from.write(ctx, w) })
	if errors.Is(err, os.ErrExist) && !f.force {
		r.diagnose(&syntax.Error{Span: p.Args[0].Span(), Msg: render.Escape(name) + " is there already", Fix: "add --force to replace it"})
		return Failed
	}
	if err != nil {
		return r.judge(ctx, err)
	}
	r.note("saved %d bytes to %s", f.n, name)
	return OK
}

// savedFile is a file that comes to be in one step.
type savedFile struct {
	name  string
	force bool
	n     int64 // bytes written
}

// look looks at what is there; special says that it is no regular file, but a
// device or a pipe, which is written to as it is. Error: os.ErrExist for what
// must not be replaced.
func (f *savedFile) look() (special bool, err error) {
	old, err := os.Lstat(f.name)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return false, nil
	case err != nil:
		return false, err
	}
	if link := old.Mode()&os.ModeSymlink != 0; link {
		if old, err = os.Stat(f.name); err != nil {
			return false, err
		}
		if old.Mode().IsRegular() && f.force {
			// What it points to is replaced, not the link.
			f.name, err = filepath.EvalSymlinks(f.name)
			return false, err
		}
	}
	switch {
	case old.IsDir():
		return false, fmt.Errorf("%s is a folder", f.name)
	case !old.Mode().IsRegular():
		return true, nil
	case !f.force:
		return false, os.ErrExist
	}
	return false, nil
}

func (f *savedFile) fill(ctx context.Context, write func(io.Writer) error) error {
	special, err := f.look()
	switch {
	case err != nil:
		return err
	case special:
		return f.into(ctx, write)
	}
	tmp, err := os.CreateTemp(filepath.Dir(f.name), ".tlsh-*")
	if e, ok := errors.AsType[*os.PathError](err); ok {
		e.Path = f.name // what was asked for
	}
	if err != nil {
		return err
	}
	err = f.copy(tmp, write)
	if err = errors.Join(err, tmp.Close()); err == nil {
		err = f.place(tmp.Name())
	}
	if err != nil {
		_ = os.Remove(tmp.Name())
	}
	return err
}

// place gives the finished file its name.
func (f *savedFile) place(tmp string) error {
	if f.force {
		return os.Rename(tmp, f.name)
	}
	err := os.Link(tmp, f.name) // fails when the name was taken meanwhile
	switch {
	case err == nil:
		return os.Remove(tmp)
	case errors.Is(err, os.ErrExist):
		return err
	}
	// A file system without links: take the name first.
	claim, err := os.OpenFile(f.name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err = errors.Join(claim.Close(), os.Rename(tmp, f.name)); err != nil {
		_ = os.Remove(f.name)
	}
	return err
}

// into writes to what is no regular file.
func (f *savedFile) into(ctx context.Context, write func(io.Writer) error) error {
	d, err := opened(ctx, func() (*os.File, error) { return os.OpenFile(f.name, os.O_WRONLY, 0) })
	if err != nil {
		return err
	}
	err = f.copy(d, write)
	return errors.Join(err, d.Close())
}

func (f *savedFile) copy(to io.Writer, write func(io.Writer) error) error {
	w := &counted{w: to}
	b := bufio.NewWriterSize(w, 1<<16)
	err := write(b)
	if err == nil {
		err = b.Flush()
	}
	f.n = w.n
	return err
}

// counted counts what is written.
type counted struct {
	w io.Writer
	n int64
}

// Write writes b.
func (c *counted) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += int64(n)
	return n, err
}
