package services

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/codebuild/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/awsread"
	"github.com/auditpack/auditpack/collect/bundle"
	"github.com/auditpack/auditpack/collect/testbed"
)

func TestLiveCodeBuild(t *testing.T) {
	s := liveService(t, func(s *seeder) {
		c := codebuild.NewFromConfig(s.cfg)
		role := s.trusted("builder", "codebuild.amazonaws.com")
		for name, location := range map[string]string{"good": "https://git.example/team/app.git", "bad": "https://bob:" + planted + "@git.example/team/app.git"} {
			made[codebuild.CreateProjectOutput](s)(c.CreateProject(s.ctx, &codebuild.CreateProjectInput{
				Name: aws.String(name), ServiceRole: role, Artifacts: &types.ProjectArtifacts{Type: types.ArtifactsTypeNoArtifacts},
				Source: &types.ProjectSource{Type: types.SourceTypeBitbucket, Location: aws.String(location), Buildspec: aws.String("run: " + planted)},
				Tags:   []types.Tag{{Key: aws.String("env"), Value: aws.String("prod")}},
				Environment: &types.ProjectEnvironment{ComputeType: types.ComputeTypeBuildGeneral1Small, Type: types.EnvironmentTypeLinuxContainer,
					Image: aws.String("aws/codebuild/standard:7.0"), EnvironmentVariables: []types.EnvironmentVariable{
						{Name: aws.String("AWS_SECRET_ACCESS_KEY"), Value: aws.String(planted), Type: types.EnvironmentVariableTypePlaintext}}},
				LogsConfig: &types.LogsConfig{CloudWatchLogs: &types.CloudWatchLogsConfig{Status: types.LogsConfigStatusTypeEnabled}},
			}))
		}
	}, CodeBuild())
	const good, bad = "codebuild.project us-east-1 good", "codebuild.project us-east-1 bad"
	partHolds(t, s, good, "Project", `"Name":"AWS_SECRET_ACCESS_KEY"`, `"Type":"PLAINTEXT"`, `"Location":"https://git.example/team/app.git"`,
		`"CloudWatchLogs":{"Status":"ENABLED"}`, `"Tags":[{"Key":"env"`)
	partHolds(t, s, bad, "Project", `"Location":{"__redacted":"scan.url-password","present":true}`)
	if a := s.artifacts[good]; a.ARN != "arn:aws:codebuild:us-east-1:"+emulated+":project/good" {
		t.Errorf("ARN %s", a.ARN)
	}
	nothingIn(t, s, "codebuild.project")
}

// TestProjectThatIsGone lists projects that are deleted before they are described: the answer leaves them out, and that is a gap.
func TestProjectThatIsGone(t *testing.T) {
	needEmulator(t)
	e, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	p := inFrontOf(t, e)
	p.Override(testbed.Override{Name: "gone", Service: "codebuild", Operation: "ListProjects", Doc: "lists a project that nobody made",
		Apply: func(_ *testbed.Request, resp *testbed.Response, _ *testbed.Upstream) error {
			resp.Body = []byte(`{"projects":["gone"]}`)
			return nil
		}})
	s := take(t, t.Context(), collect.Options{
		Source: awsread.Source{Region: "us-east-1", HTTPClient: named{p.Client()}}, Regions: []string{"us-east-1"}, Services: []collect.Service{CodeBuild()},
	})
	part := s.artifacts["codebuild.project us-east-1 gone"].Parts["Project"]
	if part.State != bundle.StateGap || part.Code != "RowMissing" || len(part.Calls) != 1 {
		t.Errorf("a project that is gone: %+v, want a gap with its call", part)
	}
}
