package oracle

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/tdp"
)

// filler fills gotd's structs with random values, by reflection alone: neither
// our generator nor our reading of the schema has a part in it.
type filler struct {
	*judge
	rand  *rand.Rand
	depth int        // below it: no optional fields, empty slices, small constructors
	text  func() int // length of a string or bytes
	every bool       // the object itself has all its optional fields
	// what reflection found out, by Go type
	impl   map[reflect.Type][]uint32
	groups map[reflect.Type][]group
}

// group are the optional fields of a struct that hang on one bit.
type group struct {
	word   int // index of the bin.Fields field
	bit    int
	fields []string
}

func (j *judge) filler(depth int, text func(*rand.Rand) int) *filler {
	f := &filler{
		judge: j, rand: rand.New(rand.NewPCG(0, 0)), depth: depth,
		impl: map[reflect.Type][]uint32{}, groups: map[reflect.Type][]group{},
	}
	f.text = func() int { return text(f.rand) }
	return f
}

// object makes a random object. The same seed gives the same object.
func (f *filler) object(id uint32, seed uint64) bin.Object {
	f.rand = rand.New(rand.NewPCG(uint64(id), seed))
	return f.build(id, 0)
}

func (f *filler) build(id uint32, depth int) bin.Object {
	o := f.make[id]()
	f.fill(reflect.ValueOf(o).Elem(), depth)
	return o
}

var fieldsType = reflect.TypeFor[bin.Fields]()

func (f *filler) fill(v reflect.Value, depth int) {
	absent := map[string]bool{}
	for _, g := range f.optional(v.Type()) {
		if f.every && depth == 0 || depth < f.depth && f.rand.IntN(2) == 0 {
			// The bit is set by itself, so that zero values are sent too.
			v.Field(g.word).Addr().Interface().(*bin.Fields).Set(g.bit)
			for _, name := range g.fields {
				if b := v.FieldByName(name); b.Kind() == reflect.Bool {
					b.SetBool(true) // a `true` flag; below, a Bool may change it
				}
			}
			continue
		}
		for _, name := range g.fields {
			absent[name] = true
		}
	}
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if absent[field.Name] || field.Type == fieldsType {
			continue
		}
		if field.Type.Kind() == reflect.Bool && v.Field(i).Bool() {
			continue
		}
		f.value(v.Field(i), depth)
	}
}

// optional asks gotd's TypeInfo, bit by bit, which fields a bit brings.
func (f *filler) optional(t reflect.Type) []group {
	if gs, ok := f.groups[t]; ok {
		return gs
	}
	var gs []group
	for w := range t.NumField() {
		if t.Field(w).Type != fieldsType {
			continue
		}
		for bit := range 32 {
			v := reflect.New(t)
			without := v.Interface().(tdp.Object).TypeInfo().Fields
			v.Elem().Field(w).Addr().Interface().(*bin.Fields).Set(bit)
			g := group{word: w, bit: bit}
			for i, field := range v.Interface().(tdp.Object).TypeInfo().Fields {
				if without[i].Null && !field.Null {
					g.fields = append(g.fields, field.Name)
				}
			}
			if g.fields != nil {
				gs = append(gs, g)
			}
		}
	}
	f.groups[t] = gs
	return gs
}

func (f *filler) value(v reflect.Value, depth int) {
	r := f.rand
	switch v.Interface().(type) {
	case bin.Int128, bin.Int256:
		for i := range v.Len() {
			v.Index(i).SetUint(uint64(byte(r.Uint32())))
		}
		return
	case []byte:
		b := make([]byte, f.text())
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		v.SetBytes(b)
		return
	}
	switch v.Kind() {
	case reflect.Int: // TL int
		v.SetInt(int64(int32(r.Uint32()) >> r.IntN(32)))
	case reflect.Int64:
		v.SetInt(int64(r.Uint64()) >> r.IntN(64))
	case reflect.Float64:
		x := r.NormFloat64()
		if r.IntN(8) == 0 {
			x = math.Float64frombits(r.Uint64())
		}
		v.SetFloat(x)
	case reflect.Bool:
		v.SetBool(r.IntN(2) == 0)
	case reflect.String:
		b := make([]byte, f.text())
		for i := range b {
			b[i] = byte(0x20 + r.IntN(0x5f))
			if r.IntN(16) == 0 {
				b[i] = byte(r.Uint32())
			}
		}
		v.SetString(string(b))
	case reflect.Slice:
		n := 0
		if depth < f.depth {
			n = r.IntN(3)
		}
		s := reflect.MakeSlice(v.Type(), n, n)
		for i := range n {
			f.value(s.Index(i), depth+1)
		}
		v.Set(s)
	case reflect.Struct:
		f.fill(v, depth+1)
	case reflect.Interface:
		v.Set(reflect.ValueOf(f.build(f.pick(f.implementations(v.Type()), depth), depth+1)))
	default:
		panic(fmt.Sprintf("a field of Go type %s", v.Type()))
	}
}

// pick chooses one of the constructors; deep down, one of the smallest.
func (f *filler) pick(ids []uint32, depth int) uint32 {
	best := ids[f.rand.IntN(len(ids))]
	if depth <= f.depth {
		return best
	}
	size := func(id uint32) int { return reflect.TypeOf(f.make[id]()).Elem().NumField() }
	for _, id := range ids {
		if size(id) < size(best) {
			best = id
		}
	}
	return best
}

// implementations are the constructors that an interface field may hold.
func (f *filler) implementations(t reflect.Type) []uint32 {
	if ids := f.impl[t]; ids != nil {
		return ids
	}
	var ids []uint32
	if t == objectType {
		for _, c := range f.any {
			ids = append(ids, c.ID)
		}
	} else {
		for _, class := range f.classes {
			if reflect.TypeOf(f.make[class[0]]()).Implements(t) {
				ids = class
			}
		}
	}
	if ids == nil {
		panic("nothing implements " + t.String())
	}
	f.impl[t] = ids
	return ids
}
