package sandbox

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"slices"
	"strings"

	"github.com/gotd/td/tgerr"

	"tlsh/syntax"
	"tlsh/tl"
)

// phonebookArea is how people find each other by what they have outside of
// here: phone numbers, and links to a profile that are good for a while.
func phonebookArea() area {
	return area{
		methods: map[string]method{
			"contacts.exportContactToken": {handle: contactsExportContactToken},
			"contacts.importContactToken": {handle: contactsImportContactToken, errors: "IMPORT_TOKEN_INVALID"},
			"contacts.getSaved":           {handle: contactsGetSaved, errors: "TAKEOUT_REQUIRED"},
			"contacts.importContacts":     {handle: contactsImportContacts},
			"contacts.resetSaved":         {handle: contactsResetSaved},
			"contacts.resolvePhone":       {handle: contactsResolvePhone, errors: "PHONE_NOT_OCCUPIED"},
		},
		words: map[string]func(*arguments){"phonebook": phonebookWord},
		save: func(s *saver) {
			for _, p := range s.people {
				for _, n := range p.phonebook {
					s.line("phonebook %s %s %s %s %s", s.ref(p.peer), syntax.Quote(n.phone), syntax.Quote(n.first), syntax.Quote(n.last), s.when(n.date))
				}
			}
		},
	}
}

// phonebookEntry is a number that somebody has saved and nobody here has.
type phonebookEntry struct {
	phone       string // digits only
	first, last string
	date        int32
}

// phonebookWord: phonebook PERSON "PHONE" "FIRST" "LAST" DATE.
func phonebookWord(a *arguments) {
	p := a.person()
	var n phonebookEntry
	n.phone, _ = a.text("a phone number")
	n.first, _ = a.text("a first name")
	n.last, _ = a.text(`a last name, "" for none`)
	n.phone, n.date = digits(n.phone), a.date()
	if !a.bad {
		p.phonebook = append(p.phonebook, n)
	}
}

// contactsImportContacts follows
// https://core.telegram.org/method/contacts.importContacts: whoever has such a
// number becomes a contact; other numbers are kept, and counted among the saved
// contacts.
func contactsImportContacts(c *call) (tl.Value, error) {
	var imported []tl.Value
	for _, v := range c.req.At("contacts").Vector().Items {
		in := v.Object()
		number := digits(in.At("phone").AsString())
		first, last := strings.TrimSpace(in.At("first_name").AsString()), strings.TrimSpace(in.At("last_name").AsString())
		p := c.phoned(number)
		switch {
		case p == c.me:
		case p != nil:
			k := c.saveContact(p, first, last, true)
			if note := in.At("note").Object(); note != nil {
				k.annotate(note)
			}
			imported = append(imported, c.new("importedContact").With("user_id", tl.Long(p.id)).With("client_id", in.At("client_id")).Value())
		case number != "":
			c.me.write(phonebookEntry{number, first, last, c.now})
		}
	}
	if len(imported) > 0 {
		c.own(c.new("updateContactsReset"))
	}
	o := c.new("contacts.importedContacts").With("imported", c.vector("ImportedContact", imported)).
		With("popular_invites", c.vector("PopularContact", nil)).With("retry_contacts", c.vector("long", nil))
	return c.complete(o).Value(), nil
}

// write keeps a number under its latest name.
func (p *person) write(n phonebookEntry) {
	i := slices.IndexFunc(p.phonebook, func(o phonebookEntry) bool { return o.phone == n.phone })
	if i < 0 {
		p.phonebook = append(p.phonebook, n)
		return
	}
	p.phonebook[i] = n
}

// contactsResetSaved follows
// https://core.telegram.org/method/contacts.resetSaved.
func contactsResetSaved(c *call) (tl.Value, error) {
	c.me.phonebook = nil
	return tl.Bool(true), nil
}

// contactsResolvePhone follows
// https://core.telegram.org/method/contacts.resolvePhone. Everybody here lets
// themselves be found by their number.
func contactsResolvePhone(c *call) (tl.Value, error) {
	p := c.phoned(c.req.At("phone").AsString())
	if p == nil || !c.allows(p, "AddedByPhone", c.me) {
		return tl.Value{}, bad("PHONE_NOT_OCCUPIED")
	}
	return c.complete(c.new("contacts.resolvedPeer").With("peer", c.peerValue(p.peer))).Value(), nil
}

// tokenTime is how long the link to a profile is good, in seconds. The page says
// no more than that it is temporary.
const tokenTime = 3600

// contactToken names somebody until a date: their id, the date, and what only
// the server knows of both.
func contactToken(p *person, until int32) string {
	token := binary.BigEndian.AppendUint64(nil, uint64(p.id))
	token = binary.BigEndian.AppendUint32(token, uint32(until))
	sum := sha256.Sum256(binary.BigEndian.AppendUint64(token[:12:12], uint64(p.seed)))
	return base64.RawURLEncoding.EncodeToString(append(token, sum[:6]...))
}

// contactsExportContactToken follows
// https://core.telegram.org/method/contacts.exportContactToken and
// https://core.telegram.org/api/links#temporary-profile-links.
func contactsExportContactToken(c *call) (tl.Value, error) {
	until := c.now + tokenTime
	return c.new("exportedContactToken").With("url", tl.String("https://t.me/contact/"+contactToken(c.me, until))).
		With("expires", tl.Int(until)).Value(), nil
}

// contactsImportContactToken follows
// https://core.telegram.org/method/contacts.importContactToken.
func contactsImportContactToken(c *call) (tl.Value, error) {
	token := c.req.At("token").AsString()
	b, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(b) < 12 {
		return tl.Value{}, bad("IMPORT_TOKEN_INVALID")
	}
	p, until := c.byID[int64(binary.BigEndian.Uint64(b))], int32(binary.BigEndian.Uint32(b[8:]))
	if p == nil || until < c.now || token != contactToken(p, until) {
		return tl.Value{}, bad("IMPORT_TOKEN_INVALID")
	}
	return c.user(p), nil
}

// contactsGetSaved follows https://core.telegram.org/method/contacts.getSaved: all
// numbers that the caller has saved, of people here and of others, in a takeout
// (https://core.telegram.org/api/takeout).
func contactsGetSaved(c *call) (tl.Value, error) {
	if !c.takeout {
		return tl.Value{}, tgerr.New(403, "TAKEOUT_REQUIRED")
	}
	var items []tl.Value
	add := func(phone, first, last tl.Value, date int32) {
		if last.IsNone() {
			last = tl.String("")
		}
		items = append(items, c.new("savedPhoneContact").With("phone", phone).With("first_name", first).With("last_name", last).With("date", tl.Int(date)).Value())
	}
	for _, p := range c.people {
		if k := c.me.contacts[p.id]; k != nil && k.number {
			o := c.user(p).Object()
			add(p.def.At("phone"), o.At("first_name"), o.At("last_name"), 0)
		}
	}
	for _, n := range c.me.phonebook {
		add(tl.String(n.phone), tl.String(n.first), tl.String(n.last), n.date)
	}
	return c.vector("SavedContact", items), nil
}
