package collect

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	organizationtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
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

	listAccounts = NewOp("organizations", "ListAccounts",
		func(ctx context.Context, cfg aws.Config, in *organizations.ListAccountsInput) (*organizations.ListAccountsOutput, error) {
			return organizationsClient(cfg).ListAccounts(ctx, in)
		}).Paged(func(in *organizations.ListAccountsInput, out *organizations.ListAccountsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})

	// DescribeRegions is shared between the discovery of regions and the kind that records them.
	DescribeRegions = NewOp("ec2", "DescribeRegions",
		func(ctx context.Context, cfg aws.Config, in *ec2.DescribeRegionsInput) (*ec2.DescribeRegionsOutput, error) {
			return ec2Client(cfg).DescribeRegions(ctx, in)
		}).Shared()
)

func stsClient(cfg aws.Config) *sts.Client { return sts.NewFromConfig(cfg) }
func organizationsClient(cfg aws.Config) *organizations.Client {
	return organizations.NewFromConfig(cfg)
}
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

	mu      sync.Mutex
	expired *Failure // the first answer that the credentials are no longer good
}

// learn notes that the account's credentials have expired, and reports whether they have: whatever is asked with them from now on has
// the same answer.
func (a *account) learn(f *Failure) bool {
	if f == nil || !slices.Contains(expired, f.Code) {
		return false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.expired == nil {
		a.expired = f
	}
	return true
}

// noCredentials is the error of a call for which there are no credentials any more: a session that ended, or a role that cannot be
// assumed again.
type noCredentials struct{ error }

func (e *noCredentials) Unwrap() error { return e.error }

// renewed marks the errors of the credentials that it takes from another provider.
type renewed struct{ aws.CredentialsProvider }

func (r renewed) Retrieve(ctx context.Context) (aws.Credentials, error) {
	c, err := r.CredentialsProvider.Retrieve(ctx)
	if err != nil {
		return c, &noCredentials{err}
	}
	return c, nil
}

// refused is the failure of a call that need not be made, because the credentials have expired; or nil.
func (a *account) refused(op Operation) *Failure {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.expired == nil {
		return nil
	}
	return op.failure(codeNotAttempted, "not asked: the credentials have expired ("+a.expired.Code+"); resume with fresh ones")
}

// target is an account to visit: by a role, or the caller's own.
type target struct {
	cfg    aws.Config
	role   arn.ARN // zero: the caller's own account
	caller string  // ARN of the identity that assumes the role
	name   string  // of the account, if the organization tells
	number string  // of the account, if it is known before it is entered
	found  *bundle.Account
	closed *Failure // why the account is not to be entered
}

var accountNumber = regexp.MustCompile(`^[0-9]{12}$`)

// targets works out the accounts to visit and notes them in the work directory: a run that is killed before it enters one of them,
// and then closed, must not keep silent about it.
func (r *run) targets(ctx context.Context, base aws.Config) ([]target, error) {
	all, err := r.found(ctx, base)
	if err != nil || r.o.Work == nil || r.o.CloseOnly {
		return all, err
	}
	var planned []bundle.Account
	for _, t := range all {
		if t.number != "" {
			planned = append(planned, bundle.Account{ID: t.number, Partition: t.role.Partition, Name: t.name})
		}
	}
	if len(planned) == 0 {
		return all, nil
	}
	return all, r.o.Work.write(entry{Planned: planned})
}

// found finds the accounts to visit. With roles it asks AWS whose credentials enter them, with an organization which accounts there
// are.
func (r *run) found(ctx context.Context, base aws.Config) ([]target, error) {
	o := r.o
	if base.Region == "" {
		base.Region = fallbackRegion
		if len(o.Regions) > 0 {
			base.Region = o.Regions[0]
		}
	}
	if o.Work != nil && o.Work.region != "" {
		base.Region = o.Work.region
	}
	switch {
	case o.CloseOnly:
		return r.visitedBefore(base)
	case o.From != nil:
		found, err := o.From.account()
		return []target{{found: &found}}, err
	case o.Organization:
		return r.organization(ctx, base)
	case len(o.Roles) == 0 && len(o.Accounts) > 0:
		return nil, usage("accounts are named, but no role to enter them with")
	case len(o.Roles) == 0:
		return []target{{cfg: base}}, nil
	}
	roles, err := roleARNs(o, partitionOf(base.Region))
	if err != nil {
		return nil, err
	}
	who, err := getCallerIdentity.call(ctx, base, &sts.GetCallerIdentityInput{})
	if err != nil {
		return nil, fmt.Errorf("asking AWS whose credentials these are: %w", err)
	}
	if id, err := arn.Parse(aws.ToString(who.Arn)); err == nil { // it knows the partition; the region's name only suggests it
		if roles, err = roleARNs(o, id.Partition); err != nil {
			return nil, err
		}
	}
	var targets []target
	seen := map[string]bool{}
	for _, role := range roles {
		if seen[role.AccountID] {
			return nil, usage("account %s is named twice", role.AccountID)
		}
		seen[role.AccountID] = true
		if !slices.Contains(o.ExcludeAccounts, role.AccountID) {
			targets = append(targets, target{cfg: base, role: role, number: role.AccountID, caller: aws.ToString(who.Arn)})
		}
	}
	if len(targets) == 0 {
		return nil, usage("every account is excluded")
	}
	return targets, nil
}

// visitedBefore returns the accounts that the work directory has answers of, and those that the run before meant to enter and did
// not: these are closed.
func (r *run) visitedBefore(base aws.Config) ([]target, error) {
	if r.o.Work == nil || len(r.o.Work.entered) == 0 {
		return nil, usage("there is nothing to close: the work directory holds no answer of an account yet; resume without --close, or remove it and collect anew")
	}
	var targets []target
	for _, id := range slices.Sorted(maps.Keys(r.o.Work.entered)) {
		found := r.o.Work.entered[id]
		targets = append(targets, target{found: &found, cfg: aws.Config{Region: r.o.Work.region}})
	}
	for _, id := range slices.Sorted(maps.Keys(r.o.Work.planned)) {
		if _, entered := r.o.Work.entered[id]; !entered {
			p := r.o.Work.planned[id]
			targets = append(targets, target{
				cfg: base, name: p.Name, role: arn.ARN{Partition: p.Partition, AccountID: id}, closed: r.unasked(assumeRole.Operation),
			})
		}
	}
	return targets, nil
}

// organization returns the accounts of the caller's organization. The caller's own is visited with the caller's credentials, as the
// role that AWS Organizations makes in every other account does not exist there. An account that is suspended, or on its way to be
// closed, cannot be entered, and is recorded so.
func (r *run) organization(ctx context.Context, base aws.Config) ([]target, error) {
	o := r.o
	if len(o.Roles) != 1 || len(o.Accounts) > 0 {
		return nil, usage("for an organization name one role that exists in its accounts, and no accounts")
	}
	own := &account{cfg: base.Copy()}
	if err := r.identify(ctx, own); err != nil {
		return nil, err
	}
	var found []organizationtypes.Account
	_, f := pages(ctx, r.session(own, "organizations", bundle.Global), listAccounts, &organizations.ListAccountsInput{}, nil,
		func(_ int, _ string, out *organizations.ListAccountsOutput) { found = append(found, out.Accounts...) })
	if f != nil {
		return nil, fmt.Errorf("listing the accounts of the organization: %s: %s", f.Code, f.Message)
	}
	var targets []target
	seen := map[string]bool{} // a list that shifts between two pages can show an account twice
	for _, a := range found {
		id := aws.ToString(a.Id)
		if seen[id] || slices.Contains(o.ExcludeAccounts, id) {
			continue
		}
		seen[id] = true
		t := target{cfg: base, caller: own.Caller, name: aws.ToString(a.Name), number: id}
		t.role.Partition = own.Partition
		if id != own.ID {
			role, err := roleOf(o.Roles[0], own.Partition)
			if err != nil {
				return nil, err
			}
			if t.role, err = inAccount(role, id); err != nil {
				return nil, err
			}
		}
		if state := stateOf(a); state != "" && state != string(organizationtypes.AccountStateActive) {
			t.closed = assumeRole.failure("AccountNotActive", "AWS Organizations says that the account is "+state)
		}
		targets = append(targets, t)
	}
	if len(targets) == 0 {
		return nil, usage("every account of the organization is excluded")
	}
	return targets, nil
}

// stateOf is the state of an account. Where AWS does not send it yet, the older status says the same for accounts that are active or
// suspended; an account about which neither is said is entered.
func stateOf(a organizationtypes.Account) string {
	if a.State == "" {
		return string(a.Status)
	}
	return string(a.State)
}

// roleARNs returns the roles of the options, one an account.
func roleARNs(o Options, partition string) ([]arn.ARN, error) {
	if len(o.Accounts) > 0 && len(o.Roles) != 1 {
		return nil, usage("%d roles for a list of accounts: name one role that exists in each of them", len(o.Roles))
	}
	var out []arn.ARN
	for _, text := range o.Roles {
		role, err := roleOf(text, partition)
		switch {
		case err != nil:
			return nil, err
		case len(o.Accounts) == 0 && !strings.HasPrefix(text, "arn:"):
			return nil, usage("role %q is a name: give its ARN, or name the accounts", text)
		case len(o.Accounts) == 0:
			out = append(out, role)
		}
		for _, id := range o.Accounts {
			there, err := inAccount(role, id)
			if err != nil {
				return nil, err
			}
			out = append(out, there)
		}
	}
	return out, nil
}

// roleOf reads a role: an ARN, or a name, which leaves the account open.
func roleOf(text, partition string) (arn.ARN, error) {
	if !strings.HasPrefix(text, "arn:") {
		return arn.ARN{Partition: partition, Service: "iam", Resource: "role/" + text}, nil
	}
	role, err := arn.Parse(text)
	if err != nil || role.Service != "iam" || !strings.HasPrefix(role.Resource, "role/") {
		return arn.ARN{}, usage("role %q is not the ARN of an IAM role", text)
	}
	return role, nil
}

// inAccount is the role of the same name in another account.
func inAccount(role arn.ARN, id string) (arn.ARN, error) {
	if !accountNumber.MatchString(id) {
		return arn.ARN{}, usage("account %q is not a number of 12 digits", id)
	}
	role.AccountID = id
	return role, nil
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
	a.Name = t.name
	if t.found != nil {
		a.Account = *t.found
		r.addAccount(a.Account)
		return a, nil, nil
	}
	if t.role.AccountID == "" {
		if err := r.identify(ctx, a); err != nil {
			return nil, nil, err
		}
		return a, nil, r.entered(a, true)
	}
	a.ID, a.Partition = t.role.AccountID, t.role.Partition
	f := t.closed
	if f == nil {
		a.cfg.Credentials = aws.NewCredentialsCache(r.assume(a, t))
		op := assumeRole.Operation
		_, err := a.cfg.Credentials.Retrieve(ctx)
		if err == nil {
			op = getCallerIdentity.Operation
			err = r.identify(ctx, a)
		}
		if err == nil {
			return a, nil, r.entered(a, false)
		}
		f = classify(ctx, op, err, nil)
	}
	a.Code, a.Message = f.Code, f.Message
	r.addAccount(a.Account)
	return a, f, nil
}

// entered notes an account that can be asked.
func (r *run) entered(a *account, own bool) error {
	r.addAccount(a.Account)
	work := r.o.Work
	if work == nil {
		return nil
	}
	if own && work.own != nil && work.own.ID != a.ID {
		return usage("the work directory has answers of account %s, and these credentials are of account %s: resume with credentials of the former", work.own.ID, a.ID)
	}
	return work.write(entry{Account: &a.Account, Own: own, Region: a.cfg.Region})
}

// identify asks AWS who the caller is, and fills in the account.
func (r *run) identify(ctx context.Context, a *account) error {
	timed, rec := awsread.WithRecord(ctx)
	who, err := getCallerIdentity.call(timed, a.cfg, &sts.GetCallerIdentityInput{})
	if err != nil {
		return fmt.Errorf("asking AWS who the caller is: %w", err)
	}
	id, err := arn.Parse(aws.ToString(who.Arn))
	if err != nil {
		return fmt.Errorf("asking AWS who the caller is: %w", err)
	}
	a.ID, a.Partition, a.Caller = aws.ToString(who.Account), id.Partition, aws.ToString(who.Arn)
	s := &Session{run: r, account: a, service: "sts", region: bundle.Global}
	r.plan()
	r.writeCall(s, rec)
	r.count(s, getCallerIdentity.Name, nil, true)
	return nil
}

// sessionName names the role sessions in the client's CloudTrail.
const sessionName = "auditpack"

// assume gets credentials for a role, at the start and whenever they expire. It takes no part in the limits: the calls that
// wait for new credentials hold them.
func (r *run) assume(a *account, t target) aws.CredentialsProviderFunc {
	s := &Session{run: r, service: "sts", region: bundle.Global, account: &account{Account: a.Account}}
	s.account.Caller = t.caller
	return func(ctx context.Context) (aws.Credentials, error) {
		in := &sts.AssumeRoleInput{RoleArn: aws.String(t.role.String()), RoleSessionName: aws.String(sessionName)}
		if r.o.ExternalID != "" {
			in.ExternalId = aws.String(r.o.ExternalID)
		}
		timed, rec := awsread.WithRecord(ctx)
		out, err := assumeRole.call(timed, t.cfg, in)
		r.plan()
		if rec.Sent() {
			r.writeCall(s, rec)
		}
		if err != nil {
			r.count(s, assumeRole.Name, classify(ctx, assumeRole.Operation, err, nil), rec.Sent())
			return aws.Credentials{}, fmt.Errorf("assuming role %s: %w", t.role, err)
		}
		r.count(s, assumeRole.Name, nil, true)
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

// regions returns the regions to collect from: those that were asked for, or all that are enabled, without the excluded ones. If
// AWS does not tell, it is the configured one, and the population of regions says that there may be others. Regions that were
// asked for and that the account has not enabled are returned apart.
func (r *run) regions(ctx context.Context, a *account) (open, disabled []string, err error) {
	s := r.session(a, "ec2", bundle.Global)
	in := AllRegions()
	out, calls, f := Get(ctx, s, DescribeRegions, &in)
	open = r.o.Regions
	switch {
	case f != nil:
		if len(open) == 0 && a.cfg.Region != "" {
			open = []string{a.cfg.Region}
		}
		if !slices.ContainsFunc(r.o.Services, func(s Service) bool { return s.Name == "ec2" }) {
			gap := f.Gap
			gap.Calls = calls
			s.writePopulation(&Kind{Name: regionKind, Scope: bundle.ScopeAccount},
				bundle.Population{Status: bundle.StatusIncomplete, Calls: distinct(calls), Gaps: []bundle.Gap{gap}})
		}
	case len(open) == 0:
		for _, region := range out.Regions {
			// Only the one status that says so closes a region. With any other it is visited, and answers for itself.
			if aws.ToString(region.OptInStatus) != notOptedIn {
				open = append(open, aws.ToString(region.RegionName))
			}
		}
	default:
		open, disabled, err = chosen(open, out.Regions, a.ID)
	}
	open = slices.DeleteFunc(slices.Sorted(slices.Values(open)), func(name string) bool { return slices.Contains(r.o.ExcludeRegions, name) })
	open = slices.Compact(open)
	r.addRegions(open)
	return open, disabled, err
}

// chosen sorts the regions that were asked for into those that the account has enabled and those that it has not. One that the
// account cannot have is an error.
func chosen(names []string, known []types.Region, account string) (open, disabled []string, err error) {
	for _, name := range names {
		i := slices.IndexFunc(known, func(r types.Region) bool { return aws.ToString(r.RegionName) == name })
		switch {
		case i < 0:
			return nil, nil, usage("region %q is not one that account %s can have", name, account)
		case aws.ToString(known[i].OptInStatus) == notOptedIn:
			disabled = append(disabled, name)
		default:
			open = append(open, name)
		}
	}
	return open, disabled, nil
}
