package services

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/awsread"
	"github.com/auditpack/auditpack/collect/bundle"
	"github.com/auditpack/auditpack/collect/testbed"
)

// unmodelled are the parts, "kind part", that cannot be made from modelled answers, and why.
var unmodelled = map[string]string{
	"iam.user CredentialReport": "the content of the report is CSV, of which the model says nothing",
	"iam.root CredentialReport": "the content of the report is CSV, of which the model says nothing",

	"ssm.account-settings SessionPreferences": "the content of the document is JSON, of which the model says nothing",
}

// uncompared are the kinds of which no part holds what one operation answered, and why.
var uncompared = map[string]string{
	"identitystore.identity-store": "its part holds the numbers of users and groups that the lists have, and nothing of the lists",
}

// botocoreOnly are the members of answers, "Type.member", that botocore's model has and the SDK's does not: their versions differ.
// A member that is lost shows here first, so each new one is looked at.
var botocoreOnly = map[string]bool{
	"cloudwatch.types.MetricAlarm.EvaluationCriteria": true,
	"cloudwatch.types.MetricAlarm.EvaluationInterval": true,
}

// lost are the members, "Type.Member", that came over the wire and are not in the bundle, and why.
var lost = map[string]string{
	"ecs.types.Service.Events": "the last hundred messages of a service change all the time and are no configuration",
	"elasticache.types.PendingModifiedValues.LogDeliveryConfigurations":                 pendingLogs,
	"elasticache.types.ReplicationGroupPendingModifiedValues.LogDeliveryConfigurations": pendingLogs,
}

const pendingLogs = "botocore reads an element PendingLogDeliveryConfiguration, the SDK one LogDeliveryConfigurations"

// echoes are the operations that answer for the resources that the request names: the members param of the request and list[].member
// of the answer are the same names, and the collector looks whether they are.
var echoes = map[string]struct{ param, list, member string }{
	"codebuild:BatchGetProjects":     {"names", "projects", "name"},
	"codebuild:BatchGetReportGroups": {"reportGroupArns", "reportGroups", "arn"},
}

// echo puts the name of what was asked for into the model's answer.
func echo(operation string) testbed.Override {
	service, name, _ := strings.Cut(operation, ":")
	e := echoes[operation]
	return testbed.Override{
		Name: "echo-" + operation, Doc: "The model does not know what the request asks for.", Service: service, Operation: name,
		Apply: func(r *testbed.Request, resp *testbed.Response, _ *testbed.Upstream) error {
			var answer map[string]json.RawMessage
			var items []map[string]json.RawMessage
			if err := json.Unmarshal(resp.Body, &answer); err != nil {
				return err
			}
			if err := json.Unmarshal(answer[e.list], &items); err != nil {
				return err
			}
			for i, asked := range r.Texts(e.param)[:len(items)] {
				items[i][e.member] = json.RawMessage(strconv.Quote(asked))
			}
			var err error
			if answer[e.list], err = json.Marshal(items); err != nil {
				return err
			}
			resp.Body, err = json.Marshal(answer)
			return err
		},
	}
}

// reportComplete and flatTree end what would go on for ever, because the model gives one answer whatever was asked.
var (
	reportComplete = testbed.Override{
		Name: "report-complete", Doc: "The first state in the model is that of a report which is being made; the collector would wait for it.",
		Service: "iam", Operation: "GenerateCredentialReport",
		Apply: func(_ *testbed.Request, resp *testbed.Response, _ *testbed.Upstream) error {
			resp.Body = bytes.ReplaceAll(resp.Body, []byte("STARTED"), []byte("COMPLETE"))
			return nil
		},
	}
	flatTree = testbed.Override{
		Name: "flat-tree", Doc: "Every unit of the model's organization would have the same units below it. Only the root has some.",
		Service: "organizations", Operation: "ListOrganizationalUnitsForParent",
		Apply: func(r *testbed.Request, resp *testbed.Response, _ *testbed.Upstream) error {
			if strings.HasPrefix(r.Param("ParentId"), "ou-") {
				resp.Body = []byte(`{"OrganizationalUnits":[]}`)
			}
			return nil
		},
	}
)

// patience bounds the collection from modelled answers. It takes some seconds; a collector that follows one answer to the next
// without an end would fill the memory.
const patience = 90 * time.Second

// TestModel collects every kind of every service from answers that are made from the API's model, and compares each part that holds
// one operation's answer, or an item of a list, with what botocore reads from the same answer: nothing that came over the wire
// may be missing, and what the review of an operation hides must be hidden there and nowhere else.
func TestModel(t *testing.T) {
	m, err := sharedModel()
	if errors.Is(err, testbed.ErrNoEmulator) && os.Getenv("CI") != "true" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	p := proxyTo(t, m.URL)
	p.Override(reportComplete, flatTree)
	for operation := range echoes {
		p.Override(echo(operation))
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	s := take(t, ctx, collect.Options{
		Source: awsread.Source{Region: "us-east-1", HTTPClient: named{p.Client()}}, Regions: []string{"us-east-1"}, Services: All(),
	})
	excused := map[string]bool{}
	for part := range unmodelled {
		excused[part] = true
	}
	s.whole(t, All(), excused)

	c := newComparison(m)
	for _, name := range slices.Sorted(maps.Keys(s.artifacts)) {
		a := s.artifacts[name]
		k := kindNamed(a.Kind)
		if k == nil {
			t.Errorf("%s is of no kind", name)
			continue
		}
		for _, spec := range k.Parts {
			part := a.Parts[spec.Name]
			if part.State != bundle.StateOK {
				continue
			}
			if _, excused := unmodelled[k.Name+" "+spec.Name]; excused {
				t.Errorf("%s of %s was made from modelled answers: take it from the table of those that cannot be", spec.Name, k.Name)
			}
			for _, problem := range c.part(t, k, spec, part) {
				t.Errorf("%s %s: %s", name, spec.Name, problem)
			}
		}
	}
	c.report(t)
}

func kindNamed(name string) *collect.Kind {
	for _, s := range All() {
		for i := range s.Kinds {
			if s.Kinds[i].Name == name {
				return &s.Kinds[i]
			}
		}
	}
	return nil
}

// comparison compares parts with what botocore reads, and keeps count.
type comparison struct {
	model    *testbed.Model
	answers  map[string][]any // by operation: a page each
	compared map[string]int   // parts, by kind
	values   int
	hidden   map[string]int // notes, by their text
	unknown  map[string]int // members that only botocore knows
	present  map[string]bool
	lost     map[string]bool
	types    map[reflect.Type]bool
}

func newComparison(m *testbed.Model) *comparison {
	return &comparison{model: m, answers: map[string][]any{}, compared: map[string]int{}, hidden: map[string]int{}, unknown: map[string]int{},
		present: map[string]bool{}, lost: map[string]bool{}, types: map[reflect.Type]bool{}}
}

// pages returns what botocore reads from the answer to an operation, a page each.
func (c *comparison) pages(t *testing.T, op collect.Operation) []any {
	t.Helper()
	if pages, ok := c.answers[op.String()]; ok {
		return pages
	}
	var out []any
	for page, last := 1, 1; page <= last; page++ {
		data, pages, err := c.model.Expected(t.Context(), op.Service, op.Name, page)
		if err != nil {
			t.Error(err)
			break
		}
		if op.Paged {
			last = pages
		}
		out = append(out, decode(t, data))
	}
	c.answers[op.String()] = out
	return out
}

func decode(t *testing.T, data []byte) any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var out any
	if err := d.Decode(&out); err != nil {
		t.Fatal(err)
	}
	return out
}

// part compares a part and returns what is wrong with it.
func (c *comparison) part(t *testing.T, k *collect.Kind, spec collect.PartSpec, part bundle.Part) []string {
	t.Helper()
	typ := spec.Type
	for typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	got := decode(t, part.Data)
	whole := slices.IndexFunc(spec.Operations, func(op collect.Operation) bool { return op.Output == typ })
	switch {
	case part.From == nil && whole >= 0:
		op := spec.Operations[whole]
		pages := c.pages(t, op)
		if len(pages) == 0 {
			return nil
		}
		c.compared[k.Name]++
		w := c.matcher(op)
		w.value(typ, got, joined(pages), "")
		return c.done(w)
	case part.From != nil:
		op := spec.Operations[0]
		pages := c.pages(t, op)
		if len(pages) == 0 {
			return nil
		}
		c.compared[k.Name]++
		return c.done(c.closest(op, typ, got, joined(pages)))
	case strings.Contains(typ.PkgPath(), "aws-sdk-go-v2/service/"):
		// A structure out of one of the answers.
		var best *matcher
		for _, op := range spec.Operations {
			if pages := c.pages(t, op); len(pages) > 0 {
				if w := c.closest(op, typ, got, joined(pages)); best == nil || len(w.problems) < len(best.problems) {
					best = w
				}
			}
		}
		if best != nil {
			c.compared[k.Name]++
			return c.done(best)
		}
	}
	return nil
}

// closest compares with each value inside an answer and returns the comparison with the one that is nearest.
func (c *comparison) closest(op collect.Operation, typ reflect.Type, got, answer any) *matcher {
	var best *matcher
	var visit func(v any)
	visit = func(v any) {
		_, object := v.(map[string]any)
		_, wanted := got.(map[string]any)
		if list, ok := v.([]any); ok {
			for _, item := range list {
				visit(item)
			}
			return
		}
		if object == wanted {
			w := c.matcher(op)
			w.value(typ, got, v, "")
			if best == nil || w.distance() < best.distance() {
				best = w
			}
		}
		if object {
			for _, name := range slices.Sorted(maps.Keys(v.(map[string]any))) {
				visit(v.(map[string]any)[name])
			}
		}
	}
	visit(answer)
	if best == nil {
		best = c.matcher(op)
		best.problem("", "nothing like it is in the answer of %s", op)
	}
	return best
}

func (c *comparison) done(w *matcher) []string {
	c.values += w.values
	for _, note := range w.notes {
		c.hidden[note]++
	}
	for _, member := range w.unknown {
		c.unknown[member]++
	}
	for _, member := range w.present {
		c.present[member] = true
	}
	for _, member := range w.lost {
		c.lost[member] = true
	}
	for _, typ := range w.types {
		c.types[typ] = true
	}
	return w.problems
}

// report fails the test for kinds that were not compared, and for exceptions that are none.
func (c *comparison) report(t *testing.T) {
	t.Helper()
	parts := 0
	for _, s := range All() {
		for _, k := range s.Kinds {
			parts += c.compared[k.Name]
			if _, excused := uncompared[k.Name]; excused == (c.compared[k.Name] > 0) {
				t.Errorf("%d parts of %s were compared; is it in the table of those that cannot be: %v", c.compared[k.Name], k.Name, excused)
			}
		}
	}
	for _, member := range slices.Sorted(maps.Keys(c.unknown)) {
		if !botocoreOnly[member] {
			t.Errorf("botocore reads %s, which the SDK does not know", member)
		}
	}
	for member := range lost {
		owner := member[:strings.LastIndex(member, ".")]
		for typ := range c.types {
			if typeName(typ) == owner && !c.lost[member] {
				t.Errorf("%s is not lost: take it from the table", member)
			}
		}
	}
	var never []string
	for typ := range c.types {
		for i := range typ.NumField() {
			f := typ.Field(i)
			if member := typeName(typ) + "." + f.Name; awsread.Kept(typ, f) && !c.present[member] && !c.lost[member] {
				never = append(never, member)
			}
		}
	}
	slices.Sort(never)
	t.Logf("%d parts, %d values; notes %v; %d members that only botocore knows: %v; %d that only the SDK knows or that lead back to what they stand in: %v",
		parts, c.values, c.hidden, len(c.unknown), slices.Sorted(maps.Keys(c.unknown)), len(never), never)
}

// joined is an answer whose pages are put together: what differs between them is a list or map of items.
func joined(pages []any) any {
	out := pages[0]
	for _, page := range pages[1:] {
		out = join(out, page)
	}
	return out
}

func join(a, b any) any {
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		if !ok {
			return a
		}
		out := maps.Clone(a)
		for name, v := range b {
			if first, both := a[name]; both {
				v = join(first, v)
			}
			out[name] = v
		}
		return out
	case []any:
		if b, ok := b.([]any); ok && !reflect.DeepEqual(a, b) {
			return slices.Concat(a, b)
		}
	}
	return a
}

// matcher is one comparison of a value in our encoding with what botocore reads.
type matcher struct {
	op       collect.Operation
	hide     []string
	values   int
	problems []string
	notes    []string
	unknown  []string
	present  []string
	lost     []string
	types    []reflect.Type
}

func (c *comparison) matcher(op collect.Operation) *matcher {
	return &matcher{op: op, hide: awsread.Hidden(op.Operation)}
}

// distance is less for a better match; among equals, for one with fewer members that we do not know.
func (w *matcher) distance() int { return 1000*len(w.problems) + 10*len(w.unknown) - min(w.values, 9) }

func (w *matcher) problem(path, format string, args ...any) {
	w.problems = append(w.problems, w.op.String()+path+": "+fmt.Sprintf(format, args...))
}

// value compares a value of the type t.
func (w *matcher) value(t reflect.Type, got, want any, path string) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if what, ok := note(got); ok {
		// The encoder also replaces what looks like a secret, wherever it stands.
		if !strings.HasPrefix(what, "scan.") {
			w.problem(path, "is replaced by %q, which no review asks for", what)
		}
		w.notes = append(w.notes, what)
		return
	}
	switch {
	case t == reflect.TypeFor[time.Time]():
		w.time(got, want, path)
	case t.Kind() == reflect.Struct:
		w.structure(t, got, want, path)
	case t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8:
		g, gok := got.([]any)
		l, lok := want.([]any)
		if !gok || !lok || len(g) != len(l) {
			w.problem(path, "is %.200v, want %.200v", got, want)
			return
		}
		for i := range l {
			w.value(t.Elem(), g[i], l[i], fmt.Sprintf("%s[%d]", path, i))
		}
	case t.Kind() == reflect.Map:
		g, gok := got.(map[string]any)
		m, mok := want.(map[string]any)
		if !gok || !mok || len(g) != len(m) {
			w.problem(path, "is %.200v, want %.200v", got, want)
			return
		}
		for key, v := range m {
			item, there := g[key]
			if !there {
				w.problem(path, "lacks the key %q", key)
				continue
			}
			w.value(t.Elem(), item, v, path+"{"+key+"}")
		}
	case t.Kind() == reflect.Interface: // a union or a document, whose types nothing here leads to
		w.untyped(got, want, path)
	default:
		w.scalar(got, want, path)
	}
}

func (w *matcher) structure(t reflect.Type, got, want any, path string) {
	g, gok := got.(map[string]any)
	m, mok := want.(map[string]any)
	if !gok || !mok {
		w.problem(path, "is %.200v, want %.200v", got, want)
		return
	}
	w.types = append(w.types, t)
	read := map[string]bool{}
	for i := range t.NumField() {
		f := t.Field(i)
		name, there := memberNamed(m, f.Name)
		if there {
			read[name] = true
		}
		if !awsread.Kept(t, f) {
			continue
		}
		value, has := g[awsread.Member(f)]
		at := path + "." + f.Name
		switch {
		case there && has:
			w.present = append(w.present, typeName(t)+"."+f.Name)
			w.member(t, f, value, m[name], at)
		case there:
			w.lost = append(w.lost, typeName(t)+"."+f.Name)
			if _, known := lost[typeName(t)+"."+f.Name]; known {
				continue
			}
			w.problem(at, "was %.200v on the wire and is lost", m[name])
		case has && !reflect.ValueOf(value).IsZero() && value != json.Number("0"):
			w.problem(at, "is %.200v, which nobody sent", value)
		}
	}
	for name := range m {
		if !read[name] {
			w.unknown = append(w.unknown, typeName(t)+"."+name)
		}
	}
}

// member compares the member f of t, which the review may hide.
func (w *matcher) member(t reflect.Type, f reflect.StructField, got, want any, path string) {
	full := t.Name() + "." + f.Name
	if e, ok := echoes[w.op.String()]; ok && path == "."+f.Name && strings.EqualFold(f.Name, e.member) {
		return
	}
	if !slices.Contains(w.hide, full) {
		w.value(f.Type, got, want, path)
		return
	}
	what, noted := note(got)
	masked, isText := got.(string)
	switch {
	case noted && what == w.op.Service+"."+full:
		w.notes = append(w.notes, what)
	case isText && strings.Contains(masked, "****") && len(masked) == len(fmt.Sprint(want)) && masked != want,
		isText && strings.Trim(masked, "*") == "" && len(masked) == len(fmt.Sprint(want)):
		w.notes = append(w.notes, "masked "+full)
	default:
		w.problem(path, "is %.200v, want a note or a mask", got)
	}
}

// memberNamed finds a member by its name without case.
func memberNamed(m map[string]any, name string) (string, bool) {
	if _, ok := m[name]; ok {
		return name, true
	}
	for _, key := range slices.Sorted(maps.Keys(m)) {
		if strings.EqualFold(key, name) {
			return key, true
		}
	}
	return "", false
}

// note returns the text of a note in the place of a value.
func note(v any) (string, bool) {
	m, ok := v.(map[string]any)
	if !ok {
		return "", false
	}
	what, ok := m["__redacted"].(string)
	return what, ok
}

// untyped compares values by their JSON alone, member names without case.
func (w *matcher) untyped(got, want any, path string) {
	if what, ok := note(got); ok {
		_, member, _ := strings.Cut(what, ".")
		if !strings.HasPrefix(what, "scan.") && !slices.Contains(w.hide, member) {
			w.problem(path, "is replaced by %q, which no review asks for", what)
		}
		w.notes = append(w.notes, what)
		return
	}
	switch l := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			w.problem(path, "is %.200v, want %.200v", got, want)
			return
		}
		for name, v := range l {
			key, there := memberNamed(g, name)
			if !there {
				w.problem(path+"."+name, "was %.200v on the wire and is lost", v)
				continue
			}
			w.untyped(g[key], v, path+"."+key)
		}
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(l) {
			w.problem(path, "is %.200v, want %.200v", got, want)
			return
		}
		for i := range l {
			w.untyped(g[i], l[i], fmt.Sprintf("%s[%d]", path, i))
		}
	default:
		w.scalar(got, want, path)
	}
}

// time compares times up to the millisecond: the SDK keeps no more of a number of seconds.
func (w *matcher) time(got, want any, path string) {
	g, err1 := time.Parse(time.RFC3339Nano, fmt.Sprint(got))
	l, err2 := time.Parse(time.RFC3339Nano, fmt.Sprint(want))
	w.values++
	if err1 != nil || err2 != nil || g.Sub(l).Abs() >= time.Millisecond {
		w.problem(path, "is %v, want %v", got, want)
	}
}

func (w *matcher) scalar(got, want any, path string) {
	w.values++
	g, gok := got.(json.Number)
	l, lok := want.(json.Number)
	if gok && lok {
		x, err1 := g.Float64()
		y, err2 := l.Float64()
		if err1 != nil || err2 != nil || x != y {
			w.problem(path, "is %v, want %v", got, want)
		}
		return
	}
	if !reflect.DeepEqual(got, want) {
		w.problem(path, "is %.200v, want %.200v", got, want)
	}
}
