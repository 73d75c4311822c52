package repl

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"tlsh/bind"
	"tlsh/eval"
	"tlsh/history"
	"tlsh/repl/editor"
	"tlsh/schema"
	"tlsh/search"
	"tlsh/syntax"
	"tlsh/tl"
)

func testHost(t *testing.T) *host {
	t.Helper()
	var out bytes.Buffer
	sh := eval.New(eval.Config{Schema: schema.Current(), Out: &out, Err: &out, Vars: map[string]string{"who": "@alice"},
		Account: eval.Account{Short: "sandbox", Place: eval.PlaceSandbox}})
	h := newHost(&prompt{shell: sh})
	h.ref.index.Store(index())
	return h
}

var index = sync.OnceValue(func() *search.Index { return search.New(schema.Current()) })

// marked writes the segments as text, the current parameter in « ».
func marked(segs []editor.Segment) string {
	var b strings.Builder
	for _, s := range segs {
		if s.Role == editor.Current {
			b.WriteString("«" + s.Text + "»")
			continue
		}
		b.WriteString(s.Text)
	}
	return b.String()
}

func TestHint(t *testing.T) {
	h := testHost(t)
	for line, want := range map[string]string{
		"messages.sendMessage ":                                        "messages.sendMessage «peer:InputPeer» message:string [no_webpage]",
		"messages.sendMessage @alice ":                                 "messages.sendMessage peer:InputPeer «message:string» [no_webpage]",
		"messages.sendMessage peer=@al":                                "messages.sendMessage «peer:InputPeer» message:string",
		"messages.sendMessage @alice hi silent=":                       "«silent:true»",
		"messages.sendMessage @alice hi reply_to=inputReplyToMessage(": "inputReplyToMessage «reply_to_msg_id:int»",
		"batch < help.getConfig; messages.getHistory ":                 "messages.getHistory «peer:InputPeer»",
		"messages.sendMessage @alice mesage=x message=y":               "has no parameter mesage",
		"help.getConfig":                                               "",
	} {
		if got := marked(h.Hint(line, len(line))); want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%s\n got  %s\n want %s", line, got, want)
		}
	}
}

// What a statement gives to a variable, those behind it in the same text can use.
func TestAhead(t *testing.T) {
	h := testHost(t)
	for _, line := range []string{
		`$h = messages.getHistory @alice limit=2; $h.messages[0].message`,
		"messages.getHistory @alice limit=1\n$_.messages[0].message",
		`batch < $u = users.getUsers [me]; help.getConfig >; $u[0].first_name; $_.results[1]`,
		`for $i in int[1 2] < $y = users.getUsers [me] >; $y[0].id`,
		`decode hex:997275b5; $_`,
		"result = client(functions.users.GetUsersRequest(['me']))\nprint(result[0].first_name)",
	} {
		if e := h.firstError(syntax.Parse(line)); e != nil {
			t.Errorf("%s\n%v", line, e)
		}
	}
	for _, line := range []string{`$h.messages; $h = messages.getHistory @alice`, `help; $_.id`, `help.getConfig; $h.id`} {
		if h.firstError(syntax.Parse(line)) == nil {
			t.Errorf("%s: nothing is said of the variable", line)
		}
	}
}

// Below the signature stand what is missing and what the current parameter is.
func TestHintBelow(t *testing.T) {
	h := testHost(t)
	for line, want := range map[string][]string{
		"messages.sendMessage ":                          {"\nneeds peer, message", "peer: InputPeer (@name, me", "The destination"},
		"messages.sendMessage @alice hi schedule_date=n": {"\nschedule_date: int (a date", "now+2h"},
		"messages.search @alice x filter=":               {"filter: MessagesFilter (", "photos"},
		"for $m in $_.messages < users.getFullUser ":     {"«id:InputUser»"},
		"/delete ": {"search: "},
	} {
		got := marked(h.Hint(line, len(line)))
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s\n got  %s\n want %s", line, got, w)
			}
		}
	}
}

// A line that begins with / is a search.
func TestSearch(t *testing.T) {
	h := testHost(t)
	for line, want := range map[string]string{
		"/delete for everyone": "messages.deleteMessages ", "/gfc": "messages.getFullChat ", "/inputPeerUser": "doc inputPeerUser",
		"/PEER_ID_INVALID": "doc PEER_ID_INVALID", "/iter_participants": "channels.getParticipants ",
	} {
		c := h.Complete(context.Background(), line, len(line))
		if len(c.Items) == 0 || c.From != 0 || c.To != len(line) || c.Items[0].Text != want || !h.Picks(line) {
			t.Errorf("%s: %+v, want %s", line, c, want)
		}
	}
	if h.Picks("help") {
		t.Error("help is taken for a search")
	}
}

// What was given before is offered; secrets are not.
func TestRecent(t *testing.T) {
	h := testHost(t)
	for _, l := range []string{
		`messages.sendMessage @carol "see you" schedule_date=now+3h`,
		`auth.signIn phone_number="+1555" phone_code_hash=abcdef phone_code=12345`,
		`batch < messages.getHistory @dave limit=77; messages.getHistory @carol >`,
		`messages.sendMessage $who "from a variable"`,
	} {
		h.ref.recent.Add(h.world.Load(), history.Redact(l))
	}
	first := func(line string) string {
		c := h.Complete(context.Background(), line, len(line))
		if len(c.Items) == 0 {
			return ""
		}
		return c.Items[0].Text
	}
	for line, want := range map[string]string{
		"messages.sendMessage peer=":                       "@carol",
		"messages.getHistory peer=":                        "@carol",
		"messages.getHistory @alice limit=":                "77",
		"messages.sendMessage me hi schedule_date=":        "now+3h",
		"auth.signIn phone_number=x phone_code_hash=":      "$who",
		"messages.sendMessage @alice message=\"from a var": "",
		"": "messages.sendMessage",
	} {
		if got := first(line); got != want {
			t.Errorf("%s: %q comes first, want %q", line, got, want)
		}
	}
}

func TestHighlight(t *testing.T) {
	h := testHost(t)
	line := `messages.sendMessage peer=@alice message="hi" silent=true schedule_date=5 $who nope=1 # note`
	roles := map[string]editor.Role{}
	for _, s := range h.Highlight(line) {
		roles[line[s.From:s.To]] = s.Role
	}
	for text, want := range map[string]editor.Role{
		"messages.sendMessage": editor.Request, "peer": editor.Parameter, "@alice": editor.Peer, `"hi"`: editor.String,
		"true": editor.Number, "5": editor.Number, "nope": editor.Error, "# note": editor.Comment,
	} {
		if roles[text] != want {
			t.Errorf("%s has role %d, want %d", text, roles[text], want)
		}
	}
	// A name that is still being typed is no error yet.
	for _, s := range h.Highlight("messages.sendMes") {
		if s.Role == editor.Error {
			t.Error("a half-typed name is marked as wrong")
		}
	}
}

// What is offered first at each of these places.
func TestComplete(t *testing.T) {
	h := testHost(t)
	for line, want := range map[string]string{
		"messages.sendmess":                   "messages.sendMessage",
		"sendmess":                            "messages.sendMessage",
		"hel":                                 "help",
		"messages.sendMessage pe":             "peer=",
		"messages.sendMessage @alice m":       "message=",
		"messages.sendMessage me hi sil":      "silent=true",
		"messages.sendMessage me hi silent=f": "false",
		"messages.search me x filter=inputMessagesFilterPhotoV": "inputMessagesFilterPhotoVideo",
		"messages.sendMessage me hi reply_to=inp":               "inputReplyToMessage(",
		"messages.getMessages id=[inputMessageI":                "inputMessageID(",
		"echo $w":                                               "$who",
		"batch <\n  users.getUs":                                "users.getUsers",
		"help.getConfig | j":                                    "jq",
		"help messages.sendMess":                                "messages.sendMessage",
	} {
		c := h.Complete(context.Background(), line, len(line))
		if len(c.Items) == 0 || c.Items[0].Text != want {
			got := "nothing"
			if len(c.Items) > 0 {
				got = c.Items[0].Text
			}
			t.Errorf("%q: %s comes first, want %s", line, got, want)
		}
	}
}

// The bracket at the cursor, else the one before it, and its other half; brackets
// in strings, filters and comments belong to nothing.
func TestPair(t *testing.T) {
	h := testHost(t)
	for line, want := range map[string]string{ // ‸ is the cursor, ‹› the pair
		"batch ‸< help.getConfig >":           "batch ‹<› help.getConfig ‹>›",
		"batch < help.getConfig >‸":           "batch ‹<› help.getConfig ‹>›",
		"users.getUsers id=[me (‸":            "",
		"users.getUsers id=[inputUser‸(1 2)]": "users.getUsers id=[inputUser‹(›1 2‹)›]",
		"users.getUsers id=[inputUser(1 2)‸]": "users.getUsers id=‹[›inputUser(1 2)‹]›",
		"echo \"(‸)\"":                        "",
		"echo hi‸":                            "",
		"help.getConfig | jq \".x[‸0]\"":      "",
	} {
		cursor := strings.Index(line, "‸")
		text := strings.Replace(line, "‸", "", 1)
		got := ""
		if one, other, ok := h.Pair(text, cursor); ok {
			a, b := min(one, other), max(one, other)
			got = text[:a] + "‹" + text[a:a+1] + "›" + text[a+1:b] + "‹" + text[b:b+1] + "›" + text[b+1:]
		}
		if got != want {
			t.Errorf("%s: %s, want %s", line, got, want)
		}
	}
}

// Somebody who is met while a line is typed is offered without a new line; the
// editor is told once however many there are.
func TestMetWhileTyping(t *testing.T) {
	h := testHost(t)
	const line = "messages.sendMessage peer=@late"
	if c := h.Complete(context.Background(), line, len(line)); len(c.Items) > 0 && strings.HasPrefix(c.Items[0].Text, "@late") {
		t.Fatalf("%+v is known already", c.Items[0])
	}
	user := schema.Current().Constructor("user")
	h.shell.Peers().Learn(tl.New(user).With("id", tl.Long(77)).With("access_hash", tl.Long(1)).
		With("first_name", tl.String("Late")).With("username", tl.String("late_comer")).Value())
	c := h.Complete(context.Background(), line, len(line))
	if len(c.Items) == 0 || c.Items[0].Text != "@late_comer" {
		t.Errorf("offered are %+v", c.Items)
	}
	told := make(chan struct{}, 100)
	calm := newCalm(time.Millisecond, func() { told <- struct{}{} })
	for range 1000 {
		calm.call()
	}
	<-told
	calm.close()
	calm.call()
	if n := len(told); n >= 999 {
		t.Errorf("told %d more times", n)
	}
}

// Aliases are known to completion, colours and the help line; what stands behind
// alias, watch and their like is what it is by itself.
func TestAliases(t *testing.T) {
	h := testHost(t)
	for _, l := range []string{"alias last messages.getHistory {1} limit={2:1}", "alias say messages.sendMessage", "alias loop say2 {1}", "alias say2 loop {1}"} {
		h.shell.Run(context.Background(), eval.Source{Text: l})
	}
	h.refresh()
	for line, want := range map[string]string{
		"la": "last", "last m": "me", "say me hi sil": "silent=true", "unalias la": "last",
		"alias x messages.sendmess": "messages.sendMessage", "alias x messages.sendMessage {1} sil": "silent=true",
		"watch 5s messages.getHist": "messages.getHistory", "watch 5s messages.getHistory me li": "limit=",
		"watch ": "1s", "set confirm ": "auto",
	} {
		c := h.Complete(context.Background(), line, len(line))
		if len(c.Items) == 0 || c.Items[0].Text != want {
			t.Errorf("%q: %+v comes first, want %s", line, c.Items[:min(2, len(c.Items))], want)
		}
	}
	h.Complete(context.Background(), "loop m", 6) // leads to itself
	for _, line := range []string{
		"last @alice | jq .count", "last @alice; $_.messages[0].id", "$h = last @alice; $h.count", "$h = last @alice", "batch < last @alice; say me x >", "alias y messages.sendMessage {1} $later",
		"watch 5s last @alice | table", "alias b batch < users.getUsers [{1}]; help.getConfig >",
	} {
		if got := marked(h.Hint(line, len(line))); strings.Contains(got, "only ") || strings.Contains(got, "there is no") || strings.Contains(got, "gives no") {
			t.Errorf("%s: %s", line, got)
		}
		roles := map[string]editor.Role{}
		for _, s := range h.Highlight(line) {
			roles[line[s.From:s.To]] = s.Role
			if s.Role == editor.Error {
				t.Errorf("%s: %s is marked as wrong", line, line[s.From:s.To])
			}
		}
		if strings.HasPrefix(line, "last") && roles["last"] != editor.Command {
			t.Errorf("%s: last has role %d", line, roles["last"])
		}
	}
	if got := marked(h.Hint("watch 5s messages.sendMessage ", 30)); !strings.Contains(got, "peer:InputPeer") {
		t.Errorf("the signature behind watch: %s", got)
	}
}

// A constructor that was taken gets what it cannot be without, and is closed; what
// follows from it checks as far as values stand there.
func TestFollow(t *testing.T) {
	h := testHost(t)
	for line, want := range map[string]string{ // ‸ is where one types next, ¦ where after that
		"messages.sendMessage @a hi reply_to=inputReplyToMessage(":      "reply_to_msg_id=‸)¦",
		"messages.getMessages id=[inputMessageID(":                      "id=‸)¦",
		"messages.sendMedia @a media=inputMediaGeoPoint(":               "geo_point=‸)¦",
		"messages.sendMedia @a media=inputMediaGeoPoint(inputGeoPoint(": "lat=‸ long=¦)¦",
		"messages.sendMedia @a media=inputMediaContact(":                "phone_number=‸ first_name=¦ last_name=¦ vcard=¦)¦",
		"messages.sendMessage(":                                         "", "echo (": "", "messages.sendMessage ": "", "": "",
	} {
		insert, stops := h.Follow(line, len(line))
		got := insert
		for i := len(stops) - 1; i >= 0; i-- {
			mark := "¦"
			if i == 0 {
				mark = "‸"
			}
			got = got[:stops[i]] + mark + got[stops[i]:]
		}
		if got != want {
			t.Errorf("%s\n got  %s\n want %s", line, got, want)
		}
	}
}

// The prompt says where one is, and warns where what is done matters.
func TestPromptSegments(t *testing.T) {
	for _, c := range []struct {
		account eval.Account
		setting string
		want    string
		role    editor.Role
	}{
		{eval.Account{Short: "sandbox", Place: eval.PlaceSandbox, DC: 2}, "", "sandbox dc2❯ ", editor.Good},
		{eval.Account{Short: "main", Place: eval.PlaceTelegram, DC: 4}, "", "main dc4❯ ", editor.Alert},
		{eval.Account{Short: "main", Place: eval.PlaceTelegram, DC: 4}, "set read-only on", "main dc4 read-only❯ ", editor.Plain},
		{eval.Account{Short: "main test", Place: eval.PlaceTest}, "", "main test❯ ", editor.Warn},
		{eval.Account{Short: "localhost:443", Place: eval.PlaceServer}, "", "localhost:443❯ ", editor.Plain},
		{eval.Account{Short: "nobody said what it is"}, "", "nobody said what it is❯ ", editor.Alert},
	} {
		var out bytes.Buffer
		sh := eval.New(eval.Config{Schema: schema.Current(), Out: &out, Err: &out, Account: c.account})
		sh.Run(context.Background(), eval.Source{Text: c.setting})
		h := newHost(&prompt{shell: sh})
		segs := h.Prompt()
		if got := marked(segs); got != c.want || segs[0].Role != c.role {
			t.Errorf("%+v: %q in role %d, want %q in %d", c.account, got, segs[0].Role, c.want, c.role)
		}
	}
}

// What completion sees of a shell is its own: it is asked while lines run.
func TestWorldApart(t *testing.T) {
	var out bytes.Buffer
	sh := eval.New(eval.Config{Schema: schema.Current(), Out: &out, Err: &out, Account: eval.Account{Short: "sandbox", Place: eval.PlaceSandbox}})
	w := newWorld(sh, nil, index)
	asked := make(chan struct{})
	go func() {
		defer close(asked)
		f := syntax.Parse("$7; $x; lent; help.getConfig")
		for range 50 {
			for i := range f.Stmts {
				bind.Check(schema.Current(), f, i, w)
			}
			w.Choices("set", "VALUE", []string{"output"})
			w.Choices("sandbox", "KNOB", nil)
			w.People()
		}
	}()
	for open := true; open; {
		for _, line := range []string{"decode b5757299", "$x = 5", "alias lent help.getConfig", "set output json", "decode b5757299"} {
			sh.Run(t.Context(), eval.Source{Text: line})
		}
		select {
		case <-asked:
			open = false
		default:
		}
	}
	if v, ok := sh.Var("2"); !ok {
		t.Errorf("no line had a result: %v %s", v, out.String())
	}
	if _, ok := w.Var("1"); ok {
		t.Error("the world has changed")
	}
}
