package eval

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"

	"tlsh/render"
	"tlsh/syntax"
)

// save writes a file that only its owner can read: all of it or nothing, and
// never over another one unless --force says so.
func (r *run) save(ctx context.Context, p *syntax.Pipe, from output) Status {
	name := ""
	if len(p.Args) > 0 {
		name = syntax.Text(p.Args[0])
	}
	if name == "" {
		var at syntax.Node = p
		if len(p.Args) > 0 {
			at = p.Args[0]
		}
		r.diagnose(&syntax.Error{Span: at.Span(), Msg: "save wants the name of a file, as a word or a string", Fix: "as in | save history.json"})
		return Usage
	}
	f := &savedFile{name: name, force: p.Has("--force")}
	err := f.fill(func(w io.Writer) error { return from.write(ctx, w) })
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

func (f *savedFile) fill(write func(io.Writer) error) error {
	old, err := os.Lstat(f.name)
	switch {
	case err != nil && !errors.Is(err, os.ErrNotExist):
		return err
	case err == nil && !f.force:
		return os.ErrExist
	case err == nil && old.Mode()&os.ModeSymlink != 0:
		// What it points to is replaced, not the link.
		if f.name, err = filepath.EvalSymlinks(f.name); err != nil {
			return err
		}
		if old, err = os.Stat(f.name); err != nil {
			return err
		}
	}
	if old != nil && !old.Mode().IsRegular() {
		return f.into(write) // a device, or a pipe
	}
	tmp, err := os.CreateTemp(filepath.Dir(f.name), ".tlsh-*")
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
func (f *savedFile) into(write func(io.Writer) error) error {
	d, err := os.OpenFile(f.name, os.O_WRONLY, 0)
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
