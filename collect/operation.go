package collect

import (
	"context"
	"reflect"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/auditpack/auditpack/collect/awsread"
)

// Operation is one read operation of the AWS API and what a caller needs to be allowed to make it.
type Operation struct {
	awsread.Operation
	Actions []string     // IAM actions, for example "s3:GetEncryptionConfiguration" for GetBucketEncryption
	Output  reflect.Type // of its answer
	Paged   bool         // its answer comes in pages, which are read to the end
}

// An Op is an Operation that can be made; I and O are its input and output.
//
// It names no client's type, and neither does any other generic type or function here. What a generic function closes over can
// end up in an interface, the linker keeps every method of a type in an interface, and the SDK's clients have thousands: the
// binary would grow from 35 MB to over 100 MB.
type Op[I, O any] struct {
	Operation
	do     func(ctx context.Context, cfg aws.Config, in *I) (*O, error)
	page   func(*I, *O) (next **string, token *string)
	shared bool
	final  func(*O) bool
}

// NewOp describes an operation that answers in one page. do makes a client and calls its method; pace, connections and
// credentials are the configuration's, so that a client for each call costs nothing. Without actions, the IAM action is named
// like the operation, with the service's prefix.
func NewOp[I, O any](service, name string, do func(ctx context.Context, cfg aws.Config, in *I) (*O, error), actions ...string) Op[I, O] {
	if len(actions) == 0 {
		actions = []string{awsread.ActionPrefix(service) + ":" + name}
	}
	return Op[I, O]{do: do, Operation: Operation{
		Operation: awsread.Operation{Service: service, Name: name}, Actions: actions, Output: reflect.TypeFor[O](),
	}}
}

// Paged says how to get from one page to the next: where the token goes in the next input, and the token of an output,
// nil or empty on the last page.
func (op Op[I, O]) Paged(page func(*I, *O) (next **string, token *string)) Op[I, O] {
	op.page, op.Operation.Paged = page, true
	return op
}

// Shared makes equal reads of a session one read: its answer serves several parts, which all cite the same calls.
func (op Op[I, O]) Shared() Op[I, O] {
	op.shared = true
	return op
}

// Until marks an operation that is asked again and again until its answer is final. Answers before that say nothing that a resumed
// run could use.
func (op Op[I, O]) Until(final func(*O) bool) Op[I, O] {
	op.final = final
	return op
}
