package testbed

import (
	"errors"
	"net/http"
	"strings"
	"testing"
)

func request(t *testing.T, authorization, query, body string) *Request {
	t.Helper()
	req, err := http.NewRequest(http.MethodPost, "http://127.0.0.1/"+query, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", authorization)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r := Identify(req, []byte(body))
	return &r
}

func TestPagesOfXML(t *testing.T) {
	const auth = "AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0"
	list := func(users, more string) string {
		return "<ListUsersResponse><ListUsersResult>" + users + more + "</ListUsersResult><ResponseMetadata><Marker>not a token</Marker></ResponseMetadata></ListUsersResponse>"
	}
	two := "<Users>\n <member><UserName>a</UserName><Tags><member><Key>k</Key></member></Tags></member>\n <member><UserName>b</UserName></member>\n</Users>"
	a := "<Users><member><UserName>a</UserName><Tags><member><Key>k</Key></member></Tags></member></Users>"
	b := "<Users><member><UserName>b</UserName></member></Users>"
	for name, tt := range map[string]struct {
		full  string
		pages []string
	}{
		"two items": {
			list(two, "<IsTruncated>false</IsTruncated>"),
			[]string{"<ListUsersResponse><ListUsersResult><Marker>T</Marker><IsTruncated>true</IsTruncated>" + a + "</ListUsersResult>", list(b, "<IsTruncated>false</IsTruncated>")},
		},
		"flags first and a token of the server": {
			list("<Marker>server</Marker><IsTruncated>true</IsTruncated>"+two, ""),
			[]string{"<ListUsersResponse><ListUsersResult><Marker>T</Marker><IsTruncated>true</IsTruncated>" + a + "</ListUsersResult>", list("<Marker>server</Marker><IsTruncated>true</IsTruncated>"+b, "")},
		},
		"no items":     {list("<Users></Users>", ""), []string{list("<Users></Users>", "")}},
		"self-closing": {list("<Users/>", ""), []string{list("<Users/>", "")}},
		"no list":      {list("", ""), []string{list("", "")}},
	} {
		p := newPager()
		p.set(1, false)
		truth := func() (*Response, error) {
			return &Response{Status: http.StatusOK, Header: http.Header{}, Body: []byte(tt.full)}, nil
		}
		body := "Action=ListUsers"
		for i, want := range tt.pages {
			resp, err := p.answer(request(t, auth, "", body), truth)
			if err != nil {
				t.Fatalf("%s, page %d: %v", name, i, err)
			}
			got := strings.ReplaceAll(string(resp.Body), "testbed-page-1-1", "T")
			if !strings.HasPrefix(got, want) {
				t.Errorf("%s, page %d:\n got %s\nwant %s", name, i, got, want)
			}
			body = "Action=ListUsers&Marker=testbed-page-1-1"
		}
	}
}

func TestPagerPassesErrorsOn(t *testing.T) {
	const auth = "AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0"
	p := newPager()
	p.set(1, true)
	denied := &Response{Status: http.StatusForbidden, Body: []byte("<Users><member/></Users>")}
	got, err := p.answer(request(t, auth, "", "Action=ListUsers"), func() (*Response, error) { return denied, nil })
	if got != denied || err != nil {
		t.Errorf("an error answer became %v, %v", got, err)
	}
	for _, token := range []string{"testbed-page-1-0", "testbed-page-x", "testbed-page-"} {
		if _, err := p.answer(request(t, auth, "", "Action=ListUsers&Marker="+token), nil); !errors.Is(err, ErrUnknownToken) {
			t.Errorf("token %q: error %v, want ErrUnknownToken", token, err)
		}
	}
	broken := &Response{Status: http.StatusOK, Body: []byte("<ListUsersResponse><unclosed>")}
	if _, err := p.answer(request(t, auth, "", "Action=ListUsers"), func() (*Response, error) { return broken, nil }); err == nil {
		t.Error("a broken document was paginated")
	}
}
