// Command tlsh is the Telegram TL shell: it finds, checks and calls the
// requests of Telegram's API, at a prompt, from a script or from -c, on an
// account, on any MTProto server, or on the sandbox that it carries inside.
package main

import (
	"os"

	"tlsh/eval"
)

func main() {
	os.Exit(int(execute(os.Args[1:], stdStreams())))
}

// execute runs the program with its arguments and gives its exit status.
func execute(args []string, io streams) eval.Status {
	p := &program{streams: io}
	root := p.root()
	root.SetArgs(args)
	root.SetIn(io.in)
	root.SetOut(io.out)
	root.SetErr(io.err)
	if err := root.Execute(); err != nil {
		p.complain(err)
		if p.status == eval.OK {
			return eval.Usage
		}
	}
	return p.status
}
