package eval

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/itchyny/gojq"

	"tlsh/bind"
	"tlsh/client"
	"tlsh/mtproto"
	"tlsh/render"
	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// watched says what of the updates is printed as it comes. The connections'
// goroutines read it.
type watched struct {
	mu     sync.Mutex
	on     bool
	filter *choice // nil: everything
	text   string  // on, or the filter as it was written
	view   render.Options
	many   bool // several accounts are in use, so that lines say whose they are
	last   tl.Value
}

// choice is a jq filter that chooses updates.
type choice struct {
	code   *gojq.Code
	values []any // of its variables
	// whole says that it reads the document {"_":"update","update":{…}}, and not
	// the update in it.
	whole bool
}

// readsDocument matches a filter that reads .update: no Update of TL has such a
// field, so the document around it is meant.
var readsDocument = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(^|[^\w\])}"?])\.update\b`) })

// choice reads a filter, in which the shell's variables can be used. The name of an
// Update alone chooses those that are one.
func (r *run) choice(text string) (*choice, error) {
	if c := r.cfg.Schema.Constructor(text); c != nil && c.Result.Name == "Update" {
		text = `._ == "` + text + `"`
	}
	query, err := gojq.Parse(text)
	if err != nil {
		return nil, err
	}
	names, values := r.jqVariables(text)
	code, err := gojq.Compile(query, gojq.WithVariables(names))
	if err != nil {
		if near := r.nearUpdate(text); near != "" {
			return nil, fmt.Errorf("there is no %s; did you mean %s?", text, near)
		}
		return nil, err
	}
	return &choice{code: code, values: values, whole: readsDocument().MatchString(query.String())}, nil
}

// nearUpdate is the update that a text is nearly the name of, "" for none.
func (r *run) nearUpdate(text string) string {
	t := r.cfg.Schema.TypeOf("Update")
	if t == nil || t.Class == nil || strings.Trim(strings.ToLower(text), "abcdefghijklmnopqrstuvwxyz") != "" {
		return ""
	}
	var names []string
	for _, c := range t.Class.Constructors() {
		names = append(names, c.Name)
	}
	return syntax.Suggest(text, names)
}

// accepts runs the filter. What it cannot be applied to, as a field of a
// number, is not accepted.
func (f *choice) accepts(ctx context.Context, u tl.Value) bool {
	if f == nil {
		return true
	}
	in := jqValue(u)
	if f.whole {
		in = map[string]any{"_": "update", "update": in}
	}
	v, ok := f.code.RunWithContext(ctx, in, f.values...).Next()
	if !ok || v == nil || v == false {
		return false
	}
	_, failed := v.(error)
	return !failed
}

// updateValue is the document of an update: {"_":"update","update":{…}}.
func updateValue(u tl.Value) tl.Value {
	return tl.New(schema.Shell().Constructor("update")).With("update", u).Value()
}

// arrived takes in an update. It is called by the account's connection.
func (s *Shell) arrived(a *account, u client.Update) {
	before := a.cache.Version()
	a.cache.Learn(u.In)
	if s.cfg.Met != nil && a.cache.Version() != before {
		s.cfg.Met()
	}
	a.news.put(u)
	w := s.watched
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.on || !w.filter.accepts(context.Background(), u.Value) {
		return
	}
	w.last = updateValue(u.Value)
	view := w.view
	view.Names = a.cache.Name
	if columns := s.columns(); columns > 0 && s.cfg.ErrTerminal {
		view.Width = columns
	}
	line := render.AppendLine(nil, u.Value, view)
	if s.cfg.Reorders && s.cfg.ErrTerminal {
		line = render.Isolate(nil, line)
	}
	if w.many {
		line = append(append(render.AppendEscape(nil, a.who()), ' '), line...)
	}
	if s.cfg.News != nil {
		s.cfg.News(string(line))
		return
	}
	s.above(string(line))
}

// missed says that updates may have been missed, to who watches them. That a
// session begins is no news.
func (s *Shell) missed(a *account, m *client.Missed) {
	w := s.watched
	w.mu.Lock()
	on := w.on
	w.mu.Unlock()
	if on && m.Gap != mtproto.GapNewSession {
		s.above(render.Escape(m.Error()))
	}
}

// listen makes sure that updates come: a session gets them once it has asked
// for anything (https://core.telegram.org/api/updates).
func (r *run) listen(ctx context.Context) Status {
	def := r.cfg.Schema.Method("updates.getState")
	if def == nil {
		r.errorf("updates.getState is not in this layer, so updates cannot be had")
		return Failed
	}
	conn, err := r.connection(ctx)
	if err != nil {
		return r.failed(ctx, &bind.Info{}, err)
	}
	if r.account.listening == conn {
		return OK
	}
	if _, err := r.call(ctx, conn, tl.New(def)); err != nil {
		return r.failed(ctx, &bind.Info{}, err)
	}
	r.account.listening = conn
	return OK
}

// updates turns the printing of updates on and off: `updates on`, `updates
// off`, or `updates FILTER` for those that a jq filter accepts.
func (r *run) updates(ctx context.Context, call *syntax.Call) Status {
	words := r.words(call)
	switch len(words) {
	case 0:
		r.printf("%s\n", render.Escape(r.updatesName()))
		return OK
	case 1:
	default:
		return r.usage(call, "want updates on, updates off, or updates 'FILTER'")
	}
	var t *told
	switch err := r.setUpdates(ctx, words[0]); {
	case errors.As(err, &t):
		return t.status
	case err != nil:
		return r.usage(call.Args[0], "%s", err)
	}
	return OK
}

// setUpdates prints updates from now on: on, off, or those that a jq filter
// accepts.
func (r *run) setUpdates(ctx context.Context, value string) error {
	w := r.watched
	var f *choice
	switch value {
	case "off":
		w.mu.Lock()
		w.on = false
		w.mu.Unlock()
		return nil
	case "on":
	default:
		var err error
		if f, err = r.choice(value); err != nil {
			return fmt.Errorf("want on, off, the name of an update, or a jq filter: %w", err)
		}
	}
	if st := r.listen(ctx); st != OK {
		return &told{st}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.on, w.filter, w.text, w.view, w.many = true, f, value, r.cfg.ErrView, len(r.accounts) > 1
	w.view.Location = r.cfg.View.Location
	return nil
}

// updatesName is what of the updates is printed.
func (s *Shell) updatesName() string {
	w := s.watched
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.on {
		return "off"
	}
	return w.text
}

// waitTime is how long `wait` waits where nothing else is said.
const waitTime = time.Minute

// wait gives the next update that a jq filter accepts, as a value: the oldest
// one that no wait has taken. At the prompt it looks back to the line before,
// in a script to the beginning.
func (r *run) wait(ctx context.Context, call *syntax.Call) Status {
	words := r.words(call)
	if len(words) == 0 || len(words) > 2 {
		return r.usage(call, "want wait 'FILTER' [TIME], as wait '.message.message == \"hi\"' 10s")
	}
	f, err := r.choice(words[0])
	if err != nil {
		return r.usage(call.Args[0], "want the name of an update, as updateNewMessage, or a jq filter: %v", err)
	}
	limit := waitTime
	if len(words) == 2 {
		d, ok := duration(words[1])
		if !ok {
			return r.usage(call.Args[1], "wait takes a time, as 10s")
		}
		limit = d
	}
	if st := r.listen(ctx); st != OK {
		return st
	}
	u, err := r.news.take(ctx, limit, func(u client.Update) (bool, error) { return f.accepts(ctx, u.Value), nil })
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		r.errorf("no such update came within %s", limit)
		return Failed
	case err != nil:
		return Interrupted
	}
	v := updateValue(u.Value)
	r.watched.remember(v)
	r.result(v)
	return r.finish(ctx, r.stmt, v)
}

func (w *watched) remember(v tl.Value) {
	w.mu.Lock()
	w.last = v
	w.mu.Unlock()
}

// latest is $update: the update that was printed, or given by wait, last.
func (w *watched) latest() (tl.Value, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.last, !w.last.IsNone()
}

// use makes another account the one that lines are run for: in the sandbox
// another person, whose updates come from then on. The one before stays
// connected.
func (r *run) use(ctx context.Context, call *syntax.Call) Status {
	words := r.words(call)
	if r.cfg.Use == nil {
		return r.usage(call.Name, "there is only one account here")
	}
	if len(words) != 1 {
		e := &syntax.Error{Span: call.Span(), Msg: "want use NAME"}
		if names := r.otherNames(); names != "" {
			e.Fix = "there are " + names
		}
		r.diagnose(e)
		return Usage
	}
	for i, a := range r.accounts {
		if a.Name == words[0] || words[0] == "me" && i == 0 {
			return r.goOn(ctx, i)
		}
	}
	acc, err := r.cfg.Use(words[0])
	if err != nil {
		return r.usage(call.Args[0], "%s", err)
	}
	for i, a := range r.accounts {
		if a.Name == acc.Name {
			return r.goOn(ctx, i)
		}
	}
	a := newAccount(acc)
	r.Shell.accounts = append(r.Shell.accounts, a)
	r.become(a)
	r.watched.mu.Lock()
	r.watched.many = true
	r.watched.mu.Unlock()
	return r.listen(ctx)
}

// otherNames are the names that use knows.
func (s *Shell) otherNames() string {
	if s.cfg.Others == nil {
		return ""
	}
	var names []string
	for _, c := range s.cfg.Others() {
		names = append(names, c.Word)
	}
	return render.Escape(strings.Join(names, ", "))
}

// goOn goes on as an account that was used before; who is nobody since logout is
// somebody again.
func (r *run) goOn(ctx context.Context, i int) Status {
	a := r.accounts[i]
	if !a.nobody {
		r.become(a)
		return OK
	}
	acc := r.cfg.Account
	if a.Name != acc.Name {
		var err error
		if acc, err = r.cfg.Use(a.Name); err != nil {
			return r.here(ctx, err)
		}
	}
	if a.conn != nil {
		_ = a.conn.Close() // it was nobody's
	}
	again := newAccount(acc)
	r.Shell.accounts[i] = again
	r.become(again)
	return r.listen(ctx)
}

// who is whose updates these are, for a line.
func (a *account) who() string {
	if a.Name == "" {
		if self := a.cache.Self(); self != nil {
			return self.Name()
		}
		return "me"
	}
	return a.Name
}
