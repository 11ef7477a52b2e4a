package services

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/transfer"
	"github.com/aws/aws-sdk-go-v2/service/transfer/types"
)

func TestLiveTransfer(t *testing.T) {
	var good, bad string
	s := liveService(t, func(s *seeder) {
		c := transfer.NewFromConfig(s.cfg)
		good = *made[transfer.CreateServerOutput](s)(c.CreateServer(s.ctx, &transfer.CreateServerInput{Protocols: []types.Protocol{types.ProtocolSftp},
			SecurityPolicyName: aws.String("TransferSecurityPolicy-2024-01"), Tags: []types.Tag{{Key: aws.String("env"), Value: aws.String("prod")}},
			StructuredLogDestinations: []string{"arn:aws:logs:us-east-1:" + emulated + ":log-group:transfer:*"}})).ServerId
		bad = *made[transfer.CreateServerOutput](s)(c.CreateServer(s.ctx, &transfer.CreateServerInput{Protocols: []types.Protocol{types.ProtocolFtp}})).ServerId
	}, Transfer())
	partHolds(t, s, "transfer.server us-east-1 "+good, "Server", `"Protocols":["SFTP"]`, `"SecurityPolicyName":"TransferSecurityPolicy-2024-01"`, `"Key":"env"`,
		`"StructuredLogDestinations":["arn:`)
	partHolds(t, s, "transfer.server us-east-1 "+bad, "Server", `"Protocols":["FTP"]`)
	nothingIn(t, s, "transfer.server")
}
