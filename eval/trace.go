package eval

import (
	"context"
	"fmt"
	"strings"
	"time"

	"tlsh/client"
	"tlsh/mtproto"
	"tlsh/render"
	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// Hooks are what a connection tells the Shell while it lives. They may be
// called from any goroutine, and must not block for long.
type Hooks struct {
	Trace func(mtproto.TraceEvent)
	State func(mtproto.Connection)
	Notes func([]tl.Note)
	Clock func(ahead time.Duration)
	// Update and Missed are client.Config's OnUpdate and OnMissed.
	Update func(client.Update)
	Missed func(*client.Missed)
	// Passphrase asks for that of a profile whose keys are encrypted.
	Passphrase func(ctx context.Context, profile string) (string, error)
}

// hooks are the Shell's own, for the connection of one account.
func (s *Shell) hooks(a *account) Hooks {
	return Hooks{
		Update:     func(u client.Update) { s.arrived(a, u) },
		Missed:     func(m *client.Missed) { s.missed(a, m) },
		Passphrase: s.passphrase,
		Trace: func(e mtproto.TraceEvent) {
			if s.tracing.Load() {
				s.above(traceLine(s.cfg.Schema, e))
			}
		},
		Notes: func(notes []tl.Note) {
			// Only the source view promises to give the same bytes again.
			if s.cfg.Format != TL && s.cfg.Format != Raw {
				return
			}
			s.notKept(notes)
		},
		Clock: func(ahead time.Duration) {
			if ahead.Abs() < time.Second {
				s.above("the clock agrees with the server's again")
				return
			}
			s.above(fmt.Sprintf("clock off by %s against the server's, corrected", ahead.Round(time.Second)))
		},
		State: func(c mtproto.Connection) {
			switch c.State {
			case mtproto.Connected:
				if a.lost.Swap(false) {
					s.above("connected again")
				}
			case mtproto.Reconnecting:
				if !a.lost.Swap(true) {
					s.above("reconnecting: " + render.Escape(fmt.Sprint(c.Cause)))
				}
			}
		},
	}
}

// notKept tells what encoding a value again will not bring back.
func (s *Shell) notKept(notes []tl.Note) {
	for _, n := range notes {
		place := n.Path
		if place != "" {
			place += ": "
		}
		s.above("not kept: " + render.Escape(place+n.Msg))
	}
}

// above prints a line that no statement waits for: over the prompt where there
// is one.
func (s *Shell) above(line string) {
	if s.cfg.Above != nil {
		s.cfg.Above(line)
		return
	}
	s.errln([]byte(line))
}

// trace turns the printing of messages on and off.
func (r *run) trace(_ context.Context, call *syntax.Call) Status {
	words := r.words(call)
	if len(words) != 1 || words[0] != "on" && words[0] != "off" {
		return r.usage(call, "want trace on, or trace off")
	}
	r.tracing.Store(words[0] == "on")
	return OK
}

// traceLine is a message as it crossed the wire, on one line: direction,
// msg_id, seqno, what it is, its size, and what it belongs to.
func traceLine(s *schema.Schema, e mtproto.TraceEvent) string {
	var b strings.Builder
	arrow := "←"
	if e.Out {
		arrow = "→"
	}
	fmt.Fprintf(&b, "%s %016x %4d  %-32s %6d B", arrow, uint64(e.MsgID), e.Seqno, traceName(s, e), e.Size)
	if e.Container != 0 {
		fmt.Fprintf(&b, "  in %016x", uint64(e.Container))
	}
	if e.Acks > 0 {
		fmt.Fprintf(&b, "  %d acks", e.Acks)
	}
	if e.ReqMsgID != 0 {
		fmt.Fprintf(&b, "  for %016x", uint64(e.ReqMsgID))
	}
	if e.Latency > 0 {
		fmt.Fprintf(&b, "  after %.1f ms", float64(e.Latency.Microseconds())/1000)
	}
	if e.After != 0 {
		fmt.Fprintf(&b, "  chained to %016x", uint64(e.After))
	}
	if e.Wrapped {
		b.WriteString("  with initConnection")
	}
	if e.Again {
		b.WriteString("  again")
	}
	return b.String()
}

func traceName(s *schema.Schema, e mtproto.TraceEvent) string {
	name := fmt.Sprintf("#%08x", e.ID)
	for _, sc := range []*schema.Schema{s, schema.MTProto()} {
		if def := sc.ByID(e.ID); def != nil {
			name = def.Name
			break
		}
	}
	if e.ID == schema.VectorID {
		name = "Vector"
	}
	if e.Messages > 0 {
		name += fmt.Sprintf(" of %d", e.Messages)
	}
	if e.ReqMsgID != 0 && !e.Out {
		name = "rpc_result " + name
	}
	if e.Code != 0 {
		name += fmt.Sprintf(" %d", e.Code)
	}
	return name
}
