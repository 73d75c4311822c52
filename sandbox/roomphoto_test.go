package sandbox

import "testing"

func TestRoomPhoto(t *testing.T) {
	l, anna, _, cleo, _, _, fritz := club(t)
	in := anna.put(1, "a.png", pngOf(200, 200), 65536)
	edit := "channels.editPhoto channel=club photo="
	anna.fails(edit+"inputChatPhotoEmpty", "400 CHAT_NOT_MODIFIED")
	anna.fails(edit+"inputChatUploadedPhoto", "400 PHOTO_INVALID")
	anna.fails(edit+"inputChatPhoto(id=inputPhotoEmpty)", "400 PHOTO_INVALID")
	fritz.fails(edit+"inputChatPhotoEmpty", "403 CHAT_ADMIN_REQUIRED")
	res := anna.do(edit + "inputChatUploadedPhoto(file=" + in + ")")
	want(t, res, ".chats[0].photo.photo_id", "1", ".updates[1].message.action.photo.id", "1")
	want(t, cleo.nextOf("updateNewChannelMessage"), ".message.action.photo.id", "1")
	full := at(t, anna.do("channels.getFullChannel club"), ".full_chat.chat_photo").Object()
	if !full.Is("photo") {
		t.Fatalf("the whole photo: %s", show(full.Value()))
	}
	id := "inputChatPhoto(id=inputPhoto(id=1 access_hash=" + show(full.At("access_hash")) + " file_reference=" + show(full.At("file_reference")) + "))"
	anna.fails(edit+id, "400 CHAT_NOT_MODIFIED")
	group := "messages.editChatPhoto chat_id=10 photo="
	want(t, anna.do(group+id), ".chats[0].photo.photo_id", "1")
	anna.fails(group+id, "400 CHAT_NOT_MODIFIED")
	anna.fails(group+"inputChatPhoto(id=inputPhotoEmpty)", "400 PHOTO_INVALID")
	fritz.fails(group+id, "400 CHAT_ID_INVALID")
	anna.do("messages.editChatDefaultBannedRights peer=walkers banned_rights=chatBannedRights(change_info=true until_date=0)")
	cleo.fails(group+"inputChatPhotoEmpty", "400 CHAT_ADMIN_REQUIRED")
	l.roundTrip()
	want(t, anna.do(edit+"inputChatPhotoEmpty"), ".updates[1].message.action", "messageActionChatDeletePhoto()", ".chats[0].photo", "chatPhotoEmpty()")
	l.roundTrip()
}
