package services

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// ECR collects private repositories and the account's registry. Images are counted, not listed, and no token is asked for.
func ECR() collect.Service {
	registry := func(s *collect.Session) collect.ID { return collect.ID{ID: s.Account()} }
	return collect.Service{Name: "ecr", Kinds: []collect.Kind{
		ecrRepository(),
		collect.Single(collect.Kind{Name: "ecr.registry", Scope: bundle.ScopeRegion}, registry,
			collect.Read("Registry", ecrDescribeRegistry,
				func(*collect.Session) *ecr.DescribeRegistryInput { return &ecr.DescribeRegistryInput{} }),
			collect.Read("Policy", ecrGetRegistryPolicy,
				func(*collect.Session) *ecr.GetRegistryPolicyInput { return &ecr.GetRegistryPolicyInput{} },
				"RegistryPolicyNotFoundException"),
			collect.Read("ScanningConfiguration", ecrGetRegistryScanningConfiguration,
				func(*collect.Session) *ecr.GetRegistryScanningConfigurationInput {
					return &ecr.GetRegistryScanningConfigurationInput{}
				}),
		),
	}}
}

func ecrRepository() collect.Kind {
	return collect.Listed(collect.Kind{Name: "ecr.repository", Scope: bundle.ScopeRegion, Tags: "Tags.Tags", Item: "Repository"},
		ecrDescribeRepositories, ecr.DescribeRepositoriesInput{MaxResults: aws.Int32(1000)},
		func(out *ecr.DescribeRepositoriesOutput) []types.Repository { return out.Repositories },
		func(_ *collect.Session, r types.Repository, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(r.RepositoryName), ARN: aws.ToString(r.RepositoryArn)}
		},
		collect.Read("Policy", ecrGetRepositoryPolicy,
			func(r types.Repository) *ecr.GetRepositoryPolicyInput {
				return &ecr.GetRepositoryPolicyInput{RepositoryName: r.RepositoryName}
			},
			"RepositoryPolicyNotFoundException"),
		collect.Read("LifecyclePolicy", ecrGetLifecyclePolicy,
			func(r types.Repository) *ecr.GetLifecyclePolicyInput {
				return &ecr.GetLifecyclePolicyInput{RepositoryName: r.RepositoryName}
			},
			"LifecyclePolicyNotFoundException"),
		collect.Custom[ImageScans]("ImageScans", []collect.Operation{ecrDescribeImages.Operation}, ecrImageScans),
		collect.Read("Tags", ecrListTagsForResource,
			func(r types.Repository) *ecr.ListTagsForResourceInput {
				return &ecr.ListTagsForResourceInput{ResourceArn: r.RepositoryArn}
			}),
	)
}

// ImageScans is the data of the part of that name: what scans found in the images of a repository, in few numbers. ECR tells
// severities by name: CRITICAL, HIGH, MEDIUM, LOW, INFORMATIONAL, UNDEFINED.
type ImageScans struct {
	Images  int64            // all images, those of a multi-architecture image counted one by one
	Scanned int64            // those for which ECR has a summary of findings
	Worst   map[string]int32 // of each severity, the most findings that any one image has
	Latest  *ImageScan       // the image that was pushed last; nil if there is none
}

// ImageScan is what ECR says about one image. Status is nil if the image was never scanned, and FindingSeverityCounts if
// there is no summary of findings; a summary without findings is an empty map.
type ImageScan struct {
	ImageDigest           *string
	ImageTags             []string
	ImagePushedAt         *time.Time
	Status                *types.ImageScanStatus
	ImageScanCompletedAt  *time.Time
	FindingSeverityCounts map[string]int32
}

// ecrImageScans reads the images page by page: a repository can have a hundred thousand, and only their sum is kept.
func ecrImageScans(ctx context.Context, s *collect.Session, r types.Repository) bundle.Part {
	var sum scanSum
	calls, f := collect.Each(ctx, s, ecrDescribeImages,
		&ecr.DescribeImagesInput{RepositoryName: r.RepositoryName, MaxResults: aws.Int32(1000)},
		func(page int, out *ecr.DescribeImagesOutput) {
			if page == 0 {
				sum = scanSum{}
			}
			sum.add(out.ImageDetails)
		})
	if f != nil {
		return f.Part(calls)
	}
	return s.OK(ecrDescribeImages.Operation, sum.scans(), calls)
}

// scanSum sums images up. Of two that were pushed at the same moment the one with the smaller digest counts as the latest.
type scanSum struct {
	images, scanned int64
	worst           map[string]int32
	latest          *types.ImageDetail
}

func (sum *scanSum) add(images []types.ImageDetail) {
	if sum.worst == nil {
		sum.worst = map[string]int32{}
	}
	sum.images += int64(len(images))
	for _, image := range images {
		if summary := image.ImageScanFindingsSummary; summary != nil {
			sum.scanned++
			for severity, n := range summary.FindingSeverityCounts {
				sum.worst[severity] = max(sum.worst[severity], n)
			}
		}
		if sum.latest == nil || pushedAfter(image, *sum.latest) {
			sum.latest = &image
		}
	}
}

func (sum *scanSum) scans() ImageScans {
	out := ImageScans{Images: sum.images, Scanned: sum.scanned, Worst: sum.worst}
	if sum.latest != nil {
		out.Latest = imageScan(*sum.latest)
	}
	return out
}

func pushedAfter(a, b types.ImageDetail) bool {
	at, bt := aws.ToTime(a.ImagePushedAt), aws.ToTime(b.ImagePushedAt)
	if at.Equal(bt) {
		return aws.ToString(a.ImageDigest) < aws.ToString(b.ImageDigest)
	}
	return at.After(bt)
}

func imageScan(image types.ImageDetail) *ImageScan {
	scan := &ImageScan{
		ImageDigest: image.ImageDigest, ImageTags: image.ImageTags, ImagePushedAt: image.ImagePushedAt, Status: image.ImageScanStatus,
	}
	if summary := image.ImageScanFindingsSummary; summary != nil {
		scan.ImageScanCompletedAt = summary.ImageScanCompletedAt
		scan.FindingSeverityCounts = summary.FindingSeverityCounts
		if scan.FindingSeverityCounts == nil {
			scan.FindingSeverityCounts = map[string]int32{}
		}
	}
	return scan
}

func ecrClient(cfg aws.Config) *ecr.Client { return ecr.NewFromConfig(cfg) }

// The operations of this file.
var (
	ecrDescribeRepositories = collect.NewOp("ecr", "DescribeRepositories",
		func(ctx context.Context, cfg aws.Config, in *ecr.DescribeRepositoriesInput) (*ecr.DescribeRepositoriesOutput, error) {
			return ecrClient(cfg).DescribeRepositories(ctx, in)
		}).Paged(func(in *ecr.DescribeRepositoriesInput, out *ecr.DescribeRepositoriesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	ecrDescribeImages = collect.NewOp("ecr", "DescribeImages",
		func(ctx context.Context, cfg aws.Config, in *ecr.DescribeImagesInput) (*ecr.DescribeImagesOutput, error) {
			return ecrClient(cfg).DescribeImages(ctx, in)
		}).Paged(func(in *ecr.DescribeImagesInput, out *ecr.DescribeImagesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	ecrGetRepositoryPolicy = collect.NewOp("ecr", "GetRepositoryPolicy",
		func(ctx context.Context, cfg aws.Config, in *ecr.GetRepositoryPolicyInput) (*ecr.GetRepositoryPolicyOutput, error) {
			return ecrClient(cfg).GetRepositoryPolicy(ctx, in)
		})
	ecrGetLifecyclePolicy = collect.NewOp("ecr", "GetLifecyclePolicy",
		func(ctx context.Context, cfg aws.Config, in *ecr.GetLifecyclePolicyInput) (*ecr.GetLifecyclePolicyOutput, error) {
			return ecrClient(cfg).GetLifecyclePolicy(ctx, in)
		})
	ecrListTagsForResource = collect.NewOp("ecr", "ListTagsForResource",
		func(ctx context.Context, cfg aws.Config, in *ecr.ListTagsForResourceInput) (*ecr.ListTagsForResourceOutput, error) {
			return ecrClient(cfg).ListTagsForResource(ctx, in)
		})
	ecrDescribeRegistry = collect.NewOp("ecr", "DescribeRegistry",
		func(ctx context.Context, cfg aws.Config, in *ecr.DescribeRegistryInput) (*ecr.DescribeRegistryOutput, error) {
			return ecrClient(cfg).DescribeRegistry(ctx, in)
		})
	ecrGetRegistryPolicy = collect.NewOp("ecr", "GetRegistryPolicy",
		func(ctx context.Context, cfg aws.Config, in *ecr.GetRegistryPolicyInput) (*ecr.GetRegistryPolicyOutput, error) {
			return ecrClient(cfg).GetRegistryPolicy(ctx, in)
		})
	ecrGetRegistryScanningConfiguration = collect.NewOp("ecr", "GetRegistryScanningConfiguration",
		func(ctx context.Context, cfg aws.Config, in *ecr.GetRegistryScanningConfigurationInput) (*ecr.GetRegistryScanningConfigurationOutput, error) {
			return ecrClient(cfg).GetRegistryScanningConfiguration(ctx, in)
		})
)
