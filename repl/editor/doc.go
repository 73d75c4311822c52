// Package editor is the line editor of the shell: it reads one statement, which
// may span lines, with colours, completion, a help line, history and output that
// appears above the half-typed line. It knows nothing of what is typed; that comes
// through Host.
//
// It runs on go-prompt, used from outside. Of go-prompt are the session (set-up,
// loop and tear-down around each line), the hand-over of the terminal to it and the
// key table. When its loop delivers the private key sequence bound to the editor,
// the bound function stays for the whole line and waits for keys itself: go-prompt's
// own loop sleeps 10 ms at a time, treats keys that arrive together as one, and
// edits by runes. Its Buffer stays empty, so that its history, which would keep
// every secret, does too; and its drawing, which cannot colour, wrap or scroll a
// line, goes to a writer that drops it.
//
// One goroutine, the caller of ReadLine, owns what is edited. It hands the screen
// an immutable view after each key; whatever draws from elsewhere (Above) draws
// that view again under the screen's lock. Completions and help are computed by one
// background goroutine, which only ever works for the newest text.
package editor
