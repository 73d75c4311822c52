package eval

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"rsc.io/qr"
)

// quiet is the light margin of a QR code, in modules; the standard wants 4, and
// phones are content with 2.
const quiet = 2

// drawQR is a link as a QR code of half blocks, with what to do with it, and the
// link itself. On a terminal it takes the place of the one before.
func (p *person) drawQR(link string, until time.Time) []byte {
	var b bytes.Buffer
	if p.drawn > 0 && p.cfg.ErrTerminal {
		fmt.Fprintf(&b, "\x1b[%dA\x1b[J", p.drawn)
	}
	from := b.Len()
	if code, err := qr.Encode(link, qr.L); err == nil && p.cfg.ErrTerminal {
		light, dark := "", ""
		if p.cfg.ErrView.Color { // the colours that scanners want, whatever the terminal's are
			light, dark = "\x1b[30;107m", "\x1b[m"
		}
		for y := -quiet; y < code.Size+quiet; y += 2 {
			b.WriteString(light)
			for x := -quiet; x < code.Size+quiet; x++ {
				b.WriteString(halfBlock(code.Black(x, y), code.Black(x, y+1), p.cfg.ErrView.Color))
			}
			b.WriteString(dark + "\n")
		}
	}
	b.WriteString(p.laidOut("Scan it with a Telegram app that is signed in: Settings, Devices, Link Desktop Device. Or open this there:", 0))
	b.WriteString("\n" + link + "\n")
	left := ""
	if d := until.Sub(p.cfg.Now()).Round(time.Second); d > 0 {
		left = fmt.Sprintf("It is good for %s, and replaced then. ", d)
	}
	b.WriteString(p.laidOut(left+"Ctrl-C gives up.", 0))
	p.drawn = strings.Count(b.String()[from:], "\n") + 1
	if w := p.cfg.ErrView.Width; w > 0 {
		p.drawn += (len(link) - 1) / w // rows that the link goes on in
	}
	return b.Bytes()
}

// halfBlock is two modules, one above the other. Without colours the light ones
// are drawn, as for light letters on a dark ground.
func halfBlock(upper, lower, colored bool) string {
	if !colored {
		upper, lower = !upper, !lower
	}
	switch {
	case upper && lower:
		return "█"
	case upper:
		return "▀"
	case lower:
		return "▄"
	}
	return " "
}
