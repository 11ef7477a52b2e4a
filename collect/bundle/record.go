package bundle

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// Digest is a SHA-256 digest: of a file, of the SEAL, or of a record as a leaf of its shard's hash tree.
// In text and JSON it is 64 lower-case hexadecimal digits.
type Digest [32]byte

// String returns the 64 hexadecimal digits.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// MarshalText makes a Digest a JSON string.
func (d Digest) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, d[:]), nil }

// UnmarshalText reads what MarshalText wrote and nothing else.
func (d *Digest) UnmarshalText(b []byte) error {
	p, err := ParseDigest(string(b))
	if err == nil {
		*d = p
	}
	return err
}

// ParseDigest reads 64 lower-case hexadecimal digits.
func ParseDigest(s string) (Digest, error) {
	var d Digest
	if len(s) != 2*len(d) {
		return d, fmt.Errorf("digest %q: want %d hexadecimal digits, got %d", s, 2*len(d), len(s))
	}
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return d, fmt.Errorf("digest %q: byte %d is not a lower-case hexadecimal digit", s, i+1)
		}
	}
	if _, err := hex.Decode(d[:], []byte(s)); err != nil {
		return d, fmt.Errorf("digest %q: %w", s, err)
	}
	return d, nil
}

// The names that take the place of an artifact kind in Shard.Kind.
const (
	KindCalls       = "calls"
	KindPopulations = "populations"
	KindRun         = "run"
)

// Global is the region of everything that belongs to an account or an organization as a whole.
const Global = "global"

// Call is one read-only request to AWS.
type Call struct {
	ID         string          `json:"id"`         // "c" and a positive number, unique in the bundle
	Account    string          `json:"account"`    // 12 digits
	Caller     string          `json:"caller"`     // ARN of the identity that made the call
	Region     string          `json:"region"`     // or Global
	Service    string          `json:"service"`    // "s3"
	Operation  string          `json:"operation"`  // "GetBucketPolicy"
	Input      json.RawMessage `json:"input"`      // request members; nil is written as {}
	RequestID  string          `json:"request_id"` // as AWS returned it; the key to the client's own CloudTrail
	At         time.Time       `json:"at"`         // local clock, UTC
	AWSDate    string          `json:"aws_date"`   // Date header of the answer, verbatim
	HTTPStatus int             `json:"http_status"`
}

// State says how the read behind a part ended.
type State string

// The states of a part.
const (
	StateOK     State = "ok"     // AWS answered; Data holds the answer
	StateAbsent State = "absent" // AWS said that nothing is configured; Code holds its word for it
	StateGap    State = "gap"    // could not be seen; Code says why, Action names the IAM action that would open it
)

// From is the place of a list item in the answers of its list call, both counted from 0. Of a list whose part cites more than one
// call, page 0 is all of its pages joined.
type From struct {
	Page  int `json:"page"`
	Index int `json:"index"`
}

// Part is the answer of one logical read: one call, or several pages or sub-calls.
//
// An ok part has Data, at least one call and neither Code, Message nor Action. An absent part has at least one
// call and a Code. A gap has a Code, and no calls if none was made. Only an ok part may have From.
type Part struct {
	State   State           `json:"state"`
	Calls   []string        `json:"calls"`
	From    *From           `json:"from,omitempty"`
	Code    string          `json:"code,omitempty"`
	Message string          `json:"message,omitempty"`
	Action  string          `json:"action,omitempty"`
	Data    json.RawMessage `json:"data,omitempty"`
}

// Artifact is one AWS resource, or one account-wide setting, as the API described it.
// Its identity is partition, account, kind and ARN, or ID where AWS has no ARN.
type Artifact struct {
	Kind      string          `json:"kind"` // "s3.bucket"
	Partition string          `json:"partition"`
	Account   string          `json:"account"`
	Region    string          `json:"region"`
	ID        string          `json:"id"`
	ARN       string          `json:"arn"` // empty where AWS has none
	Parts     map[string]Part `json:"parts"`
}

// Gap is one thing that could not be seen.
type Gap struct {
	Service   string   `json:"service"`
	Operation string   `json:"operation"`
	Code      string   `json:"code"`
	Message   string   `json:"message"`
	Action    string   `json:"action"` // the IAM action that would open it
	Calls     []string `json:"calls"`
}

// The scopes of a population. Account and organization populations live in the region Global.
const (
	ScopeRegion       = "region"
	ScopeAccount      = "account"
	ScopeOrganization = "organization"
)

// The statuses of a population.
const (
	StatusComplete     = "complete"      // every list call was read to its last page
	StatusIncomplete   = "incomplete"    // it was not; Gaps say why
	StatusNotOffered   = "not_offered"   // AWS does not offer the service in that region; complete and empty
	StatusRegionDenied = "region_denied" // a service control policy closes the region; Gaps hold the denial
)

// Population states which artifacts of one kind there are in one account and region, and by which list calls.
// The count of a complete region or account population equals the number of its artifacts in the bundle.
type Population struct {
	Kind      string   `json:"kind"`
	Partition string   `json:"partition"`
	Account   string   `json:"account"`
	Region    string   `json:"region"`
	Scope     string   `json:"scope"`
	Status    string   `json:"status"`
	Count     int      `json:"count"`
	Calls     []string `json:"calls"`
	Gaps      []Gap    `json:"gaps,omitempty"`
}

// Run describes one run of the collector. A bundle holds at least one.
type Run struct {
	Tool       string     `json:"tool"` // name and version
	Started    time.Time  `json:"started"`
	Ended      time.Time  `json:"ended"`
	SkewMillis int64      `json:"skew_millis"` // largest difference of AWS's Date header and the local clock, with its sign: positive if AWS is ahead
	Requested  []KeyValue `json:"requested"`   // the scope that collect was asked for
	Accounts   []Account  `json:"accounts"`
	Regions    []string   `json:"regions"` // visited
	Calls      CallCounts `json:"calls"`

	// Interrupted says that calls were left out because somebody, or something, ended the run early.
	Interrupted bool `json:"interrupted,omitempty"`
}

// Account is one account that a run visited, or could not enter (then Code and Message say why).
type Account struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Partition string `json:"partition"`
	Caller    string `json:"caller"` // ARN of the identity that made the calls
	Code      string `json:"code,omitempty"`
	Message   string `json:"message,omitempty"`
}

// KeyValue is one named setting.
type KeyValue struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// CallCounts counts calls by how they ended. Planned minus the other four were never made.
type CallCounts struct {
	Planned int `json:"planned"`
	OK      int `json:"ok"`
	Absent  int `json:"absent"`
	Denied  int `json:"denied"`
	Failed  int `json:"failed"`
}

func (c *CallCounts) add(o CallCounts) {
	c.Planned += o.Planned
	c.OK += o.OK
	c.Absent += o.Absent
	c.Denied += o.Denied
	c.Failed += o.Failed
}
