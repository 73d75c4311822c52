package peers

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"tlsh/schema"
	"tlsh/store"
	"tlsh/tl"
)

// million is how many people the file of the benchmarks has.
const million = 1_000_000

// bigFile is a file with a million people, made once a run.
var bigFile = sync.OnceValues(func() (string, error) {
	path := filepath.Join(os.TempDir(), fmt.Sprintf("tlsh-peers-%d", os.Getpid()), "x.db")
	st := store.Open(path)
	rows := make([]store.Entity, 0, 20_000)
	for id := int64(1); id <= million; id++ {
		name := fmt.Sprint("user", id)
		rows = append(rows, store.Entity{Kind: uint8(User), ID: id, Hash: id * 3, Title: fmt.Sprint("Person ", id), Phone: fmt.Sprint(10_000_000_000 + id),
			Usernames: []store.Username{{Name: name, Active: true}}, Seen: time.Unix(id, 0)})
		if len(rows) == cap(rows) || id == million {
			if err := st.Learn(rows); err != nil {
				return "", err
			}
			rows = rows[:0]
		}
	}
	return path, st.Close()
})

func bigCache(b *testing.B) *Cache {
	b.Helper()
	path, err := bigFile()
	if err != nil {
		b.Fatal(err)
	}
	return stored(b, path)
}

// Lookups of people in memory, and of a million in the file, each for the first
// time in the process.
func BenchmarkLookup(b *testing.B) {
	b.Run("memory/id", func(b *testing.B) {
		c := NewCache()
		c.Learn(crowd(1000))
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if c.ByID(User, int64(i%1000)+1) == nil {
				b.Fatal("nobody")
			}
		}
	})
	b.Run("memory/username", func(b *testing.B) {
		c := NewCache()
		c.Learn(crowd(1000))
		b.ReportAllocs()
		for b.Loop() {
			if c.ByUsername("User77") == nil {
				b.Fatal("nobody")
			}
		}
	})
	for name, find := range map[string]func(c *Cache, id int64) *Entity{
		"id":       func(c *Cache, id int64) *Entity { return c.ByID(User, id) },
		"username": func(c *Cache, id int64) *Entity { return c.ByUsername(fmt.Sprint("user", id)) },
		"phone":    func(c *Cache, id int64) *Entity { return c.ByPhone(fmt.Sprint(10_000_000_000 + id)) },
		"nobody":   func(c *Cache, id int64) *Entity { c.ByUsername(fmt.Sprint("nobody", id)); return &Entity{} },
	} {
		b.Run("file/"+name, func(b *testing.B) {
			c := bigCache(b)
			b.ReportAllocs()
			for i := int64(0); b.Loop(); i++ {
				if find(c, i*7919%million+1) == nil {
					b.Fatal("nobody")
				}
			}
		})
	}
	b.Run("file/search", func(b *testing.B) {
		c := bigCache(b)
		for b.Loop() {
			if found, _ := c.Search([]string{"person", "77777"}, 10); len(found) == 0 {
				b.Fatal("nobody")
			}
		}
	})
}

// A result with a hundred people: known already, and new, with and without a
// file; what the file costs in the background is drained outside the time.
func BenchmarkLearn(b *testing.B) {
	known := crowd(100)
	b.Run("known", func(b *testing.B) {
		c := stored(b, filepath.Join(b.TempDir(), "p", "x.db"))
		c.Learn(known)
		b.ReportAllocs()
		for b.Loop() {
			c.Learn(known)
		}
	})
	for _, kept := range []bool{false, true} {
		b.Run(map[bool]string{false: "new/memory", true: "new/file"}[kept], func(b *testing.B) {
			c := NewCache()
			if kept {
				c = stored(b, filepath.Join(b.TempDir(), "p", "x.db"))
			}
			next := int64(1)
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				v := people100(next)
				next += 100
				b.StartTimer()
				c.Learn(v)
			}
		})
	}
	b.Run("drained", func(b *testing.B) {
		c := stored(b, filepath.Join(b.TempDir(), "p", "x.db"))
		next := int64(1)
		for b.Loop() {
			c.Learn(people100(next))
			next += 100
		}
		c.Flush()
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(next), "ns/person")
	})
}

// Start with a million people known: the file opened, one of them found.
func BenchmarkStart(b *testing.B) {
	path, err := bigFile()
	if err != nil {
		b.Fatal(err)
	}
	var before, after runtime.MemStats
	for b.Loop() {
		runtime.ReadMemStats(&before)
		st := store.Open(path)
		c := NewStored(st)
		if c.ByUsername("user777777") == nil {
			b.Fatal("nobody")
		}
		runtime.ReadMemStats(&after)
		if err := c.Close(); err != nil {
			b.Fatal(err)
		}
		if err := st.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/1024, "KiB/start")
}

func crowd(n int) tl.Value {
	items := make([]tl.Value, n)
	for i := range items {
		items[i] = person(int64(i) + 1)
	}
	return tl.VectorOf(schema.Current().TypeOf("User"), items...)
}

func people100(from int64) tl.Value {
	items := make([]tl.Value, 100)
	for i := range items {
		items[i] = person(from + int64(i))
	}
	return tl.VectorOf(nil, items...)
}
