package sandbox

import "tlsh/syntax"

// contactsWord: contacts PERSON [PERSON …], whose numbers a person has.
func contactsWord(a *arguments) {
	p := a.person()
	for of := a.list("people"); of.more(); {
		if q := of.person(); !of.bad && !a.bad {
			p.contacts[q.id] = &contact{number: true}
		}
	}
}

// contactOf reads two people of whom the second is among the first one's
// contacts.
func (a *arguments) contactOf() *contact {
	p, q := a.person(), a.person()
	if a.bad {
		return nil
	}
	k := p.contacts[q.id]
	if k == nil {
		a.fail("%s is not among the contacts of %s above this line", syntax.Quote(q.name()), syntax.Quote(p.name()))
		a.bad = true
	}
	return k
}

// contactNameWord: contactname PERSON PERSON "FIRST" "LAST", under which name
// somebody is saved.
func contactNameWord(a *arguments) {
	k := a.contactOf()
	first, _ := a.text("a first name")
	last, _ := a.text(`a last name, "" for none`)
	if !a.bad {
		k.first, k.last = first, last
	}
}

// contactNoteWord: contactnote PERSON PERSON textWithEntities(…).
func contactNoteWord(a *arguments) {
	k := a.contactOf()
	if note := a.object("TextWithEntities"); !a.bad {
		k.annotate(note)
	}
}

// ofContacts reads PERSON [PERSON …] and does something with those contacts.
func ofContacts(do func(*contact)) func(*arguments) {
	return func(a *arguments) {
		p := a.person()
		for of := a.list("people"); of.more(); {
			q := of.person()
			switch {
			case of.bad || a.bad:
				return
			case p.contacts[q.id] == nil:
				a.fail("%s is not among the contacts of %s above this line", syntax.Quote(q.name()), syntax.Quote(p.name()))
				return
			}
			do(p.contacts[q.id])
		}
	}
}

// showsNumberWord: showsnumber PERSON [PERSON …], who is shown a person's number
// whatever the rules are.
func showsNumberWord(a *arguments) {
	p := a.person()
	for of := a.list("people"); of.more(); {
		if q := of.person(); !of.bad && !a.bad {
			p.shows[q.id] = true
		}
	}
}

// those are the people for whom in holds, in the order of the fixture.
func (s *saver) those(in func(*person) bool) (list []peer) {
	for _, q := range s.people {
		if in(q) {
			list = append(list, q.peer)
		}
	}
	return list
}

func saveContacts(s *saver) {
	for _, p := range s.people {
		has := func(what func(*contact) bool) func(*person) bool {
			return func(q *person) bool { k := p.contacts[q.id]; return k != nil && what(k) }
		}
		s.peers("nonumber", p, s.those(has(func(k *contact) bool { return !k.number })))
		s.peers("closefriends", p, s.those(has(func(k *contact) bool { return k.close })))
		s.peers("showsnumber", p, s.those(func(q *person) bool { return p.shows[q.id] }))
		for _, q := range s.people {
			k := p.contacts[q.id]
			if k != nil && k.first+k.last != "" {
				s.line("contactname %s %s %s %s", s.ref(p.peer), s.ref(q.peer), syntax.Quote(k.first), syntax.Quote(k.last))
			}
			if k != nil && k.note != nil {
				s.line("contactnote %s %s %s", s.ref(p.peer), s.ref(q.peer), s.text(k.note.Value()))
			}
		}
	}
}
