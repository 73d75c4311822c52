// Package ref reads the text of a reference to somebody, or to one of their
// messages: @name, a link, a phone number, an id. It knows no schema and no
// network: who is meant, package peers finds out.
package ref

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Kind says how a reference names somebody.
type Kind uint8

// The kinds of a Ref.
const (
	Self     Kind = iota + 1 // me, self
	Username                 // @name, t.me/name: the network may be asked
	Name                     // a bare name or a title: from the cache only
	Phone                    // +digits
	ID                       // a bare or a marked id
	Invite                   // t.me/+hash
)

// What an id is of, where its mark or its link says so.
const (
	User    = "user"
	Chat    = "chat"    // a basic group
	Channel = "channel" // a channel or a supergroup
)

// Ref is a reference that was read.
type Ref struct {
	Kind Kind
	Text string // username, name, phone digits, or the hash of an invitation
	ID   int64  // of Kind ID: bare, as the constructors have it
	Of   string // of Kind ID: User, Chat or Channel; "" where the text does not say
	// Msg is the id of the message that a link leads to, 0 where it leads to
	// none. Topic is the forum topic or thread that the link names, or 0.
	Msg, Topic int32
}

// Error says why a text is no reference.
type Error struct {
	Text string // what was given
	Msg  string // what is wrong with it
	Fix  string // what to write, or ""
}

// Error quotes the text and says what is wrong.
func (e *Error) Error() string {
	if e.Text == "" {
		return e.Msg
	}
	return fmt.Sprintf("%q %s", e.Text, e.Msg)
}

// Parse reads a reference. quoted says that it was written in quotes, so that
// anything may be a title. The error is an *Error.
func Parse(text string, quoted bool) (Ref, error) {
	s := strings.TrimSpace(text)
	switch {
	case s == "":
		return Ref{}, &Error{Msg: "the reference is empty"}
	case s == "me" || s == "self":
		return Ref{Kind: Self}, nil
	case s[0] == '@':
		return username(s[1:], text)
	case s[0] == '+':
		r, err := phone(s, text)
		if err != nil && quoted && !strings.ContainsAny(s, "0123456789") {
			return Ref{Kind: Name, Text: s}, nil
		}
		return r, err
	}
	if r, ok, err := link(s); ok {
		return r, err
	}
	if r, ok, err := number(s); ok {
		return r, err
	}
	if !quoted && strings.ContainsAny(s, "/:") {
		return Ref{}, &Error{Text: text, Msg: "is no link to somebody", Fix: "links are t.me/name, t.me/c/ID/MSG, t.me/+hash, name.t.me or tg://resolve?domain=name"}
	}
	return Ref{Kind: Name, Text: s}, nil
}

// Post reads a link to a message: peer is the same reference without the
// message, for whoever wants to know in whose history it is.
func Post(text string) (peer string, msg int32, ok bool) {
	r, is, err := link(strings.TrimSpace(text))
	if !is || err != nil || r.Msg == 0 {
		return "", 0, false
	}
	if r.Kind == Username {
		return "@" + r.Text, r.Msg, true
	}
	return strconv.FormatInt(Mark(r.Of, r.ID), 10), r.Msg, true
}

// channelMark is what a marked channel id begins with: -100, then the id.
const channelMark = 1_000_000_000_000

// MaxID is above every id: they have up to 52 bits
// (https://core.telegram.org/api/peers).
const MaxID = 1 << 52

// Mark marks a bare id as the Bot API and Telethon do: N is a user, -N a basic
// group, -100N a channel.
func Mark(of string, id int64) int64 {
	switch of {
	case Chat:
		return -id
	case Channel:
		return -id - channelMark
	}
	return id
}

// number reads an id as Mark writes it; a positive one does not say of what it
// is, as people copy bare ids from everywhere.
func number(s string) (r Ref, ok bool, err error) {
	if strings.HasPrefix(s, "_") || strings.HasSuffix(s, "_") {
		return r, false, nil
	}
	n, perr := strconv.ParseInt(strings.ReplaceAll(s, "_", ""), 10, 64)
	if errors.Is(perr, strconv.ErrRange) {
		return r, true, &Error{Text: s, Msg: "is too large for an id"}
	}
	if perr != nil {
		return r, false, nil
	}
	r = Ref{Kind: ID, ID: n}
	switch {
	case n <= -MaxID || n >= MaxID:
		return r, true, &Error{Text: s, Msg: "is too large for an id"}
	case n == 0 || n == -channelMark:
		return r, true, &Error{Text: s, Msg: "is nobody's id"}
	case n < -channelMark:
		r.ID, r.Of = -n-channelMark, Channel
	case n < 0:
		r.ID, r.Of = -n, Chat
	}
	return r, true, nil
}

func username(name, text string) (Ref, error) {
	if !isUsername(name) {
		return Ref{}, &Error{Text: text, Msg: "is not a username: 3 to 32 letters, digits and _"}
	}
	return Ref{Kind: Username, Text: name}, nil
}

// isUsername is generous: which names can exist, the server knows.
func isUsername(name string) bool {
	if len(name) < 3 || len(name) > 32 {
		return false
	}
	for i := range len(name) {
		c := name[i] | 0x20
		if (c < 'a' || c > 'z') && (name[i] < '0' || name[i] > '9') && name[i] != '_' {
			return false
		}
	}
	return true
}

// phone reads a number with any spacing, as people write them.
func phone(s, text string) (Ref, error) {
	var digits []byte
	for _, c := range s {
		switch {
		case c >= '0' && c <= '9':
			digits = append(digits, byte(c))
		case strings.ContainsRune("+()-./ \t\u00a0\u2009\u2010\u2011\u202f", c):
		default:
			return Ref{}, &Error{Text: text, Msg: "is not a phone number: a + and digits, spaced as you like"}
		}
	}
	// E.164 has up to 15 digits.
	if len(digits) < 3 || len(digits) > 15 {
		return Ref{}, &Error{Text: text, Msg: "is not a phone number: it has 3 to 15 digits, with the country's first"}
	}
	return Ref{Kind: Phone, Text: string(digits)}, nil
}
