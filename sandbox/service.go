package sandbox

import "tlsh/tl"

// serviceID is the user from whom what the server itself has to say comes, as the
// codes of those who sign in elsewhere.
const serviceID = 777000

// service is that user, who comes into the world when first needed.
func (w *world) service() *person {
	if p := w.byID[serviceID]; p != nil {
		return p
	}
	return w.addPerson(w.new("user").With("id", tl.Long(serviceID)).With("first_name", tl.String("Telegram")).
		With("phone", tl.String("42777")).With("verified", tl.Bool(true)).With("support", tl.Bool(true)))
}

// notice writes to somebody as the server; all of their sessions hear of it. The
// first bold characters stand out.
func (c *call) notice(to *person, text string, bold int) {
	them := *c
	them.viewer = viewer{c.world, c.service()}
	them.session = &session{login: &login{person: them.me}}
	them.byManner = true // nobody answers a machine
	base := c.new("message").With("message", tl.String(text)).With("entities", c.vector("MessageEntity", []tl.Value{
		c.new("messageEntityBold").With("offset", tl.Int(0)).With("length", tl.Int(int32(bold))).Value()}))
	them.post(&letter{base: base, author: them.me, to: to.peer, date: c.now})
}

// noticeCode tells somebody the code with which they, or others, sign in.
func (c *call) noticeCode(p *person, sent *sentCode) {
	const head = "Login code:"
	c.notice(p, head+" "+c.right(sent)+". Somebody signs in to this account and was asked for it. If that is not you, keep the code to yourself and do nothing.", units(head))
}
