package mtproto

import (
	"errors"
	"fmt"
)

// ErrClosed is the cause when this side closed the connection itself.
var ErrClosed = errors.New("connection closed")

// ErrSilent is the cause when the peer sent nothing for two ping intervals:
// the connection is half-open.
var ErrSilent = errors.New("nothing heard from the server, not even an answer to a ping")

// ErrAnswerLost is the cause when the server has executed a request, and has
// neither delivered the answer nor kept it.
var ErrAnswerLost = errors.New("the server has executed the request, but does not have the answer any more")

// errUnknown is the cause when the server cannot tell whether a request came.
var errUnknown = errors.New("the connection was lost, and the server cannot tell whether the request arrived")

// errStopped is the cause when a chain was stopped without one.
var errStopped = errors.New("stopped")

// errForgotten is the cause when new_session_created names a later message as
// the first that the server knows.
var errForgotten = errors.New("the server has forgotten the session")

// TransportError is a bare negative number sent by the server in place of a
// message. 404: the auth key is unknown (never a reason to replace an
// authorised key: it is not authenticated); 429: too many connections, wait at
// least 5 s; 444: wrong data centre.
//
// Source: https://core.telegram.org/mtproto/mtproto-transports#transport-errors.
type TransportError struct {
	Code int // positive: 404 for -404 on the wire
}

func (e *TransportError) Error() string {
	switch e.Code {
	case 404:
		return "server rejected the key (-404: it does not know it); the key is kept"
	case 429:
		return "server answered -429: too many connections"
	case 444:
		return "server answered -444: wrong data centre"
	}
	return fmt.Sprintf("server answered with transport error -%d", e.Code)
}

// CheckError tells that what the peer sent failed a check that the protocol
// demands; the connection is closed and nothing of the message is used. All
// failures before the msg_key is known to be good carry the same Check, so
// that nothing can be learned from the difference.
//
// Source: https://core.telegram.org/mtproto/security_guidelines.
type CheckError struct {
	Check string // which check, e.g. "msg_key", "session_id", "padding"
	Want  string // what was wanted; may be empty
	Got   string // what came; may be empty
}

func (e *CheckError) Error() string {
	s := "message refused: " + e.Check
	if e.Want != "" {
		s += ": want " + e.Want
	}
	if e.Got != "" {
		s += ", got " + e.Got
	}
	return s
}

// FrameError tells that the bytes of the stream are no frame of the transport,
// or a longer one than the limit.
type FrameError struct {
	Transport Transport
	Problem   string
}

func (e *FrameError) Error() string { return e.Transport.String() + " frame: " + e.Problem }

// ExchangeError tells at which step a key exchange failed, and why.
//
// Source: https://core.telegram.org/mtproto/auth_key.
type ExchangeError struct {
	Step  string // the TL name of the message sent or awaited, e.g. "resPQ"
	Cause error
}

func (e *ExchangeError) Error() string { return "key exchange: " + e.Step + ": " + e.Cause.Error() }

// Unwrap gives the cause.
func (e *ExchangeError) Unwrap() error { return e.Cause }

// BadMsgError tells that the server refused a message with a
// bad_msg_notification and that sending it again does not help: the request
// was not run, unless Code is 20 (then it cannot be known).
//
// Source: service_messages_about_messages#notice-of-ignored-error-message.
type BadMsgError struct {
	Code  int   // error_code: 16-20, 32-35, 48, 64
	MsgID int64 // the message (or its container) that was refused
}

func (e *BadMsgError) Error() string {
	return fmt.Sprintf("server refused message %d with code %d (%s)", e.MsgID, e.Code, badMsgText(e.Code))
}

func badMsgText(code int) string {
	switch code {
	case 16:
		return "msg_id too low: our clock is behind"
	case 17:
		return "msg_id too high: our clock is ahead"
	case 18:
		return "msg_id not divisible by 4"
	case 19:
		return "container's msg_id used before"
	case 20:
		return "message too old, the server cannot tell whether it was received"
	case 32:
		return "msg_seqno too low"
	case 33:
		return "msg_seqno too high"
	case 34:
		return "even msg_seqno expected"
	case 35:
		return "odd msg_seqno expected"
	case 48:
		return "wrong server salt"
	case 64:
		return "invalid container"
	}
	return "unknown code"
}

// LostError tells that a request got no answer, because the wait ended
// (Cause is the context's error) or the connection did. Sent false: it never
// left, it was not run. Sent true: it may have been run; that is not known.
type LostError struct {
	Sent  bool
	Cause error
}

func (e *LostError) Error() string {
	if e.Sent {
		return "no answer, outcome unknown: " + e.Cause.Error()
	}
	return "not sent: " + e.Cause.Error()
}

// Unwrap gives the cause, e.g. context.DeadlineExceeded or [ErrClosed].
func (e *LostError) Unwrap() error { return e.Cause }

// ArrivedError tells that a request which was sent twice, because the first
// sending's fate was not known, was executed at the first: the server knows its
// random_id. The effect is there, the result is not.
type ArrivedError struct {
	Answer error // the server's RANDOM_ID_DUPLICATE
}

func (e *ArrivedError) Error() string {
	return "done, but the result was lost with the connection"
}

// Unwrap gives the server's answer.
func (e *ArrivedError) Unwrap() error { return e.Answer }

// NotRunError is the outcome of a request of an ordered batch or a [Chain] that
// the server did not execute because an earlier one has another outcome than a
// result.
type NotRunError struct {
	Index int   // the request that is the cause, counted from 0
	Cause error // its error
}

func (e *NotRunError) Error() string {
	return fmt.Sprintf("not run: request %d before it failed: %v", e.Index+1, e.Cause)
}

// Unwrap gives the earlier request's error.
func (e *NotRunError) Unwrap() error { return e.Cause }

// LimitError tells that something is larger than allowed.
type LimitError struct {
	What       string // e.g. "request", "unpacked gzip_packed"
	Limit, Got int    // bytes; Got 0: not counted further than Limit
}

func (e *LimitError) Error() string {
	if e.Got == 0 {
		return fmt.Sprintf("%s larger than %d bytes", e.What, e.Limit)
	}
	return fmt.Sprintf("%s of %d bytes, the limit is %d", e.What, e.Got, e.Limit)
}
