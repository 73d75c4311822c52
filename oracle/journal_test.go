package oracle

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gotd/log"
)

// journal keeps what gotd logs, down to debug. What it may say is a list:
// anything else, whatever its level, is a complaint.
type journal struct {
	allowed map[string]string // message, or message and an attribute or its key, to why
	// late is what may be said on a machine that is too busy to keep time.
	late map[string]string

	mu     sync.Mutex
	closed bool
	lines  []line
	counts map[string]int
	news   chan struct{} // closed at the next line
}

type line struct {
	level log.Level
	text  string
	attrs string
	keys  []string // the message with each of its attributes, and with their keys
}

func newJournal(allowed map[string]string) *journal {
	return &journal{allowed: allowed, counts: map[string]int{}, news: make(chan struct{})}
}

// Enabled makes a journal a log.Logger.
func (j *journal) Enabled(context.Context, log.Level) bool { return true }

// Log makes a journal a log.Logger.
func (j *journal) Log(_ context.Context, level log.Level, text string, attrs ...log.Attr) {
	var b strings.Builder
	l := line{level: level, text: text}
	for _, a := range attrs {
		fmt.Fprintf(&b, " %s=%s", a.Key, a.Value.String())
		l.keys = append(l.keys, text+" "+a.Key, text+" "+a.Key+"="+a.Value.String())
	}
	l.attrs = b.String()
	j.mu.Lock()
	defer j.mu.Unlock()
	if !j.closed {
		j.lines = append(j.lines, l)
		j.counts[text]++
		close(j.news)
		j.news = make(chan struct{})
	}
}

// close stops the keeping. It comes before the test hangs up: what was on its
// way fails then, and that is nobody's fault.
func (j *journal) close() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.closed = true
}

// judge reports what is not allowed.
func (j *journal) judge(t *testing.T) {
	t.Helper()
	j.mu.Lock()
	defer j.mu.Unlock()
	in := func(list map[string]string, l line) bool {
		return list[l.text] != "" || slices.ContainsFunc(l.keys, func(k string) bool { return list[k] != "" })
	}
	moved := false
	for _, l := range j.lines {
		moved = moved || l.text == "Triggering restart"
		if moved && l.cutOff() {
			continue
		}
		if l.level >= log.LevelWarn || !in(j.allowed, l) && !in(j.late, l) {
			t.Errorf("gotd complains: %s", l)
		}
	}
}

// cutOff tells that a line speaks of a request that was on its way when gotd's
// client itself hung up, to connect to another data centre: it asks who it is
// beside what it is told to do, and on a busy machine the answer comes too late.
func (l line) cutOff() bool {
	return l.text == "rpc callback not set" || slices.ContainsFunc([]string{
		"context canceled", "engine was closed", "use of closed network connection",
	}, func(why string) bool { return strings.Contains(l.attrs, why) })
}

// saw wants messages to have been logged.
func (j *journal) saw(t *testing.T, texts ...string) {
	t.Helper()
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, text := range texts {
		if j.counts[text] == 0 {
			t.Errorf("gotd did not say %q, only %q", text, slices.Sorted(maps.Keys(j.counts)))
		}
	}
}

// await waits until a message has been logged.
func (j *journal) await(ctx context.Context, t *testing.T, text string) {
	t.Helper()
	for {
		j.mu.Lock()
		said, news := j.counts[text] > 0, j.news
		j.mu.Unlock()
		if said {
			return
		}
		select {
		case <-news:
		case <-ctx.Done():
			t.Fatalf("gotd did not say %q\n%s", text, j)
		}
	}
}

// lacks wants a message not to have been logged.
func (j *journal) lacks(t *testing.T, text string) {
	t.Helper()
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.counts[text] > 0 {
		t.Errorf("gotd said %q", text)
	}
}

// with counts the lines whose attributes hold a text.
func (j *journal) with(text, attr string) (n int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, l := range j.lines {
		if l.text == text && strings.Contains(l.attrs, attr) {
			n++
		}
	}
	return n
}

func (l line) String() string { return fmt.Sprintf("%-5s %s%s", l.level, l.text, l.attrs) }

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	var b strings.Builder
	for _, l := range j.lines {
		fmt.Fprintln(&b, l)
	}
	return b.String()
}

// because spreads one reason over several messages.
func because(reasons map[string][]string) map[string]string {
	allowed := map[string]string{}
	for why, texts := range reasons {
		for _, text := range texts {
			allowed[text] = why
		}
	}
	return allowed
}

// gotdSays is what gotd's client may log. Not in the list, among others: a
// retry for want of an ack or for a salt, a rejected message, a result without
// a request, a connection that died or was made again.
func gotdSays() map[string]string {
	return because(map[string][]string{
		"the beginning and the tasks of a client": {
			"Starting", "Run: start", "Initialized", "Task started", "Read loop started", "Initializing",
			"Connection initialized, ready to invoke", "Ready", "SessionInit", "Data saved",
			"Connection restored from state", "Got self", "Task complete",
		},
		"the key exchange, step by step": {
			"Generating new auth key", "Initializing new key exchange", "Sending ReqPqMultiRequest",
			"Received server ResPQ", "PQ decomposing complete", "Sending ReqDHParamsRequest",
			"Received server ServerDHParams", "Sending SetClientDHParamsRequest", "Received server DhGen",
			"Auth key generated", "Key already exists", "Generating new session id",
		},
		"every message, out and in": {
			"Invoke", "Invoke start", "Invoke end", "Do called", "Handler called", "Waiting for acknowledge",
			"Request", "Sending message", "Handle message", "Handle result", "Result received",
			"Decompressed", "Ack", "Pong", "Sending ping", "Ping acknowledged", "No updates",
		},
		"gotd takes a result, which cancels the wait, for an ack": {"Acknowledged, waiting for result", "Acknowledged"},
		"a call made before the connection is ready waits for it": {"Invoke waiting for connection to become ready", "Connection became ready"},
		"the server begins the session and gives salts":           {"Session created", "Salt updated", "Got future salts"},
		"an rpc_error; the tests look at each":                    {"Got error"},
	})
}

// migrationSays is what gotd's client may log besides when it is sent to another
// data centre.
func migrationSays() map[string]string {
	return because(map[string][]string{
		"it hangs up, and connects to the other": {
			"Migrating to target DC", "Triggering restart", "Restart initialized", "Restart triggered", "Closing", "Close called", "Task stopped",
			"Read loop done", "Run: end", "Restarting connection", "Primary connection replaced after restart", "Restart ensured",
		},
		"it has connections to another besides, for files": {
			"Invoking on target DC", "Creating pool", "Creating new connection", "Re-using free connection", "Connection released",
			"DC Invoke", "DC Invoke complete",
		},
	})
}

// managerSays is what gotd's manager of updates may log. Not in the list: an
// update that it had already, and a gap that only a difference could close.
func managerSays() map[string]string {
	return because(map[string][]string{
		"its beginning": {"Run", "Wait", "Initialized", "Starting updates handler"},
		"it asks once when it starts, to know where it stands": {
			"Getting difference reason=startup", "Difference received diff=*tg.UpdatesDifferenceEmpty",
		},
		"a channel that it sees for the first time: it asks for what is new there, and has the update that told of it then": {
			"Getting difference reason=channel-subscribe", "Outdated update, skipping channel_id",
		},
		"an update in order":                                {"Handle", "Handled", "Accepted", "State changed"},
		"what it gets to know":                              {"New user access hash", "New channel access hash"},
		"before it runs, updates are handed on as they are": {"Handle (no internalState)"},
		"gotd's client handles every frame in a goroutine of its own, so that updates may overtake each other there": {
			"Gap detected", "Gap accepted", "Out of gap range, postponed", "Gap was resolved by waiting",
			"Gap was resolved by pending updates", "Pending updates applied",
		},
	})
}

// managerSaysLate is what it may log besides where goroutines wait for their turn
// for nearly as long as it waits for an update that was overtaken, half a second.
func managerSaysLate() map[string]string {
	return because(map[string][]string{
		"an overtaken update came too late for it, so it asked for the difference": {
			"Gap timeout", "Pts gap timeout", "Getting difference reason=pts-gap-timeout", "Getting difference reason=channel-pts-gap-timeout",
			"Difference received diff=*tg.UpdatesDifference", "Outdated update, skipping", "Getting difference reason=shutdown-flush-pending",
		},
	})
}

// watch measures, until ctx ends, by how much a short sleep is the longest too
// long.
func watch(ctx context.Context) (worst time.Duration) {
	const nap = 10 * time.Millisecond
	for {
		from := time.Now()
		select {
		case <-time.After(nap):
			worst = max(worst, time.Since(from)-nap)
		case <-ctx.Done():
			return worst
		}
	}
}

// serverSays is what gotd's server may log. Not in the list: a request that it
// could not handle, which ends the connection.
func serverSays() map[string]string {
	return because(map[string][]string{
		"its beginning and end, and a client's": {"Serving", "Stopping", "User connected", "User disconnected"},
		"the key exchange, step by step": {
			"Starting key exchange", "Received client ReqPqMultiRequest", "Sending ResPQ",
			"Received client ReqDHParamsRequest", "Sending ServerDHParamsOk",
			"Received client SetClientDHParamsRequest", "Sending DhGenOk",
		},
		"the first message of a session, and every message": {"Send handleSessionCreated event", "Got request"},
	})
}
