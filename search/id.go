package search

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// idEntry is an entry by its constructor id.
type idEntry struct {
	id    uint32
	entry int32
}

// byIDs finds a constructor id in hexadecimal, or its beginning where that says
// that it is an id.
func (x *Index) byIDs(q *query, best *top) {
	if n, ok := x.hexID(q); ok {
		best.add(candidate{n, 200})
		return
	}
	digits, said := hexDigits(q.raw)
	const short = 4 // below it a beginning says too little
	if len(digits) < short || len(digits) >= 8 || !said && !(len(digits) >= 6 && strings.ContainsAny(digits, "0123456789")) {
		return
	}
	from, err := strconv.ParseUint(digits+strings.Repeat("0", 8-len(digits)), 16, 32)
	if err != nil {
		return
	}
	to := from + 1<<(4*(8-len(digits))) - 1
	at, _ := slices.BinarySearchFunc(x.byID, uint32(from), func(e idEntry, id uint32) int { return cmp.Compare(e.id, id) })
	for ; at < len(x.byID) && uint64(x.byID[at].id) <= to; at++ {
		best.add(candidate{x.byID[at].entry, 100})
	}
}

// hexDigits are the digits of a text that is a hexadecimal number; said reports
// that it begins as one.
func hexDigits(text string) (digits string, said bool) {
	text = strings.ToLower(text)
	digits = strings.TrimPrefix(strings.TrimPrefix(text, "0x"), "#")
	if strings.Trim(digits, "0123456789abcdef") != "" {
		return "", false
	}
	return digits, digits != text
}

// hexID is the entry of the id that a query is.
func (x *Index) hexID(q *query) (entry int32, ok bool) {
	text, _ := hexDigits(q.raw)
	if len(text) >= 6 && len(text) <= 8 {
		if id, err := strconv.ParseUint(text, 16, 32); err == nil {
			if entry, ok = x.ofID(uint32(id)); ok {
				return entry, ok
			}
		}
	}
	// Some libraries print it as a signed or an unsigned number.
	if id, err := strconv.ParseInt(q.raw, 10, 64); len(q.raw) >= 6 && err == nil && (int64(int32(id)) == id || int64(uint32(id)) == id) {
		return x.ofID(uint32(id))
	}
	return 0, false
}

func (x *Index) ofID(id uint32) (entry int32, ok bool) {
	at, ok := slices.BinarySearchFunc(x.byID, id, func(e idEntry, id uint32) int { return cmp.Compare(e.id, id) })
	if !ok {
		return 0, false
	}
	return x.byID[at].entry, true
}
