package mapping

import (
	"bufio"
	"bytes"
	"container/heap"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// sorter sorts any number of items by their keys. Beyond a bound of memory it writes sorted runs to one temporary file.
// Keys must be unique for the order to be complete. A sorter is not safe for concurrent use.
type sorter struct {
	file  *os.File
	runs  []section
	end   int64
	items []item
	held  int // bytes of items
	bound int
}

type item struct{ key, value []byte }

// section is one sorted run in the file.
type section struct{ from, to int64 }

// The bounds of a sorter, in bytes.
const (
	sortMemory = 24 << 20 // items that are held in memory
	runBuffer  = 32 << 10 // of each run while they are merged
)

func newSorter(dir string) (*sorter, error) {
	f, err := os.CreateTemp(dir, "auditpack-sort-*")
	if err != nil {
		return nil, fmt.Errorf("creating a temporary file for sorting: %w", err)
	}
	return &sorter{file: f, bound: sortMemory}, nil
}

// close removes the temporary file.
func (s *sorter) close() error {
	if s.file == nil {
		return nil
	}
	name := s.file.Name()
	err := errors.Join(s.file.Close(), os.Remove(name))
	s.file = nil
	return err
}

// add takes an item. The sorter keeps both slices.
func (s *sorter) add(key, value []byte) error {
	s.items = append(s.items, item{key, value})
	s.held += len(key) + len(value) + 64
	if s.held < s.bound {
		return nil
	}
	return s.spill()
}

func (s *sorter) sort() {
	slices.SortFunc(s.items, func(a, b item) int { return bytes.Compare(a.key, b.key) })
}

func (s *sorter) spill() error {
	s.sort()
	w := bufio.NewWriterSize(io.NewOffsetWriter(s.file, s.end), 256<<10)
	from := s.end
	var size [binary.MaxVarintLen64]byte
	for _, it := range s.items {
		for _, b := range [][]byte{it.key, it.value} {
			n := binary.PutUvarint(size[:], uint64(len(b)))
			s.end += int64(n + len(b))
			w.Write(size[:n])
			w.Write(b)
		}
	}
	if err := w.Flush(); err != nil { // keeps the first error
		return fmt.Errorf("writing a temporary file for sorting: %w", err)
	}
	s.runs = append(s.runs, section{from, s.end})
	clear(s.items)
	s.items, s.held = s.items[:0], 0
	return nil
}

// each calls f with every item in order. The slices are valid during the call.
func (s *sorter) each(f func(key, value []byte) error) error {
	s.sort()
	if len(s.runs) == 0 {
		for _, it := range s.items {
			if err := f(it.key, it.value); err != nil {
				return err
			}
		}
		return nil
	}
	if len(s.items) > 0 {
		if err := s.spill(); err != nil {
			return err
		}
	}
	s.items = nil
	var h merge
	for _, r := range s.runs {
		c := &cursor{r: bufio.NewReaderSize(io.NewSectionReader(s.file, r.from, r.to-r.from), runBuffer)}
		more, err := c.next()
		if err != nil {
			return err
		}
		if more {
			h = append(h, c)
		}
	}
	heap.Init(&h)
	for len(h) > 0 {
		c := h[0]
		if err := f(c.key, c.value); err != nil {
			return err
		}
		more, err := c.next()
		if err != nil {
			return err
		}
		if more {
			heap.Fix(&h, 0)
		} else {
			heap.Pop(&h)
		}
	}
	return nil
}

// cursor reads one run.
type cursor struct {
	r          *bufio.Reader
	key, value []byte
}

func (c *cursor) next() (bool, error) {
	for i, to := range []*[]byte{&c.key, &c.value} {
		n, err := binary.ReadUvarint(c.r)
		if err == io.EOF && i == 0 {
			return false, nil
		}
		if err == nil {
			*to = slices.Grow((*to)[:0], int(n))[:n]
			_, err = io.ReadFull(c.r, *to)
		}
		if err != nil {
			return false, fmt.Errorf("reading a temporary file for sorting: %w", err)
		}
	}
	return true, nil
}

// merge is a heap of runs by their next keys.
type merge []*cursor

func (m merge) Len() int           { return len(m) }
func (m merge) Less(i, j int) bool { return bytes.Compare(m[i].key, m[j].key) < 0 }
func (m merge) Swap(i, j int)      { m[i], m[j] = m[j], m[i] }
func (m *merge) Push(x any)        { *m = append(*m, x.(*cursor)) }
func (m *merge) Pop() any {
	old := *m
	c := old[len(old)-1]
	*m = old[:len(old)-1]
	return c
}
