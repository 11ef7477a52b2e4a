package collect

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/auditpack/auditpack/collect/awsread"
	"github.com/auditpack/auditpack/collect/bundle"
)

// Codes of gaps for which AWS gave none.
const (
	codeNotAttempted = "NotAttempted" // the call was not made, because of an interruption or of a call before it that failed
	codeInterrupted  = "Interrupted"  // the call was under way when the user stopped the collection
	codeRegionDenied = "region_denied"
	codeOptIn        = "OptInRequired" // EC2's own code for a region that the account has not enabled
	codeUnclassified = "Unclassified"  // the answer was no AWS error: HTML of a proxy, a body that does not parse, …
	codeNotAnswered  = "NotAnswered"   // no answer: name resolution, connection, TLS
	codeTimeout      = "Timeout"
	codeRefused      = "Refused"       // the program's own guard; only a defect can cause it
	codeUnsent       = "NoCredentials" // no request was made: no credentials, or an endpoint that cannot be worked out
	codeAnonymous    = "NoRequestID"   // an answer without the id that AWS gives every request
)

// sdkUnknown is what the SDK calls an error answer whose body named no code.
const sdkUnknown = "UnknownError"

// maxMessage bounds the message of a gap, in bytes.
const maxMessage = 600

// Failure is a read that ended without an answer. Absent means that AWS said that nothing is configured.
type Failure struct {
	bundle.Gap
	Absent   bool
	Denied   bool
	Answered bool // by AWS, and it would say the same again
	Status   int  // HTTP status, 0 without an answer
}

// isAbsent reports whether the failure is one of those by which AWS says that nothing is configured.
func (f *Failure) isAbsent(absent []Says) bool {
	return slices.ContainsFunc(absent, func(a Says) bool {
		return a.Code == f.Code && strings.Contains(f.Message, a.Message)
	})
}

// Part turns the failure into a part that cites the calls that were made.
func (f *Failure) Part(calls []string) bundle.Part {
	p := bundle.Part{State: bundle.StateGap, Calls: distinct(calls), Code: f.Code, Message: f.Message, Action: f.Action}
	if f.Absent {
		p.State, p.Message, p.Action = bundle.StateAbsent, "", ""
	}
	return p
}

// failure is a failure of this operation that AWS did not report.
func (o Operation) failure(code, message string) *Failure {
	return &Failure{Gap: bundle.Gap{Service: o.Service, Operation: o.Name, Code: code, Message: clip(message)}}
}

// unsent corrects a failure of a request that never left: what looks like AWS's answer is one about credentials.
func (o Operation) unsent(f *Failure) *Failure {
	if f.Code == codeInterrupted || f.Code == codeRefused {
		return f
	}
	return o.failure(codeUnsent, f.Code+": "+f.Message)
}

// anonymous is the failure of an answer that does not carry the id of the request. The SDK reads an empty body, and some of its
// clients any HTML page of a proxy, as an answer in which nothing is configured; and nobody could find the call in CloudTrail.
func (o Operation) anonymous(status int) *Failure {
	f := o.failure(codeAnonymous, fmt.Sprintf("the answer (HTTP status %d) carries no request id: it may not be from AWS", status))
	f.Status = status
	return f
}

// denied holds AWS's codes for a caller without permission.
var denied = []string{
	"AccessDenied", "AccessDeniedException", "AccessDeniedFault", "UnauthorizedOperation", "UnauthorizedAccess",
	"AuthorizationError", "AuthorizationErrorException", "NotAuthorized", "Forbidden", "ForbiddenException", "InvalidAccessException",
	"AllAccessDisabled", "AccountProblem",
}

// expired holds AWS's codes for credentials that were good and are not any more.
var expired = []string{"ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "RequestExpired"}

// passing reports whether a failure speaks about the moment, not about what was asked: throttling, a timeout, credentials.
func passing(f *Failure) bool {
	_, throttled := retry.DefaultThrottleErrorCodes[f.Code]
	_, retryable := retry.DefaultRetryableErrorCodes[f.Code]
	return throttled || retryable || f.Status == http.StatusTooManyRequests || f.Status == http.StatusRequestTimeout ||
		slices.Contains(expired, f.Code) || slices.Contains(unknownCaller, f.Code)
}

// unknownCaller holds AWS's codes for credentials that the endpoint does not know: mistyped or deleted, or valid only in regions
// that are enabled by default while this one is not.
var unknownCaller = []string{"InvalidClientTokenId", "UnrecognizedClientException", "AuthFailure", "InvalidAccessKeyId", "SignatureDoesNotMatch"}

// classify turns an SDK error into a failure. Nothing escapes it: an error that it does not know is a gap like the others.
func classify(ctx context.Context, op Operation, err error, absent []Says) *Failure {
	f := op.failure(codeUnclassified, err.Error())
	var response *smithyhttp.ResponseError
	if errors.As(err, &response) && response.Response != nil && response.Response.Response != nil {
		f.Status = response.HTTPStatusCode()
	}
	var api smithy.APIError
	var dns *net.DNSError
	var network net.Error
	switch {
	case errors.As(err, &api) && api.ErrorCode() != "" && api.ErrorCode() != sdkUnknown:
		f.Code, f.Message = api.ErrorCode(), clip(api.ErrorMessage())
		if f.Status > 0 { // otherwise it is the SDK that speaks, of credentials
			f.judge(op, absent)
		}
	case ctx.Err() != nil:
		f.Code, f.Message = codeInterrupted, "the collection was interrupted while this call was under way"
	case errors.Is(err, awsread.ErrRefused):
		f.Code = codeRefused
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		f.Code = codeTimeout
	case errors.As(err, &dns), f.Status == 0 && errors.As(err, new(*smithyhttp.RequestSendError)):
		f.Code = codeNotAnswered
	}
	return f
}

// judge says what an error means that AWS has answered with.
func (f *Failure) judge(op Operation, absent []Says) {
	f.Absent = f.isAbsent(absent)
	f.Denied = !f.Absent && slices.Contains(denied, f.Code)
	f.Answered = f.Status >= 400 && f.Status < 500 && !passing(f)
	if f.Denied && len(op.Actions) > 0 {
		f.Action = op.Actions[0]
	}
}

// clip shortens a message to maxMessage bytes.
func clip(s string) string {
	s = awsread.Clean(strings.ToValidUTF8(s, "\uFFFD"))
	if len(s) <= maxMessage {
		return s
	}
	cut := maxMessage
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}

// distinct returns the ids without repetitions, in order, and never nil.
func distinct(ids []string) []string {
	out := make([]string, 0, len(ids))
	seen := map[string]bool{}
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}
