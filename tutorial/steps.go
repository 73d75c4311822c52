package tutorial

import "tlsh/tl"

// steps are the course, in order.
var steps = [...]Step{
	{
		Title: "read what somebody wrote",
		Text: []string{
			"A request has a name, and needs values. Type the first letters of this one, press Tab, and look at the rows below the line: they say what is still missing.",
		},
		Lines: []string{"messages.getHistory @alice limit=3"},
		Tip:   "What is required comes in order; anything can be named, as peer=@alice. An answer that is longer than the screen opens in a pager: the space bar turns the page, q leaves it.",
		Well:  "The answer is a tree. It is $_ now, and $1, $2 … are all answers so far.",
		done:  answered("messages.getHistory", "messages"),
	},
	{
		Title: "reach into the answer",
		Text: []string{
			"Every line of the tree has a path. Take one field of one message, or of all:",
		},
		Lines: []string{"$_.messages[0].message", "$_.messages[].id"},
		Tip:   "| jq, | table, | save FILE and | !less take an answer further.",
		Well:  "$h = before a request keeps its answer under a name of yours.",
		done:  func(d Deed) bool { return d.Path && len(d.Requests) == 0 },
	},
	{
		Title: "say something",
		Text: []string{
			"Send Alice a message. Leave the text out at first, to see what happens: nothing is sent that the schema does not allow.",
		},
		Lines: []string{`$sent = messages.sendMessage @alice "hello from tlsh"`},
		Tip:   "Names of people, t.me links and numbers stand wherever somebody is wanted.",
		Well:  "She may answer: updates on shows what comes while you type.",
		done:  answered("messages.sendMessage", ""),
	},
	{
		Title: "several requests at once",
		Text: []string{
			"Requests between < and > leave together, in one packet, and each has its own result. A bracket that is open asks for more lines.",
		},
		Lines: []string{"batch < users.getUsers [me]; messages.getDialogs limit=3 >"},
		Tip:   "ordered behind the > has them run one after the other.",
		Well:  "The results are in $_.results, in the order of the requests.",
		done:  together,
	},
	{
		Title: "find out how, and do it",
		Text: []string{
			"Take a message back, for everybody. Find the request by what it is for, read its page, then use it on a message that you have just sent: where a message's number is wanted, its answer will do.",
		},
		Lines: []string{"search delete for everyone", "doc messages.deleteMessages", `$sent = messages.sendMessage @alice "oops"`, "messages.deleteMessages id=[$sent] revoke=true"},
		Tip:   "/ at an empty prompt searches as you type.",
		Well:  "That is all one needs: 800 requests, found, checked and called like this.",
		done:  deleted,
	},
}

// answered is reached by a request of that name whose answer has the field, if
// one is named, with something in it.
func answered(method, field string) func(Deed) bool {
	return func(d Deed) bool {
		if len(d.Requests) != 1 || d.Requests[0].Def().Name != method {
			return false
		}
		if field == "" {
			return true
		}
		o := d.Value.Object()
		if o == nil {
			return false
		}
		v := o.At(field).Vector()
		return v != nil && len(v.Items) > 0
	}
}

// together is reached by a batch of two or more that all succeeded.
func together(d Deed) bool {
	o := d.Value.Object()
	if len(d.Requests) < 2 || o == nil {
		return false
	}
	results := o.At("results").Vector()
	if results == nil {
		return false
	}
	for _, v := range results.Items {
		if r := v.Object(); r != nil && failed(r) {
			return false
		}
	}
	return true
}

// failed reports the document of a request that gave no result.
func failed(o *tl.Object) bool {
	switch o.Def().Name {
	case "rpc_error", "not_run", "unknown":
		return true
	}
	return false
}

// deleted is reached when a message is gone.
func deleted(d Deed) bool {
	for _, r := range d.Requests {
		switch r.Def().Name {
		case "messages.deleteMessages", "channels.deleteMessages":
			o := d.Value.Object()
			return o != nil && o.At("pts_count").AsInt() > 0
		}
	}
	return false
}
