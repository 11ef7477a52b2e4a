package services

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/eks/types"

	"github.com/auditpack/auditpack/collect/bundle"
)

func TestLiveEKS(t *testing.T) {
	s := liveService(t, seedEKS, EKS())
	s.facts(t,
		fact{"eks.cluster us-east-1 open", "Cluster", bundle.StateOK, []string{`"EndpointPublicAccess":true`, `"owner":"team"`}, []string{`"KeyArn"`}},
		fact{"eks.cluster us-east-1 closed", "Cluster", bundle.StateOK, []string{`"EndpointPublicAccess":false`, `"EncryptionConfig":[{"Provider":{"KeyArn":"arn:aws:kms:`}, nil},
		fact{"eks.nodegroup us-east-1 open/workers", "Nodegroup", bundle.StateOK, []string{`"NodegroupName":"workers"`, `"Ec2SshKey":"ops"`}, nil},
		fact{"eks.fargate-profile us-east-1 closed/jobs", "FargateProfile", bundle.StateOK, []string{`"Namespace":"jobs"`}, nil},
	)
	s.counts(t, "us-east-1", map[string]int{"eks.cluster": 2, "eks.nodegroup": 1, "eks.fargate-profile": 1})
	s.counts(t, "eu-west-1", map[string]int{"eks.cluster": 0, "eks.nodegroup": 0, "eks.fargate-profile": 0})
}

func seedEKS(s *seeder) {
	c := eks.NewFromConfig(s.cfg)
	found := made[ec2.DescribeSubnetsOutput](s)(ec2.NewFromConfig(s.cfg).DescribeSubnets(s.ctx, &ec2.DescribeSubnetsInput{}))
	subnets := []string{aws.ToString(found.Subnets[0].SubnetId), aws.ToString(found.Subnets[1].SubnetId)}
	role := aws.String("arn:aws:iam::" + emulated + ":role/eks")
	cluster := func(name string, public bool, tags map[string]string, encryption []types.EncryptionConfig) {
		made[eks.CreateClusterOutput](s)(c.CreateCluster(s.ctx, &eks.CreateClusterInput{
			Name: aws.String(name), RoleArn: role, Tags: tags, EncryptionConfig: encryption,
			ResourcesVpcConfig: &types.VpcConfigRequest{SubnetIds: subnets, EndpointPublicAccess: &public}}))
	}
	cluster("open", true, map[string]string{"owner": "team"}, nil)
	cluster("closed", false, nil, []types.EncryptionConfig{{
		Resources: []string{"secrets"}, Provider: &types.Provider{KeyArn: aws.String("arn:aws:kms:us-east-1:" + emulated + ":key/0d6c8ef4-6d7e-4b42-a3a6-0e1f4b0e3a11")}}})
	made[eks.CreateNodegroupOutput](s)(c.CreateNodegroup(s.ctx, &eks.CreateNodegroupInput{
		ClusterName: aws.String("open"), NodegroupName: aws.String("workers"), NodeRole: role, Subnets: subnets,
		RemoteAccess: &types.RemoteAccessConfig{Ec2SshKey: aws.String("ops")}}))
	made[eks.CreateFargateProfileOutput](s)(c.CreateFargateProfile(s.ctx, &eks.CreateFargateProfileInput{
		ClusterName: aws.String("closed"), FargateProfileName: aws.String("jobs"), PodExecutionRoleArn: role,
		Selectors: []types.FargateProfileSelector{{Namespace: aws.String("jobs")}}}))
}

// TestClusterWithoutAccessEntries pins that a cluster which admits people by its config map alone is one without access entries,
// and that the same code with another message is a gap.
func TestClusterWithoutAccessEntries(t *testing.T) {
	for message, want := range map[string]string{
		"The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.": bundle.StatusComplete,
		"The request is not valid given the state of the cluster.":                                                     bundle.StatusIncomplete,
	} {
		s := takeScripted(t, func(host, what string) (int, string) {
			switch {
			case strings.HasPrefix(host, "ec2."):
				return 200, "<R><regionInfo><item><regionName>us-east-1</regionName><optInStatus>opt-in-not-required</optInStatus></item></regionInfo></R>"
			case what == "/clusters":
				return 200, `{"clusters":["old"]}`
			case strings.HasSuffix(what, "/access-entries"):
				return 400, `{"__type":"InvalidRequestException","message":"` + message + `"}`
			}
			return 404, `{"__type":"ResourceNotFoundException","message":"none"}`
		}, "eks")
		if p := s.populations["eks.access-entry us-east-1"]; p.Status != want || p.Count != 0 || len(p.Calls) != 2 {
			t.Errorf("%s: population %+v, want %s with the list of clusters and that of their entries", message, p, want)
		}
		// The add-ons' list says that the cluster is gone: nothing is left to list.
		if p := s.populations["eks.addon us-east-1"]; p.Status != bundle.StatusComplete || p.Count != 0 {
			t.Errorf("%s: population of add-ons %+v, want complete and empty", message, p)
		}
	}
}
