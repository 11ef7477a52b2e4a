package testbed

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"
)

// Fault says what the proxy does to the requests that it matches, instead of or before passing them on.
type Fault struct {
	// Service, Operation and Region choose the requests; an empty one matches any. Service is spelled as in [Request].
	Service, Operation, Region string
	// Match, if set, must also hold.
	Match func(*Request) bool
	// Times is how many matching requests are hit; 0 means all.
	Times int
	// Do is what happens.
	Do Action

	hits *atomic.Int64
}

// Action is what a [Fault] does. Make one with [Deny], [DenyByPolicy], [Throttle], [Fail], [Delay], [Cut] or [Garble].
type Action struct {
	delay time.Duration
	cut   bool
	reply func(*Request) (status int, code, message string)
	raw   *Response
}

// Deny answers that the caller lacks the permission, in the words and with the error code that the service uses.
func Deny() Action {
	return Action{reply: func(r *Request) (int, string, string) {
		return http.StatusForbidden, denyCode(r), fmt.Sprintf("%s because no identity-based policy allows the %s action", notAuthorized(r), action(r))
	}}
}

// DenyByPolicy answers that a service control policy forbids the operation explicitly, as AWS does in a region that the
// organization has closed.
func DenyByPolicy() Action {
	return Action{reply: func(r *Request) (int, string, string) {
		return http.StatusForbidden, denyCode(r), notAuthorized(r) + " with an explicit deny in a service control policy"
	}}
}

// Throttle answers that there were too many requests.
func Throttle() Action {
	return Action{reply: func(r *Request) (int, string, string) {
		switch r.Protocol {
		case EC2Query:
			return http.StatusServiceUnavailable, "RequestLimitExceeded", "Request limit exceeded."
		case RESTXML:
			return http.StatusServiceUnavailable, "SlowDown", "Please reduce your request rate."
		case Query:
			return http.StatusBadRequest, "Throttling", "Rate exceeded"
		case RESTJSON:
			return http.StatusTooManyRequests, "TooManyRequestsException", "Too many requests"
		default:
			return http.StatusBadRequest, "ThrottlingException", "Rate exceeded"
		}
	}}
}

// Fail answers with an error of the caller's choice, in the shape of the request's protocol.
func Fail(status int, code, message string) Action {
	return Action{reply: func(*Request) (int, string, string) { return status, code, message }}
}

// Delay holds the request back for d and then passes it on.
func Delay(d time.Duration) Action { return Action{delay: d} }

// Cut closes the connection without an answer.
func Cut() Action { return Action{cut: true} }

// Garble answers with status 500 and an HTML page, as a broken load balancer does: no AWS error can be read from it.
func Garble() Action {
	header := http.Header{"Content-Type": {"text/html"}}
	return Action{raw: &Response{Status: http.StatusInternalServerError, Header: header,
		Body: []byte("<!doctype html><title>500 Internal Server Error</title><h1>Internal Server Error</h1>")}}
}

func (f *Fault) matches(r *Request) bool {
	if f.Service != "" && f.Service != r.Service || f.Operation != "" && f.Operation != r.Operation || f.Region != "" && f.Region != r.Region {
		return false
	}
	if f.Match != nil && !f.Match(r) {
		return false
	}
	n := f.hits.Add(1)
	return f.Times == 0 || n <= int64(f.Times)
}

// denyCode is the error code of a missing permission. It differs by protocol and age of the service.
func denyCode(r *Request) string {
	switch r.Protocol {
	case EC2Query:
		return "UnauthorizedOperation"
	case Query, RESTXML:
		return "AccessDenied"
	default:
		return "AccessDeniedException"
	}
}

func action(r *Request) string {
	service := r.Service
	if service == "s3control" {
		service = "s3"
	}
	return service + ":" + r.Operation
}

func notAuthorized(r *Request) string {
	return fmt.Sprintf("User: arn:aws:iam::%s:user/auditor is not authorized to perform: %s on resource: *", AccountID, action(r))
}

// Response is an answer that the proxy has read in full.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// errorResponse writes an error in the shape of the protocol.
func errorResponse(r *Request, status int, code, message string) *Response {
	id := fmt.Sprintf("testbed-%08d", requestIDs.Add(1))
	h := http.Header{"X-Amzn-Requestid": {id}}
	switch r.Protocol {
	case Query:
		h.Set("Content-Type", "text/xml")
		return &Response{status, h, fmt.Appendf(nil, "<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error><RequestId>%s</RequestId></ErrorResponse>",
			code, escapeXML(message), id)}
	case EC2Query:
		h.Set("Content-Type", "text/xml;charset=UTF-8")
		return &Response{status, h, fmt.Appendf(nil, "<Response><Errors><Error><Code>%s</Code><Message>%s</Message></Error></Errors><RequestID>%s</RequestID></Response>",
			code, escapeXML(message), id)}
	case RESTXML:
		h.Set("Content-Type", "application/xml")
		h.Set("X-Amz-Request-Id", id)
		body := fmt.Appendf(nil, "<Error><Code>%s</Code><Message>%s</Message><RequestId>%s</RequestId></Error>", code, escapeXML(message), id)
		if r.Service == "s3control" {
			body = fmt.Appendf(nil, "<ErrorResponse>%s<RequestId>%s</RequestId></ErrorResponse>", body, id)
		}
		return &Response{status, h, body}
	default:
		h.Set("Content-Type", "application/x-amz-json-1.1")
		h.Set("X-Amzn-Errortype", code)
		// A map of strings always encodes.
		body, _ := json.Marshal(map[string]string{"__type": code, "message": message})
		return &Response{status, h, body}
	}
}

var requestIDs atomic.Int64

func escapeXML(s string) string {
	var b bytes.Buffer
	// Writing to a bytes.Buffer does not fail.
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}

func (resp *Response) write(w http.ResponseWriter) {
	h := w.Header()
	for name, values := range resp.Header {
		if name != "Content-Length" && name != "Connection" {
			h[name] = values
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(resp.Body)))
	w.WriteHeader(resp.Status)
	// If the client has gone there is nobody to tell.
	_, _ = w.Write(resp.Body)
}
