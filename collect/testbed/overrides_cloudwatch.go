package testbed

import (
	"fmt"
	"net/http"
)

// CompositeAlarms answers cloudwatch:DescribeAlarms for composite alarms.
func CompositeAlarms() Override {
	return Override{
		Name: "cloudwatch-composite-alarms",
		Doc: "The emulator cannot make a composite alarm. The answer to who asks for composite alarms alone lists one in us-east-1, named any, " +
			"which rings when the metric alarm root does.",
		Service: "cloudwatch", Operation: "DescribeAlarms",
		Apply: func(r *Request, resp *Response, _ *Upstream) error {
			if r.Param("AlarmTypes.member.1") != "CompositeAlarm" || r.Param("AlarmTypes.member.2") != "" || resp.Status != http.StatusOK {
				return nil
			}
			alarm := ""
			if r.Region == "us-east-1" {
				alarm = fmt.Sprintf(`<member><AlarmName>any</AlarmName><AlarmArn>arn:aws:cloudwatch:%s:%s:alarm:any</AlarmArn>`+
					`<AlarmRule>ALARM("root")</AlarmRule><ActionsEnabled>true</ActionsEnabled><StateValue>OK</StateValue></member>`, r.Region, AccountID)
			}
			resp.Header.Set("Content-Type", "text/xml")
			resp.Body = []byte(`<DescribeAlarmsResponse xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/"><DescribeAlarmsResult><MetricAlarms/><CompositeAlarms>` +
				alarm + `</CompositeAlarms></DescribeAlarmsResult></DescribeAlarmsResponse>`)
			return nil
		},
	}
}
