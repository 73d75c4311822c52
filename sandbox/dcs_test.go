package sandbox

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"

	"tlsh/mtproto"
	"tlsh/tl"
)

// abroad is the village, but Bob is at home in data centre 4, and a file is kept
// in 5.
var abroad = village + `
home @bob 4
document 901 2026-03-01T10:00 "text/plain" [documentAttributeFilename(file_name="far.txt")] "kept in another data centre"
stored 901 5
picture 902 2026-03-01T10:00 paint 3 90 60
stored 902 5
message(id=901 from_id=@alice peer_id=@sam date=2026-03-06T17:50:00 message="" media=messageMediaDocument(document=documentEmpty(id=901)))
message(id=902 from_id=@alice peer_id=@sam date=2026-03-06T17:50:01 message="" media=messageMediaPhoto(photo=photoEmpty(id=902)))
message(id=903 from_id=@alice peer_id=@bob date=2026-03-06T17:50:02 message="" media=messageMediaDocument(document=documentEmpty(id=901)))
`

const sendCode = `auth.sendCode phone_number="%s" api_id=1 api_hash="x" settings=codeSettings`

// export takes somebody's authorization to another data centre and gives the
// request that imports it.
func (c *client) export(dc int) *tl.Object {
	c.lab.t.Helper()
	v := c.do(fmt.Sprintf("auth.exportAuthorization dc_id=%d", dc)).Object()
	return tl.New(c.lab.schema.Method("auth.importAuthorization")).With("id", v.At("id")).With("bytes", v.At("bytes"))
}

// TestDataCentres: who is at home elsewhere is sent there, and an authorization
// from home serves for files alone.
func TestDataCentres(t *testing.T) {
	l := newLabWithKey(t, Config{World: abroad})
	two, five := l.newcomer(2), l.newcomer(5)
	want(t, two.do("help.getConfig"), ".this_dc", "2")
	want(t, five.do("help.getNearestDc"), "", `nearestDc(country="XX" this_dc=5 nearest_dc=2)`)
	two.fails(fmt.Sprintf(sendCode, "9996621003"), "303 PHONE_MIGRATE_4")
	five.fails(fmt.Sprintf(sendCode, "9996621001"), "303 PHONE_MIGRATE_2")
	five.fails("users.getUsers [inputUserSelf]", "401 AUTH_KEY_UNREGISTERED")

	sam := l.as("@sam")
	for _, dc := range []int{0, 2, 6, 203} {
		sam.fails(fmt.Sprintf("auth.exportAuthorization dc_id=%d", dc), "400 DC_ID_INVALID")
	}
	take := sam.export(5)
	for _, c := range []struct {
		at   *client
		take *tl.Object
		want string
	}{
		{five, take.Clone().With("id", tl.Long(5)), "400 USER_ID_INVALID"},
		{five, take.Clone().With("bytes", tl.Bytes([]byte("x"))), "400 AUTH_BYTES_INVALID"},
		{l.newcomer(3), take, "400 AUTH_BYTES_INVALID"},
	} {
		if _, err := c.at.send(c.take); rpcError(err) != c.want {
			t.Errorf("want %s, got %v", c.want, err)
		}
	}
	v, err := five.send(take)
	if err != nil {
		t.Fatal(err)
	}
	want(t, v, ".user.self", "true", ".user.id", "1001")
	if _, err := l.newcomer(5).send(take); rpcError(err) != "400 AUTH_BYTES_INVALID" {
		t.Errorf("imported twice: %v", err)
	}
	five.fails("messages.getHistory inputPeerSelf", "303 USER_MIGRATE_2")
	five.do("help.getConfig")

	// What it may get there, and at home not.
	history := sam.do("messages.getHistory @alice limit=2")
	doc := at(t, history, ".messages[1].media.document").Object()
	photo := at(t, history, ".messages[0].media.photo").Object()
	want(t, doc.Value(), ".dc_id", "5")
	want(t, photo.Value(), ".dc_id", "5")
	file := fmt.Sprintf("location=inputDocumentFileLocation(id=901 access_hash=%d file_reference=hex:%x thumb_size=\"\")",
		doc.At("access_hash").AsLong(), doc.At("file_reference").AsBytes())
	picture := fmt.Sprintf("location=inputPhotoFileLocation(id=902 access_hash=%d file_reference=hex:%x thumb_size=s)",
		photo.At("access_hash").AsLong(), photo.At("file_reference").AsBytes())
	for _, line := range []string{"upload.getFile " + file + " offset=0 limit=4096", "upload.getFile " + picture + " offset=0 limit=4096",
		"upload.getFileHashes " + file + " offset=0"} {
		sam.fails(line, "303 FILE_MIGRATE_5")
		five.do(line)
	}
	want(t, five.do("upload.getFile "+file+" offset=0 limit=4096"), ".bytes", fmt.Sprintf("hex:%x", "kept in another data centre"))

	// It ends with what it came from.
	sam.do("auth.logOut")
	five.fails("upload.getFile "+file+" offset=0 limit=4096", "401 AUTH_KEY_UNREGISTERED")

	// Bob's client is at home in 4, and what he sends is kept there.
	bob := l.as("@bob")
	want(t, bob.do("help.getConfig"), ".this_dc", "4")
	bob.do(`upload.saveFilePart file_id=7 file_part=0 bytes="hello"`)
	sent := bob.do(`messages.sendMedia @alice media=inputMediaUploadedDocument(file=inputFile(7 1 "a.txt" "") mime_type="text/plain" attributes=[]) message=""`)
	want(t, sent, ".updates[1].message.media.document.dc_id", "4")
}

// TestDataCentreSaved: homes and where files are kept stand in a saved world.
func TestDataCentreSaved(t *testing.T) {
	s, err := New(Config{World: abroad, Now: (&clock{t: start}).now})
	if err != nil {
		t.Fatal(err)
	}
	var saved strings.Builder
	if err := s.Save(&saved); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"\nhome @bob 4\n", "\nstored 901 5\n", "\nstored 902 5\n"} {
		if !strings.Contains(saved.String(), line) {
			t.Errorf("the saved world has no line %s", line)
		}
	}
	again, err := New(Config{World: saved.String(), Now: (&clock{t: start}).now})
	if err != nil {
		t.Fatal(err)
	}
	if p := again.world.byID[1003]; again.world.homeOf(p) != 4 || again.world.store.documents[901].dc != 5 {
		t.Error("the world that was saved is another")
	}
	for line, want := range map[string]string{
		"home @bob 6": "there are the data centres 1 to 5, not 6", "home @harbour_news 2": "want one of the people",
		"stored 7 2": "there is no photo or document 7 above this line", "stored x 2": "a whole number",
	} {
		if _, err := New(Config{World: village + line}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: want %q, got %v", line, want, err)
		}
	}
}

// TestListeners: a data centre with a listener of its own is found there, knows
// its own keys alone, and takes clients that name no data centre.
func TestListeners(t *testing.T) {
	l := newLabWithKey(t, Config{World: abroad})
	four := l.listen(func(ctx context.Context, ln net.Listener) error { return l.ServeDC(ctx, 4, ln) })
	two := l.newcomer(2)
	config := two.do("help.getConfig")
	for i, addr := range map[int]string{0: l.addr, 1: l.addr, 3: four, 4: l.addr} {
		got := fmt.Sprintf("127.0.0.1:%d", at(t, config, fmt.Sprintf(".dc_options[%d].port", i)).AsInt())
		want(t, config, fmt.Sprintf(".dc_options[%d].id", i), fmt.Sprint(i+1))
		if got != addr {
			t.Errorf("data centre %d: want %s, got %s", i+1, addr, got)
		}
	}
	there := mtproto.Config{Keys: []mtproto.PublicKey{rsaKey().Public()}, Dial: dial(four), DC: 4}
	c := l.connect(there)
	want(t, c.do("help.getConfig"), ".this_dc", "4")
	c.do(fmt.Sprintf(sendCode, "9996621003"))

	auth, err := l.SignIn("@sam") // in data centre 2
	if err != nil {
		t.Fatal(err)
	}
	there.Auth = &auth
	_, err = l.connect(there).call("help.getConfig")
	var te *mtproto.TransportError
	if !errors.As(err, &te) || te.Code != 404 {
		t.Errorf("a key of another data centre: want the transport error 404, got %v", err)
	}
	ln, err := Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.ServeDC(t.Context(), 6, ln); err == nil {
		t.Error("data centre 6 listens")
	}
}

// TestNetwork: the network knob sends newcomers elsewhere, and nobody else.
func TestNetwork(t *testing.T) {
	l := newLabWithKey(t, Config{World: abroad})
	if _, err := l.Command([]string{"network", "4"}); err != nil {
		t.Fatal(err)
	}
	two := l.newcomer(2)
	two.fails(fmt.Sprintf(sendCode, "9996621001"), "303 NETWORK_MIGRATE_4")
	want(t, two.do("help.getNearestDc"), ".nearest_dc", "4")
	l.newcomer(4).do(fmt.Sprintf(sendCode, "9996621003"))
	l.as("@sam").do("users.getUsers [inputUserSelf]")
}

// TestReject: frames are answered with −404, whatever their key, and the key is
// good all the same.
func TestReject(t *testing.T) {
	l := newLab(t, Config{})
	auth, err := l.SignIn("@sam")
	if err != nil {
		t.Fatal(err)
	}
	try := func() error {
		c := l.connect(mtproto.Config{Auth: &auth})
		defer c.conn.Close()
		c.who = l.world.byID[1001]
		_, err := c.call("users.getUsers [inputUserSelf]")
		return err
	}
	if err := try(); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Command([]string{"reject", "every", "1"}); err != nil {
		t.Fatal(err)
	}
	var te *mtproto.TransportError
	if err := try(); !errors.As(err, &te) || te.Code != 404 {
		t.Errorf("want the transport error 404, got %v", err)
	}
	if _, err := l.Command([]string{"reject", "off"}); err != nil {
		t.Fatal(err)
	}
	if err := try(); err != nil {
		t.Error(err)
	}
}
