package sandbox

import (
	"maps"
	"slices"

	"tlsh/syntax"
	"tlsh/tl"
)

// theBot reads one of the people that is a bot.
func (a *arguments) theBot() *person {
	p := a.person()
	if !a.bad && p.bot == nil {
		a.fail("want a bot")
		a.bad = true
	}
	return p
}

// botOwnerWord: botowner BOT PERSON.
func botOwnerWord(a *arguments) {
	b, p := a.theBot(), a.person()
	if !a.bad {
		b.bot.owner = p
	}
}

// botCommandsWord: botcommands BOT botCommandScope… "LANG" [botCommand(…) …].
func botCommandsWord(a *arguments) {
	p, scope := a.theBot(), a.object("BotCommandScope")
	lang, _ := a.text(`a language as en, "" for all`)
	var commands []tl.Value
	for of := a.list("commands"); of.more(); {
		o := of.object("BotCommand")
		if of.bad || a.bad {
			return
		}
		commands = append(commands, o.Value())
	}
	if !a.bad {
		p.bot.commands = append(p.bot.commands, commandSet{scope, lang, commands})
	}
}

// botInfoWord: botinfo BOT "LANG" "NAME" "ABOUT" "DESCRIPTION". What it says to
// all its user and `about` say, but for the description.
func botInfoWord(a *arguments) {
	p := a.theBot()
	var i langInfo
	i.lang, _ = a.text(`a language as en, "" for all others`)
	i.name, _ = a.text("a name")
	i.about, _ = a.text("what stands in its profile")
	i.description, _ = a.text("what stands where nothing was written yet")
	if !a.bad {
		p.bot.infos = append(p.bot.infos, i)
	}
}

// botMenuWord: botmenu BOT botMenuButton… [PERSON].
func botMenuWord(a *arguments) {
	p, button := a.theBot(), a.object("BotMenuButton")
	if !a.more() {
		if !a.bad {
			p.bot.menu = button
		}
		return
	}
	if q := a.person(); !a.bad {
		if p.bot.menus == nil {
			p.bot.menus = map[int64]*tl.Object{}
		}
		p.bot.menus[q.id] = button
	}
}

// botRightsWord: botrights BOT group|channel chatAdminRights(…).
func botRightsWord(a *arguments) {
	p := a.theBot()
	where, n := a.text("group or channel")
	rights := a.object("ChatAdminRights")
	switch {
	case a.bad:
	case where == "group":
		p.bot.group = rights
	case where == "channel":
		p.bot.channel = rights
	default:
		a.failAt(n, "want group or channel, not %s", syntax.Quote(where))
	}
}

func saveBots(s *saver) {
	for _, p := range s.people {
		if p.bot == nil {
			continue
		}
		ref := s.ref(p.peer)
		if p.bot.owner != nil {
			s.line("botowner %s %s", ref, s.ref(p.bot.owner.peer))
		}
		for _, c := range p.bot.commands {
			s.line("botcommands %s %s %s %s", ref, s.text(c.scope.Value()), syntax.Quote(c.lang), s.text(s.vector("BotCommand", c.commands)))
		}
		for _, i := range p.bot.infos {
			s.line("botinfo %s %s %s %s %s", ref, syntax.Quote(i.lang), syntax.Quote(i.name), syntax.Quote(i.about), syntax.Quote(i.description))
		}
		if p.bot.menu != nil {
			s.line("botmenu %s %s", ref, s.text(p.bot.menu.Value()))
		}
		for _, id := range slices.Sorted(maps.Keys(p.bot.menus)) {
			s.line("botmenu %s %s %s", ref, s.text(p.bot.menus[id].Value()), s.ref(peer{userPeer, id}))
		}
		if p.bot.group != nil {
			s.line("botrights %s group %s", ref, s.text(p.bot.group.Value()))
		}
		if p.bot.channel != nil {
			s.line("botrights %s channel %s", ref, s.text(p.bot.channel.Value()))
		}
	}
}
