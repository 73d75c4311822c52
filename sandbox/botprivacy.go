package sandbox

import "strings"

// hears tells whether somebody is told of a message in a room. People are told of
// all, and bots of all but what is said among people in a group
// (https://core.telegram.org/bots/features#privacy-mode): they hear commands that
// are not for another bot, who mentions or answers them, what was sent through
// them, and service messages. Admins hear everything, so do bots that want the
// history of chats.
func (w *world) hears(p *person, l *letter) bool {
	if p.bot == nil || p.def.At("bot_chat_history").AsBool() {
		return true
	}
	r := w.room[l.to]
	switch {
	case r == nil || r.broadcast() || l.service() || l.author == p || r.member(p).admin():
		return true
	case l.base.At("via_bot_id").AsLong() == p.id || w.mentions(l, p):
		return true
	}
	return w.commands(p, l.base.At("message").AsString())
}

// commands reports a text that begins with a command for the bot: /tides is for
// every bot, /tides@weather_bot for that one.
func (w *world) commands(bot *person, text string) bool {
	word, _, _ := strings.Cut(strings.ReplaceAll(text, "\n", " "), " ")
	if len(word) < 2 || word[0] != '/' {
		return false
	}
	_, name, named := strings.Cut(word, "@")
	if !named {
		return true
	}
	who, ok := w.byName(name)
	return ok && who == bot.peer
}
