package sandbox

import (
	"cmp"
	"slices"
	"unicode/utf8"

	"tlsh/tl"
)

// statsArea is what the admins of a channel or supergroup are told of it in figures
// (https://core.telegram.org/api/stats). All of them are counted in the world. Of
// what it keeps no dates or no signs of, as when a post was seen or in which language
// somebody reads, there is no graph.
func statsArea() area {
	return area{methods: map[string]method{
		"stats.getBroadcastStats": {handle: statsGetBroadcastStats, heeds: "dark", errors: "BROADCAST_REQUIRED CHAT_ADMIN_REQUIRED"},
		"stats.getMegagroupStats": {handle: statsGetMegagroupStats, heeds: "dark", errors: "CHAT_ADMIN_REQUIRED MEGAGROUP_REQUIRED"},
		"stats.getMessagePublicForwards": {handle: statsGetMessagePublicForwards,
			errors: "CHAT_ADMIN_REQUIRED MESSAGE_ID_INVALID OFFSET_INVALID"},
		"stats.getMessageStats": {handle: statsGetMessageStats, heeds: "dark", errors: "CHAT_ADMIN_REQUIRED MESSAGE_ID_INVALID"},
	}}
}

// statsPeriod is how long a time the figures are of, in seconds.
const statsPeriod = 7 * daySeconds

// period is a time: after from, up to to.
type period struct{ from, to int32 }

func (s period) has(date int32) bool { return date > s.from && date <= s.to }

// before is the period of the same length that ends where s begins.
func (s period) before() period { return period{s.from - (s.to - s.from), s.from} }

// lately is the period that figures are of.
func (c *call) lately() period { return period{c.now - statsPeriod, c.now} }

// value is the StatsDateRangeDays of a period.
func (s period) value(w *world) tl.Value {
	return w.new("statsDateRangeDays").With("min_date", tl.Int(s.from)).With("max_date", tl.Int(s.to)).Value()
}

// inPeriods is a StatsAbsValueAndPrev: a figure of a period, and of the one before.
func (c *call) inPeriods(s period, figure func(period) float64) tl.Value {
	return c.new("statsAbsValueAndPrev").With("current", tl.Double(figure(s))).With("previous", tl.Double(figure(s.before()))).Value()
}

// said are the messages of a channel in a period, service messages left out.
func (r *room) said(s period) (list []*entry) {
	for _, e := range r.box.history.entries {
		if s.has(e.date) && !e.service() {
			list = append(list, e)
		}
	}
	return list
}

// told are the stories of a channel in a period.
func (r *room) told(s period) (list []*story) {
	for _, x := range r.stories.list {
		if s.has(x.date) {
			list = append(list, x)
		}
	}
	return list
}

// mean is what the elements of a list have each, 0 for none.
func mean[T any](list []T, of func(T) int32) float64 {
	if len(list) == 0 {
		return 0
	}
	var sum int64
	for _, x := range list {
		sum += int64(of(x))
	}
	return float64(sum) / float64(len(list))
}

func (e *entry) viewCount() int32  { return e.base.At("views").AsInt() }
func (e *entry) shareCount() int32 { return e.base.At("forwards").AsInt() }

func (e *entry) reactionCount() int32 { return int32(len(e.reacted)) }

func (s *story) viewCount() int32 { return int32(len(s.views)) }

func (s *story) reactionCount() (n int32) {
	for _, v := range s.views {
		if v.reaction != nil {
			n++
		}
	}
	return n
}

// statsGetBroadcastStats follows
// https://core.telegram.org/method/stats.getBroadcastStats. Nothing passes stories
// on, so they have no shares.
func statsGetBroadcastStats(c *call) (tl.Value, error) {
	r, err := c.channel(c.req.At("channel"))
	if err == nil && !r.broadcast() {
		err = bad("BROADCAST_REQUIRED")
	}
	if err != nil {
		return tl.Value{}, err
	}
	if _, err := c.admin(r, "", 403); err != nil {
		return tl.Value{}, err
	}
	s, moves := c.lately(), r.moves()
	o := c.new("stats.broadcastStats").With("period", s.value(c.world)).
		With("followers", c.inPeriods(s, func(s period) float64 { return float64(moves.until(s.to)) })).
		With("shares_per_story", c.inPeriods(s, func(period) float64 { return 0 }))
	for name, of := range map[string]func(*entry) int32{
		"views_per_post": (*entry).viewCount, "shares_per_post": (*entry).shareCount, "reactions_per_post": (*entry).reactionCount,
	} {
		o.With(name, c.inPeriods(s, func(s period) float64 { return mean(r.said(s), of) }))
	}
	for name, of := range map[string]func(*story) int32{
		"views_per_story": (*story).viewCount, "reactions_per_story": (*story).reactionCount,
	} {
		o.With(name, c.inPeriods(s, func(s period) float64 { return mean(r.told(s), of) }))
	}
	notified := 0
	for _, m := range r.members {
		if !c.muted(m.person, r.peer) {
			notified++
		}
	}
	o.With("enabled_notifications", c.new("statsPercentValue").With("part", tl.Double(float64(notified))).
		With("total", tl.Double(float64(len(r.members)))).Value())
	for _, name := range [...]string{"mute_graph", "top_hours_graph", "interactions_graph", "iv_interactions_graph", "views_by_source_graph",
		"new_followers_by_source_graph", "languages_graph", "reactions_by_emotion_graph", "story_reactions_by_emotion_graph"} {
		o.With(name, c.noGraph())
	}
	days := s.days()
	o.With("growth_graph", c.growth(days, moves, "Followers")).With("followers_graph", c.movements(days, moves)).
		With("story_interactions_graph", c.graph(days, line{"Views", "line", green, days.count(func(count func(int32)) {
			for _, x := range r.stories.list {
				for _, v := range x.views {
					count(v.date)
				}
			}
		})}))
	return o.With("recent_posts_interactions", c.interactions(r, s)).Value(), nil
}

// interactions are the PostInteractionCounters of what was posted in a period, the
// latest first, messages before stories.
func (c *call) interactions(r *room, s period) tl.Value {
	var list []tl.Value
	for _, e := range slices.Backward(r.said(s)) {
		list = append(list, c.new("postInteractionCountersMessage").With("msg_id", tl.Int(e.id)).With("views", tl.Int(e.viewCount())).
			With("forwards", tl.Int(e.shareCount())).With("reactions", tl.Int(e.reactionCount())).Value())
	}
	for _, x := range slices.Backward(r.told(s)) {
		list = append(list, c.new("postInteractionCountersStory").With("story_id", tl.Int(x.id)).With("views", tl.Int(x.viewCount())).
			With("forwards", tl.Int(0)).With("reactions", tl.Int(x.reactionCount())).Value())
	}
	return c.vector("PostInteractionCounters", list)
}

// statsGetMegagroupStats follows
// https://core.telegram.org/method/stats.getMegagroupStats.
func statsGetMegagroupStats(c *call) (tl.Value, error) {
	r, err := c.channel(c.req.At("channel"))
	if err == nil && r.broadcast() {
		err = bad("MEGAGROUP_REQUIRED")
	}
	if err != nil {
		return tl.Value{}, err
	}
	if _, err := c.admin(r, "", 403); err != nil {
		return tl.Value{}, err
	}
	s, moves, days := c.lately(), r.moves(), c.lately().days()
	o := c.new("stats.megagroupStats").With("period", s.value(c.world)).
		With("members", c.inPeriods(s, func(s period) float64 { return float64(moves.until(s.to)) })).
		With("messages", c.inPeriods(s, func(s period) float64 { return float64(len(r.said(s))) })).
		With("viewers", c.inPeriods(s, func(s period) float64 { return float64(len(r.viewers(s))) })).
		With("posters", c.inPeriods(s, func(s period) float64 { return float64(len(r.posters(s))) })).
		With("growth_graph", c.growth(days, moves, "Members")).With("members_graph", c.movements(days, moves)).
		With("messages_graph", c.graph(days, line{"Messages", "bar", blue, days.count(func(count func(int32)) {
			for _, e := range r.said(s) {
				count(e.date)
			}
		})})).
		With("actions_graph", c.graph(days, line{"Actions of administrators", "bar", blue, days.count(func(count func(int32)) {
			for _, l := range r.log {
				if !slices.Contains([]string{"join", "leave", "invite", "send"}, l.kindOf()) {
					count(l.date)
				}
			}
		})}))
	for _, name := range [...]string{"new_members_by_source_graph", "languages_graph", "top_hours_graph", "weekdays_graph"} {
		o.With(name, c.noGraph())
	}
	o.With("top_posters", c.topPosters(r, s)).With("top_admins", c.topAdmins(r, s)).With("top_inviters", c.topInviters(r, s))
	return c.complete(o).Value(), nil
}

// posters are who has written in a period, and how much each.
func (r *room) posters(s period) map[*person][]*entry {
	by := map[*person][]*entry{}
	for _, e := range r.said(s) {
		by[e.author] = append(by[e.author], e)
	}
	return by
}

// viewers are who has read something in a period, or written.
func (r *room) viewers(s period) map[*person]bool {
	all := map[*person]bool{}
	for p := range r.posters(s) {
		all[p] = true
	}
	for _, m := range r.members {
		if d := m.dialogs[r.peer]; d != nil && slices.ContainsFunc(d.reads, func(x readMark) bool { return s.has(x.date) }) {
			all[m.person] = true
		}
	}
	return all
}

// maxTop is how many people a list of the most active has.
const maxTop = 10

// top makes a list of the most active, those with the highest figures first.
func top[T any](c *call, class string, of map[*person]T, figure func(T) int, value func(*person, T) *tl.Object) tl.Value {
	var people []*person
	for p := range of {
		people = append(people, p)
	}
	slices.SortFunc(people, func(a, b *person) int {
		return cmp.Or(cmp.Compare(figure(of[b]), figure(of[a])), cmp.Compare(a.id, b.id))
	})
	var list []tl.Value
	for _, p := range people[:min(len(people), maxTop)] {
		list = append(list, value(p, of[p]).With("user_id", tl.Long(p.id)).Value())
	}
	return c.vector(class, list)
}

func (c *call) topPosters(r *room, s period) tl.Value {
	return top(c, "StatsGroupTopPoster", r.posters(s), func(list []*entry) int { return len(list) }, func(_ *person, list []*entry) *tl.Object {
		chars := mean(list, func(e *entry) int32 { return int32(utf8.RuneCountInString(e.base.At("message").AsString())) })
		return c.new("statsGroupTopPoster").With("messages", tl.Int(int32(len(list)))).With("avg_chars", tl.Int(int32(chars)))
	})
}

// deeds are how often an admin has done what.
type deeds struct{ deleted, kicked, banned int32 }

func (c *call) topAdmins(r *room, s period) tl.Value {
	by := map[*person]deeds{}
	for _, l := range r.log {
		if !s.has(l.date) {
			continue
		}
		d := by[l.by]
		switch l.kindOf() {
		case "delete":
			d.deleted++
		case "kick":
			d.kicked++
		case "ban":
			d.banned++
		default:
			continue
		}
		by[l.by] = d
	}
	return top(c, "StatsGroupTopAdmin", by, func(d deeds) int { return int(d.deleted + d.kicked + d.banned) }, func(_ *person, d deeds) *tl.Object {
		return c.new("statsGroupTopAdmin").With("deleted", tl.Int(d.deleted)).With("kicked", tl.Int(d.kicked)).With("banned", tl.Int(d.banned))
	})
}

func (c *call) topInviters(r *room, s period) tl.Value {
	by := map[*person]int{}
	for _, m := range r.members {
		if p := c.byID[m.inviter]; p != nil && p != m.person && s.has(m.date) {
			by[p]++
		}
	}
	return top(c, "StatsGroupTopInviter", by, func(n int) int { return n }, func(_ *person, n int) *tl.Object {
		return c.new("statsGroupTopInviter").With("invitations", tl.Int(int32(n)))
	})
}

// statsMessage is the message that the request asks about, of a channel in which the
// caller is an admin. Errors: CHAT_ADMIN_REQUIRED, MESSAGE_ID_INVALID.
func (c *call) statsMessage() (*room, int32, error) {
	r, err := c.channel(c.req.At("channel"))
	if err != nil {
		return nil, 0, err
	}
	if _, err := c.admin(r, "", 400); err != nil {
		return nil, 0, err
	}
	id := c.req.At("msg_id").AsInt()
	if e := r.box.history.find(id); e == nil || e.service() {
		return nil, 0, bad("MESSAGE_ID_INVALID")
	}
	return r, id, nil
}

// statsGetMessageStats follows
// https://core.telegram.org/method/stats.getMessageStats. When a message was seen is
// not known, and which reaction means what is for people to say.
func statsGetMessageStats(c *call) (tl.Value, error) {
	if _, _, err := c.statsMessage(); err != nil {
		return tl.Value{}, err
	}
	return c.new("stats.messageStats").With("views_graph", c.noGraph()).With("reactions_by_emotion_graph", c.noGraph()).Value(), nil
}

// statsGetMessagePublicForwards follows
// https://core.telegram.org/method/stats.getMessagePublicForwards: where in public
// channels and groups a post stands that was forwarded, the latest first. Its copy in
// the channel's discussion group is none.
func statsGetMessagePublicForwards(c *call) (tl.Value, error) {
	r, id, err := c.statsMessage()
	if err != nil {
		return tl.Value{}, err
	}
	type place struct {
		*room
		*entry
	}
	var found []place
	for _, x := range c.rooms {
		if x.kind != channelPeer || x.shut() || c.username(x.peer) == "" {
			continue
		}
		for _, e := range x.box.history.entries {
			from := e.base.At("fwd_from").Object()
			if from != nil && e.post == nil && peerOf(from.At("from_id")) == r.peer && from.At("channel_post").AsInt() == id {
				found = append(found, place{x, e})
			}
		}
	}
	slices.SortStableFunc(found, func(a, b place) int { return cmp.Compare(b.date, a.date) })
	list := make([]tl.Value, len(found))
	for i, f := range found {
		list[i] = c.new("publicForwardMessage").With("message", c.message(f.entry)).Value()
	}
	page, next, err := c.offsetPage(list)
	if err != nil {
		return tl.Value{}, err
	}
	o := c.new("stats.publicForwards").With("count", tl.Int(int32(len(list)))).With("forwards", c.vector("PublicForward", page))
	if next != "" {
		o.With("next_offset", tl.String(next))
	}
	return c.complete(o).Value(), nil
}
