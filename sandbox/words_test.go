package sandbox

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// TestWordsWantMore: a command of a fixture that ends too early says what it wants,
// and where.
func TestWordsWantMore(t *testing.T) {
	for _, word := range wordNames() {
		_, err := New(Config{World: two + word + "\n", WorldFile: "f"})
		var we *WorldError
		if !errors.As(err, &we) || !strings.HasPrefix(we.Error(), "f:7:1: want ") || !strings.HasSuffix(strings.SplitN(we.Error(), "\n", 2)[0], "at the end of this line") {
			t.Errorf("%s alone: %v", word, err)
		}
	}
}

// townlet is what the lines below are about: two people, a bot, a group, a channel,
// a forum, a message in each, files.
const townlet = `user(id=1 first_name=A username=anna)
user(id=2 first_name=B username=berta)
user(id=3 first_name=R username=robo_bot bot=true bot_info_version=1)
chat(id=5 title="room" photo=chatPhotoEmpty participants_count=0 date=1 version=1)
channel(id=6 title="canal" broadcast=true photo=chatPhotoEmpty date=1)
channel(id=7 title="forum" megagroup=true forum=true photo=chatPhotoEmpty date=1)
members "room" [@anna]
members "canal" [@anna]
members "forum" [@anna @robo_bot]
contacts @anna [@berta]
message(id=1 from_id=@anna peer_id=@berta date=5 message=hi)
message(id=2 from_id=@anna peer_id="forum" date=6 message=hi)
message(id=3 from_id=@anna peer_id=@berta date=5 message="" media=messageMediaPoll(poll=poll(id=9 question=textWithEntities(q []) hash=0 answers=[pollAnswer(text=textWithEntities(y []) option=hex:01) pollAnswer(text=textWithEntities(n []) option=hex:02)]) results=pollResults))
document 50 2026-01-01 "text/plain" [] "text"
portrait 51 2026-01-01 paint 1 160 160
invite "forum" chatInviteExported(link="https://t.me/+abc" admin_id=1 date=1)
topic "forum" 2 "Two" 7322096
stickerset stickerSet(id=60 access_hash=0 title=S short_name=gulls count=0 hash=0) []
story @anna storyItem(id=1 date=1 expire_date=2 media=messageMediaPhoto(photo=photoEmpty(id=51)))
folder @anna dialogFilterChatlist(id=2 title=textWithEntities(F []) pinned_peers=[] include_peers=["canal"])
chatlist @anna 2 "slug" "" ["canal"]
`

// badWords are lines that cannot be: what they say, and at which column.
var badWords = []struct{ line, want string }{
	{"about @anna [text]", `13: want a text`},
	{"account @anna fast", `15: want ttl, sessions, silent or sensitive`},
	{"account @anna ttl soon", `19: want a number of days, a whole number`},
	{"admin forum @robo_bot flyy", `23: there is no right "flyy" (there are change_info`},
	{"admin forum @robo_bot ban_user", `23: there is no right "ban_user" (did you mean ban_users?)`},
	{"adminlog room 1 2026-01-01 @anna channelAdminLogEventActionParticipantJoin", "1: want a channel or supergroup, and numbers that grow"},
	{"adminlog forum 1 2026-01-01 @anna inputPeerSelf", "35: want a ChannelAdminLogEventAction"},
	{"approved forum [@berta]", `1: "B" is no member of it`},
	{"archive @anna canal", "15: want whose dialogs in [ ]"},
	{"available @anna forum x", "23: want "},
	{"banned forum @robo_bot chatBannedRights(view_messages=true until_date=0)", `1: "R" is a member: who is banned with view_messages is none`},
	{"banned forum @berta chatBannedRight(until_date=0)", "21: "},
	{"birthday @anna birthday(31 2)", "1: there is no such day"},
	{"blocked @anna @berta yesterday", "22: want a date as 2026-03-06T18:00, in UTC"},
	{"botcommands @anna botCommandScopeDefault en []", "1: want a bot"},
	{"botinfo @robo_bot en [x]", "22: want "},
	{"botmenu @robo_bot inputPeerSelf", "19: want a BotMenuButton"},
	{"botowner @robo_bot canal", "1: want one of the people, not a group or channel"},
	{"botrights @robo_bot chat chatAdminRights()", `21: want group or channel, not "chat"`},
	{"chatlist @anna 3 x y []", `1: "A" has no folder 3 that is shared above this line`},
	{"chatlist @anna 2 slug y []", `1: want a link of its own, not "slug"`},
	{"chatlist @anna 2 other y [@berta]", "1: want a group or channel, not one of the people"},
	{"closed @anna", "1: want a group or channel, not one of the people"},
	{"closefriends @anna [@robo_bot]", `1: "R" is not among the contacts of "A" above this line`},
	{"contactname @berta @anna x y", `1: "A" is not among the contacts of "B" above this line`},
	{"contactnote @anna @berta text", "26: "},
	{"contactphoto @anna @berta 52", "27: there is no portrait 52 above this line"},
	{"defaultttl @anna 7", "1: want whole days, in seconds, up to"},
	{"discussed 1 7", "1: there is no message 7 above this line"},
	{"discussion forum canal", "1: want a channel, and the supergroup where its posts are talked about"},
	{`document 50 2026-01-01 "text/plain" [] "text"`, "10: there is a file 50 already"},
	{`document 52 2026-01-01 "text/plain" [] text`, `40: want base64:…, hex:…, a "text" or paint SEED WIDTH HEIGHT`},
	{`document 52 2026-01-01 "text/plain" [] hex:0g`, "40: these are no bytes in hex"},
	{`document 52 2026-01-01 "text/plain" [] "text" "text"`, "1: the thumb is no picture in JPEG, PNG or GIF"},
	{"draft @anna @berta draftMessageEmpty()", "1: want draftMessage(…): where there is no draft, there is no line"},
	{"email @anna nobody", "13: want an e-mail address, as sam@example.org"},
	{"fallbackphoto @anna 50", "21: there is no portrait 50 above this line"},
	{"faved @anna [49]", "14: there is no document 49 above this line"},
	{"folder @anna dialogFilter(id=1 title=textWithEntities(x []) pinned_peers=[] include_peers=[] exclude_peers=[])", "1: want a folder with an id from 2 to 255"},
	{"folder @anna dialogFilterChatlist(id=2 title=textWithEntities(x []) pinned_peers=[] include_peers=[])", "1: there is a folder 2 already"},
	{"gifs @anna [x]", "13: there is no document x above this line"},
	{"globalprivacy @anna inputPeerSelf", "21: want a GlobalPrivacySettings"},
	{"heard 1 [canal]", "1: want one of the people, not a group or channel"},
	{"home @anna 9", "1: there are the data centres 1 to 5, not 9"},
	{`imported forum "https://t.me/+xyz" @berta 2026-01-01`, "16: the room has no such link above this line"},
	{`imported forum "https://t.me/+abc" @berta 2026-01-01 chatlis`, `54: there is no "chatlis" above this line`},
	{"invite forum chatInvitePublicJoinRequests", "1: want chatInviteExported"},
	{`invite forum chatInviteExported(link="https://t.me/+abc" admin_id=1 date=1)`, "1: want a link of its own, as"},
	{`invite forum chatInviteExported(link="https://t.me/+new" admin_id=9 date=1)`, "1: admin_id names nobody who stands above"},
	{"joined forum @berta 2026-01-01", `1: "B" is no member of it`},
	{"joined forum @anna 2026-13-01", "20: want a date as 2026-03-06T18:00, in UTC"},
	{"joinedlist @berta 2 slug [] []", `1: "B" has no folder 2 that is shared above this line`},
	{"laststory room 3", "1: a basic group has no stories"},
	{"left forum [@anna]", `1: "A" is a member, or has left already`},
	{`manner @anna sings ""`, `14: want answers, forwards, reacts, reads, types, finds or pressed, not "sings"`},
	{`manner @anna reads "" after soon`, `29: want a time as 2s or 500ms, not "soon"`},
	{`manner @anna reads "" upon 2s`, "23: want in ROOM, after TIME or keys ReplyMarkup"},
	{"marked @anna [@nobody]", `15: there is no "@nobody" above this line`},
	{"members forum [@anna]", `1: "A" is a member already`},
	{"mentions @anna forum 2", "22: want "},
	{"nobar @nobody []", `7: there is no "@nobody" above this line`},
	{"nonumber @anna [@robo_bot]", `1: "R" is not among the contacts of "A" above this line`},
	{"notify @anna nobody inputPeerNotifySettings()", `14: there is no "nobody" above this line`},
	{"ontop @anna [canal canals]", `20: there is no "canals" above this line`},
	{"orphan @anna", "1: want a group or channel, not one of the people"},
	{`password @anna ""`, "16: a password is not empty"},
	{`password @anna "x" hunt "y"`, `20: want hint "TEXT" or email "ADDRESS"`},
	{`phonebook @anna "999" "F" "L" now`, "31: want a date as"},
	{"photo forum photoEmpty(id=50)", "1: there is no picture 50 above this line"},
	{"photos @anna [50]", "15: there is no portrait 50 above this line"},
	{"picture 52 2026-01-01 paint 1 9000 20", "1: a picture is painted in 1 to 2560 pixels each way"},
	{`portrait 52 2026-01-01 "text"`, "1: this is no picture in JPEG, PNG or GIF that can be a photo"},
	{"pin 77", "1: there is no message 77 above this line"},
	{"privacy @anna PhoneNumbe []", `15: there is no privacy key "PhoneNumbe" (did you mean PhoneNumber?)`},
	{"privacy @anna PhoneNumber [inputPrivacyValueAllowAll]", "28: want a PrivacyRule"},
	{"promoted forum @berta @anna", `1: "B" is no member of it`},
	{`rank forum @anna "123456789012345678"`, `18: "123456789012345678" cannot be a title`},
	{"react 1 @anna smile", `15: "smile" is no reaction`},
	{"react 1 @anna 👍 huge", "17: want a date as 2026-03-06T18:00, in UTC, or big, or unread"},
	{"reactions forum inputPeerSelf", "17: want a ChatReactions"},
	{"reactionfavorite @anna x", `24: "x" is no reaction`},
	{"reactionrecent @anna 👍", "22: want "},
	{"readat @anna @berta [1]", "1: want "},
	{"recentstickers @anna [49]", "23: there is no document 49 above this line"},
	{"requested forum @anna 2026-01-01", `1: "A" is a member already`},
	{"savedontop @anna @berta", "18: want "},
	{"schedule @anna @berta messageEmpty(id=1)", "1: want message(…) with an id above 0"},
	{"serial many", "8: want "},
	{"showsnumber @anna [canal]", "1: want one of the people, not a group or channel"},
	{"slowmode forum 7", "1: the slow mode of a supergroup is one of"},
	{"stickers @anna terns 2026-01-01", `16: there is no sticker set "terns" above this line`},
	{"stickers @anna gulls 2026-01-01 hidden", "33: want archived, or nothing"},
	{"stickerset stickerSet(id=60 access_hash=0 title=S short_name=more count=0 hash=0) []", "1: there is a sticker set 60 already"},
	{"stored 49 2", "1: there is no photo or document 49 above this line"},
	{"storiesontop @anna 1", "20: want ids of stories in [ ]"},
	{"storiesread @anna room 1", "1: a basic group has no stories"},
	{"storieshidden @anna 1", "21: want whose dialogs in [ ]"},
	{"story @anna storyItem(id=1 date=1 expire_date=2 media=messageMediaEmpty)", "1: want a storyItem with an id that is not there yet"},
	{"storyalbum @anna 1 x [7]", "1: there is no story 7 above this line"},
	{"storyalbum @anna 0 x []", "1: want an album with an id from 1 on that is not there yet, and a name"},
	{"storyblocked @anna @berta never", "27: want a date as"},
	{"storyview @anna 7 @berta 2026-01-01", "1: there is no story 7 above this line"},
	{"threadread @anna 77 1", "1: there is no message 77 above this line"},
	{"toggled forum antispan", `15: there is no setting "antispan" (did you mean antispam?)`},
	{`token @anna "x"`, "1: only bots have tokens"},
	{`topic canal 2 "x" 1`, "1: the room has no message 2 above this line"},
	{`topic forum 2 "x" 1`, "1: this is a topic already"},
	{`topic forum 0 "x" 1 open`, "21: want closed or hidden"},
	{"topicpins forum [1]", "1: the room has no message 1 above this line"},
	{"topreset @anna correspondent @berta 2026-01-01", `16: there is no category "correspondent" (did you mean correspondents?)`},
	{"topsince @anna 2026-01-01 on", "27: want off, or nothing"},
	{"ttl @anna @berta 7", "1: want whole days, in seconds, up to"},
	{"verifier @anna hex:01 hex:02 hex:03", "1: this is no verifier of a password"},
	{"viewed 77 [@anna]", "1: there is no message 77 above this line"},
	{"vote 1 @anna [1]", "1: that message holds no poll"},
	{"vote 3 @anna [3]", "1: the poll has no answer 3: want 1 to 2"},
	{"vote 3 @anna []", "1: want one line, with at least one answer, for each who voted"},
}

// TestBadWords: what is wrong in a command of a fixture is told with its place and
// what would be right, for every command.
func TestBadWords(t *testing.T) {
	if _, err := New(Config{World: townlet, WorldFile: "f"}); err != nil {
		t.Fatal(err)
	}
	line := strings.Count(townlet, "\n") + 1
	bad := map[string]bool{}
	for _, c := range badWords {
		bad[strings.Fields(c.line)[0]] = true
		_, err := New(Config{World: townlet + c.line + "\n", WorldFile: "f"})
		if want := fmt.Sprintf("f:%d:%s", line, c.want); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s\nwant %s\ngot  %v", c.line, want, err)
		}
	}
	// TestBadFixtures has these.
	for _, word := range strings.Fields("now me contacts unread read box copies") {
		bad[word] = true
	}
	for _, word := range wordNames() {
		if !bad[word] {
			t.Errorf("no line shows how %s goes wrong", word)
		}
	}
}
