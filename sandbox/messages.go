package sandbox

// sendHeeds are the options that the methods for sending have in common.
const sendHeeds = "silent background clear_draft noforwards update_stickersets_order invert_media reply_to schedule_date"

// messagesArea is messages and dialogs.
func messagesArea() area {
	return area{methods: map[string]method{
		"messages.deleteMessages": {handle: messagesDeleteMessages, heeds: "revoke",
			errors: "MESSAGE_DELETE_FORBIDDEN"},
		"messages.editMessage": {handle: messagesEditMessage, heeds: "message entities no_webpage media invert_media reply_markup",
			errors: "CHAT_WRITE_FORBIDDEN ENTITY_BOUNDS_INVALID MEDIA_CAPTION_TOO_LONG GEO_POINT_INVALID MEDIA_INVALID MEDIA_NEW_INVALID MEDIA_PREV_INVALID MESSAGE_AUTHOR_REQUIRED MESSAGE_EDIT_TIME_EXPIRED MESSAGE_EMPTY MESSAGE_ID_INVALID MESSAGE_NOT_MODIFIED MESSAGE_TOO_LONG"},
		"messages.forwardMessages": {handle: messagesForwardMessages, heeds: "silent background drop_author drop_media_captions noforwards schedule_date top_msg_id",
			errors: "CHAT_ADMIN_REQUIRED CHAT_FORWARDS_RESTRICTED MESSAGE_IDS_EMPTY MESSAGE_ID_INVALID RANDOM_ID_DUPLICATE RANDOM_ID_INVALID SCHEDULE_DATE_TOO_LATE SCHEDULE_TOO_MUCH SLOWMODE_MULTI_MSGS_DISABLED TOPIC_CLOSED TOPIC_DELETED"},
		"messages.getChats": {handle: messagesGetChats,
			errors: "CHAT_ID_INVALID"},
		"messages.getDialogs": {handle: messagesGetDialogs, heeds: "exclude_pinned folder_id",
			errors: "FOLDER_ID_INVALID OFFSET_PEER_ID_INVALID"},
		"messages.getFullChat": {handle: messagesGetFullChat,
			errors: "CHAT_ID_INVALID"},
		"messages.getHistory": {handle: messagesGetHistory},
		"messages.getMessages": {handle: messagesGetMessages,
			errors: "MESSAGE_ID_INVALID"},
		"messages.getPeerDialogs": {handle: messagesGetPeerDialogs,
			errors: "FOLDER_ID_INVALID"},
		"messages.readHistory": {handle: messagesReadHistory},
		"messages.sendMedia": {handle: messagesSendMedia, heeds: sendHeeds + " entities reply_markup",
			errors: "ENTITIES_TOO_LONG ENTITY_BOUNDS_INVALID ENTITY_MENTION_USER_INVALID MEDIA_CAPTION_TOO_LONG" + mediaErrors + sendErrors},
		"messages.sendMultiMedia": {handle: messagesSendMultiMedia, heeds: sendHeeds,
			errors: "ENTITIES_TOO_LONG ENTITY_BOUNDS_INVALID ENTITY_MENTION_USER_INVALID MEDIA_CAPTION_TOO_LONG MEDIA_EMPTY MEDIA_INVALID MULTI_MEDIA_EMPTY MULTI_MEDIA_TOO_LONG REPLY_MESSAGE_ID_INVALID TOPIC_CLOSED TOPIC_DELETED"},
		"messages.uploadMedia": {handle: messagesUploadMedia,
			errors: "GEO_POINT_INVALID MEDIA_EMPTY MEDIA_INVALID"},
		"messages.sendMessage": {handle: messagesSendMessage, heeds: sendHeeds + " no_webpage entities reply_markup",
			errors: "CHAT_ADMIN_REQUIRED CHAT_WRITE_FORBIDDEN ENTITIES_TOO_LONG ENTITY_BOUNDS_INVALID ENTITY_MENTION_USER_INVALID INPUT_USER_DEACTIVATED MESSAGE_EMPTY MESSAGE_TOO_LONG QUOTE_TEXT_INVALID RANDOM_ID_DUPLICATE REPLY_MESSAGE_ID_INVALID SCHEDULE_DATE_TOO_LATE SCHEDULE_TOO_MUCH SLOWMODE_WAIT STORY_ID_INVALID TOPIC_CLOSED TOPIC_DELETED"},
	}}
}
