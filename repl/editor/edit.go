package editor

import (
	"context"
	"io"
	"time"
)

// edit is the state of one line while it is edited; it belongs to the goroutine
// that called ReadLine.
type edit struct {
	e    *Editor
	line line

	prompt  []Segment
	spans   []Span
	painted string // the text that spans belong to
	hint    []Segment
	menu    menu
	recall  recall
	search  *search
	ghost   ghost
	stops   stops
	padded  bool // the last key put a blank behind a candidate

	lines []Past // the history, once asked
	asked bool

	undo   []line
	typing bool // the last key was typed text, which undo takes back as one
	// killing says that the last key removed text, which the next removal joins.
	killing bool
	goal    int // the column that up and down keep, -1 for the cursor's own

	// edited and wantMenu say that candidates are wanted for the line: because it
	// was changed, or because a key asked.
	edited, wantMenu bool
	last             question  // the last one asked
	clear            bool      // draw on an empty terminal
	chord            bool      // the last key was Ctrl-X
	asking           time.Time // when the terminal was asked for its background; zero when that is not open
	resize           resizing

	done bool
	err  error
}

// undoDepth bounds the changes that can be taken back.
const undoDepth = 500

func newEdit(e *Editor) *edit {
	ed := &edit{e: e, prompt: e.host.Prompt()}
	ed.reset()
	return ed
}

// reset begins an empty line.
func (ed *edit) reset() {
	*ed = edit{
		e: ed.e, prompt: ed.prompt, lines: ed.lines, asked: ed.asked, asking: ed.asking, resize: ed.resize,
		goal: -1, last: question{line: line{at: -1}},
	}
	ed.closeMenu()
}

// loop edits until the line is done.
func (ed *edit) loop(ctx context.Context) {
	e := ed.e
	e.screen.begin()
	if e.wantsBackground() {
		e.screen.send(askBackground)
		ed.asking = time.Now()
	}
	var quiet time.Time // when bytes held back are taken for what they are
	for {
		for len(e.keys) > 0 && !ed.done {
			k := e.keys[0]
			e.keys = e.keys[1:]
			ed.press(k)
		}
		if !ed.done {
			ed.collect()
		}
		if ed.done {
			ed.settle()
			ed.answered()
			e.screen.finish(ed.view(""))
			return
		}
		ed.assist()
		ed.suggest()
		ed.draw()
		in, err := e.term.read(ed.wait(quiet))
		switch {
		case err != nil:
			ed.stop(err)
		case ctx.Err() != nil:
			ed.stop(context.Cause(ctx))
		case e.isClosed():
			ed.stop(ErrClosed)
		case len(in) > 0:
			e.keys = e.decoder.feed(e.keys, in)
			quiet = time.Now().Add(e.hold())
		case e.decoder.waiting() && !time.Now().Before(quiet):
			e.keys = e.decoder.flush(e.keys)
			quiet = time.Now().Add(e.hold())
		}
	}
}

// answerWait bounds how long the end of a line waits for the terminal's answers, which
// would be keys for whoever reads next.
const answerWait = 100 * time.Millisecond

// answered waits for the answers that are still to come; keys are kept.
func (ed *edit) answered() {
	e := ed.e
	for ed.err == nil {
		var left time.Duration
		if !ed.asking.IsZero() {
			left = answerWait - time.Since(ed.asking)
		}
		if ed.resize.open > 0 {
			left = max(left, answerWait-time.Since(ed.resize.probed))
		}
		if left <= 0 {
			return
		}
		in, err := e.term.read(left)
		if err != nil {
			return // the next line has it again
		}
		e.keys = e.decoder.feed(e.keys, in)
		ed.takeReplies()
	}
}

func (ed *edit) stop(err error) { ed.done, ed.err = true, err }

// collect takes over what came from other goroutines.
func (ed *edit) collect() {
	got, failed := ed.e.assist.collect()
	if failed != nil {
		ed.stop(failed)
		return
	}
	if got != nil && got.question != ed.last {
		got = nil // overtaken, or dismissed when it had been found already
	}
	if ed.e.refreshed() {
		ed.prompt, ed.painted = ed.e.host.Prompt(), ""
		ed.spans = nil
		// Candidates that are open, or were asked for and may be on their way.
		asked := ed.last.complete && ed.last.line == ed.line
		complete := (ed.menu.open || asked) && !ed.menu.choosing()
		ed.last = question{line: line{at: -1}}
		ed.wantMenu = ed.wantMenu || complete
	}
	if got == nil || got.question.line != ed.line {
		return
	}
	if got.hinted {
		ed.hint = got.hint
	}
	if got.completed && !ed.menu.choosing() && ed.search == nil {
		ed.offer(got.completions)
	}
}

// assist asks for help with the line if it is another than before.
func (ed *edit) assist() {
	if ed.search != nil {
		return
	}
	q := question{line: ed.line, complete: ed.wantMenu || ed.edited && ed.line.text != ""}
	if ed.edited && !q.complete {
		ed.closeMenu()
	}
	ed.edited, ed.wantMenu = false, false
	if q.line == ed.last.line && !q.complete {
		return
	}
	ed.last = q
	ed.e.assist.ask(q)
}

// wait is the time-out for reading: 0 unless something is to be done then.
func (ed *edit) wait(quiet time.Time) time.Duration {
	keys, size := ed.e.wait(quiet), ed.untilResized()
	if keys == 0 || size != 0 && size < keys {
		return size
	}
	return keys
}

// draw shows the line as it is now, unless it cannot be known where.
func (ed *edit) draw() {
	if !ed.settled() {
		return
	}
	v := ed.view("")
	if ed.clear {
		ed.clear = false
		ed.e.screen.clear(v)
		return
	}
	ed.e.screen.show(v)
}

// view takes a picture of the state; tail is not empty for a line given up.
func (ed *edit) view(tail string) *view {
	if ed.painted != ed.line.text {
		ed.painted, ed.spans = ed.line.text, nil
		if len(ed.line.text) <= maxPaint {
			ed.spans = ed.e.host.Highlight(ed.line.text)
		}
	}
	v := &view{
		prompt: ed.prompt, line: ed.line, spans: ed.spans, hint: ed.hint,
		items: ed.menu.items, chosen: ed.menu.chosen, top: ed.menu.top, menuRows: ed.menuRows(),
		last: ed.done || tail != "", tail: tail,
	}
	if !v.last {
		v.ghost = ghostRow(ed.ghost.rest)
		v.pairs = ed.pairs()
	}
	if s := ed.search; s != nil {
		v.hint, v.items, v.chosen, v.top, v.wide = s.hint(), s.items(ed.e.cfg.Now()), s.chosen, s.top, true
		if s.chosen >= 0 {
			v.found = s.found[s.chosen].match
		}
	}
	return v
}

// pairs are the bracket at the cursor and its other half.
func (ed *edit) pairs() []int {
	if len(ed.line.text) > maxPaint {
		return nil
	}
	if one, other, ok := ed.e.host.Pair(ed.line.text, ed.line.at); ok {
		return []int{one, other}
	}
	return nil
}

// remember puts a state of the line where undo finds it.
func (ed *edit) remember(l line) {
	if len(ed.undo) == undoDepth {
		ed.undo = append(ed.undo[:0], ed.undo[1:]...)
	}
	ed.undo = append(ed.undo, l)
}

// change replaces the line by an edited one.
func (ed *edit) change(l line) {
	if l == ed.line {
		return
	}
	if l.text != ed.line.text {
		ed.remember(ed.line)
		ed.edited, ed.recall = true, recall{}
	}
	ed.line = l
}

// remove takes text[from:to] out, to be put back by yank.
func (ed *edit) remove(from, to int) {
	if from == to {
		return
	}
	cut := ed.line.text[from:to]
	switch {
	case !ed.killing:
		ed.e.killed = cut
	case from < ed.line.at:
		ed.e.killed = cut + ed.e.killed
	default:
		ed.e.killed += cut
	}
	ed.killing = true
	ed.change(ed.line.replace(from, to, ""))
}

// enter runs the line if it is whole, and goes on with a new line if not.
func (ed *edit) enter() {
	if ed.e.host.Picks(ed.line.text) {
		ed.pick()
		return
	}
	if ed.menu.step != 0 && !ed.menu.open && !ed.menu.pick {
		ed.menu.pick = true // Tab came just before: Enter takes what it will choose
		return
	}
	if blank(ed.line.text) || ed.e.host.Whole(ed.line.text) {
		ed.done = true
		return
	}
	ed.newline()
}

// pick takes the best candidate of a search into the line, now or as soon as it
// is there.
func (ed *edit) pick() {
	ed.tab(1)
	if ed.menu.choosing() {
		ed.take()
	} else {
		ed.menu.pick = true
	}
}

func (ed *edit) newline() {
	ed.change(ed.line.insert("\n" + ed.line.indent()))
	ed.dismiss()
}

func blank(s string) bool {
	for i := range len(s) {
		if s[i] != ' ' && s[i] != '\t' && s[i] != '\n' {
			return false
		}
	}
	return true
}

// giveUp leaves the line on the screen and begins an empty one.
func (ed *edit) giveUp() {
	if ed.search != nil {
		ed.line, ed.search = ed.search.typed, nil
	}
	ed.settle()
	ed.e.screen.finish(ed.view("^C"))
	ed.reset()
}

// endOfFile deletes forward, or leaves when there is nothing.
func (ed *edit) endOfFile() {
	if ed.line.text == "" {
		ed.stop(io.EOF)
		return
	}
	ed.change(ed.line.replace(ed.line.at, ed.line.right(), ""))
}
