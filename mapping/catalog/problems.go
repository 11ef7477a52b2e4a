package catalog

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrCatalog is what every error of Load about the content of a catalogue is.
var ErrCatalog = errors.New("the catalogue has mistakes")

// Problem is one mistake in a catalogue file.
type Problem struct {
	File    string
	Line    int // 1-based; 0 where the file as a whole is meant
	Message string
}

func (p Problem) String() string {
	if p.Line == 0 {
		return p.File + ": " + p.Message
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Message)
}

// Problems is every mistake that was found, sorted by file and line. It is an ErrCatalog.
type Problems []Problem

func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i := range p {
		lines[i] = p[i].String()
	}
	return strings.Join(lines, "\n")
}

// Is makes Problems an ErrCatalog.
func (p Problems) Is(target error) bool { return target == ErrCatalog }

func (p *Problems) add(file string, line int, format string, args ...any) {
	*p = append(*p, Problem{file, line, fmt.Sprintf(format, args...)})
}

// err returns the problems in their order, each once, or nil.
func (p Problems) err() error {
	if len(p) == 0 {
		return nil
	}
	slices.SortStableFunc(p, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Message, b.Message))
	})
	return slices.Compact(p)
}
