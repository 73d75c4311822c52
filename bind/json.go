package bind

import (
	"bytes"
	"encoding/json"
	"slices"

	"tlsh/render"
	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// isJSON reports the two types that hold JSON.
func isJSON(t *schema.Type) bool { return t.Name == "DataJSON" || t.Name == "JSONValue" }

// jsonText makes a DataJSON or a JSONValue of JSON text.
func (c *checker) jsonText(n syntax.Node, s string, t *schema.Type, at place) (tl.Value, bool) {
	var whole json.RawMessage
	err := json.Unmarshal([]byte(s), &whole)
	var v tl.Value
	if err == nil {
		v, err = c.readJSON(json.NewDecoder(bytes.NewReader(whole)))
	}
	if err != nil {
		c.errorf(n, "%s wants JSON, and %s is none: %v", at.path(), show(s), err).Fix = `as in '{"a":[1,"b",null]}'; a string is '"text"'`
		return tl.Value{}, true
	}
	if t.Name == "DataJSON" {
		return c.make("dataJSON", "data", tl.String(s))
	}
	return v, true
}

// readJSON reads a value as a JSONValue. Members keep their order.
func (c *checker) readJSON(dec *json.Decoder) (tl.Value, error) {
	tok, err := dec.Token()
	if err != nil {
		return tl.Value{}, err
	}
	var v tl.Value
	switch tok := tok.(type) {
	case nil:
		v, _ = c.make("jsonNull")
	case bool:
		v, _ = c.make("jsonBool", "value", tl.Bool(tok))
	case float64:
		v, _ = c.make("jsonNumber", "value", tl.Double(tok))
	case string:
		v, _ = c.make("jsonString", "value", tl.String(tok))
	case json.Delim:
		var items []tl.Value
		for dec.More() {
			var key string
			if tok == '{' {
				k, err := dec.Token()
				if err != nil {
					return v, err
				}
				key, _ = k.(string)
			}
			w, err := c.readJSON(dec)
			if err != nil {
				return v, err
			}
			if tok == '{' {
				w, _ = c.make("jsonObjectValue", "key", tl.String(key), "value", w)
			}
			items = append(items, w)
		}
		if _, err := dec.Token(); err != nil {
			return v, err
		}
		name, elem := "jsonArray", "JSONValue"
		if tok == '{' {
			name, elem = "jsonObject", "JSONObjectValue"
		}
		v, _ = c.make(name, "value", tl.VectorOf(c.schema.TypeOf(elem), items...))
	}
	return v, nil
}

// jsonOf makes a DataJSON or a JSONValue of a value: of a JSONValue the JSON
// that it stands for, of a DataJSON what is in it, of any other the JSON in
// which it is printed.
func (c *checker) jsonOf(n syntax.Node, v tl.Value, t *schema.Type, at place) (tl.Value, bool) {
	if slices.ContainsFunc(c.info.Holes, func(h *Hole) bool { return within(v, h.Of) }) {
		c.errorf(n, "%s wants JSON, and this has a value that is not known before it is sent", at.path()).Fix = "give it to a variable first: $x = …"
		return tl.Value{}, true
	}
	text, err := appendJSON(nil, v)
	if err != nil {
		c.errorf(n, "%s: %v", at.path(), err)
		return tl.Value{}, true
	}
	return c.jsonText(n, string(text), t, at)
}

// within reports that the object is somewhere in v.
func within(v tl.Value, o *tl.Object) bool {
	if x := v.Object(); x != nil {
		if x == o {
			return true
		}
		for _, f := range x.Fields() {
			if within(f, o) {
				return true
			}
		}
	}
	if vec := v.Vector(); vec != nil {
		for _, it := range vec.Items {
			if within(it, o) {
				return true
			}
		}
	}
	return false
}

func appendJSON(dst []byte, v tl.Value) ([]byte, error) {
	o := v.Object()
	switch {
	case v.Kind() == tl.KindVector:
		return appendList(dst, v.Vector().Items)
	case o.Is("dataJSON"):
		return append(dst, o.At("data").AsString()...), nil
	case o == nil || o.Def().Result.Name != "JSONValue":
		return render.AppendJSON(dst, v), nil
	}
	switch w := o.At("value"); o.Def().Name {
	case "jsonNull":
		return append(dst, "null"...), nil
	case "jsonArray":
		return appendList(dst, w.Vector().Items)
	case "jsonObject":
		dst = append(dst, '{')
		for i, m := range w.Vector().Items {
			if i > 0 {
				dst = append(dst, ',')
			}
			key, err := json.Marshal(m.Object().At("key").AsString())
			if err != nil {
				return dst, err
			}
			dst = append(append(dst, key...), ':')
			if dst, err = appendJSON(dst, m.Object().At("value")); err != nil {
				return dst, err
			}
		}
		return append(dst, '}'), nil
	case "jsonNumber":
		b, err := json.Marshal(w.AsDouble())
		return append(dst, b...), err
	default:
		return render.AppendJSON(dst, w), nil
	}
}

func appendList(dst []byte, items []tl.Value) ([]byte, error) {
	dst = append(dst, '[')
	var err error
	for i, it := range items {
		if i > 0 {
			dst = append(dst, ',')
		}
		if dst, err = appendJSON(dst, it); err != nil {
			return dst, err
		}
	}
	return append(dst, ']'), nil
}
