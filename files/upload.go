package files

import (
	"context"
	"crypto/md5"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"sync"

	"tlsh/client"
	"tlsh/tl"
)

// Upload sends size bytes of r in parts and gives the InputFile that stands for
// them, which a request must use soon: the server forgets unused parts. name is
// what others see. Errors: *Error for a file that cannot be sent, those of r and
// of the Caller. https://core.telegram.org/api/files#uploading-files.
func (m *Mover) Upload(ctx context.Context, r io.Reader, name string, size int64) (*tl.Object, error) {
	parts := (size + PartSize - 1) / PartSize
	switch {
	case size <= 0:
		return nil, &Error{Msg: name + " is empty: Telegram keeps no empty files"}
	case parts > MaxParts:
		return nil, &Error{Msg: fmt.Sprintf("%s has %d bytes, and the largest file that Telegram takes has %d", name, size, int64(MaxParts)*PartSize)}
	}
	u := &upload{mover: m, big: size >= Big, parts: int32(parts), tally: m.tally(0, size)}
	var id [8]byte
	if _, err := io.ReadFull(m.Rand, id[:]); err != nil {
		return nil, err
	}
	u.id = int64(binary.LittleEndian.Uint64(id[:]))
	sum, err := u.send(ctx, r, size)
	if err != nil {
		return nil, err
	}
	return u.inputFile(name, sum)
}

// upload is a file on its way.
type upload struct {
	mover *Mover
	id    int64
	big   bool
	parts int32
	tally *tally
	spare chan []byte // the memory of parts that have arrived
}

// part is a piece of a file.
type part struct {
	n    int32
	data []byte
}

// send reads the parts one after the other and sends several at once. It gives
// the checksum of all of them.
func (u *upload) send(ctx context.Context, r io.Reader, size int64) (sum []byte, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	queue := make(chan part)
	u.spare = make(chan []byte, Together+1)
	var senders sync.WaitGroup
	for range min(Together, int(u.parts)) {
		senders.Go(func() {
			for p := range queue {
				if err := u.save(ctx, p); err != nil {
					cancel(err)
					return
				}
				u.tally.add(len(p.data))
				u.spare <- p.data // as many as there is room for are ever made
			}
		})
	}
	hash := md5.New()
	err = u.read(ctx, io.TeeReader(r, hash), size, queue)
	close(queue)
	senders.Wait()
	if cause := context.Cause(ctx); cause != nil {
		// What stopped the senders, or the reading, is the reason.
		err = cause
	}
	return hash.Sum(nil), err
}

// read gives the parts to the senders.
func (u *upload) read(ctx context.Context, r io.Reader, size int64, to chan<- part) error {
	for n := range u.parts {
		data := u.buffer()[:min(PartSize, size-int64(n)*PartSize)]
		if _, err := io.ReadFull(r, data); err != nil {
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				return &Error{Msg: fmt.Sprintf("the file ends before its %d bytes: it was changed while it was read", size)}
			}
			return err
		}
		select {
		case to <- part{n, data}:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// buffer is memory for a part: what one that has arrived had, else new.
func (u *upload) buffer() []byte {
	select {
	case b := <-u.spare:
		return b[:PartSize]
	default:
		return make([]byte, PartSize)
	}
}

// save sends a part.
func (u *upload) save(ctx context.Context, p part) error {
	name := "upload.saveFilePart"
	if u.big {
		name = "upload.saveBigFilePart"
	}
	req, err := u.mover.request(name)
	if err != nil {
		return err
	}
	req.With("file_id", tl.Long(u.id)).With("file_part", tl.Int(p.n)).With("bytes", tl.Bytes(p.data))
	if u.big {
		req.With("file_total_parts", tl.Int(u.parts))
	}
	v, err := u.mover.Caller.CallAt(ctx, client.Site{Kind: client.Media}, req)
	if err == nil && !v.AsBool() {
		err = &Error{Msg: fmt.Sprintf("the server did not take part %d of %d", p.n+1, u.parts)}
	}
	return err
}

// inputFile stands for the parts.
func (u *upload) inputFile(name string, sum []byte) (*tl.Object, error) {
	kind := "inputFile"
	if u.big {
		kind = "inputFileBig"
	}
	def := u.mover.Schema.Constructor(kind)
	if def == nil {
		return nil, &Error{Msg: fmt.Sprintf("%s is not in layer %d", kind, u.mover.Schema.Layer)}
	}
	o := tl.New(def).With("id", tl.Long(u.id)).With("parts", tl.Int(u.parts)).With("name", tl.String(name))
	if !u.big {
		o.With("md5_checksum", tl.String(hex.EncodeToString(sum)))
	}
	return o, nil
}
