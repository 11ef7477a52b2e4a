package samples_test

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
	"github.com/auditpack/auditpack/collect/testbed"
	"github.com/auditpack/auditpack/samples/seed"
)

// operations returns every operation of the collector's services by "service:Operation".
func operations() map[string]collect.Operation {
	ops := map[string]collect.Operation{}
	for _, op := range collect.Operations(seed.Services()) {
		ops[op.String()] = op
	}
	return ops
}

// kinds returns every kind by name.
func kinds() map[string]collect.Kind {
	all := map[string]collect.Kind{}
	for _, s := range seed.Services() {
		for _, k := range s.Kinds {
			all[k.Name] = k
		}
	}
	return all
}

func uses(ops []collect.Operation, op collect.Operation) bool {
	return slices.ContainsFunc(ops, func(o collect.Operation) bool { return o.Service == op.Service && o.Name == op.Name })
}

// effect is what a denied operation may change.
type effect struct {
	op      collect.Operation
	regions []string // in which it is denied; empty for all
	changed int      // parts and populations that became gaps
}

// check compares a collection with one operation denied with the plain one: whatever needs the operation is a gap that names it and
// its IAM action, everything else is as it was, and no artifact vanishes unless the list that finds it was denied.
func (f *effect) check(t *testing.T, plain, got *evidence) {
	t.Helper()
	all := kinds()
	for key, p := range got.populations {
		k := all[key.Kind]
		if !uses(k.List, f.op) || !f.reaches(key.Region) {
			if before := plain.populations[key]; p.Status != before.Status || p.Count != before.Count {
				t.Errorf("population %v was %s of %d, is %s of %d", key, before.Status, before.Count, p.Status, p.Count)
			}
			continue
		}
		f.changed++
		if p.Status != bundle.StatusIncomplete || len(p.Gaps) == 0 {
			t.Errorf("population %v is %s with gaps %v after its list was denied", key, p.Status, p.Gaps)
		}
		for _, g := range p.Gaps {
			if g.Service != f.op.Service || g.Operation != f.op.Name || !slices.Contains(f.op.Actions, g.Action) || g.Code == "" || len(g.Calls) == 0 {
				t.Errorf("population %v: gap %+v does not name the denied call and its action", key, g)
			}
		}
	}
	for key := range plain.populations {
		if got.populations[key] == nil {
			t.Errorf("population %v vanished", key)
		}
	}
	f.checkArtifacts(t, all, plain, got)
}

func (f *effect) checkArtifacts(t *testing.T, all map[string]collect.Kind, plain, got *evidence) {
	t.Helper()
	for key, a := range plain.artifacts {
		k := all[a.Kind]
		b := got.artifacts[key]
		if b == nil {
			if !uses(k.List, f.op) {
				t.Errorf("artifact %s vanished", key)
			}
			continue
		}
		for _, spec := range k.Parts {
			before, after := a.Parts[spec.Name], b.Parts[spec.Name]
			same := before.State == after.State && bytes.Equal(before.Data, after.Data)
			switch {
			case same || volatile[a.Kind+"."+spec.Name] && before.State == after.State:
			case after.State != bundle.StateGap:
				t.Errorf("artifact %s: part %s was %s, is %s", key, spec.Name, before.State, after.State)
			case !uses(spec.Operations, f.op):
				t.Errorf("artifact %s: part %s became a gap although it does not need the call: %+v", key, spec.Name, after)
			case !slices.Contains(f.op.Actions, after.Action) || after.Code == "" || len(after.Calls) == 0:
				t.Errorf("artifact %s: the gap in part %s does not name call and action: %+v", key, spec.Name, after)
			default:
				f.changed++
			}
		}
	}
	for key := range got.artifacts {
		if plain.artifacts[key] == nil {
			t.Errorf("artifact %s appeared", key)
		}
	}
}

func (f *effect) reaches(region string) bool {
	return len(f.regions) == 0 || slices.Contains(f.regions, region)
}

// TestLiveDenial denies one operation of each service over the wire.
func TestLiveDenial(t *testing.T) {
	defer stage.Proxy.Heal()
	plain := gather(t, stage.Proxy.Client(), nil)
	for _, s := range seed.Services() {
		op := telling(s)
		stage.Proxy.Heal()
		stage.Proxy.Inject(testbed.Fault{Service: op.Service, Operation: op.Name, Do: testbed.Deny()})
		got := gather(t, stage.Proxy.Client(), nil)
		f := &effect{op: op}
		f.check(t, plain, got)
		if f.changed == 0 {
			t.Errorf("denying %s:%s changed nothing", op.Service, op.Name)
		}
	}
}

// telling returns an operation of the service that reads a part, or else one that lists.
func telling(s collect.Service) collect.Operation {
	for _, k := range s.Kinds {
		for _, p := range k.Parts {
			for _, op := range p.Operations {
				if !uses(k.List, op) {
					return op
				}
			}
		}
	}
	return s.Kinds[0].List[0]
}

// TestLiveDenialInOneRegion denies a list call in one region only.
func TestLiveDenialInOneRegion(t *testing.T) {
	defer stage.Proxy.Heal()
	plain := gather(t, stage.Proxy.Client(), nil)
	stage.Proxy.Inject(testbed.Fault{Service: "ec2", Operation: "DescribeVpcs", Region: seed.Ireland, Do: testbed.Deny()})
	got := gather(t, stage.Proxy.Client(), nil)
	f := &effect{op: operations()["ec2:DescribeVpcs"], regions: []string{seed.Ireland}}
	f.check(t, plain, got)
	for _, region := range seed.Regions() {
		key := seed.Key{Kind: "ec2.vpc", Region: region}
		want := bundle.StatusComplete
		if region == seed.Ireland {
			want = bundle.StatusIncomplete
		}
		if p := got.populations[key]; p.Status != want {
			t.Errorf("population %v is %s, want %s", key, p.Status, want)
		}
	}
}

// TestRegionClosedByPolicy has a service control policy deny everything in one region.
func TestRegionClosedByPolicy(t *testing.T) {
	defer stage.Proxy.Heal()
	plain := gather(t, stage.Proxy.Client(), nil)
	stage.Proxy.Inject(testbed.Fault{Region: seed.Ireland, Match: func(r *testbed.Request) bool { return r.Service != "s3" }, Do: testbed.DenyByPolicy()})
	got := gather(t, stage.Proxy.Client(), nil)
	listed := kinds()
	for key, p := range got.populations {
		switch {
		case key.Region != seed.Ireland:
			if before := plain.populations[key]; p.Status != before.Status || p.Count != before.Count {
				t.Errorf("population %v was %s of %d, is %s of %d", key, before.Status, before.Count, p.Status, p.Count)
			}
		case len(listed[key.Kind].List) > 0 && (p.Status != bundle.StatusRegionDenied || len(p.Gaps) == 0 || !strings.Contains(p.Gaps[0].Message, "service control policy")):
			t.Errorf("population %v is %s with gaps %+v in a closed region", key, p.Status, p.Gaps)
		}
	}
	for key, a := range plain.artifacts {
		if got.artifacts[key] == nil && a.Region != seed.Ireland {
			t.Errorf("artifact %s vanished with another region", key)
		}
	}
}

// TestUnreadableAnswers has one operation answer what is no AWS error at all.
func TestUnreadableAnswers(t *testing.T) {
	defer stage.Proxy.Heal()
	plain := gather(t, stage.Proxy.Client(), nil)
	for name, do := range map[string]testbed.Action{"cut": testbed.Cut(), "garbled": testbed.Garble(), "unknown code": testbed.Fail(418, "TeapotException", "short and stout")} {
		for _, op := range []string{"kms:DescribeKey", "s3:GetBucketPolicy", "iam:ListUsers", "ec2:DescribeVolumes"} {
			stage.Proxy.Heal()
			service, operation, _ := strings.Cut(op, ":")
			stage.Proxy.Inject(testbed.Fault{Service: service, Operation: operation, Do: do})
			got := gather(t, stage.Proxy.Client(), nil)
			gaps := 0
			for key, p := range got.populations {
				if before := plain.populations[key]; p.Status != before.Status || p.Count != before.Count {
					gaps++
					if p.Status != bundle.StatusIncomplete || len(p.Gaps) == 0 || p.Gaps[0].Operation != operation {
						t.Errorf("%s %s: population %v is %s: %+v", op, name, key, p.Status, p.Gaps)
					}
				}
			}
			for key, a := range plain.artifacts {
				b := got.artifacts[key]
				if b == nil && op != "iam:ListUsers" && op != "ec2:DescribeVolumes" {
					t.Errorf("%s %s: artifact %s vanished", op, name, key)
				}
				if b == nil {
					continue
				}
				for part := range a.Parts {
					if p := b.Parts[part]; p.State != a.Parts[part].State {
						gaps++
						if p.State != bundle.StateGap || p.Code == "" {
							t.Errorf("%s %s: artifact %s: part %s was %s, is %+v", op, name, key, part, a.Parts[part].State, p)
						}
					}
				}
			}
			if gaps == 0 {
				t.Errorf("%s %s: nothing changed", op, name)
			}
		}
	}
}

// TestThrottlingIsWaitedOut throttles the first answers of some operations; with retries nothing may be lost.
func TestThrottlingIsWaitedOut(t *testing.T) {
	t.Setenv("AWS_MAX_ATTEMPTS", "6")
	defer stage.Proxy.Heal()
	for _, op := range []string{"kms:ListKeys", "s3:GetBucketAcl", "iam:ListRoles", "ec2:DescribeInstances", "guardduty:GetDetector"} {
		service, operation, _ := strings.Cut(op, ":")
		stage.Proxy.Inject(testbed.Fault{Service: service, Operation: operation, Times: 2, Do: testbed.Throttle()})
	}
	gather(t, stage.Proxy.Client(), nil).checkTotals(t)
}

// TestRecordedDenialSweep denies every operation of the collector, one at a time, on recorded answers.
func TestRecordedDenialSweep(t *testing.T) {
	begin := time.Now()
	cassette := testbed.NewCassette(stage.Proxy.Client())
	recorded := gather(t, cassette, nil)
	ops := operations()
	for _, name := range cassette.Operations() {
		if _, ok := ops[name]; !ok && name != "sts:GetCallerIdentity" {
			t.Errorf("the collector made the call %s, which no kind declares", name)
		}
	}
	replay := cassette.Replay()
	plain := gather(t, replay, nil)
	if misses := replay.Misses(); len(misses) > 0 {
		t.Fatalf("the replay asked what was not recorded: %v", misses)
	}
	compare(t, recorded, plain, func(string, *bundle.Artifact, string) bool { return false })
	baseline := assess(t, plain)
	depends := map[string]bool{} // rules that some denial reached
	asked := cassette.Operations()
	if len(asked) < 100 {
		t.Errorf("the account was asked with %d operations only", len(asked))
	}
	for _, name := range slices.Sorted(maps.Keys(ops)) {
		if !slices.Contains(asked, name) {
			continue // of resources that the account does not have
		}
		t.Run(strings.ReplaceAll(name, ":", "-"), func(t *testing.T) {
			op := ops[name]
			denied := cassette.Replay(testbed.Fault{Service: op.Service, Operation: op.Name, Do: testbed.Deny()})
			got := gather(t, denied, nil)
			if denied.Hits() == 0 {
				t.Errorf("the collector never called %s", name)
			}
			if misses := denied.Misses(); len(misses) > 0 {
				t.Errorf("the collector asked what was not recorded: %v", misses)
			}
			f := &effect{op: op}
			f.check(t, plain, got)
			if f.changed == 0 {
				t.Error("the denial left no gap")
			}
			maps.Copy(depends, baseline.check(t, op, assess(t, got)))
		})
	}
	for rule := range baseline.decided() {
		if !depends[rule] {
			t.Errorf("rule %s decides something, but no denial made it not assessed", rule)
		}
	}
	t.Logf("%d operations in %v; findings %v", len(ops), time.Since(begin), baseline.count())
}
