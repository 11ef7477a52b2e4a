package bundle

import (
	"bufio"
	"bytes"
	"cmp"
	"container/heap"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

const (
	spillAt    = 32 << 20 // buffered bytes at which a run is sorted and written
	itemCost   = 160      // bytes of memory an item costs beside its texts
	runBuffers = 16 << 20 // bytes of read buffers of a merge, over all of its runs
)

// item is one record on its way to its shard: its place, its order there and its JSON without salt.
type item struct {
	group   group
	id, arn string
	body    []byte
}

// compare orders items by place, id and ARN, and then by content so that no order of arrival shows.
func (a *item) compare(b *item) int {
	return cmp.Or(strings.Compare(string(a.group), string(b.group)), strings.Compare(a.id, b.id),
		strings.Compare(a.arn, b.arn), bytes.Compare(a.body, b.body))
}

// sorter sorts items of any number in bounded memory: sorted runs in one temporary file, and a merge.
type sorter struct {
	dir   string
	limit int
	file  *os.File
	end   int64
	runs  []run
	items []item
	size  int
}

// run is one sorted sequence of items in the sorter's file.
type run struct{ from, to int64 }

func (s *sorter) add(it item) error {
	s.items = append(s.items, it)
	if s.size += len(it.body) + len(it.id) + len(it.arn) + itemCost; s.size < s.limit {
		return nil
	}
	return s.spill()
}

// spill sorts the items in memory and appends them to the file as a run.
func (s *sorter) spill() error {
	if s.file == nil {
		f, err := os.CreateTemp(s.dir, "auditpack-records-*.tmp")
		if err != nil {
			return fmt.Errorf("buffering records: %w", err)
		}
		s.file = f
	}
	s.sortItems()
	w := bufio.NewWriterSize(io.NewOffsetWriter(s.file, s.end), 256<<10)
	r := run{from: s.end, to: s.end}
	for i := range s.items {
		n, err := writeItem(w, &s.items[i])
		if err != nil {
			return fmt.Errorf("buffering records: %w", err)
		}
		r.to += int64(n)
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("buffering records: %w", err)
	}
	s.runs, s.end = append(s.runs, r), r.to
	clear(s.items)
	s.items, s.size = s.items[:0], 0
	return nil
}

func (s *sorter) sortItems() {
	slices.SortFunc(s.items, func(a, b item) int { return a.compare(&b) })
}

// each calls do with all items in order. It may be called again, but not while items are added. The item is valid
// only during the call.
func (s *sorter) each(do func(*item) error) error {
	s.sortItems()
	var sources []*source
	if len(s.items) > 0 {
		rest := s.items
		sources = append(sources, &source{next: func(it *item) error {
			if len(rest) == 0 {
				return io.EOF
			}
			*it, rest = rest[0], rest[1:]
			return nil
		}})
	}
	for _, r := range s.runs {
		size := max(4<<10, min(256<<10, runBuffers/len(s.runs)))
		br := bufio.NewReaderSize(io.NewSectionReader(s.file, r.from, r.to-r.from), size)
		sources = append(sources, &source{next: func(it *item) error { return readItem(br, it) }})
	}
	var h mergeHeap
	for _, src := range sources {
		if err := src.next(&src.item); err != nil {
			return fmt.Errorf("reading buffered records: %w", err)
		}
		h = append(h, src)
	}
	heap.Init(&h)
	for len(h) > 0 {
		if err := do(&h[0].item); err != nil {
			return err
		}
		switch err := h[0].next(&h[0].item); {
		case err == nil:
			heap.Fix(&h, 0)
		case errors.Is(err, io.EOF):
			heap.Pop(&h)
		default:
			return fmt.Errorf("reading buffered records: %w", err)
		}
	}
	return nil
}

// close removes the file.
func (s *sorter) close() error {
	s.items, s.runs = nil, nil
	if s.file == nil {
		return nil
	}
	err := cmp.Or(s.file.Close(), os.Remove(s.file.Name()))
	s.file = nil
	return err
}

// source is one run that is being merged, with the item that it offers.
type source struct {
	item item
	next func(*item) error
}

type mergeHeap []*source

func (h mergeHeap) Len() int           { return len(h) }
func (h mergeHeap) Less(i, j int) bool { return h[i].item.compare(&h[j].item) < 0 }
func (h mergeHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *mergeHeap) Push(x any)        { *h = append(*h, x.(*source)) }
func (h *mergeHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

// writeItem writes four texts, each with its length in front, and returns the bytes written.
func writeItem(w *bufio.Writer, it *item) (int, error) {
	total := 0
	for _, text := range [][]byte{[]byte(it.group), []byte(it.id), []byte(it.arn), it.body} {
		var n [4]byte
		binary.LittleEndian.PutUint32(n[:], uint32(len(text)))
		if _, err := w.Write(n[:]); err != nil {
			return 0, err
		}
		if _, err := w.Write(text); err != nil {
			return 0, err
		}
		total += len(n) + len(text)
	}
	return total, nil
}

// readItem reads what writeItem wrote. It returns io.EOF only at the end of a run.
func readItem(r *bufio.Reader, it *item) error {
	var texts [4][]byte
	for i := range texts {
		var n [4]byte
		if _, err := io.ReadFull(r, n[:]); err != nil {
			if i > 0 && errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return err
		}
		texts[i] = make([]byte, binary.LittleEndian.Uint32(n[:]))
		if _, err := io.ReadFull(r, texts[i]); err != nil {
			return io.ErrUnexpectedEOF
		}
	}
	*it = item{group: group(texts[0]), id: string(texts[1]), arn: string(texts[2]), body: texts[3]}
	return nil
}
