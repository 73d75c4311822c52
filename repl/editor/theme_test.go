package editor

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"tlsh/internal/vt"
)

func TestDepthOf(t *testing.T) {
	for env, want := range map[string]Depth{
		"TERM=xterm": Colors16, "TERM=linux": Colors16, "TERM=xterm-256color": Colors256, "TERM=tmux-256color COLORTERM=": Colors256,
		"TERM=xterm-256color COLORTERM=truecolor": TrueColor, "TERM=xterm COLORTERM=24bit": TrueColor, "TERM=xterm-direct": TrueColor, "": Colors16,
	} {
		if got := DepthOf(environment(strings.Fields(env)...)); got != want {
			t.Errorf("%s: %d, want %d", env, got, want)
		}
	}
}

func TestBackground(t *testing.T) {
	for reply, want := range map[string]string{
		"\x1b]11;rgb:ffff/ffff/ffff\x1b\\": "light", "\x1b]11;rgb:0000/0000/0000\x07": "dark", "\x1b]11;rgb:f/f/e\x07": "light",
		"\x1b]11;rgb:1e/1e/2e\x07": "dark", "\x1b]11;rgba:fdfd/f6f6/e3e3/ffff\x07": "light", "\x1b]11;rgb:002b/0036/0042\x07": "dark",
		"\x1b]11;rgb:zz/0/0\x07": "", "\x1b]11;rgb:1/1\x07": "", "\x1b]11;red\x07": "", "\x1b]11;rgb:00000/0/0\x07": "", "x": "",
	} {
		if got := parseBackground(reply); got != want {
			t.Errorf("%q is %q, want %q", reply, got, want)
		}
	}
	for v, want := range map[string]string{"15;0": "dark", "0;15": "light", "0;default;7": "light", "15;8": "dark", "": "", "x": "", "0;16": "", "0;default": ""} {
		if got := background(v); got != want {
			t.Errorf("COLORFGBG=%s is %q, want %q", v, got, want)
		}
	}
}

// Every colour of a theme can be read on its background, at every depth.
// Source: https://www.w3.org/TR/WCAG22/#contrast-minimum, a ratio of 4.5.
func TestContrast(t *testing.T) {
	backgrounds := map[string][]uint32{"dark": {0x000000, 0x1e1e1e, 0x002b36}, "light": {0xffffff, 0xfdf6e3}}
	for theme, table := range looks {
		if len(backgrounds[theme]) == 0 {
			t.Fatalf("no background for %s", theme)
		}
		for role := Request; role < escaped; role++ {
			l, ok := table[role]
			if role == Current {
				continue // it is bold and underlined, in the terminal's own colour
			}
			if !ok {
				t.Errorf("%s has no colour for role %d", theme, role)
			}
			fixed := fixedColor(nearest(int(l.rgb>>16), int(l.rgb>>8&0xff), int(l.rgb&0xff)))
			for _, bg := range backgrounds[theme] {
				if c := contrast(l.rgb, bg); c < 4.5 {
					t.Errorf("%s: #%06x on #%06x has the contrast %.2f", theme, l.rgb, bg, c)
				}
				if c := contrast(fixed, bg); c < 4.5 {
					t.Errorf("%s: #%06x, of 256 for #%06x, on #%06x has the contrast %.2f", theme, fixed, l.rgb, bg, c)
				}
			}
		}
	}
}

// fixedColor is the colour of a number from 16 to 255.
func fixedColor(n int) uint32 {
	if n >= 232 {
		return uint32(8+10*(n-232)) * 0x010101
	}
	n -= 16
	return uint32(cube[n/36]<<16 | cube[n/6%6]<<8 | cube[n%6])
}

func contrast(a, b uint32) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(c uint32) float64 {
	part := func(v uint32) float64 {
		f := float64(v&0xff) / 255
		if f <= 0.04045 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return 0.2126*part(c>>16) + 0.7152*part(c>>8) + 0.0722*part(c)
}

// No fixed colour is nearer than the one that nearest finds.
func TestNearest(t *testing.T) {
	far := func(n int, c uint32) int {
		f := fixedColor(n)
		d := func(shift int) int { return int(f>>shift&0xff) - int(c>>shift&0xff) }
		return d(16)*d(16) + d(8)*d(8) + d(0)*d(0)
	}
	for c := uint32(0); c < 1<<24; c += 0x01234f {
		got := nearest(int(c>>16), int(c>>8&0xff), int(c&0xff))
		for n := 16; n < 256; n++ {
			if far(n, c) < far(got, c) {
				t.Fatalf("#%06x: %d is nearer than %d", c, n, got)
			}
		}
	}
}

// The terminal is asked for its background once; its answer changes the colours, is
// never typed into a line, and no line ends before it unless it does not come.
func TestAskBackground(t *testing.T) {
	reply := keys("\x1b]11;rgb:ffff/ffff/ffff\x1b\\")
	r := newRig(t, 60, 8, newToy(), func(c *Config) { c.Getenv = environment("TERM=xterm-256color") })
	asked := 0
	r.term.vt.OnAskBackground = func() { asked++ }
	light := newStyle(Colors256, "light").colors(Request)
	styled := func(want bool) {
		t.Helper()
		var l vt.Legend
		r.term.mu.Lock()
		r.term.vt.Dump(&l)
		r.term.mu.Unlock()
		if got := strings.Contains(fmt.Sprint(l.Styles), light); got != want {
			t.Errorf("styles %q, want light ones: %v", l.Styles, want)
		}
	}
	r.start().press("help.getConfig")
	styled(false)
	for _, c := range reply {
		r.term.send(string(c))
	}
	r.settle()
	styled(true)
	r.press("<Enter>").want("help.getConfig")
	r.start().press("x<Enter>").want("x")
	if asked != 1 {
		t.Errorf("asked %d times", asked)
	}

	r = newRig(t, 60, 8, newToy(), func(c *Config) { c.Getenv = environment("TERM=xterm-256color") })
	r.term.vt.OnAskBackground = func() { go r.term.send("y" + reply + "z") } // while the line ends
	r.term.send(keys("fast<Enter>"))
	r.start().want("fast")
	r.start().press("<Enter>").want("yz")

	r = newRig(t, 60, 8, newToy(), func(c *Config) { c.Getenv = environment("TERM=xterm-256color") })
	r.start().press("no answer<Enter>").want("no answer")
	if err := r.e.SetTheme("purple"); err == nil || !strings.Contains(err.Error(), "auto, dark, light, terminal") {
		t.Error(err)
	}
}
