package eval

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gotd/td/tgerr"

	"tlsh/bind"
	"tlsh/files"
	"tlsh/mediainfo"
	"tlsh/peers"
	"tlsh/render"
	"tlsh/syntax"
	"tlsh/tl"
)

// upload sends a file and gives the InputFile that stands for it.
func (r *run) upload(ctx context.Context, call *syntax.Call) Status {
	if len(call.Args) != 1 || call.Args[0].Name != nil {
		return r.usage(call, "want upload FILE; a name with spaces is quoted")
	}
	path, st := r.path(call.Args[0].Value)
	if st != OK {
		return st
	}
	h := &bind.Hole{Kind: bind.HoleUpload, Node: call.Args[0], Text: path}
	if r.cfg.DryRun {
		f, err := localFile(path)
		if err != nil {
			return r.holeFailed(ctx, r.stmt, h, err)
		}
		defer f.Close()
		r.note("%s: %s in %s would be uploaded", path, size(f.info.Size()), parts(f.info.Size()))
		return OK
	}
	v, err := r.send(ctx, path)
	if err != nil {
		return r.holeFailed(ctx, r.stmt, h, err)
	}
	r.result(v)
	return r.finish(ctx, r.stmt, v)
}

// parts says in how many parts a file of so many bytes goes.
func parts(bytes int64) string {
	if n := (bytes + files.PartSize - 1) / files.PartSize; n != 1 {
		return fmt.Sprintf("%d parts", n)
	}
	return "1 part"
}

// mayUpload is an error where the shell is read-only: parts of a file are kept
// by the server.
func (r *run) mayUpload() error {
	if r.readOnly {
		return &files.Error{Msg: "an upload does more than read, and the shell is read-only: nothing was sent", Fix: "set read-only off"}
	}
	return nil
}

// send uploads a file of this machine.
func (r *run) send(ctx context.Context, path string) (tl.Value, error) {
	if err := r.mayUpload(); err != nil {
		return tl.Value{}, err
	}
	f, err := localFile(path)
	if err != nil {
		return tl.Value{}, err
	}
	defer f.Close()
	if v, ok := r.sendings.find(f.info, r.now()); ok {
		return v, nil
	}
	m, err := r.mover(ctx, render.Escape(filepath.Base(path)))
	if err != nil {
		return tl.Value{}, err
	}
	defer r.countdown("")
	o, err := m.Upload(ctx, f, filepath.Base(path), f.info.Size())
	if err != nil {
		return tl.Value{}, err
	}
	r.sendings.add(f.info, r.now(), o.Value())
	r.describe(o, mediainfo.Read(f, f.info.Size()))
	return o.Value(), nil
}

// openFile is a regular file that is open for reading.
type openFile struct {
	*os.File
	info fs.FileInfo
}

func localFile(path string) (*openFile, error) {
	st, err := os.Stat(path) // before it is opened: a pipe would wait for its other end
	if err == nil && !st.Mode().IsRegular() {
		return nil, &localError{path + " is no regular file"}
	}
	f, err := os.Open(path)
	if err == nil {
		st, err = f.Stat()
	}
	if err != nil {
		_ = f.Close()
		return nil, &localError{err.Error()}
	}
	return &openFile{f, st}, nil
}

// uploaded fills the hole of a file that is uploaded. Where there is no network,
// it only looks whether the file is there.
func (r *run) uploaded(ctx context.Context, h *bind.Hole, net peers.Caller) (tl.Value, error) {
	if net == (nowhere{}) {
		f, err := localFile(h.Text)
		if err != nil {
			return tl.Value{}, err
		}
		_ = f.Close()
		return tl.Value{}, errNowhere
	}
	return r.send(ctx, h.Text)
}

// stored lets the server make a photo or a document of an uploaded file, without
// sending it to anybody, and gives what names it as the hole wants it
// (https://core.telegram.org/method/messages.uploadMedia).
func (r *run) stored(ctx context.Context, h *bind.Hole, net peers.Caller) (tl.Value, error) {
	def, self := r.cfg.Schema.Method("messages.uploadMedia"), r.cfg.Schema.Constructor("inputPeerSelf")
	if def == nil || self == nil {
		return tl.Value{}, &localError{"messages.uploadMedia is not in this layer, so a file cannot stand here"}
	}
	if err := r.mayUpload(); err != nil {
		return tl.Value{}, err
	}
	req := tl.New(def).With("peer", tl.New(self).Value()).With("media", h.Value)
	v, err := net.Call(ctx, req)
	if empty := r.cfg.Schema.Constructor("inputPeerEmpty"); tgerr.Is(err, "PEER_ID_INVALID") && empty != nil {
		// A bot has no conversation with itself.
		v, err = net.Call(ctx, req.With("peer", tl.New(empty).Value()))
	}
	if err != nil {
		return tl.Value{}, err
	}
	in, _, err := bind.Cast(r.cfg.Schema, v, h.Want)
	if err != nil {
		return tl.Value{}, &localError{"the server made something else of it: " + err.Error()}
	}
	return in, nil
}
