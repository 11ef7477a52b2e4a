package testbed

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
)

// Protocol is the wire protocol of a request, which decides the shape of an error answer.
type Protocol string

// The AWS protocols, named as in the Smithy specification (https://smithy.io/2.0/aws/protocols/index.html).
const (
	Query    Protocol = "awsQuery"
	EC2Query Protocol = "ec2Query"
	RESTXML  Protocol = "restXml"
	JSON     Protocol = "awsJson"
	RESTJSON Protocol = "restJson1"
)

// Request says what an HTTP request asks AWS for.
type Request struct {
	Service   string // as IAM actions spell it, except s3control: "iam", "s3", "logs"; "" when it could not be told
	Operation string // "ListUsers"; "" when it could not be told
	Region    string // of the signature's credential scope; "" on an unsigned request
	Protocol  Protocol
	Bucket    string // of an S3 request on one bucket

	form url.Values                 // of the query protocols
	json map[string]json.RawMessage // of the JSON protocols
	http *http.Request
}

// targets maps the prefix of X-Amz-Target to a service.
var targets = map[string]string{
	"TrentService":                  "kms",
	"Logs_20140328":                 "logs",
	"StarlingDoveService":           "config",
	"GraniteServiceVersion20100801": "cloudwatch",
	"CloudTrail_20131101":           "cloudtrail",
	"com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101": "cloudtrail",
}

// OperationHeader is a request header by which a test's client may say what it asks for: "service:Operation". The collector's
// clients know; for the REST protocols nothing in the request itself says it.
const OperationHeader = "X-Auditpack-Operation"

// scopes maps the service name of a credential scope to the service's own name where the two differ.
var scopes = map[string]string{"monitoring": "cloudwatch"}

// Identify finds out which operation req asks for. body is the request's body.
func Identify(req *http.Request, body []byte) Request {
	r := Request{http: req}
	r.Region, r.Service = credentialScope(req.Header.Get("Authorization"))
	if s, ok := scopes[r.Service]; ok {
		r.Service = s
	}
	contentType := req.Header.Get("Content-Type")
	switch {
	case req.Header.Get("X-Amz-Target") != "":
		r.Protocol = JSON
		prefix, op, _ := cutLast(req.Header.Get("X-Amz-Target"), ".")
		r.Operation = op
		if s, ok := targets[prefix]; ok {
			r.Service = s
		}
		r.decodeJSON(body)
	case strings.HasPrefix(contentType, "application/x-www-form-urlencoded"):
		r.Protocol = Query
		if r.Service == "ec2" {
			r.Protocol = EC2Query
		}
		// A body that is no form has no Action, and the request stays unidentified.
		r.form, _ = url.ParseQuery(string(body))
		r.Operation = r.form.Get("Action")
	case r.Service == "s3" && strings.HasPrefix(req.URL.Path, "/v20180820/"):
		r.Service, r.Protocol = "s3control", RESTXML
		if req.URL.Path == "/v20180820/configuration/publicAccessBlock" {
			r.Operation = verb(req.Method) + "PublicAccessBlock"
		}
	case r.Service == "s3":
		r.Protocol = RESTXML
		r.identifyS3()
	case r.Service == "cloudfront", r.Service == "route53":
		r.Protocol = RESTXML
	default:
		r.Protocol = RESTJSON
		r.decodeJSON(body)
		r.Operation = restJSONOperation(r.Service, req.Method, req.URL.Path)
	}
	if service, operation, ok := strings.Cut(req.Header.Get(OperationHeader), ":"); ok && service != "" {
		r.Service, r.Operation = service, operation
	}
	return r
}

// credentialScope returns region and service from an AWS Signature Version 4 header:
// "AWS4-HMAC-SHA256 Credential=<key id>/<date>/<region>/<service>/aws4_request, …".
func credentialScope(authorization string) (region, service string) {
	_, rest, ok := strings.Cut(authorization, "Credential=")
	if !ok {
		return "", ""
	}
	credential, _, _ := strings.Cut(rest, ",")
	parts := strings.Split(strings.TrimSpace(credential), "/")
	if len(parts) < 5 {
		return "", ""
	}
	return parts[len(parts)-3], parts[len(parts)-2]
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

func (r *Request) decodeJSON(body []byte) {
	if len(body) == 0 || json.Unmarshal(body, &r.json) != nil {
		r.json = map[string]json.RawMessage{}
	}
}

// Param returns a parameter of the request by its wire name: from the form, the JSON body or the query string. It is "" when the
// request does not have it or when it is not a string.
func (r *Request) Param(name string) string {
	if v := r.form.Get(name); v != "" {
		return v
	}
	if raw, ok := r.json[name]; ok {
		var s string
		if json.Unmarshal(raw, &s) == nil {
			return s
		}
	}
	return r.http.URL.Query().Get(name)
}

// Texts returns a parameter of a JSON request that is a list of strings, or nil.
func (r *Request) Texts(name string) []string {
	var out []string
	if raw, ok := r.json[name]; !ok || json.Unmarshal(raw, &out) != nil {
		return nil
	}
	return out
}

func verb(method string) string {
	switch method {
	case http.MethodPut:
		return "Put"
	case http.MethodDelete:
		return "Delete"
	case http.MethodHead:
		return "Head"
	case http.MethodPost:
		return "Post"
	default:
		return "Get"
	}
}

// s3Subresources maps the query parameter that selects a bucket setting to the noun of its operations, for the settings that
// an auditor or the seed program touches.
var s3Subresources = map[string]string{
	"acl": "BucketAcl", "encryption": "BucketEncryption", "location": "BucketLocation", "logging": "BucketLogging",
	"ownershipControls": "BucketOwnershipControls", "policy": "BucketPolicy", "policyStatus": "BucketPolicyStatus",
	"publicAccessBlock": "PublicAccessBlock", "tagging": "BucketTagging", "versioning": "BucketVersioning",
	"lifecycle": "BucketLifecycleConfiguration", "replication": "BucketReplication", "website": "BucketWebsite",
	"notification": "BucketNotificationConfiguration", "object-lock": "ObjectLockConfiguration", "cors": "BucketCors",
}

// identifyS3 names a path-style S3 request.
func (r *Request) identifyS3() {
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.http.URL.Path, "/"), "/")
	r.Bucket = bucket
	switch {
	case bucket == "":
		if r.http.Method == http.MethodGet {
			r.Operation = "ListBuckets"
		}
	case key != "":
		r.Operation = verb(r.http.Method) + "Object"
	default:
		for param := range r.http.URL.Query() {
			if noun, ok := s3Subresources[param]; ok {
				r.Operation = verb(r.http.Method) + noun
				return
			}
		}
		if r.http.Method == http.MethodPut {
			r.Operation = "CreateBucket"
		}
	}
}

// restRoute is one operation of a REST JSON service. A path segment "*" matches anything.
type restRoute struct{ service, method, path, operation string }

// restRoutes lists the REST JSON operations that the collector or the seed program uses.
var restRoutes = []restRoute{
	{"account", "POST", "/getContactInformation", "GetContactInformation"},
	{"account", "POST", "/putContactInformation", "PutContactInformation"},
	{"account", "POST", "/getAlternateContact", "GetAlternateContact"},
	{"account", "POST", "/putAlternateContact", "PutAlternateContact"},
	{"guardduty", "GET", "/detector", "ListDetectors"},
	{"guardduty", "POST", "/detector", "CreateDetector"},
	{"guardduty", "GET", "/detector/*", "GetDetector"},
	{"securityhub", "GET", "/accounts", "DescribeHub"},
	{"securityhub", "POST", "/accounts", "EnableSecurityHub"},
	{"securityhub", "POST", "/standards/get", "GetEnabledStandards"},
	{"securityhub", "POST", "/standards/register", "BatchEnableStandards"},
}

func restJSONOperation(service, method, path string) string {
	segments := strings.Split(path, "/")
	for _, route := range restRoutes {
		if route.service == service && route.method == method && matchPath(strings.Split(route.path, "/"), segments) {
			return route.operation
		}
	}
	return ""
}

func matchPath(pattern, segments []string) bool {
	if len(pattern) != len(segments) {
		return false
	}
	for i, p := range pattern {
		if p != "*" && p != segments[i] {
			return false
		}
	}
	return true
}
