package bind

import (
	"strings"

	"tlsh/syntax"
)

// telethon refuses Telethon's assignment and await, with the form to type.
func (c *checker) telethon(st *syntax.Stmt) {
	if w, ok := st.Assign.(*syntax.Word); ok {
		c.errorf(w, "a variable begins with $").Fix = "write $" + w.Text + " = …"
	}
	if st.Await != nil {
		c.errorf(st.Await, "await is Python's").Fix = "leave it out: a line waits for its answer"
	}
}

// telethonName gives the TL name of a Telethon class such as
// SendMessageRequest, or "".
func (c *checker) telethonName(name string) string {
	base := name[strings.LastIndexByte(name, '.')+1:]
	base, ok := strings.CutSuffix(base, "Request")
	if !ok || base == "" {
		return ""
	}
	base = strings.ToLower(base[:1]) + base[1:]
	found := ""
	for _, m := range c.schema.Methods {
		if m.Name[strings.LastIndexByte(m.Name, '.')+1:] != base {
			continue
		}
		if m.Namespace() == "messages" || found == "" {
			found = m.Name
		}
	}
	return found
}
