package render

import (
	"strings"
	"sync"

	"github.com/fatih/color"
)

// style is a role of text.
type style uint8

const (
	plain  style = iota
	typing       // names of constructors, methods and types
	field        // names of fields
	text         // strings
	number       // numbers, bytes, true and false
	date         // dates
	name         // names of people and chats beside their id
	dim          // what is said about a value and is not part of it
	fault        // errors
	fix          // what to do about them
	styles
)

// palette holds the sequence that begins and the one that ends each style;
// the zero palette has no colours.
type palette [styles]struct{ on, off string }

var noColors palette

// colors is the palette with colours. Whether it is used is for Options to
// say, never for a global of the colour package.
var colors = sync.OnceValue(func() *palette {
	var p palette
	for s, attrs := range map[style][]color.Attribute{
		typing: {color.FgCyan, color.Bold},
		field:  {color.FgHiBlue},
		text:   {color.FgGreen},
		number: {color.FgMagenta},
		date:   {color.FgYellow},
		name:   {color.FgCyan},
		dim:    {color.Faint},
		fault:  {color.FgRed, color.Bold},
		fix:    {color.FgGreen, color.Bold},
	} {
		c := color.New(attrs...)
		c.EnableColor()
		const mark = "\x00"
		p[s].on, p[s].off, _ = strings.Cut(c.Sprint(mark), mark)
	}
	return &p
})
