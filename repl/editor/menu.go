package editor

// menu is the list of candidates below the line.
type menu struct {
	open     bool
	items    []Candidate
	from, to int // the part of base that a candidate replaces
	base     line
	chosen   int // -1 while nothing is chosen and the line is as typed
	top      int
	// step is the move that a key wanted before the candidates were there.
	step int
	// pick says that the chosen one, or the first of a search, is taken as soon as
	// they are there.
	pick bool
}

func (m *menu) choosing() bool { return m.open && m.chosen >= 0 }

// closeMenu forgets the candidates and leaves the line as it is.
func (ed *edit) closeMenu() { ed.menu = menu{chosen: -1} }

// dismiss closes the menu and keeps it closed until the next edit, even if the host
// is looking for candidates now.
func (ed *edit) dismiss() {
	ed.closeMenu()
	ed.edited, ed.wantMenu = false, false
	ed.last = question{line: line{at: -1}} // asked anew, which cancels the other
}

// offer opens the menu with what the host has found for the line as it is.
func (ed *edit) offer(c Completions) {
	step, pick := ed.menu.step, ed.menu.pick
	ed.closeMenu()
	text := ed.line.text
	from, to := min(max(c.From, 0), len(text)), min(max(c.To, 0), len(text))
	only := len(c.Items) == 1
	if from > to || len(c.Items) == 0 || only && c.Items[0].Text == text[from:to] { // it stands there already
		if pick && !ed.e.host.Picks(text) {
			ed.enter() // there was nothing to take
		}
		return
	}
	ed.menu = menu{open: true, items: c.Items, from: from, to: to, base: ed.line, chosen: -1}
	if step == 0 {
		return
	}
	ed.choose(step)
	if only || pick {
		ed.take()
	}
}

// choose moves by step through the candidates and shows the line as it would be
// with the one chosen; beyond either end is the line as typed.
func (ed *edit) choose(step int) {
	m := &ed.menu
	n := len(m.items) + 1 // with the line as typed, which is candidate -1
	m.chosen = ((m.chosen+1+step)%n+n)%n - 1
	ed.scroll()
	if m.chosen < 0 {
		ed.line = m.base
		return
	}
	ed.line = m.base.replace(m.from, m.to, m.items[m.chosen].Text)
}

// page moves by a menu's height without going round.
func (ed *edit) page(step int) {
	m := &ed.menu
	to := min(max(m.chosen+step*ed.menuRows(), 0), len(m.items)-1)
	ed.choose(to - m.chosen)
}

func (ed *edit) scroll() {
	m := &ed.menu
	m.top = min(m.top, max(m.chosen, 0))
	m.top = max(m.top, m.chosen-ed.menuRows()+1)
}

func (ed *edit) menuRows() int { return ed.e.cfg.MenuRows }

// accept keeps the candidate in the line.
func (ed *edit) accept() {
	base := ed.menu.base
	ed.closeMenu()
	if ed.line != base {
		ed.remember(base)
		ed.edited = true
	}
}

// take is accept for a key that says no more than that: what belongs behind the
// candidate follows it.
func (ed *edit) take() {
	m := ed.menu
	ed.accept()
	if m.chosen >= 0 {
		ed.follow(m.items[m.chosen])
	}
}

// tab moves in the menu, or asks for one.
func (ed *edit) tab(step int) {
	if ed.menu.open && ed.menu.base == ed.line {
		ed.choose(step)
		if len(ed.menu.items) == 1 {
			ed.take()
		}
		return
	}
	if step > 0 && !ed.menu.open && ed.jump() {
		return
	}
	step += ed.menu.step // keys that came before the candidates
	ed.closeMenu()
	ed.menu.step = step
	ed.wantMenu = true
}
