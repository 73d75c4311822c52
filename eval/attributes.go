package eval

import (
	"math"
	"path/filepath"

	"tlsh/bind"
	"tlsh/mediainfo"
	"tlsh/schema"
	"tlsh/tl"
)

// describe keeps what an uploaded file says of itself, for when its InputFile
// becomes a document.
func (s *Shell) describe(input *tl.Object, i mediainfo.Info) {
	if s.uploads == nil {
		s.uploads = map[int64]mediainfo.Info{}
	}
	s.uploads[input.At("id").AsLong()] = i
}

// attributes are those of a document (https://core.telegram.org/type/DocumentAttribute):
// its name, and what its file says of itself. Clients show a document as a video,
// as sound, as an animation or as a sticker by them.
func (r *run) attributes(h *bind.Hole) (tl.Value, error) {
	var name string
	var i mediainfo.Info
	if input := h.Value.Object(); input != nil {
		name, i = input.At("name").AsString(), r.uploads[input.At("id").AsLong()]
	} else {
		f, err := localFile(h.Text)
		if err != nil {
			return tl.Value{}, err
		}
		defer f.Close()
		name, i = filepath.Base(h.Text), mediainfo.Read(f, f.info.Size())
	}
	a := attributes{r: r}
	switch {
	case h.For != nil:
		a.size(i)
		a.sticker(h.For)
	case i.Moving && i.Picture:
		a.size(i)
		a.add("documentAttributeAnimated")
	case i.Moving:
		a.add("documentAttributeVideo", "supports_streaming", set(i.Streams), "duration", tl.Double(i.Duration.Seconds()),
			"w", tl.Int(int32(i.Width)), "h", tl.Int(int32(i.Height)))
	case i.Sound:
		a.add("documentAttributeAudio", "voice", set(i.Voice), "duration", tl.Int(int32(i.Duration.Round(1e9).Seconds())),
			"title", some(i.Title), "performer", some(i.Performer))
	default:
		a.size(i)
	}
	a.add("documentAttributeFilename", "file_name", tl.String(name))
	return tl.VectorOf(h.Want.Elem, a.items...), nil
}

// attributes are being gathered.
type attributes struct {
	r     *run
	items []tl.Value
}

// add adds the attribute called so, with fields by name and value; a layer that
// has it not goes without.
func (a *attributes) add(name string, fields ...any) {
	def := a.r.cfg.Schema.Constructor(name)
	if def == nil {
		return
	}
	o := tl.New(def)
	for i := 0; i < len(fields); i += 2 {
		name, v := fields[i].(string), fields[i+1].(tl.Value)
		if p := def.Param(name); p != nil && p.Type.Kind == schema.KindInt && v.Kind() == tl.KindDouble {
			v = tl.Int(int32(math.Round(v.AsDouble()))) // whole seconds, in earlier layers
		}
		o.With(name, v)
	}
	a.items = append(a.items, o.Value())
}

func (a *attributes) size(i mediainfo.Info) {
	if i.Width > 0 && i.Height > 0 {
		a.add("documentAttributeImageSize", "w", tl.Int(int32(i.Width)), "h", tl.Int(int32(i.Height)))
	}
}

// sticker says that a document goes into a set of stickers, with its emoji.
func (a *attributes) sticker(item *tl.Object) {
	none := a.r.cfg.Schema.Constructor("inputStickerSetEmpty")
	if none == nil {
		return
	}
	a.add("documentAttributeSticker", "alt", tl.String(item.At("emoji").AsString()), "stickerset", tl.New(none).Value())
}

// set is a flag that is set, or nothing.
func set(is bool) tl.Value {
	if !is {
		return tl.Value{}
	}
	return tl.Bool(true)
}

// some is a text, or nothing.
func some(s string) tl.Value {
	if s == "" {
		return tl.Value{}
	}
	return tl.String(s)
}
