package render

import (
	"testing"

	"tlsh/schema"
)

func TestFieldKinds(t *testing.T) {
	s := schema.Current()
	for _, c := range []struct {
		def, param, entity string
		date               bool
	}{
		{"peerUser", "user_id", "user", false},
		{"peerChat", "chat_id", "chat", false},
		{"peerChannel", "channel_id", "channel", false},
		{"chatFull", "id", "chat", false},
		{"channelFull", "id", "channel", false},
		{"channelFull", "linked_chat_id", "channel", false},
		{"userFull", "id", "user", false},
		{"message", "id", "", false},
		{"message", "via_bot_id", "user", false},
		{"message", "date", "", true},
		{"message", "edit_date", "", true},
		{"messageActionChatAddUser", "users", "user", false},
		{"chatPhoto", "photo_id", "", false},
		{"inputPeerUser", "access_hash", "", false},
		{"userStatusOnline", "expires", "", true},
		{"userStatusOffline", "was_online", "", true},
		{"peerNotifySettings", "mute_until", "", true},
		{"chatBannedRights", "until_date", "", true},
		{"poll", "close_date", "", true},
		{"poll", "close_period", "", false},
		{"config", "expires", "", true},
		{"document", "date", "", true},
		{"phoneCall", "participant_id", "user", false},
	} {
		def := s.Constructor(c.def)
		p := def.Param(c.param)
		if p == nil {
			t.Errorf("%s has no %s", c.def, c.param)
			continue
		}
		if got := entity(def, p); got != c.entity {
			t.Errorf("%s.%s: entity %q, want %q", c.def, c.param, got, c.entity)
		}
		if got := isDate(p); got != c.date {
			t.Errorf("%s.%s: date %v", c.def, c.param, got)
		}
	}
}
