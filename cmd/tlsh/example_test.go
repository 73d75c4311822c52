package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"tlsh/eval"
	"tlsh/example"
	"tlsh/sandbox"
	"tlsh/schema"
)

// sensible are the answers of a fresh sandbox to examples that are right, but for
// @sam having no right there, for what the fresh world lacks, or for a secret
// that only the server knows.
var sensible = []string{
	"CHAT_ADMIN_REQUIRED", "CHANNEL_FORUM_MISSING", "MESSAGE_DELETE_FORBIDDEN", "MESSAGE_TOO_OLD", "USER_ALREADY_PARTICIPANT",
	"IMPORT_TOKEN_INVALID", "INVITE_HASH_EXPIRED", "PHONE_CODE_EXPIRED", "MSG_ID_INVALID", "MESSAGE_ID_INVALID", "STICKERSET_INVALID", "STICKER_ID_INVALID", "GIF_ID_INVALID", "AUTH_BYTES_INVALID", "ENCRYPTED_MESSAGE_INVALID", "FILE_ID_INVALID", "FILE_PART_0_MISSING",
}

// needFiles are requests that are of use with a file only, which the sandbox
// does not simulate.
var needFiles = []string{"messages.sendMultiMedia"}

// Every example of a request that the sandbox simulates runs there as it
// stands, in a fresh world, as whoever is signed in first and has seen their
// dialogs, as every client does when it starts.
func TestExamplesRun(t *testing.T) {
	t.Setenv("TLSH_SANDBOX_CLOCK", "2026-03-06T18:00:00Z")
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	sb, err := sandbox.New(sandbox.Config{})
	if err != nil {
		t.Fatal(err)
	}
	s := schema.Current()
	got := map[string]string{}
	for _, name := range sb.Methods() {
		if slices.Contains(needFiles, name) {
			continue
		}
		line := example.Line(s, s.Method(name))
		var out, errs bytes.Buffer
		status := execute([]string{"--sandbox", "-o", "jsonl", "-c", "messages.getDialogs | jq -c empty", "-c", line}, streams{in: strings.NewReader(""), out: &out, err: &errs, getenv: os.LookupEnv})
		if status == eval.OK {
			continue
		}
		var doc struct {
			Kind    string `json:"_"`
			Code    int    `json:"error_code"`
			Message string `json:"error_message"`
		}
		if json.Unmarshal(out.Bytes(), &doc) != nil || doc.Kind != "rpc_error" || doc.Code >= 500 {
			t.Errorf("%s: status %d\n%s%s", line, status, out.Bytes(), errs.Bytes())
			continue
		}
		got[name] = doc.Message
	}
	for _, name := range slices.Sorted(maps.Keys(got)) {
		t.Logf("%s: %s", got[name], example.Line(s, s.Method(name)))
		if !slices.Contains(sensible, got[name]) {
			t.Errorf("%s is a failure of the example", name)
		}
	}
	t.Logf("%d examples run, %d of them are refused", len(sb.Methods()), len(got))
}
