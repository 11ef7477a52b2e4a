package bundle

import (
	"bytes"
	"testing"
)

// BenchmarkCheckLine is the strict reading of one record.
func BenchmarkCheckLine(b *testing.B) {
	k := takeApart(b, benchBundle(b))
	line, _, _ := bytes.Cut(k.files[shardBuckets], []byte("\n"))
	b.Run("check", func(b *testing.B) {
		b.SetBytes(int64(len(line)))
		for range b.N {
			var rec record
			if err := checkLine(line, &rec); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("leaf", func(b *testing.B) {
		b.SetBytes(int64(len(line)))
		var leaf leafHasher
		for range b.N {
			leaf.leaf(line)
		}
	})
}
