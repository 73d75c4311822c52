package sandbox

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"
)

const politeLines = `
manner @alice answers "hi" "Hello!" after 2s
manner @alice answers "" "Sorry?" after 5s
manner @alice types "hi" after 1s
manner @alice reads ""
manner @bob answers "hello" "Hello yourself"
manner @bob forwards "stove" @carol after 1m0s
manner @erin answers "read" "Page 90" in "Book club" after 3s
manner @erin reacts "" "👍" in -1000000003002 after 1s
manner @erin reads "" in "Book club"
`

// TestManners: people do what their manners say, in time's order, and nothing
// because of what manners did.
func TestManners(t *testing.T) {
	l := newLab(t, Config{World: village + politeLines, HoldManners: true})
	sam := l.as("@sam")
	sam.do(`messages.sendMessage peer=@alice message="Oh HI there"`)
	if n := l.Manners(); n != 3 {
		t.Errorf("want 3 things done, got %d", n)
	}
	want(t, sam.next(), ".updates[0].max_id", show(at(t, sam.do("messages.getHistory @alice limit=2"), ".messages[1].id")))
	want(t, sam.next(), ".update.user_id", "1002", ".update.action", "sendMessageTypingAction()")
	want(t, sam.next(), ".updates[0].message.message", `"Hello!"`)

	// Alice's answer to Bob calls for nothing, though Bob answers a hello.
	bob := l.as("@bob")
	bob.do(`messages.sendMessage peer=@alice message="hi"`)
	l.Manners()
	if n := l.Manners(); n != 0 {
		t.Errorf("manners answer each other: %d", n)
	}
	want(t, bob.do("messages.getHistory @alice limit=2"), ".messages[0].message", `"Hello!"`, ".messages[1].message", `"hi"`)

	sam.do(`messages.sendMessage peer=@bob message="Where is the stove?"`)
	l.Manners()
	want(t, l.as("@carol").do("messages.getHistory @bob limit=1"), ".messages[0].message", `"Where is the stove?"`, ".messages[0].fwd_from.from_id.user_id", "1001")

	sam.do(`messages.sendMessage peer="Book club" message="How far did you read?"`)
	l.Manners()
	v := sam.do(`messages.getHistory "Book club" limit=2`)
	want(t, v, ".messages[0].message", `"Page 90"`, ".messages[0].reply_to.reply_to_msg_id", show(at(t, v, ".messages[1].id")),
		".messages[1].reactions.results[0].count", "1")

	// What was deleted meanwhile is left alone.
	sam.do(`messages.sendMessage peer=@alice message="hi"`)
	sam.do("messages.deleteMessages revoke=true id=[" + sam.top("@alice") + "]")
	top := sam.top("@alice")
	l.Manners()
	if now := sam.top("@alice"); now != top {
		t.Errorf("a deleted message was answered: %s after %s", now, top)
	}
	if out, err := l.Command([]string{"manners", "now"}); err != nil || out != "0 things done\n" {
		t.Errorf("manners now: %q, %v", out, err)
	}
	if _, err := l.Command([]string{"manners", "later"}); err == nil {
		t.Error("manners later: want an error")
	}
	for range maxDeeds {
		sam.do(`messages.sendMessage peer=@alice message="again"`)
	}
	if n := l.Manners(); n != maxDeeds {
		t.Errorf("want %d things at most, got %d", maxDeeds, n)
	}
}

// TestMannersWords: what is waited for are words, not a piece of one.
func TestMannersWords(t *testing.T) {
	for _, c := range []struct {
		text, words string
		want        bool
	}{
		{"hi", "hi", true}, {"Hi, Alice!", "hi", true}, {"this, then HI", "hi", true}, {"this is the high road", "hi", false},
		{"hi5", "hi", false}, {"nothing", "", true}, {"", "", true}, {"", "hi", false}, {"Thank you all", "thank you", true}, {"thank youth", "thank you", false},
		{"And you?", "?", true}, {"a?b", "?", true}, {"/tides@weather_bot", "/tides", true}, {"/tidesheet", "/tides", false},
		{"naïveté", "naïvete", false}, {"Ünder", "ü", false}, {"ü!", "Ü", true}, {"привет, как дела", "привет", true}, {"приветы", "привет", false},
		{"don't", "don", true}, {"e\u0301t", "e", false}, {"\xff\xffhi\xff", "hi", true},
	} {
		if got := saysWords(c.text, c.words); got != c.want {
			t.Errorf("%q holds %q: %v", c.text, c.words, got)
		}
	}
}

// TestBannersManner: in the town inside, who does what the prompt says at its
// beginning is answered.
func TestBannersManner(t *testing.T) {
	l := newLab(t, Config{World: embeddedWorld, HoldManners: true})
	sam := l.as("@sam")
	sam.do(`messages.sendMessage peer=@alice message="hi"`)
	if n := l.Manners(); n != 2 {
		t.Errorf("want her to type and to answer, %d things were done", n)
	}
	want(t, sam.next(), ".update.action", "sendMessageTypingAction()")
	want(t, sam.next(), ".updates[0].message.peer_id", "peerUser(user_id=1002)")
}

// TestMannersInTime: without a hand they are done when their time has come, and
// not after the end.
func TestMannersInTime(t *testing.T) {
	l := newLab(t, Config{World: village + `
manner @alice answers "hi" "Hello!" after 1ms
manner @alice answers "later" "Hello again" after 1h
`})
	sam := l.as("@sam")
	sam.do(`messages.sendMessage peer=@alice message="later"`)
	sam.do(`messages.sendMessage peer=@alice message="hi"`)
	want(t, sam.next(), ".updates[0].message.message", `"Hello!"`)
	t.Cleanup(func() { // before the lab's, which ends Serve
		l.mu.Lock()
		defer l.mu.Unlock()
		if n := len(l.world.manners.due); n != 1 || time.Until(l.world.manners.due[0].at) < time.Minute {
			t.Errorf("one thing should wait, there are %d", n)
		}
	})
}

func TestMannersSaved(t *testing.T) {
	now := (&clock{t: start}).now
	s, err := New(Config{World: village + politeLines, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	var saved, again bytes.Buffer
	s.Save(&saved)
	for line := range strings.Lines(politeLines) {
		line = strings.Replace(line, `"Book club"`, "-1000000003002", 1)
		if line = strings.TrimSpace(line); !strings.Contains(saved.String(), line) {
			t.Errorf("not saved: %s", line)
		}
	}
	if s, err = New(Config{World: saved.String(), Now: now}); err != nil {
		t.Fatal(err)
	}
	s.Save(&again)
	if saved.String() != again.String() {
		t.Error("saved twice, it is not the same")
	}
}

func TestMannerWords(t *testing.T) {
	for line, want := range map[string]string{
		`manner @alice sings "hi"`:                        "want answers, forwards, reacts, reads, types, finds or pressed",
		`manner @alice answers "hi"`:                      "want what is said",
		`manner @alice answers`:                           "the text that is waited for",
		`manner @alice forwards "hi" @nobody`:             `there is no "@nobody"`,
		`manner @alice answers "hi" "x" after soon`:       "want a time as 2s",
		`manner @alice answers "hi" "x" after -1s`:        "want a time as 2s",
		`manner @alice answers "hi" "x" whenever`:         "want in ROOM, after TIME or keys ReplyMarkup",
		`manner @alice answers "hi" "x" in @bob`:          "not one of the people",
		`manner "Book club" answers "hi" "x"`:             "want one of the people",
		`manner @alice answers "hi" "x" after 1s after 2`: "want a time as 2s",
	} {
		_, err := New(Config{World: village + line})
		var we *WorldError
		if !errors.As(err, &we) || !strings.Contains(we.Errs.Err().Error(), want) {
			t.Errorf("%s: want %q, got %v", line, want, err)
		}
	}
}
