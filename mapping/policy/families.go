package policy

import (
	"maps"
	"slices"
)

// MetricFamilies returns the names of the families of metric filters, sorted. They are those of the monitoring section of
// the CIS AWS Foundations Benchmark.
func MetricFamilies() []string { return slices.Sorted(maps.Keys(metricFamilies())) }

// metricFamilies describes, for each family, the CloudTrail events that its alarm is about. Field names are those of the
// CloudTrail User Guide, "CloudTrail record contents".
func metricFamilies() map[string][]event {
	return map[string][]event{
		"unauthorized_api": {
			unauthorized("Client.UnauthorizedOperation"), unauthorized("AccessDenied"), unauthorized("AccessDeniedException"),
		},
		"signin_no_mfa": {{
			"$.eventName": is("ConsoleLogin"), "$.eventSource": is("signin.amazonaws.com"), "$.eventType": is("AwsConsoleSignIn"),
			"$.additionalEventData.MFAUsed": is("No"), "$.userIdentity.type": is("IAMUser"),
			"$.responseElements.ConsoleLogin": is("Success"), "$.errorMessage": missingField(),
		}},
		"root_usage": {{
			"$.userIdentity.type": is("Root"), "$.userIdentity.invokedBy": missingField(), "$.eventType": anyBut("AwsServiceEvent"),
		}},
		"signin_failure": {{
			"$.eventName": is("ConsoleLogin"), "$.eventSource": is("signin.amazonaws.com"), "$.eventType": is("AwsConsoleSignIn"),
			"$.errorMessage": is("Failed authentication"), "$.responseElements.ConsoleLogin": is("Failure"),
		}},
		"iam_policy": calls("iam", "DeleteGroupPolicy", "DeleteRolePolicy", "DeleteUserPolicy", "PutGroupPolicy", "PutRolePolicy",
			"PutUserPolicy", "CreatePolicy", "DeletePolicy", "CreatePolicyVersion", "DeletePolicyVersion", "AttachRolePolicy",
			"DetachRolePolicy", "AttachUserPolicy", "DetachUserPolicy", "AttachGroupPolicy", "DetachGroupPolicy"),
		"cloudtrail": calls("cloudtrail", "CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging"),
		"kms_key":    calls("kms", "DisableKey", "ScheduleKeyDeletion"),
		"s3_policy": calls("s3", "PutBucketAcl", "PutBucketPolicy", "PutBucketCors", "PutBucketLifecycle", "PutBucketReplication",
			"DeleteBucketPolicy", "DeleteBucketCors", "DeleteBucketLifecycle", "DeleteBucketReplication"),
		"config": calls("config", "StopConfigurationRecorder", "DeleteDeliveryChannel", "PutDeliveryChannel", "PutConfigurationRecorder"),
		"security_group": calls("ec2", "AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress", "RevokeSecurityGroupIngress",
			"RevokeSecurityGroupEgress", "CreateSecurityGroup", "DeleteSecurityGroup"),
		"nacl": calls("ec2", "CreateNetworkAcl", "CreateNetworkAclEntry", "DeleteNetworkAcl", "DeleteNetworkAclEntry",
			"ReplaceNetworkAclEntry", "ReplaceNetworkAclAssociation"),
		"gateway": calls("ec2", "CreateCustomerGateway", "DeleteCustomerGateway", "AttachInternetGateway", "CreateInternetGateway",
			"DeleteInternetGateway", "DetachInternetGateway"),
		"route_table": calls("ec2", "CreateRoute", "CreateRouteTable", "ReplaceRoute", "ReplaceRouteTableAssociation", "DeleteRouteTable",
			"DeleteRoute", "DisassociateRouteTable"),
		// ClassicLink, which older patterns name, was retired in 2022: its events cannot occur.
		"vpc": calls("ec2", "CreateVpc", "DeleteVpc", "ModifyVpcAttribute", "AcceptVpcPeeringConnection", "CreateVpcPeeringConnection",
			"DeleteVpcPeeringConnection", "RejectVpcPeeringConnection"),
		"organizations": calls("organizations", "AcceptHandshake", "AttachPolicy", "CreateAccount", "CreateOrganizationalUnit", "CreatePolicy",
			"DeclineHandshake", "DeleteOrganization", "DeleteOrganizationalUnit", "DeletePolicy", "DetachPolicy", "DisablePolicyType",
			"EnablePolicyType", "InviteAccountToOrganization", "LeaveOrganization", "MoveAccount", "RemoveAccountFromOrganization",
			"UpdatePolicy", "UpdateOrganizationalUnit"),
	}
}

// unauthorized describes a refused call. Patterns may leave out what AWS itself causes: log delivery, and the
// HeadBucket calls of its consoles.
func unauthorized(code string) event {
	return event{"$.errorCode": is(code), "$.sourceIPAddress": anyBut("delivery.logs.amazonaws.com"), "$.eventName": anyBut("HeadBucket")}
}

func calls(service string, names ...string) []event {
	out := make([]event, len(names))
	for i, n := range names {
		out[i] = event{"$.eventSource": is(service + ".amazonaws.com"), "$.eventName": is(n)}
	}
	return out
}
