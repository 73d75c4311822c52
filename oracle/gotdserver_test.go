package oracle

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/mt"
	"github.com/gotd/td/proto"
	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
	"github.com/gotd/td/tgtest"
	"github.com/gotd/td/tgtest/services/config"
	"github.com/gotd/td/tgtest/services/messages"
	"github.com/gotd/td/transport"
	"go.uber.org/goleak"
)

// gotdServer is gotd's server for tests, and what it was told.
type gotdServer struct {
	*tgtest.Server
	addr    string
	journal *journal
	methods *tgtest.Dispatcher

	mu     sync.Mutex
	layers []int
	inits  []tg.InitConnectionRequest
	inner  int            // gzip_packed inside a wrapper
	done   map[int64]bool // msg_id of a request to whether it succeeded
	after  int            // requests chained to another
}

// gotdID is the number of the data centre that gotd's server is.
const gotdID = 2

// runGotd starts gotd's server. obfuscated says which kind of listener it has:
// gotd recognises the framings, but not whether they are obfuscated.
func runGotd(t *testing.T, key *rsa.PrivateKey, obfuscated bool) *gotdServer {
	t.Helper()
	t.Cleanup(func() { goleak.VerifyNone(t) })
	return runOneMore(t, key, obfuscated, gotdID)
}

// runOneMore is runGotd for a test with several servers, in which the first one
// sees to what is left running.
func runOneMore(t *testing.T, key *rsa.PrivateKey, obfuscated bool, dc int) *gotdServer {
	t.Helper()
	s := &gotdServer{journal: newJournal(serverSays()), done: map[int64]bool{}}
	s.methods = s.dispatcher()
	s.Server = tgtest.NewServer(tgtest.NewPrivateKey(key), tgtest.HandlerFunc(s.request), tgtest.ServerOptions{
		DC: dc, Logger: s.journal, MessageID: firstID{proto.NewMessageIDGen(time.Now)},
	})
	var lc net.ListenConfig
	ln, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.addr = ln.Addr().String()
	if obfuscated {
		ln = transport.ObfuscatedListener(ln)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, transport.Listen(ln)) }()
	t.Cleanup(func() {
		cancel()
		if err := <-served; err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("gotd's server: %v", err)
		}
		s.journal.judge(t)
	})
	return s
}

// firstID mends the one thing in gotd's server that keeps to no protocol: the
// first_msg_id of its new_session_created is not that of the client's first
// message but the time at which that came. When a second of the clock ended on
// the way this is the greater one, which tells a client that its message is
// lost. (Within a second it is the smaller one, as gotd counts nanoseconds
// where msg_id wants 2^-32 s.) gotd asks for ids of clients' for nothing else.
type firstID struct{ *proto.MessageIDGen }

// New makes firstID a mtproto.MessageIDSource of gotd's.
func (g firstID) New(t proto.MessageType) int64 {
	if t == proto.MessageFromClient {
		return int64(proto.NewMessageID(time.Now().Add(-patience), t))
	}
	return g.MessageIDGen.New(t)
}

// request takes the wrappers off a request: gotd decodes them, and they are
// remembered.
func (s *gotdServer) request(srv *tgtest.Server, req *tgtest.Request) error {
	id, err := req.Buf.PeekID()
	if err != nil {
		return err
	}
	switch id {
	case mt.MsgsAckTypeID:
		var ack mt.MsgsAck
		return ack.Decode(req.Buf)
	case proto.GZIPTypeID:
		var z proto.GZIP
		if err := z.Decode(req.Buf); err != nil {
			return err
		}
		s.mu.Lock()
		s.inner++
		s.mu.Unlock()
		req.Buf = &bin.Buffer{Buf: z.Data}
		return s.request(srv, req)
	case tg.InvokeWithLayerRequestTypeID:
		w := tg.InvokeWithLayerRequest{Query: rest{}}
		if err := w.Decode(req.Buf); err != nil {
			return err
		}
		s.mu.Lock()
		s.layers = append(s.layers, w.Layer)
		s.mu.Unlock()
		return s.request(srv, req)
	case tg.InitConnectionRequestTypeID:
		w := tg.InitConnectionRequest{Query: rest{}}
		if err := w.Decode(req.Buf); err != nil {
			return err
		}
		s.mu.Lock()
		s.inits = append(s.inits, w)
		s.mu.Unlock()
		return s.request(srv, req)
	case tg.InvokeAfterMsgRequestTypeID:
		w := tg.InvokeAfterMsgRequest{Query: rest{}}
		if err := w.Decode(req.Buf); err != nil {
			return err
		}
		s.mu.Lock()
		s.after++
		ok := s.done[w.MsgID]
		s.mu.Unlock()
		if !ok || w.MsgID >= req.MsgID {
			return tgerr.New(400, "MSG_WAIT_FAILED")
		}
		return s.request(srv, req)
	}
	err = s.methods.OnMessage(srv, req)
	s.mu.Lock()
	s.done[req.MsgID] = err == nil
	s.mu.Unlock()
	return err
}

// rest leaves the query of a wrapper in the buffer.
type rest struct{}

func (rest) Decode(*bin.Buffer) error { return nil }
func (rest) Encode(*bin.Buffer) error { return errors.New("not to be encoded") }

// long is how many messages an answer has that gotd's server packs.
const long = 200

// dispatcher are the methods of the server: gotd's services, and some more.
func (s *gotdServer) dispatcher() *tgtest.Dispatcher {
	d := tgtest.NewDispatcher()
	config.NewService(&tg.Config{MeURLPrefix: "https://t.me/", DCOptions: []tg.DCOption{{ID: gotdID, IPAddress: "127.0.0.1", Port: 1}}}, nil).Register(d)
	alice := &tg.User{ID: 2002}
	alice.SetUsername("alice")
	alice.SetAccessHash(77)
	chats := messages.NewService()
	chats.AddUser(alice)
	chats.Register(d)
	me := &tg.User{Self: true, ID: 2001}
	me.SetUsername("sam")
	d.Vector(tg.UsersGetUsersRequestTypeID, me, &tg.UserEmpty{ID: 5})
	d.Result(tg.HelpGetNearestDCRequestTypeID, &tg.NearestDC{Country: "XX", ThisDC: gotdID, NearestDC: gotdID})
	d.HandleFunc(tg.ContactsResolveUsernameRequestTypeID, func(srv *tgtest.Server, req *tgtest.Request) error {
		var q tg.ContactsResolveUsernameRequest
		if err := q.Decode(req.Buf); err != nil {
			return err
		}
		if q.Username != "alice" {
			return tgerr.New(400, "USERNAME_NOT_OCCUPIED")
		}
		return srv.SendResult(req, &tg.ContactsResolvedPeer{Peer: &tg.PeerUser{UserID: alice.ID}, Users: []tg.UserClass{alice}})
	})
	d.HandleFunc(tg.MessagesGetMessagesRequestTypeID, func(srv *tgtest.Server, req *tgtest.Request) error {
		var q tg.MessagesGetMessagesRequest
		if err := q.Decode(req.Buf); err != nil {
			return err
		}
		var list tg.MessagesMessages
		for _, in := range q.ID {
			id := in.(*tg.InputMessageID).ID
			list.Messages = append(list.Messages, &tg.Message{ID: id, PeerID: &tg.PeerUser{UserID: alice.ID}, Message: fmt.Sprint("text of ", id)})
		}
		if len(q.ID) >= long {
			return srv.SendGZIP(req, &list)
		}
		return srv.SendResult(req, &list)
	})
	d.HandleFunc(tg.UpdatesGetStateRequestTypeID, func(srv *tgtest.Server, req *tgtest.Request) error {
		push := func(pts int) error {
			return srv.SendUpdates(req.RequestCtx, req.Session, &tg.UpdateNewMessage{
				Message: &tg.Message{ID: pts, PeerID: &tg.PeerUser{UserID: alice.ID}, Message: fmt.Sprint("pushed ", pts)},
				Pts:     pts, PtsCount: 1,
			})
		}
		return errors.Join(push(1), srv.SendResult(req, &tg.UpdatesState{Pts: 2}), push(2))
	})
	return d
}
