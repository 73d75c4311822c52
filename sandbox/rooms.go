package sandbox

import "tlsh/tl"

// roomsArea is groups and channels.
func roomsArea() area {
	return area{methods: map[string]method{
		"channels.checkUsername": {handle: channelsCheckUsername,
			errors: "CHANNELS_ADMIN_PUBLIC_TOO_MUCH USERNAME_INVALID USERNAME_OCCUPIED USERNAME_PURCHASE_AVAILABLE"},
		"channels.createChannel": {handle: channelsCreateChannel, heeds: "broadcast megagroup forum",
			errors: "CHANNELS_TOO_MUCH CHAT_ABOUT_TOO_LONG CHAT_TITLE_EMPTY"},
		"channels.deactivateAllUsernames": {handle: channelsDeactivateAllUsernames,
			errors: "CHAT_ADMIN_REQUIRED"},
		"channels.deleteChannel": {handle: channelsDeleteChannel,
			errors: "CHAT_ADMIN_REQUIRED"},
		"channels.deleteHistory": {handle: channelsDeleteHistory, heeds: "for_everyone",
			errors: "CHANNEL_PARICIPANT_MISSING CHAT_ADMIN_REQUIRED"},
		"channels.deleteParticipantHistory": {handle: channelsDeleteParticipantHistory,
			errors: "CHAT_ADMIN_REQUIRED PARTICIPANT_ID_INVALID"},
		"channels.deleteMessages": {handle: channelsDeleteMessages,
			errors: "MESSAGE_DELETE_FORBIDDEN"},
		"channels.editAdmin": {handle: channelsEditAdmin, heeds: "rank",
			errors: "ADMINS_TOO_MUCH ADMIN_RANK_EMOJI_NOT_ALLOWED ADMIN_RANK_INVALID CHAT_ADMIN_INVITE_REQUIRED CHAT_ADMIN_REQUIRED INPUT_USER_DEACTIVATED RIGHT_FORBIDDEN USER_CHANNELS_TOO_MUCH USER_CREATOR USER_KICKED"},
		"channels.editBanned": {handle: channelsEditBanned,
			errors: "BANNED_RIGHTS_INVALID CHAT_ADMIN_REQUIRED PARTICIPANT_ID_INVALID USER_ADMIN_INVALID"},
		"channels.editPhoto": {handle: channelsEditPhoto,
			errors: "CHAT_ADMIN_REQUIRED CHAT_NOT_MODIFIED PHOTO_INVALID"},
		"channels.editTitle": {handle: channelsEditTitle,
			errors: "CHAT_ADMIN_REQUIRED CHAT_NOT_MODIFIED CHAT_TITLE_EMPTY"},
		"channels.exportMessageLink": {handle: channelsExportMessageLink, heeds: "grouped thread",
			errors: "MESSAGE_ID_INVALID"},
		"channels.getAdminLog": {handle: channelsGetAdminLog, heeds: "events_filter admins",
			errors: "CHAT_ADMIN_REQUIRED"},
		"channels.getAdminedPublicChannels": {handle: channelsGetAdminedPublicChannels, heeds: "check_limit",
			errors: "CHANNELS_ADMIN_PUBLIC_TOO_MUCH"},
		"channels.getChannelRecommendations": {handle: channelsGetChannelRecommendations, heeds: "channel"},
		"channels.getChannels":               {handle: channelsGetChannels},
		"channels.getFullChannel":            {handle: channelsGetFullChannel},
		"channels.getGroupsForDiscussion":    {handle: channelsGetGroupsForDiscussion},
		"channels.getMessageAuthor": {handle: channelsGetMessageAuthor,
			errors: "CHAT_ADMIN_REQUIRED MESSAGE_ID_INVALID"},
		"channels.getMessages": {handle: channelsGetMessages,
			errors: "MESSAGE_IDS_EMPTY MESSAGE_ID_INVALID"},
		"channels.getParticipant": {handle: channelsGetParticipant,
			errors: "CHAT_ADMIN_REQUIRED PARTICIPANT_ID_INVALID USER_NOT_PARTICIPANT"},
		"channels.getParticipants": {handle: channelsGetParticipants,
			errors: "CHAT_ADMIN_REQUIRED"},
		"channels.inviteToChannel": {handle: channelsInviteToChannel,
			errors: "CHAT_ADMIN_REQUIRED CHAT_WRITE_FORBIDDEN INPUT_USER_DEACTIVATED USER_BLOCKED USER_BOT USER_KICKED"},
		"channels.joinChannel": {handle: channelsJoinChannel,
			errors: "CHANNELS_TOO_MUCH INVITE_REQUEST_SENT USER_ALREADY_PARTICIPANT"},
		"channels.leaveChannel": {handle: channelsLeaveChannel,
			errors: "USER_CREATOR USER_NOT_PARTICIPANT"},
		"channels.readHistory": {handle: channelsReadHistory},
		"channels.reorderUsernames": {handle: channelsReorderUsernames,
			errors: "CHAT_ADMIN_REQUIRED ORDER_INVALID"},
		"channels.reportSpam": {handle: channelsReportSpam,
			errors: "CHAT_ADMIN_REQUIRED"},
		"channels.setDiscussionGroup": {handle: channelsSetDiscussionGroup,
			errors: "BROADCAST_ID_INVALID CHAT_ADMIN_REQUIRED LINK_NOT_MODIFIED MEGAGROUP_ID_INVALID MEGAGROUP_PREHISTORY_HIDDEN"},
		"channels.toggleAntiSpam": {handle: channelsToggleAntiSpam,
			errors: "CHAT_ADMIN_REQUIRED CHAT_ID_INVALID CHAT_NOT_MODIFIED"},
		"channels.toggleJoinRequest": {handle: channelsToggleJoinRequest, heeds: "apply_to_invites",
			errors: "CHAT_ADMIN_REQUIRED CHAT_ID_INVALID CHAT_NOT_MODIFIED CHAT_PUBLIC_REQUIRED"},
		"channels.toggleJoinToSend": {handle: channelsToggleJoinToSend,
			errors: "CHAT_ADMIN_REQUIRED CHAT_ID_INVALID CHAT_NOT_MODIFIED"},
		"channels.toggleParticipantsHidden": {handle: channelsToggleParticipantsHidden,
			errors: "CHAT_ADMIN_REQUIRED CHAT_ID_INVALID CHAT_NOT_MODIFIED PARTICIPANTS_TOO_FEW"},
		"channels.togglePreHistoryHidden": {handle: channelsTogglePreHistoryHidden,
			errors: "CHAT_ADMIN_REQUIRED CHAT_ID_INVALID CHAT_LINK_EXISTS CHAT_NOT_MODIFIED FORUM_ENABLED"},
		"channels.toggleSignatures": {handle: channelsToggleSignatures, heeds: "signatures_enabled profiles_enabled",
			errors: "CHAT_ADMIN_REQUIRED CHAT_ID_INVALID CHAT_NOT_MODIFIED"},
		"channels.toggleSlowMode": {handle: channelsToggleSlowMode,
			errors: "CHAT_ADMIN_REQUIRED CHAT_ID_INVALID CHAT_NOT_MODIFIED SECONDS_INVALID"},
		"channels.toggleUsername": {handle: channelsToggleUsername,
			errors: "CHAT_ADMIN_REQUIRED USERNAMES_ACTIVE_TOO_MUCH USERNAME_INVALID USERNAME_NOT_MODIFIED"},
		"channels.updateUsername": {handle: channelsUpdateUsername,
			errors: "CHANNELS_ADMIN_PUBLIC_TOO_MUCH CHAT_ADMIN_REQUIRED USERNAME_INVALID USERNAME_NOT_MODIFIED USERNAME_OCCUPIED USERNAME_PURCHASE_AVAILABLE"},
	}, words: roomWords(), save: (*saver).roomState}
}

// topicsArea is the topics of forums.
func topicsArea() area {
	return area{methods: map[string]method{
		"channels.toggleForum": {handle: channelsToggleForum,
			errors: "CHAT_ADMIN_REQUIRED CHAT_DISCUSSION_UNALLOWED CHAT_ID_INVALID CHAT_NOT_MODIFIED"},
		"messages.createForumTopic": {handle: messagesCreateForumTopic, heeds: "icon_color",
			errors: "CHANNEL_FORUM_MISSING CHAT_ADMIN_REQUIRED RANDOM_ID_DUPLICATE TOPIC_TITLE_EMPTY"},
		"messages.deleteTopicHistory": {handle: messagesDeleteTopicHistory,
			errors: "CHANNEL_FORUM_MISSING CHAT_ADMIN_REQUIRED TOPIC_ID_INVALID"},
		"messages.editForumTopic": {handle: messagesEditForumTopic, heeds: "title closed hidden",
			errors: "CHANNEL_FORUM_MISSING CHAT_ADMIN_REQUIRED TOPIC_ID_INVALID TOPIC_NOT_MODIFIED TOPIC_TITLE_EMPTY"},
		"messages.getForumTopics": {handle: messagesGetForumTopics, heeds: "q",
			errors: "CHANNEL_FORUM_MISSING"},
		"messages.getForumTopicsByID": {handle: messagesGetForumTopicsByID,
			errors: "CHANNEL_FORUM_MISSING"},
		"messages.reorderPinnedForumTopics": {handle: messagesReorderPinnedForumTopics, heeds: "force",
			errors: "CHANNEL_FORUM_MISSING CHAT_ADMIN_REQUIRED TOPIC_ID_INVALID"},
		"messages.updatePinnedForumTopic": {handle: messagesUpdatePinnedForumTopic,
			errors: "CHANNEL_FORUM_MISSING CHAT_ADMIN_REQUIRED PINNED_TOO_MUCH PINNED_TOPIC_NOT_MODIFIED TOPIC_ID_INVALID"},
	}, words: topicWords(), save: (*saver).topicState}
}

// groupsArea is basic groups, and what they have in common with channels.
func groupsArea() area {
	return area{methods: map[string]method{
		"messages.addChatUser": {handle: messagesAddChatUser,
			errors: "CHAT_ADMIN_REQUIRED CHAT_ID_INVALID INPUT_USER_DEACTIVATED USERS_TOO_MUCH USER_ALREADY_PARTICIPANT USER_IS_BLOCKED YOU_BLOCKED_USER"},
		"messages.createChat": {handle: messagesCreateChat,
			errors: "CHAT_TITLE_EMPTY INPUT_USER_DEACTIVATED USERS_TOO_FEW USERS_TOO_MUCH"},
		"messages.deleteChat": {handle: messagesDeleteChat,
			errors: "CHAT_ADMIN_REQUIRED CHAT_ID_INVALID"},
		"messages.deleteChatUser": {handle: messagesDeleteChatUser, heeds: "revoke_history",
			errors: "CHAT_ADMIN_REQUIRED CHAT_ID_INVALID USER_NOT_PARTICIPANT"},
		"messages.editChatAbout": {handle: messagesEditChatAbout,
			errors: "CHAT_ABOUT_NOT_MODIFIED CHAT_ABOUT_TOO_LONG CHAT_ADMIN_REQUIRED"},
		"messages.editChatAdmin": {handle: messagesEditChatAdmin,
			errors: "CHAT_ADMIN_REQUIRED CHAT_ID_INVALID USER_CREATOR USER_NOT_PARTICIPANT"},
		"messages.editChatDefaultBannedRights": {handle: messagesEditChatDefaultBannedRights,
			errors: "BANNED_RIGHTS_INVALID CHAT_ADMIN_REQUIRED CHAT_NOT_MODIFIED UNTIL_DATE_INVALID"},
		"messages.editChatParticipantRank": {handle: messagesEditChatParticipantRank,
			errors: "ADMIN_RANK_EMOJI_NOT_ALLOWED ADMIN_RANK_INVALID CHAT_ADMIN_REQUIRED PARTICIPANT_ID_INVALID"},
		"messages.editChatPhoto": {handle: messagesEditChatPhoto,
			errors: "CHAT_ADMIN_REQUIRED CHAT_ID_INVALID CHAT_NOT_MODIFIED PHOTO_INVALID"},
		"messages.editChatTitle": {handle: messagesEditChatTitle,
			errors: "CHAT_ADMIN_REQUIRED CHAT_ID_INVALID CHAT_NOT_MODIFIED CHAT_TITLE_EMPTY"},
		"messages.migrateChat": {handle: messagesMigrateChat,
			errors: "CHANNELS_TOO_MUCH CHAT_ADMIN_REQUIRED CHAT_ID_INVALID"},
		"messages.toggleNoForwards": {handle: messagesToggleNoForwards,
			errors: "CHAT_ADMIN_REQUIRED CHAT_NOT_MODIFIED"},
	}}
}

// invitesArea is links into rooms, and requests to join.
func invitesArea() area {
	return area{methods: map[string]method{
		"messages.checkChatInvite": {handle: messagesCheckChatInvite,
			errors: "INVITE_HASH_EMPTY INVITE_HASH_EXPIRED INVITE_HASH_INVALID"},
		"messages.deleteExportedChatInvite": {handle: messagesDeleteExportedChatInvite,
			errors: "CHAT_ADMIN_REQUIRED INVITE_HASH_EXPIRED INVITE_REVOKED_MISSING"},
		"messages.deleteRevokedExportedChatInvites": {handle: messagesDeleteRevokedExportedChatInvites,
			errors: "ADMIN_ID_INVALID CHAT_ADMIN_REQUIRED"},
		"messages.editExportedChatInvite": {handle: messagesEditExportedChatInvite, heeds: "revoked expire_date usage_limit request_needed title",
			errors: "CHAT_ADMIN_REQUIRED CHAT_INVITE_PERMANENT EXPIRE_DATE_INVALID INVITE_HASH_EXPIRED USAGE_LIMIT_INVALID"},
		"messages.exportChatInvite": {handle: messagesExportChatInvite, heeds: "legacy_revoke_permanent request_needed expire_date usage_limit title",
			errors: "CHAT_ADMIN_REQUIRED EXPIRE_DATE_INVALID USAGE_LIMIT_INVALID"},
		"messages.getAdminsWithInvites": {handle: messagesGetAdminsWithInvites,
			errors: "CHAT_ADMIN_REQUIRED"},
		"messages.getChatInviteImporters": {handle: messagesGetChatInviteImporters, heeds: "requested link q",
			errors: "CHAT_ADMIN_REQUIRED INVITE_HASH_EXPIRED SEARCH_WITH_LINK_NOT_SUPPORTED"},
		"messages.getExportedChatInvite": {handle: messagesGetExportedChatInvite,
			errors: "CHAT_ADMIN_REQUIRED INVITE_HASH_EXPIRED"},
		"messages.getExportedChatInvites": {handle: messagesGetExportedChatInvites, heeds: "revoked offset_date offset_link",
			errors: "ADMIN_ID_INVALID CHAT_ADMIN_REQUIRED"},
		"messages.hideAllChatJoinRequests": {handle: messagesHideAllChatJoinRequests, heeds: "approved link",
			errors: "CHAT_ADMIN_REQUIRED HIDE_REQUESTER_MISSING INVITE_HASH_EXPIRED"},
		"messages.hideChatJoinRequest": {handle: messagesHideChatJoinRequest, heeds: "approved",
			errors: "CHAT_ADMIN_REQUIRED HIDE_REQUESTER_MISSING USER_ALREADY_PARTICIPANT"},
		"messages.importChatInvite": {handle: messagesImportChatInvite,
			errors: "CHANNELS_TOO_MUCH INVITE_HASH_EMPTY INVITE_HASH_EXPIRED INVITE_HASH_INVALID INVITE_REQUEST_SENT USERS_TOO_MUCH USER_ALREADY_PARTICIPANT"},
	}, words: inviteWords(), save: (*saver).inviteState}
}

// channelsGetChannels follows
// https://core.telegram.org/method/channels.getChannels.
func channelsGetChannels(c *call) (tl.Value, error) {
	var chats []tl.Value
	for _, v := range c.req.At("id").Vector().Items {
		r, err := c.channel(v)
		if err != nil {
			return tl.Value{}, err
		}
		chats = append(chats, c.chat(r))
	}
	return c.new("messages.chats").With("chats", c.vector("Chat", chats)).Value(), nil
}

// messagesGetChats follows https://core.telegram.org/method/messages.getChats:
// basic groups only.
func messagesGetChats(c *call) (tl.Value, error) {
	var chats []tl.Value
	for _, id := range c.req.At("id").Vector().Items {
		r := c.room[peer{chatPeer, id.AsLong()}]
		if r == nil || r.member(c.me) == nil {
			return tl.Value{}, bad("CHAT_ID_INVALID")
		}
		chats = append(chats, c.chat(r))
	}
	return c.new("messages.chats").With("chats", c.vector("Chat", chats)).Value(), nil
}
