package collect

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// maxManagedPolicy is how many characters, white space not counted, a customer managed policy may have (IAM and STS quotas).
const maxManagedPolicy = 6144

// maxPoliciesOfRole is how many managed policies a role may have without a raised quota.
const maxPoliciesOfRole = 10

// document is an IAM policy document.
type document struct {
	Version   string
	Statement []statement
}

type statement struct {
	Sid       string `json:",omitempty"`
	Effect    string
	Principal any `json:",omitempty"`
	Action    any
	Resource  any `json:",omitempty"`
	Condition any `json:",omitempty"`
}

// reading is a document that allows actions. The resource is * because the lists need it and because an account that is audited as
// a whole has no resource to leave out.
func reading(actions []string) document {
	return document{"2012-10-17", []statement{{Sid: "AuditpackCollect", Effect: "Allow", Action: actions, Resource: "*"}}}
}

// Policy returns an IAM policy document, indented JSON with a final line feed, that allows exactly the Actions of services.
func Policy(services []Service) ([]byte, error) { return indented(reading(Actions(services))) }

// Policies returns the same permissions in as few documents as can each be a customer managed policy.
func Policies(services []Service) ([][]byte, error) {
	var out [][]byte
	for _, d := range split(Actions(services)) {
		text, err := indented(d)
		if err != nil {
			return nil, err
		}
		out = append(out, text)
	}
	return out, nil
}

// split deals the actions out over documents that are small enough, those of one service together where they fit.
func split(actions []string) []document {
	var out []document
	for len(actions) > 0 {
		n := len(actions)
		for size(reading(actions[:n])) > maxManagedPolicy {
			n--
		}
		if n < len(actions) {
			whole := n
			for whole > 0 && prefix(actions[whole-1]) == prefix(actions[n]) {
				whole--
			}
			if whole > 0 {
				n = whole
			}
		}
		out = append(out, reading(actions[:n]))
		actions = actions[n:]
	}
	return out
}

func prefix(action string) string {
	service, _, _ := strings.Cut(action, ":")
	return service
}

// size is the number of characters that IAM counts.
func size(d document) int {
	text, err := json.Marshal(d)
	if err != nil {
		return 0 // strings only: it cannot fail
	}
	return len(text)
}

// RoleOptions say who may assume the role of a Template.
type RoleOptions struct {
	Name       string // of the role: "auditpack-reader"
	Principal  string // account number or ARN of the identity that collects; empty: a parameter without default
	ExternalID string // empty: a parameter without default
}

// Template returns an AWS CloudFormation template, JSON, that makes the role by which an account is collected, with the permissions
// in managed policies. It can be deployed as a stack, or as a StackSet into the accounts of an organization. Trusted principal and
// external id are parameters.
func Template(services []Service, o RoleOptions) ([]byte, error) {
	documents := split(Actions(services))
	if len(documents) > maxPoliciesOfRole {
		return nil, fmt.Errorf("the permissions need %d managed policies, and a role may have %d: leave services out", len(documents), maxPoliciesOfRole)
	}
	if o.Name == "" {
		return nil, errors.New("the role needs a name")
	}
	type m = map[string]any
	parameter := func(text, def string, more m) m {
		p := m{"Type": "String", "Description": text}
		if def != "" {
			p["Default"] = def
		}
		for k, v := range more {
			p[k] = v
		}
		return p
	}
	resources := m{}
	var attached []any
	for i, d := range documents {
		name := fmt.Sprintf("Read%d", i+1)
		resources[name] = m{"Type": "AWS::IAM::ManagedPolicy", "Properties": m{
			"Description":    fmt.Sprintf("What auditpack collect reads, part %d of %d", i+1, len(documents)),
			"PolicyDocument": d,
		}}
		attached = append(attached, m{"Ref": name})
	}
	trust := document{"2012-10-17", []statement{{
		Effect: "Allow", Action: "sts:AssumeRole", Principal: m{"AWS": m{"Ref": "TrustedPrincipal"}},
		Condition: m{"StringEquals": m{"sts:ExternalId": m{"Ref": "ExternalId"}}},
	}}}
	resources["Role"] = m{"Type": "AWS::IAM::Role", "Properties": m{
		"RoleName": m{"Ref": "RoleName"}, "Description": "Read-only role of auditpack collect",
		"AssumeRolePolicyDocument": trust, "ManagedPolicyArns": attached,
	}}
	return indented(m{
		"AWSTemplateFormatVersion": "2010-09-09",
		"Description":              "Role for auditpack collect: reads configuration, changes nothing",
		"Parameters": m{
			"RoleName":         parameter("Name of the role, the same in every account", o.Name, nil),
			"TrustedPrincipal": parameter("Account number, or ARN of the user or role, that may assume the role", o.Principal, nil),
			"ExternalId": parameter("External id that the collector must present", o.ExternalID,
				m{"MinLength": 2, "MaxLength": 1224, "AllowedPattern": `[\w+=,.@:\/-]*`}),
		},
		"Resources": resources,
		"Outputs":   m{"RoleArn": m{"Description": "For collect --role-arn", "Value": m{"Fn::GetAtt": []string{"Role", "Arn"}}}},
	})
}

func indented(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("writing the IAM policy: %w", err)
	}
	return b.Bytes(), nil
}
