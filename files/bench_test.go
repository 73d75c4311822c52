package files_test

import (
	"bytes"
	"context"
	"io"
	"math/rand"
	"testing"

	"tlsh/client"
	"tlsh/files"
	"tlsh/tl"
)

// memory is a server without a network: it gives pieces of one part, and takes
// what comes.
type memory struct{ file tl.Value }

func (m memory) CallAt(_ context.Context, _ client.Site, req *tl.Object) (tl.Value, error) {
	if req.Is("upload.getFile") {
		return m.file, nil
	}
	return tl.Bool(true), nil
}

const benchSize = 64 << 20

func benchMover() *files.Mover {
	file := object("upload.file").With("type", object("storage.fileUnknown").Value()).With("mtime", tl.Int(0)).
		With("bytes", tl.Bytes(random(files.PartSize)))
	return &files.Mover{Schema: s, Caller: memory{file.Value()}, Rand: rand.New(rand.NewSource(1))}
}

// What moving costs beside the network, its ciphers and the disk.
func BenchmarkMover(b *testing.B) {
	b.Run("upload", func(b *testing.B) {
		data := random(benchSize)
		b.SetBytes(benchSize)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := benchMover().Upload(context.Background(), bytes.NewReader(data), "a.bin", benchSize); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("download", func(b *testing.B) {
		b.SetBytes(benchSize)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := benchMover().Download(context.Background(), &files.Remote{Location: location("new"), Size: benchSize}, io.Discard, 0); err != nil {
				b.Fatal(err)
			}
		}
	})
}
