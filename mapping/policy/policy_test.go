package policy

import (
	"net/url"
	"strings"
	"testing"
)

const home = "111122223333"

func mustParse(t *testing.T, doc string) *Policy {
	t.Helper()
	p, err := Parse(doc)
	if err != nil {
		t.Fatalf("%s: %v", doc, err)
	}
	return p
}

// statement is a policy of one Allow with the usual elements and what is given.
func statement(more string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*",` + more + `}]}`
}

func TestParseForms(t *testing.T) {
	const want = "s3:getobject"
	plain := statement(`"Principal":"*"`)
	for name, doc := range map[string]string{
		"list":            plain,
		"single":          `{"Statement":{"Effect":"Allow","Action":["s3:GetObject"],"Resource":["x"],"Principal":{"AWS":["*"]}}}`,
		"case of names":   `{"statement":{"effect":"Allow","ACTION":"S3:GETOBJECT","resource":"x","principal":{"aws":"*"}}}`,
		"percent-encoded": strings.ReplaceAll(url.QueryEscape(plain), "+", "%20"),
		"white space":     "\n " + plain + "\n",
	} {
		p, err := Parse(doc)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(p.Statements) != 1 || p.Statements[0].Actions[0] != want || !p.Public() {
			t.Errorf("%s: got %+v", name, p)
		}
	}
	if p := mustParse(t, `{"Version":"2012-10-17","Statement":[]}`); p.Public() {
		t.Error("a policy without statements is public")
	}
}

func TestParseRefuses(t *testing.T) {
	for name, doc := range map[string]string{
		"empty":                 ``,
		"not JSON":              `{"Statement":[`,
		"two documents":         statement(`"Principal":"*"`) + `{}`,
		"list":                  `[]`,
		"no statement":          `{"Version":"2012-10-17"}`,
		"unknown element":       statement(`"Principals":"*"`),
		"unknown top element":   `{"Statement":[],"Statements":[]}`,
		"name twice":            statement(`"Action":"s3:*"`),
		"name twice, by case":   statement(`"ACTION":"s3:*"`),
		"effect":                `{"Statement":{"Effect":"allow","Action":"*","Resource":"*"}}`,
		"no effect":             `{"Statement":{"Action":"*","Resource":"*"}}`,
		"no action":             `{"Statement":{"Effect":"Allow","Resource":"*"}}`,
		"action and not":        `{"Statement":{"Effect":"Allow","Action":"*","NotAction":"a:b","Resource":"*"}}`,
		"action of number":      `{"Statement":{"Effect":"Allow","Action":1,"Resource":"*"}}`,
		"principal string":      statement(`"Principal":"arn:aws:iam::111122223333:root"`),
		"principal type":        statement(`"Principal":{"User":"x"}`),
		"condition operator":    statement(`"Principal":"*","Condition":{"StringIs":{"aws:SourceArn":"x"}}`),
		"condition shape":       statement(`"Principal":"*","Condition":{"StringEquals":"x"}`),
		"condition value":       statement(`"Principal":"*","Condition":{"StringEquals":{"aws:SourceArn":{}}}`),
		"bad percent":           `%7B%`,
		"too deep":              `{"Statement":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `}`,
		"too long":              strings.Repeat(" ", maxDocument+1),
		"statement is a string": `{"Statement":"x"}`,
	} {
		if p, err := Parse(doc); err == nil {
			t.Errorf("%s: no error, got %+v", name, p)
		}
	}
}

func TestPublic(t *testing.T) {
	cond := func(c string) string { return statement(`"Principal":"*","Condition":` + c) }
	allow := `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`
	with := func(deny string) string { return `{"Statement":[` + allow + `,` + deny + `]}` }
	for _, tt := range []struct {
		name, doc string
		want      bool
	}{
		// principals
		{"star", statement(`"Principal":"*"`), true},
		{"AWS star", statement(`"Principal":{"AWS":"*"}`), true},
		{"AWS star in list", statement(`"Principal":{"AWS":["arn:aws:iam::111122223333:root","*"]}`), true},
		{"account with wildcard", statement(`"Principal":{"AWS":"arn:aws:iam::*:root"}`), true},
		{"federated star", statement(`"Principal":{"Federated":"*"}`), true},
		{"not principal", statement(`"NotPrincipal":{"AWS":"arn:aws:iam::111122223333:root"}`), true},
		{"no principal", statement(`"Sid":"x"`), false},
		{"root", statement(`"Principal":{"AWS":"arn:aws:iam::111122223333:root"}`), false},
		{"account id", statement(`"Principal":{"AWS":"444455556666"}`), false},
		{"service", statement(`"Principal":{"Service":"cloudtrail.amazonaws.com"}`), false},
		{"canonical user", statement(`"Principal":{"CanonicalUser":"79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"}`), false},
		{"deleted principal", statement(`"Principal":{"AWS":"AROAEXAMPLEEXAMPLE123"}`), false},
		{"empty principal", statement(`"Principal":{}`), false},
		{"deny only", `{"Statement":{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}}`, false},
		// conditions that restrict
		{"source arn", cond(`{"ArnLike":{"aws:SourceArn":"arn:aws:cloudtrail:us-east-1:111122223333:trail/*"}}`), false},
		{"source arn of a bucket", cond(`{"ArnEquals":{"aws:SourceArn":"arn:aws:s3:::my-bucket"}}`), false},
		{"source arn by string", cond(`{"StringLike":{"AWS:SourceArn":"arn:aws:sns:*:111122223333:*"}}`), false},
		{"source account", cond(`{"StringEquals":{"aws:SourceAccount":"111122223333"}}`), false},
		{"source account as number", cond(`{"StringEquals":{"aws:SourceAccount":111122223333}}`), false},
		{"organization", cond(`{"StringEquals":{"aws:PrincipalOrgID":"o-abcdefghij"}}`), false},
		{"organization path", cond(`{"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-abcdefghij/r-ab12/*"}}`), false},
		{"vpc", cond(`{"StringEquals":{"aws:SourceVpc":"vpc-111"}}`), false},
		{"vpc endpoint", cond(`{"StringEquals":{"aws:SourceVpce":["vpce-1","vpce-2"]}}`), false},
		{"addresses", cond(`{"IpAddress":{"aws:SourceIp":["203.0.113.0/24","2001:db8::/32"]}}`), false},
		{"one address", cond(`{"IpAddress":{"aws:SourceIp":"203.0.113.7"}}`), false},
		{"kms caller", cond(`{"StringEquals":{"kms:CallerAccount":"111122223333","kms:ViaService":"s3.us-east-1.amazonaws.com"}}`), false},
		{"principal arn", cond(`{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/app-*"}}`), false},
		{"own account by variable", cond(`{"StringEquals":{"aws:PrincipalAccount":"${aws:ResourceAccount}"}}`), false},
		{"role id", cond(`{"StringLike":{"aws:userid":"AROAEXAMPLEEXAMPLE123:*"}}`), false},
		{"one of two conditions", cond(`{"StringEquals":{"aws:SourceVpce":"vpce-1"},"Bool":{"aws:SecureTransport":"true"}}`), false},
		// conditions that only look like it
		{"tls", cond(`{"Bool":{"aws:SecureTransport":"true"}}`), true},
		{"mfa", cond(`{"Bool":{"aws:MultiFactorAuthPresent":"true"}}`), true},
		{"referer", cond(`{"StringLike":{"aws:Referer":"https://example.com/*"}}`), true},
		{"user agent", cond(`{"StringEquals":{"aws:UserAgent":"x"}}`), true},
		{"via service", cond(`{"StringEquals":{"kms:ViaService":"s3.us-east-1.amazonaws.com"}}`), true},
		{"external id", cond(`{"StringEquals":{"sts:ExternalId":"secret"}}`), true},
		{"user name", cond(`{"StringEquals":{"aws:username":"alice"}}`), true},
		{"principal tag", cond(`{"StringEquals":{"aws:PrincipalTag/team":"a"}}`), true},
		{"time", cond(`{"DateLessThan":{"aws:CurrentTime":"2030-01-01T00:00:00Z"}}`), true},
		{"prefix", cond(`{"StringEquals":{"s3:prefix":"public/"}}`), true},
		{"everywhere", cond(`{"IpAddress":{"aws:SourceIp":"0.0.0.0/0"}}`), true},
		{"everywhere beside one", cond(`{"IpAddress":{"aws:SourceIp":["203.0.113.0/24","::/0"]}}`), true},
		{"two halves", cond(`{"IpAddress":{"aws:SourceIp":["0.0.0.0/1","128.0.0.0/1"]}}`), true},
		{"not an address", cond(`{"IpAddress":{"aws:SourceIp":"x"}}`), true},
		{"all but some", cond(`{"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}}`), true},
		{"account wildcard", cond(`{"StringLike":{"aws:SourceAccount":"*"}}`), true},
		{"account prefix", cond(`{"StringLike":{"aws:SourceAccount":"1111*"}}`), true},
		{"arn of any account", cond(`{"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:*:topic"}}`), true},
		{"arn of any bucket", cond(`{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::*"}}`), true},
		{"arn of a bucket prefix", cond(`{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::my-*"}}`), true},
		{"fixed and wildcard", cond(`{"ArnLike":{"aws:SourceArn":["arn:aws:s3:::b","arn:aws:s3:::*"]}}`), true},
		{"arn that is none", cond(`{"StringLike":{"aws:PrincipalArn":"*111122223333*"}}`), true},
		{"variable", cond(`{"StringEquals":{"aws:SourceAccount":"${aws:PrincipalAccount}"}}`), true},
		{"if exists", cond(`{"StringEqualsIfExists":{"aws:SourceVpce":"vpce-1"}}`), true},
		{"for all values", cond(`{"ForAllValues:StringEquals":{"aws:PrincipalOrgPaths":"o-a/r-b/"}}`), true},
		{"negated", cond(`{"StringNotEquals":{"aws:SourceVpce":"vpce-1"}}`), true},
		{"present", cond(`{"Null":{"aws:SourceVpce":"false"}}`), true},
		{"no values", cond(`{"StringEquals":{"aws:SourceVpce":[]}}`), true},
		{"organization wildcard", cond(`{"StringLike":{"aws:PrincipalOrgID":"o-*"}}`), true},
		{"address as string", cond(`{"StringEquals":{"aws:SourceIp":"203.0.113.7"}}`), true},
		// denials
		{"denied to everyone", with(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}`), false},
		{"denied elsewhere", with(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::other/*"}`), true},
		{"another action denied", with(`{"Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"*"}`), true},
		{"denied to one", with(`{"Effect":"Deny","Principal":{"AWS":"444455556666"},"Action":"*","Resource":"*"}`), true},
		{"denied to all but one", with(`{"Effect":"Deny","NotPrincipal":{"AWS":"arn:aws:iam::111122223333:role/x"},"Action":"*","Resource":"*"}`), false},
		{"denied outside an endpoint", with(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEquals":{"aws:SourceVpce":"vpce-1"}}}`), false},
		{"denied outside an organization", with(`{"Effect":"Deny","Principal":{"AWS":"*"},"Action":"s3:*","Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"],"Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-a"}}}`), false},
		{"denied outside addresses", with(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}}}`), false},
		{"denied outside everywhere", with(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"NotIpAddress":{"aws:SourceIp":"0.0.0.0/0"}}}`), true},
		{"denied where two hold", with(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEquals":{"aws:SourceVpce":"vpce-1"},"Bool":{"aws:ViaAWSService":"false"}}}`), true},
		{"denied outside two", with(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEquals":{"aws:SourceVpce":"vpce-1","aws:PrincipalOrgID":"o-1"}}}`), false},
		{"denied outside the perimeter", with(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-1"},"BoolIfExists":{"aws:PrincipalIsAWSService":"false"}}}`), false},
		{"denied outside the perimeter, but not to the anonymous", with(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-1"},"Bool":{"aws:PrincipalIsAWSService":"false"}}}`), true},
		{"every provider", `{"Statement":{"Effect":"Allow","Principal":{"Federated":"*"},"Action":"sts:AssumeRoleWithSAML"}}`, true},
		{"denied to every service", with(`{"Effect":"Deny","Principal":{"Service":"*"},"Action":"*","Resource":"*"}`), true},
		{"denied without tls", with(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}`), true},
		{"denied inside an endpoint", with(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"aws:SourceVpce":"vpce-1"}}}`), true},
		{"half of the actions denied", `{"Statement":[{"Effect":"Allow","Principal":"*","Action":["s3:GetObject","s3:PutObject"],"Resource":"*"},{"Effect":"Deny","Principal":"*","Action":"s3:Put*","Resource":"*"}]}`, true},
		{"all actions denied one by one", `{"Statement":[{"Effect":"Allow","Principal":"*","Action":["s3:GetObject","s3:PutObject"],"Resource":"*"},{"Effect":"Deny","Principal":"*","Action":"s3:Put*","Resource":"*"},{"Effect":"Deny","Principal":"*","Action":"s3:Get*","Resource":"*"}]}`, false},
		{"wildcard action not covered", `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"},{"Effect":"Deny","Principal":"*","Action":"s3:G?t*","Resource":"*"}]}`, true},
		{"not action allowed, all denied", `{"Statement":[{"Effect":"Allow","Principal":"*","NotAction":"s3:Put*","Resource":"*"},{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}]}`, false},
		{"trust policy", `{"Statement":{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}}`, true},
		{"trust policy of a service", `{"Statement":{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}}`, false},
	} {
		if got := mustParse(t, tt.doc).Public(); got != tt.want {
			t.Errorf("%s: got %v\n%s", tt.name, got, tt.doc)
		}
	}
}

func TestPublicAllows(t *testing.T) {
	write := []string{"s3:PutObject", "s3:DeleteObject", "s3:PutBucketAcl"}
	for _, tt := range []struct {
		action string
		want   bool
	}{
		{`"Action":"s3:GetObject"`, false},
		{`"Action":"s3:PutObject"`, true},
		{`"Action":"S3:putobject"`, true},
		{`"Action":"s3:Put*"`, true},
		{`"Action":["s3:Get*","s3:*Acl"]`, true},
		{`"Action":"*"`, true},
		{`"Action":"s3:?etObject"`, false},
		{`"NotAction":"s3:GetObject"`, true},
		{`"NotAction":["s3:Put*","s3:Delete*"]`, false},
		{`"NotAction":"s3:*"`, false},
	} {
		p := mustParse(t, `{"Statement":{"Effect":"Allow","Principal":"*","Resource":"*",`+tt.action+`}}`)
		if got := p.PublicAllows(write); got != tt.want {
			t.Errorf("%s: got %v", tt.action, got)
		}
	}
	p := mustParse(t, `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"},{"Effect":"Deny","Principal":"*","Action":["s3:Put*","s3:Delete*"],"Resource":"*"}]}`)
	if p.PublicAllows(write) {
		t.Error("denied writes are allowed")
	}
	if !p.PublicAllows([]string{"s3:GetObject"}) {
		t.Error("reads are not allowed")
	}
	if !p.PublicAllows([]string{"s3:*"}) {
		t.Error("no s3 action is allowed")
	}
}

func TestCrossAccount(t *testing.T) {
	for _, tt := range []struct {
		more string
		want bool
	}{
		{`"Principal":{"AWS":"arn:aws:iam::111122223333:root"}`, false},
		{`"Principal":{"AWS":"111122223333"}`, false},
		{`"Principal":{"AWS":"arn:aws:sts::111122223333:assumed-role/r/s"}`, false},
		{`"Principal":{"AWS":"arn:aws:iam::444455556666:role/r"}`, true},
		{`"Principal":{"AWS":"444455556666"}`, true},
		{`"Principal":{"AWS":["111122223333","444455556666"]}`, true},
		{`"Principal":{"AWS":"arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1"}`, false},
		{`"Principal":{"AWS":"AIDAEXAMPLEEXAMPLE123"}`, false},
		{`"Principal":{"Service":"cloudtrail.amazonaws.com"}`, false},
		{`"Principal":{"CanonicalUser":"abc"}`, true},
		{`"Principal":{"Federated":"arn:aws:iam::111122223333:saml-provider/x"}`, false},
		{`"Principal":{"Federated":"arn:aws:iam::444455556666:saml-provider/x"}`, true},
		{`"Principal":{"Federated":"accounts.google.com"}`, false},
		{`"Principal":"*"`, true},
		{`"NotPrincipal":{"AWS":"444455556666"}`, true},
		{`"Principal":"*","Condition":{"StringEquals":{"aws:PrincipalAccount":"111122223333"}}`, false},
		{`"Principal":"*","Condition":{"StringEquals":{"aws:PrincipalAccount":["111122223333","444455556666"]}}`, true},
		{`"Principal":"*","Condition":{"StringEquals":{"aws:PrincipalAccount":"${aws:ResourceAccount}"}}`, false},
		{`"Principal":"*","Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/*"}}`, false},
		{`"Principal":"*","Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::444455556666:role/*"}}`, true},
		{`"Principal":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-a"}}`, true},
		{`"Principal":"*","Condition":{"StringEquals":{"kms:CallerAccount":"111122223333"}}`, false},
	} {
		if got := mustParse(t, statement(tt.more)).CrossAccount(home); got != tt.want {
			t.Errorf("%s: got %v", tt.more, got)
		}
	}
	p := mustParse(t, statement(`"Principal":{"AWS":"444455556666"}`))
	if p.CrossAccountAllows(home, []string{"s3:PutBucketPolicy"}) || !p.CrossAccountAllows(home, []string{"s3:Get*"}) {
		t.Error("actions are not told apart")
	}
	denied := mustParse(t, `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"},
		{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalAccount":"111122223333"}}}]}`)
	if denied.CrossAccount(home) {
		t.Error("a Deny on other accounts is not seen")
	}
	if !denied.CrossAccount("444455556666") {
		t.Error("a Deny on all accounts but another keeps that other one out")
	}
}

func TestIdentity(t *testing.T) {
	for _, tt := range []struct {
		name, statements         string
		admin, wildcard, decrypt bool
	}{
		{"everything", `{"Effect":"Allow","Action":"*","Resource":"*"}`, true, true, true},
		{"both stars", `{"Effect":"Allow","Action":"*:*","Resource":"*"}`, true, true, true},
		{"more stars", `{"Effect":"Allow","Action":["s3:Get*","**"],"Resource":["x","*"]}`, true, true, true},
		{"every arn", `{"Effect":"Allow","Action":"*","Resource":"arn:aws:*"}`, true, true, true},
		{"every arn, field by field", `{"Effect":"Allow","Action":"*","Resource":"arn:aws:*:*:*:*"}`, true, true, true},
		{"every arn of China", `{"Effect":"Allow","Action":"*","Resource":"arn:aws-cn:*"}`, true, true, false},
		{"every arn of a service", `{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:*:*:*"}`, false, true, false},
		{"at least one character", `{"Effect":"Allow","Action":"?*","Resource":"?*"}`, true, true, true},
		{"denied in another partition", `{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"arn:aws-cn:*"}`, true, true, true},
		{"one service", `{"Effect":"Allow","Action":"kms:*","Resource":"*"}`, false, true, true},
		{"one bucket", `{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::b/*"}`, false, true, false},
		{"but one resource", `{"Effect":"Allow","Action":"*","NotResource":"arn:aws:s3:::b/*"}`, true, true, true},
		{"but one action", `{"Effect":"Allow","NotAction":"s3:DeleteBucket","Resource":"*"}`, true, true, true},
		{"power user", `{"Effect":"Allow","NotAction":["iam:*","organizations:*","account:*"],"Resource":"*"}`, false, true, true},
		{"but iam and kms", `{"Effect":"Allow","NotAction":["iam:*","kms:Decrypt"],"Resource":"*"}`, false, true, false},
		{"with mfa", `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}`, true, true, true},
		{"denied again", `{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*"}`, false, true, false},
		{"denied on condition", `{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"false"}}}`, true, true, true},
		{"decryption denied", `{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"kms:Decrypt","Resource":"*"}`, true, true, false},
		{"deny only", `{"Effect":"Deny","Action":"*","Resource":"*"}`, false, false, false},
		{"decrypt on all keys", `{"Effect":"Allow","Action":"kms:Dec*","Resource":"arn:aws:kms:*:111122223333:key/*"}`, false, false, true},
		{"decrypt on all keys of a region", `{"Effect":"Allow","Action":"kms:Decrypt","Resource":"arn:aws:kms:eu-west-1:111122223333:key/*"}`, false, false, true},
		{"decrypt with one key", `{"Effect":"Allow","Action":"kms:Decrypt","Resource":"arn:aws:kms:eu-west-1:111122223333:key/1"}`, false, false, false},
		{"decrypt with keys of a prefix", `{"Effect":"Allow","Action":"kms:Decrypt","Resource":"arn:aws:kms:eu-west-1:111122223333:key/mrk-*"}`, false, false, false},
		{"every resource of another service", `{"Effect":"Allow","Action":"kms:Decrypt","Resource":"arn:aws:s3:::*"}`, false, false, false},
		{"encrypt", `{"Effect":"Allow","Action":"kms:Encrypt","Resource":"*"}`, false, false, false},
	} {
		p := mustParse(t, `{"Version":"2012-10-17","Statement":[`+tt.statements+`]}`)
		if got := p.Administrator(); got != tt.admin {
			t.Errorf("%s: administrator is %v", tt.name, got)
		}
		if got := p.ServiceWildcard(); got != tt.wildcard {
			t.Errorf("%s: service wildcard is %v", tt.name, got)
		}
		if got := p.AllowsOnAll([]string{"kms:Decrypt"}); got != tt.decrypt {
			t.Errorf("%s: decrypts on all keys is %v", tt.name, got)
		}
	}
}

func TestDeniesInsecureTransport(t *testing.T) {
	const bucket = "arn:aws:s3:::b"
	deny := func(principal, action, resource, condition string) string {
		return `{"Effect":"Deny","Principal":` + principal + `,"Action":` + action + `,"Resource":` + resource + `,"Condition":` + condition + `}`
	}
	const both, plain = `["arn:aws:s3:::b","arn:aws:s3:::b/*"]`, `{"Bool":{"aws:SecureTransport":"false"}}`
	for _, tt := range []struct {
		name, statements string
		want             bool
	}{
		{"as documented", deny(`"*"`, `"s3:*"`, both, plain), true},
		{"AWS star", deny(`{"AWS":"*"}`, `"*"`, `"*"`, plain), true},
		{"truth value", deny(`"*"`, `"s3:*"`, both, `{"Bool":{"aws:SecureTransport":false}}`), true},
		{"if exists", deny(`"*"`, `"s3:*"`, both, `{"BoolIfExists":{"aws:securetransport":["False"]}}`), true},
		{"prefix", deny(`"*"`, `"s3:*"`, `"arn:aws:s3:::b*"`, plain), true},
		{"two statements", deny(`"*"`, `"s3:*"`, `"arn:aws:s3:::b"`, plain) + `,` + deny(`"*"`, `"s3:*"`, `"arn:aws:s3:::b/*"`, plain), true},
		{"objects only", deny(`"*"`, `"s3:*"`, `"arn:aws:s3:::b/*"`, plain), false},
		{"bucket only", deny(`"*"`, `"s3:*"`, `"arn:aws:s3:::b"`, plain), false},
		{"some objects", deny(`"*"`, `"s3:*"`, `["arn:aws:s3:::b","arn:aws:s3:::b/a/*"]`, plain), false},
		{"another bucket", deny(`"*"`, `"s3:*"`, `["arn:aws:s3:::c","arn:aws:s3:::c/*"]`, plain), false},
		{"one action", deny(`"*"`, `"s3:GetObject"`, both, plain), false},
		{"most actions", deny(`"*"`, `["s3:Get*","s3:Put*"]`, both, plain), false},
		{"one principal", deny(`{"AWS":"444455556666"}`, `"s3:*"`, both, plain), false},
		{"when secure", deny(`"*"`, `"s3:*"`, both, `{"Bool":{"aws:SecureTransport":"true"}}`), false},
		{"narrowed", deny(`"*"`, `"s3:*"`, both, `{"Bool":{"aws:SecureTransport":"false"},"StringEquals":{"aws:SourceVpc":"v"}}`), false},
		{"old tls", deny(`"*"`, `"s3:*"`, both, `{"NumericLessThan":{"s3:TlsVersion":"1.2"}}`), false},
		{"allow when secure", `{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":` + both + `,"Condition":{"Bool":{"aws:SecureTransport":"true"}}}`, false},
		{"every service", deny(`{"Service":"*"}`, `"s3:*"`, both, plain), false},
		{"every provider", deny(`{"Federated":"*"}`, `"s3:*"`, both, plain), false},
		{"as a string", deny(`"*"`, `"s3:*"`, both, `{"StringEquals":{"aws:SecureTransport":"false"}}`), true},
		{"as another string", deny(`"*"`, `"s3:*"`, both, `{"StringEquals":{"aws:SecureTransport":"False"}}`), false},
		{"not principal", `{"Effect":"Deny","NotPrincipal":{"AWS":"444455556666"},"Action":"s3:*","Resource":` + both + `,"Condition":` + plain + `}`, false},
	} {
		if got := mustParse(t, `{"Statement":[`+tt.statements+`]}`).DeniesInsecureTransport(bucket); got != tt.want {
			t.Errorf("%s: got %v", tt.name, got)
		}
	}
}

func TestServiceWithoutSource(t *testing.T) {
	for _, tt := range []struct {
		more string
		want bool
	}{
		{`"Principal":{"Service":"sns.amazonaws.com"}`, true},
		{`"Principal":{"AWS":"111122223333"}`, false},
		{`"Principal":{"Service":"sns.amazonaws.com"},"Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"}}`, false},
		{`"Principal":{"Service":"sns.amazonaws.com"},"Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:111122223333:*"}}`, false},
		{`"Principal":{"Service":"sns.amazonaws.com"},"Condition":{"ArnLike":{"aws:SourceArn":"*"}}`, true},
		{`"Principal":{"Service":"sns.amazonaws.com"},"Condition":{"StringEquals":{"aws:SourceOrgID":"o-a"}}`, false},
		{`"Principal":{"Service":"sns.amazonaws.com"},"Condition":{"StringEqualsIfExists":{"aws:SourceAccount":"111122223333"}}`, true},
	} {
		if got := mustParse(t, statement(tt.more)).ServiceWithoutSource(); got != tt.want {
			t.Errorf("%s: got %v", tt.more, got)
		}
	}
}

// patterns is every pattern up to three characters over a small alphabet.
func patterns(alphabet string) []string {
	out := []string{""}
	for i := 0; i < len(out) && len(out[i]) < 3; i++ {
		for _, c := range alphabet {
			out = append(out, out[i]+string(c))
		}
	}
	return out
}

func TestPatternsExhaustively(t *testing.T) {
	texts := []string{""}
	for i := 0; i < len(texts) && len(texts[i]) < 5; i++ {
		texts = append(texts, texts[i]+"a", texts[i]+"b")
	}
	all := patterns("ab*?")
	for _, p := range all {
		for _, q := range all {
			common, subset := false, true
			for _, s := range texts {
				m, n := matches(p, s), matches(q, s)
				common = common || m && n
				subset = subset && (m || !n)
			}
			if got := overlap(p, q); got != common {
				t.Errorf("overlap(%q, %q) is %v", p, q, got)
			}
			if covers(p, q) && !subset {
				t.Errorf("covers(%q, %q), and it does not", p, q)
			}
		}
	}
	for _, tt := range [][2]string{{"*", "a*"}, {"s3:*", "s3:get*"}, {"a*c", "abc"}, {"a?c", "abc"}, {"*b*", "a*b"}} {
		if !covers(tt[0], tt[1]) {
			t.Errorf("covers(%q, %q) is false", tt[0], tt[1])
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(statement(`"Principal":"*"`))
	f.Add(`%7B%22Statement%22%3A%5B%5D%7D`)
	f.Fuzz(func(t *testing.T, doc string) {
		p, err := Parse(doc)
		if err != nil {
			return
		}
		p.Public()
		p.CrossAccount(home)
		p.Administrator()
		p.AllowsOnAll([]string{"kms:Decrypt"})
		p.DeniesInsecureTransport("arn:aws:s3:::b")
	})
}
