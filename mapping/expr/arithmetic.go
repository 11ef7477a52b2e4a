package expr

import (
	"math"
	"time"

	"cel.dev/cel-go/common/operators"
)

// add is +: of numbers, strings, times and durations, and lists. Whole numbers that leave 64 bits are an error, as in CEL.
func add(e *state, id int64, x, y value) value {
	switch {
	case x.kind == kindInt && y.kind == kindInt:
		if sum := x.num + y.num; (sum > x.num) == (y.num > 0) {
			return integer(sum)
		}
		return overflow(id)
	case x.kind == kindDouble && y.kind == kindDouble:
		return double(x.float() + y.float())
	case x.kind == kindString && y.kind == kindString:
		if !e.spend(len(x.str) + len(y.str)) {
			return failure(id, "stopped")
		}
		return text(x.str + y.str)
	case x.kind == kindTime && y.kind == kindDuration:
		return shifted(x, time.Duration(y.num), id)
	case x.kind == kindDuration && y.kind == kindTime:
		return shifted(y, time.Duration(x.num), id)
	case x.kind == kindDuration && y.kind == kindDuration:
		if sum := x.num + y.num; (sum > x.num) == (y.num > 0) {
			return span(time.Duration(sum))
		}
		return overflow(id)
	case x.isListlike() && y.isListlike():
		return e.concatenate(x, y, id)
	}
	return failure(id, "%s and %s cannot be added", x.shape(), y.shape())
}

func (e *state) concatenate(x, y value, id int64) value {
	xs, xr := e.values(x, id)
	ys, yr := e.values(y, id)
	if !e.spend(len(xs) + len(ys)) {
		return failure(id, "stopped")
	}
	l := &list{items: append(xs[:len(xs):len(xs)], ys...)}
	if xr.bad() || yr.bad() {
		l.rest = worse(xr, yr)
	}
	return value{kind: kindList, list: l}
}

func overflow(id int64) value { return failure(id, "the result is out of range") }

// The years that CEL timestamps reach.
var (
	firstMoment = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	lastMoment  = time.Date(9999, 12, 31, 23, 59, 59, 999999999, time.UTC)
)

func shifted(t value, by time.Duration, id int64) value {
	moved := t.time().Add(by)
	if moved.Before(firstMoment) || moved.After(lastMoment) {
		return overflow(id)
	}
	return moment(moved)
}

func subtract(_ *state, id int64, x, y value) value {
	switch {
	case x.kind == kindInt && y.kind == kindInt, x.kind == kindDuration && y.kind == kindDuration:
		d := x.num - y.num
		if (d < x.num) != (y.num > 0) {
			return overflow(id)
		}
		return value{kind: x.kind, num: d}
	case x.kind == kindDouble && y.kind == kindDouble:
		return double(x.float() - y.float())
	case x.kind == kindTime && y.kind == kindTime:
		d := x.time().Sub(y.time()) // saturates at about 292 years
		if d == math.MaxInt64 || d == math.MinInt64 {
			return overflow(id)
		}
		return span(d)
	case x.kind == kindTime && y.kind == kindDuration:
		if y.num == math.MinInt64 {
			return overflow(id)
		}
		return shifted(x, -time.Duration(y.num), id)
	}
	return failure(id, "%s cannot be subtracted from %s", y.shape(), x.shape())
}

func arithmetic(name string) binary {
	return func(_ *state, id int64, x, y value) value {
		switch {
		case x.kind == kindDouble && y.kind == kindDouble && name == operators.Multiply:
			return double(x.float() * y.float())
		case x.kind == kindDouble && y.kind == kindDouble && name == operators.Divide:
			return double(x.float() / y.float())
		case x.kind != kindInt || y.kind != kindInt:
			return failure(id, "%s and %s cannot be multiplied or divided", x.shape(), y.shape())
		case name == operators.Multiply:
			p := x.num * y.num
			if x.num != 0 && (p/x.num != y.num || x.num == -1 && y.num == math.MinInt64) {
				return overflow(id)
			}
			return integer(p)
		case y.num == 0:
			return failure(id, "division by zero")
		case y.num == -1 && x.num == math.MinInt64:
			return overflow(id)
		case name == operators.Divide:
			return integer(x.num / y.num)
		}
		return integer(x.num % y.num)
	}
}
