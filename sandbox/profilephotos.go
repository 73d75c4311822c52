package sandbox

import (
	"slices"
	"strconv"

	"tlsh/tl"
)

// photosArea is the photos that people show of themselves
// (https://core.telegram.org/api/files, https://core.telegram.org/api/contacts#personal-photos).
func photosArea() area {
	return area{
		methods: map[string]method{
			"photos.deletePhotos":  {handle: photosDeletePhotos},
			"photos.getUserPhotos": {handle: photosGetUserPhotos, errors: "MAX_ID_INVALID"},
			"photos.updateProfilePhoto": {handle: photosUpdateProfilePhoto, heeds: "fallback bot",
				errors: "BOT_FALLBACK_UNSUPPORTED BOT_INVALID PHOTO_ID_INVALID"},
			"photos.uploadContactProfilePhoto": {handle: photosUploadContactProfilePhoto, heeds: "suggest save file",
				errors: "CONTACT_MISSING PHOTO_CROP_SIZE_SMALL PHOTO_FILE_MISSING"},
			"photos.uploadProfilePhoto": {handle: photosUploadProfilePhoto, heeds: "fallback bot file",
				errors: "BOT_FALLBACK_UNSUPPORTED BOT_INVALID PHOTO_CROP_SIZE_SMALL PHOTO_FILE_MISSING"},
		},
		words: map[string]func(*arguments){"photos": photosWord, "fallbackphoto": fallbackPhotoWord, "contactphoto": contactPhotoWord},
		save: func(s *saver) {
			for _, p := range s.people {
				if len(p.photos.list) > 0 {
					s.line("photos %s %s", s.ref(p.peer), idList(pictureIDs(p.photos.list)))
				}
				if p.photos.fallback != nil {
					s.line("fallbackphoto %s %d", s.ref(p.peer), p.photos.fallback.id)
				}
				for _, q := range s.people {
					if k := p.contacts[q.id]; k != nil && k.photo != nil {
						s.line("contactphoto %s %s %d", s.ref(p.peer), s.ref(q.peer), k.photo.id)
					}
				}
			}
		},
	}
}

// profilePhotos are the photos of somebody: the present one first.
type profilePhotos struct {
	list     []*picture
	fallback *picture // for those to whom the rules show none; nil: none
}

// minPortrait is the shortest side of a profile photo, in pixels.
const minPortrait = 160

func pictureIDs(list []*picture) []int64 {
	ids := make([]int64, len(list))
	for i, p := range list {
		ids[i] = p.id
	}
	return ids
}

// pictureOf reads the id of a portrait that stands above.
func (a *arguments) pictureOf() *picture {
	s, n := a.text("the id of a portrait")
	if a.bad {
		return nil
	}
	id, _ := strconv.ParseInt(s, 10, 64)
	p := a.store.photos[id]
	if p == nil || !p.square {
		a.failAt(n, "there is no portrait %s above this line", s)
		a.bad = true
		return nil
	}
	return p
}

// photosWord: photos PERSON [ID …], the present one first.
func photosWord(a *arguments) {
	p := a.person()
	for of := a.list("ids of portraits"); of.more(); {
		if pic := of.pictureOf(); !of.bad && !a.bad {
			p.photos.list = append(p.photos.list, pic)
		}
	}
}

func fallbackPhotoWord(a *arguments) {
	p, pic := a.person(), a.pictureOf()
	if !a.bad {
		p.photos.fallback = pic
	}
}

// contactPhotoWord: contactphoto PERSON PERSON ID, what somebody sees of a contact
// in place of their own photo.
func contactPhotoWord(a *arguments) {
	k := a.contactOf()
	if pic := a.pictureOf(); !a.bad {
		k.photo = pic
	}
}

// portrait is the photo that the viewer is shown of somebody, and whether it is
// the one that they have chosen for a contact; nil: none.
func (v viewer) portrait(p *person) (pic *picture, personal bool) {
	if k := v.me.contacts[p.id]; k != nil && k.photo != nil {
		return k.photo, true
	}
	switch {
	case p.blocks(v.me):
		return nil, false
	case v.seesPhotos(p) && len(p.photos.list) > 0:
		return p.photos.list[0], false
	}
	return p.photos.fallback, false
}

// seesPhotos reports whether somebody shows the viewer their photos.
func (v viewer) seesPhotos(p *person) bool {
	return !p.blocks(v.me) && v.allows(p, "ProfilePhoto", v.me)
}

// showPhoto puts the photo of somebody into their user.
func (v viewer) showPhoto(o *tl.Object, p *person) {
	if pic, personal := v.portrait(p); pic != nil {
		photo := v.new("userProfilePhoto").With("photo_id", tl.Long(pic.id)).With("dc_id", v.fileDC(pic.dc))
		setFlag(photo, "personal", personal)
		o.With("photo", photo.Value())
	}
}

// fullPhotos puts whole photos into a userFull.
func (v viewer) fullPhotos(full *tl.Object, p *person) {
	if k := v.me.contacts[p.id]; k != nil && k.photo != nil {
		full.With("personal_photo", v.photoOf(k.photo))
	}
	if v.seesPhotos(p) && len(p.photos.list) > 0 {
		full.With("profile_photo", v.photoOf(p.photos.list[0]))
	}
	if p.photos.fallback != nil && (p == v.me || !p.blocks(v.me) && !v.seesPhotos(p)) {
		full.With("fallback_photo", v.photoOf(p.photos.fallback))
	}
}

// acquainted are the people who have somebody among their contacts or dialogs:
// they are told what becomes of them. The person comes first.
func (w *world) acquainted(p *person) []*person {
	list := []*person{p}
	for _, q := range w.people {
		if q != p && (q.contacts[p.id] != nil || q.dialogs[p.peer] != nil) {
			list = append(list, q)
		}
	}
	return list
}

// tellChanged lets everybody who knows somebody read them anew.
func (c *call) tellChanged(p *person) {
	for _, q := range c.acquainted(p) {
		c.push(q, func(v viewer) []tl.Value { return []tl.Value{v.userChanged(p)} })
	}
}

// photographed is whose photo a request is about: the caller's own, or that of a
// bot of theirs. Errors: BOT_FALLBACK_UNSUPPORTED, BOT_INVALID.
func (c *call) photographed() (*person, error) {
	p := c.me
	if in := c.req.At("bot"); !in.IsNone() {
		var err error
		if p, err = c.ownBot(in); err != nil {
			return nil, err
		}
	}
	if c.req.At("fallback").AsBool() && p.def.At("bot").AsBool() {
		return nil, bad("BOT_FALLBACK_UNSUPPORTED")
	}
	return p, nil
}

// newPortrait stores the file of the request. Errors: PHOTO_FILE_MISSING,
// PHOTO_CROP_SIZE_SMALL, those of newPicture.
func (c *call) newPortrait() (*picture, error) {
	in := c.req.At("file")
	if in.IsNone() {
		return nil, bad("PHOTO_FILE_MISSING")
	}
	f, err := c.uploaded(in)
	if err != nil {
		return nil, err
	}
	if cfg, err := checkPhoto(f.data); err == nil && min(cfg.Width, cfg.Height) < minPortrait {
		return nil, bad("PHOTO_CROP_SIZE_SMALL")
	}
	return c.newPicture(f, true)
}

// portrayed makes a picture the present photo of somebody, or their fallback,
// and answers with it. It is nil where the last one has gone.
func (c *call) portrayed(p *person, pic *picture) (tl.Value, error) {
	c.tellChanged(p)
	photo := c.new("photoEmpty").With("id", tl.Long(0)).Value()
	if pic != nil {
		photo = c.photoOf(pic)
	}
	return c.complete(c.new("photos.photo").With("photo", photo), p.peer).Value(), nil
}

// photosUploadProfilePhoto follows
// https://core.telegram.org/method/photos.uploadProfilePhoto.
func photosUploadProfilePhoto(c *call) (tl.Value, error) {
	p, err := c.photographed()
	if err != nil {
		return tl.Value{}, err
	}
	pic, err := c.newPortrait()
	if err != nil {
		return tl.Value{}, err
	}
	if c.req.At("fallback").AsBool() {
		p.photos.fallback = pic
	} else {
		p.photos.list = slices.Insert(p.photos.list, 0, pic)
	}
	return c.portrayed(p, pic)
}

// photosUpdateProfilePhoto follows
// https://core.telegram.org/method/photos.updateProfilePhoto: a photo that is
// there already becomes the present one, under an id of its own, so that ids fall
// from the present one on. An empty one takes the present one away.
func photosUpdateProfilePhoto(c *call) (tl.Value, error) {
	p, err := c.photographed()
	if err != nil {
		return tl.Value{}, err
	}
	fallback := c.req.At("fallback").AsBool()
	if c.req.At("id").Object().Is("inputPhotoEmpty") {
		switch {
		case fallback:
			p.photos.fallback = nil
			return c.portrayed(p, nil)
		case len(p.photos.list) == 0:
			return c.portrayed(p, nil)
		}
		p.photos.list = slices.Delete(p.photos.list, 0, 1)
		var next *picture
		if len(p.photos.list) > 0 {
			next = p.photos.list[0]
		}
		return c.portrayed(p, next)
	}
	old, err := c.photoBy(c.req.At("id"))
	if err == nil && old == nil {
		err = bad("PHOTO_ID_INVALID")
	}
	if err != nil {
		return tl.Value{}, err
	}
	pic, err := c.newPicture(blob{data: old.source.bytes()}, true)
	switch {
	case err != nil:
		return tl.Value{}, err
	case fallback:
		p.photos.fallback = pic
	default:
		p.photos.list = slices.DeleteFunc(p.photos.list, func(x *picture) bool { return x == old })
		p.photos.list = slices.Insert(p.photos.list, 0, pic)
	}
	return c.portrayed(p, pic)
}

// photosDeletePhotos follows https://core.telegram.org/method/photos.deletePhotos:
// the ids of those that were there are the answer.
func photosDeletePhotos(c *call) (tl.Value, error) {
	var gone []int64
	mine := &c.me.photos
	for _, v := range c.req.At("id").Vector().Items {
		pic, err := c.photoBy(v)
		switch {
		case err != nil:
			return tl.Value{}, err
		case pic == nil:
		case mine.fallback == pic:
			mine.fallback = nil
			gone = append(gone, pic.id)
		case slices.Contains(mine.list, pic):
			mine.list = slices.DeleteFunc(mine.list, func(x *picture) bool { return x == pic })
			gone = append(gone, pic.id)
		}
	}
	if len(gone) > 0 {
		c.tellChanged(c.me)
	}
	return c.longs(gone...), nil
}

// photosGetUserPhotos follows
// https://core.telegram.org/method/photos.getUserPhotos: the present one first.
// max_id begins below an id, and offset counts from there, -1 for that photo
// itself.
func photosGetUserPhotos(c *call) (tl.Value, error) {
	p, err := c.userBy(c.req.At("user_id"))
	if err != nil {
		return tl.Value{}, err
	}
	from := c.req.At("max_id").AsLong()
	if from < 0 {
		return tl.Value{}, bad("MAX_ID_INVALID")
	}
	var list []*picture
	if c.seesPhotos(p) {
		list = p.photos.list
	} else if pic := p.photos.fallback; pic != nil && !p.blocks(c.me) {
		list = []*picture{pic}
	}
	first := int(c.req.At("offset").AsInt())
	if from > 0 {
		below := slices.IndexFunc(list, func(x *picture) bool { return x.id < from })
		if below < 0 {
			below = len(list)
		}
		first += below
	}
	page := cutPage(list, first, c.limit())
	items := make([]tl.Value, len(page))
	for i, pic := range page {
		items[i] = c.photoOf(pic)
	}
	o := c.new("photos.photos")
	if len(page) < len(list) {
		o = c.new("photos.photosSlice").With("count", tl.Int(int32(len(list))))
	}
	return c.complete(o.With("photos", c.vector("Photo", items)), p.peer).Value(), nil
}

// photosUploadContactProfilePhoto follows
// https://core.telegram.org/method/photos.uploadContactProfilePhoto: a photo for a
// contact that only the caller sees, none again (save, without a file), or one
// that is suggested to them in a message.
func photosUploadContactProfilePhoto(c *call) (tl.Value, error) {
	p, err := c.userBy(c.req.At("user_id"))
	if err != nil {
		return tl.Value{}, err
	}
	k := c.me.contacts[p.id]
	if k == nil {
		return tl.Value{}, bad("CONTACT_MISSING")
	}
	suggest := c.req.At("suggest").AsBool()
	if suggest {
		if err := c.writable(p.peer); err != nil {
			return tl.Value{}, err
		}
	}
	var pic *picture
	if suggest || !c.req.At("save").AsBool() || !c.req.At("file").IsNone() {
		if pic, err = c.newPortrait(); err != nil {
			return tl.Value{}, err
		}
	}
	photo := c.new("photoEmpty").With("id", tl.Long(0)).Value()
	if pic != nil {
		photo = c.photoOf(pic)
	}
	if suggest {
		action := c.new("messageActionSuggestProfilePhoto").With("photo", c.photoRef(pic))
		c.aside().post(&letter{base: c.new("messageService").With("action", action.Value()), author: c.me, to: p.peer, date: c.now})
	} else {
		k.photo = pic
		c.own(c.userChanged(p).Object())
	}
	return c.complete(c.new("photos.photo").With("photo", photo), p.peer).Value(), nil
}
