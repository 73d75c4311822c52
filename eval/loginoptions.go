package eval

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"tlsh/render"
	"tlsh/signin"
	"tlsh/syntax"
)

// What only the shell asks for, beside the items of signin.
const (
	itemAPIID   signin.Item = "api-id"
	itemAPIHash signin.Item = "api-hash"
)

// loginOptions are what follows login.
type loginOptions struct {
	profile, bot string
	qr           bool
	given        map[signin.Item]string
}

// loginItems are the options that answer a question.
var loginItems = [...]signin.Item{signin.Phone, signin.Code, signin.Password, signin.Recovery, signin.Email, signin.EmailCode, signin.SignUp, itemAPIID, itemAPIHash}

// loginOptions reads `--name VALUE`, `--name=VALUE` and a phone number by
// itself. No error holds a value: they are secrets.
func (r *run) loginOptions(call *syntax.Call) (*loginOptions, error) {
	opt := &loginOptions{given: map[signin.Item]string{}}
	words, err := r.optionWords(call)
	if err != nil {
		return nil, err
	}
	for i := 0; i < len(words); i++ {
		w := words[i]
		if w.name == "" {
			if _, has := opt.given[signin.Phone]; has || !isPhone(w.text) {
				return nil, errors.New(`a word here is neither an option nor a phone number: want login, or login with options: --phone +NUMBER, --code CODE, --password env:NAME, --bot TOKEN, --qr, --api-id N, --api-hash HASH, --sign-up "First Last", --email ADDRESS, --profile NAME`)
			}
			opt.given[signin.Phone] = w.text
			continue
		}
		if w.name == "qr" {
			opt.qr = true
			continue
		}
		value := w.text
		if !w.has {
			if i++; i >= len(words) || words[i].name != "" {
				return nil, fmt.Errorf("--%s wants a value", w.name)
			}
			value = words[i].text
		}
		switch {
		case w.name == "profile":
			opt.profile = value
		case w.name == "bot":
			opt.bot = value
		case w.name == string(itemAPIID) && !isAppID(value):
			return nil, errors.New("--api-id wants a number, as 12345")
		case slices.Contains(loginItems[:], signin.Item(w.name)):
			opt.given[signin.Item(w.name)] = value
		default:
			names := []string{"profile", "bot", "qr"}
			for _, it := range loginItems {
				names = append(names, string(it))
			}
			return nil, unknownOption("login", w.name, names)
		}
	}
	return opt, nil
}

// isPhone reports that a word can be a phone number: its digits, with or without the
// plus before them.
func isPhone(s string) bool {
	s = strings.TrimPrefix(s, "+")
	return s != "" && strings.Trim(s, "0123456789 ()-") == ""
}

// unknownOption names the options that there are.
func unknownOption(command, name string, names []string) error {
	fix := "there are --" + strings.Join(names, ", --")
	if s := syntax.Suggest(name, names); s != "" {
		fix = "did you mean --" + s + "?"
	}
	return fmt.Errorf("%s has no option --%s (%s)", command, name, fix)
}

// optionWord is an option of a command, or a word between them.
type optionWord struct {
	at   int
	name string // of an option; "" for a word
	text string // its value, or the word
	has  bool   // the option has a value, behind =
}

// optionWords are the options and words behind a command, in the order of the
// line. env:NAME is read.
func (r *run) optionWords(call *syntax.Call) ([]optionWord, error) {
	var out []optionWord
	for i, text := range r.words(call) {
		if quoted, ok := call.Args[i].Value.(*syntax.String); ok {
			text = quoted.Value // which may be empty
		}
		out = append(out, optionWord{at: call.Args[i].Span().From, text: text})
	}
	for _, o := range r.stmt.Stmt.Options {
		w := optionWord{at: o.Span().From, name: o.Name.Text}
		if w.has = o.Value != nil; w.has {
			w.text = syntax.Text(o.Value)
		}
		out = append(out, w)
	}
	slices.SortFunc(out, func(a, b optionWord) int { return a.at - b.at })
	for i := range out {
		if name, ok := strings.CutPrefix(out[i].text, "env:"); ok {
			v, set := r.Getenv(name)
			if !set {
				return nil, fmt.Errorf("the environment has no %s", name)
			}
			out[i].text = v
		}
	}
	return out, nil
}

// person answers what signing in asks: from the options, else whoever sits at
// the terminal.
type person struct {
	*run
	given map[signin.Item]string
	used  map[signin.Item]bool
	drawn int // rows of the QR code on the screen
}

// missingAnswer tells which option answers a question that nobody is there for.
type missingAnswer struct{ item signin.Item }

func (e *missingAnswer) Error() string {
	return fmt.Sprintf("login needs an answer that nobody is there to give: --%s VALUE", e.item)
}

// Answer gives an option's value once: when that was wrong, its error is the
// answer.
func (p *person) Answer(ctx context.Context, q signin.Question) (string, error) {
	if v, ok := p.given[q.Item]; ok && !p.used[q.Item] {
		if p.used == nil {
			p.used = map[signin.Item]bool{}
		}
		p.used[q.Item] = true
		return v, nil
	} else if ok && q.Wrong != nil {
		return "", q.Wrong
	}
	if q.Wrong != nil && p.cfg.Ask != nil {
		p.errln(render.Failure(nil, q.Wrong, p.cfg.ErrView))
	}
	answer, err := p.Ask(ctx, Question{Text: p.laidOut(q.Text+":", answerRoom) + " ", Secret: q.Secret})
	switch {
	case errors.Is(err, ErrNobody) && q.Item == signin.SignUp:
		return "", nil // no account is made that nobody asked for
	case errors.Is(err, ErrNobody):
		return "", &missingAnswer{q.Item}
	case errors.Is(err, io.EOF):
		return "", context.Canceled
	}
	return answer, err
}

// answerRoom is the room for a short answer behind a question, in columns.
const answerRoom = 8

// laidOut is a text broken for the terminal, so that no word of it is, with some room
// at its right.
func (s *Shell) laidOut(text string, room int) string {
	o := s.cfg.ErrView
	o.Width = max(o.Width-room, render.MinWidth)
	page := render.NewProse(o)
	page.Text(0, text)
	return strings.TrimSuffix(string(page.Bytes()), "\n")
}

// Tell says something that is no question.
func (p *person) Tell(text string) {
	for line := range strings.Lines(text) {
		p.note("%s", strings.TrimSuffix(line, "\n"))
	}
}

// ShowQR draws the link, over the one before on a terminal.
func (p *person) ShowQR(link string, until time.Time) {
	p.errln(p.drawQR(link, until))
}

// passphrase asks for that of a profile: of TLSH_PASSPHRASE, else the person.
func (s *Shell) passphrase(ctx context.Context, name string) (string, error) {
	if v, ok := s.Getenv("TLSH_PASSPHRASE"); ok {
		return v, nil
	}
	return s.Ask(ctx, Question{Text: fmt.Sprintf("Passphrase of profile %q: ", name), Secret: true})
}
