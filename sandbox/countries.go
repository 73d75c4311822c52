package sandbox

import (
	_ "embed"
	"strings"

	"tlsh/tl"
)

// countryList has a country a line: its code of ISO 3166, its name, and the
// codes with which its phone numbers begin (ITU-T E.164). Of the countries that
// share a code, a longer one says which numbers are whose.
//
//go:embed countries.txt
var countryList string

// shared are the phone codes of several countries.
var shared = [...]string{"1", "7"}

// helpGetCountriesList follows
// https://core.telegram.org/method/help.getCountriesList. Names are in English,
// whatever the language; how numbers are written, it does not say.
func helpGetCountriesList(c *call) (tl.Value, error) {
	var items []tl.Value
	for line := range strings.Lines(countryList) {
		words := strings.Fields(line)
		n := len(words)
		for n > 2 && strings.Trim(words[n-1], "0123456789") == "" {
			n--
		}
		items = append(items, c.new("help.country").With("iso2", tl.String(words[0])).With("default_name", tl.String(strings.Join(words[1:n], " "))).
			With("country_codes", c.vector("help.CountryCode", c.countryCodes(words[n:]))).Value())
	}
	o := c.new("help.countriesList").With("countries", c.vector("help.Country", items)).With("hash", tl.Int(0))
	hash := hashOfValue(o)
	if c.req.At("hash").AsInt() == hash {
		return c.new("help.countriesListNotModified").Value(), nil
	}
	return o.With("hash", tl.Int(hash)).Value(), nil
}

// countryCodes are the codes of a country: those that begin with a shared one
// are its prefixes.
func (w *world) countryCodes(numbers []string) (codes []tl.Value) {
	prefixes := map[string][]tl.Value{}
	var order []string
	for _, number := range numbers {
		code, prefix := number, ""
		for _, s := range shared {
			if rest, ok := strings.CutPrefix(number, s); ok {
				code, prefix = s, rest
			}
		}
		if prefixes[code] == nil {
			order = append(order, code)
			prefixes[code] = []tl.Value{}
		}
		if prefix != "" {
			prefixes[code] = append(prefixes[code], tl.String(prefix))
		}
	}
	for _, code := range order {
		o := w.new("help.countryCode").With("country_code", tl.String(code))
		if len(prefixes[code]) > 0 {
			o.With("prefixes", w.vector("string", prefixes[code]))
		}
		codes = append(codes, o.Value())
	}
	return codes
}
