package mapping_test

import (
	"fmt"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/auditpack/auditpack/mapping"
	"github.com/auditpack/auditpack/mapping/pack"
)

// BenchmarkMap maps a bundle of many volumes, each judged by one rule. It reports the findings of a second and the largest heap
// that was seen between two collections of garbage.
func BenchmarkMap(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			w := newWorld()
			for i := range n {
				w.artifacts = append(w.artifacts, volume(acctA, usE1, fmt.Sprintf("vol-x%07d", i), i%3 > 0, `{"Key":"Name","Value":"a volume of the benchmark"}`))
			}
			w.list()
			in := w.open(b)
			w = nil
			runtime.GC()
			for b.Loop() {
				pw, err := pack.NewWriter(filepath.Join(b.TempDir(), "pack"))
				if err != nil {
					b.Fatal(err)
				}
				p, err := mapping.Map(b.Context(), in, pw)
				if err != nil {
					b.Fatal(err)
				}
				if got := p.Totals.Findings.Pass + p.Totals.Findings.Fail; got < n {
					b.Fatalf("got %d findings", got)
				}
			}
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "findings/s")
			b.ReportMetric(float64(m.NextGC)/(1<<20), "MiB-heap-target")
		})
	}
}
