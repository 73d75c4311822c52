package mtproto

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"sync"
)

// message is one message of a container, or the lone one of a frame.
type message struct {
	id    int64
	seqno int32
	body  []byte
}

const messageHead = 8 + 4 + 4 // msg_id, seqno, bytes

// unpack appends a msg_container's messages to list: all of them or none. The
// bodies lie within body. Containers in containers, too many messages, lengths
// that do not fit and left-over bytes are errors.
//
// Source: service_messages#containers.
func unpack(list []message, body []byte) ([]message, error) {
	r := reader{b: body}
	r.want(idContainer)
	n := r.int32()
	switch {
	case r.bad:
		return list, &CheckError{Check: "container", Got: "no count"}
	case n < 0 || n > maxContainerMessages:
		return list, &CheckError{"container", fmt.Sprintf("up to %d messages", maxContainerMessages), fmt.Sprint(n)}
	}
	start := len(list)
	for i := range n {
		m := message{id: r.int64(), seqno: r.int32()}
		size := r.int32()
		m.body = r.take(int(size))
		if r.bad || size < 4 || size&3 != 0 {
			return list[:start], &CheckError{"container", "a length that is a multiple of 4 and fits", fmt.Sprintf("%d for message %d of %d", size, i+1, n)}
		}
		if peekID(m.body) == idContainer {
			return list[:start], &CheckError{Check: "container", Got: "a container in a container"}
		}
		list = append(list, m)
	}
	if len(r.b) != 0 {
		return list[:start], &CheckError{"container", "nothing after the last message", fmt.Sprintf("%d bytes", len(r.b))}
	}
	return list, nil
}

// zipper packs and unpacks gzip_packed, reusing what compression needs.
type zipper struct{ readers, writers sync.Pool }

// pack is body as gzip_packed, if it is at least from bytes and becomes smaller
// by that; else nil.
func (z *zipper) pack(body []byte, from int) []byte {
	if from < 0 || len(body) < from || len(body) >= 1<<24 {
		return nil
	}
	var out bytes.Buffer
	w, _ := z.writers.Get().(*gzip.Writer)
	if w == nil {
		w, _ = gzip.NewWriterLevel(&out, gzip.BestSpeed)
	} else {
		w.Reset(&out)
	}
	defer z.writers.Put(w)
	if _, err := w.Write(body); err != nil {
		return nil
	}
	if err := w.Close(); err != nil || 4+bytesLen(out.Len()) >= len(body) {
		return nil
	}
	return putBytes(putID(make([]byte, 0, 4+bytesLen(out.Len())), idGzipPacked), out.Bytes())
}

// unpack is what a gzip_packed holds, in a new slice. More than limit bytes,
// bytes that are no gzip, and another gzip_packed inside are errors.
func (z *zipper) unpack(body []byte, limit int) ([]byte, error) {
	r := reader{b: body}
	r.want(idGzipPacked)
	packed := r.bytes()
	if !r.end() {
		return nil, &CheckError{Check: "gzip_packed", Got: "a string that does not end with its message"}
	}
	src := bytes.NewReader(packed)
	g, _ := z.readers.Get().(*gzip.Reader)
	var err error
	if g == nil {
		g, err = gzip.NewReader(src)
	} else {
		err = g.Reset(src)
	}
	if err != nil {
		return nil, &CheckError{Check: "gzip_packed", Got: err.Error()}
	}
	defer z.readers.Put(g)
	var out bytes.Buffer
	n, err := io.Copy(&out, io.LimitReader(g, int64(limit)+1))
	switch {
	case err != nil:
		return nil, &CheckError{Check: "gzip_packed", Got: err.Error()}
	case n > int64(limit):
		return nil, &LimitError{What: "unpacked gzip_packed", Limit: limit}
	case peekID(out.Bytes()) == idGzipPacked:
		return nil, &CheckError{Check: "gzip_packed", Got: "a gzip_packed inside"}
	}
	return out.Bytes(), nil
}

// Unzip is body itself, or what it holds if it is a gzip_packed: for requests
// packed inside a wrapper such as initConnection, which only the schema's owner
// can find. limit bounds the result, in bytes.
func Unzip(body []byte, limit int) ([]byte, error) {
	if peekID(body) != idGzipPacked {
		return body, nil
	}
	return new(zipper).unpack(body, limit)
}

// putAck appends a msgs_ack.
func putAck(b []byte, ids []int64) []byte { return putLongs(putID(b, idMsgsAck), ids) }

// putContainerHead appends a msg_container's head; n messages must follow.
func putContainerHead(b []byte, n int) []byte { return putInt(putID(b, idContainer), int32(n)) }

// rpcError reads an rpc_error.
func rpcError(body []byte) (code int, text string, ok bool) {
	r := reader{b: body}
	r.want(idRPCError)
	code = int(r.int32())
	text = string(r.bytes())
	return code, text, !r.bad
}
