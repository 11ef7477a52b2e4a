package rules_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/auditpack/auditpack/mapping/catalog"
	"github.com/auditpack/auditpack/mapping/expr"
	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/mapping/rules"
)

// want lists every rule. Frameworks, engagement files and earlier packs refer to rules by these names: none may vanish
// or change its meaning.
const want = `
account.contact-details account.security-contact
cloudtrail.bucket-access-logging cloudtrail.bucket-not-public cloudtrail.cloudwatch-logs cloudtrail.kms-encryption
cloudtrail.log-validation cloudtrail.multi-region cloudtrail.s3-data-read cloudtrail.s3-data-write
cloudwatch.alarm-cloudtrail cloudwatch.alarm-root-usage cloudwatch.alarm-signin-no-mfa cloudwatch.alarm-unauthorized-api
config.recorder-enabled
ec2.ebs-default-encryption ec2.ebs-volume-encrypted ec2.instance-imdsv2 ec2.instance-no-public-ip ec2.instance-profile
ec2.nacl-open-admin-port ec2.sg-cifs-restricted ec2.sg-default-closed ec2.sg-open-admin-port ec2.sg-open-admin-port-ipv6
ec2.sg-open-all-ports
guardduty.enabled
iam.access-key-rotation iam.aws-policy-no-admin iam.credentials-unused-45 iam.expired-certificates
iam.group-inline-no-admin iam.inline-policy-no-admin iam.password-length iam.password-reuse iam.policy-no-admin
iam.root-hardware-mfa iam.root-mfa iam.root-no-access-key iam.root-usage iam.single-active-key iam.support-role
iam.user-inline-no-admin iam.user-mfa-console iam.user-no-direct-policy
kms.key-not-public kms.no-pending-deletion kms.rotation
rds.instance-backup rds.instance-deletion-protection rds.instance-encrypted rds.instance-minor-upgrade
rds.instance-multi-az rds.instance-not-public rds.snapshot-not-public
s3.account-public-access-block s3.bucket-access-logging s3.bucket-acl-disabled s3.bucket-default-encryption
s3.bucket-mfa-delete s3.bucket-public-access s3.bucket-public-access-block s3.bucket-tls-only s3.bucket-versioning
securityhub.enabled
sns.topic-encrypted
vpc.flow-logs
`

// exist lists the rules that ask for something to exist: they fail where a complete population is empty.
const exist = `
cloudtrail.multi-region cloudtrail.s3-data-read cloudtrail.s3-data-write
cloudwatch.alarm-cloudtrail cloudwatch.alarm-root-usage cloudwatch.alarm-signin-no-mfa cloudwatch.alarm-unauthorized-api
config.recorder-enabled guardduty.enabled iam.support-role securityhub.enabled
`

// load loads the rules alone: a test of the catalogue holds them together with the frameworks.
func load(t *testing.T) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Load(rules.FS, fstest.MapFS{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestRules(t *testing.T) {
	c := load(t)
	var got, perRegionOrAccount []string
	for _, r := range c.Rules {
		got = append(got, r.ID)
		if r.Per != expr.PerResource {
			perRegionOrAccount = append(perRegionOrAccount, r.ID)
		}
		for _, result := range []pack.Result{pack.Pass, pack.Fail, pack.NotAssessed} {
			if !slices.ContainsFunc(r.Examples, func(x catalog.Example) bool { return x.Result == result }) {
				t.Errorf("%s has no example of %s", r.ID, result)
			}
		}
		if r.When != "true" && !slices.ContainsFunc(r.Examples, func(x catalog.Example) bool { return x.Result == pack.NotApplicable }) {
			t.Errorf("%s has a condition and no example of %s", r.ID, pack.NotApplicable)
		}
	}
	if diff := cmp.Diff(strings.Fields(want), got); diff != "" {
		t.Errorf("rules differ (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(strings.Fields(exist), perRegionOrAccount); diff != "" {
		t.Errorf("rules that ask for something to exist differ (-want +got):\n%s", diff)
	}
	if err := c.RunExamples(); err != nil {
		t.Error(err)
	}
}

// TestNothingExists holds invariant 3: a rule that asks for something to exist fails when every population that it
// looks up is complete and empty, and is not assessed when they are not complete.
func TestNothingExists(t *testing.T) {
	for _, r := range load(t).Rules {
		if r.Per == expr.PerResource {
			continue
		}
		for complete, want := range map[bool]expr.Result{true: expr.Fail, false: expr.NotAssessed} {
			pops := map[string]any{}
			for _, l := range r.Program.Lookups() {
				pops[l.Kind] = map[string]any{"complete": complete, "items": []any{}}
			}
			if got := run(t, r, catalog.Example{All: text(t, pops)}); got != want {
				t.Errorf("%s with empty populations, complete %v: got %s, want %s", r.ID, complete, got, want)
			}
		}
	}
}

// TestGapsNeverDecide holds invariants 1 and 2: what is decided with everything in sight may only become not_assessed
// when one part, or the rest of one population, is taken out of sight.
func TestGapsNeverDecide(t *testing.T) {
	n := 0
	for _, r := range load(t).Rules {
		for _, x := range r.Examples {
			before := run(t, r, x)
			each(t, x, func(what string, changed catalog.Example) {
				n++
				if after := run(t, r, changed); after != before && after != expr.NotAssessed {
					t.Errorf("%s, example in line %d, with a gap in %s: %s became %s", r.ID, x.Line, what, before, after)
				}
			}, gaps)
		}
	}
	if n < 500 {
		t.Errorf("only %d gaps were tried", n)
	}
}

// TestMissingMembersNeverDecide takes single members out of the answers. A member that AWS always sends must not decide by
// being missing; those that AWS documents to leave out are listed.
func TestMissingMembersNeverDecide(t *testing.T) {
	// Kind, part and path of the members that an AWS answer leaves out where nothing is configured there.
	omitted := map[string]bool{
		"account.contact ContactInformation.ContactInformation.AddressLine1":                              true,
		"account.contact ContactInformation.ContactInformation.City":                                      true,
		"account.contact ContactInformation.ContactInformation.CountryCode":                               true,
		"account.contact ContactInformation.ContactInformation.FullName":                                  true,
		"account.contact ContactInformation.ContactInformation.PhoneNumber":                               true,
		"account.contact SecurityContact.AlternateContact.EmailAddress":                                   true,
		"account.contact SecurityContact.AlternateContact.PhoneNumber":                                    true,
		"cloudtrail.trail EventSelectors.EventSelectors.DataResources":                                    true,
		"cloudtrail.trail EventSelectors.EventSelectors.DataResources.Values":                             true,
		"cloudtrail.trail Status.LatestCloudWatchLogsDeliveryTime":                                        true, // never delivered
		"cloudtrail.trail Status.LatestCloudWatchLogsDeliveryError":                                       true,
		"cloudtrail.trail Status.LatestDeliveryError":                                                     true,
		"cloudtrail.trail Trail.CloudWatchLogsLogGroupArn":                                                true,
		"cloudtrail.trail Trail.KmsKeyId":                                                                 true,
		"cloudwatch.alarm Alarm.Dimensions":                                                               true,
		"cloudwatch.alarm Alarm.MetricName":                                                               true, // metric math
		"cloudwatch.alarm Alarm.Namespace":                                                                true,
		"config.recorder Recorder.RecordingGroup.RecordingStrategy":                                       true,
		"ec2.flow-log FlowLog.DeliverLogsStatus":                                                          true,
		"ec2.instance Instance.IamInstanceProfile":                                                        true,
		"ec2.instance Instance.NetworkInterfaces.PrivateIpAddresses.Association":                          true,
		"ec2.instance Instance.NetworkInterfaces.PrivateIpAddresses.Association.PublicIp":                 true, // a carrier address instead
		"ec2.security-group SecurityGroup.IpPermissions.IpRanges":                                         true,
		"ec2.security-group SecurityGroup.IpPermissions.Ipv6Ranges":                                       true,
		"ec2.security-group SecurityGroup.IpPermissions.PrefixListIds":                                    true,
		"iam.password-policy PasswordPolicy.PasswordPolicy.PasswordReusePrevention":                       true,
		"rds.db-instance DBInstance.DBClusterIdentifier":                                                  true,
		"rds.db-instance DBInstance.ReadReplicaSourceDBInstanceIdentifier":                                true,
		"s3.bucket Encryption.ServerSideEncryptionConfiguration.Rules.ApplyServerSideEncryptionByDefault": true,
		"s3.bucket Logging.LoggingEnabled":                                                                true,
		"s3.bucket Versioning.MFADelete":                                                                  true,
		"s3.bucket Versioning.Status":                                                                     true,
		"sns.topic Attributes.Attributes.KmsMasterKeyId":                                                  true,
	}
	used := map[string]bool{}
	for _, r := range load(t).Rules {
		for _, x := range r.Examples {
			before := run(t, r, x)
			each(t, x, func(what string, changed catalog.Example) {
				after := run(t, r, changed)
				if after == before || after == expr.NotAssessed {
					return
				}
				kind, path, found := strings.Cut(what, " ")
				if !found {
					kind, path = r.Kind, what
				}
				if omitted[kind+" "+path] {
					used[kind+" "+path] = true
					return
				}
				t.Errorf("%s, example in line %d, without %s: %s became %s", r.ID, x.Line, what, before, after)
			}, members)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(omitted)) {
		if !used[name] {
			t.Errorf("%s is listed as left out by AWS and decides nothing", name)
		}
	}
}

func run(t *testing.T, r *catalog.Rule, x catalog.Example) expr.Result {
	t.Helper()
	o, err := r.Run(x)
	if err != nil {
		t.Fatal(err)
	}
	return o.Result
}

func text(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// A change alters an artifact's parts in one way after the other, calls emit with the place after each, and undoes it.
type change func(parts map[string]any, emit func(place string))

// each calls try with every example that differs from x by one change, and with the place of the change: a path that begins
// with the part, after the kind and a space where it is in a population.
func each(t *testing.T, x catalog.Example, try func(string, catalog.Example), alter change) {
	t.Helper()
	if x.R != "" {
		var parts map[string]any
		if err := json.Unmarshal([]byte(x.R), &parts); err != nil {
			t.Fatal(err)
		}
		alter(parts, func(place string) {
			changed := x
			changed.R = text(t, parts)
			try(place, changed)
		})
	}
	for _, text := range []struct {
		from string
		set  func(*catalog.Example, string)
	}{
		{x.All, func(c *catalog.Example, s string) { c.All = s }},
		{x.Here, func(c *catalog.Example, s string) { c.Here = s }},
		{x.AllOrg, func(c *catalog.Example, s string) { c.AllOrg = s }},
	} {
		if text.from != "" {
			eachPopulation(t, text.from, func(place, to string) {
				changed := x
				text.set(&changed, to)
				try(place, changed)
			}, alter)
		}
	}
}

func eachPopulation(t *testing.T, from string, try func(place, to string), alter change) {
	t.Helper()
	var pops map[string]struct {
		Complete bool             `json:"complete"`
		Items    []map[string]any `json:"items"`
	}
	if err := json.Unmarshal([]byte(from), &pops); err != nil {
		t.Fatal(err)
	}
	for _, kind := range slices.Sorted(maps.Keys(pops)) {
		p := pops[kind]
		was := p
		p.Complete = false
		pops[kind] = p
		try(kind+" population", text(t, pops))
		pops[kind] = was
		for _, item := range p.Items {
			alter(item, func(place string) { try(kind+" "+place, text(t, pops)) })
		}
	}
}

// gaps turns one part after the other into a gap.
func gaps(parts map[string]any, emit func(string)) {
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		was := parts[name]
		if _, ok := was.(map[string]any); !ok {
			continue // account, region or ARN of an item
		}
		parts[name] = map[string]any{"state": "gap", "code": "AccessDenied"}
		emit(name)
		parts[name] = was
	}
}

// members takes one member after the other out of the data of the parts, at any depth.
func members(parts map[string]any, emit func(string)) {
	var walk func(v any, at string)
	walk = func(v any, at string) {
		switch v := v.(type) {
		case map[string]any:
			for _, name := range slices.Sorted(maps.Keys(v)) {
				was := v[name]
				delete(v, name)
				emit(fmt.Sprintf("%s.%s", at, name))
				v[name] = was
				walk(was, at+"."+name)
			}
		case []any:
			for _, e := range v {
				walk(e, at)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		if p, ok := parts[name].(map[string]any); ok && p["state"] == "ok" {
			walk(p["data"], name)
		}
	}
}
