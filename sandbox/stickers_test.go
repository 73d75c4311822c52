package sandbox

import (
	"strings"
	"testing"
)

// embeddedStickers is two sets of stickers and one of masks, and a GIF.
const embeddedStickers = `
document 501 2026-02-01 "image/webp" [documentAttributeSticker(alt="😀" stickerset=inputStickerSetEmpty)] "a"
document 502 2026-02-01 "image/webp" [documentAttributeSticker(alt="⚓" stickerset=inputStickerSetEmpty)] "b"
document 503 2026-02-01 "image/webp" [documentAttributeSticker(alt="😀" stickerset=inputStickerSetEmpty)] "c"
document 504 2026-02-01 "image/webp" [documentAttributeSticker(mask=true alt="😎" stickerset=inputStickerSetEmpty)] "d"
document 505 2026-02-01 "video/mp4" [documentAttributeAnimated documentAttributeVideo(duration=double:3ff0000000000000 w=10 h=10)] "e"
stickerset stickerSet(id=71 access_hash=0 title="Harbour life" short_name=harbour count=0 hash=0) [501 502]
stickerset stickerSet(id=72 access_hash=0 title="Hats" short_name=hats count=0 hash=0) [503]
stickerset stickerSet(masks=true id=73 access_hash=0 title="Masks" short_name=masks count=0 hash=0) [504]
stickers @sam harbour 2026-02-02
faved @sam [502]
recentstickers @sam [501]
gifs @sam [505]
`

func TestStickerSets(t *testing.T) {
	l := newLab(t, Config{World: village + embeddedStickers})
	sam, other := l.as("@sam"), l.as("@sam")
	set := sam.do("messages.getStickerSet stickerset=inputStickerSetShortName(harbour) hash=0")
	want(t, set, ".set.count", "2", ".packs[1].emoticon", `"⚓"`, ".packs[1].documents", "[502]", ".documents[0].id", "501")
	byID := "inputStickerSetID(72 " + show(at(t, sam.do("messages.getStickerSet stickerset=inputStickerSetShortName(Hats) hash=0"), ".set.access_hash")) + ")"
	want(t, sam.do("messages.getStickerSet stickerset=inputStickerSetShortName(harbour) hash="+show(at(t, set, ".set.hash"))), "", "messages.stickerSetNotModified()")
	sam.fails("messages.getStickerSet stickerset=inputStickerSetShortName(none) hash=0", "406 STICKERSET_INVALID")
	sam.fails("messages.getStickerSet stickerset=inputStickerSetID(72 1) hash=0", "406 STICKERSET_INVALID")

	sam.do("messages.installStickerSet stickerset=" + byID + " archived=false")
	want(t, other.next(), ".updates[0].stickerset.set.id", "72")
	all := sam.do("messages.getAllStickers hash=0")
	want(t, all, ".sets[0].id", "72", ".sets[1].id", "71")
	want(t, sam.do("messages.getAllStickers hash="+show(at(t, all, ".hash"))), "", "messages.allStickersNotModified()")
	want(t, sam.do(`messages.getStickers emoticon="😀" hash=0`), ".stickers[0].id", "503", ".stickers[1].id", "501")
	found := sam.do(`messages.getStickers emoticon="⚓" hash=0`)
	want(t, sam.do(`messages.getStickers emoticon="⚓" hash=`+show(at(t, found, ".hash"))), "", "messages.stickersNotModified()")
	sam.fails(`messages.getStickers emoticon="" hash=0`, "400 EMOTICON_EMPTY")
	sam.do("messages.reorderStickerSets order=[71 72]")
	want(t, other.next(), ".updates[0].order", "[71 72]")
	want(t, l.reborn().as("@sam").do("messages.getAllStickers hash=0"), ".sets[0].id", "71", ".sets[1].id", "72")

	sam.do("messages.installStickerSet stickerset=" + byID + " archived=true")
	want(t, other.next(), ".updates[0]", "updateStickerSets()")
	want(t, sam.do("messages.getArchivedStickers offset_id=0 limit=5"), ".count", "1", ".sets[0].set.archived", "true", ".sets[0].cover.id", "503")
	want(t, sam.do("messages.getArchivedStickers offset_id=72 limit=5"), ".sets", "[]")
	sam.do("messages.uninstallStickerSet stickerset=" + byID)
	want(t, sam.do("messages.getArchivedStickers offset_id=0 limit=5"), ".count", "0")
	sam.fails("messages.installStickerSet stickerset=inputStickerSetEmpty archived=false", "406 STICKERSET_INVALID")
	sam.fails("messages.uninstallStickerSet stickerset=inputStickerSetEmpty", "406 STICKERSET_INVALID")
	other.next()

	sam.do("messages.installStickerSet stickerset=inputStickerSetShortName(masks) archived=false")
	want(t, sam.do("messages.getMaskStickers hash=0"), ".sets[0].id", "73", ".sets[0].masks", "true")
	want(t, sam.do("messages.getEmojiStickers hash=0"), ".sets", "[]")
	want(t, sam.do("messages.getFeaturedStickers hash=0"), ".count", "0")
	search := sam.do("messages.searchStickerSets q=ha hash=0")
	want(t, search, ".sets[0].set.id", "71", ".sets[1].set.id", "72")
	want(t, sam.do("messages.searchStickerSets q=ha hash="+show(at(t, search, ".hash"))), "", "messages.foundStickerSetsNotModified()")
}

func TestStickersAtHand(t *testing.T) {
	l := newLab(t, Config{World: village + embeddedStickers})
	sam, other := l.as("@sam"), l.as("@sam")
	set := sam.do("messages.getStickerSet stickerset=inputStickerSetShortName(harbour) hash=0")
	smile := again(at(t, set, ".documents[0]").Object())
	gif := again(at(t, sam.do("messages.getSavedGifs hash=0"), ".gifs[0]").Object())
	sam.do("messages.faveSticker id=" + smile + " unfave=false")
	want(t, other.next(), ".updates[0]", "updateFavedStickers()")
	faved := sam.do("messages.getFavedStickers hash=0")
	want(t, faved, ".stickers[0].id", "501", ".stickers[1].id", "502", ".packs[0].documents", "[501]")
	want(t, sam.do("messages.getFavedStickers hash="+show(at(t, faved, ".hash"))), "", "messages.favedStickersNotModified()")
	sam.do("messages.faveSticker id=" + smile + " unfave=true")
	want(t, sam.do("messages.getFavedStickers hash=0"), ".stickers[0].id", "502")
	other.next()

	anchor := again(at(t, set, ".documents[1]").Object())
	sam.do("messages.saveRecentSticker id=" + anchor + " unsave=false")
	recent := sam.do("messages.getRecentStickers hash=0")
	want(t, recent, ".stickers[0].id", "502", ".stickers[1].id", "501")
	want(t, sam.do("messages.getRecentStickers hash="+show(at(t, recent, ".hash"))), "", "messages.recentStickersNotModified()")
	// What is sent is recent, and its set comes to the top.
	sam.do("messages.installStickerSet stickerset=inputStickerSetShortName(hats) archived=false")
	sam.do(`messages.sendMedia peer=@alice message="" update_stickersets_order=true media=inputMediaDocument(` + smile + ")")
	want(t, sam.do("messages.getRecentStickers hash=0"), ".stickers[0].id", "501")
	want(t, sam.do("messages.getAllStickers hash=0"), ".sets[0].id", "71")
	if s := l.saved(); !strings.Contains(s, "recentstickers @sam [501 502]") || !strings.Contains(s, "gifs @sam [505]") {
		t.Error("what is at hand is not saved")
	}
	sam.do("messages.clearRecentStickers")
	want(t, sam.do("messages.getRecentStickers hash=0"), ".stickers", "[]")
	gifs := sam.do("messages.getSavedGifs hash=0")
	want(t, sam.do("messages.getSavedGifs hash="+show(at(t, gifs, ".hash"))), "", "messages.savedGifsNotModified()")
	sam.do("messages.saveGif id=" + gif + " unsave=true")
	want(t, sam.do("messages.getSavedGifs hash=0"), ".gifs", "[]")
	sam.fails("messages.saveGif id="+smile+" unsave=false", "400 GIF_ID_INVALID")
	sam.fails("messages.faveSticker id="+gif+" unfave=false", "400 STICKER_ID_INVALID")
	sam.fails("messages.saveRecentSticker id=inputDocumentEmpty unsave=false", "400 STICKER_ID_INVALID")
}
