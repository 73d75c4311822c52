package bind

import (
	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// HoleKind says who can fill a hole.
type HoleKind uint8

// The kinds of a hole.
const (
	// HolePeer is a reference to somebody (@name, me, an id, a link): Text.
	HolePeer HoleKind = iota
	// HoleEntity is somebody whole, as the server shows them: a user, chat or
	// channel. Text or Value say who, as of a HolePeer.
	HoleEntity
	// HoleRandom is a random_id: an int, a long, or a Vector<long> with as many
	// as the request's id has.
	HoleRandom
	// HoleFile is file:PATH where bytes are wanted: Text is the path.
	HoleFile
	// HoleClock is a date that needs the clock or the time zone: Date gives it.
	HoleClock
	// HoleUpload is file:PATH where an InputFile is wanted: Text is the path.
	HoleUpload
	// HoleStored is an InputMedia with an uploaded file, Value, whose photo or
	// document the server has to make first (messages.uploadMedia), as Want: an
	// InputPhoto, an InputDocument, or the InputMedia that names one.
	HoleStored
	// HoleAttributes are the attributes of a document, a Vector<DocumentAttribute>
	// that its file tells: the one at the path Text, or the uploaded one, Value.
	HoleAttributes
	// HoleLater is a variable whose value only the answer to a line before will say.
	HoleLater
)

// Hole is a value that needs the world: the check leaves its place empty and
// says what is wanted there.
type Hole struct {
	Kind HoleKind
	Want *schema.Type
	Node syntax.Node // what stands in the line; nil for what fills itself
	Text string      // the reference, the path, or the date
	// Value is the object that says who is meant, where that is not a Text; of a
	// HoleStored the InputMedia, of a HoleAttributes the InputFile.
	Value tl.Value
	// For is the inputStickerSetItem that a HoleAttributes is for; else nil.
	For *tl.Object
	// Quoted says that Text was written in quotes, so that a bare name is
	// meant as one.
	Quoted bool
	// Of is the object that the hole is in, and Param the index of its
	// parameter.
	Of    *tl.Object
	Param int
	// Path is the hole's place as a TL path: messages.sendMessage.peer.
	Path string
	at   place
}

// Elem is the element of the parameter, a Vector, that the hole is; -1 where it
// is all of the parameter.
func (h *Hole) Elem() int {
	if h.at.items == nil {
		return -1
	}
	return h.at.i
}

// Fill puts the value into its place.
func (h *Hole) Fill(v tl.Value) { h.at.set(v) }

// peerClasses are the types that a reference can become.
var peerClasses = [...]string{"InputPeer", "InputUser", "InputChannel", "InputDialogPeer", "InputNotifyPeer", "Peer"}

// PeerTypes are the names of the types that a reference to somebody can become.
func PeerTypes() []string { return append([]string(nil), peerClasses[:]...) }

// IsPeer reports that a reference to somebody can become a value of t.
func IsPeer(t *schema.Type) bool {
	if t == nil || t.Kind != schema.KindBoxed {
		return false
	}
	for _, n := range peerClasses {
		if t.Name == n {
			return true
		}
	}
	return false
}
