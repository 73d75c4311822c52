package sandbox

import (
	"errors"
	"strings"
	"testing"

	"tlsh/schema"
)

func TestEmbeddedWorld(t *testing.T) {
	s, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	people := s.People()
	if len(people) != 13 || people[0].Username != "sam" || !people[0].Default || people[1].Name != "Alice Moreau" || people[2].Phone != "9996621003" {
		t.Errorf("people: %+v", people)
	}
	// Every date of the world has moved to this clock.
	for _, p := range s.world.people {
		for _, e := range p.box.entries {
			if int64(e.date) > s.cfg.Now().Unix() || int64(e.date) < s.cfg.Now().Unix()-400*86400 {
				t.Errorf("message %d of %s is dated %d", e.id, p.name(), e.date)
			}
		}
	}
}

// TestEmbeddedSaves: the embedded world, saved and loaded, is the same world.
func TestEmbeddedSaves(t *testing.T) {
	cfg := Config{World: embeddedWorld, Now: (&clock{t: start}).now}
	first, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	var saved, again sink
	first.Save(&saved)
	cfg.World = string(saved)
	second, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	second.Save(&again)
	if string(saved) != string(again) {
		t.Errorf("saved:\n%s\nsaved again:\n%s", saved, again)
	}
	// What everybody sees of every dialog is the same, too.
	for i, p := range first.world.people {
		was, is := viewOf(first, p), viewOf(second, second.world.people[i])
		if was != is {
			t.Errorf("%s saw\n%s\nand sees\n%s", p.name(), was, is)
		}
	}
}

// viewOf is every message of somebody's dialogs, and whom they know, as they
// see them.
func viewOf(s *Sandbox, p *person) string {
	v := viewer{world: s.world, me: p}
	v.now = int32(start.Unix())
	var b strings.Builder
	for _, q := range s.world.people {
		b.WriteString(show(v.user(q)) + "\n")
	}
	for _, r := range s.world.rooms {
		b.WriteString(show(v.chat(r)) + "\n")
		d := p.dialogs[r.peer]
		if d == nil {
			continue
		}
		b.WriteString(show(v.dialogValue(d)) + "\n")
	}
	for _, d := range (&saver{world: s.world}).dialogsOf(p) {
		for _, e := range d.list.entries {
			b.WriteString(show(v.message(e)) + "\n")
		}
	}
	return b.String()
}

// TestEmbeddedEntities: entities lie inside their texts and on what they name.
func TestEmbeddedEntities(t *testing.T) {
	s, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	boxes := []*box{}
	for _, p := range s.world.people {
		boxes = append(boxes, p.box)
	}
	for _, r := range s.world.rooms {
		if r.box != nil {
			boxes = append(boxes, r.box)
		}
	}
	for _, b := range boxes {
		for _, e := range b.entries {
			vec := e.base.At("entities").Vector()
			if vec == nil {
				continue
			}
			text := e.base.At("message").AsString() // ASCII up to the entities
			for _, v := range vec.Items {
				o := v.Object()
				from, to := o.At("offset").AsLong(), o.At("offset").AsLong()+o.At("length").AsLong()
				if to > int64(len(text)) {
					t.Fatalf("%q has an entity up to %d", text, to)
				}
				part := text[from:to]
				n++
				ok := part == strings.TrimSpace(part)
				switch o.Def().Name {
				case "messageEntityMention":
					ok = ok && strings.HasPrefix(part, "@")
				case "messageEntityHashtag":
					ok = ok && strings.HasPrefix(part, "#")
				case "messageEntityUrl":
					ok = ok && strings.HasPrefix(part, "https://") && to == int64(len(text))
				case "messageEntityMentionName":
					ok = ok && part == s.world.byID[o.At("user_id").AsLong()].def.At("first_name").AsString()
				}
				if !ok {
					t.Errorf("%s on %q of %q", o.Def().Name, part, text)
				}
			}
		}
	}
	if n == 0 {
		t.Error("no entities seen")
	}
}

const two = `user(id=1 first_name=A username=anna)
user(id=2 first_name=B username=berta)
chat(id=5 title="room" photo=chatPhotoEmpty participants_count=0 date=1 version=1)
channel(id=6 title="canal" photo=chatPhotoEmpty date=1)
members "room" [@anna]
message(id=1 from_id=@anna peer_id=@berta date=5 message=hi)
`

func TestBadFixtures(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"", "f:1:1: the world has nobody in it"},
		{"# nothing\n", "nobody in it"},
		{"user(id=1 first_name=A", "f:1:24: want ) to close"},
		{"user(id=1 first_nam=A)", "f:1:11: user has no parameter"},
		{"user(first_name=A)", "f:1:1: user needs id:long"},
		{"user(id=0 first_name=A)", "the id of a user is above 0, not 0"},
		{"user(id=1)\nuser(id=1)", "f:2:1: there is a user 1 already"},
		{"user(id=1 username=anna)\nuser(id=2 username=ANNA)", `f:2:1: the username "ANNA" is taken`},
		{"user(id=1 username=\"a b\")", `"a b" cannot be a username`},
		{"dcOption(id=1 ip_address=x port=1)", "a fixture has no use for dcOption"},
		{"help.getConfig", "f:1:1: a fixture holds constructors"},
		{"$x = user(id=1)", "a fixture holds constructors"},
		{"user(id=1) | save x", "a fixture holds constructors"},
		{"batch < help.getConfig >", "a fixture holds constructors"},
		{"frobnicate 1", "there is no command or request"},
		{two + "chat(id=5 title=x photo=chatPhotoEmpty participants_count=0 date=1 version=1)", "f:7:1: there is a chat 5 already"},
		{two + "chat(id=-5 title=x photo=chatPhotoEmpty participants_count=0 date=1 version=1)", "the id of a chat is above 0"},
		{two + "message(id=1 from_id=@anna peer_id=@berta date=5 message=hi)", "f:7:1: there is a message 1 already"},
		{two + "message(id=2 from_id=@ana peer_id=@berta date=5 message=hi)", `f:7:22: there is no "@ana" above this line (did you mean @anna?)`},
		{two + "message(id=2 peer_id=@berta date=5 message=hi)", "from_id has to say who"},
		{two + "message(id=2 from_id=@anna peer_id=peerUser(9) date=5 message=hi)", "peer_id names nobody"},
		{two + "message(id=2 from_id=@berta peer_id=room date=5 message=hi)", `"B" is no member of "room"`},
		{two + "message(id=2 from_id=@anna peer_id=@berta date=5 message=hi reply_to=messageReplyHeader(reply_to_msg_id=9))", "f:7:1: there is no message 9 to reply to"},
		{two + "message(id=2 from_id=@anna peer_id=@berta date=5 message=hi media=messageMediaGeo(file:x))", "messageMediaGeo.geo"},
		{two + "contactname @anna @berta x y", "f:7:1: \"B\" is not among the contacts of \"A\" above this line"},
		{two + "closefriends @anna [@berta]", "f:7:1: \"B\" is not among the contacts of \"A\" above this line"},
		{two + "now soon", "f:7:5: want a date as"},
		{two + "now", "f:7:1: want a date at the end of this line"},
		{two + "now 2026-01-01\nnow 2026-01-02", "f:8:1: there is a now already"},
		{two + "me room", "want one of the people, not a group or channel"},
		{two + "me @nobody", `f:7:4: there is no "@nobody"`},
		{two + "me name=@anna", "f:7:4: want one of the people, not a named parameter"},
		{two + "me [@anna]", "f:7:4: want one of the people"},
		{two + "me @anna @berta", "f:7:10: me takes no more than this"},
		{two + "about @anna", "want a text at the end"},
		{two + "contacts @anna @berta", "f:7:16: want people in [ ]"},
		{two + "contacts @anna [@nobody]", `f:7:17: there is no "@nobody"`},
		{two + "members @anna [@berta]", "want a group or channel, not one of the people"},
		{two + "members room [@anna]", `"A" is a member already`},
		{two + "admin room @berta ban_users", `"B" is no member of it`},
		{two + "admin room @anna fly", `f:7:18: there is no right "fly"`},
		{two + "unread @anna @berta many", "f:7:21: want how many, a whole number"},
		{two + "read @anna @berta 1", "want an id at the end"},
		{two + "box room 1 1", "a basic group has no box of its own"},
		{two + "copies 7 [@anna 1]", "there is no such message"},
		{two + "copies 1 [room 1]", "want people, or the channel"},
		{two + "copies 1 [@anna 0]", "want people, or the channel"},
		{two + "copies 1 [@anna]", "want its id there"},
		{two + "message(id=2 from_id=@anna peer_id=@berta date=5 message=hi)\ncopies 1 [@anna 4]\ncopies 2 [@anna 4]", "f:7:1: the id 4 is given twice"},
	} {
		_, err := New(Config{World: c.src + " ", WorldFile: "f"})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s\nwant %s\ngot  %v", strings.TrimPrefix(c.src, two), c.want, err)
			continue
		}
		var we *WorldError
		if !errors.As(err, &we) || len(we.Errs) == 0 || we.Src == "" {
			t.Errorf("%s: %T without material for a caret", c.src, err)
		}
	}
}

func TestOtherSchema(t *testing.T) {
	small, _ := schema.Read("small.tl", "// LAYER 1\nboolTrue#997275b5 = Bool;\n", schema.Options{})
	if _, err := New(Config{Schema: small}); err == nil || !strings.Contains(err.Error(), "layer 1 has no constructor user") {
		t.Errorf("a schema without what answers are built of: %v", err)
	}
}

func FuzzWorld(f *testing.F) {
	f.Add(two)
	f.Add(two + "unread @anna @berta 1\nread @berta @anna 1 1\nbox @anna 5 5\ncopies 1 [@anna -3 @berta 2]\n")
	f.Add("now 2026-01-01\nuser(id=1)\nme 1\nabout me x\ncontacts me [me]\nadmin 1 1")
	f.Add("members [ [")
	f.Fuzz(func(t *testing.T, src string) {
		s, err := New(Config{World: src + "\n", Now: (&clock{t: start}).now})
		if err != nil {
			return
		}
		// A world that loads can be saved and loaded again.
		var first, second sink
		s.Save(&first)
		again, err := New(Config{World: string(first), Now: (&clock{t: start}).now})
		if err != nil {
			t.Fatalf("%v\n%s", err, first)
		}
		if again.Save(&second); string(first) != string(second) {
			t.Fatalf("saved:\n%s\nsaved again:\n%s", first, second)
		}
	})
}
