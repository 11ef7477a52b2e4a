package seed

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/awsread"
	"github.com/auditpack/auditpack/collect/services"
	"github.com/auditpack/auditpack/collect/testbed"
)

// Services are the services that the sample is collected from: those that the seeded account has something in.
func Services() []collect.Service {
	chosen, err := collect.Select(services.All(), []string{"account", "iam", "s3", "s3control", "ec2", "cloudtrail", "config", "guardduty",
		"securityhub", "kms", "rds", "logs", "cloudwatch", "sns"}, nil)
	if err != nil {
		panic(err) // the names are ours
	}
	return chosen
}

// answers are those of the example account to what the emulator does not serve, by operation: an account that uses none of it,
// with AWS's defaults where there are settings.
var answers = map[string]string{
	"cloudtrail:ListEventDataStores":           `{"EventDataStores":[]}`,
	"cloudwatch:ListMetricStreams":             `<ListMetricStreamsResponse xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/"><ListMetricStreamsResult><Entries/></ListMetricStreamsResult></ListMetricStreamsResponse>`,
	"config:DescribeConformancePacks":          `{"ConformancePackDetails":[]}`,
	"ec2:DescribeClientVpnEndpoints":           `<clientVpnEndpoint/>`,
	"ec2:DescribeVpcBlockPublicAccessOptions":  `<vpcBlockPublicAccessOptions><awsAccountId>` + AccountID + `</awsAccountId><internetGatewayBlockMode>off</internetGatewayBlockMode><state>default-state</state></vpcBlockPublicAccessOptions>`,
	"ec2:GetAllowedImagesSettings":             `<state>disabled</state>`,
	"ec2:GetEbsDefaultKmsKeyId":                `<kmsKeyId>alias/aws/ebs</kmsKeyId>`,
	"ec2:GetImageBlockPublicAccessState":       `<imageBlockPublicAccessState>block-new-sharing</imageBlockPublicAccessState>`,
	"ec2:GetInstanceMetadataDefaults":          `<accountLevel/>`,
	"ec2:GetSerialConsoleAccessStatus":         `<serialConsoleAccessEnabled>false</serialConsoleAccessEnabled>`,
	"ec2:GetSnapshotBlockPublicAccessState":    `<state>unblocked</state>`,
	"guardduty:GetFindingsStatistics":          `{"findingStatistics":{"countBySeverity":{}}}`,
	"guardduty:ListFilters":                    `{"filterNames":[]}`,
	"guardduty:ListIPSets":                     `{"ipSetIds":[]}`,
	"guardduty:ListMembers":                    `{"members":[]}`,
	"guardduty:ListPublishingDestinations":     `{"destinations":[]}`,
	"guardduty:ListThreatIntelSets":            `{"threatIntelSetIds":[]}`,
	"kms:DescribeCustomKeyStores":              `{"CustomKeyStores":[],"Truncated":false}`,
	"logs:DescribeAccountPolicies":             `{"accountPolicies":[]}`,
	"securityhub:ListAutomationRules":          `{"AutomationRulesMetadata":[]}`,
	"securityhub:ListEnabledProductsForImport": `{"ProductSubscriptions":[]}`,
	"securityhub:ListFindingAggregators":       `{"FindingAggregators":[]}`,
	"securityhub:ListTagsForResource":          `{"Tags":{}}`,

	"ec2:DescribeVpcBlockPublicAccessExclusions": `<vpcBlockPublicAccessExclusionSet/>`,
}

// overrides puts the answers in the place of the emulator's errors.
func overrides() []testbed.Override {
	var out []testbed.Override
	for operation, body := range answers {
		service, name, _ := strings.Cut(operation, ":")
		contentType := "application/json"
		if strings.HasPrefix(body, "<") {
			contentType = "text/xml"
		}
		if service == "ec2" {
			body = fmt.Sprintf(`<%sResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">%s</%[1]sResponse>`, name, body)
		}
		out = append(out, testbed.Override{
			Name: "sample-" + operation, Doc: "The emulator does not serve the operation.", Service: service, Operation: name,
			Apply: func(_ *testbed.Request, resp *testbed.Response, _ *testbed.Upstream) error {
				resp.Status, resp.Body = http.StatusOK, []byte(body)
				resp.Header.Set("Content-Type", contentType)
				return nil
			},
		})
	}
	return out
}

// named is an HTTP client that says in a header what each request asks for.
type named struct{ next aws.HTTPClient }

func (n named) Do(req *http.Request) (*http.Response, error) {
	req.Header.Set(testbed.OperationHeader, awsread.OperationOf(req.Context()).String())
	return n.next.Do(req)
}

// Counted reports whether the seed program keeps count of a kind.
func (s *Seeded) Counted(kind string) bool {
	for key := range s.Counts {
		if key.Kind == kind {
			return true
		}
	}
	return false
}
