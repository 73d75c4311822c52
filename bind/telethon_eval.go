package bind

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"tlsh/syntax"
	"tlsh/tl"
)

// pyValue is what an expression of Python's own gives: nil for None, a bool, a
// *big.Int, a float64, a string, []byte, a time.Duration or a pyTime.
type pyValue struct {
	v   any
	bad bool // what is wrong was said
}

// pyTime is a point in time: a fixed one, or one counted from now.
type pyTime struct {
	now   bool
	shift time.Duration
	t     time.Time
}

// String is the time as the shell's own dates are written.
func (x pyTime) String() string {
	if !x.now {
		return x.t.UTC().Format("2006-01-02T15:04:05Z")
	}
	s := int64(x.shift / time.Second)
	if s < 0 {
		return "now-" + strconv.FormatInt(-s, 10) + "s"
	}
	return "now+" + strconv.FormatInt(s, 10) + "s"
}

// value is the TL value of v where any may stand; nothing for None and for what
// only the clock can tell.
func (v pyValue) value() tl.Value {
	switch x := v.v.(type) {
	case bool:
		return tl.Bool(x)
	case *big.Int:
		if !x.IsInt64() {
			return tl.Value{}
		}
		if n := x.Int64(); n == int64(int32(n)) {
			return tl.Int(int32(n))
		}
		return tl.Long(x.Int64())
	case float64:
		return tl.Double(x)
	case string:
		return tl.String(x)
	case []byte:
		return tl.Bytes(x)
	case time.Duration:
		return tl.Long(int64(x / time.Second))
	case pyTime:
		if !x.now {
			return tl.Long(x.t.Unix())
		}
	}
	return tl.Value{}
}

func (v pyValue) role() Role {
	switch v.v.(type) {
	case nil, bool:
		return RoleBool
	case string, []byte:
		return RoleString
	}
	return RoleNumber
}

// evaluate computes an expression of literals, dates and operators. ok is false
// for what is none: classes, variables by themselves, lists.
func (c *checker) evaluate(n syntax.Node) (v pyValue, ok bool) {
	switch n := n.(type) {
	case *syntax.Word:
		return c.pyLiteral(n), true
	case *syntax.String:
		return pyValue{v: n.Value}, true
	case *syntax.Bytes:
		return pyValue{v: []byte(n.Value)}, true
	case *syntax.Binary:
		return c.pyOperation(n), true
	case *syntax.Chain:
		s, is := n.X.(*syntax.String)
		if is && n.Call != nil && len(n.Path) == 0 && n.Call.Name.Text == "encode" {
			return pyValue{v: []byte(s.Value)}, true
		}
	case *syntax.Call:
		return c.pyFunction(n)
	}
	return pyValue{}, false
}

// wrong says what is wrong with an expression.
func (c *checker) wrong(n syntax.Node, format string, a ...any) pyValue {
	c.errorf(n, format, a...)
	return pyValue{bad: true}
}

// pyLiteral reads None, True, False and numbers.
func (c *checker) pyLiteral(n *syntax.Word) pyValue {
	switch n.Text {
	case "None":
		return pyValue{}
	case "True":
		return pyValue{v: true}
	case "False":
		return pyValue{v: false}
	}
	if x, ok := new(big.Int).SetString(n.Text, 0); ok && len(n.Text) < 100 {
		return pyValue{v: x}
	}
	if f, err := strconv.ParseFloat(n.Text, 64); err == nil && !strings.ContainsAny(n.Text, "xXpP") {
		return pyValue{v: f}
	}
	return c.wrong(n, "%s is no number of Python's", c.text(n))
}

// operand is a part of an expression; a variable may hold it.
func (c *checker) operand(n syntax.Node) pyValue {
	if x, ok := n.(*syntax.Var); ok {
		c.slot(x, nil, RoleVar)
		v, ok := c.lookup(x)
		switch {
		case !ok:
			return pyValue{bad: true}
		case v.Kind() == tl.KindInt || v.Kind() == tl.KindLong:
			return pyValue{v: big.NewInt(v.AsLong())}
		case v.Kind() == tl.KindDouble:
			return pyValue{v: v.AsDouble()}
		case v.Kind() == tl.KindString:
			return pyValue{v: v.AsString()}
		}
		return c.wrong(n, "%s is %s, and cannot be computed with", c.text(n), describe(v))
	}
	if v, ok := c.evaluate(n); ok {
		c.slot(n, nil, v.role())
		return v
	}
	switch n.(type) {
	case *syntax.Missing, *syntax.Bad:
		return pyValue{bad: true}
	}
	return c.wrong(n, "%s cannot be computed with", c.text(n))
}

// pyOperation computes what an operator gives.
func (c *checker) pyOperation(n *syntax.Binary) pyValue {
	op := n.Op.Text
	y := c.operand(n.Y)
	if n.X == nil {
		return c.pySign(n, op, y)
	}
	x := c.operand(n.X)
	if x.bad || y.bad {
		return pyValue{bad: true}
	}
	if v, ok := timeOperation(op, x.v, y.v); ok {
		return v
	}
	a, isInt := x.v.(*big.Int)
	b, isInt2 := y.v.(*big.Int)
	if isInt && isInt2 {
		if v, ok := intOperation(op, a, b); ok {
			return v
		}
	}
	if s, ok := x.v.(string); ok && op == "+" {
		if t, ok := y.v.(string); ok {
			return pyValue{v: s + t}
		}
	}
	f, ok1 := toFloat(x.v)
	g, ok2 := toFloat(y.v)
	if ok1 && ok2 {
		switch op {
		case "+":
			return pyValue{v: f + g}
		case "-":
			return pyValue{v: f - g}
		case "*":
			return pyValue{v: f * g}
		case "/":
			return pyValue{v: f / g}
		}
	}
	return c.wrong(n, "%s cannot be computed here", c.text(n))
}

func (c *checker) pySign(n *syntax.Binary, op string, y pyValue) pyValue {
	switch v := y.v.(type) {
	case *big.Int:
		if op == "-" {
			return pyValue{v: new(big.Int).Neg(v)}
		}
		return y
	case float64:
		if op == "-" {
			return pyValue{v: -v}
		}
		return y
	case time.Duration:
		if op == "-" {
			return pyValue{v: -v}
		}
		return y
	}
	if y.bad {
		return y
	}
	return c.wrong(n, "%s is no number", c.text(n))
}

// maxBits limits what ** gives: no number of TL needs more.
const maxBits = 512

func intOperation(op string, a, b *big.Int) (pyValue, bool) {
	out := new(big.Int)
	switch op {
	case "+":
		out.Add(a, b)
	case "-":
		out.Sub(a, b)
	case "*":
		out.Mul(a, b)
	case "//", "%":
		if b.Sign() == 0 {
			return pyValue{}, false
		}
		// Python rounds down, so that the rest has the divisor's sign.
		rest := new(big.Int)
		out.QuoRem(a, b, rest)
		if rest.Sign() != 0 && rest.Sign() != b.Sign() {
			out.Sub(out, big.NewInt(1))
			rest.Add(rest, b)
		}
		if op == "%" {
			out = rest
		}
	case "**":
		if b.Sign() < 0 || !b.IsInt64() || int64(a.BitLen())*b.Int64() > maxBits && a.BitLen() > 1 {
			return pyValue{}, false
		}
		if a.BitLen() <= 1 { // 0, 1 and -1
			b = new(big.Int).And(b, big.NewInt(1)).Add(b, big.NewInt(0))
			if b.Sign() > 0 {
				b = big.NewInt(2 - int64(b.Bit(0)))
			}
		}
		out.Exp(a, b, nil)
	default:
		return pyValue{}, false
	}
	return pyValue{v: out}, out.BitLen() <= maxBits
}

func toFloat(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case *big.Int:
		f, _ := new(big.Float).SetInt(v).Float64()
		return f, true
	}
	return 0, false
}

// timeOperation computes with dates and intervals; a number beside a date is
// seconds, as time.time() counts them.
func timeOperation(op string, x, y any) (pyValue, bool) {
	d, isSpan := toSpan(y)
	switch a := x.(type) {
	case pyTime:
		if b, ok := y.(pyTime); ok && op == "-" && a.now == b.now {
			return pyValue{v: a.t.Sub(b.t) + a.shift - b.shift}, true
		}
		if op == "-" {
			d = -d
		} else if op != "+" {
			return pyValue{}, false
		}
		a.shift += d
		if !a.now {
			a.t, a.shift = a.t.Add(a.shift), 0
		}
		return pyValue{v: a}, isSpan
	case time.Duration:
		switch b := y.(type) {
		case pyTime:
			return timeOperation(op, y, x)
		case time.Duration:
			switch op {
			case "+":
				return pyValue{v: a + b}, true
			case "-":
				return pyValue{v: a - b}, true
			}
		case *big.Int:
			if f, _ := toFloat(b); op == "*" && math.Abs(f*float64(a)) < math.MaxInt64 {
				return pyValue{v: a * time.Duration(b.Int64())}, true
			}
		}
	case *big.Int:
		switch y.(type) {
		case time.Duration, pyTime:
			if op == "+" || op == "*" {
				return timeOperation(op, y, x)
			}
		}
	}
	return pyValue{}, false
}

// toSpan is an interval, or a number of seconds.
func toSpan(v any) (time.Duration, bool) {
	if d, ok := v.(time.Duration); ok {
		return d, true
	}
	f, ok := toFloat(v)
	return time.Duration(f * float64(time.Second)), ok && math.Abs(f) < 1e9
}
