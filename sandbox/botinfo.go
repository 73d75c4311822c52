package sandbox

import (
	"slices"
	"strings"

	"tlsh/tl"
)

// info is what a bot says of itself in a language.
func (p *person) info(lang string) langInfo {
	i := slices.IndexFunc(p.bot.infos, func(x langInfo) bool { return x.lang == lang })
	info := langInfo{lang: lang}
	if i >= 0 {
		info = p.bot.infos[i]
	}
	if lang == "" {
		info.name, info.about = p.name(), p.about
	}
	return info
}

// say keeps what a bot says of itself in a language.
func (p *person) say(info langInfo) {
	if info.lang == "" {
		p.def.With("first_name", tl.String(info.name)).With("last_name", tl.Value{})
		p.about = info.about
		info.name, info.about = "", ""
	}
	p.bot.infos = slices.DeleteFunc(p.bot.infos, func(x langInfo) bool { return x.lang == info.lang })
	if info != (langInfo{lang: info.lang}) {
		p.bot.infos = append(p.bot.infos, info)
	}
}

// botsSetBotInfo follows https://core.telegram.org/method/bots.setBotInfo.
func botsSetBotInfo(c *call) (tl.Value, error) {
	bot, err := c.itself()
	if err != nil {
		return tl.Value{}, err
	}
	lang, err := c.langCode()
	if err != nil {
		return tl.Value{}, err
	}
	info := bot.info(lang)
	for name, field := range map[string]*string{"name": &info.name, "about": &info.about, "description": &info.description} {
		if v := c.req.At(name); !v.IsNone() {
			*field = strings.TrimSpace(v.AsString())
		}
	}
	if lang == "" && info.name == "" {
		info.name = bot.name()
	}
	named := info.name != bot.info(lang).name
	bot.say(info)
	c.grown(bot)
	if named {
		c.toldNames(bot)
	}
	return tl.Bool(true), nil
}

// botsGetBotInfo follows https://core.telegram.org/method/bots.getBotInfo.
func botsGetBotInfo(c *call) (tl.Value, error) {
	bot, err := c.itself()
	if err != nil {
		return tl.Value{}, err
	}
	lang, err := c.langCode()
	if err != nil {
		return tl.Value{}, err
	}
	info := bot.info(lang)
	return c.new("bots.botInfo").With("name", tl.String(info.name)).With("about", tl.String(info.about)).
		With("description", tl.String(info.description)).Value(), nil
}

// botInfo is what the viewer is told of a bot in a chat.
func (v viewer) botInfo(bot *person, in peer) *tl.Object {
	o := v.new("botInfo").With("user_id", tl.Long(bot.id)).With("menu_button", v.menuOf(bot, v.me))
	if commands := v.commandsFor(bot, in); len(commands) > 0 {
		o.With("commands", v.vector("BotCommand", commands))
	}
	for _, lang := range [...]string{v.me.def.At("lang_code").AsString(), ""} {
		if s := bot.info(lang).description; s != "" {
			return o.With("description", tl.String(s))
		}
	}
	return o
}

// botsIn are what the viewer is told of the bots in a room.
func (v viewer) botsIn(r *room) tl.Value {
	var list []tl.Value
	for _, m := range r.members {
		if m.person.bot != nil && !r.broadcast() {
			list = append(list, v.botInfo(m.person, r.peer).Value())
		}
	}
	return v.vector("BotInfo", list)
}

// fullBot puts what a bot says of itself into its userFull.
func (v viewer) fullBot(full *tl.Object, p *person) {
	if p.bot == nil {
		return
	}
	full.With("bot_info", v.botInfo(p, p.peer).Value())
	if p.bot.group != nil {
		full.With("bot_group_admin_rights", p.bot.group.Value())
	}
	if p.bot.channel != nil {
		full.With("bot_broadcast_admin_rights", p.bot.channel.Value())
	}
}

// menuOf is the button that somebody has beside where they write to a bot
// (https://core.telegram.org/api/bots/menu).
func (w *world) menuOf(bot, p *person) tl.Value {
	for _, o := range [...]*tl.Object{bot.bot.menus[p.id], bot.bot.menu} {
		if o != nil {
			return o.Value()
		}
	}
	return w.new("botMenuButtonDefault").Value()
}

// maxMenuText is the longest text of a menu button, in UTF-16 units. The page does
// not say.
const maxMenuText = 64

// botsSetBotMenuButton follows
// https://core.telegram.org/method/bots.setBotMenuButton: for a user, or for
// everybody else with inputUserEmpty.
func botsSetBotMenuButton(c *call) (tl.Value, error) {
	button := c.req.At("button").Object()
	if button.Is("botMenuButton") {
		switch n := units(strings.TrimSpace(button.At("text").AsString())); {
		case n == 0 || n > maxMenuText:
			return tl.Value{}, bad("BUTTON_TEXT_INVALID")
		case !strings.HasPrefix(button.At("url").AsString(), "https://"):
			return tl.Value{}, bad("BUTTON_URL_INVALID")
		}
	}
	people := c.people
	b := c.me.bot
	if in := c.req.At("user_id"); !in.Object().Is("inputUserEmpty") {
		p, err := c.userBy(in)
		if err != nil {
			return tl.Value{}, err
		}
		people = []*person{p}
	}
	before := map[*person]tl.Value{}
	for _, p := range people {
		before[p] = c.menuOf(c.me, p)
	}
	stored := button
	if button.Is("botMenuButtonDefault") {
		stored = nil
	}
	if len(people) == 1 && !c.req.At("user_id").Object().Is("inputUserEmpty") {
		if b.menus == nil {
			b.menus = map[int64]*tl.Object{}
		}
		if b.menus[people[0].id] = stored; stored == nil {
			delete(b.menus, people[0].id)
		}
	} else {
		b.menu = stored
	}
	for _, p := range people {
		if now := c.menuOf(c.me, p); p.dialogs[c.me.peer] != nil && p != c.me && !tl.Equal(before[p], now) {
			c.push(p, func(v viewer) []tl.Value {
				return []tl.Value{v.new("updateBotMenuButton").With("bot_id", tl.Long(c.me.id)).With("button", now).Value()}
			})
		}
	}
	return tl.Bool(true), nil
}

// botsGetBotMenuButton follows
// https://core.telegram.org/method/bots.getBotMenuButton.
func botsGetBotMenuButton(c *call) (tl.Value, error) {
	if in := c.req.At("user_id"); !in.Object().Is("inputUserEmpty") {
		p, err := c.userBy(in)
		if err != nil {
			return tl.Value{}, err
		}
		return c.menuOf(c.me, p), nil
	}
	return c.menuOf(c.me, &person{}), nil
}

// suggest keeps the rights that a bot wants where it becomes an admin
// (https://core.telegram.org/api/rights#suggested-bot-rights).
func (c *call) suggest(kept **tl.Object) (tl.Value, error) {
	rights := c.req.At("admin_rights").Object()
	none := tl.Equal(rights.Value(), c.new("chatAdminRights").Value())
	if *kept == nil && none || *kept != nil && tl.Equal((*kept).Value(), rights.Value()) {
		return tl.Value{}, bad("RIGHTS_NOT_MODIFIED")
	}
	if *kept = rights; none {
		*kept = nil
	}
	return tl.Bool(true), nil
}

// botsSetBotGroupDefaultAdminRights follows
// https://core.telegram.org/method/bots.setBotGroupDefaultAdminRights.
func botsSetBotGroupDefaultAdminRights(c *call) (tl.Value, error) { return c.suggest(&c.me.bot.group) }

// botsSetBotBroadcastDefaultAdminRights follows
// https://core.telegram.org/method/bots.setBotBroadcastDefaultAdminRights.
func botsSetBotBroadcastDefaultAdminRights(c *call) (tl.Value, error) {
	return c.suggest(&c.me.bot.channel)
}

// messagesStartBot follows https://core.telegram.org/method/messages.startBot: the
// bot gets its command with the parameter, in a group after it was brought there.
func messagesStartBot(c *call) (tl.Value, error) {
	bot, err := c.userBy(c.req.At("bot"))
	if err != nil {
		return tl.Value{}, err
	}
	to := bot.peer // clients name no chat, too
	if in := c.req.At("peer"); !in.Object().Is("inputPeerEmpty") {
		if to, err = c.target(in); err != nil {
			return tl.Value{}, err
		}
	}
	param := c.req.At("start_param").AsString()
	r := c.room[to]
	switch {
	case bot.bot == nil:
		return tl.Value{}, bad("BOT_INVALID")
	case r == nil && to != bot.peer:
		return tl.Value{}, bad("PEER_ID_INVALID")
	case param == "":
		return tl.Value{}, bad("START_PARAM_EMPTY")
	case len(param) > maxStartParam:
		return tl.Value{}, bad("START_PARAM_TOO_LONG")
	case !isStartParam(param):
		return tl.Value{}, bad("START_PARAM_INVALID")
	}
	text := "/start " + param
	if r != nil {
		text = "/start@" + c.username(bot.peer) + " " + param
		if r.member(bot) == nil {
			if !c.lets(r, c.me, "invite_users") {
				return tl.Value{}, bad("CHAT_ADMIN_REQUIRED")
			}
			c.enroll(r, bot, c.me.id)
			r.bump()
			c.aside().spoken(r, c.new("messageActionChatAddUser").With("users", c.longs(bot.id)))
		}
	}
	base := c.new("message").With("message", tl.String(text)).With("entities", c.detect(text, tl.Value{}))
	if err := c.writable(to); err != nil {
		return tl.Value{}, err
	}
	random := c.req.At("random_id").AsLong()
	if err := c.once(random); err != nil {
		return tl.Value{}, err
	}
	return c.sent(c.post(c.draft(base, to))[:1], []int64{random}).Value(), nil
}
