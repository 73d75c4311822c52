package sandbox

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"tlsh/mtproto"
)

// TestAuthorizations: somebody sees their sessions and ends them, once their own
// is a day old.
func TestAuthorizations(t *testing.T) {
	l := newLabWithKey(t, Config{World: guarded})
	old, other, away := l.as("@sam"), l.as("@sam"), l.as("@sam")
	c := l.newcomer(2)
	c.do(signInLine("9996621001", c.code("9996621001"), `phone_code="22222"`))
	waiting := l.newcomer(2)
	waiting.fails(signInLine("9996621002", waiting.code("9996621002"), `phone_code="22222"`), "401 SESSION_PASSWORD_NEEDED")
	want(t, l.as("@alice").do("account.getAuthorizations"), ".authorizations[1].password_pending", "true")
	five := l.newcomer(5)
	if _, err := five.send(old.export(5)); err != nil {
		t.Fatal(err)
	}

	list := c.do("account.getAuthorizations")
	want(t, list, ".authorization_ttl_days", "183", ".authorizations[0].current", "true", ".authorizations[0].hash", "0",
		".authorizations[0].device_model", `"test"`, ".authorizations[0].date_created", fmt.Sprint(start.Unix()), ".authorizations[0].api_id", "1")
	if n := len(at(t, list, ".authorizations").Vector().Items); n != 4 {
		t.Fatalf("want 4 sessions, got %s", show(list))
	}
	hashOf := func(c *client) (hash int64) { c.session(func(l *login) { hash = l.hash }); return hash }
	reset := "account.resetAuthorization hash=%d"
	c.fails(fmt.Sprintf(reset, hashOf(old)), "406 FRESH_RESET_AUTHORISATION_FORBIDDEN")
	c.fails("auth.resetAuthorizations", "406 FRESH_RESET_AUTHORISATION_FORBIDDEN")
	c.fails("account.setAuthorizationTTL authorization_ttl_days=7", "406 FRESH_RESET_AUTHORISATION_FORBIDDEN")
	c.fails(fmt.Sprintf(reset, 5), "400 HASH_INVALID")
	c.fails(fmt.Sprintf(reset, hashOf(l.as("@alice"))), "400 HASH_INVALID")

	old.fails("account.changeAuthorizationSettings hash=5", "400 HASH_INVALID")
	old.do(fmt.Sprintf("account.changeAuthorizationSettings hash=%d encrypted_requests_disabled=true call_requests_disabled=true confirmed=true", hashOf(c)))
	want(t, c.do("account.getAuthorizations"), ".authorizations[0].encrypted_requests_disabled", "true", ".authorizations[0].call_requests_disabled", "true")
	old.do("account.changeAuthorizationSettings hash=0")

	old.do(fmt.Sprintf(reset, hashOf(other)))
	other.fails("updates.getState", "401 SESSION_REVOKED")
	old.do("auth.resetAuthorizations")
	away.fails("updates.getState", "401 SESSION_REVOKED")
	c.fails("updates.getState", "401 SESSION_REVOKED")
	five.do("help.getConfig")
	c.do(signInLine("9996621001", c.code("9996621001"), `phone_code="22222"`))
	c.do("updates.getState")

	old.fails("account.setAuthorizationTTL authorization_ttl_days=0", "400 TTL_DAYS_INVALID")
	old.do("account.setAuthorizationTTL authorization_ttl_days=7")
	l.clock.add(4 * 24 * time.Hour)
	old.do("updates.getState")
	l.clock.add(4 * 24 * time.Hour)
	old.do("updates.getState")
	c.fails("updates.getState", "401 AUTH_KEY_UNREGISTERED")

	want(t, old.do("account.getWebAuthorizations"), ".authorizations", "[]")
	old.do("account.resetWebAuthorizations")
}

// TestRevoke: sessions that a server ends, and keys that it loses.
func TestRevoke(t *testing.T) {
	l := newLab(t, Config{})
	command := func(want string, words ...string) {
		t.Helper()
		if out, err := l.Command(words); err != nil || out != want {
			t.Errorf("%v: %q, %v", words, out, err)
		}
	}
	sam := l.as("@sam")
	command("1 session revoked\n", "revoke", "@sam")
	sam.fails("updates.getState", "401 SESSION_REVOKED")
	sam.do("help.getConfig")
	sam = l.as("@sam")
	command("1 session revoked\n", "revoke", "@sam", "USER_DEACTIVATED")
	sam.fails("updates.getState", "401 USER_DEACTIVATED")
	sam = l.as("@sam")
	command("1 session revoked\n", "revoke", "@sam", "AUTH_KEY_DUPLICATED")
	sam.fails("updates.getState", "406 AUTH_KEY_DUPLICATED")
	sam.fails("help.getConfig", "406 AUTH_KEY_DUPLICATED")

	alice := l.as("@alice")
	command("1 key lost\n", "lose", "@alice")
	_, err := alice.call("updates.getState")
	var te *mtproto.TransportError
	if !errors.As(err, &te) || te.Code != 404 {
		t.Errorf("a lost key: want the transport error 404, got %v", err)
	}
	for _, words := range [][]string{{"revoke"}, {"revoke", "@nobody"}, {"revoke", "@sam", "SESSION_REVOKD"}, {"lose"}, {"lose", "@nobody"}, {"revoke", "a", "b", "c"}} {
		if _, err := l.Command(words); err == nil {
			t.Errorf("%v: want an error", words)
		}
	}
}
