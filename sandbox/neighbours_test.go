package sandbox

import (
	"crypto/sha256"
	"fmt"
	"testing"
	"time"
)

func TestBirthdays(t *testing.T) {
	l := newLab(t, Config{})
	sam, alice, bob := l.as("@sam"), l.as("@alice"), l.as("@bob")
	alice.do("account.updateBirthday birthday=birthday(7 3)")
	bob.do("account.updateBirthday birthday=birthday(9 3 year=1990)")
	want(t, sam.do("contacts.getBirthdays"), ".contacts", "[contactBirthday(contact_id=1002 birthday=birthday(day=7 month=3))]", ".users[0].id", "1002")
	l.clock.add(2 * 24 * time.Hour)
	want(t, sam.do("contacts.getBirthdays"), ".contacts[0].contact_id", "1002", ".contacts[1].contact_id", "1003")
	bob.do("account.setPrivacy key=inputPrivacyKeyBirthday rules=[inputPrivacyValueDisallowAll]")
	l.clock.add(24 * time.Hour)
	want(t, sam.do("contacts.getBirthdays"), ".contacts", "[]")
}

func TestScreenshot(t *testing.T) {
	l := newLab(t, Config{World: clubWorld})
	anna, berta := l.as("@anna"), l.as("@berta")
	berta.do("messages.sendMessage @anna secret")
	anna.next()
	taken := "messages.sendScreenshotNotification peer=%s reply_to=inputReplyToMessage(reply_to_msg_id=%d) random_id=%d"
	id := l.world.byID[1].box.last
	want(t, anna.do(fmt.Sprintf(taken, "@berta", id, 1)), ".updates[1].message.action", "messageActionScreenshotTaken()", ".updates[1].message.reply_to.reply_to_msg_id", fmt.Sprint(id))
	want(t, berta.nextOf("updateNewMessage"), ".message.action", "messageActionScreenshotTaken()", ".message.reply_to.reply_to_msg_id", "2")
	anna.do(fmt.Sprintf(taken, "@berta", 0, 2))
	anna.fails(fmt.Sprintf(taken, "@berta", 0, 2), "500 RANDOM_ID_DUPLICATE")
	anna.fails(fmt.Sprintf(taken, "@berta", 99, 3), "400 REPLY_MESSAGE_ID_INVALID")
	anna.fails(fmt.Sprintf(taken, "walkers", 0, 3), "400 PEER_ID_INVALID")
	anna.fails(fmt.Sprintf(taken, "me", 0, 3), "400 PEER_ID_INVALID")
	berta.do("contacts.block @anna")
	anna.fails(fmt.Sprintf(taken, "@berta", 0, 3), "403 USER_IS_BLOCKED")
	l.roundTrip()
}

func TestDocumentByHash(t *testing.T) {
	l := newLab(t, Config{})
	sam := l.as("@sam")
	in := sam.put(1, "a.txt", []byte("hello"), 65536)
	sam.do(`messages.sendMedia peer=me media=inputMediaUploadedDocument(file=` + in + ` mime_type="text/plain" attributes=[]) message=""`)
	ask := fmt.Sprintf(`messages.getDocumentByHash sha256=hex:%x size=%%d mime_type="text/plain"`, sha256.Sum256([]byte("hello")))
	want(t, sam.do(fmt.Sprintf(ask, 5)), ".size", "5", ".mime_type", `"text/plain"`)
	want(t, sam.do(fmt.Sprintf(ask, 6)), "", "documentEmpty(id=0)")
	sam.fails(`messages.getDocumentByHash sha256=hex:00 size=1 mime_type=x`, "400 SHA256_HASH_INVALID")
}
