package services

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticbeanstalk"
	"github.com/aws/aws-sdk-go-v2/service/elasticbeanstalk/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// ElasticBeanstalk collects applications and environments with their settings. Settings hold the environment's variables and the
// password of its database: values are kept only in namespaces where AWS defines what they are.
func ElasticBeanstalk() collect.Service {
	return collect.Service{Name: "elasticbeanstalk", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{
			Name: "elasticbeanstalk.application", Scope: bundle.ScopeRegion, Tags: "Tags.ResourceTags", Item: "Application"},
			elasticbeanstalkDescribeApplications, elasticbeanstalk.DescribeApplicationsInput{},
			func(out *elasticbeanstalk.DescribeApplicationsOutput) []types.ApplicationDescription {
				return out.Applications
			},
			func(_ *collect.Session, a types.ApplicationDescription, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(a.ApplicationName), ARN: aws.ToString(a.ApplicationArn)}
			},
			collect.Read("Tags", elasticbeanstalkListTagsForResource,
				func(a types.ApplicationDescription) *elasticbeanstalk.ListTagsForResourceInput {
					return &elasticbeanstalk.ListTagsForResourceInput{ResourceArn: a.ApplicationArn}
				}),
		),
		collect.Listed(collect.Kind{
			Name: "elasticbeanstalk.environment", Scope: bundle.ScopeRegion, Tags: "Tags.ResourceTags", Item: "Environment"},
			elasticbeanstalkDescribeEnvironments,
			elasticbeanstalk.DescribeEnvironmentsInput{IncludeDeleted: aws.Bool(false), MaxRecords: aws.Int32(1000)},
			func(out *elasticbeanstalk.DescribeEnvironmentsOutput) []types.EnvironmentDescription {
				return out.Environments
			},
			func(_ *collect.Session, e types.EnvironmentDescription, _ bundle.From) collect.ID {
				// A name is unique among the environments of a region that are not terminated.
				return collect.ID{ID: aws.ToString(e.EnvironmentName), ARN: aws.ToString(e.EnvironmentArn)}
			},
			collect.Custom[EnvironmentSettings]("ConfigurationSettings",
				[]collect.Operation{elasticbeanstalkDescribeConfigurationSettings.Operation}, environmentSettings),
			collect.Read("Tags", elasticbeanstalkListTagsForResource,
				func(e types.EnvironmentDescription) *elasticbeanstalk.ListTagsForResourceInput {
					return &elasticbeanstalk.ListTagsForResourceInput{ResourceArn: e.EnvironmentArn}
				}),
		),
	}}
}

// EnvironmentSettings is the data of the part ConfigurationSettings: the settings of a running environment, those that AWS sets
// by default included.
type EnvironmentSettings struct {
	SolutionStackName *string
	PlatformArn       *string
	DateUpdated       *time.Time
	OptionSettings    []EnvironmentOption
}

// EnvironmentOption is one setting. It has a Value in a namespace whose values are defined by AWS, and else a
// HiddenValue, of which only the presence is kept.
type EnvironmentOption struct {
	Namespace    *string
	OptionName   *string
	ResourceName *string
	Value        *string
	HiddenValue  *string
}

// openNamespaces are the namespaces of option settings whose values are switches, names, ids and numbers. All others are hidden, also
// those that AWS adds later: they may hold variables, parameters of templates, passwords or addresses of people.
var openNamespaces = []string{
	"aws:autoscaling:asg",
	"aws:autoscaling:launchconfiguration",
	"aws:ec2:instances",
	"aws:ec2:vpc",
	"aws:elasticbeanstalk:cloudwatch:logs",
	"aws:elasticbeanstalk:cloudwatch:logs:health",
	"aws:elasticbeanstalk:command",
	"aws:elasticbeanstalk:control",
	"aws:elasticbeanstalk:environment",
	"aws:elasticbeanstalk:environment:proxy",
	"aws:elasticbeanstalk:healthreporting:system",
	"aws:elasticbeanstalk:hostmanager",
	"aws:elasticbeanstalk:managedactions",
	"aws:elasticbeanstalk:managedactions:platformupdate",
	"aws:elasticbeanstalk:monitoring",
	"aws:elasticbeanstalk:xray",
	"aws:elb:loadbalancer",
	"aws:elbv2:loadbalancer",
}

// isOpen reports whether the values of a namespace are kept. Listeners have a namespace for each port.
func isOpen(namespace string) bool {
	return slices.Contains(openNamespaces, namespace) ||
		strings.HasPrefix(namespace, "aws:elb:listener") || strings.HasPrefix(namespace, "aws:elbv2:listener:")
}

func environmentSettings(ctx context.Context, s *collect.Session, e types.EnvironmentDescription) bundle.Part {
	op := elasticbeanstalkDescribeConfigurationSettings
	out, calls, f := collect.Get(ctx, s, op, &elasticbeanstalk.DescribeConfigurationSettingsInput{
		ApplicationName: e.ApplicationName, EnvironmentName: e.EnvironmentName,
	})
	if f != nil {
		return f.Part(calls)
	}
	for _, c := range out.ConfigurationSettings {
		// While a change is being rolled out, AWS describes the pending settings beside those that are deployed.
		if len(out.ConfigurationSettings) == 1 || c.DeploymentStatus == types.ConfigurationDeploymentStatusDeployed {
			return s.OK(op.Operation, openSettings(c), calls)
		}
	}
	return s.Missing(op.Operation, "NotDescribed", "the answer does not hold the settings that are deployed", calls)
}

func openSettings(c types.ConfigurationSettingsDescription) EnvironmentSettings {
	settings := EnvironmentSettings{
		SolutionStackName: c.SolutionStackName, PlatformArn: c.PlatformArn, DateUpdated: c.DateUpdated, OptionSettings: []EnvironmentOption{},
	}
	for _, o := range c.OptionSettings {
		option := EnvironmentOption{Namespace: o.Namespace, OptionName: o.OptionName, ResourceName: o.ResourceName}
		if isOpen(aws.ToString(o.Namespace)) {
			option.Value = o.Value
		} else {
			option.HiddenValue = o.Value
		}
		settings.OptionSettings = append(settings.OptionSettings, option)
	}
	return settings
}

func elasticbeanstalkClient(cfg aws.Config) *elasticbeanstalk.Client {
	return elasticbeanstalk.NewFromConfig(cfg)
}

// The operations of this file.
var (
	elasticbeanstalkDescribeApplications = collect.NewOp("elasticbeanstalk", "DescribeApplications",
		func(ctx context.Context, cfg aws.Config, in *elasticbeanstalk.DescribeApplicationsInput) (*elasticbeanstalk.DescribeApplicationsOutput, error) {
			return elasticbeanstalkClient(cfg).DescribeApplications(ctx, in)
		})
	elasticbeanstalkDescribeEnvironments = collect.NewOp("elasticbeanstalk", "DescribeEnvironments",
		func(ctx context.Context, cfg aws.Config, in *elasticbeanstalk.DescribeEnvironmentsInput) (*elasticbeanstalk.DescribeEnvironmentsOutput, error) {
			return elasticbeanstalkClient(cfg).DescribeEnvironments(ctx, in)
		}).Paged(func(in *elasticbeanstalk.DescribeEnvironmentsInput, out *elasticbeanstalk.DescribeEnvironmentsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	elasticbeanstalkDescribeConfigurationSettings = collect.NewOp("elasticbeanstalk", "DescribeConfigurationSettings",
		func(ctx context.Context, cfg aws.Config, in *elasticbeanstalk.DescribeConfigurationSettingsInput) (*elasticbeanstalk.DescribeConfigurationSettingsOutput, error) {
			return elasticbeanstalkClient(cfg).DescribeConfigurationSettings(ctx, in)
		})
	elasticbeanstalkListTagsForResource = collect.NewOp("elasticbeanstalk", "ListTagsForResource",
		func(ctx context.Context, cfg aws.Config, in *elasticbeanstalk.ListTagsForResourceInput) (*elasticbeanstalk.ListTagsForResourceOutput, error) {
			return elasticbeanstalkClient(cfg).ListTagsForResource(ctx, in)
		})
)
