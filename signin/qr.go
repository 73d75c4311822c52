package signin

import (
	"context"
	"encoding/base64"
	"time"

	"github.com/gotd/td/tgerr"

	"tlsh/tl"
)

// QR signs in with a QR code that another app of the account scans. updated is
// sent to when an updateLoginToken has come. The code is replaced when it
// expires, until ctx ends.
// Source: https://core.telegram.org/api/qr-login.
func (l *Login) QR(ctx context.Context, updated <-chan struct{}) (*Authorization, error) {
	nobody := tl.VectorOf(l.Schema.TypeOf("long"))
	for {
		o, err := l.call(ctx, "auth.exportLoginToken", "api_id", tl.Int(l.APIID), "api_hash", tl.String(l.APIHash), "except_ids", nobody)
		for moves := 0; err == nil && o.Is("auth.loginTokenMigrateTo") && moves < 3; moves++ {
			if err = l.Conn.Move(ctx, int(o.At("dc_id").AsInt())); err == nil {
				o, err = l.call(ctx, "auth.importLoginToken", "token", o.At("token"))
			}
		}
		switch {
		case tgerr.Is(err, "SESSION_PASSWORD_NEEDED"):
			return l.password(ctx)
		case tgerr.Is(err, "AUTH_TOKEN_EXPIRED"):
			continue // the next one is shown
		case err != nil:
			return nil, err
		case o.Is("auth.loginTokenSuccess"):
			return l.authorization(o.At("authorization").Object())
		case !o.Is("auth.loginToken"):
			return nil, &Error{Msg: "the server answered " + o.Def().Name + " where a login token was wanted"}
		}
		until := time.Unix(int64(o.At("expires").AsInt()), 0)
		l.Person.ShowQR("tg://login?token="+base64.RawURLEncoding.EncodeToString(o.At("token").AsBytes()), until)
		if err := wait(ctx, updated, until.Sub(l.Now())); err != nil {
			return nil, err
		}
	}
}

// qrTime bounds how long one code is shown, whatever the clocks say.
const qrTime = time.Minute

// wait waits for the update, the end of the code's time, or of ctx.
func wait(ctx context.Context, updated <-chan struct{}, left time.Duration) error {
	t := time.NewTimer(min(max(left, time.Second), qrTime))
	defer t.Stop()
	select {
	case <-updated:
		return nil
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
