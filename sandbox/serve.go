package sandbox

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/gotd/td/tgerr"

	"tlsh/mtproto"
	"tlsh/schema"
	"tlsh/schema/docs"
	"tlsh/tl"
)

// Handle answers a request, at once or after the time that it works; it makes a
// host a [mtproto.Handler].
func (h *host) Handle(ctx context.Context, ss *mtproto.ServerSession, msgID int64, body []byte) ([]byte, error) {
	s := h.s
	s.mu.Lock()
	defer s.mu.Unlock()
	sess, ok := ss.Data.(*session)
	if !ok {
		sess = &session{carrier: ss, login: s.login(ss.KeyID())}
		ss.Data = sess
	}
	id := requestID{ss.KeyID(), ss.ID(), msgID}
	// What is said in a request lives on in the world, and body does not.
	body = bytes.Clone(body)
	work := s.faults.Work
	if work == 0 {
		return s.answer(sess, id, body)
	}
	if !h.begin() {
		return nil, ctx.Err()
	}
	go func() {
		defer h.work.Done()
		timer := time.NewTimer(work)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-h.ctx.Done():
			return
		}
		s.mu.Lock()
		res, err := s.answer(sess, id, body)
		s.mu.Unlock()
		if !errors.Is(err, mtproto.ErrLater) {
			ss.Answer(msgID, res, err)
		}
	}()
	return nil, mtproto.ErrLater
}

// answer answers one request of a session and writes it down. s.mu is held.
func (s *Sandbox) answer(sess *session, id requestID, body []byte) ([]byte, error) {
	at := s.cfg.Now()
	s.world.now = int32(at.Unix())
	if len(s.bound) > 0 { // another session of the key may have bound it
		if l := s.login(id.key); l != sess.login {
			sess.login, sess.listed = l, false
		}
	}
	sess.login.idle(int32(at.Unix()))
	sess.login.active = int32(at.Unix())
	c := &call{viewer: viewer{s.world, sess.login.person}, s: s, session: sess, id: id, at: at, now: int32(at.Unix())}
	s.fade()
	s.sendDue()
	res, err := c.answer(body)
	if errors.Is(err, mtproto.ErrLater) {
		return nil, err // call.finish does the rest
	}
	return s.settle(c, res, err)
}

// settle writes down what came of a request. s.mu is held.
func (s *Sandbox) settle(c *call, res []byte, err error) ([]byte, error) {
	if c.executed && err == nil {
		err = s.rules.after(c)
	}
	s.record(c, c.id, err)
	if n := s.faults.Salts; n > 0 && s.ledger.n%int64(n) == 0 {
		s.changeSalts()
	}
	if err != nil {
		return nil, err
	}
	return res, nil
}

// answer unwraps, checks and executes the request.
func (c *call) answer(body []byte) ([]byte, error) {
	s := c.s
	body, err := c.unwrap(body)
	if err != nil {
		return nil, err
	}
	layer := c.session.login.layer
	d, ok := s.dialect(layer)
	if !ok { // of a key that was kept while --layers has changed
		return nil, bad("CONNECTION_LAYER_INVALID")
	}
	speaks := s.schema
	if d != nil {
		speaks = d.schema
	}
	def := speaks.ByID(leading(body))
	if def == nil || !def.Method {
		return nil, bad(fmt.Sprintf("INPUT_METHOD_INVALID_%d_0", leading(body)))
	}
	c.method = def.Name
	if layer == 0 {
		return nil, bad("CONNECTION_NOT_INITED")
	}
	if d != nil {
		if _, c.req, err = d.request(s.schema, body); err != nil {
			return nil, err
		}
	} else {
		v, err := tl.Decode(s.schema, body, s.schema.TypeOf("!X"))
		if err != nil {
			return nil, undecodable(err)
		}
		c.req = v.Object()
	}
	if err := s.rules.before(c); err != nil {
		return nil, err
	}
	m, ok := s.methods[c.method]
	if !ok {
		return nil, tgerr.New(501, "SANDBOX_METHOD_NOT_SIMULATED")
	}
	if c.s.expired(c.id.key) && !m.anyone {
		return nil, errExpired
	}
	if err := c.authorized(m); err != nil {
		return nil, err
	}
	if err := c.admits(m); err != nil {
		return nil, err
	}
	if err := m.accepts(c.req); err != nil {
		return nil, err
	}
	if !c.silent {
		c.session.subscribe()
	}
	c.def, c.speaks = def, d
	res, err := m.handle(c)
	if errors.Is(err, mtproto.ErrLater) {
		return nil, err
	}
	return c.outcome(m, res, err)
}

// outcome is the answer of a handler as the client reads it.
func (c *call) outcome(m method, res tl.Value, err error) ([]byte, error) {
	if c.s.watch != nil {
		c.s.watch(c.method, m, err)
	}
	if err != nil {
		return nil, err
	}
	c.executed = true
	if c.speaks != nil {
		return c.speaks.answer(res, c.def)
	}
	return tl.Append(nil, res, c.def.Result)
}

// admits refuses a method that people cannot call to them, and one that bots
// cannot call to bots, as far as the method's page says who can. Errors:
// USER_BOT_REQUIRED, BOT_METHOD_INVALID.
func (c *call) admits(m method) error {
	switch {
	case c.me == nil:
		return nil
	case c.me.bot == nil && m.bots:
		return bad("USER_BOT_REQUIRED")
	case c.me.bot != nil && !m.bots:
		if p := docs.Method(c.method); p != nil && p.Who == docs.Users {
			return bad("BOT_METHOD_INVALID")
		}
	}
	return nil
}

// authorized refuses a method to who may not call it here: who is not signed in,
// or not in this data centre.
func (c *call) authorized(m method) error {
	l := c.session.login
	switch {
	case l.barred != nil:
		return l.barred
	case l.dc == cdnDC && !m.cdn:
		return errCDN
	case m.anyone:
		return nil
	case c.me != nil:
		return c.atHome(m)
	case l.pending != nil && m.pending:
		return nil
	case l.pending != nil:
		return errPassword
	case l.gone != nil:
		return l.gone
	}
	return errUnregistered
}

// subscribe puts the session among those that get updates.
func (sess *session) subscribe() {
	sess.updates, sess.login.listens = true, true
	if sess.listed || sess.forgotten {
		return
	}
	// A session that no connection carries is found again with its next request.
	sess.login.sessions = slices.DeleteFunc(sess.login.sessions, func(o *session) bool {
		gone := !o.carrier.Live()
		if gone {
			o.listed = false
		}
		return gone
	})
	sess.login.sessions = append(sess.login.sessions, sess)
	sess.listed = true
}

// call is one request on its way through a handler.
type call struct {
	viewer  // the world as the caller sees it; me is nil before sign-in
	s       *Sandbox
	session *session
	id      requestID
	req     *tl.Object
	at      time.Time
	now     int32 // the same as Unix time
	silent  bool  // invokeWithoutUpdates
	takeout bool  // invokeWithTakeout

	method   string             // its name, once it is known
	def      *schema.Combinator // the same, in the client's layer
	speaks   *dialect           // of that layer; nil: that of the handlers
	executed bool               // the world did it
	byManner bool               // nobody's client asked for it
}

// method is how one of the API's methods is simulated.
type method struct {
	handle func(*call) (tl.Value, error)
	// heeds are the optional parameters that are simulated, or that rightly
	// change nothing here; any other is refused, so that nobody believes it done.
	heeds string
	// anyone may call it, signed in or not; anywhere says that who is signed in
	// may in every data centre.
	anyone, anywhere bool
	cdn              bool // the CDN's data centre knows it
	pending          bool // also who has still to give the two-step password may
	bots             bool // bots alone may call it
	// errors are those that the handler itself gives, with spaces between, each
	// as its text has it but for a number at its end: "PEER_ID_INVALID
	// SLOWMODE_WAIT". Those of call.target, call.userBy and call.channel are not
	// among them. The tests hold every handler to them, and want to have seen
	// each.
	errors string
}

// accepts refuses optional parameters that are not simulated.
func (m method) accepts(req *tl.Object) error {
	for i := range req.Fields() {
		if p := &req.Def().Params[i]; p.Optional() && !word(m.heeds, p.Name) {
			return notSimulated(p.Name)
		}
	}
	return nil
}

// word reports whether the list of words, with spaces between, has the name.
func word(list, name string) bool {
	for list != "" {
		var w string
		w, list = cut(list)
		if w == name {
			return true
		}
	}
	return false
}

func cut(list string) (first, rest string) {
	for i := range len(list) {
		if list[i] == ' ' {
			return list[:i], list[i+1:]
		}
	}
	return list, ""
}

// unwrap takes invokeWithLayer and its like off the request
// (https://core.telegram.org/api/invoking).
func (c *call) unwrap(body []byte) ([]byte, error) {
	layer, speaks := 0, c.schema
	if d, _ := c.s.dialect(c.session.login.layer); d != nil {
		speaks = d.schema
	}
	const unzipped = 1 << 25
	for range 8 {
		var err error
		if body, err = mtproto.Unzip(body, unzipped); err != nil {
			return nil, bad("INPUT_FETCH_ERROR")
		}
		def := speaks.ByID(leading(body))
		if def == nil {
			// A client that changes its layer says so in the words of the new one.
			if own := c.schema.ByID(leading(body)); own != nil && own.Name == "invokeWithLayer" {
				def = own
			}
		}
		if def == nil || !def.Method || def.Generic == "" {
			return body, nil
		}
		var o *tl.Object
		o, body, err = peel(def.Schema(), def, body)
		if err != nil {
			return nil, undecodable(err)
		}
		switch def.Name {
		case "invokeWithLayer":
			layer = int(o.At("layer").AsInt())
			d, ok := c.s.dialect(layer)
			if !ok || layer == 0 {
				return nil, bad("CONNECTION_LAYER_INVALID")
			}
			if speaks = c.schema; d != nil {
				speaks = d.schema
			}
		case "initConnection":
			if layer == 0 {
				return nil, bad("CONNECTION_LAYER_INVALID")
			}
			c.session.login.layer = layer
			c.session.login.app.named(o)
		case "invokeWithTakeout":
			if id := o.At("takeout_id").AsLong(); id == 0 || id != c.session.login.takeout {
				return nil, bad("TAKEOUT_INVALID")
			}
			c.takeout = true
		case "invokeWithoutUpdates":
			c.silent = true
		case "invokeAfterMsg", "invokeAfterMsgs":
			// A session's requests are handled one after the other anyway.
		default:
			return nil, tgerr.New(501, "SANDBOX_METHOD_NOT_SIMULATED")
		}
	}
	return nil, bad("INPUT_FETCH_ERROR")
}

// peel reads the parameters of a wrapper up to the request in it, which is the
// rest: that may be packed, which the schema knows nothing of.
func peel(s *schema.Schema, def *schema.Combinator, body []byte) (*tl.Object, []byte, error) {
	o, rest := tl.New(def), body[4:]
	var flags [schema.MaxFlags]uint32
	for i := range def.Params {
		p := &def.Params[i]
		switch {
		case p.Type.Kind == schema.KindAny:
			return o, rest, nil
		case p.Type.Kind == schema.KindFlags:
			if len(rest) < 4 {
				return nil, nil, errors.New("no flags")
			}
			flags[p.Word] = binary.LittleEndian.Uint32(rest)
			rest = rest[4:]
			continue
		case p.Optional() && flags[def.Params[p.Flag].Word]&(1<<p.Bit) == 0:
			continue
		}
		v, n, _, err := tl.DecodePrefix(s, rest, p.Type)
		if err != nil {
			return nil, nil, err
		}
		o.Set(i, v)
		rest = rest[n:]
	}
	return o, rest, nil
}

// leading is the constructor id at the beginning, 0 when there is none.
func leading(body []byte) uint32 {
	if len(body) < 4 {
		return 0
	}
	return binary.LittleEndian.Uint32(body)
}

// bad is the most frequent of the API's errors, with code 400.
func bad(message string) error { return tgerr.New(400, message) }

// undecodable is the API's error for bytes that are no request of the layer.
func undecodable(err error) error {
	var e *tl.Error
	if errors.As(err, &e) && e.ID != 0 {
		return bad(fmt.Sprintf("INPUT_CONSTRUCTOR_INVALID_%d_0", e.ID))
	}
	return bad("INPUT_FETCH_ERROR")
}
