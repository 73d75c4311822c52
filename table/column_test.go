package table

import (
	"testing"

	"tlsh/schema"
)

// The columns that are chosen for a type are fields of it.
func TestChosenColumns(t *testing.T) {
	for _, c := range schema.Current().Classes() {
		for _, col := range chosenColumns(c.Name) {
			ok := col == "_"
			for _, d := range c.Constructors() {
				ok = ok || d.Param(col) != nil
			}
			if !ok {
				t.Errorf("no %s has a field %s", c.Name, col)
			}
		}
	}
}
