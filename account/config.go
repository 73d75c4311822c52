package account

import (
	"context"
	"time"

	"tlsh/client"
	"tlsh/mtproto"
	"tlsh/tl"
)

// freshen asks for the servers' addresses when those at hand are no longer
// good, beside what the caller does, and once in a run.
func (c *Conn) freshen() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.refreshed || !c.cfg.Environment.Refresh || !c.cfg.Now().After(c.until) || c.ctx.Err() != nil {
		return
	}
	c.refreshed = true
	c.tasks.Go(func() { _ = c.refresh(c.ctx) }) // what is known still serves
}

// configTime is the least time for which addresses are taken to be good.
const configTime = time.Hour

// refresh asks the home where the servers are.
// Source: https://core.telegram.org/method/help.getConfig.
func (c *Conn) refresh(ctx context.Context) error {
	def := c.schema.Method("help.getConfig")
	if def == nil {
		return &client.SiteError{Reason: "this layer has no help.getConfig to ask for addresses"}
	}
	v, err := c.current().Call(ctx, tl.New(def))
	if err != nil {
		return err
	}
	o := v.Object()
	list := readAddresses(o)
	now := c.cfg.Now()
	until := time.Unix(int64(o.At("expires").AsInt()), 0)
	if least := now.Add(configTime); until.Before(least) {
		until = least
	}
	c.mu.Lock()
	c.addresses, c.until, c.refreshed = list, until, true
	c.mu.Unlock()
	return c.cfg.Keyring.SetAddresses(list, until)
}

// readAddresses takes the addresses out of a config. Those that want a secret
// of their own are left out: they are behind proxies.
func readAddresses(config *tl.Object) []Address {
	var list []Address
	vec := config.At("dc_options").Vector()
	if vec == nil {
		return nil
	}
	for _, v := range vec.Items {
		o := v.Object()
		if o == nil || !o.At("secret").IsNone() {
			continue
		}
		list = append(list, Address{
			DC: int(o.At("id").AsInt()), Host: o.At("ip_address").AsString(), Port: int(o.At("port").AsInt()),
			OnePort: o.At("this_port_only").AsBool(), Media: o.At("media_only").AsBool(), CDN: o.At("cdn").AsBool(), Static: o.At("static").AsBool(),
		})
	}
	return list
}

// keysOfCDN are the RSA keys of a CDN's servers, which are not those of the
// account's.
// Source: https://core.telegram.org/method/help.getCdnConfig.
func (c *Conn) keysOfCDN(ctx context.Context, at client.Site) ([]mtproto.PublicKey, error) {
	c.mu.Lock()
	keys := c.cdnKeys[at.DC]
	c.mu.Unlock()
	if len(keys) > 0 {
		return keys, nil
	}
	def := c.schema.Method("help.getCdnConfig")
	if def == nil {
		return nil, &client.SiteError{Site: at, Reason: "this layer has no help.getCdnConfig to ask for its keys"}
	}
	v, err := c.current().Call(ctx, tl.New(def))
	if err != nil {
		return nil, err
	}
	all := map[int][]mtproto.PublicKey{}
	if list := v.Object().At("public_keys").Vector(); list != nil {
		for _, k := range list.Items {
			o := k.Object()
			parsed, err := mtproto.ParsePublicKeys([]byte(o.At("public_key").AsString()))
			if err != nil {
				return nil, err
			}
			dc := int(o.At("dc_id").AsInt())
			all[dc] = append(all[dc], parsed...)
		}
	}
	if len(all[at.DC]) == 0 {
		return nil, &client.SiteError{Site: at, Reason: "help.getCdnConfig names no key of it"}
	}
	c.mu.Lock()
	c.cdnKeys = all
	c.mu.Unlock()
	return all[at.DC], nil
}
