package render

// proseColumns is where text for people is broken when nothing says how wide
// its place is.
const proseColumns = 100

// Prose lays out a page of text for people: headings, paragraphs, lists of
// terms. What it is given may come from anywhere: it is escaped here.
type Prose struct{ w *writer }

// NewProse begins a page.
func NewProse(opt Options) *Prose {
	if opt.Width <= 0 {
		opt.Width = proseColumns
	}
	return &Prose{newWriter(nil, &opt)}
}

// Bytes is the page, with a newline at its end.
func (p *Prose) Bytes() []byte {
	if n := len(p.w.b); n > 0 && p.w.b[n-1] != '\n' {
		return append(p.w.b, '\n')
	}
	return p.w.b
}

// begin begins a line.
func (p *Prose) begin(indent, hang int) {
	if len(p.w.b) > 0 {
		p.w.line(0)
	}
	for range indent {
		p.w.b = append(p.w.b, ' ')
	}
	p.w.col, p.w.gap, p.w.indent = indent, false, hang
}

// Blank leaves a line empty.
func (p *Prose) Blank() { p.begin(0, 0) }

// Title is a name at the beginning of a page, and what is said about it.
func (p *Prose) Title(name, rest string) {
	p.begin(0, 4)
	p.w.words(typing, name)
	if rest != "" {
		p.w.space()
		p.w.words(dim, rest)
	}
}

// Section is a heading.
func (p *Prose) Section(title string) {
	p.Blank()
	p.begin(0, 0)
	p.w.words(dim, title)
}

// Text is a paragraph.
func (p *Prose) Text(indent int, s string) {
	p.begin(indent, indent)
	p.w.words(plain, s)
}

// Code is a line to type, or a definition: its further lines stand farther in.
func (p *Prose) Code(indent int, s string) {
	p.begin(indent, indent+2)
	p.w.words(text, s)
}

// itemRoom is how many columns a text beside its term must have; where the place is
// narrower, it stands below the term.
const itemRoom = 20

// Item is a term and what is said about it: a note in brackets or a type,
// dim, and a text. The text begins in that column, and so do its further lines; on
// a narrow page it stands below the term.
func (p *Prose) Item(indent, column int, term, note, s string) {
	below := p.narrow(column) && column > indent
	if below {
		column = indent + belowIndent
	}
	p.begin(indent, column)
	p.w.words(field, term)
	if note == "" && s == "" {
		return
	}
	if below {
		p.w.wrap()
	}
	for column = max(column, p.w.col+2); !below && p.w.col < column; p.w.col++ {
		p.w.b = append(p.w.b, ' ')
	}
	if note != "" {
		p.w.words(dim, note)
		p.w.space()
	}
	if note != "" && s != "" {
		p.w.words(dim, "–")
		p.w.space()
	}
	if s != "" {
		p.w.words(plain, s)
	}
}

// belowIndent is how much farther in than its term a text below it stands.
const belowIndent = 4

// narrow reports that there is no room for a text in that column.
func (p *Prose) narrow(column int) bool { return p.w.width-column < itemRoom }

// Under is a text below an Item of that indent, in that column.
func (p *Prose) Under(indent, column int, s string) {
	if p.narrow(column) {
		column = indent + belowIndent
	}
	p.begin(column, column)
	p.w.words(plain, s)
}
