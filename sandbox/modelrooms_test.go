package sandbox

import "fmt"

// roomOperations is what people do with groups and channels.
func roomOperations() []operation {
	channel := func(format string, ok func(*room) bool, args ...func(a *actor) any) func(a *actor) string {
		return func(a *actor) string {
			r := a.room(ok)
			if r == nil {
				return ""
			}
			list := []any{marked(r.peer)}
			for _, arg := range args {
				list = append(list, arg(a))
			}
			return fmt.Sprintf(format, list...)
		}
	}
	who := func(a *actor) any { return marked(a.person()) }
	text := func(a *actor) any { return a.text() }
	coin := func(a *actor) any { return a.coin() }
	broadcast := func(r *room) bool { return r.broadcast() }
	public := func(a *actor) string { // a room that the actor may not be in
		return marked(pick(a.model, a.s.world.rooms[1:3]).peer)
	}
	chatID := func(format string, args ...func(a *actor) any) func(a *actor) string {
		return func(a *actor) string {
			r := a.room(isChat)
			if r == nil {
				return ""
			}
			list := []any{r.id}
			for _, arg := range args {
				list = append(list, arg(a))
			}
			return fmt.Sprintf(format, list...)
		}
	}
	return []operation{
		{"title", channel("channels.editTitle channel=%s title=%s", inChannel, text)},
		{"about", channel("messages.editChatAbout peer=%s about=%s", anyRoom, text)},
		{"default rights", channel("messages.editChatDefaultBannedRights peer=%s banned_rights=chatBannedRights(send_polls=%v pin_messages=%v until_date=0)", isGroup, coin, coin)},
		{"join", func(a *actor) string { return "channels.joinChannel channel=" + public(a) }},
		{"leave", channel("channels.leaveChannel channel=%s", inChannel)},
		{"invite", channel("channels.inviteToChannel channel=%s users=[%s]", inChannel, who)},
		{"promote", channel("channels.editAdmin channel=%s user_id=%s admin_rights=chatAdminRights(invite_users=true ban_users=%v) rank=x", inChannel, who, coin)},
		{"demote", channel("channels.editAdmin channel=%s user_id=%s admin_rights=chatAdminRights", inChannel, who)},
		{"restrict", channel("channels.editBanned channel=%s participant=%s banned_rights=chatBannedRights(send_polls=true until_date=0)", isGroup, who)},
		{"kick", channel("channels.editBanned channel=%s participant=%s banned_rights=chatBannedRights(view_messages=true until_date=0)", inChannel, who)},
		{"let back", channel("channels.editBanned channel=%s participant=%s banned_rights=chatBannedRights(until_date=0)", inChannel, who)},
		{"signatures", channel("channels.toggleSignatures channel=%s signatures_enabled=%v", broadcast, coin)},
		{"no forwards", channel("messages.toggleNoForwards peer=%s enabled=%v", isGroup, coin)},
		{"new group", func(a *actor) string {
			if len(a.s.world.rooms) > 30 {
				return ""
			}
			return fmt.Sprintf("messages.createChat title=%s users=[%s %s]", a.text(), who(a), who(a))
		}},
		{"new supergroup", func(a *actor) string {
			if len(a.s.world.rooms) > 30 {
				return ""
			}
			return fmt.Sprintf("channels.createChannel title=%s about=x forum=%v megagroup=true", a.text(), a.coin())
		}},
		{"group title", chatID("messages.editChatTitle chat_id=%d title=%s", text)},
		{"add to a group", chatID("messages.addChatUser chat_id=%d user_id=%s fwd_limit=3", who)},
		{"remove from a group", chatID("messages.deleteChatUser chat_id=%d user_id=%s revoke_history=%v", who, coin)},
		{"group admin", chatID("messages.editChatAdmin chat_id=%d user_id=%s is_admin=%v", who, coin)},
		{"link", channel("messages.exportChatInvite peer=%s request_needed=%v", anyRoom, coin)},
		{"come by a link", func(a *actor) string {
			r := pick(a.model, a.s.world.rooms)
			if in := pick(a.model, r.invites.links); in != nil {
				return "messages.importChatInvite " + in.hash
			}
			return ""
		}},
		{"admit", func(a *actor) string {
			if r := a.room(func(r *room) bool { return len(r.invites.requests) > 0 }); r != nil {
				return fmt.Sprintf("messages.hideChatJoinRequest peer=%s user_id=%d approved=%v", marked(r.peer), r.invites.requests[0].id, a.coin())
			}
			return ""
		}},
		{"topic", channel("messages.createForumTopic peer=%s title=%s", func(r *room) bool { return r.def.At("forum").AsBool() }, text)},
		{"close a topic", func(a *actor) string {
			r := a.room(func(r *room) bool { return len(r.topics) > 1 })
			if r == nil {
				return ""
			}
			return fmt.Sprintf("messages.editForumTopic peer=%s topic_id=%d closed=%v", marked(r.peer), pick(a.model, r.topics).id(r), a.coin())
		}},
	}
}
