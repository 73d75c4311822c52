package sandbox

import (
	"slices"

	"tlsh/syntax"
	"tlsh/tl"
)

// inviting is who can come into a room by which link, and who asks to.
type inviting struct {
	links    []*invite
	requests []*request // in the order of asking
}

// invite is a link that leads into a room
// (https://core.telegram.org/api/invites).
type invite struct {
	hash      string // what stands behind https://t.me/+
	admin     *person
	date      int32
	start     int32 // when it was last changed; 0: never
	expire    int32 // 0: never
	limit     int32 // of uses; 0: none
	title     string
	asks      bool // request_needed
	permanent bool
	revoked   bool
	importers []importer
}

// importer is somebody who came by a link.
type importer struct {
	*person
	date       int32
	approvedBy int64
	byFolder   bool // which was shared by a link of its own
}

// request is somebody who wants to come in.
type request struct {
	*person
	date int32
	via  *invite // nil: by the public name
}

// withdraw forgets what p asked for.
func (r *room) withdraw(p *person) {
	r.invites.requests = slices.DeleteFunc(r.invites.requests, func(q *request) bool { return q.person == p })
}

// inviteWords are the fixture's commands for links and requests:
//
//	invite ROOM chatInviteExported(link=… admin_id=… date=…)
//	imported ROOM "LINK" PERSON DATE [PERSON|chatlist]
//	requested ROOM PERSON DATE ["LINK"]
func inviteWords() map[string]func(*arguments) {
	return map[string]func(*arguments){"invite": inviteWord, "imported": importedWord, "requested": requestedWord}
}

func inviteWord(a *arguments) {
	r, o := a.roomRef(), a.object("ExportedChatInvite")
	if a.bad {
		return
	}
	if !o.Is("chatInviteExported") {
		a.fail("want chatInviteExported")
		return
	}
	in := &invite{hash: linkHash(o.At("link").AsString()), admin: a.byID[o.At("admin_id").AsLong()], date: o.At("date").AsInt(),
		asks: o.At("request_needed").AsBool(), permanent: o.At("permanent").AsBool(), revoked: o.At("revoked").AsBool()}
	for name, to := range map[string]*int32{"start_date": &in.start, "expire_date": &in.expire, "usage_limit": &in.limit} {
		if v := o.At(name); !v.IsNone() {
			*to = v.AsInt()
		}
	}
	if v := o.At("title"); !v.IsNone() {
		in.title = v.AsString()
	}
	_, taken := a.behind(in.hash)
	switch {
	case in.admin == nil:
		a.fail("admin_id names nobody who stands above")
	case in.hash == "" || taken != nil:
		a.fail("want a link of its own, as https://t.me/+AbCdEfGhIjKlMnOp")
	default:
		r.invites.links = append(r.invites.links, in)
	}
}

// link reads one of the room's links.
func (a *arguments) link(r *room) *invite {
	s, n := a.text("a link")
	if a.bad {
		return nil
	}
	in := r.invite(linkHash(s))
	if in == nil {
		a.failAt(n, "the room has no such link above this line")
		a.bad = true
	}
	return in
}

func importedWord(a *arguments) {
	r := a.roomRef()
	if a.bad {
		return
	}
	in := a.link(r)
	i := importer{person: a.person(), date: a.date()}
	switch {
	case !a.more():
	case syntax.Text(a.rest[0].Value) == "chatlist":
		a.rest, i.byFolder = a.rest[1:], true
	default:
		if by := a.person(); by != nil {
			i.approvedBy = by.id
		}
	}
	if !a.bad {
		in.importers = append(in.importers, i)
	}
}

func requestedWord(a *arguments) {
	r := a.roomRef()
	q := &request{person: a.person(), date: a.date()}
	if a.more() {
		q.via = a.link(r)
	}
	switch {
	case a.bad:
	case r.member(q.person) != nil:
		a.fail("%s is a member already", syntax.Quote(q.name()))
	default:
		r.withdraw(q.person)
		r.invites.requests = append(r.invites.requests, q)
	}
}

// inviteState writes what inviteWords reads.
func (s *saver) inviteState() {
	for _, r := range s.rooms {
		ref := s.ref(r.peer)
		for _, in := range r.invites.links {
			o := s.exported(r, in).With("usage", tl.Value{}).With("requested", tl.Value{})
			s.line("invite %s %s", ref, s.text(o.Value()))
			for _, i := range in.importers {
				by := ""
				switch {
				case i.byFolder:
					by = " chatlist"
				case i.approvedBy != 0:
					by = " " + s.ref(peer{userPeer, i.approvedBy})
				}
				s.line("imported %s %s %s %s%s", ref, syntax.Quote(linkPrefix+in.hash), s.ref(i.peer), s.when(i.date), by)
			}
		}
		for _, q := range r.invites.requests {
			via := ""
			if q.via != nil {
				via = " " + syntax.Quote(linkPrefix+q.via.hash)
			}
			s.line("requested %s %s %s%s", ref, s.ref(q.peer), s.when(q.date), via)
		}
	}
}
