package oracle

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/tg"

	"tlsh/schema"
	"tlsh/tl"
	"tlsh/tl/tltest"
)

// rounds is how many random values of each definition go each way.
const rounds = 24

var anyType = &schema.Type{Kind: schema.KindAny, Name: "Object"}

// Both sides know the same definitions.
func TestDefinitions(t *testing.T) {
	for _, j := range judges() {
		ours, theirs := j.missing()
		for _, id := range ours {
			// rpc_answer_… and the like would stand here by name.
			t.Errorf("%s: gotd lacks %s", j.name, j.schema.ByID(id).Name)
		}
		for _, id := range theirs {
			t.Errorf("%s: we lack #%08x", j.name, id)
		}
	}
}

// What we write, gotd reads as the same value and writes as the same bytes.
func TestOursToTheirs(t *testing.T) {
	for _, j := range judges() {
		t.Run(j.name, func(t *testing.T) {
			tally := newTally(t, j, func(e exception) string { return e.ours })
			for _, c := range j.definitions() {
				g := tltest.New(j.schema, uint64(c.ID))
				g.Any = j.any
				for i := range rounds {
					if i == rounds/2 {
						g.Text = nil
						g.Bytes = nil
					} else if i == 0 {
						g.Text = edgeText
						g.Bytes = edgeBytes
					}
					g.Depth = 1 + i%4
					o := g.Object(c)
					tally.add(c, o, judgeOurs(j, o))
				}
			}
			tally.done()
		})
	}
}

func judgeOurs(j *judge, o *tl.Object) error {
	ours, err := tl.Encode(o)
	if err != nil {
		return err
	}
	x, err := j.decode(ours)
	if err != nil {
		return fmt.Errorf("gotd does not read our bytes: %w\n%x", err, ours)
	}
	if a, b := tltest.Dump(o.Value()), dump(x); a != b {
		return fmt.Errorf("values differ\nours %s\ngotd %s", a, b)
	}
	theirs, err := encode(x)
	if err != nil {
		return fmt.Errorf("gotd: %w", err)
	}
	if !bytes.Equal(ours, theirs) {
		return fmt.Errorf("bytes differ\nours %x\ngotd %x", ours, theirs)
	}
	return nil
}

// What gotd writes, we read as the same value and write as the same bytes.
func TestTheirsToOurs(t *testing.T) {
	for _, j := range judges() {
		t.Run(j.name, func(t *testing.T) {
			tally := newTally(t, j, func(e exception) string { return e.theirs })
			f := j.filler(0, tltest.EdgeLength)
			for _, c := range j.definitions() {
				for i := range rounds {
					f.depth = 1 + i%4
					o, err := judgeTheirs(j, f.object(c.ID, uint64(i)))
					tally.add(c, o, err)
				}
			}
			tally.done()
		})
	}
}

func judgeTheirs(j *judge, x bin.Object) (*tl.Object, error) {
	theirs, err := encode(x)
	if err != nil {
		return nil, fmt.Errorf("gotd: %w", err)
	}
	v, n, notes, err := tl.DecodePrefix(j.schema, theirs, anyType)
	if err != nil || n < len(theirs) || len(notes) > 0 {
		return nil, fmt.Errorf("we do not read gotd's bytes: %v, %d of %d bytes, %v\n%x", err, n, len(theirs), notes, theirs)
	}
	ours, err := tl.Append(nil, v, anyType)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(ours, theirs) {
		return nil, fmt.Errorf("bytes differ\nours %x\ngotd %x", ours, theirs)
	}
	if a, b := tltest.Dump(v), dump(x); a != b {
		return nil, fmt.Errorf("values differ\nours %s\ngotd %s", a, b)
	}
	return v.Object(), nil
}

// tally counts what was judged, definition by definition.
type tally struct {
	*testing.T
	judge  *judge
	prefix func(exception) string // of the errors that an exception covers
	values int
	failed map[string]bool
	// present and absent say how often a parameter was there and was not.
	present, absent map[*schema.Param]int
}

func newTally(t *testing.T, j *judge, prefix func(exception) string) *tally {
	return &tally{T: t, judge: j, prefix: prefix, failed: map[string]bool{}, present: map[*schema.Param]int{}, absent: map[*schema.Param]int{}}
}

// add takes the verdict on a value of c; o may be nil when there was an error.
func (t *tally) add(c *schema.Combinator, o *tl.Object, err error) {
	t.values++
	if o != nil {
		for i := range c.Params {
			if o.Has(i) {
				t.present[&c.Params[i]]++
			} else {
				t.absent[&c.Params[i]]++
			}
		}
	}
	if err == nil {
		return
	}
	e, excepted := t.judge.wrong[c.Name]
	covered := excepted && strings.HasPrefix(err.Error(), t.prefix(e))
	if !covered && (excepted || !t.failed[c.Name]) {
		t.Errorf("%s: %.3000s", c.Name, err)
	}
	t.failed[c.Name] = true
}

// done reports the counts, exceptions that no longer are, and parameters that
// the values did not exercise.
func (t *tally) done() {
	for name, e := range t.judge.wrong {
		if t.failed[name] {
			t.Logf("excepted: %s: %s", name, e.why)
		} else {
			t.Errorf("%s agrees now: take it off the list (%s)", name, e.why)
		}
	}
	params, optional := 0, 0
	for _, c := range t.judge.definitions() {
		for i := range c.Params {
			p := &c.Params[i]
			if p.Type.Kind == schema.KindFlags || t.failed[c.Name] {
				continue
			}
			params++
			if p.Optional() {
				optional++
			}
			if t.present[p] == 0 || p.Optional() && t.absent[p] == 0 {
				t.Errorf("%s.%s: %d times present, %d times absent", c.Name, p.Name, t.present[p], t.absent[p])
			}
		}
	}
	s := t.judge.schema
	t.Logf("%d values of %d constructors and %d methods, %d parameters, %d of them optional; %d definitions agree, %d excepted",
		t.values, len(s.Constructors()), len(s.Methods()), params, optional, len(s.Constructors())+len(s.Methods())-len(t.failed), len(t.failed))
}

// vectors are gotd's types for the results that are bare Vectors.
var vectors = map[string]func() bin.Object{
	"Vector<BotCommand>":             func() bin.Object { return new(tg.BotCommandVector) },
	"Vector<BotPreviewMedia>":        func() bin.Object { return new(tg.BotPreviewMediaVector) },
	"Vector<ContactStatus>":          func() bin.Object { return new(tg.ContactStatusVector) },
	"Vector<DialogFilterSuggested>":  func() bin.Object { return new(tg.DialogFilterSuggestedVector) },
	"Vector<DialogPeer>":             func() bin.Object { return new(tg.DialogPeerClassVector) },
	"Vector<Document>":               func() bin.Object { return new(tg.DocumentClassVector) },
	"Vector<EmojiLanguage>":          func() bin.Object { return new(tg.EmojiLanguageVector) },
	"Vector<FactCheck>":              func() bin.Object { return new(tg.FactCheckVector) },
	"Vector<FileHash>":               func() bin.Object { return new(tg.FileHashVector) },
	"Vector<LangPackLanguage>":       func() bin.Object { return new(tg.LangPackLanguageVector) },
	"Vector<LangPackString>":         func() bin.Object { return new(tg.LangPackStringClassVector) },
	"Vector<MessageRange>":           func() bin.Object { return new(tg.MessageRangeVector) },
	"Vector<Peer>":                   func() bin.Object { return new(tg.PeerClassVector) },
	"Vector<PremiumGiftCodeOption>":  func() bin.Object { return new(tg.PremiumGiftCodeOptionVector) },
	"Vector<ReadParticipantDate>":    func() bin.Object { return new(tg.ReadParticipantDateVector) },
	"Vector<ReceivedNotifyMessage>":  func() bin.Object { return new(tg.ReceivedNotifyMessageVector) },
	"Vector<RecentStory>":            func() bin.Object { return new(tg.RecentStoryVector) },
	"Vector<RequirementToContact>":   func() bin.Object { return new(tg.RequirementToContactClassVector) },
	"Vector<SavedContact>":           func() bin.Object { return new(tg.SavedPhoneContactVector) },
	"Vector<SecureValue>":            func() bin.Object { return new(tg.SecureValueVector) },
	"Vector<StarsGiftOption>":        func() bin.Object { return new(tg.StarsGiftOptionVector) },
	"Vector<StarsGiveawayOption>":    func() bin.Object { return new(tg.StarsGiveawayOptionVector) },
	"Vector<StarsTopupOption>":       func() bin.Object { return new(tg.StarsTopupOptionVector) },
	"Vector<StickerSetCovered>":      func() bin.Object { return new(tg.StickerSetCoveredClassVector) },
	"Vector<User>":                   func() bin.Object { return new(tg.UserClassVector) },
	"Vector<WallPaper>":              func() bin.Object { return new(tg.WallPaperClassVector) },
	"Vector<int>":                    func() bin.Object { return new(tg.IntVector) },
	"Vector<long>":                   func() bin.Object { return new(tg.LongVector) },
	"Vector<messages.SearchCounter>": func() bin.Object { return new(tg.MessagesSearchCounterVector) },
}

// Results that are a Vector at the top, where only the method's result type
// says what the elements are.
func TestVectorResults(t *testing.T) {
	s := schema.Current()
	seen := map[string]bool{}
	for _, m := range s.Methods() {
		typ := m.Result
		if typ.Kind != schema.KindVector || seen[typ.Name] {
			continue
		}
		seen[typ.Name] = true
		if vectors[typ.Name] == nil {
			t.Errorf("%s: no type of gotd's is named for %s", m.Name, typ)
			continue
		}
		g := tltest.New(s, 11)
		for range rounds * 4 {
			v := g.Value(typ)
			ours, err := tl.Append(nil, v, typ)
			if err != nil {
				t.Fatalf("%s: %v", typ, err)
			}
			x := vectors[typ.Name]()
			buf := &bin.Buffer{Buf: append([]byte(nil), ours...)}
			if err := x.Decode(buf); err != nil || buf.Len() > 0 {
				t.Fatalf("%s: gotd: %v, %d bytes left", typ, err, buf.Len())
			}
			theirs, err := encode(x)
			if err != nil || !bytes.Equal(ours, theirs) {
				t.Fatalf("%s: %v\nours %x\ngotd %x", typ, err, ours, theirs)
			}
			w, err := tl.Decode(s, theirs, typ)
			if err != nil || !tl.Equal(v, w) {
				t.Fatalf("%s: decoded again: %v", typ, err)
			}
		}
	}
	if len(seen) != len(vectors) {
		t.Errorf("%d Vector results in the schema, %d in the table", len(seen), len(vectors))
	}
	t.Logf("%d Vector result types", len(seen))
}
func edgeBytes(r *rand.Rand) []byte {
	b := make([]byte, tltest.EdgeLength(r))
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

func edgeText(r *rand.Rand) string { return string(edgeBytes(r)) }
