package sandbox

import (
	"slices"
	"strings"

	"tlsh/syntax"
	"tlsh/tl"
)

// handle is one username of a person or a channel
// (https://core.telegram.org/api/usernames). The editable one is chosen with
// account.updateUsername or channels.updateUsername; the others are
// collectible. Names that are not active are owned, and lead nowhere.
type handle struct {
	name             string
	editable, active bool
}

// maxActiveUsernames is how many names of one owner can be active at once.
const maxActiveUsernames = 10

// usernames are all that somebody owns, in their order. The slice is not to be
// changed.
func (w *world) usernames(p peer) []handle { return w.owned[p] }

// username is the main one: the first that is active, "" when there is none.
func (w *world) username(p peer) string {
	for _, h := range w.owned[p] {
		if h.active {
			return h.name
		}
	}
	return ""
}

// owner is who owns a username, active or not; the zero peer when it is free.
func (w *world) owner(name string) peer { return w.names[strings.ToLower(name)] }

// byName is who is found by a username: its owner, if it is active there.
func (w *world) byName(name string) (peer, bool) {
	p, ok := w.names[strings.ToLower(name)]
	if !ok {
		return peer{}, false
	}
	i := w.place(p, name)
	return p, i >= 0 && w.owned[p][i].active
}

// place is the index of a name among those of its owner, else -1.
func (w *world) place(p peer, name string) int {
	return slices.IndexFunc(w.owned[p], func(h handle) bool { return strings.EqualFold(h.name, name) })
}

// assign gives somebody a name that is free, behind those that they have.
func (w *world) assign(p peer, h handle) {
	w.names[strings.ToLower(h.name)] = p
	w.setHandles(p, append(slices.Clone(w.owned[p]), h))
}

// rename puts another editable name into the place of the present one, which
// becomes free; "" takes it away.
func (w *world) rename(p peer, name string) {
	list := slices.Clone(w.owned[p])
	i := slices.IndexFunc(list, func(h handle) bool { return h.editable })
	if i >= 0 {
		delete(w.names, strings.ToLower(list[i].name))
	}
	switch {
	case name == "" && i >= 0:
		list = slices.Delete(list, i, i+1)
	case i >= 0:
		list[i] = handle{name, true, true}
	case name != "":
		list = slices.Insert(list, 0, handle{name, true, true})
	}
	if name != "" {
		w.names[strings.ToLower(name)] = p
	}
	w.setHandles(p, list)
}

// activate turns a name of somebody's on or off; it reports whether that
// changed anything.
func (w *world) activate(p peer, name string, active bool) bool {
	i := w.place(p, name)
	if i < 0 || w.owned[p][i].active == active {
		return false
	}
	list := slices.Clone(w.owned[p])
	list[i].active = active
	w.setHandles(p, list)
	return true
}

// reorder brings the active names of somebody into the given order; those that
// are off follow. It reports whether the list held just the active ones.
func (w *world) reorder(p peer, order []string) bool {
	var list, off []handle
	for _, h := range w.owned[p] {
		if !h.active {
			off = append(off, h)
		}
	}
	for _, name := range order {
		i := w.place(p, name)
		if i < 0 || !w.owned[p][i].active || slices.ContainsFunc(list, func(h handle) bool { return strings.EqualFold(h.name, name) }) {
			return false
		}
		list = append(list, w.owned[p][i])
	}
	if len(list)+len(off) != len(w.owned[p]) {
		return false
	}
	w.setHandles(p, append(list, off...))
	return true
}

// release frees all names of somebody.
func (w *world) release(p peer) {
	for _, h := range w.owned[p] {
		delete(w.names, strings.ToLower(h.name))
	}
	delete(w.owned, p)
}

func (w *world) setHandles(p peer, list []handle) {
	if len(list) == 0 {
		delete(w.owned, p)
	} else {
		w.owned[p] = list
	}
}

// activeNames counts the names of somebody's that are on.
func (w *world) activeNames(p peer) (n int) {
	for _, h := range w.owned[p] {
		if h.active {
			n++
		}
	}
	return n
}

// handles are the names as TL has them.
func (w *world) handles(p peer) tl.Value {
	items := make([]tl.Value, 0, len(w.owned[p]))
	for _, h := range w.owned[p] {
		o := w.new("username").With("username", tl.String(h.name))
		if h.editable {
			o.With("editable", tl.Bool(true))
		}
		if h.active {
			o.With("active", tl.Bool(true))
		}
		items = append(items, o.Value())
	}
	return w.vector("Username", items)
}

// withNames sets username of a user or channel, or usernames where there is
// more to say than one name that is on.
func (w *world) withNames(o *tl.Object, p peer) *tl.Object {
	switch list := w.owned[p]; {
	case len(list) == 0:
	case len(list) == 1 && list[0].editable && list[0].active:
		o.With("username", tl.String(list[0].name))
	default:
		o.With("usernames", w.handles(p))
	}
	return o
}

// takeNames takes username and usernames out of a fixture's user or channel.
func (l *loader) takeNames(o *tl.Object, p peer) {
	var list []handle
	if v := o.At("username"); !v.IsNone() {
		list = append(list, handle{v.AsString(), true, true})
	}
	if vec := o.At("usernames").Vector(); vec != nil {
		for _, v := range vec.Items {
			n := v.Object()
			list = append(list, handle{n.At("username").AsString(), n.At("editable").AsBool(), n.At("active").AsBool()})
		}
	}
	for _, name := range [...]string{"username", "usernames"} {
		if def := o.Def().Param(name); def != nil {
			o.With(name, tl.Value{})
		}
	}
	editable := false
	for _, h := range list {
		switch {
		case !isUsername(h.name):
			l.fail("%s cannot be a username: want 3 to 32 letters, digits and _, a letter first", syntax.Quote(h.name))
		case l.owner(h.name).kind != noPeer:
			l.fail("the username %s is taken", syntax.Quote(h.name))
		case h.editable && editable:
			l.fail("%s is a second editable username; want one, and the others without editable=true", syntax.Quote(h.name))
		default:
			l.assign(p, h)
		}
		editable = editable || h.editable
	}
}

// freeUsername tells whether a new name can be chosen: USERNAME_INVALID for
// what cannot be one, USERNAME_PURCHASE_AVAILABLE for one of four characters,
// which are sold and not chosen, USERNAME_OCCUPIED for one that is somebody
// else's.
func (w *world) freeUsername(p peer, name string) error {
	switch owner := w.owner(name); {
	case len(name) < 4 || !isUsername(name):
		return bad("USERNAME_INVALID")
	case owner.kind != noPeer && owner != p:
		return bad("USERNAME_OCCUPIED")
	case owner == p && !w.owned[p][w.place(p, name)].editable:
		return bad("USERNAME_OCCUPIED")
	case len(name) == 4 && owner.kind == noPeer:
		return bad("USERNAME_PURCHASE_AVAILABLE")
	}
	return nil
}

// chooseUsername makes name the editable one of somebody's, "" none. Errors:
// those of freeUsername, USERNAME_NOT_MODIFIED.
func (w *world) chooseUsername(p peer, name string) error {
	now := ""
	for _, h := range w.owned[p] {
		if h.editable {
			now = h.name
		}
	}
	if name == now {
		return bad("USERNAME_NOT_MODIFIED")
	}
	if name != "" {
		if err := w.freeUsername(p, name); err != nil {
			return err
		}
	}
	w.rename(p, name)
	return nil
}

// toggleUsername turns a name on or off for account.toggleUsername and its
// like. Errors: USERNAME_INVALID, USERNAME_NOT_MODIFIED,
// USERNAMES_ACTIVE_TOO_MUCH.
func (w *world) toggleUsername(p peer, name string, active bool) error {
	switch {
	case w.place(p, name) < 0:
		return bad("USERNAME_INVALID")
	case active && w.activeNames(p) >= maxActiveUsernames:
		return bad("USERNAMES_ACTIVE_TOO_MUCH")
	case !w.activate(p, name, active):
		return bad("USERNAME_NOT_MODIFIED")
	}
	return nil
}
