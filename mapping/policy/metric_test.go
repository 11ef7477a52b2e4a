package policy

import (
	"strings"
	"testing"
)

// named is a pattern on event names, written as most guides write it.
func named(names ...string) string {
	var terms []string
	for _, n := range names {
		terms = append(terms, "($.eventName = "+n+")")
	}
	return "{ " + strings.Join(terms, " || ") + " }"
}

func namesOf(family string) []string {
	var out []string
	for _, e := range metricFamilies()[family] {
		out = append(out, e["$.eventName"].value)
	}
	return out
}

func TestMetricFilterFamilies(t *testing.T) {
	for _, family := range MetricFamilies() {
		if _, exact := metricFamilies()[family][0]["$.eventSource"]; !exact || len(metricFamilies()[family]) == 1 {
			continue
		}
		names := namesOf(family)
		source := metricFamilies()[family][0]["$.eventSource"].value
		for name, tt := range map[string]struct {
			pattern string
			want    bool
		}{
			"names":                 {named(names...), true},
			"names and more":        {named(append([]string{"Other"}, names...)...), true},
			"one name missing":      {named(names[1:]...), false},
			"with the source":       {"{($.eventSource = " + source + ") && (" + strings.Trim(named(names...), "{}") + ")}", true},
			"with another source":   {"{($.eventSource = other.amazonaws.com) && (" + strings.Trim(named(names...), "{}") + ")}", false},
			"the source alone":      {`{ $.eventSource = "` + source + `" }`, true},
			"everything":            {`{ $.eventName = "*" }`, true},
			"in one region":         {"{($.awsRegion = us-east-1) && (" + strings.Trim(named(names...), "{}") + ")}", false},
			"but not by one caller": {"{($.userIdentity.arn != \"arn:aws:iam::111122223333:role/x\") && (" + strings.Trim(named(names...), "{}") + ")}", false},
		} {
			got, err := MetricFilterCovers(tt.pattern, family)
			if err != nil || got != tt.want {
				t.Errorf("%s, %s: got %v, error %v\n%s", family, name, got, err, tt.pattern)
			}
		}
	}
}

func TestMetricFilterCovers(t *testing.T) {
	for _, tt := range []struct {
		family, pattern string
		want            bool
	}{
		{"unauthorized_api", `{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }`, true},
		{"unauthorized_api", `{($.errorCode="*UnauthorizedOperation") || ($.errorCode="AccessDenied*") && ($.sourceIPAddress!="delivery.logs.amazonaws.com") && ($.eventName!="HeadBucket")}`, true},
		{"unauthorized_api", `{($.errorCode="*UnauthorizedOperation") || ($.errorCode="AccessDenied*") && ($.sourceIPAddress!="203.0.113.1")}`, false},
		{"unauthorized_api", `{ $.errorCode = "AccessDenied*" }`, false},
		{"unauthorized_api", `{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied") }`, false},
		{"unauthorized_api", `{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") && ($.eventName = RunInstances) }`, false},
		{"signin_no_mfa", `{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }`, true},
		{"signin_no_mfa", `{ ($.eventName = ConsoleLogin) && ($.additionalEventData.MFAUsed != Yes) && ($.userIdentity.type = IAMUser) && ($.responseElements.ConsoleLogin = Success) }`, true},
		{"signin_no_mfa", `{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed = "Yes") }`, false},
		{"signin_no_mfa", `{ $.eventName = "ConsoleLogin" }`, true},
		{"root_usage", `{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }`, true},
		{"root_usage", `{ $.userIdentity.type = Root }`, true},
		{"root_usage", `{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy EXISTS }`, false},
		{"root_usage", `{ $.userIdentity.type = "Root" && $.eventType = "AwsConsoleSignIn" }`, false},
		{"root_usage", `{ $.userIdentity.type != "Root" }`, false},
		{"signin_failure", `{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }`, true},
		{"signin_failure", `{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed*") }`, true},
		{"signin_failure", `{ ($.eventName = ConsoleLogin) && ($.errorMessage = "No") }`, false},
		{"kms_key", `{($.eventSource = kms.amazonaws.com) && (($.eventName=DisableKey)||($.eventName=ScheduleKeyDeletion))}`, true},
		{"kms_key", `{($.eventSource = kms.amazonaws.com) && ($.eventName=DisableKey)||($.eventName=ScheduleKeyDeletion)}`, true},
		{"kms_key", `{ ($.eventSource = kms*) && (($.eventName=Disable*)||($.eventName=*Deletion)) }`, true},
		{"kms_key", `{ ($.eventSource = kms.amazonaws.com) || ($.eventName = %Key|Deletion%) }`, true},
		{"kms_key", `{ ($.eventSource = iam.amazonaws.com) && ($.eventName = %Key|Deletion%) }`, false},
		{"kms_key", `{ $.eventName = DisableKey && $.eventName = ScheduleKeyDeletion }`, false},
	} {
		got, err := MetricFilterCovers(tt.pattern, tt.family)
		if err != nil || got != tt.want {
			t.Errorf("%s: got %v, error %v\n%s", tt.family, got, err, tt.pattern)
		}
	}
}

func TestMetricFilterRefuses(t *testing.T) {
	for _, pattern := range []string{``, `ERROR`, `{}`, `{ $.a }`, `{ $.a = }`, `{ $.a = b`, `{ ($.a = b }`, `{ $.a = b) }`, `{ $.a == b }`, `{ a = b }`,
		`{ $.a = "b }`, `{ $.a = %b }`, `{ $.a = b & $.c = d }`, `{ $.a = b || }`, `{ $.a NOT }`, `{ $.a IS maybe }`, `{ $.a = b $.c = d }`,
		`{ ` + strings.Repeat("(", 200) + ` }`, strings.Repeat(" ", 5000)} {
		if got, err := MetricFilterCovers(pattern, "config"); err == nil {
			t.Errorf("%s: no error, got %v", pattern, got)
		}
	}
	if got, err := MetricFilterCovers(`{ ($.eventSource = kms.amazonaws.com) && ($.eventName = %Key|Deletion%) }`, "kms_key"); err == nil {
		t.Errorf("what hangs on a regular expression: no error, got %v", got)
	}
	if _, err := MetricFilterCovers(`{ $.a = b }`, "other"); err == nil {
		t.Error("an unknown family: no error")
	}
}

func FuzzMetricFilter(f *testing.F) {
	f.Add(`{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }`)
	f.Fuzz(func(_ *testing.T, pattern string) { _, _ = MetricFilterCovers(pattern, "kms_key") })
}
