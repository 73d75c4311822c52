package main

import (
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tlsh/account"
	"tlsh/eval"
	"tlsh/render"
	"tlsh/schema"
)

// streams are where the program reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
	// inTerminal and outTerminal say which of them a person sits at.
	inTerminal, outTerminal, errTerminal bool
	getenv                               func(string) (string, bool)
	alone                                bool             // the streams are the process's own, and no parent answers for it
	now                                  func() time.Time // nil: the clock
	// telegram is Telegram's data centres, or its test servers'.
	telegram func(test bool) *account.Environment
}

// program is one run: its flags, and how it went.
type program struct {
	streams
	status eval.Status

	lines     []string
	output    string
	profile   string
	sandbox   bool
	as        string
	world     string
	server    string
	serverKey string
	dc        int
	testDC    bool
	schema    string
	layer     int
	keepGoing bool
	dryRun    bool
	yes       bool
	noRC      bool
	vars      []string
	color     string
	maxWait   time.Duration
	inFlight  int
	rate      float64
	rateSet   bool
}

// complain writes an error of the program's own use.
func (p *program) complain(err error) {
	fmt.Fprintln(p.err, "tlsh:", render.Escape(err.Error()))
}

func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "tlsh [flags] [script [argument …]]",
		Short: "The Telegram TL shell: Telegram's raw API at a prompt",
		Long: `tlsh calls the requests of Telegram's API by their TL names.

Without a script it opens a prompt, or runs the lines that are piped in. Where
no account has signed in, it connects to the sandbox, a pretend Telegram that
it carries inside: nothing leaves this machine.`,
		Example: `  tlsh
  tlsh -c 'messages.sendMessage peer=@alice message="hi"'
  echo 'help.getNearestDc' | tlsh -o json
  tlsh script.tlsh first-argument`,
		Args:                  cobra.ArbitraryArgs,
		SilenceErrors:         true,
		DisableFlagsInUseLine: true,
		SilenceUsage:          true,
		RunE: func(cmd *cobra.Command, args []string) error {
			p.rateSet = cmd.Flags().Changed("rate")
			return p.shell(cmd.Context(), args)
		},
	}
	root.SetFlagErrorFunc(flagError)
	f := root.Flags()
	f.SetInterspersed(false)
	f.StringArrayVarP(&p.lines, "command", "c", nil, "run `LINE` and leave (repeatable, in one session)")
	f.StringVarP(&p.output, "output", "o", "", "`FORMAT` of results: tree, json, jsonl, tl or raw (tree on a terminal, json elsewhere)")
	p.placeFlags(root)
	f.BoolVar(&p.keepGoing, "keep-going", false, "go on after a failed statement")
	f.BoolVar(&p.dryRun, "dry-run", false, "print TL and hex, send nothing")
	f.BoolVarP(&p.noRC, "no-rc", "X", false, "do not run tlshrc at the beginning of the prompt")
	f.BoolVar(&p.yes, "yes", false, "do not ask before destructive requests")
	f.StringArrayVar(&p.vars, "set", nil, "variable `NAME=VALUE`, read as a value of the language, else a string")
	f.StringVar(&p.color, "color", "auto", "colours: auto, always or never")
	f.IntVar(&p.inFlight, "in-flight", 0, "requests of a script on the wire at once; 1 is one by one (10, on the sandbox 100)")
	f.Float64Var(&p.rate, "rate", 0, "requests of a script `N` a second; 0 is no limit (10 on Telegram)")
	f.DurationVar(&p.maxWait, "max-wait", 60*time.Second, "longest flood wait that is slept")
	root.AddCommand(p.sandboxCommand(), p.completeCommand(), versionCommand())
	p.completions(root)
	return root
}

// placeFlags are the flags that say where to connect, and in which layer.
func (p *program) placeFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&p.profile, "profile", "", "account profile `NAME` (TLSH_PROFILE); with --sandbox or --server, where whom you meet there is remembered")
	f.BoolVar(&p.sandbox, "sandbox", false, "connect to the embedded sandbox")
	f.StringVar(&p.as, "as", "", "be this person of the sandbox, as `@NAME`")
	f.StringVar(&p.world, "world", "", "with --sandbox, a world of your own: a `FILE` as sandbox save writes it")
	f.StringVar(&p.server, "server", "", "connect to the MTProto server at `HOST:PORT`")
	f.StringVar(&p.serverKey, "server-key", "", "PEM `FILE` with that server's public key")
	f.IntVar(&p.dc, "dc", 2, "that server's data centre `NUMBER`")
	f.BoolVar(&p.testDC, "test-dc", false, "connect to Telegram's test data centres")
	f.StringVar(&p.schema, "schema", "", "use the TL schema in `FILE`")
	f.IntVar(&p.layer, "layer", 0, "layer `NUMBER` of that schema, where it does not say")
}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version and the layer inside", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "tlsh %s, layer %d\n", version(), schema.CurrentLayer())
			return err
		},
	}
}

// version is the module's, as the toolchain recorded it.
func version() string {
	if b, ok := debug.ReadBuildInfo(); ok && b.Main.Version != "" {
		return b.Main.Version
	}
	return "(devel)"
}

// format is the output format: the one asked for, else the tree for people and
// JSON for everything else.
func (p *program) format() (eval.Format, error) {
	if p.output == "" {
		if p.outTerminal {
			return eval.Tree, nil
		}
		return eval.JSON, nil
	}
	for _, f := range eval.Formats {
		if string(f) == p.output {
			return f, nil
		}
	}
	return "", fmt.Errorf("-o %s: the formats are tree, json, jsonl, tl and raw", p.output)
}

// colored says whether a stream gets colours.
func (p *program) colored(terminal bool) (bool, error) {
	switch p.color {
	case "always":
		return true, nil
	case "never":
		return false, nil
	case "auto":
	default:
		return false, fmt.Errorf("--color %s: want auto, always or never", p.color)
	}
	no, _ := p.getenv("NO_COLOR")
	term, _ := p.getenv("TERM")
	return terminal && no == "" && term != "" && term != "dumb", nil
}

// settings turns --set into variables.
func (p *program) settings() (map[string]string, error) {
	vars := map[string]string{}
	for _, s := range p.vars {
		name, value, ok := strings.Cut(s, "=")
		if !ok || name == "" {
			return nil, fmt.Errorf("--set %s: want NAME=VALUE", s)
		}
		name = strings.TrimPrefix(name, "$")
		if !eval.CanAssign(name) {
			return nil, fmt.Errorf("--set %s: the name of a variable has letters, digits and _, and begins with a letter", s)
		}
		vars[name] = value
	}
	return vars, nil
}

// problems tells the first of what is wrong in a TL file.
func (p *program) problems(list schema.Problems) {
	const most = 10
	for i, pr := range list {
		if i == most {
			fmt.Fprintf(p.err, "… and %d more problems\n", len(list)-most)
			break
		}
		fmt.Fprintln(p.err, render.Escape(pr.Error()))
	}
}

// loadSchema is the schema to speak: the embedded one or that of --schema.
func (p *program) loadSchema() (*schema.Schema, error) {
	if p.schema == "" {
		if p.layer != 0 {
			return nil, fmt.Errorf("--layer goes with --schema FILE")
		}
		return schema.Current(), nil
	}
	b, err := os.ReadFile(p.schema)
	if err != nil {
		return nil, fmt.Errorf("--schema: %w", err)
	}
	s, problems := schema.Read(p.schema, string(b), schema.Options{Layer: p.layer})
	p.problems(problems)
	if len(s.Methods()) == 0 && len(s.Constructors()) == 0 {
		return nil, fmt.Errorf("--schema %s: there is no TL definition in it", p.schema)
	}
	if s.Layer == 0 {
		return nil, fmt.Errorf("--schema %s: the file does not say its layer: give it with --layer N", p.schema)
	}
	return s, nil
}

// flagError says of a flag that there is none where those that there are stand.
func flagError(cmd *cobra.Command, err error) error {
	name, unknown := strings.CutPrefix(err.Error(), "unknown flag: ")
	if !unknown {
		return err
	}
	return fmt.Errorf("there is no flag %s (%s --help lists them)", name, cmd.CommandPath())
}
