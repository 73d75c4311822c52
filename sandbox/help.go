package sandbox

import "tlsh/tl"

// helpArea is what the server says of itself.
func helpArea() area {
	return area{methods: map[string]method{
		"help.getConfig":    {handle: helpGetConfig, anyone: true},
		"help.getNearestDc": {handle: helpGetNearestDc, anyone: true},
	}}
}

// helpGetConfig follows https://core.telegram.org/method/help.getConfig: the
// data centres where they listen, and the limits that hold here where the sandbox
// has them, else those that a real server names.
func helpGetConfig(c *call) (tl.Value, error) {
	o := c.new("config").With("date", tl.Int(c.now)).With("expires", tl.Int(c.now+3600)).
		With("revoke_pm_inbox", tl.Bool(true)).With("test_mode", tl.Bool(false)).With("this_dc", tl.Int(int32(c.session.login.dc))).
		With("dc_options", c.dcOptions()).With("dc_txt_domain_name", tl.String("")).
		With("me_url_prefix", tl.String("https://t.me/"))
	for name, n := range map[string]int32{
		"chat_size_max": 200, "megagroup_size_max": 200000, "forwarded_count_max": 100,
		"online_update_period_ms": 210000, "offline_blur_timeout_ms": 5000, "offline_idle_timeout_ms": 30000,
		"online_cloud_timeout_ms": 300000, "notify_cloud_delay_ms": 30000, "notify_default_delay_ms": 1500,
		"push_chat_period_ms": 60000, "push_chat_limit": 2, "edit_time_limit": editTime,
		"revoke_time_limit": 1<<31 - 1, "revoke_pm_time_limit": 1<<31 - 1, "rating_e_decay": 2419200,
		"stickers_recent_limit": 200, "channels_read_media_period": 604800, "call_receive_timeout_ms": 20000,
		"call_ring_timeout_ms": 90000, "call_connect_timeout_ms": 30000, "call_packet_timeout_ms": 10000,
		"caption_length_max": maxCaption, "message_length_max": maxMessage, "webfile_dc_id": int32(c.s.cfg.DC),
	} {
		o.With(name, tl.Int(n))
	}
	return o.Value(), nil
}

// helpGetNearestDc follows https://core.telegram.org/method/help.getNearestDc.
// The country is that of no place: XX is for private use in ISO 3166.
func helpGetNearestDc(c *call) (tl.Value, error) {
	nearest := c.s.cfg.DC
	if c.s.faults.Network != 0 {
		nearest = c.s.faults.Network
	}
	return c.new("nearestDc").With("country", tl.String("XX")).With("this_dc", tl.Int(int32(c.session.login.dc))).
		With("nearest_dc", tl.Int(int32(nearest))).Value(), nil
}
