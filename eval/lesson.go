package eval

import (
	"context"
	"fmt"

	"tlsh/bind"
	"tlsh/render"
	"tlsh/syntax"
	"tlsh/tl"
	"tlsh/tutorial"
)

// tutorial takes the course up, or goes on in it.
func (r *run) tutorial(_ context.Context, call *syntax.Call) Status {
	words := r.words(call)
	word := ""
	if len(words) == 1 {
		word = words[0]
	}
	if r.Place() != PlaceSandbox {
		return r.usage(call.Name, "the tutorial is for the sandbox, and this is %s: tlsh --sandbox", r.account.Where)
	}
	course := r.Shell.course
	if course == nil {
		course = tutorial.Open(r.cfg.CourseFile)
		r.Shell.course = course
	}
	switch {
	case len(words) > 1, word != "" && word != "next" && word != "stop" && word != "again":
		return r.usage(call, "want tutorial, tutorial next, tutorial again or tutorial stop")
	case word == "next":
		n, step, err := course.Next()
		r.showNext(n, step, err)
	case word == "stop":
		course.Stop()
		r.note("The tutorial goes on with tutorial, whenever you like.")
	case word == "again":
		if err := course.Again(); err != nil {
			r.errorf("%v", err)
		}
		fallthrough
	default:
		n, step := course.Begin()
		r.showStep(n, step)
	}
	return OK
}

// lesson is a statement that came to a value, for the course to judge. in is nil where
// there is none.
type lesson struct {
	in    *bind.Info
	value tl.Value
}

// learn looks whether what the statement did is what the step at hand asks for. It
// speaks when everything else of the statement was said.
func (r *run) learn() {
	in, v := r.lesson.in, r.lesson.value
	r.lesson = lesson{}
	if r.course == nil || in == nil {
		return
	}
	d := tutorial.Deed{Value: v}
	switch in.Kind {
	case bind.Request, bind.Pages:
		d.Requests = []*tl.Object{in.Object()}
	case bind.Batch:
		for _, el := range in.Batch {
			d.Requests = append(d.Requests, el.Value)
		}
	case bind.Value:
		d.Path = usesVars(in.Stmt)
	}
	step := r.course.Done(d)
	if step == nil {
		return
	}
	page := render.NewProse(r.cfg.ErrView)
	page.Text(0, "✓ "+step.Well)
	_, _ = r.cfg.Err.Write(page.Bytes())
	n, next, err := r.course.Next()
	r.showNext(n, next, err)
}

// showNext shows the step that comes then, or that there is none.
func (r *run) showNext(n int, step *tutorial.Step, err error) {
	if err != nil {
		r.errorf("how far you are is not kept: %v", err)
	}
	if step != nil {
		r.showStep(n, step)
		return
	}
	r.note("That was the tutorial. help has the rest on a page, and help NAME about anything; tutorial again starts over.")
}

// showStep shows what a step asks for.
func (r *run) showStep(n int, step *tutorial.Step) {
	page := render.NewProse(r.cfg.ErrView)
	page.Section(fmt.Sprintf("Step %d of %d: %s", n, tutorial.Steps(), step.Title))
	for _, t := range step.Text {
		page.Text(2, t)
	}
	for _, l := range step.Lines {
		page.Code(6, l)
	}
	page.Text(2, step.Tip)
	if n == 1 {
		page.Text(2, "tutorial next passes a step over, tutorial stop ends it.")
	}
	_, _ = r.cfg.Err.Write(page.Bytes())
}
