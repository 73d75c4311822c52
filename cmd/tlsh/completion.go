package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tlsh/completer"
	"tlsh/eval"
)

// completions says what the shells that tlsh is started from may complete of its
// command line: beside the flags themselves their values, and the lines of -c.
func (p *program) completions(root *cobra.Command) {
	root.CompletionOptions.DisableDefaultCmd = true
	root.AddCommand(p.completionCommand(root))
	words := func(list ...string) func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return cobra.FixedCompletions(list, cobra.ShellCompDirectiveNoFileComp)
	}
	var formats []string
	for _, f := range eval.Formats {
		formats = append(formats, string(f))
	}
	for flag, complete := range map[string]cobra.CompletionFunc{
		"output": words(formats...), "color": words("auto", "always", "never"), "as": p.completePeople, "command": p.completeLine,
		"profile": words(), "server": words(), "set": words(),
	} {
		_ = root.RegisterFlagCompletionFunc(flag, complete) // which fails for a flag that is not there
	}
	_ = root.MarkFlagFilename("schema", "tl")
	_ = root.MarkFlagFilename("server-key", "pem")
}

// completePeople offers the people of the sandbox.
func (p *program) completePeople(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	p.sandbox = true
	v, err := p.view(cmd.Context())
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	defer v.close()
	var out []string
	for _, c := range v.world.Choices("use", "NAME", nil) {
		if strings.HasPrefix(c.Word, "@") {
			out = append(out, c.Word+"\t"+c.Description)
		}
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}

// completeLine completes a line of the language, as a whole: a shell replaces
// the word of its command line.
func (p *program) completeLine(cmd *cobra.Command, _ []string, line string) ([]string, cobra.ShellCompDirective) {
	v, err := p.view(cmd.Context())
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	defer v.close()
	line = strings.TrimLeft(line, `"'`) // which fish leaves there
	res := completer.Complete(v.schema, v.world, line, len(line))
	var out []string
	for _, it := range res.Items {
		// A shell goes on from what was typed: it takes no other spelling.
		if whole := line[:res.From] + it.Text; strings.HasPrefix(whole, line) && !strings.ContainsAny(it.Text, "\n\t") {
			out = append(out, whole+"\t"+it.Description)
		}
	}
	return out, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveKeepOrder
}

// completionCommand prints the script that makes a shell complete tlsh's command
// line.
func (p *program) completionCommand(root *cobra.Command) *cobra.Command {
	shells := []string{"bash", "zsh", "fish"}
	return &cobra.Command{
		Use: "completion bash|zsh|fish", Short: "Print the script that completes tlsh's command line in a shell",
		Long: `Print the script that completes tlsh's command line in a shell: its flags, their
values, and the line behind -c.

  bash   source <(tlsh completion bash)    (wants the package bash-completion)
  zsh    source <(tlsh completion zsh)     (after compinit)
  fish   tlsh completion fish | source`,
		Args: cobra.ExactArgs(1), ValidArgs: shells,
		RunE: func(_ *cobra.Command, args []string) error {
			var err error
			switch args[0] {
			case "bash":
				err = root.GenBashCompletionV2(p.out, true)
			case "zsh":
				err = root.GenZshCompletion(p.out)
			case "fish":
				err = root.GenFishCompletion(p.out, true)
			default:
				err = fmt.Errorf("completion %s: there are scripts for %s", args[0], strings.Join(slices.Sorted(slices.Values(shells)), ", "))
			}
			if err == nil {
				_, err = fmt.Fprint(p.out, quotedLine[args[0]])
			}
			return err
		},
	}
}
