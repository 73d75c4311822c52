package eval

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/rivo/uniseg"

	"tlsh/schema"
)

func TestTableRows(t *testing.T) {
	for _, c := range []struct{ lines, want, err string }{
		{"[user(id=5 first_name=A) user(id=123 min=true)] | table", " id  first_name\n  5  A\n123\n", ""},
		{"[user(id=5 first_name=A) userEmpty(6)] | table _ id first_name", "_          id  first_name\nuser        5  A\nuserEmpty   6\n", ""},
		{"contacts.contacts(contacts=[contact(5 true) contact(6 false)] saved_count=1 users=[user(id=9)]) | table", "user_id  mutual\n      5  true\n      6  false\n", ""},
		{"messages.chats(chats=[chat(id=3 title=c photo=chatPhotoEmpty participants_count=7 date=1 version=1)]) | table", "id  title  participants_count\n 3  c                       7\n", ""},
		{"nearestDc(country=XX this_dc=1 nearest_dc=2) | table", "country  this_dc  nearest_dc\nXX             1           2\n", ""},
		{"[message(id=1 date=0 message='a\\nb' peer_id=peerUser(5)) message(id=2 date=2147483647 message=x peer_id=peerChannel(7))] | table", "id  date     peer_id    message\n 1           user 5     a\\nb\n 2  forever  channel 7  x\n", ""},
		{"[pageBlockDivider pageBlockAnchor(x)] | table", "_                 name\npageBlockDivider\npageBlockAnchor   x\n", ""},
		{"[] | table", "", ""},
		{"[] | table id", "id\n", ""},
		{"5 | jq '[]' | table", "", ""},
		{"5 | jq '[{b:1,id:2,_:\"x\",l:[1]},{id:3,c:\"d\\u202e\"}]' | table", "_  id  b  c\nx   2  1\n    3     d\\u{202e}\n", ""},
		{"5 | jq '{a:{b:[7]}},{a:null}' | table '.a.b[0]'", ".a.b[0]\n      7\n\n", ""},
		{"5 | jq -r '\"x y\"' | table", "", "table wants JSON"},
		{"[user(id=5)] | table idd", "", "did you mean id?"},
		{"[user(id=5)] | table ''", "", "a column of a table is a path of fields"},
		{"[user(id=5)] | table 'id | x'", "", "a column of a table is a path of fields"},
		{"[[1 2] [3]] | table", "value\n[1, 2]\n[3]\n", ""},
	} {
		sh, out, errs := shellOn(nil, nil)
		st := sh.Run(context.Background(), Source{Text: c.lines})
		if (st == OK) != (c.err == "") || out.String() != c.want || !strings.Contains(errs.String(), c.err) {
			t.Errorf("%s: status %d\n%swant\n%s%s", c.lines, st, out, c.want, errs)
		}
	}
}

// On a terminal no line is wider than it.
func TestTableWidth(t *testing.T) {
	v := hostileResult(hostileStrings(500))
	for _, width := range []int{16, 30, 80} {
		var out bytes.Buffer
		sh := New(Config{Schema: schema.Current(), Out: &out, Err: &out, Format: Tree, Terminal: true, Size: func() (int, int) { return width, 24 }})
		sh.set("h", v)
		sh.Run(context.Background(), Source{Text: "$h | table id message post_author 'media.document.attributes[].file_name'"})
		n := 0
		for line := range strings.Lines(out.String()) {
			n++
			if w := uniseg.StringWidth(strings.TrimSuffix(line, "\n")); w > width {
				t.Fatalf("%q is %d wide, and the terminal %d", line, w, width)
			}
		}
		if n != 501 {
			t.Errorf("%d lines for 500 rows", n)
		}
	}
}
