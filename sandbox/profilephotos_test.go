package sandbox

import "testing"

func TestProfilePhotos(t *testing.T) {
	l := newLab(t, Config{World: clubWorld + "botowner @robo_bot @anna\n"})
	anna, berta, dinah := l.as("@anna"), l.as("@berta"), l.as("@dinah")
	again := l.as("@anna")
	upload := "photos.uploadProfilePhoto file="
	anna.fails("photos.uploadProfilePhoto", "400 PHOTO_FILE_MISSING")
	anna.fails(upload+anna.put(1, "a.png", pngOf(159, 300), 65536), "400 PHOTO_CROP_SIZE_SMALL")
	anna.fails(upload+anna.put(1, "a.png", []byte("no picture"), 65536), "400 IMAGE_PROCESS_FAILED")
	one := anna.do(upload + anna.put(1, "a.png", pngOf(300, 200), 65536))
	want(t, one, ".photo.id", "1", ".photo.sizes[0].w", "160", ".users[0].photo", "userProfilePhoto(photo_id=1 dc_id=2)")
	want(t, again.nextOf("updateUser"), ".user_id", "1")
	want(t, anna.do(upload+anna.put(2, "b.png", pngOf(700, 700), 65536)), ".photo.id", "2")

	// Who knows her is told; who does not is not, and sees it all the same.
	anna.do("contacts.addContact id=@dinah first_name=D last_name=\"\" phone=\"\"") // is no acquaintance of Dinah's
	dinah.quietOf("updateUser")
	berta.do("messages.sendMessage @anna hi")
	anna.do(upload + anna.put(3, "c.png", pngOf(200, 200), 65536))
	want(t, berta.nextOf("updateUser"), ".user_id", "1")
	res := dinah.do("users.getFullUser @anna")
	want(t, res, ".full_user.profile_photo.id", "3", ".users[0].photo.photo_id", "3")
	want(t, dinah.do("photos.getUserPhotos user_id=@anna limit=10"), ".photos[0].id", "3", ".photos[2].id", "1", ".users[0].id", "1")
	want(t, dinah.do("photos.getUserPhotos user_id=@anna limit=1"), ".count", "3")
	want(t, dinah.do("photos.getUserPhotos user_id=@anna max_id=3 limit=10"), ".photos[0].id", "2", ".count", "3")
	want(t, dinah.do("photos.getUserPhotos user_id=@anna max_id=2 offset=-1 limit=1"), ".photos[0].id", "2")
	want(t, dinah.do("photos.getUserPhotos user_id=@anna max_id=1 limit=1"), ".photos", "[]")
	dinah.fails("photos.getUserPhotos user_id=@anna max_id=-1 limit=10", "400 MAX_ID_INVALID")
	file := dinah.do("upload.getFile location=inputPeerPhotoFileLocation(peer=@anna photo_id=3) offset=0 limit=1048576")
	want(t, file, ".type", "storage.fileJpeg()")

	// An earlier one again, under another id; then the present one goes.
	input := func(c *client, id string) string {
		p := at(t, c.do("photos.getUserPhotos user_id=@anna limit=10"), ".photos")
		for _, v := range p.Vector().Items {
			if o := v.Object(); show(o.At("id")) == id {
				return "inputPhoto(id=" + id + " access_hash=" + show(o.At("access_hash")) + " file_reference=" + show(o.At("file_reference")) + ")"
			}
		}
		t.Fatalf("no photo %s", id)
		return ""
	}
	want(t, anna.do("photos.updateProfilePhoto "+input(anna, "1")), ".photo.id", "4", ".users[0].photo.photo_id", "4")
	want(t, anna.do("photos.getUserPhotos user_id=me limit=10"), ".photos[0].id", "4", ".photos[1].id", "3", ".photos[2].id", "2")
	want(t, anna.do("photos.updateProfilePhoto inputPhotoEmpty"), ".photo.id", "3")
	anna.fails("photos.updateProfilePhoto inputPhoto(id=9 access_hash=1 file_reference=hex:00)", "400 PHOTO_ID_INVALID")
	want(t, anna.do("photos.deletePhotos ["+input(anna, "3")+" inputPhoto(id=9 access_hash=1 file_reference=hex:00)]"), "", "[3]")
	want(t, berta.do("users.getUsers [@anna]"), "[0].photo.photo_id", "2")

	// For those who see none there may be another one.
	anna.do("photos.uploadProfilePhoto fallback=true file=" + anna.put(4, "d.png", pngOf(200, 200), 65536))
	want(t, anna.do("users.getFullUser me"), ".full_user.fallback_photo.id", "5", ".full_user.profile_photo.id", "2")
	anna.do("contacts.block @dinah")
	lacks(t, dinah.do("users.getUsers [@anna]"), "[0].photo")
	want(t, dinah.do("photos.getUserPhotos user_id=@anna limit=10"), ".photos", "[]")
	l.roundTrip()
	want(t, anna.do("photos.updateProfilePhoto fallback=true id="+input(anna, "2")), ".photo.id", "6")
	want(t, anna.do("photos.updateProfilePhoto fallback=true id=inputPhotoEmpty"), ".photo", "photoEmpty(id=0)")
	anna.do("photos.updateProfilePhoto inputPhotoEmpty")
	want(t, anna.do("photos.updateProfilePhoto inputPhotoEmpty"), ".photo", "photoEmpty(id=0)")
	lacks(t, berta.do("users.getUsers [@anna]"), "[0].photo")

	// A bot of one's own.
	want(t, anna.do("photos.uploadProfilePhoto bot=@robo_bot file="+anna.put(5, "e.png", pngOf(200, 200), 65536)), ".users[0].photo.photo_id", "7", ".users[0].bot_can_edit", "true")
	anna.fails("photos.uploadProfilePhoto bot=@robo_bot fallback=true file="+anna.put(5, "e.png", pngOf(200, 200), 65536), "400 BOT_FALLBACK_UNSUPPORTED")
	anna.fails("photos.updateProfilePhoto bot=@robo_bot fallback=true id=inputPhotoEmpty", "400 BOT_FALLBACK_UNSUPPORTED")
	berta.fails("photos.uploadProfilePhoto bot=@robo_bot file=inputFile(1 1 x \"\")", "400 BOT_INVALID")
	berta.fails("photos.updateProfilePhoto bot=@anna id=inputPhotoEmpty", "400 BOT_INVALID")
	l.roundTrip()
}

func TestContactPhotos(t *testing.T) {
	l := newLab(t, Config{World: clubWorld})
	anna, berta, cleo := l.as("@anna"), l.as("@berta"), l.as("@cleo")
	again := l.as("@anna")
	put := "photos.uploadContactProfilePhoto user_id=@berta "
	want(t, anna.do(put+"file="+anna.put(1, "a.png", pngOf(200, 200), 65536)), ".photo.id", "1", ".users[0].photo", "userProfilePhoto(personal=true photo_id=1 dc_id=2)")
	again.nextOf("updateUser")
	want(t, anna.do("users.getFullUser @berta"), ".full_user.personal_photo.id", "1")
	lacks(t, cleo.do("users.getUsers [@berta]"), "[0].photo")
	l.roundTrip()
	anna.do(put + "save=true")
	lacks(t, anna.do("users.getUsers [@berta]"), "[0].photo")
	anna.fails(put, "400 PHOTO_FILE_MISSING")
	anna.fails(put+"file="+anna.put(2, "a.png", pngOf(100, 200), 65536), "400 PHOTO_CROP_SIZE_SMALL")
	anna.fails("photos.uploadContactProfilePhoto user_id=@egon save=true", "400 CONTACT_MISSING")

	// A suggestion comes as a message, for the session that asked, too.
	anna.do(put + "suggest=true file=" + anna.put(3, "b.png", pngOf(200, 200), 65536))
	want(t, anna.nextOf("updateNewMessage"), ".message.action.photo.id", "2", ".message.out", "true")
	got := berta.nextOf("updateNewMessage")
	want(t, got, ".message.action.photo.id", "2", ".message.peer_id.user_id", "1")
	p := at(t, got, ".message.action.photo").Object()
	want(t, berta.do("photos.updateProfilePhoto inputPhoto(id=2 access_hash="+show(p.At("access_hash"))+" file_reference="+show(p.At("file_reference"))+")"),
		".users[0].photo.photo_id", "3")
	berta.do("contacts.block @anna")
	anna.fails(put+"suggest=true file="+anna.put(4, "b.png", pngOf(200, 200), 65536), "403 USER_IS_BLOCKED")
	l.roundTrip()
}
