package services

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/awsread"
	"github.com/auditpack/auditpack/collect/bundle"
)

// federation makes the identity providers, an instance profile, and a role that is bounded by a policy and gets nothing from it.
func (s *seeder) federation() {
	c := iam.NewFromConfig(s.cfg)
	tags := []iamtypes.Tag{{Key: aws.String("team"), Value: aws.String("a")}}
	made[iam.CreateOpenIDConnectProviderOutput](s)(c.CreateOpenIDConnectProvider(s.ctx, &iam.CreateOpenIDConnectProviderInput{
		Url: aws.String("https://token.actions.example"), ClientIDList: []string{"sts.amazonaws.com"}, ThumbprintList: []string{"990f4193972f2becf12ddeda5237f9c952f20d9e"}, Tags: tags}))
	made[iam.CreateSAMLProviderOutput](s)(c.CreateSAMLProvider(s.ctx, &iam.CreateSAMLProviderInput{
		Name: aws.String("corporate"), SAMLMetadataDocument: aws.String("<EntityDescriptor>example-secret</EntityDescriptor>")}))
	made[iam.CreateInstanceProfileOutput](s)(c.CreateInstanceProfile(s.ctx, &iam.CreateInstanceProfileInput{InstanceProfileName: aws.String("app"), Tags: tags}))
	made[iam.AddRoleToInstanceProfileOutput](s)(c.AddRoleToInstanceProfile(s.ctx, &iam.AddRoleToInstanceProfileInput{
		InstanceProfileName: aws.String("app"), RoleName: aws.String("app")}))
	bound := made[iam.CreatePolicyOutput](s)(c.CreatePolicy(s.ctx, &iam.CreatePolicyInput{PolicyName: aws.String("bound"), PolicyDocument: aws.String(allowAll)}))
	made[iam.CreateRoleOutput](s)(c.CreateRole(s.ctx, &iam.CreateRoleInput{
		RoleName: aws.String("bounded"), PermissionsBoundary: bound.Policy.Arn, AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[]}`)}))
}

// TestLiveIAMFederation pins what the additions to the list items say.
func TestLiveIAMFederation(t *testing.T) {
	p := emulatedAccount(t)
	s := take(t, t.Context(), collect.Options{
		Source: awsread.Source{Region: "us-east-1", HTTPClient: named{p.Client()}}, Regions: regions, Services: []collect.Service{IAM()},
	})
	for _, c := range []struct{ artifact, part, want string }{
		{"iam.role global bounded", "Details", `"PermissionsBoundaryArn":"arn:aws:iam::123456789012:policy/bound"`},
		{"iam.user global alice", "Details", `"UserName":"alice"`},
		{"iam.group global admins", "Members", `"UserName":"alice"`},
		{"iam.instance-profile global app", "Details", `"Tags":[{"Key":"team","Value":"a"}]`},
		{"iam.oidc-provider global token.actions.example", "Provider", `"ClientIDList":["sts.amazonaws.com"]`},
		{"iam.saml-provider global corporate", "Details", `"SAMLMetadataDocument":{"__redacted":"iam.GetSAMLProviderOutput.SAMLMetadataDocument","present":true}`},
		{"iam.policy global arn:aws:iam::123456789012:policy/custom", "Entities", `"UserName":"alice"`},
		{"iam.support-access global 123456789012", "Entities", `"PolicyRoles":[]`},
	} {
		s.expect(t, c.artifact, c.part, bundle.StateOK, c.want)
	}
}
