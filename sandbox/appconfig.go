package sandbox

import (
	"cmp"
	"slices"

	"tlsh/tl"
)

// appLimits are the documented fields of help.getAppConfig that are numbers
// (https://core.telegram.org/api/config#client-configuration): those that hold
// here, and of the others those of which the page, or the clients that fall back
// on them, say what a real server sends. _default and _premium are for accounts
// without and with Premium.
var appLimits = map[string]float64{
	"about_length_limit_default": 70, "about_length_limit_premium": 140,
	"authorization_autoconfirm_period": 604800,
	"caption_length_limit_default":     maxCaption, "caption_length_limit_premium": 4096,
	"channels_limit_default": maxChannels, "channels_limit_premium": 1000,
	"channels_public_limit_default": maxPublic, "channels_public_limit_premium": 20,
	"chat_read_mark_expire_period": readExpires, "chat_read_mark_size_threshold": maxReadGroup,
	"chatlist_invites_limit_default": maxChatlistInvites, "chatlist_invites_limit_premium": maxChatlistInvitesPremium,
	"chatlists_joined_limit_default": maxChatlists, "chatlists_joined_limit_premium": maxChatlistsPremium,
	"dialog_filters_chats_limit_default": maxFilterPeers, "dialog_filters_chats_limit_premium": 200,
	"dialog_filters_limit_default": maxFilters, "dialog_filters_limit_premium": 20,
	"dialogs_folder_pinned_limit_default": maxPinnedArchived, "dialogs_folder_pinned_limit_premium": 200,
	"dialogs_pinned_limit_default": maxPinnedDialogs, "dialogs_pinned_limit_premium": 10,
	"emojies_animated_zoom":                   0.625,
	"forum_upgrade_participants_min":          1,
	"hidden_members_group_size_min":           1,
	"intro_description_length_limit":          70,
	"intro_title_length_limit":                32,
	"large_queue_max_active_operations_count": 2, "small_queue_max_active_operations_count": 5,
	"message_animated_emoji_max": 100,
	"pm_read_date_expire_period": readExpires,
	"poll_answers_max":           maxAnswers,
	"quick_replies_limit":        100, "quick_reply_messages_limit": 20,
	"reactions_uniq_max": maxReactionKinds, "reactions_user_max_default": maxReactions, "reactions_user_max_premium": maxPremiumReactions,
	"recommended_channels_limit_default": 10, "recommended_channels_limit_premium": 100,
	"ringtone_duration_max": 5, "ringtone_saved_count_max": 100, "ringtone_size_max": 307200,
	"saved_dialogs_pinned_limit_default": maxPinnedSaved, "saved_dialogs_pinned_limit_premium": 100,
	"saved_gifs_limit_default": maxGifs, "saved_gifs_limit_premium": 400,
	"story_caption_length_limit_default": maxStoryText, "story_caption_length_limit_premium": maxStoryTextPremium,
	"story_expiring_limit_default": maxStories, "story_expiring_limit_premium": maxStoriesPremium,
	"stories_sent_weekly_limit_default": weekStories, "stories_sent_weekly_limit_premium": weekStoriesPremium,
	"stories_pinned_to_top_count_max": maxStoriesOnTop,
	"stickers_emoji_cache_time":       86400,
	"stickers_faved_limit_default":    maxFaved, "stickers_faved_limit_premium": 10,
	"telegram_antispam_group_size_min": 1,
	"topics_pinned_limit":              maxPinnedTopics,
	"upload_max_fileparts_default":     maxParts, "upload_max_fileparts_premium": 8000,
}

// appFlags are those that are true or false.
var appFlags = map[string]bool{
	"autoarchive_setting_available": false, "dialog_filters_enabled": true, "dialog_filters_tooltip": false,
	"premium_purchase_blocked": true, "qr_login_camera": true, "stickers_emoji_suggest_only_api": false,
}

// appConfig is the client configuration, by name.
func (w *world) appConfig() tl.Value {
	var fields []tl.Value
	add := func(name string, v tl.Value) {
		fields = append(fields, w.new("jsonObjectValue").With("key", tl.String(name)).With("value", v).Value())
	}
	text := func(s string) tl.Value { return w.new("jsonString").With("value", tl.String(s)).Value() }
	for name, n := range appLimits {
		add(name, w.new("jsonNumber").With("value", tl.Double(n)).Value())
	}
	for name, on := range appFlags {
		add(name, w.new("jsonBool").With("value", tl.Bool(on)).Value())
	}
	var dice []tl.Value
	for _, d := range dices {
		dice = append(dice, text(d.emoji))
	}
	add("emojies_send_dice", w.new("jsonArray").With("value", w.vector("JSONValue", dice)).Value())
	add("qr_login_code", text("primary"))
	add("stories_entities", text("enabled"))
	add("stories_posting", text("enabled"))
	slices.SortFunc(fields, func(a, b tl.Value) int {
		return cmp.Compare(a.Object().At("key").AsString(), b.Object().At("key").AsString())
	})
	return w.new("jsonObject").With("value", w.vector("JSONObjectValue", fields)).Value()
}

// hashOfValue is a hash of all that a value says, for answers whose page does not
// say of what theirs is.
func hashOfValue(o *tl.Object) int32 {
	b, err := tl.Encode(o)
	if err != nil {
		return 0
	}
	var sum hashOf
	for _, x := range b {
		sum.add(int64(x))
	}
	return int32(sum&0x7fffffff) | 1
}

// helpGetAppConfig follows https://core.telegram.org/method/help.getAppConfig.
func helpGetAppConfig(c *call) (tl.Value, error) {
	config := c.appConfig()
	hash := hashOfValue(config.Object())
	if c.req.At("hash").AsInt() == hash {
		return c.new("help.appConfigNotModified").Value(), nil
	}
	return c.new("help.appConfig").With("hash", tl.Int(hash)).With("config", config).Value(), nil
}
