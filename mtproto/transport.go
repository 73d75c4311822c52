package mtproto

// Transport is a framing of MTProto over TCP.
//
// Source: https://core.telegram.org/mtproto/mtproto-transports.
type Transport int

// The framings. A [Server] recognises each by its first bytes.
const (
	Abridged           Transport = iota // 1 or 4 bytes a frame
	Intermediate                        // 4 bytes a frame
	PaddedIntermediate                  // 4 bytes and 0-15 random ones
	Full                                // 12 bytes: length, number, CRC32
)

// String is the transport's name in the protocol's description.
func (t Transport) String() string {
	switch t {
	case Abridged:
		return "abridged"
	case Intermediate:
		return "intermediate"
	case PaddedIntermediate:
		return "padded intermediate"
	case Full:
		return "full"
	}
	return "unknown transport"
}
