package bundle

import (
	"bytes"
	"cmp"
	"math"
	"slices"
	"strconv"
	"time"
)

// recordType is the value of a record's member "type".
type recordType string

const (
	typeArtifact   recordType = "artifact"
	typeCall       recordType = "call"
	typePopulation recordType = "population"
	typeRun        recordType = "run"
)

// shardKind is the Kind of the shards that hold records of type t with member kind.
func (t recordType) shardKind(kind []byte) string {
	switch t {
	case typeCall:
		return KindCalls
	case typePopulation:
		return KindPopulations
	case typeRun:
		return KindRun
	}
	return string(kind)
}

// record is what checking a line found in it: what places it, orders it and is counted. The texts are decoded and
// may alias the line.
type record struct {
	typ                   recordType
	kind, account, region []byte
	id, arn               []byte // the order within a shard; for a population its kind and scope
	scope, status         []byte
	count                 int
	calls                 CallCounts // of a run
	cited                 func(call []byte)
}

// checkLine checks a record line: the salt in front, then the members in canonical JSON, then that they are what
// a record of its type holds. rec must be zero but for cited, which is called for every call id that a part, a
// population or a gap names. Errors are *Error without Where.
func checkLine(line []byte, rec *record) error {
	if len(line) > MaxRecord {
		return refuse(ReasonRecordMalformed, "", "%d bytes, at most %d", len(line), MaxRecord)
	}
	s := scanner{b: line}
	if err := s.salt(); err != nil {
		return err
	}
	return rec.check(&s)
}

// salt consumes `{"salt":"…",`. What follows is the rest of the object, whose depth is 1.
func (s *scanner) salt() error {
	const lead = `{"salt":"`
	if !s.lit(lead) {
		return s.wrong("want " + lead)
	}
	if len(s.b) < s.i+saltText {
		return s.wrong("salt without end")
	}
	other := byte(0)
	for _, c := range s.b[s.i : s.i+saltText] {
		other |= notSaltDigit[c]
	}
	if other != 0 {
		return s.wrong("salt is not base64url")
	}
	// The last of 22 digits has two bits of the 128; the others are zero.
	if c := s.b[s.i+saltText-1]; c != 'A' && c != 'Q' && c != 'g' && c != 'w' {
		return s.wrong("salt is not 16 bytes")
	}
	s.i += saltText
	if !s.lit(`",`) {
		return s.wrong(`want ", after the salt`)
	}
	s.depth = 1
	return nil
}

// notSaltDigit is 0 for the digits of base64url and 1 for all other bytes.
var notSaltDigit = func() (t [256]byte) {
	for c := range t {
		if bytes.IndexByte([]byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"), byte(c)) < 0 {
			t[c] = 1
		}
	}
	return t
}()

// memberSet says which members an object has seen, by a bit each.
type memberSet uint32

// check consumes the members after the salt and the end of the line.
func (rec *record) check(s *scanner) error {
	var seen memberSet
	err := s.members(func(name []byte) error {
		bit := memberOf(name)
		if bit == 0 {
			return s.wrong("unknown member " + strconv.Quote(string(name)))
		}
		seen |= bit
		return rec.member(s, bit)
	})
	if err != nil {
		return err
	}
	if err := s.end(); err != nil {
		return err
	}
	return rec.complete(s, seen)
}

const (
	mAccount memberSet = 1 << iota
	mAccounts
	mARN
	mAt
	mAWSDate
	mCaller
	mCalls
	mCount
	mEnded
	mGaps
	mHTTPStatus
	mID
	mInput
	mKind
	mOperation
	mPartition
	mParts
	mRegion
	mRegions
	mRequestID
	mRequested
	mScope
	mService
	mSkewMillis
	mStarted
	mStatus
	mTool
	mType
)

// memberOf returns the bit of a name, or 0.
func memberOf(name []byte) memberSet {
	switch string(name) {
	case "account":
		return mAccount
	case "accounts":
		return mAccounts
	case "arn":
		return mARN
	case "at":
		return mAt
	case "aws_date":
		return mAWSDate
	case "caller":
		return mCaller
	case "calls":
		return mCalls
	case "count":
		return mCount
	case "ended":
		return mEnded
	case "gaps":
		return mGaps
	case "http_status":
		return mHTTPStatus
	case "id":
		return mID
	case "input":
		return mInput
	case "kind":
		return mKind
	case "operation":
		return mOperation
	case "partition":
		return mPartition
	case "parts":
		return mParts
	case "region":
		return mRegion
	case "regions":
		return mRegions
	case "request_id":
		return mRequestID
	case "requested":
		return mRequested
	case "scope":
		return mScope
	case "service":
		return mService
	case "skew_millis":
		return mSkewMillis
	case "started":
		return mStarted
	case "status":
		return mStatus
	case "tool":
		return mTool
	case "type":
		return mType
	}
	return 0
}

var (
	requestedMembers = []string{"key", "value"}
	accountMembers   = []string{"caller", "id", "name", "partition"}
)

// required are the members of each type. Only mGaps of a population may be missing.
var required = map[recordType]memberSet{
	typeArtifact:   mKind | mPartition | mAccount | mRegion | mID | mARN | mParts | mType,
	typeCall:       mID | mAccount | mCaller | mRegion | mService | mOperation | mInput | mRequestID | mAt | mAWSDate | mHTTPStatus | mType,
	typePopulation: mKind | mPartition | mAccount | mRegion | mScope | mStatus | mCount | mCalls | mType,
	typeRun:        mTool | mStarted | mEnded | mSkewMillis | mRequested | mAccounts | mRegions | mCalls | mType,
}

// member consumes the value of one member. Members come in the order of their names, so type is the last: what
// depends on it is left to complete.
func (rec *record) member(s *scanner, m memberSet) (err error) {
	switch m {
	case mAccount:
		rec.account, err = s.text()
	case mRegion:
		rec.region, err = s.text()
	case mKind:
		rec.kind, err = s.text()
	case mID:
		rec.id, err = s.text()
	case mARN:
		rec.arn, err = s.text()
	case mScope:
		rec.scope, err = s.text()
	case mStatus:
		rec.status, err = s.text()
	case mType:
		var t []byte
		t, err = s.text()
		rec.typ = recordType(t)
	case mCount:
		rec.count, err = s.natural()
	case mHTTPStatus:
		_, err = s.natural()
	case mSkewMillis:
		_, err = s.integer()
	case mAt, mStarted, mEnded:
		err = s.time()
	case mInput:
		if s.peek() != '{' {
			return s.wrong("want an object")
		}
		err = s.value()
	case mParts:
		err = rec.parts(s)
	case mGaps:
		err = rec.gaps(s)
	case mCalls:
		if s.peek() == '{' { // of a run
			return s.callCounts(&rec.calls)
		}
		_, err = rec.callIDs(s)
	case mRequested:
		err = s.array(func() error { return s.texts(requestedMembers) })
	case mAccounts:
		err = s.array(func() error { return s.texts(accountMembers, "code", "message") })
	case mRegions:
		err = s.array(func() error { _, err := s.text(); return err })
	default:
		_, err = s.text()
	}
	return err
}

// complete checks what can be judged only when all members are known, and sets the order of the record.
func (rec *record) complete(s *scanner, seen memberSet) error {
	want, ok := required[rec.typ]
	if !ok {
		return s.wrong("unknown record type " + strconv.Quote(string(rec.typ)))
	}
	if rec.typ == typePopulation {
		want |= seen & mGaps
	}
	if seen != want {
		return s.wrong("not the members of a record of type " + string(rec.typ))
	}
	if rec.typ == typeRun {
		return nil
	}
	if !isAccount(rec.account) {
		return s.wrong("account is not 12 digits")
	}
	if !isRegion(rec.region) {
		return s.wrong("malformed region")
	}
	switch rec.typ {
	case typeCall:
		if callNumber(rec.id) == 0 {
			return s.wrong("malformed call id")
		}
	case typeArtifact:
		if !isKind(rec.kind) {
			return s.wrong("malformed kind")
		}
		if len(rec.id) == 0 {
			return s.wrong("empty id")
		}
	case typePopulation:
		rec.id, rec.arn = rec.kind, rec.scope
		return rec.population(s, seen&mGaps != 0)
	}
	return nil
}

func (rec *record) population(s *scanner, gaps bool) error {
	if !isKind(rec.kind) {
		return s.wrong("malformed kind")
	}
	global := string(rec.region) == Global
	switch string(rec.scope) {
	case ScopeRegion:
		if global {
			return s.wrong("scope region in the region global")
		}
	case ScopeAccount, ScopeOrganization:
		if !global {
			return s.wrong("scope " + string(rec.scope) + " outside the region global")
		}
	default:
		return s.wrong("unknown scope")
	}
	switch string(rec.status) {
	case StatusComplete:
		if gaps {
			return s.wrong("complete, but with gaps")
		}
	case StatusNotOffered:
		if gaps || rec.count != 0 {
			return s.wrong("not offered, but with gaps or a count")
		}
	case StatusIncomplete, StatusRegionDenied:
		if !gaps {
			return s.wrong(string(rec.status) + ", but without gaps")
		}
	default:
		return s.wrong("unknown status")
	}
	return nil
}

// parts consumes an artifact's parts.
func (rec *record) parts(s *scanner) error {
	return s.object(func(name []byte) error {
		if len(name) == 0 {
			return s.wrong("part without a name")
		}
		return rec.part(s)
	})
}

func (rec *record) part(s *scanner) error {
	var state, code, other []byte // other: message or action
	var calls int
	var data, from, haveCalls bool
	err := s.object(func(name []byte) (err error) {
		switch string(name) {
		case "action", "message":
			other, err = s.filled()
		case "calls":
			haveCalls = true
			calls, err = rec.callIDs(s)
		case "code":
			code, err = s.filled()
		case "data":
			data = true
			err = s.value()
		case "from":
			from = true
			err = s.naturals("index", "page")
		case "state":
			state, err = s.text()
		default:
			err = s.wrong("unknown member " + strconv.Quote(string(name)) + " of a part")
		}
		return err
	})
	if err != nil {
		return err
	}
	if !haveCalls {
		return s.wrong("part without calls")
	}
	switch State(state) {
	case StateOK:
		if !data || calls == 0 || code != nil || other != nil {
			return s.wrong("part in state ok that has no data, no calls, or a code, message or action")
		}
	case StateAbsent:
		if data || from || calls == 0 || code == nil {
			return s.wrong("part in state absent that has data or from, no calls or no code")
		}
	case StateGap:
		if data || from || code == nil {
			return s.wrong("part in state gap that has data or from, or no code")
		}
	default:
		return s.wrong("unknown state of a part")
	}
	return nil
}

func (rec *record) gaps(s *scanner) error {
	if bytes.HasPrefix(s.b[s.i:], []byte("[]")) {
		return s.wrong("empty gaps")
	}
	return s.array(func() error {
		n := 0
		var code []byte
		err := s.object(func(name []byte) (err error) {
			n++
			switch string(name) {
			case "calls":
				_, err = rec.callIDs(s)
			case "code":
				code, err = s.text()
			case "action", "message", "operation", "service":
				_, err = s.text()
			default:
				err = s.wrong("unknown member " + strconv.Quote(string(name)) + " of a gap")
			}
			return err
		})
		if err == nil && (n != 6 || len(code) == 0) {
			err = s.wrong("gap without all of its members or without code")
		}
		return err
	})
}

// callIDs consumes a list of call ids and returns how many there are.
func (rec *record) callIDs(s *scanner) (int, error) {
	n := 0
	err := s.array(func() error {
		id, err := s.text()
		if err != nil {
			return err
		}
		if callNumber(id) == 0 {
			return s.wrong("malformed call id")
		}
		if rec.cited != nil {
			rec.cited(id)
		}
		n++
		return nil
	})
	return n, err
}

func (s *scanner) callCounts(c *CallCounts) error {
	n := 0
	err := s.object(func(name []byte) (err error) {
		n++
		switch string(name) {
		case "absent":
			c.Absent, err = s.natural()
		case "denied":
			c.Denied, err = s.natural()
		case "failed":
			c.Failed, err = s.natural()
		case "ok":
			c.OK, err = s.natural()
		case "planned":
			c.Planned, err = s.natural()
		default:
			err = s.wrong("unknown member " + strconv.Quote(string(name)) + " of call counts")
		}
		return err
	})
	if err == nil && n != 5 {
		err = s.wrong("call counts without all of their members")
	}
	return err
}

// text consumes a string and decodes it.
func (s *scanner) text() ([]byte, error) {
	if s.peek() != '"' {
		return nil, s.wrong("want a string")
	}
	t, escaped, err := s.str()
	if escaped {
		t = unescape(t)
	}
	return t, err
}

// filled consumes a string that is not empty: a member that would be left out if it were.
func (s *scanner) filled() ([]byte, error) {
	t, err := s.text()
	if err == nil && len(t) == 0 {
		err = s.wrong("empty optional member")
	}
	return t, err
}

// texts consumes an object whose members are strings: all of the required ones, and optional ones that are not empty.
func (s *scanner) texts(required []string, optional ...string) error {
	n := 0
	err := s.object(func(name []byte) error {
		t, err := s.text()
		switch {
		case err != nil:
			return err
		case slices.Contains(required, string(name)):
			n++
		case !slices.Contains(optional, string(name)):
			return s.wrong("unknown member " + strconv.Quote(string(name)))
		case len(t) == 0:
			return s.wrong("empty " + string(name))
		}
		return nil
	})
	if err == nil && n != len(required) {
		err = s.wrong("missing member")
	}
	return err
}

// naturals consumes an object of natural numbers with exactly these members, in order.
func (s *scanner) naturals(names ...string) error {
	n := 0
	err := s.object(func(name []byte) error {
		if n >= len(names) || names[n] != string(name) {
			return s.wrong("unexpected member " + strconv.Quote(string(name)))
		}
		n++
		_, err := s.natural()
		return err
	})
	if err == nil && n != len(names) {
		err = s.wrong("missing member")
	}
	return err
}

func (s *scanner) integer() (int64, error) {
	if c := s.peek(); c != '-' && (c < '0' || c > '9') {
		return 0, s.wrong("want an integer")
	}
	t, err := s.number()
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(string(t), 10, 64)
	if err != nil {
		return 0, s.wrong("want an integer")
	}
	return n, nil
}

// natural consumes an integer from 0 to 2^31-1.
func (s *scanner) natural() (int, error) {
	n, err := s.integer()
	if err == nil && (n < 0 || n > math.MaxInt32) {
		err = s.wrong("number out of range")
	}
	return int(n), err
}

// time consumes an RFC 3339 time in UTC.
func (s *scanner) time() error {
	t, err := s.text()
	if err == nil && !isTime(t) {
		err = s.wrong("want an RFC 3339 time in UTC")
	}
	return err
}

// isTime accepts YYYY-MM-DDThh:mm:ssZ, with a fraction of up to three digits if it does not end in 0: what Go makes
// of a time in UTC and milliseconds. It is written out because there is one in every call record.
func isTime(t []byte) bool {
	const layout = "0000-00-00T00:00:00"
	if len(t) <= len(layout) || t[len(t)-1] != 'Z' {
		return false
	}
	for i := range len(layout) {
		if layout[i] == '0' && (t[i] < '0' || t[i] > '9') || layout[i] != '0' && t[i] != layout[i] {
			return false
		}
	}
	two := func(i int) int { return int(t[i]-'0')*10 + int(t[i+1]-'0') }
	year, month, day := two(0)*100+two(2), two(5), two(8)
	if month < 1 || month > 12 || day < 1 || day > 31 || two(11) > 23 || two(14) > 59 || two(17) > 59 {
		return false
	}
	// The day before the first of the next month is the last of this one.
	if day > 28 && day > time.Date(year, time.Month(month+1), 0, 0, 0, 0, 0, time.UTC).Day() {
		return false
	}
	fraction := t[len(layout) : len(t)-1]
	if len(fraction) == 0 {
		return true
	}
	for _, c := range fraction[1:] {
		if c < '0' || c > '9' {
			return false
		}
	}
	return fraction[0] == '.' && len(fraction) > 1 && len(fraction) <= 4 && fraction[len(fraction)-1] != '0'
}

// callNumber returns n of the call id "cn", or 0 if it is none.
func callNumber(id []byte) int {
	if len(id) < 2 || len(id) > 11 || id[0] != 'c' || id[1] == '0' {
		return 0
	}
	n := 0
	for _, c := range id[1:] {
		if c < '0' || c > '9' {
			return 0
		}
		n = 10*n + int(c-'0')
	}
	if n > MaxCallID {
		return 0
	}
	return n
}

func isAccount(b []byte) bool {
	if len(b) != 12 {
		return false
	}
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// isRegion accepts what can be a path component: lower-case words and digits with single hyphens, "us-gov-west-1".
func isRegion(b []byte) bool {
	if len(b) == 0 || len(b) > 32 || b[0] < 'a' || b[0] > 'z' {
		return false
	}
	for i, c := range b {
		if c == '-' && b[i-1] != '-' && i+1 < len(b) || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			continue
		}
		return false
	}
	return true
}

// isKind accepts "service.noun", such as "ec2.ebs-encryption-default": a letter follows every dot and hyphen, so
// that no kind can be taken for a shard number, for KindCalls, KindPopulations or KindRun, or for a device.
func isKind(b []byte) bool {
	if len(b) == 0 || len(b) > 64 {
		return false
	}
	dot, word := 0, true
	for i, c := range b {
		switch {
		case c >= 'a' && c <= 'z':
			word = false
		case c >= '0' && c <= '9' && !word:
		case (c == '-' || c == '.') && !word:
			word = true
			if c == '.' {
				if dot > 0 {
					return false
				}
				dot = i
			}
		default:
			return false
		}
	}
	return dot > 0 && !word && !isDeviceName(string(b[:dot]))
}

// compare orders two records of one shard.
func (rec *record) compare(o *record) int {
	return cmp.Or(bytes.Compare(rec.id, o.id), bytes.Compare(rec.arn, o.arn))
}
