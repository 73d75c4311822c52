package peers

import (
	"context"

	"github.com/gotd/td/tgerr"

	"tlsh/ref"
	"tlsh/tl"
)

// Ahead asks for all the usernames among these references that are not known,
// together: a statement that names many strangers costs one round trip and not
// one for each. What the server says of each is what Text gives afterwards.
// Where nothing can be asked together, it does nothing.
func (r *Resolver) Ahead(ctx context.Context, texts []string) {
	def := r.Schema.Method("contacts.resolveUsername")
	if r.Together == nil || def == nil {
		return
	}
	var reqs []*tl.Object
	var names []string
	seen := map[string]bool{}
	for _, text := range texts {
		p, err := ref.Parse(text, false)
		key := "username " + foldASCII(p.Text)
		if err != nil || p.Kind != ref.Username || seen[key] {
			continue
		}
		if e := r.Cache.ByUsername(p.Text); e != nil && !e.Min {
			continue
		}
		seen[key] = true
		names = append(names, p.Text)
		reqs = append(reqs, tl.New(def).With("username", tl.String(p.Text)))
	}
	if len(reqs) < 2 {
		return
	}
	values, errs := r.Together(ctx, reqs)
	for i, v := range values {
		err := errs[i]
		if err == nil {
			r.Cache.Learn(v)
		} else if _, ok := tgerr.As(err); !ok {
			continue // not the server's word: it is asked again
		}
		_, _ = r.once("username "+foldASCII(names[i]), func() (*Entity, error) {
			if err != nil {
				return nil, err
			}
			return r.resolved(v, "contacts.resolveUsername", names[i])
		})
	}
}
