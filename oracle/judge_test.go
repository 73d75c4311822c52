package oracle

import (
	"fmt"
	"maps"
	"math"
	"reflect"
	"strings"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/mt"
	"github.com/gotd/td/tdp"
	"github.com/gotd/td/tg"

	"tlsh/schema"
)

// judge is gotd's generated code for one schema.
type judge struct {
	name    string
	schema  *schema.Schema
	make    map[uint32]func() bin.Object
	classes map[string][]uint32 // TL type to the ids of its constructors
	// any are the definitions that gotd can hold where TL says Object or !X.
	any []*schema.Combinator
	// wrong are the definitions in which gotd, not we, departs from the schema.
	// One that stops being wrong, or is wrong in another way, fails the test.
	wrong map[string]exception
}

// exception says why gotd's verdict does not count for a definition, and with
// what the error begins when our bytes go to gotd and gotd's to us.
type exception struct{ why, ours, theirs string }

var (
	empty = exception{
		"a base definition (int ? = Int): gotd's struct for the boxed form has no value",
		"gotd does not read our bytes: gotd left ", "we do not read gotd's bytes: ",
	}
	unboxed = exception{
		"gotd writes the elements of ips:vector<IpPort> without their constructor ids, and reads them with",
		"bytes differ", "we do not read gotd's bytes: ",
	}
)

// judges are the API's schema and MTProto's own.
func judges() []*judge {
	api, mtp := schema.Current(), schema.MTProto()
	return []*judge{
		{
			name: "telegram", schema: api,
			make: tg.TypesConstructorMap(), classes: tg.ClassConstructorsMap(),
			any: api.Methods(),
			wrong: map[string]exception{
				"int": empty, "long": empty, "double": empty, "string": empty,
				"accessPointRule": unboxed, "help.configSimple": unboxed,
			},
		},
		{
			name: "mtproto", schema: mtp,
			make: mt.TypesConstructorMap(), classes: mt.ClassConstructorsMap(),
			// gotd takes Object for the TL type that only gzip_packed makes.
			any: []*schema.Combinator{mtp.Constructor("gzip_packed")},
		},
	}
}

// definitions are all constructors and methods of the judge's schema.
func (j *judge) definitions() []*schema.Combinator {
	return append(append([]*schema.Combinator(nil), j.schema.Constructors()...), j.schema.Methods()...)
}

// object is gotd's empty struct for an id, ready to be decoded into.
func (j *judge) object(id uint32) (bin.Object, error) {
	f := j.make[id]
	if f == nil {
		return nil, fmt.Errorf("gotd has no constructor #%08x", id)
	}
	o := f()
	v := reflect.ValueOf(o).Elem()
	for i := range v.NumField() {
		if v.Field(i).Type() == objectType {
			v.Field(i).Set(reflect.ValueOf(&boxed{judge: j}))
		}
	}
	return o, nil
}

// decode reads one boxed object, all of b.
func (j *judge) decode(b []byte) (bin.Object, error) {
	x := &boxed{judge: j}
	buf := &bin.Buffer{Buf: append([]byte(nil), b...)}
	if err := x.Decode(buf); err != nil {
		return nil, err
	}
	if buf.Len() > 0 {
		return nil, fmt.Errorf("gotd left %d bytes", buf.Len())
	}
	return x.Object, nil
}

func encode(o bin.Encoder) ([]byte, error) {
	var buf bin.Buffer
	err := o.Encode(&buf)
	return buf.Buf, err
}

var objectType = reflect.TypeFor[bin.Object]()

// boxed reads any object: gotd's generic requests want to know beforehand
// what they hold.
type boxed struct {
	bin.Object
	judge *judge
}

func (x *boxed) Decode(b *bin.Buffer) error {
	id, err := b.PeekID()
	if err != nil {
		return err
	}
	if x.Object, err = x.judge.object(id); err != nil {
		return err
	}
	return x.Object.Decode(b)
}

// dump spells gotd's value as tltest.Dump spells ours, with the TL names that
// gotd's TypeInfo gives. The value must have been encoded or decoded, which
// computes its flags words.
func dump(o any) string {
	var b strings.Builder
	dumpValue(&b, reflect.ValueOf(o))
	return b.String()
}

func dumpValue(b *strings.Builder, v reflect.Value) {
	if v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	if x, ok := v.Interface().(*boxed); ok {
		v = reflect.ValueOf(x.Object)
	}
	switch x := v.Interface().(type) {
	case int:
		fmt.Fprint(b, x)
	case int64:
		fmt.Fprint(b, x)
	case float64:
		fmt.Fprintf(b, "%016x", math.Float64bits(x))
	case bool:
		fmt.Fprint(b, x)
	case string:
		fmt.Fprintf(b, "%q", x)
	case []byte:
		fmt.Fprintf(b, "%q", x)
	case bin.Int128:
		fmt.Fprintf(b, "%x", x[:])
	case bin.Int256:
		fmt.Fprintf(b, "%x", x[:])
	default:
		dumpCompound(b, v)
	}
}

func dumpCompound(b *strings.Builder, v reflect.Value) {
	switch v.Kind() {
	case reflect.Slice:
		b.WriteByte('[')
		for i := range v.Len() {
			if i > 0 {
				b.WriteByte(' ')
			}
			dumpValue(b, v.Index(i))
		}
		b.WriteByte(']')
	case reflect.Struct:
		dumpCompound(b, v.Addr())
	default:
		info := v.Interface().(tdp.Object).TypeInfo()
		if info.Name == "boolTrue" || info.Name == "boolFalse" {
			fmt.Fprint(b, info.Name == "boolTrue")
			return
		}
		b.WriteString(info.Name + "{")
		first := true
		for _, f := range info.Fields {
			if f.Null {
				continue
			}
			if !first {
				b.WriteByte(' ')
			}
			first = false
			b.WriteString(f.SchemaName + ":")
			dumpValue(b, v.Elem().FieldByName(f.Name))
		}
		b.WriteByte('}')
	}
}

// missing are the ids of one side that the other does not have.
func (j *judge) missing() (ours, theirs []uint32) {
	have := map[uint32]bool{}
	for _, c := range j.definitions() {
		have[c.ID] = true
		if j.make[c.ID] == nil {
			ours = append(ours, c.ID)
		}
	}
	for id := range maps.Keys(j.make) {
		if !have[id] {
			theirs = append(theirs, id)
		}
	}
	return ours, theirs
}
