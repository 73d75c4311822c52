package sandbox

import "strings"

// hears tells whether somebody is told of a message in a room. People are told of
// all, and bots of all in a channel, and of service messages. In a group no bot is
// told what another bot says (https://core.telegram.org/bots/faq), and of what people
// say there, admins and bots that want the history of chats are told everything, the
// others what is meant for them
// (https://core.telegram.org/bots/features#privacy-mode).
func (w *world) hears(p *person, l *letter) bool {
	r := w.room[l.to]
	switch {
	case p.bot == nil || r == nil || r.broadcast() || l.service() || l.author == p:
		return true
	case l.author.bot != nil:
		return false
	case p.def.At("bot_chat_history").AsBool() || r.member(p).admin():
		return true
	}
	return w.spokenTo(l, p)
}

// spokenTo tells whether what somebody says in a group is for a bot. It is for one bot
// alone: the one that it answers, else the one it was sent through, else the one
// whose command it is (/tides@weather_bot). A command without a name (/tides) is for
// the bot that was the last one to say something there. Who is mentioned hears it,
// unless it answers or names another.
func (w *world) spokenTo(l *letter, bot *person) bool {
	if l.repliesTo() && l.reply.author.bot != nil {
		return l.reply.author == bot
	}
	if via := l.base.At("via_bot_id").AsLong(); via != 0 {
		return via == bot.id
	}
	name, command := commandIn(l.base.At("message").AsString())
	if name != "" {
		who, ok := w.byName(name)
		return ok && who == bot.peer
	}
	return w.namesIn(l)[bot.id] || command && l.lastBot == bot
}

// commandIn reports a text that begins with a command, and the username of the bot
// that it names: "" where it names none.
func commandIn(text string) (name string, ok bool) {
	if text == "" {
		return "", false
	}
	kind, n := found(text)
	if kind != "messageEntityBotCommand" {
		return "", false
	}
	_, name, _ = strings.Cut(text[:n], "@")
	return name, true
}

// noteBot keeps which bot was the last one to say something in a room, before a
// letter and after it.
func (w *world) noteBot(l *letter) {
	r := w.room[l.to]
	if r == nil || l.service() {
		return
	}
	l.lastBot = r.lastBot
	if l.author.bot != nil {
		r.lastBot = l.author
	}
}
