//go:build !unix

package mapping_test

import "time"

// cpuTime is not known here: the benchmark reports wall time only.
func cpuTime() time.Duration { return 0 }
