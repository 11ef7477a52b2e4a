package collect

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/auditpack/auditpack/collect/awsread"
	"github.com/auditpack/auditpack/collect/bundle"
)

// Files is a folder of answers of one account that somebody else got with the AWS CLI, for accounts that one may not enter: a second-hand
// source. Each file is the JSON output of one command, pages merged as the CLI does it; beside it, FILE.err is what the CLI said
// where AWS answered with an error. Commands that are missing are noted: Script returns them.
//
// Nobody saw the commands run, so that a file which holds too little must not pass for an answer which does: an empty file is
// what a command leaves that has failed, and one without any member of the answer is of another command.
type Files struct {
	dir     string
	mu      sync.Mutex
	missing map[string]string // file → command
}

// OpenFiles opens a folder of answers.
func OpenFiles(dir string) (*Files, error) {
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil, usage("%s is no folder of AWS CLI output", dir)
	}
	return &Files{dir: dir, missing: map[string]string{}}, nil
}

// SecondHand is the value of the run's setting "source" for what came from Files.
const SecondHand = "AWS CLI output files, second-hand: no request ids, times of the files"

// Script returns a shell script that makes the answers which are missing, to be run in the folder by somebody who may. It is empty
// if there are none. After it has run there can be others: of what the answers name.
func (f *Files) Script() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.missing) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString(`#!/bin/sh
# Read-only AWS CLI commands whose answers auditpack collect --from still needs. Run this in the folder of the answers.
ask() {
  file=$1; shift
  if aws "$@" --output json > "$file.new" 2> "$file.err"; then
    [ -s "$file.new" ] || echo '{}' > "$file.new" # the AWS CLI prints nothing where AWS answers with nothing
    mv "$file.new" "$file"; rm -f "$file.err"
  else
    rm -f "$file.new"
  fi
}
`)
	for _, file := range slices.Sorted(maps.Keys(f.missing)) {
		fmt.Fprintf(&b, "ask %s %s\n", quote(file), f.missing[file])
	}
	return b.String()
}

// Missing returns how many answers are missing.
func (f *Files) Missing() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.missing)
}

// quote writes a word for the shell.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// account reads who made the commands.
func (f *Files) account() (bundle.Account, error) {
	const file = "global.sts.GetCallerIdentity.json"
	var who struct{ Account, Arn string }
	text, err := os.ReadFile(filepath.Join(f.dir, file))
	if errors.Is(err, os.ErrNotExist) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.missing[file] = "sts get-caller-identity"
		return bundle.Account{}, usage("%s is missing: nothing says whose account this is", filepath.Join(f.dir, file))
	}
	if err != nil {
		return bundle.Account{}, fmt.Errorf("reading the caller's identity: %w", err)
	}
	if err := json.Unmarshal(text, &who); err != nil {
		return bundle.Account{}, fmt.Errorf("reading %s: %w", filepath.Join(f.dir, file), err)
	}
	id, err := arn.Parse(who.Arn)
	if err != nil || !accountNumber.MatchString(who.Account) {
		return bundle.Account{}, usage("%s names no account and caller", filepath.Join(f.dir, file))
	}
	return bundle.Account{ID: who.Account, Partition: id.Partition, Caller: who.Arn}, nil
}

// cliError matches how the AWS CLI prints an error that AWS has answered an operation with.
var cliError = regexp.MustCompile(`(?s)An error occurred \(([\w.:-]{1,128})\) when calling the (\w+) operation[^:]*: (.*)`)

// fromFile takes the answer to a question from the folder.
func (s *Session) fromFile(ctx context.Context, op *question, in any, absent []Says) (r reply) {
	if ctx.Err() != nil {
		r.failure = s.run.unasked(op.Operation)
		return r
	}
	f := s.run.o.From
	q, err := ask(s, op.Operation, in)
	if err != nil {
		r.failure = op.failure(codeUnclassified, err.Error())
		return r
	}
	text, at, err := f.read(q.file)
	if err == nil {
		r.out = op.blank()
		err = awsread.DecodeCLI([]byte(text), r.out)
		if err == nil && op.final != nil && !op.final(r.out) {
			err = os.ErrNotExist // the command must be run again
		}
	}
	switch {
	case err == nil:
		r.call = s.run.writeCall(s, q.record(at)).call.ID
		if op.page != nil {
			if _, token := op.page(in, r.out); token != nil && *token != "" {
				r.failure = op.failure("OnePage", f.path(q.file)+" holds one page of the answer: run the command without options for pages; "+
					"if it was, the AWS CLI reads no other pages of it")
			}
		}
	case !errors.Is(err, os.ErrNotExist):
		r.failure = op.failure(codeUnclassified, f.path(q.file)+": "+err.Error())
	default:
		r.call, r.failure = f.said(s, q, absent)
	}
	if r.failure != nil {
		r.out = nil
	}
	s.run.count(s, op.Name, r.failure, r.call != "")
	return r
}

// said is the error that AWS has answered a question with, or the failure of one that has no answer. What AWS said about the moment
// or the credentials is asked again.
func (f *Files) said(s *Session, q *asked, absent []Says) (call string, failure *Failure) {
	text, at, err := f.read(q.file + ".err")
	m := cliError.FindStringSubmatch(text)
	if err != nil || m == nil || m[2] != q.op.Name {
		f.lacks(q)
		return "", q.op.failure(codeNotAttempted, "there is no answer in "+f.path(q.file))
	}
	failure = q.op.failure(m[1], strings.TrimSpace(m[3]))
	failure.judge(q.op, absent)
	if passing(failure) {
		f.lacks(q)
	}
	return s.run.writeCall(s, q.record(at)).call.ID, failure
}

func (f *Files) path(file string) string { return filepath.Join(f.dir, file) }

// read returns a file and when it was written.
func (f *Files) read(file string) (text string, at time.Time, err error) {
	info, err := os.Stat(f.path(file))
	if err != nil {
		return "", at, err
	}
	if info.Size() > maxAnswer {
		return "", at, fmt.Errorf("%d bytes, at most %d", info.Size(), maxAnswer)
	}
	b, err := os.ReadFile(f.path(file))
	if err != nil {
		return "", at, err
	}
	return string(b), info.ModTime(), nil
}

// maxAnswer bounds a file: more than the answer of any one command. Reading it takes some ten times its size in memory.
const maxAnswer = 256 << 20

func (f *Files) lacks(q *asked) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.missing[q.file] = q.command
}

// asked is a question, as the AWS CLI puts it.
type asked struct {
	op            Operation
	file, command string
	input         json.RawMessage
}

// record is what a bundle says of a call that somebody else has made: no request id, and the time of the file.
func (q *asked) record(at time.Time) *awsread.Record {
	return &awsread.Record{Operation: q.op.Operation, Input: q.input, At: at.UTC()}
}

// ask puts a question as a command, and names the file of its answer: after the operation, and after the values of its options with a
// digest of them, because those can hold what a file's name cannot. Options for pages are left out; the CLI reads all pages.
func ask(s *Session, op Operation, in any) (*asked, error) {
	q := &asked{op: op}
	var err error
	if q.input, err = awsread.Encode(op.Operation, in); err != nil {
		return nil, err
	}
	service := op.Service
	if name, ok := cliNames[service]; ok {
		service = name
	}
	words := []string{service, kebab(op.Name)}
	if region := cliRegion(s, op); region != "" {
		words = append(words, "--region", quote(region))
	}
	asks := len(words)
	v := reflect.ValueOf(in).Elem()
	var values []string
	for i := range v.NumField() {
		name := v.Type().Field(i).Name
		if !v.Type().Field(i).IsExported() || v.Field(i).IsZero() || pageOption.MatchString(name) {
			continue
		}
		option, value, err := optionOf(name, v.Field(i))
		if err != nil {
			return nil, fmt.Errorf("putting %s as a command: %w", op, err)
		}
		words = append(words, option...)
		values = append(values, value...)
	}
	q.command = strings.Join(words, " ")
	parts := []string{nameOf(s.region), op.Service, op.Name}
	if len(words) > asks {
		sum := sha256.Sum256([]byte(strings.Join(words, "\x00")))
		slug := nameOf(strings.Join(values, "."))
		parts = append(parts, slug[:min(len(slug), 60)], fmt.Sprintf("%x", sum[:16]))
	}
	q.file = strings.Join(parts, ".") + ".json"
	return q, nil
}

// cliRegion is the region in which a question must be asked. One about the account as a whole can be asked in any, but for what AWS
// keeps once for the world, in its standard partition, behind endpoints that the AWS CLI does not find by itself.
func cliRegion(s *Session, op Operation) string {
	switch {
	case s.region != bundle.Global:
		return s.region
	case s.Partition() != "aws":
		return ""
	case op.Service == "wafv2", op.Service == "fms" && op.Name == "GetAdminAccount":
		return "us-east-1"
	case op.Service == "s3control" && strings.Contains(op.Name, "MultiRegionAccessPoint"):
		return "us-west-2"
	}
	return ""
}

var (
	cliNames   = map[string]string{"config": "configservice", "s3": "s3api"}
	pageOption = regexp.MustCompile(`^(Max[A-Z]\w*|Limit|PageSize|NextToken|Marker|\w*Token|StartingPosition|Position)$`)
	notInName  = regexp.MustCompile(`[^A-Za-z0-9._]+`)
	firstCap   = regexp.MustCompile(`(.)([A-Z][a-z]+)`)
	endCap     = regexp.MustCompile(`([a-z0-9])([A-Z])`)
	plural     = regexp.MustCompile(`[A-Z]{2,}s$`)
)

// kebab is how the AWS CLI spells the name of an operation or member: "ListMFADevices" is list-mfa-devices, "ListWebACLs" list-web-acls.
func kebab(name string) string {
	if m := plural.FindString(name); m != "" {
		name = name[:len(name)-len(m)] + "-" + strings.ToLower(m)
	}
	name = firstCap.ReplaceAllString(name, "$1-$2")
	name = endCap.ReplaceAllString(name, "$1-$2")
	return strings.ReplaceAll(strings.ToLower(name), "--", "-")
}

// nameOf makes a text fit to be a part of a file's name.
func nameOf(s string) string { return strings.Trim(notInName.ReplaceAllString(s, "-"), "-.") }

// optionOf is a member of an input as words of a command, and the values among them. An option and its value are one word, so that a
// value which begins with a dash is none.
func optionOf(name string, v reflect.Value) (words, values []string, err error) {
	option := "--" + kebab(name)
	for v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	switch {
	case v.Kind() == reflect.Bool && v.Bool():
		return []string{option}, []string{option[2:]}, nil
	case v.Kind() == reflect.Bool:
		return []string{"--no-" + option[2:]}, []string{"no-" + option[2:]}, nil
	case v.Kind() == reflect.String:
		if followed.MatchString(v.String()) {
			return nil, nil, fmt.Errorf("the AWS CLI would read the file that %s %q names", option, v.String())
		}
		return []string{option + "=" + quote(v.String())}, []string{v.String()}, nil
	}
	text, err := json.Marshal(plain(v))
	return []string{option + "=" + quote(string(text))}, []string{string(text)}, err
}

// followed matches values in place of which the AWS CLI takes the contents of a file.
var followed = regexp.MustCompile(`^fileb?://`)

// capitalised are the structures whose members begin with a capital letter in the API's model.
var capitalised = []string{"Condition", "Filter", "FindingCriteria"}

// plain is the value of a member as the API's model spells it: what is not set is left out. The structures in inputs of operations
// that are asked here begin their members with a small letter, but for the capitalised ones.
func plain(v reflect.Value) any {
	for v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.Slice:
		list := make([]any, v.Len())
		for i := range v.Len() {
			list[i] = plain(v.Index(i))
		}
		return list
	case reflect.Map:
		items := map[string]any{}
		for _, key := range v.MapKeys() {
			items[key.String()] = plain(v.MapIndex(key))
		}
		return items
	case reflect.Struct:
		members := map[string]any{}
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if !f.IsExported() || v.Field(i).IsZero() {
				continue
			}
			name := f.Name
			if !slices.Contains(capitalised, v.Type().Name()) {
				name = strings.ToLower(name[:1]) + name[1:]
			}
			members[name] = plain(v.Field(i))
		}
		return members
	}
	return v.Interface()
}
