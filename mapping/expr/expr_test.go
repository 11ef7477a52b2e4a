package expr

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// testShapes is a small API of its own, so that these tests do not move with AWS's.
const testShapes = `{
 "kinds":{
  "t.thing":{"service":"t","scope":"region","tags":"","list":["t:ListThings"],"parts":{
    "Thing":{"type":"t.Thing","calls":["t:ListThings"],"absent":[]},
    "Policy":{"type":"t.PolicyOutput","calls":["t:GetPolicy"],"absent":["NoSuchPolicy"]},
    "Extra":{"type":"t.Thing","calls":["t:GetExtra"],"absent":[]}}},
  "t.other":{"service":"t","scope":"account","tags":"","list":["t:ListOthers"],"parts":{
    "Other":{"type":"t.Thing","calls":["t:ListOthers"],"absent":[]}}},
  "s3.bucket":{"service":"s3","scope":"account","tags":"","list":["s3:ListBuckets"],"parts":{
    "PublicAccessBlock":{"type":"s3.PAB","calls":["s3:GetPublicAccessBlock"],"absent":["NoSuchPublicAccessBlockConfiguration"]}}}},
 "types":{
  "t.Thing":{"On":"bool","Off":"bool","Name":"string","Size":"int","Rate":"double","Made":"timestamp","Tags":"list<string>","Nums":"list<int>",
    "Items":"list<t.Item>","Map":"map<string,string>","Any":"dyn","Inner":"t.Item"},
  "t.Item":{"Key":"string","Value":"string","Flag":"bool","Ports":"list<int>"},
  "t.PolicyOutput":{"Policy":"string"},
  "s3.PAB":{"PublicAccessBlockConfiguration":"s3.PABC"},
  "s3.PABC":{"BlockPublicAcls":"bool"}}}`

func testEnv(t testing.TB) *Env {
	t.Helper()
	s, err := ParseShapes([]byte(testShapes))
	if err != nil {
		t.Fatal(err)
	}
	env, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	return env
}

func artifact(t testing.TB, kind, id, parts string) *Doc {
	t.Helper()
	d := Digest{}
	copy(d[:], id)
	doc, err := ParseArtifact([]byte(fmt.Sprintf(`{"salt":"x","type":"artifact","kind":%q,"account":"111122223333","region":"us-east-1","id":%q,"arn":"arn:%s","parts":%s}`,
		kind, id, id, parts)), d)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// thing is an artifact whose part Thing is data.
func thing(t testing.TB, data string) *Doc {
	return artifact(t, "t.thing", "x", `{"Thing":{"state":"ok","calls":["c1"],"data":`+data+`}}`)
}

func mustCompile(t testing.TB, env *Env, r Rule) *Program {
	t.Helper()
	if r.Kind == "" {
		r.Kind = "t.thing"
	}
	if r.Per == "" {
		r.Per = PerResource
	}
	if r.When == "" {
		r.When = "true"
	}
	p, err := env.Compile(r)
	if err != nil {
		t.Fatalf("compiling %q: %v", r.Expect, err)
	}
	return p
}

var testTime = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func input(d *Doc, pops map[string]*Population) Input {
	return Input{Resource: d, AsOf: testTime, Account: "111122223333", Region: "us-east-1",
		Populations: func(s Scope, kind string) *Population { return pops[string(s)+" "+kind] }}
}

func TestEval(t *testing.T) {
	env := testEnv(t)
	const ok = `"state":"ok","data":`
	tests := []struct {
		name, when, expect, parts string
		want                      string // result, then gaps or error, then facts
	}{
		{"pass", "true", `r.Thing.On`, `{"Thing":{` + ok + `{"On":true}}}`, "pass /parts/Thing/data/On=true"},
		{"fail", "true", `r.Thing.On`, `{"Thing":{` + ok + `{"On":false}}}`, "fail /parts/Thing/data/On=false"},
		{"missing member", "true", `r.Thing.On`, `{"Thing":{` + ok + `{}}}`, `not_assessed rule_error expect (line 1, column 8): t.thing "x" has no member On at /parts/Thing/data`},
		{"gap", "true", `r.Thing.On`, `{"Thing":{"state":"gap","code":"AccessDenied"}}`, "not_assessed gap Thing"},
		{"no part", "true", `r.Thing.On`, `{}`, "not_assessed gap Thing absent"},
		{"two gaps", "true", `r.Thing.Name == r.Extra.Name`, `{}`, "not_assessed gap Thing absent gap Extra absent"},
		{"or absorbs unknown", "true", `r.Extra.On || r.Thing.On`, `{"Thing":{` + ok + `{"On":true}}}`, "pass /parts/Thing/data/On=true"},
		{"or absorbs error", "true", `r.Thing.Off || r.Thing.On`, `{"Thing":{` + ok + `{"On":true}}}`, "pass /parts/Thing/data/On=true"},
		{"and absorbs unknown", "true", `r.Extra.On && r.Thing.On`, `{"Thing":{` + ok + `{"On":false}}}`, "fail /parts/Thing/data/On=false"},
		{"both sides needed", "true", `r.Thing.Off || r.Thing.On`, `{"Thing":{` + ok + `{"On":false,"Off":false}}}`, "fail /parts/Thing/data/Off=false /parts/Thing/data/On=false"},
		{"near-minimal", "true", `(r.Thing.Off && r.Thing.Name == "a") || r.Thing.On`, `{"Thing":{` + ok + `{"On":true,"Off":true,"Name":"b"}}}`, "pass /parts/Thing/data/On=true"},
		{"when false", `r.Thing.Name == "a"`, `r.Thing.On`, `{"Thing":{` + ok + `{"Name":"b"}}}`, `not_applicable condition_false /parts/Thing/data/Name="b"`},
		{"when unknown", `r.Extra.On`, `true`, `{}`, "not_assessed gap Extra absent"},
		{"when false beside unknown", `r.Extra.On && r.Thing.On`, `true`, `{"Thing":{` + ok + `{"On":false}}}`, "not_applicable condition_false /parts/Thing/data/On=false"},
		{"absent is null", "true", `r.Policy == null`, `{"Policy":{"state":"absent","code":"NoSuchPolicy"}}`, `pass /parts/Policy/state="absent"`},
		{"present is not null", "true", `r.Policy == null`, `{"Policy":{` + ok + `{"Policy":"{}"}}}`, `fail /parts/Policy/state="ok"`},
		{"gap is not null", "true", `r.Policy == null`, `{"Policy":{"state":"gap"}}`, `not_assessed gap Policy`},
		{"member of null", "true", `r.Policy.Policy == "a" || r.Policy == null && r.Thing.On`, `{"Policy":{"state":"absent"},"Thing":{` + ok + `{"On":false}}}`,
			`not_assessed rule_error expect (line 1, column 9): Policy is a member of null: nothing is configured there`},
		{"has", "true", `has(r.Thing.On) && r.Thing.On`, `{"Thing":{` + ok + `{"Name":"a"}}}`, `fail /parts/Thing/data={"Name":"a"}`},
		{"exists keeps the element", "true", `r.Thing.Items.exists(i, i.Key == "b" && i.Flag)`,
			`{"Thing":{` + ok + `{"Items":[{"Key":"a","Flag":true},{"Key":"b","Flag":true}]}}}`, `pass /parts/Thing/data/Items/1/Key="b" /parts/Thing/data/Items/1/Flag=true`},
		{"exists over scalars", "true", `r.Thing.Nums.exists(n, n > 2)`, `{"Thing":{` + ok + `{"Nums":[1,2,3]}}}`, `pass /parts/Thing/data/Nums/2=3`},
		{"in", "true", `"b" in r.Thing.Tags`, `{"Thing":{` + ok + `{"Tags":["a","b"]}}}`, `pass /parts/Thing/data/Tags/1="b"`},
		{"wrong type of data", "true", `r.Thing.On`, `{"Thing":{` + ok + `{"On":"true"}}}`, `not_assessed rule_error expect (line 1, column 8): /parts/Thing/data/On of t.thing "x" is not what the API model says: "true"`},
		{"large integer", "true", `r.Thing.Size == 9007199254740993`, `{"Thing":{` + ok + `{"Size":9007199254740993}}}`, `pass /parts/Thing/data/Size=9007199254740993`},
		{"fraction where a whole number belongs", "true", `r.Thing.Size == 1`, `{"Thing":{` + ok + `{"Size":1.0}}}`, `not_assessed rule_error expect (line 1, column 8): /parts/Thing/data/Size of t.thing "x" is not what the API model says: 1.0`},
		{"dyn of another type", "true", `r.Thing.Any == 1`, `{"Thing":{` + ok + `{"Any":"1"}}}`, `not_assessed rule_error expect (line 1, column 13): a string cannot be compared with a whole number`},
		{"age", "true", `as_of - r.Thing.Made > days(90)`, `{"Thing":{` + ok + `{"Made":"2025-09-01T00:00:00Z"}}}`, `pass /parts/Thing/data/Made="2025-09-01T00:00:00Z"`},
		{"policy error", "true", `policy_is_public(r.Thing.Name)`, `{"Thing":{` + ok + `{"Name":"{"}}}`, `not_assessed rule_error expect (line 1, column 17): reading a policy: it ends too early`},
		{"identity", "true", `account_of(r) == account_id && region_of(r) == region && arn_of(r) == "arn:y"`, `{}`, `fail /arn="arn:x"`},
		{"lower", "true", `r.Thing.Name.lowerAscii() == "ab"`, `{"Thing":{` + ok + `{"Name":"aB"}}}`, `pass /parts/Thing/data/Name="aB"`},
		{"unseen", "true", `r.Thing.On || unseen("elsewhere")`, `{"Thing":{` + ok + `{"On":false}}}`, `not_assessed gap (elsewhere)`},
		{"bool of a cell", "true", `bool(r.Thing.Name)`, `{"Thing":{` + ok + `{"Name":"N/A"}}}`, `not_assessed rule_error expect (line 1, column 5): "N/A" is not a valid bool`},
		{"redacted", "true", `r.Thing.Name == "a"`, `{"Thing":{` + ok + `{"Name":{"__redacted":"t.name","present":true}}}}`, `not_assessed rule_error expect (line 1, column 8): /parts/Thing/data/Name of t.thing "x" was not kept when it was collected, because it may be a secret or personal: only has() can ask for it`},
		{"redacted and there", "true", `has(r.Thing.Name)`, `{"Thing":{` + ok + `{"Name":{"__redacted":"t.name","present":true}}}}`, `pass /parts/Thing/data/Name={"__redacted":"t.name","present":true}`},
		{"escapes", "true", `r.Thing.Name == "a/b~\"é"`, `{"Thing":{` + ok + `{"Name":"a\/b~\"\u00e9"}}}`, `pass /parts/Thing/data/Name="a\/b~\"\u00e9"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := mustCompile(t, env, Rule{When: tt.when, Expect: tt.expect})
			got := describe(p.Eval(context.Background(), input(artifact(t, "t.thing", "x", tt.parts), nil)))
			if got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// describe writes an outcome in one line.
func describe(o Outcome) string {
	var b strings.Builder
	b.WriteString(string(o.Result))
	if o.Reason != "" {
		b.WriteString(" " + o.Reason)
	}
	if o.Error != "" {
		b.WriteString(" " + o.Error)
	}
	for _, g := range o.Gaps {
		if g.Part == "" {
			fmt.Fprintf(&b, " gap %s(%s)", g.Lookup.Scope, g.Kind)
			continue
		}
		b.WriteString(" gap " + g.Part)
		if g.Absent {
			b.WriteString(" absent")
		}
	}
	for _, f := range o.Facts {
		r := f.Record()
		if id := strings.TrimRight(string(r[:]), "\x00"); id != "x" {
			b.WriteString(" " + id)
		}
		fmt.Fprintf(&b, " %s=%s", f.Pointer(), f.Value())
	}
	for _, l := range o.Consulted {
		fmt.Fprintf(&b, " on %s(%s)", l.Scope, l.Kind)
	}
	return b.String()
}

func TestDefaults(t *testing.T) {
	env := testEnv(t)
	p := mustCompile(t, env, Rule{Kind: "s3.bucket", Expect: `r.PublicAccessBlock.PublicAccessBlockConfiguration.BlockPublicAcls`})
	d := artifact(t, "s3.bucket", "x", `{"PublicAccessBlock":{"state":"absent","code":"NoSuchPublicAccessBlockConfiguration"}}`)
	got := describe(p.Eval(context.Background(), input(d, nil)))
	if want := `fail /parts/PublicAccessBlock/state="absent"`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	_, err := env.Compile(Rule{Kind: "s3.bucket", Per: PerResource, When: "true", Expect: `r.PublicAccessBlock == null`})
	if err == nil || !strings.Contains(err.Error(), "never null") {
		t.Errorf("comparing a part that has a default with null: got %v", err)
	}
}

func TestDefaultsFitShapes(t *testing.T) {
	s, err := BuiltinShapes()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range defaultParts() {
		k := s.Kinds[d.kind]
		if k == nil {
			t.Errorf("there is no kind %s", d.kind)
			continue
		}
		p, ok := k.Parts[d.part]
		if !ok || len(p.Absent) == 0 {
			t.Errorf("%s has no part %s that can be absent", d.kind, d.part)
		}
		var v any
		if err := json.Unmarshal([]byte(d.data), &v); err != nil {
			t.Fatal(err)
		}
		fits(t, s, p.Type, v, d.kind+"."+d.part)
		if d.source == "" {
			t.Errorf("%s.%s names no source", d.kind, d.part)
		}
	}
}

// fits checks that every member of a JSON object is one of its type.
func fits(t *testing.T, s *Shapes, typ string, v any, at string) {
	o, ok := v.(map[string]any)
	if !ok {
		return
	}
	for name, x := range o {
		member, ok := s.Types[typ][name]
		if !ok {
			t.Errorf("%s: %s has no member %s", at, typ, name)
		}
		fits(t, s, member, x, at+"."+name)
	}
}

func TestPopulations(t *testing.T) {
	env := testEnv(t)
	thing := func(id, data string) *Doc {
		return artifact(t, "t.thing", id, `{"Thing":{"state":"ok","data":`+data+`}}`)
	}
	on, off := thing("on", `{"On":true,"Name":"a"}`), thing("off", `{"On":false,"Name":"b"}`)
	denied := artifact(t, "t.thing", "denied", `{"Thing":{"state":"gap"}}`)
	tests := []struct {
		expect   string
		complete bool
		docs     []*Doc
		want     string
	}{
		{`all("t.thing").exists(x, x.Thing.On)`, true, []*Doc{off, on}, "pass on /parts/Thing/data/On=true"},
		{`all("t.thing").exists(x, x.Thing.On)`, false, []*Doc{off, on}, "pass on /parts/Thing/data/On=true"},
		{`all("t.thing").exists(x, x.Thing.On)`, true, []*Doc{off}, "fail off /parts/Thing/data/On=false on all(t.thing)"},
		{`all("t.thing").exists(x, x.Thing.On)`, true, nil, "fail on all(t.thing)"},
		{`all("t.thing").exists(x, x.Thing.On)`, false, []*Doc{off}, "not_assessed gap all(t.thing) on all(t.thing)"},
		{`all("t.thing").exists(x, x.Thing.On)`, true, []*Doc{denied, off}, "not_assessed gap Thing on all(t.thing)"},
		{`all("t.thing").exists(x, x.Thing.On)`, false, []*Doc{denied, on}, "pass on /parts/Thing/data/On=true"},
		{`size(all("t.thing")) > 0 && all("t.thing").all(x, x.Thing.On)`, true, []*Doc{on}, "pass on /parts/Thing/data/On=true on all(t.thing)"},
		{`size(all("t.thing")) > 0 && all("t.thing").all(x, x.Thing.On)`, false, []*Doc{off}, "fail off /parts/Thing/data/On=false"},
		{`size(all("t.thing")) > 0 && all("t.thing").all(x, x.Thing.On)`, false, []*Doc{on}, "not_assessed gap all(t.thing) on all(t.thing)"},
		{`size(all("t.thing")) == 1`, false, []*Doc{on}, "not_assessed gap all(t.thing) on all(t.thing)"},
		{`size(all("t.thing").filter(x, x.Thing.On)) == 1`, false, []*Doc{on}, "not_assessed gap all(t.thing) on all(t.thing)"},
		{`size(all("t.thing").filter(x, x.Thing.On)) == 1`, true, []*Doc{on, denied}, "not_assessed gap Thing on all(t.thing)"},
		{`all("t.thing").filter(x, x.Thing.On).exists(x, x.Thing.Name == "a")`, false, []*Doc{on}, `pass on /parts/Thing/data/On=true on /parts/Thing/data/Name="a" on all(t.thing)`},
		{`"a" in all("t.thing").map(x, x.Thing.Name)`, false, []*Doc{denied, on}, `pass`},
		{`"c" in all("t.thing").map(x, x.Thing.Name)`, false, []*Doc{on}, `not_assessed gap all(t.thing) on all(t.thing)`},
		{`all("t.thing").exists_one(x, x.Thing.On)`, false, []*Doc{on}, `not_assessed gap all(t.thing) on all(t.thing)`},
		{`all("t.thing").exists_one(x, x.Thing.On)`, true, []*Doc{on, off}, `pass on /parts/Thing/data/On=true off /parts/Thing/data/On=false on all(t.thing)`},
		{`here("t.thing").exists(x, x.Thing.On)`, true, []*Doc{on}, "not_assessed gap here(t.thing) on here(t.thing)"},
	}
	for _, tt := range tests {
		p := mustCompile(t, env, Rule{Per: PerAccount, Expect: tt.expect})
		pops := map[string]*Population{"all t.thing": {Items: tt.docs, Complete: tt.complete}}
		got := describe(p.Eval(context.Background(), input(nil, pops)))
		if tt.expect == `"a" in all("t.thing").map(x, x.Thing.Name)` {
			got, _, _ = strings.Cut(got, " ")
		}
		if got != tt.want {
			t.Errorf("%s over %d items, complete %v:\ngot  %s\nwant %s", tt.expect, len(tt.docs), tt.complete, got, tt.want)
		}
	}
}

func TestLookupsAndParts(t *testing.T) {
	p := mustCompile(t, testEnv(t), Rule{When: `r.Policy != null`, Expect: `all("t.other").exists(o, o.Other.Name == r.Thing.Name) || here("t.thing").exists(x, x.Extra.On)`})
	if got, want := fmt.Sprint(p.Lookups()), "[{all t.other} {here t.thing}]"; got != want {
		t.Errorf("lookups: got %s, want %s", got, want)
	}
	if got, want := fmt.Sprint(p.Parts()), "[{t.other Other} {t.thing Extra} {t.thing Policy} {t.thing Thing}]"; got != want {
		t.Errorf("parts: got %s, want %s", got, want)
	}
}

func TestCompileErrors(t *testing.T) {
	env := testEnv(t)
	tests := []struct {
		when, expect string
		want         []string
	}{
		{"true", `r.Thing.Onn`, []string{`expect, line 1, column 8: t.Thing has no member Onn; did you mean On or`}},
		{"true", `r.Thingy.On`, []string{`t.thing has no member Thingy; did you mean Thing`}},
		{"true", "r.Thing.On &&\n  r.Thing.Offf", []string{`expect, line 2, column 10: t.Thing has no member Offf; did you mean Off`}},
		{"true", `r.Thing.Name = "a"`, []string{`expect, line 1, column 14: a comparison is written ==, not =`}},
		{"true", `r.Thing.On & r.Thing.Off`, []string{`and is written &&`}},
		{"true", `r.Thing.Name == 1`, []string{`== cannot be used with (string, int)`}},
		{"true", `r.Thing.Name`, []string{`the expression gives string; it must be true or false`}},
		{"true", `policy_is_publik(r.Thing.Name)`, []string{`there is no variable or function policy_is_publik; did you mean policy_is_public`}},
		{"true", `all("t.thingy").exists(x, x.Thing.On)`, []string{`there is no kind "t.thingy"; did you mean t.thing`}},
		{"true", `all(r.Thing.Name).exists(x, true)`, []string{`all() takes the name of a kind in quotes`}},
		{"true", `here("t.other").exists(x, true)`, []string{`t.other is not kept per region: use all("t.other")`}},
		{"true", `all("t.thing")[0].Thing.On`, []string{`no order`}},
		{"true", `has(r.Policy)`, []string{`has() tests members inside documents; Policy is a part`}},
		{"true", `r.Policy.Policy == "a"`, []string{`part Policy of t.thing is null where nothing is configured (NoSuchPolicy): compare it with null first`}},
		{"true", `r.Thing.Items.all(i, i.Flag)`, []string{`all() passes on an empty list and when is true: say that the list is not empty (size(r.Thing.Items) > 0)`}},
		{"true", `metric_filter_covers(r.Thing.Name, "root_use")`, []string{`there is no "root_use"; did you mean root_usage?`}},
		{"true", `policy_public_allows(r.Thing.Name, ["PutObject"])`, []string{`"PutObject" is not an action`}},
		{"true", `r.Thing.Made.getFullYear() == 2026`, []string{`function getFullYear is not available in rules`}},
		{"true", `arn_of(r.Thing) == ""`, []string{`arn_of() takes a whole artifact`}},
		{"true", `unseen(r.Thing.Name)`, []string{`unseen() takes the name of a kind in quotes`}},
		{"true", `{"a": 1}.a == 1`, []string{`map and structure literals are not available`}},
		{"true", `r.Thing.Name.matches("[")`, []string{`missing closing ]`}},
		{"", `true`, []string{`when, line 1, column 1: there is no expression`}},
		{"r.Thing.Onn", `r.Thing.Offf`, []string{`when, line 1, column 8: `, `expect, line 1, column 8: `}},
		{"true", `(r.Thing.On`, []string{`the expression ends too early`}},
	}
	for _, tt := range tests {
		_, err := env.Compile(Rule{Kind: "t.thing", Per: PerResource, When: tt.when, Expect: tt.expect})
		if err == nil {
			t.Errorf("%q, %q: no error", tt.when, tt.expect)
			continue
		}
		for _, w := range tt.want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%q, %q:\ngot  %v\nwant %s", tt.when, tt.expect, err, w)
			}
		}
	}
	_, err := env.Compile(Rule{Kind: "t.thing", Per: PerRegion, When: "true", Expect: "r.Thing.On"})
	if err == nil || !strings.Contains(err.Error(), "this rule is evaluated per region") {
		t.Errorf("r in a rule per region: got %v", err)
	}
}

func TestCostLimit(t *testing.T) {
	env := testEnv(t)
	nums := "[" + strings.Repeat("1,", 999) + "1]"
	d := thing(t, `{"Nums":`+nums+`}`)
	bomb := `r.Thing.Nums.exists(a, r.Thing.Nums.exists(b, r.Thing.Nums.exists(c, r.Thing.Nums.exists(d, a + b + c + d == 5))))`
	p := mustCompile(t, env, Rule{Expect: bomb, Custom: true})
	start := time.Now()
	o := p.Eval(context.Background(), input(d, nil))
	if o.Result != NotAssessed || o.Reason != ReasonCostLimit {
		t.Errorf("got %s", describe(o))
	}
	t.Logf("stopped after %v", time.Since(start))

	p = mustCompile(t, env, Rule{Expect: bomb})
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if o := p.Eval(ctx, input(d, nil)); o.Reason != ReasonCostLimit || !strings.Contains(o.Error, "deadline") {
		t.Errorf("after a deadline: got %s", describe(o))
	}

	// An absorbing true must not hide that the rest was given up.
	p = mustCompile(t, env, Rule{Expect: `!(` + bomb + `) || true`, Custom: true})
	if o := p.Eval(context.Background(), input(d, nil)); o.Reason != ReasonCostLimit {
		t.Errorf("beside || true: got %s", describe(o))
	}
}

func TestFactsAreBounded(t *testing.T) {
	env := testEnv(t)
	d := thing(t, `{"Nums":[`+strings.Repeat("1,", 499)+`7]}`)
	p := mustCompile(t, env, Rule{Expect: `r.Thing.Nums.exists(n, n == 7)`})
	if got, want := describe(p.Eval(context.Background(), input(d, nil))), "pass /parts/Thing/data/Nums/499=7"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	p = mustCompile(t, env, Rule{Expect: `!r.Thing.Nums.exists(n, n == 9)`})
	o := p.Eval(context.Background(), input(d, nil))
	if len(o.Facts) != MaxFacts || o.FactsCut != 500-MaxFacts {
		t.Errorf("got %d facts and %d cut", len(o.Facts), o.FactsCut)
	}
}

func TestConcurrentEval(t *testing.T) {
	env := testEnv(t)
	p := mustCompile(t, env, Rule{Kind: "s3.bucket", Expect: `r.PublicAccessBlock.PublicAccessBlockConfiguration.BlockPublicAcls || all("t.other").exists(o, o.Other.On)`})
	other := artifact(t, "t.other", "o", `{"Other":{"state":"ok","data":{"On":false}}}`)
	shared := artifact(t, "s3.bucket", "x", `{"PublicAccessBlock":{"state":"absent"}}`)
	done := make(chan string)
	for range 4 {
		go func() {
			last := ""
			for range 200 {
				last = describe(p.Eval(context.Background(), input(shared, map[string]*Population{"all t.other": {Items: []*Doc{other}, Complete: true}})))
			}
			done <- last
		}()
	}
	for range 4 {
		if got, want := <-done, `fail /parts/PublicAccessBlock/state="absent" o /parts/Other/data/On=false on all(t.other)`; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestJSON(t *testing.T) {
	for _, s := range []string{`null`, ` true `, `{"a":[1,-0,0.5,1e9,"\ud83d\ude00"],"b":{}}`, `[]`, `""`, `"\u0000"`} {
		var tr tree
		if err := tr.parse(s); err != nil {
			t.Errorf("%s: %v", s, err)
		}
	}
	bad := []string{``, `{`, `[1,]`, `{"a":1,}`, `{"a":1,"a":2}`, `{"a":1,"\u0061":2}`, `01`, `1.`, `+1`, `nul`, `"` + "\n" + `"`, `"\x"`, `"\u12"`, "\"\xff\"",
		`1 2`, `{"a" 1}`, `{1:2}`, `[1 2]`, `]`, `{]`, `"`, `-`, `1e`, strings.Repeat("[", 65) + strings.Repeat("]", 65)}
	big := []string{}
	for i := range 40 {
		big = append(big, fmt.Sprintf("%q:1", fmt.Sprint(i)))
	}
	bad = append(bad, "{"+strings.Join(append(slices.Clone(big), `"7":1`), ",")+"}")
	for _, s := range bad {
		var tr tree
		if err := tr.parse(s); err == nil {
			t.Errorf("%s: no error", s)
		}
	}
	var tr tree
	if err := tr.parse("{" + strings.Join(big, ",") + "}"); err != nil {
		t.Error(err)
	}
}

func FuzzJSON(f *testing.F) {
	f.Add(`{"a":[1,-0.5e3,"\u00e9\ud83d\ude00",true,null],"b":{}}`)
	f.Add(`{"a":1,"a":2}`)
	f.Fuzz(func(t *testing.T, s string) {
		var tr tree
		err := tr.parse(s)
		var v any
		std := json.Unmarshal([]byte(s), &v)
		if err == nil && std != nil {
			t.Fatalf("%q: accepted, and encoding/json says %v", s, std)
		}
		if err != nil {
			return
		}
		for i := range tr.nodes {
			if k := tr.nodes[i].kind; k == nodeString || k == nodeEscaped {
				var want string
				if json.Unmarshal([]byte(tr.raw(uint32(i))), &want) != nil || tr.str(uint32(i)) != want {
					t.Fatalf("%q: string %q, encoding/json says %q", s, tr.str(uint32(i)), want)
				}
			}
		}
		if got := fmt.Sprint(rebuild(&tr, 0)); got != fmt.Sprint(v) {
			t.Fatalf("%q: got %s, encoding/json says %v", s, got, v)
		}
	})
}

// rebuild makes of a tree what encoding/json makes of its text, and checks the pointer of every value on the way.
func rebuild(tr *tree, i uint32) any {
	switch n := &tr.nodes[i]; n.kind {
	case nodeNull:
		return nil
	case nodeTrue, nodeFalse:
		return n.kind == nodeTrue
	case nodeNumber:
		f, _ := tr.float(i)
		return f
	case nodeArray:
		out := []any{}
		tr.elements(i, func(el uint32) bool { out = append(out, rebuild(tr, el)); return true })
		return out
	case nodeObject:
		out := map[string]any{}
		for k := i + 1; k < n.next; k = tr.nodes[k+1].next {
			out[tr.str(k)] = rebuild(tr, k+1)
			if p := tr.pointer(k + 1); !strings.HasSuffix(p, "/"+escapePointer(tr.str(k))) {
				return "wrong pointer " + p
			}
		}
		return out
	}
	return tr.str(i)
}

// TestFunctionsNeedTheirMembers takes out one member at a time of what functions read: the answer may then not be a
// definite one, unless AWS leaves the member out when it has nothing to say.
func TestFunctionsNeedTheirMembers(t *testing.T) {
	s, err := BuiltinShapes()
	if err != nil {
		t.Fatal(err)
	}
	env, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	optional := map[string]bool{"IpRanges": true, "Ipv6Ranges": true, "DataResources": true, "ExcludeManagementEventSources": true, "Values": true, "StartsWith": true}
	for _, tt := range []struct{ kind, part, expect, data string }{
		{"ec2.security-group", "SecurityGroup", `!open_to_world(r.SecurityGroup.IpPermissions, 22, 22)`,
			`{"IpPermissions":[{"IpProtocol":"tcp","FromPort":22,"ToPort":22,"IpRanges":[{"CidrIp":"10.0.0.0/8"}],"Ipv6Ranges":[{"CidrIpv6":"2001:db8::/32"}]}]}`},
		{"ec2.network-acl", "NetworkAcl", `!nacl_open_to_world(r.NetworkAcl.Entries, 22, 22)`,
			`{"Entries":[{"RuleNumber":100,"RuleAction":"deny","Protocol":"6","Egress":false,"CidrBlock":"0.0.0.0/0","PortRange":{"From":22,"To":22}}]}`},
		{"cloudtrail.trail", "EventSelectors", `trail_logs_management_events(r.EventSelectors)`,
			`{"EventSelectors":[{"ReadWriteType":"All","IncludeManagementEvents":true,"ExcludeManagementEventSources":["kms.amazonaws.com"],"DataResources":[{"Type":"AWS::S3::Object","Values":["arn:aws:s3"]}]}]}`},
		{"cloudtrail.trail", "EventSelectors", `trail_logs_s3_data_events(r.EventSelectors, "read")`,
			`{"AdvancedEventSelectors":[{"FieldSelectors":[{"Field":"eventCategory","Equals":["Data"]},{"Field":"resources.type","Equals":["AWS::S3::Object"]},{"Field":"resources.ARN","StartsWith":["arn:aws:s3:::b/"]}]}]}`},
	} {
		p := mustCompile(t, env, Rule{Kind: tt.kind, Expect: tt.expect})
		eval := func(data string) Outcome {
			return p.Eval(context.Background(), input(artifact(t, tt.kind, "x", `{"`+tt.part+`":{"state":"ok","data":`+data+`}}`), nil))
		}
		if o := eval(tt.data); o.Result == NotAssessed {
			t.Fatalf("%s: %s", tt.expect, describe(o))
		}
		var tr tree
		if err := tr.parse(tt.data); err != nil {
			t.Fatal(err)
		}
		for i := range tr.nodes {
			if tr.nodes[i].kind != nodeObject {
				continue
			}
			for k := uint32(i) + 1; k < tr.nodes[i].next; k = tr.nodes[k+1].next {
				name := tr.str(k)
				from, to := tr.nodes[k].start-1, tr.nodes[k+1].end
				if kind := tr.nodes[k+1].kind; kind == nodeString || kind == nodeEscaped {
					to++
				}
				without := tr.text[:from] + `"Unknown":0` + tr.text[to:]
				if o := eval(without); o.Result != NotAssessed && !optional[name] {
					t.Errorf("%s without %s is %s", tt.expect, name, describe(o))
				}
			}
		}
	}
}

func TestFunctionsAreDescribed(t *testing.T) {
	for _, f := range Functions() {
		if f.Doc == "" || !strings.Contains(f.Signature, f.Name+"(") {
			t.Errorf("%+v", f)
		}
		t.Logf("%s: %s", f.Signature, f.Doc)
	}
}
