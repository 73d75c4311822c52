package syntax

import "sort"

// TokenKind says what a token is.
type TokenKind uint8

// The kinds of token.
const (
	TokSpace   TokenKind = iota // white space other than a newline
	TokNewline                  // one newline
	TokComment                  // # to the end of the line, without the newline
	TokWord                     // a bare word: a name, a number, a value
	TokName                     // name= before a value
	TokTag                      // md, html, file: or b before a string, int or long before [
	TokString                   // a quoted string with its quotes
	TokVar                      // $name
	TokStep                     // .name, and what stands in the brackets of a path
	TokOption                   // --name, --name=, and a pipe's -r
	TokKeyword                  // batch, for, in, ordered, await
	TokPipe                     // the name of a pipe: jq, save, table, !
	TokPunct                    // one of = , ; | ( ) [ ] < >
	TokRaw                      // a filter or a shell command
	TokBad                      // what fits nowhere
)

var tokenNames = [...]string{
	"space", "newline", "comment", "word", "name", "tag", "string", "var", "step",
	"option", "keyword", "pipe", "punct", "raw", "bad",
}

// String names the kind, for tests and messages.
func (k TokenKind) String() string {
	if int(k) < len(tokenNames) {
		return tokenNames[k]
	}
	return "?"
}

// Token is a run of source bytes of one kind.
type Token struct {
	Kind TokenKind
	Span Span
}

// TokenAt returns the token that holds the byte at off; at the end of the
// source the last one. It is the zero Token when the source is empty.
func (f *File) TokenAt(off int) Token {
	if len(f.Tokens) == 0 {
		return Token{}
	}
	i := sort.Search(len(f.Tokens), func(i int) bool { return f.Tokens[i].Span.To > off })
	return f.Tokens[min(i, len(f.Tokens)-1)]
}
