package account

import (
	"context"

	"tlsh/client"
)

// Move makes another data centre the account's home, as the server asks for
// while an account signs in (auth.loginTokenMigrateTo; PHONE_MIGRATE and
// NETWORK_MIGRATE are followed by Call itself). What was on its way to the one
// before gets its answers.
func (c *Conn) Move(ctx context.Context, dc int) error { return c.move(ctx, dc, false) }

// move moves the home. signed says that the account is signed in, and that its
// authorization is to be taken along (USER_MIGRATE).
func (c *Conn) move(ctx context.Context, dc int, signed bool) error {
	c.moving.Lock()
	defer c.moving.Unlock()
	from := c.current()
	if c.Home() == dc {
		return nil // another call was first
	}
	at := client.Site{DC: dc}
	keys, err := c.keysOf(ctx, at)
	if err != nil {
		return err
	}
	to, err := c.open(ctx, at, keys, true)
	if err != nil {
		return err
	}
	if signed {
		err = c.transfer(ctx, from, to, dc)
	}
	if err == nil {
		err = c.cfg.Keyring.SetHome(dc)
	}
	if err != nil {
		_ = to.Close()
		return err
	}
	c.mu.Lock()
	c.main, c.home = to, dc
	c.retired = append(c.retired, from)
	err = c.ctx.Err()
	if err == nil {
		c.watch(to)
	}
	c.mu.Unlock()
	if err != nil {
		_ = to.Close()
	}
	return err
}
