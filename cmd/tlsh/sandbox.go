package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"tlsh/eval"
	"tlsh/mtproto"
	"tlsh/render"
	"tlsh/sandbox"
	"tlsh/schema"
)

// sandboxCommand serves the sandbox by itself.
func (p *program) sandboxCommand() *cobra.Command {
	var listen, world, as, layers string
	knobs := map[string]*[]string{}
	c := &cobra.Command{
		Use: "sandbox", Short: "Serve the sandbox by itself, for any MTProto client", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, stop := ending(cmd.Context())
			defer stop()
			return p.serveSandbox(ctx, sandboxFlags{listen, world, as, layers, knobs})
		},
	}
	c.Flags().StringVar(&listen, "listen", "127.0.0.1:0", "loopback `ADDRESS:PORT` to listen on")
	c.Flags().StringVar(&world, "world", "", "world `FILE`, in the line language")
	c.Flags().StringVar(&as, "as", "me", "the person that every new client is signed in as; empty: nobody until auth.signIn")
	c.Flags().StringVar(&layers, "layers", "", "`FOLDER` of TL files of other layers, for clients that speak those")
	c.AddCommand(&cobra.Command{
		Use: "methods", Short: "List the methods that the sandbox simulates", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			sb, err := sandbox.New(sandbox.Config{})
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(p.out, strings.Join(sb.Methods(), "\n"))
			return err
		},
	})
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

// newSandbox makes a sandbox with the world of a file, "" for the one inside. What
// is wrong in the file is shown where it stands.
func (p *program) newSandbox(cfg sandbox.Config, world string) (*sandbox.Sandbox, error) {
	if world != "" {
		b, err := os.ReadFile(world)
		if err != nil {
			return nil, err
		}
		cfg.World, cfg.WorldFile = string(b), world
	}
	sb, err := sandbox.New(cfg)
	var we *sandbox.WorldError
	if !errors.As(err, &we) {
		return sb, err
	}
	for _, e := range we.Errs {
		fmt.Fprintf(p.err, "%s\n", render.Diagnostic(nil, we.Src, e, render.Options{File: we.File}))
	}
	p.status = eval.Usage
	return nil, fmt.Errorf("the world in %s is not usable", we.File)
}

// sandboxFlags are what `tlsh sandbox` is told.
type sandboxFlags struct {
	listen, world, as, layers string
	knobs                     map[string]*[]string
}

func (p *program) serveSandbox(ctx context.Context, f sandboxFlags) error {
	cover := p.guard()
	cover.Interrupts = true
	if p.underGuard(cover, true) {
		return nil
	}
	key, err := sandboxKey(stateFile("sandbox-key.pem"))
	if err != nil {
		return fmt.Errorf("the sandbox's key: %w", err)
	}
	cfg := sandbox.Config{Keys: []mtproto.PrivateKey{key}, SignInAll: f.as}
	if cfg.Layers, err = p.readLayers(f.layers); err != nil {
		p.status = eval.Usage
		return err
	}
	sb, err := p.newSandbox(cfg, f.world)
	if err != nil {
		return err
	}
	if err := turn(sb, f.knobs); err != nil {
		return err
	}
	ln, err := sandbox.Listen(ctx, f.listen)
	if err != nil {
		if _, taken := errors.AsType[*net.OpError](err); taken {
			p.status = eval.NoConnection
		}
		return err // else it names no address of this machine
	}
	fmt.Fprintf(p.out, "address      %s\ndata centre  %d\n", ln.Addr(), sb.DC())
	ctx, cancel := context.WithCancel(ctx)
	var others sync.WaitGroup
	defer func() { cancel(); others.Wait() }()
	p.serveOthers(ctx, sb, ln.Addr(), &others)
	people, err := sb.Command([]string{"people"})
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "public key   (%x)\n%s\npeople\n%s", uint64(key.Fingerprint()), key.Public().PEM(), render.AppendLines(nil, people))
	if who, err := sb.Who(f.as); err == nil && f.as != "" {
		fmt.Fprintf(p.err, "every new client is signed in as %s at once; with --as \"\" it has to sign in\n", who)
	}
	fmt.Fprintln(p.err, "stop with Ctrl-C")
	return sb.Serve(ctx, ln)
}

// serveOthers gives each data centre but the sandbox's own a port, for clients
// that do not name the one that they mean: those after the port of all, as far as
// they are free, else any. Where none is to be had, that of all has to do.
func (p *program) serveOthers(ctx context.Context, sb *sandbox.Sandbox, all net.Addr, serving *sync.WaitGroup) {
	host, text, err := net.SplitHostPort(all.String())
	port, _ := strconv.Atoi(text)
	if err != nil {
		return
	}
	for _, dc := range sb.DCs() {
		if dc == sb.DC() {
			continue
		}
		port++
		ln, err := sandbox.Listen(ctx, net.JoinHostPort(host, strconv.Itoa(port)))
		if err != nil {
			ln, err = sandbox.Listen(ctx, net.JoinHostPort(host, "0"))
		}
		if err == nil {
			fmt.Fprintf(p.out, "data centre  %d at %s\n", dc, ln.Addr())
			serving.Go(func() { _ = sb.ServeDC(ctx, dc, ln) })
		}
	}
}

// readLayers reads the TL files of a folder; none for "". Where no line of a
// file says its layer, the last number in its name does, as in layer166.tl.
func (p *program) readLayers(folder string) ([]*schema.Schema, error) {
	if folder == "" {
		return nil, nil
	}
	files, err := fs.Glob(os.DirFS(folder), "*.tl")
	if err == nil && len(files) == 0 {
		err = errors.New("there is no file *.tl")
	}
	if err != nil {
		return nil, fmt.Errorf("--layers %s: %w", folder, err)
	}
	layers := make([]*schema.Schema, len(files))
	for i, file := range files {
		file = filepath.Join(folder, file)
		b, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("--layers: %w", err)
		}
		s, problems := schema.Read(file, string(b), schema.Options{})
		p.problems(problems)
		if s.Layer == 0 {
			numbers := strings.FieldsFunc(filepath.Base(file), func(r rune) bool { return r < '0' || r > '9' })
			if len(numbers) == 0 {
				return nil, fmt.Errorf("--layers: which layer is %s? Want a line // LAYER N in it, or the number in its name", file)
			}
			s.Layer, _ = strconv.Atoi(numbers[len(numbers)-1])
		}
		layers[i] = s
	}
	return layers, nil
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
