package services

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/guardduty"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// GuardDuty collects detectors: a region without one is a region without threat detection.
func GuardDuty() collect.Service {
	return collect.Service{Name: "guardduty", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "guardduty.detector", Scope: bundle.ScopeRegion, Tags: "Detector.Tags"},
			func(cfg aws.Config) *guardduty.Client { return guardduty.NewFromConfig(cfg) },
			collect.NewOp("guardduty", "ListDetectors", (*guardduty.Client).ListDetectors).
				Paged(func(in *guardduty.ListDetectorsInput, out *guardduty.ListDetectorsOutput) (**string, *string) {
					return &in.NextToken, out.NextToken
				}),
			guardduty.ListDetectorsInput{},
			func(out *guardduty.ListDetectorsOutput) []string { return out.DetectorIds },
			func(s *collect.Session, id string, _ bundle.From) collect.ID {
				return collect.ID{ID: id, ARN: s.ARN("guardduty", "detector/"+id)}
			},
			collect.Read("Detector", collect.NewOp("guardduty", "GetDetector", (*guardduty.Client).GetDetector),
				func(id string) *guardduty.GetDetectorInput { return &guardduty.GetDetectorInput{DetectorId: &id} }),
		),
	}}
}
