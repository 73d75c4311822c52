package history_test

import (
	"strings"
	"testing"

	"tlsh/history"
)

const botToken = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1"

// Hostile texts of the longest line that is kept take no more than any other.
func BenchmarkRedact(b *testing.B) {
	for _, s := range []string{"messages.sendMessage peer=@alice ", "auth.a(x=", "auth.a x= ", "auth.a ", "password=a,", "\"'(", "\\\"key\\\":"} {
		in := strings.Repeat(s, (256<<10)/len(s))
		b.Run(s, func(b *testing.B) {
			for b.Loop() {
				history.Redact(in)
			}
		})
	}
}

func TestRedact(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		// Nothing secret: nothing changes.
		{`messages.sendMessage @alice "hi"`, `messages.sendMessage @alice "hi"`},
		{`messages.getHistory @alice limit=5 hash=0`, `messages.getHistory @alice limit=5 hash=0`},
		{`account.resetAuthorization hash=-123_456`, `account.resetAuthorization hash=-123_456`},
		{`$p = inputPeerUser(user_id=1 access_hash=-29)`, `$p = inputPeerUser(user_id=1 access_hash=-29)`},
		{`langpack.getStrings lang_code="en" keys=["a" "b"]`, `langpack.getStrings lang_code="en" keys=["a" "b"]`},
		{`help auth.signIn`, `help auth.signIn`},
		{`login`, `login`},
		{`search login code`, `search login code`},
		{`x password=$pw code=env:CODE`, `x password=$pw code=env:CODE`},
		{`auth.logOut | jq -r .x`, `auth.logOut | jq -r .x`},

		// An option between the values of a sign-in hides nothing, and ends nothing.
		{`auth.signIn --dry-run +4912345 h4sh 54321`, `auth.signIn --dry-run *** *** ***`},
		{`auth.signIn +4912345 --dry-run h4sh 54321`, `auth.signIn *** --dry-run *** ***`},

		{`decode hex:0123456789abcdef0123456789abcdef`, `decode hex:0123456789abcdef0123456789abcdef`},
		{`decode hex:` + strings.Repeat("0a", 200), `decode hex:` + strings.Repeat("0a", 200)},
		{`$x = "a word"`, `$x = "a word"`},

		// By their shapes: api_hash, auth keys, sessions of Telethon, Pyrogram and GramJS.
		{`$x = "0123456789abcdef0123456789abcdef"`, `$x = "***"`},
		{`echo ` + strings.Repeat("0a", 256), `echo ***`},
		{`$k = hex:` + strings.Repeat("0A", 256), `$k = hex:***`},
		{`$k = base64:` + strings.Repeat("Qx/+", 85) + `Qw==`, `$k = base64:***`},
		{`$s = "1` + strings.Repeat("Bx_-", 87) + `Qwx="`, `$s = "***"`},
		{`$s = ` + strings.Repeat("Bx_-", 89) + `Qwx`, `$s = ***`},
		{`$s = "1` + strings.Repeat("Bx/+", 92) + `Qw=="`, `$s = "***"`},

		// Named values in every form.
		{`x password9=hunter2 y=1`, `x password9=*** y=1`},
		{`$code0 = 12345`, `$code0 = ***`},
		{`$botToken = "abc"`, `$botToken = ***`},
		{`$myPassword = "abc"; $PASSWORD = "abc"`, `$myPassword = ***; $PASSWORD = ***`},
		{`x '{"phoneCode":"12345","errorCode":5,"accessHash":7}'`, `x '{"phoneCode":***,"errorCode":5,"accessHash":7}'`},
		{`x password=hunter2 y=1`, `x password=*** y=1`},
		{`x password="hunter 2" y=1`, `x password=*** y=1`},
		{`x password='hunter 2' y=1`, `x password=*** y=1`},
		{`x password="hunter \" 2" y=1`, `x password=*** y=1`},
		{`x password="hunter 2`, `x password=***`},
		{`x password='hunter 2`, `x password=***`},
		{"x password=\"\"\"hunter\n2\"\"\" y=1", `x password=*** y=1`},
		{`x(password=hunter2, y=1)`, `x(password=***, y=1)`},
		{`x(password=hunter2,y=1)`, `x(password=***,y=1)`},
		{`x(y=1, password = 'hunter2')`, `x(y=1, password = ***)`},
		{`x password=b'hunter2' y=1`, `x password=*** y=1`},
		{`x password=hun|ter;2 y=1`, `x password=*** y=1`},
		{`x password=a,b`, `x password=***`},
		{`x password=abc; y`, `x password=***; y`},
		{`x auth_key=hex:00ff y=1`, `x auth_key=*** y=1`},
		{`account.setPrivacy key=phoneP2P rules=[allowAll]`, `account.setPrivacy key=phoneP2P rules=[allowAll]`},
		{`account.setPrivacy key=phoneCall rules=[allowAll]`, `account.setPrivacy key=phoneCall rules=[allowAll]`},
		{`account.setPrivacy(key=inputPrivacyKeyPhoneCall, rules=[])`, `account.setPrivacy(key=inputPrivacyKeyPhoneCall, rules=[])`},
		{`$key=letters; x key="letters" key=le77ers --key letters "my key=letters"`, `$key=***; x key=*** key=*** --key *** "my key=***"`},
		{`x new_password_hash=[1 2] y=1`, `x new_password_hash=*** y=1`},
		{`x api_hash=0123456789abcdef`, `x api_hash=***`},
		{`messages.importChatInvite hash=AbCdEf`, `messages.importChatInvite hash=***`},
		{`x y(phone_code=12345)`, `x y(phone_code=***)`},
		{`$bot_token = "abc"`, `$bot_token = ***`},
		{`x '{"password":"hunter2","y":1}'`, `x '{"password":***,"y":1}'`},
		{`x "{\"password\":\"hunter2\",\"y\":1}"`, `x "{\"password\":***,\"y\":1}"`},
		{`messages.sendMessage @a "my token=abc" silent=true`, `messages.sendMessage @a "my token=***" silent=true`},
		{`# password=abc`, `# password=***`},
		{`messages.sendMessage @a "the key: under the mat"`, `messages.sendMessage @a "the key: under the mat"`},
		{`auth.checkPassword password: hunter2`, `auth.checkPassword *** ***`},
		{`tg://login?token=abc`, `tg://login?token=***`},

		// By position.
		{`auth.signIn "+4912" "h4sh" "12345"`, `auth.signIn *** *** ***`},
		{`auth.signIn(+4912, h4sh, phone_code="12345")`, `auth.signIn(***, ***, phone_code=***)`},
		{"auth.signIn(+4912,\n  h4sh\n  \"12345\")", "auth.signIn(***,\n  ***\n  ***)"},
		{"auth.signIn +4912\necho h4sh", "auth.signIn ***\necho h4sh"},
		{`batch < auth.checkPassword inputCheckPasswordSRP(1 a b) >`, `batch < auth.checkPassword *** >`},
		{`result = await client(SignInRequest('+4912', '12345'))`, `result = await client(SignInRequest(***, ***))`},
		{`client(functions.account.DeleteAccountRequest('r', 'pw'))`, `client(functions.account.DeleteAccountRequest(***, ***))`},
		{`await client.sign_in('+4912', '12345')`, `await client.sign_in(***, ***)`},
		{`account.changePhone "+1" "h" "1" | jq .`, `account.changePhone *** *** *** | jq .`},
		{`auth.importAuthorization $id $bytes`, `auth.importAuthorization $id $bytes`},

		// Commands and shapes.
		{`login +49123 12345`, `login ***`},
		{`logn +49123 --password x; ping`, `logn ***`},
		{`lgoin +49123`, `lgoin ***`},
		{`logins a`, `logins ***`},
		{`Login a`, `Login ***`},
		{`logi a`, `logi ***`},
		{`ogin a`, `ogin ***`},
		{`log a; logout a; begin a; plugin a; logic a b`, `log a; logout a; begin a; plugin a; logic ***`},
		{`sing_in --password hunter2 --code "1 2" x`, `sing_in --password *** --code *** x`},
		{`x --password --yes`, `x --password --yes`},
		{`x --password-file y`, `x --password-file y`},
		{`x --page 5`, `x --page 5`},
		{`help; login bot "x y"`, `help; login ***`},
		{`set api_hash abc def`, `set api_hash ***`},
		{`set output json`, `set output json`},
		{`echo ` + botToken, `echo ***`},
		{`echo "bot` + botToken + `/getMe"`, `echo "bot***/getMe"`},
		{`echo https://t.me/login/54321 x`, `echo https://*** x`},
	} {
		if got := history.Redact(c.in); got != c.want {
			t.Errorf("Redact(%q)\n got  %q\n want %q", c.in, got, c.want)
		}
	}
}

// FuzzRedact checks that what stands in a secret's place is gone whatever
// surrounds it, and that hiding twice is hiding once.
func FuzzRedact(f *testing.F) {
	for _, s := range []string{
		"", "x ", "batch < ", `"`, `'it`, "f(a=[", `"""`, "$x = ", "auth.signIn(", "login ", "a\\", "\xff",
		"password=", `{"password":`, "hash=1 ", "set token ", "'''", `x="\"`, "(((", ";|><",
		"0123456789abcdef0123456789abcdef", strings.Repeat("Qx/+", 85),
	} {
		f.Add(s, " y=1")
		f.Add(s, s)
	}
	const secret = "S3CRETS3CRETzz"
	forms := []string{
		" password=" + secret, ` phone_code="` + secret + `"`, ` token='a ` + secret + ` b'`, " api_hash = " + secret,
		"\nlogin " + secret, "\nauth.checkPassword " + secret, "\nauth.signIn(1, '" + secret + "')", ` "secret": "` + secret + `"`,
	}
	f.Fuzz(func(t *testing.T, before, after string) {
		once := history.Redact(before + after)
		if twice := history.Redact(once); twice != once {
			t.Fatalf("not stable:\n in    %q\n once  %q\n twice %q", before+after, once, twice)
		}
		// A quote or backslash left open changes what a following name is;
		// only text that leaves the scanner in its plain state must not.
		if strings.ContainsAny(before, "\"'\\$.@") || strings.Contains(before, secret) || strings.Contains(after, secret) {
			return
		}
		for _, form := range forms {
			if got := history.Redact(before + form + "\n" + after); strings.Contains(got, secret) {
				t.Fatalf("secret shown:\n in  %q\n out %q", before+form+"\n"+after, got)
			}
		}
	})
}

func TestSecret(t *testing.T) {
	for _, c := range []struct {
		owner, name, value string
		want               bool
	}{
		{"auth.signIn", "phone_code", "22222", true},
		{"auth.signIn", "phone_number", "+1555", false},
		{"auth.importAuthorization", "bytes", "x", true},
		{"upload.saveFilePart", "bytes", "x", false},
		{"messages.getDialogs", "hash", "0", false},
		{"messages.importChatInvite", "hash", "AbCd", true},
		{"inputPeerUser", "access_hash", "1", false},
	} {
		if got := history.Secret(c.owner, c.name, c.value); got != c.want {
			t.Errorf("%v: %v", c, got)
		}
	}
}

func TestSignsIn(t *testing.T) {
	for line, want := range map[string]bool{
		"login": true, "login +999": true, "auth.sendCode +999 1 x": true, "account.getPassword": false, "auth.signIn(+999": true,
		"client.sign_in('+999')": true, "help auth.signIn": false, "": false, "messages.sendMessage @alice login": false,
	} {
		if got := history.SignsIn(line); got != want {
			t.Errorf("SignsIn(%q) = %v", line, got)
		}
	}
}
