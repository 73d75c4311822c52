// Command gen makes ../docs.gz: what is known in prose about the API, from the
// pages of core.telegram.org as github.com/gotd/getdoc has them. It is a module
// of its own, so that those 34 MB are nothing of the program's.
package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"log"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/gotd/getdoc"
)

// layerOfBots is the newest layer in whose pages getdoc finds which requests
// bots can use.
const layerOfBots = 195

//go:embed who.txt
var whoText string

func main() {
	log.SetFlags(0)
	doc, err := getdoc.Load(getdoc.LayerLatest)
	if err != nil {
		log.Fatal(err)
	}
	old, err := getdoc.Load(layerOfBots)
	if err != nil {
		log.Fatal(err)
	}
	var text bytes.Buffer
	write(&text, doc, old)
	f, err := os.Create("../docs.gz")
	if err != nil {
		log.Fatal(err)
	}
	z, err := gzip.NewWriterLevel(f, gzip.BestCompression)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := z.Write(text.Bytes()); err != nil {
		log.Fatal(err)
	}
	if err := z.Close(); err != nil {
		log.Fatal(err)
	}
	if err := f.Close(); err != nil {
		log.Fatal(err)
	}
}

// write writes a line for each fact, tab-separated: a letter for what it is, a
// name, and the rest. What follows a name belongs to it.
//
//	L 223                           the layer of it all
//	x CODE ERROR      prose         an error
//	m name            prose  links  a request
//	c name            prose  links  a constructor
//	t Name            prose  links  a type
//	p name            prose  links  a parameter of the one above
//	e CODE ERROR                    an error of the request above
//	w users | bots | both           who may call the request above
func write(w *bytes.Buffer, doc, old *getdoc.Doc) {
	line := func(fields ...string) {
		for len(fields) > 0 && fields[len(fields)-1] == "" {
			fields = fields[:len(fields)-1]
		}
		fmt.Fprintln(w, strings.Join(fields, "\t"))
	}
	line("L", fmt.Sprint(doc.Index.Layer))
	for _, name := range slices.Sorted(maps.Keys(doc.Errors)) {
		e := doc.Errors[name]
		line("x", fmt.Sprint(e.Code), e.Type, prose(e.Description))
	}
	who := whoMay(old)
	for _, name := range slices.Sorted(maps.Keys(doc.Methods)) {
		m := doc.Methods[name]
		line("m", name, prose(m.Description...), links(m.Links))
		line2(line, "w", who[name])
		for _, p := range slices.Sorted(maps.Keys(m.Parameters)) {
			if d := prose(m.Parameters[p].Description); d != "" && !isFlags(p) {
				line("p", p, d, links(m.Parameters[p].Links))
			}
		}
		for _, e := range m.Errors {
			line("e", fmt.Sprint(e.Code), e.Type)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(doc.Constructors)) {
		c := doc.Constructors[name]
		line("c", name, prose(c.Description...), links(c.Links))
		for _, p := range slices.Sorted(maps.Keys(c.Fields)) {
			if d := prose(c.Fields[p].Description); d != "" && !isFlags(p) {
				line("p", p, d, links(c.Fields[p].Links))
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(doc.Types)) {
		if t := doc.Types[name]; prose(t.Description...) != "" {
			line("t", name, prose(t.Description...), links(t.Links))
		}
	}
}

func line2(line func(...string), kind, text string) {
	if text != "" {
		line(kind, text)
	}
}

// isFlags reports a word of flags, of which all pages say the same.
func isFlags(param string) bool { return param == "flags" || param == "flags2" }

// footnotes are the marks that getdoc leaves where a link was.
var footnotes = strings.NewReplacer("¹", "", "²", "", "³", "", "⁴", "", "⁵", "", "⁶", "", "⁷", "", "⁸", "", "⁹", "", "⁰", "", " »", "", "»", "")

// spacing mends what taking the marks out leaves, and slips of the pages.
var spacing = strings.NewReplacer(" .", ".", " ,", ",", " : ", ": ", "booleanfalse", "boolean false", "booleantrue", "boolean true")

// Words about a link say nothing without it: in brackets, as a sentence, or at the
// end of one. The links themselves are kept apart from the prose.
var (
	hereBrackets = regexp.MustCompile(`(?i)\s*\(\s*(?:for more info,? )?(?:see|click) here[^()]*\)`)
	hereSentence = regexp.MustCompile(`(^|[.!?] )(?:For more info(?:rmation)?,? )?(?:See|Click) here\b[^.]*(?:\. ?|$)`)
	hereClause   = regexp.MustCompile(`[,;:]?(?:\s+(?:and|but|or))?\s*(?:for more info(?:rmation)?,? (?:please )?)?(?:please )?(?:see )?\b(?:see|click) here\b(?:\s[^\s.,;:()]+)*`)
)

func unlinked(p string) string {
	p = hereBrackets.ReplaceAllString(p, "")
	p = hereSentence.ReplaceAllString(p, "$1")
	return strings.TrimSpace(hereClause.ReplaceAllString(p, ""))
}

// glued is a list of words whose line ends were lost.
var glued = regexp.MustCompile(`: - (\w+(?:- \w+)+)`)

// listed puts commas between the words of such a list.
func listed(p string) string {
	return glued.ReplaceAllStringFunc(p, func(list string) string {
		return ": " + strings.ReplaceAll(strings.TrimPrefix(list, ": - "), "- ", ", ")
	})
}

// prose is a description on one line. A paragraph that has no full stop gets one
// where another follows.
func prose(paragraphs ...string) string {
	var b strings.Builder
	for _, p := range paragraphs {
		p = spacing.Replace(strings.Join(strings.Fields(footnotes.Replace(p)), " "))
		p = listed(unlinked(p))
		if strings.HasSuffix(p, "..") && !strings.HasSuffix(p, "...") {
			p = p[:len(p)-1]
		}
		if p == "" {
			continue
		}
		if said := b.String(); said != "" {
			if !strings.ContainsAny(said[len(said)-1:], ".:;!?,") {
				b.WriteByte('.')
			}
			b.WriteByte(' ')
		}
		b.WriteString(p)
	}
	return b.String()
}

const site = "https://core.telegram.org/"

// links are those that lead to the API's own pages, without the site.
func links(all []string) string {
	var out []string
	for _, l := range all {
		page, ok := strings.CutPrefix(l, site)
		if ok && !slices.Contains(out, page) {
			out = append(out, page)
		}
	}
	return strings.Join(out, " ")
}

// whoMay says who may call a request: what who.txt lists, and both where the
// page says that bots can.
func whoMay(old *getdoc.Doc) map[string]string {
	who := map[string]string{}
	for name, m := range old.Methods {
		if m.BotCanUse {
			who[name] = "both"
		}
	}
	sc := bufio.NewScanner(strings.NewReader(whoText))
	for sc.Scan() {
		if kind, name, ok := strings.Cut(sc.Text(), " "); ok && kind != "#" {
			who[name] = kind
		}
	}
	return who
}
