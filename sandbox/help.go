package sandbox

import (
	"encoding/json"
	"fmt"

	"tlsh/tl"
)

// helpArea is what the server says of itself, and what it has to tell its users
// now, which here is little: there is no later app, nothing is promoted, and no
// terms are new.
func helpArea() area {
	return area{methods: map[string]method{
		"help.acceptTermsOfService":    {handle: helpAcceptTermsOfService, errors: "DATA_JSON_INVALID"},
		"help.dismissSuggestion":       {handle: helpDismissSuggestion},
		"help.getAppConfig":            {handle: helpGetAppConfig, anyone: true},
		"help.getAppUpdate":            {handle: helpGetAppUpdate, anyone: true},
		"help.getCountriesList":        {handle: helpGetCountriesList, anyone: true},
		"help.getDeepLinkInfo":         {handle: helpGetDeepLinkInfo, anyone: true},
		"help.getInviteText":           {handle: helpGetInviteText},
		"help.getPeerColors":           {handle: helpGetPeerColors},
		"help.getPeerProfileColors":    {handle: helpGetPeerProfileColors},
		"help.getPremiumPromo":         {handle: helpGetPremiumPromo},
		"help.getPromoData":            {handle: helpGetPromoData},
		"help.getRecentMeUrls":         {handle: helpGetRecentMeUrls},
		"help.getTermsOfServiceUpdate": {handle: helpGetTermsOfServiceUpdate},
		"help.hidePromoData":           {handle: helpHidePromoData},
		"help.getSupport":              {handle: helpGetSupport},
		"help.getSupportName":          {handle: helpGetSupportName},
		"help.getTimezonesList":        {handle: helpGetTimezonesList},
		"help.saveAppLog":              {handle: helpSaveAppLog, anyone: true},
		"help.getConfig":               {handle: helpGetConfig, anyone: true, cdn: true},
		"help.getNearestDc":            {handle: helpGetNearestDc, anyone: true},
	}}
}

// helpGetConfig follows https://core.telegram.org/method/help.getConfig: the
// data centres where they listen, and the limits that hold here where the sandbox
// has them, else those that a real server names.
func helpGetConfig(c *call) (tl.Value, error) {
	o := c.new("config").With("date", tl.Int(c.now)).With("expires", tl.Int(c.now+3600)).
		With("revoke_pm_inbox", tl.Bool(true)).With("test_mode", tl.Bool(false)).With("this_dc", tl.Int(int32(c.session.login.dc))).
		With("dc_options", c.dcOptions()).With("dc_txt_domain_name", tl.String("")).
		With("me_url_prefix", tl.String("https://t.me/"))
	for name, n := range map[string]int32{
		"chat_size_max": 200, "megagroup_size_max": 200000, "forwarded_count_max": 100,
		"online_update_period_ms": 210000, "offline_blur_timeout_ms": 5000, "offline_idle_timeout_ms": 30000,
		"online_cloud_timeout_ms": 300000, "notify_cloud_delay_ms": 30000, "notify_default_delay_ms": 1500,
		"push_chat_period_ms": 60000, "push_chat_limit": 2, "edit_time_limit": editTime,
		"revoke_time_limit": 1<<31 - 1, "revoke_pm_time_limit": 1<<31 - 1,
		"stickers_recent_limit": 200, "channels_read_media_period": 604800, "call_receive_timeout_ms": 20000,
		"call_ring_timeout_ms": 90000, "call_connect_timeout_ms": 30000, "call_packet_timeout_ms": 10000,
		"caption_length_max": maxCaption, "message_length_max": maxMessage, "webfile_dc_id": int32(c.s.cfg.DC),
	} {
		o.With(name, tl.Int(n))
	}
	o.With("rating_e_decay", tl.Int(ratingDecay))
	if c.me != nil && c.me.reacting.favorite != nil {
		o.With("reactions_default", c.me.reacting.favorite.Value())
	}
	return o.Value(), nil
}

// helpGetNearestDc follows https://core.telegram.org/method/help.getNearestDc.
// The country is that of no place: XX is for private use in ISO 3166.
func helpGetNearestDc(c *call) (tl.Value, error) {
	nearest := c.s.cfg.DC
	if c.s.faults.Network != 0 {
		nearest = c.s.faults.Network
	}
	return c.new("nearestDc").With("country", tl.String("XX")).With("this_dc", tl.Int(int32(c.session.login.dc))).
		With("nearest_dc", tl.Int(int32(nearest))).Value(), nil
}

// promoTime is after how many seconds clients ask again what there is to promote,
// and for terms of service.
const promoTime = 3600

// helpGetPromoData follows https://core.telegram.org/method/help.getPromoData.
func helpGetPromoData(c *call) (tl.Value, error) {
	return c.new("help.promoDataEmpty").With("expires", tl.Int(c.now+promoTime)).Value(), nil
}

// helpHidePromoData follows https://core.telegram.org/method/help.hidePromoData.
func helpHidePromoData(c *call) (tl.Value, error) {
	_, err := c.target(c.req.At("peer"))
	return tl.Bool(err == nil), err
}

// helpDismissSuggestion follows
// https://core.telegram.org/method/help.dismissSuggestion. inputPeerEmpty stands
// for what was suggested to the account.
func helpDismissSuggestion(c *call) (tl.Value, error) {
	if in := c.req.At("peer"); !in.Object().Is("inputPeerEmpty") {
		if _, err := c.target(in); err != nil {
			return tl.Value{}, err
		}
	}
	return tl.Bool(true), nil
}

// helpGetTermsOfServiceUpdate follows
// https://core.telegram.org/method/help.getTermsOfServiceUpdate.
func helpGetTermsOfServiceUpdate(c *call) (tl.Value, error) {
	return c.new("help.termsOfServiceUpdateEmpty").With("expires", tl.Int(c.now+promoTime)).Value(), nil
}

// helpAcceptTermsOfService follows
// https://core.telegram.org/method/help.acceptTermsOfService.
func helpAcceptTermsOfService(c *call) (tl.Value, error) {
	if !json.Valid([]byte(c.req.At("id").Object().At("data").AsString())) {
		return tl.Value{}, bad("DATA_JSON_INVALID")
	}
	return tl.Bool(true), nil
}

// helpGetAppUpdate follows https://core.telegram.org/method/help.getAppUpdate.
func helpGetAppUpdate(c *call) (tl.Value, error) { return c.new("help.noAppUpdate").Value(), nil }

// helpGetDeepLinkInfo follows
// https://core.telegram.org/method/help.getDeepLinkInfo: there is nothing to tell
// about links that a client does not know.
func helpGetDeepLinkInfo(c *call) (tl.Value, error) {
	return c.new("help.deepLinkInfoEmpty").Value(), nil
}

// helpGetRecentMeUrls follows
// https://core.telegram.org/method/help.getRecentMeUrls: nobody comes by a link
// of the web.
func helpGetRecentMeUrls(c *call) (tl.Value, error) {
	return c.complete(c.new("help.recentMeUrls").With("urls", c.vector("RecentMeUrl", nil))).Value(), nil
}

// helpGetInviteText follows https://core.telegram.org/method/help.getInviteText.
func helpGetInviteText(c *call) (tl.Value, error) {
	return c.new("help.inviteText").With("message", tl.String("Come and talk to me in the tlsh sandbox.")).Value(), nil
}

// helpSaveAppLog follows https://core.telegram.org/method/help.saveAppLog. Nobody
// reads the log.
func helpSaveAppLog(*call) (tl.Value, error) { return tl.Bool(true), nil }

// baseColors is how many colors every client knows by itself
// (https://core.telegram.org/api/colors): red, orange, violet, green, cyan, blue
// and pink.
const baseColors = 7

// helpGetPeerColors follows https://core.telegram.org/method/help.getPeerColors:
// the colors that clients know without being told what they look like.
func helpGetPeerColors(c *call) (tl.Value, error) {
	var items []tl.Value
	for id := range int32(baseColors) {
		items = append(items, c.new("help.peerColorOption").With("color_id", tl.Int(id)).Value())
	}
	return c.peerColors(items)
}

// helpGetPeerProfileColors follows
// https://core.telegram.org/method/help.getPeerProfileColors: there are none that
// clients know by themselves, and none are offered.
func helpGetPeerProfileColors(c *call) (tl.Value, error) { return c.peerColors(nil) }

func (c *call) peerColors(options []tl.Value) (tl.Value, error) {
	o := c.new("help.peerColors").With("hash", tl.Int(0)).With("colors", c.vector("help.PeerColorOption", options))
	hash := hashOfValue(o)
	if c.req.At("hash").AsInt() == hash {
		return c.new("help.peerColorsNotModified").Value(), nil
	}
	return o.With("hash", tl.Int(hash)).Value(), nil
}

// helpGetPremiumPromo follows
// https://core.telegram.org/method/help.getPremiumPromo: whether the caller has
// Premium. Nothing is sold, and there is nothing to show of it.
func helpGetPremiumPromo(c *call) (tl.Value, error) {
	text := "You do not have Telegram Premium, and the sandbox sells none."
	if c.me.def.At("premium").AsBool() {
		text = "You have Telegram Premium."
	}
	o := c.new("help.premiumPromo").With("status_text", tl.String(text)).With("status_entities", c.vector("MessageEntity", nil)).
		With("video_sections", tl.VectorOf(c.s.schema.TypeOf("string"))).With("videos", c.vector("Document", nil)).
		With("period_options", c.vector("PremiumSubscriptionOption", nil))
	return c.complete(o).Value(), nil
}

// helpGetSupport follows https://core.telegram.org/method/help.getSupport: it is
// the server who answers, or does not.
func helpGetSupport(c *call) (tl.Value, error) {
	p := c.service()
	return c.new("help.support").With("phone_number", p.def.At("phone")).With("user", c.user(p)).Value(), nil
}

// helpGetSupportName follows
// https://core.telegram.org/method/help.getSupportName.
func helpGetSupportName(c *call) (tl.Value, error) {
	return c.new("help.supportName").With("name", tl.String(c.service().name())).Value(), nil
}

// helpGetTimezonesList follows
// https://core.telegram.org/method/help.getTimezonesList. They are those of the tz
// database that have no summer time, and so one offset: in the names of these what
// is east of Greenwich is negative.
func helpGetTimezonesList(c *call) (tl.Value, error) {
	var items []tl.Value
	for h := -12; h <= 14; h++ {
		id, name := fmt.Sprintf("Etc/GMT%+d", -h), fmt.Sprintf("UTC%+03d:00", h)
		if h == 0 {
			id, name = "Etc/GMT", "UTC"
		}
		items = append(items, c.new("timezone").With("id", tl.String(id)).With("name", tl.String(name)).With("utc_offset", tl.Int(int32(h*3600))).Value())
	}
	o := c.new("help.timezonesList").With("timezones", c.vector("Timezone", items)).With("hash", tl.Int(0))
	hash := hashOfValue(o)
	if c.req.At("hash").AsInt() == hash {
		return c.new("help.timezonesListNotModified").Value(), nil
	}
	return o.With("hash", tl.Int(hash)).Value(), nil
}
