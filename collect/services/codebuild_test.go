package services

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/codebuild/types"
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
