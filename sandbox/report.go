package sandbox

import (
	"tlsh/tl"
)

// reportArea is reporting messages and stories, by a menu that the server shows
// step by step (https://core.telegram.org/api/report). Nobody reads reports here.
func reportArea() area {
	return area{methods: map[string]method{
		"messages.report": {handle: messagesReport, errors: "MESSAGE_ID_INVALID OPTION_INVALID"},
		"stories.report":  {handle: storiesReport, errors: "OPTION_INVALID STORY_ID_INVALID"},
	}}
}

// reportOptions is the menu; who chooses the last has to say more.
var reportOptions = [...]string{"Spam", "Violence", "Illegal goods", "Personal details", "Something else"}

// reported takes one step of a report: the menu, then for what is not in it a
// comment. Error: OPTION_INVALID.
func (c *call) reported() (tl.Value, error) {
	option := c.req.At("option").AsBytes()
	other := byte('0' + len(reportOptions) - 1)
	switch {
	case len(option) == 0:
		items := make([]tl.Value, len(reportOptions))
		for i, text := range reportOptions {
			items[i] = c.new("messageReportOption").With("text", tl.String(text)).With("option", tl.Bytes([]byte{byte('0' + i)})).Value()
		}
		return c.new("reportResultChooseOption").With("title", tl.String("What is wrong?")).With("options", c.vector("MessageReportOption", items)).Value(), nil
	case len(option) != 1 || option[0] < '0' || option[0] > other:
		return tl.Value{}, bad("OPTION_INVALID")
	case option[0] == other && c.req.At("message").AsString() == "":
		return c.new("reportResultAddComment").With("option", tl.Bytes(option)).Value(), nil
	}
	return c.new("reportResultReported").Value(), nil
}

// messagesReport follows https://core.telegram.org/method/messages.report.
func messagesReport(c *call) (tl.Value, error) {
	with, err := c.target(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	ids := c.req.At("id").Vector().Items
	for _, id := range ids {
		if c.history(with).find(id.AsInt()) == nil {
			return tl.Value{}, bad("MESSAGE_ID_INVALID")
		}
	}
	if len(ids) == 0 {
		return tl.Value{}, bad("MESSAGE_ID_INVALID")
	}
	return c.reported()
}

// storiesReport follows https://core.telegram.org/method/stories.report.
func storiesReport(c *call) (tl.Value, error) {
	of, err := c.target(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	b := c.board(of)
	for _, id := range c.req.At("id").Vector().Items {
		if b == nil || b.find(id.AsInt()) == nil || !c.sees(of, b.find(id.AsInt())) {
			return tl.Value{}, bad("STORY_ID_INVALID")
		}
	}
	return c.reported()
}
