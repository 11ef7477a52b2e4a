package testbed

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Proxy is an HTTP server in front of an AWS endpoint that misbehaves on demand. Set it up before the first request; the methods
// are safe for concurrent use.
type Proxy struct {
	// URL is the endpoint to give to AWS clients.
	URL string

	upstream *url.URL
	server   *httptest.Server
	client   *http.Client
	pages    *pager

	mu        sync.Mutex
	faults    []Fault
	overrides []Override
	routes    []route
	counts    map[string]int
	answered  map[string]bool
}

// route is an endpoint for the requests that match.
type route struct {
	match    func(*Request) bool
	upstream *url.URL
}

// NewProxy starts a proxy in front of the endpoint upstream, at first with no faults, no forced pagination and no overrides. The
// caller must call [Proxy.Close].
func NewProxy(upstream string) (*Proxy, error) {
	u, err := url.Parse(upstream)
	if err != nil {
		return nil, fmt.Errorf("starting the proxy in front of %q: %w", upstream, err)
	}
	p := &Proxy{
		upstream: u,
		client:   &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true}, CheckRedirect: noRedirect},
		pages:    newPager(),
		counts:   map[string]int{},
		answered: map[string]bool{},
	}
	p.server = httptest.NewServer(http.HandlerFunc(p.serve))
	p.URL = p.server.URL
	return p, nil
}

func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// Close stops the proxy and waits for the requests in progress.
func (p *Proxy) Close() {
	p.server.CloseClientConnections()
	p.server.Close()
	p.client.CloseIdleConnections()
}

// Inject adds faults. The first fault that matches a request decides, except that a delay goes on to the next one.
func (p *Proxy) Inject(faults ...Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, f := range faults {
		f.hits = new(atomic.Int64)
		p.faults = append(p.faults, f)
	}
}

// Heal removes all faults.
func (p *Proxy) Heal() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults = nil
}

// Paginate cuts the list answers named in [ListOperations] to n items a page from now on. With emptyFirst each of these lists
// begins with a page that has no items but a token, which AWS allows itself to do. n = 0 turns the cutting off.
func (p *Proxy) Paginate(n int, emptyFirst bool) { p.pages.set(n, emptyFirst) }

// Override makes the proxy correct answers from now on.
func (p *Proxy) Override(overrides ...Override) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.overrides = append(p.overrides, overrides...)
}

// Route sends the requests that match to another endpoint from now on, with [OperationHeader]. Its answers are neither cut into
// pages nor corrected. The first route that matches decides; faults come before it.
func (p *Proxy) Route(match func(*Request) bool, upstream string) error {
	u, err := url.Parse(upstream)
	if err != nil {
		return fmt.Errorf("routing to %q: %w", upstream, err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.routes = append(p.routes, route{match, u})
	return nil
}

// elsewhere returns the endpoint of the first route that matches, or nil.
func (p *Proxy) elsewhere(r *Request) *url.URL {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, each := range p.routes {
		if each.match(r) {
			return each.upstream
		}
	}
	return nil
}

// Counts returns how many requests arrived for each "service:Operation", those of faults included. Requests that could not be
// identified count under their method and path.
func (p *Proxy) Counts() map[string]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	counts := make(map[string]int, len(p.counts))
	for k, v := range p.counts {
		counts[k] = v
	}
	return counts
}

// Answered returns the operations, "service:Operation", to which the emulator itself gave an answer of AWS's kind. A failure and the
// web page by which it says that it does not know an operation are none, and neither is what faults, routes and overrides say
// in its place.
func (p *Proxy) Answered() map[string]bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.answered)
}

// ResetCounts sets all counts to zero.
func (p *Proxy) ResetCounts() {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.counts)
}

// Client returns an HTTP client for AWS clients that sends every request to the proxy, whatever host it names, so that host
// names with an account id or a bucket in front (S3 Control's "123456789012.s3-control…") work without name resolution.
func (p *Proxy) Client() *http.Client {
	addr := p.server.Listener.Addr().String()
	dialer := &net.Dialer{Timeout: 10 * time.Second}
	transport := &http.Transport{
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, network, addr)
		},
		MaxIdleConns:        64,
		MaxIdleConnsPerHost: 64,
	}
	return &http.Client{Transport: plainHTTP{transport}, CheckRedirect: noRedirect}
}

// plainHTTP sends requests for https URLs in the clear, because the proxy on the loopback interface speaks no TLS, and reads the
// body into memory first. The SDK closes a request's body as soon as the answer has begun, and a reader that it closed fails the
// transport's last look for further bytes with io.EOF, which costs the connection in the middle of the answer. Over a network the
// transport always wins that race; the loopback interface is fast enough for it to lose.
type plainHTTP struct{ next *http.Transport }

func (t plainHTTP) RoundTrip(req *http.Request) (*http.Response, error) {
	out := req.Clone(req.Context())
	out.URL.Scheme = "http"
	body, err := takeBody(req)
	if err != nil {
		return nil, err
	}
	if body != nil {
		out.Body = io.NopCloser(bytes.NewReader(body))
	}
	return t.next.RoundTrip(out)
}

// CloseIdleConnections lets http.Client.CloseIdleConnections work.
func (t plainHTTP) CloseIdleConnections() { t.next.CloseIdleConnections() }

func (p *Proxy) serve(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		http.Error(w, "testbed: reading the request: "+err.Error(), http.StatusBadRequest)
		return
	}
	r := Identify(req, body)
	faults, overrides := p.note(&r)
	if p.misbehave(w, &r, faults) {
		return
	}
	var resp *Response
	if upstream := p.elsewhere(&r); upstream != nil {
		req.Header.Set(OperationHeader, opName(&r))
		resp, err = p.forwardTo(req.Context(), upstream, req, req.URL, body)
	} else {
		resp, err = p.pages.answer(&r, func() (*Response, error) { return p.truth(&r, body, overrides) })
	}
	if err != nil {
		http.Error(w, "testbed: "+err.Error(), http.StatusBadGateway)
		return
	}
	resp.write(w)
}

// note counts the request and returns the faults and overrides that are in force for it.
func (p *Proxy) note(r *Request) ([]Fault, []Override) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.counts[opName(r)]++
	return p.faults, p.overrides
}

// misbehave applies the faults that match and says whether the request has been answered.
func (p *Proxy) misbehave(w http.ResponseWriter, r *Request, faults []Fault) bool {
	for i := range faults {
		f := &faults[i]
		if !f.matches(r) {
			continue
		}
		switch a := f.Do; {
		case a.cut:
			panic(http.ErrAbortHandler)
		case a.raw != nil:
			a.raw.write(w)
			return true
		case a.reply != nil:
			status, code, message := a.reply(r)
			errorResponse(r, status, code, message).write(w)
			return true
		}
		select {
		case <-time.After(f.Do.delay):
		case <-r.http.Context().Done():
			return true
		}
	}
	return false
}

// truth asks the emulator and corrects its answer.
func (p *Proxy) truth(r *Request, body []byte, overrides []Override) (*Response, error) {
	resp, err := p.forward(r.http.Context(), r.http, r.http.URL, body)
	if err != nil {
		return nil, err
	}
	if resp.Status < http.StatusInternalServerError && !isWebPage(resp.Body) {
		p.mu.Lock()
		p.answered[opName(r)] = true
		p.mu.Unlock()
	}
	for _, o := range overrides {
		if o.Service == r.Service && o.Operation == r.Operation {
			u := &Upstream{proxy: p, req: r}
			if err := o.Apply(r, resp, u); err != nil {
				return nil, fmt.Errorf("override %s: %w", o.Name, err)
			}
		}
	}
	// AWS gives every answer a request id; what the emulator does not serve has none.
	if resp.Header.Get("X-Amzn-Requestid") == "" && resp.Header.Get("X-Amz-Request-Id") == "" {
		resp.Header.Set("X-Amzn-Requestid", fmt.Sprintf("testbed-%08d", requestIDs.Add(1)))
	}
	return resp, nil
}

// isWebPage tells a page for people from an answer in one of AWS's protocols.
func isWebPage(body []byte) bool {
	start := strings.ToLower(string(bytes.TrimSpace(body[:min(len(body), 64)])))
	return strings.HasPrefix(start, "<!doctype html") || strings.HasPrefix(start, "<html")
}

// forward sends a copy of req, with another URL path and query, to the emulator and reads the answer.
func (p *Proxy) forward(ctx context.Context, req *http.Request, target *url.URL, body []byte) (*Response, error) {
	return p.forwardTo(ctx, p.upstream, req, target, body)
}

func (p *Proxy) forwardTo(ctx context.Context, upstream *url.URL, req *http.Request, target *url.URL, body []byte) (*Response, error) {
	u := *target
	u.Scheme, u.Host = upstream.Scheme, upstream.Host
	out, err := http.NewRequestWithContext(ctx, req.Method, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	for name, values := range req.Header {
		if !hopByHop[name] {
			out.Header[name] = values
		}
	}
	resp, err := p.client.Do(out)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, fmt.Errorf("reading the answer of %s: %w", upstream, err)
	}
	return &Response{Status: resp.StatusCode, Header: resp.Header, Body: answer}, nil
}

// hopByHop lists the request headers that concern one connection only. Compression is asked for by neither side, so that answers
// can be edited.
var hopByHop = map[string]bool{"Connection": true, "Accept-Encoding": true, "Transfer-Encoding": true, "Content-Length": true}

// Upstream lets an override ask the emulator something else with the signature headers of the request that it corrects. The
// emulator does not check signatures.
type Upstream struct {
	proxy *Proxy
	req   *Request
}

// Target posts another operation of the request's own JSON-protocol service, named as in X-Amz-Target.
func (u *Upstream) Target(target string, body []byte) (*Response, error) {
	req := u.req.http.Clone(u.req.http.Context())
	req.Header.Set("X-Amz-Target", target)
	return u.proxy.forward(req.Context(), req, req.URL, body)
}

// Form posts another form of the request's own query-protocol service.
func (u *Upstream) Form(form url.Values) (*Response, error) {
	return u.proxy.forward(u.req.http.Context(), u.req.http, u.req.http.URL, []byte(form.Encode()))
}

// Get asks the request's own service for another path.
func (u *Upstream) Get(pathAndQuery string) (*Response, error) {
	target, err := url.Parse(pathAndQuery)
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(target.Path, "/") {
		return nil, fmt.Errorf("path %q is not absolute", target.Path)
	}
	return u.proxy.forward(u.req.http.Context(), u.req.http, target, nil)
}
