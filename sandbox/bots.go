package sandbox

import "tlsh/tl"

// botsArea is bots: what they say of themselves and whose they are, and what
// people ask of them (https://core.telegram.org/api/bots).
func botsArea() area {
	return area{
		methods: map[string]method{
			"bots.getAdminedBots":   {handle: botsGetAdminedBots},
			"bots.getBotCommands":   {handle: botsGetBotCommands, bots: true, errors: "LANG_CODE_INVALID"},
			"bots.getBotInfo":       {handle: botsGetBotInfo, heeds: "bot", errors: "BOT_INVALID LANG_CODE_INVALID USER_BOT_INVALID"},
			"bots.getBotMenuButton": {handle: botsGetBotMenuButton, bots: true},
			"bots.reorderUsernames": {handle: botsReorderUsernames, errors: "BOT_INVALID USERNAME_NOT_MODIFIED"},
			"bots.resetBotCommands": {handle: botsResetBotCommands, bots: true, errors: "LANG_CODE_INVALID"},
			"bots.setBotBroadcastDefaultAdminRights": {handle: botsSetBotBroadcastDefaultAdminRights, bots: true,
				errors: "RIGHTS_NOT_MODIFIED"},
			"bots.setBotCommands": {handle: botsSetBotCommands, bots: true,
				errors: "BOT_COMMAND_DESCRIPTION_INVALID BOT_COMMAND_INVALID LANG_CODE_INVALID"},
			"bots.setBotGroupDefaultAdminRights": {handle: botsSetBotGroupDefaultAdminRights, bots: true,
				errors: "RIGHTS_NOT_MODIFIED"},
			"bots.setBotInfo": {handle: botsSetBotInfo, heeds: "bot name about description",
				errors: "BOT_INVALID LANG_CODE_INVALID USER_BOT_INVALID"},
			"bots.setBotMenuButton": {handle: botsSetBotMenuButton, bots: true,
				errors: "BUTTON_TEXT_INVALID BUTTON_URL_INVALID"},
			"bots.toggleUsername":      {handle: botsToggleUsername, errors: "BOT_INVALID USERNAME_NOT_MODIFIED"},
			"help.setBotUpdatesStatus": {handle: func(*call) (tl.Value, error) { return tl.Bool(true), nil }, bots: true},
			"messages.editInlineBotMessage": {handle: messagesEditInlineBotMessage, bots: true, heeds: "no_webpage message reply_markup entities",
				errors: "MESSAGE_EMPTY MESSAGE_ID_INVALID MESSAGE_NOT_MODIFIED MESSAGE_TOO_LONG"},
			"messages.getBotCallbackAnswer": {handle: messagesGetBotCallbackAnswer, heeds: "data",
				errors: "BOT_RESPONSE_TIMEOUT DATA_INVALID MESSAGE_ID_INVALID"},
			"messages.getInlineBotResults": {handle: messagesGetInlineBotResults, heeds: "geo_point",
				errors: "BOT_INLINE_DISABLED BOT_INVALID BOT_RESPONSE_TIMEOUT GEO_POINT_INVALID"},
			"messages.sendInlineBotResult": {handle: messagesSendInlineBotResult,
				heeds:  "silent background clear_draft hide_via reply_to schedule_date",
				errors: "INLINE_RESULT_EXPIRED QUERY_ID_EMPTY RESULT_ID_EMPTY RESULT_ID_INVALID RANDOM_ID_DUPLICATE REPLY_MESSAGE_ID_INVALID STORY_ID_INVALID TOPIC_CLOSED TOPIC_DELETED"},
			"messages.setBotCallbackAnswer": {handle: messagesSetBotCallbackAnswer, bots: true, heeds: "alert message url",
				errors: "MESSAGE_TOO_LONG QUERY_ID_INVALID URL_INVALID"},
			"messages.setInlineBotResults": {handle: messagesSetInlineBotResults, bots: true, heeds: "gallery private next_offset switch_pm",
				errors: "ARTICLE_TITLE_EMPTY DOCUMENT_INVALID GEO_POINT_INVALID MEDIA_CAPTION_TOO_LONG MEDIA_INVALID MESSAGE_EMPTY MESSAGE_TOO_LONG NEXT_OFFSET_INVALID PHOTO_INVALID QUERY_ID_INVALID RESULTS_TOO_MUCH RESULT_ID_DUPLICATE RESULT_ID_INVALID RESULT_TYPE_INVALID SEND_MESSAGE_MEDIA_INVALID START_PARAM_EMPTY START_PARAM_INVALID SWITCH_PM_TEXT_EMPTY WEBDOCUMENT_URL_INVALID"},
			"messages.startBot": {handle: messagesStartBot,
				errors: "BOT_INVALID CHAT_ADMIN_REQUIRED INPUT_USER_DEACTIVATED RANDOM_ID_DUPLICATE START_PARAM_EMPTY START_PARAM_INVALID START_PARAM_TOO_LONG"},
		},
		words: map[string]func(*arguments){"botowner": botOwnerWord, "botcommands": botCommandsWord, "botinfo": botInfoWord,
			"botmenu": botMenuWord, "botrights": botRightsWord},
		save: saveBots,
	}
}

// botState is what a bot has that people have not.
type botState struct {
	owner    *person // who made it; nil: nobody here
	commands []commandSet
	infos    []langInfo
	menu     *tl.Object           // BotMenuButton for all; nil: botMenuButtonDefault
	menus    map[int64]*tl.Object // for some people
	group    *tl.Object           // the chatAdminRights that it wants in groups; nil: none
	channel  *tl.Object           // in channels
}

// langInfo is what a bot says of itself to who speaks a language; "": to all
// others.
type langInfo struct{ lang, name, about, description string }

// ownBot is the bot of the caller's that an InputUser names. Errors: BOT_INVALID,
// MSG_ID_INVALID.
func (c *call) ownBot(v tl.Value) (*person, error) {
	p, err := c.userBy(v)
	switch {
	case err != nil && err.Error() != bad("USER_ID_INVALID").Error():
		return nil, err
	case err != nil || p.bot == nil || p.bot.owner != c.me:
		return nil, bad("BOT_INVALID")
	}
	return p, nil
}

// itself is the bot that a request of bots.* is about: the caller, or the one that
// a person names. Errors: BOT_INVALID, USER_BOT_INVALID.
func (c *call) itself() (*person, error) {
	in := c.req.At("bot")
	switch {
	case c.me.bot != nil && (in.IsNone() || in.Object().Is("inputUserSelf")):
		return c.me, nil
	case in.IsNone():
		return nil, bad("USER_BOT_INVALID")
	}
	return c.ownBot(in)
}

// langCode is the language of the request. Error: LANG_CODE_INVALID.
func (c *call) langCode() (string, error) {
	s := c.req.At("lang_code").AsString()
	if len(s) != 0 && (len(s) != 2 || s[0] < 'a' || s[0] > 'z' || s[1] < 'a' || s[1] > 'z') {
		return "", bad("LANG_CODE_INVALID")
	}
	return s, nil
}

// grown counts that a bot's info is another than before, and lets those who know
// it read it anew.
func (c *call) grown(bot *person) {
	bot.def.With("bot_info_version", tl.Int(bot.def.At("bot_info_version").AsInt()+1))
	c.aside().tellChanged(bot)
}

// botsGetAdminedBots follows https://core.telegram.org/method/bots.getAdminedBots.
func botsGetAdminedBots(c *call) (tl.Value, error) {
	var list []tl.Value
	for _, p := range c.people {
		if p.bot != nil && p.bot.owner == c.me {
			list = append(list, c.user(p))
		}
	}
	return c.vector("User", list), nil
}

// toldNames tells those who know somebody what their usernames are now.
func (c *call) toldNames(p *person) {
	for _, q := range c.acquainted(p) {
		c.push(q, func(v viewer) []tl.Value {
			o := v.user(p).Object()
			return []tl.Value{v.new("updateUserName").With("user_id", tl.Long(p.id)).With("first_name", tl.String(o.At("first_name").AsString())).
				With("last_name", tl.String(o.At("last_name").AsString())).With("usernames", v.handles(p.peer)).Value()}
		})
	}
}

// botsReorderUsernames follows
// https://core.telegram.org/method/bots.reorderUsernames.
func botsReorderUsernames(c *call) (tl.Value, error) {
	p, err := c.ownBot(c.req.At("bot"))
	if err != nil {
		return tl.Value{}, err
	}
	var order []string
	for _, v := range c.req.At("order").Vector().Items {
		order = append(order, v.AsString())
	}
	before := c.handles(p.peer)
	if !c.reorder(p.peer, order) || tl.Equal(before, c.handles(p.peer)) {
		return tl.Value{}, bad("USERNAME_NOT_MODIFIED")
	}
	c.toldNames(p)
	return tl.Bool(true), nil
}

// botsToggleUsername follows https://core.telegram.org/method/bots.toggleUsername.
func botsToggleUsername(c *call) (tl.Value, error) {
	p, err := c.ownBot(c.req.At("bot"))
	if err != nil {
		return tl.Value{}, err
	}
	if !c.activate(p.peer, c.req.At("username").AsString(), c.req.At("active").AsBool()) {
		return tl.Value{}, bad("USERNAME_NOT_MODIFIED")
	}
	c.toldNames(p)
	return tl.Bool(true), nil
}
