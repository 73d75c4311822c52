package eval

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"strings"

	"tlsh/files"
	"tlsh/mediainfo"
	"tlsh/picture"
	"tlsh/syntax"
)

// maxView bounds the picture that is got to be drawn, in bytes.
const maxView = 32 << 20

// pictures (the command view) draws the pictures of a message, a photo, a document, somebody or a file
// of this machine.
func (r *run) pictures(ctx context.Context, call *syntax.Call) Status {
	if len(call.Args) != 1 || call.Args[0].Name != nil {
		return r.usage(call, "want view REF, or view file:PATH")
	}
	node := call.Args[0].Value
	if isFile(node) {
		path, st := r.path(node)
		if st != OK {
			return st
		}
		b, err := readPicture(ctx, path)
		if err != nil {
			return r.notDownloaded(ctx, node, err, nil)
		}
		return r.draw(ctx, node, path, b)
	}
	found, st := r.filesAt(ctx, node)
	if st != OK {
		return st
	}
	for _, f := range found {
		if st := r.viewOne(ctx, node, f); st != OK {
			return st
		}
	}
	return OK
}

// isFile reports file:PATH.
func isFile(node syntax.Node) bool {
	switch n := node.(type) {
	case *syntax.Word:
		return strings.HasPrefix(n.Text, "file:")
	case *syntax.Tagged:
		return n.Tag.Text == "file:"
	}
	return false
}

func readPicture(ctx context.Context, path string) ([]byte, error) {
	b, err := readAll(ctx, path, maxView)
	if err == nil && len(b) > maxView {
		err = &files.Error{Msg: fmt.Sprintf("%s has more than the %s that are drawn", path, size(maxView))}
	}
	return b, err
}

// viewOne gets a picture and draws it: of a photo the smallest size that fills
// the screen, of what is no picture its thumbnail, the stripped one where it has
// no other.
func (r *run) viewOne(ctx context.Context, at syntax.Node, f *files.Found) Status {
	small := f.Stripped()
	f, err := r.toDraw(f)
	if err != nil && small != nil {
		img, err := picture.ReadStripped(small)
		if err != nil {
			return r.notDownloaded(ctx, at, err, nil)
		}
		return r.paint(ctx, img)
	}
	if err != nil {
		return r.notDownloaded(ctx, at, err, nil)
	}
	m, err := r.mover(ctx, f.Name)
	if err != nil {
		return r.failed(ctx, r.stmt, err)
	}
	var b limited
	_, err = m.Download(ctx, &f.Remote, &b, 0)
	r.countdown("")
	if err != nil {
		return r.notDownloaded(ctx, at, err, nil)
	}
	return r.draw(ctx, at, f.Name, b.Bytes())
}

// toDraw chooses the size of a picture.
func (r *run) toDraw(f *files.Found) (*files.Found, error) {
	columns, _ := r.canvas()
	if s := f.Smaller(columns * 10); s != nil {
		return s, nil
	}
	if !strings.HasPrefix(f.MIME, "image/") {
		return nil, &files.Error{Msg: f.Name + " is no picture and has no thumbnail", Fix: "download saves it"}
	}
	if f.Size > maxView {
		return nil, &files.Error{Msg: fmt.Sprintf("%s has %s, and at most %s are drawn", f.Name, size(f.Size), size(maxView)), Fix: "download saves it"}
	}
	return f, nil
}

// canvas is the room for a picture, in cells.
func (r *run) canvas() (columns, rows int) {
	columns, rows = r.cfg.View.Width, 0
	if r.cfg.Size != nil && r.cfg.Terminal {
		columns, rows = r.cfg.Size()
	}
	if columns <= 0 {
		columns = 80
	}
	if rows <= 3 {
		rows = columns
	}
	return columns, rows - 2
}

// draw draws what a file holds.
func (r *run) draw(ctx context.Context, at syntax.Node, name string, b []byte) Status {
	img, err := picture.Read(b)
	if err != nil {
		return r.notDownloaded(ctx, at, &files.Error{Msg: name + " cannot be drawn: " + err.Error(), Fix: "JPEG, PNG, GIF and WebP are drawn"}, nil)
	}
	return r.paint(ctx, picture.Upright(img, mediainfo.Read(bytes.NewReader(b), int64(len(b))).Orientation))
}

// paint draws a picture.
func (r *run) paint(ctx context.Context, img image.Image) Status {
	columns, rows := r.canvas()
	r.flush()
	way := picture.WayOf(r.cfg.Getenv, r.cfg.View.Color)
	if err := picture.Draw(&patient{ctx, r.cfg.Out}, img, way, columns, rows); err != nil {
		return r.notWritten(ctx, err)
	}
	return OK
}

// limited keeps what is written, up to maxView bytes.
type limited struct{ bytes.Buffer }

// Write keeps b.
func (l *limited) Write(b []byte) (int, error) {
	if l.Len()+len(b) > maxView {
		return 0, &files.Error{Msg: "the file is larger than the " + size(maxView) + " that are drawn", Fix: "download saves it"}
	}
	return l.Buffer.Write(b)
}
