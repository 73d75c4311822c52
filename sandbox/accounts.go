package sandbox

import (
	"fmt"

	"github.com/gotd/td/tgerr"

	"tlsh/tl"
)

// accountArea is an account as a whole: its phone number, its end, its settings
// that concern nobody else, and taking its data out.
func accountArea() area {
	return area{methods: map[string]method{
		"account.changePhone": {handle: accountChangePhone,
			errors: "FLOOD_WAIT PHONE_CODE_EMPTY PHONE_CODE_EXPIRED PHONE_CODE_INVALID PHONE_NUMBER_INVALID PHONE_NUMBER_OCCUPIED"},
		"account.deleteAccount": {handle: accountDeleteAccount, pending: true, heeds: "password",
			errors: "2FA_CONFIRM_WAIT " + passwordErrors},
		"account.finishTakeoutSession":         {handle: accountFinishTakeoutSession, heeds: "success", errors: "TAKEOUT_REQUIRED"},
		"account.getAccountTTL":                {handle: accountGetAccountTTL},
		"account.getAutoDownloadSettings":      {handle: accountGetAutoDownloadSettings},
		"account.getContactSignUpNotification": {handle: accountGetContactSignUpNotification},
		"account.getContentSettings":           {handle: accountGetContentSettings},
		"account.initTakeoutSession": {handle: accountInitTakeoutSession,
			heeds:  "contacts message_users message_chats message_megagroups message_channels files file_max_size",
			errors: "TAKEOUT_INIT_DELAY"},
		"account.registerDevice":               {handle: accountRegisterDevice, heeds: "no_muted", errors: "TOKEN_EMPTY TOKEN_TYPE_INVALID"},
		"account.saveAutoDownloadSettings":     {handle: accountSaveAutoDownloadSettings, heeds: "low high"},
		"account.sendChangePhoneCode":          {handle: accountSendChangePhoneCode, errors: "FRESH_CHANGE_PHONE_FORBIDDEN PHONE_NUMBER_INVALID PHONE_NUMBER_OCCUPIED"},
		"account.setAccountTTL":                {handle: accountSetAccountTTL, errors: "TTL_DAYS_INVALID"},
		"account.setContactSignUpNotification": {handle: accountSetContactSignUpNotification},
		"account.setContentSettings":           {handle: accountSetContentSettings, heeds: "sensitive_enabled"},
		"account.unregisterDevice":             {handle: accountUnregisterDevice, errors: "TOKEN_INVALID"},
		"account.updateDeviceLocked":           {handle: accountUpdateDeviceLocked},
	}, words: map[string]func(*arguments){"account": accountWord}, save: (*saver).accounts}
}

// accountWord reads `account PERSON [ttl DAYS] [sessions DAYS] [silent] [sensitive]`.
func accountWord(a *arguments) {
	p := a.person()
	for a.more() {
		word, n := a.text("ttl, sessions, silent or sensitive")
		switch {
		case a.bad:
		case word == "ttl":
			p.prefs.ttl = a.number("a number of days")
		case word == "sessions":
			p.ttlDays = a.number("a number of days")
		case word == "silent":
			p.prefs.silent = true
		case word == "sensitive":
			p.prefs.sensitive = true
		default:
			a.failAt(n, "want ttl, sessions, silent or sensitive")
			a.bad = true
		}
	}
}

func (s *saver) accounts() {
	for _, p := range s.people {
		line := ""
		if p.prefs.ttl != 0 {
			line += fmt.Sprintf(" ttl %d", p.prefs.ttl)
		}
		if p.ttlDays != 0 {
			line += fmt.Sprintf(" sessions %d", p.ttlDays)
		}
		if p.prefs.silent {
			line += " silent"
		}
		if p.prefs.sensitive {
			line += " sensitive"
		}
		if line != "" {
			s.line("account %s%s", s.ref(p.peer), line)
		}
	}
}

// prefs are settings of an account that concern nobody else.
type prefs struct {
	ttl       int32             // after how many days without use the account ends; 0: defaultTTL
	silent    bool              // no notice of contacts who sign up
	sensitive bool              // shows what is not for everybody
	download  [3]*tl.Object     // autoDownloadSettings: low, medium, high; nil: as they come
	devices   map[string]device // by type and token
}

// device is one that wants to be notified. Nothing here notifies it.
type device struct{ noMuted bool }

// defaultTTL is after how many days an account ends that nobody uses.
const defaultTTL = 548

// accountSendChangePhoneCode follows
// https://core.telegram.org/method/account.sendChangePhoneCode.
func accountSendChangePhoneCode(c *call) (tl.Value, error) {
	number := digits(c.req.At("phone_number").AsString())
	switch {
	case !isPhone(number):
		return tl.Value{}, errPhone
	case c.phoned(number) != nil:
		return tl.Value{}, bad("PHONE_NUMBER_OCCUPIED")
	case c.fresh() != nil:
		return tl.Value{}, tgerr.New(406, "FRESH_CHANGE_PHONE_FORBIDDEN")
	}
	sent, err := c.newCode(number, bySMS)
	if err != nil {
		return tl.Value{}, err
	}
	c.session.login.change = sent
	return c.told(sent), nil
}

// accountChangePhone follows
// https://core.telegram.org/method/account.changePhone. Who knew the number is
// shown the new one.
func accountChangePhone(c *call) (tl.Value, error) {
	code := c.req.At("phone_code").AsString()
	if code == "" {
		return tl.Value{}, bad("PHONE_CODE_EMPTY")
	}
	sent, err := c.sentTo(c.session.login.change)
	switch {
	case err != nil:
		return tl.Value{}, err
	}
	switch err := c.matched(sent, code); {
	case err != nil:
		return tl.Value{}, err
	case c.phoned(sent.phone) != nil:
		return tl.Value{}, bad("PHONE_NUMBER_OCCUPIED")
	}
	c.session.login.change = nil
	c.me.set("phone", tl.String(sent.phone))
	for _, q := range c.acquainted(c.me) {
		if (viewer{c.world, q}).knowsNumber(c.me) {
			c.push(q, func(v viewer) []tl.Value {
				return []tl.Value{v.new("updateUserPhone").With("user_id", tl.Long(c.me.id)).With("phone", tl.String(sent.phone)).Value()}
			})
		}
	}
	return c.user(c.me), nil
}

// errDeactivated is what the sessions of who has deleted their account get.
var errDeactivated = tgerr.New(401, "USER_DEACTIVATED")

// accountDeleteAccount follows
// https://core.telegram.org/method/account.deleteAccount. Who has a two-step
// password and does not give it waits for a week.
func accountDeleteAccount(c *call) (tl.Value, error) {
	p := c.owner()
	if given := c.req.At("password"); !given.IsNone() {
		if err := c.checkPassword(p, given); err != nil {
			return tl.Value{}, err
		}
	} else if p.secret != nil {
		if p.endsAt == 0 {
			p.endsAt = c.now + resetWait
		}
		if left := p.endsAt - c.now; left > 0 {
			return tl.Value{}, tgerr.New(420, fmt.Sprintf("2FA_CONFIRM_WAIT_%d", left))
		}
	}
	known := c.acquainted(p)[1:]
	p.def = c.new("user").With("id", tl.Long(p.id)).With("deleted", tl.Bool(true))
	p.about, p.birthday, p.email, p.future = "", nil, "", nil
	p.setSecret(nil)
	c.release(p.peer)
	for _, q := range known {
		c.push(q, func(v viewer) []tl.Value { return []tl.Value{v.userChanged(p)} })
	}
	for len(p.logins) > 0 {
		p.logins[0].signOut(errDeactivated)
	}
	c.session.login.signOut(errDeactivated)
	return tl.Bool(true), nil
}

// accountGetAccountTTL follows
// https://core.telegram.org/method/account.getAccountTTL.
func accountGetAccountTTL(c *call) (tl.Value, error) {
	days := c.me.prefs.ttl
	if days == 0 {
		days = defaultTTL
	}
	return c.new("accountDaysTTL").With("days", tl.Int(days)).Value(), nil
}

// accountSetAccountTTL follows
// https://core.telegram.org/method/account.setAccountTTL.
func accountSetAccountTTL(c *call) (tl.Value, error) {
	days := c.req.At("ttl").Object().At("days").AsInt()
	if days < 30 || days > 730 {
		return tl.Value{}, bad("TTL_DAYS_INVALID")
	}
	c.me.prefs.ttl = days
	return tl.Bool(true), nil
}

// accountGetContactSignUpNotification follows
// https://core.telegram.org/method/account.getContactSignUpNotification.
func accountGetContactSignUpNotification(c *call) (tl.Value, error) {
	return tl.Bool(c.me.prefs.silent), nil
}

// accountSetContactSignUpNotification follows
// https://core.telegram.org/method/account.setContactSignUpNotification.
func accountSetContactSignUpNotification(c *call) (tl.Value, error) {
	c.me.prefs.silent = c.req.At("silent").AsBool()
	return tl.Bool(true), nil
}

// accountGetContentSettings follows
// https://core.telegram.org/method/account.getContentSettings.
func accountGetContentSettings(c *call) (tl.Value, error) {
	return c.new("account.contentSettings").With("sensitive_enabled", tl.Bool(c.me.prefs.sensitive)).
		With("sensitive_can_change", tl.Bool(true)).Value(), nil
}

// accountSetContentSettings follows
// https://core.telegram.org/method/account.setContentSettings.
func accountSetContentSettings(c *call) (tl.Value, error) {
	c.me.prefs.sensitive = c.req.At("sensitive_enabled").AsBool()
	return tl.Bool(true), nil
}

// autoDownload is one of the presets before anybody has changed it: what is
// downloaded by itself, in bytes. What a real server says differs from place to
// place.
func (c *call) autoDownload(i int) *tl.Object {
	if o := c.me.prefs.download[i]; o != nil {
		return o
	}
	const mega = 1 << 20
	video, file := [...]int64{0, 10 * mega, 15 * mega}[i], [...]int64{0, mega, 3 * mega}[i]
	return c.new("autoDownloadSettings").With("photo_size_max", tl.Int(mega)).With("video_size_max", tl.Long(video)).
		With("file_size_max", tl.Long(file)).With("video_upload_maxbitrate", tl.Int(100)).
		With("small_queue_active_operations_max", tl.Int(5)).With("large_queue_active_operations_max", tl.Int(2))
}

// accountGetAutoDownloadSettings follows
// https://core.telegram.org/method/account.getAutoDownloadSettings.
func accountGetAutoDownloadSettings(c *call) (tl.Value, error) {
	return c.new("account.autoDownloadSettings").With("low", c.autoDownload(0).Value()).
		With("medium", c.autoDownload(1).Value()).With("high", c.autoDownload(2).Value()).Value(), nil
}

// accountSaveAutoDownloadSettings follows
// https://core.telegram.org/method/account.saveAutoDownloadSettings.
func accountSaveAutoDownloadSettings(c *call) (tl.Value, error) {
	which := 1
	switch {
	case c.req.At("low").AsBool():
		which = 0
	case c.req.At("high").AsBool():
		which = 2
	}
	c.me.prefs.download[which] = c.req.At("settings").Object()
	return tl.Bool(true), nil
}

// maxTokenType is the last type of device that there is.
const maxTokenType = 13

// accountRegisterDevice follows
// https://core.telegram.org/method/account.registerDevice. Nothing is ever sent
// to the device.
func accountRegisterDevice(c *call) (tl.Value, error) {
	kind, token := c.req.At("token_type").AsInt(), c.req.At("token").AsString()
	switch {
	case kind < 1 || kind > maxTokenType:
		return tl.Value{}, bad("TOKEN_TYPE_INVALID")
	case token == "":
		return tl.Value{}, bad("TOKEN_EMPTY")
	}
	if c.me.prefs.devices == nil {
		c.me.prefs.devices = map[string]device{}
	}
	c.me.prefs.devices[fmt.Sprint(kind, " ", token)] = device{c.req.At("no_muted").AsBool()}
	return tl.Bool(true), nil
}

// accountUnregisterDevice follows
// https://core.telegram.org/method/account.unregisterDevice.
func accountUnregisterDevice(c *call) (tl.Value, error) {
	key := fmt.Sprint(c.req.At("token_type").AsInt(), " ", c.req.At("token").AsString())
	if _, ok := c.me.prefs.devices[key]; !ok {
		return tl.Value{}, bad("TOKEN_INVALID")
	}
	delete(c.me.prefs.devices, key)
	return tl.Bool(true), nil
}

// accountUpdateDeviceLocked follows
// https://core.telegram.org/method/account.updateDeviceLocked: it says what stands
// in notifications, and there are none.
func accountUpdateDeviceLocked(*call) (tl.Value, error) { return tl.Bool(true), nil }

// accountInitTakeoutSession follows
// https://core.telegram.org/method/account.initTakeoutSession: a young session
// has to wait until it is a day old.
func accountInitTakeoutSession(c *call) (tl.Value, error) {
	if left := day - (c.now - c.session.login.created); left > 0 {
		return tl.Value{}, tgerr.New(420, fmt.Sprintf("TAKEOUT_INIT_DELAY_%d", left))
	}
	id, err := c.randomLong()
	if err != nil {
		return tl.Value{}, err
	}
	c.session.login.takeout = id
	return c.new("account.takeout").With("id", tl.Long(id)).Value(), nil
}

// accountFinishTakeoutSession follows
// https://core.telegram.org/method/account.finishTakeoutSession, which comes
// wrapped in invokeWithTakeout.
func accountFinishTakeoutSession(c *call) (tl.Value, error) {
	if !c.takeout {
		return tl.Value{}, forbidden("TAKEOUT_REQUIRED")
	}
	c.session.login.takeout = 0
	return tl.Bool(true), nil
}
