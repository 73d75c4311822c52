package oracle

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/tg"
)

// sample is a request or a result as it comes in practice, in gotd's structs.
type sample struct {
	name  string
	typ   string // the TL type of the value
	value bin.Encoder
	empty func() bin.Object // to decode into
}

// samples are what the speed is measured on. The same every time.
func samples() []sample {
	w := &world{rand.New(rand.NewPCG(2, 28))}
	longs := make([]int64, 10000)
	for i := range longs {
		longs[i] = w.long()
	}
	return []sample{
		{"history", "messages.Messages", w.history(100), func() bin.Object { return new(tg.MessagesChannelMessages) }},
		{"updates", "Updates", w.updates(), func() bin.Object { return new(tg.Updates) }},
		{"userFull", "users.UserFull", w.userFull(), func() bin.Object { return new(tg.UsersUserFull) }},
		{"config", "Config", w.config(), func() bin.Object { return new(tg.Config) }},
		{"sendMessage", "Object", w.sendMessage(), func() bin.Object { return new(tg.MessagesSendMessageRequest) }},
		{"longs", "Vector<long>", &tg.LongVector{Elems: longs}, func() bin.Object { return new(tg.LongVector) }},
	}
}

type world struct{ *rand.Rand }

const day = 1767225600 // 2026-01-01

func (w *world) long() int64    { return w.Int64() }
func (w *world) date() int      { return day + w.IntN(86400*100) }
func (w *world) user() int64    { return 100000000 + int64(w.IntN(30))*7919 }
func (w *world) one(n int) bool { return w.IntN(n) == 0 }

func (w *world) bytes(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(w.Uint32())
	}
	return b
}

var lexicon = strings.Fields("the a we release schema tomorrow and codec reads every layer please look at it again thanks да привет как дела 你好 🙂 👍 question answer server client works here maybe not yet https://example.org/page?id=17 fixed in build 4127")

func (w *world) words(n int) string {
	out := make([]string, n)
	for i := range out {
		out[i] = lexicon[w.IntN(len(lexicon))]
	}
	return strings.Join(out, " ")
}

func (w *world) photo() tg.PhotoClass {
	return &tg.Photo{
		ID: w.long(), AccessHash: w.long(), FileReference: w.bytes(29), Date: w.date(), DCID: 2,
		Sizes: []tg.PhotoSizeClass{
			&tg.PhotoStrippedSize{Type: "i", Bytes: w.bytes(120)},
			&tg.PhotoSize{Type: "m", W: 320, H: 213, Size: 21345},
			&tg.PhotoSize{Type: "x", W: 800, H: 533, Size: 91234},
			&tg.PhotoSizeProgressive{Type: "y", W: 1280, H: 853, Sizes: []int{14000, 39000, 61000, 90000, 170000}},
		},
	}
}

func (w *world) document() tg.DocumentClass {
	return &tg.Document{
		ID: w.long(), AccessHash: w.long(), FileReference: w.bytes(29), Date: w.date(), MimeType: "video/mp4", Size: 18234567, DCID: 4,
		Thumbs: []tg.PhotoSizeClass{&tg.PhotoStrippedSize{Type: "i", Bytes: w.bytes(90)}, &tg.PhotoSize{Type: "m", W: 320, H: 180, Size: 9123}},
		Attributes: []tg.DocumentAttributeClass{
			&tg.DocumentAttributeVideo{SupportsStreaming: true, Duration: 37.25, W: 1280, H: 720},
			&tg.DocumentAttributeFilename{FileName: "recording.mp4"},
		},
	}
}

func (w *world) message(id int) *tg.Message {
	m := &tg.Message{
		ID: id, FromID: &tg.PeerUser{UserID: w.user()}, PeerID: &tg.PeerChannel{ChannelID: 1200345678},
		Date: w.date(), Message: w.words(3 + w.IntN(30)), Out: w.one(6), Silent: w.one(10),
	}
	if w.one(3) {
		m.ReplyTo = &tg.MessageReplyHeader{ReplyToMsgID: id - 1 - w.IntN(30)}
	}
	if w.one(3) {
		m.Entities = []tg.MessageEntityClass{
			&tg.MessageEntityBold{Offset: 0, Length: 3}, &tg.MessageEntityURL{Offset: 5, Length: 12},
			&tg.MessageEntityTextURL{Offset: 20, Length: 4, URL: "https://example.org/" + fmt.Sprint(id)},
		}
	}
	switch w.IntN(8) {
	case 0, 1:
		m.Media = &tg.MessageMediaPhoto{Photo: w.photo()}
	case 2:
		m.Media = &tg.MessageMediaDocument{Video: true, Document: w.document()}
	case 3:
		m.Media = &tg.MessageMediaWebPage{Webpage: &tg.WebPage{
			ID: w.long(), URL: "https://example.org/article", DisplayURL: "example.org/article", Type: "article",
			SiteName: "Example", Title: w.words(5), Description: w.words(20), Photo: w.photo(),
		}}
	}
	if w.one(2) {
		m.Reactions = tg.MessageReactions{CanSeeList: true, Results: []tg.ReactionCount{
			{Reaction: &tg.ReactionEmoji{Emoticon: "👍"}, Count: 1 + w.IntN(40)},
			{Reaction: &tg.ReactionEmoji{Emoticon: "❤"}, Count: 1 + w.IntN(9), ChosenOrder: 1},
		}, RecentReactions: []tg.MessagePeerReaction{
			{PeerID: &tg.PeerUser{UserID: w.user()}, Date: w.date(), Reaction: &tg.ReactionEmoji{Emoticon: "👍"}},
		}}
	}
	if w.one(5) {
		m.EditDate = w.date()
	}
	if w.one(4) {
		m.FwdFrom = tg.MessageFwdHeader{FromID: &tg.PeerChannel{ChannelID: 1300000001}, Date: w.date(), ChannelPost: w.IntN(9999)}
		m.Views, m.Forwards = w.IntN(100000), w.IntN(1000)
	}
	return m
}

func (w *world) person(i int) *tg.User {
	u := &tg.User{
		ID: 100000000 + int64(i)*7919, AccessHash: w.long(), FirstName: w.words(1), Username: fmt.Sprintf("user%d", i),
		Photo:  &tg.UserProfilePhoto{PhotoID: w.long(), StrippedThumb: w.bytes(110), DCID: 2},
		Status: &tg.UserStatusOffline{WasOnline: w.date()}, Premium: w.one(4), StoriesUnavailable: true,
	}
	if w.one(2) {
		u.LastName = w.words(1)
		u.Color = &tg.PeerColor{Color: w.IntN(7)}
	}
	if w.one(3) {
		u.Status = &tg.UserStatusRecently{}
	}
	return u
}

func (w *world) people(n int) []tg.UserClass {
	us := make([]tg.UserClass, n)
	for i := range us {
		us[i] = w.person(i)
	}
	return us
}

func (w *world) chats() []tg.ChatClass {
	var cs []tg.ChatClass
	for i := range 4 {
		c := &tg.Channel{
			Megagroup: i == 0, Broadcast: i > 0, ID: 1200345678 + int64(i), AccessHash: w.long(), Title: w.words(3),
			Photo: &tg.ChatPhoto{PhotoID: w.long(), StrippedThumb: w.bytes(100), DCID: 4}, Date: w.date(),
			ParticipantsCount: w.IntN(100000), Username: fmt.Sprintf("channel%d", i),
			DefaultBannedRights: tg.ChatBannedRights{SendGifs: true, UntilDate: 1<<31 - 1},
		}
		cs = append(cs, c)
	}
	return cs
}

func (w *world) history(n int) *tg.MessagesChannelMessages {
	h := &tg.MessagesChannelMessages{Pts: 48123, Count: 20312, Users: w.people(30), Chats: w.chats()}
	for i := range n {
		h.Messages = append(h.Messages, w.message(20312-i))
	}
	return h
}

func (w *world) updates() *tg.Updates {
	return &tg.Updates{
		Updates: []tg.UpdateClass{
			&tg.UpdateNewChannelMessage{Message: w.message(20313), Pts: 48124, PtsCount: 1},
			&tg.UpdateReadChannelInbox{ChannelID: 1200345678, MaxID: 20313, StillUnreadCount: 2, Pts: 48124},
			&tg.UpdateUserStatus{UserID: w.user(), Status: &tg.UserStatusOnline{Expires: w.date()}},
		},
		Users: w.people(2), Chats: w.chats()[:1], Date: w.date(),
	}
}

func (w *world) userFull() *tg.UsersUserFull {
	return &tg.UsersUserFull{
		FullUser: tg.UserFull{
			PhoneCallsAvailable: true, CanPinMessage: true, VideoCallsAvailable: true,
			ID: 100000000, About: w.words(10), Settings: tg.PeerSettings{AddContact: true, BlockContact: true},
			ProfilePhoto: w.photo(), CommonChatsCount: 3, PinnedMsgID: 17,
			NotifySettings: tg.PeerNotifySettings{MuteUntil: 1<<31 - 1, IosSound: &tg.NotificationSoundDefault{}, AndroidSound: &tg.NotificationSoundDefault{}, OtherSound: &tg.NotificationSoundDefault{}},
			Birthday:       tg.Birthday{Day: 3, Month: 5, Year: 1990}, StargiftsCount: 4,
			BotInfo: tg.BotInfo{UserID: 100000000, Description: w.words(12), Commands: []tg.BotCommand{{Command: "start", Description: w.words(3)}, {Command: "help", Description: w.words(4)}}, MenuButton: &tg.BotMenuButtonCommands{}},
		},
		Users: w.people(1),
	}
}

func (w *world) config() *tg.Config {
	c := &tg.Config{
		DefaultP2PContacts: true, RevokePmInbox: true, Date: w.date(), Expires: w.date(), ThisDC: 2,
		DCTxtDomainName: "apv3.stel.com", ChatSizeMax: 200, MegagroupSizeMax: 200000, ForwardedCountMax: 100,
		OnlineUpdatePeriodMs: 210000, OfflineBlurTimeoutMs: 5000, OfflineIdleTimeoutMs: 30000, OnlineCloudTimeoutMs: 300000,
		NotifyCloudDelayMs: 30000, NotifyDefaultDelayMs: 1500, PushChatPeriodMs: 60000, PushChatLimit: 2,
		EditTimeLimit: 172800, RevokeTimeLimit: 1<<31 - 1, RevokePmTimeLimit: 1<<31 - 1, RatingEDecay: 2419200,
		StickersRecentLimit: 200, CallReceiveTimeoutMs: 20000, CallRingTimeoutMs: 90000, CallConnectTimeoutMs: 30000, CallPacketTimeoutMs: 10000,
		MeURLPrefix: "https://t.me/", GifSearchUsername: "gif", VenueSearchUsername: "foursquare", ImgSearchUsername: "bing",
		CaptionLengthMax: 1024, MessageLengthMax: 4096, WebfileDCID: 4, ReactionsDefault: &tg.ReactionEmoji{Emoticon: "❤"},
	}
	for i := range 18 {
		c.DCOptions = append(c.DCOptions, tg.DCOption{ID: 1 + i%5, IPAddress: fmt.Sprintf("192.0.2.%d", 10+i), Port: 443, Static: i%3 == 0, MediaOnly: i%5 == 4})
	}
	return c
}

func (w *world) sendMessage() *tg.MessagesSendMessageRequest {
	return &tg.MessagesSendMessageRequest{
		Peer: &tg.InputPeerUser{UserID: w.user(), AccessHash: w.long()}, Message: w.words(8), RandomID: w.long(),
		Entities: []tg.MessageEntityClass{&tg.MessageEntityBold{Offset: 0, Length: 5}},
		ReplyTo:  &tg.InputReplyToMessage{ReplyToMsgID: 1234},
	}
}
