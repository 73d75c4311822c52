package sandbox

import (
	"fmt"
	"strconv"

	"tlsh/tl"
)

// eachDialog visits all dialogs, of the archive too.
func eachDialog(m *mate, visit func(d *tl.Object)) {
	eachDialogPage(m, func(o *tl.Object) {
		for _, d := range o.At("dialogs").Vector().Items {
			visit(d.Object())
		}
	})
}

func eachDialogPage(m *mate, visit func(o *tl.Object)) {
	for folder := range 2 {
		offset, seen := "offset_peer=inputPeerEmpty", 0
		for {
			o := m.must(fmt.Sprintf("messages.getDialogs %s folder_id=%d limit=100", offset, folder)).Object()
			visit(o)
			page := o.At("dialogs").Vector().Items
			seen += len(page)
			if o.Is("messages.dialogs") || len(page) == 0 || seen >= int(o.At("count").AsInt()) {
				break
			}
			last := page[len(page)-1].Object()
			offset = fmt.Sprintf("offset_peer=%s offset_id=%d", marked(peerOf(last.At("peer"))), last.At("top_message").AsInt())
		}
	}
}

func eachMessage(m *mate, ref string, visit func(v tl.Value)) {
	for offset := int32(0); ; {
		page := m.must(fmt.Sprintf("messages.getHistory peer=%s limit=100 offset_id=%d", ref, offset)).Object().At("messages").Vector().Items
		for _, v := range page {
			visit(v)
			offset = v.Object().At("id").AsInt()
		}
		if len(page) < 100 {
			return
		}
	}
}

func messageKey(v tl.Value) string {
	o := v.Object()
	return marked(peerOf(o.At("peer_id"))) + "/" + strconv.Itoa(int(o.At("id").AsInt()))
}

// messageCanon leaves out the counters, of which a client is not told one by one.
func messageCanon(v tl.Value) string {
	return canon(v, "views", "forwards", "replies")
}

// userCanon leaves out what changes with somebody's privacy, of which nobody is
// told, stories, of which contacts alone are, and what is a facet of its own.
func userCanon(v tl.Value) string {
	return canon(v, "status", "phone", "mutual_contact", "stories_max_id")
}

func chatCanon(v tl.Value) string { return canon(v, "participants_count") }

func readCanon(d *tl.Object) string {
	return fmt.Sprint(d.At("read_inbox_max_id").AsInt(), d.At("read_outbox_max_id").AsInt())
}

// messageFacet is the messages of all conversations: message/PEER/ID.
func messageFacet() facet {
	put := func(r *replica, u *tl.Object) {
		v := u.At("message")
		p := peerOf(v.Object().At("peer_id"))
		if _, in := r.channels[p.id]; p.kind == channelPeer && !in {
			return
		}
		r.set("message/"+messageKey(v), messageCanon(v))
		if _, ok := r.state["read/"+marked(p)]; !ok {
			r.set("read/"+marked(p), "0 0")
		}
	}
	again := func(field string) func(r *replica, u *tl.Object) {
		return func(r *replica, u *tl.Object) {
			with := peerOf(u.At("peer"))
			if u.Def().Index("channel_id") >= 0 {
				with = peer{channelPeer, u.At("channel_id").AsLong()}
			}
			ids := []tl.Value{u.At(field)}
			if vec := u.At(field).Vector(); vec != nil {
				ids = vec.Items
			}
			for _, id := range ids {
				key := fmt.Sprint("message/", marked(with), "/", id.AsInt())
				if with.kind == noPeer {
					key = r.own[id.AsInt()]
				}
				r.forget(key)
			}
		}
	}
	return facet{name: "message",
		load: func(m *mate, put func(key, value string)) {
			eachDialog(m, func(d *tl.Object) {
				eachMessage(m, marked(peerOf(d.At("peer"))), func(v tl.Value) { put(messageKey(v), messageCanon(v)) })
			})
		},
		hear: map[string]func(*replica, *tl.Object){
			"updateNewMessage": put, "updateNewChannelMessage": put, "updateEditMessage": put, "updateEditChannelMessage": put,
			"updateDeleteMessages": func(r *replica, u *tl.Object) {
				for _, id := range u.At("messages").Vector().Items {
					r.drop(r.own[id.AsInt()])
				}
			},
			"updateDeleteChannelMessages": func(r *replica, u *tl.Object) {
				for _, id := range u.At("messages").Vector().Items {
					r.drop(fmt.Sprint("message/", marked(peer{channelPeer, u.At("channel_id").AsLong()}), "/", id.AsInt()))
				}
			},
			"updateChannelAvailableMessages": func(r *replica, u *tl.Object) {
				for id := range u.At("available_min_id").AsInt() + 1 {
					r.drop(fmt.Sprint("message/", marked(peer{channelPeer, u.At("channel_id").AsLong()}), "/", id))
				}
			},
			"updatePinnedMessages": again("messages"), "updatePinnedChannelMessages": again("messages"),
			"updateReadMessagesContents": again("messages"), "updateChannelReadMessagesContents": again("messages"),
			"updateMessageReactions": again("msg_id"), "updateMessagePoll": again("msg_id"),
		},
	}
}

// readFacet is what of a conversation was read: read/PEER, and how much was not.
func readFacet() facet {
	change := func(peerOf func(u *tl.Object) peer, place int) func(r *replica, u *tl.Object) {
		return func(r *replica, u *tl.Object) {
			key := "read/" + marked(peerOf(u))
			var ids [2]int32
			fmt.Sscanf(r.state[key], "%d %d", &ids[0], &ids[1])
			ids[place] = max(ids[place], u.At("max_id").AsInt())
			r.set(key, fmt.Sprint(ids[0], ids[1]))
		}
	}
	private := func(u *tl.Object) peer { return peerOf(u.At("peer")) }
	channel := func(u *tl.Object) peer { return peer{channelPeer, u.At("channel_id").AsLong()} }
	return facet{name: "read",
		load: func(m *mate, put func(key, value string)) {
			eachDialog(m, func(d *tl.Object) {
				put(marked(peerOf(d.At("peer"))), fmt.Sprint(readCanon(d), " unread ", d.At("unread_count").AsInt()))
			})
		},
		hear: map[string]func(*replica, *tl.Object){
			"updateReadHistoryInbox": change(private, 0), "updateReadHistoryOutbox": change(private, 1),
			"updateReadChannelInbox": change(channel, 0), "updateReadChannelOutbox": change(channel, 1),
		},
	}
}

// chatFacet is how groups and channels look, as answers and updates show them.
func chatFacet() facet {
	return facet{name: "chat", more: true, load: func(m *mate, put func(key, value string)) {
		eachDialogPage(m, func(o *tl.Object) {
			for _, v := range o.At("chats").Vector().Items {
				// Nobody is told what becomes of a room that they have left.
				if v.Object().Def().Index("left") >= 0 && !v.Object().At("left").AsBool() {
					put(marked(peerOfChat(v)), chatCanon(v))
				}
			}
		})
	}}
}

// userFacet is how people look.
func userFacet() facet {
	return facet{name: "user", more: true, load: func(m *mate, put func(key, value string)) {
		eachDialogPage(m, func(o *tl.Object) {
			for _, v := range o.At("users").Vector().Items {
				put(marked(peer{userPeer, v.Object().At("id").AsLong()}), userCanon(v))
			}
		})
	}}
}

// draftFacet is drafts: draft/PEER, or draft/PEER/TOPIC.
func draftFacet() facet {
	key := func(u *tl.Object) string {
		if id := u.At("top_msg_id"); !id.IsNone() {
			return fmt.Sprint(marked(peerOf(u.At("peer"))), "/", id.AsInt())
		}
		return marked(peerOf(u.At("peer")))
	}
	return facet{name: "draft",
		load: func(m *mate, put func(key, value string)) {
			for _, u := range m.must("messages.getAllDrafts").Object().At("updates").Vector().Items {
				put(key(u.Object()), show(u.Object().At("draft")))
			}
		},
		hear: map[string]func(*replica, *tl.Object){"updateDraftMessage": func(r *replica, u *tl.Object) {
			if u.At("draft").Object().Is("draftMessageEmpty") {
				r.drop("draft/" + key(u))
				return
			}
			r.set("draft/"+key(u), show(u.At("draft")))
		}},
	}
}

// topFacet is the dialogs on top of their folders: ontop/FOLDER.
func topFacet() facet {
	again := func(r *replica, u *tl.Object) { r.forget("ontop/") }
	return facet{name: "ontop",
		load: func(m *mate, put func(key, value string)) {
			for folder := range 2 {
				list := ""
				for _, d := range m.must(fmt.Sprintf("messages.getPinnedDialogs folder_id=%d", folder)).Object().At("dialogs").Vector().Items {
					list += marked(peerOf(d.Object().At("peer"))) + " "
				}
				put(fmt.Sprint(folder), list)
			}
		},
		hear: map[string]func(*replica, *tl.Object){"updateDialogPinned": again, "updatePinnedDialogs": again, "updateFolderPeers": again},
	}
}

// filterFacet is folders in the sense of the apps: filters/.
func filterFacet() facet {
	again := func(r *replica, u *tl.Object) { r.forget("filters/all") }
	return facet{name: "filters",
		load: func(m *mate, put func(key, value string)) { put("all", show(m.must("messages.getDialogFilters"))) },
		hear: map[string]func(*replica, *tl.Object){"updateDialogFilter": again, "updateDialogFilters": again, "updateDialogFilterOrder": again},
	}
}

// markFacet is dialogs that are marked as unread: marked/PEER.
func markFacet() facet {
	return facet{name: "marked",
		load: func(m *mate, put func(key, value string)) {
			for _, d := range m.must("messages.getDialogUnreadMarks").Vector().Items {
				put(marked(peerOf(d.Object().At("peer"))), "yes")
			}
		},
		hear: map[string]func(*replica, *tl.Object){"updateDialogUnreadMark": func(r *replica, u *tl.Object) {
			key := "marked/" + marked(peerOf(u.At("peer").Object().At("peer")))
			if r.drop(key); u.At("unread").AsBool() {
				r.set(key, "yes")
			}
		}},
	}
}
