package services

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/awsread"
	"github.com/auditpack/auditpack/collect/bundle"
)

// answering stands for AWS: it gets the operation and body of a request, and answers an error where the body is "Code: message".
// What it does not know is denied.
type answering func(operation, body string) string

func (a answering) Do(r *http.Request) (*http.Response, error) {
	var asked []byte
	if r.Body != nil {
		var err error
		if asked, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	status, body := http.StatusOK, ""
	switch operation := awsread.OperationOf(r.Context()).String(); operation {
	case "sts:GetCallerIdentity":
		body = `<R><GetCallerIdentityResult><Account>111122223333</Account><Arn>arn:aws:iam::111122223333:user/u</Arn></GetCallerIdentityResult></R>`
	case "ec2:DescribeRegions":
		body = `<R><regionInfo><item><regionName>us-east-1</regionName><optInStatus>opt-in-not-required</optInStatus></item></regionInfo></R>`
	default:
		if body = a(operation, r.URL.RequestURI()+" "+string(asked)); body == "" {
			body = "AccessDeniedException: not authorized"
		}
	}
	if code, message, failed := strings.Cut(body, ": "); failed && !strings.HasPrefix(body, "{") && !strings.HasPrefix(body, "<") {
		status, body = http.StatusBadRequest, `{"__type":"`+code+`","message":"`+message+`"}`
	}
	return &http.Response{
		StatusCode: status, Header: http.Header{"X-Amzn-Requestid": {"r-1"}, "Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: r,
	}, nil
}

func takeAnswers(t *testing.T, a answering, services ...collect.Service) *snapshot {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "example-secret")
	t.Setenv("AWS_CONFIG_FILE", t.TempDir()+"/none")
	t.Setenv("AWS_MAX_ATTEMPTS", "1")
	return take(t, t.Context(), collect.Options{Source: awsread.Source{Region: "us-east-1", HTTPClient: a}, Services: services})
}

// population fails unless the population of a kind has the status and count.
func (s *snapshot) population(t *testing.T, name, status string, count int) {
	t.Helper()
	if p, ok := s.populations[name]; !ok || p.Status != status || p.Count != count {
		t.Errorf("population %s: %+v, want %s with %d", name, p, status, count)
	}
}

// asked returns how often an operation was called.
func (s *snapshot) asked(operation string) int {
	n := 0
	for _, c := range s.calls {
		if c.Service+":"+c.Operation == operation {
			n++
		}
	}
	return n
}

func organizationKinds() []string {
	var names []string
	for _, k := range Organizations().Kinds {
		names = append(names, k.Name)
	}
	return names
}

// TestNoOrganization pins that an account in no organization has nothing of one, and that a caller without permission does not
// know.
func TestNoOrganization(t *testing.T) {
	none := takeAnswers(t, func(string, string) string {
		return "AWSOrganizationsNotInUseException: Your account is not a member of an organization."
	}, Organizations())
	denied := takeAnswers(t, func(string, string) string { return "" }, Organizations())
	for _, kind := range organizationKinds() {
		none.population(t, kind+" global", bundle.StatusComplete, 0)
		denied.population(t, kind+" global", bundle.StatusIncomplete, 0)
	}
}

// TestUnits pins that units are found on every level, each list read once, and that one list that is denied makes the population
// incomplete and hides nothing else.
func TestUnits(t *testing.T) {
	tree := map[string]string{
		"r-1": `{"OrganizationalUnits":[{"Id":"ou-a","Name":"a"},{"Id":"ou-b","Name":"b"}]}`, "ou-a": `{"OrganizationalUnits":[{"Id":"ou-c","Name":"c"}]}`,
		"ou-b": `{"OrganizationalUnits":[]}`, "ou-c": `{}`,
	}
	for name, c := range map[string]struct {
		denied, status string
		count          int
	}{"all": {"", bundle.StatusComplete, 3}, "one denied": {"ou-b", bundle.StatusIncomplete, 3}, "a branch denied": {"ou-a", bundle.StatusIncomplete, 2}} {
		t.Run(name, func(t *testing.T) {
			s := takeAnswers(t, func(operation, body string) string {
				switch operation {
				case "organizations:ListRoots":
					return `{"Roots":[{"Id":"r-1"}]}`
				case "organizations:ListTagsForResource":
					return `{"Tags":[]}`
				case "organizations:ListOrganizationalUnitsForParent":
					for parent, answer := range tree {
						if strings.Contains(body, `"`+parent+`"`) && parent != c.denied {
							return answer
						}
					}
				}
				return ""
			}, Organizations())
			s.population(t, "organizations.organizational-unit global", c.status, c.count)
			if got := s.asked("organizations:ListOrganizationalUnitsForParent"); got != c.count+1 {
				t.Errorf("%d lists of units, want one for the root and each unit: %d", got, c.count+1)
			}
		})
	}
}

// TestPolicyTypes pins that a type of policy that the partition does not have is no gap, and that a bad token is.
func TestPolicyTypes(t *testing.T) {
	list := func(later string) func(operation, body string) string {
		return func(operation, body string) string {
			switch {
			case operation != "organizations:ListPolicies":
				return ""
			case strings.Contains(body, "NextToken"):
				return later
			case strings.Contains(body, "SERVICE_CONTROL_POLICY"):
				return `{"Policies":[{"Id":"p-1"}],"NextToken":"more"}`
			case strings.Contains(body, "TAG_POLICY"):
				return "UnsupportedAPIEndpointException: This action isn't available in the current AWS Region."
			}
			return "InvalidInputException: You specified an invalid value."
		}
	}
	takeAnswers(t, list(`{"Policies":[{"Id":"p-2"}]}`), Organizations()).population(t, "organizations.policy global", bundle.StatusComplete, 2)
	takeAnswers(t, list("InvalidInputException: bad token"), Organizations()).population(t, "organizations.policy global", bundle.StatusIncomplete, 1)
}

// TestControlTower pins that controls are asked for only where a landing zone is.
func TestControlTower(t *testing.T) {
	zones := ""
	answers := func(operation, _ string) string {
		switch operation {
		case "controltower:ListLandingZones":
			return zones
		case "controltower:GetLandingZone":
			return `{"landingZone":{"version":"3.3","status":"ACTIVE","manifest":{"governedRegions":["us-east-1"]}}}`
		case "controltower:ListEnabledControls":
			return `{"enabledControls":[{"arn":"arn:aws:controltower:us-east-1:111122223333:enabledcontrol/C1","controlIdentifier":"arn:aws:controltower:us-east-1::control/X"}]}`
		case "controltower:ListEnabledBaselines":
			return `{"enabledBaselines":[{"arn":"arn:aws:controltower:us-east-1:111122223333:enabledbaseline/B1","baselineIdentifier":"b","targetIdentifier":"t","statusSummary":{}}]}`
		case "controltower:ListTagsForResource":
			return `{"tags":{"env":"prod"}}`
		}
		return ""
	}
	zones = `{"landingZones":[]}`
	s := takeAnswers(t, answers, ControlTower())
	for _, kind := range ControlTower().Kinds {
		s.population(t, kind.Name+" us-east-1", bundle.StatusComplete, 0)
	}
	zones = `{"landingZones":[{"arn":"arn:aws:controltower:us-east-1:111122223333:landingzone/Z1"}]}`
	s = takeAnswers(t, answers, ControlTower())
	s.expect(t, "controltower.landing-zone us-east-1 Z1", "LandingZone", bundle.StateOK, `"governedRegions":["us-east-1"]`)
	s.expect(t, "controltower.enabled-control us-east-1 C1", "Tags", bundle.StateOK, `{"Tags":{"env":"prod"}}`)
	s.population(t, "controltower.enabled-baseline us-east-1", bundle.StatusComplete, 1)
	zones = ""
	s = takeAnswers(t, answers, ControlTower())
	for _, kind := range ControlTower().Kinds {
		s.population(t, kind.Name+" us-east-1", bundle.StatusIncomplete, 0)
	}
}

// TestAuditManagerNotSetUp pins that the same code stands for an account that does not use the service and for a caller without
// permission, and that the two are told apart.
func TestAuditManagerNotSetUp(t *testing.T) {
	for message, want := range map[string]struct {
		state  bundle.State
		status string
	}{
		"Please complete AWS Audit Manager setup from home page to enable this action in this account.": {bundle.StateAbsent, bundle.StatusComplete},
		"User is not authorized to perform: auditmanager:GetSettings":                                   {bundle.StateGap, bundle.StatusIncomplete},
	} {
		s := takeAnswers(t, func(operation, _ string) string {
			if operation == "auditmanager:GetAccountStatus" {
				return `{"status":"INACTIVE"}`
			}
			return "AccessDeniedException: " + message
		}, AuditManager())
		s.expect(t, "auditmanager.account us-east-1 111122223333", "AccountStatus", bundle.StateOK, "INACTIVE")
		s.expect(t, "auditmanager.account us-east-1 111122223333", "Settings", want.state, "")
		s.population(t, "auditmanager.assessment us-east-1", want.status, 0)
	}
}

// TestAccountInstance pins that an instance without permission sets is not asked for them, and that one of which that is not known
// is.
func TestAccountInstance(t *testing.T) {
	const arn = "arn:aws:sso:::instance/ssoins-1"
	for described, asked := range map[string]int{
		`{"InstanceArn":"` + arn + `","PermissionSetsEnabled":false}`: 0, `{"InstanceArn":"` + arn + `","PermissionSetsEnabled":true}`: 1,
		`{"InstanceArn":"` + arn + `"}`: 1, "": 1,
	} {
		s := takeAnswers(t, func(operation, _ string) string {
			switch operation {
			case "sso-admin:ListInstances":
				return `{"Instances":[{"InstanceArn":"` + arn + `","IdentityStoreId":"d-1"}]}`
			case "sso-admin:DescribeInstance":
				return described
			case "sso-admin:ListPermissionSets":
				return `{"PermissionSets":[]}`
			}
			return ""
		}, SSOAdmin())
		if got := s.asked("sso-admin:ListPermissionSets"); got != asked {
			t.Errorf("%s: %d lists of permission sets, want %d", described, got, asked)
		}
		s.population(t, "sso-admin.permission-set us-east-1", bundle.StatusComplete, 0)
	}
}

// TestReviewsAndAnalyzers pins what is read of analyzers and workloads, and that notes and the reviewer are replaced.
func TestReviewsAndAnalyzers(t *testing.T) {
	s := takeAnswers(t, func(operation, asked string) string {
		switch operation {
		case "accessanalyzer:ListAnalyzers":
			return `{"analyzers":[{"name":"outside","arn":"arn:aws:access-analyzer:us-east-1:111122223333:analyzer/outside","type":"ACCOUNT","status":"ACTIVE","createdAt":"2026-01-01T00:00:00Z","tags":{"env":"prod"}}]}`
		case "accessanalyzer:ListArchiveRules":
			return `{"archiveRules":[{"ruleName":"known","filter":{"resourceType":{"eq":["AWS::S3::Bucket"]}},"createdAt":"2026-01-01T00:00:00Z","updatedAt":"2026-01-01T00:00:00Z"}]}`
		case "accessanalyzer:GetFindingsStatistics":
			return `{"findingsStatistics":[{"externalAccessFindingsStatistics":{"totalActiveFindings":2,"resourceTypeStatistics":{"AWS::S3::Bucket":{"totalActivePublic":2}}}}]}`
		case "wellarchitected:ListWorkloads":
			return `{"WorkloadSummaries":[{"WorkloadId":"w1","WorkloadArn":"arn:aws:wellarchitected:us-east-1:111122223333:workload/w1","Lenses":["wellarchitected"]}]}`
		case "wellarchitected:GetWorkload":
			return `{"Workload":{"WorkloadId":"w1","Notes":"call Hanako","ReviewOwner":"hanako@nagoya.example","RiskCounts":{"HIGH":3},"Tags":{"env":"prod"}}}`
		case "wellarchitected:ListAnswers":
			if !strings.Contains(asked, "/lensReviews/wellarchitected/answers") || !strings.Contains(asked, "PillarId=security") {
				t.Errorf("answers of %s", asked)
			}
			return `{"WorkloadId":"w1","AnswerSummaries":[{"QuestionId":"securely-operate","Risk":"HIGH","SelectedChoices":["sec_1"]}]}`
		case "wellarchitected:ListLensReviews":
			return `{"LensReviewSummaries":[{"LensAlias":"wellarchitected"}]}`
		case "wellarchitected:ListMilestones":
			return `{"MilestoneSummaries":[]}`
		}
		return ""
	}, AccessAnalyzer(), WellArchitected())
	s.expect(t, "accessanalyzer.analyzer us-east-1 outside", "Analyzer", bundle.StateOK, `"Tags":{"env":"prod"}`)
	s.expect(t, "accessanalyzer.analyzer us-east-1 outside", "ArchiveRules", bundle.StateOK, `"Eq":["AWS::S3::Bucket"]`)
	s.expect(t, "accessanalyzer.analyzer us-east-1 outside", "FindingsStatistics", bundle.StateOK, `"TotalActiveFindings":2`)
	s.expect(t, "wellarchitected.workload us-east-1 w1", "Workload", bundle.StateOK, `"RiskCounts":{"HIGH":3}`)
	s.expect(t, "wellarchitected.workload us-east-1 w1", "SecurityAnswers", bundle.StateOK, `"QuestionId":"securely-operate"`)
	if gaps := slices.DeleteFunc(s.gaps(), func(g string) bool { return strings.HasPrefix(g, "ec2.") }); len(gaps) > 0 {
		t.Errorf("gaps %v", gaps)
	}
	for name, data := range s.data() {
		if strings.Contains(data, "anako") {
			t.Errorf("%s: %s", name, data)
		}
	}
}
