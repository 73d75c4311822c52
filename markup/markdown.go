package markup

import "strings"

// marks are the pairs that surround a text, as Telethon has them.
var marks = [...]struct {
	text string
	kind Kind
}{{"**", Bold}, {"__", Italic}, {"~~", Strike}, {"||", Spoiler}}

// longest is the longest address of a link, in bytes.
const longest = 4096

// piece is a part of a Markdown text: plain text, or where an entity may begin
// or end.
type piece struct {
	what   pieceKind
	text   string // plain text, or the mark's spelling
	entity Entity
	mate   int // of a mark that has one: the index of the other + 1
}

type pieceKind uint8

const (
	pieceText  pieceKind = iota
	pieceMark            // one of marks; text where it has no mate
	pieceWhole           // code, pre: text is what it holds
	pieceOpen            // a link or a quotation begins
	pieceClose
)

// Markdown reads the Markdown that Telethon and the Bot API share: **bold**,
// __italic__, ~~strike~~, ||spoiler||, `code`, ```language⏎pre```,
// [text](address), with tg://user?id=N and tg://emoji?id=N as addresses of a
// mention and a custom emoji, and lines that begin with > for a quotation. A
// backslash takes the meaning from the punctuation mark after it. A mark that is
// not closed is text. It returns the plain text without white space at its
// ends, and the entities by offset; they may overlap.
func Markdown(src string) (string, []Entity) {
	p := &scanner{src: src}
	p.scan()
	p.pair()
	var w writer
	var open []Entity
	starts := make([]int, len(p.out))
	for i, it := range p.out {
		switch it.what {
		case pieceText:
			w.write(it.text)
		case pieceWhole:
			it.entity.Offset = w.units
			w.write(it.text)
			w.end(it.entity)
		case pieceOpen:
			it.entity.Offset = w.units
			open = append(open, it.entity)
		case pieceClose:
			w.end(open[len(open)-1])
			open = open[:len(open)-1]
		case pieceMark:
			switch mate := it.mate - 1; {
			case mate < 0:
				w.write(it.text)
			case mate > i:
				starts[i] = w.units
			default:
				it.entity.Offset = starts[mate]
				w.end(it.entity)
			}
		}
	}
	return w.finish()
}

// scanner cuts a text into pieces.
type scanner struct {
	src     string
	i       int
	out     []piece
	plain   []byte // text that is not in out yet
	quoted  bool   // inside a quotation
	linkEnd int    // where the address of the open link begins: its ](; 0 when none is open
	after   int    // and where the link ends
	closer  int    // the next ] from here on, so that it is looked for once
	noFence bool   // no ``` follows
	noTick  bool   // no ` follows
}

func (p *scanner) scan() {
	for p.i < len(p.src) {
		if p.linkEnd > 0 && p.i == p.linkEnd {
			p.flush(piece{what: pieceClose})
			p.i, p.linkEnd = p.after, 0
			continue
		}
		if (p.i == 0 || p.src[p.i-1] == '\n') && p.linkEnd == 0 && p.quote() {
			continue
		}
		switch c := p.src[p.i]; {
		case c == '\\' && p.i+1 < len(p.src) && punctuation(p.src[p.i+1]):
			p.plain = append(p.plain, p.src[p.i+1])
			p.i += 2
		case c == '`':
			p.code()
		case (c == '[' || c == '!' && strings.HasPrefix(p.src[p.i:], "![")) && p.linkEnd == 0 && p.link():
		case (c == '*' || c == '_' || c == '~' || c == '|') && p.mark():
		default:
			p.plain = append(p.plain, c)
			p.i++
		}
	}
	if p.linkEnd > 0 {
		p.flush(piece{what: pieceClose})
	}
	if p.quoted {
		p.flush(piece{what: pieceClose})
	}
	p.flush(piece{})
}

// flush puts the plain text before the piece.
func (p *scanner) flush(it piece) {
	if len(p.plain) > 0 {
		p.out = append(p.out, piece{text: string(p.plain)})
		p.plain = p.plain[:0]
	}
	if it.what != pieceText {
		p.out = append(p.out, it)
	}
}

// quote handles the beginning of a line: a quotation begins, goes on or ends.
// It reports whether it took something.
func (p *scanner) quote() bool {
	if p.src[p.i] != '>' {
		if p.quoted {
			p.quoted = false
			// The newline before this line is not part of the quotation.
			newline := len(p.plain) > 0
			if newline {
				p.plain = p.plain[:len(p.plain)-1]
			}
			p.flush(piece{what: pieceClose})
			if newline {
				p.plain = append(p.plain, '\n')
			}
		}
		return false
	}
	p.i++
	if strings.HasPrefix(p.src[p.i:], " ") {
		p.i++
	}
	if !p.quoted {
		p.quoted = true
		p.flush(piece{what: pieceOpen, entity: Entity{Kind: Quote}})
	}
	return true
}

// code takes `code` or ```pre```, or the marks as text.
func (p *scanner) code() {
	rest := p.src[p.i:]
	if body, ok := strings.CutPrefix(rest, "```"); ok {
		end := -1
		if !p.noFence {
			end = strings.Index(body, "```")
			p.noFence = end < 0
		}
		if end <= 0 {
			p.plain = append(p.plain, "```"...)
			p.i += 3
			return
		}
		p.i += 3 + end + 3
		lang, text := fence(body[:end])
		p.flush(piece{what: pieceWhole, text: text, entity: Entity{Kind: Pre, Value: lang}})
		return
	}
	end := -1
	if !p.noTick {
		end = strings.IndexByte(rest[1:], '`')
		p.noTick = end < 0
	}
	if end <= 0 {
		n := 2 + end // both marks of an empty one
		p.plain = append(p.plain, rest[:n]...)
		p.i += n
		return
	}
	p.i += end + 2
	p.flush(piece{what: pieceWhole, text: rest[1 : 1+end], entity: Entity{Kind: Code}})
}

// fence splits what stands between ``` into its language and its text.
func fence(s string) (lang, text string) {
	first, rest, found := strings.Cut(s, "\n")
	if found && !strings.ContainsAny(strings.TrimRight(first, " \t\r"), " \t") {
		lang, s = strings.TrimSpace(first), rest
	}
	if t := strings.TrimSuffix(s, "\n"); t != "" {
		s = t
	}
	return lang, s
}

// mark takes one of marks.
func (p *scanner) mark() bool {
	for _, m := range marks {
		if strings.HasPrefix(p.src[p.i:], m.text) {
			p.flush(piece{what: pieceMark, text: m.text, entity: Entity{Kind: m.kind}})
			p.i += len(m.text)
			return true
		}
	}
	return false
}

// link takes the [ of a link that is whole, or the ![ of a custom emoji.
func (p *scanner) link() bool {
	from := p.i
	emoji := p.src[from] == '!'
	if emoji {
		from++
	}
	if p.closer <= from {
		p.closer = unescaped(p.src, from+1, ']', len(p.src))
	}
	end := p.closer
	if end >= len(p.src) || end == from+1 || !strings.HasPrefix(p.src[end:], "](") || strings.IndexByte(p.src[from+1:end], '[') >= 0 {
		return false
	}
	to := address(p.src, end+2)
	if to < 0 {
		return false
	}
	e := link(unescape(p.src[end+2 : to]))
	if emoji && e.Kind != Emoji {
		return false
	}
	p.flush(piece{what: pieceOpen, entity: e})
	p.i, p.linkEnd, p.after = from+1, end, to+1
	return true
}

// address finds the ) that ends the address at i; brackets inside it are in
// pairs or escaped. It is -1 when there is none.
func address(s string, i int) int {
	depth, from := 0, i
	for ; i < len(s) && i-from <= longest; i++ {
		switch s[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth < 0 {
				if i == from {
					return -1
				}
				return i
			}
		case ' ', '\n', '\t':
			return -1
		}
	}
	return -1
}

// unescaped finds c from i on, where no backslash stands before it; otherwise
// is returned when it is not there.
func unescaped(s string, i int, c byte, otherwise int) int {
	for ; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case c:
			return i
		}
	}
	return otherwise
}

func unescape(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && punctuation(s[i+1]) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// pair finds for each mark the next one of its kind that has text between.
func (p *scanner) pair() {
	open := map[Kind]int{} // the index + 1 of the mark that is open
	seen := map[Kind]int{} // how many texts there were then
	texts := 0
	for i := range p.out {
		it := &p.out[i]
		if it.what != pieceMark {
			if it.text != "" {
				texts++
			}
			continue
		}
		k := it.entity.Kind
		if at := open[k]; at > 0 && texts > seen[k] {
			it.mate, p.out[at-1].mate = at, i+1
			open[k] = 0
			continue
		}
		open[k], seen[k] = i+1, texts
	}
}
