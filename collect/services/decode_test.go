package services

import (
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/auditpack/auditpack/collect/awsread"
)

// TestAnswersComeBack pins that every answer that can be collected reads back from its JSON as what gives the same JSON again:
// a resumed run uses such answers. Answers with a union or a document cannot, and are asked for again; they are counted.
func TestAnswersComeBack(t *testing.T) {
	var oneWay []string
	for op, typ := range outputTypes() {
		out := reflect.New(typ)
		hasUnion := fill(out.Elem(), "x", 0)
		if hasUnion {
			oneWay = append(oneWay, op.String())
		}
		first, err := awsread.Encode(op, out.Interface())
		if err != nil {
			t.Fatalf("%s: %v", op, err)
		}
		back := reflect.New(typ)
		if err := awsread.Decode(first, back.Interface()); err != nil {
			t.Errorf("%s: %v", op, err)
			continue
		}
		again, err := awsread.Encode(op, back.Interface())
		if err != nil || string(again) != string(first) {
			t.Errorf("%s: error %v\n%.600s\ncame back as\n%.600s", op, err, first, again)
		}
	}
	t.Logf("%d operations have answers that may hold a union or a document: %s", len(oneWay), strings.Join(oneWay, " "))
}

// fill gives every member a value, three structures deep, and reports whether there is a union or document that it left out.
func fill(v reflect.Value, name string, depth int) (union bool) {
	switch v.Kind() {
	case reflect.Pointer:
		if depth > 6 {
			return false
		}
		v.Set(reflect.New(v.Type().Elem()))
		return fill(v.Elem(), name, depth)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int32, reflect.Int64, reflect.Int:
		v.SetInt(int64(len(name)) + 1)
	case reflect.Float32, reflect.Float64:
		v.SetFloat(float64(len(name)) + 0.5)
	case reflect.String:
		v.SetString(name + "-" + strconv.Itoa(depth) + "-Xk9Qz7Lm2Rt5Wv8Yb3Nc6")
	case reflect.Interface:
		return true
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes([]byte(name))
			return false
		}
		if depth > 6 {
			return false
		}
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		return fill(v.Index(0), name, depth+1) || fill(v.Index(1), name, depth+1)
	case reflect.Map:
		if depth > 6 {
			return false
		}
		item := reflect.New(v.Type().Elem()).Elem()
		union = fill(item, name, depth+1)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf(name).Convert(v.Type().Key()), item)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC)))
			return false
		}
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Name != "ResultMetadata" {
				union = fill(v.Field(i), f.Name, depth+1) || union
			}
		}
	}
	return union
}
