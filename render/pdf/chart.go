package pdf

import (
	"github.com/auditpack/auditpack/render"
)

// share is one part of a whole in a chart.
type share struct {
	n      int
	colour render.Colour
	label  string
	mark   render.Mark
}

func sum(shares []share) int {
	n := 0
	for _, s := range shares {
		n += s.n
	}
	return n
}

// donut draws the shares as a ring with the total in its middle.
func (d *document) donut(x, y, r float64, shares []share, caption string) {
	total := sum(shares)
	inner := r * 0.66
	if total == 0 {
		d.sector(x, y, inner, r, 0, 360, render.Rule)
	}
	at := 0.0
	for _, s := range shares {
		if s.n == 0 {
			continue
		}
		to := at + 360*float64(s.n)/float64(total)
		d.sector(x, y, inner, r, at, to, s.colour)
		at = to
	}
	at = 0 // white seams between the shares
	for _, s := range shares {
		if s.n == 0 || s.n == total {
			continue
		}
		seam := append(ring(x, y, inner, at, at)[:1], ring(x, y, r, at, at)[:1]...)
		d.line(seam[0].X, seam[0].Y, seam[1].X, seam[1].Y, 0.5, render.White)
		at += 360 * float64(s.n) / float64(total)
	}
	big := style{d.bold, 15, render.Ink, 1}
	d.putMiddle(big, x, y+1.2, render.Number(total))
	d.putMiddle(d.caption().sized(6.4), x, y+5.4, caption)
}

// sector fills a part of a ring.
func (d *document) sector(x, y, inner, outer, a, b float64, c render.Colour) {
	points := ring(x, y, outer, a, b)
	back := ring(x, y, inner, a, b)
	for i := len(back) - 1; i >= 0; i-- {
		points = append(points, back[i])
	}
	d.fill(c)
	d.file.Polygon(points, "F")
}

// stack draws the shares side by side in a bar, with their numbers where they fit.
func (d *document) stack(x, y, w, h float64, shares []share) {
	total := sum(shares)
	if total == 0 {
		d.box(x, y, w, h, render.Rule)
		return
	}
	s := style{d.bold, 6.8, render.White, 1}
	left := x
	for i, v := range shares {
		if v.n == 0 {
			continue
		}
		width := w * float64(v.n) / float64(total)
		d.box(left, y, width, h, v.colour)
		if i > 0 && left > x {
			d.line(left, y, left, y+h, 0.35, render.White)
		}
		if label := render.Number(v.n); width > d.width(s, label)+1.6 {
			d.putMiddle(s, left+width/2, y+h/2+s.size*point*0.36, label)
		}
		left += width
	}
}

// bars draws one horizontal bar for each share, on a common scale, with its mark, word and number.
func (d *document) bars(x, y, w, pitch float64, shares []share) {
	const words = 26.0
	most := 1
	for _, s := range shares {
		most = max(most, s.n)
	}
	for _, s := range shares {
		text := d.small()
		middle := y + pitch/2
		d.mark(s.mark, x+1.3, middle, 1.15, s.colour)
		d.put(text, x+4, middle+text.size*point*0.36, s.label)
		width := (w - words - 16) * float64(s.n) / float64(most)
		d.box(x+words, middle-pitch*0.29, max(width, 0.3), pitch*0.58, s.colour)
		d.put(d.smallB(), x+words+max(width, 0.3)+1.6, middle+text.size*point*0.36, render.Number(s.n))
		y += pitch
	}
}

// legend lists shares with mark, word and number below each other.
func (d *document) legend(x, y, w, pitch float64, shares []share) {
	total := max(1, sum(shares))
	for _, s := range shares {
		text := d.small()
		base := y + pitch/2 + text.size*point*0.36
		d.mark(s.mark, x+1.3, y+pitch/2, 1.15, s.colour)
		d.put(text, x+4, base, s.label)
		d.putRight(d.smallB(), x+w-13, base, render.Number(s.n))
		d.putRight(d.caption(), x+w, base, percent(s.n, total))
		y += pitch
	}
}

// percent prints a share with one decimal, rounded down so that only everything is 100 %.
func percent(n, total int) string {
	tenths := n * 1000 / total
	return render.Number(tenths/10) + "." + string(rune('0'+tenths%10)) + " %"
}

// tile is one key figure.
type tile struct {
	value, label string
	colour       render.Colour
}

// tiles draws key figures side by side.
func (d *document) tiles(list []tile) {
	const height, gap = 17.0, 3.0
	w := (frameWidth - gap*float64(len(list)-1)) / float64(len(list))
	d.reserve(height + 5)
	for i, t := range list {
		x := frameLeft + float64(i)*(w+gap)
		d.box(x, d.y, w, height, render.Wash)
		d.box(x, d.y, 0.9, height, t.colour)
		big := style{d.bold, 15, t.colour, 1}
		for d.width(big, t.value) > w-6 && big.size > 7 {
			big.size--
		}
		d.put(big, x+4, d.y+8.2, t.value)
		d.put(d.caption(), x+4, d.y+13.6, d.fit(d.caption(), t.label, w-5))
	}
	d.y += height + 5
}
