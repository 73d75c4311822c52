package client

import (
	"context"
	"fmt"

	"tlsh/tl"
)

// Site says which servers a request is for.
type Site struct {
	DC   int // the data centre's number; 0 is the account's home
	Kind Kind
}

// Kind is what the servers of a data centre are for.
// Source: https://core.telegram.org/constructor/dcOption.
type Kind int

// The kinds of servers.
const (
	Main  Kind = iota // everything
	Media             // upload.getFile and upload.saveFilePart
	CDN               // upload.getCdnFile, without an account (https://core.telegram.org/cdn)
)

// String names the site, for errors and traces.
func (s Site) String() string {
	name := "the home data centre"
	if s.DC != 0 {
		name = fmt.Sprintf("data centre %d", s.DC)
	}
	switch s.Kind {
	case Media:
		name += ", for media"
	case CDN:
		name = "CDN " + name
	}
	return name
}

// SiteError tells that a request is for servers that cannot be reached.
type SiteError struct {
	Site   Site
	Reason string
}

// Error names the servers and says why.
func (e *SiteError) Error() string { return e.Site.String() + ": " + e.Reason }

// CallAt sends a request to a certain data centre, as downloads and uploads
// need. A Client is connected to one; *SiteError where another is meant.
func (c *Client) CallAt(ctx context.Context, at Site, req *tl.Object) (tl.Value, error) {
	if at.Kind == CDN || at.DC != 0 && at.DC != c.dc {
		return tl.Value{}, &SiteError{at, fmt.Sprintf("this connection is to data centre %d alone", c.dc)}
	}
	return c.Call(ctx, req)
}
