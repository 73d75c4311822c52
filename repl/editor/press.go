package editor

import (
	"strings"

	prompt "github.com/c-bata/go-prompt"
)

// press does what a key asks for.
func (ed *edit) press(k key) {
	if k.reply != "" {
		ed.reply(k.reply)
		return
	}
	if ed.search != nil && ed.pressSearch(k) || ed.menu.choosing() && ed.pressMenu(k) {
		return
	}
	ed.unpad(k)
	if ed.chord {
		ed.chord = false
		if ed.pressChord(k.name) {
			return
		}
	}
	killing, typing, goal := ed.killing, ed.typing, ed.goal
	switch {
	case k.paste:
		ed.change(ed.line.insert(k.text))
		ed.dismiss()
	case k.name == prompt.NotDefined && k.alt:
		ed.pressAlt(k.text)
	case k.name == prompt.NotDefined:
		ed.insert(k.text)
	case k.alt && ed.pressAltKey(k.name):
	case ed.pressEdit(k.name), ed.pressMotion(k.name), ed.pressOther(k.name):
	}
	// What a key does not continue, it ends.
	if killing && ed.killing && !kills(k) {
		ed.killing = false
	}
	if typing && ed.typing && (k.name != prompt.NotDefined || k.alt || k.paste) {
		ed.typing = false
	}
	if goal == ed.goal && !vertical(k) {
		ed.goal = -1
	}
}

// insert adds typed text. A run of typing is taken back by one undo a word, however
// many keys came at once.
func (ed *edit) insert(s string) {
	for s != "" {
		n := 1 + strings.IndexByte(s[1:]+" ", ' ') // up to the space before the next word
		before := len(ed.undo)
		ed.change(ed.line.insert(s[:n]))
		if ed.typing && s[0] != ' ' && len(ed.undo) > before {
			ed.undo = ed.undo[:before]
		}
		ed.typing = true
		s = s[n:]
	}
}

func kills(k key) bool {
	switch k.name {
	case prompt.ControlK, prompt.ControlU, prompt.ControlW, prompt.ControlDelete:
		return !k.alt
	case prompt.Backspace, prompt.ControlH:
		return k.alt
	case prompt.NotDefined:
		return k.alt && (k.text == "d" || k.text == "D")
	}
	return false
}

func vertical(k key) bool {
	switch k.name {
	case prompt.Up, prompt.Down, prompt.ControlP, prompt.ControlN:
		return true
	}
	return false
}

// pressEdit does the keys that change the text.
func (ed *edit) pressEdit(name prompt.Key) bool {
	l := ed.line
	switch name {
	case prompt.Backspace, prompt.ControlH:
		ed.change(l.replace(l.left(), l.at, ""))
	case prompt.Delete:
		ed.change(l.replace(l.at, l.right(), ""))
	case prompt.ControlD:
		ed.endOfFile()
	case prompt.ControlW:
		ed.remove(l.wordLeft(notSpace), l.at)
	case prompt.ControlDelete:
		ed.remove(l.at, l.wordRight(wordRune))
	case prompt.ControlU:
		ed.remove(l.bol(l.at), l.at)
	case prompt.ControlK:
		if end := l.eol(l.at); end > l.at {
			ed.remove(l.at, end)
		} else {
			ed.remove(l.at, l.right()) // the newline
		}
	case prompt.ControlY:
		ed.change(l.insert(ed.e.killed))
	case prompt.ControlT:
		ed.change(l.swap())
	case prompt.ControlUnderscore:
		ed.takeBack()
	case prompt.ControlJ:
		ed.newline()
	case prompt.ControlM, prompt.Enter:
		ed.enter()
	default:
		return false
	}
	return true
}

// takeBack undoes the last change.
func (ed *edit) takeBack() {
	if n := len(ed.undo); n > 0 {
		ed.line, ed.undo = ed.undo[n-1], ed.undo[:n-1]
		ed.recall, ed.typing = recall{}, false
		ed.closeMenu()
	}
}

// pressMotion does the keys that move the cursor.
func (ed *edit) pressMotion(name prompt.Key) bool {
	l := ed.line
	at := l.at
	if takesGhost(name) && at == len(l.text) && ed.takeGhost(ghostEnd) {
		return true
	}
	switch name {
	case prompt.Left, prompt.ControlB:
		at = l.left()
	case prompt.Right, prompt.ControlF:
		at = l.right()
	case prompt.ControlLeft:
		at = l.wordLeft(wordRune)
	case prompt.ControlRight:
		if at == len(l.text) && ed.takeGhost(ghostWord) {
			return true
		}
		at = l.wordRight(wordRune)
	case prompt.Home, prompt.ControlA:
		at = l.bol(at)
	case prompt.End, prompt.ControlE:
		at = l.eol(at)
	case prompt.Up, prompt.ControlP:
		ed.vertical(line.up, ed.recallOlder)
		return true
	case prompt.Down, prompt.ControlN:
		if ed.menu.open && !ed.recall.active && l.eol(at) == len(l.text) {
			ed.tab(1)
			return true
		}
		ed.vertical(line.down, ed.recallNewer)
		return true
	default:
		return false
	}
	ed.move(at)
	return true
}

// takesGhost says which keys take what is suggested at the end of the line.
func takesGhost(name prompt.Key) bool {
	switch name {
	case prompt.Right, prompt.ControlF, prompt.End, prompt.ControlE:
		return true
	}
	return false
}

// move puts the cursor at an offset.
func (ed *edit) move(at int) {
	if next := ed.line.to(at); next != ed.line {
		ed.line = next
		ed.closeMenu()
	}
}

// vertical moves between the lines of the text, and beyond them in the history.
func (ed *edit) vertical(step func(line, int) (line, bool), beyond func()) {
	if ed.goal < 0 {
		ed.goal = ed.line.column()
	}
	ed.closeMenu()
	if next, ok := step(ed.line, ed.goal); ok {
		ed.line = next
		return
	}
	ed.goal = -1
	beyond()
}

// pressOther does the rest of the named keys.
func (ed *edit) pressOther(name prompt.Key) bool {
	switch name {
	case prompt.Tab:
		ed.tab(1)
	case prompt.BackTab:
		ed.tab(-1)
	case prompt.Escape, prompt.ControlG:
		if ed.e.host.Picks(ed.line.text) {
			ed.change(line{})
		}
		ed.dismiss()
	case prompt.ControlC:
		ed.giveUp()
	case prompt.ControlL:
		ed.clear = true
	case prompt.ControlR:
		ed.beginSearch()
	case prompt.ControlX:
		ed.chord = true
	case prompt.ControlZ:
		ed.suspend()
	default:
		return false
	}
	return true
}

// pressAlt does a character typed with Alt.
func (ed *edit) pressAlt(s string) {
	l := ed.line
	switch strings.ToLower(s) {
	case "b":
		ed.move(l.wordLeft(wordRune))
	case "f":
		if l.at == len(l.text) && ed.takeGhost(ghostWord) {
			return
		}
		ed.move(l.wordRight(wordRune))
	case "d":
		ed.remove(l.at, l.wordRight(wordRune))
	case "<":
		ed.move(0)
	case ">":
		ed.move(len(l.text))
	}
}

// pressAltKey does a named key typed with Alt, and reports whether it means
// something else than the key alone.
func (ed *edit) pressAltKey(name prompt.Key) bool {
	l := ed.line
	switch name {
	case prompt.ControlM, prompt.ControlJ, prompt.Enter:
		ed.newline()
	case prompt.Backspace, prompt.ControlH:
		ed.remove(l.wordLeft(wordRune), l.at)
	case prompt.Left:
		ed.move(l.wordLeft(wordRune))
	case prompt.Right:
		if l.at < len(l.text) || !ed.takeGhost(ghostWord) {
			ed.move(l.wordRight(wordRune))
		}
	default:
		return false
	}
	return true
}

// pressMenu does what a key means while a candidate is chosen. Keys that are not
// the menu's take the candidate over and then mean what they always do.
func (ed *edit) pressMenu(k key) (done bool) {
	switch k.name {
	case prompt.Tab, prompt.Down, prompt.ControlN:
		ed.choose(1)
	case prompt.BackTab, prompt.Up, prompt.ControlP:
		ed.choose(-1)
	case prompt.PageDown:
		ed.page(1)
	case prompt.PageUp:
		ed.page(-1)
	case prompt.ControlM, prompt.Enter:
		if k.alt {
			ed.accept()
			return false
		}
		ed.take()
	case prompt.Escape, prompt.ControlG:
		ed.line = ed.menu.base
		ed.dismiss()
	default:
		ed.accept()
		return false
	}
	return true
}
