package sandbox

import (
	"strings"

	"tlsh/tl"
)

// logged is one event of a channel's log of what its admins and members did
// (https://core.telegram.org/api/recent-actions).
type logged struct {
	id     int64
	date   int32
	by     *person
	action *tl.Object // ChannelAdminLogEventAction
}

// logTime is how long the log keeps its events, in seconds.
const logTime = 48 * 3600

// log writes down what the caller did in a channel; basic groups have no log.
func (c *call) log(r *room, action *tl.Object) {
	if r.kind == channelPeer {
		r.log = append(r.log, logged{r.lastLogged() + 1, c.now, c.me, action})
	}
}

func (r *room) lastLogged() int64 {
	if len(r.log) == 0 {
		return 0
	}
	return r.log[len(r.log)-1].id
}

// asWritten is a message as it stands in the log, where nobody is its viewer.
func (c *call) asWritten(e *entry) tl.Value {
	return c.message(e).Object().Clone().With("out", tl.Value{}).Value()
}

// change is an action with a previous and a new value.
func (c *call) changeOf(name string, prev, next tl.Value) *tl.Object {
	return c.new("channelAdminLogEventAction"+name).With("prev_value", prev).With("new_value", next)
}

// toggle is an action of a setting that is on or off.
func (c *call) toggle(name string, on bool) *tl.Object {
	return c.new("channelAdminLogEventAction"+name).With("new_value", tl.Bool(on))
}

// kindOf is the flag of channelAdminLogEventsFilter that lets the event pass.
func (l logged) kindOf() string {
	name := strings.TrimPrefix(l.action.Def().Name, "channelAdminLogEventAction")
	switch name {
	case "ParticipantJoin", "ParticipantJoinByInvite", "ParticipantJoinByRequest":
		return "join"
	case "ParticipantLeave":
		return "leave"
	case "ParticipantInvite":
		return "invite"
	case "ParticipantToggleBan":
		return banKind(l.action)
	case "ParticipantToggleAdmin":
		if o := l.action.At("new_participant").Object(); o.Is("channelParticipantAdmin") || o.Is("channelParticipantCreator") {
			return "promote"
		}
		return "demote"
	case "ParticipantEditRank":
		return "edit_rank"
	case "ChangeTitle", "ChangeAbout", "ChangeUsername", "ChangeUsernames", "ChangePhoto", "ChangeLocation", "ChangeLinkedChat":
		return "info"
	case "UpdatePinned":
		return "pinned"
	case "EditMessage", "StopPoll":
		return "edit"
	case "DeleteMessage":
		return "delete"
	case "SendMessage":
		return "send"
	case "ExportedInviteDelete", "ExportedInviteRevoke", "ExportedInviteEdit":
		return "invites"
	case "CreateTopic", "EditTopic", "DeleteTopic", "PinTopic":
		return "forums"
	}
	return "settings"
}

func banKind(action *tl.Object) string {
	out := func(field string) (kicked, banned bool) {
		o := action.At(field).Object()
		banned = o.Is("channelParticipantBanned")
		return banned && o.At("banned_rights").Object().At("view_messages").AsBool(), banned
	}
	before, _ := out("prev_participant")
	after, banned := out("new_participant")
	switch {
	case after:
		return "kick"
	case before:
		return "unkick"
	case banned:
		return "ban"
	}
	return "unban"
}

// channelsGetAdminLog follows
// https://core.telegram.org/method/channels.getAdminLog: newest first, of the
// last two days.
func channelsGetAdminLog(c *call) (tl.Value, error) {
	r, err := c.channel(c.req.At("channel"))
	if err != nil {
		return tl.Value{}, err
	}
	if _, err := c.admin(r, "", 403); err != nil {
		return tl.Value{}, err
	}
	admins := map[*person]bool{}
	if vec := c.req.At("admins").Vector(); vec != nil {
		for _, v := range vec.Items {
			p, err := c.userBy(v)
			if err != nil {
				return tl.Value{}, err
			}
			admins[p] = true
		}
	}
	filter, q := c.req.At("events_filter").Object(), strings.ToLower(c.req.At("q").AsString())
	before, after := c.req.At("max_id").AsLong(), c.req.At("min_id").AsLong()
	var events []tl.Value
	for i := len(r.log) - 1; i >= 0 && len(events) < c.limit(); i-- {
		l := r.log[i]
		switch {
		case l.date <= c.now-logTime:
			i = 0
			continue
		case before > 0 && l.id >= before, l.id <= after,
			len(admins) > 0 && !admins[l.by], filter != nil && !filter.At(l.kindOf()).AsBool(),
			q != "" && !mentions(l.action.Value(), q) && !strings.Contains(strings.ToLower(l.by.name()), q):
			continue
		}
		events = append(events, c.new("channelAdminLogEvent").With("id", tl.Long(l.id)).With("date", tl.Int(l.date)).
			With("user_id", tl.Long(l.by.id)).With("action", l.action.Value()).Value())
	}
	o := c.new("channels.adminLogResults").With("events", c.vector("ChannelAdminLogEvent", events))
	return c.complete(o, r.peer).Value(), nil
}

// mentions reports a value with the lower-case text q somewhere in it.
func mentions(v tl.Value, q string) bool {
	switch v.Kind() {
	case tl.KindString:
		return strings.Contains(strings.ToLower(v.AsString()), q)
	case tl.KindVector:
		for _, it := range v.Vector().Items {
			if mentions(it, q) {
				return true
			}
		}
	case tl.KindObject:
		for _, f := range v.Object().Fields() {
			if mentions(f, q) {
				return true
			}
		}
	}
	return false
}
