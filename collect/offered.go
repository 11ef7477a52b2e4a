package collect

import (
	_ "embed"
	"strings"
	"sync"
)

// offeredTable says where AWS does not offer a service: a line for each service, its name and then the regions.
//
//go:embed offered.tsv
var offeredTable string

// notOfferedIn is offeredTable by service and region.
var notOfferedIn = sync.OnceValue(func() map[[2]string]bool {
	out := map[[2]string]bool{}
	for line := range strings.Lines(offeredTable) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		service, regions, _ := strings.Cut(strings.TrimSpace(line), "\t")
		for region := range strings.SplitSeq(regions, ",") {
			out[[2]string{service, region}] = true
		}
	}
	return out
})

// notOffered reports whether AWS did not offer the service in the region at the table's date. It proves nothing alone: AWS may have
// come there since. Together with an endpoint that does not answer it does.
func notOffered(service, region string) bool { return notOfferedIn()[[2]string{service, region}] }
