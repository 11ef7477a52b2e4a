package mapping_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/auditpack/auditpack/collect/bundle"
	"github.com/auditpack/auditpack/collect/bundle/bundletest"
	"github.com/auditpack/auditpack/mapping"
	"github.com/auditpack/auditpack/mapping/catalog"
	"github.com/auditpack/auditpack/mapping/engagement"
	"github.com/auditpack/auditpack/mapping/expr"
	"github.com/auditpack/auditpack/mapping/pack"
)

// The accounts and regions of the small world of these tests.
const (
	acctA = "111122223333"
	acctB = "444455556666"
	usE1  = "us-east-1"
	euW1  = "eu-west-1"
)

const shapesJSON = `{"kinds":{
 "ec2.region":{"service":"ec2","scope":"account","tags":"","list":["ec2:DescribeRegions"],"parts":{"Region":{"type":"t.Region","calls":["ec2:DescribeRegions"],"actions":["ec2:DescribeRegions"],"absent":[]}}},
 "ec2.volume":{"service":"ec2","scope":"region","tags":"Volume.Tags","list":["ec2:DescribeVolumes"],"parts":{"Volume":{"type":"t.Volume","calls":["ec2:DescribeVolumes"],"actions":["ec2:DescribeVolumes"],"absent":[]}}},
 "guardduty.detector":{"service":"guardduty","scope":"region","tags":"","list":["guardduty:ListDetectors"],"parts":{"Detector":{"type":"t.Detector","calls":["guardduty:GetDetector"],"actions":["guardduty:GetDetector"],"absent":[]}}},
 "cloudtrail.trail":{"service":"cloudtrail","scope":"region","tags":"","list":["cloudtrail:DescribeTrails"],"parts":{
   "Trail":{"type":"t.Trail","calls":["cloudtrail:DescribeTrails"],"actions":["cloudtrail:DescribeTrails"],"absent":[]},
   "Status":{"type":"t.Status","calls":["cloudtrail:GetTrailStatus"],"actions":["cloudtrail:GetTrailStatus"],"absent":[]}}},
 "iam.user":{"service":"iam","scope":"account","tags":"","list":["iam:ListUsers"],"parts":{"User":{"type":"t.Bucket","calls":["iam:ListUsers"],"actions":["iam:ListUsers"],"absent":[]}}},
 "s3.bucket":{"service":"s3","scope":"account","tags":"Tags.TagSet","list":["s3:ListBuckets"],"parts":{
   "Bucket":{"type":"t.Bucket","calls":["s3:ListBuckets"],"actions":["s3:ListAllMyBuckets"],"absent":[]},
   "Encryption":{"type":"t.Encryption","calls":["s3:GetBucketEncryption"],"actions":["s3:GetEncryptionConfiguration"],"absent":["None"]},
   "Versioning":{"type":"t.Versioning","calls":["s3:GetBucketVersioning"],"actions":["s3:GetBucketVersioning"],"absent":[]},
   "Tags":{"type":"t.Tags","calls":["s3:GetBucketTagging"],"actions":["s3:GetBucketTagging"],"absent":["NoSuchTagSet"]}}}},
 "types":{"t.Region":{"RegionName":"string","OptInStatus":"string"},"t.Volume":{"VolumeId":"string","Encrypted":"bool","Tags":"list<t.Tag>"},"t.Tag":{"Key":"string","Value":"string"},
 "t.Detector":{"Status":"string"},"t.Trail":{"Name":"string","S3BucketName":"string","IsMultiRegionTrail":"bool"},"t.Status":{"IsLogging":"bool"},
 "t.Bucket":{"Name":"string"},"t.Encryption":{"Algorithm":"string"},"t.Versioning":{"Status":"string"},"t.Tags":{"TagSet":"list<t.Tag>"}}}`

// ruleTOML writes a rule file with the rules that are given as id, kind, per, severity, when, expect.
func ruleTOML(rules [][6]string) string {
	var b bytes.Buffer
	for _, r := range rules {
		fmt.Fprintf(&b, "[[rule]]\nid = %q\nkind = %q\nper = %q\nseverity = %q\nlayer = \"platform\"\ntitle = {en=\"T\", ja=\"題\"}\nwhy = {en=\"W\", ja=\"理由\"}\nremediation = {en=\"R\", ja=\"対応\"}\nreferences = [\"https://docs.aws.amazon.com/\"]\nwhen = '%s'\nexpect = '%s'\n", r[0], r[1], r[2], r[3], r[4], r[5])
		for _, result := range []string{"pass", "fail", "not_assessed"} {
			fmt.Fprintf(&b, "[[rule.example]]\nresult = %q\n", result)
		}
	}
	return b.String()
}

var testRules = [][6]string{
	{"cloudtrail.bucket-encrypted", "cloudtrail.trail", "resource", "medium", "true", `all_org("s3.bucket").exists(b, b.Bucket.Name == r.Trail.S3BucketName && b.Encryption != null)`},
	{"cloudtrail.multi-region", "cloudtrail.trail", "account", "critical", "true", `all("cloudtrail.trail").exists(t, t.Trail.IsMultiRegionTrail && t.Status.IsLogging)`},
	{"ec2.volume-encrypted", "ec2.volume", "resource", "medium", "true", `r.Volume.Encrypted`},
	{"guardduty.on", "guardduty.detector", "region", "high", "true", `here("guardduty.detector").exists(d, d.Detector.Status == "ENABLED")`},
	{"iam.user-named", "iam.user", "resource", "low", "true", `r.User.Name != ""`},
	{"s3.archive-versioned", "s3.bucket", "resource", "low", `r.Bucket.Name.startsWith("archive-")`, `r.Versioning.Status == "Enabled"`},
	{"s3.encrypted", "s3.bucket", "resource", "high", "true", `r.Encryption != null`},
	{"s3.versioned", "s3.bucket", "resource", "medium", "true", `r.Versioning.Status == "Enabled"`},
}

// requirement is a row of a test framework.
type requirement struct {
	id, party string
	attest    bool
	links     []string // "rule relation"
}

var testRequirements = []requirement{
	{"1.1", "customer", false, []string{"s3.encrypted demonstrates"}},
	{"1.2", "customer", false, []string{"ec2.volume-encrypted demonstrates"}},
	{"1.3", "customer", false, []string{"guardduty.on demonstrates"}},
	{"1.4", "customer", false, []string{"cloudtrail.multi-region demonstrates"}},
	{"1.5", "customer", true, []string{"cloudtrail.bucket-encrypted demonstrates"}},
	{"1.6", "customer", false, []string{"iam.user-named demonstrates"}},
	{"1.7", "customer", false, []string{"s3.archive-versioned demonstrates"}},
	{"1.8", "customer", false, []string{"cloudtrail.multi-region demonstrates", "s3.versioned supports"}},
	{"1.9", "customer", false, []string{"s3.versioned indicates", "cloudtrail.multi-region demonstrates"}},
	{"2.1", "shared", false, []string{"cloudtrail.multi-region demonstrates"}},
	{"2.2", "aws", false, nil},
	{"2.3", "customer", true, nil},
	{"2.4", "customer", false, []string{"s3.encrypted supports"}},
	{"2.5", "customer", false, nil},
	{"2.6", "customer", false, []string{"s3.encrypted demonstrates", "guardduty.on demonstrates"}},
}

func frameworkTOML(id string, acceptance, questions bool) string {
	var b bytes.Buffer
	fmt.Fprintf(&b, "id = %q\nedition = \"1\"\ntitle = {en=\"T\", ja=\"題\"}\nshort = {en=\"T\", ja=\"題\"}\npublisher = \"P\"\nown_titles = true\nquestions = %v\nrisk_acceptance = %v\nsources = [\"S\"]\n", id, questions, acceptance)
	fmt.Fprintf(&b, "[[group]]\nid = \"1\"\ntitle = {en=\"One\", ja=\"一\"}\n[[group]]\nid = \"2\"\ntitle = {en=\"Two\", ja=\"二\"}\n")
	for _, q := range testRequirements {
		fmt.Fprintf(&b, "[[requirement]]\nid = %q\nslug = \"r-%s\"\ngroup = %q\ntitle = {en=\"T\", ja=\"題\"}\nparty = %q\nbasis = \"tool-default\"\nattestation = %v\n", q.id, string(q.id[0])+"-"+q.id[2:], q.id[:1], q.party, q.attest)
		for _, l := range q.links {
			var rule, relation string
			if _, err := fmt.Sscan(l, &rule, &relation); err != nil {
				panic(err)
			}
			fmt.Fprintf(&b, "[[requirement.link]]\nrule = %q\nrelation = %q\nwhy = {en=\"W\", ja=\"理由\"}\n", rule, relation)
		}
	}
	return b.String()
}

const responsibilityTOML = `
[[portion]]
party = "aws"
side = "aws"
basis = "tool-default"
expected = {en="report", ja="報告書"}
[[portion]]
party = "aws"
side = "customer"
basis = "tool-default"
expected = {en="statement", ja="表明"}
[[portion]]
party = "shared"
side = "aws"
basis = "tool-default"
expected = {en="report", ja="報告書"}
[[portion]]
party = "shared"
side = "customer"
basis = "tool-default"
expected = {en="settings", ja="設定"}
[[portion]]
party = "customer"
side = "customer"
basis = "tool-default"
expected = {en="settings", ja="設定"}
`

// testCatalog is the catalogue of these tests: f@1, p@1 (knows no risk acceptance), q@1 (questions).
var testCatalog = sync.OnceValues(func() (*catalog.Catalog, error) {
	shapes, err := expr.ParseShapes([]byte(shapesJSON))
	if err != nil {
		return nil, err
	}
	file := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	rules := fstest.MapFS{}
	for _, service := range []string{"cloudtrail", "ec2", "guardduty", "iam", "s3"} {
		rules[service+".toml"] = file(ruleTOML(slices.DeleteFunc(slices.Clone(testRules), func(r [6]string) bool { return !strings.HasPrefix(r[0], service+".") })))
	}
	return catalog.LoadWith(shapes, rules, fstest.MapFS{
		"f-1.toml": file(frameworkTOML("f", true, false)), "p-1.toml": file(frameworkTOML("p", false, false)), "q-1.toml": file(frameworkTOML("q", true, true)),
		"responsibility.toml": file(responsibilityTOML),
	}, nil)
})

// world is what a bundle of these tests holds.
type world struct {
	artifacts   []bundle.Artifact
	populations []bundle.Population
	run         bundle.Run
}

func ok(data string) bundle.Part {
	return bundle.Part{State: bundle.StateOK, Data: json.RawMessage(data)}
}

func absent(code string) bundle.Part { return bundle.Part{State: bundle.StateAbsent, Code: code} }

func denied(action string) bundle.Part {
	return bundle.Part{State: bundle.StateGap, Code: "AccessDenied", Message: "no", Action: action}
}

func bucket(account, name string, parts map[string]bundle.Part) bundle.Artifact {
	all := map[string]bundle.Part{"Bucket": ok(`{"Name":"` + name + `"}`), "Encryption": ok(`{"Algorithm":"AES256"}`), "Versioning": ok(`{"Status":"Enabled"}`), "Tags": absent("NoSuchTagSet")}
	maps.Copy(all, parts)
	return bundle.Artifact{Kind: "s3.bucket", Account: account, Region: "global", ID: name, ARN: "arn:aws:s3:::" + name, Parts: all}
}

func volume(account, region, id string, encrypted bool, tags string) bundle.Artifact {
	return bundle.Artifact{Kind: "ec2.volume", Account: account, Region: region, ID: id, ARN: "arn:aws:ec2:" + region + ":" + account + ":volume/" + id,
		Parts: map[string]bundle.Part{"Volume": ok(fmt.Sprintf(`{"VolumeId":%q,"Encrypted":%v,"Tags":[%s]}`, id, encrypted, tags))}}
}

func detector(account, region string) bundle.Artifact {
	return bundle.Artifact{Kind: "guardduty.detector", Account: account, Region: region, ID: "d1", Parts: map[string]bundle.Part{"Detector": ok(`{"Status":"ENABLED"}`)}}
}

func trail(account, region, name, to string) bundle.Artifact {
	return bundle.Artifact{Kind: "cloudtrail.trail", Account: account, Region: region, ID: name, ARN: "arn:aws:cloudtrail:" + region + ":" + account + ":trail/" + name,
		Parts: map[string]bundle.Part{"Trail": ok(fmt.Sprintf(`{"Name":%q,"S3BucketName":%q,"IsMultiRegionTrail":true}`, name, to)), "Status": ok(`{"IsLogging":true}`)}}
}

// newWorld makes a world of two accounts and two regions in which everything was seen.
func newWorld() *world {
	w := &world{run: bundle.Run{
		Tool: "auditpack test", Started: bundletest.Time.Add(-time.Hour), Ended: bundletest.Time, Regions: []string{euW1, usE1},
		Requested: []bundle.KeyValue{{Key: "regions", Value: "all enabled"}},
		Accounts:  []bundle.Account{{ID: acctA, Name: "a", Partition: "aws", Caller: "arn:aws:iam::" + acctA + ":role/r"}, {ID: acctB, Name: "b", Partition: "aws", Caller: "arn:aws:iam::" + acctB + ":role/r"}},
	}}
	for _, a := range []string{acctA, acctB} {
		for _, r := range []string{euW1, usE1} {
			w.artifacts = append(w.artifacts, detector(a, r), bundle.Artifact{Kind: "ec2.region", Account: a, Region: "global", ID: r, Parts: map[string]bundle.Part{"Region": ok(`{"RegionName":"` + r + `","OptInStatus":"opt-in-not-required"}`)}})
		}
		w.artifacts = append(w.artifacts, trail(a, usE1, "t", "logs"))
	}
	w.artifacts = append(w.artifacts,
		bucket(acctA, "logs", nil), bucket(acctA, "plain", map[string]bundle.Part{"Encryption": absent("None"), "Tags": ok(`{"TagSet":[{"Key":"Class","Value":"card"}]}`)}),
		bucket(acctB, "data", map[string]bundle.Part{"Versioning": ok(`{"Status":"Suspended"}`)}),
		volume(acctA, usE1, "vol-1", true, `{"Key":"Class","Value":"card"}`), volume(acctA, euW1, "vol-2", true, ""), volume(acctB, usE1, "vol-3", true, ""),
	)
	w.list()
	return w
}

// list makes complete populations for all artifacts.
func (w *world) list() {
	w.populations = nil
	for _, k := range [][2]string{{"ec2.region", "account"}, {"s3.bucket", "account"}, {"iam.user", "account"}, {"ec2.volume", "region"}, {"guardduty.detector", "region"}, {"cloudtrail.trail", "region"}} {
		for _, a := range []string{acctA, acctB} {
			regions := []string{euW1, usE1}
			if k[1] == "account" {
				regions = []string{"global"}
			}
			for _, r := range regions {
				p := bundle.Population{Kind: k[0], Account: a, Region: r, Scope: k[1], Status: bundle.StatusComplete}
				for _, x := range w.artifacts {
					if x.Kind == k[0] && x.Account == a && x.Region == r {
						p.Count++
					}
				}
				w.populations = append(w.populations, p)
			}
		}
	}
}

// clone copies a world so that it can be changed.
func (w *world) clone() *world {
	c := &world{artifacts: slices.Clone(w.artifacts), populations: slices.Clone(w.populations), run: w.run}
	for i := range c.artifacts {
		c.artifacts[i].Parts = maps.Clone(c.artifacts[i].Parts)
	}
	return c
}

func (w *world) artifact(kind, id string) *bundle.Artifact {
	i := slices.IndexFunc(w.artifacts, func(a bundle.Artifact) bool { return a.Kind == kind && a.ID == id })
	return &w.artifacts[i]
}

func (w *world) population(kind, account, region string) *bundle.Population {
	i := slices.IndexFunc(w.populations, func(p bundle.Population) bool {
		return p.Kind == kind && p.Account == account && p.Region == region
	})
	return &w.populations[i]
}

// deny turns a population into one that could not be listed; its artifacts vanish unless they stay.
func (w *world) deny(p *bundle.Population, status string, stay bool) {
	p.Status = status
	p.Gaps = []bundle.Gap{{Service: "test", Operation: "List" + p.Kind, Code: "AccessDenied", Message: "no", Action: "test:List"}}
	if stay {
		return
	}
	p.Count = 0
	w.artifacts = slices.DeleteFunc(w.artifacts, func(a bundle.Artifact) bool {
		return a.Kind == p.Kind && a.Account == p.Account && a.Region == p.Region
	})
}

// options changes what Map gets.
type options func(*mapping.Input)

func with(toml string) options {
	return func(in *mapping.Input) {
		e, err := engagement.Parse("engagement.toml", []byte("version = 1\nclient = \"C\"\ntitle = \"T\"\n"+toml))
		if err != nil {
			panic(err)
		}
		in.Engagement = e
	}
}

// open builds, verifies and opens the bundle.
func (w *world) open(t testing.TB) mapping.Input {
	t.Helper()
	var records []any
	for _, a := range w.artifacts {
		records = append(records, a)
	}
	for _, p := range w.populations {
		records = append(records, p)
	}
	path, trust := bundletest.Build(t, append(records, w.run)...)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	signers, err := bundle.ParseTrust("allowed_signers", trust)
	if err != nil {
		t.Fatal(err)
	}
	r := bytes.NewReader(data)
	rep, err := bundle.Verify(context.Background(), r, r.Size(), bundle.Policy{Trust: signers, Now: bundletest.Time})
	if err != nil {
		t.Fatal(err)
	}
	b, err := bundle.Open(r, r.Size())
	if err != nil {
		t.Fatal(err)
	}
	c, err := testCatalog()
	if err != nil {
		t.Fatal(err)
	}
	return mapping.Input{Bundle: b, Report: rep, Catalog: c, Tool: pack.Tool{Name: "auditpack", Version: "0"}, TempDir: t.TempDir(), Workers: 2}
}

// result is a pack with its findings by what they are about.
type result struct {
	*pack.Reader
	findings map[string]pack.Finding
}

// do maps a world.
func (w *world) do(t testing.TB, opts ...options) *result {
	t.Helper()
	in := w.open(t)
	for _, o := range opts {
		o(&in)
	}
	return run(t, in)
}

func run(t testing.TB, in mapping.Input) *result {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "pack")
	pw, err := pack.NewWriter(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := mapping.Map(context.Background(), in, pw); err != nil {
		t.Fatal(err)
	}
	r, err := pack.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	out := &result{r, map[string]pack.Finding{}}
	for f, err := range r.Findings() {
		if err != nil {
			t.Fatal(err)
		}
		key := f.Rule + " " + f.Account + " " + f.Region + " " + f.Kind + " " + f.ID
		if _, twice := out.findings[key]; twice {
			t.Errorf("two findings for %s", key)
		}
		out.findings[key] = f
	}
	left, err := os.ReadDir(in.TempDir)
	if err != nil || len(left) > 0 {
		t.Errorf("temporary files are left: %v, %v", left, err)
	}
	return out
}

// requirement returns a requirement of a framework.
func (r *result) requirement(t testing.TB, key, id string) pack.Requirement {
	t.Helper()
	for _, f := range r.Pack().Frameworks {
		for _, q := range f.Requirements {
			if f.Key() == key && q.ID == id {
				return q
			}
		}
	}
	t.Fatalf("no requirement %s %s", key, id)
	return pack.Requirement{}
}

func (r *result) verdict(t testing.TB, id string) pack.Verdict {
	t.Helper()
	return r.requirement(t, "f@1", id).Verdict
}
