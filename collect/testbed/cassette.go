package testbed

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Doer sends an HTTP request. *http.Client and the SDK's aws.HTTPClient are Doers.
type Doer interface {
	Do(*http.Request) (*http.Response, error)
}

// Cassette is a Doer that passes requests on and keeps the answers in memory. A request is known by its method, path, query, target,
// region (but for S3), access key and body; equal requests are kept in order. It is safe for concurrent use.
type Cassette struct {
	next Doer

	mu    sync.Mutex
	takes map[string][]*Response
	ops   map[string]int
}

// NewCassette returns an empty cassette that records what next answers.
func NewCassette(next Doer) *Cassette {
	return &Cassette{next: next, takes: map[string][]*Response{}, ops: map[string]int{}}
}

// Do sends req and records the answer. A request that gets no HTTP answer is not recorded.
func (c *Cassette) Do(req *http.Request) (*http.Response, error) {
	body, err := takeBody(req)
	if err != nil {
		return nil, err
	}
	r := Identify(req, body)
	resp, err := c.next.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, fmt.Errorf("recording %s:%s: %w", r.Service, r.Operation, err)
	}
	take := &Response{Status: resp.StatusCode, Header: resp.Header, Body: answer}
	c.mu.Lock()
	defer c.mu.Unlock()
	k := takeKey(&r, body)
	c.takes[k] = append(c.takes[k], take)
	c.ops[opName(&r)]++
	return take.play(req), nil
}

// Operations returns the "service:Operation" names of the recorded requests, sorted.
func (c *Cassette) Operations() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Sorted(maps.Keys(c.ops))
}

// Replay returns a Doer that answers from the recording, except for the requests that a fault matches. The n-th equal request
// gets the n-th recorded answer, and the last one again after that. Recording must have ended.
func (c *Cassette) Replay(faults ...Fault) *Replay {
	for i := range faults {
		faults[i].hits = new(atomic.Int64)
	}
	return &Replay{cassette: c, faults: faults, plays: map[string]int{}}
}

// Replay is a [Cassette] being played. It is safe for concurrent use.
type Replay struct {
	cassette *Cassette
	faults   []Fault

	mu     sync.Mutex
	plays  map[string]int
	misses []string
	hits   int
}

// Do answers req without a network. A request that was not recorded is an error, and [Replay.Misses] names it. Of the actions of a
// fault, all but a delay work.
func (p *Replay) Do(req *http.Request) (*http.Response, error) {
	body, err := takeBody(req)
	if err != nil {
		return nil, err
	}
	r := Identify(req, body)
	for i := range p.faults {
		if f := &p.faults[i]; f.matches(&r) {
			p.mu.Lock()
			p.hits++
			p.mu.Unlock()
			return f.Do.play(&r, req)
		}
	}
	k := takeKey(&r, body)
	takes := p.cassette.takes[k]
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(takes) == 0 {
		p.misses = append(p.misses, opName(&r)+" in "+r.Region)
		return nil, fmt.Errorf("testbed: no recorded answer for %s in %s", opName(&r), r.Region)
	}
	n := p.plays[k]
	p.plays[k]++
	return takes[min(n, len(takes)-1)].play(req), nil
}

// Misses returns the requests that had no recorded answer. A sweep must check that there are none: to a collector they look like
// failed calls.
func (p *Replay) Misses() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.misses)
}

// Hits returns how many requests a fault answered.
func (p *Replay) Hits() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.hits
}

// play answers as the action says.
func (a Action) play(r *Request, req *http.Request) (*http.Response, error) {
	switch {
	case a.raw != nil:
		return a.raw.play(req), nil
	case a.reply != nil:
		status, code, message := a.reply(r)
		return errorResponse(r, status, code, message).play(req), nil
	default:
		return nil, io.ErrUnexpectedEOF
	}
}

// play makes an HTTP response of the answer.
func (resp *Response) play(req *http.Request) *http.Response {
	return &http.Response{
		Status: http.StatusText(resp.Status), StatusCode: resp.Status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: resp.Header.Clone(), Body: io.NopCloser(bytes.NewReader(resp.Body)), ContentLength: int64(len(resp.Body)), Request: req,
	}
}

// takeBody reads the body of req and puts it back.
func takeBody(req *http.Request) ([]byte, error) {
	if req.Body == nil || req.Body == http.NoBody {
		return nil, nil
	}
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, fmt.Errorf("reading the request body: %w", err)
	}
	if err := req.Body.Close(); err != nil {
		return nil, fmt.Errorf("reading the request body: %w", err)
	}
	req.Body = io.NopCloser(bytes.NewReader(body))
	return body, nil
}

// takeKey is what a request is known by. url.Values.Encode sorts the query. A bucket answers the same in every region, and a collector
// that could not learn a bucket's region has to guess it, so the region does not count for S3.
func takeKey(r *Request, body []byte) string {
	_, credential, _ := strings.Cut(r.http.Header.Get("Authorization"), "Credential=")
	accessKey, _, _ := strings.Cut(credential, "/")
	region := r.Region
	if r.Service == "s3" {
		region = ""
	}
	return strings.Join([]string{accessKey, region, r.Service, r.http.Method, r.http.URL.EscapedPath(), r.http.URL.Query().Encode(),
		r.http.Header.Get("X-Amz-Target"), string(body)}, "\x00")
}

// opName is "service:Operation", or method and path of a request that could not be identified.
func opName(r *Request) string {
	if r.Service == "" || r.Operation == "" {
		return r.http.Method + " " + r.http.URL.Path
	}
	return r.Service + ":" + r.Operation
}
