// Package packtest makes a synthetic pack for the tests of renderers: every verdict, result, party and relation occurs,
// and the names are as hostile as an attacker who may name AWS resources can make them.
package packtest

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/auditpack/auditpack/mapping/pack"
)

// Hostile are strings that renderers must show visibly and harmlessly: formulas, markup, bidi, control characters, invalid
// UTF-8 as JSON leaves it (U+FFFD), page-number aliases, kanji beyond the BMP, emoji, and one without any break opportunity.
var Hostile = []string{
	`=cmd|' /C calc'!A0`, `+1+1`, `@SUM(1)`, `<script>alert(1)</script>`, "evil\u202Egnp.exe", "zero\u200bwidth", "nul\x00bell\x07",
	"bad\ufffdbyte", "bucket-{nb}", "{count}", "𠮷野家-個人情報", "emoji-🚀👩‍👩‍👧", `"quote",comma;semi	tab`, strings.Repeat("x", 2000),
	"line\nbreak\r\nagain", "<U+0041>", "'leading", `\\server\share`, "＝全角式", "ｶﾞｷﾞｸﾞ",
}

// AsOf is the moment of every synthetic pack.
var AsOf = time.Date(2026, 11, 1, 3, 4, 5, 0, time.UTC)

const (
	account  = "111122223333"
	accountB = "444455556666"
)

// hash is a stable stand-in for a digest.
func hash(parts ...any) string {
	h := sha256.Sum256([]byte(fmt.Sprint(parts...)))
	return hex.EncodeToString(h[:])
}

// Build writes a pack with findings findings for each of its two rules per result and opens it.
func Build(tb testing.TB, findings int) *pack.Reader {
	tb.Helper()
	dir := filepath.Join(tb.TempDir(), "pack")
	w, err := pack.NewWriter(dir)
	if err != nil {
		tb.Fatal(err)
	}
	defer w.Abort()
	p := skeleton()
	check := func(err error) {
		if err != nil {
			tb.Fatal(err)
		}
	}
	n := 0
	for ri := range p.Rules {
		rule := &p.Rules[ri]
		rule.First = n + 1
		for _, result := range []pack.Result{pack.Fail, pack.NotAssessed, pack.Pass, pack.NotApplicable} {
			for i := range findings {
				n++
				f := finding(n, rule, result, i)
				check(w.Finding(&f))
				add(&rule.Counts, result, f.Acceptance != "")
			}
		}
		rule.Last = n
	}
	for i := range findings {
		e := evidence(i)
		check(w.Evidence(&e))
	}
	for _, kind := range []string{"iam.user", "s3.bucket"} {
		check(w.Population(&pack.Population{Record: hash("pop", kind), Kind: kind, Account: account, Region: "global", Scope: "account", Status: "complete", Count: findings, InScope: true, Calls: []string{"c1"}, Gaps: []int{}}))
	}
	check(w.Population(&pack.Population{Record: hash("pop", "ec2"), Kind: "ec2.volume", Account: accountB, Region: "eu-west-1", Scope: "region", Status: "incomplete", InScope: true, Calls: []string{"c3"}, Gaps: []int{2}}))
	for i := 1; i <= 3; i++ {
		check(w.Call(&pack.Call{Record: hash("call", i), ID: fmt.Sprintf("c%d", i), Account: account, Region: "us-east-1", Caller: "arn:aws:sts::111122223333:assumed-role/auditpack-reader/監査", Service: "s3", Operation: "GetBucketEncryption", Input: json.RawMessage(`{"Bucket":"x"}`), RequestID: fmt.Sprintf("REQ%08d", i), At: AsOf.Add(-time.Hour), HTTPStatus: 200}))
	}
	for i := 1; i <= 2; i++ {
		check(w.Gap(&pack.Gap{N: i, Service: "s3", Operation: "GetBucketPolicy", Account: account, Region: "us-east-1", Kind: "s3.bucket", Subject: arn(i), Part: "Policy", Code: "AccessDenied", Message: "User is not authorized: " + Hostile[i], Action: "s3:GetBucketPolicy", Record: hash("ev", i), Calls: []string{"c2"}, Findings: findings}))
	}
	total(p, findings)
	check(w.Close(p))
	r, err := pack.Open(dir)
	check(err)
	return r
}

// total fills in every sum that the findings decide.
func total(p *pack.Pack, findings int) {
	p.Totals.Artifacts, p.Totals.Gaps = findings, 2
	for _, s := range pack.Severities() {
		p.Totals.BySeverity = append(p.Totals.BySeverity, pack.SeverityCount{Severity: s})
	}
	for i := range p.Rules {
		c := p.Rules[i].Counts
		sum(&p.Totals.Findings, c)
		for j := range p.Totals.BySeverity {
			if p.Totals.BySeverity[j].Severity == p.Rules[i].Severity {
				sum(&p.Totals.BySeverity[j].Counts, c)
			}
		}
		p.Services = append(p.Services, pack.Service{Service: p.Rules[i].Services[0], Account: account, Counts: c})
	}
	for fi := range p.Frameworks {
		f := &p.Frameworks[fi]
		for ri := range f.Requirements {
			q := &f.Requirements[ri]
			f.Counts.Add(q.Verdict)
			for gi := range f.Groups {
				if f.Groups[gi].ID == q.Group {
					f.Groups[gi].Counts.Add(q.Verdict)
				}
			}
			for li := range q.Links {
				for _, r := range p.Rules {
					if r.ID == q.Links[li].Rule {
						q.Links[li].Counts = r.Counts
						sum(&q.Counts, r.Counts)
					}
				}
			}
		}
		f.Accounts = []pack.AccountVerdict{{Account: account, Counts: f.Counts}, {Account: accountB, Counts: f.Counts}}
	}
}

func sum(to *pack.FindingCounts, c pack.FindingCounts) {
	to.Pass += c.Pass
	to.Fail += c.Fail
	to.NotAssessed += c.NotAssessed
	to.NotApplicable += c.NotApplicable
	to.Accepted += c.Accepted
}

func add(c *pack.FindingCounts, r pack.Result, accepted bool) {
	switch r {
	case pack.Pass:
		c.Pass++
	case pack.Fail:
		c.Fail++
	case pack.NotAssessed:
		c.NotAssessed++
	case pack.NotApplicable:
		c.NotApplicable++
	}
	if accepted {
		c.Accepted++
	}
}

func arn(i int) string { return "arn:aws:s3:::" + Hostile[i%len(Hostile)] + fmt.Sprint(i) }

func finding(n int, rule *pack.Rule, result pack.Result, i int) pack.Finding {
	f := pack.Finding{
		N: n, Fingerprint: hash(rule.ID, i)[:16], Rule: rule.ID, Severity: rule.Severity, Result: result, Reasons: []pack.Reason{},
		Kind: rule.Kind, Account: account, Region: "global", ID: Hostile[i%len(Hostile)], ARN: arn(i),
		Facts:    []pack.Fact{{Record: hash("ev", i), Pointer: "/parts/Encryption/data/ServerSideEncryptionConfiguration/Rules/0/BucketKeyEnabled", Value: json.RawMessage(`false`)}, {Record: hash("ev", i), Pointer: "/parts/Bucket/data/Name", Value: mustJSON(Hostile[i%len(Hostile)])}},
		Evidence: []pack.Ref{{Record: hash("ev", i), Part: "Encryption", Calls: []string{"c1", "c2"}}}, Gaps: []int{},
	}
	switch result {
	case pack.NotAssessed:
		f.Gaps = []int{1}
		f.Reasons = []pack.Reason{{Code: pack.ReasonCallDenied, Args: map[string]string{"service": "s3", "operation": "GetBucketPolicy", "code": "AccessDenied", "action": "s3:GetBucketPolicy"}}}
	case pack.NotApplicable:
		f.Reasons = []pack.Reason{{Code: pack.ReasonCondition}}
	case pack.Fail:
		if i == 0 {
			f.Acceptance = "RA-1"
		}
	}
	return f
}

func mustJSON(s string) json.RawMessage {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string always encodes
	}
	return b
}

func evidence(i int) pack.Evidence {
	return pack.Evidence{
		Record: hash("ev", i), Path: "records/" + account + "/global/s3.bucket-00000.jsonl", Line: i + 1, Kind: "s3.bucket", Account: account, Region: "global",
		ID: Hostile[i%len(Hostile)], ARN: arn(i), InScope: true,
		Parts: []pack.EvidencePart{{Name: "Encryption", State: "ok", Calls: []string{"c1"}}, {Name: "Policy", State: "gap", Code: "AccessDenied", Calls: []string{"c2"}}},
	}
}

func text(en, ja string) pack.Text { return pack.Text{En: en, Ja: ja} }

// skeleton is the bounded part without the sums.
func skeleton() *pack.Pack {
	rules := []pack.Rule{
		rule("iam.user-mfa-console", "iam.user", "iam", pack.High, text("Console users have MFA", "コンソールユーザーの多要素認証")),
		rule("s3.bucket-default-encryption", "s3.bucket", "s3", pack.Medium, text("Bucket has default encryption "+Hostile[0], "バケットのデフォルト暗号化 "+Hostile[10])),
	}
	p := &pack.Pack{
		ID: hash("pack")[:32], Tool: pack.Tool{Name: "auditpack", Version: "0.1.0"},
		Bundle: pack.Bundle{
			ID: "b-1", SealSHA256: hash("seal"), Created: AsOf, Start: AsOf.Add(-2 * time.Hour), End: AsOf, Tool: "auditpack 0.1.0", Records: 1234,
			Accounts: []pack.Account{{ID: account, Name: "本番", Partition: "aws", Caller: "arn:aws:sts::111122223333:assumed-role/auditpack-reader/監査"}, {ID: accountB, Partition: "aws"}},
			Regions:  []string{"ap-northeast-1", "eu-west-1", "us-east-1"}, Calls: pack.CallTotals{Total: 100, OK: 90, Absent: 5, Denied: 4, Failed: 1}, Requested: []pack.KeyedValue{{Key: "regions", Value: "ap-northeast-1,eu-west-1,us-east-1"}},
		},
		Trust: pack.Trust{Status: pack.UnverifiedSigner, Signers: []pack.Signer{{Name: "sample", Fingerprint: "SHA256:" + hash("key")[:43]}}},
		AsOf:  AsOf,
		Engagement: pack.Engagement{
			Client: text("Example Trading K.K.", "例示商事株式会社"), Title: text("AWS security assessment", "AWSセキュリティ評価"), Assessor: "監査 太郎",
			AssessorOrg: text("Sample Advisory", "サンプルアドバイザリー"), Classification: text("Confidential", "社外秘"), Status: "draft", Version: "0.9", PeriodFrom: "2026-04-01", PeriodTo: "2026-10-31",
			Revisions:    []pack.Revision{{Version: "0.9", Date: "2026-11-01", Author: "監査 太郎", Note: text("First draft", "初版ドラフト")}},
			Inherited:    []pack.InheritedReport{{ID: "soc2-2026", Name: "SOC 2 Type 2", Series: "soc2", From: "2026-04-01", To: "2026-09-30", ObtainedBy: "監査 太郎", Frameworks: []string{"pci-dss@4.0.1"}, Covers: false, Problem: pack.Reason{Code: pack.ReasonReportOutOfPeriod, Args: map[string]string{"id": "soc2-2026", "from": "2026-04-01", "to": "2026-09-30"}}}},
			Acceptances:  []pack.Acceptance{{ID: "RA-1", Rule: rules[1].ID, Resource: "arn:aws:s3:::*", Reason: text("Public web assets "+Hostile[3], "公開Web資産 "+Hostile[3]), Approver: "CISO", Ticket: "SEC-1", Expires: "2027-03-31", Findings: 1}},
			Attestations: []pack.Attestation{{ID: "AT-1", Framework: "test@2", Requirement: "7", Answer: "yes", Statement: text("Reviewed yearly", "年次で見直している"), Evidence: "DOC-7", Signer: "情報 花子", Date: "2026-09-01", Expires: "2027-08-31"}},
		},
		Scope: pack.Scope{
			Accounts: []string{account, accountB}, Regions: []string{"ap-northeast-1", "eu-west-1", "global", "us-east-1"}, Tags: []string{"機密=個人情報"},
			Exclusions: []pack.Exclusion{{Region: "sa-east-1", Reason: text("Not used", "利用していない"), By: "CISO"}}, Missing: []string{"sa-east-1"},
		},
		Rules: rules, Kinds: []pack.KindCount{{Kind: "iam.user", Artifacts: 3, Complete: true}, {Kind: "s3.bucket", Artifacts: 7, Complete: true}},
		Catalog: pack.Catalog{Digest: hash("catalog"), Rules: 2},
	}
	p.Frameworks = []pack.Framework{framework("test", "1", false), framework("test", "2", true)}
	return p
}

func rule(id, kind, service string, sev pack.Severity, title pack.Text) pack.Rule {
	return pack.Rule{
		ID: id, Digest: hash(id)[:12], Kind: kind, Per: "resource", Severity: sev, Layer: "platform", Title: title,
		Why: text("Because it matters.", "重要であるため。"), Remediation: text("Turn it on in the console.", "コンソールで有効にします。"), When: "true",
		Expect: "r.Encryption.ServerSideEncryptionConfiguration.Rules.size() > 0", References: []string{"https://docs.aws.amazon.com/"}, Services: []string{service}, Requirement: []string{"test@1#2", "test@2#2"},
	}
}

// framework has one requirement for each verdict.
func framework(id, edition string, questions bool) pack.Framework {
	f := pack.Framework{
		ID: id, Edition: edition, Title: text("Test framework "+edition, "試験用フレームワーク "+edition), Short: text("Test "+edition, "試験 "+edition), Publisher: "Example", OwnTitles: true, Questions: questions,
		Groups: []pack.Group{{ID: "A", Title: text("How do you manage identities?", "アイデンティティをどのように管理していますか?"), Verdict: pack.VerdictNotMet}, {ID: "B", Title: text("Data protection", "データ保護"), Verdict: pack.VerdictNotAssessed}},
	}
	for i, v := range pack.Verdicts() {
		q := pack.Requirement{
			ID: fmt.Sprint(i + 1), Slug: fmt.Sprintf("requirement-%d", i+1), Group: []string{"A", "B"}[i%2], Title: text("Requirement "+fmt.Sprint(i+1)+" about "+string(v), "要件 "+fmt.Sprint(i+1)+"(アカウントデータの保護・ログの保全)"),
			Party: []pack.Party{pack.PartyCustomer, pack.PartyShared, pack.PartyAWS}[i%3], Basis: "tool-default", Verdict: v,
			Reasons:  []pack.Reason{{Code: pack.ReasonRuleFailed, Args: map[string]string{"rule": "iam.user-mfa-console", "count": "3"}}},
			Accounts: []pack.AccountVerdict{{Account: account, Verdict: v}, {Account: accountB, Verdict: v}},
			Links:    []pack.Link{}, Portions: []pack.Portion{{Party: pack.PartyCustomer, Verdict: v, Expected: text("Configuration evidence", "構成の証跡"), Reports: []string{}, Reasons: []pack.Reason{}}},
		}
		if q.Party == pack.PartyShared {
			q.Portions = append(q.Portions, pack.Portion{Party: pack.PartyAWS, Verdict: pack.VerdictReview, Expected: text("AWS's report", "AWSの監査報告書"), Reports: []string{"soc2-2026"}, Reasons: []pack.Reason{{Code: pack.ReasonReportMissing}}})
		}
		if i%2 == 1 {
			q.Links = []pack.Link{
				{Rule: "iam.user-mfa-console", Relation: pack.Demonstrates, Why: text("The rule answers it.", "ルールの結果が要件に答える。")},
				{Rule: "s3.bucket-default-encryption", Relation: pack.Supports, Why: text("A part of it.", "要件の一部の証跡である。")},
				{Kind: "s3.bucket", Relation: pack.Indicates, Why: text("Context.", "参考情報である。")},
			}
		}
		if v == pack.VerdictAttested {
			q.Attestation = "AT-1"
		}
		f.Requirements = append(f.Requirements, q)
	}
	return f
}
