package rules_test

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"testing"
	"time"

	"github.com/BurntSushi/toml"

	"github.com/auditpack/auditpack/mapping/expr"
	"github.com/auditpack/auditpack/mapping/rules"
)

func sub(s string) string {
	for _, r := range [][2]string{
		{`unseen\("[^"]*"\)`, `(1/0 == 1)`},
		{`bool\(([^()]*)\)`, `($1 == "true" || ($1 != "false" && 1/0 == 1))`},
		{`account_of\(a\) == account_of\(b\)`, `true`},
		{`region_of\(a\) == region_of\(f\)`, `true`},
		{`region_of\(f\)`, `"us-east-1"`},
		{`arn_of\(r\)`, `"arn:aws:s3:::data"`},
		{`\.lowerAscii\(\)`, ``},
	} {
		s = regexp.MustCompile(r[0]).ReplaceAllString(s, r[1])
	}
	return s
}

func TestScratchCompile(t *testing.T) {
	s, err := expr.BuiltinShapes()
	if err != nil {
		t.Fatal(err)
	}
	env, err := expr.New(s)
	if err != nil {
		t.Fatal(err)
	}
	ents, _ := rules.FS.ReadDir(".")
	for _, e := range ents {
		b, _ := rules.FS.ReadFile(e.Name())
		var f struct {
			Rule []struct {
				ID, Kind, Per, When, Expect string
				Example                     []struct {
					Result, R, All, Account_id, Arn, Region string
					As_of                                   string
				}
			}
		}
		if _, err := toml.Decode(string(b), &f); err != nil {
			t.Fatal(e.Name(), err)
		}
		for _, r := range f.Rule {
			p, err := env.Compile(expr.Rule{Kind: r.Kind, Per: expr.Per(r.Per), When: sub(r.When), Expect: sub(r.Expect)})
			if err != nil {
				t.Errorf("%s: %v", r.ID, err)
				continue
			}
			for i, x := range r.Example {
				in := expr.Input{AsOf: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Account: "111122223333", Region: "us-east-1"}
				if x.As_of != "" {
					in.AsOf, _ = time.Parse(time.RFC3339, x.As_of)
				}
				mk := func(kind string, parts map[string]json.RawMessage) *expr.Doc {
					delete(parts, "region")
					delete(parts, "account")
					pj, _ := json.Marshal(parts)
					d, err := expr.ParseArtifact([]byte(fmt.Sprintf(`{"kind":%q,"account":"111122223333","region":"us-east-1","id":"x","arn":"","parts":%s}`, kind, pj)), expr.Digest{})
					if err != nil {
						t.Fatal(r.ID, i, err)
					}
					return d
				}
				if r.Per == "resource" {
					m := map[string]json.RawMessage{}
					if err := json.Unmarshal([]byte(x.R), &m); err != nil {
						t.Fatal(r.ID, i, err)
					}
					in.Resource = mk(r.Kind, m)
				}
				pops := map[string]*expr.Population{}
				if x.All != "" {
					var m map[string]struct {
						Complete bool
						Items    []map[string]json.RawMessage
					}
					if err := json.Unmarshal([]byte(x.All), &m); err != nil {
						t.Fatal(r.ID, i, err)
					}
					for k, v := range m {
						p := &expr.Population{Complete: v.Complete}
						for _, it := range v.Items {
							p.Items = append(p.Items, mk(k, it))
						}
						pops[k] = p
					}
				}
				in.Populations = func(_ expr.Scope, k string) *expr.Population { return pops[k] }
				o := p.Eval(context.Background(), in)
				if string(o.Result) != x.Result {
					t.Errorf("%s example %d: got %s %s want %s", r.ID, i+1, o.Result, o.Error, x.Result)
				}
			}
		}
	}
}
