package completer

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// jqPath is a path at the end of a jq filter that is being typed: .a[].b
var jqPath = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`((?:\.[A-Za-z_][A-Za-z0-9_]*|\.?\[-?[0-9:]*\]|\?)*)\.([A-Za-z_][A-Za-z0-9_]*)?$`)
})

// jqStep is a step of such a path.
var jqStep = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\.[A-Za-z_][A-Za-z0-9_]*|\[-?[0-9:]*\]`) })

// jqPlace reads a jq filter up to the cursor, over a value of the shape in. It
// gives the shape whose field is being typed, and what is typed of its name.
func jqPlace(filter string, in shape) (at shape, typed string, ok bool) {
	m := jqPath().FindStringSubmatchIndex(filter)
	if m == nil {
		return in, "", false
	}
	if m[4] >= 0 {
		typed = filter[m[4]:m[5]]
	}
	base := jqInput(filter[:m[0]], in)
	return base.walk(filter[m[2]:m[3]]), typed, true
}

// walk follows the steps of a jq path.
func (s shape) walk(path string) shape {
	for _, step := range jqStep().FindAllString(path, -1) {
		if step[0] == '[' {
			if i, err := strconv.Atoi(step[1 : len(step)-1]); err == nil {
				s = s.at(i)
			} else if !strings.Contains(step, ":") {
				s = s.elem()
			}
			continue
		}
		s = s.field(step[1:])
	}
	return s
}

// jqWhole is a path that is all of a stage of a filter.
var jqWhole = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\s*((?:\.[A-Za-z_][A-Za-z0-9_]*|\.?\[-?[0-9:]*\]|\?|\.)+)\s*$`)
})

// jqInput is what comes in at the end of a filter: it follows its pipes, and
// the brackets that are open.
func jqInput(filter string, in shape) shape {
	type frame struct {
		in   shape // at the beginning of the stage at hand
		from int   // where that begins
	}
	stack := []frame{{in, 0}}
	for i := 0; i < len(filter); i++ {
		top := &stack[len(stack)-1]
		switch filter[i] {
		case '"':
			for i++; i < len(filter) && filter[i] != '"'; i++ {
				if filter[i] == '\\' {
					i++
				}
			}
		case '|':
			top.in, top.from = jqStage(filter[top.from:i], top.in), i+1
		case '(', '{':
			inner := top.in
			before := filter[top.from:i]
			if name := before[strings.LastIndexFunc(before, func(r rune) bool { return r > 0x7f || !identByte(byte(r)) })+1:]; name == "map" || name == "any" || name == "all" {
				inner = jqStage(strings.TrimSuffix(before, name), inner).elem()
			} else if strings.HasSuffix(name, "_by") {
				inner = inner.elem()
			}
			stack = append(stack, frame{inner, i + 1})
		case '[':
			if i > 0 && (identByte(filter[i-1]) || filter[i-1] == '.' || filter[i-1] == ']') {
				break // a step of a path
			}
			stack = append(stack, frame{top.in, i + 1})
		case ')', '}', ']':
			open := strings.LastIndexByte(filter[:i], '[')
			if filter[i] == ']' && open > 0 && (identByte(filter[open-1]) || filter[open-1] == '.' || filter[open-1] == ']') {
				break
			}
			if len(stack) > 1 {
				stack = stack[:len(stack)-1]
			}
		}
	}
	return stack[len(stack)-1].in
}

// jqStage is what a stage makes of what comes in: a path leads to what it
// names, select, sort_by and their like pass on what came, and of anything else
// nothing is known.
func jqStage(stage string, in shape) shape {
	stage = strings.TrimSpace(stage)
	if stage == "" {
		return in
	}
	if m := jqWhole().FindStringSubmatch(stage); m != nil {
		return in.walk(m[1])
	}
	for _, same := range []string{"select(", "sort_by(", "sort", "reverse", "unique_by(", "unique", "limit("} {
		if strings.HasPrefix(stage, same) {
			return in
		}
	}
	for _, one := range []string{"first", "last", "min_by(", "max_by("} {
		if strings.HasPrefix(stage, one) {
			return in.elem()
		}
	}
	return shape{}
}
