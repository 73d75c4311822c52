package sandbox

import (
	"fmt"

	"tlsh/tl"
)

// peopleOperations is what people do about each other.
func peopleOperations() []operation {
	onOther := func(format string, more ...func(a *actor) any) func(a *actor) string {
		return func(a *actor) string {
			p := a.person()
			if p == a.who.peer {
				return ""
			}
			args := []any{marked(p)}
			for _, f := range more {
				args = append(args, f(a))
			}
			return fmt.Sprintf(format, args...)
		}
	}
	name := func(a *actor) any { return a.text() }
	return []operation{
		{"add a contact", onOther(`contacts.addContact id=%s first_name=%s last_name="" phone=""`, name)},
		{"delete a contact", onOther("contacts.deleteContacts id=[%s]")},
		{"block", func(a *actor) string {
			if a.model.rng.IntN(4) > 0 {
				return "" // those who are blocked have little to say to each other
			}
			return onOther("contacts.block id=%s")(a)
		}},
		{"unblock", onOther("contacts.unblock id=%s")},
		{"profile", func(a *actor) string {
			return fmt.Sprintf("account.updateProfile first_name=%s about=%s", a.text(), a.text())
		}},
		{"username", func(a *actor) string {
			a.model.texts++
			return fmt.Sprintf("account.updateUsername username=someone_%d", a.model.texts)
		}},
		{"privacy", func(a *actor) string {
			rule := pick(a.model, []string{"inputPrivacyValueAllowAll", "inputPrivacyValueAllowContacts", "inputPrivacyValueDisallowAll"})
			return fmt.Sprintf("account.setPrivacy key=%s rules=[%s]", pick(a.model, []string{"inputPrivacyKeyPhoneNumber", "inputPrivacyKeyStatusTimestamp"}), rule)
		}},
		{"close friends", onOther("contacts.editCloseFriends id=[%s]")},
	}
}

// blockFacet is who is blocked: blocked/PEER.
func blockFacet() facet {
	return facet{name: "blocked",
		load: func(m *mate, put func(key, value string)) {
			for _, v := range m.must("contacts.getBlocked offset=0 limit=100").Object().At("blocked").Vector().Items {
				put(marked(peerOf(v.Object().At("peer_id"))), "yes")
			}
		},
		hear: map[string]func(*replica, *tl.Object){"updatePeerBlocked": func(r *replica, u *tl.Object) {
			key := "blocked/" + marked(peerOf(u.At("peer_id")))
			if r.drop(key); u.At("blocked").AsBool() {
				r.set(key, "yes")
			}
		}},
	}
}

// contactFacet is whom a person has among their contacts, and who has them in
// turn: contact/ID. A client knows it from how people look.
func contactFacet() facet {
	return facet{name: "contact",
		load: func(m *mate, put func(key, value string)) {
			for _, v := range m.must("contacts.getContacts hash=0").Object().At("contacts").Vector().Items {
				put(fmt.Sprint(v.Object().At("user_id").AsLong()), fmt.Sprint("mutual ", v.Object().At("mutual").AsBool()))
			}
		},
		hear: map[string]func(*replica, *tl.Object){},
	}
}

// seeContact takes what a user object says of the contacts.
func (r *replica) seeContact(u *tl.Object) {
	key := fmt.Sprint("contact/", u.At("id").AsLong())
	if r.drop(key); u.At("contact").AsBool() {
		r.set(key, fmt.Sprint("mutual ", u.At("mutual_contact").AsBool()))
	}
}
