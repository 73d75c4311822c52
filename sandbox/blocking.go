package sandbox

import (
	"slices"

	"tlsh/tl"
)

// blockingArea is the two blocklists of everybody: whom they do not want to hear
// of, and who must not see their stories (https://core.telegram.org/api/block).
func blockingArea() area {
	return area{
		methods: map[string]method{
			"contacts.block": {handle: contactsBlock, heeds: "my_stories_from",
				errors: "CONTACT_ID_INVALID INPUT_USER_DEACTIVATED PEER_ID_INVALID"},
			"contacts.getBlocked": {handle: contactsGetBlocked, heeds: "my_stories_from"},
			"contacts.setBlocked": {handle: contactsSetBlocked, heeds: "my_stories_from",
				errors: "CONTACT_ID_INVALID PEER_ID_INVALID"},
			"contacts.unblock": {handle: contactsUnblock, heeds: "my_stories_from",
				errors: "CONTACT_ID_INVALID PEER_ID_INVALID"},
		},
		words: map[string]func(*arguments){"blocked": blockedWord(false), "storyblocked": blockedWord(true)},
		save: func(s *saver) {
			for _, p := range s.people {
				for _, b := range slices.Backward(p.blocked.main) {
					s.line("blocked %s %s %s", s.ref(p.peer), s.ref(b.peer), s.when(b.date))
				}
				for _, b := range slices.Backward(p.blocked.stories) {
					s.line("storyblocked %s %s %s", s.ref(p.peer), s.ref(b.peer), s.when(b.date))
				}
			}
		},
	}
}

// blocked is somebody on a blocklist, and since when.
type blocked struct {
	peer
	date int32
}

// blocklist is one of the lists of somebody, the latest first.
type blocklist []blocked

func (l blocklist) has(p peer) bool {
	return slices.ContainsFunc(l, func(b blocked) bool { return b.peer == p })
}

// blocklists are both lists of somebody.
type blocklists struct{ main, stories blocklist }

// blocks reports whether p has blocked q.
func (p *person) blocks(q *person) bool { return p.blocked.main.has(q.peer) }

// blockedWord: blocked or storyblocked PERSON PEER DATE, the latest last.
func blockedWord(stories bool) func(*arguments) {
	return func(a *arguments) {
		p, who := a.person(), a.peer("who is blocked")
		date := a.date()
		if !a.bad {
			list := p.blocked.list(stories)
			*list = slices.Insert(*list, 0, blocked{who, date})
		}
	}
}

func (b *blocklists) list(stories bool) *blocklist {
	if stories {
		return &b.stories
	}
	return &b.main
}

// blockable is somebody who can be on a blocklist: anybody else, and a channel,
// as which people write. Errors: CONTACT_ID_INVALID, PEER_ID_INVALID.
func (c *call) blockable(v tl.Value) (peer, error) {
	who, err := c.target(v)
	switch {
	case err != nil:
		return peer{}, err
	case who == c.me.peer:
		return peer{}, bad("CONTACT_ID_INVALID")
	case who.kind == chatPeer:
		return peer{}, bad("PEER_ID_INVALID")
	}
	return who, nil
}

// toldBlocked tells the caller's other sessions on which of the lists somebody
// is.
func (c *call) toldBlocked(who peer) {
	b := &c.me.blocked
	u := c.new("updatePeerBlocked").With("peer_id", c.peerValue(who))
	if b.main.has(who) {
		u.With("blocked", tl.Bool(true))
	}
	if b.stories.has(who) {
		u.With("blocked_my_stories_from", tl.Bool(true))
	}
	c.own(u)
}

// stopped lets a bot know that the caller hears it no more, or again.
func (c *call) stopped(who peer, on bool) {
	bot := c.byID[who.id]
	if who.kind != userPeer || bot.bot == nil || c.req.At("my_stories_from").AsBool() {
		return
	}
	c.pushQts(bot, func(v viewer) *tl.Object {
		return v.new("updateBotStopped").With("user_id", tl.Long(c.me.id)).With("date", tl.Int(c.now)).With("stopped", tl.Bool(on))
	})
}

// contactsBlock follows https://core.telegram.org/method/contacts.block.
func contactsBlock(c *call) (tl.Value, error) {
	who, err := c.blockable(c.req.At("id"))
	if err == nil && who.kind == userPeer && c.byID[who.id].def.At("deleted").AsBool() {
		err = bad("INPUT_USER_DEACTIVATED")
	}
	if err != nil {
		return tl.Value{}, err
	}
	list := c.me.blocked.list(c.req.At("my_stories_from").AsBool())
	if !list.has(who) {
		*list = slices.Insert(*list, 0, blocked{who, c.now})
		c.toldBlocked(who)
		c.stopped(who, true)
	}
	return tl.Bool(true), nil
}

// contactsUnblock follows https://core.telegram.org/method/contacts.unblock.
func contactsUnblock(c *call) (tl.Value, error) {
	who, err := c.blockable(c.req.At("id"))
	if err != nil {
		return tl.Value{}, err
	}
	list := c.me.blocked.list(c.req.At("my_stories_from").AsBool())
	if list.has(who) {
		*list = slices.DeleteFunc(*list, func(b blocked) bool { return b.peer == who })
		c.toldBlocked(who)
		c.stopped(who, false)
	}
	return tl.Bool(true), nil
}

// contactsSetBlocked follows https://core.telegram.org/method/contacts.setBlocked:
// those who were on the list already keep their date.
func contactsSetBlocked(c *call) (tl.Value, error) {
	list := c.me.blocked.list(c.req.At("my_stories_from").AsBool())
	var next blocklist
	for _, v := range c.req.At("id").Vector().Items {
		who, err := c.blockable(v)
		if err != nil {
			return tl.Value{}, err
		}
		if next.has(who) {
			continue
		}
		date := c.now
		for _, b := range *list {
			if b.peer == who {
				date = b.date
			}
		}
		next = append(next, blocked{who, date})
	}
	before := *list
	*list = next
	for _, b := range append(slices.Clone(before), next...) {
		if before.has(b.peer) != next.has(b.peer) {
			c.toldBlocked(b.peer)
		}
	}
	return tl.Bool(true), nil
}

// contactsGetBlocked follows https://core.telegram.org/method/contacts.getBlocked.
func contactsGetBlocked(c *call) (tl.Value, error) {
	list := *c.me.blocked.list(c.req.At("my_stories_from").AsBool())
	page := cutPage(list, int(c.req.At("offset").AsInt()), c.limit())
	items := make([]tl.Value, len(page))
	for i, b := range page {
		items[i] = c.new("peerBlocked").With("peer_id", c.peerValue(b.peer)).With("date", tl.Int(b.date)).Value()
	}
	o := c.new("contacts.blocked")
	if len(page) < len(list) {
		o = c.new("contacts.blockedSlice").With("count", tl.Int(int32(len(list))))
	}
	return c.complete(o.With("blocked", c.vector("PeerBlocked", items))).Value(), nil
}

// cutPage is the part of a list that begins at offset and holds at most limit.
func cutPage[T any](list []T, offset, limit int) []T {
	offset = min(max(offset, 0), len(list))
	return list[offset:min(offset+limit, len(list))]
}
