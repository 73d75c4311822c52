package history

import (
	"regexp"
	"strings"
	"sync"
)

// secretPattern finds what is secret by its shape, whatever stands around it: bot
// tokens (digits, a colon, 35 or more URL-safe base64 characters) and links that
// carry a sign-in code.
var secretPattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`[0-9]+:[A-Za-z0-9_-]{35,}|t\.me/login/[A-Za-z0-9_-]+`)
})

// nameParts are the words of a name in small letters: what stands between its
// underscores or begins with a capital (botToken), without a number behind it
// (code2).
func nameParts(name string) []string {
	var b strings.Builder
	for i := range len(name) {
		c := name[i]
		if i > 0 && c >= 'A' && c <= 'Z' && !(name[i-1] >= 'A' && name[i-1] <= 'Z') {
			b.WriteByte('_')
		}
		b.WriteByte(c)
	}
	parts := strings.Split(strings.ToLower(strings.Trim(b.String(), "_")), "_")
	for i, p := range parts {
		if bare := strings.TrimRight(p, "0123456789"); len(bare) > 1 {
			parts[i] = bare
		}
	}
	return parts
}

// keyPattern finds what may be a key: a run of characters of base64 or hexadecimal.
var keyPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[A-Za-z0-9+/_-]{32,}={0,2}`) })

// Lengths of what has a key of 2048 bits in it, in characters: the key by itself, and
// at most with what the session strings of Telethon, Pyrogram and GramJS have beside it
// (the data centre, its address and port, the account).
const (
	hashDigits   = 32 // an api_hash
	keyDigits    = 512
	keyBase64    = 342
	sessionLimit = 420
)

// keyShaped reports whether a run of keyPattern is an api_hash, an auth key or the
// session of another program. Bytes that are tagged as such are no api_hash.
func keyShaped(run string, tagged bool) bool {
	if strings.Trim(run, "0123456789abcdefABCDEF") == "" {
		return len(run) == hashDigits && !tagged && strings.ToLower(run) == run || len(run) == keyDigits
	}
	n := len(strings.TrimRight(run, "="))
	return n >= keyBase64 && n <= sessionLimit
}

// secretName reports whether a parameter, variable or JSON key of this name holds
// a secret. The words of the name decide:
//
//   - password, passphrase, passwd, pwd, secret, token, credentials: anywhere;
//   - key at the end, but not public_key;
//   - code at the end (code, phone_code, email_code), but not what the schema
//     uses for other codes (lang_code, country_code, error_code …);
//   - hash at the end (phone_code_hash, api_hash), but not access_hash, which is
//     worthless outside the account that received it and needed to run the line
//     again. The bare name hash is decided by its value, see publicHash.
func secretName(name string) bool {
	parts := nameParts(name)
	for _, p := range parts {
		switch p {
		case "password", "passphrase", "passwd", "pwd", "secret", "token", "credentials":
			return true
		}
	}
	before := ""
	if len(parts) > 1 {
		before = parts[len(parts)-2]
	}
	switch parts[len(parts)-1] {
	case "key":
		return before != "public"
	case "code":
		switch before {
		case "lang", "country", "error", "currency", "exit", "status", "http", "zip", "post":
			return false
		}
		return true
	case "hash":
		return before != "access"
	case "pass", "pw", "apihash", "apikey", "authkey", "srpa", "m1":
		return true
	}
	return false
}

// publicHash reports whether value is what the bare name hash may show: a number,
// as in paging (a checksum of what the client has) and session lists. A word or
// string there is an invite or confirmation hash.
func publicHash(value string) bool {
	return value != "" && strings.Trim(value, "-_0123456789") == ""
}

// privacyKey reports whether value is what the bare name key may show: the name of
// a rule of privacy (InputPrivacyKey, of account.setPrivacy), in full or short. All
// but phoneP2P have letters alone, which no key has.
func privacyKey(value string) bool {
	rule := strings.TrimPrefix(value, "inputPrivacyKey")
	return rule != "" && len(rule) <= 24 && (strings.EqualFold(rule, "phoneP2P") || strings.IndexFunc(rule, notLetter) < 0)
}

// Secret reports whether the value of a parameter of the TL definition owner is
// kept out of what is stored and passed on: a password, a code, a token, a key, a
// hash that is no number, the bytes of an authorization.
func Secret(owner, name, value string) bool {
	secret := secretName(name) || name == "bytes" && secretCall(owner)
	return secret && !(name == "hash" && publicHash(value)) && !harmless(value)
}

// secretCall reports whether the values given by position to this TL name are
// secret: signing in, passwords and codes. Telethon's spelling of the name
// (SignInRequest, functions.auth.SignInRequest) counts too.
func secretCall(name string) bool {
	full := strings.ToLower(name)
	parts := strings.Split(full, ".")
	last := parts[len(parts)-1]
	if len(parts) >= 2 && parts[len(parts)-2] == "auth" && last != "" {
		return true
	}
	switch strings.TrimSuffix(last, "request") {
	case "signin", "signup", "checkpassword", "recoverpassword", "checkrecoverypassword",
		"importbotauthorization", "importauthorization", "importlogintoken", "acceptlogintoken",
		"importwebtokenauthorization", "sendcode", "resendcode", "cancelcode", "bindtempauthkey",
		"requestfirebasesms", "reportmissingcode", "resetloginemail", "finishpasskeylogin",
		"changephone", "confirmphone", "verifyphone", "verifyemail", "confirmpasswordemail",
		"getpasswordsettings", "updatepasswordsettings", "gettmppassword", "sendconfirmphonecode",
		"registerdevice", "unregisterdevice", "editcreator",
		"getstarsrevenuewithdrawalurl", "getbroadcastrevenuewithdrawalurl",
		"inputcheckpasswordsrp", "passwordinputsettings", "securesecretsettings",
		"emailverificationcode", "emailverificationgoogle", "emailverificationapple",
		"sign_in", "sign_up", "edit_2fa": // Telethon's friendly methods
		return true
	case "deleteaccount":
		return len(parts) == 1 || parts[len(parts)-2] == "account"
	}
	return false
}

// likeLogin reports whether a word is login, or that with one letter wrong, missing or
// too many, or two of them swapped: what stands behind it was meant for the sign-in.
func likeLogin(word string) bool {
	const login = "login"
	word = strings.ToLower(word)
	from := 0
	for from < len(word) && from < len(login) && word[from] == login[from] {
		from++
	}
	rest, wanted := word[from:], login[from:]
	switch {
	case wanted == "":
		return len(rest) <= 1
	case rest == "" || rest == wanted[1:]:
		return len(wanted) == 1 || rest != ""
	case rest[1:] == wanted || rest[1:] == wanted[1:]:
		return true
	}
	return len(rest) > 1 && len(wanted) > 1 && rest[0] == wanted[1] && rest[1] == wanted[0] && rest[2:] == wanted[2:]
}

// SignsIn reports whether a line has to do with signing in, as login and auth.signIn
// do: what is entered right after it may be meant as an answer.
func SignsIn(line string) bool {
	line = strings.TrimLeft(line, " \t")
	head := line[:strings.IndexFunc(line+" ", func(r rune) bool { return !identRune(r) && r != '.' })]
	return head == "login" || secretCall(head)
}

// harmless reports whether a value shows nothing: a reference to a variable or to
// the environment, an option, or what is hidden already.
func harmless(value string) bool {
	switch {
	case strings.Trim(value, `"'`) == hidden, strings.Trim(value, `"'\`) == "":
		return true
	case strings.HasPrefix(value, "$"):
		return len(value) > 1 && strings.IndexFunc(value[1:], notPath) < 0
	case strings.HasPrefix(value, "env:"):
		return strings.IndexFunc(value[4:], notIdent) < 0
	}
	return false
}

// literal reports whether a value is written out: no request and no constructor.
func literal(value string) bool {
	return value != "" && (value[0] == '"' || value[0] == '\'' || !strings.ContainsAny(value, ".("))
}

func notPath(r rune) bool { return !identRune(r) && !strings.ContainsRune(".[]:-", r) }

func notLetter(r rune) bool { return !(identRune(r) && r != '_' && (r < '0' || r > '9')) }

func notIdent(r rune) bool { return !identRune(r) }

func identRune(r rune) bool {
	return r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}
