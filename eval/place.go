package eval

// Place is the kind of place that an account is in: how much what is done there
// matters. The zero value is where it matters most.
type Place uint8

// The places.
const (
	PlaceTelegram Place = iota // a real account: what is gone is gone
	PlaceTest                  // Telegram's test data centres
	PlaceServer                // an MTProto server of somebody's own
	PlaceSandbox               // the sandbox inside this process, which ends with it
)

// String is a word for it, as the prompt shows it.
func (p Place) String() string {
	switch p {
	case PlaceTelegram:
		return "telegram"
	case PlaceTest:
		return "test"
	case PlaceServer:
		return "server"
	case PlaceSandbox:
		return "sandbox"
	}
	return "?"
}

// Spot is where the shell is, as a prompt shows it.
type Spot struct {
	Short    string // the profile, the sandbox, a server
	DC       int    // the data centre; 0 where that is not known
	Place    Place
	ReadOnly bool // nothing that does more than read is sent
}

// Spot is where the shell is.
func (s *Shell) Spot() Spot {
	return Spot{Short: s.account.Short, DC: s.account.DC, Place: s.account.Place, ReadOnly: s.readOnly}
}

// Self is who the shell is, as @sam; "" where Where says it.
func (s *Shell) Self() string {
	if s.account.Self == nil {
		return ""
	}
	return s.account.Self()
}

// Place is the kind of place that the shell is in.
func (s *Shell) Place() Place { return s.account.Place }
