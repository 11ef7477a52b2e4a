package collect

import (
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"time"
)

// Update says how far a run is.
type Update struct {
	Planned int    `json:"planned"` // kinds × regions that are known so far
	Done    int    `json:"done"`
	Calls   int    `json:"calls"`
	Gaps    int    `json:"gaps"` // calls that failed
	Account string `json:"account"`
	Region  string `json:"region"`
	Call    string `json:"call"` // the last one, "ec2:DescribeVpcs"
}

// Progress is told after every call. Its method is never called twice at the same time and must return at once.
type Progress interface {
	Update(u Update)
}

// NoProgress ignores updates.
type NoProgress struct{}

// Update does nothing.
func (NoProgress) Update(Update) {}

// progressEvery is the shortest time between two lines of progress.
const progressEvery = 200 * time.Millisecond

// TerminalProgress keeps one line of a terminal up to date. End it with a line feed.
type TerminalProgress struct {
	W    io.Writer
	last time.Time
}

// Update writes over the line.
func (p *TerminalProgress) Update(u Update) {
	if now := time.Now(); u.Done == u.Planned || now.Sub(p.last) >= progressEvery {
		p.last = now
		line := fmt.Sprintf("%d/%d  %d calls, %d gaps  %s %s %s", u.Done, u.Planned, u.Calls, u.Gaps, u.Account, u.Region, u.Call)
		fmt.Fprintf(p.W, "\r\x1b[K%.100s", line)
	}
}

// JSONProgress writes one JSON object a line.
type JSONProgress struct {
	W    io.Writer
	last time.Time
}

// Update writes a line.
func (p *JSONProgress) Update(u Update) {
	if now := time.Now(); u.Done == u.Planned || now.Sub(p.last) >= progressEvery {
		p.last = now
		if b, err := json.Marshal(u); err == nil {
			fmt.Fprintf(p.W, "%s\n", b)
		}
	}
}

// tracker keeps the numbers and passes them on.
type tracker struct {
	mu sync.Mutex
	u  Update
	to Progress
}

func (t *tracker) plan(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.u.Planned += n
}

func (t *tracker) done() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.u.Done++
	t.to.Update(t.u)
}

func (t *tracker) call(s *Session, op string, f *Failure) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.u.Calls++
	if f != nil && !f.Absent {
		t.u.Gaps++
	}
	t.u.Account, t.u.Region, t.u.Call = s.Account(), s.Region(), s.service+":"+op
	t.to.Update(t.u)
}
