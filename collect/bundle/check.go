package bundle

import (
	"bytes"
	"cmp"
	"math/bits"
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

// typeOf is recordType, and makes no new text of those that there are.
func typeOf(t []byte) recordType {
	for _, known := range [...]recordType{typeArtifact, typeCall, typePopulation, typeRun} {
		if string(t) == string(known) {
			return known
		}
	}
	return recordType(t)
}

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
	before                *repeats // nil: only this record is read
}

// repeats are the texts, with their quotes, of the members that mostly say the same in one record after the other.
// What is equal to a text that was checked need not be checked again. They are copies.
type repeats [len(memberNames)][]byte

// checkLine checks a record line: the salt in front, then the members in canonical JSON, then that they are what
// a record of its type holds. rec must be zero but for cited, which is called for every call id that a part, a
// population or a gap names, and before. Errors are *Error without Where.
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
	for last, done := -1, false; !done; {
		n, err := s.field(recordForm, last)
		if err != nil {
			return err
		}
		seen |= 1 << n
		if err := rec.member(s, 1<<n); err != nil {
			return err
		}
		if done, err = s.next('}'); err != nil {
			return err
		}
		last = n
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
	mInterrupted
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

// memberNames are the names behind the bits.
var memberNames = [...]string{
	"account", "accounts", "arn", "at", "aws_date", "caller", "calls", "count", "ended", "gaps", "http_status",
	"id", "input", "interrupted", "kind", "operation", "partition", "parts", "region", "regions", "request_id", "requested",
	"scope", "service", "skew_millis", "started", "status", "tool", "type",
}

// recordForm is the form of records. Records of a type have the same members, in the same order.
var recordForm = func() *form {
	var sequences [][]string
	for _, t := range []recordType{typeCall, typeArtifact, typePopulation, typeRun} { // the most frequent first
		sequences = append(sequences, required(t).names())
	}
	sequences = append(sequences, (required(typePopulation) | mGaps).names(), (required(typeRun) | mInterrupted).names())
	return newForm(memberNames[:], sequences...)
}()

func (m memberSet) names() (out []string) {
	for n, name := range memberNames {
		if m&(1<<n) != 0 {
			out = append(out, name)
		}
	}
	return out
}

var (
	requestedMembers = []string{"key", "value"}
	accountMembers   = []string{"caller", "id", "name", "partition"}
)

// required returns the members of a type, or 0. Beside them a population may have mGaps and a run mInterrupted.
func required(t recordType) memberSet {
	switch t {
	case typeArtifact:
		return mKind | mPartition | mAccount | mRegion | mID | mARN | mParts | mType
	case typeCall:
		return mID | mAccount | mCaller | mRegion | mService | mOperation | mInput | mRequestID | mAt | mAWSDate | mHTTPStatus | mType
	case typePopulation:
		return mKind | mPartition | mAccount | mRegion | mScope | mStatus | mCount | mCalls | mType
	case typeRun:
		return mTool | mStarted | mEnded | mSkewMillis | mRequested | mAccounts | mRegions | mCalls | mType
	}
	return 0
}

// member consumes the value of one member. Members come in the order of their names, so type is the last: what
// depends on it is left to complete.
func (rec *record) member(s *scanner, m memberSet) (err error) {
	switch m {
	case mAccount:
		rec.account, err = rec.repeated(s, m)
	case mRegion:
		rec.region, err = rec.repeated(s, m)
	case mKind:
		rec.kind, err = rec.repeated(s, m)
	case mID:
		rec.id, err = s.text()
	case mARN:
		rec.arn, err = s.text()
	case mScope:
		rec.scope, err = rec.repeated(s, m)
	case mStatus:
		rec.status, err = rec.repeated(s, m)
	case mRequestID:
		_, err = s.text()
	case mType:
		var t []byte
		t, err = rec.repeated(s, m)
		rec.typ = typeOf(t)
	case mCount:
		rec.count, err = s.natural()
	case mHTTPStatus:
		_, err = s.natural()
	case mSkewMillis:
		_, err = s.integer()
	case mAt, mStarted, mEnded:
		err = s.time()
	case mInterrupted: // said only when it is so
		if !s.lit("true") {
			return s.wrong("want true")
		}
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
		_, err = rec.repeated(s, m)
	}
	return err
}

// repeated is text for a member that may be the same as in the record before.
func (rec *record) repeated(s *scanner, m memberSet) ([]byte, error) {
	if rec.before == nil {
		return s.text()
	}
	known, start := &rec.before[bits.TrailingZeros32(uint32(m))], s.i
	if n := len(*known); n > 0 && len(s.b)-start >= n && string(s.b[start:start+n]) == string(*known) {
		s.i += n
		return s.b[start+1 : s.i-1], nil
	}
	t, err := s.text()
	if err == nil && len(t) == s.i-start-2 { // no escapes
		*known = append((*known)[:0], s.b[start:s.i]...)
	}
	return t, err
}

// complete checks what can be judged only when all members are known, and sets the order of the record.
func (rec *record) complete(s *scanner, seen memberSet) error {
	want := required(rec.typ)
	if want == 0 {
		return s.wrong("unknown record type " + strconv.Quote(string(rec.typ)))
	}
	switch rec.typ {
	case typePopulation:
		want |= seen & mGaps
	case typeRun:
		want |= seen & mInterrupted
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
