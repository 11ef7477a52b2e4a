package awsread

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// ErrRefused is the error of an operation that is not on the list.
var ErrRefused = errors.New("not a reviewed read-only operation")

// Record is what is kept of a logical call: one request as the caller made it, though the SDK may have sent it several
// times. The fields about the answer are those of the last attempt.
type Record struct {
	Operation  Operation
	Input      json.RawMessage // canonical JSON, secrets replaced
	At         time.Time       // local clock when the call began, UTC
	RequestID  string
	AWSDate    string // Date header, verbatim
	HTTPStatus int    // 0: no answer
	Attempts   int    // requests that were signed and handed to the network
	Skew       time.Duration
	HasSkew    bool // Skew, AWS's clock minus the local one, is known
}

// Sent reports whether a request was handed to the network at all.
func (r *Record) Sent() bool { return r.Attempts > 0 }

type recordKey struct{}

// WithRecord returns a context for one call and the record that the call will fill in. It must not be read before the call
// has returned.
func WithRecord(ctx context.Context) (context.Context, *Record) {
	r := &Record{}
	return context.WithValue(ctx, recordKey{}, r), r
}

// OperationOf returns the operation that a request's context is for, once the guard has let it pass.
func OperationOf(ctx context.Context) Operation { return recordOf(ctx).Operation }

func recordOf(ctx context.Context) *Record {
	if r, ok := ctx.Value(recordKey{}).(*Record); ok {
		return r
	}
	return &Record{}
}

// metadataStep is the middleware by which some of the SDK's clients say which service and operation a request is for. The others
// have said it before the first step.
var metadataStep = (&awsmiddleware.RegisterServiceMetadata{}).ID()

// addGuard puts the guard at the very beginning of a request, as soon as the operation is known, and the recorder around each
// attempt.
func addGuard(stack *middleware.Stack) error {
	g := middleware.InitializeMiddlewareFunc("AuditpackGuard", guard)
	err := stack.Initialize.Insert(g, metadataStep, middleware.After)
	if _, known := stack.Initialize.Get(metadataStep); !known {
		err = stack.Initialize.Add(g, middleware.Before)
	}
	if err != nil {
		return fmt.Errorf("adding the read-only guard: %w", err)
	}
	if err := stack.Deserialize.Add(middleware.DeserializeMiddlewareFunc("AuditpackRecord", observe), middleware.Before); err != nil {
		return fmt.Errorf("adding the call recorder: %w", err)
	}
	return nil
}

// guard stops every operation that is not on the list, and notes what is asked.
func guard(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
	var none middleware.InitializeOutput
	op := Operation{byID[awsmiddleware.GetServiceID(ctx)], awsmiddleware.GetOperationName(ctx)}
	if _, ok := reviewed[op]; !ok {
		return none, middleware.Metadata{}, fmt.Errorf("%s %s: %w", awsmiddleware.GetServiceID(ctx), op.Name, ErrRefused)
	}
	input, err := Encode(op, in.Parameters)
	if err != nil {
		return none, middleware.Metadata{}, fmt.Errorf("recording the input of %s: %w", op, err)
	}
	r := recordOf(ctx)
	r.Operation, r.Input, r.At = op, input, time.Now().UTC()
	return next.HandleInitialize(ctx, in)
}

// observe notes one attempt and its answer.
func observe(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
	r := recordOf(ctx)
	r.Attempts++
	r.HTTPStatus, r.RequestID, r.AWSDate, r.HasSkew = 0, "", "", false
	sent := time.Now()
	out, metadata, err := next.HandleDeserialize(ctx, in)
	resp, ok := out.RawResponse.(*smithyhttp.Response)
	if !ok || resp == nil || resp.Response == nil {
		return out, metadata, err
	}
	r.HTTPStatus = resp.StatusCode
	r.RequestID = requestID(resp.Header, metadata)
	r.AWSDate = resp.Header.Get("Date")
	if at, perr := http.ParseTime(r.AWSDate); perr == nil {
		r.Skew, r.HasSkew = skew(at, sent, time.Now()), true
	}
	return out, metadata, err
}

// requestID takes the id from where the SDK found it, or from the headers that AWS's services use.
func requestID(h http.Header, metadata middleware.Metadata) string {
	if id, ok := awsmiddleware.GetRequestIDMetadata(metadata); ok && id != "" {
		return id
	}
	for _, name := range []string{"X-Amzn-Requestid", "X-Amz-Request-Id", "X-Amz-Requestid"} {
		if id := h.Get(name); id != "" {
			return id
		}
	}
	return ""
}

// skew compares AWS's clock, which says a whole second, with the local times at which the request left and the answer came.
// It is 0 when the answer could have been given at that moment.
func skew(date, sent, received time.Time) time.Duration {
	switch {
	case date.Add(time.Second).Before(sent):
		return date.Add(time.Second).Sub(sent).Round(time.Millisecond)
	case date.After(received):
		return date.Sub(received).Round(time.Millisecond)
	}
	return 0
}
