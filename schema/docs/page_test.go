package docs

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"tlsh/schema"
)

// TestAdvice: the requests that an error's advice names are there.
func TestAdvice(t *testing.T) {
	entries, err := readErrors(errorsText)
	if err != nil {
		t.Fatal(err)
	}
	s := schema.Current()
	spaces := map[string]bool{}
	for _, m := range s.Methods() {
		if space, _, ok := strings.Cut(m.Name, "."); ok {
			spaces[space] = true
		}
	}
	named := 0
	for _, e := range entries {
		for _, name := range regexp.MustCompile(`\b[a-z]+\.[a-z]\w+`).FindAllString(e.meaning+" "+e.advice, -1) {
			if space, _, _ := strings.Cut(name, "."); !spaces[space] || strings.HasSuffix(name, ".com") {
				continue
			}
			if named++; s.Method(name) == nil {
				t.Errorf("%s: there is no request %s", e.pattern, name)
			}
		}
	}
	if named < 50 {
		t.Errorf("only %d requests are named", named)
	}
}

// TestCoverage counts what is described of the embedded layer, and wants the
// pages to say nothing of what they do not have.
func TestCoverage(t *testing.T) {
	s := schema.Current()
	var methods, params, allParams, errors, who, newMethods, newConstructors int
	for _, m := range s.Methods() {
		p := Method(m.Name)
		if p == nil {
			newMethods++
			if p.Summary() != "" || p.Param("peer") != "" {
				t.Errorf("%s has no page and says something", m.Name)
			}
			continue
		}
		if p.Text != "" {
			methods++
		}
		if p.Who != Unknown {
			who++
		}
		if len(p.Errors) > 0 {
			errors++
		}
		a, b := described(m, p)
		params, allParams = params+a, allParams+b
	}
	var constructors, fields, allFields int
	for _, c := range s.Constructors() {
		p := Constructor(c.Name)
		if p == nil {
			newConstructors++
			continue
		}
		if p.Text != "" {
			constructors++
		}
		a, b := described(c, p)
		fields, allFields = fields+a, allFields+b
	}
	types := 0
	for _, c := range s.Classes() {
		if p := Type(c.Name); p != nil && p.Text != "" {
			types++
		}
	}
	explained, advised := 0, 0
	for _, pattern := range Patterns() {
		if x, ok := Error(pattern); ok {
			explained++
			if x.Advice != "" {
				advised++
			}
		}
	}
	t.Logf("the schema is layer %d, the pages describe layer %d; they have no page of %d requests and %d constructors",
		s.Layer, Layer(), newMethods, newConstructors)
	t.Logf("described: %d of %d requests, %d of their %d parameters, %d of %d constructors, %d of their %d fields",
		methods, len(s.Methods()), params, allParams, constructors, len(s.Constructors()), fields, allFields)
	t.Logf("described: %d of %d types; explained: %d of %d errors, %d of them with what to do", types, len(s.Classes()), explained, len(Patterns()), advised)
	t.Logf("%d requests list their errors; of %d it is known who may call them", errors, who)
	if methods < 700 || constructors < 1400 || params < 1700 || fields < 4000 || errors < 500 || who < 400 {
		t.Error("the pages have lost something")
	}
}

// described counts the parameters that have a description, and all.
func described(def *schema.Combinator, p *Page) (n, all int) {
	for i := range def.Params {
		if def.Params[i].Type.Kind == schema.KindFlags {
			continue
		}
		all++
		if p.Param(def.Params[i].Name) != "" {
			n++
		}
	}
	return n, all
}

func TestPages(t *testing.T) {
	ps := all()
	for kind, m := range map[string]map[string]*Page{"method": ps.methods, "constructor": ps.constructors, "type": ps.types} {
		for name, p := range m {
			if p.Name != name || !utf8.ValidString(p.Text) || strings.ContainsAny(p.Text, "\t\n\x1b¹²³»") {
				t.Errorf("%s %s: %q", kind, name, p.Text)
			}
			for _, e := range p.Errors {
				if ps.codes[e.Pattern] == 0 {
					t.Errorf("%s: %s is in no list of errors", name, e.Pattern)
				}
			}
		}
	}
	p := Method("messages.sendMessage")
	if p.Summary() != "Sends a message to a chat" || p.Who != Both || p.Param("silent") == "" {
		t.Errorf("%+v", p)
	}
	if _, code, by := Thrown("CHAT_WRITE_FORBIDDEN"); code != 403 || len(by) < 10 {
		t.Errorf("CHAT_WRITE_FORBIDDEN: %d, by %d", code, len(by))
	}
	if Pattern("FLOOD_WAIT_30") != "FLOOD_WAIT_%d" || Pattern("NO_SUCH_THING") != "" {
		t.Error("patterns")
	}
}

func TestReadPages(t *testing.T) {
	for _, bad := range []string{"p\tname\ttext", "z\ta", "L\tx", "m\ta\ne\tx\tERR"} {
		if _, err := readPages(bad); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
}

func TestSentence(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "One": "One", "One. Two.": "One", "See help.getConfig first. Then go.": "See help.getConfig first",
		"A list, i.e. a Vector. More.": "A list, i.e. a Vector", "One.": "One",
	} {
		if got := Sentence(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func BenchmarkPages(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		text, err := unpack()
		if err != nil {
			b.Fatal(err)
		}
		if ps, err := readPages(text); err != nil || len(ps.methods) == 0 {
			b.Fatal(err)
		}
	}
}
