package example

import (
	"tlsh/bind"
	"tlsh/tl"
)

// Call is a request, or a constructor, to be written in another language.
type Call struct {
	Object *tl.Object
	// Open are the holes that its line had, whether they were filled or not: who
	// was meant by name, and what fills itself.
	Open []*bind.Hole
}
