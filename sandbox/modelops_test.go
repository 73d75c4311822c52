package sandbox

import "fmt"

// messageOperations is what people do with messages.
func messageOperations() []operation {
	return []operation{
		{"send", func(a *actor) string {
			return fmt.Sprintf("messages.sendMessage peer=%s message=%s", marked(a.peer()), a.text())
		}},
		{"reply", func(a *actor) string {
			with := a.peer()
			if id := a.message(with, spoken); id != 0 {
				return fmt.Sprintf("messages.sendMessage peer=%s message=%s reply_to=inputReplyToMessage(reply_to_msg_id=%d)", marked(with), a.text(), id)
			}
			return ""
		}},
		{"forward", func(a *actor) string {
			from := a.peer()
			one, two := a.message(from, spoken), a.message(from, spoken)
			if one == 0 {
				return ""
			}
			return fmt.Sprintf("messages.forwardMessages from_peer=%s id=[%d %d] to_peer=%s", marked(from), one, two, marked(a.peer()))
		}},
		{"edit", func(a *actor) string {
			with := a.peer()
			if id := a.message(with, a.own); id != 0 {
				return fmt.Sprintf("messages.editMessage peer=%s id=%d message=%s", marked(with), id, a.text())
			}
			return ""
		}},
		{"delete", func(a *actor) string {
			if id := a.message(a.private(), anyMessage); id != 0 {
				return fmt.Sprintf("messages.deleteMessages id=[%d] revoke=%v", id, a.coin())
			}
			return ""
		}},
		{"delete in a channel", func(a *actor) string {
			if r := a.room(inChannel); r != nil {
				if id := a.message(r.peer, a.own); id > 1 {
					return fmt.Sprintf("channels.deleteMessages channel=%s id=[%d]", marked(r.peer), id)
				}
			}
			return ""
		}},
		{"read", func(a *actor) string {
			with := a.private()
			return fmt.Sprintf("messages.readHistory peer=%s max_id=%d", marked(with), a.message(with, anyMessage))
		}},
		{"read a channel", func(a *actor) string {
			if r := a.room(inChannel); r != nil {
				return fmt.Sprintf("channels.readHistory channel=%s max_id=%d", marked(r.peer), a.message(r.peer, anyMessage))
			}
			return ""
		}},
	}
}

// dialogOperations is what people do with their list of conversations.
func dialogOperations() []operation {
	return []operation{
		{"draft", func(a *actor) string {
			return fmt.Sprintf("messages.saveDraft peer=%s message=%s", marked(a.peer()), a.text())
		}},
		{"no draft", func(a *actor) string { return fmt.Sprintf(`messages.saveDraft peer=%s message=""`, marked(a.peer())) }},
		{"pin a dialog", func(a *actor) string {
			return fmt.Sprintf("messages.toggleDialogPin peer=%s pinned=%v", marked(a.peer()), a.coin())
		}},
		{"mark as unread", func(a *actor) string {
			return fmt.Sprintf("messages.markDialogUnread peer=%s unread=%v", marked(a.peer()), a.coin())
		}},
	}
}
