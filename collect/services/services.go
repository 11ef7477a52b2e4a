// Package services describes what auditpack collects: one AWS service is one file and one line in All.
//
// A file lists the kinds of artifacts of its service, and for each kind the calls that find the artifacts, the parts that
// are read of each, the IAM actions that the calls need and the error codes by which AWS says that nothing is configured.
// The same tables make the calls, the IAM policy that the tool prints, and the shapes that rules are type-checked against.
package services

import "github.com/auditpack/auditpack/collect"

// All returns every service, in the order in which documents list them.
func All() []collect.Service {
	return []collect.Service{
		Account(),
		IAM(),
		S3(),
		S3Control(),
		EC2(),
		CloudTrail(),
		ConfigService(),
		GuardDuty(),
		SecurityHub(),
		KMS(),
		RDS(),
		CloudWatchLogs(),
		CloudWatch(),
		SNS(),
		ACM(),
		APIGateway(),
		APIGatewayV2(),
		ApplicationAutoScaling(),
		AutoScaling(),
		CloudFront(),
		ELB(),
		ELBv2(),
		Route53(),
	}
}
