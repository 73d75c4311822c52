package sandbox

import (
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tlsh/syntax"
)

// maxPainted bounds the sides of what a fixture has painted, in pixels.
const maxPainted = 2560

// fileID reads the id of a new photo or document.
func (a *arguments) fileID() int64 {
	s, n := a.text("an id")
	id, err := strconv.ParseInt(s, 10, 64)
	switch {
	case a.bad:
	case err != nil || id <= 0:
		a.failAt(n, "want the id of a file, a whole number above 0")
		a.bad = true
	case a.store.photos[id] != nil || a.store.documents[id] != nil:
		a.failAt(n, "there is a file %d already", id)
		a.bad = true
	}
	return id
}

// source reads the bytes of a file: base64:…, hex:…, a text in quotes, or
// paint SEED WIDTH HEIGHT for a picture that is made out of a number.
func (a *arguments) source() (src source) {
	s, n := a.text(`base64:…, hex:…, a "text" or paint SEED WIDTH HEIGHT`)
	if a.bad {
		return src
	}
	_, quoted := n.(*syntax.String)
	tag, rest, _ := strings.Cut(s, ":")
	var err error
	switch {
	case quoted:
		src.data = []byte(s)
	case s == "paint":
		src.seed, src.w, src.h = int64(a.number("a seed")), int(a.number("a width")), int(a.number("a height"))
		if !a.bad && (src.w < 1 || src.h < 1 || src.w > maxPainted || src.h > maxPainted) {
			a.fail("a picture is painted in 1 to %d pixels each way", maxPainted)
			a.bad = true
		}
	case tag == "base64":
		data := strings.NewReplacer("-", "+", "_", "/", "=", "").Replace(rest)
		src.data, err = base64.RawStdEncoding.DecodeString(data)
	case tag == "hex":
		src.data, err = hex.DecodeString(rest)
	default:
		a.failAt(n, "want base64:…, hex:…, a \"text\" or paint SEED WIDTH HEIGHT")
		a.bad = true
	}
	if err != nil {
		a.failAt(n, "these are no bytes in %s", tag)
		a.bad = true
	}
	return src
}

func (w *world) stored(id int64) { w.store.last = max(w.store.last, id) }

// pictureWord reads `picture` and `portrait`.
func pictureWord(a *arguments) {
	p := &picture{square: a.word == "portrait"}
	p.id, p.date, p.source = a.fileID(), a.date(), a.source()
	if a.bad {
		return
	}
	if p.source.w == 0 {
		if err := p.make(); err != nil {
			a.fail("this is no picture in JPEG, PNG or GIF that can be a photo")
			return
		}
	}
	a.store.photos[p.id] = p
	a.stored(p.id)
}

func documentWord(a *arguments) {
	d := &document{id: a.fileID(), date: a.date()}
	d.mime, _ = a.text("a MIME type")
	for of := a.list("attributes"); of.more(); {
		o := of.object("DocumentAttribute")
		if of.bad || a.bad {
			return
		}
		d.attributes = append(d.attributes, o.Value())
	}
	d.source = a.source()
	if a.more() {
		d.thumb = a.source()
	}
	if a.bad {
		return
	}
	if d.thumb.w == 0 && d.make() != nil {
		a.fail("the thumb is no picture in JPEG, PNG or GIF")
		return
	}
	a.store.documents[d.id] = d
	a.stored(d.id)
}

// files writes what the words picture, portrait and document read.
func (s *saver) files() {
	ids := make([]int64, 0, len(s.store.photos)+len(s.store.documents))
	for id := range s.store.photos {
		ids = append(ids, id)
	}
	for id := range s.store.documents {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		if p := s.store.photos[id]; p != nil {
			word := "picture"
			if p.square {
				word = "portrait"
			}
			s.line("%s %d %s %s", word, id, s.when(p.date), s.source(p.source))
			s.keptIn(id, p.dc)
			continue
		}
		d := s.store.documents[id]
		thumb := ""
		if !d.thumb.none() {
			thumb = " " + s.source(d.thumb)
		}
		s.line("document %d %s %s %s %s%s", id, s.when(d.date), syntax.Quote(d.mime),
			s.text(s.vector("DocumentAttribute", d.attributes)), s.source(d.source), thumb)
		s.keptIn(id, d.dc)
	}
}

func (s *saver) keptIn(id int64, dc int) {
	if dc != 0 {
		s.line("stored %d %d", id, dc)
	}
}

func (s *saver) source(src source) string {
	if src.w > 0 {
		return "paint " + strconv.FormatInt(src.seed, 10) + " " + strconv.Itoa(src.w) + " " + strconv.Itoa(src.h)
	}
	if utf8.Valid(src.data) {
		return syntax.Quote(string(src.data))
	}
	return "base64:" + base64.RawURLEncoding.EncodeToString(src.data)
}
