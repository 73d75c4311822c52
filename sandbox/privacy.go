package sandbox

import (
	"slices"
	"strings"

	"github.com/gotd/td/tgerr"

	"tlsh/tl"
)

// privacyArea is who may see and do what of somebody
// (https://core.telegram.org/api/privacy).
func privacyArea() area {
	return area{
		methods: map[string]method{
			"account.getGlobalPrivacySettings": {handle: accountGetGlobalPrivacySettings},
			"account.getPrivacy":               {handle: accountGetPrivacy},
			"account.setGlobalPrivacySettings": {handle: accountSetGlobalPrivacySettings,
				errors: "AUTOARCHIVE_NOT_AVAILABLE PREMIUM_ACCOUNT_REQUIRED"},
			"account.setPrivacy": {handle: accountSetPrivacy, errors: "PRIVACY_TOO_LONG PRIVACY_VALUE_INVALID"},
		},
		words: map[string]func(*arguments){"privacy": privacyWord, "globalprivacy": globalPrivacyWord},
		save:  (*saver).privacy,
	}
}

// privacyRules are somebody's rules for one key: PrivacyRule, the first that fits
// decides.
type privacyRules []*tl.Object

// What the rules are that nobody has changed. Of the phone number: who has it
// among their contacts sees it anyway.
var privacyDefaults = map[string]string{"PhoneNumber": "privacyValueDisallowAll", "Birthday": "privacyValueAllowContacts"}

// maxPrivate is how many people and groups one list of rules can name.
const maxPrivate = 1000

// privacyKey is what an InputPrivacyKey or a PrivacyKey is about, as "PhoneNumber".
func privacyKey(o *tl.Object) string {
	_, name, _ := strings.Cut(o.Def().Name, "rivacyKey")
	return name
}

// rulesOf are somebody's rules for a key.
func (w *world) rulesOf(p *person, key string) privacyRules {
	if rules, ok := p.privacy[key]; ok {
		return rules
	}
	name := privacyDefaults[key]
	if name == "" {
		name = "privacyValueAllowAll"
	}
	return privacyRules{w.new(name)}
}

// allows reports whether somebody's rules for a key let another person see or do
// what it is about. Oneself may.
func (w *world) allows(p *person, key string, to *person) bool {
	return w.permits(p, w.rulesOf(p, key), to)
}

// permits reports whether rules of somebody's let another person see or do what
// they are about: the first that fits decides. Oneself may.
func (w *world) permits(p *person, rules privacyRules, to *person) bool {
	if p == to {
		return true
	}
	for _, rule := range rules {
		what, allow := strings.CutPrefix(rule.Def().Name, "privacyValueAllow")
		if !allow {
			what = strings.TrimPrefix(rule.Def().Name, "privacyValueDisallow")
		}
		if w.meant(what, rule, p, to) {
			return allow
		}
	}
	return false
}

// meant reports whether a rule of p's is about somebody.
func (w *world) meant(what string, rule *tl.Object, p, to *person) bool {
	switch what {
	case "All":
		return true
	case "Contacts":
		return p.contacts[to.id] != nil
	case "CloseFriends":
		return p.contacts[to.id] != nil && p.contacts[to.id].close
	case "Premium":
		return to.def.At("premium").AsBool()
	case "Bots":
		return to.bot != nil
	case "Users":
		return slices.ContainsFunc(rule.At("users").Vector().Items, func(v tl.Value) bool { return v.AsLong() == to.id })
	case "ChatParticipants":
		return slices.ContainsFunc(rule.At("chats").Vector().Items, func(v tl.Value) bool {
			for _, kind := range [...]peerKind{chatPeer, channelPeer} {
				if r := w.room[peer{kind, v.AsLong()}]; r != nil && r.member(to) != nil {
					return true
				}
			}
			return false
		})
	}
	return false
}

func (w *world) privacyValue(rules privacyRules) tl.Value {
	items := make([]tl.Value, len(rules))
	for i, r := range rules {
		items[i] = r.Value()
	}
	return w.vector("PrivacyRule", items)
}

// privacyAnswer is account.privacyRules with whom they name.
func (c *call) privacyAnswer(key string) (tl.Value, error) {
	rules := c.rulesOf(c.me, key)
	var also []peer
	for _, r := range rules {
		if v := r.At("users").Vector(); v != nil {
			for _, id := range v.Items {
				also = append(also, peer{userPeer, id.AsLong()})
			}
		}
		if v := r.At("chats").Vector(); v != nil {
			for _, id := range v.Items {
				also = append(also, peer{chatPeer, id.AsLong()}, peer{channelPeer, id.AsLong()})
			}
		}
	}
	return c.complete(c.new("account.privacyRules").With("rules", c.privacyValue(rules)), also...).Value(), nil
}

// accountGetPrivacy follows https://core.telegram.org/method/account.getPrivacy.
func accountGetPrivacy(c *call) (tl.Value, error) {
	return c.privacyAnswer(privacyKey(c.req.At("key").Object()))
}

// rulesAsked are the rules of a request, and how many people and groups they name.
// Errors: those of call.userBy.
func (c *call) rulesAsked(v tl.Value) (rules privacyRules, named int, err error) {
	for _, v := range v.Vector().Items {
		in := v.Object()
		rule := c.new("p" + strings.TrimPrefix(in.Def().Name, "inputP"))
		if list := in.At("chats"); !list.IsNone() {
			rule.With("chats", list)
			named += len(list.Vector().Items)
		}
		if list := in.At("users").Vector(); list != nil {
			var ids []int64
			for _, u := range list.Items {
				p, err := c.userBy(u)
				if err != nil {
					return nil, 0, err
				}
				ids = append(ids, p.id)
			}
			named += len(ids)
			rule.With("users", c.longs(ids...))
		}
		rules = append(rules, rule)
	}
	return rules, named, nil
}

// accountSetPrivacy follows https://core.telegram.org/method/account.setPrivacy.
func accountSetPrivacy(c *call) (tl.Value, error) {
	key := privacyKey(c.req.At("key").Object())
	rules, named, err := c.rulesAsked(c.req.At("rules"))
	if err != nil {
		return tl.Value{}, err
	}
	kinds := map[string]bool{}
	for _, r := range rules {
		kinds[r.Def().Name] = true
	}
	switch {
	case named > maxPrivate:
		return tl.Value{}, bad("PRIVACY_TOO_LONG")
	case len(rules) == 0, len(kinds) < len(rules):
		return tl.Value{}, bad("PRIVACY_VALUE_INVALID")
	}
	c.me.setPrivacy(key, rules)
	c.push(c.me, func(v viewer) []tl.Value {
		return []tl.Value{v.new("updatePrivacy").With("key", v.new("privacyKey"+key).Value()).With("rules", c.privacyValue(rules)).Value()}
	})
	return c.privacyAnswer(key)
}

func (p *person) setPrivacy(key string, rules privacyRules) {
	if p.privacy == nil {
		p.privacy = map[string]privacyRules{}
	}
	p.privacy[key] = rules
}

// status is what the viewer sees of when somebody was online: exactly, or about
// when, where that is kept from them, or where they keep theirs from that person
// and are not premium (https://core.telegram.org/constructor/userStatusRecently).
func (v viewer) status(p *person) tl.Value {
	s := p.def.At("status")
	o := s.Object()
	if o == nil || p.bot != nil {
		return s
	}
	was := v.now
	switch {
	case o.Is("userStatusOnline") && o.At("expires").AsInt() <= v.now:
		was = o.At("expires").AsInt()
		s = v.new("userStatusOffline").With("was_online", tl.Int(was)).Value()
	case o.Is("userStatusOffline"):
		was = o.At("was_online").AsInt()
	case !o.Is("userStatusOnline"):
		return s
	}
	hidden := !v.allows(p, "StatusTimestamp", v.me)
	byMe := !hidden && !v.allows(v.me, "StatusTimestamp", p) && !v.me.def.At("premium").AsBool()
	if !hidden && !byMe {
		return s
	}
	name := "userStatusLastMonth"
	switch ago := int64(v.now) - int64(was); {
	case ago < 3*day:
		name = "userStatusRecently"
	case ago < 7*day:
		name = "userStatusLastWeek"
	case ago >= 30*day:
		return v.new("userStatusEmpty").Value()
	}
	about := v.new(name)
	setFlag(about, "by_me", byMe)
	return about.Value()
}

// accountGetGlobalPrivacySettings follows
// https://core.telegram.org/method/account.getGlobalPrivacySettings.
func accountGetGlobalPrivacySettings(c *call) (tl.Value, error) { return c.globalPrivacy(), nil }

func (c *call) globalPrivacy() tl.Value {
	o := c.new("globalPrivacySettings")
	if c.me.global != nil {
		o = c.me.global.Clone()
	}
	setFlag(o, "new_noncontact_peers_require_premium", c.me.def.At("contact_require_premium").AsBool())
	return o.Value()
}

// hidesReading reports who lets nobody see when they have read a message.
func (p *person) hidesReading() bool { return p.global.At("hide_read_marks").AsBool() }

// accountSetGlobalPrivacySettings follows
// https://core.telegram.org/method/account.setGlobalPrivacySettings. Who is not
// premium cannot archive what strangers write, nor let only premium ones write.
func accountSetGlobalPrivacySettings(c *call) (tl.Value, error) {
	o := c.req.At("settings").Object()
	premium, strict := c.me.def.At("premium").AsBool(), o.At("new_noncontact_peers_require_premium").AsBool()
	switch {
	case !o.At("noncontact_peers_paid_stars").IsNone():
		return tl.Value{}, notSimulated("noncontact_peers_paid_stars")
	case strict && !premium:
		return tl.Value{}, tgerr.New(403, "PREMIUM_ACCOUNT_REQUIRED")
	case o.At("archive_and_mute_new_noncontact_peers").AsBool() && !premium:
		return tl.Value{}, bad("AUTOARCHIVE_NOT_AVAILABLE")
	}
	c.me.global = o.Clone().With("new_noncontact_peers_require_premium", tl.Value{})
	if strict != c.me.def.At("contact_require_premium").AsBool() {
		on := tl.Value{}
		if strict {
			on = tl.Bool(true)
		}
		c.me.set("contact_require_premium", on)
		c.tellChanged(c.me)
	}
	return c.globalPrivacy(), nil
}

// privacyWord reads `privacy PERSON KEY [privacyValue… …]`, the key as PhoneNumber.
func privacyWord(a *arguments) {
	p := a.person()
	key, n := a.text("a privacy key, as PhoneNumber")
	if !a.bad && a.schema.Constructor("privacyKey"+key) == nil {
		var keys []string
		for _, k := range a.schema.Class("PrivacyKey").Constructors() {
			keys = append(keys, strings.TrimPrefix(k.Name, "privacyKey"))
		}
		a.unknown(n, "privacy key", key, keys)
	}
	var rules privacyRules
	for of := a.list("rules"); of.more(); {
		if o := of.object("PrivacyRule"); !of.bad {
			rules = append(rules, o)
		}
	}
	if !a.bad {
		p.setPrivacy(key, rules)
	}
}

func (s *saver) privacy() {
	for _, p := range s.people {
		keys := make([]string, 0, len(p.privacy))
		for key := range p.privacy {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		for _, key := range keys {
			s.buf = append(s.buf, "privacy "+s.ref(p.peer)+" "+key+" ["...)
			for _, r := range p.privacy[key] {
				s.buf = append(append(s.buf, ' '), s.text(r.Value())...)
			}
			s.line(" ]")
		}
		if p.global != nil {
			s.line("globalprivacy %s %s", s.ref(p.peer), s.text(p.global.Value()))
		}
	}
}

// globalPrivacyWord reads `globalprivacy PERSON globalPrivacySettings(…)`.
func globalPrivacyWord(a *arguments) {
	p := a.person()
	if o := a.object("GlobalPrivacySettings"); !a.bad {
		p.global = o
	}
}
