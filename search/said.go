package search

// What it adds that people say for an entry what the query says: the same words,
// and less the more words there are on one side alone.
const (
	likePhrase  = 12
	exactPhrase = 34 // the same words in the same order
	knownPhrase = 6  // what makes up for that the entry is rare, where all is said of it
)

// said is how much the query is like what people say for an entry: the best of
// its phrases counts, so that one of which many things are said is not found by
// a word from each. all is the weight of the query's terms that are not weak.
func (x *Index) said(e *entry, q *query, sc *scratch, all float32) float32 {
	var best float32
	for i := range e.also {
		p := &e.also[i]
		if p.text == q.phrase {
			return exactPhrase
		}
		var hit [maxTerms]float32
		var have, there float32
		for _, t := range p.terms {
			w := x.weights[t]
			there += w
			if m := sc.means[t]; m.how > 0 {
				have += w * m.how
				hit[m.term] = max(hit[m.term], m.how)
			}
		}
		if have == 0 {
			continue
		}
		var asked float32
		for j := range q.terms {
			if !q.terms[j].weak {
				asked += hit[j] * q.terms[j].weight
			}
		}
		if all == 0 {
			continue
		}
		recall, precision := asked/all, have/there
		like := likePhrase * recall * recall * (0.4 + 0.6*precision)
		if e.fame == rare && recall*precision > 0.8 {
			like += knownPhrase
		}
		best = max(best, like)
	}
	return best
}
