package services

import (
	"reflect"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/google/go-cmp/cmp"

	"github.com/auditpack/auditpack/collect/awsread"
	"github.com/auditpack/auditpack/collect/bundle"
)

// reportHeader is the header line of a report as the IAM user guide shows it.
const reportHeader = "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active," +
	"access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service," +
	"access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service," +
	"cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated"

func TestParseReport(t *testing.T) {
	rows, err := parseReport([]byte("user,arn,new_column\n<root_account>,arn:aws:iam::111122223333:root,not_supported\n\"a,b\",arn:2,x\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]map[string]string{
		"<root_account>": {"user": "<root_account>", "arn": "arn:aws:iam::111122223333:root", "new_column": "not_supported"},
		"a,b":            {"user": "a,b", "arn": "arn:2", "new_column": "x"},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, bad := range []string{"", "user,arn\nonly-one\n", "user\n\"open\n"} {
		if _, err := parseReport([]byte(bad)); err == nil {
			t.Errorf("%q: no error", bad)
		}
	}
}

// TestReportColumns pins that the row's type knows exactly the columns of the report.
func TestReportColumns(t *testing.T) {
	rows, err := parseReport([]byte(reportHeader + "\nu" + ",x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x\n"))
	if err != nil {
		t.Fatal(err)
	}
	typ := reflect.TypeFor[CredentialReportRow]()
	var got []string
	for i := range typ.NumField() {
		name := awsread.Member(typ.Field(i))
		if _, ok := rows["u"][name]; !ok {
			t.Errorf("the report has no column %s", name)
		}
		got = append(got, name)
	}
	for column := range rows["u"] {
		if !slices.Contains(got, column) {
			t.Errorf("the type has no column %s", column)
		}
	}
}

func TestBucketRegion(t *testing.T) {
	ok := func(data string) bundle.Part {
		return bundle.Part{State: bundle.StateOK, Data: []byte(data)}
	}
	listed := s3types.Bucket{BucketRegion: aws.String("ap-south-1")}
	for _, tt := range []struct {
		bucket s3types.Bucket
		part   bundle.Part
		want   string
	}{
		{s3types.Bucket{}, ok(`{}`), "us-east-1"},
		{s3types.Bucket{}, ok(`{"LocationConstraint":"EU"}`), "eu-west-1"},
		{listed, ok(`{"LocationConstraint":"ap-northeast-1"}`), "ap-northeast-1"},
		{listed, bundle.Part{State: bundle.StateGap}, "ap-south-1"},
		{s3types.Bucket{}, bundle.Part{State: bundle.StateGap}, ""},
	} {
		if got := bucketRegion(tt.bucket, tt.part); got != tt.want {
			t.Errorf("%s %s: got %q, want %q", tt.part.State, tt.part.Data, got, tt.want)
		}
	}
}
