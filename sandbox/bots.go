package sandbox

import "tlsh/tl"

// botsArea is what bots say of themselves, and whose they are
// (https://core.telegram.org/api/bots).
func botsArea() area {
	return area{
		words: map[string]func(*arguments){"botowner": botOwnerWord},
		save: func(s *saver) {
			for _, p := range s.people {
				if p.bot != nil && p.bot.owner != nil {
					s.line("botowner %s %s", s.ref(p.peer), s.ref(p.bot.owner.peer))
				}
			}
		},
	}
}

// botState is what a bot has that people have not.
type botState struct {
	owner *person // who made it; nil: nobody here
}

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
