package peers

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tlsh/schema"
	"tlsh/store"
	"tlsh/tl"
)

// The test binary is also a shell that learns, for tests with several
// processes: TLSH_TEST_LEARN is "FILE NUMBER DURATION".
func TestMain(m *testing.M) {
	if job := os.Getenv("TLSH_TEST_LEARN"); job != "" {
		if err := shell(job); err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	status := m.Run()
	_ = os.RemoveAll(filepath.Join(os.TempDir(), fmt.Sprintf("tlsh-peers-%d", os.Getpid()))) // of the benchmarks
	os.Exit(status)
}

// own is where the ids of a shell's own people begin.
func own(shell int) int64 { return int64(shell+1) * 1_000_000_000 }

// shared are the people whom every shell meets.
const shared = 1000

// shell learns people, its own and shared ones, on several goroutines, some
// thousand a second with its like, and looks some up. At the end it prints how many its own are.
func shell(job string) error {
	var path string
	var number int
	var text string
	if _, err := fmt.Sscan(job, &path, &number, &text); err != nil {
		return err
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return err
	}
	st := store.Open(path)
	c := NewStored(st)
	failed := make(chan error, 1)
	c.OnError(func(err error) { failed <- err })
	fmt.Println("begun")
	const goroutines = 2
	counts := make([]int64, goroutines)
	var wg sync.WaitGroup
	end := time.Now().Add(d)
	for g := range goroutines {
		wg.Go(func() {
			base := own(number) + int64(g)*own(0)/goroutines
			for n := int64(0); time.Now().Before(end); n++ {
				counts[g] = n + 1
				c.Learn(tl.VectorOf(nil, person(base+n), person(n*7%shared+1)))
				if n%5 == 0 {
					// A lookup of somebody whom another shell may have written.
					c.ByUsername(fmt.Sprint("user", n*13%shared+1))
					time.Sleep(10 * time.Millisecond)
				}
			}
		})
	}
	wg.Wait()
	if err := c.Close(); err != nil {
		return err
	}
	if err := st.Close(); err != nil {
		return err
	}
	select {
	case err := <-failed:
		return err
	default:
	}
	fmt.Println("learned", counts[0], counts[1])
	return nil
}

func person(id int64) tl.Value {
	return tl.New(schema.Current().Constructor("user")).With("id", tl.Long(id)).With("access_hash", tl.Long(id*3)).
		With("first_name", tl.String("Person "+strconv.FormatInt(id, 10))).With("username", tl.String("user"+strconv.FormatInt(id, 10))).Value()
}

func startShell(t *testing.T, path string, number int, d time.Duration) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), fmt.Sprintf("TLSH_TEST_LEARN=%s %d %s", path, number, d))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewScanner(out)
}

// Eight shells on one profile lose nobody and never find it locked. It takes a
// second; TLSH_SHELLS_FOR is another time, as 1m.
func TestEightShells(t *testing.T) {
	d := time.Second
	if text := os.Getenv("TLSH_SHELLS_FOR"); text != "" {
		var err error
		if d, err = time.ParseDuration(text); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "profiles", "x.db")
	const shells = 8
	var counts [shells][2]int64
	var wg sync.WaitGroup
	for i := range shells {
		cmd, out := startShell(t, path, i, d)
		wg.Go(func() {
			for out.Scan() {
				if line := out.Text(); strings.HasPrefix(line, "error") {
					t.Errorf("shell %d: %s", i, line)
				} else if strings.HasPrefix(line, "learned") {
					_, _ = fmt.Sscanf(line, "learned %d %d", &counts[i][0], &counts[i][1])
				}
			}
			if err := cmd.Wait(); err != nil {
				t.Errorf("shell %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	st := store.Open(path)
	defer st.Close()
	var want, met int64
	for i, c := range counts {
		if c[0] == 0 || c[1] == 0 {
			t.Errorf("shell %d learned nothing", i)
		}
		for g, n := range c {
			want += n
			met = max(met, n)
			// The ends, and some between: the count below says that none is missing.
			for _, k := range []int64{0, n / 3, n / 2, n - 1} {
				id := own(i) + int64(g)*own(0)/2 + k
				if e, ok, err := st.Entity(uint8(User), id); err != nil || !ok || e.Hash != id*3 || len(e.Usernames) != 1 {
					t.Errorf("shell %d: %+v, %v, %v", i, e, ok, err)
				}
			}
		}
	}
	want += min(met, shared)
	if n, err := st.Count(); err != nil || int64(n) != want {
		t.Errorf("%d are known, want %d (%v)", n, want, err)
	}
	t.Logf("%d shells, %d people in %s", shells, want, d)
}

// A shell that is killed while it writes leaves a file that reads well, with
// whole people.
func TestKilled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "p", "x.db")
	last := 0
	for i := range 4 {
		cmd, out := startShell(t, path, i, time.Minute)
		if !out.Scan() || out.Text() != "begun" {
			t.Fatal("the shell did not begin")
		}
		// Something of it is in the file before it is killed.
		st := store.Open(path)
		for deadline := time.Now().Add(30 * time.Second); ; {
			n, err := st.Count()
			if err != nil {
				t.Fatal(err)
			}
			if n > last+500 {
				break
			}
			if time.Now().After(deadline) {
				t.Fatal("nothing was written")
			}
			time.Sleep(5 * time.Millisecond)
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // it was killed
		n, err := st.Count()
		if err != nil || n <= last {
			t.Fatalf("%d people after the kill, %d before (%v)", n, last, err)
		}
		last = n
		list, err := st.Recent(n)
		if err != nil || len(list) != n {
			t.Fatalf("%d of %d people: %v", len(list), n, err)
		}
		for _, e := range list {
			if e.Hash != e.ID*3 || len(e.Usernames) != 1 || e.Usernames[0].Name != fmt.Sprint("user", e.ID) {
				t.Fatalf("half a person: %+v", e)
			}
		}
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
