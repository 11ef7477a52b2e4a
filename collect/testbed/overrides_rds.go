package testbed

import (
	"bytes"
	"net/http"
	"net/url"
)

// OptionGroups answers rds:DescribeOptionGroups when it asks for all of them.
func OptionGroups() Override {
	return Override{
		Name: "rds-option-groups",
		Doc: "The emulator fails when no option group is named, and has an error for a list without members. AWS lists those that there are. " +
			"The emulator lists its own for an empty name.",
		Service: "rds", Operation: "DescribeOptionGroups",
		Apply: func(r *Request, resp *Response, up *Upstream) error {
			if r.Param("OptionGroupName") != "" {
				return nil
			}
			all, err := up.Form(url.Values{"Action": {"DescribeOptionGroups"}, "Version": {"2014-10-31"}, "OptionGroupName": {""}})
			if err != nil {
				return err
			}
			if all.Status == http.StatusNotFound && bytes.Contains(all.Body, []byte("OptionGroupNotFoundFault")) {
				all.Status = http.StatusOK
				all.Header.Set("Content-Type", "text/xml")
				all.Body = []byte(`<DescribeOptionGroupsResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><DescribeOptionGroupsResult><OptionGroupsList/>` +
					`</DescribeOptionGroupsResult></DescribeOptionGroupsResponse>`)
			}
			*resp = *all
			return nil
		},
	}
}
