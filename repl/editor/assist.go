package editor

import (
	"context"
	"runtime/debug"
	"sync"
)

// question is a text that help, and perhaps candidates, are wanted for.
type question struct {
	line     line
	complete bool
}

// answer holds what the host said to a question. The parts come one by one.
type answer struct {
	question    question
	hint        []Segment
	hinted      bool
	completions Completions
	completed   bool
}

// assist asks the host on a goroutine of its own, always for the newest question:
// one that is overtaken is cancelled and its answer dropped.
type assist struct {
	host Host
	wake func() // called when there is something to collect

	mu     sync.Mutex
	next   *question
	cancel context.CancelFunc // of the question being worked on
	answer *answer
	failed *PanicError
	busy   bool
	closed bool

	ring chan struct{} // holds one ring while next may be set
	done chan struct{} // closed when the goroutine has ended
}

func newAssist(host Host, wake func()) *assist {
	a := &assist{host: host, wake: wake, ring: make(chan struct{}, 1), done: make(chan struct{})}
	go a.run()
	return a
}

// ask replaces whatever is being worked on.
func (a *assist) ask(q question) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return
	}
	a.next, a.answer, a.busy = &q, nil, true
	if a.cancel != nil {
		a.cancel()
	}
	select {
	case a.ring <- struct{}{}:
	default:
	}
}

// collect returns what has come since the last call, nil when nothing has, and a
// panic of the host.
func (a *assist) collect() (*answer, *PanicError) {
	a.mu.Lock()
	defer a.mu.Unlock()
	got, failed := a.answer, a.failed
	a.answer, a.failed = nil, nil
	return got, failed
}

// close asks the goroutine to end; done says when it has.
func (a *assist) close() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.next, a.closed = nil, true
	if a.cancel != nil {
		a.cancel()
	}
	close(a.ring)
}

func (a *assist) run() {
	defer close(a.done)
	for range a.ring {
		a.mu.Lock()
		q := a.next
		a.next = nil
		ctx, cancel := context.WithCancel(context.Background())
		a.cancel = cancel
		a.mu.Unlock()
		if q != nil {
			a.work(ctx, *q)
		}
		a.mu.Lock()
		a.cancel = nil
		a.busy = a.next != nil
		a.mu.Unlock()
		cancel()
	}
}

// work answers one question. A panic of the host becomes ReadLine's error.
func (a *assist) work(ctx context.Context, q question) {
	defer func() {
		if v := recover(); v != nil {
			a.mu.Lock()
			a.failed = &PanicError{Value: v, Stack: debug.Stack()}
			a.mu.Unlock()
			a.wake()
		}
	}()
	hint := a.host.Hint(q.line.text, q.line.at)
	a.post(ctx, q, func(r *answer) { r.hint, r.hinted = hint, true })
	if q.complete && ctx.Err() == nil {
		c := a.host.Complete(ctx, q.line.text, q.line.at)
		a.post(ctx, q, func(r *answer) { r.completions, r.completed = c, true })
	}
}

// post adds a part to the answer, unless the question has been overtaken.
func (a *assist) post(ctx context.Context, q question, add func(*answer)) {
	a.mu.Lock()
	if ctx.Err() != nil || a.next != nil {
		a.mu.Unlock()
		return
	}
	if a.answer == nil {
		a.answer = &answer{question: q}
	}
	add(a.answer)
	a.mu.Unlock()
	a.wake()
}

// idle reports whether no question is waiting or being worked on.
func (a *assist) idle() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return !a.busy && a.answer == nil
}
