package sandbox

import (
	"strings"
	"testing"

	"tlsh/tl"
)

func TestHelp(t *testing.T) {
	l := newLab(t, Config{})
	sam, bob := l.as("@sam"), l.as("@bob")
	stranger := l.as("@carol")
	stranger.do("auth.logOut")
	app := stranger.do("help.getAppConfig hash=0")
	fields := map[string]tl.Value{}
	last := ""
	for _, v := range at(t, app, ".config.value").Vector().Items {
		name := v.Object().At("key").AsString()
		if name <= last {
			t.Errorf("%s comes after %s", name, last)
		}
		last = name
		fields[name] = v.Object().At("value").Object().At("value")
	}
	if n := fields["upload_max_fileparts_default"].AsDouble(); n != maxParts {
		t.Errorf("upload_max_fileparts_default: %v", n)
	}
	if v := fields["emojies_send_dice"]; len(v.Vector().Items) != len(dices) {
		t.Errorf("emojies_send_dice: %s", show(v))
	}
	profile := sam.do("help.getPeerProfileColors hash=0")
	want(t, profile, ".colors", "[]")
	want(t, sam.do("help.getPeerProfileColors hash="+show(at(t, profile, ".hash"))), "", "help.peerColorsNotModified()")
	want(t, sam.do("help.getPremiumPromo"), ".status_text", `"You do not have Telegram Premium, and the sandbox sells none."`, ".period_options", "[]")
	want(t, l.as("@erin").do("help.getPremiumPromo"), ".status_text", `"You have Telegram Premium."`)
	want(t, sam.do("help.getAppConfig hash="+show(at(t, app, ".hash"))), "", "help.appConfigNotModified()")

	list := stranger.do("help.getCountriesList lang_code=en hash=0")
	want(t, sam.do("help.getCountriesList lang_code=en hash="+show(at(t, list, ".hash"))), "", "help.countriesListNotModified()")
	seen := map[string]string{}
	for _, v := range at(t, list, ".countries").Vector().Items {
		o := v.Object()
		if len(o.At("iso2").AsString()) != 2 || o.At("default_name").AsString() == "" || len(o.At("country_codes").Vector().Items) == 0 {
			t.Errorf("a country: %s", show(v))
		}
		seen[o.At("iso2").AsString()] = show(o.At("country_codes"))
	}
	for iso, codes := range map[string]string{
		"SE": `[help.countryCode(country_code="46")]`, "US": `[help.countryCode(country_code="1")]`,
		"DO": `[help.countryCode(country_code="1" prefixes=["809" "829" "849"])]`,
		"KZ": `[help.countryCode(country_code="7" prefixes=["6" "7"])]`, "RU": `[help.countryCode(country_code="7")]`,
		"SH": `[help.countryCode(country_code="247") help.countryCode(country_code="290")]`,
	} {
		if seen[iso] != codes {
			t.Errorf("%s: want %s, got %s", iso, codes, seen[iso])
		}
	}

	colors := sam.do("help.getPeerColors hash=0")
	want(t, colors, ".colors[6].color_id", "6")
	want(t, sam.do("help.getPeerColors hash="+show(at(t, colors, ".hash"))), "", "help.peerColorsNotModified()")

	// Nothing is new.
	want(t, sam.do("help.getPromoData"), "", "help.promoDataEmpty(expires=2026-03-06T19:00:00)")
	want(t, sam.do("help.getTermsOfServiceUpdate"), "", "help.termsOfServiceUpdateEmpty(expires=2026-03-06T19:00:00)")
	want(t, stranger.do(`help.getAppUpdate source=""`), "", "help.noAppUpdate()")
	want(t, stranger.do("help.getDeepLinkInfo path=x"), "", "help.deepLinkInfoEmpty()")
	want(t, sam.do(`help.getRecentMeUrls referer=""`), ".urls", "[]")
	if text := show(at(t, sam.do("help.getInviteText"), ".message")); !strings.Contains(text, "sandbox") {
		t.Errorf("the invitation: %s", text)
	}
	want(t, stranger.do("help.saveAppLog events=[inputAppEvent(time=0 type=x peer=0 data=jsonNull)]"), "", "true")
	want(t, sam.do("help.hidePromoData peer=@harbour_news"), "", "true")
	sam.fails("help.hidePromoData peer=@harbour_news!", "400 CHANNEL_INVALID")
	want(t, sam.do("help.dismissSuggestion peer=inputPeerEmpty suggestion=BIRTHDAY_SETUP"), "", "true")
	want(t, sam.do("help.dismissSuggestion peer=@harbour_news suggestion=CONVERT_GIGAGROUP"), "", "true")
	want(t, sam.do(`help.acceptTermsOfService id=dataJSON(data="{}")`), "", "true")
	sam.fails(`help.acceptTermsOfService id=dataJSON(data="{")`, "400 DATA_JSON_INVALID")

	// The reaction that somebody gives by default is theirs.
	sam.do("messages.setDefaultReaction reactionEmoji(emoticon=👍)")
	want(t, sam.do("help.getConfig"), ".reactions_default.emoticon", `"👍"`, ".rating_e_decay", "2419200")
	lacks(t, bob.do("help.getConfig"), ".reactions_default")
}

func TestSupport(t *testing.T) {
	sam := newLab(t, Config{}).as("@sam")
	want(t, sam.do("help.getSupport"), ".user.id", "777000", ".user.support", "true", ".phone_number", `"42777"`)
	want(t, sam.do("help.getSupportName"), ".name", `"Telegram"`)
	zones := sam.do("help.getTimezonesList hash=0")
	want(t, zones, ".timezones[11].id", `"Etc/GMT+1"`, ".timezones[11].utc_offset", "-3600", ".timezones[12].name", `"UTC"`, ".timezones[26].name", `"UTC+14:00"`)
	want(t, sam.do("help.getTimezonesList hash="+show(at(t, zones, ".hash"))), "", "help.timezonesListNotModified()")
}
