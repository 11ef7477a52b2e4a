package bundle

import (
	"bytes"
	"path"
	"testing"
)

// BenchmarkCheckLine is the strict reading of one record, and the digest that it is cited by.
func BenchmarkCheckLine(b *testing.B) {
	k := takeApart(b, benchBundle(b))
	for _, shard := range []string{shardBuckets, shardCalls} {
		line, _, _ := bytes.Cut(k.files[shard], []byte("\n"))
		b.Run(path.Base(shard)+"/check", func(b *testing.B) {
			b.SetBytes(int64(len(line)))
			b.ReportAllocs()
			var before repeats
			for range b.N {
				rec := record{before: &before}
				if err := checkLine(line, &rec); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(path.Base(shard)+"/leaf", func(b *testing.B) {
			b.SetBytes(int64(len(line)))
			var leaf leafHasher
			for range b.N {
				leaf.leaf(line)
			}
		})
	}
}
