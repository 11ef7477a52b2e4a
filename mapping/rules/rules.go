// Package rules holds the rules of the product as data: one TOML file for each AWS service, one [[rule]] table for
// each rule. Package catalog loads them and reports every mistake; nothing here is executed.
//
// A rule states something that can be true or false of one resource, or (per = "region" or "account") of what must
// exist in a region or an account. Its CEL expressions read the parts of an artifact as the AWS API described them:
// when decides whether the rule applies, expect decides between pass and fail. What was not seen never decides.
//
// How the expressions here are written, and why:
//
//   - A member that AWS always sends is read without has(): should it be missing, evaluation ends in an error and the
//     finding is not_assessed. has() stands only where the API documents that the member is left out when nothing is
//     configured (Versioning.Status, LoggingEnabled, KmsKeyId, IamInstanceProfile, …).
//   - Idle times are counted up to the moment that the credential report was made, because nobody knows what was used
//     after it. Ages of keys and expiry dates are counted up to as_of.
//   - A resource that lives in another account (the bucket or the log group of an organization trail, a topic) is looked
//     for in the whole bundle where that is possible; if it is not there, unseen() makes the finding not_assessed.
//   - Settings of a DB cluster are not judged on its member instances: when excludes them.
//
// Every rule carries examples that the loader runs: at least one each of pass, fail and not_assessed.
package rules

import "embed"

// FS holds the rule files, <service>.toml, at its root.
//
//go:embed *.toml
var FS embed.FS
