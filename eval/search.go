package eval

import (
	"context"
	"strings"
	"sync"

	"tlsh/render"
	"tlsh/search"
	"tlsh/syntax"
)

// found is how many hits search shows.
const found = 10

// newIndex gives what search looks in. It is made when it is first asked for.
func newIndex(cfg *Config) func() *search.Index {
	return sync.OnceValue(func() *search.Index {
		var own []search.Words
		for _, c := range commands() {
			if c.summary != "" {
				own = append(own, search.Words{Name: c.name, Summary: c.summary})
			}
		}
		return search.New(cfg.Schema, own...)
	})
}

// Index is the search index of the Shell's schema; the first call makes it. It
// may be called from any goroutine.
func (s *Shell) Index() *search.Index { return s.index() }

// hit is a line of search's document.
type hit struct {
	Kind    search.Kind `json:"kind"`
	Name    string      `json:"name"`
	Of      string      `json:"of,omitempty"`
	Summary string      `json:"summary"`
}

// search lists what the API and the shell have by what is remembered of it; a
// document has what the API has alone.
func (r *run) search(ctx context.Context, call *syntax.Call) Status {
	text := strings.Join(r.words(call), " ")
	if strings.TrimSpace(text) == "" {
		return r.usage(call, "want search WORDS, as search delete for everyone")
	}
	if r.wantsDocument() {
		hits := r.Index().FindOf(text, found, search.OfAPI()...)
		list := make([]hit, len(hits))
		for i, h := range hits {
			list[i] = hit{h.Kind, h.Name, h.Of, h.Summary}
		}
		return r.document(ctx, list)
	}
	hits := r.Index().Find(text, found)
	if len(hits) == 0 {
		r.note("nothing is called so, or described so")
		return OK
	}
	for _, h := range hits {
		r.out = append(render.AppendHit(r.out, string(h.Kind), h.Name, h.Of, h.Summary, h.Match, r.cfg.View), '\n')
	}
	r.flush()
	return OK
}
