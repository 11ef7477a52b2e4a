package testbed

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// listing says where a list operation carries its items and its tokens.
type listing struct {
	list  string // element or member that holds the items
	in    string // request parameter of the continuation token
	out   string // element or member of the next token
	more  string // element or member that says whether there are more pages; "" if the operation has none
	under string // XML: element that the token goes into; "" for the document's root
}

func iamList(operation, list string) (string, listing) {
	return "iam:" + operation, listing{list: list, in: "Marker", out: "Marker", more: "IsTruncated", under: operation + "Result"}
}

func ec2List(operation, list string) (string, listing) {
	return "ec2:" + operation, listing{list: list, in: "NextToken", out: "nextToken"}
}

func rdsList(operation, list string) (string, listing) {
	return "rds:" + operation, listing{list: list, in: "Marker", out: "Marker", under: operation + "Result"}
}

func snsList(operation, list string) (string, listing) {
	return "sns:" + operation, listing{list: list, in: "NextToken", out: "NextToken", under: operation + "Result"}
}

// listings holds the list operations that the proxy can cut into pages, by "service:Operation". DescribeTrails,
// DescribeConfigurationRecorders, DescribeConfigurationRecorderStatus, DescribeDeliveryChannels, DescribeRegions and
// DescribeDBSnapshotAttributes are not here because AWS does not paginate them.
var listings = makeListings()

func makeListings() map[string]listing {
	m := map[string]listing{
		"s3:ListBuckets":                  {list: "Buckets", in: "continuation-token", out: "ContinuationToken"},
		"cloudwatch:DescribeAlarms":       {list: "MetricAlarms", in: "NextToken", out: "NextToken", under: "DescribeAlarmsResult"},
		"kms:ListKeys":                    {list: "Keys", in: "Marker", out: "NextMarker", more: "Truncated"},
		"kms:ListResourceTags":            {list: "Tags", in: "Marker", out: "NextMarker", more: "Truncated"},
		"logs:DescribeMetricFilters":      {list: "metricFilters", in: "nextToken", out: "nextToken"},
		"guardduty:ListDetectors":         {list: "detectorIds", in: "nextToken", out: "nextToken"},
		"securityhub:GetEnabledStandards": {list: "StandardsSubscriptions", in: "NextToken", out: "NextToken"},
	}
	for op, list := range map[string]string{
		"ListUsers": "Users", "ListGroups": "Groups", "ListRoles": "Roles", "ListPolicies": "Policies",
		"ListMFADevices": "MFADevices", "ListAccessKeys": "AccessKeyMetadata", "ListVirtualMFADevices": "VirtualMFADevices",
		"ListServerCertificates": "ServerCertificateMetadataList", "ListGroupsForUser": "Groups",
		"ListAttachedUserPolicies": "AttachedPolicies", "ListAttachedGroupPolicies": "AttachedPolicies",
		"ListAttachedRolePolicies": "AttachedPolicies", "ListUserPolicies": "PolicyNames", "ListGroupPolicies": "PolicyNames",
		"ListRolePolicies": "PolicyNames", "ListUserTags": "Tags", "ListRoleTags": "Tags",
	} {
		k, v := iamList(op, list)
		m[k] = v
	}
	for op, list := range map[string]string{
		"DescribeSecurityGroups": "securityGroupInfo", "DescribeVolumes": "volumeSet", "DescribeVpcs": "vpcSet",
		"DescribeFlowLogs": "flowLogSet", "DescribeNetworkAcls": "networkAclSet", "DescribeInstances": "reservationSet",
	} {
		k, v := ec2List(op, list)
		m[k] = v
	}
	for op, list := range map[string]string{"DescribeDBInstances": "DBInstances", "DescribeDBClusters": "DBClusters", "DescribeDBSnapshots": "DBSnapshots"} {
		k, v := rdsList(op, list)
		m[k] = v
	}
	for op, list := range map[string]string{"ListTopics": "Topics", "ListSubscriptions": "Subscriptions"} {
		k, v := snsList(op, list)
		m[k] = v
	}
	return m
}

// ListOperations returns the "service:Operation" names whose answers [Proxy.Paginate] cuts.
func ListOperations() []string {
	var names []string
	for name := range listings {
		names = append(names, name)
	}
	return names
}

// pager cuts full answers into pages. A page after the first is served from the answer that the first one was cut from, so that a
// list cannot change between its pages. If the emulator's own answer ends with a token, the last page of the cut passes it on.
type pager struct {
	mu     sync.Mutex
	size   int
	empty  bool
	last   int
	stored map[string]*cutAnswer
}

const tokenPrefix = "testbed-page-"

// ErrUnknownToken reports a continuation token that looks like the proxy's but is not one that it gave out.
var ErrUnknownToken = errors.New("continuation token was never given out")

func newPager() *pager { return &pager{stored: map[string]*cutAnswer{}} }

func (p *pager) set(size int, empty bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.size, p.empty = size, empty
}

// answer returns the page of the list that r asks for; truth is called for the full answer when it is not stored yet.
func (p *pager) answer(r *Request, truth func() (*Response, error)) (*Response, error) {
	p.mu.Lock()
	size, empty := p.size, p.empty
	p.mu.Unlock()
	l, ok := listings[r.Service+":"+r.Operation]
	if !ok || size == 0 {
		return truth()
	}
	if token := r.Param(l.in); strings.HasPrefix(token, tokenPrefix) {
		return p.resume(token, size)
	}
	resp, err := truth()
	if err != nil || resp.Status != http.StatusOK {
		return resp, err
	}
	full, err := cutUp(resp, l, r.Protocol)
	if err != nil {
		return nil, fmt.Errorf("paginating %s:%s: %w", r.Service, r.Operation, err)
	}
	p.mu.Lock()
	p.last++
	id := tokenPrefix + strconv.Itoa(p.last)
	p.stored[id] = full
	p.mu.Unlock()
	if empty && full.len() > 0 {
		return full.page(0, 0, id+"-0")
	}
	return full.pageFrom(0, size, id)
}

func (p *pager) resume(token string, size int) (*Response, error) {
	id, offset, _ := cutLast(token, "-")
	n, err := strconv.Atoi(offset)
	p.mu.Lock()
	full, ok := p.stored[id]
	p.mu.Unlock()
	if !ok || err != nil || n < 0 || n > full.len() {
		return nil, fmt.Errorf("%w: %q", ErrUnknownToken, token)
	}
	return full.pageFrom(n, size, id)
}

// cutAnswer is a list answer with its items told apart.
type cutAnswer struct {
	resp  *Response
	items [][]byte
	// join writes an answer with the given items and token; an empty token means that this is the end of the cut, and the
	// members that speak about further pages stay what they were.
	join func(items [][]byte, token string) ([]byte, error)
}

func (c *cutAnswer) len() int { return len(c.items) }

func (c *cutAnswer) pageFrom(offset, size int, id string) (*Response, error) {
	end := min(offset+size, len(c.items))
	if end == len(c.items) {
		return c.page(offset, end, "")
	}
	return c.page(offset, end, id+"-"+strconv.Itoa(end))
}

func (c *cutAnswer) page(from, to int, token string) (*Response, error) {
	body, err := c.join(c.items[from:to], token)
	if err != nil {
		return nil, err
	}
	return &Response{Status: c.resp.Status, Header: c.resp.Header, Body: body}, nil
}

func cutUp(resp *Response, l listing, protocol Protocol) (*cutAnswer, error) {
	switch protocol {
	case JSON, RESTJSON:
		return cutJSON(resp, l)
	default:
		return cutXML(resp, l)
	}
}

func cutJSON(resp *Response, l listing) (*cutAnswer, error) {
	var doc map[string]json.RawMessage
	if err := json.Unmarshal(resp.Body, &doc); err != nil {
		return nil, err
	}
	var items []json.RawMessage
	if raw, ok := doc[l.list]; ok {
		if err := json.Unmarshal(raw, &items); err != nil {
			return nil, fmt.Errorf("member %s: %w", l.list, err)
		}
	}
	c := &cutAnswer{resp: resp}
	for _, item := range items {
		c.items = append(c.items, item)
	}
	c.join = func(items [][]byte, token string) ([]byte, error) {
		page := make(map[string]json.RawMessage, len(doc)+2)
		for k, v := range doc {
			page[k] = v
		}
		page[l.list] = append(append([]byte{'['}, bytes.Join(items, []byte{','})...), ']')
		if token != "" {
			page[l.out] = json.RawMessage(strconv.Quote(token))
			if l.more != "" {
				page[l.more] = json.RawMessage("true")
			}
		}
		return json.Marshal(page)
	}
	return c, nil
}

// span is a byte range of a document.
type span struct{ from, to int64 }

// xmlMap is what cutXML needs to know about a document.
type xmlMap struct {
	list       span   // the content of the list element
	found      bool   // whether the list element exists
	items      []span // its children
	tokenPlace int64  // where to insert a token: the end of the enclosing element's start tag
	old        []span // token and more-pages elements to leave out when a token is set
}

func cutXML(resp *Response, l listing) (*cutAnswer, error) {
	m, err := mapXML(resp.Body, l)
	if err != nil {
		return nil, err
	}
	c := &cutAnswer{resp: resp}
	if !m.found {
		c.join = func([][]byte, string) ([]byte, error) { return resp.Body, nil }
		return c, nil
	}
	for _, s := range m.items {
		c.items = append(c.items, resp.Body[s.from:s.to])
	}
	c.join = func(items [][]byte, token string) ([]byte, error) {
		var b bytes.Buffer
		at := int64(0)
		skipTo := func(s span) {
			b.Write(resp.Body[at:s.from])
			at = s.to
		}
		skipTo(span{m.tokenPlace, m.tokenPlace})
		if token != "" {
			fmt.Fprintf(&b, "<%s>%s</%s>", l.out, token, l.out)
			if l.more != "" {
				fmt.Fprintf(&b, "<%s>true</%s>", l.more, l.more)
			}
		}
		for _, s := range sortedSpans(m, token != "") {
			skipTo(s)
			if s == m.list {
				b.Write(bytes.Join(items, nil))
			}
		}
		b.Write(resp.Body[at:])
		return b.Bytes(), nil
	}
	return c, nil
}

// sortedSpans returns the list's content and, if the token changes, the old token elements in document order.
func sortedSpans(m *xmlMap, tokenChanges bool) []span {
	if !tokenChanges {
		return []span{m.list}
	}
	var spans []span
	placed := false
	for _, s := range m.old {
		if !placed && m.list.from < s.from {
			spans, placed = append(spans, m.list), true
		}
		spans = append(spans, s)
	}
	if !placed {
		spans = append(spans, m.list)
	}
	return spans
}

// mapXML finds the parts of an XML list answer.
func mapXML(doc []byte, l listing) (*xmlMap, error) {
	d := xml.NewDecoder(bytes.NewReader(doc))
	m := &xmlMap{}
	var path []string
	var starts []int64
	for {
		before := d.InputOffset()
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return m, nil
		}
		if err != nil {
			return nil, err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			if holdsToken(path, t.Name.Local, l) {
				m.tokenPlace = d.InputOffset()
			}
			path, starts = append(path, t.Name.Local), append(starts, before)
			if t.Name.Local == l.list && inEnvelope(path, l) {
				m.found, m.list.from = true, d.InputOffset()
			}
		case xml.EndElement:
			switch parent := path[:len(path)-1]; {
			case t.Name.Local == l.list && inEnvelope(path, l):
				m.list.to = max(before, m.list.from)
				if selfClosing(doc, starts[len(starts)-1], d.InputOffset()) {
					m.found, m.list = false, span{}
				}
			case len(parent) > 0 && parent[len(parent)-1] == l.list && inEnvelope(parent, l):
				m.items = append(m.items, span{starts[len(starts)-1], d.InputOffset()})
			case (t.Name.Local == l.out || l.more != "" && t.Name.Local == l.more) && inEnvelope(path, l):
				m.old = append(m.old, span{starts[len(starts)-1], d.InputOffset()})
			}
			path, starts = path[:len(path)-1], starts[:len(starts)-1]
		}
	}
}

// holdsToken says whether the element name below path is the one that carries the token elements.
func holdsToken(path []string, name string, l listing) bool {
	if l.under == "" {
		return len(path) == 0
	}
	return len(path) == 1 && name == l.under
}

// inEnvelope says whether the last element of path is a direct child of the element that carries the token.
func inEnvelope(path []string, l listing) bool {
	if l.under == "" {
		return len(path) == 2
	}
	return len(path) == 3 && path[1] == l.under
}

// selfClosing says whether the element doc[from:to] is written <like-this/>, which has no room for items.
func selfClosing(doc []byte, from, to int64) bool {
	return bytes.HasSuffix(doc[from:to], []byte("/>"))
}
