package sandbox

import (
	"slices"
	"strings"

	"tlsh/tl"
)

// contactsArea is what people have saved of each other
// (https://core.telegram.org/api/contacts).
func contactsArea() area {
	return area{
		methods: map[string]method{
			"contacts.acceptContact": {handle: contactsAcceptContact,
				errors: "CONTACT_ADD_MISSING CONTACT_ID_INVALID CONTACT_REQ_MISSING"},
			"contacts.addContact": {handle: contactsAddContact, heeds: "add_phone_privacy_exception note",
				errors: "CONTACT_ID_INVALID CONTACT_NAME_EMPTY"},
			"contacts.deleteByPhones":   {handle: contactsDeleteByPhones},
			"contacts.deleteContacts":   {handle: contactsDeleteContacts},
			"contacts.editCloseFriends": {handle: contactsEditCloseFriends},
			"contacts.getBirthdays":     {handle: contactsGetBirthdays},
			"contacts.getContactIDs":    {handle: contactsGetContactIDs},
			"contacts.getContacts":      {handle: contactsGetContacts},
			"contacts.getStatuses":      {handle: contactsGetStatuses},
			"contacts.search": {handle: contactsSearch, heeds: "broadcasts bots",
				errors: "QUERY_TOO_SHORT SEARCH_QUERY_EMPTY"},
			"contacts.updateContactNote": {handle: contactsUpdateContactNote, errors: "CONTACT_ID_INVALID"},
		},
		words: map[string]func(*arguments){
			"contactname":  contactNameWord,
			"contactnote":  contactNoteWord,
			"closefriends": ofContacts(func(k *contact) { k.close = true }),
			"nonumber":     ofContacts(func(k *contact) { k.number = false }),
			"showsnumber":  showsNumberWord,
		},
		save: saveContacts,
	}
}

// contact is what somebody has saved of one of the people.
type contact struct {
	first, last string     // the name it was saved under; none: their own
	number      bool       // their number is known
	close       bool       // a close friend (https://core.telegram.org/api/privacy#close-friends)
	note        *tl.Object // textWithEntities; nil: none
	photo       *picture   // shown in place of their own; nil: none
}

// name puts the name under which a contact is saved into their user.
func (k *contact) name(o *tl.Object) {
	if k.first+k.last != "" {
		o.With("first_name", tl.String(k.first)).With("last_name", tl.Value{})
		if k.last != "" {
			o.With("last_name", tl.String(k.last))
		}
	}
	if k.close {
		o.With("close_friend", tl.Bool(true))
	}
}

// knowsNumber reports whether the viewer is shown somebody's phone number: it is
// their own, or among their contacts, or has been shown to them.
func (v viewer) knowsNumber(p *person) bool {
	k := v.me.contacts[p.id]
	return p == v.me || k != nil && k.number || p.shows[v.me.id] || v.allows(p, "PhoneNumber", v.me)
}

// contactUser is the contact that a request names. Errors: CONTACT_ID_INVALID,
// MSG_ID_INVALID.
func (c *call) contactUser(v tl.Value) (*person, error) {
	p, err := c.userBy(v)
	if err != nil && err.Error() == bad("USER_ID_INVALID").Error() || p == c.me {
		return nil, bad("CONTACT_ID_INVALID")
	}
	return p, err
}

// saveContact puts somebody among the caller's contacts under a name, and tells
// whom it concerns.
func (c *call) saveContact(p *person, first, last string, number bool) *contact {
	k := c.me.contacts[p.id]
	fresh := k == nil
	if fresh {
		k = &contact{}
		c.me.contacts[p.id] = k
	}
	k.first, k.last = first, last
	if first == p.def.At("first_name").AsString() && last == p.def.At("last_name").AsString() {
		k.first, k.last = "", ""
	}
	k.number = k.number || number
	if fresh {
		c.toldMutual(p)
	}
	return k
}

// dropContact takes somebody out of the caller's contacts; it reports whether
// they were there.
func (c *call) dropContact(p *person) bool {
	if c.me.contacts[p.id] == nil {
		return false
	}
	delete(c.me.contacts, p.id)
	c.toldMutual(p)
	return true
}

// toldMutual lets somebody who has the caller among their contacts know that
// user.mutual_contact is another now.
func (c *call) toldMutual(p *person) {
	if p.contacts[c.me.id] != nil {
		c.push(p, func(v viewer) []tl.Value { return []tl.Value{v.userChanged(c.me)} })
	}
}

// userChanged is the update after which a client reads somebody anew.
func (w *world) userChanged(p *person) tl.Value {
	return w.new("updateUser").With("user_id", tl.Long(p.id)).Value()
}

// barUpdate is what the bar of actions above a private chat has become.
func (v viewer) barUpdate(p *person) tl.Value {
	return v.new("updatePeerSettings").With("peer", v.peerValue(p.peer)).With("settings", v.bar(p.peer)).Value()
}

// contactsAddContact follows
// https://core.telegram.org/method/contacts.addContact.
func contactsAddContact(c *call) (tl.Value, error) {
	p, err := c.contactUser(c.req.At("id"))
	if err != nil {
		return tl.Value{}, err
	}
	first, last := strings.TrimSpace(c.req.At("first_name").AsString()), strings.TrimSpace(c.req.At("last_name").AsString())
	if first == "" {
		return tl.Value{}, bad("CONTACT_NAME_EMPTY")
	}
	number := digits(c.req.At("phone").AsString())
	k := c.saveContact(p, first, last, number != "" && number == p.def.At("phone").AsString())
	if note := c.req.At("note").Object(); note != nil {
		k.annotate(note)
	}
	if c.req.At("add_phone_privacy_exception").AsBool() {
		c.showNumber(p)
	}
	c.own(c.barUpdate(p).Object())
	return c.done(c.barUpdate(p))
}

// annotate keeps the note about a contact; an empty one is none.
func (k *contact) annotate(note *tl.Object) {
	if k.note = note; note.At("text").AsString() == "" {
		k.note = nil
	}
}

// showNumber lets somebody see the caller's number, whatever the rules are.
func (c *call) showNumber(p *person) {
	if (viewer{c.world, p}).knowsNumber(c.me) {
		return
	}
	c.me.shows[p.id] = true
	c.push(p, func(v viewer) []tl.Value {
		return []tl.Value{v.new("updateUserPhone").With("user_id", tl.Long(c.me.id)).With("phone", tl.String(c.me.def.At("phone").AsString())).Value()}
	})
}

// mayShow reports that the caller could show their number to a contact, who has
// saved them without it: peerSettings.share_contact.
func (v viewer) mayShow(p *person) bool {
	return v.me.contacts[p.id] != nil && p.contacts[v.me.id] != nil && v.me.def.At("phone").AsString() != "" &&
		!(viewer{v.world, p}).knowsNumber(v.me)
}

// contactsAcceptContact follows
// https://core.telegram.org/method/contacts.acceptContact: somebody is shown the
// caller's number, where the bar of actions offers that
// (https://core.telegram.org/api/action-bar#share-contact).
func contactsAcceptContact(c *call) (tl.Value, error) {
	p, err := c.contactUser(c.req.At("id"))
	switch {
	case err != nil:
		return tl.Value{}, err
	case c.me.contacts[p.id] == nil:
		return tl.Value{}, bad("CONTACT_ADD_MISSING")
	case !c.mayShow(p):
		return tl.Value{}, bad("CONTACT_REQ_MISSING")
	}
	c.showNumber(p)
	c.own(c.barUpdate(p).Object())
	return c.done(c.barUpdate(p))
}

// contactsDeleteContacts follows
// https://core.telegram.org/method/contacts.deleteContacts. Who is no contact is
// passed over.
func contactsDeleteContacts(c *call) (tl.Value, error) {
	var people []*person
	for _, v := range c.req.At("id").Vector().Items {
		p, err := c.userBy(v)
		if err != nil {
			return tl.Value{}, err
		}
		people = append(people, p)
	}
	var list []tl.Value
	for _, p := range people {
		if c.dropContact(p) {
			list = append(list, c.barUpdate(p))
		}
	}
	if len(list) > 0 {
		c.push(c.me, func(viewer) []tl.Value { return list })
	}
	return c.done(list...)
}

// contactsDeleteByPhones follows
// https://core.telegram.org/method/contacts.deleteByPhones: contacts whose
// number is known, and numbers that nobody here has.
func contactsDeleteByPhones(c *call) (tl.Value, error) {
	gone := false
	for _, v := range c.req.At("phones").Vector().Items {
		number := digits(v.AsString())
		if p := c.phoned(number); p != nil && c.me.contacts[p.id] != nil && c.me.contacts[p.id].number {
			gone = c.dropContact(p) || gone
		}
		c.me.phonebook = slices.DeleteFunc(c.me.phonebook, func(n phonebookEntry) bool { return n.phone == number })
	}
	if gone {
		c.own(c.new("updateContactsReset"))
	}
	return tl.Bool(true), nil
}

// contactIDs are the ids of the caller's contacts, growing.
func (c *call) contactIDs() []int64 {
	ids := make([]int64, 0, len(c.me.contacts))
	for id := range c.me.contacts {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// contactsGetContacts follows
// https://core.telegram.org/method/contacts.getContacts: the hash is that of
// the number of saved contacts and the sorted ids.
func contactsGetContacts(c *call) (tl.Value, error) {
	ids, saved := c.contactIDs(), len(c.me.contacts)+len(c.me.phonebook)
	var sum hashOf
	sum.add(int64(saved))
	sum.add(ids...)
	if want := c.req.At("hash").AsLong(); want != 0 && want == int64(sum) {
		return c.new("contacts.contactsNotModified").Value(), nil
	}
	items := make([]tl.Value, len(ids))
	for i, id := range ids {
		items[i] = c.new("contact").With("user_id", tl.Long(id)).With("mutual", tl.Bool(c.byID[id].contacts[c.me.id] != nil)).Value()
	}
	o := c.new("contacts.contacts").With("contacts", c.vector("Contact", items)).With("saved_count", tl.Int(int32(saved)))
	return c.complete(o).Value(), nil
}

// contactsGetContactIDs follows
// https://core.telegram.org/method/contacts.getContactIDs. Its ids have 32 bits;
// one that needs more is 0, as that of a number that nobody has. The hash is
// that of the ids; nothing new is an empty list.
func contactsGetContactIDs(c *call) (tl.Value, error) {
	ids := c.contactIDs()
	var sum hashOf
	sum.add(ids...)
	var narrow []int32
	if want := c.req.At("hash").AsLong(); want == 0 || want != int64(sum) {
		for _, id := range ids {
			if int64(int32(id)) != id {
				id = 0
			}
			narrow = append(narrow, int32(id))
		}
	}
	return ints(c.schema, narrow), nil
}

// contactsGetStatuses follows
// https://core.telegram.org/method/contacts.getStatuses.
func contactsGetStatuses(c *call) (tl.Value, error) {
	var items []tl.Value
	for _, id := range c.contactIDs() {
		if status := c.user(c.byID[id]).Object().At("status"); !status.IsNone() {
			items = append(items, c.new("contactStatus").With("user_id", tl.Long(id)).With("status", status).Value())
		}
	}
	return c.vector("ContactStatus", items), nil
}

// contactsEditCloseFriends follows
// https://core.telegram.org/method/contacts.editCloseFriends: the list is the
// whole one. Who is no contact cannot be on it.
func contactsEditCloseFriends(c *call) (tl.Value, error) {
	chosen := map[int64]bool{}
	for _, id := range c.req.At("id").Vector().Items {
		chosen[id.AsLong()] = true
	}
	var changed []tl.Value
	for _, id := range c.contactIDs() {
		if k := c.me.contacts[id]; k.close != chosen[id] {
			k.close = chosen[id]
			changed = append(changed, c.userChanged(c.byID[id]))
		}
	}
	if len(changed) > 0 {
		c.push(c.me, func(viewer) []tl.Value { return changed })
	}
	return tl.Bool(true), nil
}

// contactsUpdateContactNote follows
// https://core.telegram.org/method/contacts.updateContactNote.
func contactsUpdateContactNote(c *call) (tl.Value, error) {
	p, err := c.contactUser(c.req.At("id"))
	if err == nil && c.me.contacts[p.id] == nil {
		err = bad("CONTACT_ID_INVALID")
	}
	if err != nil {
		return tl.Value{}, err
	}
	c.me.contacts[p.id].annotate(c.req.At("note").Object())
	c.own(c.userChanged(p).Object())
	return tl.Bool(true), nil
}
