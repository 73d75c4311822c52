package mtproto

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
