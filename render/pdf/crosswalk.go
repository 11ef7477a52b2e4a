package pdf

import (
	"strings"
)

// crosswalk lists, for each rule, the requirements of each framework that it speaks about.
func (d *document) crosswalk() {
	d.prose(d.t("crosswalk.intro"))
	t := d.table(column{title: d.t("col.rule"), width: 78}, column{title: d.t("col.requirements"), width: 92})
	for i := range d.pack.Rules {
		r := &d.pack.Rules[i]
		if len(r.Requirement) == 0 {
			continue
		}
		t.row("", d.ruleCell(r), d.grouped(r.Requirement))
	}
	t.end()
}

// grouped lists requirement references by framework: one line for each, its ids after each other.
func (d *document) grouped(refs []string) cell {
	ids := map[string][]string{}
	for _, ref := range refs {
		key, id, _ := strings.Cut(ref, "#")
		ids[key] = append(ids[key], id)
	}
	var c cell
	for i := range d.pack.Frameworks {
		f := &d.pack.Frameworks[i]
		list := ids[f.Key()]
		if len(list) == 0 {
			continue
		}
		c = append(c, block{style: d.small(), text: d.short(f) + d.t("colon") + strings.Join(list, ", "), link: "req:" + f.Key() + "#" + list[0]})
	}
	return c
}
