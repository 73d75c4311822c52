package sandbox

import (
	"strings"
	"testing"
)

func TestToggles(t *testing.T) {
	l, anna, berta, cleo, _, egon, _ := club(t)
	full := func(room string) string { return show(at(t, anna.do("channels.getFullChannel "+room), ".full_chat")) }
	for _, c := range []struct {
		room, method, on, off string
		flag                  string
	}{
		{"talk", "togglePreHistoryHidden", "enabled=true", "enabled=false", ""},
		{"club", "togglePreHistoryHidden", "enabled=false", "enabled=true", "hidden_prehistory"},
		{"talk", "toggleJoinToSend", "enabled=true", "enabled=false", "join_to_send"},
		{"talk", "toggleJoinRequest", "enabled=true", "enabled=false", "join_request"},
		{"club", "toggleAntiSpam", "enabled=true", "enabled=false", "antispam"},
		{"club", "toggleSlowMode", "seconds=60", "seconds=30", "slowmode_seconds"},
		{"@club_news", "toggleSignatures", "signatures_enabled=true", "", "signatures"},
	} {
		line := "channels." + c.method + " channel=" + c.room + " "
		if c.room == "talk" && c.flag == "" {
			anna.fails(line+c.on, "400 CHAT_LINK_EXISTS")
			continue
		}
		wrong := "@club_news"
		if c.method == "toggleSignatures" {
			wrong = "club"
		}
		anna.fails("channels."+c.method+" channel="+wrong+" "+c.on, "400 CHAT_ID_INVALID")
		cleo.fails("channels."+c.method+" channel="+map[bool]string{true: "club", false: c.room}[c.room != "@club_news"]+" "+c.on, "400 CHAT_ADMIN_REQUIRED")
		want(t, anna.do(line+c.on), ".updates[0]", "updateChannel(channel_id="+show(at(t, anna.do("channels.getFullChannel "+c.room), ".full_chat.id"))+")")
		anna.fails(line+c.on, "400 CHAT_NOT_MODIFIED")
		anna.do(line + c.off)
	}
	anna.fails("channels.toggleSlowMode channel=club seconds=7", "400 SECONDS_INVALID")
	anna.fails("channels.toggleJoinRequest channel=club enabled=true", "400 CHAT_PUBLIC_REQUIRED")
	anna.fails("channels.toggleParticipantsHidden channel=talk enabled=true", "400 PARTICIPANTS_TOO_FEW")
	anna.fails("channels.toggleParticipantsHidden channel=@club_news enabled=true", "400 CHAT_ID_INVALID")
	cleo.fails("channels.toggleParticipantsHidden channel=club enabled=false", "400 CHAT_ADMIN_REQUIRED")
	anna.do("channels.toggleParticipantsHidden channel=club enabled=false")
	anna.do("channels.createChannel title=forum about=x forum=true")
	anna.fails("channels.togglePreHistoryHidden channel=forum enabled=true", "400 FORUM_ENABLED")

	// Signatures name who posts.
	anna.do("channels.toggleSignatures channel=@club_news signatures_enabled=true profiles_enabled=true")
	want(t, berta.do("messages.sendMessage peer=@club_news message=signed"), ".updates[1].message.post_author", `"Bert"`)

	// The slow mode of the API holds as that of the knob does.
	if s := full("club"); !strings.Contains(s, "slowmode_seconds=30") {
		t.Errorf("slow mode: %s", s)
	}
	cleo.do("messages.sendMessage peer=club message=one")
	cleo.fails("messages.sendMessage peer=club message=two", "420 SLOWMODE_WAIT_30")
	l.command("slowmode", "1h", "club")
	if s := full("club"); !strings.Contains(s, "slowmode_seconds=3600") {
		t.Errorf("the knob goes before: %s", s)
	}
	l.command("slowmode", "off")
	if s := full("club"); !strings.Contains(s, "slowmode_seconds=30") {
		t.Errorf("the knob is off: %s", s)
	}
	anna.do("channels.toggleSlowMode channel=club seconds=0")
	cleo.do("messages.sendMessage peer=club message=two")

	// What must not be passed on.
	anna.do("messages.toggleNoForwards peer=club enabled=true")
	anna.fails("messages.toggleNoForwards peer=club enabled=true", "400 CHAT_NOT_MODIFIED")
	berta.fails("messages.toggleNoForwards peer=club enabled=false", "400 CHAT_ADMIN_REQUIRED")
	want(t, anna.do("messages.toggleNoForwards peer=walkers enabled=true"), ".chats[0].noforwards", "true", ".updates[0].chat_id", "10")
	berta.fails("messages.forwardMessages from_peer=club to_peer=me id=[1]", "400 CHAT_FORWARDS_RESTRICTED")
	egon.fails("channels.toggleSignatures channel=@club_news signatures_enabled=true", "400 CHAT_ADMIN_REQUIRED")
	l.roundTrip()
}

func TestDiscussionGroup(t *testing.T) {
	l, anna, berta, cleo, _, egon, _ := club(t)
	link := func(ch, g string) string { return "channels.setDiscussionGroup broadcast=" + ch + " group=" + g }
	want(t, anna.do("channels.getGroupsForDiscussion"), ".chats[0].title", `"walkers"`, ".chats[1].title", `"club"`)
	want(t, cleo.do("channels.getFullChannel @club_news"), ".full_chat.linked_chat_id", "22", ".chats[0].has_link", "true")
	egon.do("channels.getFullChannel talk") // what belongs to a public channel is public
	anna.fails(link("@club_news", "talk"), "400 LINK_NOT_MODIFIED")
	anna.fails(link("@club_news", "club"), "400 MEGAGROUP_PREHISTORY_HIDDEN")
	anna.fails(link("club", "talk"), "400 BROADCAST_ID_INVALID")
	anna.fails(link("@club_news", "@club_news"), "400 MEGAGROUP_ID_INVALID")
	anna.fails(link("inputChannelEmpty", "inputChannelEmpty"), "400 BROADCAST_ID_INVALID")
	anna.fails(link("inputChannelEmpty", "club"), "400 LINK_NOT_MODIFIED")
	berta.fails(link("@club_news", "talk"), "400 CHAT_ADMIN_REQUIRED")
	anna.do("channels.togglePreHistoryHidden channel=club enabled=false")
	anna.do("channels.createChannel title=topics about=x megagroup=true forum=true")
	anna.fails(link("@club_news", "topics"), "400 MEGAGROUP_ID_INVALID") // a forum has other places to talk
	anna.do(link("@club_news", "club"))
	want(t, cleo.do("channels.getFullChannel @club_news"), ".full_chat.linked_chat_id", "20")
	egon.fails("channels.getFullChannel talk", "400 CHANNEL_PRIVATE")
	want(t, anna.do("channels.getAdminLog channel=@club_news q=\"\" max_id=0 min_id=0 limit=1"), ".events[0].action",
		"channelAdminLogEventActionChangeLinkedChat(prev_value=22 new_value=20)")
	anna.do("channels.createChannel title=other about=x broadcast=true")
	anna.fails(link("other", "club"), "400 MEGAGROUP_ID_INVALID")
	anna.do(link("inputChannelEmpty", "club"))
	anna.fails(link("@club_news", "inputChannelEmpty"), "400 LINK_NOT_MODIFIED")
	l.roundTrip()
}

func TestChannelUsernames(t *testing.T) {
	l, anna, berta, _, _, egon, _ := club(t)
	want(t, anna.do("channels.checkUsername channel=club username=fresh_name"), "", "true")
	anna.fails("channels.checkUsername channel=club username=anna", "400 USERNAME_OCCUPIED")
	anna.fails("channels.checkUsername channel=club username=fre", "400 USERNAME_INVALID")
	anna.fails("channels.checkUsername channel=club username=four", "400 USERNAME_PURCHASE_AVAILABLE")
	update := func(name string) string { return "channels.updateUsername channel=club username=" + name }
	anna.fails(update("berta"), "400 USERNAME_OCCUPIED")
	anna.fails(update("b__"), "400 USERNAME_INVALID")
	anna.fails(update("four"), "400 USERNAME_PURCHASE_AVAILABLE")
	berta.fails(update("the_club"), "403 CHAT_ADMIN_REQUIRED")
	egon.fails("channels.getChannels [club]", "400 CHANNEL_PRIVATE")
	anna.do(update("the_club"))
	want(t, berta.nextOf("updateChannel"), ".channel_id", "20")
	anna.fails(update("the_club"), "400 USERNAME_NOT_MODIFIED")
	want(t, egon.do("contacts.resolveUsername the_club"), ".chats[0].username", `"the_club"`)
	anna.do(update("another"))
	egon.fails("contacts.resolveUsername the_club", "400 USERNAME_NOT_OCCUPIED")
	anna.do(update(`""`))
	egon.fails("channels.getChannels [club]", "400 CHANNEL_PRIVATE")
	want(t, anna.do("channels.getAdminLog channel=club q=\"\" max_id=0 min_id=0 limit=9"), ".events[0].action",
		`channelAdminLogEventActionChangeUsername(prev_value="another" new_value="")`)
	l.roundTrip()
}

const manyNames = clubWorld + `channel(id=30 title=rich broadcast=true photo=chatPhotoEmpty date=2026-01-01 usernames=[
  username(username=rich_one editable=true active=true) username(username=gold active=true) username(username=silver)])
members @rich_one [@anna @berta]
admin @rich_one @berta change_info
`

func TestCollectibleUsernames(t *testing.T) {
	l := newLab(t, Config{World: manyNames})
	anna, berta := l.as("@anna"), l.as("@berta")
	toggle := func(name, on string) string {
		return "channels.toggleUsername channel=rich username=" + name + " active=" + on
	}
	berta.fails(toggle("silver", "true"), "400 CHAT_ADMIN_REQUIRED")
	berta.fails("channels.reorderUsernames channel=rich order=[gold rich_one]", "400 CHAT_ADMIN_REQUIRED")
	berta.fails("channels.deactivateAllUsernames rich", "400 CHAT_ADMIN_REQUIRED")
	anna.fails(toggle("gold", "true"), "400 USERNAME_NOT_MODIFIED")
	anna.fails(toggle("anna", "true"), "400 USERNAME_INVALID")
	anna.do(toggle("silver", "true"))
	want(t, berta.do("contacts.resolveUsername silver"), ".chats[0].usernames[2]", `username(active=true username="silver")`)
	anna.fails("channels.reorderUsernames channel=rich order=[gold]", "400 ORDER_INVALID")
	anna.do("channels.reorderUsernames channel=rich order=[silver gold rich_one]")
	want(t, berta.do("channels.exportMessageLink channel=@club_news id=1"), ".link", `"https://t.me/club_news/1"`)
	want(t, anna.do("channels.getAdminLog channel=rich q=\"\" max_id=0 min_id=0 limit=1"), ".events[0].action.new_value", `["silver" "gold" "rich_one"]`)
	l.mu.Lock()
	p := l.world.find("rich")
	for _, n := range []string{"n_one", "n_two", "n_three", "n_four", "n_five", "n_six", "n_seven"} {
		l.world.assign(p, handle{n, false, true})
	}
	l.world.assign(p, handle{"n_last", false, false})
	l.mu.Unlock()
	anna.fails(toggle("n_last", "true"), "400 USERNAMES_ACTIVE_TOO_MUCH")
	l.roundTrip()
	anna.do("channels.deactivateAllUsernames rich")
	berta.fails("contacts.resolveUsername silver", "400 USERNAME_NOT_OCCUPIED")
}
