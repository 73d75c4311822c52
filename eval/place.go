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

// Place is the kind of place that the shell is in.
func (s *Shell) Place() Place { return s.account.Place }
