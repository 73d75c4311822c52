package example

import (
	"bytes"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tlsh/bind"
	"tlsh/render"
	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// clock is the moment of the tests.
var clock = time.Date(2026, 3, 6, 18, 0, 0, 0, time.UTC)

// fill answers the holes of a line: who is meant by a stand-in of their own.
func fill(t *testing.T, s *schema.Schema, holes []*bind.Hole) {
	t.Helper()
	for _, h := range holes {
		switch h.Kind {
		case bind.HolePeer:
			h.Fill(StandIn(s, h))
		case bind.HoleClock:
			v, err := h.Date(clock)
			if err != nil {
				t.Fatal(err)
			}
			h.Fill(v)
		case bind.HoleRandom:
			h.Fill(random(h))
		case bind.HoleAttributes:
			h.Fill(tl.VectorOf(h.Want.Elem))
		case bind.HoleUpload:
			h.Fill(tl.New(s.Constructor("inputFile")).With("id", tl.Long(1)).With("parts", tl.Int(1)).With("name", tl.String("a")).With("md5_checksum", tl.String("")).Value())
		default:
			t.Fatalf("a hole of kind %d at %s", h.Kind, h.Path)
		}
	}
}

// random is 7, as often as it is wanted.
func random(h *bind.Hole) tl.Value {
	switch h.Want.Kind {
	case schema.KindInt:
		return tl.Int(7)
	case schema.KindLong:
		return tl.Long(7)
	}
	ids := make([]tl.Value, len(h.Of.At("id").Vector().Items))
	for i := range ids {
		ids[i] = tl.Long(7)
	}
	return tl.VectorOf(h.Want.Elem, ids...)
}

// samples are the examples of all requests and constructors, filled.
func samples(t *testing.T) []Call {
	t.Helper()
	s := schema.Current()
	var calls []Call
	for _, list := range [][]*schema.Combinator{s.Methods(), s.Constructors()} {
		for _, def := range list {
			c, ok := Read(s, Line(s, def))
			if !ok {
				t.Fatalf("%s has no line", def.Name)
			}
			fill(t, s, c.Open)
			calls = append(calls, c)
		}
	}
	return calls
}

// What is copied for Telethon is read back by the shell and gives the same bytes.
func TestPythonReadBack(t *testing.T) {
	s := schema.Current()
	n := 0
	for _, c := range samples(t) {
		if _, is := truth(c.Object); is {
			continue // True by itself is a value, and no object
		}
		want, err := tl.Encode(c.Object)
		if err != nil {
			t.Fatal(err)
		}
		text := Python(c)
		f := syntax.Parse(text)
		if len(f.Errs) > 0 || len(f.Stmts) == 0 {
			t.Errorf("%s\n%v", text, f.Errs.Err())
			continue
		}
		in := bind.Check(s, f, len(f.Stmts)-1, nobody{})
		if len(in.Diags) > 0 || in.Value.Object() == nil {
			t.Errorf("%s\n%v", text, in.Diags.Err())
			continue
		}
		fill(t, s, in.Holes)
		got, err := tl.Encode(in.Value.Object())
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s\n%v\n got  %x\n want %x", text, err, got, want)
			continue
		}
		n++
	}
	t.Logf("%d forms", n)
}

// Python itself can read what is copied for Telethon, and node what is copied
// for gramjs.
func TestOthersRead(t *testing.T) {
	var python, script strings.Builder
	seen := map[string]bool{}
	calls := samples(t)
	for _, line := range files {
		c, ok := Read(schema.Current(), line)
		if !ok {
			t.Fatal(line)
		}
		fill(t, schema.Current(), c.Open)
		calls = append(calls, c)
	}
	for _, c := range calls {
		python.WriteString(Python(c) + "\n")
		js := JavaScript(c)
		// The imports once, and each constant in a block of its own.
		for line := range strings.Lines(js) {
			if strings.HasPrefix(line, "import ") && !seen[line] && (strings.Contains(line, "utils") || !strings.Contains(line, `"telegram"`)) {
				seen[line] = true
				script.WriteString(line)
			}
		}
		_, body, _ := strings.Cut(js, "\n\n")
		script.WriteString("{\n" + body + "\n}\n")
	}
	for _, tool := range []struct {
		name, file, text string
		args             []string
	}{
		{"python3", "all.py", python.String(), []string{"-c", "import ast, sys; ast.parse(open(sys.argv[1], encoding='utf-8').read())"}},
		{"node", "all.mjs", script.String(), []string{"--check"}},
	} {
		t.Run(tool.name, func(t *testing.T) {
			if _, err := exec.LookPath(tool.name); err != nil {
				t.Skipf("there is no %s here to read it", tool.name)
			}
			file := filepath.Join(t.TempDir(), tool.file)
			if err := os.WriteFile(file, []byte(tool.text), 0o600); err != nil {
				t.Fatal(err)
			}
			if out, err := exec.Command(tool.name, append(tool.args, file)...).CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

// files are lines with files, for what is uploaded anew in another language.
var files = []string{
	`messages.sendMedia me file:"my photo.png" ""`,
	`photos.uploadProfilePhoto file=file:me.jpg`,
	`invokeWithoutUpdates messages.uploadMedia(me inputMediaUploadedDocument(file=file:a.mp4 thumb=file:"it's.jpg" mime_type="video/mp4" attributes=[]))`,
	`messages.uploadMedia me inputMediaUploadedDocument(file=file:a.mp4 thumb=file:a.mp4 mime_type="video/mp4" attributes=[])`,
}

// What is copied of a line with a file has its path, and never what it became.
func TestCopiedFiles(t *testing.T) {
	s := schema.Current()
	for _, line := range files {
		c, ok := Read(s, line)
		if !ok {
			t.Fatal(line)
		}
		fill(t, s, c.Open)
		json := string(render.AppendJSON(nil, Unspent(c)))
		for _, text := range []string{Go(c), Python(c), JavaScript(c), Source(c), json} {
			if strings.Contains(strings.ToLower(text), "md5") || strings.Contains(text, "inputFile") {
				t.Errorf("%s\n%s", line, text)
			}
		}
		again, ok := Read(s, Source(c))
		if !ok {
			t.Errorf("%s is not read", Source(c))
			continue
		}
		fill(t, s, again.Open)
		if !tl.Equal(again.Object.Value(), c.Object.Value()) {
			t.Errorf("%s is read as another", Source(c))
		}
		fset := token.NewFileSet()
		if _, err := parser.ParseFile(fset, "", "package p\nfunc f() error {\n"+Go(c)+"\n}", 0); err != nil {
			t.Errorf("%s\n%v", Go(c), err)
		}
	}
}

// A few are as a person would write them.
func TestCopied(t *testing.T) {
	s := schema.Current()
	for _, x := range []struct{ line, golang, python, script string }{
		{
			`messages.sendMessage @alice "Hello"`,
			"result, err := api.MessagesSendMessage(ctx, &tg.MessagesSendMessageRequest{\n\tPeer:     &tg.InputPeerUser{UserID: 1002, AccessHash: 0}, /* @alice */\n\tMessage:  \"Hello\",\n\tRandomID: rand.Int64(),\n})",
			"from telethon.tl import functions\n\nresult = await client(functions.messages.SendMessageRequest(peer='alice', message='Hello'))",
			"import { Api } from \"telegram\";\n\nconst result = await client.invoke(new Api.messages.SendMessage({ peer: \"alice\", message: \"Hello\" }));",
		},
	} {
		c, ok := Read(s, x.line)
		if !ok {
			t.Fatal(x.line)
		}
		fill(t, s, c.Open)
		for _, pair := range [][2]string{{Go(c), x.golang}, {Python(c), x.python}, {JavaScript(c), x.script}} {
			if pair[0] != pair[1] {
				t.Errorf("got\n%s\nwant\n%s", pair[0], pair[1])
			}
		}
	}
}
