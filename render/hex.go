package render

import "encoding/hex"

// AppendHex appends b in lower-case hexadecimal on one line, as `decode hex:…`
// reads it.
func AppendHex(dst, b []byte) []byte { return hex.AppendEncode(dst, b) }

// AppendHexDump appends b for people: on each line the offset of its first
// byte, in hexadecimal with at least four digits, up to 16 bytes in groups of
// four (what TL is made of), and the same bytes as ASCII, a dot for all that
// is not printable. Narrow terminals get 8 or 4 bytes a line. Nothing is
// appended for no bytes.
func AppendHexDump(dst, b []byte, opt Options) []byte {
	pal, width := opt.palette(), opt.width()
	digits := 4
	for len(b)>>(4*digits) != 0 {
		digits += 2
	}
	n := 16
	for n > 4 && digits+2+n*2+n/4+1+n > width {
		n /= 2
	}
	ascii := digits+2+n*2+n/4+1+n <= width
	for off := 0; off < len(b); off += n {
		if off > 0 {
			dst = append(dst, '\n')
		}
		row := b[off:min(off+n, len(b))]
		dst = append(dst, pal[dim].on...)
		for shift := 4 * (digits - 1); shift >= 0; shift -= 4 {
			dst = append(dst, hexDigits[off>>shift&15])
		}
		dst = append(dst, pal[dim].off...)
		dst = append(dst, ' ')
		for i := range n {
			if i%4 == 0 && (ascii || i < len(row)) {
				dst = append(dst, ' ')
			}
			if i < len(row) {
				dst = append(dst, hexDigits[row[i]>>4], hexDigits[row[i]&15])
			} else if ascii {
				dst = append(dst, ' ', ' ')
			}
		}
		if ascii {
			dst = append(dst, ' ', ' ')
			dst = append(dst, pal[text].on...)
			for _, c := range row {
				if c < ' ' || c > '~' {
					c = '.'
				}
				dst = append(dst, c)
			}
			dst = append(dst, pal[text].off...)
		}
	}
	return dst
}
