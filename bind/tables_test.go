package bind

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"tlsh/schema"
)

// What fills itself in a request that acts is a random_id alone.
func TestFillsItself(t *testing.T) {
	filled, acting := 0, 0
	for _, list := range [][]*schema.Combinator{schema.Current().Methods(), schema.Current().Constructors()} {
		for _, def := range list {
			for i := range def.Params {
				p := &def.Params[i]
				if !FillsItself(def, i) {
					continue
				}
				filled++
				if p.Optional() {
					t.Errorf("%s.%s is optional, and fills itself", def.Name, p.Name)
				}
				if p.Name != "random_id" && effects()[def.Name].kind != Reads {
					t.Errorf("%s.%s fills itself in what acts", def.Name, p.Name)
				}
				if p.Name == "random_id" {
					acting++
				}
			}
		}
	}
	t.Logf("%d parameters fill themselves, %d of them random_id", filled, acting)
}

// dubious are names that sound like a date, a time or a colour.
var dubious = regexp.MustCompile(`date|until|expire|since|_at$|_till|online|period|seconds|ttl|delay|duration|timeout|color|time|days|months|mtime`)

// TestParams wants every number that sounds like a date, a time or a colour in
// params.txt, and nothing there that the schema does not have.
func TestParams(t *testing.T) {
	all := meanings()
	used := map[string]bool{}
	for _, list := range [][]*schema.Combinator{schema.Current().Methods(), schema.Current().Constructors()} {
		for _, def := range list {
			for i := range def.Params {
				p := &def.Params[i]
				kind := p.Type.Kind
				if kind == schema.KindVector {
					kind = p.Type.Elem.Kind
				}
				if kind != schema.KindInt {
					continue
				}
				_, byName := all[p.Name]
				_, byPath := all[def.Name+"."+p.Name]
				used[p.Name] = true
				used[def.Name+"."+p.Name] = true
				if dubious.MatchString(p.Name) && !byName && !byPath {
					t.Errorf("%s.%s is not in params.txt", def.Name, p.Name)
				}
			}
		}
	}
	for name := range all {
		if !used[name] {
			t.Errorf("params.txt has %s, which no number is called", name)
		}
	}
	b, err := os.ReadFile("params.txt")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for line := range strings.Lines(string(b)) {
		f := strings.Fields(line)
		if len(f) < 2 || f[0] == "#" {
			continue
		}
		known := false
		for _, s := range senseNames {
			known = known || s == f[0]
		}
		if !known || seen[f[1]] {
			t.Errorf("params.txt: %q is no sense, or twice", strings.TrimSpace(line))
		}
		seen[f[1]] = true
	}
}

// Every definition with entities has one text that they belong to.
func TestEntitiesOf(t *testing.T) {
	found := 0
	for _, list := range [][]*schema.Combinator{schema.Current().Methods(), schema.Current().Constructors()} {
		for _, def := range list {
			texts := map[int]int{}
			for i := range def.Params {
				if j := entitiesOf(def, i); j >= 0 {
					texts[j]++
					found++
				}
			}
			for j := range def.Params {
				if p := &def.Params[j]; isEntities(p.Type) && texts[j] != 1 && def.Name != "updateShortSentMessage" {
					t.Errorf("%s.%s belongs to %d texts", def.Name, p.Name, texts[j])
				}
			}
		}
	}
	t.Logf("%d texts have entities", found)
}

// Each short word means one constructor of its type, and reads back as it.
func TestShorts(t *testing.T) {
	words, types := 0, 0
	for _, c := range schema.Current().Classes() {
		seen := map[string]bool{}
		for _, s := range shorts(c.Type) {
			word := strings.ToLower(s.word)
			if seen[word] {
				t.Errorf("%s: %s means two constructors", c.Name, s.word)
			}
			seen[word] = true
			if shortDef(strings.ToUpper(word), c.Type) != s.def {
				t.Errorf("%s: %s is not read as %s", c.Name, s.word, s.def.Name)
			}
			words++
		}
		if len(seen) > 0 {
			types++
		}
	}
	for typ, want := range map[string]string{
		"MessagesFilter":            "photos",
		"ChannelParticipantsFilter": "admins",
		"SendMessageAction":         "typing",
		"InputPrivacyRule":          "disallowAll",
		"InputNotifyPeer":           "broadcasts",
		"TopPeerCategory":           "botsPM",
		"BotCommandScope":           "chatAdmins",
		"BaseTheme":                 "night",
		"ReportReason":              "childAbuse",
		"InlineQueryPeerType":       "sameBotPM",
	} {
		if shortDef(want, schema.Current().TypeOf(typ)) == nil {
			t.Errorf("%s has no word %s", typ, want)
		}
	}
	t.Logf("%d words in %d types", words, types)
}

// Of every parameter there is something to say, and it begins with its type.
func TestAccepts(t *testing.T) {
	for _, list := range [][]*schema.Combinator{schema.Current().Methods(), schema.Current().Constructors()} {
		for _, def := range list {
			for i := range def.Params {
				p := &def.Params[i]
				s := Accepts(def, p, p.Type)
				if s == "" || strings.Count(s, "(") != strings.Count(s, ")") && !strings.Contains(s, "md\"") {
					t.Errorf("%s.%s: %q", def.Name, p.Name, s)
				}
				switch p.Type.Kind {
				case schema.KindTrue, schema.KindBool, schema.KindAny:
				default:
					if !strings.HasPrefix(s, p.Type.Name) {
						t.Errorf("%s.%s is a %s: %q", def.Name, p.Name, p.Type, s)
					}
				}
			}
		}
	}
	for _, c := range [][3]string{
		{"messages.sendMessage", "peer", "InputPeer (@name, me, an id or a constructor)"},
		{"messages.sendMessage", "message", `string (or md"**bold**", html"<b>bold</b>")`},
		{"messages.sendMessage", "silent", "true or false"},
		{"messages.sendMessage", "schedule_date", `int (a date in local time: 2026-12-31, "2026-12-31 18:00", now+2h, "tomorrow 9:00", monday, 18:00, online)`},
		{"messages.sendMessage", "reply_to", "InputReplyTo (the number of a message, a message, a story, its link or a constructor)"},
		{"users.getUsers", "id", "Vector<InputUser> ([…] or one: @name, me, an id or a constructor)"},
		{"messages.deleteMessages", "id", "Vector<int> ([…] or one: the number of a message, a message, or its link)"},
		{"messages.setHistoryTTL", "period", "int (a time: 30s 5m 2h 1d 1w, or seconds, off)"},
		{"channels.getParticipants", "filter", "ChannelParticipantsFilter (recent, admins, bots, mentions or a constructor)"},
		{"bots.sendCustomRequest", "params", "DataJSON (JSON as text, a list or any value)"},
		{"upload.saveFilePart", "bytes", `bytes (hex:…, base64:…, file:… or "…")`},
		{"messages.getCustomEmojiDocuments", "document_id", "Vector<long> ([…])"},
	} {
		def := schema.Current().Method(c[0])
		p := def.Param(c[1])
		if got := Accepts(def, p, p.Type); got != c[2] {
			t.Errorf("%s.%s\n got  %s\n want %s", c[0], c[1], got, c[2])
		}
	}
}
