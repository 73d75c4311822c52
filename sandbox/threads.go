package sandbox

import "tlsh/tl"

// top is the message of a supergroup that the thread of a letter is about: the
// one that it answers, or whose answers it answers; nil for what answers
// nothing (https://core.telegram.org/api/threads).
func (l *letter) top() *letter {
	if l.thread == nil && l.reply != nil && l.to.kind == channelPeer && l.reply.to == l.to {
		if l.thread = l.reply.top(); l.thread == nil {
			l.thread = l.reply
		}
	}
	return l.thread
}

// topOf is the id of the message that the thread of a channel's message is
// about, 0 for none.
func (c *call) topOf(e *entry) int32 {
	if t := e.top(); t != nil {
		return t.idIn(c.room[e.to].box)
	}
	return 0
}

// replies are the answers to a message; nil where none are counted.
func (v viewer) replies(l *letter) *tl.Object { return nil }
