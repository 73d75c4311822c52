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
// what no line can know beforehand: a secret that only the server gives, a file
// reference, the parts of a file, what somebody asks a bot; and a group of a
// hundred, which the small world lacks. What is for bots runs as one.
var sensible = []string{
	"PHONE_CODE_EXPIRED", "EMAIL_VERIFY_EXPIRED", "AUTH_TOKEN_INVALIDX",
	"HASH_INVALID", "TAKEOUT_REQUIRED", "TOKEN_INVALID", "METHOD_INVALID", "FILE_TOKEN_INVALID",
	"USERNAME_INVALID", "ORDER_INVALID", // of names that are not one's own
	"SRP_ID_INVALID", "PASSWORD_EMPTY", "PASSWORD_RECOVERY_EXPIRED", "EMAIL_HASH_EXPIRED", "RESET_REQUEST_MISSING",
	"AUTH_BYTES_INVALID", "IMPORT_TOKEN_INVALID", "ENCRYPTED_MESSAGE_INVALID",
	"STICKER_ID_INVALID", "GIF_ID_INVALID", "MEDIA_EMPTY", "FILE_PART_0_MISSING",
	"PARTICIPANTS_TOO_FEW", "INLINE_RESULT_EXPIRED", "QUERY_ID_INVALID", "messages.editInlineBotMessage MESSAGE_ID_INVALID",
}

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
		line := example.Line(s, s.Method(name))
		var out, errs bytes.Buffer
		run := func(args ...string) eval.Status {
			out.Reset()
			args = append([]string{"--sandbox", "-o", "jsonl"}, args...)
			return execute(append(args, "-c", line), streams{in: strings.NewReader(""), out: &out, err: &errs, getenv: os.LookupEnv})
		}
		status := run("-c", "messages.getDialogs | jq -c empty")
		if bytes.Contains(out.Bytes(), []byte("USER_BOT_REQUIRED")) {
			status = run("--as", "@weather_bot")
		}
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
		if !slices.Contains(sensible, got[name]) && !slices.Contains(sensible, name+" "+got[name]) {
			t.Errorf("%s is a failure of the example", name)
		}
	}
	t.Logf("%d examples run, %d of them are refused", len(sb.Methods()), len(got))
}
