package sandbox

import (
	"fmt"
	"testing"

	"tlsh/tl"
)

// botWorld is the club with a bot that has an owner, works inline, and is in the
// club and among the walkers.
const botWorld = clubWorld + `botowner @robo_bot @anna
user(id=8 first_name=Inline usernames=[username(username=inline_bot editable=true active=true) username(username=second_bot active=true)] bot=true bot_info_version=1 bot_inline_placeholder="Search…" bot_inline_geo=true)
botowner @inline_bot @anna
message(id=40 from_id=@anna peer_id=@robo_bot date=2026-03-04 message="/start")
message(id=41 from_id=@anna peer_id=@inline_bot date=2026-03-04 message="/start")
`

// TestWhoMayCall: some methods are for bots, some for people.
func TestWhoMayCall(t *testing.T) {
	l := newLab(t, Config{World: botWorld})
	anna, robo := l.as("@anna"), l.as("@robo_bot")
	anna.fails("bots.getBotMenuButton inputUserEmpty", "400 USER_BOT_REQUIRED")
	robo.fails("messages.getDialogs limit=1 offset_date=0 offset_id=0 offset_peer=inputPeerEmpty hash=0", "400 BOT_METHOD_INVALID")
	robo.fails("contacts.getContacts", "400 BOT_METHOD_INVALID")
	want(t, robo.do("users.getUsers [me]"), "[0].bot", "true", "[0].self", "true")
	want(t, robo.do("help.setBotUpdatesStatus pending_updates_count=1 message=x"), "", "true")
	// A bot answers, and does not begin.
	robo.do("messages.sendMessage @anna hello")
	robo.fails("messages.sendMessage @fritz hello", "400 PEER_ID_INVALID")
	robo.fails("messages.sendMessage @inline_bot hello", "400 USER_IS_BOT")
	anna.do("contacts.block @robo_bot")
	want(t, robo.nextOf("updateBotStopped"), ".user_id", "1", ".stopped", "true", ".qts", "1")
	robo.fails("messages.sendMessage @anna hello", "403 USER_IS_BLOCKED")
	anna.do("contacts.unblock @robo_bot")
	want(t, robo.nextOf("updateBotStopped"), ".stopped", "false", ".qts", "2")
}

func TestBotCommands(t *testing.T) {
	l := newLab(t, Config{World: botWorld})
	anna, berta, robo := l.as("@anna"), l.as("@berta"), l.as("@robo_bot")
	set := "bots.setBotCommands scope=%s lang_code=%q commands=[botCommand(command=%s description=%q)]"
	do := func(scope, lang, command, text string) string { return fmt.Sprintf(set, scope, lang, command, text) }
	robo.do(do("botCommandScopeDefault", "", "help", "What I can do"))
	want(t, anna.nextOf("updateBotCommands"), ".bot_id", "7", ".peer.user_id", "7", ".commands[0].command", `"help"`)
	want(t, anna.do("users.getFullUser @robo_bot"), ".full_user.bot_info.commands[0].command", `"help"`, ".users[0].bot_info_version", "2",
		".full_user.bot_info.menu_button", "botMenuButtonDefault()")
	robo.do(do("botCommandScopePeerAdmins(peer=club)", "", "ban", "Away with them"))
	want(t, berta.nextOf("updateBotCommands"), ".peer.channel_id", "20", ".commands[0].command", `"help"`)
	want(t, berta.nextOf("updateBotCommands"), ".peer.channel_id", "20", ".commands[0].command", `"ban"`)
	robo.do(do("botCommandScopePeerUser(peer=club user_id=@berta)", "", "second", "For Berta"))
	want(t, berta.do("channels.getFullChannel club"), ".full_chat.bot_info[0].commands[0].command", `"second"`)
	want(t, l.as("@cleo").do("channels.getFullChannel club"), ".full_chat.bot_info[0].commands[0].command", `"help"`)
	want(t, robo.do("bots.getBotCommands scope=botCommandScopePeerAdmins(peer=club) lang_code=\"\""), "[0].command", `"ban"`)
	want(t, robo.do("bots.getBotCommands scope=botCommandScopeUsers lang_code=\"\""), "", "[]")
	robo.do(do("botCommandScopeUsers", "de", "hilfe", "Was ich kann"))
	l.roundTrip()
	robo.do("bots.resetBotCommands scope=botCommandScopeDefault lang_code=\"\"")
	lacks(t, anna.do("users.getFullUser @robo_bot"), ".full_user.bot_info.commands")
	robo.do("bots.resetBotCommands scope=botCommandScopeDefault lang_code=\"\"")
	robo.fails(do("botCommandScopeDefault", "xyz", "a", "b"), "400 LANG_CODE_INVALID")
	robo.fails("bots.getBotCommands scope=botCommandScopeDefault lang_code=DE", "400 LANG_CODE_INVALID")
	robo.fails("bots.resetBotCommands scope=botCommandScopeDefault lang_code=DE", "400 LANG_CODE_INVALID")
	robo.fails(do("botCommandScopeDefault", "", "Nope", "b"), "400 BOT_COMMAND_INVALID")
	robo.fails(do("botCommandScopeDefault", "", "nope", ""), "400 BOT_COMMAND_DESCRIPTION_INVALID")
	robo.fails(do("botCommandScopePeer(peer=@fritz!)", "", "nope", "x"), "400 PEER_ID_INVALID")
	robo.fails(do("botCommandScopePeerUser(peer=club user_id=@fritz!)", "", "nope", "x"), "400 USER_ID_INVALID")
}

func TestBotInfo(t *testing.T) {
	l := newLab(t, Config{World: botWorld})
	anna, berta, robo := l.as("@anna"), l.as("@berta"), l.as("@robo_bot")
	want(t, anna.do("bots.getAdminedBots"), "[0].id", "7", "[0].bot_can_edit", "true", "[1].id", "8")
	anna.do(`bots.setBotInfo bot=@robo_bot lang_code="" name=Robot about="I beep" description="Say something"`)
	want(t, robo.nextOf("updateUserName"), ".first_name", `"Robot"`)
	full := berta.do("users.getFullUser @robo_bot")
	want(t, full, ".users[0].first_name", `"Robot"`, ".full_user.about", `"I beep"`, ".full_user.bot_info.description", `"Say something"`)
	robo.do(`bots.setBotInfo lang_code=de description="Sag etwas"`)
	want(t, robo.do("bots.getBotInfo lang_code=de"), "", `bots.botInfo(name="" about="" description="Sag etwas")`)
	want(t, anna.do("bots.getBotInfo bot=@robo_bot lang_code=\"\""), "", `bots.botInfo(name="Robot" about="I beep" description="Say something")`)
	for _, method := range []string{"bots.getBotInfo", "bots.setBotInfo"} {
		berta.fails(method+" bot=@robo_bot lang_code=\"\"", "400 BOT_INVALID")
		berta.fails(method+" lang_code=\"\"", "400 USER_BOT_INVALID")
		robo.fails(method+" lang_code=xx1", "400 LANG_CODE_INVALID")
	}
	button := `bots.setBotMenuButton user_id=%s button=%s`
	robo.do(fmt.Sprintf(button, "inputUserEmpty", "botMenuButtonCommands"))
	want(t, anna.nextOf("updateBotMenuButton"), ".button", "botMenuButtonCommands()")
	robo.do(fmt.Sprintf(button, "@anna", `botMenuButton(text=Open url="https://robo.example/app")`))
	want(t, anna.nextOf("updateBotMenuButton"), ".button.text", `"Open"`)
	want(t, robo.do("bots.getBotMenuButton @anna"), ".text", `"Open"`)
	want(t, robo.do("bots.getBotMenuButton inputUserEmpty"), "", "botMenuButtonCommands()")
	want(t, anna.do("users.getFullUser @robo_bot"), ".full_user.bot_info.menu_button.text", `"Open"`)
	robo.fails(fmt.Sprintf(button, "@anna", `botMenuButton(text="" url="https://robo.example/app")`), "400 BUTTON_TEXT_INVALID")
	robo.fails(fmt.Sprintf(button, "@anna", `botMenuButton(text=x url="http://robo.example/app")`), "400 BUTTON_URL_INVALID")
	robo.do("bots.setBotGroupDefaultAdminRights chatAdminRights(ban_users=true)")
	robo.do("bots.setBotBroadcastDefaultAdminRights chatAdminRights(post_messages=true)")
	robo.fails("bots.setBotGroupDefaultAdminRights chatAdminRights(ban_users=true)", "400 RIGHTS_NOT_MODIFIED")
	robo.fails("bots.setBotBroadcastDefaultAdminRights chatAdminRights(post_messages=true)", "400 RIGHTS_NOT_MODIFIED")
	want(t, berta.do("users.getFullUser @robo_bot"), ".full_user.bot_group_admin_rights.ban_users", "true", ".full_user.bot_broadcast_admin_rights.post_messages", "true")
	l.roundTrip()
	robo.do(fmt.Sprintf(button, "@anna", "botMenuButtonDefault"))
	want(t, robo.do("bots.getBotMenuButton @anna"), "", "botMenuButtonCommands()")
	robo.do("bots.setBotGroupDefaultAdminRights chatAdminRights")
	l.roundTrip()

	anna.do("bots.reorderUsernames bot=@inline_bot order=[second_bot inline_bot]")
	want(t, anna.do("bots.toggleUsername bot=@inline_bot username=second_bot active=false"), "", "true")
	anna.fails("bots.toggleUsername bot=@inline_bot username=second_bot active=false", "400 USERNAME_NOT_MODIFIED")
	anna.do("bots.reorderUsernames bot=@inline_bot order=[inline_bot]")
	anna.fails("bots.reorderUsernames bot=@inline_bot order=[inline_bot]", "400 USERNAME_NOT_MODIFIED")
	berta.fails("bots.toggleUsername bot=@inline_bot username=second_bot active=true", "400 BOT_INVALID")
	berta.fails("bots.reorderUsernames bot=@anna order=[x]", "400 BOT_INVALID")
	berta.fails("contacts.resolveUsername second_bot", "400 USERNAME_NOT_OCCUPIED")
}

func TestStartBot(t *testing.T) {
	l := newLab(t, Config{World: botWorld})
	anna, cleo, robo, inline := l.as("@anna"), l.as("@cleo"), l.as("@robo_bot"), l.as("@inline_bot")
	start := "messages.startBot bot=%s peer=%s random_id=%d start_param=%q"
	want(t, cleo.do(fmt.Sprintf(start, "@robo_bot", "@robo_bot", 1, "promo")), ".updates[1].message.message", `"/start promo"`,
		".updates[1].message.entities[0]", "messageEntityBotCommand(offset=0 length=6)")
	want(t, robo.nextOf("updateNewMessage"), ".message.message", `"/start promo"`)
	want(t, cleo.do(fmt.Sprintf(start, "@robo_bot", "inputPeerEmpty", 31, "again")), ".updates[1].message.message", `"/start again"`,
		".updates[1].message.peer_id", "peerUser(user_id=7)")
	cleo.fails(fmt.Sprintf(start, "@robo_bot", "@anna", 32, "x"), "400 PEER_ID_INVALID")
	robo.do("messages.sendMessage @cleo welcome")
	want(t, cleo.nextOf("updateNewMessage"), ".message.message", `"welcome"`)
	want(t, cleo.do(fmt.Sprintf(start, "@inline_bot", "walkers", 2, "x")), ".updates[1].message.message", `"/start@inline_bot x"`)
	want(t, cleo.nextOf("updateNewMessage"), ".message.action.users[0]", "8")
	want(t, inline.nextOf("updateNewMessage"), ".message.action.users[0]", "8")
	cleo.fails(fmt.Sprintf(start, "@robo_bot", "@robo_bot", 2, "promo"), "500 RANDOM_ID_DUPLICATE")
	cleo.fails(fmt.Sprintf(start, "@anna", "@anna", 3, "promo"), "400 BOT_INVALID")
	cleo.fails(fmt.Sprintf(start, "@robo_bot", "@robo_bot", 3, ""), "400 START_PARAM_EMPTY")
	cleo.fails(fmt.Sprintf(start, "@robo_bot", "@robo_bot", 3, "a b"), "400 START_PARAM_INVALID")
	cleo.fails(fmt.Sprintf(start, "@robo_bot", "@robo_bot", 3, long(65)), "400 START_PARAM_TOO_LONG")
	anna.do("messages.editChatDefaultBannedRights peer=walkers banned_rights=chatBannedRights(invite_users=true until_date=0)")
	cleo.fails(fmt.Sprintf(start, "@robo_bot", "walkers", 4, "x"), "400 CHAT_ADMIN_REQUIRED")
	l.world.byID[7].def.With("deleted", tlTrue)
	cleo.fails(fmt.Sprintf(start, "@robo_bot", "@robo_bot", 5, "x"), "400 INPUT_USER_DEACTIVATED")
	l.world.byID[7].def.With("deleted", tl.Value{})
	l.roundTrip()
}
