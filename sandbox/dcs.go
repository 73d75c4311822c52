package sandbox

import (
	"fmt"
	"net"
	"strconv"

	"github.com/gotd/td/tgerr"

	"tlsh/tl"
)

// Data centres (https://core.telegram.org/api/datacenter). They share one world,
// but each has keys of its own: which it is, the key exchange says, else the
// listener. People are at home in one, and their files are kept there; elsewhere
// they are told where to go.

// maxDC is the highest number of an ordinary data centre, cdnDC that of the one
// that only has files to hand out, and not its own (see cdn.go).
const (
	maxDC = 5
	cdnDC = 203
)

// dcsArea is where people are at home.
func dcsArea() area {
	return area{words: map[string]func(*arguments){"home": homeWord}, save: (*saver).homes}
}

// isDC reports the number of an ordinary data centre of this sandbox.
func (s *Sandbox) isDC(dc int) bool { return dc >= 1 && dc <= maxDC || dc == s.cfg.DC }

// centres are the numbers of all ordinary data centres.
func (s *Sandbox) centres() []int {
	list := []int{1, 2, 3, 4, 5}
	if s.cfg.DC > maxDC {
		list = append(list, s.cfg.DC)
	}
	return list
}

// migrate is the error that sends a client to another data centre
// (https://core.telegram.org/api/errors#303-see-other): what is PHONE, USER,
// NETWORK, FILE or STATS.
func migrate(what string, dc int) error {
	return tgerr.New(303, fmt.Sprintf("%s_MIGRATE_%d", what, dc))
}

// homeOf is where somebody is at home.
func (w *world) homeOf(p *person) int {
	if p.home != 0 {
		return p.home
	}
	return int(w.dc)
}

// errCDN is what the CDN's data centre says to all but requests for its files.
var errCDN = bad("CDN_METHOD_INVALID")

// atHome refuses what a person may do in their own data centre only. Elsewhere,
// with an authorization from there, they may get and send files and little else.
func (c *call) atHome(m method) error {
	if home := c.homeOf(c.me); home != c.session.login.dc && !m.anywhere {
		return migrate("USER", home)
	}
	return nil
}

// fromHere refuses a newcomer whom the network knob wants to come from elsewhere.
func (c *call) fromHere() error {
	if dc := c.s.faults.Network; dc != 0 && dc != c.session.login.dc {
		return migrate("NETWORK", dc)
	}
	return nil
}

// fileDC is the data centre that keeps a file, as a dc_id.
func (w *world) fileDC(dc int) tl.Value {
	if dc == 0 {
		return tl.Int(w.dc)
	}
	return tl.Int(int32(dc))
}

// keptHere refuses a file that another data centre keeps: FILE_MIGRATE_X.
func (c *call) keptHere(dc int) error {
	if dc == 0 {
		dc = int(c.dc)
	}
	if dc != c.session.login.dc {
		return migrate("FILE", dc)
	}
	return nil
}

// storedWord reads `stored FILE DC`.
func storedWord(a *arguments) {
	id, dc := a.long("the id of a photo or document"), a.centre()
	switch p, d := a.store.photos[id], a.store.documents[id]; {
	case a.bad:
	case p != nil:
		p.dc = dc
	case d != nil:
		d.dc = dc
	default:
		a.fail("there is no photo or document %d above this line", id)
	}
}

// centre reads the number of a data centre.
func (a *arguments) centre() int {
	dc := a.number("the number of a data centre")
	if !a.bad && (dc < 1 || dc > maxDC) {
		a.fail("there are the data centres 1 to %d, not %d", maxDC, dc)
		a.bad = true
	}
	return int(dc)
}

// address is where a data centre listens: at a listener of its own, else at that
// of all; nil for nowhere.
func (s *Sandbox) address(dc int) (a *net.TCPAddr) {
	for h := range s.hosts {
		if h.dc == dc {
			a, _ = h.addr.(*net.TCPAddr)
			return a
		}
	}
	a, _ = s.addr.(*net.TCPAddr)
	return a
}

// dcOptions are the data centres for help.getConfig.
func (c *call) dcOptions() tl.Value {
	var list []tl.Value
	all := c.s.centres()
	if c.s.faults.CDN {
		all = append(all, cdnDC)
	}
	for _, dc := range all {
		a := c.s.address(dc)
		if a == nil {
			continue
		}
		list = append(list, c.new("dcOption").With("ipv6", tl.Bool(a.IP.To4() == nil)).With("static", tl.Bool(true)).
			With("cdn", tl.Bool(dc == cdnDC)).With("id", tl.Int(int32(dc))).
			With("ip_address", tl.String(a.IP.String())).With("port", tl.Int(int32(a.Port))).Value())
	}
	return c.vector("DcOption", list)
}

// homeWord reads `home PERSON DC`.
func homeWord(a *arguments) {
	if p, dc := a.person(), a.centre(); !a.bad {
		p.home = dc
	}
}

func (s *saver) homes() {
	for _, p := range s.people {
		if p.home != 0 {
			s.line("home %s %d", s.ref(p.peer), p.home)
		}
	}
}

// setNetwork does the knob of that name.
func setNetwork(s *Sandbox, args []string) (string, error) {
	word, err := one("network", "the number of a data centre", args)
	if err != nil {
		return "", err
	}
	dc, err := strconv.Atoi(word)
	if err != nil || !s.isDC(dc) {
		return "", fmt.Errorf("sandbox: network wants the number of a data centre, 1 to %d, not %q", maxDC, word)
	}
	return "", s.change(func(f *Faults) error { f.Network = dc; return nil })
}
