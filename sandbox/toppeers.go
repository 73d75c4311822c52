package sandbox

import (
	"cmp"
	"math"
	"slices"

	"tlsh/tl"
)

// topPeersArea is with whom somebody has most to do
// (https://core.telegram.org/api/top-rating).
func topPeersArea() area {
	return area{
		methods: map[string]method{
			"contacts.getTopPeers": {handle: contactsGetTopPeers,
				heeds:  "correspondents bots_pm bots_inline phone_calls forward_users forward_chats groups channels bots_app bots_guestchat",
				errors: "TYPES_EMPTY"},
			"contacts.resetTopPeerRating": {handle: contactsResetTopPeerRating},
			"contacts.toggleTopPeers":     {handle: contactsToggleTopPeers},
		},
		words: map[string]func(*arguments){"topreset": topResetWord, "topsince": topSinceWord},
		save: func(s *saver) {
			for _, p := range s.people {
				if p.top.off || p.top.since != 0 {
					off := ""
					if p.top.off {
						off = " off"
					}
					s.line("topsince %s %s%s", s.ref(p.peer), s.when(p.top.since), off)
				}
				for _, r := range p.top.resets {
					s.line("topreset %s %s %s %s", s.ref(p.peer), r.category, s.ref(r.peer), s.when(r.date))
				}
			}
		},
	}
}

// topState is what somebody has chosen about their ratings.
type topState struct {
	off    bool
	since  int32 // what was before counts no more
	resets []topReset
}

// topReset is where the rating of a peer begins anew.
type topReset struct {
	category string
	peer
	date int32
}

// topCategories are the constructors of TopPeerCategory by the flags of
// contacts.getTopPeers, in the order of their flags.
var topCategories = [...]struct{ flag, class string }{
	{"correspondents", "topPeerCategoryCorrespondents"}, {"bots_pm", "topPeerCategoryBotsPM"},
	{"bots_inline", "topPeerCategoryBotsInline"}, {"phone_calls", "topPeerCategoryPhoneCalls"},
	{"forward_users", "topPeerCategoryForwardUsers"}, {"forward_chats", "topPeerCategoryForwardChats"},
	{"groups", "topPeerCategoryGroups"}, {"channels", "topPeerCategoryChannels"},
	{"bots_app", "topPeerCategoryBotsApp"}, {"bots_guestchat", "topPeerCategoryBotsGuestChat"},
}

func topResetWord(a *arguments) {
	p := a.person()
	category, n := a.text("a category, as correspondents")
	if !a.bad && !slices.ContainsFunc(topCategories[:], func(t struct{ flag, class string }) bool { return t.flag == category }) {
		var names []string
		for _, t := range topCategories {
			names = append(names, t.flag)
		}
		a.unknown(n, "category", category, names)
	}
	with, date := a.peer("whose rating"), a.date()
	if !a.bad {
		p.top.resets = append(p.top.resets, topReset{category, with, date})
	}
}

func topSinceWord(a *arguments) {
	p, date := a.person(), a.date()
	off := false
	if a.more() {
		s, n := a.text("off")
		if off = s == "off"; !off {
			a.failAt(n, "want off, or nothing")
			return
		}
	}
	if !a.bad {
		p.top.since, p.top.off = date, off
	}
}

// The rating of a peer grows with every message to them, the more the later it
// is: by e to the seconds over ratingDecay (config.rating_e_decay). What is older
// than ratingMemory adds nothing that could be seen.
const (
	ratingDecay  = 2419200
	ratingMemory = 12 * ratingDecay
)

// rated are the ratings of everybody in a category.
type rated map[peer]float64

// ratings are the caller's ratings by category, from what they have sent. Which
// channels somebody looks at and which apps of bots they open, nobody notes here.
func (c *call) ratings() map[string]rated {
	all := map[string]rated{}
	for _, with := range c.sortedPeers() {
		d := c.me.dialogs[with]
		for _, e := range slices.Backward(d.list.entries) {
			if e.date < c.now-ratingMemory || e.date < c.me.top.since {
				break
			}
			if e.author != c.me || with == c.me.peer {
				continue
			}
			for _, category := range c.uses(e, with) {
				to := with
				if category == "bots_inline" {
					to = peer{userPeer, e.base.At("via_bot_id").AsLong()}
				}
				if e.date < c.me.top.reset(category, to) {
					continue
				}
				if all[category] == nil {
					all[category] = rated{}
				}
				all[category][to] += math.Exp(float64(e.date-c.now) / ratingDecay)
			}
		}
	}
	return all
}

// reset is since when the rating of a peer counts.
func (t *topState) reset(category string, who peer) (date int32) {
	for _, r := range t.resets {
		if r.category == category && r.peer == who {
			date = max(date, r.date)
		}
	}
	return date
}

// sortedPeers are the caller's dialogs in an order that is always the same, as
// sums of floating-point numbers hang on it.
func (c *call) sortedPeers() []peer {
	list := make([]peer, 0, len(c.me.dialogs))
	for with := range c.me.dialogs {
		list = append(list, with)
	}
	slices.SortFunc(list, func(a, b peer) int { return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.id, b.id)) })
	return list
}

// uses are the categories for which an own message counts.
func (c *call) uses(e *entry, with peer) []string {
	var list []string
	forward := !e.base.At("fwd_from").IsNone()
	switch p, r := c.byID[with.id], c.room[with]; {
	case with.kind == userPeer && e.base.At("action").Object().Is("messageActionPhoneCall"):
		return []string{"phone_calls"}
	case e.service():
		return nil
	case with.kind == userPeer && p.def.At("bot").AsBool():
		list = append(list, "bots_pm")
	case with.kind == userPeer && forward:
		list = append(list, "correspondents", "forward_users")
	case with.kind == userPeer:
		list = append(list, "correspondents")
	case r.broadcast():
		list = append(list, "channels")
	default:
		list = append(list, "groups")
	}
	if forward && with.kind != userPeer {
		list = append(list, "forward_chats")
	}
	if !e.base.At("via_bot_id").IsNone() {
		list = append(list, "bots_inline")
	}
	return list
}

// contactsGetTopPeers follows https://core.telegram.org/method/contacts.getTopPeers.
// The hash is that of the ids in their order.
func contactsGetTopPeers(c *call) (tl.Value, error) {
	var wanted []int
	for i, t := range topCategories {
		if c.req.At(t.flag).AsBool() {
			wanted = append(wanted, i)
		}
	}
	switch {
	case len(wanted) == 0:
		return tl.Value{}, bad("TYPES_EMPTY")
	case c.me.top.off:
		return c.new("contacts.topPeersDisabled").Value(), nil
	}
	all := c.ratings()
	var sum hashOf
	var categories []tl.Value
	for _, i := range wanted {
		ratings := all[topCategories[i].flag]
		if len(ratings) == 0 {
			continue
		}
		var order []peer
		for p := range ratings {
			order = append(order, p)
		}
		slices.SortFunc(order, func(a, b peer) int { return cmp.Or(cmp.Compare(ratings[b], ratings[a]), cmp.Compare(a.id, b.id)) })
		var items []tl.Value
		for _, p := range cutPage(order, int(c.req.At("offset").AsInt()), c.limit()) {
			sum.add(p.id)
			items = append(items, c.new("topPeer").With("peer", c.peerValue(p)).With("rating", tl.Double(ratings[p])).Value())
		}
		categories = append(categories, c.new("topPeerCategoryPeers").With("category", c.new(topCategories[i].class).Value()).
			With("count", tl.Int(int32(len(order)))).With("peers", c.vector("TopPeer", items)).Value())
	}
	if want := c.req.At("hash").AsLong(); want != 0 && want == int64(sum) {
		return c.new("contacts.topPeersNotModified").Value(), nil
	}
	return c.complete(c.new("contacts.topPeers").With("categories", c.vector("TopPeerCategoryPeers", categories))).Value(), nil
}

// contactsResetTopPeerRating follows
// https://core.telegram.org/method/contacts.resetTopPeerRating.
func contactsResetTopPeerRating(c *call) (tl.Value, error) {
	who, err := c.target(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	for _, t := range topCategories {
		if c.req.At("category").Object().Is(t.class) {
			c.me.top.resets = slices.DeleteFunc(c.me.top.resets, func(r topReset) bool { return r.category == t.flag && r.peer == who })
			c.me.top.resets = append(c.me.top.resets, topReset{t.flag, who, c.now + 1})
		}
	}
	return tl.Bool(true), nil
}

// contactsToggleTopPeers follows
// https://core.telegram.org/method/contacts.toggleTopPeers. Who turns ratings off
// loses them.
func contactsToggleTopPeers(c *call) (tl.Value, error) {
	off := !c.req.At("enabled").AsBool()
	if off && !c.me.top.off {
		c.me.top.since, c.me.top.resets = c.now+1, nil
	}
	c.me.top.off = off
	return tl.Bool(true), nil
}
