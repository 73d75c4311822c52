package oracle

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/gotd/td/telegram"
	"github.com/gotd/td/telegram/updates"
	"github.com/gotd/td/telegram/updates/hook"
	"github.com/gotd/td/tg"

	"tlsh/sandbox"
)

// listener is a person whose updates gotd's own manager puts in order: it asks
// for the difference when a pts is wrong, and its journal tells.
type listener struct {
	*gotdClient
	manager *updates.Manager
	journal *journal
	heard   chan tg.UpdateClass
}

// tooBusy is how late a goroutine is woken on a machine that cannot keep gotd's
// time: its updates pass through several of them, one after the other.
const tooBusy = 50 * time.Millisecond

// listen connects and signs in a person who listens until the test ends.
func (w *lab) listen(t *testing.T, f framing, phone string) *listener {
	t.Helper()
	return w.listenBy(t, f, func(c *gotdClient) *tg.User { return c.signIn(t, phone) })
}

// listenBy is listen for who signs in otherwise.
func (w *lab) listenBy(t *testing.T, f framing, signIn func(*gotdClient) *tg.User) *listener {
	t.Helper()
	l := &listener{journal: newJournal(managerSays()), heard: make(chan tg.UpdateClass, 1000)}
	l.manager = updates.New(updates.Config{Logger: l.journal, Handler: telegram.UpdateHandlerFunc(func(_ context.Context, u tg.UpdatesClass) error {
		all, ok := u.(*tg.Updates)
		if !ok {
			t.Errorf("updates came as %s", u.TypeName())
			return nil
		}
		for _, u := range all.Updates {
			l.heard <- u
		}
		return nil
	})})
	// What the client's own requests change counts, too.
	l.gotdClient = w.connect(t, f.PlainOptions, nil, l.manager, hook.UpdateHook(l.manager.Handle), hook.AffectedHook(l.manager))
	self := signIn(l.gotdClient)
	ctx, cancel := context.WithCancel(l.ctx)
	ended := make(chan error, 1)
	go func() { ended <- l.manager.Run(ctx, l.Client, self.ID, updates.AuthOptions{Forget: true}) }()
	watched := make(chan time.Duration, 1)
	go func() { watched <- watch(ctx) }()
	t.Cleanup(func() {
		l.journal.close()
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("gotd's manager: %v", err)
		}
		if worst := <-watched; worst > tooBusy {
			t.Logf("the machine is busy: a sleep was %v too long", worst)
			l.journal.late = managerSaysLate()
		}
		l.journal.judge(t)
	})
	// What is sent before the manager knows where it stands comes to it twice,
	// pushed and in the first difference.
	l.journal.await(ctx, t, "Difference received")
	return l
}

// next is the next update in order.
func (l *listener) next(t *testing.T) tg.UpdateClass {
	t.Helper()
	select {
	case u := <-l.heard:
		return u
	case <-l.ctx.Done():
		t.Fatalf("no update came\n%s", l.journal)
		return nil
	}
}

// messageOf is the message in an update that brings or changes one.
func messageOf(t *testing.T, u tg.UpdateClass) *tg.Message {
	t.Helper()
	var m tg.MessageClass
	switch u := u.(type) {
	case *tg.UpdateNewMessage:
		m = u.Message
	case *tg.UpdateEditMessage:
		m = u.Message
	}
	if m, ok := m.(*tg.Message); ok {
		return m
	}
	t.Fatalf("an update without a message: %v", u)
	return nil
}

// TestGotdUpdates signs two of gotd's clients in as two people of one world:
// what one does reaches the other.
func TestGotdUpdates(t *testing.T) {
	w := serve(t, newKey(t), sandbox.Config{})
	sam := w.connect(t, framings()[0].PlainOptions, nil, ignore)
	sam.signIn(t, "9996621001")
	alice := w.listen(t, framings()[4], "9996621002")

	to := sam.resolve(t, "alice")
	id, err := sam.send(to, "Bring the map", 1)
	if err != nil {
		t.Fatal(err)
	}
	u := alice.next(t)
	made := messageOf(t, u)
	if _, ok := u.(*tg.UpdateNewMessage); !ok || made.Message != "Bring the map" || made.Out {
		t.Errorf("alice got %v", u)
	}
	edit := &tg.MessagesEditMessageRequest{Peer: to, ID: id}
	edit.SetMessage("Bring the other map")
	if _, err := sam.MessagesEditMessage(sam.ctx, edit); err != nil {
		t.Fatal(err)
	}
	u = alice.next(t)
	if m := messageOf(t, u); u.TypeID() != tg.UpdateEditMessageTypeID || m.Message != "Bring the other map" || m.ID != made.ID {
		t.Errorf("alice got %v", u)
	}
	if _, err := sam.MessagesDeleteMessages(sam.ctx, &tg.MessagesDeleteMessagesRequest{Revoke: true, ID: []int{id}}); err != nil {
		t.Fatal(err)
	}
	u = alice.next(t)
	if d, ok := u.(*tg.UpdateDeleteMessages); !ok || len(d.Messages) != 1 || d.Messages[0] != made.ID {
		t.Errorf("alice got %v, want message %d deleted", u, made.ID)
	}

	const burst = 20
	var wg sync.WaitGroup
	for i := range burst {
		wg.Go(func() {
			if _, err := sam.send(to, fmt.Sprint("n", i), int64(100+i)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	got := map[string]int{}
	for range burst {
		got[messageOf(t, alice.next(t)).Message]++
	}
	if len(got) != burst {
		t.Errorf("of %d messages alice got %d: %v", burst, len(got), got)
	}
	alice.journal.saw(t, "Accepted")
}
