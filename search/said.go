package search

// What it adds that people say for an entry what the query says: the same words,
// and less the more words there are on one side alone.
const (
	likePhrase  = 12
	exactPhrase = 34 // the same words in the same order
)

// said is how much the query is like what people say for an entry: the best of
// its phrases counts, so that one of which many things are said is not found by
// a word from each. total is the weight of the query's terms.
func (x *Index) said(e *entry, q *query, sc *scratch, total float32) float32 {
	var best float32
	for i := range e.also {
		p := &e.also[i]
		if p.text == q.phrase {
			return exactPhrase
		}
		var hit [maxTerms]float32
		var have, all float32
		for _, t := range p.terms {
			w := x.weights[t]
			all += w
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
			asked += hit[j] * q.terms[j].weight
		}
		recall, precision := asked/total, have/all
		best = max(best, likePhrase*recall*recall*(0.4+0.6*precision))
	}
	return best
}
