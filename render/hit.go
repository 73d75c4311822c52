package render

// AppendHit is a line of a search: what it is, its name with the bytes that
// were looked for marked, whose it is, and a sentence about it. The line is cut
// at the width.
func AppendHit(dst []byte, kind, hit, of, summary string, match []int, opt Options) []byte {
	w := newWriter(dst, &opt)
	w.rigid = true
	const kinds = 11 // the widest of them: constructor
	w.put(dim, kind)
	for range kinds - min(len(kind), kinds) + 1 {
		w.put(plain, " ")
	}
	marked := make(map[int]bool, len(match))
	for _, m := range match {
		marked[m] = true
	}
	for i := 0; i < len(hit); {
		j := i
		for j < len(hit) && marked[j] == marked[i] {
			j++
		}
		st := typing
		if marked[i] {
			st = fix
		}
		w.put(st, Escape(hit[i:j]))
		i = j
	}
	rest := ""
	if of != "" {
		rest = "of " + Escape(of)
	}
	if summary != "" {
		if rest != "" {
			rest += ": "
		}
		rest += Escape(summary)
	}
	const names = 36 // where the sentences begin, if the name lets them
	gap := 2
	if w.col < kinds+1+names {
		gap = max(gap, kinds+1+names-w.col)
	}
	if room := opt.width() - w.col - gap; rest != "" && room > 8 {
		for range gap {
			w.put(plain, " ")
		}
		w.put(plain, clip(rest, room))
	}
	return w.b
}
