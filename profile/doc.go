// Package profile is what is kept of an account from one run to the next, and
// where: whom it met, its auth keys, whose it is. Sandbox, servers, Telegram and
// its test servers have folders of their own, so that they never mix.
package profile
