package oracle

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/gotd/td/telegram/auth"
	"github.com/gotd/td/telegram/auth/qrlogin"
	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"

	"tlsh/sandbox"
)

// guarded is a world in which signing in takes more than a code: a password,
// another data centre, a bot's token.
const guarded = `
user(id=1001 first_name="Sam" username="sam" phone="9996621001")
user(id=1002 first_name="Alice" username="alice" phone="9996621002")
user(id=1003 first_name="Bob" username="bob" phone="9996641003")
user(id=1005 first_name="Tide" username="tide_bot" bot=true bot_info_version=1)
me @sam
contacts @sam [@alice @bob]
contacts @bob [@sam]
home @bob 4
password @alice "the blue gate" hint "where we met"
token @tide_bot "1005:tide"
document 901 2026-03-01T10:00 "text/plain" [documentAttributeFilename(file_name="far.txt")] "kept in data centre 4"
stored 901 4
message(id=1 from_id=@bob peer_id=@sam date=2026-03-01T10:00 message="" media=messageMediaDocument(document=documentEmpty(id=901)))
`

// coded answers gotd's flow as somebody of guarded would; code is that of their
// data centre.
func coded(phone, password, code string) auth.Flow {
	return auth.NewFlow(auth.Constant(phone, password, auth.CodeAuthenticatorFunc(
		func(context.Context, *tg.AuthSentCode) (string, error) { return code, nil })), auth.SendCodeOptions{})
}

// self is who the client is signed in as.
func (c *gotdClient) self(t *testing.T, want string) {
	t.Helper()
	u, err := c.core.Self(c.ctx)
	if err != nil {
		t.Fatalf("self: %v", err)
	}
	if u.Username != want {
		t.Errorf("signed in as %s, want %s", u.Username, want)
	}
	if s, err := c.core.Auth().Status(c.ctx); err != nil || !s.Authorized {
		t.Errorf("status: %+v, %v", s, err)
	}
}

// TestGotdSignsIn: gotd's client goes each way to sign in that a person has.
func TestGotdSignsIn(t *testing.T) {
	key := newKey(t)
	w := serve(t, key, sandbox.Config{World: guarded})
	way := framings()[0].PlainOptions

	t.Run("by a code", func(t *testing.T) {
		c := w.connect(t, way, nil, ignore)
		if err := c.core.Auth().IfNecessary(c.ctx, coded("+9996621001", "", "22222")); err != nil {
			t.Fatal(err)
		}
		c.self(t, "sam")
		if _, err := c.AuthLogOut(c.ctx); err != nil {
			t.Error(err)
		}
	})
	t.Run("by a code and a password", func(t *testing.T) {
		c := w.connect(t, way, nil, ignore)
		err := c.core.Auth().IfNecessary(c.ctx, coded("+9996621002", "the blue gats", "22222"))
		if !errors.Is(err, auth.ErrPasswordInvalid) {
			t.Errorf("a wrong password: %v", err)
		}
		if err := c.core.Auth().IfNecessary(c.ctx, coded("+9996621002", "the blue gate", "22222")); err != nil {
			t.Fatal(err)
		}
		c.self(t, "alice")
		changes := auth.UpdatePasswordOptions{Hint: "another", Password: func(context.Context) (string, error) { return "the blue gate", nil }}
		if err := c.core.Auth().UpdatePassword(c.ctx, "the red gate", changes); err != nil {
			t.Fatal(err)
		}
		again := w.connect(t, way, nil, ignore)
		if err := again.core.Auth().IfNecessary(again.ctx, coded("+9996621002", "the red gate", "22222")); err != nil {
			t.Errorf("the password that gotd has set: %v", err)
		}
	})
	t.Run("by signing up", func(t *testing.T) {
		c := w.connect(t, way, nil, ignore)
		if err := c.core.Auth().Test(c.ctx, sandbox.DefaultDC); err != nil {
			t.Fatal(err)
		}
		if u, err := c.core.Self(c.ctx); err != nil || u.FirstName == "" {
			t.Errorf("self: %v, %v", u, err)
		}
	})
	t.Run("as a bot", func(t *testing.T) {
		c := w.connect(t, way, nil, ignore)
		if _, err := c.core.Auth().Bot(c.ctx, "1005:ebb"); !tgerr.Is(err, "ACCESS_TOKEN_INVALID") {
			t.Errorf("a wrong token: %v", err)
		}
		if _, err := c.core.Auth().Bot(c.ctx, "1005:tide"); err != nil {
			t.Fatal(err)
		}
		c.self(t, "tide_bot")
	})
	t.Run("by a QR code", func(t *testing.T) {
		owner := w.connect(t, way, nil, ignore)
		if err := owner.core.Auth().IfNecessary(owner.ctx, coded("+9996621001", "", "22222")); err != nil {
			t.Fatal(err)
		}
		w.scans(t, owner, "sam")
	})
	t.Run("by a QR code that somebody of another data centre accepts", func(t *testing.T) {
		owner := w.roam(t, ignore)
		if err := owner.core.Auth().IfNecessary(owner.ctx, coded("+9996641003", "", "44444")); err != nil {
			t.Fatal(err)
		}
		owner.self(t, "bob")
		w.scans(t, owner, "bob")
	})
}

// scans lets a new client show a QR code, and its owner accept it.
func (w *lab) scans(t *testing.T, owner *gotdClient, want string) {
	t.Helper()
	// qrlogin.OnLoginToken drops an update that comes before Auth waits for it.
	loggedIn := make(chan struct{}, 1)
	dispatcher := tg.NewUpdateDispatcher()
	dispatcher.OnLoginToken(func(context.Context, tg.Entities, *tg.UpdateLoginToken) error {
		select {
		case loggedIn <- struct{}{}:
		default: // told already
		}
		return nil
	})
	c := w.roam(t, dispatcher)
	shown := 0
	_, err := c.core.QR().Auth(c.ctx, loggedIn, func(ctx context.Context, token qrlogin.Token) error {
		if shown++; token.Expires().Before(time.Now()) {
			return errors.New("the token is too old")
		}
		read, err := qrlogin.ParseTokenURL(token.URL())
		if err != nil {
			return err
		}
		go qrlogin.AcceptQR(owner.ctx, owner.Client, read)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if shown != 1 {
		t.Errorf("%d codes were shown, want 1", shown)
	}
	c.self(t, want)
}

// TestGotdMigrates: gotd's client follows PHONE_MIGRATE to where somebody is at
// home, and FILE_MIGRATE to where a file is kept, with its authorization.
func TestGotdMigrates(t *testing.T) {
	w := serve(t, newKey(t), sandbox.Config{World: guarded})
	bob := w.roam(t, ignore)
	if err := bob.core.Auth().IfNecessary(bob.ctx, coded("+9996641003", "", "44444")); err != nil {
		t.Fatal(err)
	}
	bob.self(t, "bob")
	cfg, err := bob.HelpGetConfig(bob.ctx)
	if err != nil || cfg.ThisDC != 4 {
		t.Errorf("help.getConfig says data centre %d (%v), want 4", cfg.ThisDC, err)
	}

	sam := w.roam(t, ignore)
	if err := sam.core.Auth().IfNecessary(sam.ctx, coded("+9996621001", "", "22222")); err != nil {
		t.Fatal(err)
	}
	h, err := sam.MessagesGetHistory(sam.ctx, &tg.MessagesGetHistoryRequest{Peer: sam.resolve(t, "bob"), Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	list, _ := h.AsModified()
	message, ok := list.GetMessages()[0].(*tg.Message)
	if !ok {
		t.Fatalf("no message: %v", h)
	}
	media, _ := message.Media.(*tg.MessageMediaDocument)
	doc, _ := media.Document.AsNotEmpty()
	if doc.DCID != 4 {
		t.Errorf("the document is kept in data centre %d, want 4", doc.DCID)
	}
	sam.downloads(t, doc, "kept in data centre 4")
	sam.self(t, "sam")

	// And what a CDN hands out, enciphered; gotd checks it by its hashes.
	if _, err := w.sandbox.Command([]string{"cdn", "on"}); err != nil {
		t.Fatal(err)
	}
	again := w.roam(t, ignore) // help.getConfig names the CDN now
	if err := again.core.Auth().IfNecessary(again.ctx, coded("+9996621001", "", "22222")); err != nil {
		t.Fatal(err)
	}
	again.downloads(t, doc, "kept in data centre 4")
	if got := asked(w.sandbox, "upload.getCdnFile"); got < 2 {
		t.Errorf("the CDN was asked %d times, want one for the file to be given to it and one for the file", got)
	}
	if _, err := w.sandbox.Command([]string{"cdn", "lies"}); err != nil {
		t.Fatal(err)
	}
	if _, err := again.core.Download(doc.AsInputDocumentFileLocation("")).WithVerify(true).Stream(again.ctx, io.Discard); err == nil {
		t.Error("gotd takes what a CDN has changed")
	}
}

// downloads wants a document to hold a text.
func (c *gotdClient) downloads(t *testing.T, doc *tg.Document, want string) {
	t.Helper()
	var got bytes.Buffer
	if _, err := c.core.Download(doc.AsInputDocumentFileLocation("")).WithVerify(true).Stream(c.ctx, &got); err != nil {
		t.Fatal(err)
	}
	if got.String() != want {
		t.Errorf("downloaded %q, want %q", got.String(), want)
	}
}

// asked counts the requests of a method that came to a sandbox.
func asked(s *sandbox.Sandbox, method string) (n int) {
	for _, e := range s.Ledger() {
		if e.Method == method {
			n++
		}
	}
	return n
}
