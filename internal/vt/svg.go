package vt

import (
	"fmt"
	"html"
	"strconv"
	"strings"
)

// The measures of a picture, in pixels. Every run of a style is stretched to its
// cells, so that any fixed-width font gives the same picture.
const (
	cellWidth  = 8.4
	cellHeight = 19
	margin     = 14
	titleBar   = 30
	fontSize   = 14
)

// The colours of a picture: a dark terminal's.
const (
	paper = "#1b1f27"
	ink   = "#d5dae3"
	bar   = "#262b36"
)

// palette are the sixteen colours of the picture's terminal.
var palette = [...]string{
	"#3b4252", "#ff7b72", "#7ee787", "#e3b341", "#79c0ff", "#d2a8ff", "#56d4dd", "#d5dae3",
	"#949ca5", "#ff8f87", "#a6f0ad", "#f2cc60", "#a5d6ff", "#e2c5ff", "#8be9f0", "#ffffff",
}

// font is what draws one run of cells.
type font struct {
	color, back                   string // "" is the terminal's own
	bold, dim, italic, under, rev bool
}

// parseSGR reads SGR parameters. What it does not know changes nothing.
// Source: ECMA-48, 8.3.117, and xterm's ctlseqs for 256 colours and more.
func parseSGR(params string) (f font) {
	parts := strings.Split(params, ";")
	for i := 0; i < len(parts); i++ {
		n, err := strconv.Atoi(parts[i])
		if err != nil {
			continue
		}
		switch {
		case n == 1:
			f.bold = true
		case n == 2:
			f.dim = true
		case n == 3:
			f.italic = true
		case n == 4:
			f.under = true
		case n == 7:
			f.rev = true
		case n == 22:
			f.bold, f.dim = false, false
		case n >= 30 && n <= 37:
			f.color = palette[n-30]
		case n >= 90 && n <= 97:
			f.color = palette[n-90+8]
		case n >= 40 && n <= 47:
			f.back = palette[n-40]
		case n == 39:
			f.color = ""
		case n == 49:
			f.back = ""
		case (n == 38 || n == 48) && i+4 < len(parts) && parts[i+1] == "2":
			c := fmt.Sprintf("#%02x%02x%02x", number(parts[i+2]), number(parts[i+3]), number(parts[i+4]))
			if i += 4; n == 38 {
				f.color = c
			} else {
				f.back = c
			}
		}
	}
	return f
}

func number(s string) int {
	n, _ := strconv.Atoi(s) // 0 where it is none
	return n & 0xff
}

// SVG is a picture of the screen in a window with a title, without the blank rows at
// its end. The cursor is shown unless it is hidden.
func (v *Screen) SVG(title string) string {
	rows := max(len(strings.Split(v.Text(), "\n")), v.Y+1)
	width, height := cellWidth*float64(v.Cols)+2*margin, titleBar+cellHeight*rows+margin
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%d" viewBox="0 0 %.0f %d">`+"\n", width, height, width, height)
	fmt.Fprintf(&b, "<title>%s</title>\n", html.EscapeString(title))
	fmt.Fprintf(&b, `<rect width="%.0f" height="%d" rx="8" fill="%s"/>`+"\n", width, height, paper)
	fmt.Fprintf(&b, `<path d="M0 %d V8 A8 8 0 0 1 8 0 H%.0f A8 8 0 0 1 %.0f 8 V%d Z" fill="%s"/>`+"\n", titleBar-8, width-8, width, titleBar-8, bar)
	for i, c := range []string{"#ff5f57", "#febc2e", "#28c840"} {
		fmt.Fprintf(&b, `<circle cx="%d" cy="11" r="5" fill="%s"/>`+"\n", margin+4+18*i, c)
	}
	fmt.Fprintf(&b, `<g font-family="ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace" font-size="%d" fill="%s" xml:space="preserve">`+"\n", fontSize, ink)
	fmt.Fprintf(&b, `<text x="%.0f" y="15" font-size="12" fill="#949ca5" text-anchor="middle">%s</text>`+"\n", width/2, html.EscapeString(title))
	if !v.Hidden {
		fmt.Fprintf(&b, `<rect x="%s" y="%d" width="%s" height="%d" fill="%s" opacity="0.45"/>`+"\n",
			pixels(v.X), titleBar+cellHeight*v.Y, size(1), cellHeight, ink)
	}
	for y := range rows {
		v.svgRow(&b, y)
	}
	b.WriteString("</g>\n</svg>\n")
	return b.String()
}

// svgRow draws one row, a run of a style after the other.
func (v *Screen) svgRow(b *strings.Builder, y int) {
	cells := v.Lines[y].Cells
	for x := 0; x < len(cells); {
		end := x + 1
		for end < len(cells) && cells[end].SGR == cells[x].SGR {
			end++
		}
		var text strings.Builder
		for _, c := range cells[x:end] {
			text.WriteString(c.Text)
		}
		drawRun(b, x, y, end-x, text.String(), parseSGR(cells[x].SGR))
		x = end
	}
}

// drawRun draws a run of n cells. Blanks at its ends are only drawn where they show.
func drawRun(b *strings.Builder, x, y, n int, text string, f font) {
	color, back := f.color, f.back
	if f.rev {
		if color, back = back, color; back == "" {
			back = ink
		}
		if color == "" {
			color = paper
		}
	}
	if back != "" {
		fmt.Fprintf(b, `<rect x="%s" y="%d" width="%s" height="%d" fill="%s"/>`, pixels(x), titleBar+cellHeight*y, size(n), cellHeight, back)
	}
	if !f.under {
		short := strings.TrimLeft(text, " ")
		x, n = x+len(text)-len(short), n-(len(text)-len(short))
		text = strings.TrimRight(short, " ")
		n -= len(short) - len(text)
	}
	if text == "" {
		if back != "" {
			b.WriteByte('\n')
		}
		return
	}
	fmt.Fprintf(b, `<text x="%s" y="%d" textLength="%s"`, pixels(x), titleBar+cellHeight*y+14, size(n))
	if color != "" {
		fmt.Fprintf(b, ` fill="%s"`, color)
	}
	for _, a := range []struct {
		on   bool
		text string
	}{{f.bold, ` font-weight="bold"`}, {f.italic, ` font-style="italic"`}, {f.under, ` text-decoration="underline"`}, {f.dim, ` opacity="0.6"`}} {
		if a.on {
			b.WriteString(a.text)
		}
	}
	fmt.Fprintf(b, ">%s</text>\n", html.EscapeString(text))
}

// pixels is where a column begins, size how wide so many cells are.
func pixels(x int) string { return trim(margin + cellWidth*float64(x)) }
func size(n int) string   { return trim(cellWidth * float64(n)) }

func trim(f float64) string { return strconv.FormatFloat(float64(int(f*10+0.5))/10, 'f', -1, 64) }
