package bind

import (
	"strconv"
	"strings"

	"tlsh/pages"
	"tlsh/syntax"
)

// AllPages is Info.Pages of pages all.
const AllPages = -1

// pages checks pages N CALL.
func (c *checker) pages(x *syntax.Prefix) {
	in := c.info
	how := syntax.Text(x.How)
	n, err := strconv.Atoi(how)
	_, missing := x.How.(*syntax.Missing)
	switch {
	case how == "all":
		in.Pages = AllPages
	case err == nil && n > 0:
		in.Pages = n
	case c.schema.Method(how) != nil:
		e := c.errorf(x.How, "pages wants to know how many, before the request")
		e.Fix = "pages 3 " + strings.TrimSpace(c.src[x.How.Span().From:x.X.Span().To]) + ", or pages all …"
		return
	case !missing:
		c.errorf(x.How, "pages wants a number from 1, or all, and this is %s", c.text(x.How)).Fix = "pages 3 " + strings.TrimSpace(c.src[x.X.Span().From:x.X.Span().To])
	}
	call, ok := x.X.(*syntax.Call)
	if !ok {
		if _, missing := x.X.(*syntax.Missing); missing {
			in.record(x.X, Slot{Kind: SlotHead})
			return
		}
		c.errorf(x.X, "only a request has pages")
		return
	}
	in.Call = call
	c.head(call)
	if in.Kind == Empty {
		return // told already
	}
	if in.Kind != Request {
		c.errorf(call.Name, "only a request has pages, and %s is none", c.text(call.Name))
		in.Kind = Empty
		return
	}
	in.Kind = Pages
	def := in.Object().Def()
	if _, why := pages.Of(def); why != "" {
		c.errorf(call.Name, "%s cannot be paged through: %s", def.Name, why)
	}
}
