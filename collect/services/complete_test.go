package services

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/awsread"
	"github.com/auditpack/auditpack/collect/bundle"
)

// helpers are the files of this package that belong to a service's file.
var helpers = map[string]string{
	"artifact_client.go": "artifact.go",
	"ec2_compute.go":     "ec2.go",
	"ec2_connection.go":  "ec2.go",
	"ec2_network.go":     "ec2.go",
	"iam_federation.go":  "iam.go",
	"iam_inline.go":      "iam.go",
	"iam_report.go":      "iam.go",
	"rds_groups.go":      "rds.go",
	"ssm_session.go":     "ssm.go",
}

// TestEveryFileIsListed fails when a service's file is not in All: every other file defines exactly one function that returns a
// collect.Service, and All calls it.
func TestEveryFileIsListed(t *testing.T) {
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	made := map[string]string{} // function → file
	var listed []string
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		count := 0
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Type.Results == nil {
				continue
			}
			if fn.Name.Name == "All" {
				ast.Inspect(fn.Body, func(n ast.Node) bool {
					if call, ok := n.(*ast.CallExpr); ok {
						if id, ok := call.Fun.(*ast.Ident); ok {
							listed = append(listed, id.Name)
						}
					}
					return true
				})
				continue
			}
			if sel, ok := fn.Type.Results.List[0].Type.(*ast.SelectorExpr); ok && sel.Sel.Name == "Service" {
				made[fn.Name.Name] = name
				count++
			}
		}
		if _, helper := helpers[name]; !helper && name != "services.go" && count != 1 {
			t.Errorf("%s makes %d services, want 1", name, count)
		}
	}
	slices.Sort(listed)
	if want := slices.Sorted(maps.Keys(made)); !slices.Equal(listed, want) {
		t.Errorf("All lists %v, the files make %v", listed, want)
	}
	for helper, file := range helpers {
		for _, name := range []string{helper, file} {
			if _, err := os.Stat(name); err != nil {
				t.Errorf("helpers names %s: %v", name, err)
			}
		}
	}
}

// TestNoPaginators fails when a file uses the SDK's paginators or waiters: they turn a client into an interface, and the linker
// then keeps every method of every client.
func TestNoPaginators(t *testing.T) {
	for _, dir := range []string{".", "..", filepath.Join("..", "awsread")} {
		names, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: %d files, error %v", dir, len(names), err)
		}
		for _, name := range names {
			f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(f, func(n ast.Node) bool {
				sel, ok := n.(*ast.SelectorExpr)
				if ok && (strings.HasSuffix(sel.Sel.Name, "Paginator") || strings.HasSuffix(sel.Sel.Name, "Waiter")) {
					t.Errorf("%s uses %s", name, sel.Sel.Name)
				}
				return true
			})
		}
	}
}

// everyOperation returns the operations of the tables and of the runner.
func everyOperation() []collect.Operation {
	return slices.Concat(collect.RunnerOperations(), collect.Operations(All()))
}

// operations returns every operation of the tables and of the runner, with the type of its answer and those of the parts that it
// feeds.
func operations() map[awsread.Operation][]reflect.Type {
	used := map[awsread.Operation][]reflect.Type{}
	for _, op := range everyOperation() {
		used[op.Operation] = append(used[op.Operation], op.Output)
	}
	for _, s := range All() {
		for _, k := range s.Kinds {
			for _, p := range k.Parts {
				for _, op := range p.Operations {
					used[op.Operation] = append(used[op.Operation], p.Type)
				}
			}
		}
	}
	return used
}

// TestAllowListIsExact fails when the tables need an operation that nobody reviewed, or when the list allows one that nothing
// needs.
func TestAllowListIsExact(t *testing.T) {
	used := operations()
	for op := range used {
		if !slices.Contains(awsread.Allowed(), op) {
			t.Errorf("%s is in the tables, but nobody reviewed it", op)
		}
	}
	for _, op := range awsread.Allowed() {
		if _, ok := used[op]; !ok {
			t.Errorf("%s is allowed, but nothing uses it", op)
		}
	}
}

// TestKinds pins what every kind must say.
func TestKinds(t *testing.T) {
	action := regexp.MustCompile(`^[a-z0-9-]+:[A-Z][A-Za-z0-9]+$`)
	seen := map[string]bool{}
	for _, s := range All() {
		if seen[s.Name] {
			t.Errorf("service %s is there twice", s.Name)
		}
		seen[s.Name] = true
		for _, k := range s.Kinds {
			if prefix, _, ok := strings.Cut(k.Name, "."); !ok || prefix != s.Name && prefix+"control" != s.Name {
				t.Errorf("%s: not a kind of service %s", k.Name, s.Name)
			}
			if k.Scope != bundle.ScopeAccount && k.Scope != bundle.ScopeRegion {
				t.Errorf("%s: scope %q", k.Name, k.Scope)
			}
			if len(k.Parts) == 0 {
				t.Errorf("%s: no parts", k.Name)
			}
			names := map[string]bool{}
			for _, p := range k.Parts {
				if names[p.Name] || len(p.Operations) == 0 || p.Type == nil {
					t.Errorf("%s.%s: there twice, or without operation or type", k.Name, p.Name)
				}
				names[p.Name] = true
				for _, op := range p.Operations {
					if len(op.Actions) == 0 || !action.MatchString(op.Actions[0]) {
						t.Errorf("%s.%s: IAM actions %v of %s", k.Name, p.Name, op.Actions, op)
					}
				}
			}
		}
	}
}

// secretLike is wider than the scanner's: it finds members for a person to look at.
var secretLike = regexp.MustCompile(`(?i)passw|secret|token|credential|privatekey|apikey|accesskey|seed|qrcode|userdata|signature|cipher`)

// harmless are members whose names sound like a secret and which hold none.
var harmless = []string{
	"InstanceMetadataOptionsResponse.HttpTokens", // "required" or "optional"
	"InstanceMetadataDefaultsResponse.HttpTokens", "InstanceMetadataDefaultsResponse.HttpTokensEnforced",
	"LaunchTemplateInstanceMetadataOptions.HttpTokens",
	// Marks of a version, which an update must name.
	"DescribeFirewallOutput.UpdateToken", "DescribeFirewallPolicyOutput.UpdateToken", "DescribeRuleGroupOutput.UpdateToken",
	"PerObjectStatus.UpdateToken", "SourceMetadata.SourceUpdateToken", "Policy.PolicyUpdateToken",
	"GetIPSetOutput.LockToken", "GetRuleGroupOutput.LockToken", "GetWebACLOutput.LockToken",
	"Instance.ClientToken",                                                                          // the caller's own word for a request
	"MasterUserSecret.SecretArn", "MasterUserSecret.SecretStatus", "DomainMembership.AuthSecretArn", // names, not secrets
	"SecretListEntry.ExternalSecretRotationRoleArn", "DescribeClassificationJobOutput.ClientToken",
	"GetAccountOutput.ApiKeyVersion", "Api.ApiKeySelectionExpression", // a date, and the place of a key in a request
	"Authorizer.AuthorizerCredentials", "Authorizer.AuthorizerCredentialsArn", "Integration.Credentials", // names of roles
	"RestApi.ApiKeySource", "InstanceMetadataOptions.HttpTokens", // words from a short list
	"DNSSECStatus.ServeSignature", "CertificateDetail.SignatureAlgorithm", // on or off, and the name of an algorithm
	"AuthenticateOidcActionConfig.TokenEndpoint",                                      // a web address of the identity provider
	"IPSetSummary.LockToken", "WebACLSummary.LockToken", "RuleGroupSummary.LockToken", // versions, for whoever writes
	"WebACL.TokenDomains", "ContainerDefinition.CredentialSpecs", // host names; ARNs of files
	"DBInstance.TdeCredentialArn", "DBSnapshot.TdeCredentialArn",
	"ProjectEnvironment.ImagePullCredentialsType", "RegistryCredential.Credential", "RegistryCredential.CredentialProvider", // CodeBuild: an ARN, and words
	"TokenValidityUnitsType.AccessToken", "TokenValidityUnitsType.IdToken", "TokenValidityUnitsType.RefreshToken", // Cognito: "hours"
	"LambdaConfigType.PreTokenGeneration",                                // Cognito: a function's ARN
	"AuthenticationConfiguration.SecretArn", "OAuth2Properties.TokenUrl", // Glue: a name, and a public address
	"MLUserDataEncryption.MlUserDataEncryptionMode",                                                   // Glue: "SSE-KMS"
	"IdentityProviderOAuthSetting.SecretArn", "RepositoryAuthConfig.RepositoryCredentialsProviderArn", // SageMaker: names
	"ActiveDirectoryConfig.ServiceAccountSecretArn", "MicrosoftEntraConfig.ApplicationConfigSecretArn", // WorkSpaces: names
	"Cluster.ClientRequestToken",                                                                                 // EKS: the caller's own word for a request
	"RepositoryCredentials.CredentialsParameter", "FSxWindowsFileServerAuthorizationConfig.CredentialsParameter", // ECS: ARNs
	"RedshiftDataParameters.SecretManagerArn", // EventBridge: a name
	"CredentialReportRow.PasswordEnabled", "CredentialReportRow.PasswordLastUsed", "CredentialReportRow.PasswordLastChanged",
	"CredentialReportRow.PasswordNextRotation", "CredentialReportRow.AccessKey1Active", "CredentialReportRow.AccessKey2Active",
	"CredentialReportRow.AccessKey1LastRotated", "CredentialReportRow.AccessKey2LastRotated",
	"CredentialReportRow.AccessKey1LastUsedDate", "CredentialReportRow.AccessKey2LastUsedDate",
	"CredentialReportRow.AccessKey1LastUsedRegion", "CredentialReportRow.AccessKey2LastUsedRegion",
	"CredentialReportRow.AccessKey1LastUsedService", "CredentialReportRow.AccessKey2LastUsedService",
	"FileSystemDescription.CreationToken", "AccessPointDescription.ClientToken", // EFS: the caller's own words for a request
	"Cluster.MasterPasswordSecretArn", "Cluster.MasterPasswordSecretKmsKeyId", // Redshift: names
	"Snapshot.MasterPasswordSecretArn", "Snapshot.MasterPasswordSecretKmsKeyId", // Redshift: names
	"PendingModifiedValues.AuthTokenStatus", "ReplicationGroupPendingModifiedValues.AuthTokenStatus", // "SETTING" or "ROTATING"
	"UserAuthConfigInfo.SecretArn", "UserAuthConfigInfo.ClientPasswordAuthType", // RDS Proxy: a name, and a method
	"KerberosAuthenticationSettings.KeyCacheSecretId", "KerberosAuthenticationSettings.KeyCacheSecretIamArn", // DMS, to the end: names
	"DocDbSettings.SecretsManagerSecretId", "DocDbSettings.SecretsManagerAccessRoleArn",
	"GcpMySQLSettings.SecretsManagerSecretId", "GcpMySQLSettings.SecretsManagerAccessRoleArn",
	"IBMDb2Settings.SecretsManagerSecretId", "IBMDb2Settings.SecretsManagerAccessRoleArn",
	"MicrosoftSQLServerSettings.SecretsManagerSecretId", "MicrosoftSQLServerSettings.SecretsManagerAccessRoleArn",
	"MongoDbSettings.SecretsManagerSecretId", "MongoDbSettings.SecretsManagerAccessRoleArn",
	"MySQLSettings.SecretsManagerSecretId", "MySQLSettings.SecretsManagerAccessRoleArn",
	"OracleSettings.SecretsManagerSecretId", "OracleSettings.SecretsManagerAccessRoleArn",
	"OracleSettings.SecretsManagerOracleAsmSecretId", "OracleSettings.SecretsManagerOracleAsmAccessRoleArn",
	"PostgreSQLSettings.SecretsManagerSecretId", "PostgreSQLSettings.SecretsManagerAccessRoleArn",
	"RedshiftSettings.SecretsManagerSecretId", "RedshiftSettings.SecretsManagerAccessRoleArn",
	"SybaseSettings.SecretsManagerSecretId", "SybaseSettings.SecretsManagerAccessRoleArn",
}

// TestSecretsAreReviewed walks every member that can be collected. A text or bytes member that sounds like a secret must be
// hidden, or be known to be harmless; and what the review hides must exist.
func TestSecretsAreReviewed(t *testing.T) {
	hidden := map[string]bool{}
	members := map[string]bool{} // true for text and bytes
	for op, output := range outputTypes() {
		if op.Service != "sts" {
			walk(output, members, map[reflect.Type]bool{})
		}
	}
	for op, types := range operations() {
		for _, m := range awsread.Hidden(op) {
			if op.Service != "sts" { // its credentials are used, and go nowhere else
				hidden[m] = true
			}
		}
		for _, typ := range types {
			if op.Service != "sts" {
				walk(typ, members, map[reflect.Type]bool{})
			}
		}
	}
	for m := range hidden {
		if _, ok := members[m]; !ok {
			t.Errorf("the review hides %s, which no collected type has", m)
		}
	}
	for m, text := range members {
		_, name, _ := strings.Cut(m, ".")
		if text && secretLike.MatchString(name) && !hidden[m] && !slices.Contains(harmless, m) {
			t.Errorf("%s sounds like a secret: hide it in awsread/operations.go, or name it among the harmless", m)
		}
	}
	for _, m := range harmless {
		if !members[m] {
			t.Errorf("%s is called harmless, and no collected type has it", m)
		}
	}
}

// walk adds the members below t, and whether they hold text, bytes, or lists or maps of texts.
func walk(t reflect.Type, members map[string]bool, seen map[reflect.Type]bool) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || t == reflect.TypeFor[time.Time]() || seen[t] {
		return
	}
	seen[t] = true
	for i := range t.NumField() {
		f := t.Field(i)
		if !awsread.Kept(t, f) {
			continue
		}
		ft := f.Type
		for ft.Kind() == reflect.Pointer {
			ft = ft.Elem()
		}
		m := t.Name() + "." + f.Name
		texts := (ft.Kind() == reflect.Slice || ft.Kind() == reflect.Map) && ft.Elem().Kind() == reflect.String
		members[m] = members[m] || texts || ft.Kind() == reflect.String || ft.Kind() == reflect.Slice && ft.Elem().Kind() == reflect.Uint8
		walk(ft, members, seen)
	}
}

// TestPolicy pins that the printed policy holds each action once and nothing that writes.
func TestPolicy(t *testing.T) {
	actions := collect.Actions(All())
	if !slices.IsSorted(actions) || len(slices.Compact(slices.Clone(actions))) != len(actions) {
		t.Errorf("actions are not sorted, or not distinct: %v", actions)
	}
	for _, a := range actions {
		_, name, _ := strings.Cut(a, ":")
		reads := strings.HasPrefix(name, "Get") || strings.HasPrefix(name, "List") || strings.HasPrefix(name, "Describe") ||
			strings.HasPrefix(name, "BatchGet")
		if !reads && a != "iam:GenerateCredentialReport" && a != "apigateway:GET" {
			t.Errorf("%s does not look like a read", a)
		}
	}
	for _, a := range []string{"s3:ListAllMyBuckets", "s3:GetEncryptionConfiguration", "s3:GetAccountPublicAccessBlock", "ec2:DescribeRegions"} {
		if !slices.Contains(actions, a) {
			t.Errorf("%s is missing", a)
		}
	}
	doc, err := collect.Policy(All())
	if err != nil || !strings.Contains(string(doc), `"iam:ListUsers",`) {
		t.Errorf("policy document %s, error %v", doc, err)
	}
}
