package ref

import (
	"net/url"
	"strconv"
	"strings"
)

// hosts of links to somebody.
var hosts = [...]string{"t.me", "telegram.me", "telegram.dog", "telegram.dev"}

// reserved are the first parts of links that lead to something else than
// somebody (https://core.telegram.org/api/links).
var reserved = [...]string{
	"addemoji", "addlist", "addstickers", "addtheme", "auction", "bg", "boost", "call", "confirmphone", "contact", "giftcode",
	"invoice", "iv", "login", "m", "msg", "nft", "proxy", "setlanguage", "share", "socks", "stickers", "theme",
}

// link reads every form of link that
// https://core.telegram.org/api/links has for somebody or one of their
// messages. ok is false when s is no Telegram link at all.
func link(s string) (r Ref, ok bool, err error) {
	lower := strings.ToLower(s)
	if strings.HasPrefix(lower, "tg:") {
		r, err = deep(s)
		return r, true, err
	}
	rest := s
	for _, scheme := range [...]string{"https://", "http://"} {
		if strings.HasPrefix(lower, scheme) {
			rest = s[len(scheme):]
			break
		}
	}
	host, path := rest, ""
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		host, path = rest[:i], rest[i:]
	}
	host = strings.TrimPrefix(strings.ToLower(host), "www.")
	sub, is := strings.CutSuffix(host, ".t.me")
	if !is && !isHost(host) {
		return r, false, nil
	}
	u, perr := url.Parse(path)
	if perr != nil {
		return r, true, nobody(s)
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	if is {
		parts = append([]string{sub}, parts...)
	}
	r, err = walk(parts, u.Query(), s)
	return r, true, err
}

func isHost(host string) bool {
	for _, h := range hosts {
		if host == h {
			return true
		}
	}
	return false
}

func nobody(s string) error { return &Error{Text: s, Msg: "is no link to somebody"} }

// walk reads the path of a t.me link.
func walk(parts []string, query url.Values, s string) (Ref, error) {
	if parts[0] == "s" && len(parts) > 1 {
		parts = parts[1:] // the web page of a public channel
	}
	switch head := parts[0]; {
	case head == "c" && len(parts) > 1:
		id, ok := channelID(parts[1])
		if !ok {
			return Ref{}, &Error{Text: s, Msg: "has no channel's id after /c/"}
		}
		return post(Ref{Kind: ID, ID: id, Of: Channel}, parts[2:], query, s)
	case head == "joinchat":
		if len(parts) < 2 {
			return Ref{}, nobody(s)
		}
		return invite(parts[1], s)
	case strings.HasPrefix(head, "+"):
		// A + in front of digits alone is a phone number.
		if strings.Trim(head[1:], "0123456789") == "" && head[1:] != "" {
			return phone(head[1:], s)
		}
		return invite(head[1:], s)
	case isReserved(head):
		return Ref{}, nobody(s)
	default:
		r, err := username(head, s)
		if err != nil {
			return r, err
		}
		return post(r, parts[1:], query, s)
	}
}

func isReserved(part string) bool {
	for _, w := range reserved {
		if strings.EqualFold(part, w) {
			return true
		}
	}
	return false
}

// post reads what follows the peer in a link: MSG, or TOPIC/MSG, or nothing
// that names a message (a story, a mini app).
func post(r Ref, parts []string, query url.Values, s string) (Ref, error) {
	numbers := parts[:0:0]
	for _, p := range parts {
		if p != "" {
			numbers = append(numbers, p)
		}
	}
	if len(numbers) == 0 || len(numbers) > 2 {
		return r, nil
	}
	var ids [2]int32
	for i, p := range numbers {
		n, err := strconv.ParseInt(p, 10, 32)
		switch {
		case err != nil && r.Kind == Username && strings.Trim(p, "0123456789") != "":
			return r, nil
		case err != nil || n <= 0:
			return Ref{}, &Error{Text: s, Msg: "has no message's id where one stands"}
		}
		ids[i] = int32(n)
	}
	if r.Msg = ids[0]; len(numbers) == 2 {
		r.Topic, r.Msg = ids[0], ids[1]
	}
	if r.Topic == 0 {
		r.Topic = messageID(query.Get("thread"))
	}
	return r, nil
}

func messageID(s string) int32 {
	n, err := strconv.ParseInt(s, 10, 32)
	if err != nil || n < 0 {
		return 0
	}
	return int32(n)
}

// channelID reads the bare id of a channel; marked ones are copied here too.
func channelID(s string) (int64, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	if n < -channelMark && n > -MaxID {
		n = -n - channelMark
	}
	return n, err == nil && n > 0 && n < MaxID
}

func invite(hash, s string) (Ref, error) {
	for _, c := range []byte(hash) {
		if l := c | 0x20; (l < 'a' || l > 'z') && (c < '0' || c > '9') && c != '_' && c != '-' {
			return Ref{}, &Error{Text: s, Msg: "is no invitation: its hash has letters, digits, _ and -"}
		}
	}
	if hash == "" {
		return Ref{}, &Error{Text: s, Msg: "is an invitation without its hash"}
	}
	return Ref{Kind: Invite, Text: hash}, nil
}

// deep reads tg://resolve?domain= and phone=, tg://privatepost?channel=,
// tg://user?id= and tg://join?invite=, also without the slashes.
func deep(s string) (Ref, error) {
	action, raw, _ := strings.Cut(strings.TrimPrefix(s[len("tg:"):], "//"), "?")
	raw, _, _ = strings.Cut(raw, "#")
	q, err := url.ParseQuery(raw)
	if err != nil {
		return Ref{}, nobody(s)
	}
	var r Ref
	switch action = strings.ToLower(strings.Trim(action, "/")); {
	case action == "resolve" && q.Get("domain") != "":
		if r, err = username(q.Get("domain"), s); err != nil {
			return r, err
		}
	case action == "resolve" && q.Get("phone") != "":
		return phone(q.Get("phone"), s)
	case action == "privatepost" && q.Get("channel") != "":
		id, ok := channelID(q.Get("channel"))
		if !ok {
			return Ref{}, &Error{Text: s, Msg: "has no channel's id"}
		}
		r = Ref{Kind: ID, ID: id, Of: Channel}
	case action == "join" && q.Get("invite") != "":
		return invite(q.Get("invite"), s)
	case action == "user" && q.Get("id") != "":
		id, perr := strconv.ParseInt(q.Get("id"), 10, 64)
		if perr != nil || id <= 0 || id >= MaxID {
			return Ref{}, &Error{Text: s, Msg: "has no user's id"}
		}
		return Ref{Kind: ID, ID: id, Of: User}, nil
	default:
		return Ref{}, nobody(s)
	}
	var parts []string
	if p := q.Get("post"); p != "" {
		parts = []string{p}
	}
	return post(r, parts, q, s)
}
