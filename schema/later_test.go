package schema

import (
	"fmt"
	"slices"
	"sync"
	"testing"
)

// said is all that a definition says.
func said(c *Combinator) string {
	text := fmt.Sprintf("%s %08x %v %v %q line %d makes %s", c.Name, c.ID, c.Method, c.Declared, c.Generic, c.Line, c.Result)
	for _, p := range c.Params {
		of := ""
		if p.Type.Of != nil {
			of = p.Type.Of.Name
		}
		text += fmt.Sprintf("\n  %s %s %s %v", p.Name, p.Type, of, []any{p.Flag, p.Bit, p.Word, p.Mask, p.Kind, p.Run, p.Bits})
	}
	pl := c.Plan
	return text + fmt.Sprint("\n  ", pl.Required, pl.Mask, pl.ByBit, pl.Makes, pl.Room, pl.Lead, pl.None)
}

// What is read later is what is read at once, and there is nothing wrong in it:
// nobody would be told.
func TestLater(t *testing.T) {
	if CurrentLayer() != Current().Layer {
		t.Errorf("layer %d, want %d", CurrentLayer(), Current().Layer)
	}
	for name, src := range map[string]string{"telegram.tl": telegramTL, "mtproto.tl": mtprotoTL, "shell.tl": shellTL} {
		want, problems := Read(name, src, Options{})
		if dropped := problems.Dropped(); len(dropped) > 0 {
			t.Errorf("%s: %v", name, dropped)
		}
		got := readLater(name, src)
		if got.Layer != want.Layer {
			t.Errorf("%s: layer %d, want %d", name, got.Layer, want.Layer)
		}
		for i, lists := range [][2][]*Combinator{{got.Constructors(), want.Constructors()}, {got.Methods(), want.Methods()}} {
			if len(lists[0]) != len(lists[1]) {
				t.Fatalf("%s: %d definitions of list %d, want %d", name, len(lists[0]), i, len(lists[1]))
			}
			for j, c := range lists[0] {
				if a, b := said(c), said(lists[1][j]); a != b {
					t.Errorf("%s:\n%s\nwant\n%s", name, a, b)
				}
				if other := got.ByID(c.ID); (other == c) != (want.ByID(c.ID) == lists[1][j]) {
					t.Errorf("%s: the id of %s is that of %s", name, c.Name, other.Name)
				}
			}
		}
		names := func(s *Schema) (out []string) {
			for _, c := range s.Classes() {
				out = append(out, c.Name+fmt.Sprint(c.Constructors()))
			}
			return out
		}
		a, b := names(got), names(want)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(a, b) {
			t.Errorf("%s: classes\n%v\nwant\n%v", name, a, b)
		}
		for spelling := range want.types {
			if u := got.TypeOf(spelling); u == nil || u.String() != spelling {
				t.Errorf("%s: the type %s is %v", name, spelling, u)
			}
		}
	}
}

// Only what is asked for is read, with the constructors that its bare types are.
func TestLaterReadsLittle(t *testing.T) {
	s := readLater("telegram.tl", telegramTL)
	readNow := func() (names []string) {
		for _, list := range [][]*Combinator{s.constructors.list, s.methods.list} {
			for _, c := range list {
				if c.read.Load() != 0 {
					names = append(names, c.Name)
				}
			}
		}
		return names
	}
	s.Class("InputPeer")
	s.TypeOf("Vector<InputUser>")
	if got := readNow(); got != nil {
		t.Errorf("read: %v", got)
	}
	if c := s.Method("messages.sendMessage"); c.Param("peer").Type != s.TypeOf("InputPeer") || c.Plan.Mask == 0 {
		t.Errorf("messages.sendMessage is %s", said(c))
	}
	s.ByID(BoolTrueID)
	if got := readNow(); !slices.Equal(got, []string{"boolTrue", "messages.sendMessage"}) {
		t.Errorf("read: %v", got)
	}
	if len(s.Class("InputPeer").Constructors()) != 7 || len(readNow()) != 9 {
		t.Errorf("read: %v", readNow())
	}
}

func TestLaterConcurrently(t *testing.T) {
	s := readLater("mtproto.tl", mtprotoTL)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for _, c := range s.constructors.list {
				if got := s.ByID(c.ID); got == nil || len(got.Params) == 0 && got.Plan.Room == 0 {
					t.Errorf("%s is not whole", c.Name)
				}
				s.TypeOf("Vector<" + c.Result.Name + ">")
			}
			s.Methods()
			s.TypeOf("%Message")
		})
	}
	wg.Wait()
}
