package collect

import (
	"context"

	"github.com/auditpack/auditpack/collect/awsread"
)

// Operation is one read operation of the AWS API and what a caller needs to be allowed to make it.
type Operation struct {
	awsread.Operation
	Actions []string // IAM actions, for example "s3:GetEncryptionConfiguration" for GetBucketEncryption
}

// An Op is an Operation together with the method of the SDK's client that performs it.
//
// C is the pointer type of the client, I and O are the operation's input and output, F the client's options. Methods are
// held as method expressions on the concrete client type. A client must never become an interface value: the linker
// would then keep every method of every client, and the binary would grow fivefold.
type Op[C, I, O, F any] struct {
	Operation
	do     func(C, context.Context, *I, ...func(*F)) (*O, error)
	page   func(*I, *O) (next **string, token *string)
	shared bool
}

// NewOp describes an operation that answers in one page. Without actions, the IAM action is "service:name".
func NewOp[C, I, O, F any](service, name string, do func(C, context.Context, *I, ...func(*F)) (*O, error), actions ...string) Op[C, I, O, F] {
	if len(actions) == 0 {
		actions = []string{service + ":" + name}
	}
	return Op[C, I, O, F]{Operation: Operation{awsread.Operation{Service: service, Name: name}, actions}, do: do}
}

// Paged says how to get from one page to the next: where the token goes in the next input, and the token of an output,
// nil or empty on the last page.
func (op Op[C, I, O, F]) Paged(page func(*I, *O) (next **string, token *string)) Op[C, I, O, F] {
	op.page = page
	return op
}

// Shared makes equal reads of a session one read: its answer serves several parts, which all cite the same calls.
func (op Op[C, I, O, F]) Shared() Op[C, I, O, F] {
	op.shared = true
	return op
}
