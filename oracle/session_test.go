package oracle

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gotd/td/telegram/auth"
	"github.com/gotd/td/telegram/downloader"
	"github.com/gotd/td/telegram/message"
	"github.com/gotd/td/telegram/message/styling"
	"github.com/gotd/td/telegram/message/unpack"
	"github.com/gotd/td/telegram/query"
	"github.com/gotd/td/telegram/query/messages"
	"github.com/gotd/td/telegram/uploader"
	"github.com/gotd/td/tg"

	"tlsh/sandbox"
)

// partner is a person who talks by gotd's own packages: its sign-in, sender,
// uploader, downloader, queries and manager of updates.
type partner struct {
	*listener
	sender *message.Sender
}

// partner signs a person in by gotd's own flow, and listens.
func (w *lab) partner(t *testing.T, f framing, phone string) *partner {
	t.Helper()
	p := &partner{listener: w.listenBy(t, f, func(c *gotdClient) *tg.User {
		asked := 0
		flow := auth.NewFlow(auth.Constant(phone, "", auth.CodeAuthenticatorFunc(func(_ context.Context, sent *tg.AuthSentCode) (string, error) {
			asked++
			if kind, ok := sent.Type.(*tg.AuthSentCodeTypeApp); !ok || kind.Length != 5 {
				t.Errorf("auth.sendCode: a code by %v", sent.Type)
			}
			return "22222", nil
		})), auth.SendCodeOptions{})
		if err := c.core.Auth().IfNecessary(c.ctx, flow); err != nil || asked != 1 {
			t.Fatalf("gotd's sign-in, which asked %d times: %v", asked, err)
		}
		self, err := c.core.Self(c.ctx)
		if err != nil {
			t.Fatal(err)
		}
		return self
	})}
	p.sender = message.NewSender(p.Client).WithUploader(uploader.NewUploader(p.Client).WithThreads(3).WithPartSize(64 << 10))
	return p
}

// TestGotdSession is a long session of two people who use everything that gotd
// has: each change reaches the other, in order, and neither client finds
// anything to complain about.
func TestGotdSession(t *testing.T) {
	w := serve(t, newKey(t), sandbox.Config{})
	sam, alice := w.partner(t, framings()[0], "9996621001"), w.partner(t, framings()[6], "9996621002")
	s := &talk{T: t, sam: sam, alice: alice, toAlice: sam.resolve(t, "alice"), toSam: alice.resolve(t, "sam")}
	for _, part := range []struct {
		name string
		do   func(*talk)
	}{
		{"texts", (*talk).texts}, {"media", (*talk).media}, {"files", (*talk).files}, {"album", (*talk).album},
		{"poll", (*talk).poll}, {"forwards", (*talk).forwards}, {"later", (*talk).later},
		{"channel", (*talk).channel}, {"lists", (*talk).lists}, {"burst", (*talk).burst},
	} {
		part.do(s)
		if t.Failed() {
			t.Fatalf("after %s:\n%s", part.name, alice.journal)
		}
	}
	sam.journal.saw(t, "Accepted")
	alice.journal.saw(t, "Accepted")
}

// talk is what TestGotdSession has at hand.
type talk struct {
	*testing.T
	sam, alice     *partner
	toAlice, toSam *tg.InputPeerUser
}

// must is the message that an answer brings.
func (s *talk) must(u tg.UpdatesClass, err error) *tg.Message {
	s.Helper()
	m, err := unpack.Message(u, err)
	if err != nil {
		s.Fatal(err)
	}
	return m
}

// sent is the id in the answer to a message sent.
func (s *talk) sent(u tg.UpdatesClass, err error) int {
	s.Helper()
	id, err := unpack.MessageID(u, err)
	if err != nil {
		s.Fatal(err)
	}
	return id
}

// heard skips a partner's updates up to the first of type U, and gives it.
func heard[U tg.UpdateClass](s *talk, p *partner) U {
	s.Helper()
	for {
		if u, ok := p.next(s.T).(U); ok {
			return u
		}
	}
}

// got is the next message that comes in for a partner.
func (s *talk) got(p *partner) *tg.Message {
	s.Helper()
	for {
		switch u := p.next(s.T).(type) {
		case *tg.UpdateNewMessage:
			if m, ok := u.Message.(*tg.Message); ok && !m.Out {
				return m
			}
		case *tg.UpdateNewChannelMessage:
			if m, ok := u.Message.(*tg.Message); ok && !m.Out {
				return m
			}
		}
	}
}

// texts are sent, styled, answered, read, edited, reacted to and deleted.
func (s *talk) texts() {
	ctx := s.sam.ctx
	typing := s.sam.sender.To(s.toAlice).TypingAction()
	if err := typing.Typing(ctx); err != nil {
		s.Fatal(err)
	}
	if u := heard[*tg.UpdateUserTyping](s, s.alice); u.UserID != 1001 {
		s.Errorf("typing: %v", u)
	}
	id := s.sent(s.sam.sender.To(s.toAlice).StyledText(ctx,
		styling.Plain("Meet at the "), styling.Bold("old lighthouse"), styling.Plain(", 🧭 "), styling.Code("54.43 N"), styling.Plain(" "),
		styling.Spoiler("bring cake"), styling.Plain(" "), styling.TextURL("map", "https://example.org/map")))
	m := s.got(s.alice)
	code := func(e tg.MessageEntityClass) bool {
		return e.TypeID() == tg.MessageEntityCodeTypeID && e.GetOffset() == 31 && e.GetLength() == 7
	}
	if m.Message != "Meet at the old lighthouse, 🧭 54.43 N bring cake map" || len(m.Entities) != 4 || !slices.ContainsFunc(m.Entities, code) {
		s.Errorf("alice got %v", m)
	}
	answer := s.sent(s.alice.sender.To(s.toSam).Reply(m.ID).Silent().Text(s.alice.ctx, "Carrot?"))
	back := s.got(s.sam)
	if head, ok := back.ReplyTo.(*tg.MessageReplyHeader); !ok || head.ReplyToMsgID != id || !back.Silent {
		s.Errorf("sam got %v", back)
	}
	if _, err := s.sam.MessagesReadHistory(ctx, &tg.MessagesReadHistoryRequest{Peer: s.toAlice, MaxID: back.ID}); err != nil {
		s.Fatal(err)
	}
	if u := heard[*tg.UpdateReadHistoryOutbox](s, s.alice); u.MaxID != answer {
		s.Errorf("alice knows that %d is read, want %d", u.MaxID, answer)
	}
	if _, err := s.sam.sender.To(s.toAlice).Edit(id).StyledText(ctx, styling.Italic("Meet at the new lighthouse")); err != nil {
		s.Fatal(err)
	}
	if u := heard[*tg.UpdateEditMessage](s, s.alice); u.Message.(*tg.Message).Message != "Meet at the new lighthouse" {
		s.Errorf("alice got %v", u)
	}
	if _, err := s.alice.sender.To(s.toSam).Reaction(s.alice.ctx, m.ID, &tg.ReactionEmoji{Emoticon: "👍"}); err != nil {
		s.Fatal(err)
	}
	if u := heard[*tg.UpdateMessageReactions](s, s.sam); u.MsgID != id || u.Reactions.Results[0].Count != 1 {
		s.Errorf("sam got %v", u)
	}
	if gone, err := s.alice.sender.To(s.toSam).Revoke().Messages(s.alice.ctx, answer); err != nil || gone.PtsCount != 1 {
		s.Errorf("deleting: %v, %v", gone, err)
	}
	if u := heard[*tg.UpdateDeleteMessages](s, s.sam); !slices.Equal(u.Messages, []int{back.ID}) {
		s.Errorf("sam knows of %v deleted, want %d", u.Messages, back.ID)
	}
}

// media are places, contacts, venues and dice.
func (s *talk) media() {
	for _, m := range []message.MediaOption{
		message.GeoPoint(54.43, 10.22, 20), message.Venue(54.43, 10.21, 5, "Chandlery", "Quay 7"), message.Dice(),
		message.Contact(tg.InputMediaContact{PhoneNumber: "9996621009", FirstName: "Ines", LastName: "Castro"}),
	} {
		sent := s.must(s.sam.sender.To(s.toAlice).Media(s.sam.ctx, m))
		if got := s.got(s.alice); got.Media == nil || got.Media.TypeID() != sent.Media.TypeID() {
			s.Errorf("alice got %v for %v", got, sent)
		}
	}
}

// files go up in parts, small and big, and come down as they were.
func (s *talk) files() {
	s.T.Helper()
	pic := picture(900, 600)
	s.sent(s.sam.sender.To(s.toAlice).Upload(message.FromBytes("quay.jpg", pic)).Photo(s.sam.ctx, styling.Plain("The quay")))
	m := s.got(s.alice)
	media, _ := m.Media.(*tg.MessageMediaPhoto)
	if media == nil || m.Message != "The quay" {
		s.Fatalf("alice got %v", m)
	}
	photo := media.Photo.(*tg.Photo)
	last := photo.Sizes[len(photo.Sizes)-1].(*tg.PhotoSize)
	s.comesDown(&tg.InputPhotoFileLocation{ID: photo.ID, AccessHash: photo.AccessHash, FileReference: photo.FileReference, ThumbSize: last.Type}, pic)

	r := rand.New(rand.NewPCG(1, 2))
	for _, size := range []int{3, 300 << 10, 11 << 20} { // the last is big: saveBigFilePart
		data := make([]byte, size)
		for i := range data {
			data[i] = byte(r.Uint32())
		}
		s.sent(s.sam.sender.To(s.toAlice).Upload(message.FromBytes("log.bin", data)).File(s.sam.ctx, styling.Plain(fmt.Sprint(size))))
		m := s.got(s.alice)
		media, _ := m.Media.(*tg.MessageMediaDocument)
		if media == nil {
			s.Fatalf("alice got %v", m)
		}
		doc := media.Document.(*tg.Document)
		if doc.Size != int64(size) {
			s.Errorf("a file of %d bytes has %d", size, doc.Size)
		}
		s.comesDown(&tg.InputDocumentFileLocation{ID: doc.ID, AccessHash: doc.AccessHash, FileReference: doc.FileReference}, data)
	}
}

// comesDown loads a file for Alice one part after the other and in parallel. The
// former is checked by the server's hashes where its length lets gotd ask for it
// in pieces of theirs: a limit is a multiple of a kibibyte
// (https://core.telegram.org/api/files#downloading-files).
func (s *talk) comesDown(at tg.InputFileLocationClass, want []byte) {
	s.Helper()
	var one bytes.Buffer
	if _, err := downloader.NewDownloader().Download(s.alice.Client, at).WithVerify(len(want)%1024 == 0).Stream(s.alice.ctx, &one); err != nil {
		s.Fatal(err)
	}
	var many writerAt
	if _, err := downloader.NewDownloader().Download(s.alice.Client, at).WithThreads(4).Parallel(s.alice.ctx, &many); err != nil {
		s.Fatal(err)
	}
	if !bytes.Equal(one.Bytes(), want) || !bytes.Equal(many.b, want) {
		s.Errorf("of %d bytes there came %d one by one, %d in parallel, or others", len(want), one.Len(), len(many.b))
	}
}

// writerAt is a file in memory.
type writerAt struct {
	mu sync.Mutex
	b  []byte
}

func (w *writerAt) WriteAt(p []byte, at int64) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if n := int(at) + len(p); n > len(w.b) {
		w.b = append(w.b, make([]byte, n-len(w.b))...)
	}
	return copy(w.b[at:], p), nil
}

func picture(w, h int) []byte {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.Set(x, y, color.RGBA{uint8(x), uint8(y), uint8(x * y >> 8), 255})
		}
	}
	var b bytes.Buffer
	_ = jpeg.Encode(&b, img, nil)
	return b.Bytes()
}

// album is photos and a document that belong together.
func (s *talk) album() {
	ctx := s.sam.ctx
	up := uploader.NewUploader(s.sam.Client)
	var parts []message.MultiMediaOption
	for i := range 3 {
		f, err := up.FromBytes(ctx, fmt.Sprintf("p%d.jpg", i), picture(100+i, 80))
		if err != nil {
			s.Fatal(err)
		}
		parts = append(parts, message.UploadedPhoto(f, styling.Plain(fmt.Sprint("photo ", i))))
	}
	if _, err := s.sam.sender.To(s.toAlice).Album(ctx, parts[0], parts[1:]...); err != nil {
		s.Fatal(err)
	}
	group := int64(0)
	for i := range parts {
		m := s.got(s.alice)
		if m.Message != fmt.Sprint("photo ", i) || m.GroupedID == 0 || group != 0 && m.GroupedID != group {
			s.Errorf("alice got %v as part %d of %d", m, i, group)
		}
		group = m.GroupedID
	}
}

// poll is asked, answered and seen.
func (s *talk) poll() {
	s.must(s.sam.sender.To(s.toAlice).Media(s.sam.ctx, message.Poll("Which pier?", message.PollAnswer("One"), message.PollAnswer("Three")).PublicVoters(true)))
	m := s.got(s.alice)
	if _, err := s.alice.sender.To(s.toSam).PollVote(s.alice.ctx, m.ID, []byte("1")); err != nil {
		s.Fatal(err)
	}
	u := heard[*tg.UpdateMessagePoll](s, s.sam)
	if n, _ := u.Results.GetTotalVoters(); n != 1 {
		s.Errorf("sam got %v", u)
	}
	s.must(s.sam.sender.To(s.toAlice).Media(s.sam.ctx, message.Poll("How deep?", message.PollAnswer("2 m"), message.CorrectPollAnswer("4 m"))))
	if quiz, ok := s.got(s.alice).Media.(*tg.MessageMediaPoll); !ok || !quiz.Poll.Quiz {
		s.Errorf("alice got %v", quiz)
	}
}

// forwards go to somebody else and say where they are from.
func (s *talk) forwards() {
	id := s.sent(s.sam.sender.To(s.toAlice).Text(s.sam.ctx, "Pass it on"))
	m := s.got(s.alice)
	bob := s.alice.resolve(s.T, "bob")
	if _, err := s.alice.sender.To(bob).ForwardIDs(s.toSam, m.ID).Send(s.alice.ctx); err != nil {
		s.Fatal(err)
	}
	if _, err := s.sam.sender.Self().ForwardIDs(s.toAlice, id).Send(s.sam.ctx); err != nil {
		s.Fatal(err)
	}
	for _, p := range []struct {
		*partner
		peer tg.InputPeerClass
	}{{s.alice, bob}, {s.sam, &tg.InputPeerSelf{}}} {
		for _, m := range p.latest(s.T, p.peer, 1) {
			if from, ok := m.FwdFrom.FromID.(*tg.PeerUser); !ok || from.UserID != 1001 || m.Message != "Pass it on" {
				s.Errorf("forwarded: %v", m)
			}
		}
	}
	if err := s.sam.sender.To(s.toAlice).SaveStyledDraft(s.sam.ctx, styling.Plain("To be "), styling.Bold("continued")); err != nil {
		s.Fatal(err)
	}
	if err := s.sam.sender.To(s.toAlice).ClearDraft(s.sam.ctx); err != nil {
		s.Fatal(err)
	}
}

// later is what is scheduled, and sent before its time.
func (s *talk) later() {
	at := time.Now().Add(time.Hour)
	if _, err := s.sam.sender.To(s.toAlice).Schedule(at).Text(s.sam.ctx, "Good night"); err != nil {
		s.Fatal(err)
	}
	waiting, err := s.sam.sender.To(s.toAlice).Scheduled().History(s.sam.ctx)
	if err != nil {
		s.Fatal(err)
	}
	list := waiting.GetMessages()
	if len(list) != 1 || list[0].(*tg.Message).Date != int(at.Unix()) {
		s.Fatalf("scheduled: %v", list)
	}
	if _, err := s.sam.sender.To(s.toAlice).Scheduled().Send(s.sam.ctx, list[0].GetID()); err != nil {
		s.Fatal(err)
	}
	if m := s.got(s.alice); m.Message != "Good night" {
		s.Errorf("alice got %v", m)
	}
}

// channel is made, filled, read by its other member and left.
func (s *talk) channel() {
	made, err := s.sam.ChannelsCreateChannel(s.sam.ctx, &tg.ChannelsCreateChannelRequest{Megagroup: true, Title: "Harbour dogs", About: "All of them"})
	if err != nil {
		s.Fatal(err)
	}
	ch := made.(*tg.Updates).Chats[0].(*tg.Channel)
	if _, err := s.sam.ChannelsInviteToChannel(s.sam.ctx, &tg.ChannelsInviteToChannelRequest{
		Channel: ch.AsInput(), Users: []tg.InputUserClass{&tg.InputUser{UserID: s.toAlice.UserID, AccessHash: s.toAlice.AccessHash}},
	}); err != nil {
		s.Fatal(err)
	}
	heard[*tg.UpdateChannel](s, s.alice)
	theirs := s.alice.room(s, "Harbour dogs")
	if theirs.AccessHash == ch.AccessHash {
		s.Error("alice got sam's access hash")
	}
	for i := range 5 {
		s.sent(s.sam.sender.To(ch.AsInputPeer()).Textf(s.sam.ctx, "Dog %d", i))
		if m := s.got(s.alice); m.Message != fmt.Sprint("Dog ", i) {
			s.Errorf("alice got %v", m)
		}
	}
	s.sent(s.alice.sender.To(theirs.AsInputPeer()).Text(s.alice.ctx, "And a cat"))
	if m := s.got(s.sam); m.Message != "And a cat" {
		s.Errorf("sam got %v", m)
	}
	members, err := query.GetParticipants(s.sam.Client, ch.AsInput()).Recent().Count(s.sam.ctx)
	if err != nil || members != 2 {
		s.Errorf("%d members, %v", members, err)
	}
	if _, err := s.alice.sender.To(theirs.AsInputPeer()).Leave(s.alice.ctx); err != nil {
		s.Fatal(err)
	}
}

// room is the channel or supergroup of that title among a partner's dialogs.
func (p *partner) room(s *talk, title string) *tg.Channel {
	s.Helper()
	seen, err := p.MessagesGetDialogs(p.ctx, &tg.MessagesGetDialogsRequest{OffsetPeer: &tg.InputPeerEmpty{}, Limit: 100})
	if err != nil {
		s.Fatal(err)
	}
	all, _ := seen.AsModified()
	for _, c := range all.GetChats() {
		if ch, ok := c.(*tg.Channel); ok && ch.Title == title {
			return ch
		}
	}
	s.Fatalf("no %s among %v", title, all.GetChats())
	return nil
}

// lists are walked by gotd's iterators, page by page.
func (s *talk) lists() {
	n := 0
	iter := query.GetDialogs(s.sam.Client).BatchSize(3).Iter()
	for iter.Next(s.sam.ctx) {
		n++
	}
	total, err := query.GetDialogs(s.sam.Client).Count(s.sam.ctx)
	if iter.Err() != nil || err != nil || n != total || n < 12 {
		s.Errorf("%d dialogs of %d: %v, %v", n, total, iter.Err(), err)
	}
	var texts []string
	if err := query.Messages(s.sam.Client).Search(s.toAlice).Q("map").BatchSize(2).ForEach(s.sam.ctx, func(_ context.Context, e messages.Elem) error {
		texts = append(texts, e.Msg.(*tg.Message).Message)
		return nil
	}); err != nil || !slices.ContainsFunc(texts, func(m string) bool { return strings.Contains(m, "the map I left") }) {
		s.Errorf("found %q: %v", texts, err)
	}
	seen := map[int]bool{}
	history := query.Messages(s.sam.Client).GetHistory(s.toAlice).BatchSize(7).Iter()
	for history.Next(s.sam.ctx) {
		id := history.Value().Msg.GetID()
		if seen[id] {
			s.Errorf("message %d came twice", id)
		}
		seen[id] = true
	}
	if total, err := query.Messages(s.sam.Client).GetHistory(s.toAlice).Count(s.sam.ctx); history.Err() != nil || err != nil || len(seen) != total || total < 20 {
		s.Errorf("%d messages of %d: %v, %v", len(seen), total, history.Err(), err)
	}
}

// burst is both writing at once.
func (s *talk) burst() {
	const each = 40
	var wg sync.WaitGroup
	for i := range each {
		wg.Go(func() {
			if _, err := s.sam.sender.To(s.toAlice).Textf(s.sam.ctx, "s%d", i); err != nil {
				s.Error(err)
			}
		})
		wg.Go(func() {
			if _, err := s.alice.sender.To(s.toSam).Textf(s.alice.ctx, "a%d", i); err != nil {
				s.Error(err)
			}
		})
	}
	wg.Wait()
	for p, letter := range map[*partner]string{s.alice: "s", s.sam: "a"} {
		got := map[string]bool{}
		for range each {
			got[s.got(p).Message] = true
		}
		for i := range each {
			if !got[fmt.Sprint(letter, i)] {
				s.Errorf("%s%d did not come: %v", letter, i, got)
			}
		}
	}
}
