package sandbox

import "slices"

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
