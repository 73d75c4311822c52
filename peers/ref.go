package peers

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// refKind says how a reference names somebody.
type refKind uint8

const (
	refSelf     refKind = iota // me, self
	refUsername                // @name, t.me/name: the network may be asked
	refBare                    // name: from the cache only
	refPhone                   // +digits
	refID                      // a bare or marked id
	refInvite                  // t.me/+hash
)

// ref is a reference that was read.
type ref struct {
	kind refKind
	text string // username, phone digits, title or invite hash
	id   int64
	peer Kind // of a marked id; 0 when the id does not say
}

// channelMark is what a marked channel id begins with: -100, then the id.
const channelMark = 1_000_000_000_000

// parse reads a reference. quoted says that it was written in quotes, so that
// it may be a title.
func parse(text string, quoted bool) (ref, error) {
	s := strings.TrimSpace(text)
	switch {
	case s == "":
		return ref{}, fmt.Errorf("the reference is empty")
	case s == "me" || s == "self":
		return ref{kind: refSelf}, nil
	case s[0] == '@':
		return username(s[1:], text)
	case s[0] == '+' && len(s) > 1:
		return phone(s)
	case strings.HasPrefix(s, "tg://"):
		return deepLink(s)
	}
	if r, ok, err := link(s); ok || err != nil {
		return r, err
	}
	if n, err := strconv.ParseInt(strings.ReplaceAll(s, "_", ""), 10, 64); err == nil {
		return marked(n), nil
	}
	if !quoted && strings.ContainsAny(s, "/:") {
		return ref{}, fmt.Errorf("%q is no link to somebody", text)
	}
	return ref{kind: refBare, text: s}, nil
}

// marked reads an id as Bot API and Telethon mark it: -N is a basic group,
// -100N a channel.
func marked(n int64) ref {
	switch {
	case n < -channelMark:
		return ref{kind: refID, id: -n - channelMark, peer: Channel}
	case n < 0:
		return ref{kind: refID, id: -n, peer: Chat}
	}
	return ref{kind: refID, id: n}
}

func username(name, text string) (ref, error) {
	if len(name) < 3 || len(name) > 32 || strings.Trim(strings.ToLower(name), "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
		return ref{}, fmt.Errorf("%q is not a username: 3 to 32 letters, digits and _", text)
	}
	return ref{kind: refUsername, text: name}, nil
}

func phone(s string) (ref, error) {
	digits := strings.NewReplacer("+", "", " ", "", "-", "", "(", "", ")", "").Replace(s)
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return ref{}, fmt.Errorf("%q is not a phone number", s)
	}
	return ref{kind: refPhone, text: digits}, nil
}

// hosts of links to somebody.
var hosts = [...]string{"t.me", "telegram.me", "telegram.dog"}

// link reads t.me/name, t.me/name/123, t.me/c/ID/MSG, t.me/+hash and name.t.me,
// with or without https://. ok is false when s is no such link.
func link(s string) (r ref, ok bool, err error) {
	rest := strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://")
	host, path, _ := strings.Cut(rest, "/")
	host = strings.TrimPrefix(strings.ToLower(host), "www.")
	path, _, _ = strings.Cut(path, "?")
	parts := strings.Split(strings.Trim(path, "/"), "/")
	for _, h := range hosts {
		if sub, is := strings.CutSuffix(host, "."+h); is && sub != "" && h == "t.me" {
			r, err = username(sub, s)
			return r, true, err
		}
		if host != h {
			continue
		}
		switch {
		case parts[0] == "c" && len(parts) > 1:
			id, perr := strconv.ParseInt(parts[1], 10, 64)
			if perr != nil || id <= 0 {
				return r, true, fmt.Errorf("%q has no channel id after /c/", s)
			}
			return ref{kind: refID, id: id, peer: Channel}, true, nil
		case strings.HasPrefix(parts[0], "+"):
			return ref{kind: refInvite, text: parts[0][1:]}, true, nil
		case parts[0] == "joinchat" && len(parts) > 1:
			return ref{kind: refInvite, text: parts[1]}, true, nil
		}
		r, err = username(parts[0], s)
		return r, true, err
	}
	return r, false, nil
}

// deepLink reads tg://resolve?domain=, tg://resolve?phone=, tg://user?id= and
// tg://join?invite=.
func deepLink(s string) (ref, error) {
	u, err := url.Parse(s)
	if err != nil {
		return ref{}, fmt.Errorf("%q is no link to somebody", s)
	}
	q := u.Query()
	switch {
	case u.Host == "resolve" && q.Get("domain") != "":
		return username(q.Get("domain"), s)
	case u.Host == "resolve" && q.Get("phone") != "":
		return phone(q.Get("phone"))
	case u.Host == "join" && q.Get("invite") != "":
		return ref{kind: refInvite, text: q.Get("invite")}, nil
	case u.Host == "user" && q.Get("id") != "":
		if id, err := strconv.ParseInt(q.Get("id"), 10, 64); err == nil {
			return marked(id), nil
		}
	}
	return ref{}, fmt.Errorf("%q is no link to somebody", s)
}
