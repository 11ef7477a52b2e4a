package mapping_test

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/auditpack/auditpack/collect/bundle"
	"github.com/auditpack/auditpack/collect/bundle/bundletest"
	"github.com/auditpack/auditpack/frameworks"
	"github.com/auditpack/auditpack/mapping"
	"github.com/auditpack/auditpack/mapping/catalog"
	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/mapping/rules"
)

// BenchmarkMap maps bundles of security groups, database instances, machines and some buckets, records of 2 to 5 KB, each
// judged by about twenty rules: those of the product, the ones of ec2 and rds four times under other ids. It reports
//
//	ratio        CPU time of Map to the CPU time of inflating and hashing the same bundle, measured just before (budget: 4)
//	floor-cpu-s  the latter
//	cpu-s        the former
//	findings/s   of wall time
//	peak-MiB     the most memory that the process held while it mapped, sampled every 2 ms (budget: 300)
//
// CPU time is user time. Ten thousand and a hundred thousand resources are mapped by default; other numbers by
//
//	AUDITPACK_BENCH_RESOURCES=1000000 go test -run - -bench Map -benchtime 1x -timeout 2h ./mapping
//
// which for a million needs about 70 GB of space in TMPDIR, half for sorting and half for the pack, and some minutes to
// make the bundle.
func BenchmarkMap(b *testing.B) {
	sizes := []int{10_000, 100_000}
	if s := os.Getenv("AUDITPACK_BENCH_RESOURCES"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			b.Fatal(err)
		}
		sizes = []int{n}
	}
	c, err := benchCatalog()
	if err != nil {
		b.Fatal(err)
	}
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) { benchMap(b, c, n) })
	}
}

func benchMap(b *testing.B, c *catalog.Catalog, n int) {
	path := benchBundle(b, n)
	f, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		b.Fatal(err)
	}
	rep, err := bundle.Verify(b.Context(), f, info.Size(), bundle.Policy{Now: bundletest.Time})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(rep.Bytes)
	var floor, cost time.Duration
	var findings, peak float64
	for b.Loop() {
		b.StopTimer()
		start := cpuTime()
		if err := inflateAndHash(path); err != nil {
			b.Fatal(err)
		}
		floor += cpuTime() - start
		debug.FreeOSMemory()
		dir := b.TempDir()
		done := watchMemory(&peak)
		start = cpuTime()
		b.StartTimer()
		o, err := bundle.Open(f, info.Size())
		if err != nil {
			b.Fatal(err)
		}
		pw, err := pack.NewWriter(filepath.Join(dir, "pack"))
		if err != nil {
			b.Fatal(err)
		}
		p, err := mapping.Map(b.Context(), mapping.Input{Bundle: o, Report: rep, AllowUnverified: true, Catalog: c, TempDir: dir}, pw)
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		cost += cpuTime() - start
		done()
		t := p.Totals.Findings
		findings += float64(t.Pass + t.Fail + t.NotAssessed + t.NotApplicable)
		if err := os.RemoveAll(dir); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
	rounds := float64(b.N)
	b.ReportMetric(float64(cost)/float64(floor), "ratio")
	b.ReportMetric(floor.Seconds()/rounds, "floor-cpu-s")
	b.ReportMetric(cost.Seconds()/rounds, "cpu-s")
	b.ReportMetric(findings/rounds/float64(n), "findings/resource")
	b.ReportMetric(findings/b.Elapsed().Seconds(), "findings/s")
	b.ReportMetric(float64(rep.Bytes)/float64(n), "bytes/resource")
	b.ReportMetric(peak/(1<<20), "peak-MiB")
}

// inflateAndHash is the work that no reading of a bundle can do without.
func inflateAndHash(path string) error {
	z, err := zip.OpenReader(path)
	if err != nil {
		return err
	}
	defer z.Close()
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return err
		}
		if _, err := io.Copy(sha256.New(), r); err != nil {
			return err
		}
		r.Close()
	}
	return nil
}

// watchMemory keeps in peak the most bytes that the runtime has from the system, until done is called.
func watchMemory(peak *float64) (done func()) {
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		s := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		for {
			metrics.Read(s)
			*peak = max(*peak, float64(s[0].Value.Uint64()-s[1].Value.Uint64()))
			select {
			case <-stop:
				return
			case <-tick.C:
			}
		}
	}()
	return func() { close(stop); <-stopped }
}

// benchCatalog is the catalogue of the product, with the rules of ec2 and rds three more times.
func benchCatalog() (*catalog.Catalog, error) {
	many := fstest.MapFS{}
	entries, err := rules.FS.ReadDir(".")
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		text, err := rules.FS.ReadFile(e.Name())
		if err != nil {
			return nil, err
		}
		many[e.Name()] = &fstest.MapFile{Data: text}
		stem := strings.TrimSuffix(e.Name(), ".toml")
		if stem != "ec2" && stem != "rds" {
			continue
		}
		for _, suffix := range []string{"b", "c", "d"} {
			many[stem+suffix+".toml"] = &fstest.MapFile{Data: bytes.ReplaceAll(text, []byte(`id = "`+stem+`.`), []byte(`id = "`+stem+suffix+`.`))}
		}
	}
	return catalog.Load(many, frameworks.FS, nil)
}

// benchBundle makes a bundle of n resources in two accounts and three regions, and returns its path.
func benchBundle(b *testing.B, n int) string {
	b.Helper()
	w, err := bundle.NewWriter(b.TempDir(), bundle.WriterOptions{Created: bundletest.Time, Tool: bundle.Tool{Name: "bench", Version: "0"}, Random: rand.NewChaCha8([32]byte{})})
	if err != nil {
		b.Fatal(err)
	}
	g := benchWorld{b: b, w: w, random: rand.New(rand.NewPCG(1, 2)), page: map[benchPlace]string{}, counts: map[benchPlace]int{}}
	g.make(n)
	signer, _ := bundletest.Signer(b, "bench")
	path := filepath.Join(b.TempDir(), "bundle.zip")
	if _, err := w.Finish(context.Background(), path, []bundle.Signer{signer}); err != nil {
		b.Fatal(err)
	}
	return path
}

// benchWorld makes the records of a large bundle.
type benchWorld struct {
	b      *testing.B
	w      *bundle.Writer
	random *rand.Rand
	calls  int
	page   map[benchPlace]string // list call
	counts map[benchPlace]int    // artifacts
}

type benchPlace struct{ kind, account, region string }

func (g *benchWorld) check(err error) {
	if err != nil {
		g.b.Fatal(err)
	}
}

func (g *benchWorld) hex(n int) string {
	const digits = "0123456789abcdef"
	out := make([]byte, n)
	for i := range out {
		out[i] = digits[g.random.IntN(16)]
	}
	return string(out)
}

// call adds a call and returns its id.
func (g *benchWorld) call(account, region, service, operation, input string) string {
	g.calls++
	c := bundle.Call{
		ID: fmt.Sprintf("c%d", g.calls), Account: account, Caller: "arn:aws:sts::" + account + ":assumed-role/auditor/session", Region: region, Service: service, Operation: operation,
		Input: json.RawMessage(input), RequestID: strings.ToUpper(g.hex(16)), At: bundletest.Time.Add(time.Duration(g.calls) * 31 * time.Millisecond), AWSDate: "Thu, 01 Jan 2026 00:00:00 GMT", HTTPStatus: 200,
	}
	g.check(g.w.Call(c))
	return c.ID
}

func (g *benchWorld) make(n int) {
	accounts, regions := []string{acctA, acctB}, []string{"ap-northeast-1", euW1, usE1}
	run := bundle.Run{Tool: "bench", Started: bundletest.Time.Add(-time.Hour), Ended: bundletest.Time, Regions: regions, Requested: []bundle.KeyValue{{Key: "regions", Value: "all enabled"}}}
	for _, a := range accounts {
		run.Accounts = append(run.Accounts, bundle.Account{ID: a, Name: a, Partition: "aws", Caller: "arn:aws:iam::" + a + ":role/r"})
	}
	g.check(g.w.Run(run))
	for i := range n {
		account, region := accounts[i%2], regions[i/2%3]
		switch k := i % 100; {
		case k < 50:
			g.listed("ec2.security-group", account, region, "SecurityGroup", "ec2", "DescribeSecurityGroups", g.securityGroup)
		case k < 90:
			g.listed("rds.db-instance", account, region, "DBInstance", "rds", "DescribeDBInstances", g.database)
		case k < 99:
			g.listed("ec2.instance", account, region, "Instance", "ec2", "DescribeInstances", g.instance)
		default:
			g.bucket(account, i)
		}
	}
	order := func(a, b benchPlace) int {
		return cmp.Or(strings.Compare(a.kind, b.kind), strings.Compare(a.account, b.account), strings.Compare(a.region, b.region))
	}
	for _, p := range slices.SortedFunc(maps.Keys(g.counts), order) {
		scope := bundle.ScopeRegion
		if p.region == bundle.Global {
			scope = bundle.ScopeAccount
		}
		g.check(g.w.Population(bundle.Population{
			Kind: p.kind, Partition: "aws", Account: p.account, Region: p.region, Scope: scope, Status: bundle.StatusComplete, Count: g.counts[p],
			Calls: []string{g.call(p.account, p.region, "ec2", "List", "{}")},
		}))
	}
}

// listed adds an artifact that a list call of a thousand items a page describes.
func (g *benchWorld) listed(kind, account, region, part, service, operation string, describe func(account, region string) (id, arn, data string)) {
	at := benchPlace{kind, account, region}
	index := g.counts[at]
	if index%1000 == 0 {
		g.page[at] = g.call(account, region, service, operation, `{"MaxResults":1000}`)
	}
	g.counts[at]++
	id, arn, data := describe(account, region)
	g.check(g.w.Artifact(bundle.Artifact{Kind: kind, Partition: "aws", Account: account, Region: region, ID: id, ARN: arn, Parts: map[string]bundle.Part{
		part: {State: bundle.StateOK, Calls: []string{g.page[at]}, From: &bundle.From{Page: index / 1000, Index: index % 1000}, Data: json.RawMessage(data)},
	}}))
}

func (g *benchWorld) tags(name string) string {
	return fmt.Sprintf(`[{"Key":"Name","Value":%q},{"Key":"Owner","Value":"team-%d"},{"Key":"CostCenter","Value":"%d"},{"Key":"Environment","Value":%q},{"Key":"機密区分","Value":"社外秘"},{"Key":"aws:cloudformation:stack-id","Value":"arn:aws:cloudformation:us-east-1:111122223333:stack/%s/%s"}]`,
		name, g.random.IntN(40), 1000+g.random.IntN(9000), []string{"production", "staging", "development"}[g.random.IntN(3)], name, g.hex(32))
}

func (g *benchWorld) securityGroup(account, region string) (id, arn, data string) {
	id = "sg-0" + g.hex(16)
	arn = "arn:aws:ec2:" + region + ":" + account + ":security-group/" + id
	var in []string
	for i := range 6 + g.random.IntN(8) {
		port, cidr := []int{22, 80, 443, 3306, 5432, 8080, 9200}[g.random.IntN(7)], fmt.Sprintf("10.%d.%d.0/24", g.random.IntN(256), g.random.IntN(256))
		if g.random.IntN(20) == 0 {
			cidr = "0.0.0.0/0"
		}
		in = append(in, fmt.Sprintf(`{"FromPort":%d,"IpProtocol":"tcp","IpRanges":[{"CidrIp":%q,"Description":"from the office network number %d"}],"Ipv6Ranges":[],"PrefixListIds":[],"ToPort":%d,"UserIdGroupPairs":[{"GroupId":"sg-0%s","UserId":%q}]}`,
			port, cidr, i, port, g.hex(16), account))
	}
	data = fmt.Sprintf(`{"Description":"created by the platform team","GroupId":%q,"GroupName":"app-%s","IpPermissions":[%s],"IpPermissionsEgress":[{"IpProtocol":"-1","IpRanges":[{"CidrIp":"0.0.0.0/0"}],"Ipv6Ranges":[],"PrefixListIds":[],"UserIdGroupPairs":[]}],"OwnerId":%q,"SecurityGroupArn":%q,"Tags":%s,"VpcId":"vpc-0%s"}`,
		id, g.hex(8), strings.Join(in, ","), account, arn, g.tags("app-"+g.hex(6)), g.hex(16))
	return id, arn, data
}

func (g *benchWorld) database(account, region string) (id, arn, data string) {
	id = "db-" + g.hex(10)
	arn = "arn:aws:rds:" + region + ":" + account + ":db:" + id
	yes := func() bool { return g.random.IntN(3) > 0 }
	data = fmt.Sprintf(`{"ActivityStreamStatus":"stopped","AllocatedStorage":%d,"AssociatedRoles":[],"AutoMinorVersionUpgrade":%v,"AvailabilityZone":"%sa","BackupRetentionPeriod":%d,"BackupTarget":"region","CACertificateIdentifier":"rds-ca-rsa2048-g1","CertificateDetails":{"CAIdentifier":"rds-ca-rsa2048-g1","ValidTill":"2029-05-0%dT08:00:00Z"},"CopyTagsToSnapshot":true,"CustomerOwnedIpEnabled":false,"DBInstanceArn":%q,"DBInstanceClass":"db.r6g.xlarge","DBInstanceIdentifier":%q,"DBInstanceStatus":"available","DBName":"app","DBParameterGroups":[{"DBParameterGroupName":"default.postgres16","ParameterApplyStatus":"in-sync"}],"DBSecurityGroups":[],"DBSubnetGroup":{"DBSubnetGroupDescription":"private subnets","DBSubnetGroupName":"private-%s","SubnetGroupStatus":"Complete","Subnets":[{"SubnetAvailabilityZone":{"Name":"%sa"},"SubnetIdentifier":"subnet-0%s","SubnetOutpost":{},"SubnetStatus":"Active"},{"SubnetAvailabilityZone":{"Name":"%sc"},"SubnetIdentifier":"subnet-0%s","SubnetOutpost":{},"SubnetStatus":"Active"}],"VpcId":"vpc-0%s"},"DbInstancePort":0,"DbiResourceId":"db-%s","DedicatedLogVolume":false,"DeletionProtection":%v,"DomainMemberships":[],"EnabledCloudwatchLogsExports":["postgresql","upgrade"],"Endpoint":{"Address":"%s.c%s.%s.rds.amazonaws.com","HostedZoneId":"Z%s","Port":5432},"Engine":"postgres","EngineLifecycleSupport":"open-source-rds-extended-support","EngineVersion":"16.%d","IAMDatabaseAuthenticationEnabled":false,"InstanceCreateTime":"2025-0%d-1%dT01:02:03Z","KmsKeyId":"arn:aws:kms:%s:%s:key/%s","LicenseModel":"postgresql-license","MasterUsername":"postgres","MaxAllocatedStorage":1000,"MonitoringInterval":60,"MultiAZ":%v,"NetworkType":"IPV4","OptionGroupMemberships":[{"OptionGroupName":"default:postgres-16","Status":"in-sync"}],"PendingModifiedValues":{},"PerformanceInsightsEnabled":true,"PreferredBackupWindow":"17:0%d-17:30","PreferredMaintenanceWindow":"sun:18:00-sun:18:30","PubliclyAccessible":%v,"ReadReplicaDBInstanceIdentifiers":[],"StorageEncrypted":%v,"StorageThroughput":0,"StorageType":"gp3","TagList":%s,"VpcSecurityGroups":[{"Status":"active","VpcSecurityGroupId":"sg-0%s"}]}`,
		100+g.random.IntN(900), yes(), region, g.random.IntN(36), 1+g.random.IntN(9), arn, id, g.hex(4), region, g.hex(16), region, g.hex(16), g.hex(16), strings.ToUpper(g.hex(26)), yes(),
		id, g.hex(12), region, strings.ToUpper(g.hex(13)), g.random.IntN(9), 1+g.random.IntN(9), g.random.IntN(9), region, account, g.hex(36), yes(), g.random.IntN(9), !yes(), yes(), g.tags(id), g.hex(16))
	return id, arn, data
}

func (g *benchWorld) instance(account, region string) (id, arn, data string) {
	id = "i-0" + g.hex(16)
	arn = "arn:aws:ec2:" + region + ":" + account + ":instance/" + id
	address := fmt.Sprintf("10.%d.%d.%d", g.random.IntN(256), g.random.IntN(256), g.random.IntN(256))
	var disks []string
	for i := range 3 + g.random.IntN(3) {
		disks = append(disks, fmt.Sprintf(`{"DeviceName":"/dev/sd%c","Ebs":{"AttachTime":"2025-0%d-01T00:00:00Z","DeleteOnTermination":true,"Status":"attached","VolumeId":"vol-0%s"}}`, 'a'+i, 1+g.random.IntN(9), g.hex(16)))
	}
	data = fmt.Sprintf(`{"AmiLaunchIndex":0,"Architecture":"x86_64","BlockDeviceMappings":[%s],"ClientToken":"%s","CpuOptions":{"CoreCount":4,"ThreadsPerCore":2},"EbsOptimized":true,"EnaSupport":true,"Hypervisor":"xen","IamInstanceProfile":{"Arn":"arn:aws:iam::%s:instance-profile/app","Id":"AIPA%s"},"ImageId":"ami-0%s","InstanceId":%q,"InstanceType":"m6i.2xlarge","KeyName":"operators","LaunchTime":"2025-0%d-02T03:04:05Z","MaintenanceOptions":{"AutoRecovery":"default"},"MetadataOptions":{"HttpEndpoint":"enabled","HttpPutResponseHopLimit":%d,"HttpTokens":%q,"State":"applied"},"Monitoring":{"State":"enabled"},"NetworkInterfaces":[{"Attachment":{"AttachmentId":"eni-attach-0%s","DeleteOnTermination":true,"DeviceIndex":0,"Status":"attached"},"Description":"","Groups":[{"GroupId":"sg-0%s","GroupName":"app"}],"Ipv6Addresses":[],"MacAddress":"0a:%s","NetworkInterfaceId":"eni-0%s","OwnerId":%q,"PrivateIpAddress":%q,"PrivateIpAddresses":[{"Primary":true,"PrivateIpAddress":%q}],"SourceDestCheck":true,"Status":"in-use","SubnetId":"subnet-0%s","VpcId":"vpc-0%s"}],"Placement":{"AvailabilityZone":"%sa","GroupName":"","Tenancy":"default"},"PrivateIpAddress":%q,"RootDeviceName":"/dev/sda","RootDeviceType":"ebs","SecurityGroups":[{"GroupId":"sg-0%s","GroupName":"app"}],"SourceDestCheck":true,"State":{"Code":16,"Name":"running"},"SubnetId":"subnet-0%s","Tags":%s,"VirtualizationType":"hvm","VpcId":"vpc-0%s"}`,
		strings.Join(disks, ","), g.hex(32), account, strings.ToUpper(g.hex(17)), g.hex(16), id, 1+g.random.IntN(9), 1+g.random.IntN(3), []string{"required", "optional"}[g.random.IntN(2)], g.hex(16), g.hex(16), g.hex(10), g.hex(16), account, address, address, g.hex(16), g.hex(16),
		region, address, g.hex(16), g.hex(16), g.tags("app-"+g.hex(6)), g.hex(16))
	return id, arn, data
}

// bucket adds a bucket with a call for each of its parts.
func (g *benchWorld) bucket(account string, i int) {
	g.counts[benchPlace{"s3.bucket", account, bundle.Global}]++
	id := fmt.Sprintf("data-%s-%d", g.hex(10), i)
	parts := map[string]bundle.Part{}
	ok := func(part, data string) {
		call := g.call(account, bundle.Global, "s3", "GetBucket"+part, `{"Bucket":"`+id+`"}`)
		parts[part] = bundle.Part{State: bundle.StateOK, Calls: []string{call}, Data: json.RawMessage(data)}
	}
	ok("Bucket", `{"CreationDate":"2024-03-01T00:00:00Z","Name":"`+id+`"}`)
	ok("Location", `{"LocationConstraint":"ap-northeast-1"}`)
	ok("Acl", `{"Grants":[{"Grantee":{"ID":"`+g.hex(64)+`","Type":"CanonicalUser"},"Permission":"FULL_CONTROL"}],"Owner":{"ID":"`+g.hex(64)+`"}}`)
	ok("Encryption", `{"ServerSideEncryptionConfiguration":{"Rules":[{"ApplyServerSideEncryptionByDefault":{"KMSMasterKeyID":"arn:aws:kms:us-east-1:111122223333:key/`+g.hex(36)+`","SSEAlgorithm":"aws:kms"},"BucketKeyEnabled":true}]}}`)
	ok("PublicAccessBlock", `{"PublicAccessBlockConfiguration":{"BlockPublicAcls":true,"BlockPublicPolicy":true,"IgnorePublicAcls":true,"RestrictPublicBuckets":true}}`)
	ok("Policy", `{"Policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":[\"arn:aws:s3:::`+id+`\",\"arn:aws:s3:::`+id+`/*\"],\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"false\"}}}]}"}`)
	ok("PolicyStatus", `{"PolicyStatus":{"IsPublic":false}}`)
	ok("OwnershipControls", `{"OwnershipControls":{"Rules":[{"ObjectOwnership":"BucketOwnerEnforced"}]}}`)
	ok("Versioning", `{"Status":"Enabled"}`)
	ok("Tags", `{"TagSet":`+g.tags(id)+`}`)
	parts["Logging"] = bundle.Part{State: bundle.StateGap, Calls: []string{g.call(account, bundle.Global, "s3", "GetBucketLogging", `{"Bucket":"`+id+`"}`)}, Code: "AccessDenied", Message: "no", Action: "s3:GetBucketLogging"}
	g.check(g.w.Artifact(bundle.Artifact{Kind: "s3.bucket", Partition: "aws", Account: account, Region: bundle.Global, ID: id, ARN: "arn:aws:s3:::" + id, Parts: parts}))
}
