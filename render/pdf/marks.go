package pdf

import (
	"math"

	"github.com/go-pdf/fpdf"

	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/render"
)

// mark draws the sign of the legend with its centre at (x, y) and radius r. Fonts lack some of the signs, so all are drawn.
func (d *document) mark(m render.Mark, x, y, r float64, c render.Colour) {
	d.fill(c)
	d.file.SetDrawColor(int(c[0]), int(c[1]), int(c[2]))
	d.file.SetLineWidth(r * 0.32)
	triangle := []fpdf.PointType{{X: x, Y: y - r}, {X: x + r*0.95, Y: y + r*0.75}, {X: x - r*0.95, Y: y + r*0.75}}
	diamond := []fpdf.PointType{{X: x, Y: y - r}, {X: x + r, Y: y}, {X: x, Y: y + r}, {X: x - r, Y: y}}
	switch m {
	case render.MarkDisc:
		d.file.Polygon(ring(x, y, r*0.88, 0, 360), "F")
	case render.MarkCross:
		k := r * 0.75
		d.file.SetLineWidth(r * 0.45)
		d.file.Line(x-k, y-k, x+k, y+k)
		d.file.Line(x-k, y+k, x+k, y-k)
	case render.MarkQuestion:
		s := style{d.bold, r * 2.9 / point / 1.1, c, 1}
		d.putMiddle(s, x, y+s.size*point*0.36, "?")
	case render.MarkTriangle:
		d.file.Polygon(triangle, "D")
	case render.MarkFullTriangle:
		d.file.Polygon(triangle, "F")
	case render.MarkDiamond:
		d.file.Polygon(diamond, "D")
	case render.MarkFullDiamond:
		d.file.Polygon(diamond, "F")
	case render.MarkDash:
		d.file.SetLineWidth(r * 0.45)
		d.file.Line(x-r*0.8, y, x+r*0.8, y)
	case render.MarkBar:
		d.file.Rect(x-r*0.4, y-r, r*0.8, 2*r, "F")
	}
}

// ring returns the points of an arc from angle a to angle b in degrees, clockwise from the top.
func ring(x, y, r, a, b float64) []fpdf.PointType {
	steps := max(2, int(math.Ceil((b-a)/6)))
	points := make([]fpdf.PointType, 0, steps+1)
	for i := 0; i <= steps; i++ {
		t := (a + (b-a)*float64(i)/float64(steps)) * math.Pi / 180
		points = append(points, fpdf.PointType{X: x + r*math.Sin(t), Y: y - r*math.Cos(t)})
	}
	return points
}

// chip is a word of the legend: mark, word and colour.
type chip struct {
	render.Style
	word string
}

func (d *document) verdictChip(v pack.Verdict) chip {
	return chip{render.VerdictStyle(v), d.m("verdict." + string(v))}
}

func (d *document) resultChip(r pack.Result) chip {
	return chip{render.ResultStyle(r), d.m("result." + string(r))}
}

func (d *document) severityChip(s pack.Severity) chip {
	return chip{render.SeverityStyle(s), d.m("severity." + string(s))}
}

// chipWidth is the width of a chip whose word is set in s.
func (d *document) chipWidth(s style, c chip) float64 {
	return d.width(s, c.word) + s.size*point + 2.4
}

// drawChip draws a chip with its left edge at x in a line that starts at y, and returns its width.
func (d *document) drawChip(s style, x, y float64, c chip) float64 {
	s = s.in(c.Strong)
	h := s.size * point * 1.38
	w := d.chipWidth(s, c)
	top := y + (s.lineHeight()-h)/2
	d.box(x, top, w, h, c.Tint)
	r := s.size * point * 0.34
	d.mark(c.Mark, x+1.1+r, top+h/2, r, c.Strong)
	d.put(s, x+1.1+s.size*point*1.0, y+s.base(), c.word)
	return w
}
