package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"tlsh/eval"
	"tlsh/mtproto"
	"tlsh/render"
	"tlsh/sandbox"
)

// sandboxCommand serves the sandbox by itself.
func (p *program) sandboxCommand() *cobra.Command {
	var listen, world, as string
	knobs := map[string]*[]string{}
	c := &cobra.Command{
		Use: "sandbox", Short: "Serve the sandbox by itself, for any MTProto client", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			return p.serveSandbox(ctx, listen, world, as, knobs)
		},
	}
	c.Flags().StringVar(&listen, "listen", "127.0.0.1:0", "loopback `ADDRESS:PORT` to listen on")
	c.Flags().StringVar(&world, "world", "", "world `FILE`, in the line language")
	c.Flags().StringVar(&as, "as", "me", "the person that every new client is signed in as; empty: nobody until auth.signIn")
	for _, k := range sandbox.Knobs() {
		if k.Flag {
			knobs[k.Name] = c.Flags().StringArray(k.Name, nil, knobUsage(k))
		}
	}
	return c
}

// knobUsage is a knob's help as a flag. What stands in back quotes is the name
// of its value.
func knobUsage(k sandbox.Knob) string {
	value := strings.Trim(strings.FieldsFunc(k.Args, func(r rune) bool { return r == ' ' || r == '|' })[0], "[]")
	if value == strings.Trim(k.Args, "|") {
		return fmt.Sprintf("`%s`: %s", value, k.Help)
	}
	return fmt.Sprintf("`%s`… (%s): %s", value, strings.Trim(k.Args, "|"), k.Help)
}

// turn turns the knobs that flags name.
func turn(sb *sandbox.Sandbox, knobs map[string]*[]string) error {
	for _, k := range sandbox.Knobs() {
		values := knobs[k.Name]
		if values == nil {
			continue
		}
		if len(*values) > 1 && !k.Repeat {
			return fmt.Errorf("--%s stands twice", k.Name)
		}
		for _, v := range *values {
			if _, err := sb.Command(append([]string{k.Name}, strings.Fields(v)...)); err != nil {
				return fmt.Errorf("--%s %s: %w", k.Name, v, err)
			}
		}
	}
	return nil
}

func (p *program) serveSandbox(ctx context.Context, listen, world, as string, knobs map[string]*[]string) error {
	key, err := sandboxKey(stateFile("sandbox-key.pem"))
	if err != nil {
		return fmt.Errorf("the sandbox's key: %w", err)
	}
	cfg := sandbox.Config{Keys: []mtproto.PrivateKey{key}, SignInAll: as}
	if world != "" {
		b, err := os.ReadFile(world)
		if err != nil {
			return err
		}
		cfg.World, cfg.WorldFile = string(b), world
	}
	sb, err := sandbox.New(cfg)
	var we *sandbox.WorldError
	if errors.As(err, &we) {
		for _, e := range we.Errs {
			b := render.Diagnostic(nil, we.Src, e, render.Options{File: we.File})
			fmt.Fprintf(p.err, "%s\n", b)
		}
		p.status = eval.Usage
		return fmt.Errorf("the world in %s is not usable", we.File)
	}
	if err != nil {
		return err
	}
	if err := turn(sb, knobs); err != nil {
		return err
	}
	ln, err := sandbox.Listen(ctx, listen)
	if err != nil {
		p.status = eval.NoConnection
		return err
	}
	fmt.Fprintf(p.out, "address      %s\ndata centre  %d\npublic key   (%x)\n%s",
		ln.Addr(), sb.DC(), uint64(key.Fingerprint()), key.Public().PEM())
	if as != "" {
		fmt.Fprintf(p.err, "every new client is signed in as %s; stop with Ctrl-C\n", as)
	}
	return sb.Serve(ctx, ln)
}

// sandboxKey reads the RSA key of the sandbox, or makes one on first use.
func sandboxKey(path string) (mtproto.PrivateKey, error) {
	b, err := os.ReadFile(path)
	if err == nil {
		return mtproto.ParsePrivateKey(b)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return mtproto.PrivateKey{}, err
	}
	key, err := mtproto.GeneratePrivateKey(rand.Reader)
	if err != nil {
		return key, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return key, err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".key-*") // mode 0600
	if err != nil {
		return key, err
	}
	_, err = f.Write(key.PEM())
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return key, err
}
