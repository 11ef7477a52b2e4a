package mapping

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
)

// sorter sorts any number of items by their keys. Beyond a bound of memory it writes sorted runs to one temporary file.
// Keys must be unique for the order to be complete. Any number of goroutines may add; each, then, is for one.
type sorter struct {
	file  *os.File
	bound int

	mu   sync.Mutex
	now  *batch   // that items are added to
	free []*batch // written, to be used again
	runs []section
	end  int64 // of what the runs take up in the file
}

// batch holds items in memory: keys and values one after the other.
type batch struct {
	text  []byte
	items []item
	size  int64 // of all items in the file
}

// item is where an item stands in the text of its batch.
type item struct {
	prefix     uint64 // the first bytes of the key, which decide most comparisons
	at         int
	key, value int // lengths
}

// section is one sorted run in the file.
type section struct{ from, to int64 }

// The bounds of a sorter, in bytes.
const (
	sortMemory  = 16 << 20 // items that are held in memory before they are sorted, by each goroutine that sorts
	mergeMemory = 32 << 20 // buffers of all runs while they are merged,
	maxBuffer   = 64 << 10 // of each run at most,
	minBuffer   = 4 << 10  // and at least
)

func newSorter(dir string) (*sorter, error) {
	f, err := os.CreateTemp(dir, "auditpack-sort-*")
	if err != nil {
		return nil, fmt.Errorf("creating a temporary file for sorting: %w", err)
	}
	return &sorter{file: f, bound: sortMemory, now: &batch{}}, nil
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

// add takes an item, and copies it.
func (s *sorter) add(key, value []byte) error {
	s.mu.Lock()
	b := s.now
	b.add(key, value)
	if len(b.text)+64*len(b.items) < s.bound {
		s.mu.Unlock()
		return nil
	}
	// Others go on with another batch while this one is sorted and written.
	at := s.detach()
	s.mu.Unlock()
	err := s.spill(b, at)
	b.reset()
	s.mu.Lock()
	s.free = append(s.free, b)
	s.mu.Unlock()
	return err
}

// detach gives the batch its place in the file and starts another one.
func (s *sorter) detach() (at int64) {
	at, s.end = s.end, s.end+s.now.size
	s.runs = append(s.runs, section{at, s.end})
	if last := len(s.free) - 1; last >= 0 {
		s.now, s.free = s.free[last], s.free[:last]
	} else {
		s.now = &batch{text: make([]byte, 0, s.bound)}
	}
	return at
}

func (b *batch) add(key, value []byte) {
	b.items = append(b.items, item{prefixOf(key), len(b.text), len(key), len(value)})
	b.text = append(append(b.text, key...), value...)
	b.size += int64(uvarintLen(len(key)) + len(key) + uvarintLen(len(value)) + len(value))
}

func (b *batch) reset() { b.text, b.items, b.size = b.text[:0], b.items[:0], 0 }

func (b *batch) key(i item) []byte   { return b.text[i.at:][:i.key] }
func (b *batch) value(i item) []byte { return b.text[i.at+i.key:][:i.value] }

func (b *batch) sort() {
	slices.SortFunc(b.items, func(x, y item) int {
		if x.prefix != y.prefix {
			return cmp.Compare(x.prefix, y.prefix)
		}
		return bytes.Compare(b.key(x), b.key(y))
	})
}

// prefixOf orders keys as far as their first eight bytes do: keys with different prefixes compare as these.
func prefixOf(key []byte) uint64 {
	if len(key) >= 8 {
		return binary.BigEndian.Uint64(key)
	}
	var b [8]byte
	copy(b[:], key)
	return binary.BigEndian.Uint64(b[:])
}

func uvarintLen(n int) int {
	var b [binary.MaxVarintLen64]byte
	return binary.PutUvarint(b[:], uint64(n))
}

// spill sorts a batch and writes it to its place in the file.
func (s *sorter) spill(b *batch, at int64) error {
	b.sort()
	w := bufio.NewWriterSize(io.NewOffsetWriter(s.file, at), 256<<10)
	var size [binary.MaxVarintLen64]byte
	for _, it := range b.items {
		w.Write(size[:binary.PutUvarint(size[:], uint64(it.key))])
		w.Write(b.key(it))
		w.Write(size[:binary.PutUvarint(size[:], uint64(it.value))])
		w.Write(b.value(it))
	}
	if err := w.Flush(); err != nil { // keeps the first error
		return fmt.Errorf("writing a temporary file for sorting: %w", err)
	}
	return nil
}

// each calls f with every item in order. The slices are valid during the call.
func (s *sorter) each(f func(key, value []byte) error) error {
	b := s.now
	if len(s.runs) == 0 {
		b.sort()
		for _, it := range b.items {
			if err := f(b.key(it), b.value(it)); err != nil {
				return err
			}
		}
		return nil
	}
	if len(b.items) > 0 {
		if err := s.spill(b, s.detach()); err != nil {
			return err
		}
	}
	s.now, s.free = nil, nil
	var m merge
	buffer := max(minBuffer, min(maxBuffer, mergeMemory/len(s.runs)))
	for _, r := range s.runs {
		c := &cursor{r: bufio.NewReaderSize(io.NewSectionReader(s.file, r.from, r.to-r.from), buffer)}
		more, err := c.next()
		if err != nil {
			return err
		}
		if more {
			m = append(m, c)
		}
	}
	for i := len(m)/2 - 1; i >= 0; i-- {
		m.down(i)
	}
	for len(m) > 0 {
		c := m[0]
		if err := f(c.key, c.value); err != nil {
			return err
		}
		more, err := c.next()
		if err != nil {
			return err
		}
		if !more {
			last := len(m) - 1
			m[0], m = m[last], m[:last]
		}
		m.down(0)
	}
	return nil
}

// cursor reads one run.
type cursor struct {
	r          *bufio.Reader
	prefix     uint64
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
	c.prefix = prefixOf(c.key)
	return true, nil
}

func (c *cursor) before(o *cursor) bool {
	if c.prefix != o.prefix {
		return c.prefix < o.prefix
	}
	return bytes.Compare(c.key, o.key) < 0
}

// merge is a heap of runs by their next keys, the least first.
type merge []*cursor

// down moves the run at i to where it belongs.
func (m merge) down(i int) {
	for {
		least := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(m); child++ {
			if m[child].before(m[least]) {
				least = child
			}
		}
		if least == i {
			return
		}
		m[i], m[least] = m[least], m[i]
		i = least
	}
}
