package mapping

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// ahead is how many results for each worker may wait for one before them: shards differ in what they cost.
const ahead = 4

// ordered does work on the jobs side by side and hands the results to sink in the order of the jobs, one at a time. Only
// a few results for each worker exist at any moment. The first error ends it.
func ordered[J, R any](ctx context.Context, workers int, jobs []J, work func(context.Context, J) (R, error), sink func(R) error) error {
	type task struct {
		job  J
		done chan R // holds the result
	}
	g, ctx := errgroup.WithContext(ctx)
	todo := make(chan *task)
	order := make(chan *task, ahead*workers)
	g.Go(func() error {
		defer close(todo)
		defer close(order)
		for _, j := range jobs {
			t := &task{j, make(chan R, 1)}
			for _, c := range []chan *task{order, todo} {
				select {
				case c <- t:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
		}
		return nil
	})
	for range workers {
		g.Go(func() error {
			for t := range todo {
				r, err := work(ctx, t.job)
				if err != nil {
					return err
				}
				t.done <- r
			}
			return nil
		})
	}
	g.Go(func() error {
		for t := range order {
			select {
			case r := <-t.done:
				if err := sink(r); err != nil {
					return err
				}
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	return g.Wait()
}
