package repl

import (
	"io/fs"
	"os"
	"sync"
	"sync/atomic"

	"tlsh/bind"
	"tlsh/completer"
	"tlsh/eval"
	"tlsh/repl/editor"
	"tlsh/search"
)

// World is what completion sees of a shell at one moment.
type World struct {
	*eval.Snapshot
	recent *completer.Recent
	index  func() *search.Index
	people func() *completer.People
	// The commands are asked for at every key.
	commands  []string
	summaries map[string][2]string // the arguments of each, and what it does
}

var _ completer.Env = (*World)(nil)
var _ bind.Absence = (*World)(nil)

// NewWorld is a shell at this moment, for one completion: the search index is
// made when it is asked for, and nothing is known of earlier lines.
func NewWorld(sh *eval.Shell) *World {
	return newWorld(sh, nil, sh.Index)
}

func newWorld(sh *eval.Shell, recent *completer.Recent, index func() *search.Index) *World {
	w := &World{Snapshot: sh.Snapshot(), recent: recent, index: index, commands: sh.Commands(), summaries: map[string][2]string{}}
	for _, name := range w.commands {
		args, summary := sh.CommandSummary(name)
		w.summaries[name] = [2]string{args, summary}
	}
	w.people = peopleOf(w.Snapshot)
	return w
}

// peopleOf gives the people met so far, made ready anew when there are others.
func peopleOf(n *eval.Snapshot) func() *completer.People {
	var (
		mu      sync.Mutex
		ready   *completer.People
		version uint64
	)
	return func() *completer.People {
		mu.Lock()
		defer mu.Unlock()
		if now := n.PeopleVersion(); ready == nil || now != version {
			met := n.People()
			list := make([]completer.Person, len(met))
			for i, p := range met {
				list[i] = completer.Person(p)
			}
			ready, version = completer.NewPeople(list), now
		}
		return ready
	}
}

// Commands are the names of the commands.
func (w *World) Commands() []string { return w.commands }

// CommandSummary is a command's arguments, and what it does.
func (w *World) CommandSummary(name string) (args, summary string) {
	s := w.summaries[name]
	return s[0], s[1]
}

// People are those met so far.
func (w *World) People() *completer.People { return w.people() }

// Index is the search index, nil while it is not ready.
func (w *World) Index() *search.Index { return w.index() }

// Recent are values given to a parameter before.
func (w *World) Recent(owner, param string) []string { return w.recent.Values(owner, param) }

// ReadDir lists a folder.
func (w *World) ReadDir(name string) ([]fs.DirEntry, error) { return os.ReadDir(name) }

// Choices are the words that a command takes for an argument.
func (w *World) Choices(command, argument string, before []string) []completer.Choice {
	found := w.Snapshot.Choices(command, argument, before)
	out := make([]completer.Choice, len(found))
	for i, ch := range found {
		out[i] = completer.Choice(ch)
	}
	return out
}

// reference is what is got ready after the prompt is drawn: the index, what is
// said of names, and what earlier lines gave to parameters.
type reference struct {
	once   sync.Once
	index  atomic.Pointer[search.Index]
	recent *completer.Recent
}

// recalled is how many of the latest lines are looked through for values.
const recalled = 1000

// ready begins to get ready, once, on a goroutine: env is a snapshot, since the
// shell runs lines meanwhile. done is called when the index is there.
func (r *reference) ready(sh *eval.Shell, env bind.Env, lines func(wait bool) ([]editor.Past, bool), done func()) {
	r.once.Do(func() {
		go func() {
			// Without it names alone are matched; a panic here would leave the
			// terminal as the editor has set it.
			defer func() { _ = recover() }()
			r.index.Store(sh.Index())
			done()
			all, _ := lines(true)
			for _, l := range all[max(0, len(all)-recalled):] {
				r.recent.Add(env, l.Text)
			}
		}()
	})
}
