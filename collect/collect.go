// Package collect takes the snapshot: it runs the services' tables over accounts and regions and writes what AWS answered, and
// what it did not, into a signed bundle.
//
// Three rules hold everywhere in it. What could not be seen is recorded where it was looked for: as the gap of a part, or as
// the gap of a population. A list is read to its end, or its population is incomplete. And nothing ends the run but a fault of
// the run itself, such as a full disk: a denied call, a region that does not answer, an account that cannot be entered or a
// user who has waited long enough still lead to a sealed bundle.
package collect

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"golang.org/x/sync/errgroup"

	"github.com/auditpack/auditpack/collect/awsread"
	"github.com/auditpack/auditpack/collect/bundle"
)

// Options say what to collect and where to put it.
type Options struct {
	Source awsread.Source // credentials of the caller

	// Roles to assume, one for each account: ARNs, or with Accounts one ARN or name that is the same in each of them. None: the
	// caller's own account.
	Roles           []string
	Accounts        []string
	Organization    bool     // every active account of the organization that the caller's account can list
	ExcludeAccounts []string // of these
	ExternalID      string

	Regions        []string  // empty: every region that is enabled for the account
	ExcludeRegions []string  // of these
	Services       []Service // what to collect; see Select

	// From, if set, is where the answers come from instead of AWS. One account, no roles, no work directory.
	From *Files

	Out         string // path of the bundle; written in one step at the end
	TempDir     string // for records until then; empty: the system's
	Signers     []bundle.Signer
	Previous    string // SHA-256 of the SEAL of the bundle before this one, if there is one
	Tool        bundle.Tool
	Requested   []bundle.KeyValue // further settings to record with the scope
	Concurrency int               // calls at once to one service in one region; 0: a default
	Progress    Progress          // nil: none

	// Work keeps answers until they are sealed, so that a run that ends early can be resumed; nil: nothing is kept. Run closes it,
	// and removes it once a bundle that is not interrupted is sealed. With CloseOnly nothing is asked: what it holds is sealed.
	Work      *Work
	CloseOnly bool

	Now func() time.Time // nil: time.Now
}

// Result sums up what a run did.
type Result struct {
	Sealed      *bundle.Sealed
	Accounts    []bundle.Account // entered or not; those with a Code were not
	Regions     []string         // visited
	Artifacts   int
	Populations int
	Gaps        int      // parts and populations that could not be seen
	Actions     []string // IAM actions that would have opened some of the gaps, sorted
	Calls       bundle.CallCounts
	Skew        time.Duration // AWS's clock minus the local one, where they differed most
	Interrupted bool
	Services    []ServiceCalls // sorted by name
}

// ServiceCalls sums up one service. Planned calls are not counted by service.
type ServiceCalls struct {
	Service    string
	Calls      bundle.CallCounts
	Incomplete int           // populations that are not complete
	Duration   time.Duration // from its first answer to its last
	first      time.Time
}

// ErrUsage is wrapped by errors about the options themselves: nothing was collected, and nothing would be the next time.
var ErrUsage = errors.New("these options cannot be followed")

type usageError string

func (e usageError) Error() string { return string(e) }
func (e usageError) Unwrap() error { return ErrUsage }

// cleaned is an error whose text says nothing that looks like a secret.
type cleaned struct{ error }

func (e cleaned) Error() string { return awsread.Scrub(e.error.Error()) }
func (e cleaned) Unwrap() error { return e.error }

func usage(format string, args ...any) error { return usageError(fmt.Sprintf(format, args...)) }

// accountsAtOnce bounds how many accounts are collected side by side.
const accountsAtOnce = 4

// Run collects and seals. When ctx ends early it stops making calls, and still seals what it has, with the rest marked as not
// attempted. An error means that there is no bundle: bad options, no account could be entered, or the bundle could not be
// written. A work directory stays then, unless it was made by this run and there is no answer in it.
func Run(ctx context.Context, o Options) (result *Result, err error) {
	defer func() {
		if err != nil {
			err = cleaned{err}
		}
	}()
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Progress == nil {
		o.Progress = NoProgress{}
	}
	started := o.Now()
	if o.Work != nil {
		o.TempDir, started = o.Work.Dir, o.Work.Settings.Started
		defer func() { err = errors.Join(err, o.leave(result)) }()
	}
	if err := check(o); err != nil {
		return nil, err
	}
	var base aws.Config
	if !o.CloseOnly && o.From == nil {
		if base, err = awsread.Load(ctx, o.Source); err != nil {
			return nil, err
		}
	}
	wo := bundle.WriterOptions{Created: started, Tool: o.Tool, RedactionRules: awsread.RulesVersion, Previous: o.Previous}
	if o.Work != nil {
		wo.Complete = func(b *bundle.Sealed) error { return o.Work.sealedAs(o.Out, b) }
		if err := o.Work.sweepOut(o.Out); err != nil {
			return nil, err
		}
	}
	w, err := bundle.NewWriter(o.TempDir, wo)
	if err != nil {
		return nil, fmt.Errorf("starting the bundle: %w", err)
	}
	calling, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	r := newRun(o, w, stop)
	targets, err := r.targets(calling, base)
	if err == nil {
		err = r.collect(calling, targets)
	}
	if err != nil {
		return nil, errors.Join(err, w.Abort())
	}
	result = r.result(ctx.Err() != nil)
	if err := w.Run(r.record(started, o.Now(), result)); err != nil {
		return nil, errors.Join(fmt.Errorf("writing the run's record: %w", err), w.Abort())
	}
	// The user may have stopped the calls. Sealing what there is must not stop with them.
	if result.Sealed, err = w.Finish(context.WithoutCancel(ctx), o.Out, o.Signers); err != nil {
		return nil, errors.Join(fmt.Errorf("sealing %s: %w", o.Out, err), w.Abort())
	}
	return result, nil
}

// leave ends the use of the work directory: what it was for is done, or can go on another time.
func (o Options) leave(result *Result) error {
	useless := result == nil && o.Work.fresh && o.Work.empty()
	if useless || result != nil && !result.Interrupted {
		return o.Work.Remove()
	}
	return o.Work.Close()
}

// check finds what would only fail at the end, after all the calls.
func check(o Options) error {
	if len(o.Services) == 0 {
		return usage("no service is selected")
	}
	if len(o.Signers) == 0 {
		return usage("there is no key to sign the bundle with")
	}
	if info, err := os.Stat(filepath.Dir(o.Out)); err != nil || !info.IsDir() {
		return usage("the folder of %s does not exist", o.Out)
	}
	return nil
}

// collect enters the accounts and collects from each. It fails if no account could be entered or a record not be written.
func (r *run) collect(ctx context.Context, targets []target) error {
	var g errgroup.Group
	g.SetLimit(accountsAtOnce)
	for _, t := range targets {
		g.Go(func() error {
			err := r.visit(ctx, t)
			if err != nil {
				r.stop(err) // there will be no bundle: nothing more need be asked in the other accounts
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	if r.fault != nil {
		return r.fault
	}
	if !slices.ContainsFunc(r.accounts, func(a bundle.Account) bool { return a.Code == "" }) {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("entering the account: %w", err)
		}
		return fmt.Errorf("entering account %s: %s: %s", r.accounts[0].ID, r.accounts[0].Code, r.accounts[0].Message)
	}
	return nil
}

// visit collects one account: who we are there, which regions there are, and every kind of every service.
func (r *run) visit(ctx context.Context, t target) error {
	a, failure, err := r.enter(ctx, t)
	if err != nil {
		return err
	}
	defer r.forget(a)
	if failure != nil {
		r.closed(a, failure)
		return nil
	}
	regions, disabled, err := r.regions(ctx, a)
	if err != nil {
		return err
	}
	a.regions = regions
	r.disabled(a, disabled)
	tasks := r.tasks(a, regions)
	r.tracker.plan(len(tasks))
	var g errgroup.Group
	for _, t := range tasks {
		g.Go(func() error {
			t.collect(ctx)
			r.tracker.done()
			return nil
		})
	}
	return g.Wait()
}

// task is one kind in one account and region.
type task struct {
	session *Session
	kind    *Kind
}

func (r *run) tasks(a *account, regions []string) []task {
	var all []task
	for i := range r.o.Services {
		service := &r.o.Services[i]
		for j := range service.Kinds {
			k := &service.Kinds[j]
			if k.Scope == bundle.ScopeAccount {
				all = append(all, task{r.session(a, service.Name, bundle.Global), k})
				continue
			}
			for _, region := range regions {
				all = append(all, task{r.session(a, service.Name, region), k})
			}
		}
	}
	return all
}

// closed records an account that could not be entered: every kind there is unseen, for that reason.
func (r *run) closed(a *account, f *Failure) {
	regions := r.o.Regions
	if len(regions) == 0 && a.cfg.Region != "" {
		regions = []string{a.cfg.Region}
	}
	unseen(r.tasks(a, regions), f)
}

// disabled records regions that were asked for and that the account has not enabled: nothing there can be asked.
func (r *run) disabled(a *account, regions []string) {
	f := DescribeRegions.failure(codeOptIn, "the account has not enabled this region")
	unseen(slices.DeleteFunc(r.tasks(a, regions), func(t task) bool { return t.kind.Scope == bundle.ScopeAccount }), f)
}

// unseen writes the populations of tasks that are not begun, because of a failure.
func unseen(tasks []task, f *Failure) {
	for _, t := range tasks {
		t.session.writePopulation(t.kind, bundle.Population{Status: bundle.StatusIncomplete, Gaps: []bundle.Gap{f.Gap}})
	}
}

// Select returns the services of all that are named in include (all of them if it is empty) and not in exclude. Of the others it
// keeps the kinds that every selection needs. A name that no service has is an error.
func Select(all []Service, include, exclude []string) ([]Service, error) {
	var names []string
	for _, s := range all {
		names = append(names, s.Name)
	}
	for _, n := range slices.Concat(include, exclude) {
		if !slices.Contains(names, n) {
			return nil, usage("service %q is not known; there are %s", n, strings.Join(names, ", "))
		}
	}
	var out []Service
	for _, s := range all {
		if (len(include) == 0 || slices.Contains(include, s.Name)) && !slices.Contains(exclude, s.Name) {
			out = append(out, s)
			continue
		}
		needed := slices.DeleteFunc(slices.Clone(s.Kinds), func(k Kind) bool { return !k.Needed })
		if len(needed) > 0 {
			out = append(out, Service{Name: s.Name, Kinds: needed, Implied: true})
		}
	}
	if !slices.ContainsFunc(out, func(s Service) bool { return !s.Implied }) {
		return nil, usage("no service is left to collect")
	}
	return out, nil
}
