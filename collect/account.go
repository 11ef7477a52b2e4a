package collect

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/auditpack/auditpack/collect/awsread"
	"github.com/auditpack/auditpack/collect/bundle"
)

// The operations that the runner itself needs, whatever services are selected.
var (
	getCallerIdentity = NewOp("sts", "GetCallerIdentity",
		func(ctx context.Context, cfg aws.Config, in *sts.GetCallerIdentityInput) (*sts.GetCallerIdentityOutput, error) {
			return stsClient(cfg).GetCallerIdentity(ctx, in)
		})
	assumeRole = NewOp("sts", "AssumeRole",
		func(ctx context.Context, cfg aws.Config, in *sts.AssumeRoleInput) (*sts.AssumeRoleOutput, error) {
			return stsClient(cfg).AssumeRole(ctx, in)
		})

	// DescribeRegions is shared between the discovery of regions and the kind that records them.
	DescribeRegions = NewOp("ec2", "DescribeRegions",
		func(ctx context.Context, cfg aws.Config, in *ec2.DescribeRegionsInput) (*ec2.DescribeRegionsOutput, error) {
			return ec2Client(cfg).DescribeRegions(ctx, in)
		}).Shared()
)

func stsClient(cfg aws.Config) *sts.Client { return sts.NewFromConfig(cfg) }
func ec2Client(cfg aws.Config) *ec2.Client { return ec2.NewFromConfig(cfg) }

// AllRegions asks DescribeRegions also for the regions that the account has not enabled.
func AllRegions() ec2.DescribeRegionsInput {
	return ec2.DescribeRegionsInput{AllRegions: aws.Bool(true)}
}

// regionKind is the kind that tells whether the list of regions is complete.
const regionKind = "ec2.region"

// notOptedIn is the status of a region that the account has not enabled.
const notOptedIn = "not-opted-in"

// fallbackRegion serves the calls that any region answers when the user's configuration names none.
const fallbackRegion = "us-east-1"

// account is an account while it is visited.
type account struct {
	bundle.Account
	cfg     aws.Config
	regions []string // that it is collected from, sorted
}

// target is an account to visit: by a role, or the caller's own.
type target struct {
	cfg    aws.Config
	role   arn.ARN // zero: the caller's own account
	caller string  // ARN of the identity that assumes the role
}

var accountNumber = regexp.MustCompile(`^[0-9]{12}$`)

// plan works out the accounts to visit. With roles it asks AWS whose credentials enter them.
func plan(ctx context.Context, base aws.Config, o Options) ([]target, error) {
	if base.Region == "" {
		base.Region = fallbackRegion
		if len(o.Regions) > 0 {
			base.Region = o.Regions[0]
		}
	}
	if len(o.Roles) == 0 {
		if len(o.Accounts) > 0 {
			return nil, usage("accounts are named, but no role to enter them with")
		}
		return []target{{cfg: base}}, nil
	}
	roles, err := roleARNs(o, partitionOf(base.Region))
	if err != nil {
		return nil, err
	}
	who, err := getCallerIdentity.do(ctx, base, &sts.GetCallerIdentityInput{})
	if err != nil {
		return nil, fmt.Errorf("asking AWS whose credentials these are: %w", err)
	}
	var targets []target
	seen := map[string]bool{}
	for _, role := range roles {
		if seen[role.AccountID] {
			return nil, usage("account %s is named twice", role.AccountID)
		}
		seen[role.AccountID] = true
		targets = append(targets, target{cfg: base, role: role, caller: aws.ToString(who.Arn)})
	}
	return targets, nil
}

// roleARNs returns the roles of the options, one an account.
func roleARNs(o Options, partition string) ([]arn.ARN, error) {
	if len(o.Accounts) > 0 && len(o.Roles) != 1 {
		return nil, usage("%d roles for a list of accounts: name one role that exists in each of them", len(o.Roles))
	}
	var out []arn.ARN
	for _, text := range o.Roles {
		role := arn.ARN{Partition: partition, Service: "iam", Resource: "role/" + text}
		if strings.HasPrefix(text, "arn:") {
			var err error
			if role, err = arn.Parse(text); err != nil || role.Service != "iam" || !strings.HasPrefix(role.Resource, "role/") {
				return nil, usage("role %q is not the ARN of an IAM role", text)
			}
		} else if len(o.Accounts) == 0 {
			return nil, usage("role %q is a name: give its ARN, or name the accounts", text)
		}
		if len(o.Accounts) == 0 {
			out = append(out, role)
		}
		for _, id := range o.Accounts {
			if !accountNumber.MatchString(id) {
				return nil, usage("account %q is not a number of 12 digits", id)
			}
			role.AccountID = id
			out = append(out, role)
		}
	}
	return out, nil
}

// partitionOf guesses the partition from the region's name, for roles that are given by name.
func partitionOf(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	}
	return "aws"
}

// enter finds out who the caller is in the target account. A failure means that the account cannot be entered; an error that
// the run cannot go on.
func (r *run) enter(ctx context.Context, t target) (*account, *Failure, error) {
	a := &account{cfg: t.cfg.Copy()}
	if t.role.AccountID == "" {
		return a, nil, r.identify(ctx, a)
	}
	a.ID, a.Partition = t.role.AccountID, t.role.Partition
	a.cfg.Credentials = aws.NewCredentialsCache(r.assume(a, t))
	op := assumeRole.Operation
	_, err := a.cfg.Credentials.Retrieve(ctx)
	if err == nil {
		op = getCallerIdentity.Operation
		err = r.identify(ctx, a)
	}
	if err != nil {
		f := classify(ctx, op, err, nil)
		a.Code, a.Message = f.Code, f.Message
		r.addAccount(a.Account)
		return a, f, nil
	}
	return a, nil, nil
}

// identify asks AWS who the caller is, and fills in the account.
func (r *run) identify(ctx context.Context, a *account) error {
	timed, rec := awsread.WithRecord(ctx)
	who, err := getCallerIdentity.do(timed, a.cfg, &sts.GetCallerIdentityInput{})
	if err != nil {
		return fmt.Errorf("asking AWS who the caller is: %w", err)
	}
	id, err := arn.Parse(aws.ToString(who.Arn))
	if err != nil {
		return fmt.Errorf("asking AWS who the caller is: %w", err)
	}
	a.ID, a.Partition, a.Caller = aws.ToString(who.Account), id.Partition, aws.ToString(who.Arn)
	r.addAccount(a.Account)
	r.plan()
	r.writeCall(&Session{run: r, account: a, region: bundle.Global}, rec)
	r.count(nil, true)
	return nil
}

// sessionName names the role sessions in the client's CloudTrail.
const sessionName = "auditpack"

// assume gets credentials for a role, at the start and whenever they expire. It takes no part in the limits: the calls that
// wait for new credentials hold them.
func (r *run) assume(a *account, t target) aws.CredentialsProviderFunc {
	s := &Session{run: r, region: bundle.Global, account: &account{Account: a.Account}}
	s.account.Caller = t.caller
	return func(ctx context.Context) (aws.Credentials, error) {
		in := &sts.AssumeRoleInput{RoleArn: aws.String(t.role.String()), RoleSessionName: aws.String(sessionName)}
		if r.o.ExternalID != "" {
			in.ExternalId = aws.String(r.o.ExternalID)
		}
		timed, rec := awsread.WithRecord(ctx)
		out, err := assumeRole.do(timed, t.cfg, in)
		r.plan()
		if rec.Sent() {
			r.writeCall(s, rec)
		}
		if err != nil {
			r.count(classify(ctx, assumeRole.Operation, err, nil), rec.Sent())
			return aws.Credentials{}, fmt.Errorf("assuming role %s: %w", t.role, err)
		}
		r.count(nil, true)
		if out.Credentials == nil {
			return aws.Credentials{}, fmt.Errorf("assuming role %s: the answer holds no credentials", t.role)
		}
		return aws.Credentials{
			AccessKeyID: aws.ToString(out.Credentials.AccessKeyId), SecretAccessKey: aws.ToString(out.Credentials.SecretAccessKey),
			SessionToken: aws.ToString(out.Credentials.SessionToken), Source: "AssumeRole", AccountID: t.role.AccountID,
			CanExpire: true, Expires: aws.ToTime(out.Credentials.Expiration).Add(-5 * time.Minute),
		}, nil
	}
}

// regions returns the regions to collect from: those that were asked for, or all that are enabled. If AWS does not tell, it is
// the configured one, and the population of regions says that there may be others.
func (r *run) regions(ctx context.Context, a *account) ([]string, error) {
	s := r.session(a, "ec2", bundle.Global)
	in := AllRegions()
	out, calls, f := Get(ctx, s, DescribeRegions, &in)
	regions := r.o.Regions
	switch {
	case f != nil:
		if len(regions) == 0 {
			regions = []string{a.cfg.Region}
		}
		if !slices.ContainsFunc(r.o.Services, func(s Service) bool { return s.Name == "ec2" }) {
			gap := f.Gap
			gap.Calls = calls
			s.writePopulation(&Kind{Name: regionKind, Scope: bundle.ScopeAccount},
				bundle.Population{Status: bundle.StatusIncomplete, Calls: distinct(calls), Gaps: []bundle.Gap{gap}})
		}
	case len(regions) == 0:
		for _, region := range out.Regions {
			// Only the one status that says so closes a region. With any other it is visited, and answers for itself.
			if aws.ToString(region.OptInStatus) != notOptedIn {
				regions = append(regions, aws.ToString(region.RegionName))
			}
		}
	default:
		for _, name := range regions {
			if !slices.ContainsFunc(out.Regions, func(known types.Region) bool { return aws.ToString(known.RegionName) == name }) {
				return nil, usage("region %q is not one that account %s can have", name, a.ID)
			}
		}
	}
	regions = slices.Sorted(slices.Values(regions))
	r.addRegions(regions)
	return slices.Compact(regions), nil
}
