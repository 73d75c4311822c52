package eval

import (
	"bytes"
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"tlsh/files"
	"tlsh/schema"
	"tlsh/tl"
)

// hostilePieces are what terminals, editors and decoders stumble over.
var hostilePieces = []string{
	"\x1b[2J", "\x1b]0;title\x07", "\x1b]52;c;ZXZpbA==\x1b\\", "\x1bP$q\"p\x1b\\", "\x1b[?1049h", "\x1b[6n", "\x1bc", "\x9b31m", "\u009b2J", "\u0090q\u009c",
	"\u009d0;x\u009c", "\x00", "\x07", "\x08\x08\x08", "\r", "\n", "\t", "\x0e", "\x7f", "\u0085", "\u2028", "\u2029",
	"\u202e", "\u202a", "\u2066", "\u2069", "\u200e", "\u200f", "\u061c", "\ufeff", "\u200b", "\u2060", "\u00ad", "\U000e0041", "\U000e0001", "\U000e0100",
	"\xc0\xaf", "\xe0\x80\xaf", "\xf0\x80\x80\x9b", "\xed\xa0\x80", "\xff", "\xfe", "\xc3", "\xe2\x80", "\xf4\x90\x80\x80", "\x80",
	"e" + strings.Repeat("\u0301", 200), "\u0e33\u0e33", "👨‍👩‍👧", "🇩🇪", "日本", "\ufffd", "a", " ", "\"", "\\", "'", "`", "$(id)", "../../etc/passwd", "%s%n", "{", "]", "#", "|",
}

// hostileStrings are n texts of them.
func hostileStrings(n int) []string {
	r := rand.New(rand.NewPCG(7, 11))
	out := make([]string, n)
	for i := range out {
		if i < len(hostilePieces) {
			out[i] = hostilePieces[i]
			continue
		}
		var b strings.Builder
		for range 1 + r.IntN(8) {
			b.WriteString(hostilePieces[r.IntN(len(hostilePieces))])
		}
		out[i] = b.String()
	}
	return out
}

// harmful is the first thing in a text that a terminal could act on, but for
// newlines, and tabs where they are the text's own; "" when there is none.
func harmful(s string) string {
	for i, c := range s {
		if c == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(s[i:]); n == 1 {
				return s[i:min(len(s), i+4)]
			}
		}
		joiner := c == 0x200c || c == 0x200d
		if c < ' ' && c != '\n' && c != '\t' || c >= 0x7f && c < 0xa0 || c == 0x2028 || c == 0x2029 || unicode.Is(unicode.Cf, c) && !joiner || c >= 0xe0000 && c <= 0xe0fff {
			return s[i:min(len(s), i+8)]
		}
	}
	return ""
}

// hostileResult is a result in which each text stands wherever people put
// theirs: in a message, a title, names and the name of a file.
func hostileResult(texts []string) tl.Value {
	s := schema.Current()
	var messages, users, chats []tl.Value
	for i, text := range texts {
		v, id := tl.String(text), tl.Int(int32(i+1))
		name := tl.New(s.Constructor("documentAttributeFilename")).With("file_name", v).Value()
		doc := tl.New(s.Constructor("document")).With("id", tl.Long(int64(i))).With("access_hash", tl.Long(1)).With("file_reference", tl.Bytes([]byte(text))).
			With("date", id).With("mime_type", v).With("size", tl.Long(1)).With("dc_id", id).With("attributes", vector(s, "DocumentAttribute", name)).Value()
		media := tl.New(s.Constructor("messageMediaDocument")).With("document", doc).Value()
		messages = append(messages, tl.New(s.Constructor("message")).With("id", id).With("date", id).With("message", v).With("post_author", v).
			With("peer_id", tl.New(s.Constructor("peerUser")).With("user_id", tl.Long(int64(i+1))).Value()).With("media", media).Value())
		users = append(users, tl.New(s.Constructor("user")).With("id", tl.Long(int64(i+1))).With("access_hash", tl.Long(1)).
			With("first_name", v).With("last_name", v).With("username", v).With("phone", v).Value())
		chats = append(chats, tl.New(s.Constructor("channel")).With("id", tl.Long(int64(i+1))).With("access_hash", tl.Long(1)).
			With("title", v).With("username", v).With("photo", tl.New(s.Constructor("chatPhotoEmpty")).Value()).With("date", id).Value())
	}
	return tl.New(s.Constructor("messages.messages")).With("messages", vector(s, "Message", messages...)).
		With("topics", vector(s, "ForumTopic")).With("chats", vector(s, "Chat", chats...)).With("users", vector(s, "User", users...)).Value()
}

// 10,000 hostile strings through every way out: no control byte reaches a
// terminal.
func TestHostileStrings(t *testing.T) {
	for width, n := range map[int]int{60: 10000, 0: 1000, 20: 1000} {
		v := hostileResult(hostileStrings(n))
		for _, format := range Formats {
			var out, errs bytes.Buffer
			sh := New(Config{Schema: schema.Current(), Out: &out, Err: &errs, Format: format, Terminal: true, ErrTerminal: true})
			sh.cfg.View.Width, sh.cfg.ErrView.Width = width, max(width, 40)
			sh.cache.Learn(v)
			sh.set("h", v)
			sh.set("_", v)
			lines := []string{"$h", "$h.messages[3]", "echo $h.messages[3].message", "vars", "peers"}
			if format == Tree {
				lines = append(lines, "$h | table", "$h | table id message 'media.document.attributes[].file_name' post_author", "$h.users | table", "$h.chats | table",
					"$h | jq .", "$h | jq -r '.messages[].message'", "$h | jq -c '.users[]'", "$h | jq -r '.chats[]|[.title]|@csv'",
					"$h | jq '.messages' | table", "$h | jq 'error(.messages[0].message)'", "$h | jq '.messages[] | select(.message|test(\"3\"))|.message'")
			}
			for _, line := range lines {
				out.Reset()
				errs.Reset()
				sh.Run(context.Background(), Source{Text: line})
				for name, text := range map[string]string{"stdout": out.String(), "stderr": errs.String()} {
					if bad := harmful(text); bad != "" {
						t.Errorf("-o %s, width %d, %s: %q reaches %s", format, width, line, bad, name)
					}
				}
				if out.Len()+errs.Len() == 0 {
					t.Errorf("-o %s: %s shows nothing", format, line)
				}
			}
		}
	}
}

// The same strings in lines, in names of things, and as errors of the server.
func TestHostileLines(t *testing.T) {
	for _, text := range hostileStrings(2000) {
		sh, out, errs := shellOn(func(context.Context, *tl.Object) (tl.Value, error) {
			return tl.Value{}, &tl.Error{Path: text, Msg: text}
		}, func(c *Config) { c.ErrTerminal, c.Terminal, c.Format = true, true, Tree })
		sh.cfg.ErrView.Width = 60
		for _, line := range []string{text, "help.getNearestDc " + text, "help " + text, "peer " + text, "$x = " + text, "echo " + text, "set " + text + " on",
			"help.getNearestDc", "5 | jq '" + text + "'", "5 | table " + text, "5 | " + text, "pages " + text + " help.getConfig"} {
			if i := strings.IndexAny(line, "!"); i >= 0 || strings.Contains(line, "save") || strings.Contains(line, "source") {
				continue
			}
			sh.Run(context.Background(), Source{Text: line})
		}
		for name, s := range map[string]string{"stdout": out.String(), "stderr": errs.String()} {
			s = strings.ReplaceAll(s, "\r\x1b[K", "") // the shell's own, which rewrites a line
			if bad := harmful(s); bad != "" {
				t.Fatalf("%q: %q reaches %s", text, bad, name)
			}
		}
	}
}

// What is piped or saved is exact, and no text becomes the name of a file.
func TestHostileFiles(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	texts := hostileStrings(300)
	for i, text := range texts {
		sh, _, errs := shellOn(nil, func(c *Config) { c.Terminal = true })
		sh.set("t", tl.String(text))
		if st := sh.Run(context.Background(), Source{Text: "$t | jq -r 'if type == \"object\" then .base64|@base64d else . end' | save out --force"}); st != OK {
			t.Fatalf("%q: %s", text, errs)
		}
		b, err := os.ReadFile("out")
		if err != nil {
			t.Fatal(err)
		}
		if want := text + "\n"; utf8.ValidString(text) && string(b) != want {
			t.Fatalf("%d: %q was saved as %q", i, want, b)
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) != 1 {
		t.Errorf("files: %v %v", files, err)
	}
}

// Files called by anybody come into the chosen folder and nowhere else, under
// names that do nothing; nor does what is said of them.
func TestHostileDownloads(t *testing.T) {
	safe := func(name string) bool {
		return filepath.Base(name) == name && harmful(name) == "" && name[0] != '.' && name[0] != '-'
	}
	for _, text := range hostileStrings(10000) {
		if name := files.SafeName(text); name != "" && !safe(name) {
			t.Errorf("%q becomes the name %q", text, name)
		}
	}
	dir := t.TempDir()
	t.Chdir(dir)
	const n = 1000
	s := schema.Current()
	sh, out, errs := shellOn(func(context.Context, *tl.Object) (tl.Value, error) {
		return tl.New(s.Constructor("upload.file")).With("type", tl.New(s.Constructor("storage.fileUnknown")).Value()).
			With("mtime", tl.Int(0)).With("bytes", tl.Bytes([]byte("x"))).Value(), nil
	}, func(c *Config) { c.ErrTerminal, c.Terminal, c.Format = true, true, Tree })
	sh.set("h", hostileResult(hostileStrings(n)))
	if st := sh.Run(context.Background(), Source{Text: "download $h to in/side/"}); st != OK {
		t.Fatalf("%d: %.2000s", st, errs)
	}
	came := 0
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		came++
		if filepath.Dir(path) != filepath.Join(dir, "in", "side") || !safe(filepath.Base(path)) {
			t.Errorf("a file at %q", path)
		}
		return nil
	})
	if err != nil || came != n {
		t.Errorf("%d files, %v", came, err)
	}
	for name, text := range map[string]string{"stdout": out.String(), "stderr": strings.ReplaceAll(errs.String(), "\r\x1b[K", "")} {
		if bad := harmful(text); bad != "" {
			t.Errorf("%q reaches %s", bad, name)
		}
	}
}
