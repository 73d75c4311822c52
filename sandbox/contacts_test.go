package sandbox

import (
	"testing"
	"time"

	"tlsh/tl"
)

func TestContacts(t *testing.T) {
	l := newLab(t, Config{World: clubWorld})
	anna, berta, egon := l.as("@anna"), l.as("@berta"), l.as("@egon")
	again := l.as("@anna")

	// Somebody becomes a contact under a name; their number is not known by that.
	res := anna.do(`contacts.addContact id=@egon first_name=" Egon " last_name="from work" phone="" note=textWithEntities(text="owes me a book" entities=[])`)
	want(t, res, ".updates", "[updatePeerSettings(peer=peerUser(user_id=5) settings=peerSettings)]", ".users[0].contact", "true", ".users[0].mutual_contact", "false",
		".users[0].first_name", `"Egon"`, ".users[0].last_name", `"from work"`)
	lacks(t, res, ".users[0].phone") // it was not given
	want(t, again.nextOf("updatePeerSettings"), ".peer.user_id", "5")
	want(t, anna.do("users.getFullUser @egon"), ".full_user.note.text", `"owes me a book"`)
	want(t, anna.do(`contacts.addContact id=@egon first_name=Egon last_name="" phone="+5"`), ".users[0].phone", `"5"`)
	anna.fails(`contacts.addContact id=@egon first_name=" " last_name=x phone=""`, "400 CONTACT_NAME_EMPTY")
	anna.fails(`contacts.addContact id=me first_name=x last_name=x phone=""`, "400 CONTACT_ID_INVALID")
	anna.fails(`contacts.addContact id=@egon! first_name=x last_name=x phone=""`, "400 CONTACT_ID_INVALID")

	// Egon hears that they know each other now once he has Ann, too.
	egon.do(`contacts.addContact id=@anna first_name=Ann last_name="" phone=""`)
	want(t, anna.nextOf("updateUser"), ".user_id", "5")
	want(t, anna.do("users.getUsers [@egon]"), "[0].mutual_contact", "true")
	lacks(t, egon.do("users.getUsers [@anna]"), "[0].phone")
	egon.fails("contacts.acceptContact @anna", "400 CONTACT_REQ_MISSING") // she has his number
	want(t, anna.do("messages.getPeerSettings @egon"), ".settings.share_contact", "true")
	want(t, anna.do("contacts.acceptContact @egon"), ".updates[0].settings", "peerSettings()")
	want(t, egon.nextOf("updateUserPhone"), ".phone", `"1"`)
	want(t, egon.do("users.getUsers [@anna]"), "[0].phone", `"1"`)
	anna.fails("contacts.acceptContact @fritz", "400 CONTACT_ADD_MISSING")
	anna.fails("contacts.acceptContact me", "400 CONTACT_ID_INVALID")
	berta.do(`contacts.addContact id=@fritz first_name=F last_name="" phone="" add_phone_privacy_exception=true`)
	want(t, l.as("@fritz").do("users.getUsers [@berta]"), "[0].phone", `"2"`)

	// The lists.
	want(t, anna.do("contacts.getContactIDs"), "", "[2 3 5]")
	var sum hashOf
	sum.add(2, 3, 5)
	v, err := anna.send(anna.bind("contacts.getContactIDs").With("hash", tl.Long(int64(sum))))
	if err != nil || len(v.Vector().Items) != 0 {
		t.Errorf("nothing new: %s, %v", show(v), err)
	}
	want(t, anna.do("contacts.getStatuses"), "", "[]")
	want(t, berta.do("contacts.getStatuses"), "[0].user_id", "6", "[0].status.expires", "1772820300")

	want(t, anna.do("contacts.editCloseFriends [2 5 6]"), "", "true")
	again.nextOf("updateUser")
	want(t, anna.do("users.getUsers [@berta @cleo @egon]"), "[0].close_friend", "true", "[1].close_friend", "false", "[2].close_friend", "true")
	anna.do(`contacts.updateContactNote id=@egon note=textWithEntities(text="paid" entities=[])`)
	want(t, anna.do("users.getFullUser @egon"), ".full_user.note.text", `"paid"`)
	anna.do(`contacts.updateContactNote id=@egon note=textWithEntities(text="" entities=[])`)
	lacks(t, anna.do("users.getFullUser @egon"), ".full_user.note")
	anna.fails(`contacts.updateContactNote id=@fritz note=textWithEntities(text=x entities=[])`, "400 CONTACT_ID_INVALID")
	anna.do(`contacts.updateContactNote id=@egon note=textWithEntities(text="again" entities=[])`)
	l.roundTrip()

	want(t, anna.do("contacts.deleteContacts [@egon @fritz]"), ".updates[0].peer.user_id", "5", ".users[0].contact", "false")
	want(t, egon.nextOf("updateUser"), ".user_id", "1")
	want(t, egon.do("users.getUsers [@anna]"), "[0].mutual_contact", "false")
	want(t, anna.do("contacts.deleteContacts [@fritz]"), ".updates", "[]")
	want(t, anna.do(`contacts.deleteByPhones ["+2" "99"]`), "", "true")
	again.nextOf("updateContactsReset")
	want(t, anna.do("contacts.getContactIDs"), "", "[3]")
}

func TestImportContacts(t *testing.T) {
	l := newLab(t, Config{World: clubWorld})
	anna, egon := l.as("@anna"), l.as("@egon")
	res := anna.do(`contacts.importContacts [inputPhoneContact(client_id=7 phone="+5" first_name=Egon last_name=E)
		inputPhoneContact(client_id=8 phone="+44 999" first_name=Nobody last_name="") inputPhoneContact(client_id=9 phone="1" first_name=Me last_name="")]`)
	want(t, res, ".imported", "[importedContact(user_id=5 client_id=7)]", ".users[0].phone", `"5"`, ".users[0].last_name", `"E"`, ".retry_contacts", "[]")
	want(t, anna.do("contacts.getContacts"), ".saved_count", "4")
	anna.do(`contacts.importContacts [inputPhoneContact(client_id=8 phone="44999" first_name=Somebody last_name="" note=textWithEntities(text=x entities=[]))]`)
	want(t, anna.do("contacts.getContacts"), ".saved_count", "4")
	l.roundTrip()
	anna.do("contacts.resetSaved")
	want(t, anna.do("contacts.getContacts"), ".saved_count", "3")

	// A link to a profile is good for a while.
	link := at(t, anna.do("contacts.exportContactToken"), "").Object()
	token := link.At("url").AsString()[len("https://t.me/contact/"):]
	want(t, egon.do("contacts.importContactToken token="+token), ".username", `"anna"`)
	egon.fails("contacts.importContactToken token=x"+token[1:], "400 IMPORT_TOKEN_INVALID")
	egon.fails("contacts.importContactToken token=x", "400 IMPORT_TOKEN_INVALID")
	egon.fails("contacts.importContactToken token=AAAAAAAAAAk"+token[11:], "400 IMPORT_TOKEN_INVALID")
	l.clock.add((tokenTime + 1) * time.Second)
	egon.fails("contacts.importContactToken token="+token, "400 IMPORT_TOKEN_INVALID")
}

func TestBlocking(t *testing.T) {
	l := newLab(t, Config{World: clubWorld})
	anna, berta, cleo, fritz := l.as("@anna"), l.as("@berta"), l.as("@cleo"), l.as("@fritz")
	again := l.as("@fritz")
	fritz.do("contacts.block @anna")
	want(t, again.nextOf("updatePeerBlocked"), ".blocked", "true", ".peer_id.user_id", "1")
	fritz.do("contacts.block @anna")
	fritz.do("contacts.block @berta my_stories_from=true")
	want(t, again.nextOf("updatePeerBlocked"), ".blocked", "false", ".blocked_my_stories_from", "true")
	anna.fails("messages.sendMessage @fritz hello", "403 USER_IS_BLOCKED")
	anna.fails("messages.setTyping @fritz sendMessageTypingAction", "403 USER_IS_BLOCKED")
	anna.fails("messages.addChatUser chat_id=10 user_id=@fritz fwd_limit=0", "400 USER_IS_BLOCKED")
	fritz.fails("messages.sendMessage @anna hello", "400 YOU_BLOCKED_USER")
	berta.do("messages.sendMessage @fritz hello")
	// Who is blocked does not see whether somebody is there.
	lacks(t, anna.do("users.getUsers [@fritz]"), "[0].status")
	want(t, cleo.do("users.getUsers [@fritz]"), "[0].status.expires", "1772820300")
	want(t, fritz.do("users.getFullUser @anna"), ".full_user.blocked", "true", ".full_user.blocked_my_stories_from", "false")
	want(t, fritz.do("users.getFullUser @berta"), ".full_user.blocked", "false", ".full_user.blocked_my_stories_from", "true")
	anna.do("contacts.block @cleo")
	anna.fails("messages.addChatUser chat_id=10 user_id=@cleo fwd_limit=0", "400 USER_ALREADY_PARTICIPANT")
	anna.do("contacts.block @dinah")
	anna.fails("messages.addChatUser chat_id=10 user_id=@dinah fwd_limit=0", "400 YOU_BLOCKED_USER")
	l.as("@dinah").do("contacts.block @anna")
	anna.fails(`channels.inviteToChannel channel=@club_news users=[@fritz]`, "400 USER_BLOCKED")

	fritz.fails("contacts.block me", "400 CONTACT_ID_INVALID")
	fritz.fails("contacts.unblock me", "400 CONTACT_ID_INVALID")
	fritz.fails("contacts.setBlocked id=[me] limit=0", "400 CONTACT_ID_INVALID")
	cleo.fails("contacts.block walkers", "400 PEER_ID_INVALID")
	cleo.fails("contacts.unblock walkers", "400 PEER_ID_INVALID")
	cleo.fails("contacts.setBlocked id=[walkers] limit=0", "400 PEER_ID_INVALID")
	l.world.byID[4].def.With("deleted", tlTrue)
	fritz.fails("contacts.block @dinah", "400 INPUT_USER_DEACTIVATED")
	l.world.byID[4].def.With("deleted", tl.Value{})

	l.clock.add(time.Minute)
	fritz.do("contacts.block @club_news")
	want(t, fritz.do("contacts.getBlocked limit=10"), ".blocked[0]", "peerBlocked(peer_id=peerChannel(channel_id=21) date=2026-03-06T18:01:00)", ".blocked[1].peer_id.user_id", "1", ".users[0].id", "1", ".chats[0].id", "21")
	want(t, fritz.do("contacts.getBlocked offset=1 limit=1"), ".count", "2", ".blocked[0].peer_id.user_id", "1")
	want(t, fritz.do("contacts.getBlocked limit=10 my_stories_from=true"), ".blocked[0].peer_id.user_id", "2")
	l.roundTrip()

	fritz.do("contacts.setBlocked id=[@anna @cleo @cleo] limit=10")
	again.nextOf("updatePeerBlocked") // the channel, which was blocked a moment ago
	want(t, again.nextOf("updatePeerBlocked"), ".blocked", "false", ".peer_id.channel_id", "21")
	want(t, again.nextOf("updatePeerBlocked"), ".blocked", "true", ".peer_id.user_id", "3")
	want(t, fritz.do("contacts.getBlocked limit=10"), ".blocked[0].date", "1772820000", ".blocked[1].date", "1772820060")
	fritz.do("contacts.unblock @anna")
	want(t, again.nextOf("updatePeerBlocked"), ".blocked", "false", ".peer_id.user_id", "1")
	anna.do("messages.sendMessage @fritz hello")
}

func TestRequirementsToContact(t *testing.T) {
	l := newLab(t, Config{World: clubWorld})
	anna, fritz := l.as("@anna"), l.as("@fritz")
	l.world.byID[6].def.With("contact_require_premium", tlTrue)
	want(t, anna.do("users.getRequirementsToContact [@fritz @berta me]"), "", "[requirementToContactPremium requirementToContactEmpty requirementToContactEmpty]")
	anna.fails("messages.sendMessage @fritz hello", "403 PRIVACY_PREMIUM_REQUIRED")
	want(t, anna.do("users.getFullUser @fritz"), ".full_user.contact_require_premium", "true")
	fritz.do("messages.sendMessage @anna hello")
	anna.do("messages.sendMessage @fritz hello")
}

func TestContactSearch(t *testing.T) {
	l := newLab(t, Config{})
	sam := l.as("@sam")
	want(t, sam.do(`contacts.search q="Harb" limit=10`), ".my_results", "[peerChannel(channel_id=3001)]", ".results", "[]", ".chats[0].id", "3001")
	want(t, sam.do(`contacts.search q="lind" limit=10`), ".my_results", "[peerUser(user_id=1003)]", ".users[0].id", "1003")
	want(t, sam.do(`contacts.search q="@erin" limit=10`), ".my_results", "[]", ".results", "[peerUser(user_id=1006)]")
	want(t, sam.do(`contacts.search q="Tanaka" limit=10`), ".my_results", "[]", ".results", "[]") // strangers are found by username alone
	want(t, sam.do(`contacts.search q="book" limit=10`), ".my_results", "[peerChannel(channel_id=3002)]")
	want(t, l.as("@bob").do(`contacts.search q="book" limit=10`), ".my_results", "[]", ".results", "[]")
	want(t, sam.do(`contacts.search q="harb" limit=10 bots=true`), ".my_results", "[]")
	want(t, sam.do(`contacts.search q="harb" limit=10 broadcasts=true`), ".my_results", "[peerChannel(channel_id=3001)]")
	want(t, sam.do(`contacts.search q="alice" limit=10 broadcasts=true`), ".my_results", "[]")
	sam.do(`contacts.addContact id=@erin first_name=Bookworm last_name="" phone=""`)
	want(t, sam.do(`contacts.search q="bookw" limit=10`), ".my_results", "[peerUser(user_id=1006)]")
	sam.fails(`contacts.search q=" " limit=10`, "400 SEARCH_QUERY_EMPTY")
	sam.fails(`contacts.search q="@ab" limit=10`, "400 QUERY_TOO_SHORT")
}

func TestTopPeers(t *testing.T) {
	l := newLab(t, Config{World: clubWorld})
	anna := l.as("@anna")
	anna.fails("contacts.getTopPeers limit=5", "400 TYPES_EMPTY")
	anna.do("messages.sendMessage @berta one")
	anna.do("messages.sendMessage @cleo two")
	anna.do("messages.sendMessage @cleo three")
	anna.do("messages.sendMessage @robo_bot start")
	anna.do("messages.forwardMessages from_peer=@cleo id=[4] to_peer=walkers random_id=[9]")
	all := "contacts.getTopPeers limit=5 correspondents=true bots_pm=true groups=true channels=true forward_chats=true forward_users=true phone_calls=true bots_inline=true bots_app=true bots_guestchat=true"
	res := anna.do(all)
	want(t, res, ".categories[0].category", "topPeerCategoryCorrespondents()", ".categories[0].count", "2", ".categories[0].peers[0].peer.user_id", "3",
		".categories[0].peers[0].rating", "double:4000000000000000", ".categories[1].category", "topPeerCategoryBotsPM()", ".categories[2].category", "topPeerCategoryForwardChats()",
		".categories[2].peers[0].peer.chat_id", "10", ".categories[3].category", "topPeerCategoryGroups()", ".categories[4].category", "topPeerCategoryChannels()")
	want(t, anna.do("contacts.getTopPeers offset=1 limit=1 correspondents=true"), ".categories[0].count", "2", ".categories[0].peers[0].peer.user_id", "2")
	var sum hashOf
	sum.add(3, 2)
	v, err := anna.send(anna.bind("contacts.getTopPeers limit=5 correspondents=true").With("hash", tl.Long(int64(sum))))
	if err != nil || !v.Object().Is("contacts.topPeersNotModified") {
		t.Errorf("%s, %v", show(v), err)
	}
	// What was long ago counts less.
	l.clock.add(ratingDecay * time.Second)
	want(t, anna.do("contacts.getTopPeers limit=5 correspondents=true"), ".categories[0].peers[0].rating", "double:3fe78b56362cef38")
	anna.do("contacts.resetTopPeerRating topPeerCategoryCorrespondents @cleo")
	want(t, anna.do("contacts.getTopPeers limit=5 correspondents=true"), ".categories[0].count", "1", ".categories[0].peers[0].peer.user_id", "2")
	// What is forwarded to a person counts for them, and not for a room.
	anna.do("messages.forwardMessages from_peer=@cleo id=[4] to_peer=@berta random_id=[10]")
	want(t, anna.do("contacts.getTopPeers limit=5 forward_chats=true forward_users=true"), ".categories[0].category", "topPeerCategoryForwardUsers()",
		".categories[0].peers[].peer", "[peerUser(user_id=2)]", ".categories[1].peers[].peer", "[peerChat(chat_id=10)]")
	l.roundTrip()
	anna.do("contacts.toggleTopPeers false")
	want(t, anna.do(all), "", "contacts.topPeersDisabled()")
	l.roundTrip()
	anna.do("contacts.toggleTopPeers true")
	want(t, anna.do(all), ".categories", "[]")
	l.clock.add(time.Minute)
	anna.do("messages.sendMessage @berta four")
	want(t, anna.do(all), ".categories[0].peers[0].peer.user_id", "2")
	l.roundTrip()
}
