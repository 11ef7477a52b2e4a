//go:build !race

package bundle

// raceEnabled says whether the race detector is on.
const raceEnabled = false
