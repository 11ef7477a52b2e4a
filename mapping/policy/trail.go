package policy

import (
	"fmt"
	"slices"
	"strings"
)

// Selectors is what a CloudTrail trail records: one of its two lists.
type Selectors struct {
	Classic  []EventSelector
	Advanced []AdvancedSelector
}

// EventSelector is a classic event selector.
type EventSelector struct {
	ReadWriteType           string // "All", "ReadOnly", "WriteOnly"
	IncludeManagementEvents bool
	ExcludedSources         []string
	DataResources           []DataResource
}

// DataResource is a type of resource of which data events are recorded, and the ARN prefixes.
type DataResource struct {
	Type   string
	Values []string
}

// AdvancedSelector is an advanced event selector: every field has to match.
type AdvancedSelector struct {
	Fields []FieldSelector
}

// FieldSelector is one field of an advanced event selector.
type FieldSelector struct {
	Field      string
	Equals     []string
	StartsWith []string
	Narrowed   bool // another operator is used: EndsWith or one of the Not forms
}

// ManagementEvents says whether all management events, read and write, are recorded, without an excluded source.
func (s Selectors) ManagementEvents() (bool, error) {
	read, write := false, false
	for _, c := range s.Classic {
		r, w, err := readWrite(c.ReadWriteType)
		if err != nil {
			return false, err
		}
		if c.IncludeManagementEvents && len(c.ExcludedSources) == 0 {
			read, write = read || r, write || w
		}
	}
	for _, a := range s.Advanced {
		r, w := a.records("Management", func(FieldSelector) bool { return false })
		read, write = read || r, write || w
	}
	return read && write, nil
}

// S3DataEvents says whether the object-level events of every S3 bucket are recorded: access is "read" or "write".
func (s Selectors) S3DataEvents(access string) (bool, error) {
	if access != "read" && access != "write" {
		return false, fmt.Errorf("access %q is neither read nor write", access)
	}
	read, write := false, false
	for _, c := range s.Classic {
		r, w, err := readWrite(c.ReadWriteType)
		if err != nil {
			return false, err
		}
		if slices.ContainsFunc(c.DataResources, DataResource.everyBucket) {
			read, write = read || r, write || w
		}
	}
	for _, a := range s.Advanced {
		objects := false
		r, w := a.records("Data", func(f FieldSelector) bool {
			switch f.Field {
			case "resources.type":
				objects = slices.Contains(f.Equals, "AWS::S3::Object")
				return objects
			case "resources.ARN":
				return slices.ContainsFunc(f.StartsWith, everyBucketARN)
			}
			return false
		})
		if objects {
			read, write = read || r, write || w
		}
	}
	if access == "read" {
		return read, nil
	}
	return write, nil
}

func readWrite(t string) (read, write bool, err error) {
	switch t {
	case "All":
		return true, true, nil
	case "ReadOnly":
		return true, false, nil
	case "WriteOnly":
		return false, true, nil
	}
	return false, false, fmt.Errorf("ReadWriteType %q is unknown", t)
}

func (d DataResource) everyBucket() bool {
	return d.Type == "AWS::S3::Object" && slices.ContainsFunc(d.Values, everyBucketARN)
}

// everyBucketARN says whether an ARN prefix stands for every bucket of its partition.
func everyBucketARN(prefix string) bool {
	partition, ok := strings.CutPrefix(prefix, "arn:aws")
	if !ok {
		return false
	}
	partition, ok = strings.CutSuffix(strings.TrimRight(partition, ":"), ":s3")
	return ok && (partition == "" || partition == "-cn" || partition == "-us-gov" || strings.HasPrefix(partition, "-iso"))
}

// records says which access an advanced selector of a category records in full. Fields other than eventCategory and
// readOnly narrow it, unless harmless knows better.
func (a AdvancedSelector) records(category string, harmless func(FieldSelector) bool) (read, write bool) {
	read, write = true, true
	found := false
	for _, f := range a.Fields {
		switch {
		case f.Narrowed:
			return false, false
		case f.Field == "eventCategory":
			found = slices.Contains(f.Equals, category)
		case f.Field == "readOnly":
			read = read && slices.Contains(f.Equals, "true")
			write = write && slices.Contains(f.Equals, "false")
		case !harmless(f):
			return false, false
		}
	}
	return read && found, write && found
}
