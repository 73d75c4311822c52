package sandbox

import (
	"strings"
	"testing"
)

const namedWorld = `user(id=1 first_name=A usernames=[username(username=anna editable=true active=true) username(username=gold active=true) username(username=dusty)])
user(id=2 first_name=B username=berta)
`

func TestUsernames(t *testing.T) {
	l := newLab(t, Config{World: namedWorld})
	b := l.as("@berta")
	want(t, b.do("contacts.resolveUsername gold"), ".peer.user_id", "1", ".users[0].usernames[0]", `username(editable=true active=true username="anna")`,
		".users[0].usernames[2]", `username(username="dusty")`)
	b.fails("contacts.resolveUsername dusty", "400 USERNAME_NOT_OCCUPIED")
	want(t, b.do("users.getUsers [me]"), "[0].username", `"berta"`)

	if first := saved(t, l); saved(t, newLab(t, Config{World: first})) != first || !strings.Contains(first, "dusty") {
		t.Errorf("names are not saved as they were read:\n%s", first)
	}
	w := l.world
	a := peer{userPeer, 1}
	names := func() string {
		var list []string
		for _, h := range w.usernames(a) {
			s := h.name
			if !h.active {
				s = "(" + s + ")"
			}
			if h.editable {
				s = "*" + s
			}
			list = append(list, s)
		}
		return strings.Join(list, " ")
	}
	for _, c := range []struct {
		do   func() error
		err  string
		want string
	}{
		{func() error { return w.chooseUsername(a, "berta") }, "USERNAME_OCCUPIED", "*anna gold (dusty)"},
		{func() error { return w.chooseUsername(a, "gold") }, "USERNAME_OCCUPIED", "*anna gold (dusty)"},
		{func() error { return w.chooseUsername(a, "a b") }, "USERNAME_INVALID", "*anna gold (dusty)"},
		{func() error { return w.chooseUsername(a, "abcd") }, "USERNAME_PURCHASE_AVAILABLE", "*anna gold (dusty)"},
		{func() error { return w.chooseUsername(a, "anna") }, "USERNAME_NOT_MODIFIED", "*anna gold (dusty)"},
		{func() error { return w.chooseUsername(a, "Annabel") }, "", "*Annabel gold (dusty)"},
		{func() error { return w.toggleUsername(a, "dusty", true) }, "", "*Annabel gold dusty"},
		{func() error { return w.toggleUsername(a, "dusty", true) }, "USERNAME_NOT_MODIFIED", "*Annabel gold dusty"},
		{func() error { return w.toggleUsername(a, "berta", true) }, "USERNAME_INVALID", "*Annabel gold dusty"},
		{func() error { return w.toggleUsername(a, "gold", false) }, "", "*Annabel (gold) dusty"},
		{func() error { w.reorder(a, []string{"dusty", "annabel"}); return nil }, "", "dusty *Annabel (gold)"},
		{func() error { w.reorder(a, []string{"dusty", "dusty"}); return nil }, "", "dusty *Annabel (gold)"},
		{func() error { w.reorder(a, []string{"dusty"}); return nil }, "", "dusty *Annabel (gold)"},
		{func() error { return w.chooseUsername(a, "") }, "", "dusty (gold)"},
		{func() error { return w.chooseUsername(a, "annas") }, "", "*annas dusty (gold)"},
	} {
		err := c.do()
		if got := names(); got != c.want || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("want %q, %s; got %q, %v", c.want, c.err, got, err)
		}
	}
	w.release(a)
	if w.owner("annas").kind != noPeer || w.username(a) != "" {
		t.Error("released names are still owned")
	}
}

// saved is the world as a fixture.
func saved(t testing.TB, l *lab) string {
	t.Helper()
	var b strings.Builder
	if err := l.Save(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
