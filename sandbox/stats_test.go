package sandbox

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"

	"tlsh/tl"
)

// statsWorld is the club with a history to count: of the week before the moment that
// it describes, and of the week before that.
const statsWorld = clubWorld + `
channel(id=23 title="Open" username=open_news broadcast=true photo=chatPhotoEmpty date=2026-01-01)
members @open_news [@berta @anna]
joined @club_news @cleo 2026-03-04T10:00 @berta
message(id=60 from_id=@anna peer_id=@club_news date=2026-02-25 message="old" views=100 forwards=2)
message(id=61 from_id=@anna peer_id=@club_news date=2026-03-05T10:00 message="new" views=30 forwards=4)
react 61 @cleo 👍 2026-03-05T11:00
notify @cleo @club_news inputPeerNotifySettings(mute_until=1893456000)
story @club_news storyItem(id=1 date=2026-03-06T08:00 expire_date=2026-03-07T08:00 media=messageMediaUnsupported) @anna
storyview @club_news 1 @cleo 2026-03-06T09:00 ❤
storyview @club_news 1 @berta 2026-03-06T09:30
`

// double is how show writes one.
func double(x float64) string { return fmt.Sprintf("double:%016x", math.Float64bits(x)) }

// figures is how show writes a StatsAbsValueAndPrev.
func figures(current, previous float64) string {
	return "statsAbsValueAndPrev(current=" + double(current) + " previous=" + double(previous) + ")"
}

// chartOf is a graph's columns by the names of their lines.
func chartOf(t testing.TB, v tl.Value) (columns map[string][]int64) {
	t.Helper()
	var chart struct {
		Columns [][]any
		Types   map[string]string
		Names   map[string]string
		Colors  map[string]string
	}
	if err := json.Unmarshal([]byte(at(t, v, ".json.data").AsString()), &chart); err != nil {
		t.Fatal(err)
	}
	columns = map[string][]int64{}
	for _, c := range chart.Columns {
		id := c[0].(string)
		name := chart.Names[id]
		if id == "x" {
			name = id
		} else if chart.Colors[id] == "" {
			t.Errorf("%s has no color", id)
		}
		if chart.Types[id] == "" || name == "" {
			t.Errorf("%s is of the type %q and called %q", id, chart.Types[id], name)
		}
		for _, n := range c[1:] {
			columns[name] = append(columns[name], int64(n.(float64)))
		}
	}
	return columns
}

func wantColumn(t testing.TB, columns map[string][]int64, name, want string) {
	t.Helper()
	if got := fmt.Sprint(columns[name]); got != want {
		t.Errorf("%s: want %s, got %s", name, want, got)
	}
}

// TestBroadcastStats: the figures of a channel are those of its world.
func TestBroadcastStats(t *testing.T) {
	l := newLab(t, Config{World: statsWorld})
	anna, cleo := l.as("@anna"), l.as("@cleo")
	want(t, anna.do("channels.getFullChannel @club_news"), ".full_chat.can_view_stats", "true")
	lacks(t, cleo.do("channels.getFullChannel @club_news"), ".full_chat.can_view_stats")
	cleo.fails("stats.getBroadcastStats @club_news", "403 CHAT_ADMIN_REQUIRED")
	anna.fails("stats.getBroadcastStats club", "400 BROADCAST_REQUIRED")
	anna.fails("stats.getBroadcastStats @club_news!", "400 CHANNEL_INVALID")

	v := anna.do("stats.getBroadcastStats @club_news")
	want(t, v, ".period.max_date", "1772820000", ".period.min_date", "1772215200",
		".followers", figures(3.0, 2.0),
		".views_per_post", figures(15.0, 100.0), // "post" has no views
		".shares_per_post", figures(2.0, 2.0),
		".reactions_per_post", figures(0.5, 0.0),
		".views_per_story.current", double(2.0), ".reactions_per_story.current", double(1.0), ".shares_per_story.current", double(0.0),
		".enabled_notifications", "statsPercentValue(part="+double(2)+" total="+double(3)+")",
		".recent_posts_interactions[0]", "postInteractionCountersMessage(msg_id=3 views=30 forwards=4 reactions=1)",
		".recent_posts_interactions[2]", "postInteractionCountersStory(story_id=1 views=2 forwards=0 reactions=1)",
		".languages_graph", `statsGraphError(error="Not enough data to display.")`)
	growth := chartOf(t, at(t, v, ".growth_graph"))
	wantColumn(t, growth, "Followers", "[2 2 2 2 2 3 3 3]")
	if x := growth["x"]; time.UnixMilli(x[0]).UTC().Format(time.DateTime) != "2026-02-27 00:00:00" {
		t.Errorf("the first day is %v", time.UnixMilli(x[0]).UTC())
	}
	wantColumn(t, chartOf(t, at(t, v, ".followers_graph")), "Joined", "[0 0 0 0 0 1 0 0]")
	wantColumn(t, chartOf(t, at(t, v, ".story_interactions_graph")), "Views", "[0 0 0 0 0 0 0 2]")
	if show(at(t, anna.do("stats.getBroadcastStats @club_news dark=true"), ".growth_graph")) == show(at(t, v, ".growth_graph")) {
		t.Error("the dark graph has the colors of the light one")
	}

	// Who leaves was there before; since when, the channel does not keep.
	l.clock.add(24 * time.Hour)
	cleo.do("channels.leaveChannel @club_news")
	v = anna.do("stats.getBroadcastStats @club_news")
	want(t, v, ".followers", figures(2.0, 3.0))
	wantColumn(t, chartOf(t, at(t, v, ".followers_graph")), "Left", "[0 0 0 0 0 0 0 1]")
}

// TestMegagroupStats: who was the most active in a supergroup.
func TestMegagroupStats(t *testing.T) {
	l := newLab(t, Config{World: clubWorld})
	anna, berta, cleo := l.as("@anna"), l.as("@berta"), l.as("@cleo")
	cleo.fails("stats.getMegagroupStats club", "403 CHAT_ADMIN_REQUIRED")
	anna.fails("stats.getMegagroupStats @club_news", "400 MEGAGROUP_REQUIRED")
	anna.do("messages.sendMessage club abcd")
	anna.do("messages.sendMessage club ab")
	cleo.do("channels.readHistory club max_id=5")
	berta.do("channels.deleteMessages club [1]")
	berta.do("channels.editBanned club @cleo chatBannedRights(send_media=true send_plain=true until_date=0)")
	berta.do("channels.editBanned club @fritz chatBannedRights(view_messages=true until_date=0)")
	anna.do("channels.inviteToChannel club [@egon]")
	v := berta.do("stats.getMegagroupStats club")
	want(t, v, ".members", figures(5.0, 5.0), ".messages", figures(4.0, 0.0),
		".posters.current", double(3.0), ".viewers.current", double(3.0),
		".top_posters[0]", "statsGroupTopPoster(user_id=1 messages=2 avg_chars=3)", ".top_posters[1].user_id", "2",
		".top_admins", "[statsGroupTopAdmin(user_id=2 deleted=1 kicked=1 banned=1)]",
		".top_inviters", "[statsGroupTopInviter(user_id=1 invitations=1)]", ".users[0].id", "1")
	wantColumn(t, chartOf(t, at(t, v, ".messages_graph")), "Messages", "[0 0 0 1 1 0 0 2]")
	wantColumn(t, chartOf(t, at(t, v, ".actions_graph")), "Actions of administrators", "[0 0 0 0 0 0 1 3]")
	wantColumn(t, chartOf(t, at(t, v, ".members_graph")), "Left", "[0 0 0 0 0 0 0 1]")
	wantColumn(t, chartOf(t, at(t, v, ".growth_graph")), "Members", "[5 5 5 5 5 5 5 5]")
}

// TestMessageStats: where a post was passed on in public.
func TestMessageStats(t *testing.T) {
	l := newLab(t, Config{World: statsWorld})
	anna, berta, cleo := l.as("@anna"), l.as("@berta"), l.as("@cleo")
	for _, method := range []string{"stats.getMessageStats", "stats.getMessagePublicForwards"} {
		cleo.fails(method+" @club_news 3", "400 CHAT_ADMIN_REQUIRED")
		anna.fails(method+" @club_news 99", "400 MESSAGE_ID_INVALID")
	}
	want(t, anna.do("stats.getMessageStats @club_news 3"), ".views_graph", `statsGraphError(error="Not enough data to display.")`)
	want(t, anna.do("stats.getMessagePublicForwards @club_news 3"), ".count", "0")
	for range 2 {
		berta.do("messages.forwardMessages from_peer=@club_news id=[3] to_peer=@open_news")
	}
	berta.do("messages.forwardMessages from_peer=@club_news id=[3] to_peer=@anna")
	berta.do("messages.forwardMessages from_peer=@club_news id=[3] to_peer=club")
	page := anna.do("stats.getMessagePublicForwards @club_news 3 limit=1")
	want(t, page, ".count", "2", ".forwards[0].message.peer_id", "peerChannel(channel_id=23)", ".forwards[0].message.fwd_from.channel_post", "3")
	rest := anna.do("stats.getMessagePublicForwards @club_news 3 limit=5 offset=" + show(at(t, page, ".next_offset")))
	lacks(t, rest, ".next_offset")
	if n := len(at(t, rest, ".forwards").Vector().Items); n != 1 {
		t.Errorf("the second page has %d", n)
	}
	anna.fails("stats.getMessagePublicForwards @club_news 3 offset=x", "400 OFFSET_INVALID")
}
