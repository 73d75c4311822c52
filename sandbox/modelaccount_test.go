package sandbox

import (
	"fmt"
	"strings"

	"tlsh/tl"
)

// modelWorld is the village with a bot of Alice's in two of its rooms, and
// pictures to be shown.
var modelWorld = village + `
user(id=1060 first_name=Gull username="gull_bot" bot=true bot_info_version=1)
botowner @gull_bot @alice
channel(id=3010 title="Bird watchers" megagroup=true username="bird_watchers" photo=chatPhotoEmpty date=2025-11-20T19:00)
members "Bird watchers" [@alice @sam @bob @gull_bot]
chat(id=2010 title="Nest" photo=chatPhotoEmpty participants_count=3 date=2026-01-11T10:00 version=1)
members "Nest" [@alice @sam @gull_bot]
message(id=901 from_id=@sam peer_id=@gull_bot date=2026-03-01T10:00 message="/start")
message(id=902 from_id=@alice peer_id="Bird watchers" date=2026-03-01T10:00 message="A gull!")
message(id=903 from_id=@alice peer_id="Nest" date=2026-03-01T10:00 message="Three eggs")
picture 71 2026-03-05T19:54 paint 17 160 160
picture 72 2026-03-05T19:55 paint 18 200 320
`

// picture names one of the world's own as the actor may.
func (a *actor) picture() string {
	id := int64(71 + a.model.rng.IntN(2))
	return fmt.Sprintf("inputPhoto(id=%d access_hash=%d file_reference=hex:%x)", id, accessHash(fileSeed(id), a.who), reference(id, a.who, int32(a.s.cfg.Now().Unix())))
}

// seldom makes an operation one of n that is tried.
func seldom(n int, line func(a *actor) string) func(a *actor) string {
	return func(a *actor) string {
		if a.model.rng.IntN(n) > 0 {
			return ""
		}
		return line(a)
	}
}

// accountOperations is what people do with what is theirs.
func accountOperations() []operation {
	folder := func(a *actor) int { return 2 + a.model.rng.IntN(3) }
	return []operation{
		{"mute", func(a *actor) string {
			return fmt.Sprintf("account.updateNotifySettings inputNotifyPeer(peer=%s) inputPeerNotifySettings(silent=%v mute_until=%d)", marked(a.peer()), a.coin(), a.model.rng.IntN(2)*(1<<31-1))
		}},
		{"unmute", func(a *actor) string {
			return fmt.Sprintf("account.updateNotifySettings inputNotifyPeer(peer=%s) inputPeerNotifySettings", marked(a.peer()))
		}},
		{"account days", func(a *actor) string {
			return fmt.Sprintf("account.setAccountTTL accountDaysTTL(%d)", 30+a.model.rng.IntN(300))
		}},
		{"birthday", func(a *actor) string {
			return fmt.Sprintf("account.updateBirthday birthday=birthday(%d %d)", 1+a.model.rng.IntN(28), 1+a.model.rng.IntN(12))
		}},
		{"online", func(a *actor) string { return fmt.Sprintf("account.updateStatus offline=%v", a.coin()) }},
		{"sensitive", func(a *actor) string { return fmt.Sprintf("account.setContentSettings sensitive_enabled=%v", a.coin()) }},
		{"folder", func(a *actor) string {
			n := folder(a)
			return fmt.Sprintf("messages.updateDialogFilter id=%d filter=dialogFilter(id=%d title=textWithEntities(%s []) pinned_peers=[] include_peers=[%s %s] exclude_peers=[])", n, n, a.text(), marked(a.peer()), marked(a.peer()))
		}},
		{"no folder", func(a *actor) string { return fmt.Sprintf("messages.updateDialogFilter id=%d", folder(a)) }},
		{"order of folders", func(a *actor) string { return fmt.Sprintf("messages.updateDialogFiltersOrder [%d 0]", folder(a)) }},
		{"share a folder", func(a *actor) string {
			for _, f := range a.who.filters {
				if filterID(f) == 0 {
					continue
				}
				if p := pick(a.model, namedIn(f)); p.kind == channelPeer {
					return fmt.Sprintf("chatlists.exportChatlistInvite chatlist=inputChatlistDialogFilter(%d) title=%s peers=[%s]", filterID(f), a.text(), marked(p))
				}
			}
			return ""
		}},
		{"open a shared folder", func(a *actor) string {
			l := pick(a.model, a.s.world.chatlists)
			if l == nil {
				return ""
			}
			return fmt.Sprintf("chatlists.joinChatlistInvite slug=%q peers=[%s]", l.slug, marked(pick(a.model, l.peers)))
		}},
		{"leave a shared folder", func(a *actor) string {
			for _, f := range a.who.filters {
				if f.Is("dialogFilterChatlist") {
					return fmt.Sprintf("chatlists.leaveChatlist chatlist=inputChatlistDialogFilter(%d) peers=[]", filterID(f))
				}
			}
			return ""
		}},
		{"portrait", seldom(2, func(a *actor) string { return "photos.updateProfilePhoto " + a.picture() })},
		{"older portrait", func(a *actor) string { return "photos.updateProfilePhoto inputPhotoEmpty" }},
		{"photo of a room", seldom(2, func(a *actor) string {
			r := a.room(inChannel)
			if r == nil {
				return ""
			}
			return fmt.Sprintf("channels.editPhoto channel=%s photo=inputChatPhoto(id=%s)", marked(r.peer), a.picture())
		})},
		{"send a photo", func(a *actor) string {
			return fmt.Sprintf("messages.sendMedia peer=%s media=inputMediaPhoto(id=%s) message=%s", marked(a.peer()), a.picture(), a.text())
		}},
	}
}

// botOperations is what people do with a bot; "a bot …" is what it does itself.
func botOperations() []operation {
	const bot = "@gull_bot"
	owner := func(format string) func(a *actor) string {
		return func(a *actor) string {
			if a.who.id != 1002 {
				return ""
			}
			return fmt.Sprintf(format, bot, a.text())
		}
	}
	return []operation{
		{"command", func(a *actor) string {
			r := a.room(func(r *room) bool { return !r.broadcast() && r.member(a.s.world.byID[1060]) != nil })
			if r == nil {
				return ""
			}
			return fmt.Sprintf("messages.sendMessage peer=%s message=%q", marked(r.peer), pick(a.model, []string{"/gulls", "/gulls@gull_bot", "@gull_bot look", "no bot's business"}))
		}},
		{"start a bot", func(a *actor) string {
			return fmt.Sprintf(`messages.startBot bot=%s peer=%s start_param=x`, bot, bot)
		}},
		{"name a bot", owner(`bots.setBotInfo bot=%s lang_code="" name=%s`)},
		{"describe a bot", owner(`bots.setBotInfo bot=%s lang_code="" about=%s`)},
		{"a bot speaks", func(a *actor) string {
			r := a.room(anyRoom)
			if r == nil {
				return ""
			}
			return fmt.Sprintf("messages.sendMessage peer=%s message=%s", marked(r.peer), a.text())
		}},
		{"a bot answers", func(a *actor) string {
			return fmt.Sprintf("messages.sendMessage peer=%s message=%s", marked(a.person()), a.text())
		}},
		{"a bot edits", func(a *actor) string {
			with := a.peer()
			if id := a.message(with, a.own); id != 0 {
				return fmt.Sprintf("messages.editMessage peer=%s id=%d message=%s", marked(with), id, a.text())
			}
			return ""
		}},
		{"a bot's commands", func(a *actor) string {
			return fmt.Sprintf("bots.setBotCommands scope=botCommandScopeDefault lang_code=\"\" commands=[botCommand(command=gulls description=%s)]", a.text())
		}},
	}
}

// notifyFacet is what a person hears of whom: notify/PEER, of those whose dialogs
// they have.
func notifyFacet() facet {
	return facet{name: "notify", more: true,
		load: func(m *mate, put func(key, value string)) {
			eachDialog(m, func(d *tl.Object) {
				if s := show(d.At("notify_settings")); s != "peerNotifySettings()" {
					put(marked(peerOf(d.At("peer"))), s)
				}
			})
		},
		hear: map[string]func(*replica, *tl.Object){"updateNotifySettings": func(r *replica, u *tl.Object) {
			if of := u.At("peer").Object(); of.Is("notifyPeer") {
				key := "notify/" + marked(peerOf(of.At("peer")))
				if r.drop(key); show(u.At("notify_settings")) != "peerNotifySettings()" {
					r.set(key, show(u.At("notify_settings")))
				}
			}
		}},
	}
}

// storyOperations is what people do with stories.
func storyOperations() []operation {
	onStory := func(line func(of peer, id int32) string, mine bool) func(a *actor) string {
		return func(a *actor) string {
			of := pick(a.model, a.s.world.storytellers())
			if mine {
				of = a.who.peer
			}
			a.s.world.now = int32(a.s.cfg.Now().Unix())
			b := a.s.world.board(of)
			s := pick(a.model, b.list)
			if s == nil || of.kind == channelPeer && a.s.world.room[of].member(a.who) == nil {
				return ""
			}
			return line(of, s.id)
		}
	}
	return []operation{
		{"story", func(a *actor) string {
			return fmt.Sprintf("stories.sendStory peer=me media=inputMediaPhoto(id=%s) caption=%s privacy_rules=[%s]", a.picture(), a.text(),
				pick(a.model, []string{"inputPrivacyValueAllowAll", "inputPrivacyValueAllowContacts"}))
		}},
		{"story of a channel", func(a *actor) string {
			r := a.room(func(r *room) bool { return inChannel(r) && r.member(a.who).creator })
			if r == nil {
				return ""
			}
			return fmt.Sprintf("stories.sendStory peer=%s media=inputMediaPhoto(id=%s) caption=%s privacy_rules=[]", marked(r.peer), a.picture(), a.text())
		}},
		{"edit a story", func(a *actor) string {
			text := a.text()
			return onStory(func(_ peer, id int32) string {
				return fmt.Sprintf("stories.editStory peer=me id=%d caption=%s entities=[]", id, text)
			}, true)(a)
		}},
		{"pin a story", func(a *actor) string {
			on := a.coin()
			return onStory(func(_ peer, id int32) string {
				return fmt.Sprintf("stories.togglePinned peer=me id=[%d] pinned=%v", id, on)
			}, true)(a)
		}},
		{"delete a story", onStory(func(_ peer, id int32) string { return fmt.Sprintf("stories.deleteStories peer=me id=[%d]", id) }, true)},
		{"album of stories", func(a *actor) string { return `stories.createAlbum peer=me title=A stories=[]` }},
		{"see a story", onStory(func(of peer, id int32) string {
			return fmt.Sprintf("stories.readStories peer=%s max_id=%d", marked(of), id)
		}, false)},
		{"like a story", onStory(func(of peer, id int32) string {
			return fmt.Sprintf(`stories.sendReaction peer=%s story_id=%d reaction=reactionEmoji("👍")`, marked(of), id)
		}, false)},
		{"answer a story", onStory(func(of peer, id int32) string {
			return fmt.Sprintf(`messages.sendMessage peer=%s message=hm reply_to=inputReplyToStory(peer=%s story_id=%d)`, marked(of), marked(of), id)
		}, false)},
		{"hide stories", func(a *actor) string {
			return fmt.Sprintf("stories.togglePeerStoriesHidden peer=%s hidden=%v", marked(a.person()), a.coin())
		}},
	}
}

// storyFacet is stories that are not over, one's own and those of the channels
// one is in: story/PEER/ID. Whose else one sees hangs on contacts and blocklists,
// of which there are no updates.
func storyFacet() facet {
	ours := func(m *mate, of peer) bool { return of == m.who.peer || of.kind == channelPeer }
	value := func(s *tl.Object) string { return canon(s.Value(), "views", "sent_reaction", "albums") }
	return facet{name: "story",
		load: func(m *mate, put func(key, value string)) {
			for _, hidden := range []string{"", " hidden=true"} {
				for _, v := range m.must("stories.getAllStories" + hidden).Object().At("peer_stories").Vector().Items {
					of := peerOf(v.Object().At("peer"))
					for _, s := range v.Object().At("stories").Vector().Items {
						if ours(m, of) {
							put(fmt.Sprint(marked(of), "/", s.Object().At("id").AsInt()), value(s.Object()))
						}
					}
				}
			}
		},
		hear: map[string]func(*replica, *tl.Object){"updateStory": func(r *replica, u *tl.Object) {
			of, s := peerOf(u.At("peer")), u.At("story").Object()
			if !ours(r.mate, of) {
				return
			}
			key := fmt.Sprint("story/", marked(of), "/", s.At("id").AsInt())
			if r.drop(key); s.Is("storyItem") && s.At("expire_date").AsInt() > int32(r.s.cfg.Now().Unix()) {
				r.set(key, value(s))
				r.expires[key] = s.At("expire_date").AsInt()
			}
		}},
	}
}

// isBots reports an operation that a bot does.
func (o operation) isBots() bool { return strings.HasPrefix(o.name, "a bot") }
