package services

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"crypto/ed25519"
	"crypto/rand"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/awsread"
	"github.com/auditpack/auditpack/collect/bundle"
)

// bigAccount answers, in the process, for an account with very many buckets and log groups: after latency, as a network would.
type bigAccount struct {
	buckets, groups int
	latency         time.Duration
	calls           atomic.Int64
	busy            atomic.Int64 // nanoseconds of calls under way
}

func (b *bigAccount) Do(req *http.Request) (*http.Response, error) {
	started := time.Now()
	defer func() { b.busy.Add(int64(time.Since(started))) }()
	b.calls.Add(1)
	time.Sleep(b.latency)
	status, body := b.answer(req)
	return &http.Response{
		StatusCode: status, Status: http.StatusText(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: req,
		Header: http.Header{"X-Amzn-Requestid": {"r"}, "X-Amz-Request-Id": {"r"}, "Date": {started.UTC().Format(http.TimeFormat)}},
		Body:   io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
	}, nil
}

func (b *bigAccount) answer(req *http.Request) (int, string) {
	switch op := awsread.OperationOf(req.Context()); op.String() {
	case "sts:GetCallerIdentity":
		return 200, `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/u</Arn><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`
	case "ec2:DescribeRegions":
		return 200, `<DescribeRegionsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><regionInfo><item><regionName>us-east-1</regionName><optInStatus>opt-in-not-required</optInStatus></item></regionInfo></DescribeRegionsResponse>`
	case "s3:ListBuckets":
		from, _ := strconv.Atoi(req.URL.Query().Get("continuation-token"))
		var s strings.Builder
		s.WriteString(`<ListAllMyBucketsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Buckets>`)
		n := from
		for ; n < min(from+1000, b.buckets); n++ {
			fmt.Fprintf(&s, `<Bucket><Name>bucket-%d</Name><CreationDate>2020-01-01T00:00:00Z</CreationDate><BucketRegion>us-east-1</BucketRegion></Bucket>`, n)
		}
		s.WriteString(`</Buckets>`)
		if n < b.buckets {
			fmt.Fprintf(&s, `<ContinuationToken>%d</ContinuationToken>`, n)
		}
		s.WriteString(`</ListAllMyBucketsResult>`)
		return 200, s.String()
	case "s3:GetBucketLocation":
		return 200, `<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>`
	case "s3:GetBucketAcl":
		return 200, `<AccessControlPolicy xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Owner><ID>x</ID></Owner></AccessControlPolicy>`
	case "s3:GetBucketVersioning":
		return 200, `<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Status>Enabled</Status></VersioningConfiguration>`
	case "logs:DescribeLogGroups":
		var in struct{ NextToken string }
		body, _ := io.ReadAll(req.Body)
		_ = json.Unmarshal(bytes.ToLower(body), &in)
		from, _ := strconv.Atoi(in.NextToken)
		out := map[string]any{}
		var list []map[string]any
		for n := from; n < min(from+50, b.groups); n++ {
			name := fmt.Sprintf("/aws/lambda/function-%d", n)
			list = append(list, map[string]any{"logGroupName": name, "arn": "arn:aws:logs:us-east-1:111122223333:log-group:" + name + ":*", "storedBytes": n, "retentionInDays": 30})
		}
		out["logGroups"] = list
		if from+50 < b.groups {
			out["nextToken"] = strconv.Itoa(from + 50)
		}
		text, _ := json.Marshal(out)
		return 200, string(text)
	default:
		if op.Service == "logs" {
			return 200, `{}`
		}
		return 404, `<Error><Code>NoSuchConfiguration</Code><Message>none</Message></Error>`
	}
}

// BenchmarkPace collects 50,000 buckets over a network with 10 ms of latency (about three minutes). idle-% is the share of the calls that could be under way
// and were not; peak-MiB is the most memory of the Go heap, sampled.
func BenchmarkPace(b *testing.B) {
	big(b, &bigAccount{buckets: 50_000, latency: 10 * time.Millisecond}, S3())
}

// BenchmarkLogGroups collects 285,000 log groups.
func BenchmarkLogGroups(b *testing.B) { big(b, &bigAccount{groups: 285_000}, CloudWatchLogs()) }

func big(b *testing.B, client *bigAccount, service collect.Service) {
	b.Setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
	b.Setenv("AWS_SECRET_ACCESS_KEY", "x")
	b.Setenv("AWS_REGION", "us-east-1")
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	for range b.N {
		dir := b.TempDir()
		work, err := collect.CreateWork(filepath.Join(dir, "work"), collect.Settings{Started: time.Now()})
		if err != nil {
			b.Fatal(err)
		}
		done, peak := make(chan struct{}), make(chan uint64)
		go watch(done, peak)
		started := time.Now()
		result, err := collect.Run(b.Context(), collect.Options{
			Source: awsread.Source{Region: "us-east-1", HTTPClient: client}, Regions: []string{"us-east-1"}, Services: []collect.Service{service},
			Out: filepath.Join(dir, "b.zip"), Work: work, Tool: bundle.Tool{Name: "auditpack", Version: "bench"},
			Signers: []bundle.Signer{{Name: "bench", Key: key}},
		})
		wall := time.Since(started)
		close(done)
		if err != nil {
			b.Fatal(err)
		}
		if want := client.buckets + client.groups; result.Artifacts < want {
			b.Fatalf("%d artifacts, want %d", result.Artifacts, want)
		}
		b.ReportMetric(float64(<-peak)/(1<<20), "peak-MiB")
		b.ReportMetric(100*(1-float64(client.busy.Load())/float64(wall)/32), "idle-%")
		b.ReportMetric(float64(client.calls.Load())/wall.Seconds(), "calls/s")
	}
}

// watch reports the largest heap until done.
func watch(done <-chan struct{}, peak chan<- uint64) {
	var most uint64
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-done:
			peak <- most
			return
		case <-tick.C:
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse+m.StackInuse)
		}
	}
}
