package sandbox

import (
	"time"

	"tlsh/tl"
)

// roomsArea is groups and channels.
func roomsArea() area {
	return area{methods: map[string]method{
		"channels.deleteMessages": {handle: channelsDeleteMessages,
			errors: "MESSAGE_DELETE_FORBIDDEN"},
		"channels.getChannels":    {handle: channelsGetChannels},
		"channels.getFullChannel": {handle: channelsGetFullChannel},
		"channels.getMessages": {handle: channelsGetMessages,
			errors: "MESSAGE_IDS_EMPTY MESSAGE_ID_INVALID"},
		"channels.readHistory": {handle: channelsReadHistory},
	}, words: roomWords(), save: (*saver).roomState}
}

// channelsGetChannels follows
// https://core.telegram.org/method/channels.getChannels.
func channelsGetChannels(c *call) (tl.Value, error) {
	var chats []tl.Value
	for _, v := range c.req.At("id").Vector().Items {
		r, err := c.channel(v)
		if err != nil {
			return tl.Value{}, err
		}
		chats = append(chats, c.chat(r))
	}
	return c.new("messages.chats").With("chats", c.vector("Chat", chats)).Value(), nil
}

// messagesGetChats follows https://core.telegram.org/method/messages.getChats:
// basic groups only.
func messagesGetChats(c *call) (tl.Value, error) {
	var chats []tl.Value
	for _, id := range c.req.At("id").Vector().Items {
		r := c.room[peer{chatPeer, id.AsLong()}]
		if r == nil || r.member(c.me) == nil {
			return tl.Value{}, bad("CHAT_ID_INVALID")
		}
		chats = append(chats, c.chat(r))
	}
	return c.new("messages.chats").With("chats", c.vector("Chat", chats)).Value(), nil
}

// channelsGetFullChannel follows
// https://core.telegram.org/method/channels.getFullChannel.
func channelsGetFullChannel(c *call) (tl.Value, error) {
	r, err := c.channel(c.req.At("channel"))
	if err != nil {
		return tl.Value{}, err
	}
	d := c.me.dialogs[r.peer]
	if d == nil || r.member(c.me) == nil {
		d = &dialog{with: r.peer, list: new(history)}
	}
	full := c.new("channelFull").With("id", tl.Long(r.id)).With("about", tl.String(r.about)).
		With("participants_count", tl.Int(int32(len(r.members)))).
		With("read_inbox_max_id", tl.Int(d.readIn)).With("read_outbox_max_id", tl.Int(d.readOut)).
		With("unread_count", tl.Int(d.unread(c.me))).With("chat_photo", c.new("photoEmpty").With("id", tl.Long(0)).Value()).
		With("notify_settings", c.new("peerNotifySettings").Value()).With("bot_info", c.vector("BotInfo", nil)).
		With("pts", tl.Int(r.box.pts))
	if m := r.member(c.me); m.may("change_info") || m != nil && !r.broadcast() {
		full.With("can_view_participants", tl.Bool(true))
	}
	if r.slow > 0 {
		full.With("slowmode_seconds", tl.Int(int32(r.slow/time.Second)))
		if left := c.slowed(r); left > 0 {
			full.With("slowmode_next_send_date", tl.Int(c.now+int32(seconds(left))))
		}
	}
	if m := r.member(c.me); m != nil && (m.creator || m.rights != nil) {
		full.With("admins_count", tl.Int(r.admins()))
	}
	return c.complete(c.new("messages.chatFull").With("full_chat", full.Value()), r.peer).Value(), nil
}

func (r *room) admins() (n int32) {
	for _, m := range r.members {
		if m.creator || m.rights != nil {
			n++
		}
	}
	return n
}

// messagesGetFullChat follows
// https://core.telegram.org/method/messages.getFullChat.
func messagesGetFullChat(c *call) (tl.Value, error) {
	r := c.room[peer{chatPeer, c.req.At("chat_id").AsLong()}]
	if r == nil || r.member(c.me) == nil {
		return tl.Value{}, bad("CHAT_ID_INVALID")
	}
	full := c.new("chatFull").With("id", tl.Long(r.id)).With("about", tl.String(r.about)).
		With("participants", c.chatParticipants(r)).With("notify_settings", c.new("peerNotifySettings").Value())
	return c.complete(c.new("messages.chatFull").With("full_chat", full.Value()), r.peer).Value(), nil
}
