package bundle

import (
	"bytes"
	"cmp"
	"strconv"
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

// compare orders two records of one shard.
func (rec *record) compare(o *record) int {
	return cmp.Or(bytes.Compare(rec.id, o.id), bytes.Compare(rec.arn, o.arn))
}
