// Package signin walks through Telegram's ways to sign in: with a code sent to a
// phone number, a two-step password, a QR code, a bot's token
// (https://core.telegram.org/api/auth). It asks a Person, who may be somebody at
// a terminal or the options of a script, and leaves to its Conn which data centre
// it speaks with.
package signin
