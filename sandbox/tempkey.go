package sandbox

import (
	"crypto/aes"
	"encoding/binary"
	"encoding/hex"

	"github.com/gotd/ige"
	"github.com/gotd/td/bin"
	"github.com/gotd/td/crypto"
	"github.com/gotd/td/tgerr"

	"tlsh/tl"
)

// keysArea is auth keys: temporary ones (https://core.telegram.org/api/pfs), and
// authorizations in another data centre.
func keysArea() area {
	return area{methods: map[string]method{
		"auth.bindTempAuthKey": {handle: authBindTempAuthKey, anyone: true,
			errors: "ENCRYPTED_MESSAGE_INVALID TEMP_AUTH_KEY_ALREADY_BOUND TEMP_AUTH_KEY_EMPTY"},
		"auth.exportAuthorization": {handle: authExportAuthorization, errors: "DC_ID_INVALID"},
		"auth.importAuthorization": {handle: authImportAuthorization, anyone: true,
			errors: "AUTH_BYTES_INVALID USER_ID_INVALID"},
	}}
}

// binding is a temporary auth key's tie to a lasting one.
type binding struct {
	lasting int64 // its auth_key_id
	until   int32
}

// authBindTempAuthKey follows
// https://core.telegram.org/method/auth.bindTempAuthKey: whoever is signed in
// with the lasting key now is with the temporary one, until it expires.
func authBindTempAuthKey(c *call) (tl.Value, error) {
	lasting, until := c.req.At("perm_auth_key_id").AsLong(), c.req.At("expires_at").AsInt()
	temp := c.id.key
	b, bound := c.s.bound[temp]
	switch {
	case temp == lasting:
		return tl.Value{}, bad("TEMP_AUTH_KEY_EMPTY")
	case bound && b.lasting != lasting:
		return tl.Value{}, bad("TEMP_AUTH_KEY_ALREADY_BOUND")
	}
	inner, ok := c.bindingMessage(lasting, c.req.At("encrypted_message").AsBytes())
	want := crypto.BindAuthKeyInner{Nonce: c.req.At("nonce").AsLong(), TempAuthKeyID: temp, PermAuthKeyID: lasting,
		TempSessionID: c.id.session, ExpiresAt: int(until)}
	// Times of keys are the protocol's, not the world's.
	if !ok || inner != want || int64(until) <= c.s.clock().Unix() {
		return tl.Value{}, bad("ENCRYPTED_MESSAGE_INVALID")
	}
	for id, old := range c.s.bound { // a lasting key is bound to one temporary key
		if old.lasting == lasting && id != temp {
			delete(c.s.bound, id)
			c.s.logins[id] = &login{dc: c.session.login.dc}
		}
	}
	c.s.bound[temp] = binding{lasting, until}
	was := c.session.login
	if l := c.s.login(lasting); l != was {
		if was.person != nil { // as whom SignInAll had signed the temporary key in
			was.signOut(nil)
		}
		if l.layer == 0 {
			l.layer = was.layer
		}
		c.s.logins[temp], c.session.login = l, l
		c.session.listed = false
	}
	return tl.Bool(true), nil
}

// bindingMessage opens what only who has the lasting key can have made: an
// envelope as MTProto 1.0 had it, with the msg_id of this request.
func (c *call) bindingMessage(lasting int64, sealed []byte) (inner crypto.BindAuthKeyInner, ok bool) {
	const head, envelope, length = 24, 32, 40 // key id and msg_key; random, msg_id, seqno, length; the message itself
	key, _ := c.s.keys.find(lasting)
	if key.IsZero() || len(sealed) < head+envelope+length || (len(sealed)-head)%aes.BlockSize != 0 ||
		int64(binary.LittleEndian.Uint64(sealed)) != lasting {
		return inner, false
	}
	var msgKey bin.Int128
	copy(msgKey[:], sealed[8:])
	var secret crypto.Key
	copy(secret[:], key.Bytes())
	aesKey, iv := crypto.KeysV1(secret, msgKey)
	block, err := aes.NewCipher(aesKey[:])
	if err != nil {
		return inner, false
	}
	plain := make([]byte, len(sealed)-head)
	ige.DecryptBlocks(block, iv[:], plain, sealed[head:])
	plain = plain[:envelope+length]
	if crypto.MessageKeyV1(plain) != msgKey || int64(binary.LittleEndian.Uint64(plain[16:])) != c.id.msg ||
		binary.LittleEndian.Uint32(plain[28:]) != length {
		return inner, false
	}
	return inner, inner.Decode(&bin.Buffer{Buf: plain[envelope:]}) == nil
}

// expired ends what a temporary key was bound to when its time is over.
func (s *Sandbox) expired(key int64) bool {
	b, ok := s.bound[key]
	return ok && int64(b.until) <= s.clock().Unix()
}

// exported is an authorization on its way to another data centre.
type exported struct {
	person *person
	from   *login
	dc     int
	bytes  string
}

// authExportAuthorization follows
// https://core.telegram.org/method/auth.exportAuthorization.
func authExportAuthorization(c *call) (tl.Value, error) {
	dc := int(c.req.At("dc_id").AsInt())
	if !c.s.isDC(dc) || dc == c.session.login.dc {
		return tl.Value{}, bad("DC_ID_INVALID")
	}
	token, err := c.random(128)
	if err != nil {
		return tl.Value{}, err
	}
	const most = 1000 // of those that nobody ever imports
	if len(c.s.exported) == most {
		c.s.exported = c.s.exported[1:]
	}
	c.s.exported = append(c.s.exported, exported{c.me, c.session.login, dc, hex.EncodeToString(token)})
	return c.new("auth.exportedAuthorization").With("id", tl.Long(c.me.id)).With("bytes", tl.Bytes(token)).Value(), nil
}

// authImportAuthorization follows
// https://core.telegram.org/method/auth.importAuthorization. What was exported
// can be imported once, in the data centre for which it was; it ends with what it
// was exported from.
func authImportAuthorization(c *call) (tl.Value, error) {
	p := c.byID[c.req.At("id").AsLong()]
	if p == nil {
		return tl.Value{}, bad("USER_ID_INVALID")
	}
	token := hex.EncodeToString(c.req.At("bytes").AsBytes())
	for i, e := range c.s.exported {
		if e.person == p && e.bytes == token && e.dc == c.session.login.dc && e.from.person == p {
			c.s.exported = append(c.s.exported[:i:i], c.s.exported[i+1:]...)
			c.session.login.signIn(p)
			c.session.login.parent = e.from
			return c.new("auth.authorization").With("user", viewer{c.world, p}.user(p)).Value(), nil
		}
	}
	return tl.Value{}, bad("AUTH_BYTES_INVALID")
}

// errExpired is what a temporary key gets after its time: it is bound no more.
var errExpired = tgerr.New(401, "AUTH_KEY_PERM_EMPTY")
