package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/gotd/td/tgerr"

	"tlsh/client"
	"tlsh/tl"
)

// Remote is a file that lies on Telegram's servers.
type Remote struct {
	Location *tl.Object // an InputFileLocation, or an InputWebFileLocation
	DC       int        // the data centre where it lies, as far as is known; 0: the account's home
	Size     int64      // in bytes; -1: not known
	// Refresh gives the location with a new file reference, once the one at hand
	// has expired (https://core.telegram.org/api/file-references); nil where
	// there is no way to get one.
	Refresh func(ctx context.Context) (*tl.Object, error)
}

// Download writes the file from the byte at offset from on, which is a multiple
// of PartSize, in order. It gives how many bytes it wrote, also when it fails:
// all of them are right, so that a later call can go on behind them. Errors:
// *Error, those of w and of the Caller.
// https://core.telegram.org/api/files#downloading-files.
func (m *Mover) Download(ctx context.Context, f *Remote, w io.Writer, from int64) (written int64, err error) {
	ctx, cancel := context.WithCancel(ctx)
	d := &download{mover: m, file: f, queue: make(chan chan piece, Together), way: way{dc: f.DC, location: f.Location, cdn: true}}
	var fetchers sync.WaitGroup
	defer fetchers.Wait()
	defer cancel()
	fetchers.Go(func() { d.order(ctx, &fetchers, from) })
	t := m.tally(from, f.Size)
	for next := range d.queue {
		p := <-next
		if p.err != nil {
			return written, p.err
		}
		n, err := w.Write(p.data)
		written += int64(n)
		if err != nil {
			return written, err
		}
		t.add(n)
	}
	return written, ctx.Err()
}

// piece is what came of a part, and why no more did.
type piece struct {
	data []byte
	err  error
}

// download is a file on its way.
type download struct {
	mover *Mover
	file  *Remote
	// queue has, for every part in order, where it will come.
	queue chan chan piece

	mu  sync.Mutex
	way way
}

// way is how parts are asked for at the moment. What one part learns about it,
// the others need not learn again.
type way struct {
	dc       int
	location *tl.Object
	fresh    int // how often the location was got anew
	cdn      bool
}

// order asks for the parts: several at once where the size says how many there
// are, else one after the other until one is short.
func (d *download) order(ctx context.Context, fetchers *sync.WaitGroup, from int64) {
	defer close(d.queue)
	size := d.file.Size
	for offset := from; size < 0 || offset < size; offset += PartSize {
		came := make(chan piece, 1)
		select {
		case d.queue <- came:
		case <-ctx.Done():
			return
		}
		if size < 0 {
			p := d.fetch(ctx, offset)
			came <- p
			if p.err != nil || len(p.data) < PartSize {
				return
			}
			continue
		}
		fetchers.Go(func() {
			p := d.fetch(ctx, offset)
			if want := min(PartSize, size-offset); p.err == nil && int64(len(p.data)) != want {
				p.err = &Error{Msg: fmt.Sprintf("the server gave %d bytes at %d, where the file of %d has %d", len(p.data), offset, size, want)}
			}
			came <- p
		})
	}
}

// fetch gets a part, wherever the file lies.
func (d *download) fetch(ctx context.Context, offset int64) piece {
	for {
		d.mu.Lock()
		by := d.way
		d.mu.Unlock()
		data, err := d.ask(ctx, by, offset)
		if err == nil {
			return piece{data: data}
		}
		if again, err := d.mend(ctx, err, by); !again {
			return piece{err: err}
		}
	}
}

func (d *download) ask(ctx context.Context, by way, offset int64) ([]byte, error) {
	// A file of the web comes through Telegram's servers
	// (https://core.telegram.org/api/files#downloading-webfiles).
	method := "upload.getFile"
	if by.location.Is("inputWebFileLocation") {
		method = "upload.getWebFile"
	}
	req, err := d.mover.request(method)
	if err != nil {
		return nil, err
	}
	setNumber(req, "offset", offset)
	req.With("location", by.location.Value()).With("limit", tl.Int(PartSize))
	if by.cdn && req.Def().Index("cdn_supported") >= 0 {
		req.With("cdn_supported", tl.Bool(true))
	}
	v, err := d.mover.Caller.CallAt(ctx, client.Site{DC: by.dc, Kind: client.Media}, req)
	if err != nil {
		return nil, err
	}
	switch o := v.Object(); {
	case o.Is("upload.file"), o.Is("upload.webFile"):
		return o.At("bytes").AsBytes(), nil
	case o.Is("upload.fileCdnRedirect") && by.cdn:
		return d.fromCDN(ctx, by, o, offset)
	}
	return nil, &Error{Msg: "the server's answer to " + method + " is no file"}
}

// setNumber gives a parameter a number: offsets were int in older layers.
func setNumber(req *tl.Object, name string, n int64) {
	v := tl.Long(n)
	if i := req.Def().Index(name); i >= 0 && req.Def().Params[i].Type.Name == "int" {
		v = tl.Int(int32(n))
	}
	req.With(name, v)
}

// maxFresh bounds how often a file reference is got anew for one file.
const maxFresh = 5

// mend does what an error asks for: it goes to the data centre that has the
// file, or gets a new file reference. again says that the part is to be asked
// for once more; else the error is the last word. by is how it was asked for:
// another part may have mended that meanwhile.
func (d *download) mend(ctx context.Context, err error, by way) (again bool, last error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var site *client.SiteError
	if errors.As(err, &site) {
		switch {
		case site.Site.Kind == client.CDN && by.cdn:
			d.way.cdn = false // without it the file comes from where it lies
			return true, nil
		case by.dc == d.file.DC && by.dc != 0:
			d.way.dc = 0 // home says where it lies now
			return true, nil
		}
		return false, err
	}
	rpc, ok := tgerr.As(err)
	switch {
	case !ok:
		return false, err
	case rpc.IsType("FILE_MIGRATE") && by.dc != rpc.Argument:
		d.way.dc = rpc.Argument
		return true, nil
	case !strings.HasPrefix(rpc.Type, "FILE_REFERENCE_"):
		return false, err
	case d.way.fresh != by.fresh:
		return true, nil
	case d.file.Refresh == nil || d.way.fresh == maxFresh:
		return false, err
	}
	location, err := d.file.Refresh(ctx)
	if err != nil {
		return false, err
	}
	d.way.location = location
	d.way.fresh++
	return true, nil
}
