package files

import (
	"context"
	"net/url"
	"path"
	"strconv"
	"strings"
	"unicode"

	"tlsh/mediatype"
	"tlsh/render"
	"tlsh/tl"
)

// Found is a file that something from the server names.
type Found struct {
	Remote
	ID   int64  // of the photo or document; 0 for other files
	Name string // a name for it on this machine: of one folder, and harmless
	MIME string // "" where it is not known

	of *tl.Object // the photo or document
}

// Find gives the file at a location, of the photo or the document that it is of;
// of may be something else where the location is all that is known.
func Find(of, location *tl.Object) *Found {
	f := &Found{Remote: Remote{Location: location, Size: -1}, of: of}
	thumb := location.At("thumb_size").AsString()
	switch {
	case of.Is("document"):
		f.ID, f.DC, f.MIME = of.At("id").AsLong(), int(of.At("dc_id").AsInt()), of.At("mime_type").AsString()
		if thumb == "" {
			f.Size = of.At("size").AsLong()
			f.Name = documentName(of)
			return f
		}
		f.size(of.At("thumbs"), thumb)
	case of.Is("photo"):
		f.ID, f.DC = of.At("id").AsLong(), int(of.At("dc_id").AsInt())
		f.size(of.At("sizes"), thumb)
	case location.Is("inputPeerPhotoFileLocation"):
		f.ID, f.DC = location.At("photo_id").AsLong(), int(of.At("photo").Object().At("dc_id").AsInt())
	case of.Is("webDocument"):
		f.Size, f.MIME = of.At("size").AsLong(), of.At("mime_type").AsString()
		f.Name = webName(of.At("url").AsString(), f.MIME)
		return f
	case location.Is("inputStickerSetThumb"), location.Is("inputDocumentFileLocation"), location.Is("inputSecureFileLocation"), location.Is("inputEncryptedFileLocation"):
		f.ID = location.At("id").AsLong()
		f.DC = int(of.At("thumb_dc_id").AsInt()) + int(of.At("dc_id").AsInt())
		f.Name = "file" + number(f.ID)
		return f
	}
	f.MIME = "image/jpeg"
	f.Name = "photo" + number(f.ID) + ".jpg"
	return f
}

// Smaller is the picture of a photo, or the thumbnail of a document, that has at
// least so many points across, else the largest; nil where there is none.
func (f *Found) Smaller(across int) *Found {
	sizes := f.of.At("sizes").Vector()
	if f.of.Is("document") {
		sizes = f.of.At("thumbs").Vector()
		if strings.HasPrefix(f.MIME, "image/") && f.Size <= 1<<20 {
			return nil // the file itself is as good
		}
	}
	if sizes == nil {
		return nil
	}
	var best *tl.Object
	for _, it := range sizes.Items {
		o := it.Object()
		if !o.Is("photoSize") && !o.Is("photoSizeProgressive") {
			continue
		}
		w, has := int(o.At("w").AsInt()), int(best.At("w").AsInt())
		if best == nil || has < across && w > has || w >= across && w < has {
			best = o
		}
	}
	if best == nil {
		return nil
	}
	s := *f
	s.Location = f.Location.Clone().With("thumb_size", best.At("type"))
	s.Size, s.MIME = -1, "image/jpeg"
	s.size(tl.VectorOf(nil, best.Value()), best.At("type").AsString())
	if again := f.Refresh; again != nil {
		s.Refresh = func(ctx context.Context) (*tl.Object, error) {
			location, err := again(ctx)
			if err != nil {
				return nil, err
			}
			return location.With("thumb_size", best.At("type")), nil
		}
	}
	return &s
}

// webName is a name for a file of the web: what stands last in its address.
func webName(address, mime string) string {
	if u, err := url.Parse(address); err == nil {
		if name := SafeName(u.Path); name != "" {
			return name
		}
	}
	return "file" + mediatype.Extension(mime)
}

// Stripped is the tiny picture that a photo or a document carries in itself
// (https://core.telegram.org/api/files#stripped-thumbnails), nil where it has none.
func (f *Found) Stripped() []byte {
	for _, list := range [...]string{"sizes", "thumbs"} {
		vec := f.of.At(list).Vector()
		if vec == nil {
			continue
		}
		for _, it := range vec.Items {
			if o := it.Object(); o.Is("photoStrippedSize") {
				return o.At("bytes").AsBytes()
			}
		}
	}
	return nil
}

func number(id int64) string {
	if id == 0 {
		return ""
	}
	return "_" + strconv.FormatInt(id, 10)
}

// size is how many bytes one of the sizes of a photo has.
func (f *Found) size(sizes tl.Value, kind string) {
	vec := sizes.Vector()
	if vec == nil {
		return
	}
	for _, it := range vec.Items {
		o := it.Object()
		if o.At("type").AsString() != kind {
			continue
		}
		if n := o.At("size"); !n.IsNone() {
			f.Size = n.AsLong()
		} else if all := o.At("sizes").Vector(); all != nil && len(all.Items) > 0 {
			f.Size = all.Items[len(all.Items)-1].AsLong() // photoSizeProgressive: the last is all of it
		} else if b := o.At("bytes"); o.Is("photoCachedSize") {
			f.Size = int64(len(b.AsBytes()))
		}
	}
}

// documentName is the name that the sender gave a document, else one made of its
// kind and id.
func documentName(doc *tl.Object) string {
	kind, ext := "document", mediatype.Extension(doc.At("mime_type").AsString())
	if vec := doc.At("attributes").Vector(); vec != nil {
		for _, it := range vec.Items {
			switch o := it.Object(); o.Def().Name {
			case "documentAttributeFilename":
				if name := SafeName(o.At("file_name").AsString()); name != "" {
					return name
				}
			case "documentAttributeVideo":
				kind = "video"
			case "documentAttributeAudio":
				kind = "audio"
				if o.At("voice").AsBool() {
					kind = "voice"
				}
			case "documentAttributeSticker", "documentAttributeCustomEmoji":
				kind = "sticker"
			}
		}
	}
	return kind + number(doc.At("id").AsLong()) + ext
}

// longest is how many bytes of a name file systems take, with room for what is
// put behind it while the file comes.
const longest = 200

// SafeName makes a file name of a text that anybody may have chosen: no folder,
// nothing hidden, nothing that acts on a terminal or looks like an option. "" is
// what nothing is left of.
func SafeName(s string) string {
	s = s[strings.LastIndexAny(s, `/\`)+1:]
	s = strings.Map(func(r rune) rune {
		if r == unicode.ReplacementChar || !unicode.IsPrint(r) || strings.ContainsRune(`:*?"<>|`, r) || render.Escape(string(r)) != string(r) {
			return '_'
		}
		return r
	}, s)
	s = strings.Trim(s, " ")
	s = strings.TrimRight(strings.TrimLeft(s, ". "), ". ")
	if strings.HasPrefix(s, "-") {
		s = "_" + s[1:]
	}
	if len(s) > longest {
		ext := path.Ext(s)
		if len(ext) > 20 {
			ext = ""
		}
		s = strings.ToValidUTF8(s[:longest-len(ext)], "") + ext
	}
	return s
}
