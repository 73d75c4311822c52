// Command tlsh is the Telegram TL shell: it finds, checks and calls the
// requests of Telegram's API, at a prompt, from a script or from -c, on an
// account, on any MTProto server, or on the sandbox that it carries inside.
package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime/debug"

	"tlsh/eval"
)

// gcPercent lets the heap grow to five times what is live before it is
// collected: a shell lives shortly or waits, and its heap is small.
const gcPercent = 400

func main() {
	if _, set := os.LookupEnv("GOGC"); !set {
		debug.SetGCPercent(gcPercent)
	}
	findHome()
	os.Exit(int(execute(os.Args[1:], stdStreams())))
}

// execute runs the program with its arguments and gives its exit status.
func execute(args []string, io streams) (status eval.Status) {
	p := &program{streams: io}
	defer func() {
		if v := recover(); v != nil {
			p.guard().Report(fmt.Sprintf("panic: %v\n\n%s", v, debug.Stack()))
			status = eval.Failed
		}
	}()
	root := p.root()
	root.SetArgs(args)
	root.SetIn(io.in)
	root.SetOut(io.out)
	root.SetErr(io.err)
	if err := root.Execute(); err != nil {
		p.complain(err)
		if p.status == eval.OK {
			return statusOf(err)
		}
	}
	return p.status
}

// statusOf is the exit status of an error that says none itself: what could not be
// made or written failed, all else is the use of the program.
func statusOf(err error) eval.Status {
	if e, ok := errors.AsType[*fs.PathError](err); ok && e.Op != "open" {
		return eval.Failed
	}
	return eval.Usage
}
