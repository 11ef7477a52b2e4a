package seed

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/account"
	accounttypes "github.com/aws/aws-sdk-go-v2/service/account/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

const (
	allowAll = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
	allowDev = `{"Version":"2012-10-17","Statement":[{"Sid":"ReadOwnBuckets","Effect":"Allow","Action":["s3:GetObject","s3:ListBucket"],` +
		`"Resource":["arn:aws:s3:::example-trading-dev-scratch","arn:aws:s3:::example-trading-dev-scratch/*"]}]}`
	needMFA = `{"Version":"2012-10-17","Statement":[{"Sid":"DenyWithoutMFA","Effect":"Deny","NotAction":["iam:ChangePassword","sts:GetSessionToken"],` +
		`"Resource":"*","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}}]}`
	allowDeploy = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["ec2:*","iam:PassRole"],"Resource":"*"}]}`
)

// user describes one IAM user.
type user struct {
	name       string
	console    bool
	mfa        bool
	keys       int
	oneOff     bool // the last key is made inactive
	aged       bool
	groups     []string
	attach     []string
	inline     string
	department string
}

func users() []user {
	return []user{
		{name: "suzuki.hanako", console: true, mfa: true, groups: []string{"administrators"}, department: "情報システム部"},
		{name: "sato.taro", console: true, groups: []string{"developers"}, department: "開発部"},
		{name: "tanaka.jiro", console: true, mfa: true, keys: 1, aged: true, groups: []string{"developers"}, department: "開発部"},
		{name: "ito.misaki", console: true, mfa: true, keys: 2, groups: []string{"developers"}, department: "開発部"},
		{name: "watanabe.ken", console: true, mfa: true, keys: 1, oneOff: true, groups: []string{"developers"}, department: surrogate},
		{name: "auditor.external", console: true, mfa: true, groups: []string{"auditors"}, department: "監査法人"},
		{name: "contractor.smith@example.com", console: true, attach: []string{managed("AmazonEC2FullAccess")}, department: "Contractor"},
		{name: "ci-deploy", keys: 1, inline: allowDeploy, department: "CI"},
		{name: "backup-batch", keys: 1, aged: true, attach: []string{managed("AmazonS3FullAccess")}, department: "Batch"},
		{name: "monitoring", keys: 1, groups: []string{"auditors"}, department: "Operations"},
		{name: "=1+1", department: "=1+1"},
		{name: "retired.yamada", department: "総務部"},
	}
}

func managed(name string) string { return "arn:aws:iam::aws:policy/" + name }

func customer(name string) string { return "arn:aws:iam::" + AccountID + ":policy/" + name }

func (s *seeder) account() {
	c := account.NewFromConfig(s.config(Virginia))
	s.do("security contact", func() error {
		_, err := c.PutAlternateContact(s.ctx, &account.PutAlternateContactInput{AlternateContactType: accounttypes.AlternateContactTypeSecurity,
			Name: aws.String("情報セキュリティ室"), Title: aws.String("CSIRT"), EmailAddress: aws.String("csirt@example.com"), PhoneNumber: aws.String("+81-3-0000-0000")})
		return err
	})
}

func (s *seeder) iam() {
	c := iam.NewFromConfig(s.config(Virginia))
	s.do("password policy", func() error {
		_, err := c.UpdateAccountPasswordPolicy(s.ctx, &iam.UpdateAccountPasswordPolicyInput{MinimumPasswordLength: aws.Int32(12),
			PasswordReusePrevention: aws.Int32(24), RequireNumbers: true, RequireLowercaseCharacters: true, AllowUsersToChangePassword: true})
		return err
	})
	for _, p := range []struct{ name, doc string }{
		{"ExampleTradingFullAccess", allowAll}, {"ExampleTradingDeveloper", allowDev}, {"ExampleTradingRequireMFA", needMFA}, {"ExampleTradingUnused", allowAll},
	} {
		s.do("policy "+p.name, func() error {
			_, err := c.CreatePolicy(s.ctx, &iam.CreatePolicyInput{PolicyName: &p.name, PolicyDocument: &p.doc, Description: aws.String(script)})
			return err
		})
	}
	s.groups(c)
	for _, u := range users() {
		s.user(c, u)
	}
	s.rootMFA(c)
	s.roles(c)
	s.instanceProfile(c)
	s.certificate(c)
	s.made("iam.policy", Global, len(s.attached))
}

func (s *seeder) groups(c *iam.Client) {
	for _, g := range []struct {
		name   string
		attach []string
		inline string
	}{
		{"administrators", []string{managed("AdministratorAccess"), customer("ExampleTradingRequireMFA")}, ""},
		{"developers", []string{customer("ExampleTradingDeveloper"), customer("ExampleTradingRequireMFA")}, allowDev},
		{"auditors", []string{managed("SecurityAudit"), managed("ReadOnlyAccess")}, ""},
		{"=SUM@A1,empty", nil, ""},
	} {
		s.do("group "+g.name, func() error {
			_, err := c.CreateGroup(s.ctx, &iam.CreateGroupInput{GroupName: &g.name})
			return err
		})
		for _, arn := range g.attach {
			s.do("policies of group "+g.name, func() error {
				s.attached[arn] = true
				_, err := c.AttachGroupPolicy(s.ctx, &iam.AttachGroupPolicyInput{GroupName: &g.name, PolicyArn: &arn})
				return err
			})
		}
		if g.inline != "" {
			s.do("inline policy of group "+g.name, func() error {
				_, err := c.PutGroupPolicy(s.ctx, &iam.PutGroupPolicyInput{GroupName: &g.name, PolicyName: aws.String("scratch"), PolicyDocument: &g.inline})
				return err
			})
		}
		s.made("iam.group", Global, 1)
	}
}

func (s *seeder) user(c *iam.Client, u user) {
	what := "user " + u.name
	s.do(what, func() error {
		_, err := c.CreateUser(s.ctx, &iam.CreateUserInput{UserName: &u.name, Tags: []types.Tag{
			{Key: aws.String("Department"), Value: &u.department}, {Key: aws.String("分類"), Value: aws.String(personal)}}})
		return err
	})
	s.made("iam.user", Global, 1)
	if u.aged {
		s.seeded.AgedUsers = append(s.seeded.AgedUsers, u.name)
	}
	if u.console {
		s.do(what+": console password", func() error {
			_, err := c.CreateLoginProfile(s.ctx, &iam.CreateLoginProfileInput{UserName: &u.name, Password: aws.String("Example-Passw0rd-1")})
			return err
		})
	}
	if u.mfa {
		s.do(what+": MFA", func() error {
			d, err := c.CreateVirtualMFADevice(s.ctx, &iam.CreateVirtualMFADeviceInput{VirtualMFADeviceName: &u.name})
			if err != nil {
				return err
			}
			_, err = c.EnableMFADevice(s.ctx, &iam.EnableMFADeviceInput{UserName: &u.name, SerialNumber: d.VirtualMFADevice.SerialNumber,
				AuthenticationCode1: aws.String("123456"), AuthenticationCode2: aws.String("654321")})
			return err
		})
	}
	for i := range u.keys {
		s.do(what+": access key", func() error {
			k, err := c.CreateAccessKey(s.ctx, &iam.CreateAccessKeyInput{UserName: &u.name})
			if err != nil || !u.oneOff || i < u.keys-1 {
				return err
			}
			_, err = c.UpdateAccessKey(s.ctx, &iam.UpdateAccessKeyInput{UserName: &u.name, AccessKeyId: k.AccessKey.AccessKeyId, Status: types.StatusTypeInactive})
			return err
		})
	}
	for _, g := range u.groups {
		s.do(what+": group", func() error {
			_, err := c.AddUserToGroup(s.ctx, &iam.AddUserToGroupInput{UserName: &u.name, GroupName: &g})
			return err
		})
	}
	for _, arn := range u.attach {
		s.do(what+": policy", func() error {
			s.attached[arn] = true
			_, err := c.AttachUserPolicy(s.ctx, &iam.AttachUserPolicyInput{UserName: &u.name, PolicyArn: &arn})
			return err
		})
	}
	if u.inline != "" {
		s.do(what+": inline policy", func() error {
			_, err := c.PutUserPolicy(s.ctx, &iam.PutUserPolicyInput{UserName: &u.name, PolicyName: aws.String("deploy"), PolicyDocument: &u.inline})
			return err
		})
	}
}

// rootMFA makes the device that testbed's override gives to the root user: the emulator has no root user of its own.
func (s *seeder) rootMFA(c *iam.Client) {
	s.do("virtual MFA device of the root user", func() error {
		d, err := c.CreateVirtualMFADevice(s.ctx, &iam.CreateVirtualMFADeviceInput{VirtualMFADeviceName: aws.String("root-account-mfa-device")})
		if err != nil {
			return err
		}
		s.seeded.RootMFASerial = aws.ToString(d.VirtualMFADevice.SerialNumber)
		return nil
	})
}

// trust returns a role's trust policy that lets principal (a JSON object) assume it.
func trust(principal, action, condition string) string {
	if condition != "" {
		condition = `,"Condition":` + condition
	}
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":%s,"Action":%q%s}]}`, principal, action, condition)
}

func (s *seeder) roles(c *iam.Client) {
	for _, r := range []struct {
		name, trust, description string
		attach                   []string
		inline                   string
	}{
		{"app-server", trust(`{"Service":"ec2.amazonaws.com"}`, "sts:AssumeRole", ""), "Application servers", []string{managed("AmazonSSMManagedInstanceCore")}, allowDev},
		{"config-recorder", trust(`{"Service":"config.amazonaws.com"}`, "sts:AssumeRole", ""), "AWS Config", []string{managed("service-role/AWS_ConfigRole")}, ""},
		{"cloudtrail-to-logs", trust(`{"Service":"cloudtrail.amazonaws.com"}`, "sts:AssumeRole", ""), "CloudTrail to CloudWatch Logs", nil, allowDev},
		{"support-access", trust(`{"AWS":"arn:aws:iam::`+AccountID+`:root"}`, "sts:AssumeRole", `{"Bool":{"aws:MultiFactorAuthPresent":"true"}}`), "AWS Support", []string{managed("AWSSupportAccess")}, ""},
		{"automation-admin", trust(`{"AWS":"arn:aws:iam::`+AccountID+`:user/ci-deploy"}`, "sts:AssumeRole", ""), formula, []string{managed("AdministratorAccess")}, ""},
		{"legacy-open", trust(`{"AWS":"*"}`, "sts:AssumeRole", ""), script, []string{customer("ExampleTradingFullAccess")}, ""},
		{"partner-vendor", trust(`{"AWS":"arn:aws:iam::999988887777:root"}`, "sts:AssumeRole", ""), "Partner without external id", []string{managed("ReadOnlyAccess")}, ""},
		{"github-deploy", trust(`{"Federated":"arn:aws:iam::`+AccountID+`:oidc-provider/token.actions.githubusercontent.com"}`, "sts:AssumeRoleWithWebIdentity",
			`{"StringLike":{"token.actions.githubusercontent.com:sub":"repo:example/*"}}`), "Deployments", nil, allowAll},
	} {
		s.do("role "+r.name, func() error {
			_, err := c.CreateRole(s.ctx, &iam.CreateRoleInput{RoleName: &r.name, AssumeRolePolicyDocument: &r.trust, Description: &r.description,
				Tags: []types.Tag{{Key: aws.String("Owner"), Value: aws.String("情報システム部")}}})
			return err
		})
		for _, arn := range r.attach {
			s.do("policies of role "+r.name, func() error {
				s.attached[arn] = true
				_, err := c.AttachRolePolicy(s.ctx, &iam.AttachRolePolicyInput{RoleName: &r.name, PolicyArn: &arn})
				return err
			})
		}
		if r.inline != "" {
			s.do("inline policy of role "+r.name, func() error {
				_, err := c.PutRolePolicy(s.ctx, &iam.PutRolePolicyInput{RoleName: &r.name, PolicyName: aws.String("inline"), PolicyDocument: &r.inline})
				return err
			})
		}
		s.made("iam.role", Global, 1)
	}
}

func (s *seeder) instanceProfile(c *iam.Client) {
	s.do("instance profile", func() error {
		name := aws.String("app-server")
		if _, err := c.CreateInstanceProfile(s.ctx, &iam.CreateInstanceProfileInput{InstanceProfileName: name}); err != nil {
			return err
		}
		_, err := c.AddRoleToInstanceProfile(s.ctx, &iam.AddRoleToInstanceProfileInput{InstanceProfileName: name, RoleName: name})
		return err
	})
}

// certificate uploads a server certificate. The emulator stores the text and does not read it.
func (s *seeder) certificate(c *iam.Client) {
	s.do("server certificate", func() error {
		_, err := c.UploadServerCertificate(s.ctx, &iam.UploadServerCertificateInput{ServerCertificateName: aws.String("legacy-www.example.com"),
			CertificateBody: aws.String(examplePEM("CERTIFICATE")), PrivateKey: aws.String(examplePEM("RSA PRIVATE KEY"))})
		return err
	})
	s.made("iam.server-certificate", Global, 1)
}

func examplePEM(kind string) string {
	return "-----BEGIN " + kind + "-----\nRXhhbXBsZQ==\n-----END " + kind + "-----\n"
}
