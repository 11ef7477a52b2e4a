package expr

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// shapesJSON is made by collect/services from the types of aws-sdk-go-v2; a test there fails when it is out of date.
//
//go:embed shapes.json
var shapesJSON []byte

// Shapes says which artifact kinds exist, which parts they have, and which members the AWS API's answers have.
type Shapes struct {
	Kinds map[string]*Kind             `json:"kinds"`
	Types map[string]map[string]string `json:"types"` // type name → member → "string", "list<T>", …
}

// Kind is one kind of artifact.
type Kind struct {
	Service string               `json:"service"`
	Scope   string               `json:"scope"` // "region", "account", "organization"
	Tags    string               `json:"tags"`  // path below the parts to the tag list; "" where the kind has none
	List    []string             `json:"list"`  // calls that list the population, "s3:ListBuckets"
	Parts   map[string]PartShape `json:"parts"`
}

// PartShape is one part of a kind.
type PartShape struct {
	Type    string   `json:"type"`
	Calls   []string `json:"calls"`
	Actions []string `json:"actions"` // IAM actions
	Absent  []string `json:"absent"`  // error codes that mean: nothing is configured
}

// BuiltinShapes returns the shapes of the kinds that auditpack collects.
func BuiltinShapes() (*Shapes, error) { return ParseShapes(shapesJSON) }

// ParseShapes reads shapes and checks that every type that is named exists.
func ParseShapes(b []byte) (*Shapes, error) {
	s := &Shapes{}
	if err := json.Unmarshal(b, s); err != nil {
		return nil, fmt.Errorf("reading the shapes of artifacts: %w", err)
	}
	for name, k := range s.Kinds {
		for part, p := range k.Parts {
			if _, ok := s.Types[p.Type]; !ok {
				return nil, fmt.Errorf("shapes: part %s of %s has the unknown type %q", part, name, p.Type)
			}
		}
	}
	for name, members := range s.Types {
		for member, t := range members {
			if _, err := s.celType(t); err != nil {
				return nil, fmt.Errorf("shapes: member %s of %s: %w", member, name, err)
			}
		}
	}
	return s, nil
}

// KindNames returns the names of all kinds, sorted.
func (s *Shapes) KindNames() []string { return slices.Sorted(maps.Keys(s.Kinds)) }

// celType turns a type of shapes.json into CEL's. Bytes are the base64 text that records hold.
func (s *Shapes) celType(t string) (*types.Type, error) {
	switch t {
	case "string", "bytes":
		return types.StringType, nil
	case "int":
		return types.IntType, nil
	case "bool":
		return types.BoolType, nil
	case "double":
		return types.DoubleType, nil
	case "timestamp":
		return types.TimestampType, nil
	case "dyn":
		return types.DynType, nil
	}
	if inner, ok := strings.CutPrefix(t, "list<"); ok {
		elem, err := s.celType(strings.TrimSuffix(inner, ">"))
		if err != nil {
			return nil, err
		}
		return types.NewListType(elem), nil
	}
	if inner, ok := strings.CutPrefix(t, "map<string,"); ok {
		elem, err := s.celType(strings.TrimSuffix(strings.TrimSpace(inner), ">"))
		if err != nil {
			return nil, err
		}
		return types.NewMapType(types.StringType, elem), nil
	}
	if _, ok := s.Types[t]; ok {
		return types.NewObjectType(t), nil
	}
	return nil, fmt.Errorf("unknown type %q", t)
}

// kindPrefix marks the CEL object types that stand for whole artifacts.
const kindPrefix = "artifact "

func kindType(kind string) *types.Type { return types.NewObjectType(kindPrefix + kind) }

// kindOf returns the artifact kind that a CEL type stands for, "" if none.
func kindOf(t *types.Type) string {
	if t == nil || t.Kind() != types.StructKind {
		return ""
	}
	k, ok := strings.CutPrefix(t.TypeName(), kindPrefix)
	if !ok {
		return ""
	}
	return k
}

// provider shows the shapes to CEL's type checker. When record is set it notes the members that were asked for and do
// not exist, so that the error can name those that do.
type provider struct {
	types.Provider
	shapes *Shapes
	record bool
	missed []miss
}

type miss struct{ typ, member string }

func (p *provider) members(typ string) ([]string, bool) {
	if kind, ok := strings.CutPrefix(typ, kindPrefix); ok {
		k, ok := p.shapes.Kinds[kind]
		if !ok {
			return nil, false
		}
		return slices.Sorted(maps.Keys(k.Parts)), true
	}
	m, ok := p.shapes.Types[typ]
	return slices.Sorted(maps.Keys(m)), ok
}

func (p *provider) FindStructType(name string) (*types.Type, bool) {
	if _, ok := p.members(name); ok {
		return types.NewTypeTypeWithParam(types.NewObjectType(name)), true
	}
	return p.Provider.FindStructType(name)
}

func (p *provider) FindStructFieldNames(name string) ([]string, bool) {
	if m, ok := p.members(name); ok {
		return m, true
	}
	return p.Provider.FindStructFieldNames(name)
}

func (p *provider) FindStructFieldType(typ, member string) (*types.FieldType, bool) {
	var name string
	var ok bool
	if kind, isKind := strings.CutPrefix(typ, kindPrefix); isKind {
		k := p.shapes.Kinds[kind]
		if k == nil {
			return nil, false
		}
		var part PartShape
		part, ok = k.Parts[member]
		name = part.Type
	} else if m, isType := p.shapes.Types[typ]; isType {
		name, ok = m[member]
	} else {
		return p.Provider.FindStructFieldType(typ, member)
	}
	if !ok {
		if p.record {
			p.missed = append(p.missed, miss{typ, member})
		}
		return nil, false
	}
	t, err := p.shapes.celType(name)
	if err != nil {
		return nil, false
	}
	return &types.FieldType{Type: t}, true
}

// NewValue refuses to construct AWS's structures in an expression.
func (p *provider) NewValue(typ string, _ map[string]ref.Val) ref.Val {
	return types.NewErr("expressions cannot make a %s", typ)
}

// CheckDoc compares an artifact with the shape of its kind and returns what does not fit: unknown parts and members,
// values of another type. It is for data that people write: examples and test accounts.
func (s *Shapes) CheckDoc(d *Doc) []error {
	k := s.Kinds[d.Kind]
	if k == nil {
		return []error{fmt.Errorf("there is no kind %q%s", d.Kind, DidYouMean(d.Kind, s.KindNames()))}
	}
	var errs []error
	for i := range d.parts {
		p := &d.parts[i]
		shape, ok := k.Parts[p.name]
		switch {
		case !ok:
			errs = append(errs, fmt.Errorf("%s has no part %s%s", d.Kind, p.name, DidYouMean(p.name, slices.Sorted(maps.Keys(k.Parts)))))
		case p.state == stateAbsent && len(shape.Absent) == 0:
			errs = append(errs, fmt.Errorf("part %s of %s is never absent", p.name, d.Kind))
		case p.state == stateOK:
			s.checkNode(d, p.data, shape.Type, &errs)
		}
	}
	return errs
}

func (s *Shapes) checkNode(d *Doc, node uint32, typ string, errs *[]error) {
	n := &d.nodes[node]
	elem, isList := strings.CutPrefix(typ, "list<")
	value, isMap := strings.CutPrefix(typ, "map<string,")
	members, isStruct := s.Types[typ]
	switch {
	case typ == "dyn", n.kind == nodeNull, d.redacted(node): // null reads as missing
	case isList && n.kind == nodeArray:
		d.elements(node, func(i uint32) bool {
			s.checkNode(d, i, strings.TrimSuffix(elem, ">"), errs)
			return true
		})
	case (isMap || isStruct) && n.kind == nodeObject:
		for i := node + 1; i < n.next; i = d.nodes[i+1].next {
			t := strings.TrimSuffix(strings.TrimSpace(value), ">")
			if name := d.str(i); isStruct {
				var ok bool
				if t, ok = members[name]; !ok {
					*errs = append(*errs, fmt.Errorf("%s: %s has no member %s%s", d.pointer(node), typ, name, DidYouMean(name, slices.Sorted(maps.Keys(members)))))
					continue
				}
			}
			s.checkNode(d, i+1, t, errs)
		}
	default:
		t, err := s.celType(typ)
		if err == nil && !isList && !isMap && !isStruct {
			if _, ok := scalar(d, node, t.Kind()); ok {
				return
			}
		}
		*errs = append(*errs, fmt.Errorf("%s is not of type %s", d.pointer(node), typ))
	}
}
