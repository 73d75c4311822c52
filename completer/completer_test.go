package completer_test

import (
	"io/fs"
	"slices"
	"sync"
	"testing"
	"testing/fstest"

	"tlsh/bind"
	"tlsh/completer"
	"tlsh/schema"
	"tlsh/search"
	"tlsh/syntax"
	"tlsh/tl"
)

var index = sync.OnceValue(func() *search.Index { return search.New(schema.Current()) })

// env is a world of a few people, variables, files and earlier values.
type env struct {
	vars   map[string]tl.Value
	names  []string
	people *completer.People
	recent map[string][]string
	files  fs.FS
	index  *search.Index
}

var (
	commandNames = []string{"help", "search", "doc", "type", "example", "copy", "peer", "set", "echo", "encode", "sandbox", "use",
		"updates", "wait", "trace", "source", "download", "view", "diff", "login", "alias"}
	commandArgs = map[string]string{
		"alias": "[NAME [LINE]]", "login": "[--phone +NUMBER|--bot TOKEN|--qr] [--profile NAME]",
		"help": "[NAME]", "search": "WORDS", "doc": "NAME", "type": "NAME", "example": "NAME", "copy": "[NAME] [as go|python|js|json|tl]",
		"peer": "REF [as TYPE]", "set": "[NAME VALUE]", "echo": "VALUE", "encode": "VALUE", "sandbox": "[KNOB …]", "use": "NAME",
		"updates": "on|off|UPDATE|'FILTER'", "wait": "UPDATE|'FILTER' [TIME]", "trace": "on|off", "source": "FILE", "download": "REF [to PATH]", "view": "REF|file:…", "diff": "OLD.tl [NEW.tl]",
	}
)

func (e *env) Var(name string) (tl.Value, bool) { v, ok := e.vars[name]; return v, ok }
func (e *env) Vars() []string                   { return e.names }
func (e *env) Commands() []string               { return commandNames }
func (e *env) Getenv(string) (string, bool)     { return "", false }
func (e *env) CommandSummary(name string) (args, summary string) {
	return commandArgs[name], "what " + name + " does"
}
func (e *env) People() *completer.People                  { return e.people }
func (e *env) Index() *search.Index                       { return e.index }
func (e *env) Recent(owner, param string) []string        { return e.recent[owner+"."+param] }
func (e *env) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(e.files, name) }
func (e *env) Choices(command, argument string, before []string) []completer.Choice {
	switch command + " " + argument {
	case "set NAME":
		return []completer.Choice{{Word: "output", Description: "now tree"}, {Word: "pager", Description: "now auto"}}
	case "set VALUE":
		if slices.Equal(before, []string{"output"}) {
			return []completer.Choice{{Word: "tree"}, {Word: "json"}, {Word: "jsonl"}}
		}
	case "sandbox KNOB":
		return []completer.Choice{{Word: "latency", Args: "TIME"}, {Word: "flood", Args: "TIME [METHOD] [every N|once]"}}
	case "login --":
		return []completer.Choice{{Word: "--phone", Args: "+NUMBER"}, {Word: "--qr", Description: "a code to scan"}}
	case "use NAME":
		return []completer.Choice{{Word: "@alice", Description: "Alice"}, {Word: "@bob", Description: "Bob"}}
	}
	return nil
}

// value reads a value of the language.
func value(src string) tl.Value {
	f := syntax.Parse(src)
	in := bind.Check(schema.Current(), f, 0, &env{})
	if err := append(f.Errs, in.Diags...).Err(); err != nil {
		panic(err)
	}
	return in.Value
}

const history = `messages.messages(
  messages=[message(id=7 peer_id=peerUser(user_id=5) date=1 message="hi") message(id=8 peer_id=peerUser(user_id=5) date=2 message="ho")]
  topics=[] chats=[channel(id=9 title="News" photo=chatPhotoEmpty date=1 access_hash=1)]
  users=[user(id=5 first_name="Alice" access_hash=3)])`

func world() *env {
	s := schema.Current()
	n := tl.Int(5)
	return &env{
		names: []string{"n", "list"},
		vars:  map[string]tl.Value{"_": value(history), "n": n, "list": tl.VectorOf(s.TypeOf("int"), n, n)},
		people: completer.NewPeople([]completer.Person{
			{Kind: "user", Username: "alice", Title: "Alice Smith", ID: 5}, {Kind: "user", Username: "bob", Title: "Bob", ID: 6},
			{Kind: "channel", Username: "news", Title: "News of the day", ID: -1009}, {Kind: "chat", Title: "Old friends", ID: -11},
			{Kind: "user", Title: "Twin", ID: 20}, {Kind: "user", Title: "Twin", ID: 21},
		}),
		recent: map[string][]string{
			".":                            {"users.getFullUser", "messages.getDialogs"},
			"messages.sendMessage.peer":    {"@carol", `"Old friends"`, "nobody(1"},
			"messages.sendMessage.message": {`"see you"`},
			"messages.getHistory.limit":    {"25", "many"},
		},
		files: fstest.MapFS{
			"notes.txt": {}, "my photo.jpg": {}, "photos/a.jpg": {}, "photos/b c.jpg": {}, ".hidden": {}, "old.tl": {},
		},
		index: index(),
	}
}

// fatal are the errors of a source that no more input can cure.
func fatal(e completer.Env, src string) syntax.Errors {
	f := syntax.Parse(src)
	errs := f.Errs.Fatal()
	ahead := bind.NewAhead(e)
	for i := range f.Stmts {
		in := bind.Check(schema.Current(), f, i, ahead)
		errs = append(errs, in.Diags.Fatal()...)
		ahead.Past(in)
	}
	return errs
}

var lines = []string{
	`messages.sendMessage peer=@alice message="hi there" silent=true`,
	`messages.sendMessage @alice hi reply_to=inputReplyToMessage(reply_to_msg_id=3 quote_text="q")`,
	`messages.getMessages id=[inputMessageID(1) inputMessageReplyTo(2)]`,
	`users.getUsers id=[@alice inputUserSelf inputUser(1 2)]`,
	`$u = users.getFullUser id=me`,
	`$h = messages.getHistory @alice; messages.forwardMessages from_peer=@alice id=[$h.messages[0].id] to_peer=$h.users[0]`,
	`batch < $a = users.getUsers [me]; help.getConfig >; for $u in $a < messages.sendMessage $u hi >`,
	`$u = wait updateNewMessage 5s; messages.sendMessage $u.message.peer_id "pong"`,
	`client([functions.users.GetUsersRequest(['me']), functions.help.GetConfigRequest()])`,
	`batch < help.getConfig; messages.getHistory @alice limit=5 > ordered`,
	`batch < for $m in $_.messages < messages.readMessageContents id=[$m.id] > >`,
	`for $m in $_.messages < messages.forwardMessages from_peer=@alice id=[$m.id] to_peer=me >`,
	`pages 3 messages.getHistory @alice | table id message`,
	`pages all messages.getDialogs`,
	`channels.getChannels(id=[@news])`,
	`messages.search @alice "x" filter=photos`,
	`messages.sendMessage "Old friends" hi schedule_date=now+1h`,
	`help messages.sendMessage`,
	`peer @alice as InputUser`,
	`set output json`,
	`copy messages.sendMessage as go`,
	`sandbox flood 5s messages.sendMessage once`,
	`messages.getDialogs | jq '.dialogs[].peer'`,
	`messages.getHistory @alice | jq -r '.messages[] | select(.out) | .message'`,
	`$_.messages[0].message`,
	`messages.deleteMessages id=[$_.messages[0].id $n]`,
	`account.setPrivacy phoneNumber [allowContacts disallowAll]`,
	`messages.sendMedia @alice media=file:notes.txt message=hi`,
	`copy messages.sendMessage as python`,
	`diff old.tl`,
	`upload.saveFilePart file_id=1 file_part=0 bytes=file:notes.txt`,
	`messages.sendMessage @alice hi --dry-run`,
	`SendMessageRequest('me', 'Hello', silent=True)`,
	`result = await client(functions.messages.GetHistoryRequest(peer='alice', limit=5))`,
}

// Whatever is offered for a prefix of a good line, once inserted, has only
// errors that typing on could cure.
func TestOffersCheck(t *testing.T) {
	n, e := 0, world()
	for _, l := range lines {
		if errs := fatal(e, l); len(errs) > 0 {
			t.Fatalf("%s: %v", l, errs.Err())
		}
		for i := 0; i <= len(l); i++ {
			n += offersCheck(t, e, l[:i], 100)
		}
	}
	t.Logf("%d candidates", n)
}

// offersCheck completes at the end of a source that is good so far, and checks
// the first most candidates.
func offersCheck(t *testing.T, e completer.Env, src string, most int) int {
	t.Helper()
	res := completer.Complete(schema.Current(), e, src, len(src))
	if res.From > len(src) || res.To < res.From || res.From < 0 || res.To > len(src) {
		t.Fatalf("%q: replaces %d to %d", src, res.From, res.To)
	}
	if errs := fatal(e, src); len(errs) > 0 && len(res.Items) > 0 {
		return 0 // what is wrong already is no candidate's fault
	}
	n := 0
	for _, it := range res.Items[:min(most, len(res.Items))] {
		out := src[:res.From] + it.Text + src[res.To:]
		if errs := fatal(e, out); len(errs) > 0 {
			t.Errorf("%q + %q (%s): %v", src, it.Text, it.Kind, errs.Err())
		}
		n++
	}
	return n
}

// The name that a good line goes on with is among the first ten once a few
// letters of it are there, with and without the index.
func TestOffersWanted(t *testing.T) {
	e := world()
	for _, ix := range []*search.Index{index(), nil} {
		e.index = ix
		for _, c := range []struct{ src, want string }{
			{"mes", "messages.sendMessage"}, {"messages.getH", "messages.getHistory"}, {"getHist", "messages.getHistory"},
			{"msgsend", "messages.sendMessage"}, {"resolveu", "contacts.resolveUsername"}, {"users.getF", "users.getFullUser"},
			{"gfc", "channels.getFullChannel"}, {"sen", "messages.sendMessage"}, {"messages.sendMesage", "messages.sendMessage"},
		} {
			if place(completer.Complete(schema.Current(), e, c.src, len(c.src)), c.want) > 10 {
				t.Errorf("%q does not offer %s", c.src, c.want)
			}
		}
	}
}

// place is where a text stands among the candidates, from 1; many for nowhere.
func place(res completer.Result, want string) int {
	i := slices.IndexFunc(res.Items, func(it completer.Item) bool { return it.Text == want || it.Text == want+"(" })
	if i < 0 {
		return 1 << 20
	}
	return i + 1
}

func FuzzComplete(f *testing.F) {
	for _, l := range lines {
		f.Add(l, len(l)/2)
	}
	e := world()
	f.Fuzz(func(t *testing.T, src string, cursor int) {
		res := completer.Complete(schema.Current(), e, src, cursor)
		at := max(0, min(cursor, len(src)))
		if res.From > at || res.To < res.From || res.From < 0 || res.To > len(src) {
			t.Fatalf("replaces %d to %d at %d of %q", res.From, res.To, at, src)
		}
		completer.SignatureAt(schema.Current(), e, src, cursor)
	})
}
