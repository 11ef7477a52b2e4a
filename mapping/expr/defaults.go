package expr

import "fmt"

// defaultPart is what AWS documents to be in force where a part is absent: nothing has been configured.
type defaultPart struct {
	kind, part string
	data       string // as the API would answer
	source     string // the AWS document that says so
}

// defaultParts lists every absent part that is not null. Only what AWS documents as being in force belongs here.
// Decided against: s3.bucket Encryption (new objects are encrypted with AES256 since January 2023 and the call has
// answered for every bucket since; an absent answer comes from elsewhere and proves nothing about older objects),
// Policy and PolicyStatus (there is no policy to speak of), OwnershipControls (buckets made before April 2023 have
// none, which means that ACLs are in force: the rule says what it makes of null).
func defaultParts() []defaultPart {
	const noBlock = `{"PublicAccessBlockConfiguration":{"BlockPublicAcls":false,"BlockPublicPolicy":false,"IgnorePublicAcls":false,"RestrictPublicBuckets":false}}`
	return []defaultPart{
		{"s3.bucket", "PublicAccessBlock", noBlock,
			"Amazon S3 User Guide, Blocking public access to your Amazon S3 storage: without a configuration no setting is in force"},
		{"s3.account-public-access-block", "PublicAccessBlock", noBlock,
			"Amazon S3 User Guide, Blocking public access to your Amazon S3 storage: the account level has no setting until one is made"},
		{"iam.password-policy", "PasswordPolicy",
			`{"PasswordPolicy":{"MinimumPasswordLength":8,"RequireSymbols":false,"RequireNumbers":false,"RequireUppercaseCharacters":false,` +
				`"RequireLowercaseCharacters":false,"AllowUsersToChangePassword":false,"ExpirePasswords":false}}`,
			"IAM User Guide, Set an account password policy for IAM users: default policy of 8 to 128 characters, three of the four " +
				"character types (so none of them is required by itself), passwords never expire, no reuse prevention"},
	}
}

// parseDefaults returns the defaults as trees, by kind and part.
func parseDefaults() (map[[2]string]*tree, error) {
	out := map[[2]string]*tree{}
	for _, d := range defaultParts() {
		t := &tree{}
		if err := t.parse(d.data); err != nil {
			return nil, fmt.Errorf("default of %s of %s: %w", d.part, d.kind, err)
		}
		out[[2]string{d.kind, d.part}] = t
	}
	return out, nil
}
