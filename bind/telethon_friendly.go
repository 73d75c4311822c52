package bind

import (
	"strconv"
	"strings"

	"tlsh/syntax"
	"tlsh/tl"
)

// friendlyLines are the friendly methods of TelegramClient: their parameters in Telethon's order, and
// the line of the shell that does the same. {x} is the argument x, {@x} the same
// as a reference to somebody, {^x} as a file of this machine; what was not given is left to be filled in as ….
var friendlyLines = map[string]struct{ params, line string }{
	"send_message":           {"entity message", `messages.sendMessage {@entity} {message}`},
	"send_file":              {"entity file caption", `messages.sendMedia {@entity} {^file|file:PATH} {caption|""}`},
	"forward_messages":       {"entity messages from_peer", `messages.forwardMessages {@from_peer} id={messages} to_peer={@entity}`},
	"edit_message":           {"entity message text", `messages.editMessage {@entity} {message} message={text}`},
	"delete_messages":        {"entity message_ids", `messages.deleteMessages id={message_ids} revoke=true`},
	"get_messages":           {"entity limit", `messages.getHistory {@entity} limit={limit|1}`},
	"iter_messages":          {"entity limit", `pages all messages.getHistory {@entity} limit={limit|100}`},
	"get_dialogs":            {"limit", `messages.getDialogs limit={limit|100}`},
	"iter_dialogs":           {"limit", `pages all messages.getDialogs limit={limit|100}`},
	"get_drafts":             {"", `messages.getAllDrafts`},
	"iter_drafts":            {"", `messages.getAllDrafts`},
	"get_participants":       {"entity limit", `channels.getParticipants {@entity} channelParticipantsRecent limit={limit|200}`},
	"iter_participants":      {"entity limit", `pages all channels.getParticipants {@entity} channelParticipantsRecent limit={limit|200}`},
	"get_admin_log":          {"entity limit", `channels.getAdminLog {@entity} q="" limit={limit|100}`},
	"iter_admin_log":         {"entity limit", `channels.getAdminLog {@entity} q="" limit={limit|100}`},
	"get_profile_photos":     {"entity limit", `photos.getUserPhotos {@entity} limit={limit|100}`},
	"iter_profile_photos":    {"entity limit", `pages all photos.getUserPhotos {@entity} limit={limit|100}`},
	"get_permissions":        {"entity user", `channels.getParticipant {@entity} {@user|me}`},
	"get_stats":              {"entity", `stats.getBroadcastStats {@entity}`},
	"get_entity":             {"entity", `peer {@entity}`},
	"get_input_entity":       {"peer", `peer {@peer} as InputPeer`},
	"get_peer_id":            {"peer", `peer {@peer}`},
	"get_me":                 {"", `users.getUsers [me]`},
	"is_bot":                 {"", `whoami`},
	"is_user_authorized":     {"", `whoami`},
	"sign_in":                {"phone code", `login`},
	"sign_up":                {"", `login`},
	"send_code_request":      {"phone", `login`},
	"qr_login":               {"", `login`},
	"log_out":                {"", `logout`},
	"edit_2fa":               {"", `account.updatePasswordSettings password=… new_settings=…`},
	"download_media":         {"message file", `download {message} to {file|PATH}`},
	"download_file":          {"input_location file", `download {input_location} to {file|PATH}`},
	"download_profile_photo": {"entity file", `download {@entity} to {file|PATH}`},
	"iter_download":          {"file", `download {file} to PATH`},
	"upload_file":            {"file", `upload {file}`},
	"send_read_acknowledge":  {"entity", `messages.readHistory {@entity} max_id=0`},
	"pin_message":            {"entity message", `messages.updatePinnedMessage {@entity} id={message}`},
	"unpin_message":          {"entity message", `messages.updatePinnedMessage {@entity} id={message} unpin=true`},
	"edit_admin":             {"entity user", `channels.editAdmin {@entity} {@user} chatAdminRights() rank=""`},
	"edit_permissions":       {"entity user until_date", `channels.editBanned {@entity} {@user} chatBannedRights(until_date={until_date|0} …)`},
	"kick_participant":       {"entity user", `channels.editBanned {@entity} {@user} chatBannedRights(view_messages=true until_date=0)`},
	"edit_folder":            {"entity folder", `folders.editPeerFolders [inputFolderPeer({@entity} {folder|1})]`},
	"delete_dialog":          {"entity", `messages.deleteHistory {@entity} max_id=0`},
	"action":                 {"entity action", `messages.setTyping {@entity} sendMessageTypingAction`},
	"inline_query":           {"bot query", `messages.getInlineBotResults {@bot} peer=me query={query}`},
	"catch_up":               {"", `updates.getState`},
	"end_takeout":            {"success", `account.finishTakeoutSession`},
	"takeout":                {"", `account.initTakeoutSession`},
	"add_event_handler":      {"", `updates on`},
	"on":                     {"", `updates on`},
	"conversation":           {"entity", `wait '._ == "updateNewMessage"'`},
	"invoke":                 {"request", `client(…) with the request itself`},
	"build_reply_markup":     {"", `replyInlineMarkup(rows=[…])`},
	"set_receive_updates":    {"", `updates on`},
	"get_sticker_set":        {"", `messages.getStickerSet`},
	"list_event_handlers":    {"", `updates on`},
	"remove_event_handler":   {"", `updates off`},
}

// objectLines are the methods of what Telethon's results, events and conversations
// are, as friendlyLines has those of the client; {} is the object itself.
var objectLines = map[string]struct{ params, line string }{
	"respond":           {"message", `messages.sendMessage {} {message}`},
	"reply":             {"message", `messages.sendMessage {} {message} reply_to={}`},
	"send_message":      {"message", `messages.sendMessage {} {message}`},
	"send_file":         {"file caption", `messages.sendMedia {} {^file|file:PATH} {caption|""}`},
	"forward_to":        {"entity", `messages.forwardMessages {} id=[{}] to_peer={@entity}`},
	"edit":              {"text", `messages.editMessage {} id={} message={text}`},
	"delete":            {"", `messages.deleteMessages id=[{}] revoke=true`},
	"pin":               {"", `messages.updatePinnedMessage {} id={}`},
	"unpin":             {"", `messages.updatePinnedMessage {} id={} unpin=true`},
	"mark_read":         {"", `messages.readHistory {} max_id={}`},
	"click":             {"", `messages.getBotCallbackAnswer {} msg_id={} data=…`},
	"download_media":    {"file", `download {} to {file|PATH}`},
	"get_sender":        {"", `peer {}.from_id`},
	"get_input_sender":  {"", `peer {}.from_id as InputPeer`},
	"get_chat":          {"", `peer {}`},
	"get_input_chat":    {"", `peer {} as InputPeer`},
	"get_reply_message": {"", `messages.getMessages id=[inputMessageReplyTo({})]`},
	"get_response":      {"", `wait '.message'`},
	"get_reply":         {"", `wait '.message'`},
	"get_edit":          {"", `wait '._ == "updateEditMessage"'`},
	"wait_event":        {"", `wait FILTER`},
}

// ofObject refuses a method of a result's object that is no request, with the line
// to type instead; ok is false for what is none.
func (c *checker) ofObject(n *syntax.Call) (ok bool) {
	owner, method := cutOwner(n.Name.Text)
	if owner == "" || !lower(method) {
		return false
	}
	if method == "sleep" && (owner == "asyncio" || owner == "time") {
		c.errorf(n.Name, "%s is Python's, and is not run", show(n.Name.Text)).Fix = "write " + c.friendlyLine(`sleep {seconds}s`, argsOf(n, "seconds"))
		return true
	}
	f, ok := objectLines[method]
	if ok {
		c.refuseFriendly(n, "$"+owner, f.params, f.line)
	}
	return ok
}

// friendly refuses a method of the client that is no request, with the line to
// type instead.
func (c *checker) friendly(n *syntax.Call, method string) {
	c.looseArgs(n)
	f, ok := friendlyLines[method]
	if !ok {
		names := make([]string, 0, len(friendlyLines))
		for k := range friendlyLines {
			names = append(names, k)
		}
		c.errorf(n.Name, "%s is none of Telethon's methods that are known here", show(n.Name.Text)).Fix = didYouMean(method, names)
		return
	}
	c.refuseFriendly(n, "", f.params, f.line)
}

// refuseFriendly refuses a friendly method with the line that does the same. of
// is the object that it is a method of, "" for the client.
func (c *checker) refuseFriendly(n *syntax.Call, of, parameters, line string) {
	e := c.errorf(n.Name, "%s is a friendly method of Telethon's, and here requests are typed", show(n.Name.Text))
	e.Partial = !n.Closed
	e.Fix = "write " + c.friendlyLine(strings.ReplaceAll(line, "{}", of), argsOf(n, parameters))
}

// argsOf are the arguments of a call by the names of its parameters.
func argsOf(n *syntax.Call, parameters string) map[string]syntax.Node {
	args := map[string]syntax.Node{}
	params := strings.Fields(parameters)
	for i, a := range n.Args {
		switch {
		case a.Name != nil:
			args[a.Name.Text] = a.Value
		case i < len(params):
			args[params[i]] = a.Value
		}
	}
	return args
}

// friendlyLine fills the arguments into the line.
func (c *checker) friendlyLine(line string, args map[string]syntax.Node) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(line, "{")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		hole, after, _ := strings.Cut(rest, "}")
		line = after
		name, otherwise, _ := strings.Cut(hole, "|")
		text := ""
		a := args[strings.TrimLeft(name, "@^")]
		if a != nil {
			text = c.shellForm(a, strings.HasPrefix(name, "@"))
			if _, path := a.(*syntax.String); path && strings.HasPrefix(name, "^") {
				text = "file:" + text
			}
		}
		switch {
		case text != "":
			b.WriteString(text)
		case otherwise != "" && (a == nil || isNone(a)):
			b.WriteString(otherwise)
		default:
			b.WriteString("…")
		}
	}
}

// shellForm writes an argument of Python's in the shell's language, "" where it
// has no simple form there.
func (c *checker) shellForm(n syntax.Node, peer bool) string {
	switch n := n.(type) {
	case *syntax.String:
		if !peer {
			return syntax.Quote(n.Value)
		}
		ref := pythonRef(n.Value)
		if strings.ContainsAny(ref, " ,;|()[]<>\"'#") {
			return syntax.Quote(ref)
		}
		return ref
	case *syntax.Word:
		switch n.Text {
		case "True":
			return "true"
		case "False":
			return "false"
		case "None":
			return ""
		}
		return n.Text
	case *syntax.Var:
		return syntax.Print(n)
	case *syntax.List:
		parts := make([]string, len(n.Elems))
		for i, e := range n.Elems {
			if parts[i] = c.shellForm(e, peer); parts[i] == "" {
				return ""
			}
		}
		return "[" + strings.Join(parts, " ") + "]"
	case *syntax.Binary:
		probe := &checker{schema: c.schema, env: c.env, src: c.src, info: newInfo(nil), python: true}
		if v, ok := probe.evaluate(n); ok && len(probe.info.Diags) == 0 {
			if w := v.value(); w.Kind() == tl.KindInt || w.Kind() == tl.KindLong {
				return strconv.FormatInt(w.AsLong(), 10)
			}
		}
	}
	return ""
}

// isNone reports Python's None.
func isNone(n syntax.Node) bool {
	w, ok := n.(*syntax.Word)
	return ok && w.Text == "None"
}
