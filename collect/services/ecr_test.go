package services

import (
	"reflect"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"github.com/auditpack/auditpack/collect/bundle"
)

func TestImageScans(t *testing.T) {
	at := func(hour int) *time.Time { return aws.Time(time.Date(2026, 1, 1, hour, 0, 0, 0, time.UTC)) }
	scanned := func(hour int, counts map[string]int32) *types.ImageScanFindingsSummary {
		return &types.ImageScanFindingsSummary{ImageScanCompletedAt: at(hour), FindingSeverityCounts: counts}
	}
	imageScans := func(pages ...[]types.ImageDetail) ImageScans {
		var sum scanSum
		for _, page := range pages {
			sum.add(page)
		}
		return sum.scans()
	}
	got := imageScans([]types.ImageDetail{
		{ImageDigest: aws.String("sha256:a"), ImagePushedAt: at(1), ImageScanFindingsSummary: scanned(2, map[string]int32{"HIGH": 3, "CRITICAL": 1})},
		{ImageDigest: aws.String("sha256:c"), ImagePushedAt: at(5), ImageTags: []string{"v2"}},
	}, []types.ImageDetail{
		{ImageDigest: aws.String("sha256:b"), ImagePushedAt: at(5), ImageTags: []string{"v3"}, ImageScanFindingsSummary: scanned(6, nil)},
		{ImageDigest: aws.String("sha256:d"), ImagePushedAt: at(3), ImageScanFindingsSummary: scanned(4, map[string]int32{"HIGH": 7})},
	})
	want := ImageScans{Images: 4, Scanned: 3, Worst: map[string]int32{"HIGH": 7, "CRITICAL": 1}, Latest: &ImageScan{
		ImageDigest: aws.String("sha256:b"), ImageTags: []string{"v3"}, ImagePushedAt: at(5), ImageScanCompletedAt: at(6),
		FindingSeverityCounts: map[string]int32{}, // scanned, and nothing was found
	}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := imageScans(nil); got.Images != 0 || got.Latest != nil {
		t.Errorf("of no image: %+v", got)
	}
	unscanned := imageScans([]types.ImageDetail{{ImageDigest: aws.String("sha256:a"), ImagePushedAt: at(1)}})
	if unscanned.Scanned != 0 || unscanned.Latest.FindingSeverityCounts != nil {
		t.Errorf("of an image that was never scanned: %+v", unscanned)
	}
}

func TestLiveECR(t *testing.T) {
	s := liveService(t, seedECR, ECR())
	s.facts(t,
		fact{"ecr.repository us-east-1 good", "Repository", bundle.StateOK, []string{`"ScanOnPush":true`, `"ImageTagMutability":"IMMUTABLE"`}, nil},
		fact{"ecr.repository us-east-1 good", "LifecyclePolicy", bundle.StateOK, []string{`imageCountMoreThan`}, nil},
		fact{"ecr.repository us-east-1 good", "ImageScans", bundle.StateOK, []string{`"Images":1`, `"ImageTags":["v1"]`}, nil},
		fact{"ecr.repository us-east-1 good", "Policy", bundle.StateAbsent, nil, nil},
		fact{"ecr.repository us-east-1 good", "Tags", bundle.StateOK, []string{`"Key":"owner","Value":"team"`}, nil},
		fact{"ecr.repository us-east-1 open", "Repository", bundle.StateOK, []string{`"ScanOnPush":false`, `"ImageTagMutability":"MUTABLE"`}, nil},
		fact{"ecr.repository us-east-1 open", "LifecyclePolicy", bundle.StateAbsent, nil, nil},
		fact{"ecr.repository us-east-1 open", "Policy", bundle.StateOK, []string{`\"Principal\"`}, nil},
		fact{"ecr.repository us-east-1 open", "ImageScans", bundle.StateOK, []string{`"Images":0`, `"Scanned":0`}, []string{`"Latest"`}},
		fact{"ecr.registry us-east-1 " + emulated, "Policy", bundle.StateOK, []string{`ecr:ReplicateImage`}, nil},
		fact{"ecr.registry us-east-1 " + emulated, "ScanningConfiguration", bundle.StateOK, []string{`"ScanType":"BASIC"`}, nil},
		fact{"ecr.registry eu-west-1 " + emulated, "Policy", bundle.StateAbsent, nil, nil},
	)
	s.counts(t, "us-east-1", map[string]int{"ecr.repository": 2, "ecr.registry": 1})
	s.counts(t, "eu-west-1", map[string]int{"ecr.repository": 0, "ecr.registry": 1})
}

func seedECR(s *seeder) {
	c := ecr.NewFromConfig(s.cfg)
	made[ecr.CreateRepositoryOutput](s)(c.CreateRepository(s.ctx, &ecr.CreateRepositoryInput{
		RepositoryName: aws.String("good"), ImageTagMutability: types.ImageTagMutabilityImmutable,
		ImageScanningConfiguration: &types.ImageScanningConfiguration{ScanOnPush: true},
		Tags:                       []types.Tag{{Key: aws.String("owner"), Value: aws.String("team")}}}))
	made[ecr.CreateRepositoryOutput](s)(c.CreateRepository(s.ctx, &ecr.CreateRepositoryInput{RepositoryName: aws.String("open")}))
	made[ecr.PutLifecyclePolicyOutput](s)(c.PutLifecyclePolicy(s.ctx, &ecr.PutLifecyclePolicyInput{RepositoryName: aws.String("good"), LifecyclePolicyText: aws.String(
		`{"rules":[{"rulePriority":1,"selection":{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":5},"action":{"type":"expire"}}]}`)}))
	made[ecr.SetRepositoryPolicyOutput](s)(c.SetRepositoryPolicy(s.ctx, &ecr.SetRepositoryPolicyInput{RepositoryName: aws.String("open"), PolicyText: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Sid":"all","Effect":"Allow","Principal":"*","Action":"ecr:BatchGetImage"}]}`)}))
	made[ecr.PutImageOutput](s)(c.PutImage(s.ctx, &ecr.PutImageInput{RepositoryName: aws.String("good"), ImageTag: aws.String("v1"), ImageManifest: aws.String(
		`{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json","config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":2,"digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"},"layers":[]}`)}))
	made[ecr.PutRegistryPolicyOutput](s)(c.PutRegistryPolicy(s.ctx, &ecr.PutRegistryPolicyInput{PolicyText: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Sid":"copy","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":["ecr:ReplicateImage"],"Resource":["arn:aws:ecr:us-east-1:` + emulated + `:repository/*"]}]}`)}))
}
