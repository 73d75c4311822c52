package sandbox

import (
	"strings"

	"tlsh/tl"
)

// markupErrors are those of call.markup.
const markupErrors = " BUTTON_COPY_TEXT_INVALID BUTTON_DATA_INVALID BUTTON_TYPE_INVALID BUTTON_URL_INVALID BUTTON_USER_INVALID REPLY_MARKUP_INVALID REPLY_MARKUP_TOO_LONG"

// The limits of keyboards (https://core.telegram.org/api/bots/buttons). How many
// buttons there may be no page says; these are those of clients.
const (
	maxButtons    = 100
	maxRowButtons = 8
	maxButtonData = 64  // bytes
	maxCopied     = 256 // UTF-16 units
)

// The buttons that stand below a message, and those of a keyboard in place of
// the letters.
const (
	inlineButtons = "keyboardButtonUrl keyboardButtonCallback keyboardButtonSwitchInline keyboardButtonUserProfile keyboardButtonCopy inputKeyboardButtonUserProfile"
	replyButtons  = "keyboardButton keyboardButtonRequestPhone keyboardButtonRequestGeoLocation keyboardButtonRequestPoll"
	otherButtons  = "keyboardButtonGame keyboardButtonBuy keyboardButtonUrlAuth inputKeyboardButtonUrlAuth keyboardButtonWebView keyboardButtonSimpleWebView keyboardButtonRequestPeer inputKeyboardButtonRequestPeer"
)

// markup is the ReplyMarkup of a bot's message as it is stored; people's messages
// have none. to is where the message stands. Errors: those of markupErrors.
func (c *call) markup(in *tl.Object, to peer) (tl.Value, error) {
	switch {
	case in == nil:
		return tl.Value{}, nil
	case c.me.bot == nil:
		return tl.Value{}, bad("REPLY_MARKUP_INVALID")
	case !in.Is("replyInlineMarkup") && to.kind == channelPeer && c.room[to].broadcast():
		return tl.Value{}, bad("REPLY_MARKUP_INVALID") // nobody there writes
	case in.Def().Param("rows") == nil:
		return in.Value(), nil
	}
	rows := in.At("rows").Vector().Items
	if len(rows) == 0 {
		return tl.Value{}, bad("REPLY_MARKUP_INVALID")
	}
	total := 0
	out := make([]tl.Value, len(rows))
	for i, row := range rows {
		buttons := row.Object().At("buttons").Vector().Items
		total += len(buttons)
		switch {
		case len(buttons) == 0:
			return tl.Value{}, bad("REPLY_MARKUP_INVALID")
		case len(buttons) > maxRowButtons || total > maxButtons:
			return tl.Value{}, bad("REPLY_MARKUP_TOO_LONG")
		}
		kept := make([]tl.Value, len(buttons))
		for j, b := range buttons {
			o, err := c.button(b.Object(), in.Is("replyInlineMarkup"))
			if err != nil {
				return tl.Value{}, err
			}
			kept[j] = o.Value()
		}
		out[i] = c.new("keyboardButtonRow").With("buttons", c.vector("KeyboardButton", kept)).Value()
	}
	return in.Clone().With("rows", c.vector("KeyboardButtonRow", out)).Value(), nil
}

// button checks one button of a keyboard.
func (c *call) button(o *tl.Object, inline bool) (*tl.Object, error) {
	name := o.Def().Name
	switch {
	case word(otherButtons, name):
		return nil, notSimulated("reply_markup." + name)
	case inline && !word(inlineButtons, name), !inline && !word(replyButtons, name):
		return nil, bad("BUTTON_TYPE_INVALID")
	case strings.TrimSpace(o.At("text").AsString()) == "":
		return nil, bad("REPLY_MARKUP_INVALID")
	}
	switch name {
	case "keyboardButtonCallback":
		if n := len(o.At("data").AsBytes()); n == 0 || n > maxButtonData {
			return nil, bad("BUTTON_DATA_INVALID")
		}
		if o.At("requires_password").AsBool() {
			return nil, notSimulated("reply_markup.requires_password")
		}
	case "keyboardButtonUrl":
		if !isURL(o.At("url").AsString()) {
			return nil, bad("BUTTON_URL_INVALID")
		}
	case "keyboardButtonCopy":
		if n := units(o.At("copy_text").AsString()); n == 0 || n > maxCopied {
			return nil, bad("BUTTON_COPY_TEXT_INVALID")
		}
	case "inputKeyboardButtonUserProfile":
		p, err := c.userBy(o.At("user_id"))
		if err != nil {
			return nil, bad("BUTTON_USER_INVALID")
		}
		return c.new("keyboardButtonUserProfile").With("style", o.At("style")).With("text", o.At("text")).With("user_id", tl.Long(p.id)), nil
	}
	return o, nil
}

// isURL reports an address of the web, or of Telegram's own links.
func isURL(s string) bool {
	scheme, rest, ok := strings.Cut(s, "://")
	return ok && (scheme == "https" || scheme == "http" || scheme == "tg") && rest != "" && !strings.ContainsAny(rest, " \t\n")
}
