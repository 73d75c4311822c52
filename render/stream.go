package render

import (
	"io"

	"tlsh/tl"
)

// Stream takes the text of a view away while it is made, so that a value of any
// size is shown in little memory, and its making ends when nobody takes it. A
// nil Stream keeps everything. It is for one view after the other.
//
// Its methods append what is left to dst and return it, as the Append functions
// do; what of dst was there before goes the same way, so the caller writes what
// it is given at the end, unless Err says that there is no use.
type Stream struct {
	w   io.Writer
	err error
}

// streamChunk is from how many bytes on text is given away.
const streamChunk = 1 << 16

// NewStream makes a Stream that writes to w. A slice that w failed on is not
// used again, so that w may go on with it after it returned.
func NewStream(w io.Writer) *Stream { return &Stream{w: w} }

// Err is what the writer failed with; the view was not finished then.
func (s *Stream) Err() error { return s.err }

// Reset makes it ready for another view, written to w.
func (s *Stream) Reset(w io.Writer) { *s = Stream{w: w} }

// JSON is AppendJSON.
func (s *Stream) JSON(dst []byte, v tl.Value) []byte {
	e := jsonEncoder{b: dst, out: s}
	e.value(v)
	return e.b
}

// JSONIndent is AppendJSONIndent.
func (s *Stream) JSONIndent(dst []byte, v tl.Value, opt Options) []byte {
	e := jsonEncoder{b: dst, lines: true, out: s}
	if opt.Color {
		e.pal = colors()
	}
	e.value(v)
	return e.b
}

// Source is AppendSource.
func (s *Stream) Source(dst []byte, v tl.Value) []byte {
	e := sourceEncoder{b: dst, limit: -1, pal: &noColors, out: s}
	e.top(v)
	return e.b
}

// SourceLines is AppendSourceLines.
func (s *Stream) SourceLines(dst []byte, v tl.Value, opt Options) []byte {
	e := sourceEncoder{b: dst, limit: -1, pal: opt.palette(), out: s, start: len(dst)}
	if opt.Width > 0 {
		e.width, e.lines = opt.width(), true
	}
	e.top(v)
	return e.b
}

// Tree is AppendTree.
func (s *Stream) Tree(dst []byte, v tl.Value, opt Options) []byte {
	t := newTree(dst, opt)
	t.out = s
	t.label()
	t.value(v, place{}, 0)
	return t.b
}

// Hex is AppendHex.
func (s *Stream) Hex(dst, b []byte) []byte {
	for len(b) > 0 && !s.stopped() {
		n := min(len(b), streamChunk/4)
		dst = s.drain(AppendHex(dst, b[:n]))
		b = b[n:]
	}
	return dst
}

// drain writes b when it is long, and gives the slice to go on in.
func (s *Stream) drain(b []byte) []byte {
	if s == nil || len(b) < streamChunk {
		return b
	}
	return s.give(b)
}

func (s *Stream) give(b []byte) []byte {
	if s.err == nil {
		if _, s.err = s.w.Write(b); s.err == nil {
			return b[:0]
		}
	}
	return nil
}

// stopped reports that nobody takes what is made.
func (s *Stream) stopped() bool { return s != nil && s.err != nil }
