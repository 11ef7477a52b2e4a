package mapping

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
)

func TestSorter(t *testing.T) {
	for _, bound := range []int{1, 500, sortMemory} {
		t.Run(fmt.Sprint(bound), func(t *testing.T) {
			dir := t.TempDir()
			s, err := newSorter(dir)
			if err != nil {
				t.Fatal(err)
			}
			s.bound = bound
			random := rand.New(rand.NewPCG(1, 2))
			var want []string
			for _, i := range random.Perm(1000) {
				key := fmt.Sprintf("%04d", i)
				want = append(want, key+"="+key)
				if err := s.add([]byte(key), []byte(key)); err != nil {
					t.Fatal(err)
				}
			}
			slices.Sort(want)
			var got []string
			if err := s.each(func(k, v []byte) error { got = append(got, string(k)+"="+string(v)); return nil }); err != nil {
				t.Fatal(err)
			}
			if bound < sortMemory && len(s.runs) < 2 {
				t.Errorf("nothing was written to disk: %d runs", len(s.runs))
			}
			if !slices.Equal(got, want) {
				t.Errorf("got %d items", len(got))
			}
			if err := s.close(); err != nil {
				t.Fatal(err)
			}
			if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
				t.Errorf("left: %v, %v", left, err)
			}
		})
	}
}

func TestSorterStops(t *testing.T) {
	s, err := newSorter(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	s.bound = 1
	for i := range 3 {
		if err := s.add([]byte{byte(i)}, nil); err != nil {
			t.Fatal(err)
		}
	}
	stop := errors.New("stop")
	if err := s.each(func(_, _ []byte) error { return stop }); err != stop {
		t.Errorf("got %v", err)
	}
}

func TestOrdered(t *testing.T) {
	var jobs, got []int
	for i := range 500 {
		jobs = append(jobs, i)
	}
	work := func(_ context.Context, i int) (int, error) { return i, nil }
	if err := ordered(t.Context(), 5, jobs, work, func(i int) error { got = append(got, i); return nil }); err != nil || !slices.Equal(got, jobs) {
		t.Errorf("got %v, %v", got, err)
	}
	bad := errors.New("bad")
	if err := ordered(t.Context(), 3, jobs, func(_ context.Context, i int) (int, error) {
		if i == 100 {
			return 0, bad
		}
		return i, nil
	}, func(int) error { return nil }); err != bad {
		t.Errorf("an error of the work: got %v", err)
	}
	if err := ordered(t.Context(), 3, jobs, work, func(i int) error {
		if i == 100 {
			return bad
		}
		return nil
	}); err != bad {
		t.Errorf("an error of the sink: got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := ordered(ctx, 3, jobs, work, func(int) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: got %v", err)
	}
}
