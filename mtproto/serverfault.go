package mtproto

// Faults are what a Server does wrong on purpose, within the protocol, so that
// clients can be tried on it. The zero Faults are none. See also
// [Server.RotateSalts], [Server.ForgetSessions] and Server.Now; delays, losses
// and cuts are the connection's matter (wrap the listener), work time the
// handler's ([ErrLater]).
type Faults struct {
	// ForgetsStates makes it answer msgs_state_req with state 1 for every
	// message: it may have come or not.
	ForgetsStates bool
	// TooOld makes it refuse every so manieth frame that holds a request with
	// code 20, although it is not too old: 1 all of them, 0 none. Nothing of a
	// refused frame is executed.
	TooOld int
	// Rejects makes it answer every so manieth encrypted frame with the transport
	// error Code, as 404 for -404, and hang up, whatever the frame holds and
	// whether its key is known; 0: none.
	Rejects int
	Code    int
}

// SetFaults takes effect with the next frame that comes.
func (s *Server) SetFaults(f Faults) { s.faults.Store(&f) }

// Faults are the present ones.
func (s *Server) Faults() Faults {
	if f := s.faults.Load(); f != nil {
		return *f
	}
	return Faults{}
}

// tooOld tells whether this frame's turn has come to be refused with code 20.
func (s *Server) tooOld(list []message) bool {
	f := s.faults.Load()
	if f == nil || f.TooOld <= 0 {
		return false
	}
	for _, m := range list {
		if !isService(peekID(m.body)) {
			return s.frames.Add(1)%int64(f.TooOld) == 0
		}
	}
	return false
}

// rejects is the transport error with which this encrypted frame is refused; 0:
// none.
func (s *Server) rejects() int {
	f := s.faults.Load()
	if f == nil || f.Rejects <= 0 || s.sealed.Add(1)%int64(f.Rejects) != 0 {
		return 0
	}
	return f.Code
}

// ForgetSessions makes the server forget every session of this key, as a real
// one may at any time: the next message of each begins it anew, with
// new_session_created. It returns how many there were.
func (s *Server) ForgetSessions(keyID int64) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.keys[keyID]
	if k == nil {
		return 0
	}
	n := len(k.sessions)
	clear(k.sessions)
	return n
}
