package manual

import (
	"strings"
	"testing"

	"github.com/rivo/uniseg"

	"tlsh/render"
	"tlsh/schema"
	"tlsh/schema/docs"
)

func names(s *schema.Schema) []string {
	var out []string
	seen := map[string]bool{}
	for _, list := range [][]*schema.Combinator{s.Methods(), s.Constructors()} {
		for _, def := range list {
			out = append(out, def.Name)
			for i := range def.Params {
				if p := &def.Params[i]; p.Type.Kind != schema.KindFlags {
					seen[p.Name] = true
				}
			}
		}
	}
	for _, c := range s.Classes() {
		out = append(out, c.Name)
	}
	out = append(out, docs.Patterns()...)
	for name := range seen {
		out = append(out, name)
	}
	return out
}

// There is a page about every name: what it says fits the width but for words
// that are longer, and it sends on to names that there are.
func TestEveryName(t *testing.T) {
	s := schema.Current()
	m := &Manual{Schema: s}
	kinds := map[string]int{}
	for _, name := range names(s) {
		p, ok := m.Look(name)
		if !ok {
			t.Errorf("there is no page about %s", name)
			continue
		}
		kinds[p.Kind]++
		for _, also := range p.Also {
			if s.Method(also) == nil && s.Constructor(also) == nil && s.Class(also) == nil || also == name {
				t.Errorf("%s sends on to %s", name, also)
			}
		}
		for line := range strings.Lines(string(p.Append(nil, render.Options{Width: 80}))) {
			line = strings.TrimSuffix(line, "\n")
			words := strings.Fields(line)
			if uniseg.StringWidth(line) > 80 && len(words) > 2 {
				t.Errorf("%s: too wide: %s", name, line)
			}
		}
	}
	t.Logf("pages: %v", kinds)
	if _, ok := m.Look("no.such"); ok {
		t.Error("there is a page about nothing")
	}
}

// What a schema has beyond the descriptions, or they beyond it, is said.
func TestOtherLayers(t *testing.T) {
	read := func(layer int) *schema.Schema {
		s, problems := schema.Read("test", `
inputPeerSelf#7da07ec9 = InputPeer;
boolTrue#997275b5 = Bool;
---functions---
messages.setTyping#1 peer:InputPeer fresh_thing:int = Bool;
messages.brandNew#2 = Bool;
messages.readHistory#3 peer:InputPeer max_id:int = Bool;
`, schema.Options{Layer: layer, Trusted: true})
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		return s
	}
	for _, c := range []struct {
		layer     int
		name, say string
	}{
		{docs.Layer() + 7, "messages.brandNew", "Nothing is known about it: the descriptions are of layer"},
		{docs.Layer() + 7, "messages.setTyping", "The descriptions are of layer"},
		{docs.Layer() + 7, "messages.readHistory", ""},
		{docs.Layer() - 7, "messages.readHistory", "The descriptions are of layer"},
		{docs.Layer(), "messages.readHistory", ""},
	} {
		m := &Manual{Schema: read(c.layer)}
		p, ok := m.Look(c.name)
		if !ok {
			t.Fatal(c.name)
		}
		text := string(p.Append(nil, render.Options{Width: 200}))
		if said := strings.Contains(text, "escriptions are of layer"); said != (c.say != "") || !strings.Contains(text, c.say) {
			t.Errorf("layer %d: %s", c.layer, text)
		}
	}
}

// The page says what a request asks about first, and what it is given then.
func TestAsks(t *testing.T) {
	m := &Manual{Schema: schema.Current()}
	for name, want := range map[string]string{
		"channels.deleteChannel":      "deletes the channel or group and all that is in it, for everybody",
		"messages.sendMessage":        "pays in Stars or TON, with allow_paid_stars, allow_paid_floodskip or suggested_post.price",
		"messages.updateDialogFilter": "deletes a folder of chats, without filter",
		"messages.getHistory":         "",
	} {
		p, ok := m.Look(name)
		if !ok || p.Asks != want {
			t.Errorf("%s asks first: %q, want %q", name, p.Asks, want)
		}
		text := string(p.Append(nil, render.Options{Width: 200}))
		if strings.Contains(text, "Asks first: it "+want+".") != (want != "") || strings.Contains(text, "Asks first") != (want != "") {
			t.Errorf("%s: the page is\n%s", name, text)
		}
	}
}
