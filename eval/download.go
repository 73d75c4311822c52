package eval

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"

	"tlsh/files"
	"tlsh/render"
	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// download gets the files of a message, a photo, somebody: each whole or not at
// all, into a file that only its owner can read. What was begun goes on.
func (r *run) download(ctx context.Context, call *syntax.Call) Status {
	to := ""
	switch words := r.words(call); {
	case len(words) == 3 && words[1] == "to":
		var st Status
		if to, st = r.path(call.Args[2].Value); st != OK {
			return st
		}
	case len(words) != 1:
		return r.usage(call, "want download REF, or download REF to PATH; a path with spaces is quoted")
	}
	force := false
	for _, o := range r.stmt.Stmt.Options {
		if o.Name.Text != "force" {
			return r.usage(o, "download has the option --force alone")
		}
		force = true
	}
	found, st := r.filesAt(ctx, call.Args[0].Value)
	if st != OK {
		return st
	}
	paths, err := places(found, to)
	if err != nil {
		return r.usage(call.Args[2], "%s", err)
	}
	if !r.cfg.DryRun {
		for _, path := range paths {
			if _, err := (&savedFile{name: path, force: force}).look(); err != nil {
				return r.inTheWay(call, path, err)
			}
		}
	}
	def := schema.Shell().Constructor("download")
	items := make([]tl.Value, 0, len(found))
	for i, f := range found {
		if r.cfg.DryRun {
			r.note("%s would be downloaded", paths[i])
			continue
		}
		n, st := r.fetch(ctx, call, f, &savedFile{name: paths[i], force: force})
		if st != OK {
			return st
		}
		o := tl.New(def).With("path", tl.String(paths[i])).With("size", tl.Long(n))
		if f.MIME != "" {
			o.With("mime_type", tl.String(f.MIME))
		}
		items = append(items, o.Value())
	}
	if len(items) == 0 || r.bare() {
		return OK
	}
	if len(items) == 1 {
		return r.finish(ctx, r.stmt, items[0])
	}
	return r.finish(ctx, r.stmt, tl.VectorOf(def.Result, items...))
}

// places says where each file goes: into the folder at hand under its own name,
// into a folder, or to the one name given.
func places(found []*files.Found, to string) ([]string, error) {
	folder := to
	st, err := os.Stat(to)
	switch {
	case to == "":
		folder = "."
	case err == nil && st.IsDir(), os.IsPathSeparator(to[len(to)-1]):
	case len(found) == 1:
		return []string{to}, nil
	default:
		return nil, fmt.Errorf("there are %d files: say a folder that is there, or one that ends in /", len(found))
	}
	taken := map[string]int{}
	paths := make([]string, len(found))
	for i, f := range found {
		name := f.Name
		if taken[name]++; taken[name] > 1 {
			ext := filepath.Ext(name)
			name = fmt.Sprintf("%s_%d%s", strings.TrimSuffix(name, ext), taken[name], ext)
		}
		paths[i] = filepath.Join(folder, name)
	}
	return paths, nil
}

// fetch downloads one file to its place. It gives the size.
func (r *run) fetch(ctx context.Context, call *syntax.Call, f *files.Found, to *savedFile) (int64, Status) {
	special, err := to.look()
	if err == nil && !special {
		err = os.MkdirAll(filepath.Dir(to.name), 0o700)
	}
	if err != nil {
		return 0, r.inTheWay(call, to.name, err)
	}
	m, err := r.mover(ctx, render.Escape(filepath.Base(to.name)))
	if err != nil {
		return 0, r.failed(ctx, r.stmt, err)
	}
	defer r.countdown("")
	if special {
		err = to.into(ctx, func(w io.Writer) error { _, err := m.Download(ctx, &f.Remote, w, 0); return err })
		if err != nil {
			return 0, r.notDownloaded(ctx, call.Args[0], err, nil)
		}
		return to.n, OK
	}
	p, err := openPart(to.name, f)
	if err != nil {
		return 0, r.judge(ctx, err)
	}
	defer p.close()
	n, err := m.Download(ctx, &f.Remote, p, p.from)
	p.has = p.from + n
	if err == nil {
		err = p.place(to)
	}
	if err != nil {
		r.countdown("")
		return 0, r.notDownloaded(ctx, call.Args[0], err, p)
	}
	r.countdown("")
	r.note("saved %d bytes to %s", p.has, to.name)
	return p.has, OK
}

// inTheWay tells why a file cannot be put where it would go.
func (r *run) inTheWay(call *syntax.Call, path string, err error) Status {
	e := &syntax.Error{Span: call.Span(), Msg: render.Escape(err.Error())}
	if errors.Is(err, os.ErrExist) {
		e.Msg, e.Fix = render.Escape(path)+" is there already", "add --force to replace it, or say to PATH"
	}
	r.diagnose(e)
	return Failed
}

// notDownloaded tells why a file did not come, at the place that names it, and
// what of it is kept.
func (r *run) notDownloaded(ctx context.Context, at syntax.Node, err error, p *partFile) Status {
	status := Interrupted
	var fe *files.Error
	switch {
	case interrupted(ctx, err):
		r.errorf("interrupted")
	case errors.As(err, &fe):
		r.diagnose(&syntax.Error{Span: at.Span(), Msg: render.Escape(fe.Msg), Fix: fe.Fix})
		status = Failed
	case isLocal(err):
		r.diagnose(&syntax.Error{Span: at.Span(), Msg: render.Escape(err.Error())})
		status = Failed
	default:
		status = r.failed(ctx, r.stmt, err)
	}
	if p == nil {
		return status
	}
	if p.keep() {
		r.note("%s of it are kept in %s: the same line goes on there", size(p.has), p.Name())
	}
	return status
}

// isLocal reports an error of a file of this machine, or of the shell's own.
func isLocal(err error) bool {
	var le *localError
	var pe *os.PathError
	var ke *os.LinkError
	return errors.As(err, &le) || errors.As(err, &pe) || errors.As(err, &ke)
}

// partFile is a file that is not whole yet. It lies beside its place, under a
// name that says which file it is, so that a later download goes on with it.
type partFile struct {
	*os.File
	lock *flock.Flock
	from int64 // what was there already
	has  int64
	last bool // it can be gone on with
}

// openPart opens what there is of a file that goes to name. Where it is not
// known which file it is, it begins anew.
func openPart(name string, f *files.Found) (*partFile, error) {
	if f.ID == 0 || f.Size < 0 {
		tmp, err := os.CreateTemp(filepath.Dir(name), ".tlsh-*")
		if err != nil {
			return nil, err
		}
		return &partFile{File: tmp}, nil
	}
	path := fmt.Sprintf("%s.%d-%d.part", name, f.ID, f.Size)
	if st, err := os.Lstat(path); err == nil && !st.Mode().IsRegular() {
		return nil, &localError{path + " is in the way"}
	}
	p := &partFile{lock: flock.New(path, flock.SetPermissions(0o600)), last: true}
	mine, err := p.lock.TryLock()
	switch {
	case err != nil:
		return nil, err
	case !mine:
		return nil, &localError{path + " is being written by another tlsh"}
	}
	if p.File, err = os.OpenFile(path, os.O_RDWR, 0o600); err != nil {
		return nil, errors.Join(err, p.lock.Close())
	}
	if p.from, err = p.whole(f.Size); err != nil {
		return nil, errors.Join(err, p.File.Close(), p.lock.Close())
	}
	return p, nil
}

// whole cuts off what came of a part that is not whole, and says how much is
// left. The last part is asked for again in any case.
func (p *partFile) whole(size int64) (int64, error) {
	n, err := p.Seek(0, io.SeekEnd)
	if err != nil {
		return 0, err
	}
	n = min(n, max(size-1, 0))
	n -= n % files.PartSize
	if err := p.Truncate(n); err != nil {
		return 0, err
	}
	return p.Seek(n, io.SeekStart)
}

// place gives the whole file its name.
func (p *partFile) place(to *savedFile) error {
	if err := p.File.Close(); err != nil {
		return err
	}
	return to.place(p.Name())
}

// keep reports that what came is worth keeping; else it is removed.
func (p *partFile) keep() bool {
	if p.last && p.has >= files.PartSize {
		return true
	}
	_ = os.Remove(p.Name())
	return false
}

func (p *partFile) close() {
	_ = p.File.Close()
	if p.lock != nil {
		_ = p.lock.Close()
	}
}
