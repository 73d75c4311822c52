package sandbox

import "tlsh/tl"

// needsPremium reports somebody who lets only people with Premium write, and
// those whom they know: their contacts, and to whom they have written
// (https://core.telegram.org/api/privacy#require-premium-for-new-non-contact-users).
func (v viewer) needsPremium(p *person) bool {
	if p == v.me || !p.def.At("contact_require_premium").AsBool() || v.me.def.At("premium").AsBool() || p.contacts[v.me.id] != nil {
		return false
	}
	d := p.dialogs[v.me.peer]
	return d == nil || len(d.list.entries) == d.list.incoming(p, 0)
}

// usersGetRequirementsToContact follows
// https://core.telegram.org/method/users.getRequirementsToContact. Nobody here
// takes Telegram Stars for messages.
func usersGetRequirementsToContact(c *call) (tl.Value, error) {
	var items []tl.Value
	for _, v := range c.req.At("id").Vector().Items {
		p, err := c.userBy(v)
		if err != nil {
			return tl.Value{}, err
		}
		name := "requirementToContactEmpty"
		if c.needsPremium(p) {
			name = "requirementToContactPremium"
		}
		items = append(items, c.new(name).Value())
	}
	return c.vector("RequirementToContact", items), nil
}
