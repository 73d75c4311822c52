package bind

import (
	"path/filepath"
	"strings"

	"tlsh/mediatype"
	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// Uploads reports that file:PATH may stand where a t is wanted, and is uploaded.
func Uploads(t *schema.Type) bool {
	if t == nil || t.Kind != schema.KindBoxed {
		return false
	}
	switch t.Name {
	case "InputFile", "InputMedia", "InputChatPhoto", "InputPhoto", "InputDocument":
		return true
	}
	return false
}

// upload binds a file of this machine where something is wanted that it becomes
// once it was uploaded. done is false where that is nothing.
func (c *checker) upload(n syntax.Node, path string, t *schema.Type, at place) (v tl.Value, done bool) {
	if !Uploads(t) || path == "" {
		return tl.Value{}, false
	}
	hole := func(at place) (tl.Value, bool) {
		c.hole(&Hole{Kind: HoleUpload, Want: c.schema.TypeOf("InputFile"), Node: n, Text: path}, at)
		return tl.Value{}, true
	}
	c.role(n, RoleString)
	if t.Name == "InputFile" {
		return hole(at)
	}
	v, ok := c.fromFile(filepath.Base(path), t)
	if !ok {
		return tl.Value{}, false
	}
	c.attributes(&Hole{Node: n, Text: path}, v.Object(), at)
	hole(place{of: v.Object(), param: fileParam(v.Object(), path)})
	return c.stored(n, v, t, at), true
}

// ofInputFile makes a t of an uploaded file.
func (c *checker) ofInputFile(n syntax.Node, file *tl.Object, t *schema.Type, at place) (tl.Value, bool) {
	if !Uploads(t) {
		return tl.Value{}, false
	}
	name := file.At("name").AsString()
	v, ok := c.fromFile(name, t)
	if !ok {
		return tl.Value{}, false
	}
	v.Object().Set(fileParam(v.Object(), name), file.Value())
	c.attributes(&Hole{Node: n, Value: file.Value()}, v.Object(), at)
	return c.stored(n, v, t, at), true
}

// fileParam is the parameter of what is made of a file that the file itself
// goes to: a room's photo may be a video.
func fileParam(o *tl.Object, name string) int {
	if strings.EqualFold(filepath.Ext(name), ".mp4") && o.Is("inputChatUploadedPhoto") {
		return o.Def().Index("video")
	}
	return o.Def().Index("file")
}

// fromFile makes what an uploaded file of that name is sent as, without the file
// itself: a picture as a photo, anything else as a document. Telethon decides by
// the name too.
func (c *checker) fromFile(name string, t *schema.Type) (tl.Value, bool) {
	kind := strings.ToLower(filepath.Ext(name))
	picture := kind == ".jpg" || kind == ".jpeg" || kind == ".png"
	switch {
	case t.Name == "InputChatPhoto":
		return c.make("inputChatUploadedPhoto")
	case t.Name == "InputPhoto", t.Name == "InputMedia" && picture:
		return c.make("inputMediaUploadedPhoto")
	}
	return c.make("inputMediaUploadedDocument", "mime_type", tl.String(mediatype.Of(name)))
}

// attributes leaves the attributes of a document open: its file tells them. at is
// where the document is wanted.
func (c *checker) attributes(h *Hole, media *tl.Object, at place) {
	i := media.Def().Index("attributes")
	if i < 0 {
		return
	}
	h.Kind, h.Want = HoleAttributes, media.Def().Params[i].Type
	if at.of.Is("inputStickerSetItem") {
		h.For = at.of
	}
	c.hole(h, place{of: media, param: i})
}

// stored makes a hole of an InputMedia whose file the server must have made a
// photo or a document of first: what names one of those, and an album, whose
// media cannot be uploaded by itself
// (https://core.telegram.org/method/messages.sendMultiMedia).
func (c *checker) stored(n syntax.Node, media tl.Value, t *schema.Type, at place) tl.Value {
	switch {
	case t.Name == "InputPhoto", t.Name == "InputDocument", t.Name == "InputMedia" && at.of.Is("inputSingleMedia"):
		c.hole(&Hole{Kind: HoleStored, Want: t, Node: n, Value: media}, at)
		return tl.Value{}
	}
	return media
}

// ToldByFile reports a parameter that may be left out where a file is given, for the
// file says it: the MIME type, the name and the attributes of what is uploaded.
func ToldByFile(def *schema.Combinator, i int) bool {
	p, file := &def.Params[i], def.Param("file")
	if p.Optional() || file == nil || file.Type.Name != "InputFile" {
		return false
	}
	switch p.Name {
	case "mime_type", "file_name":
		return p.Type.Kind == schema.KindString
	case "attributes":
		return p.Type.Kind == schema.KindVector && p.Type.Elem.Name == "DocumentAttribute"
	}
	return false
}

// tell fills a parameter with what the file of the call says; false where that is
// one without a name. Where there is none, that is missing and nothing else.
func (b *binding) tell(i int) bool {
	at := b.def.Index("file")
	if !b.given[at] {
		return true
	}
	told := &Hole{Value: b.o.At("file")}
	name := told.Value.Object().At("name").AsString()
	for _, h := range b.info.Holes {
		if h.Of == b.o && h.Param == at {
			if h.Kind == HoleLater {
				return true // so is what it says
			}
			told, name = &Hole{Node: h.Node, Text: h.Text}, filepath.Base(h.Text)
		}
	}
	mime := mediatype.Of(name)
	switch p := &b.def.Params[i]; {
	case name == "", p.Name == "mime_type" && mime == mediatype.Unknown && b.def.Method:
		return false // a ringtone or a theme of an unknown kind is refused; a document may be anything
	case p.Name == "attributes":
		b.attributes(told, b.o, place{})
	case p.Name == "mime_type":
		b.o.Set(i, tl.String(mime))
	default:
		b.o.Set(i, tl.String(name))
	}
	return true
}
