package sandbox

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tlsh/tl"
)

// privateBots is the village with bots in its rooms: one that hears what is for
// it, one that is an admin of the club, and one that wants all.
const privateBots = `
user(id=1060 first_name=Quiet username="quiet_bot" bot=true bot_info_version=1)
user(id=1061 first_name=Admin username="admin_bot" bot=true bot_info_version=1)
user(id=1062 first_name=Open username="open_bot" bot=true bot_info_version=1 bot_chat_history=true)
channel(id=3010 title="Bots' club" megagroup=true photo=chatPhotoEmpty date=2025-11-20T19:00)
members "Bots' club" [@erin @sam @quiet_bot @admin_bot @open_bot]
admin "Bots' club" @admin_bot delete_messages
chat(id=2010 title="Small" photo=chatPhotoEmpty participants_count=4 date=2026-01-11T10:00 version=1)
members "Small" [@erin @sam @quiet_bot @open_bot]
`

// heardUntil are the texts that are pushed to a client, up to that one.
func (c *client) heardUntil(last string) (texts []string) {
	c.lab.t.Helper()
	for len(texts) == 0 || texts[len(texts)-1] != last {
		for _, u := range at(c.lab.t, c.next(), ".updates").Vector().Items {
			if m := u.Object().At("message").Object(); m.Is("message") {
				texts = append(texts, m.At("message").AsString())
			}
		}
	}
	return texts
}

// TestPrivacyMode: what bots are told of in groups, live and in differences.
func TestPrivacyMode(t *testing.T) {
	for _, room := range []string{"Bots' club", "Small"} {
		t.Run(room, func(t *testing.T) {
			l := newLab(t, Config{World: village + privateBots})
			erin, quiet, open := l.as("@erin"), l.as("@quiet_bot"), l.as("@open_bot")
			ask := fmt.Sprintf("channels.getMessages channel=%q id=[1]", room)
			difference := fmt.Sprintf("updates.getChannelDifference channel=%q filter=channelMessagesFilterEmpty pts=1 limit=100", room)
			if room == "Small" {
				ask, difference = "messages.getMessages [1]", ""
			}
			say := func(text string, more ...string) {
				t.Helper()
				erin.do(fmt.Sprintf("messages.sendMessage peer=%q message=%q %s", room, text, strings.Join(more, " ")))
			}
			say("among us")
			say("/early")
			quiet.do(fmt.Sprintf("messages.sendMessage peer=%q message=first", room))
			say("/tides")
			say("/tides@open_bot now")
			say("/tides@quiet_bot now")
			say("hello @quiet_bot")
			say("/tides@open_bot, not @quiet_bot")
			say("a / b")
			open.do(fmt.Sprintf("messages.sendMessage peer=%q message=\"from a bot\"", room))
			say("/wind")
			theirs := l.idFor(t, "@erin", room, "from a bot")
			say("/tides@quiet_bot for you", fmt.Sprintf("reply_to=inputReplyToMessage(reply_to_msg_id=%d)", theirs))
			quiet.do(fmt.Sprintf("messages.sendMessage peer=%q message=mine", room))
			id := l.idFor(t, "@erin", room, "mine")
			say("answer", fmt.Sprintf("reply_to=inputReplyToMessage(reply_to_msg_id=%d)", id))
			want := []string{"/tides", "/tides@quiet_bot now", "hello @quiet_bot", "answer"}
			if got := quiet.heardUntil("answer"); !slices.Equal(got, want) {
				t.Errorf("a private bot hears %q, want %q", got, want)
			}
			all := []string{"among us", "/early", "/tides", "/tides@open_bot now", "/tides@quiet_bot now", "hello @quiet_bot",
				"/tides@open_bot, not @quiet_bot", "a / b", "/wind", "/tides@quiet_bot for you", "answer"}
			if got := open.heardUntil("answer"); !slices.Equal(got, all) {
				t.Errorf("an open bot hears %q, want %q", got, all)
			}
			quiet.do(ask)
			if difference == "" {
				return
			}
			admin := l.as("@admin_bot")
			var texts []string
			for _, m := range at(t, quiet.do(difference), ".new_messages").Vector().Items {
				texts = append(texts, m.Object().At("message").AsString())
			}
			if want := []string{"first", "/tides", "/tides@quiet_bot now", "hello @quiet_bot", "mine", "answer"}; !slices.Equal(texts, want) {
				t.Errorf("a private bot's difference has %q, want %q", texts, want)
			}
			if n := len(at(t, admin.do(difference), ".new_messages").Vector().Items); n != len(all)-1 { // pts 1 was the first
				t.Errorf("an admin's difference has %d messages", n)
			}
		})
	}
}

// idFor is the id that somebody has of the newest message with a text.
func (l *lab) idFor(t testing.TB, who, with, text string) int32 {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	p, err := l.world.lookup(who)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range slices.Backward(p.dialogs[l.world.find(with)].list.entries) {
		if v := e.base.At("message"); v.Kind() == tl.KindString && v.AsString() == text {
			return e.id
		}
	}
	t.Fatalf("%s has no message %q", who, text)
	return 0
}

func TestCommandIn(t *testing.T) {
	for text, want := range map[string]string{
		"/tides": "", "/tides now": "", "/tides@weather_bot": "weather_bot", "/tides@weather_bot, please": "weather_bot", "/tides\n": "", "/a@ b": "",
		"tides": "no", "/": "no", "/ a": "no", " /tides": "no", "": "no", "//": "no",
	} {
		name, ok := commandIn(text)
		if !ok {
			name = "no"
		}
		if name != want {
			t.Errorf("%q: want %q, got %q", text, want, name)
		}
	}
}
