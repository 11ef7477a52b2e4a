package samples_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/auditpack/auditpack/collect/bundle"
	"github.com/auditpack/auditpack/samples/seed"
)

// TestCommittedBundle checks that the committed bundle is what `make samples` makes of the seed program as it is now.
func TestCommittedBundle(t *testing.T) {
	lines, err := os.ReadFile("allowed_signers")
	if err != nil {
		t.Fatal(err)
	}
	trust, err := bundle.ParseTrust("allowed_signers", lines)
	if err != nil {
		t.Fatal(err)
	}
	e := read(t, "example.bundle.zip", trust)
	for key, want := range stage.Seeded.Counts {
		if got := e.count(key); got != want {
			t.Errorf("%s in %s: the bundle has %d, the seed program makes %d; run make samples", key.Kind, key.Region, got, want)
		}
	}
	var gaps []string
	for key, p := range e.populations {
		if p.Status != bundle.StatusComplete {
			gaps = append(gaps, p.Gaps[0].Service+":"+p.Gaps[0].Operation+" "+key.Region)
		}
	}
	var values strings.Builder
	for _, a := range e.artifacts {
		for name, part := range a.Parts {
			if part.State == bundle.StateGap {
				gaps = append(gaps, a.Kind+"."+name)
			}
			values.Write(part.Data)
		}
	}
	slices.Sort(gaps)
	want := []string{"kms.key.Policy", "rds:DescribeDBInstances " + seed.Virginia, "s3.bucket.Logging"}
	if !slices.Equal(gaps, want) {
		t.Errorf("gaps of the committed bundle: %v, want %v", gaps, want)
	}
	for _, hostile := range []string{"=cmd|", "<script>", "\u202e", "{nb}", "𠮷", "機密", "個人情報", "🚀", "../../", strings.Repeat("長い値", 80)} {
		if !strings.Contains(values.String(), hostile) {
			t.Errorf("the committed bundle does not contain %q", hostile)
		}
	}
	for _, secret := range []string{"Base32StringSeed", "Example-Passw0rd", "SecretAccessKey"} {
		if strings.Contains(values.String(), secret) {
			t.Errorf("the committed bundle contains %q", secret)
		}
	}
}
