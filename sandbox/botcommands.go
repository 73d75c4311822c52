package sandbox

import (
	"slices"

	"tlsh/tl"
)

// The limits of commands (https://core.telegram.org/constructor/botCommand).
const (
	maxCommand     = 32
	maxCommandText = 256 // UTF-16 units
)

// commandSet is the commands of a bot for a scope and a language
// (https://core.telegram.org/api/bots/commands).
type commandSet struct {
	scope    *tl.Object // BotCommandScope, its InputPeers without hashes
	lang     string
	commands []tl.Value // BotCommand
}

// scoped is the scope of the request as it is stored, and the language. Errors:
// LANG_CODE_INVALID, those of call.target and call.userBy.
func (c *call) scoped() (*tl.Object, string, error) {
	lang, err := c.langCode()
	if err != nil {
		return nil, "", err
	}
	scope, err := c.kept(c.req.At("scope"))
	if err != nil {
		return nil, "", err
	}
	o := scope.Object()
	if in := o.At("user_id"); !in.IsNone() {
		p, err := c.userBy(in)
		if err != nil {
			return nil, "", err
		}
		o = o.Clone().With("user_id", c.new("inputUser").With("user_id", tl.Long(p.id)).With("access_hash", tl.Long(0)).Value())
	}
	return o, lang, nil
}

func (b *botState) set(scope *tl.Object, lang string) int {
	return slices.IndexFunc(b.commands, func(s commandSet) bool {
		return s.lang == lang && tl.Equal(s.scope.Value(), scope.Value())
	})
}

// commandsFor are the commands of a bot that the viewer can choose from in a
// chat: those of the narrowest scope that holds it, first in their language.
func (v viewer) commandsFor(bot *person, in peer) []tl.Value {
	var scopes []*tl.Object
	with := v.me.peer
	if in.kind != userPeer {
		with = in
	}
	place := viewer{world: v.world}.inputPeer(with)
	scope := func(name string) *tl.Object { return v.new(name) }
	if r := v.room[in]; r != nil {
		user := v.new("inputUser").With("user_id", tl.Long(v.me.id)).With("access_hash", tl.Long(0)).Value()
		scopes = append(scopes, scope("botCommandScopePeerUser").With("peer", place).With("user_id", user))
		if r.member(v.me).admin() {
			scopes = append(scopes, scope("botCommandScopePeerAdmins").With("peer", place))
		}
		scopes = append(scopes, scope("botCommandScopePeer").With("peer", place))
		if r.member(v.me).admin() {
			scopes = append(scopes, scope("botCommandScopeChatAdmins"))
		}
		scopes = append(scopes, scope("botCommandScopeChats"))
	} else {
		scopes = append(scopes, scope("botCommandScopePeer").With("peer", place), scope("botCommandScopeUsers"))
	}
	for _, s := range append(scopes, scope("botCommandScopeDefault")) {
		for _, lang := range [...]string{v.me.def.At("lang_code").AsString(), ""} {
			if i := bot.bot.set(s, lang); i >= 0 {
				return bot.bot.commands[i].commands
			}
		}
	}
	return nil
}

// toldCommands changes the commands of the caller, a bot, and tells those for
// whom there are others then: in their chat with it, and in groups.
func (c *call) toldCommands(change func(*botState)) {
	type place struct {
		p  *person
		in peer
	}
	var places []place
	for _, p := range c.people {
		if p.dialogs[c.me.peer] != nil && p != c.me {
			places = append(places, place{p, c.me.peer})
		}
	}
	for _, r := range c.rooms {
		for _, m := range r.members {
			if r.member(c.me) != nil && m.person != c.me && !r.broadcast() {
				places = append(places, place{m.person, r.peer})
			}
		}
	}
	before := make([]tl.Value, len(places))
	commands := func(at place) tl.Value {
		return c.vector("BotCommand", viewer{c.world, at.p}.commandsFor(c.me, at.in))
	}
	for i, at := range places {
		before[i] = commands(at)
	}
	change(c.me.bot)
	c.me.def.With("bot_info_version", tl.Int(c.me.def.At("bot_info_version").AsInt()+1))
	for i, at := range places {
		now := commands(at)
		if tl.Equal(before[i], now) {
			continue
		}
		c.push(at.p, func(v viewer) []tl.Value {
			return []tl.Value{v.new("updateBotCommands").With("peer", v.peerValue(at.in)).With("bot_id", tl.Long(c.me.id)).With("commands", now).Value()}
		})
	}
}

// botsSetBotCommands follows https://core.telegram.org/method/bots.setBotCommands.
func botsSetBotCommands(c *call) (tl.Value, error) {
	scope, lang, err := c.scoped()
	if err != nil {
		return tl.Value{}, err
	}
	commands := c.req.At("commands").Vector().Items
	for _, v := range commands {
		o := v.Object()
		if !isCommand(o.At("command").AsString()) {
			return tl.Value{}, bad("BOT_COMMAND_INVALID")
		}
		if n := units(o.At("description").AsString()); n == 0 || n > maxCommandText {
			return tl.Value{}, bad("BOT_COMMAND_DESCRIPTION_INVALID")
		}
	}
	c.toldCommands(func(b *botState) {
		if i := b.set(scope, lang); i >= 0 {
			b.commands[i].commands = commands
			return
		}
		b.commands = append(b.commands, commandSet{scope, lang, commands})
	})
	return tl.Bool(true), nil
}

// isCommand reports what can be a command: lower case letters, digits and _.
func isCommand(s string) bool {
	for _, r := range []byte(s) {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_' {
			return false
		}
	}
	return s != "" && len(s) <= maxCommand
}

// botsGetBotCommands follows https://core.telegram.org/method/bots.getBotCommands.
func botsGetBotCommands(c *call) (tl.Value, error) {
	scope, lang, err := c.scoped()
	if err != nil {
		return tl.Value{}, err
	}
	if i := c.me.bot.set(scope, lang); i >= 0 {
		return c.vector("BotCommand", c.me.bot.commands[i].commands), nil
	}
	return c.vector("BotCommand", nil), nil
}

// botsResetBotCommands follows
// https://core.telegram.org/method/bots.resetBotCommands.
func botsResetBotCommands(c *call) (tl.Value, error) {
	scope, lang, err := c.scoped()
	if err != nil {
		return tl.Value{}, err
	}
	if i := c.me.bot.set(scope, lang); i >= 0 {
		c.toldCommands(func(b *botState) { b.commands = slices.Delete(b.commands, i, i+1) })
	}
	return tl.Bool(true), nil
}
