package sandbox

import (
	"slices"
	"strconv"
	"strings"

	"tlsh/tl"
)

// stickersetWord: stickerset stickerSet(…) [DOCUMENT …], with documents that
// stand above; the emoji of each is in its documentAttributeSticker or
// documentAttributeCustomEmoji.
func stickersetWord(a *arguments) {
	def := a.object("StickerSet")
	s := &stickerSet{def: def}
	for of := a.list("ids of documents"); of.more(); {
		id, n := of.text("the id of a document")
		num, _ := strconv.ParseInt(id, 10, 64)
		d := a.store.documents[num]
		if d == nil && !of.bad {
			a.failAt(n, "there is no document %s above this line", id)
			of.bad = true
		}
		if of.bad {
			return
		}
		s.docs = append(s.docs, d)
	}
	if a.bad {
		return
	}
	if slices.ContainsFunc(a.world.stickers, func(x *stickerSet) bool { return x.id() == s.id() }) {
		a.fail("there is a sticker set %d already", s.id())
		return
	}
	for _, name := range [...]string{"installed_date", "archived"} {
		def.With(name, tl.Value{})
	}
	if vec := a.packsOf(s.docs).Vector(); vec != nil {
		s.packs = vec.Items
	}
	a.world.stickers = append(a.world.stickers, s)
}

// stickersWord: stickers PERSON SHORTNAME DATE [archived]: a set that somebody
// has.
func stickersWord(a *arguments) {
	p := a.person()
	name, n := a.text("the short name of a sticker set")
	date := a.date()
	archived := false
	if a.more() {
		s, n := a.text("archived")
		if archived = s == "archived"; !archived {
			a.failAt(n, "want archived, or nothing")
			return
		}
	}
	if a.bad {
		return
	}
	for _, s := range a.world.stickers {
		if s.def.At("short_name").AsString() == name {
			p.kept.sets = append(p.kept.sets, installed{s, date, archived})
			return
		}
	}
	a.failAt(n, "there is no sticker set %s above this line", strconv.Quote(name))
}

// atHandWord: faved, recentstickers or gifs PERSON [DOCUMENT …], the newest
// first.
func atHandWord(name string) func(*arguments) {
	return func(a *arguments) {
		p := a.person()
		for of := a.list("ids of documents"); of.more(); {
			s, n := of.text("the id of a document")
			id, _ := strconv.ParseInt(s, 10, 64)
			switch {
			case of.bad || a.bad:
			case a.store.documents[id] == nil:
				a.failAt(n, "there is no document %s above this line", s)
				return
			case name == "faved":
				p.kept.faved = append(p.kept.faved, id)
			case name == "gifs":
				p.kept.gifs = append(p.kept.gifs, id)
			default:
				p.kept.recent = append(p.kept.recent, id)
			}
		}
	}
}

func saveStickers(s *saver) {
	for _, set := range s.stickers {
		ids := make([]int64, len(set.docs))
		for i, d := range set.docs {
			ids[i] = d.id
		}
		s.buf = append(s.buf, "stickerset "...)
		s.buf = s.value(s.buf, set.def.Value(), "", false)
		s.line(" %s", idList(ids))
	}
	for _, p := range s.people {
		for _, has := range p.kept.sets {
			mark := ""
			if has.archived {
				mark = " archived"
			}
			s.line("stickers %s %s %s%s", s.ref(p.peer), strconv.Quote(has.set.def.At("short_name").AsString()), s.when(has.date), mark)
		}
		for _, x := range [...]struct {
			word string
			ids  []int64
		}{{"faved", p.kept.faved}, {"recentstickers", p.kept.recent}, {"gifs", p.kept.gifs}} {
			if len(x.ids) > 0 {
				s.line("%s %s %s", x.word, s.ref(p.peer), idList(x.ids))
			}
		}
	}
}

func idList(ids []int64) string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = strconv.FormatInt(id, 10)
	}
	return "[" + strings.Join(words, " ") + "]"
}
