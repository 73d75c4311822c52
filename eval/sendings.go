package eval

import (
	"context"
	"io/fs"
	"os"
	"time"

	"tlsh/bind"
	"tlsh/peers"
	"tlsh/tl"
)

// keptUpload is how long an uploaded file is used again: a server forgets its
// parts after some hours, and a loop may run longer.
const keptUpload = 30 * time.Minute

// sendings are the files that a statement has uploaded so far, so that one that
// stands in it several times, or in a loop, leaves once.
type sendings struct {
	files  []sending
	stored map[string]tl.Value // what the server made of one, by the bytes that asked for it
}

// sending is a file that was uploaded.
type sending struct {
	file  fs.FileInfo // as it was then
	at    time.Time
	input tl.Value // the InputFile
}

// find is the InputFile of a file that was uploaded, and is the same since.
func (s *sendings) find(file fs.FileInfo, now time.Time) (tl.Value, bool) {
	for _, f := range s.files {
		if os.SameFile(f.file, file) && f.file.Size() == file.Size() && f.file.ModTime().Equal(file.ModTime()) &&
			f.file.Name() == file.Name() && now.Sub(f.at) < keptUpload {
			return f.input, true
		}
	}
	return tl.Value{}, false
}

func (s *sendings) add(file fs.FileInfo, now time.Time, input tl.Value) {
	s.files = append(s.files, sending{file, now, input})
}

// storedOnce lets the server make a photo or a document of an uploaded file,
// once for all the places of a statement where the same one is wanted.
func (r *run) storedOnce(ctx context.Context, h *bind.Hole, net peers.Caller) (tl.Value, error) {
	b, err := tl.Encode(h.Value.Object())
	if err != nil {
		return r.stored(ctx, h, net)
	}
	key := h.Want.Name + " " + string(b)
	if v, ok := r.sendings.stored[key]; ok {
		return v, nil
	}
	v, err := r.stored(ctx, h, net)
	if err == nil {
		if r.sendings.stored == nil {
			r.sendings.stored = map[string]tl.Value{}
		}
		r.sendings.stored[key] = v
	}
	return v, err
}
