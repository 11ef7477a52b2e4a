//go:build race

package bundle

// raceEnabled makes exhaustive tests take samples: the detector makes them ten times slower.
const raceEnabled = true
