package sandbox

import (
	"strings"
	"testing"
)

// ask sends a poll to the hikers; extra are more flags of it, more what else
// the media has.
func ask(peer, extra, more string) string {
	return `messages.sendMedia peer=` + peer + ` message="" media=inputMediaPoll(poll=poll(id=0 question=textWithEntities("Where to?" []) answers=[` +
		`inputPollAnswer(text=textWithEntities("Cliffs" [])) inputPollAnswer(text=textWithEntities("Woods" []))` +
		` inputPollAnswer(text=textWithEntities("Home" []))] hash=0 ` + extra + ") " + more + ")"
}

const hikers = `"Sunday hikers"`

func TestPolls(t *testing.T) {
	l := newLab(t, Config{})
	sam, bob, alice := l.as("@sam"), l.as("@bob"), l.as("@alice")
	sent := sam.do(ask(hikers, "public_voters=true multiple_choice=true", ""))
	id := show(at(t, sent, ".updates[0].id"))
	want(t, sent, ".updates[1].message.media.poll.answers[1].option", `hex:31`, ".updates[1].message.media.poll.creator", "true",
		".updates[1].message.media.results.total_voters", "0")
	bobs := show(at(t, bob.next(), ".updates[0].message.id"))
	alice.next()
	v := bob.do("messages.sendVote peer=" + hikers + " msg_id=" + bobs + " options=[hex:30 hex:32]")
	want(t, v, ".updates[0].results.results[0].voters", "1", ".updates[0].results.results[2].chosen", "true", ".updates[0].results.total_voters", "1")
	u := alice.next()
	want(t, u, ".updates[0].results.total_voters", "1", ".updates[0].results.recent_voters[0].user_id", "1003")
	if !at(t, u, ".updates[0].results").Object().At("results").IsNone() {
		t.Errorf("Alice did not vote and sees %s", show(u))
	}
	want(t, sam.next(), ".updates[0].peer.chat_id", "2001", ".updates[0].msg_id", id)
	sam.fails("messages.getPollVotes peer="+hikers+" id=9999 limit=10", "400 MSG_ID_INVALID")
	alices := alice.top(hikers)
	alice.fails("messages.getPollVotes peer="+hikers+" id="+alices+" limit=10", "403 POLL_VOTE_REQUIRED")
	alice.do("messages.sendVote peer=" + hikers + " msg_id=" + alices + " options=[hex:31]")
	want(t, alice.do("messages.getPollVotes peer="+hikers+" id="+alices+" limit=1"), ".count", "2", ".votes[0].option", "hex:31", ".next_offset", `"1"`)
	want(t, alice.do("messages.getPollVotes peer="+hikers+" id="+alices+" limit=1 offset=1"), ".votes[0].options[1]", "hex:32")
	want(t, alice.do("messages.getPollVotes peer="+hikers+" id="+alices+" limit=9 option=hex:30"), ".count", "1", ".votes[0].peer.user_id", "1003")
	alice.fails("messages.getPollVotes peer="+hikers+" id="+alices+" limit=1 offset=-", "400 OFFSET_INVALID")
	want(t, l.reborn().as("@bob").do("messages.getPollResults peer="+hikers+" msg_id="+bobs+" poll_hash=0"), ".updates[0].results.results[1].voters", "1",
		".updates[0].results.results[0].chosen", "true", ".updates[0].results.total_voters", "2")

	// A forwarded poll is the same poll.
	sam.do("messages.forwardMessages from_peer=" + hikers + " id=[" + id + "] to_peer=@erin")
	erin := l.as("@erin")
	erin.do("messages.sendVote peer=@sam msg_id=" + erin.top("@sam") + " options=[hex:30]")
	want(t, sam.do("messages.getPollResults peer="+hikers+" msg_id="+id+" poll_hash=0"), ".updates[0].results.total_voters", "3")
	// Taken back, and closed.
	bob.do("messages.sendVote peer=" + hikers + " msg_id=" + bobs + " options=[]")
	want(t, sam.do("messages.getPollResults peer="+hikers+" msg_id="+id+" poll_hash=0"), ".updates[0].results.total_voters", "2")
	sam.do(strings.Replace(ask(hikers, "closed=true", ""), "messages.sendMedia", "messages.editMessage id="+id, 1))
	bob.fails("messages.sendVote peer="+hikers+" msg_id="+bobs+" options=[hex:31]", "400 MESSAGE_POLL_CLOSED")
	want(t, bob.do("messages.getPollResults peer="+hikers+" msg_id="+bobs+" poll_hash=0"), ".updates[0].poll.closed", "true", ".updates[0].results.results[0].voters", "1")
	sam.fails("messages.getPollResults peer="+hikers+" msg_id=1 poll_hash=0", "400 MESSAGE_ID_INVALID")
}

func TestQuiz(t *testing.T) {
	l := newLab(t, Config{World: village + `
message(id=700 peer_id=@harbour_news date=2026-03-06T10:00 message="" media=messageMediaPoll(poll=poll(id=77 quiz=true question=textWithEntities("Depth?" [])
  answers=[pollAnswer(text=textWithEntities("3 m" []) option=hex:00) pollAnswer(text=textWithEntities("5 m" []) option=hex:01)] hash=0)
  results=pollResults(results=[pollAnswerVoters(option=hex:01 correct=true)] solution="At low tide" solution_entities=[])))
vote 700 @bob [2] 2026-03-06T10:10
`})
	sam, bob := l.as("@sam"), l.as("@bob")
	id := sam.top("@harbour_news")
	v := sam.do("messages.sendVote peer=@harbour_news msg_id=" + id + " options=[hex:00]")
	want(t, v, ".updates[0].results.results[1].correct", "true", ".updates[0].results.solution", `"At low tide"`, ".updates[0].results.total_voters", "2")
	sam.fails("messages.sendVote peer=@harbour_news msg_id="+id+" options=[hex:01]", "400 REVOTE_NOT_ALLOWED")
	bob.fails("messages.getPollVotes peer=@harbour_news id="+id+" limit=10", "403 BROADCAST_FORBIDDEN")
	l.as("@dave_builds").fails("messages.sendVote peer=@harbour_news msg_id="+id+" options=[hex:01]", "403 CHAT_WRITE_FORBIDDEN")
	want(t, l.reborn().as("@bob").do("messages.getPollResults peer=@harbour_news msg_id="+id+" poll_hash=0"), ".updates[0].results.results[1].chosen", "true",
		".updates[0].results.results[1].correct", "true")

	sam.do(ask(hikers, "quiz=true close_period=60", `correct_answers=[1] solution="Because" solution_entities=[]`))
	mine := bob.top(hikers)
	bob.fails("messages.sendVote peer="+hikers+" msg_id="+mine+" options=[hex:30 hex:31]", "400 OPTIONS_TOO_MUCH")
	bob.fails("messages.sendVote peer="+hikers+" msg_id="+mine+" options=[hex:35]", "400 OPTION_INVALID")
	bob.fails("messages.sendVote peer="+hikers+" msg_id=9999 options=[hex:35]", "400 MESSAGE_ID_INVALID")
	l.clock.add(61e9)
	bob.fails("messages.sendVote peer="+hikers+" msg_id="+mine+" options=[hex:30]", "400 MESSAGE_POLL_CLOSED")
}
