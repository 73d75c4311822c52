package editor

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Depth is how many colours a terminal shows.
type Depth uint8

// The depths: the sixteen of the terminal's own palette, 256, all.
const (
	Colors16 Depth = iota
	Colors256
	TrueColor
)

// DepthOf is the depth that the environment speaks of, in COLORTERM and TERM.
func DepthOf(getenv func(string) string) Depth {
	term := getenv("TERM")
	switch colorterm := getenv("COLORTERM"); {
	case colorterm == "truecolor", colorterm == "24bit", strings.HasSuffix(term, "-direct"):
		return TrueColor
	case strings.Contains(term, "256color"):
		return Colors256
	}
	return Colors16
}

// Themes are the names that SetTheme takes. With "auto" the colours follow the
// terminal's background, as far as it says what that is, and are those of "terminal"
// until then: the sixteen of its own palette, which suit any background.
func Themes() []string { return []string{"auto", "dark", "light", "terminal"} }

// look is how a role looks in a theme: a colour, and bold.
type look struct {
	rgb  uint32
	bold bool
}

// looks are the themes by their background.
var looks = map[string]map[Role]look{
	"dark": {
		Request: {0x7ee787, true}, Parameter: {0x79c0ff, false}, Constructor: {0xa5d6ff, false}, String: {0xf2cc60, false},
		Number: {0xd2a8ff, false}, Peer: {0xff9bce, true}, Variable: {0x56d4dd, true}, Command: {0x79c0ff, true},
		Comment: {0x949ca5, false}, Operator: {0x949ca5, false}, Dim: {0x949ca5, false}, Error: {0xff8f87, false},
		Good: {0x7ee787, true}, Warn: {0xf2cc60, true}, Alert: {0xff8f87, true},
	},
	"light": {
		Request: {0x116329, true}, Parameter: {0x0550ae, false}, Constructor: {0x0a3069, false}, String: {0x744500, false},
		Number: {0x6f36cc, false}, Peer: {0x9f2370, true}, Variable: {0x0f5e66, true}, Command: {0x0550ae, true},
		Comment: {0x57606a, false}, Operator: {0x57606a, false}, Dim: {0x57606a, false}, Error: {0xb91c2b, false},
		Good: {0x116329, true}, Warn: {0x744500, true}, Alert: {0xb91c2b, true},
	},
}

// sgr is the parameters of a look at a depth.
func (l look) sgr(d Depth) string {
	r, g, b := l.rgb>>16, l.rgb>>8&0xff, l.rgb&0xff
	s := fmt.Sprintf("38;2;%d;%d;%d", r, g, b)
	if d == Colors256 {
		s = "38;5;" + strconv.Itoa(nearest(int(r), int(g), int(b)))
	}
	if l.bold {
		s = "1;" + s
	}
	return s
}

// cube are the steps of a component in the 6 × 6 × 6 cube of the 256 colours.
// Source: https://invisible-island.net/xterm/ctlseqs/ctlseqs.html and 256colres.pl.
var cube = [...]int{0, 95, 135, 175, 215, 255}

// nearest is the one of the 240 fixed colours, the cube and the greys, that differs
// least.
func nearest(r, g, b int) int {
	step := func(v int) (index int) {
		for i, c := range cube {
			if abs(c-v) < abs(cube[index]-v) {
				index = i
			}
		}
		return index
	}
	far := func(x, y, z int) int { return (x-r)*(x-r) + (y-g)*(y-g) + (z-b)*(z-b) }
	i, j, k := step(r), step(g), step(b)
	best, least := 16+36*i+6*j+k, far(cube[i], cube[j], cube[k])
	for n := range 24 {
		if v := 8 + 10*n; far(v, v, v) < least {
			best, least = 232+n, far(v, v, v)
		}
	}
	return best
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

// newStyle is the coloured style for a theme of looks, or for the palette of the
// terminal.
func newStyle(d Depth, theme string) style {
	st := style{color: true}
	table := looks[theme]
	if d < Colors256 || table == nil {
		return st
	}
	st.roles = new([escaped]string)
	for r, l := range table {
		st.roles[r] = l.sgr(d)
	}
	st.roles[Current] = "1;4"
	return st
}

// background is what is known of the terminal's background: light, dark, or "".
func background(colorFGBG string) string {
	// COLORFGBG is rxvt's: the numbers of the sixteen colours, the background last.
	_, last, _ := cutLast(colorFGBG, ";")
	switch n, err := strconv.Atoi(last); {
	case err != nil || n > 15 || n < 0:
		return ""
	case n == 7 || n >= 9:
		return "light"
	}
	return "dark"
}

func cutLast(s, sep string) (before, after string, ok bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return "", s, false
}

// askBackground asks the terminal for its background; the answer is among the keys.
// Source: xterm's ctlseqs, Operating System Command 11.
const askBackground = "\x1b]11;?\x1b\\"

const backgroundReply = "\x1b]11;"

// parseBackground reads the answer, as \x1b]11;rgb:RRRR/GGGG/BBBB\x1b\\ with one to four
// digits for each; it is "" where that is something else.
func parseBackground(reply string) string {
	text, ok := strings.CutPrefix(reply, backgroundReply)
	text = strings.TrimSuffix(strings.TrimSuffix(text, "\x07"), "\x1b\\")
	text, rgb := strings.CutPrefix(text, "rgb:")
	if !rgb {
		text, rgb = strings.CutPrefix(text, "rgba:")
	}
	parts := strings.Split(text, "/")
	if !ok || !rgb || len(parts) < 3 {
		return ""
	}
	var c [3]float64
	for i := range c {
		n, err := strconv.ParseUint(parts[i], 16, 16)
		if err != nil || len(parts[i]) > 4 {
			return ""
		}
		c[i] = float64(n) / float64(uint(1)<<(4*len(parts[i]))-1)
	}
	if 0.299*c[0]+0.587*c[1]+0.114*c[2] > 0.5 { // the luma of ITU-R BT.601
		return "light"
	}
	return "dark"
}

// SetTheme changes the colours, as one of Themes says. It may be called from any
// goroutine.
func (e *Editor) SetTheme(name string) error {
	if !slices.Contains(Themes(), name) {
		return fmt.Errorf("no theme %q: there are %s", name, strings.Join(Themes(), ", "))
	}
	e.mu.Lock()
	e.theme = name
	e.mu.Unlock()
	e.restyle()
	return nil
}

// SetColor turns the colours on or off; they are on from the beginning unless NO_COLOR
// is set (https://no-color.org). It may be called from any goroutine.
func (e *Editor) SetColor(on bool) {
	e.mu.Lock()
	e.color = on
	e.mu.Unlock()
	e.restyle()
}

// restyle draws in the colours of the theme.
func (e *Editor) restyle() {
	e.mu.Lock()
	theme := e.theme
	if theme == "auto" {
		theme = e.background
	}
	var st style
	if e.color {
		st = newStyle(e.depth, theme)
	}
	e.mu.Unlock()
	e.screen.restyle(st)
}

// wantsBackground reports, once, that the terminal is to be asked for its background.
func (e *Editor) wantsBackground() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.asked || !e.color || e.theme != "auto" || e.background != "" || e.depth < Colors256 {
		return false
	}
	e.asked = true
	return true
}

// learnBackground takes an answer of the terminal.
func (e *Editor) learnBackground(reply string) {
	e.mu.Lock()
	e.background = parseBackground(reply)
	e.mu.Unlock()
	e.restyle()
}
