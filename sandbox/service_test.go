package sandbox

import (
	"fmt"
	"testing"
	"time"
)

// TestCodeInTheApp: the code of a sign-in comes as a message to the sessions that
// are there, and stays where it was sent to; who signs in by SMS gets none.
func TestCodeInTheApp(t *testing.T) {
	l := newLabWithKey(t, Config{World: guarded})
	sam := l.as("@sam")
	c := l.newcomer(2)
	hash := c.code("9996621001")
	news := sam.next()
	want(t, news, ".updates[0].message.peer_id.user_id", "777000", ".updates[0].message.entities[0].length", "11",
		".users[0].first_name", `"Telegram"`, ".users[0].support", "true")
	text := at(t, news, ".updates[0].message.message").AsString()
	var code string
	if n, err := fmt.Sscanf(text, "Login code: %5s.", &code); n != 1 || err != nil || code != l.LoginCode() {
		t.Fatalf("no code in %q", text)
	}
	c.who = l.world.byID[1001]
	c.do(signInLine("9996621001", hash, fmt.Sprintf(`phone_code="%s"`, code)))
	want(t, c.do("messages.getDialogs limit=1"), ".dialogs[0].peer.user_id", "777000", ".dialogs[0].unread_count", "1")
	again := newLabWithKey(t, Config{World: l.saved()})
	want(t, again.as("@sam").do("messages.getDialogs limit=1"), ".dialogs[0].peer.user_id", "777000", ".users[0].verified", "true")
	for _, p := range again.People() {
		if p.ID == serviceID {
			t.Error("the server is one of the people")
		}
	}
	// Somebody new is not called by the server's number, nor by the next.
	late := again.newcomer(2)
	if got := late.signUp("9996621999"); got == serviceID || got == serviceID+1 {
		t.Errorf("a new account is number %d", got)
	}
	sam.next() // that somebody has signed in
	sam.do("messages.sendMessage peer=777000 message=hello")
	sam.quietOf("updateNewMessage")
}

// signUp makes an account and gives its id.
func (c *client) signUp(phone string) int64 {
	c.lab.t.Helper()
	hash := c.code(phone)
	c.do(signInLine(phone, hash, fmt.Sprintf(`phone_code="%s"`, c.lab.LoginCode())))
	res := c.do(fmt.Sprintf(`auth.signUp phone_number="%s" phone_code_hash=%s first_name=New last_name=""`, phone, hash))
	return at(c.lab.t, res, ".user.id").AsLong()
}

// TestWrongCodes: a code is void after some mistakes, and a number after more,
// for a while.
func TestWrongCodes(t *testing.T) {
	l := newLabWithKey(t, Config{World: guarded})
	c := l.newcomer(2)
	wrong := func(hash string) string { return signInLine("9996621001", hash, `phone_code="12345"`) }
	right := func(hash string) string { return signInLine("9996621001", hash, `phone_code="22222"`) }
	hash := c.code("9996621001")
	for range maxWrong {
		c.fails(wrong(hash), "400 PHONE_CODE_INVALID")
	}
	c.fails(right(hash), "400 PHONE_CODE_EXPIRED")
	for range maxGuesses/maxWrong - 1 {
		hash = c.code("9996621001")
		for range maxWrong {
			c.fails(wrong(hash), "400 PHONE_CODE_INVALID")
		}
	}
	l.clock.add(time.Minute)
	other := l.newcomer(2)
	other.fails(fmt.Sprintf(sendCode, "9996621001"), "420 FLOOD_WAIT_3540")
	c.fails(right(hash), "420 FLOOD_WAIT_3540")
	other.code("9996621004")
	l.clock.add(time.Hour)
	hash = c.code("9996621001")
	c.fails(wrong(hash), "400 PHONE_CODE_INVALID")
	c.who = l.world.byID[1001]
	c.do(right(hash))

	// The same for another number.
	l.clock.add(25 * time.Hour)
	for range maxGuesses / maxWrong {
		hash = show(at(t, c.do(`account.sendChangePhoneCode phone_number="9996621077" settings=codeSettings()`), ".phone_code_hash"))
		for range maxWrong {
			c.fails(fmt.Sprintf(`account.changePhone phone_number="9996621077" phone_code_hash=%s phone_code="1"`, hash), "400 PHONE_CODE_INVALID")
		}
	}
	c.fails(fmt.Sprintf(`account.changePhone phone_number="9996621077" phone_code_hash=%s phone_code="22222"`, hash), "420 FLOOD_WAIT_3600")
}
