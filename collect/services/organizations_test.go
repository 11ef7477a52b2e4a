package services

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	idtypes "github.com/aws/aws-sdk-go-v2/service/identitystore/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	ssotypes "github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"github.com/auditpack/auditpack/collect/bundle"
)

// expect fails unless a part has the state and its data contains want.
func (s *snapshot) expect(t *testing.T, artifact, part string, state bundle.State, want string) {
	t.Helper()
	a, ok := s.artifacts[artifact]
	if !ok {
		t.Errorf("%s was not found", artifact)
		return
	}
	if p := a.Parts[part]; p.State != state || !strings.Contains(string(p.Data), want) {
		t.Errorf("%s %s: %s %s, want %s with %s", artifact, part, p.State, p.Data, state, want)
	}
}

func (s *snapshot) only(t *testing.T, kind string) bundle.Artifact {
	t.Helper()
	var found []bundle.Artifact
	for _, a := range s.artifacts {
		if a.Kind == kind {
			found = append(found, a)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d artifacts of %s, want 1", len(found), kind)
	}
	return found[0]
}

func TestLiveOrganizations(t *testing.T) {
	var unit, policy string
	s := liveService(t, func(s *seeder) {
		c := organizations.NewFromConfig(s.cfg)
		made[organizations.CreateOrganizationOutput](s)(c.CreateOrganization(s.ctx, &organizations.CreateOrganizationInput{FeatureSet: orgtypes.OrganizationFeatureSetAll}))
		root := made[organizations.ListRootsOutput](s)(c.ListRoots(s.ctx, nil)).Roots[0].Id
		tags := []orgtypes.Tag{{Key: aws.String("env"), Value: aws.String("prod")}}
		above := made[organizations.CreateOrganizationalUnitOutput](s)(c.CreateOrganizationalUnit(s.ctx,
			&organizations.CreateOrganizationalUnitInput{ParentId: root, Name: aws.String("workloads")}))
		below := made[organizations.CreateOrganizationalUnitOutput](s)(c.CreateOrganizationalUnit(s.ctx,
			&organizations.CreateOrganizationalUnitInput{ParentId: above.OrganizationalUnit.Id, Name: aws.String("prod"), Tags: tags}))
		unit = *below.OrganizationalUnit.Id
		member := made[organizations.CreateAccountOutput](s)(c.CreateAccount(s.ctx,
			&organizations.CreateAccountInput{AccountName: aws.String("audit"), Email: aws.String("owner@nagoya.example")})).CreateAccountStatus.AccountId
		made[organizations.EnablePolicyTypeOutput](s)(c.EnablePolicyType(s.ctx, &organizations.EnablePolicyTypeInput{RootId: root, PolicyType: orgtypes.PolicyTypeServiceControlPolicy}))
		scp := made[organizations.CreatePolicyOutput](s)(c.CreatePolicy(s.ctx, &organizations.CreatePolicyInput{
			Name: aws.String("regions"), Description: aws.String("d"), Type: orgtypes.PolicyTypeServiceControlPolicy, Content: aws.String(denyElsewhere), Tags: tags}))
		policy = *scp.Policy.PolicySummary.Id
		made[organizations.AttachPolicyOutput](s)(c.AttachPolicy(s.ctx, &organizations.AttachPolicyInput{PolicyId: &policy, TargetId: &unit}))
		made[organizations.EnableAWSServiceAccessOutput](s)(c.EnableAWSServiceAccess(s.ctx, &organizations.EnableAWSServiceAccessInput{ServicePrincipal: aws.String("guardduty.amazonaws.com")}))
		made[organizations.RegisterDelegatedAdministratorOutput](s)(c.RegisterDelegatedAdministrator(s.ctx,
			&organizations.RegisterDelegatedAdministratorInput{AccountId: member, ServicePrincipal: aws.String("guardduty.amazonaws.com")}))
	}, Organizations())
	s.expect(t, "organizations.organizational-unit global "+unit, "OrganizationalUnit", bundle.StateOK, `"Name":"prod"`)
	s.expect(t, "organizations.organizational-unit global "+unit, "Tags", bundle.StateOK, `"Value":"prod"`)
	s.expect(t, "organizations.policy global "+policy, "Policy", bundle.StateOK, `aws:RequestedRegion`)
	s.expect(t, "organizations.policy global "+policy, "Targets", bundle.StateOK, unit)
	if p := s.populations["organizations.organizational-unit global"]; p.Count != 2 || len(p.Calls) < 4 {
		t.Errorf("units: %d with %d calls, want the 2 of both levels, with the lists of the root and of each unit", p.Count, len(p.Calls))
	}
	if p := s.populations["organizations.account global"]; p.Count != 2 {
		t.Errorf("%d accounts, want 2", p.Count)
	}
	admin := s.only(t, "organizations.delegated-administrator")
	if data := string(admin.Parts["DelegatedServices"].Data); !strings.Contains(data, "guardduty.amazonaws.com") {
		t.Errorf("delegated services %s", data)
	}
	for name, data := range s.data() {
		if strings.Contains(data, "@") {
			t.Errorf("%s holds an e-mail address: %s", name, data)
		}
	}
}

const denyElsewhere = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*",` +
	`"Condition":{"StringNotEquals":{"aws:RequestedRegion":["eu-west-1"]}}}]}`

func TestLiveIdentityCenter(t *testing.T) {
	var instance, store string
	s := liveService(t, func(s *seeder) {
		c := ssoadmin.NewFromConfig(s.cfg)
		i := made[ssoadmin.ListInstancesOutput](s)(c.ListInstances(s.ctx, nil)).Instances[0]
		instance, store = *i.InstanceArn, *i.IdentityStoreId
		ids := identitystore.NewFromConfig(s.cfg)
		user := made[identitystore.CreateUserOutput](s)(ids.CreateUser(s.ctx, &identitystore.CreateUserInput{
			IdentityStoreId: &store, UserName: aws.String("alice@nagoya.example"), DisplayName: aws.String("Alice Auditor"),
			Name: &idtypes.Name{GivenName: aws.String("Alice"), FamilyName: aws.String("Auditor")}}))
		group := made[identitystore.CreateGroupOutput](s)(ids.CreateGroup(s.ctx, &identitystore.CreateGroupInput{IdentityStoreId: &store, DisplayName: aws.String("admins")}))
		made[identitystore.CreateGroupMembershipOutput](s)(ids.CreateGroupMembership(s.ctx, &identitystore.CreateGroupMembershipInput{
			IdentityStoreId: &store, GroupId: group.GroupId, MemberId: &idtypes.MemberIdMemberUserId{Value: *user.UserId}}))
		set := made[ssoadmin.CreatePermissionSetOutput](s)(c.CreatePermissionSet(s.ctx, &ssoadmin.CreatePermissionSetInput{
			InstanceArn: &instance, Name: aws.String("admin"), SessionDuration: aws.String("PT4H")})).PermissionSet.PermissionSetArn
		made[ssoadmin.CreatePermissionSetOutput](s)(c.CreatePermissionSet(s.ctx, &ssoadmin.CreatePermissionSetInput{InstanceArn: &instance, Name: aws.String("empty"), SessionDuration: aws.String("PT1H")}))
		made[ssoadmin.PutInlinePolicyToPermissionSetOutput](s)(c.PutInlinePolicyToPermissionSet(s.ctx, &ssoadmin.PutInlinePolicyToPermissionSetInput{
			InstanceArn: &instance, PermissionSetArn: set, InlinePolicy: aws.String(allowAll)}))
		made[ssoadmin.AttachManagedPolicyToPermissionSetOutput](s)(c.AttachManagedPolicyToPermissionSet(s.ctx, &ssoadmin.AttachManagedPolicyToPermissionSetInput{
			InstanceArn: &instance, PermissionSetArn: set, ManagedPolicyArn: aws.String("arn:aws:iam::aws:policy/AdministratorAccess")}))
		made[ssoadmin.CreateAccountAssignmentOutput](s)(c.CreateAccountAssignment(s.ctx, &ssoadmin.CreateAccountAssignmentInput{
			InstanceArn: &instance, PermissionSetArn: set, PrincipalId: group.GroupId, PrincipalType: ssotypes.PrincipalTypeGroup,
			TargetId: aws.String(emulated), TargetType: ssotypes.TargetTypeAwsAccount}))
		made[ssoadmin.ProvisionPermissionSetOutput](s)(c.ProvisionPermissionSet(s.ctx, &ssoadmin.ProvisionPermissionSetInput{
			InstanceArn: &instance, PermissionSetArn: set, TargetType: ssotypes.ProvisionTargetTypeAllProvisionedAccounts}))
	}, SSOAdmin(), IdentityStore())
	if p := s.populations["sso-admin.permission-set us-east-1"]; p.Count != 2 {
		t.Errorf("%d permission sets, want 2", p.Count)
	}
	if p := s.populations["sso-admin.permission-set eu-west-1"]; p.Count != 0 || p.Status != bundle.StatusComplete {
		t.Errorf("permission sets of eu-west-1: %+v, want a complete, empty population", p)
	}
	assigned := 0
	for _, a := range s.artifacts {
		if a.Kind == "sso-admin.permission-set" && strings.Contains(string(a.Parts["AccountAssignments"].Data), `"PrincipalType":"GROUP"`) {
			assigned++
			s.expect(t, a.Kind+" "+a.Region+" "+a.ID, "InlinePolicy", bundle.StateOK, `Allow`)
			s.expect(t, a.Kind+" "+a.Region+" "+a.ID, "ManagedPolicies", bundle.StateOK, `AdministratorAccess`)
			s.expect(t, a.Kind+" "+a.Region+" "+a.ID, "AccountAssignments", bundle.StateOK, `"AccountIds":["123456789012"]`)
		}
	}
	if assigned != 1 {
		t.Errorf("%d permission sets are assigned to a group, want 1", assigned)
	}
	s.expect(t, "identitystore.identity-store us-east-1 "+store, "Users", bundle.StateOK, `"Total":1`)
	group := s.only(t, "identitystore.group")
	s.expect(t, "identitystore.group us-east-1 "+group.ID, "Group", bundle.StateOK, `"DisplayName":"admins"`)
	s.expect(t, "identitystore.group us-east-1 "+group.ID, "Members", bundle.StateOK, `{"Total":1}`)
	for name, data := range s.data() {
		if strings.Contains(data, "lice") {
			t.Errorf("%s holds a user's name: %s", name, data)
		}
	}
}
