package sandbox

import (
	"slices"
	"strings"

	"tlsh/tl"
)

// minQuery is how many characters contacts.search wants. The page says that a
// query can be too short, not how many it takes.
const minQuery = 3

// contactsSearch follows https://core.telegram.org/method/contacts.search:
// first whom the caller knows, by words of their names and by usernames, then
// everybody else who can be found, by usernames.
func contactsSearch(c *call) (tl.Value, error) {
	q := strings.ToLower(strings.TrimPrefix(strings.TrimSpace(c.req.At("q").AsString()), "@"))
	switch {
	case q == "":
		return tl.Value{}, bad("SEARCH_QUERY_EMPTY")
	case units(q) < minQuery:
		return tl.Value{}, bad("QUERY_TOO_SHORT")
	}
	broadcasts, bots := c.req.At("broadcasts").AsBool(), c.req.At("bots").AsBool()
	var mine, others []tl.Value
	add := func(p peer, known, byName, byTitle bool) {
		switch {
		case known && (byName || byTitle) && len(mine) < c.limit():
			mine = append(mine, c.peerValue(p))
		case !known && byName && len(others) < c.limit():
			others = append(others, c.peerValue(p))
		}
	}
	for _, p := range c.people {
		known := c.me.contacts[p.id] != nil || c.me.dialogs[p.peer] != nil
		if p == c.me || p.def.At("deleted").AsBool() || broadcasts && !bots || bots && !p.def.At("bot").AsBool() {
			continue
		}
		add(p.peer, known, c.nameBegins(p.peer, q), titled(c.shownName(p), q))
	}
	for _, r := range c.rooms {
		if r.shut() || bots && !broadcasts || broadcasts && !r.broadcast() || r.member(c.me) == nil && !c.public(r) {
			continue
		}
		add(r.peer, r.member(c.me) != nil, c.nameBegins(r.peer, q), titled(r.def.At("title").AsString(), q))
	}
	o := c.new("contacts.found").With("my_results", c.vector("Peer", mine)).With("results", c.vector("Peer", others))
	return c.complete(o).Value(), nil
}

// nameBegins reports somebody one of whose active usernames begins with q, in lower
// case.
func (w *world) nameBegins(p peer, q string) bool {
	return slices.ContainsFunc(w.usernames(p), func(h handle) bool { return h.active && strings.HasPrefix(strings.ToLower(h.name), q) })
}

// titled reports a name that has a word that begins with q, in lower case, or
// begins with it as a whole.
func titled(name, q string) bool {
	name = strings.ToLower(name)
	return strings.HasPrefix(name, q) || slices.ContainsFunc(strings.Fields(name), func(word string) bool { return strings.HasPrefix(word, q) })
}

// shownName is the name of somebody as the viewer has it.
func (v viewer) shownName(p *person) string {
	if k := v.me.contacts[p.id]; k != nil && k.first+k.last != "" {
		return strings.TrimSpace(k.first + " " + k.last)
	}
	return p.name()
}
