package bind_test

import (
	"strings"
	"testing"

	"tlsh/bind"
	"tlsh/schema"
	"tlsh/syntax"
)

func TestPagesChecked(t *testing.T) {
	for src, want := range map[string]string{
		"pages 3 messages.getHistory me":             "",
		"$h = pages all messages.getHistory me":      "",
		"pages 3 messages.sendMessage me hi":         "messages.sendMessage cannot be paged through: it has no pages",
		"pages 3 messages.deleteHistory me max_id=0": "messages.deleteHistory cannot be paged through: it deletes; repeat it while its result has an offset",
		"pages 0 messages.getHistory me":             "pages wants a number from 1, or all, and this is 0",
		"pages -1 messages.getHistory me":            "pages wants a number from 1, or all, and this is -1",
		"pages some messages.getHistory me":          "pages wants a number from 1, or all, and this is some",
		"pages messages.getHistory me":               "pages wants to know how many, before the request",
		"pages 2 inputPeerSelf":                      "only a request has pages, and inputPeerSelf is none",
		"pages 2 5":                                  "only a request has pages",
		"pages 2 pages 2 messages.getHistory me":     "only a request has pages",
		"pages 2 messages.getHistory":                "messages.getHistory needs peer:InputPeer",
		"pages 2 messages.getHistry me":              "there is no request messages.getHistry in layer",
		"batch < pages 2 messages.getHistory me >":   "only requests stand in a batch",
	} {
		f := syntax.Parse(src)
		in := bind.Check(schema.Current(), f, 0, env{})
		switch {
		case want == "" && len(in.Diags) > 0:
			t.Errorf("%s: %v", src, in.Diags)
		case want == "" && (in.Kind != bind.Pages || in.Object() == nil || in.Pages == 0):
			t.Errorf("%s is a %v of %d pages", src, in.Kind, in.Pages)
		case want != "" && (len(in.Diags) == 0 || !strings.Contains(in.Diags[0].Msg, want)):
			t.Errorf("%s: want %q, got %v", src, want, in.Diags)
		}
	}
}

// What is completed, coloured and signed inside pages is what is without it.
func TestPagesSlots(t *testing.T) {
	const src = "messages.getHistory peer=me limit=5"
	prefix := "pages 3 "
	f, g := syntax.Parse(src), syntax.Parse(prefix+src)
	for off := range len(src) {
		_, want, ok := checkOf(f).SlotAt(f, off)
		_, got, ok2 := checkOf(g).SlotAt(g, off+len(prefix))
		if ok != ok2 || want.Kind != got.Kind || want.Role != got.Role || want.Want != got.Want || want.Of != got.Of || want.Next != got.Next {
			t.Errorf("at %d: %+v without pages, %+v with", off, want, got)
		}
	}
	if checkOf(g).Call == nil {
		t.Error("the call is not found")
	}
}

func checkOf(f *syntax.File) *bind.Info { return bind.Check(schema.Current(), f, 0, env{}) }
