package sandbox

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// peer names a person, a basic group or a channel. The zero peer is nobody.
type peer struct {
	kind peerKind
	id   int64
}

type peerKind uint8

const (
	noPeer peerKind = iota
	userPeer
	chatPeer
	channelPeer
)

// world is everything that there is. It is guarded by Sandbox.mu, but for what
// never changes after loading: people, self.
type world struct {
	schema *schema.Schema
	people []*person // in the order of the fixture
	rooms  []*room   // in the order of the fixture
	byID   map[int64]*person
	room   map[peer]*room
	names  map[string]peer   // by username in lower case, active or not; see names.go
	owned  map[peer][]handle // the usernames of everybody
	self   *person           // the default person
	now    int32             // when the request at hand came, in Unix time
	dc     int32             // the data centre that keeps the files
	store  storage

	manners  mannered
	inline   inlined
	noted    int64 // how many notes there ever were
	notedAt  int32 // the date of the latest
	polls    map[int64]*poll
	serial   int64         // of the last id that serialID gave
	due      int32         // when the next scheduled message is sent; 0: none
	fading   []*letter     // those that delete themselves, the next first
	stickers []*stickerSet // in the order of the fixture

	chatlists []*chatlist // the links to folders
}

// person is one of the people, with what they have: messages, dialogs,
// contacts, sessions.
type person struct {
	peer
	def  *tl.Object // user, without what depends on the viewer
	home int        // the data centre; 0: that of the world

	secret      *secret // the two-step password; nil: none
	unconfirmed *secret // the next one, whose e-mail waits for its code
	confirmBy   int32
	resetAt     int32    // when the password is taken away, because it is forgotten; 0: never
	declined    int32    // when that was declined last
	email       string   // by which they sign in; "": by phone
	emailWanted bool     // they have to name one
	emailReset  int32    // when email is taken away; 0: never
	token       string   // of a bot; see botToken
	future      []string // future auth tokens

	ttlDays   int32 // after how many days an authorization ends that is not used; 0: defaultSessionDays
	endsAt    int32 // when the account can be deleted without its password; 0: it was not asked for
	birthday  *tl.Object
	privacy   map[string]privacyRules // by key, as PhoneNumber; those that were changed
	global    *tl.Object              // globalPrivacySettings; nil: none are set
	notify    map[about]*tl.Object    // inputPeerNotifySettings
	prefs     prefs
	seed      int64 // of the access hashes
	about     string
	contacts  map[int64]*contact
	shows     map[int64]bool // who is shown their number, whatever the rules are
	phonebook []phonebookEntry
	blocked   blocklists
	top       topState
	photos    profilePhotos
	stories   storyboard
	watching  watching  // of the stories of others
	bot       *botState // of a bot; else nil
	box       *box
	dialogs   map[peer]*dialog
	random    map[int64]bool // the random_ids seen
	logins    []*login
	pins      []peer // the dialogs on top of their folders, in their order
	reacting  reacting
	savedPins []peer // of Saved Messages: whose are on top
	kept      kept
	ttl       int32        // of new private chats
	uploads   uploads      // the files whose parts came
	filters   []*tl.Object // dialogFilter and its like in their order; nil: only dialogFilterDefault

	joinedlists map[int32]*joinedlist // of the filters that came by a link
	notes       notes
	qts         qtsLog
}

// room is a basic group or a channel.
type room struct {
	peer
	def       *tl.Object // chat or channel, without what depends on the viewer
	seed      int64
	about     string
	members   []*member           // in the order of joining; changed by seat, expel and close
	seats     map[*person]*member // the same; nil as long as they are few
	bans      []*ban
	left      []*person     // who has left of their own will
	box       *box          // of a channel; the members of a basic group have their own
	slow      time.Duration // in force between two messages of one member; 0: any
	ownSlow   time.Duration // what channels.toggleSlowMode set; a SlowMode goes before it
	toggles   map[string]bool
	photo     *tl.Object // photo; nil: none
	closed    bool       // deleted
	log       []logged
	topics    []*topic // of a forum, General first
	topicPins []*topic // those on top, in their order
	invites   inviting
	notes     notes
	lastBot   *person // the bot that was the last one to say something; nil: none has
	looking   []guest // who looks at it without being a member
	// discussion is the supergroup in which a channel's posts are talked about,
	// and for such a supergroup its channel
	// (https://core.telegram.org/api/discussion); nil: none.
	discussion *room
	stories    storyboard
	reactions  *tl.Object // ChatReactions, which are allowed; nil: all
	ttl        int32      // after how many seconds messages are deleted; 0: never
}

func (p *person) name() string {
	return strings.TrimSpace(p.def.At("first_name").AsString() + " " + p.def.At("last_name").AsString())
}

// member is p's place in the room, nil when there is none.
func (r *room) member(p *person) *member {
	const few = 32
	if r.seats == nil && len(r.members) <= few {
		for _, m := range r.members {
			if m.person == p {
				return m
			}
		}
		return nil
	}
	if r.seats == nil {
		r.seats = make(map[*person]*member, len(r.members))
		for _, m := range r.members {
			r.seats[m.person] = m
		}
	}
	return r.seats[p]
}

// seat puts a member into the room.
func (r *room) seat(m *member) {
	r.members = append(r.members, m)
	if r.seats != nil {
		r.seats[m.person] = m
	}
}

// public reports a channel that everybody may read.
func (w *world) public(r *room) bool { return w.username(r.peer) != "" }

// broadcast reports a channel where only admins write.
func (r *room) broadcast() bool { return r.def.At("broadcast").AsBool() }

// dialog is what a person has of a conversation. A channel's messages are the
// channel's own.
type dialog struct {
	with    peer
	list    *history
	readIn  int32 // the newest incoming message that the person has read
	readOut int32 // the newest own message that somebody else has read
	minID   int32 // of a channel: this message and those before are hidden from the person

	folder int32                // where it is filed: 0, or 1 for the archive
	marked bool                 // as unread, whatever was read
	drafts map[int32]*tl.Object // draftMessage by topic; 0: of the dialog itself
	hidden bool                 // the bar of actions for who is new

	scheduled scheduled
	ttl       int32             // of a private chat: after how many seconds messages are deleted; 0: never
	threads   map[*letter]int32 // of a supergroup: up to which answer a thread was read
	reads     []readMark        // when it was read, in the order of time
	mentions  idSet             // the messages with a mention that was not seen
	reacted   idSet             // the own messages with a reaction that was not seen
}

// dialog is the conversation of p with that peer, made when there is none.
func (w *world) dialog(p *person, with peer) *dialog {
	d := p.dialogs[with]
	if d == nil {
		d = &dialog{with: with, list: new(history)}
		if r := w.room[with]; with.kind == channelPeer && r != nil {
			d.list = &r.box.history
		}
		p.dialogs[with] = d
	}
	return d
}

// unread counts the incoming messages after the last one read.
func (d *dialog) unread(p *person) int32 { return int32(d.list.incoming(p, d.readIn)) }

// accessHash is the hash by which the viewer may name somebody with that seed:
// everybody has their own, so that one cannot be passed on.
func accessHash(seed int64, viewer *person) int64 {
	x := uint64(seed) ^ uint64(viewer.id)*0x9e3779b97f4a7c15
	// splitmix64's finalizer: small differences of the input change every bit.
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return int64(x ^ x>>31)
}

// find gives who is meant by "@name", a name, "me", an id, a marked id (-5 for
// a basic group, -1000000000005 for a channel) or a room's title.
func (w *world) find(ref string) peer {
	if ref == "me" || ref == "self" || ref == "" {
		if w.self != nil {
			return w.self.peer
		}
		return peer{}
	}
	if n, err := strconv.ParseInt(ref, 10, 64); err == nil {
		const channelBase = -1_000_000_000_000
		var p peer
		switch {
		case n < channelBase:
			p = peer{channelPeer, channelBase - n}
		case n < 0:
			p = peer{chatPeer, -n}
		default:
			p = peer{userPeer, n}
		}
		if w.byID[p.id] != nil && p.kind == userPeer || w.room[p] != nil {
			return p
		}
		return peer{}
	}
	if p, ok := w.names[strings.ToLower(strings.TrimPrefix(ref, "@"))]; ok {
		return p
	}
	for _, r := range w.rooms {
		if !r.closed && r.def.At("title").AsString() == ref {
			return r.peer
		}
	}
	return peer{}
}

// lookup is find for one of the people.
func (w *world) lookup(ref string) (*person, error) {
	if p := w.find(ref); p.kind == userPeer {
		return w.byID[p.id], nil
	}
	var names []string
	for _, p := range w.people {
		if n := w.username(p.peer); n != "" {
			names = append(names, "@"+n)
		}
	}
	near := syntax.Suggest("@"+strings.TrimPrefix(ref, "@"), names)
	if near != "" {
		return nil, fmt.Errorf("sandbox: there is no %s here; did you mean %s?", syntax.Quote(ref), near)
	}
	return nil, fmt.Errorf("sandbox: there is no %s here; there are %s", syntax.Quote(ref), strings.Join(names, ", "))
}
