package services

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"github.com/auditpack/auditpack/collect/bundle"
)

func TestLiveAutoScaling(t *testing.T) {
	s := liveService(t, func(s *seeder) {
		c := autoscaling.NewFromConfig(s.cfg)
		made[autoscaling.CreateLaunchConfigurationOutput](s)(c.CreateLaunchConfiguration(s.ctx, &autoscaling.CreateLaunchConfigurationInput{
			LaunchConfigurationName: aws.String("web"), ImageId: aws.String("ami-0abcdef1234567890"), InstanceType: aws.String("t3.micro"),
			UserData: aws.String("cGFzc3dvcmQ9aHVudGVyMg=="), AssociatePublicIpAddress: aws.Bool(true),
		}))
		made[autoscaling.CreateAutoScalingGroupOutput](s)(c.CreateAutoScalingGroup(s.ctx, &autoscaling.CreateAutoScalingGroupInput{
			AutoScalingGroupName: aws.String("web"), LaunchConfigurationName: aws.String("web"), AvailabilityZones: []string{"us-east-1a"},
			MinSize: aws.Int32(0), MaxSize: aws.Int32(0), Tags: []types.Tag{{Key: aws.String("env"), Value: aws.String("prod")}},
		}))
	}, AutoScaling())
	config := string(s.artifacts["autoscaling.launch-configuration us-east-1 web"].Parts["LaunchConfiguration"].Data)
	if strings.Contains(config, "cGFzc3") || !strings.Contains(config, `"AssociatePublicIpAddress":true`) {
		t.Errorf("launch configuration %s: want the public address and no user data", config)
	}
	group := string(s.artifacts["autoscaling.auto-scaling-group us-east-1 web"].Parts["AutoScalingGroup"].Data)
	if !strings.Contains(group, `"Value":"prod"`) {
		t.Errorf("group %s: want its tag", group)
	}
	if p := s.populations["autoscaling.auto-scaling-group eu-west-1"]; p.Status != bundle.StatusComplete || p.Count != 0 {
		t.Errorf("groups in eu-west-1: %+v, want complete and none", p)
	}
}
