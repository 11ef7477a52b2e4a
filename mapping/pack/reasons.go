package pack

// Codes of Reason. Each has a message "reason.<code>" in every language; a test in package templates walks ReasonCodes.
const (
	// on requirements and portions
	ReasonScopedOut          = "scoped_out"            // by, id
	ReasonNoResources        = "no_resources"          // kind
	ReasonNothingInScope     = "nothing_in_scope"      // rule
	ReasonWhenFalse          = "condition_never_holds" // rule, count
	ReasonRuleFailed         = "rule_failed"           // rule, count
	ReasonRuleNotAssessed    = "rule_not_assessed"     // rule, count
	ReasonPopulation         = "population_incomplete" // kind
	ReasonAccepted           = "accepted"              // id, rule, count
	ReasonAcceptanceExpired  = "acceptance_expired"    // id, expires
	ReasonAcceptanceRefused  = "acceptance_not_allowed"
	ReasonAttestationMissing = "attestation_missing"
	ReasonAttestationNo      = "attestation_negative"    // id, by
	ReasonAttestationExpired = "attestation_expired"     // id, expires
	ReasonAttestationBare    = "attestation_no_evidence" // id
	ReasonAttested           = "attested"                // id, by, date
	ReasonSupportsFailed     = "supports_failed"         // rule, count
	ReasonSupportsOnly       = "supports_only"
	ReasonReportMissing      = "report_missing"
	ReasonReportOutOfPeriod  = "report_out_of_period" // id, from, to
	ReasonReportCovers       = "report_covers"        // id, from, to
	ReasonNothingLinked      = "nothing_linked"
	ReasonRulePassed         = "rule_passed" // rule, count

	// on findings
	ReasonCallDenied   = "call_denied"   // service, operation, code, action
	ReasonCallFailed   = "call_failed"   // service, operation, code
	ReasonRegionDenied = "region_denied" // region
	ReasonNotCollected = "not_collected" // kind
	ReasonPartMissing  = "part_missing"  // part
	ReasonWithheld     = "withheld"      // kind
	ReasonRuleError    = "rule_error"    // error
	ReasonCostLimit    = "cost_limit"
	ReasonScopeUnknown = "scope_unknown"
	ReasonCondition    = "condition_false" // when is false
	ReasonEvidenceCut  = "evidence_cut"    // count
	ReasonFactsCut     = "facts_cut"       // count
	ReasonNotOffered   = "not_offered"     // kind, region
)

// ReasonCodes lists every code, so that the message catalogues can be checked against it.
func ReasonCodes() []string {
	return []string{
		ReasonScopedOut, ReasonNoResources, ReasonNothingInScope, ReasonWhenFalse, ReasonRuleFailed, ReasonRuleNotAssessed, ReasonPopulation,
		ReasonAccepted, ReasonAcceptanceExpired, ReasonAcceptanceRefused, ReasonAttestationMissing, ReasonAttestationNo,
		ReasonAttestationExpired, ReasonAttestationBare, ReasonAttested, ReasonSupportsFailed, ReasonSupportsOnly,
		ReasonReportMissing, ReasonReportOutOfPeriod, ReasonReportCovers, ReasonNothingLinked, ReasonRulePassed,
		ReasonCallDenied, ReasonCallFailed, ReasonRegionDenied, ReasonNotCollected, ReasonPartMissing, ReasonWithheld,
		ReasonRuleError, ReasonCostLimit, ReasonScopeUnknown, ReasonCondition, ReasonEvidenceCut,
		ReasonFactsCut, ReasonNotOffered,
	}
}
