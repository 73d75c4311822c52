package sandbox

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tlsh/tl"
)

// TestChangePhone: a new number, which who knew the old one is told.
func TestChangePhone(t *testing.T) {
	l := newLabWithKey(t, Config{World: guarded})
	sam, alice := l.as("@sam"), l.as("@alice")
	ask := `account.sendChangePhoneCode phone_number="%s" settings=codeSettings`
	change := `account.changePhone phone_number="%s" phone_code_hash=%s phone_code="%s"`
	sam.fails(fmt.Sprintf(ask, "12"), "406 PHONE_NUMBER_INVALID")
	sam.fails(fmt.Sprintf(ask, "9996621002"), "400 PHONE_NUMBER_OCCUPIED")
	fresh := l.newcomer(2)
	fresh.do(signInLine("9996621001", fresh.code("9996621001"), `phone_code="22222"`))
	fresh.fails(fmt.Sprintf(ask, "9996620099"), "406 FRESH_CHANGE_PHONE_FORBIDDEN")
	sent := sam.do(fmt.Sprintf(ask, "9996620099"))
	want(t, sent, ".type", "auth.sentCodeTypeSms(length=5)")
	hash := show(at(t, sent, ".phone_code_hash"))
	sam.fails(fmt.Sprintf(change, "", hash, "22222"), "406 PHONE_NUMBER_INVALID")
	sam.fails(fmt.Sprintf(change, "9996620099", hash, ""), "400 PHONE_CODE_EMPTY")
	sam.fails(fmt.Sprintf(change, "9996620099", `"x"`, "22222"), "400 PHONE_CODE_EXPIRED")
	sam.fails(fmt.Sprintf(change, "9996620099", hash, "1"), "400 PHONE_CODE_INVALID")
	want(t, sam.do(fmt.Sprintf(`auth.resendCode phone_number="9996620099" phone_code_hash=%s`, hash)), ".type", "auth.sentCodeTypeCall(length=5)")
	want(t, sam.do(fmt.Sprintf(change, "9996620099", hash, "22222")), ".phone", `"9996620099"`)
	want(t, alice.until("updateUserPhone").Value(), ".user_id", "1001", ".phone", `"9996620099"`)
	sent = alice.do(fmt.Sprintf(ask, "9996620098"))
	l.as("@dave_builds").session(func(*login) {})
	l.mu.Lock()
	l.world.byID[1005].set("phone", tl.String("9996620098"))
	l.mu.Unlock()
	alice.fails(fmt.Sprintf(change, "9996620098", show(at(t, sent, ".phone_code_hash")), "22222"), "400 PHONE_NUMBER_OCCUPIED")
	sent = alice.do(fmt.Sprintf(ask, "9996620097"))
	alice.do(fmt.Sprintf(`auth.cancelCode phone_number="9996620097" phone_code_hash=%s`, show(at(t, sent, ".phone_code_hash"))))
	alice.fails(fmt.Sprintf(change, "9996620097", show(at(t, sent, ".phone_code_hash")), "22222"), "400 PHONE_CODE_EXPIRED")
}

// TestDeleteAccount: an account that ends, at once or, with a password that is
// not given, in a week.
func TestDeleteAccount(t *testing.T) {
	l := newLabWithKey(t, Config{World: guarded})
	sam, second, bob, alice := l.as("@sam"), l.as("@sam"), l.as("@bob"), l.as("@alice")
	alice.fails(`account.deleteAccount reason="x"`, "420 2FA_CONFIRM_WAIT_604800")
	alice.fails(`account.deleteAccount reason="x" password=`+alice.proof("no"), "400 PASSWORD_HASH_INVALID")
	alice.fails(`account.deleteAccount reason="x" password=inputCheckPasswordSRP(srp_id=1 A=hex:00 M1=hex:00)`, "400 SRP_ID_INVALID")
	stale := alice.proof("the blue gate")
	l.mu.Lock()
	l.world.byID[1002].secret = &secret{text: "the red gate"}
	l.mu.Unlock()
	alice.fails(`account.deleteAccount reason="x" password=`+stale, "400 SRP_PASSWORD_CHANGED")
	want(t, sam.do(`account.deleteAccount reason="x"`), "", "true")
	bob.until("updateUser")
	second.fails("updates.getState", "401 USER_DEACTIVATED")
	sam.fails("updates.getState", "401 USER_DEACTIVATED")
	gone := at(t, bob.do("messages.getDialogs offset_peer=inputPeerEmpty"), ".users").Vector().Items
	found := false
	for _, v := range gone {
		if o := v.Object(); o.At("id").AsLong() == 1001 {
			found = true
			if !o.At("deleted").AsBool() || !o.At("first_name").IsNone() || !o.At("phone").IsNone() {
				t.Errorf("a deleted account: %s", show(v))
			}
		}
	}
	if !found {
		t.Error("who is deleted is in no dialog any more")
	}
	bob.fails("messages.sendMessage peer=1001 message=hi", "400 INPUT_USER_DEACTIVATED")
	bob.fails("contacts.resolveUsername sam", "400 USERNAME_NOT_OCCUPIED")
	c := l.newcomer(2)
	want(t, c.do(fmt.Sprintf(sendCode, "9996621001")), ".type", "auth.sentCodeTypeSms(length=5)")

	// A password that is forgotten, on the way in.
	dave := l.newcomer(2)
	dave.fails(signInLine("9996621005", dave.code("9996621005"), `phone_code="22222"`), "401 SESSION_PASSWORD_NEEDED")
	dave.fails(`account.deleteAccount reason="forgotten"`, "420 2FA_CONFIRM_WAIT_604800")
	l.clock.add(resetWait * time.Second)
	dave.do(`account.deleteAccount reason="forgotten"`)
	alice.do(`account.deleteAccount reason="x" password=` + alice.proof("the red gate"))
	var saved strings.Builder
	l.Save(&saved)
	if _, err := New(Config{World: saved.String()}); err != nil {
		t.Error(err)
	}
}

// TestAccountSettings: what concerns nobody else.
func TestAccountSettings(t *testing.T) {
	l := newLab(t, Config{})
	sam := l.as("@sam")
	want(t, sam.do("account.getAccountTTL"), ".days", "548")
	sam.fails("account.setAccountTTL accountDaysTTL(5)", "400 TTL_DAYS_INVALID")
	sam.do("account.setAccountTTL accountDaysTTL(180)")
	want(t, sam.do("account.getAccountTTL"), ".days", "180")
	want(t, sam.do("account.getContactSignUpNotification"), "", "false")
	sam.do("account.setContactSignUpNotification silent=true")
	want(t, sam.do("account.getContactSignUpNotification"), "", "true")
	want(t, sam.do("account.getContentSettings"), "", "account.contentSettings(sensitive_can_change=true)")
	sam.do("account.setContentSettings sensitive_enabled=true")
	want(t, sam.do("account.getContentSettings"), ".sensitive_enabled", "true")
	sam.do("account.setAuthorizationTTL authorization_ttl_days=30")
	var saved, again strings.Builder
	l.Save(&saved)
	s, err := New(Config{World: saved.String(), Now: l.clock.now})
	if err != nil {
		t.Fatal(err)
	}
	if s.Save(&again); saved.String() != again.String() || !strings.Contains(again.String(), "\naccount @sam ttl 180 sessions 30 silent sensitive\n") {
		t.Error("a saved world has not the settings")
	}
	for line, want := range map[string]string{"account @sam loud": "want ttl, sessions, silent or sensitive", "account @sam ttl x": "want a number of days"} {
		if _, err := New(Config{World: village + line}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: want %q, got %v", line, want, err)
		}
	}
	want(t, sam.do("account.getAutoDownloadSettings"), ".low.video_size_max", "0", ".high.video_size_max", "15728640")
	const settings = "settings=autoDownloadSettings(photo_size_max=1 video_size_max=2 file_size_max=3 video_upload_maxbitrate=4 small_queue_active_operations_max=5 large_queue_active_operations_max=6)"
	for i, which := range []string{"low=true", "", "high=true"} {
		sam.do("account.saveAutoDownloadSettings " + which + " " + settings)
		want(t, sam.do("account.getAutoDownloadSettings"), "."+[]string{"low", "medium", "high"}[i]+".file_size_max", "3")
	}
	register := `account.registerDevice token_type=%d token="%s" app_sandbox=false secret="" other_uids=[]`
	sam.fails(fmt.Sprintf(register, 0, "x"), "400 TOKEN_TYPE_INVALID")
	sam.fails(fmt.Sprintf(register, 1, ""), "400 TOKEN_EMPTY")
	sam.do(fmt.Sprintf(register, 1, "x"))
	sam.do(`account.unregisterDevice token_type=1 token="x" other_uids=[]`)
	sam.fails(`account.unregisterDevice token_type=1 token="x" other_uids=[]`, "400 TOKEN_INVALID")
	sam.do("account.updateDeviceLocked period=60")
}

// TestTakeout: a session that takes its data out, wrapped in invokeWithTakeout.
func TestTakeout(t *testing.T) {
	l := newLabWithKey(t, Config{World: guarded})
	c, sam := l.newcomer(2), l.as("@sam")
	c.do(signInLine("9996621001", c.code("9996621001"), `phone_code="22222"`))
	c.fails("account.initTakeoutSession", "420 TAKEOUT_INIT_DELAY_86400")
	id := at(t, sam.do("account.initTakeoutSession contacts=true"), ".id").AsLong()
	sam.fails("account.finishTakeoutSession success=true", "403 TAKEOUT_REQUIRED")
	wrap := func(id int64, line string) *tl.Object {
		return tl.New(l.schema.Method("invokeWithTakeout")).With("takeout_id", tl.Long(id)).With("query", sam.bind(line).Value())
	}
	raw := func(o *tl.Object) string {
		out, _ := sam.raw(encode(t, o))
		return out
	}
	if got := raw(wrap(id+1, "users.getUsers [inputUserSelf]")); got != "400 TAKEOUT_INVALID" {
		t.Errorf("another takeout: %s", got)
	}
	if got := raw(wrap(id, "users.getUsers [inputUserSelf]")); got != "1cb5c415" {
		t.Errorf("within it: %s", got)
	}
	sam.fails("contacts.getSaved", "403 TAKEOUT_REQUIRED")
	sam.do(`contacts.importContacts [inputPhoneContact(client_id=1 phone="99966500" first_name="Ferry" last_name="office")]`)
	res, err := sam.conn.Call(t.Context(), encode(t, wrap(id, "contacts.getSaved")))
	if err != nil {
		t.Fatal(err)
	}
	saved, err := tl.Decode(l.schema, res, l.schema.Method("contacts.getSaved").Result)
	if err != nil {
		t.Fatal(err)
	}
	want(t, saved, "[0].phone", `"9996621002"`, "[0].first_name", `"Alice"`, "[-1].last_name", `"office"`)
	if got := raw(wrap(id, "account.finishTakeoutSession success=true")); got != "997275b5" {
		t.Errorf("its end: %s", got)
	}
	if got := raw(wrap(id, "users.getUsers [inputUserSelf]")); got != "400 TAKEOUT_INVALID" {
		t.Errorf("after its end: %s", got)
	}
}
