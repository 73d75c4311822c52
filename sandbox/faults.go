package sandbox

import (
	"fmt"
	"slices"
	"time"

	"tlsh/mtproto"
	"tlsh/syntax"
)

// Faults are what the sandbox does wrong on purpose, and how slow it is, so
// that clients can be tried on it. The zero Faults is a sandbox that does
// everything right and at once. [Sandbox.Command] sets the same by words.
type Faults struct {
	// Latency is the time of a round trip: what the server sends arrives that
	// much later, in its order. At most a minute.
	Latency time.Duration
	// Work is how long every request takes before it is executed. Requests work
	// beside each other, but for those chained by invokeAfterMsg, which begin
	// when their predecessor is done, or get MSG_WAIT_TIMEOUT after half a second
	// (https://core.telegram.org/api/invoking#sequential-requests). At most an
	// hour.
	Work time.Duration

	// Loss is the chance, from 0 to 1, that a frame of the server's is lost. TCP
	// loses nothing, so what is lost is a whole frame; where the transport does
	// not allow that (Full, and everything obfuscated) the connection falls
	// silent from there on, as by [Sandbox.Silence].
	Loss float64
	// Cut is after how many bytes, both directions together, a connection is
	// cut, anywhere in a frame; every connection gets its own number from Min to
	// Max. The zero Span: never.
	Cut Span
	// Seed begins the random numbers of Loss and Cut anew when it changes.
	Seed uint64

	// Salts makes all server salts invalid after every so many requests, as if
	// time had passed; 0: they change as in the protocol.
	Salts int
	// Skew is how far the server's clock is ahead of the true time; negative:
	// behind. The protocol's clock alone: the world's stays. At most ten years.
	Skew time.Duration

	// Doubt makes the server answer msgs_state_req with state 1 for every message:
	// it may have come or not
	// (https://core.telegram.org/mtproto/service_messages_about_messages).
	Doubt bool
	// Stale makes the server refuse every so manieth frame with a request in it
	// with code 20, although it is not too old, and execute nothing of it; 0:
	// none.
	Stale int

	// Network is the data centre to which who is not signed in is sent,
	// NETWORK_MIGRATE_X; 0: none.
	Network int
	// CDN hands files out by a data centre of its own
	// (https://core.telegram.org/cdn).
	CDN     bool
	CDNLies bool // and what it gives is not the file
	// Rejects makes it answer every so manieth frame with −404, as if its key were
	// unknown, and hang up; 0: none.
	Rejects int

	Floods    []Flood
	Failures  []Failure
	SlowModes []SlowMode
}

// Span is a range of numbers, both ends in it.
type Span struct{ Min, Max int64 }

// Flood makes requests wait: FLOOD_WAIT_X, code 420
// (https://core.telegram.org/api/errors#420-flood). A call that starts a wait is
// refused, and so are all that come before the wait is over, with the seconds
// that are left; the next one passes. Every person waits for themselves.
type Flood struct {
	Wait   time.Duration // whole seconds, 1 s to a day
	Method string        // "": any
	Every  int           // each Every-th call starts a wait; 0 and 1: each call
	Once   bool          // one wait a person, and never again
}

// Failure answers requests with an error that is the server's fault
// (https://core.telegram.org/api/errors#500-internal).
type Failure struct {
	Code    int    // 0: 500; -503 is the API's timeout
	Message string // "": INTERNAL_SERVER_ERROR, for -503 Timeout
	Method  string // "": any
	Every   int    // each Every-th call fails; 0 and 1: each call
	Once    bool   // one failure, and never again
	// Executed says that the request is executed all the same, and only its
	// result is not told.
	Executed bool
}

// SlowMode lets members of a supergroup, but its admins, send one message in so
// much time: SLOWMODE_WAIT_X, code 420
// (https://core.telegram.org/method/channels.toggleSlowMode).
type SlowMode struct {
	Wait time.Duration // whole seconds, 1 s to a day
	Room string        // title, @username or marked id of a supergroup; "": all
}

// The largest values that make sense.
const (
	maxLatency = time.Minute
	maxWork    = time.Hour
	maxSkew    = 10 * 365 * 24 * time.Hour
	maxFlood   = 24 * time.Hour
	maxRules   = 100
)

// check names the first value that cannot be.
func (s *Sandbox) check(f Faults) error {
	switch {
	case f.Latency < 0 || f.Latency > maxLatency:
		return fmt.Errorf("sandbox: latency %v: want 0s to %v", f.Latency, maxLatency)
	case f.Work < 0 || f.Work > maxWork:
		return fmt.Errorf("sandbox: work %v: want 0s to %v", f.Work, maxWork)
	case !(f.Loss >= 0 && f.Loss <= 1):
		return fmt.Errorf("sandbox: loss %v: want 0 to 1, or 0%% to 100%%", f.Loss)
	case f.Cut.Min < 0 || f.Cut.Max < f.Cut.Min || f.Cut.Max > 0 && f.Cut.Min == 0:
		return fmt.Errorf("sandbox: cut %d-%d: want a number of bytes from 1 on, or two with the larger one last", f.Cut.Min, f.Cut.Max)
	case f.Salts < 0:
		return fmt.Errorf("sandbox: salt every %d: want a number of requests from 1 on", f.Salts)
	case f.Stale < 0:
		return fmt.Errorf("sandbox: stale every %d: want a number of frames from 1 on", f.Stale)
	case f.Rejects < 0:
		return fmt.Errorf("sandbox: reject every %d: want a number of frames from 1 on", f.Rejects)
	case f.Network != 0 && !s.isDC(f.Network):
		return fmt.Errorf("sandbox: network %d: want the number of a data centre, 1 to %d", f.Network, maxDC)
	case f.Skew.Abs() > maxSkew:
		return fmt.Errorf("sandbox: skew %v: want at most ten years", f.Skew)
	case len(f.Floods) > maxRules || len(f.Failures) > maxRules || len(f.SlowModes) > maxRules:
		return fmt.Errorf("sandbox: more than %d rules of one kind", maxRules)
	}
	for _, r := range f.Floods {
		if err := s.checkRule("flood", r.Method, r.Every); err != nil {
			return err
		}
		if err := checkWait("flood", r.Wait); err != nil {
			return err
		}
	}
	for _, r := range f.Failures {
		if err := s.checkRule("fail", r.Method, r.Every); err != nil {
			return err
		}
	}
	for _, r := range f.SlowModes {
		if err := checkWait("slowmode", r.Wait); err != nil {
			return err
		}
		if _, err := s.supergroup(r.Room); err != nil && r.Room != "" {
			return err
		}
	}
	return nil
}

// checkWait wants whole seconds, as the API's errors have no others.
func checkWait(knob string, d time.Duration) error {
	if d < time.Second || d > maxFlood || d%time.Second != 0 {
		return fmt.Errorf("sandbox: %s %v: want whole seconds, 1s to 24h", knob, d)
	}
	return nil
}

func (s *Sandbox) checkRule(knob, method string, every int) error {
	if every < 0 {
		return fmt.Errorf("sandbox: %s every %d: want a number of requests from 1 on", knob, every)
	}
	if method == "" || s.schema.Method(method) != nil {
		return nil
	}
	names := make([]string, len(s.schema.Methods()))
	for i, m := range s.schema.Methods() {
		names[i] = m.Name
	}
	return unknown(fmt.Sprintf("%s: layer %d has no method", knob, s.schema.Layer), method, names)
}

// unknown is the error for a word that is none of those that can be.
func unknown(what, word string, among []string) error {
	if near := syntax.Suggest(word, among); near != "" {
		return fmt.Errorf("sandbox: %s %s; did you mean %s?", what, syntax.Quote(word), near)
	}
	return fmt.Errorf("sandbox: %s %s", what, syntax.Quote(word))
}

// supergroup is the room of a [SlowMode].
func (s *Sandbox) supergroup(ref string) (*room, error) {
	w := s.world
	if r := w.room[w.find(ref)]; r != nil && r.kind == channelPeer && !r.broadcast() {
		return r, nil
	}
	var titles []string
	for _, r := range w.rooms {
		if r.kind == channelPeer && !r.broadcast() {
			titles = append(titles, syntax.Quote(r.def.At("title").AsString()))
		}
	}
	err := unknown("slowmode: there is no supergroup", ref, titles)
	if len(titles) > 0 {
		err = fmt.Errorf("%w (supergroups: %s)", err, titles)
	}
	return nil, err
}

// Faults are the present ones. The caller may change what it gets.
func (s *Sandbox) Faults() Faults {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.faults.clone()
}

// SetFaults changes the faults, for connections that exist and for new ones,
// from now on. Counters of the rules that stay the same go on. The error names
// the first value that cannot be; then nothing has changed.
func (s *Sandbox) SetFaults(f Faults) error {
	return s.change(func(now *Faults) error {
		*now = f.clone()
		return nil
	})
}

// change edits the faults.
func (s *Sandbox) change(edit func(*Faults) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.faults.clone()
	if err := edit(&f); err != nil {
		return err
	}
	if err := s.check(f); err != nil {
		return err
	}
	s.faults = f
	s.skew.Store(int64(f.Skew))
	s.net.set(f)
	s.rules.set(f)
	for h := range s.hosts {
		h.server.SetFaults(f.protocol())
	}
	s.slowModes(f.SlowModes)
	return nil
}

// protocol are the faults that the server's protocol has by itself.
func (f Faults) protocol() mtproto.Faults {
	return mtproto.Faults{ForgetsStates: f.Doubt, TooOld: f.Stale, Rejects: f.Rejects, Code: 404}
}

func (f Faults) clone() Faults {
	f.Floods, f.Failures, f.SlowModes = slices.Clone(f.Floods), slices.Clone(f.Failures), slices.Clone(f.SlowModes)
	return f
}
