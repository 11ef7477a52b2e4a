package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/guardduty"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// GuardDuty collects detectors: a region without one is a region without threat detection.
func GuardDuty() collect.Service {
	return collect.Service{Name: "guardduty", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "guardduty.detector", Scope: bundle.ScopeRegion, Tags: "Detector.Tags"},
			guarddutyListDetectors,
			guardduty.ListDetectorsInput{},
			func(out *guardduty.ListDetectorsOutput) []string { return out.DetectorIds },
			func(s *collect.Session, id string, _ bundle.From) collect.ID {
				return collect.ID{ID: id, ARN: s.ARN("guardduty", "detector/"+id)}
			},
			collect.Read("Detector", guarddutyGetDetector,
				func(id string) *guardduty.GetDetectorInput { return &guardduty.GetDetectorInput{DetectorId: &id} }),
		),
	}}
}

func guarddutyClient(cfg aws.Config) *guardduty.Client { return guardduty.NewFromConfig(cfg) }

// The operations of this file.
var (
	guarddutyListDetectors = collect.NewOp("guardduty", "ListDetectors",
		func(ctx context.Context, cfg aws.Config, in *guardduty.ListDetectorsInput) (*guardduty.ListDetectorsOutput, error) {
			return guarddutyClient(cfg).ListDetectors(ctx, in)
		}).Paged(func(in *guardduty.ListDetectorsInput, out *guardduty.ListDetectorsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	guarddutyGetDetector = collect.NewOp("guardduty", "GetDetector",
		func(ctx context.Context, cfg aws.Config, in *guardduty.GetDetectorInput) (*guardduty.GetDetectorOutput, error) {
			return guarddutyClient(cfg).GetDetector(ctx, in)
		})
)
