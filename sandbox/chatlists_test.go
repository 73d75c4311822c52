package sandbox

import (
	"fmt"
	"strings"
	"testing"

	"tlsh/tl"
)

// slugOf is the slug of an exported link.
func slugOf(t testing.TB, v tl.Value) string {
	t.Helper()
	return strings.TrimPrefix(at(t, v, ".url").AsString(), chatlistPrefix)
}

// sharer is a world where Erin shares a folder with a public channel, a private
// supergroup and a basic group, which becomes a supergroup by that.
func sharer(t *testing.T) (l *lab, erin *client, slug string) {
	t.Helper()
	l = newLab(t, Config{World: village + `
chat(id=2002 title="Sailors" photo=chatPhotoEmpty participants_count=2 date=2026-01-11T10:00 version=1)
members "Sailors" [@erin @dave_builds]
folder @erin dialogFilter(id=4 title=textWithEntities("Good ones" []) emoticon="⛵" pinned_peers=["Book club"] include_peers=[@harbour_news "Sailors" @alice] exclude_peers=[])
folder @erin dialogFilter(id=5 groups=true title=textWithEntities("Groups" []) pinned_peers=[] include_peers=[] exclude_peers=[])
folder @erin dialogFilter(id=6 title=textWithEntities("Few" []) pinned_peers=[] include_peers=[@harbour_news] exclude_peers=[])
folder @erin dialogFilter(id=7 title=textWithEntities("News" []) pinned_peers=[] include_peers=[@harbour_news] exclude_peers=[])
`})
	erin = l.as("@erin")
	res := erin.do(`chatlists.exportChatlistInvite chatlist=inputChatlistDialogFilter(4) title="For friends" peers=["Book club" @harbour_news "Sailors"]`)
	want(t, res, ".filter.id", "4", ".filter.has_my_invites", "true", ".filter.emoticon", `"⛵"`, ".invite.title", `"For friends"`,
		".invite.peers[2].channel_id", "3003", ".filter.include_peers[1].channel_id", "3003", ".filter.include_peers[2].user_id", "1002")
	return l, erin, slugOf(t, at(t, res, ".invite"))
}

// TestSharedFolder: who opens the link sees what it leads to, joins some of it,
// hears of what is added later, and goes again.
func TestSharedFolder(t *testing.T) {
	l, erin, slug := sharer(t)
	bob, other := l.as("@bob"), l.as("@bob")
	link := fmt.Sprintf("slug=%q", slug)
	res := bob.do("chatlists.checkChatlistInvite " + link)
	want(t, res, ".title.text", `"Good ones"`, ".emoticon", `"⛵"`, ".peers[0].channel_id", "3002", ".peers[1].channel_id", "3001", ".peers[2].channel_id", "3003",
		".chats[0].title", `"Book club"`, ".chats[0].left", "true")
	res = bob.do("chatlists.joinChatlistInvite " + link + ` peers=["Book club" @harbour_news]`)
	want(t, res, ".updates[0].id", "2", ".updates[0].filter.title.text", `"Good ones"`, ".updates[0].filter.include_peers[1].channel_id", "3001", ".updates[1].channel_id", "3002")
	lacks(t, res, ".updates[0].filter.has_my_invites")
	want(t, other.next(), ".updates[0].channel_id", "3002")
	want(t, erin.do(`messages.getChatInviteImporters peer="Book club" offset_user=inputUserEmpty offset_date=0 limit=5`), ".importers[0].user_id", "1003", ".importers[0].via_chatlist", "true")
	want(t, erin.do(`channels.getAdminLog channel="Book club" q="" limit=1 max_id=0 min_id=0`), ".events[0].action.via_chatlist", "true")
	want(t, bob.do("messages.getDialogFilters"), ".filters[1].id", "2", ".filters[1].include_peers[0].channel_id", "3002")
	want(t, bob.do("chatlists.checkChatlistInvite "+link), ".filter_id", "2", ".missing_peers[0].channel_id", "3003", ".already_peers[1].channel_id", "3001")

	const mine = " chatlist=inputChatlistDialogFilter(2)"
	want(t, bob.do("chatlists.getChatlistUpdates"+mine), ".missing_peers[0].channel_id", "3003", ".chats[0].title", `"Sailors"`)
	bob.do("chatlists.hideChatlistUpdates" + mine)
	want(t, bob.do("chatlists.getChatlistUpdates"+mine), ".missing_peers", "[]")
	again := l.reborn().as("@bob")
	want(t, again.do("chatlists.getChatlistUpdates"+mine), ".missing_peers", "[]")
	want(t, again.do("chatlists.getLeaveChatlistSuggestions"+mine), "", "[peerChannel(channel_id=3002)]")
	want(t, bob.do("chatlists.joinChatlistUpdates"+mine+` peers=[-1000000003003]`), ".updates[0].filter.include_peers[2].channel_id", "3003", ".updates[1].channel_id", "3003")
	want(t, bob.do("chatlists.getLeaveChatlistSuggestions"+mine), "[1].channel_id", "3003")
	want(t, bob.do("chatlists.leaveChatlist"+mine+` peers=[-1000000003003]`), ".updates[0].id", "2", ".updates[1].channel_id", "3003")
	want(t, bob.do("messages.getDialogFilters"), ".filters[-1]", "dialogFilterDefault()")
	bob.fails(`channels.getParticipants channel=-1000000003003 filter=channelParticipantsRecent limit=1`, "400 CHANNEL_PRIVATE")
	bob.fails("chatlists.leaveChatlist"+mine+" peers=[]", "400 FILTER_ID_INVALID")

	// Only the owner's own rooms are not left with the folder.
	own := erin.do("chatlists.checkChatlistInvite " + link)
	want(t, own, ".filter_id", "4", ".missing_peers", "[]")
	erin.do(`chatlists.leaveChatlist chatlist=inputChatlistDialogFilter(4) peers=["Book club"]`)
	want(t, erin.do(`channels.getParticipants channel="Book club" filter=channelParticipantsAdmins limit=1`), ".participants[0].user_id", "1006")
	bob.fails("chatlists.checkChatlistInvite "+link, "400 INVITE_SLUG_EXPIRED")
}

func TestExportedFolders(t *testing.T) {
	l, erin, slug := sharer(t)
	const four = " chatlist=inputChatlistDialogFilter(4)"
	other := l.as("@erin")
	export := func(n int, peers string) string {
		return fmt.Sprintf("chatlists.exportChatlistInvite chatlist=inputChatlistDialogFilter(%d) title=x peers=[%s]", n, peers)
	}
	want(t, erin.do("chatlists.editExportedInvite"+four+fmt.Sprintf(` slug=%q title="For all" peers=[@harbour_news]`, slug)), ".title", `"For all"`, ".peers[0].channel_id", "3001")
	want(t, l.reborn().as("@erin").do("chatlists.getExportedInvites"+four), ".invites[0].title", `"For all"`, ".invites[0].peers[0].channel_id", "3001")
	edit := func(with string) string { return "chatlists.editExportedInvite" + four + " " + with }
	for _, c := range [][2]string{
		{export(9, "@harbour_news"), "400 FILTER_ID_INVALID"},
		{export(5, "@harbour_news"), "400 FILTER_NOT_SUPPORTED"},
		{export(4, ""), "400 PEERS_LIST_EMPTY"},
		{export(4, "@alice"), "400 PEER_ID_INVALID"},
		{export(6, `"Book club"`), "400 PEER_ID_INVALID"},
		{edit("slug=\"\""), "400 INVITE_SLUG_EMPTY"},
		{edit("slug=none"), "400 INVITE_SLUG_EXPIRED"},
		{edit(fmt.Sprintf("slug=%q peers=[]", slug)), "400 PEERS_LIST_EMPTY"},
		{"chatlists.editExportedInvite chatlist=inputChatlistDialogFilter(9) slug=none", "400 FILTER_ID_INVALID"},
		{"chatlists.editExportedInvite chatlist=inputChatlistDialogFilter(6) slug=none", "400 FILTER_NOT_SUPPORTED"},
		{"chatlists.deleteExportedInvite chatlist=inputChatlistDialogFilter(9) slug=none", "400 FILTER_ID_INVALID"},
		{"chatlists.deleteExportedInvite chatlist=inputChatlistDialogFilter(6) slug=none", "400 FILTER_NOT_SUPPORTED"},
		{"chatlists.deleteExportedInvite" + four + " slug=\"\"", "400 INVITE_SLUG_EMPTY"},
		{"chatlists.deleteExportedInvite" + four + " slug=none", "400 INVITE_SLUG_EXPIRED"},
		{"chatlists.getExportedInvites chatlist=inputChatlistDialogFilter(9)", "400 FILTER_ID_INVALID"},
		{"chatlists.checkChatlistInvite slug=\"\"", "400 INVITE_SLUG_EMPTY"},
		{"chatlists.checkChatlistInvite slug=none", "400 INVITE_SLUG_EXPIRED"},
		{"messages.updateDialogFilter id=4 filter=dialogFilter(id=4 groups=true title=textWithEntities(x []) pinned_peers=[] include_peers=[] exclude_peers=[])", "400 FILTER_NOT_SUPPORTED"},
	} {
		erin.fails(c[0], c[1])
	}
	// A shared folder can be edited; that there are links is the server's to say.
	erin.do("messages.updateDialogFilter id=4 filter=dialogFilterChatlist(id=4 title=textWithEntities(Better []) pinned_peers=[] include_peers=[@harbour_news])")
	want(t, other.next(), ".updates[0].filter.title.text", `"Better"`, ".updates[0].filter.has_my_invites", "true")
	second := slugOf(t, at(t, erin.do(export(4, "@harbour_news")), ".invite"))
	for range 98 {
		erin.do(export(4, "@harbour_news"))
	}
	erin.fails(export(4, "@harbour_news"), "400 INVITES_TOO_MUCH")
	if second == slug {
		t.Error("two links have one slug")
	}

	// Somebody without Premium has two shared folders at most, and Alice may write
	// in a room that is not hers to open.
	alice := l.as("@alice")
	folder := func(n int, peers string) string {
		return fmt.Sprintf("messages.updateDialogFilter id=%d filter=dialogFilter(id=%d title=textWithEntities(x []) pinned_peers=[] include_peers=[%s] exclude_peers=[])", n, n, peers)
	}
	alice.do(folder(2, `@harbour_news "Book club" "Sunday hikers"`))
	alice.fails(export(2, `"Book club"`), "400 CHAT_ADMIN_REQUIRED")
	alice.fails(export(2, `"Sunday hikers"`), "400 CHAT_ADMIN_REQUIRED")
	alice.fails("chatlists.editExportedInvite chatlist=inputChatlistDialogFilter(2) slug=x", "400 FILTER_NOT_SUPPORTED")
	link := slugOf(t, at(t, alice.do(export(2, "@harbour_news")), ".invite"))
	alice.fails(fmt.Sprintf(`chatlists.editExportedInvite chatlist=inputChatlistDialogFilter(2) slug=%q peers=["Book club"]`, link), "400 CHAT_ADMIN_REQUIRED")
	alice.do(folder(3, "@harbour_news"))
	alice.do(export(3, "@harbour_news"))
	alice.do(folder(4, "@harbour_news"))
	alice.fails(export(4, "@harbour_news"), "400 CHATLISTS_TOO_MUCH")
	alice.fails(fmt.Sprintf("chatlists.joinChatlistInvite slug=%q peers=[@harbour_news]", second), "400 CHATLISTS_TOO_MUCH")
	for _, method := range []string{"getChatlistUpdates", "hideChatlistUpdates", "getLeaveChatlistSuggestions"} {
		alice.fails("chatlists."+method+" chatlist=inputChatlistDialogFilter(2)", "400 FILTER_NOT_SUPPORTED")
		alice.fails("chatlists."+method+" chatlist=inputChatlistDialogFilter(9)", "400 FILTER_ID_INVALID")
	}
	alice.fails("chatlists.joinChatlistUpdates chatlist=inputChatlistDialogFilter(2) peers=[]", "400 FILTER_NOT_SUPPORTED")
	alice.fails("chatlists.joinChatlistUpdates chatlist=inputChatlistDialogFilter(9) peers=[]", "400 FILTER_ID_INVALID")
	alice.fails("chatlists.leaveChatlist chatlist=inputChatlistDialogFilter(4) peers=[]", "400 FILTER_NOT_SUPPORTED")
	alice.fails("chatlists.leaveChatlist chatlist=inputChatlistDialogFilter(3) peers=[\"Book club\"]", "400 PEER_ID_INVALID")

	// Without its last link it is a shared folder still, with the folder they go.
	alice.do(fmt.Sprintf("chatlists.deleteExportedInvite chatlist=inputChatlistDialogFilter(2) slug=%q", link))
	lacks(t, alice.do("messages.getDialogFilters"), ".filters[1].has_my_invites")
	erin.do("messages.updateDialogFilter id=4")
	alice.fails(fmt.Sprintf("chatlists.checkChatlistInvite slug=%q", second), "400 INVITE_SLUG_EXPIRED")
}

func TestJoinSharedFolder(t *testing.T) {
	l, erin, slug := sharer(t)
	carol := l.as("@carol")
	join := fmt.Sprintf("chatlists.joinChatlistInvite slug=%q", slug)
	carol.fails("chatlists.joinChatlistInvite slug=\"\" peers=[@harbour_news]", "400 INVITE_SLUG_EMPTY")
	carol.fails("chatlists.joinChatlistInvite slug=none peers=[@harbour_news]", "400 INVITE_SLUG_EXPIRED")
	carol.fails(join+" peers=[]", "400 FILTER_INCLUDE_EMPTY")
	carol.fails(join+" peers=[@bob]", "400 PEER_ID_INVALID")
	carol.fails(join+" peers=[\"Book club!\"]", "400 PEER_ID_INVALID")
	crowd(l, "@carol", maxChannels-1) // and one in which she is already
	carol.fails(join+" peers=[\"Book club\"]", "400 CHANNELS_TOO_MUCH")
	carol.do(join + " peers=[@harbour_news]")
	const two = " chatlist=inputChatlistDialogFilter(2)"
	carol.fails("chatlists.joinChatlistUpdates"+two+" peers=[]", "400 FILTER_INCLUDE_EMPTY")
	carol.fails("chatlists.joinChatlistUpdates"+two+" peers=[\"Book club\"]", "400 CHANNELS_TOO_MUCH")
	carol.fails("chatlists.exportChatlistInvite"+two+" title=x peers=[@harbour_news]", "400 FILTER_NOT_SUPPORTED")
	// Nor is there room for a folder, or for a supergroup in place of a group.
	dave := l.as("@dave_builds")
	for n := 2; n < 2+maxFilters; n++ {
		dave.do(fmt.Sprintf("messages.updateDialogFilter id=%d filter=dialogFilter(id=%d title=textWithEntities(x []) pinned_peers=[] include_peers=[\"Book club\"] exclude_peers=[])", n, n))
	}
	dave.fails(join+" peers=[\"Book club\"]", "400 FILTERS_TOO_MUCH")
	bob := l.as("@bob")
	bob.do("messages.updateDialogFilter id=2 filter=dialogFilter(id=2 title=textWithEntities(x []) pinned_peers=[] include_peers=[\"Sunday hikers\" @harbour_news] exclude_peers=[])")
	list := slugOf(t, at(t, bob.do("chatlists.exportChatlistInvite"+two+" title=x peers=[@harbour_news]"), ".invite"))
	crowd(l, "@bob", maxChannels-1)
	bob.fails("chatlists.exportChatlistInvite"+two+" title=x peers=[\"Sunday hikers\"]", "400 CHANNELS_TOO_MUCH")
	bob.fails(fmt.Sprintf("chatlists.editExportedInvite"+two+" slug=%q peers=[\"Sunday hikers\"]", list), "400 CHANNELS_TOO_MUCH")
	// The folder outlives the link.
	erin.do(fmt.Sprintf("chatlists.deleteExportedInvite chatlist=inputChatlistDialogFilter(4) slug=%q", slug))
	want(t, carol.do("chatlists.getChatlistUpdates"+two), ".missing_peers", "[]")
	carol.fails("chatlists.joinChatlistUpdates"+two+" peers=[\"Book club\"]", "400 PEER_ID_INVALID")
}

// crowd puts somebody into n channels more, behind the API's back.
func crowd(l *lab, name string, n int) {
	l.t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	p, err := l.world.lookup(name)
	if err != nil {
		l.t.Fatal(err)
	}
	c := l.actor(p)
	for range n {
		c.found(c.new("channel").With("title", tl.String("Crowded")).With("megagroup", tl.Bool(true)), channelPeer)
	}
}
