package sandbox

import (
	"fmt"
	"strings"
	"testing"

	"tlsh/tl"
)

// dialogIDs are the ids of the dialogs of an answer, in their order; of the
// archive "archive".
func dialogIDs(t testing.TB, v tl.Value) string {
	t.Helper()
	var out []string
	for _, d := range at(t, v, ".dialogs").Vector().Items {
		if d.Object().Is("dialogFolder") {
			out = append(out, "archive")
			continue
		}
		out = append(out, fmt.Sprint(peerOf(d.Object().At("peer")).id))
	}
	return strings.Join(out, " ")
}

func TestPinnedDialogs(t *testing.T) {
	l := newLab(t, Config{World: village + "ontop @sam [@dave_builds]\n"})
	sam, other := l.as("@sam"), l.as("@sam")
	same := func(line, ids string) {
		t.Helper()
		if got := dialogIDs(t, sam.do(line)); got != ids {
			t.Errorf("%s: want %s, got %s", line, ids, got)
		}
	}
	same("messages.getDialogs folder_id=0 limit=3", "1005 1002 2001")
	same("messages.getDialogs exclude_pinned=true limit=2", "1002 2001")
	sam.do("messages.toggleDialogPin pinned=true peer=@carol")
	want(t, other.next(), ".updates[0].pinned", "true", ".updates[0].peer.peer.user_id", "1004")
	same("messages.getPinnedDialogs 0", "1004 1005")
	same("messages.getDialogs limit=3", "1004 1005 1002")
	// The page behind those on top.
	same("messages.getDialogs offset_date=1772500000 offset_peer=@carol limit=1", "1001")
	sam.do("messages.reorderPinnedDialogs folder_id=0 order=[@dave_builds]")
	want(t, other.next(), ".updates[0].order[1].peer.user_id", "1004")
	same("messages.getPinnedDialogs 0", "1005 1004")
	again := l.reborn()
	if got := dialogIDs(t, again.as("@sam").do("messages.getPinnedDialogs 0")); got != "1005 1004" {
		t.Errorf("after saving: %s", got)
	}
	sam.do("messages.reorderPinnedDialogs force=true folder_id=0 order=[@alice]")
	same("messages.getPinnedDialogs 0", "1002")
	sam.do("messages.toggleDialogPin peer=@alice")
	same("messages.getPinnedDialogs 0", "")
	sam.do("messages.toggleDialogPin peer=@alice")
	sam.fails("messages.toggleDialogPin pinned=true peer=@erin", "400 PEER_HISTORY_EMPTY")
	sam.fails("messages.toggleDialogPin pinned=true peer=inputDialogPeerFolder(1)", "400 FOLDER_ID_INVALID")
	sam.fails("messages.getPinnedDialogs 2", "400 FOLDER_ID_INVALID")
	sam.fails("messages.reorderPinnedDialogs folder_id=2 order=[]", "400 FOLDER_ID_INVALID")
	for _, p := range []string{"@alice", "@bob", "@carol", "@dave_builds", "@harbour_news"} {
		sam.do("messages.toggleDialogPin pinned=true peer=" + p)
	}
	sam.fails("messages.toggleDialogPin pinned=true peer=me", "400 PINNED_DIALOGS_TOO_MUCH")
	sam.fails("messages.reorderPinnedDialogs folder_id=0 order=[me @alice]", "400 PINNED_DIALOGS_TOO_MUCH")
}

func TestArchive(t *testing.T) {
	l := newLab(t, Config{})
	sam, other := l.as("@sam"), l.as("@sam")
	sam.do("messages.toggleDialogPin pinned=true peer=@bob")
	other.next()
	res := sam.do("folders.editPeerFolders [inputFolderPeer(@bob 1) inputFolderPeer(@alice 1)]")
	want(t, res, ".updates[0].folder_peers[1].peer.user_id", "1002", ".updates[0].pts_count", "1")
	want(t, other.next(), ".updates[0].folder_peers[0].folder_id", "1")
	if got := dialogIDs(t, sam.do("messages.getDialogs folder_id=1")); got != "1002 1003" {
		t.Errorf("archive: %s", got)
	}
	if got := dialogIDs(t, sam.do("messages.getDialogs folder_id=0")); !strings.HasPrefix(got, "archive 2001") || strings.Contains(got, "1002") {
		t.Errorf("all others: %s", got)
	}
	want(t, sam.do("messages.getDialogs"), ".dialogs[0].folder_id", "1", ".dialogs[0].peer.user_id", "1002")
	want(t, sam.do("messages.getPinnedDialogs 0"), ".dialogs[0].unread_unmuted_messages_count", "2", ".dialogs[0].unread_unmuted_peers_count", "1")
	if got := dialogIDs(t, sam.do("messages.getPeerDialogs [inputDialogPeerFolder(1)]")); got != "1002 1003" {
		t.Errorf("the archive as one: %s", got)
	}
	if got := dialogIDs(t, l.reborn().as("@sam").do("messages.getDialogs folder_id=1")); got != "1002 1003" {
		t.Errorf("after saving: %s", got)
	}
	want(t, sam.do("folders.editPeerFolders [inputFolderPeer(@bob 1)]"), ".updates", "[]")
	sam.fails("folders.editPeerFolders [inputFolderPeer(@bob 3)]", "400 FOLDER_ID_INVALID")
	sam.fails("messages.getPeerDialogs [inputDialogPeerFolder(7)]", "400 FOLDER_ID_INVALID")
}

func TestUnreadMarks(t *testing.T) {
	l := newLab(t, Config{World: village + "marked @sam [@bob]\n"})
	sam, other := l.as("@sam"), l.as("@sam")
	sam.do("messages.markDialogUnread unread=true peer=@harbour_news")
	want(t, other.next(), ".updates[0].unread", "true", ".updates[0].peer.peer.channel_id", "3001")
	want(t, sam.do("messages.getDialogUnreadMarks"), "[0].peer.user_id", "1003", "[1].peer.channel_id", "3001")
	want(t, l.reborn().as("@sam").do("messages.getDialogUnreadMarks"), "[1].peer.channel_id", "3001")
	sam.do("channels.readHistory @harbour_news max_id=0")
	sam.do("messages.readHistory @bob max_id=0")
	want(t, sam.do("messages.getDialogUnreadMarks"), "", "[]")
	sam.fails("messages.markDialogUnread unread=true peer=inputDialogPeerFolder(1)", "400 FOLDER_ID_INVALID")
}

func TestFolders(t *testing.T) {
	const title = `title=textWithEntities("Near" [])`
	l := newLab(t, Config{World: village + "folder @sam dialogFilter(id=5 " + title + " pinned_peers=[@bob] include_peers=[\"Sunday hikers\"] exclude_peers=[])\n"})
	sam, other := l.as("@sam"), l.as("@sam")
	want(t, sam.do("messages.getDialogFilters"), ".filters[0]", "dialogFilterDefault()", ".filters[1].id", "5", ".filters[1].include_peers[0].chat_id", "2001")
	sam.do("messages.updateDialogFilter id=2 filter=dialogFilter(id=2 contacts=true " + title + " pinned_peers=[] include_peers=[@carol] exclude_peers=[])")
	v := other.next()
	want(t, v, ".updates[0].id", "2")
	// The peers in it can be used in requests as they are.
	bob := at(t, sam.do("messages.getDialogFilters"), ".filters[1].pinned_peers[0]")
	req := sam.bind("messages.getHistory @alice").With("peer", bob)
	if _, err := sam.send(req); err != nil {
		t.Error(err)
	}
	sam.do("messages.updateDialogFiltersOrder [2 0]")
	want(t, other.next(), ".updates[0].order", "[2 0]")
	want(t, l.reborn().as("@sam").do("messages.getDialogFilters"), ".filters[0].id", "2", ".filters[1]", "dialogFilterDefault()", ".filters[2].id", "5")
	sam.do("messages.updateDialogFilter id=5")
	want(t, sam.do("messages.getDialogFilters"), ".filters[-1]", "dialogFilterDefault()")
	want(t, sam.do("messages.getSuggestedDialogFilters"), "", "[]")
	one := func(id int) string {
		return fmt.Sprintf("messages.updateDialogFilter id=%d filter=dialogFilter(id=%d groups=true %s pinned_peers=[] include_peers=[] exclude_peers=[])", id, id, title)
	}
	for _, c := range [][2]string{
		{"messages.updateDialogFilter id=9", "400 FILTER_ID_INVALID"},
		{one(1), "400 FILTER_ID_INVALID"},
		{"messages.updateDialogFilter id=9 filter=dialogFilter(id=9 " + title + " pinned_peers=[] include_peers=[] exclude_peers=[])", "400 FILTER_INCLUDE_EMPTY"},
		{`messages.updateDialogFilter id=9 filter=dialogFilter(id=9 groups=true title=textWithEntities("" []) pinned_peers=[] include_peers=[] exclude_peers=[])`, "400 FILTER_TITLE_EMPTY"},
		{"messages.updateDialogFilter id=9 filter=dialogFilterChatlist(id=9 " + title + " pinned_peers=[] include_peers=[])", "400 FILTER_NOT_SUPPORTED"},
		{"messages.updateDialogFilter id=9 filter=dialogFilter(id=9 " + title + " pinned_peers=[] include_peers=[" + repeat("@bob ", 101) + "] exclude_peers=[])", "400 INCLUDE_TOO_MUCH"},
	} {
		sam.fails(c[0], c[1])
	}
	for id := 10; id < 19; id++ {
		sam.do(one(id))
	}
	sam.fails(one(19), "400 FILTERS_TOO_MUCH")
}
