package services

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

func TestLiveSageMaker(t *testing.T) {
	s := liveService(t, func(s *seeder) {
		c := sagemaker.NewFromConfig(s.cfg)
		role, tags := aws.String("arn:aws:iam::"+emulated+":role/sagemaker"), []types.Tag{{Key: aws.String("env"), Value: aws.String("prod")}}
		for name, access := range map[string]types.DirectInternetAccess{"closed": types.DirectInternetAccessDisabled, "open": types.DirectInternetAccessEnabled} {
			in := &sagemaker.CreateNotebookInstanceInput{NotebookInstanceName: aws.String(name), InstanceType: types.InstanceTypeMlT2Medium, RoleArn: role,
				DirectInternetAccess: access, RootAccess: types.RootAccessEnabled, SubnetId: aws.String("subnet-1")}
			if name == "closed" {
				in.RootAccess, in.KmsKeyId, in.Tags = types.RootAccessDisabled, aws.String("alias/notebooks"), tags
			}
			made[sagemaker.CreateNotebookInstanceOutput](s)(c.CreateNotebookInstance(s.ctx, in))
		}
		made[sagemaker.CreateModelOutput](s)(c.CreateModel(s.ctx, &sagemaker.CreateModelInput{ModelName: aws.String("churn"), ExecutionRoleArn: role, Tags: tags,
			VpcConfig:        &types.VpcConfig{Subnets: []string{"subnet-1"}, SecurityGroupIds: []string{"sg-1"}},
			PrimaryContainer: &types.ContainerDefinition{Image: aws.String("model:1"), Environment: map[string]string{"TOKEN": planted}}}))
		made[sagemaker.CreateEndpointConfigOutput](s)(c.CreateEndpointConfig(s.ctx, &sagemaker.CreateEndpointConfigInput{EndpointConfigName: aws.String("churn"), Tags: tags,
			KmsKeyId: aws.String("alias/endpoints"), ProductionVariants: []types.ProductionVariant{{ModelName: aws.String("churn"), VariantName: aws.String("all"),
				InitialInstanceCount: aws.Int32(1), InstanceType: types.ProductionVariantInstanceTypeMlM4Xlarge, InitialVariantWeight: aws.Float32(1)}}}))
		made[sagemaker.CreateEndpointOutput](s)(c.CreateEndpoint(s.ctx, &sagemaker.CreateEndpointInput{EndpointName: aws.String("churn"), EndpointConfigName: aws.String("churn"), Tags: tags}))
		made[sagemaker.CreateDomainOutput](s)(c.CreateDomain(s.ctx, &sagemaker.CreateDomainInput{DomainName: aws.String("lab"), AuthMode: types.AuthModeIam, Tags: tags,
			DefaultUserSettings: &types.UserSettings{ExecutionRole: role}, SubnetIds: []string{"subnet-1"}, VpcId: aws.String("vpc-1"),
			AppNetworkAccessType: types.AppNetworkAccessTypeVpcOnly}))
	}, SageMaker())
	const closed, open = "sagemaker.notebook-instance us-east-1 closed", "sagemaker.notebook-instance us-east-1 open"
	partHolds(t, s, closed, "NotebookInstance", `"DirectInternetAccess":"Disabled"`, `"RootAccess":"Disabled"`, `"KmsKeyId":"alias/notebooks"`)
	partHolds(t, s, closed, "Tags", `"Key":"env"`)
	partHolds(t, s, open, "NotebookInstance", `"DirectInternetAccess":"Enabled"`, `"RootAccess":"Enabled"`)
	partHolds(t, s, "sagemaker.model us-east-1 churn", "Model", `"VpcConfig":{"SecurityGroupIds":["sg-1"]`, `"Environment":{"__redacted":`)
	partHolds(t, s, "sagemaker.endpoint-config us-east-1 churn", "EndpointConfig", `"KmsKeyId":"alias/endpoints"`)
	partHolds(t, s, "sagemaker.endpoint us-east-1 churn", "Endpoint", `"EndpointConfigName":"churn"`)
	nothingIn(t, s, "sagemaker.domain", "sagemaker.endpoint", "sagemaker.endpoint-config", "sagemaker.model", "sagemaker.notebook-instance")
}
