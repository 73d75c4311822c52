package history

import (
	"bytes"
	"os"

	"github.com/gofrs/flock"
)

// suspect takes in that variables hold secrets: what they were given is hidden in the
// lines that were added here before, in memory and in the file. h.mu is held.
func (h *History) suspect(variables []string) error {
	fresh := false
	for _, v := range variables {
		fresh = fresh || !h.secret[v]
		h.secret[v] = true
	}
	if !fresh {
		return nil
	}
	changed := map[string]string{}
	for line := range h.own {
		if hidden := redact(line, h.secret); hidden != line {
			changed[line] = hidden
		}
	}
	if len(changed) == 0 {
		return nil
	}
	for _, list := range [][]Entry{h.entries, h.late} {
		for i := range list {
			if hidden, ok := changed[list[i].Line]; ok {
				list[i].Line = hidden
			}
		}
	}
	for line, hidden := range changed {
		delete(h.own, line)
		h.own[hidden] = true
	}
	return h.rewrite(changed)
}

// rewrite puts other lines in the place of some, under the lock. What cannot be read is
// kept as it is.
func (h *History) rewrite(changed map[string]string) error {
	lock := flock.New(h.path+".lock", flock.SetPermissions(0o600))
	if err := lock.Lock(); err != nil {
		return err
	}
	defer lock.Close()
	b, err := os.ReadFile(h.path)
	if err != nil {
		return err
	}
	var records [][]byte
	for record := range bytes.Lines(b) {
		if e, err := decode(bytes.TrimRight(record, "\r\n")); err == nil {
			if line, ok := changed[e.Line]; ok {
				e.Line = line
				if record, err = encode(e); err != nil {
					return err
				}
			}
		}
		records = append(records, record)
	}
	return replace(h.path, records)
}
