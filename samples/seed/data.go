package seed

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	rdstypes "github.com/aws/aws-sdk-go-v2/service/rds/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// key describes one customer managed KMS key.
type key struct {
	name, region, description, policy string
	rotation, asymmetric, deleting    bool
	class                             string
}

func kmsKeys() []key {
	return []key{
		{name: "app-data", region: Tokyo, description: "Customer data", rotation: true, class: secret},
		{name: "trail", region: Tokyo, description: "CloudTrail log files", rotation: true, class: "Audit"},
		{name: "legacy", region: Tokyo, description: script, class: formula},
		{name: "signing", region: Tokyo, description: "Document signing", asymmetric: true, class: bidi},
		{name: "retired", region: Tokyo, description: cdata, deleting: true, class: "Retired"},
		{name: "exports", region: Ireland, description: newlines, policy: openKeyPolicy, class: personal},
		{name: "virginia", region: Virginia, description: emoji, rotation: true, class: long},
	}
}

const openKeyPolicy = `{"Version":"2012-10-17","Statement":[{"Sid":"Open","Effect":"Allow","Principal":{"AWS":"*"},"Action":"kms:*","Resource":"*"}]}`

func (s *seeder) kms() {
	for _, k := range kmsKeys() {
		c := kms.NewFromConfig(s.config(k.region))
		var id *string
		s.do("key "+k.name, func() error {
			in := &kms.CreateKeyInput{Description: &k.description, Tags: []kmstypes.Tag{{TagKey: aws.String("DataClass"), TagValue: &k.class}}}
			if k.policy != "" {
				in.Policy = &k.policy
			}
			if k.asymmetric {
				in.KeySpec, in.KeyUsage = kmstypes.KeySpecRsa2048, kmstypes.KeyUsageTypeSignVerify
			}
			out, err := c.CreateKey(s.ctx, in)
			if err != nil {
				return err
			}
			id, s.keys[k.name] = out.KeyMetadata.KeyId, aws.ToString(out.KeyMetadata.Arn)
			return nil
		})
		if k.rotation {
			s.do("rotation of key "+k.name, func() error {
				_, err := c.EnableKeyRotation(s.ctx, &kms.EnableKeyRotationInput{KeyId: id})
				return err
			})
		}
		if k.deleting {
			s.do("deletion of key "+k.name, func() error {
				_, err := c.ScheduleKeyDeletion(s.ctx, &kms.ScheduleKeyDeletionInput{KeyId: id, PendingWindowInDays: aws.Int32(30)})
				return err
			})
		}
		s.made("kms.key", k.region, 1)
	}
}

// dataKey returns the ARN of the key that encrypts the company's data in a region. Naming a key avoids that the emulator makes one of
// its own, which AWS would call managed by AWS and the emulator calls managed by the customer.
func (s *seeder) dataKey(region string) string {
	if region == Ireland {
		return s.keys["exports"]
	}
	return s.keys["app-data"]
}

// bucket describes one S3 bucket.
type bucket struct {
	name, region string
	policy       string
	publicACL    bool   // anyone may read and write; the bucket's owner is whoever wrote an object
	key          string // KMS key for default encryption
	block        *s3types.PublicAccessBlockConfiguration
	versioned    bool
	logTo        string
	tags         [][2]string
}

func blockAll() *s3types.PublicAccessBlockConfiguration {
	return &s3types.PublicAccessBlockConfiguration{BlockPublicAcls: aws.Bool(true), BlockPublicPolicy: aws.Bool(true),
		IgnorePublicAcls: aws.Bool(true), RestrictPublicBuckets: aws.Bool(true)}
}

const prefix = "example-trading-"

func publicRead(name string) string {
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Sid":"PublicRead","Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::%s/*"}]}`, name)
}

func tlsOnly(name string) string {
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Sid":"TLSOnly","Effect":"Deny","Principal":"*","Action":"s3:*",`+
		`"Resource":["arn:aws:s3:::%s","arn:aws:s3:::%s/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`, name, name)
}

func fromEndpoint(name string) string {
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::%s/*",`+
		`"Condition":{"StringEquals":{"aws:SourceVpce":"vpce-0123456789abcdef0"}}}]}`, name)
}

func logPolicy(name string) string {
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Sid":"AccessLogs","Effect":"Allow","Principal":{"Service":"logging.s3.amazonaws.com"},`+
		`"Action":"s3:PutObject","Resource":"arn:aws:s3:::%s/*"}]}`, name)
}

func trailPolicy(name string) string {
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[`+
		`{"Sid":"TrailAcl","Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},"Action":"s3:GetBucketAcl","Resource":"arn:aws:s3:::%[1]s"},`+
		`{"Sid":"TrailWrite","Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::%[1]s/AWSLogs/%[2]s/*"},`+
		`{"Sid":"TLSOnly","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::%[1]s","arn:aws:s3:::%[1]s/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`,
		name, AccountID)
}

func buckets() []bucket {
	return []bucket{
		{name: prefix + "access-logs", region: Tokyo, policy: logPolicy(prefix + "access-logs"), block: blockAll()},
		{name: prefix + "cloudtrail", region: Tokyo, policy: trailPolicy(prefix + "cloudtrail"), key: "trail", block: blockAll(), versioned: true, logTo: prefix + "access-logs"},
		{name: prefix + "config", region: Tokyo, policy: tlsOnly(prefix + "config"), block: blockAll()},
		{name: prefix + "customer-data", region: Tokyo, policy: tlsOnly(prefix + "customer-data"), key: "app-data", block: blockAll(), versioned: true,
			logTo: prefix + "access-logs", tags: [][2]string{{"DataClass", secret}, {"Contains", personal}, {"Scope", "PHI"}}},
		{name: prefix + "cardholder", region: Tokyo, policy: tlsOnly(prefix + "cardholder"), key: "app-data", block: blockAll(), versioned: true,
			logTo: prefix + "access-logs", tags: [][2]string{{"DataClass", secret}, {"Scope", "CDE"}}},
		{name: prefix + "public-site", region: Tokyo, policy: publicRead(prefix + "public-site"), tags: [][2]string{{"Owner", "広報部"}}},
		{name: prefix + "legacy-share", region: Tokyo, publicACL: true, tags: [][2]string{{"Note", "=1+1"}, {"Shop", surrogate}}},
		{name: prefix + "partner-feed", region: Tokyo, policy: fromEndpoint(prefix + "partner-feed"), block: blockAll()},
		{name: prefix + "analytics", region: Virginia, block: &s3types.PublicAccessBlockConfiguration{BlockPublicAcls: aws.Bool(true), IgnorePublicAcls: aws.Bool(true)}},
		{name: prefix + "dev-scratch", region: Virginia},
		{name: prefix + "eu-exports", region: Ireland, policy: tlsOnly(prefix + "eu-exports"), key: "exports", versioned: true, tags: [][2]string{{"Contains", personal}, {"Scope", "GDPR"}}},
	}
}

func (s *seeder) s3() {
	for _, b := range buckets() {
		c := s3.NewFromConfig(s.config(b.region), func(o *s3.Options) { o.UsePathStyle = true })
		s.do("bucket "+b.name, func() error {
			in := &s3.CreateBucketInput{Bucket: &b.name}
			if b.region != Virginia {
				in.CreateBucketConfiguration = &s3types.CreateBucketConfiguration{LocationConstraint: s3types.BucketLocationConstraint(b.region)}
			}
			_, err := c.CreateBucket(s.ctx, in)
			return err
		})
		s.bucketSettings(c, b)
		s.bucketOwnership(c, b)
		s.made("s3.bucket", Global, 1)
	}
}

func (s *seeder) bucketSettings(c *s3.Client, b bucket) {
	what := "bucket " + b.name
	if b.key != "" {
		s.do(what+": encryption", func() error {
			_, err := c.PutBucketEncryption(s.ctx, &s3.PutBucketEncryptionInput{Bucket: &b.name, ServerSideEncryptionConfiguration: &s3types.ServerSideEncryptionConfiguration{
				Rules: []s3types.ServerSideEncryptionRule{{BucketKeyEnabled: aws.Bool(true), ApplyServerSideEncryptionByDefault: &s3types.ServerSideEncryptionByDefault{
					SSEAlgorithm: s3types.ServerSideEncryptionAwsKms, KMSMasterKeyID: aws.String(s.keys[b.key])}}}}})
			return err
		})
	}
	if b.block != nil {
		s.do(what+": public access block", func() error {
			_, err := c.PutPublicAccessBlock(s.ctx, &s3.PutPublicAccessBlockInput{Bucket: &b.name, PublicAccessBlockConfiguration: b.block})
			return err
		})
	}
	if b.policy != "" {
		s.do(what+": policy", func() error {
			_, err := c.PutBucketPolicy(s.ctx, &s3.PutBucketPolicyInput{Bucket: &b.name, Policy: &b.policy})
			return err
		})
	}
	if b.versioned {
		s.do(what+": versioning", func() error {
			_, err := c.PutBucketVersioning(s.ctx, &s3.PutBucketVersioningInput{Bucket: &b.name,
				VersioningConfiguration: &s3types.VersioningConfiguration{Status: s3types.BucketVersioningStatusEnabled}})
			return err
		})
	}
	if b.logTo != "" {
		s.do(what+": access logging", func() error {
			_, err := c.PutBucketLogging(s.ctx, &s3.PutBucketLoggingInput{Bucket: &b.name, BucketLoggingStatus: &s3types.BucketLoggingStatus{
				LoggingEnabled: &s3types.LoggingEnabled{TargetBucket: &b.logTo, TargetPrefix: aws.String(b.name + "/")}}})
			return err
		})
	}
	if len(b.tags) > 0 {
		s.do(what+": tags", func() error {
			tagging := &s3types.Tagging{}
			for _, t := range b.tags {
				tagging.TagSet = append(tagging.TagSet, s3types.Tag{Key: aws.String(t[0]), Value: aws.String(t[1])})
			}
			_, err := c.PutBucketTagging(s.ctx, &s3.PutBucketTaggingInput{Bucket: &b.name, Tagging: tagging})
			return err
		})
	}
}

// bucketOwnership turns access control lists off, as every bucket made since April 2023 has it, except for two older buckets.
func (s *seeder) bucketOwnership(c *s3.Client, b bucket) {
	if b.name == prefix+"public-site" {
		return
	}
	s.do("bucket "+b.name+": ownership", func() error {
		ownership := s3types.ObjectOwnershipBucketOwnerEnforced
		if b.publicACL {
			ownership = s3types.ObjectOwnershipObjectWriter
		}
		_, err := c.PutBucketOwnershipControls(s.ctx, &s3.PutBucketOwnershipControlsInput{Bucket: &b.name,
			OwnershipControls: &s3types.OwnershipControls{Rules: []s3types.OwnershipControlsRule{{ObjectOwnership: ownership}}}})
		return err
	})
	if !b.publicACL {
		return
	}
	s.do("bucket "+b.name+": public ACL", func() error {
		acl, err := c.GetBucketAcl(s.ctx, &s3.GetBucketAclInput{Bucket: &b.name})
		if err != nil {
			return err
		}
		grants := acl.Grants
		for _, p := range []s3types.Permission{s3types.PermissionRead, s3types.PermissionWrite} {
			everyone := &s3types.Grantee{Type: s3types.TypeGroup, URI: aws.String("http://acs.amazonaws.com/groups/global/AllUsers")}
			grants = append(grants, s3types.Grant{Grantee: everyone, Permission: p})
		}
		_, err = c.PutBucketAcl(s.ctx, &s3.PutBucketAclInput{Bucket: &b.name, AccessControlPolicy: &s3types.AccessControlPolicy{Owner: acl.Owner, Grants: grants}})
		return err
	})
}

// database describes one RDS instance.
type database struct {
	name, region, engine string
	public, encrypted    bool
	backup               int32
	class                string
}

func databases() []database {
	return []database{
		{name: "orders-prod", region: Tokyo, engine: "postgres", encrypted: true, backup: 14, class: secret},
		{name: "legacy-crm", region: Tokyo, engine: "mysql", public: true, class: personal},
		{name: "eu-reports", region: Ireland, engine: "postgres", encrypted: true, backup: 7, class: formula},
	}
}

func (s *seeder) databases() {
	for _, d := range databases() {
		c := rds.NewFromConfig(s.config(d.region))
		s.do("database "+d.name, func() error {
			in := &rds.CreateDBInstanceInput{DBInstanceIdentifier: &d.name, DBInstanceClass: aws.String("db.t3.medium"), Engine: &d.engine, AllocatedStorage: aws.Int32(100),
				MasterUsername: aws.String("dbadmin"), MasterUserPassword: aws.String("Example-Passw0rd-1"), PubliclyAccessible: &d.public, StorageEncrypted: &d.encrypted,
				BackupRetentionPeriod: &d.backup, MultiAZ: &d.encrypted, DeletionProtection: &d.encrypted, AutoMinorVersionUpgrade: &d.encrypted, CopyTagsToSnapshot: aws.Bool(true),
				Tags: []rdstypes.Tag{{Key: aws.String("DataClass"), Value: &d.class}}}
			if d.encrypted {
				in.KmsKeyId = aws.String(s.dataKey(d.region))
			}
			_, err := c.CreateDBInstance(s.ctx, in)
			return err
		})
		s.made("rds.db-instance", d.region, 1)
	}
	c := rds.NewFromConfig(s.config(Tokyo))
	s.do("database cluster", func() error {
		_, err := c.CreateDBCluster(s.ctx, &rds.CreateDBClusterInput{DBClusterIdentifier: aws.String("stock-prod"), Engine: aws.String("aurora-postgresql"),
			MasterUsername: aws.String("dbadmin"), MasterUserPassword: aws.String("Example-Passw0rd-1"), StorageEncrypted: aws.Bool(true), KmsKeyId: aws.String(s.dataKey(Tokyo)), BackupRetentionPeriod: aws.Int32(7)})
		return err
	})
	s.made("rds.db-cluster", Tokyo, 1)
	for _, snapshot := range []struct {
		name, database string
		public         bool
	}{{"orders-before-migration", "orders-prod", false}, {"crm-for-vendor", "legacy-crm", true}} {
		s.do("snapshot "+snapshot.name, func() error {
			if _, err := c.CreateDBSnapshot(s.ctx, &rds.CreateDBSnapshotInput{DBSnapshotIdentifier: &snapshot.name, DBInstanceIdentifier: &snapshot.database}); err != nil || !snapshot.public {
				return err
			}
			_, err := c.ModifyDBSnapshotAttribute(s.ctx, &rds.ModifyDBSnapshotAttributeInput{DBSnapshotIdentifier: &snapshot.name, AttributeName: aws.String("restore"), ValuesToAdd: []string{"all"}})
			return err
		})
		s.made("rds.db-snapshot", Tokyo, 1)
	}
}
