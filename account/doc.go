// Package account is one account over several data centres
// (https://core.telegram.org/api/datacenter). To whoever calls it is one
// connection: it follows what the servers say about where a request belongs,
// takes the authorization along, opens connections to other data centres when
// they are needed, and closes them when they are idle.
package account
