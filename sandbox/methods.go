package sandbox

// methods are the API's methods that are simulated.
func methods() map[string]method {
	return map[string]method{
		"auth.logOut":                  {handle: authLogOut},
		"auth.sendCode":                {handle: authSendCode, anyone: true},
		"auth.signIn":                  {handle: authSignIn, anyone: true, heeds: "phone_code"},
		"channels.deleteMessages":      {handle: channelsDeleteMessages},
		"channels.getChannels":         {handle: channelsGetChannels},
		"channels.getFullChannel":      {handle: channelsGetFullChannel},
		"channels.getMessages":         {handle: channelsGetMessages},
		"channels.readHistory":         {handle: channelsReadHistory},
		"contacts.getContacts":         {handle: contactsGetContacts},
		"contacts.resolvePhone":        {handle: contactsResolvePhone},
		"contacts.resolveUsername":     {handle: contactsResolveUsername},
		"help.getConfig":               {handle: helpGetConfig, anyone: true},
		"help.getNearestDc":            {handle: helpGetNearestDc, anyone: true},
		"messages.deleteMessages":      {handle: messagesDeleteMessages, heeds: "revoke"},
		"messages.editMessage":         {handle: messagesEditMessage, heeds: "message entities no_webpage"},
		"messages.forwardMessages":     {handle: messagesForwardMessages, heeds: "silent background drop_author drop_media_captions noforwards"},
		"messages.getChats":            {handle: messagesGetChats},
		"messages.getDialogs":          {handle: messagesGetDialogs, heeds: "exclude_pinned folder_id"},
		"messages.getFullChat":         {handle: messagesGetFullChat},
		"messages.getHistory":          {handle: messagesGetHistory},
		"messages.getMessages":         {handle: messagesGetMessages},
		"messages.getPeerDialogs":      {handle: messagesGetPeerDialogs},
		"messages.readHistory":         {handle: messagesReadHistory},
		"messages.sendMessage":         {handle: messagesSendMessage, heeds: "no_webpage silent background clear_draft noforwards reply_to entities"},
		"updates.getChannelDifference": {handle: updatesGetChannelDifference, heeds: "force"},
		"updates.getDifference":        {handle: updatesGetDifference, heeds: "pts_limit pts_total_limit qts_limit"},
		"updates.getState":             {handle: updatesGetState},
		"users.getFullUser":            {handle: usersGetFullUser},
		"users.getUsers":               {handle: usersGetUsers},
	}
}
