package catalog_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/auditpack/auditpack/frameworks"
	"github.com/auditpack/auditpack/mapping/catalog"
	"github.com/auditpack/auditpack/mapping/rules"
)

// TestBuiltin loads what the product ships and runs every example of every rule.
func TestBuiltin(t *testing.T) {
	c, err := catalog.Load(rules.FS, frameworks.FS, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.RunExamples(); err != nil {
		t.Error(err)
	}
	again, err := catalog.Load(rules.FS, frameworks.FS, nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.Digest != again.Digest {
		t.Errorf("the digest of the same catalogue is %s and %s", c.Digest, again.Digest)
	}
	t.Logf("%d rules, %d frameworks", len(c.Rules), len(c.Frameworks))
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		c, err := catalog.Load(rules.FS, frameworks.FS, nil)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(c.Rules)), "rules")
	}
}

// BenchmarkLoad300 loads as many rules as the product is to have: the built-in ones again and again under other ids.
func BenchmarkLoad300(b *testing.B) {
	many := fstest.MapFS{}
	entries, err := rules.FS.ReadDir(".")
	if err != nil {
		b.Fatal(err)
	}
	for i := range 5 {
		for _, e := range entries {
			text, err := rules.FS.ReadFile(e.Name())
			if err != nil {
				b.Fatal(err)
			}
			stem := strings.TrimSuffix(e.Name(), ".toml")
			other := fmt.Sprintf("%s%d", stem, i)
			if i == 0 {
				other = stem
			}
			many[other+".toml"] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(string(text), `id = "`+stem+`.`, `id = "`+other+`.`))}
		}
	}
	for b.Loop() {
		c, err := catalog.Load(many, frameworks.FS, nil)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(c.Rules)), "rules")
	}
}
