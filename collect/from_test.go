package collect

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/auditpack/auditpack/collect/awsread"
	"github.com/auditpack/auditpack/collect/bundle"
)

// fileSession is a session whose answers come from an empty folder.
func fileSession(t *testing.T, region string) (*Session, *Files) {
	t.Helper()
	files, err := OpenFiles(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s := testSession(t)
	s.run.o.From = files
	return s.run.session(s.account, "ec2", region), files
}

type manyIn struct {
	Name, NextToken, Marker *string
	MaxResults              *int32
	All                     *bool
	Names                   []string
	Includes                *includes
	Filters                 []Filter
	Scope                   string
}

type includes struct{ KeyTypes, KeyUsage []string }

// Filter is named as the SDK names it.
type Filter struct {
	Name   *string
	Values []string
}

// TestAsk pins how questions are put to the AWS CLI: without what only serves paging, in words that no value can leave.
func TestAsk(t *testing.T) {

	op := Operation{Operation: awsread.Operation{Service: "iam", Name: "ListMFADevices"}}
	s, _ := fileSession(t, bundle.Global)
	for _, tt := range []struct {
		in   manyIn
		want string
	}{
		{manyIn{MaxResults: aws.Int32(5), Marker: aws.String("m"), NextToken: aws.String("t")}, "iam list-mfa-devices"},
		{manyIn{Name: aws.String("--no-verify-ssl")}, "iam list-mfa-devices --name='--no-verify-ssl'"},
		{manyIn{Name: aws.String("a'; rm -rf ~; '")}, `iam list-mfa-devices --name='a'\''; rm -rf ~; '\'''`},
		{manyIn{All: aws.Bool(true)}, "iam list-mfa-devices --all"},
		{manyIn{All: aws.Bool(false)}, "iam list-mfa-devices --no-all"},
		{manyIn{Names: []string{"-a", "b"}}, `iam list-mfa-devices --names='["-a","b"]'`},
		{manyIn{Includes: &includes{KeyTypes: []string{"RSA_1024"}}}, `iam list-mfa-devices --includes='{"keyTypes":["RSA_1024"]}'`},
		{manyIn{Filters: []Filter{{aws.String("n"), []string{"v"}}}}, `iam list-mfa-devices --filters='[{"Name":"n","Values":["v"]}]'`},
	} {
		q, err := ask(s, op, &tt.in)
		if err != nil || q.command != tt.want {
			t.Errorf("got  %s\nwant %s\nerror %v", q.command, tt.want, err)
		}
	}
	q, err := ask(s, Operation{Operation: awsread.Operation{Service: "wafv2", Name: "ListWebACLs"}}, &manyIn{Scope: "CLOUDFRONT"})
	if want := "wafv2 list-web-acls --region 'us-east-1' --scope='CLOUDFRONT'"; err != nil || q.command != want {
		t.Errorf("got  %s\nwant %s\nerror %v", q.command, want, err)
	}
	if _, err := ask(s, op, &manyIn{Name: aws.String("file:///etc/passwd")}); err == nil {
		t.Error("a value for which the CLI reads a file was put into a command")
	}
}

// TestFileNames pins that no two questions have the same file, and that the file is in the folder.
func TestFileNames(t *testing.T) {
	op := Operation{Operation: awsread.Operation{Service: "iam", Name: "ListMFADevices"}}
	seen := map[string]bool{}
	for _, region := range []string{bundle.Global, "eu-west-1", "../../x"} {
		s, _ := fileSession(t, region)
		for _, in := range []manyIn{
			{}, {All: aws.Bool(true)}, {All: aws.Bool(false)}, {Name: aws.String("a/b")}, {Name: aws.String("a-b")}, {Name: aws.String("A-b")},
			{Name: aws.String(strings.Repeat("x", 100) + "1")}, {Name: aws.String(strings.Repeat("x", 100) + "2")}, {Name: aws.String("../../../etc/passwd")},
		} {
			q, err := ask(s, op, &in)
			if err != nil {
				t.Fatal(err)
			}
			if seen[strings.ToLower(q.file)] {
				t.Errorf("%s is the file of two questions", q.file)
			}
			seen[strings.ToLower(q.file)] = true
			if !filepath.IsLocal(q.file) || filepath.Base(q.file) != q.file || len(q.file) > 200 {
				t.Errorf("%s is no plain name", q.file)
			}
		}
	}
	s, _ := fileSession(t, bundle.Global)
	q, err := ask(s, op, &manyIn{Name: aws.String("a")})
	if _, digest, _ := strings.Cut(q.file, ".a."); err != nil || len(digest) < 32 {
		t.Errorf("%s: a short digest; two of 50,000 names can have the same", q.file)
	}
}

// TestFileAnswers pins what a file says, and that one which says too little is no answer in which nothing is there.
func TestFileAnswers(t *testing.T) {
	absent := Says{Code: "NoSuchThing"}
	for _, tt := range []struct {
		name, file, err string
		code            string // of the failure
		absent, asks    bool
	}{
		{name: "an answer", file: `{"Names": ["x"]}`},
		{name: "nothing is there", file: `{"Names": []}`},
		{name: "an answer without members", file: `{}`},
		{name: "as boto prints it", file: `{"ResponseMetadata": {"HTTPStatusCode": 200}}`},
		{name: "no file", code: codeNotAttempted, asks: true},
		{name: "an empty file", file: "-", code: codeUnclassified},
		{name: "null", file: "null", code: codeUnclassified},
		{name: "a list", file: `["x"]`, code: codeUnclassified},
		{name: "another answer", file: `{"Buckets": []}`, code: codeUnclassified},
		{name: "two answers", file: `{"Names": []}{"Names": ["x"]}`, code: codeUnclassified},
		{name: "cut short", file: `{"Names": [`, code: codeUnclassified},
		{name: "one page", file: `{"Names": [], "Next": "t"}`, code: "OnePage"},
		{name: "absent", err: "An error occurred (NoSuchThing) when calling the DescribeVpcs operation: no", code: "NoSuchThing", absent: true},
		{name: "denied", err: "An error occurred (AccessDenied) when calling the DescribeVpcs operation: no", code: "AccessDenied"},
		{name: "of another operation", err: "An error occurred (NoSuchThing) when calling the DescribeSubnets operation: no", code: codeNotAttempted, asks: true},
		{name: "throttled", err: "An error occurred (Throttling) when calling the DescribeVpcs operation: no", code: "Throttling", asks: true},
		{name: "expired", err: "An error occurred (ExpiredToken) when calling the DescribeVpcs operation: no", code: "ExpiredToken", asks: true},
		{name: "no error of AWS", err: "Unable to locate credentials", code: codeNotAttempted, asks: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, files := fileSession(t, "eu-west-1")
			const file = "eu-west-1.ec2.DescribeVpcs.json"
			for name, text := range map[string]string{file: tt.file, file + ".err": tt.err} {
				if text == "" {
					continue
				}
				if err := os.WriteFile(files.path(name), []byte(strings.TrimPrefix(text, "-")), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			op := (&fake{}).list()
			r := s.fromFile(t.Context(), &op.question, &fakeIn{}, []Says{absent})
			if codeOf(r.failure) != tt.code || (r.failure == nil) != (r.out != nil) || r.failure != nil && r.failure.Absent != tt.absent {
				t.Errorf("failure %+v, want code %q, absent %t", r.failure, tt.code, tt.absent)
			}
			if asks := files.Missing() > 0; asks != tt.asks {
				t.Errorf("asks for the answer: %t, want %t", asks, tt.asks)
			}
		})
	}
	s, _ := fileSession(t, "eu-west-1")
	stopped, stop := context.WithCancel(t.Context())
	stop()
	op := (&fake{}).list()
	if r := s.fromFile(stopped, &op.question, &fakeIn{}, nil); codeOf(r.failure) != codeNotAttempted {
		t.Errorf("after Ctrl-C: %+v", r.failure)
	}
}
