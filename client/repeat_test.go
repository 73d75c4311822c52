package client

import (
	"strings"
	"testing"

	"tlsh/schema"
)

// Every line of the table names a request of the layer, once, and random_id
// stands where it is said to.
func TestRepeatable(t *testing.T) {
	seen := map[string]bool{}
	n := 0
	for line := range strings.Lines(repeatTable) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "#") {
			continue
		}
		what, name, _ := strings.Cut(line, " ")
		def := schema.Current().Method(name)
		switch {
		case def == nil:
			t.Errorf("%s is no request of the layer", name)
			continue
		case seen[name]:
			t.Errorf("%s stands twice", name)
		case what == "random_id" && def.Index("random_id") < 0 && name != "messages.sendMultiMedia":
			t.Errorf("%s has no random_id", name)
		case what == "repeats" && def.Index("random_id") >= 0:
			t.Errorf("%s has a random_id, so it does more than read", name)
		case what != "repeats" && what != "random_id":
			t.Errorf("%q", line)
		}
		seen[name] = true
		n++
	}
	t.Logf("%d of %d requests", n, len(schema.Current().Methods()))
	for _, name := range []string{"messages.getBotCallbackAnswer", "messages.getMessagesViews", "auth.checkPassword", "payments.getPaymentForm"} {
		if seen[name] {
			t.Errorf("%s does something", name)
		}
	}
}
