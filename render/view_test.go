package render

import (
	"strconv"
	"tlsh/schema"
	"tlsh/tl"
)

// conversation is a page of a chat's history as messages.getHistory gives it,
// with n messages of the kinds that people see most.
func conversation(n int) tl.Value {
	s := schema.Current()
	peer := func(id int64) tl.Value {
		return tl.New(s.Constructor("peerUser")).With("user_id", tl.Long(id)).Value()
	}
	texts := []string{
		"hi",
		"Shall we meet at the station? The train from Leipzig comes at 18:42, and it is usually late by ten minutes or so; I will wait at the flower shop.",
		"первая строка\nвторая строка 👩‍👩‍👧 и ещё",
		"safe\x1b[31m red \u202eevil\u202c \x9b?25l ok\\ \"quoted\"",
	}
	var messages []tl.Value
	for i := range n {
		id := int32(1000 - i)
		m := tl.New(s.Constructor("message")).
			With("id", tl.Int(id)).
			With("peer_id", peer(777)).
			With("date", tl.Int(1767366245-int32(i)*60)).
			With("message", tl.String(texts[i%len(texts)]))
		switch i % 4 {
		case 0:
			m.With("out", tl.Bool(true))
		case 1:
			m.With("from_id", peer(777)).With("entities", tl.VectorOf(s.TypeOf("MessageEntity"),
				tl.New(s.Constructor("messageEntityBold")).With("offset", tl.Int(0)).With("length", tl.Int(5)).Value(),
				tl.New(s.Constructor("messageEntityTextUrl")).With("offset", tl.Int(29)).With("length", tl.Int(4)).With("url", tl.String("https://example.org/a/long/path?with=a&query=1")).Value()))
		case 2:
			m.With("mentioned", tl.Bool(true)).With("silent", tl.Bool(true)).With("edit_date", tl.Int(1767366300)).
				With("reply_to", tl.New(s.Constructor("messageReplyHeader")).With("reply_to_msg_id", tl.Int(id-1)).Value())
		case 3:
			m.With("media", photo(s))
		}
		messages = append(messages, m.Value())
	}
	user := func(id int64, first, username string) tl.Value {
		return tl.New(s.Constructor("user")).With("id", tl.Long(id)).With("access_hash", tl.Long(-8812345678901234567+id)).
			With("first_name", tl.String(first)).With("username", tl.String(username)).
			With("status", tl.New(s.Constructor("userStatusOffline")).With("was_online", tl.Int(1767366000)).Value()).Value()
	}
	return tl.New(s.Constructor("messages.messagesSlice")).
		With("count", tl.Int(int32(n)*7)).
		With("messages", tl.VectorOf(s.TypeOf("Message"), messages...)).
		With("topics", tl.VectorOf(s.TypeOf("ForumTopic"))).
		With("chats", tl.VectorOf(s.TypeOf("Chat"))).
		With("users", tl.VectorOf(s.TypeOf("User"), user(777, "Alice", "alice"), user(778, "Bob", "bob"))).Value()
}

func photo(s *schema.Schema) tl.Value {
	reference := make([]byte, 40)
	for i := range reference {
		reference[i] = byte(i * 7)
	}
	size := func(kind string, w, h, n int32) tl.Value {
		return tl.New(s.Constructor("photoSize")).With("type", tl.String(kind)).
			With("w", tl.Int(w)).With("h", tl.Int(h)).With("size", tl.Int(n)).Value()
	}
	return tl.New(s.Constructor("messageMediaPhoto")).With("photo",
		tl.New(s.Constructor("photo")).With("id", tl.Long(5210956497254312345)).With("access_hash", tl.Long(-1)).
			With("file_reference", tl.Bytes(reference)).With("date", tl.Int(1767360000)).
			With("sizes", tl.VectorOf(s.TypeOf("PhotoSize"), size("m", 320, 240, 20123), size("x", 800, 600, 90001),
				tl.New(s.Constructor("photoSizeProgressive")).With("type", tl.String("y")).With("w", tl.Int(1280)).With("h", tl.Int(960)).
					With("sizes", tl.VectorOf(s.TypeOf("int"), tl.Int(12000), tl.Int(40000), tl.Int(81234))).Value())).
			With("dc_id", tl.Int(2)).Value()).Value()
}

// names knows the people of the conversation.
func names(kind string, id int64) string {
	if kind == "user" && id == 777 {
		return "Alice 🌸 Liddell"
	}
	if kind == "user" {
		return kind + " " + strconv.FormatInt(id, 10)
	}
	return ""
}
