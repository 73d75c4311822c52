package eval

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// Every digit of a 64-bit id comes through every filter.
func TestJQKeepsIDs(t *testing.T) {
	ids := []int64{9007199254740993, -9007199254740993, 1<<63 - 1, -1 << 63, 1<<53 + 1, 0, -1}
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		ids = append(ids, int64(r.Uint64()))
	}
	sh, out, errs := shellOn(nil, nil)
	for _, id := range ids {
		for filter, want := range map[string]string{
			`.id`:                          "%d",
			`.id|tostring`:                 `"%d"`,
			`tojson|fromjson|.id`:          "%d",
			`[.]|map(.id)|.[0]`:            "%d",
			`{(.id|tostring):.id}|keys[0]`: `"%d"`,
			`to_entries|map(select(.key=="id"))|.[0].value`: "%d",
			`.id+1-1`:               "%d",
			`.id*1`:                 "%d",
			`[.id,.id]|unique|.[0]`: "%d",
			`"\(.id)"`:              `"%d"`,
			`if .id==$same.id and (.id<.id+1) and .id!=.id+1 then .id else "lost" end`: "%d",
			`[.id+1,.id]|min`:                "%d",
			`@json "\(.id)"`:                 `"%d"`,
			`with_entries(.)|.id`:            "%d",
			`[.id]|add`:                      "%d",
			`reduce .id as $i (0; .+$i)`:     "%d",
			`. as {id:$i}|$i`:                "%d",
			`$same.id`:                       "%d",
			`[limit(1;.id)]|first`:           "%d",
			`.id as $i|[1,2]|map($i)|.[1]`:   "%d",
			`del(.first_name)|.id`:           "%d",
			`.id|tostring|tonumber`:          "%d",
			`[.id]|sort|group_by(.)|.[0][0]`: "%d",
		} {
			out.Reset()
			user := fmt.Sprintf("user(id=%d first_name=A)", id)
			line := "$same = " + user + "\n$same | jq -c '" + filter + "'"
			if st := sh.Run(context.Background(), Source{Text: line}); st != OK {
				t.Fatalf("%s: %s", filter, errs)
			}
			if got := strings.TrimSpace(out.String()); got != fmt.Sprintf(want, id) {
				t.Errorf("%d through %s is %s", id, filter, got)
			}
			// Through text, as between two stages, too.
			out.Reset()
			sh.Run(context.Background(), Source{Text: "$same | jq '.' | jq -c '" + filter + "'"})
			if got := strings.TrimSpace(out.String()); got != fmt.Sprintf(want, id) {
				t.Errorf("%d through text and %s is %s", id, filter, got)
			}
			if t.Failed() {
				return
			}
		}
	}
}

func TestJQ(t *testing.T) {
	for _, c := range []struct {
		lines, want, err string
		status           Status
	}{
		{"$n = 5; [1 2 9] | jq -c 'map(select(. > $n))'", "[9]\n", "", OK},
		{"$l = [user(id=1) user(id=2)]; 7 | jq -c '[$l[].id, .]'", "[1,2,7]\n", "", OK},
		{"$n = 5; [1] | jq '.[] as $n | $n'", "1\n", "", OK}, // jq's own goes before
		{"for $m in [1 2] < 0 | jq '$m' >", "1\n2\n", "", OK},
		{"5 | jq '$nobody'", "", "variable not defined: $nobody", Usage},
		{"5 | jq -r '.x'", "", "jq: expected an object but got: number (5)", Failed},
		{"5 | jq '., error(\"no\")'", "5\n", "jq: error: no", Failed},
		{"5 | jq '., halt, 6'", "5\n", "", OK},
		{"'a b' | jq -r .", "a b\n", "", OK},
		{"'a' | jq '.' | jq -r '.+\"b\"'", "ab\n", "", OK},
		{"'not json' | jq -r '.' | jq .", "", "jq: invalid character", Failed},
		{"5 | jq '['", "", "jq: ", Usage},
		{"5 | jq .;echo 6", "", "a filter without quotes goes on to the end of the line: | jq '.' ;echo 6", Usage},
	} {
		sh, out, errs := shellOn(nil, nil)
		st := sh.Run(context.Background(), Source{Text: strings.ReplaceAll(c.lines, "; ", "\n")})
		if st != c.status || out.String() != c.want || !strings.Contains(errs.String(), c.err) {
			t.Errorf("%s: status %d, out %q, err %q", c.lines, st, out, errs)
		}
	}
}
