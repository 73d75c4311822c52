package mtproto

import (
	"crypto/sha256"
	"encoding/binary"
	"time"
)

// Server salts change every saltPeriod and are valid for saltPeriods of them,
// so that a client that knows the present one has an hour. They are derived
// from the auth key: nothing needs storing, and nobody else can tell them.
//
// Source: description#server-salt, service_messages#request-for-several-future-salts.
const (
	saltPeriod  = 30 * 60 // seconds
	saltPeriods = 2
	maxSalts    = 64
)

// saltOf is the salt that begins with this period.
func (k *serverKey) saltOf(period int64) int64 {
	h := sha256.New()
	h.Write(k.key.secret.value[:])
	var tail [16]byte
	binary.LittleEndian.PutUint64(tail[:], uint64(period))
	binary.LittleEndian.PutUint32(tail[8:], k.epoch)
	copy(tail[12:], "salt")
	h.Write(tail[:])
	return int64(binary.LittleEndian.Uint64(h.Sum(nil)))
}

// salt is the newest valid at t. Server.mu is held.
func (k *serverKey) salt(t time.Time) int64 {
	if p := t.Unix() / saltPeriod; !k.newest.ok || k.newest.period != p || k.newest.epoch != k.epoch {
		k.newest = knownSalt{true, k.saltOf(p), p, k.epoch}
	}
	return k.newest.salt
}

// valid tells whether a client may use this salt at t. Server.mu is held.
func (k *serverKey) valid(salt int64, t time.Time) bool {
	if t.Unix() < k.firstTil && salt == k.first {
		return true
	}
	now := t.Unix() / saltPeriod
	for p := now; p > now-saltPeriods; p-- {
		if k.saltOf(p) == salt {
			return true
		}
	}
	return false
}

// checkSalt is whether a message's salt is valid now, and which one is.
func (s *Server) checkSalt(k *serverKey, salt int64) (ok bool, now int64) {
	t := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	this := knownSalt{true, salt, t.Unix() / saltPeriod, k.epoch}
	if k.used == this && salt != k.first {
		return true, salt
	}
	if k.valid(salt, t) {
		k.used = this
		return true, salt
	}
	return false, k.salt(t)
}

// futureSalts is the answer to get_future_salts.
func (s *Server) futureSalts(k *serverKey, msgID int64, num int32) []byte {
	t := s.now()
	n := int64(max(1, min(num, maxSalts)))
	s.mu.Lock()
	defer s.mu.Unlock()
	b := putLong(putID(nil, idFutureSalts), msgID)
	b = putInt(putInt(b, int32(t.Unix())), int32(n))
	first := t.Unix() / saltPeriod
	for p := first; p < first+n; p++ {
		b = putInt(b, int32(p*saltPeriod))
		b = putInt(b, int32((p+saltPeriods)*saltPeriod))
		b = putLong(b, k.saltOf(p))
	}
	return b
}
