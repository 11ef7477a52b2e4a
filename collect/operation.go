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
// binary would grow by half.
type Op[I, O any] struct{ question }

// question is an Op without its types. Go compiles a generic function anew for every input and output, and there are hundreds: what
// makes the calls works on questions.
type question struct {
	Operation
	do     func(ctx context.Context, cfg aws.Config, in any) (any, error)
	page   func(in, out any) (next **string, token *string)
	fill   func(s *Session, in any)
	final  func(out any) bool
	blank  func() any // a new output
	shared bool
}

// NewOp describes an operation that answers in one page. do makes a client and calls its method; pace, connections and
// credentials are the configuration's, so that a client for each call costs nothing. Without actions, the IAM action is named
// like the operation, with the service's prefix.
func NewOp[I, O any](service, name string, do func(ctx context.Context, cfg aws.Config, in *I) (*O, error), actions ...string) Op[I, O] {
	if len(actions) == 0 {
		actions = []string{awsread.ActionPrefix(service) + ":" + name}
	}
	return Op[I, O]{question{
		Operation: Operation{Operation: awsread.Operation{Service: service, Name: name}, Actions: actions, Output: reflect.TypeFor[O]()},
		do: func(ctx context.Context, cfg aws.Config, in any) (any, error) {
			out, err := do(ctx, cfg, in.(*I))
			if out == nil {
				return nil, err
			}
			return out, err
		},
		blank: func() any { return new(O) },
	}}
}

// call makes the call itself, without limits and record.
func (op Op[I, O]) call(ctx context.Context, cfg aws.Config, in *I) (*O, error) {
	out, err := op.do(ctx, cfg, in)
	o, _ := out.(*O)
	return o, err
}

// Paged says how to get from one page to the next: where the token goes in the next input, and the token of an output,
// nil or empty on the last page.
func (op Op[I, O]) Paged(page func(*I, *O) (next **string, token *string)) Op[I, O] {
	op.Operation.Paged = true
	op.page = func(in, out any) (**string, *string) { return page(in.(*I), out.(*O)) }
	return op
}

// Filled completes the input of every call with what only the session knows: the account's number, for an API that wants to be
// told it.
func (op Op[I, O]) Filled(fill func(s *Session, in *I)) Op[I, O] {
	op.fill = func(s *Session, in any) { fill(s, in.(*I)) }
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
	op.final = func(out any) bool { return final(out.(*O)) }
	return op
}
