package render

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/gotd/td/tgerr"

	"tlsh/schema/docs"
	"tlsh/tl"
)

// RPCError appends an error that the server gave, for people: code and
// message, what it means and what to do, from schema/docs, with the number in
// the message filled in. An error of which nothing is known is said to be so,
// with what its code means and where the API's own list is.
func RPCError(dst []byte, e *tgerr.Error, opt Options) []byte {
	w := newWriter(dst, &opt)
	w.indent = 2
	w.put(fault, strconv.Itoa(e.Code))
	w.space()
	if e.Message == "" {
		w.put(dim, "(no message)")
	} else {
		w.words(fault, e.Message)
	}
	x, known := docs.Error(e.Message)
	if known {
		w.line(2)
		w.words(plain, x.Meaning)
		if x.Advice != "" {
			w.line(2)
			w.words(fix, x.Advice)
		}
		return w.b
	}
	w.line(2)
	if kind := docs.Code(e.Code); kind != "" {
		w.words(plain, kind)
		w.space()
	}
	w.words(plain, "Nothing more is known here about this error; the API's own list:")
	w.space()
	w.words(plain, docs.ErrorsPage)
	return w.b
}

// ValueError appends an error of the codec, for people: the TL path,
// the message and, for bytes, the offset. Where the schema lacks a constructor
// it says what helps.
func ValueError(dst []byte, e *tl.Error, opt Options) []byte {
	w := newWriter(dst, &opt)
	w.indent = 2
	if e.Path != "" {
		w.words(fault, e.Path+":")
		w.space()
	}
	w.words(plain, e.Msg)
	if e.Offset >= 0 {
		w.space()
		w.words(dim, fmt.Sprintf("(at byte %d)", e.Offset))
	}
	if e.ID != 0 {
		w.line(2)
		w.words(fix, fmt.Sprintf("#%08x is not in the schema that is in use: the peer speaks another layer. Load that layer's TL file with --schema.", e.ID))
	}
	return w.b
}

// Failure appends any error, for people: one of the server or of the
// codec that it wraps is explained as RPCError and ValueError
// do, after the text that wraps it; of any other error the message.
func Failure(dst []byte, err error, opt Options) []byte {
	var rpc *tgerr.Error
	if errors.As(err, &rpc) {
		return RPCError(dst, rpc, opt)
	}
	var value *tl.Error
	if errors.As(err, &value) {
		return ValueError(dst, value, opt)
	}
	w := newWriter(dst, &opt)
	w.indent = 2
	w.words(plain, err.Error())
	return w.b
}
