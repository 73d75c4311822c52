package sandbox

import (
	"strings"
	"testing"

	"tlsh/tl"
)

var tlTrue = tl.Bool(true)

// clubWorld has one of each kind of members.
const clubWorld = `now 2026-03-06T18:00
user(id=1 first_name=Ann username=anna phone="1")
user(id=2 first_name=Bert username=berta phone="2")
user(id=3 first_name=Cleo username=cleo phone="3")
user(id=4 first_name=Dina username=dinah phone="4")
user(id=5 first_name=Egon username=egon phone="5")
user(id=6 first_name=Fritz username=fritz phone="6" status=userStatusOnline(expires=2026-03-06T18:05))
user(id=7 first_name=Robo username=robo_bot bot=true bot_info_version=1)
contacts @anna [@berta @cleo]
chat(id=10 title="walkers" photo=chatPhotoEmpty participants_count=0 date=2026-01-01 version=1)
members "walkers" [@anna @berta @cleo]
channel(id=20 title="club" megagroup=true photo=chatPhotoEmpty date=2026-01-01 default_banned_rights=chatBannedRights(pin_messages=true change_info=true until_date=0))
members "club" [@anna @berta @cleo @fritz @robo_bot]
joined "club" @cleo 2026-02-03 @berta
admin "club" @berta change_info ban_users invite_users delete_messages add_admins manage_topics
rank "club" @berta "second"
banned "club" @cleo chatBannedRights(send_media=true send_polls=true until_date=2026-03-10) @berta 2026-03-01
banned "club" @dinah chatBannedRights(view_messages=true until_date=0)
left "club" [@egon]
slowmode "club" 30
toggled "club" hidden_prehistory participants_hidden
channel(id=21 title="news" username=club_news broadcast=true photo=chatPhotoEmpty date=2026-01-01)
members @club_news [@anna @berta @cleo]
admin @club_news @berta post_messages invite_users
channel(id=22 title="talk" megagroup=true photo=chatPhotoEmpty date=2026-01-01 default_banned_rights=chatBannedRights(send_polls=true until_date=0))
members "talk" [@anna @berta]
discussion @club_news "talk"
adminlog "club" 4 2026-03-05T12:00 @berta channelAdminLogEventActionChangeTitle(prev_value="old" new_value="club")
message(id=1 from_id=@anna peer_id="club" date=2026-03-01 message="one")
message(id=2 from_id=@berta peer_id="club" date=2026-03-02 message="two")
message(id=3 from_id=@cleo peer_id="club" date=2026-03-03 message="three")
message(id=4 from_id=@anna peer_id=@club_news date=2026-03-03 message="post")
message(id=5 from_id=@anna peer_id="walkers" date=2026-03-03 message="walk")
available @cleo "club" 1
`

func TestRoomWords(t *testing.T) {
	l := newLab(t, Config{World: clubWorld})
	first := saved(t, l)
	if second := saved(t, newLab(t, Config{World: first})); second != first {
		t.Errorf("saved:\n%s\nsaved again:\n%s", first, second)
	}
	for _, line := range []string{"left -1000000000020 [ @egon ]", "slowmode -1000000000020 30", `rank -1000000000020 @berta "second"`,
		"discussion @club_news -1000000000022", "available @cleo -1000000000020 1", "until_date=2026-03-10T00:00:00) @berta 2026-03-01T00:00:00"} {
		if !strings.Contains(first, line) {
			t.Errorf("the saved world has no %s:\n%s", line, first)
		}
	}
	for line, want := range map[string]string{
		`joined "club" @dinah 2026-01-01`:                                       "is no member of it",
		`joined "club" @cleo soon`:                                              "want a date as",
		`promoted "club" @egon @anna`:                                           "is no member of it",
		`rank "club" @berta "this is much too long"`:                            "cannot be a title",
		`banned "club" @cleo chatBannedRights(view_messages=true until_date=0)`: "is a member",
		`banned "club" @cleo chatAdminRights`:                                   "want a ChatBannedRights",
		`left "club" [@anna]`:                                                   "is a member, or has left",
		`slowmode "club" 7`:                                                     "is one of",
		`toggled "club" antispan`:                                               "there is no setting",
		`discussion "club" "talk"`:                                              "want a channel, and the supergroup",
		`discussion @club_news "club"`:                                          "linked already",
		`photo "club" chatPhotoEmpty`:                                           "want a Photo",
		`adminlog "club" 4 2026-03-05 @berta channelAdminLogEventActionParticipantJoin`: "numbers that grow",
	} {
		if _, err := New(Config{World: clubWorld + line + "\n"}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: want %s, got %v", line, want, err)
		}
	}
}

// TestStanding: everybody sees the room as what they are in it.
func TestStanding(t *testing.T) {
	l := newLab(t, Config{World: clubWorld})
	chat := func(name, ref string) string {
		l.mu.Lock()
		defer l.mu.Unlock()
		p, _ := l.world.lookup(name)
		return show(viewer{l.world, p}.chat(l.world.room[l.world.find(ref)]))
	}
	for _, c := range []struct{ name, ref, want string }{
		{"@anna", "club", "creator=true"},
		{"@berta", "club", "admin_rights=chatAdminRights(change_info=true"},
		{"@cleo", "club", "banned_rights=chatBannedRights(send_media=true"},
		{"@dinah", "club", "channelForbidden(megagroup=true"},
		{"@egon", "club", "left=true"},
		{"@egon", "talk", "channelForbidden("},
		{"@egon", "club_news", "left=true"},
		{"@egon", "walkers", "chatForbidden("},
		{"@cleo", "club", "slowmode_enabled=true"},
		{"@cleo", "club_news", "has_link=true"},
	} {
		if got := chat(c.name, c.ref); !strings.Contains(got, c.want) {
			t.Errorf("%s sees of %s\n%s\nwant %s", c.name, c.ref, got, c.want)
		}
	}
	// A ban ends by itself.
	l.clock.add(5 * 24 * 3600e9)
	l.as("@cleo")
	if got := chat("@cleo", "club"); strings.Contains(got, "banned_rights=chatBannedRights(send_media") {
		t.Errorf("a ban that is over still shows: %s", got)
	}
}

// TestWritable: who may write what, where.
func TestWritable(t *testing.T) {
	l := newLab(t, Config{World: clubWorld})
	people := map[string]*person{}
	for _, n := range []string{"@anna", "@berta", "@cleo", "@egon", "@fritz"} {
		people[n], _ = l.world.lookup(n)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.world.now = int32(start.Unix())
	for _, c := range []struct{ name, ref, kind, want string }{
		{"@anna", "club", "send_photos", "ok"},
		{"@cleo", "club", "send_plain", "ok"},
		{"@cleo", "club", "send_photos", "403 CHAT_SEND_MEDIA_FORBIDDEN"},
		{"@fritz", "club", "send_polls", "ok"},
		{"@egon", "club", "send_plain", "403 CHAT_WRITE_FORBIDDEN"},
		{"@cleo", "club_news", "send_plain", "400 CHAT_ADMIN_REQUIRED"},
		{"@egon", "club_news", "send_plain", "403 CHAT_WRITE_FORBIDDEN"},
		{"@berta", "club_news", "send_plain", "ok"},
		{"@berta", "talk", "send_polls", "403 CHAT_SEND_POLL_FORBIDDEN"},
		{"@anna", "talk", "send_polls", "ok"},
		{"@egon", "talk", "send_plain", "ok"}, // a comment
	} {
		call := &call{viewer: viewer{l.world, people[c.name]}, s: l.Sandbox}
		got := "ok"
		if err := call.writable(l.world.find(c.ref), c.kind); err != nil {
			got = rpcError(err)
		}
		if got != c.want {
			t.Errorf("%s sends %s to %s: want %s, got %s", c.name, c.kind, c.ref, c.want, got)
		}
	}
	talk, club := l.world.room[l.world.find("talk")], l.world.room[l.world.find("club")]
	try := func(name string, r *room) string {
		call := &call{viewer: viewer{l.world, people[name]}, s: l.Sandbox}
		if err := call.writable(r.peer); err != nil {
			return rpcError(err)
		}
		return "ok"
	}
	talk.def.With("join_to_send", tlTrue)
	if got := try("@egon", talk); got != "403 CHAT_GUEST_SEND_FORBIDDEN" {
		t.Errorf("a guest where one has to join: %s", got)
	}
	club.setBan(&ban{person: people["@cleo"], rights: l.world.new("chatBannedRights").With("send_messages", tlTrue)})
	if got := try("@cleo", club); got != "400 CHAT_RESTRICTED" {
		t.Errorf("a restricted member: %s", got)
	}
	club.def.With("default_banned_rights", l.world.new("chatBannedRights").With("send_messages", tlTrue).Value())
	if got := try("@fritz", club) + try("@berta", club); got != "403 CHAT_WRITE_FORBIDDENok" {
		t.Errorf("a group where only admins write: %s", got)
	}
}
