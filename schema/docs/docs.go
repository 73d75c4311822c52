// Package docs holds what is known in prose about the API, keyed by TL name.
package docs

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
)

// ErrorsPage is the API's own page about errors.
const ErrorsPage = "https://core.telegram.org/api/errors"

//go:embed errors.txt
var errorsText string

// Explanation says what an error of the API means.
type Explanation struct {
	// Pattern is the error as it is listed, %d for the number in it:
	// FLOOD_WAIT_%d.
	Pattern string
	// Code is the error_code that it comes with; 400 where several do.
	Code int
	// Meaning is what went wrong, and Advice what to do about it, each one or
	// two sentences of plain text. Numbers are filled in.
	Meaning string
	Advice  string // "" where only the API's page is at hand
}

type errorEntry struct {
	pattern         string
	code            int
	meaning, advice string
}

// table is the list of errors by pattern, read when first asked for.
var table = sync.OnceValue(func() map[string]errorEntry {
	entries, err := readErrors(errorsText)
	if err != nil {
		panic("errors.txt: " + err.Error()) // the file is a part of the program, and a test reads it
	}
	return entries
})

// Error explains the error_message of an rpc_error, such as FLOOD_WAIT_30 or
// PEER_ID_INVALID. ok is false when nothing is known about it; the function
// Code then still says what its error_code means. A message in the form of the
// lists, FLOOD_WAIT_X or FLOOD_WAIT_%d, is explained without a number.
func Error(message string) (x Explanation, ok bool) {
	e, arg, ok := find(message)
	if !ok {
		return listed(message)
	}
	fill := strings.NewReplacer("%d", arg, "%t", duration(arg))
	return Explanation{
		Pattern: e.pattern,
		Code:    e.code,
		Meaning: fill.Replace(e.meaning),
		Advice:  fill.Replace(e.advice),
	}, true
}

// listed is the explanation that the API's own pages give.
func listed(message string) (Explanation, bool) {
	pattern, arg, ok := match(message, inPages)
	text, code, _ := Thrown(pattern)
	if !ok || text == "" {
		return Explanation{}, false
	}
	return Explanation{Pattern: pattern, Code: code, Meaning: strings.ReplaceAll(text, "%d", arg)}, true
}

// find looks for the message in errors.txt.
func find(message string) (e errorEntry, arg string, ok bool) {
	t := table()
	pattern, arg, ok := match(message, func(p string) bool { _, ok := t[p]; return ok })
	return t[pattern], arg, ok
}

// Pattern is the pattern of an error_message, as FLOOD_WAIT_%d of FLOOD_WAIT_30,
// "" for one that is not known.
func Pattern(message string) string {
	if e, _, ok := find(message); ok {
		return e.pattern
	}
	pattern, _, _ := match(message, inPages)
	return pattern
}

// inPages reports a pattern that the API's pages list, described or not.
func inPages(pattern string) bool {
	_, ok := all().codes[pattern]
	return ok
}

// match looks for the message as it is, and then with its number as %d.
func match(message string, known func(pattern string) bool) (pattern, arg string, ok bool) {
	// The sandbox names a parameter behind a colon.
	message, _, _ = strings.Cut(message, ": ")
	if known(message) {
		return message, "some", true
	}
	if len(message) > 128 {
		return "", "", false
	}
	words := strings.Split(message, "_")
	for i, w := range words {
		if !digits(w) && w != "X" {
			continue
		}
		words[i] = "%d"
		if p := strings.Join(words, "_"); known(p) {
			if w == "X" {
				w = "some"
			}
			return p, w, true
		}
		words[i] = w
	}
	return "", "", false
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// duration spells a number of seconds with its two largest units.
func duration(arg string) string {
	n, err := strconv.ParseInt(arg, 10, 32)
	if err != nil {
		return "some time"
	}
	units := []struct {
		name    string
		seconds int64
	}{{"day", 86400}, {"hour", 3600}, {"minute", 60}, {"second", 1}}
	var parts []string
	for _, u := range units {
		k := n / u.seconds
		n %= u.seconds
		if k == 0 && (u.seconds > 1 || len(parts) > 0) {
			if len(parts) > 0 {
				break
			}
			continue
		}
		s := strconv.FormatInt(k, 10) + " " + u.name
		if k != 1 {
			s += "s"
		}
		if parts = append(parts, s); len(parts) == 2 {
			break
		}
	}
	return strings.Join(parts, " ")
}

// Code says what all errors with this error_code have in common, "" for a code
// that the API does not document. The transport's codes are negative.
func Code(code int) string {
	switch code {
	case 303:
		return "The request belongs to another data centre."
	case 400:
		return "The request, or a value in it, is wrong."
	case 401:
		return "The session is not signed in, or not any more."
	case 403:
		return "This account may not do that."
	case 404:
		return "Nothing is there, or the request itself is not known to the server."
	case 406:
		return "The server refuses, as 400 does, and tells the reason in a message of its own to the account's apps."
	case 420:
		return "Too many requests in too short a time."
	case 500, -500:
		return "The server failed; the same request may succeed later."
	case 501:
		return "The sandbox does not simulate that."
	case 503, -503:
		return "The server did not finish in time; the same request may succeed later."
	}
	return ""
}
