package account

import (
	"context"
	"sync"
	"time"

	"github.com/gotd/td/tgerr"

	"tlsh/client"
	"tlsh/mtproto"
	"tlsh/tl"
)

// site is a connection to other servers than the home's.
type site struct {
	at client.Site

	open   sync.Mutex     // held while it is connected, or the authorization brought
	client *client.Client // nil: not connected; guarded by Conn.mu
	users  int            // calls on their way; guarded by Conn.mu
	idle   time.Time      // since when there are none
	signed *client.Client // the connection to which the authorization was brought
}

// CallAt sends a request to certain servers. They are connected to when that
// was not done yet, and the account's authorization is brought along where they
// do not know it. A file that turns out to be elsewhere is followed.
func (c *Conn) CallAt(ctx context.Context, at client.Site, req *tl.Object) (tl.Value, error) {
	v, err := c.callAt(ctx, at, req)
	m, moved := client.MigrationOf(err)
	switch {
	case !moved:
		return v, err
	case m.Home() && m.DC == c.Home():
		return c.Call(ctx, req)
	}
	return c.follow(ctx, m, req)
}

func (c *Conn) callAt(ctx context.Context, at client.Site, req *tl.Object) (tl.Value, error) {
	if home := c.Home(); at.DC == 0 || at.DC == home {
		if at.DC = home; at.Kind == client.Main {
			return c.current().Call(ctx, req)
		}
	}
	s := c.site(at)
	cl, err := c.enter(ctx, s)
	if err != nil {
		return tl.Value{}, err
	}
	defer c.leave(s)
	v, err := cl.Call(ctx, req)
	if at.Kind == client.CDN || !tgerr.Is(err, "AUTH_KEY_UNREGISTERED") {
		return v, err
	}
	if err := c.authorize(ctx, s, cl); err != nil {
		return tl.Value{}, err
	}
	return cl.Call(ctx, req)
}

// site finds or makes the entry of a site.
func (c *Conn) site(at client.Site) *site {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.sites[at]
	if s == nil {
		s = &site{at: at}
		c.sites[at] = s
	}
	return s
}

// enter gives the site's connection, and counts who uses it until leave.
func (c *Conn) enter(ctx context.Context, s *site) (*client.Client, error) {
	s.open.Lock()
	defer s.open.Unlock()
	c.mu.Lock()
	cl := s.client
	if cl != nil {
		select {
		case <-cl.Done():
			s.client = nil
		default:
			s.users++
			c.mu.Unlock()
			return cl, nil
		}
	}
	c.mu.Unlock()
	if cl != nil {
		_ = cl.Close()
	}
	keys, err := c.keysOf(ctx, s.at)
	if err != nil {
		return nil, err
	}
	if cl, err = c.open(ctx, s.at, keys, false); err != nil {
		return nil, err
	}
	c.mu.Lock()
	if c.ctx.Err() != nil {
		c.mu.Unlock()
		_ = cl.Close()
		return nil, &mtproto.LostError{Cause: mtproto.ErrClosed}
	}
	s.client = cl
	s.users++
	c.mu.Unlock()
	return cl, nil
}

func (c *Conn) leave(s *site) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s.users--
	s.idle = c.cfg.Now()
}

// keysOf are the RSA keys of a site's servers; its addresses are asked for where
// none is known.
func (c *Conn) keysOf(ctx context.Context, at client.Site) ([]mtproto.PublicKey, error) {
	c.mu.Lock()
	known := places(append(c.addresses[:len(c.addresses):len(c.addresses)], c.cfg.Environment.Addresses...), at)
	c.mu.Unlock()
	if len(known) == 0 {
		if err := c.refresh(ctx); err != nil {
			return nil, err
		}
	}
	if at.Kind == client.CDN {
		return c.keysOfCDN(ctx, at)
	}
	return c.cfg.Environment.Keys, nil
}

// authorize brings the account's authorization from its home to a site, once
// for a connection.
// Source: https://core.telegram.org/api/datacenter#authorization-transfer.
func (c *Conn) authorize(ctx context.Context, s *site, cl *client.Client) error {
	s.open.Lock()
	defer s.open.Unlock()
	if s.signed == cl {
		return nil
	}
	if err := c.transfer(ctx, c.current(), cl, s.at.DC); err != nil {
		return err
	}
	s.signed = cl
	return nil
}

// transfer exports the authorization that one connection has and imports it at
// the other, which is to the data centre dc.
func (c *Conn) transfer(ctx context.Context, from, to *client.Client, dc int) error {
	export, take := c.schema.Method("auth.exportAuthorization"), c.schema.Method("auth.importAuthorization")
	if export == nil || take == nil {
		return &client.SiteError{Site: client.Site{DC: dc}, Reason: "this layer has no auth.exportAuthorization to be known there"}
	}
	v, err := from.Call(ctx, tl.New(export).With("dc_id", tl.Int(int32(dc))))
	if err != nil {
		return err
	}
	o := v.Object()
	_, err = to.Call(ctx, tl.New(take).With("id", o.At("id")).With("bytes", o.At("bytes")))
	return err
}

// tend closes connections that nobody uses.
func (c *Conn) tend() {
	tick := time.NewTicker(max(c.cfg.Idle/4, time.Millisecond))
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-c.ctx.Done():
			return
		}
		var idle []*client.Client
		c.mu.Lock()
		for _, s := range c.sites {
			if s.client != nil && s.users == 0 && c.cfg.Now().Sub(s.idle) >= c.cfg.Idle {
				idle, s.client = append(idle, s.client), nil
			}
		}
		c.mu.Unlock()
		for _, cl := range idle {
			_ = cl.Close()
		}
	}
}
