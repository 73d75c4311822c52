package sandbox

import (
	"encoding/json"
	"fmt"

	"tlsh/tl"
)

// move is somebody who came into a room, or left it.
type move struct {
	date int32
	n    int // 1: came, -1: left
}

type moves []move

// moves are all who came into a channel and left it, in no order. When somebody came
// who is there no more, the log of admins may tell; else it was when the room was
// made.
func (r *room) moves() (list moves) {
	for _, m := range r.members {
		list = append(list, move{m.date, 1})
	}
	came := map[int64]int32{}
	for _, l := range r.log {
		who := l.by.id
		if in := l.action.At("participant").Object(); in != nil {
			who = in.At("user_id").AsLong()
		}
		switch l.kindOf() {
		case "join", "invite":
			came[who] = l.date
			continue
		case "kick":
			who = peerOf(l.action.At("new_participant").Object().At("peer")).id
		case "leave":
		default:
			continue
		}
		since, ok := came[who]
		if !ok {
			since = r.def.At("date").AsInt()
		}
		list = append(list, move{since, 1}, move{l.date, -1})
	}
	return list
}

// until is how many are there at a time.
func (l moves) until(date int32) (n int) {
	for _, m := range l {
		if m.date <= date {
			n += m.n
		}
	}
	return n
}

// days are the beginnings of days in UTC, in seconds since 1970.
type days []int32

const daySeconds = 24 * 3600

// days are those that a period touches.
func (s period) days() (list days) {
	for d := s.from - s.from%daySeconds; d <= s.to; d += daySeconds {
		list = append(list, d)
	}
	return list
}

// count is how often each gives a date of every day.
func (d days) count(each func(count func(date int32))) []int {
	list := make([]int, len(d))
	each(func(date int32) {
		if i := int(date-d[0]) / daySeconds; date >= d[0] && i < len(list) {
			list[i]++
		}
	})
	return list
}

// line is one of the lines of a graph, or its bars.
type line struct {
	name, kind string // kind: "line" or "bar"
	color      [2]string
	y          []int
}

// The colours of lines, on a light background and on a dark one.
var (
	green = [2]string{"#3cb44b", "#69d37c"}
	red   = [2]string{"#e0533a", "#f2806b"}
	blue  = [2]string{"#3478c9", "#6aa5ec"}
)

// noGraph stands for one that cannot be drawn.
func (w *world) noGraph() tl.Value {
	return w.new("statsGraphError").With("error", tl.String("Not enough data to display.")).Value()
}

// graph is a StatsGraph over days. Its JSON has columns that begin with their names,
// x in milliseconds since 1970, and what each of them is (statsGraph).
func (c *call) graph(d days, lines ...line) tl.Value {
	x := []any{"x"}
	for _, day := range d {
		x = append(x, int64(day)*1000)
	}
	chart := struct {
		Columns [][]any           `json:"columns"`
		Types   map[string]string `json:"types"`
		Names   map[string]string `json:"names"`
		Colors  map[string]string `json:"colors"`
	}{[][]any{x}, map[string]string{"x": "x"}, map[string]string{}, map[string]string{}}
	shade := 0
	if c.req.At("dark").AsBool() {
		shade = 1
	}
	for i, l := range lines {
		y := fmt.Sprint("y", i)
		column := []any{y}
		for _, n := range l.y {
			column = append(column, n)
		}
		chart.Columns = append(chart.Columns, column)
		chart.Types[y], chart.Names[y], chart.Colors[y] = l.kind, l.name, l.color[shade]
	}
	text, err := json.Marshal(chart)
	if err != nil {
		return c.noGraph()
	}
	data := c.new("dataJSON").With("data", tl.String(string(text)))
	return c.new("statsGraph").With("json", data.Value()).Value()
}

// growth is the graph of how many are there at the end of each day.
func (c *call) growth(d days, l moves, name string) tl.Value {
	y := make([]int, len(d))
	for i, day := range d {
		y[i] = l.until(min(day+daySeconds-1, c.now))
	}
	return c.graph(d, line{name, "line", green, y})
}

// movements is the graph of who came and who left, day by day.
func (c *call) movements(d days, l moves) tl.Value {
	of := func(n int) []int {
		return d.count(func(count func(int32)) {
			for _, m := range l {
				if m.n == n {
					count(m.date)
				}
			}
		})
	}
	return c.graph(d, line{"Joined", "line", green, of(1)}, line{"Left", "line", red, of(-1)})
}
