package sandbox

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/gotd/td/tgerr"

	"tlsh/schema"
	"tlsh/tl"
)

// peerTypes are the types by which requests name somebody, with how the
// requests of this test do: a person, a supergroup or a channel.
var peerTypes = map[string]func(v viewer, p *person, r *room) tl.Value{
	"InputPeer": func(v viewer, p *person, r *room) tl.Value { return v.inputPeer(p.peer) },
	"InputUser": func(v viewer, p *person, _ *room) tl.Value {
		return v.new("inputUser").With("user_id", tl.Long(p.id)).With("access_hash", tl.Long(accessHash(p.seed, v.me))).Value()
	},
	"InputChannel": func(v viewer, _ *person, r *room) tl.Value {
		return v.new("inputChannel").With("channel_id", tl.Long(r.id)).With("access_hash", tl.Long(accessHash(r.seed, v.me))).Value()
	},
	"InputDialogPeer": func(v viewer, p *person, _ *room) tl.Value {
		return v.new("inputDialogPeer").With("peer", v.inputPeer(p.peer)).Value()
	},
}

// lenient are the methods for which somebody unknown is no error, with where
// that is said.
var lenient = map[string]string{
	"users.getUsers": "who is not known comes as userEmpty: https://core.telegram.org/method/users.getUsers",
}

// TestWrongPeer names somebody by a wrong access_hash in every parameter of
// every method that names somebody: what is about them is refused, with an
// error of the method's own or of those that all share, and changes nothing.
func TestWrongPeer(t *testing.T) {
	s, err := New(Config{World: village + "user(id=1099 first_name=Robo username=robo_bot bot=true bot_info_version=1)\n", Now: (&clock{t: start}).now})
	if err != nil {
		t.Fatal(err)
	}
	all := methods()
	person := (&model{t: t, s: s, rng: newRng(1)}).mate(1001)
	robot := (&model{t: t, s: s, rng: newRng(1)}).mate(1099)
	alice, club := s.world.byID[1002], s.world.room[peer{channelPeer, 3002}]
	named, before := 0, string(s.world.save(start))
	for _, name := range slices.Sorted(maps.Keys(all)) {
		def, m := s.schema.Method(name), person
		if all[name].bots {
			m = robot
		}
		v := viewer{s.world, m.who}
		for i := range def.Params {
			if _, ok := peerTypes[elem(def.Params[i].Type)]; !ok || lenient[name] != "" ||
				def.Params[i].Optional() && !word(all[name].heeds, def.Params[i].Name) {
				continue
			}
			named++
			req := tl.New(def)
			for j := range def.Params {
				p := &def.Params[j]
				switch make := peerTypes[elem(p.Type)]; {
				case p.Type.Kind == schema.KindFlags, p.Optional() && j != i:
				case make == nil:
					req.Set(j, anything(s.schema, p.Type))
				default:
					x := make(v, alice, club)
					if j == i {
						x = wrongHash(x)
					}
					if p.Type.Kind == schema.KindVector {
						x = tl.VectorOf(p.Type.Elem, x)
					}
					req.Set(j, x)
				}
			}
			_, err := m.request(req)
			var e *tgerr.Error
			switch {
			case err == nil:
				t.Errorf("%s: a wrong %s is taken", name, def.Params[i].Name)
			case !errors.As(err, &e) || e.Code >= 500:
				t.Errorf("%s: a wrong %s gives %v", name, def.Params[i].Name, err)
			case !word(peerErrors, e.Type) && !word(all[name].errors, e.Type) && !word(writeErrors, e.Type):
				t.Errorf("%s: a wrong %s gives %s, which it does not declare", name, def.Params[i].Name, e.Type)
			default:
				seen.Store(name+" "+e.Type, true)
			}
		}
	}
	if now := string(s.world.save(start)); now != before {
		t.Error("something was changed")
	}
	if named < 100 {
		t.Errorf("only %d parameters name somebody", named)
	}
}

// elem is the name of a type, or of what a vector holds.
func elem(t *schema.Type) string {
	if t.Kind == schema.KindVector {
		t = t.Elem
	}
	return t.Name
}

// wrongHash changes every access_hash in a value.
func wrongHash(v tl.Value) tl.Value {
	o := v.Object().Clone()
	for i, f := range o.Fields() {
		switch {
		case f.Object() != nil:
			o.Set(i, wrongHash(f))
		case o.Def().Params[i].Name == "access_hash":
			o.Set(i, tl.Long(f.AsLong()+1))
		}
	}
	return o.Value()
}

// anything is some value of a type: one of everything rather than nothing.
func anything(s *schema.Schema, t *schema.Type) tl.Value {
	switch t.Kind {
	case schema.KindInt:
		return tl.Int(1)
	case schema.KindLong:
		return tl.Long(1)
	case schema.KindString:
		return tl.String("x")
	case schema.KindVector:
		return tl.VectorOf(t.Elem, anything(s, t.Elem))
	case schema.KindBoxed:
		best := t.Class.Constructors()[0]
		for _, c := range t.Class.Constructors() {
			if strings.HasSuffix(best.Name, "Empty") || len(c.Params) < len(best.Params) && !strings.HasSuffix(c.Name, "Empty") {
				best = c
			}
		}
		o := tl.New(best)
		for i := range best.Params {
			if p := &best.Params[i]; p.Type.Kind != schema.KindFlags && !p.Optional() {
				o.Set(i, anything(s, p.Type))
			}
		}
		return o.Value()
	}
	v, _ := nothing(t)
	return v
}
