package render

import (
	"strings"

	"tlsh/schema"
)

// entity gives the kind of entity that the ids in a field name: "user", "chat",
// "channel", or "" for all other numbers. The schema has only long for them,
// so the field's name tells, as it does for people.
func entity(def *schema.Combinator, p *schema.Param) string {
	t := p.Type
	if t.Kind == schema.KindVector {
		t = t.Elem
	}
	if t.Kind != schema.KindLong {
		return ""
	}
	switch p.Name {
	case "user_id", "bot_id", "via_bot_id", "admin_id", "inviter_id", "actor_id", "promoted_by", "kicked_by",
		"approved_by", "requested_by", "author_id", "owner_id", "new_creator_id", "business_bot_id",
		"via_business_bot_id", "guard_bot_id", "participant_id",
		"bot_manager_id", "contact_id", "receiver_id",
		"users", "recent_requesters", "recent_viewers", "winners", "top_bidders", "retry_contacts", "other_uids", "exclude_users":
		return "user"
	case "chat_id", "migrated_from_chat_id":
		return "chat"
	case "channel_id", "linked_chat_id", "linked_monoforum_id", "broadcast_id", "personal_channel_id":
		return "channel"
	case "channels":
		return "channel"
	case "id":
		switch def.Name {
		case "userFull":
			return "user"
		case "chatFull":
			return "chat"
		case "channelFull":
			return "channel"
		}
	}
	return ""
}

// isDate reports whether an int is a date: seconds since 1970, UTC.
func isDate(p *schema.Param) bool {
	if p.Type.Kind != schema.KindInt {
		return false
	}
	switch p.Name {
	case "date", "expires", "until", "was_online", "mtime", "date_created", "date_active", "mute_until",
		"valid_until", "valid_since", "server_time", "recent_since", "total_since", "wait_till":
		return true
	}
	return strings.HasSuffix(p.Name, "_date") || strings.HasSuffix(p.Name, "_at")
}
