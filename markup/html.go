package markup

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// tags are the names of the elements that Telegram knows
// (https://core.telegram.org/bots/api#html-style).
var tags = map[string]Kind{
	"b": Bold, "strong": Bold, "i": Italic, "em": Italic, "u": Underline, "ins": Underline,
	"s": Strike, "strike": Strike, "del": Strike, "spoiler": Spoiler, "tg-spoiler": Spoiler,
	"code": Code, "pre": Pre, "blockquote": Quote, "a": Link, "tg-emoji": Emoji, "span": Spoiler,
}

// element is a tag that is open.
type element struct {
	name   string
	entity Entity
	at     int
	none   bool // it says something of the one around it
}

// HTML reads the HTML of the Bot API: b, strong, i, em, u, ins, s, strike, del,
// code, pre (with <code class="language-…"> inside), a, blockquote (with
// expandable), spoiler, tg-spoiler, <span class="tg-spoiler"> and tg-emoji. An
// unknown tag, and one that is not closed or closed out of turn, is an *Error.
// It returns the plain text without white space at its ends, and the entities
// by offset.
func HTML(src string) (string, []Entity, error) {
	var w writer
	var open []element
	z := html.NewTokenizer(strings.NewReader(src))
	z.SetMaxBuf(0)
	for at := 0; ; at += len(z.Raw()) {
		kind := z.Next()
		switch kind {
		case html.ErrorToken:
			if at < len(src) {
				return "", nil, &Error{Offset: at, Msg: "a tag is not finished", Fix: "write &lt; for <"}
			}
			if n := len(open); n > 0 {
				o := open[n-1]
				return "", nil, &Error{Offset: o.at, Msg: "<" + o.name + "> is not closed", Fix: "add </" + o.name + ">"}
			}
			text, ents := w.finish()
			return text, ents, nil
		case html.TextToken:
			w.write(html.UnescapeString(string(z.Raw())))
		case html.StartTagToken, html.SelfClosingTagToken:
			el, err := start(z.Token(), open, at)
			if err != nil {
				return "", nil, err
			}
			el.entity.Offset = w.units
			if n := len(open); el.name == "code" && n > 0 && open[n-1].name == "pre" && open[n-1].entity.Offset == w.units {
				el.none = true
				if lang := el.entity.Value; lang != "" {
					open[n-1].entity.Value = lang
				}
			}
			open = append(open, el)
		case html.EndTagToken:
			name := z.Token().Data
			n := len(open)
			if n == 0 || open[n-1].name != name {
				return "", nil, misplaced(name, open, at)
			}
			if o := open[n-1]; !o.none {
				if o.entity.Kind == Code {
					o.entity.Value = ""
				}
				w.end(o.entity)
			}
			open = open[:n-1]
		case html.DoctypeToken:
			return "", nil, &Error{Offset: at, Msg: "a message is no HTML document", Fix: "leave out the <!DOCTYPE>"}
		}
	}
}

// start reads a tag that opens an element.
func start(t html.Token, open []element, at int) (element, error) {
	el := element{name: t.Data, at: at}
	kind, ok := tags[t.Data]
	if !ok {
		e := &Error{Offset: at, Msg: "Telegram has no tag <" + clip(t.Data) + ">", Fix: "write &lt; for <, or one of b i u s code pre a blockquote spoiler tg-emoji"}
		if t.Data == "br" || t.Data == "p" {
			e.Fix = `write \n for a new line`
		}
		return el, e
	}
	if len(open) >= 100 {
		return el, &Error{Offset: at, Msg: "tags are nested too deeply"}
	}
	el.entity.Kind = kind
	attr := map[string]string{}
	for _, a := range t.Attr {
		attr[a.Key] = a.Val
	}
	want := func(what string) (element, error) {
		return el, &Error{Offset: at, Msg: "<" + t.Data + "> needs " + what}
	}
	switch t.Data {
	case "a":
		if attr["href"] == "" {
			return want(`href="…"`)
		}
		el.entity = link(attr["href"])
	case "tg-emoji":
		id, err := strconv.ParseInt(attr["emoji-id"], 10, 64)
		if err != nil {
			return want(`emoji-id="…", the number of a custom emoji`)
		}
		el.entity.ID = id
	case "span":
		if attr["class"] != "tg-spoiler" {
			return want(`class="tg-spoiler"`)
		}
	case "blockquote":
		_, el.entity.Collapsed = attr["expandable"]
	case "code":
		if lang, ok := strings.CutPrefix(attr["class"], "language-"); ok {
			el.entity.Value = lang
		}
	}
	return el, nil
}

// misplaced says what is wrong with a closing tag.
func misplaced(name string, open []element, at int) *Error {
	e := &Error{Offset: at, Msg: "</" + clip(name) + "> closes nothing", Fix: "write &lt; for <"}
	if n := len(open); n > 0 {
		e.Fix = "close <" + open[n-1].name + "> first: </" + open[n-1].name + ">"
	}
	return e
}

// clip cuts a name for a message.
func clip(s string) string {
	if r := []rune(s); len(r) > 30 {
		return string(r[:29]) + "…"
	}
	return s
}
