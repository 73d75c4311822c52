package sandbox

import (
	"fmt"

	"tlsh/tl"
)

// onMessage makes a line about one of the latest messages of a conversation;
// %[1]s is the peer, %[2]d the message.
func onMessage(format string, ok func(a *actor, e *entry) bool) func(a *actor) string {
	return func(a *actor) string {
		with := a.peer()
		id := a.message(with, func(e *entry) bool { return ok(a, e) })
		if id == 0 {
			return ""
		}
		return fmt.Sprintf(format, marked(with), id)
	}
}

// reactionOperations is what people do with messages that are there.
func reactionOperations() []operation {
	said := func(_ *actor, e *entry) bool { return !e.service() }
	poll := func(_ *actor, e *entry) bool { return e.base.At("media").Object().Is("messageMediaPoll") }
	onPeer := func(format string) func(a *actor) string {
		return func(a *actor) string { return fmt.Sprintf(format, marked(a.peer())) }
	}
	return []operation{
		{"react", onMessage(`messages.sendReaction peer=%[1]s msg_id=%[2]d reaction=[reactionEmoji("👍")]`, said)},
		{"react otherwise", onMessage(`messages.sendReaction peer=%[1]s msg_id=%[2]d reaction=[reactionEmoji("🔥")]`, said)},
		{"take a reaction back", onMessage(`messages.sendReaction peer=%[1]s msg_id=%[2]d`, said)},
		{"read reactions", onPeer("messages.readReactions peer=%s")},
		{"pin", onMessage(`messages.updatePinnedMessage peer=%[1]s id=%[2]d`, said)},
		{"pin for oneself", onMessage(`messages.updatePinnedMessage peer=%[1]s id=%[2]d pm_oneside=true silent=true`, said)},
		{"unpin", onMessage(`messages.updatePinnedMessage peer=%[1]s id=%[2]d unpin=true`, said)},
		{"unpin all", onPeer("messages.unpinAllMessages peer=%s")},
		{"poll", func(a *actor) string {
			return fmt.Sprintf(`messages.sendMedia peer=%s message="" media=inputMediaPoll(poll=poll(id=0 multiple_choice=%v question=textWithEntities(%s []) hash=0
				answers=[inputPollAnswer(text=textWithEntities("a" [])) inputPollAnswer(text=textWithEntities("b" []))]))`, marked(a.peer()), a.coin(), a.text())
		}},
		{"vote", onMessage(`messages.sendVote peer=%[1]s msg_id=%[2]d options=[hex:30]`, poll)},
		{"vote otherwise", onMessage(`messages.sendVote peer=%[1]s msg_id=%[2]d options=[hex:31]`, poll)},
		{"take a vote back", onMessage(`messages.sendVote peer=%[1]s msg_id=%[2]d options=[]`, poll)},
		{"mention", func(a *actor) string {
			r := a.room(anyRoom)
			if r == nil {
				return ""
			}
			return fmt.Sprintf(`messages.sendMessage peer=%s message="@%s look"`, marked(r.peer), a.s.world.username(pick(a.model, a.s.world.people).peer))
		}},
		{"read mentions", onPeer("messages.readMentions peer=%s")},
		{"type", onPeer("messages.setTyping peer=%s action=sendMessageTypingAction")},
		{"clear a history", func(a *actor) string {
			if a.model.rng.IntN(20) > 0 {
				return "" // it leaves little to do for others
			}
			return fmt.Sprintf("messages.deleteHistory peer=%s max_id=%d just_clear=%v", marked(a.person()), a.model.rng.IntN(2)*20, a.coin())
		}},
		{"archive", func(a *actor) string {
			return fmt.Sprintf("folders.editPeerFolders [inputFolderPeer(%s %d)]", marked(a.peer()), a.model.rng.IntN(2))
		}},
		{"schedule", func(a *actor) string {
			return fmt.Sprintf("messages.sendMessage peer=%s message=%s schedule_date=%d", marked(a.peer()), a.text(), a.s.cfg.Now().Unix()+int64(60+a.model.rng.IntN(3000)))
		}},
	}
}

// scheduledFacet is messages that wait for their date: scheduled/PEER/ID.
func scheduledFacet() facet {
	return facet{name: "scheduled", more: true, // of where one may not write any more nobody can ask
		load: func(m *mate, put func(key, value string)) {
			var with []peer
			for _, p := range m.s.world.people {
				with = append(with, p.peer)
			}
			for _, r := range m.s.world.rooms {
				with = append(with, r.peer)
			}
			for _, p := range with {
				v, err := m.ask("messages.getScheduledHistory peer=" + marked(p))
				if err != nil {
					continue
				}
				for _, x := range v.Object().At("messages").Vector().Items {
					put(messageKey(x), messageCanon(x))
				}
			}
		},
		hear: map[string]func(*replica, *tl.Object){
			"updateNewScheduledMessage": func(r *replica, u *tl.Object) {
				r.set("scheduled/"+messageKey(u.At("message")), messageCanon(u.At("message")))
			},
			"updateDeleteScheduledMessages": func(r *replica, u *tl.Object) {
				for _, id := range u.At("messages").Vector().Items {
					r.drop(fmt.Sprint("scheduled/", marked(peerOf(u.At("peer"))), "/", id.AsInt()))
				}
			},
		},
	}
}
