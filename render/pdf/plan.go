package pdf

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/auditpack/auditpack/mapping/pack"
)

// Bounds of what is kept in memory and printed, beside Options.MaxFindings.
const (
	maxUnseen      = 5    // not assessed findings printed per rule
	reservedUnseen = 2    // of these, printed even where failing findings reach the limit
	maxFacts       = 4    // facts printed per finding
	maxRefs        = 3    // records printed per finding
	maxRefCalls    = 3    // calls printed per record of a finding
	maxRegister    = 3000 // records, and calls, in the evidence register
	maxGapRows     = 300  // rows of "what could not be seen"
)

// plan is what the streamed files of the pack contribute to the document: which findings are printed where, and which
// records, calls and gaps they need. It is made before anything is drawn, in one pass over each file, and its size is
// bounded by rules × MaxFindings.
type plan struct {
	findings map[string]*kept         // rule → its findings, as far as they can be printed
	shown    map[string][]*shown      // requirement → its rules, in the order in which they are printed
	home     map[string]*shown        // rule → where its findings are printed
	records  map[string]*record       // digest → register entry
	order    []*record                // register entries in the order in which they were met in the bundle
	calls    map[string]*pack.Call    // call id → call, nil until it is met
	register []*pack.Call             // calls of the register in bundle order
	gaps     []*gapGroup              // what could not be seen, worst first
	moreGaps int                      // groups beyond maxGapRows
	gapGroup map[int]string           // number of a gap that a printed finding names → anchor of its group
	missing  map[string]populationSum // kind → populations in scope that are not complete
}

// kept holds the first findings of a rule.
type kept struct{ fails, unseen []pack.Finding }

// shown is one rule under one requirement. Its findings are printed where the rule first occurs with room for them; elsewhere
// the document refers to that place.
type shown struct {
	requirement   string // anchor
	label         string // "CIS 5.0.0 1.4"
	link          *pack.Link
	rule          *pack.Rule
	fails, unseen []pack.Finding
}

// record is an entry of the evidence register.
type record struct {
	digest     string
	findings   []int // printed findings that rest on it
	evidence   *pack.Evidence
	population *pack.Population
	calls      []string
}

// gapGroup is what could not be seen for one reason: one call, one answer, one IAM action.
type gapGroup struct {
	service, operation, code, action string
	first                            int // smallest gap number
	count, findings                  int
	places                           []string // account / region, a few
	morePlaces                       bool
}

func (g *gapGroup) anchor() string { return fmt.Sprintf("gap:%d", g.first) }

type populationSum struct{ incomplete, denied int }

// reqKey is the anchor of a requirement.
func reqKey(f *pack.Framework, q *pack.Requirement) string { return "req:" + f.Key() + "#" + q.ID }

func findingKey(n int) string        { return fmt.Sprintf("finding:%d", n) }
func recordKey(digest string) string { return "record:" + digest }
func callKey(id string) string       { return "call:" + id }
func ruleKey(id string) string       { return "rule:" + id }

func (d *document) makePlan() error {
	p := &plan{
		findings: map[string]*kept{}, shown: map[string][]*shown{}, home: map[string]*shown{}, records: map[string]*record{},
		calls: map[string]*pack.Call{}, gapGroup: map[int]string{}, missing: map[string]populationSum{},
	}
	d.plan = p
	if err := d.keepFindings(); err != nil {
		return fmt.Errorf("reading findings: %w", err)
	}
	d.placeFindings()
	d.collectRefs()
	if err := d.readRecords(); err != nil {
		return fmt.Errorf("reading the evidence index: %w", err)
	}
	if err := d.readGaps(); err != nil {
		return fmt.Errorf("reading gaps: %w", err)
	}
	return d.ctx.Err()
}

// keepFindings reads every finding and keeps the first failing and unseen ones of each rule.
func (d *document) keepFindings() error {
	n := 0
	for f, err := range d.reader.Findings() {
		if err != nil {
			return err
		}
		if n++; n%4096 == 0 && d.ctx.Err() != nil {
			return d.ctx.Err()
		}
		k := d.plan.findings[f.Rule]
		if k == nil {
			k = &kept{}
			d.plan.findings[f.Rule] = k
		}
		switch {
		case f.Result == pack.Fail && len(k.fails) < d.opts.MaxFindings:
			k.fails = append(k.fails, f)
		case f.Result == pack.NotAssessed && len(k.unseen) < min(maxUnseen, d.opts.MaxFindings):
			k.unseen = append(k.unseen, f)
		}
	}
	return nil
}

var relationOrder = map[pack.Relation]int{pack.Demonstrates: 0, pack.Supports: 1, pack.Indicates: 2}

// placeFindings decides under which requirement each rule's findings are printed: the first one in the order of the
// pack whose limit leaves room.
func (d *document) placeFindings() {
	for fi := range d.pack.Frameworks {
		f := &d.pack.Frameworks[fi]
		for qi := range f.Requirements {
			q := &f.Requirements[qi]
			key := reqKey(f, q)
			var list []*shown
			for li := range q.Links {
				if rule := d.rules[q.Links[li].Rule]; rule != nil {
					list = append(list, &shown{requirement: key, label: d.short(f) + " " + q.ID, link: &q.Links[li], rule: rule})
				}
			}
			slices.SortStableFunc(list, func(a, b *shown) int {
				return cmp.Or(cmp.Compare(relationOrder[a.link.Relation], relationOrder[b.link.Relation]),
					cmp.Compare(severityOrder(a.rule.Severity), severityOrder(b.rule.Severity)), cmp.Compare(a.rule.ID, b.rule.ID))
			})
			d.plan.shown[key] = list
			d.spend(list)
		}
	}
}

// spend gives the findings that a requirement may print to its rules.
func (d *document) spend(list []*shown) {
	budget := d.opts.MaxFindings
	for _, s := range list {
		k := d.plan.findings[s.rule.ID]
		if k == nil || d.plan.home[s.rule.ID] != nil {
			continue
		}
		unseen := min(len(k.unseen), reservedUnseen, budget/4)
		s.fails = k.fails[:min(len(k.fails), budget-unseen)]
		budget -= len(s.fails)
		s.unseen = k.unseen[:min(len(k.unseen), budget)]
		budget -= len(s.unseen)
		if len(s.fails)+len(s.unseen) > 0 {
			d.plan.home[s.rule.ID] = s
		}
	}
}

func severityOrder(s pack.Severity) int {
	if i := slices.Index(pack.Severities(), s); i >= 0 {
		return i
	}
	return len(pack.Severities())
}

// collectRefs lists the records, calls and gaps that printed findings name.
func (d *document) collectRefs() {
	for _, f := range d.printed() {
		for _, ref := range f.Evidence[:min(len(f.Evidence), maxRefs)] {
			r := d.plan.records[ref.Record]
			if r == nil {
				if len(d.plan.records) >= maxRegister {
					continue
				}
				r = &record{digest: ref.Record}
				d.plan.records[ref.Record] = r
			}
			if n := len(r.findings); n == 0 || r.findings[n-1] != f.N {
				r.findings = append(r.findings, f.N)
			}
			for _, c := range ref.Calls[:min(len(ref.Calls), maxRefCalls)] {
				if !slices.Contains(r.calls, c) {
					r.calls = append(r.calls, c)
				}
				if len(d.plan.calls) < maxRegister {
					d.plan.calls[c] = nil
				}
			}
		}
		for _, g := range f.Gaps {
			d.plan.gapGroup[g] = ""
		}
	}
}

// printed lists the findings that the document prints, in the order of their numbers.
func (d *document) printed() []*pack.Finding {
	var out []*pack.Finding
	for _, s := range d.plan.home {
		for i := range s.fails {
			out = append(out, &s.fails[i])
		}
		for i := range s.unseen {
			out = append(out, &s.unseen[i])
		}
	}
	slices.SortFunc(out, func(a, b *pack.Finding) int { return cmp.Compare(a.N, b.N) })
	return out
}

// readRecords fills in the register from the evidence, population and call files.
func (d *document) readRecords() error {
	p := d.plan
	for e, err := range d.reader.Evidence() {
		if err != nil {
			return err
		}
		if r := p.records[e.Record]; r != nil && r.evidence == nil {
			r.evidence = &e
			p.order = append(p.order, r)
		}
	}
	for q, err := range d.reader.Populations() {
		if err != nil {
			return err
		}
		if q.InScope {
			m := p.missing[q.Kind]
			switch q.Status {
			case "incomplete":
				m.incomplete++
			case "region_denied":
				m.denied++
			}
			p.missing[q.Kind] = m
		}
		if r := p.records[q.Record]; r != nil && r.population == nil {
			r.population = &q
			p.order = append(p.order, r)
		}
	}
	for c, err := range d.reader.Calls() {
		if err != nil {
			return err
		}
		if known, wanted := p.calls[c.ID]; wanted && known == nil {
			p.calls[c.ID] = &c
			p.register = append(p.register, &c)
		}
	}
	return nil
}

// readGaps groups what could not be seen and finds the group of each gap that a printed finding names.
func (d *document) readGaps() error {
	type key struct{ service, operation, code, action string }
	groups := map[key]*gapGroup{}
	for g, err := range d.reader.Gaps() {
		if err != nil {
			return err
		}
		k := key{g.Service, g.Operation, g.Code, g.Action}
		gg := groups[k]
		if gg == nil {
			if len(groups) >= 20*maxGapRows { // hostile: more reasons than any API has
				d.plan.moreGaps++
				continue
			}
			gg = &gapGroup{service: g.Service, operation: g.Operation, code: g.Code, action: g.Action, first: g.N}
			groups[k] = gg
			d.plan.gaps = append(d.plan.gaps, gg)
		}
		gg.count++
		gg.findings += g.Findings
		gg.first = min(gg.first, g.N)
		if place := g.Account + " " + g.Region; !slices.Contains(gg.places, place) {
			if len(gg.places) < 4 {
				gg.places = append(gg.places, place)
			} else {
				gg.morePlaces = true
			}
		}
		if _, wanted := d.plan.gapGroup[g.N]; wanted {
			d.plan.gapGroup[g.N] = gg.anchor()
		}
	}
	slices.SortStableFunc(d.plan.gaps, func(a, b *gapGroup) int {
		return cmp.Or(cmp.Compare(b.findings, a.findings), cmp.Compare(b.count, a.count), cmp.Compare(a.first, b.first))
	})
	if n := len(d.plan.gaps); n > maxGapRows {
		d.plan.moreGaps += n - maxGapRows
		d.plan.gaps = d.plan.gaps[:maxGapRows]
	}
	return nil
}
