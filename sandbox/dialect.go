package sandbox

import (
	"fmt"

	"github.com/gotd/td/tgerr"

	"tlsh/schema"
	"tlsh/tl"
)

// dialect is a layer other than the sandbox's own, which a client speaks.
type dialect struct {
	schema *schema.Schema
}

// dialects are those of Config.Layers, by number.
func dialects(own *schema.Schema, layers []*schema.Schema) (map[int]*dialect, error) {
	all := map[int]*dialect{}
	for _, s := range layers {
		switch {
		case s.Layer <= 0:
			return nil, fmt.Errorf("sandbox: a layer has no number: its file wants a line // LAYER N")
		case s.Layer == own.Layer:
			continue // the sandbox's own, which needs no translation
		case all[s.Layer] != nil:
			return nil, fmt.Errorf("sandbox: layer %d is given twice", s.Layer)
		case s.Method("invokeWithLayer") == nil || s.Method("initConnection") == nil || s.Class("Updates") == nil:
			return nil, fmt.Errorf("sandbox: the file of layer %d lacks invokeWithLayer, initConnection or Updates", s.Layer)
		}
		all[s.Layer] = &dialect{schema: s}
	}
	return all, nil
}

// dialect is that of a layer; nil for the sandbox's own, and for none that was
// said yet. ok is false for a layer that is not at hand.
func (s *Sandbox) dialect(layer int) (d *dialect, ok bool) {
	if layer == 0 || layer == s.schema.Layer {
		return nil, true
	}
	d, ok = s.dialects[layer]
	return d, ok
}

// request reads a request of the layer as the sandbox's own request of that
// name.
func (d *dialect) request(own *schema.Schema, body []byte) (theirs *schema.Combinator, req *tl.Object, err error) {
	v, err := tl.Decode(d.schema, body, d.schema.TypeOf("!X"))
	if err != nil {
		return nil, nil, undecodable(err)
	}
	theirs = v.Object().Def()
	def := own.Method(theirs.Name)
	if def == nil {
		return theirs, nil, tgerr.New(501, "SANDBOX_METHOD_NOT_SIMULATED")
	}
	if req, err = restate(v.Object(), def, own); err != nil {
		return theirs, nil, tgerr.New(501, "SANDBOX_REQUEST_NOT_IN_LAYER: "+err.Error())
	}
	return theirs, req, nil
}

// answer encodes a result for the layer.
func (d *dialect) answer(res tl.Value, theirs *schema.Combinator) ([]byte, error) {
	v, err := translate(res, theirs.Result, d.schema)
	if err != nil {
		return nil, tgerr.New(501, "SANDBOX_ANSWER_NOT_IN_LAYER: "+err.Error())
	}
	return tl.Append(nil, v, theirs.Result)
}

// push encodes an Updates for the layer, without those updates that it does not
// hold; nil when nothing is left.
func (d *dialect) push(o *tl.Object) ([]byte, error) {
	v, err := translate(o.Value(), d.schema.Class("Updates").Type, d.schema)
	if err != nil {
		return nil, nil // an updateShort that the layer lacks
	}
	return tl.Append(nil, v, d.schema.Class("Updates").Type)
}

// absent says that a layer has no way to say something.
type absent struct{ what string }

func (e *absent) Error() string { return e.what }

// translate says a value as a type of another layer does: constructors by their
// names, fields by theirs. A field that may be left out is, when the layer
// cannot hold what stands in it, and so is an update.
func translate(v tl.Value, t *schema.Type, to *schema.Schema) (tl.Value, error) {
	lacks := func() (tl.Value, error) { return tl.Value{}, &absent{"no " + t.Name + " of a " + v.Kind().String()} }
	switch t.Kind {
	case schema.KindVector:
		vec := v.Vector()
		if vec == nil {
			return lacks()
		}
		out := make([]tl.Value, 0, len(vec.Items))
		for _, it := range vec.Items {
			x, err := translate(it, t.Elem, to)
			if err != nil && t.Elem.Name == "Update" {
				continue
			}
			if err != nil {
				return tl.Value{}, err
			}
			out = append(out, x)
		}
		return tl.VectorOf(t.Elem, out...), nil
	case schema.KindBoxed, schema.KindBare, schema.KindAny:
		o := v.Object()
		if o == nil {
			if t.Kind == schema.KindAny {
				return v, nil
			}
			return lacks()
		}
		def := to.Constructor(o.Def().Name)
		if o.Def().Method {
			def = to.Method(o.Def().Name)
		}
		if def == nil || t.Kind == schema.KindBoxed && def.Result.Name != t.Name {
			return tl.Value{}, &absent{o.Def().Name}
		}
		x, err := restate(o, def, to)
		if err != nil {
			return tl.Value{}, err
		}
		return x.Value(), nil
	}
	return plain(v, t)
}

// plain converts what is no constructor.
func plain(v tl.Value, t *schema.Type) (tl.Value, error) {
	k := v.Kind()
	switch t.Kind {
	case schema.KindInt:
		if n := v.AsLong(); k == tl.KindInt || k == tl.KindLong && n == int64(int32(n)) {
			return tl.Int(int32(n)), nil
		}
	case schema.KindLong:
		if k == tl.KindInt || k == tl.KindLong {
			return tl.Long(v.AsLong()), nil
		}
	case schema.KindString:
		if k == tl.KindString || k == tl.KindBytes {
			return tl.String(string(v.AsBytes())), nil
		}
	case schema.KindBytes:
		if k == tl.KindString || k == tl.KindBytes {
			return tl.Bytes(v.AsBytes()), nil
		}
	case schema.KindDouble:
		if k == tl.KindDouble {
			return v, nil
		}
	case schema.KindBool, schema.KindTrue:
		if k == tl.KindBool {
			return v, nil
		}
	case schema.KindInt128, schema.KindInt256:
		if k == tl.KindInt128 || k == tl.KindInt256 {
			return v, nil
		}
	}
	return tl.Value{}, &absent{"no " + t.Name + " of a " + k.String()}
}

// restate says an object by the definition of another layer.
func restate(o *tl.Object, def *schema.Combinator, to *schema.Schema) (*tl.Object, error) {
	out := tl.New(def)
	for i := range def.Params {
		p := &def.Params[i]
		if p.Type.Kind == schema.KindFlags {
			continue
		}
		v, _ := o.Lookup(p.Name)
		if v.IsNone() {
			if p.Optional() {
				continue
			}
			empty, ok := nothing(p.Type)
			if !ok {
				return nil, &absent{def.Name + "." + p.Name}
			}
			out.Set(i, empty)
			continue
		}
		x, err := translate(v, p.Type, to)
		switch {
		case err == nil && p.Type.Kind == schema.KindTrue && !x.AsBool():
		case err == nil:
			out.Set(i, x)
		case !p.Optional():
			return nil, &absent{def.Name + "." + p.Name + ": " + err.Error()}
		}
	}
	return out, nil
}

// nothing is what stands in a required field that the other layer does not
// have, or may leave out.
func nothing(t *schema.Type) (tl.Value, bool) {
	switch t.Kind {
	case schema.KindInt:
		return tl.Int(0), true
	case schema.KindLong:
		return tl.Long(0), true
	case schema.KindDouble:
		return tl.Double(0), true
	case schema.KindString:
		return tl.String(""), true
	case schema.KindBytes:
		return tl.Bytes(nil), true
	case schema.KindBool:
		return tl.Bool(false), true
	case schema.KindVector:
		return tl.VectorOf(t.Elem), true
	case schema.KindBoxed:
		// Many types have a constructor for nothing: peerNotifySettings, photoEmpty.
		for _, c := range t.Class.Constructors() {
			if len(c.Params) == 0 && len(t.Class.Constructors()) > 1 && len(c.Name) > 5 && c.Name[len(c.Name)-5:] == "Empty" {
				return tl.New(c).Value(), true
			}
		}
	}
	return tl.Value{}, false
}
