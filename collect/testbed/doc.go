// Package testbed gives tests and `make samples` an AWS API to talk to that this project did not write.
//
// It has five tools:
//
//   - [Emulator] runs the moto server (https://docs.getmoto.org), which answers the AWS wire protocols, as a child process on a
//     free loopback port.
//   - [Proxy] stands in front of it, names the service, operation and region of every request, and can deny, throttle, delay,
//     cut or garble chosen ones, force pagination of list answers, and correct the answers that the emulator is known to get
//     wrong ([Overrides] lists each one).
//   - [Enforcer] is an emulator that judges every request by the IAM policies of its caller and writes its judgements down.
//   - [Model] answers any operation of any service with what the API's own model says an answer looks like, where the emulator
//     has none; [Proxy.Route] sends it what it is to answer.
//   - [Cassette] is an HTTP client that records the answers of one run in memory and replays them with one operation denied,
//     for sweeps over every operation that would take hours over the wire.
//
// The package is for tests only: nothing that is linked into auditpack imports it.
package testbed
