package pdf

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/BurntSushi/toml"

	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/templates"
)

func h(parts ...any) string {
	s := sha256.Sum256([]byte(fmt.Sprint(parts...)))
	return hex.EncodeToString(s[:])
}

func TestZZDemo(t *testing.T) {
	N := 40
	fmt.Sscan(os.Getenv("DEMO_N"), &N)
	dir := filepath.Join(t.TempDir(), "pack")
	w, err := pack.NewWriter(dir)
	if err != nil {
		t.Fatal(err)
	}
	asof := time.Date(2026, 11, 1, 3, 4, 5, 0, time.UTC)
	accounts := []string{"111122223333", "444455556666", "777788889999"}
	p := &pack.Pack{
		Type: pack.Type, ID: h("p")[:32], Tool: pack.Tool{Name: "auditpack", Version: "0.1.0"},
		Bundle: pack.Bundle{ID: "b-20261101", SealSHA256: h("seal"), Created: asof, Start: asof.Add(-2 * time.Hour), End: asof, Tool: "auditpack 0.1.0", Records: 5234,
			Accounts: []pack.Account{{ID: accounts[0], Name: "本番", Partition: "aws", Caller: "arn:aws:sts::111122223333:assumed-role/auditpack-reader/kansa"}, {ID: accounts[1], Name: "検証", Partition: "aws", Caller: "arn:aws:sts::444455556666:assumed-role/auditpack-reader/kansa"}, {ID: accounts[2], Name: "ログ集約", Partition: "aws", Caller: "arn:aws:sts::777788889999:assumed-role/auditpack-reader/kansa"}},
			Regions:  []string{"ap-northeast-1", "ap-northeast-3", "us-east-1"}, Calls: pack.CallTotals{Total: 2310, OK: 2200, Absent: 80, Denied: 28, Failed: 2}, Requested: []pack.KeyedValue{{Key: "regions", Value: "ap-northeast-1,ap-northeast-3,us-east-1"}}, SkewMillis: 240},
		Trust: pack.Trust{Status: pack.Trusted, Signers: []pack.Signer{{Name: "kansa", Principal: "kansa@example.co.jp", Fingerprint: "SHA256:" + h("k")[:43], Trusted: true}}},
		AsOf:  asof,
		Engagement: pack.Engagement{Client: pack.Text{En: "Example Trading K.K.", Ja: "例示商事株式会社"}, Title: pack.Text{En: "AWS security assessment, fiscal year 2026", Ja: "2026年度 AWSセキュリティ評価"}, Assessor: "監査 太郎", AssessorOrg: pack.Text{En: "Sample Advisory LLC", Ja: "サンプルアドバイザリー合同会社"}, Classification: pack.Text{En: "Confidential", Ja: "社外秘"}, Status: "draft", Version: "0.9", PeriodFrom: "2026-04-01", PeriodTo: "2026-10-31", Digest: h("eng"),
			Revisions:    []pack.Revision{{Version: "0.8", Date: "2026-10-20", Author: "監査 太郎", Note: pack.Text{En: "First draft for internal review", Ja: "初版ドラフト(社内レビュー用)"}}, {Version: "0.9", Date: "2026-11-01", Author: "監査 太郎", Note: pack.Text{En: "Evidence collected again after granting s3:GetBucketPolicy", Ja: "s3:GetBucketPolicyの許可後に証跡を再収集"}}},
			Inherited:    []pack.InheritedReport{{ID: "soc2-2026H1", Name: "AWS SOC 2 Type 2 Report", Series: "soc2", From: "2026-04-01", To: "2026-09-30", ObtainedBy: "監査 太郎", SHA256: h("soc"), Frameworks: []string{"pci-dss@4.0.1"}, Problem: pack.Reason{Code: pack.ReasonReportOutOfPeriod, Args: map[string]string{"id": "soc2-2026H1", "from": "2026-04-01", "to": "2026-09-30"}}}, {ID: "pci-aoc-2026", Name: "AWS PCI DSS Attestation of Compliance", Series: "pci-aoc", From: "2026-06-30", To: "2027-06-29", ObtainedBy: "監査 太郎", Frameworks: []string{"pci-dss@4.0.1"}, Covers: true}},
			Acceptances:  []pack.Acceptance{{ID: "RA-1", Rule: "s3.bucket-logging", Resource: "arn:aws:s3:::static-*", Reason: pack.Text{En: "Public web assets hold no personal data; access logs are kept at CloudFront.", Ja: "公開Web資産に個人情報は含まれず、アクセスログはCloudFrontで取得している。"}, Approver: "CISO 情報 花子", Ticket: "SEC-1042", Expires: "2027-03-31", Findings: 3}},
			Attestations: []pack.Attestation{{ID: "AT-1", Framework: "pci-dss@4.0.1", Requirement: "1.1.1", Answer: "yes", Statement: pack.Text{En: "Policies are reviewed yearly and were last approved in July.", Ja: "規程は年次で見直し、直近では7月に承認を受けている。"}, Evidence: "DOC-7 情報セキュリティ規程 第4版", SHA256: h("doc"), Signer: "情報 花子", Date: "2026-09-01", Expires: "2027-08-31"}}},
		Scope:   pack.Scope{Accounts: accounts, Regions: []string{"ap-northeast-1", "ap-northeast-3", "global", "us-east-1"}, Exclusions: []pack.Exclusion{{Region: "sa-east-1", Reason: pack.Text{En: "Not used; closed by SCP.", Ja: "利用しておらず、SCPで閉鎖している。"}, By: "CISO 情報 花子"}}, OutOfScope: 12},
		Catalog: pack.Catalog{Digest: h("cat")},
	}
	type tomlText = pack.Text
	kinds := map[string]bool{}
	files, _ := filepath.Glob("../../mapping/rules/*.toml")
	sort.Strings(files)
	for _, f := range files {
		var rf struct {
			Rule []struct {
				ID, Kind, Per, Severity, Layer, When, Expect string
				Title, Why, Remediation                      tomlText
				References                                   []string
			}
		}
		if _, err := toml.DecodeFile(f, &rf); err != nil {
			t.Log(err)
			continue
		}
		for _, r := range rf.Rule {
			kinds[r.Kind] = true
			p.Rules = append(p.Rules, pack.Rule{ID: r.ID, Digest: h(r.ID)[:12], Kind: r.Kind, Per: r.Per, Severity: pack.Severity(r.Severity), Layer: r.Layer, Title: r.Title, Why: r.Why, Remediation: r.Remediation, When: r.When, Expect: r.Expect, References: r.References, Services: []string{strings.SplitN(r.ID, ".", 2)[0]}, Requirement: []string{}})
		}
	}
	sort.Slice(p.Rules, func(i, j int) bool { return p.Rules[i].ID < p.Rules[j].ID })
	byID := map[string]*pack.Rule{}
	n := 0
	svc := map[string]*pack.Service{}
	var svcKeys []string
	for i := range p.Rules {
		r := &p.Rules[i]
		byID[r.ID] = r
		r.First = n + 1
		seed := int(h(r.ID)[0])
		for _, res := range []pack.Result{pack.Fail, pack.NotAssessed, pack.Pass, pack.NotApplicable} {
			cnt := map[pack.Result]int{pack.Fail: (seed * 7) % N, pack.NotAssessed: (seed * 3) % 4, pack.Pass: N, pack.NotApplicable: seed % 3}[res]
			if seed%3 == 0 && res == pack.Fail {
				cnt = 0
			}
			for k := 0; k < cnt; k++ {
				n++
				acct := accounts[k*len(accounts)/max(cnt, 1)]
				f := pack.Finding{N: n, Fingerprint: h(r.ID, k)[:16], Rule: r.ID, Severity: r.Severity, Result: res, Reasons: []pack.Reason{}, Kind: r.Kind, Account: acct, Region: "ap-northeast-1", ID: fmt.Sprintf("example-resource-%03d", k), ARN: fmt.Sprintf("arn:aws:%s:ap-northeast-1:%s:%s/example-resource-with-a-long-name-%03d", r.Services[0], acct, strings.SplitN(r.Kind, ".", 2)[1], k),
					Facts:    []pack.Fact{{Record: h("ev", k), Pointer: "/parts/PublicAccessBlock/data/PublicAccessBlockConfiguration/BlockPublicAcls", Value: json.RawMessage(`false`)}, {Record: h("ev", k), Pointer: "/parts/Bucket/data/Name", Value: json.RawMessage(fmt.Sprintf("%q", "example-resource-"+fmt.Sprint(k)))}},
					Evidence: []pack.Ref{{Record: h("ev", k), Part: "PublicAccessBlock", Calls: []string{"c1", fmt.Sprintf("c%d", k+2)}}}, Gaps: []int{}}
				if res == pack.NotAssessed {
					f.Gaps = []int{1 + k%2}
					f.Reasons = []pack.Reason{{Code: pack.ReasonCallDenied, Args: map[string]string{"service": "s3", "operation": "GetBucketPolicy", "code": "AccessDenied", "action": "s3:GetBucketPolicy"}}}
				}
				if res == pack.Fail && k == 0 && r.ID == "s3.bucket-logging" {
					f.Acceptance = "RA-1"
				}
				if err := w.Finding(&f); err != nil {
					t.Fatal(err)
				}
				key := r.Services[0] + " " + acct
				if svc[key] == nil {
					svc[key] = &pack.Service{Service: r.Services[0], Account: acct}
					svcKeys = append(svcKeys, key)
				}
				for _, c := range []*pack.FindingCounts{&r.Counts, &svc[key].Counts, &p.Totals.Findings} {
					switch res {
					case pack.Fail:
						c.Fail++
						if f.Acceptance != "" {
							c.Accepted++
						}
					case pack.NotAssessed:
						c.NotAssessed++
					case pack.Pass:
						c.Pass++
					default:
						c.NotApplicable++
					}
				}
			}
		}
		r.Last = n
	}
	sort.Strings(svcKeys)
	for _, k := range svcKeys {
		p.Services = append(p.Services, *svc[k])
	}
	for _, s := range pack.Severities() {
		c := pack.SeverityCount{Severity: s}
		for _, r := range p.Rules {
			if r.Severity == s {
				c.Counts.Fail += r.Counts.Fail
				c.Counts.Pass += r.Counts.Pass
			}
		}
		p.Totals.BySeverity = append(p.Totals.BySeverity, c)
	}
	var resp struct {
		Expected []struct {
			Party, Portion string
			Text           pack.Text
		}
	}
	if _, err := toml.DecodeFile("../../frameworks/responsibility.toml", &resp); err != nil {
		t.Log(err)
	}
	files, _ = filepath.Glob("../../frameworks/*.toml")
	for _, fn := range files {
		var ff struct {
			ID, Edition, Publisher string
			Title, Short           pack.Text
			Own_titles, Questions  bool
			Group                  []struct {
				ID    string
				Title pack.Text
			}
			Requirement []struct {
				ID, Slug, Group, Level, Assessment, Obligation, Risk, Party, Basis string
				Title                                                              pack.Text
				Attestation                                                        bool
				Link                                                               []struct {
					Rule, Kind, Relation string
					Why                  pack.Text
				}
			}
		}
		if _, err := toml.DecodeFile(fn, &ff); err != nil || ff.ID == "" {
			t.Log(fn, err)
			continue
		}
		f := pack.Framework{ID: ff.ID, Edition: ff.Edition, Title: ff.Title, Short: ff.Short, Publisher: ff.Publisher, OwnTitles: ff.Own_titles, Questions: ff.Questions}
		gi := map[string]int{}
		for _, g := range ff.Group {
			gi[g.ID] = len(f.Groups)
			f.Groups = append(f.Groups, pack.Group{ID: g.ID, Title: g.Title})
		}
		for _, q := range ff.Requirement {
			r := pack.Requirement{ID: q.ID, Slug: q.Slug, Group: q.Group, Title: q.Title, Level: q.Level, Assessment: q.Assessment, Obligation: q.Obligation, Risk: q.Risk, Party: pack.Party(q.Party), Basis: q.Basis, Links: []pack.Link{}, Reasons: []pack.Reason{}, Verdict: pack.VerdictReview}
			dem := false
			for _, l := range q.Link {
				pl := pack.Link{Rule: l.Rule, Kind: l.Kind, Relation: pack.Relation(l.Relation), Why: l.Why}
				if rule := byID[l.Rule]; rule != nil {
					pl.Counts = rule.Counts
					rule.Requirement = append(rule.Requirement, f.Key()+"#"+q.ID)
					if l.Relation == "demonstrates" {
						dem = true
						if rule.Counts.Fail > 0 {
							r.Verdict = pack.VerdictNotMet
							r.Reasons = append(r.Reasons, pack.Reason{Code: pack.ReasonRuleFailed, Args: map[string]string{"rule": l.Rule, "count": fmt.Sprint(rule.Counts.Fail)}})
						} else if r.Verdict != pack.VerdictNotMet {
							r.Verdict = pack.VerdictMet
							if rule.Counts.NotAssessed > 0 {
								r.Verdict = pack.VerdictNotAssessed
								r.Reasons = append(r.Reasons, pack.Reason{Code: pack.ReasonRuleNotAssessed, Args: map[string]string{"rule": l.Rule, "count": fmt.Sprint(rule.Counts.NotAssessed)}})
							}
						}
					}
					addCounts(&r.Counts, rule.Counts)
				}
				r.Links = append(r.Links, pl)
			}
			if q.Attestation && !dem {
				r.Reasons = append(r.Reasons, pack.Reason{Code: pack.ReasonAttestationMissing})
			} else if len(q.Link) == 0 {
				r.Reasons = append(r.Reasons, pack.Reason{Code: pack.ReasonNothingLinked})
			}
			for _, side := range []pack.Party{pack.PartyAWS, pack.PartyCustomer} {
				if r.Party == pack.PartyShared || r.Party == side || r.Party == pack.PartyAWS && side == pack.PartyCustomer {
					po := pack.Portion{Party: side, Verdict: r.Verdict, Reports: []string{}, Reasons: []pack.Reason{}}
					for _, e := range resp.Expected {
						if e.Party == q.Party && e.Portion == string(side) {
							po.Expected = e.Text
						}
					}
					if side == pack.PartyAWS {
						po.Verdict = pack.VerdictReview
						po.Reasons = []pack.Reason{{Code: pack.ReasonReportMissing}}
						if f.ID == "pci-dss" {
							po.Verdict, po.Reports, po.Reasons = pack.VerdictInherited, []string{"pci-aoc-2026"}, []pack.Reason{{Code: pack.ReasonReportCovers, Args: map[string]string{"id": "pci-aoc-2026", "from": "2026-06-30", "to": "2027-06-29"}}}
						}
					}
					r.Portions = append(r.Portions, po)
				}
			}
			if q.ID == "1.1.1" && f.ID == "pci-dss" {
				r.Attestation, r.Verdict, r.Reasons = "AT-1", pack.VerdictAttested, []pack.Reason{{Code: pack.ReasonAttested, Args: map[string]string{"id": "AT-1", "by": "情報 花子", "date": "2026-09-01"}}}
			}
			if f.Questions {
				r.Question = &pack.Question{}
			}
			for i, a := range accounts {
				v := r.Verdict
				if i == 2 && v == pack.VerdictNotMet {
					v = pack.VerdictMet
				}
				r.Accounts = append(r.Accounts, pack.AccountVerdict{Account: a, Verdict: v})
			}
			f.Counts.Add(r.Verdict)
			if i, ok := gi[q.Group]; ok {
				f.Groups[i].Counts.Add(r.Verdict)
				f.Groups[i].Verdict = r.Verdict
			}
			f.Requirements = append(f.Requirements, r)
		}
		p.Frameworks = append(p.Frameworks, f)
	}
	var kk []string
	for k := range kinds {
		kk = append(kk, k)
	}
	sort.Strings(kk)
	for i, k := range kk {
		p.Kinds = append(p.Kinds, pack.KindCount{Kind: k, Artifacts: 13 + i*7, Complete: i%5 != 1})
		st := "complete"
		if i%5 == 1 {
			st = "incomplete"
		}
		w.Population(&pack.Population{Record: h("pop", k), Kind: k, Account: accounts[0], Region: "ap-northeast-1", Scope: "region", Status: st, Count: 13, InScope: true, Calls: []string{"c1"}, Gaps: []int{}})
	}
	for k := 0; k < N; k++ {
		w.Evidence(&pack.Evidence{Record: h("ev", k), Path: "records/111122223333/global/s3.bucket-00000.jsonl", Line: k + 1, Kind: "s3.bucket", Account: accounts[0], Region: "global", ID: fmt.Sprintf("example-resource-%03d", k), ARN: fmt.Sprintf("arn:aws:s3:::example-resource-%03d", k), InScope: true, Parts: []pack.EvidencePart{{Name: "Bucket", State: "ok", Calls: []string{"c1"}}, {Name: "Policy", State: "gap", Code: "AccessDenied", Calls: []string{"c2"}}}})
	}
	for i := 1; i < N+2; i++ {
		w.Call(&pack.Call{Record: h("call", i), ID: fmt.Sprintf("c%d", i), Account: accounts[0], Region: "us-east-1", Caller: "arn:aws:sts::111122223333:assumed-role/auditpack-reader/kansa", Service: "s3", Operation: "GetPublicAccessBlock", Input: json.RawMessage(`{"Bucket":"x"}`), RequestID: strings.ToUpper(h(i)[:16]), At: asof.Add(-time.Hour), HTTPStatus: 200})
	}
	for i := 1; i <= 6; i++ {
		op := []string{"s3:GetBucketPolicy", "kms:GetKeyPolicy", "rds:DescribeDBInstances", "guardduty:GetDetector", "sns:GetTopicAttributes", "logs:DescribeMetricFilters"}[i-1]
		w.Gap(&pack.Gap{N: i, Service: strings.Split(op, ":")[0], Operation: strings.Split(op, ":")[1], Account: accounts[i%3], Region: "ap-northeast-1", Kind: "s3.bucket", Subject: "arn:aws:s3:::x", Part: "Policy", Code: "AccessDenied", Message: "User is not authorized", Action: op, Record: h("ev", i), Calls: []string{"c2"}, Findings: 40 / i})
	}
	p.Totals.Artifacts, p.Totals.Gaps = 480, 6
	p.Catalog.Rules = len(p.Rules)
	for i := range p.Frameworks {
		p.Frameworks[i].Accounts = []pack.AccountVerdict{}
	}
	if err := w.Close(p); err != nil {
		t.Fatal(err)
	}
	r, err := pack.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range templates.Languages() {
		at := time.Now()
		b, _ := renderPack(t, r, lang)
		t.Log(lang, len(b), time.Since(at))
		os.WriteFile("/tmp/real-"+lang+".pdf", b, 0o600)
	}
}
