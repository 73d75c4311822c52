package completer

import (
	"path"
	"strings"

	"tlsh/syntax"
)

// manyFiles is how many files of a folder are offered.
const manyFiles = 100

// files offers what the folder of a path being typed holds, behind a tag, which
// may be "". quotes says that the path stands in quotes already; paths that are
// no word get them.
func (c *completion) files(tag, typed string, quotes bool) []candidate {
	folder, base := path.Split(typed)
	entries, err := c.env.ReadDir(path.Clean(folder))
	if err != nil {
		return nil
	}
	var out []candidate
	for _, e := range entries {
		name := e.Name()
		if len(out) == manyFiles {
			break
		}
		if name[0] == '.' && !strings.HasPrefix(base, ".") {
			continue
		}
		m := match(base, name)
		if m.tier == tierNone {
			continue
		}
		m.done = true
		it := Item{Label: name, Kind: File, Description: "file"}
		full := folder + name
		if e.IsDir() {
			it.Label += "/"
			it.Description = "folder"
			full += "/"
		}
		it.Text = tag + spelling(full, quotes, e.IsDir())
		out = append(out, candidate{Item: it, match: m})
	}
	return out
}

// spelling is a path as a word, or in quotes where it is none; those of a folder
// stay open, as its files come next.
func spelling(name string, quotes, open bool) string {
	if !quotes && isPathWord(name) {
		return name
	}
	q := syntax.Quote(name)
	if open {
		q = q[:len(q)-1]
	}
	return q
}

// isPathWord reports that a path can stand without quotes.
func isPathWord(s string) bool {
	for i := range len(s) {
		if c := s[i]; !letter(c) && !strings.ContainsRune("/._-+@%:~", rune(c)) || i == 0 && c == '-' {
			return false
		}
	}
	return s != ""
}
