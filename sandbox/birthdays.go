package sandbox

import (
	"time"

	"tlsh/tl"
)

// contactsGetBirthdays follows
// https://core.telegram.org/method/contacts.getBirthdays: the contacts whose
// birthday was yesterday, is today or comes tomorrow, by UTC.
func contactsGetBirthdays(c *call) (tl.Value, error) {
	var items []tl.Value
	var also []peer
	for _, id := range c.contactIDs() {
		p := c.byID[id]
		if p.birthday == nil || !c.allows(p, "Birthday", c.me) {
			continue
		}
		for ago := -1; ago <= 1; ago++ {
			if at := time.Unix(int64(c.now), 0).UTC().AddDate(0, 0, ago); int(p.birthday.At("day").AsInt()) == at.Day() && int(p.birthday.At("month").AsInt()) == int(at.Month()) {
				items = append(items, c.new("contactBirthday").With("contact_id", tl.Long(id)).With("birthday", p.birthday.Value()).Value())
				also = append(also, p.peer)
			}
		}
	}
	return c.complete(c.new("contacts.contactBirthdays").With("contacts", c.vector("ContactBirthday", items)), also...).Value(), nil
}
