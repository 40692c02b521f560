// Package replay records the calls of functions of the code under test, and makes them again. This file tells plain data as JSON and reads it again;
// a struct is plain if its fields are. It runs in containers, inside the code under test, and uses the language of Go 1.13.
package replay

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
	"unsafe"
)

const (
	nodesMax      = 3000
	depthMax      = 40
	charactersMax = 32000
	safeInteger   = 1 << 53
)

type notPlain struct{}

// A writer tells values as text. A value that can't be made again is refused, unless shows is set: then it is told by its kind.
type writer struct {
	text  strings.Builder
	shows bool
	nodes int
	seen  map[unsafe.Pointer]bool
}

// encode gives the text of values that can all be made again, and whether they can.
func encode(values []reflect.Value) (text string, ok bool) {
	defer func() {
		if recover() != nil {
			text, ok = "", false
		}
	}()
	w := &writer{nodes: nodesMax, seen: map[unsafe.Pointer]bool{}}
	w.list(values)
	if w.text.Len() > charactersMax {
		return "", false
	}
	return w.text.String(), true
}

// show gives a text for all values; what can't be made again is told by its kind.
func show(write func(*writer)) (text string) {
	defer func() {
		if problem := recover(); problem != nil {
			text = `["x","unreadable"]`
		}
	}()
	w := &writer{shows: true, nodes: nodesMax, seen: map[unsafe.Pointer]bool{}}
	write(w)
	return w.text.String()
}

func (w *writer) refuse(kind string) {
	if !w.shows {
		panic(notPlain{})
	}
	w.text.WriteString(`["x",` + quoted(kind) + `]`)
}

func (w *writer) list(values []reflect.Value) {
	w.text.WriteString(`["a",[`)
	for index, value := range values {
		if index > 0 {
			w.text.WriteString(",")
		}
		w.value(value, 1)
	}
	w.text.WriteString(`]]`)
}

func quoted(text string) string {
	told, err := json.Marshal(text)
	if err != nil {
		return `""`
	}
	return string(told)
}

var timeType = reflect.TypeOf(time.Time{})

func (w *writer) value(v reflect.Value, depth int) {
	w.nodes--
	if w.nodes < 0 || depth > depthMax || w.text.Len() > 2*charactersMax {
		w.refuse("more")
		return
	}
	if !v.IsValid() {
		w.text.WriteString("null")
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		w.text.WriteString(strconv.FormatBool(v.Bool()))
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		w.integer(strconv.FormatInt(v.Int(), 10), v.Int() <= safeInteger && v.Int() >= -safeInteger)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		w.integer(strconv.FormatUint(v.Uint(), 10), v.Uint() <= safeInteger)
	case reflect.Float32, reflect.Float64:
		w.text.WriteString(`["d","` + strconv.FormatFloat(v.Float(), 'g', -1, v.Type().Bits()) + `"]`)
	case reflect.String:
		w.string(v.String())
	case reflect.Slice, reflect.Array:
		w.items(v, depth)
	case reflect.Map:
		w.entries(v, depth)
	case reflect.Ptr:
		w.pointer(v, depth)
	case reflect.Interface:
		w.dynamic(v, depth)
	case reflect.Struct:
		w.fields(v, depth)
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		if v.IsNil() {
			w.text.WriteString("null")
		} else {
			w.refuse(v.Kind().String())
		}
	default:
		w.refuse(v.Kind().String())
	}
}

func (w *writer) integer(digits string, isSafe bool) {
	if isSafe {
		w.text.WriteString(digits)
	} else {
		w.text.WriteString(`["n","` + digits + `"]`)
	}
}

func (w *writer) string(text string) {
	if utf8.ValidString(text) {
		w.text.WriteString(quoted(text))
	} else {
		w.text.WriteString(`["b","` + hex.EncodeToString([]byte(text)) + `"]`)
	}
}

func (w *writer) items(v reflect.Value, depth int) {
	isSlice := v.Kind() == reflect.Slice
	if isSlice && v.IsNil() {
		w.text.WriteString("null")
		return
	}
	if v.Type().Elem().Kind() == reflect.Uint8 {
		bytes := make([]byte, v.Len())
		for index := range bytes {
			bytes[index] = byte(v.Index(index).Uint())
		}
		w.text.WriteString(`["b","` + hex.EncodeToString(bytes) + `"]`)
		return
	}
	w.text.WriteString(`["a",[`)
	for index := 0; index < v.Len(); index++ {
		if index > 0 {
			w.text.WriteString(",")
		}
		w.value(v.Index(index), depth+1)
		if w.nodes < 0 {
			break
		}
	}
	w.text.WriteString(`]]`)
}

// entries tells a map in the order of its keys' texts.
func (w *writer) entries(v reflect.Value, depth int) {
	if v.IsNil() {
		w.text.WriteString("null")
		return
	}
	if v.Len() > w.nodes {
		w.refuse("more")
		return
	}
	pairs := make([]string, 0, v.Len())
	for _, key := range v.MapKeys() {
		inner := &writer{shows: w.shows, nodes: w.nodes, seen: w.seen}
		inner.text.WriteString("[")
		inner.value(key, depth+1)
		inner.text.WriteString(",")
		inner.value(v.MapIndex(key), depth+1)
		inner.text.WriteString("]")
		w.nodes = inner.nodes
		pairs = append(pairs, inner.text.String())
	}
	sort.Strings(pairs)
	w.text.WriteString(`["M",[` + strings.Join(pairs, ",") + `]]`)
}

// pointer tells what it points to. What is held twice would be made twice.
func (w *writer) pointer(v reflect.Value, depth int) {
	if v.IsNil() {
		w.text.WriteString("null")
		return
	}
	at := unsafe.Pointer(v.Pointer())
	if w.seen[at] {
		w.refuse("again")
		return
	}
	w.seen[at] = true
	w.value(v.Elem(), depth+1)
}

// Types without a name of their own that an interface can hold and that are told with it.
var dynamicTypes = map[string]reflect.Type{
	"bool": reflect.TypeOf(false), "int": reflect.TypeOf(0), "int8": reflect.TypeOf(int8(0)), "int16": reflect.TypeOf(int16(0)),
	"int32": reflect.TypeOf(int32(0)), "int64": reflect.TypeOf(int64(0)), "uint": reflect.TypeOf(uint(0)), "uint8": reflect.TypeOf(uint8(0)),
	"uint16": reflect.TypeOf(uint16(0)), "uint32": reflect.TypeOf(uint32(0)), "uint64": reflect.TypeOf(uint64(0)),
	"float32": reflect.TypeOf(float32(0)), "float64": reflect.TypeOf(float64(0)), "string": reflect.TypeOf(""),
	"[]interface {}": reflect.TypeOf([]interface{}{}), "map[string]interface {}": reflect.TypeOf(map[string]interface{}{}),
	"[]string": reflect.TypeOf([]string{}), "[]int": reflect.TypeOf([]int{}), "[]float64": reflect.TypeOf([]float64{}),
	"[]uint8": reflect.TypeOf([]byte{}), "map[string]string": reflect.TypeOf(map[string]string{}), "time.Time": timeType,
}

func (w *writer) dynamic(v reflect.Value, depth int) {
	if v.IsNil() {
		w.text.WriteString("null")
		return
	}
	inner := v.Elem()
	if known, ok := dynamicTypes[inner.Type().String()]; ok && known == inner.Type() {
		w.text.WriteString(`["y",` + quoted(inner.Type().String()) + `,`)
		w.value(inner, depth+1)
		w.text.WriteString(`]`)
		return
	}
	if !w.shows {
		panic(notPlain{})
	}
	w.text.WriteString(`["x",` + quoted(inner.Type().String()))
	if inner.CanInterface() {
		if err, ok := inner.Interface().(error); ok {
			w.text.WriteString(`,` + quoted(messageOf(err)) + `]`)
			return
		}
	}
	w.text.WriteString(`,`)
	w.value(inner, depth+1)
	w.text.WriteString(`]`)
}

// Types whose state is not the value's: locks, which a new value has open.
func isLock(t reflect.Type) bool {
	return t.PkgPath() == "sync" && (t.Name() == "Mutex" || t.Name() == "RWMutex" || t.Name() == "noCopy")
}

func (w *writer) fields(v reflect.Value, depth int) {
	t := v.Type()
	if isLock(t) {
		w.text.WriteString("null")
		return
	}
	// What a lock guards may change while it is read.
	if hasLock(t) {
		w.refuse(t.String())
		return
	}
	if t == timeType {
		w.time(v)
		return
	}
	if isOpen(t) {
		w.text.WriteString(`["o",[`)
	} else {
		w.text.WriteString(`["I",` + quoted(t.PkgPath()) + `,` + quoted(t.Name()) + `,[`)
	}
	for index := 0; index < t.NumField(); index++ {
		if index > 0 {
			w.text.WriteString(",")
		}
		w.text.WriteString(`[` + quoted(t.Field(index).Name) + `,`)
		w.value(v.Field(index), depth+1)
		w.text.WriteString(`]`)
		if w.nodes < 0 {
			break
		}
	}
	w.text.WriteString(`]]`)
}

func hasLock(t reflect.Type) bool {
	for index := 0; index < t.NumField(); index++ {
		if field := t.Field(index).Type; isLock(field) || field.Kind() == reflect.Ptr && isLock(field.Elem()) {
			return true
		}
	}
	return false
}

// isOpen tells whether a struct is plain data that anybody can make, and keeps nothing to itself.
func isOpen(t reflect.Type) bool {
	for index := 0; index < t.NumField(); index++ {
		if t.Field(index).PkgPath != "" {
			return false
		}
	}
	return true
}

func (w *writer) time(v reflect.Value) {
	if !v.CanInterface() && v.CanAddr() {
		v = reflect.NewAt(v.Type(), unsafe.Pointer(v.UnsafeAddr())).Elem()
	}
	if !v.CanInterface() {
		w.refuse("time.Time")
		return
	}
	at := v.Interface().(time.Time)
	if name := at.Location().String(); name != "UTC" && name != "Local" && name != "" {
		w.refuse("time.Time " + at.Format(time.RFC3339Nano))
		return
	}
	w.text.WriteString(`["k","time.Time",` + quoted(at.Format(time.RFC3339Nano)) + `]`)
}

// decode makes the value that a text tells, in a place for its type.
func decode(told interface{}, v reflect.Value) error {
	if told == nil {
		return nil
	}
	if v.Kind() == reflect.Ptr {
		v.Set(reflect.New(v.Type().Elem()))
		return decode(told, v.Elem())
	}
	switch given := told.(type) {
	case bool:
		if v.Kind() != reflect.Bool {
			return misfit(v)
		}
		v.SetBool(given)
		return nil
	case string:
		if v.Kind() != reflect.String {
			return misfit(v)
		}
		v.SetString(given)
		return nil
	case json.Number:
		return decodeNumber(given.String(), v)
	case []interface{}:
		return decodeKind(given, v)
	}
	return misfit(v)
}

func misfit(v reflect.Value) error {
	return errors.New("no " + v.Type().String())
}

func decodeNumber(digits string, v reflect.Value) error {
	switch v.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		number, err := strconv.ParseInt(digits, 10, v.Type().Bits())
		if err == nil {
			v.SetInt(number)
		}
		return err
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		number, err := strconv.ParseUint(digits, 10, v.Type().Bits())
		if err == nil {
			v.SetUint(number)
		}
		return err
	case reflect.Float32, reflect.Float64:
		number, err := strconv.ParseFloat(digits, v.Type().Bits())
		if err == nil {
			v.SetFloat(number)
		}
		return err
	}
	return misfit(v)
}

func decodeKind(given []interface{}, v reflect.Value) error {
	if len(given) < 2 {
		return misfit(v)
	}
	kind, _ := given[0].(string)
	text, isText := given[1].(string)
	items, isList := given[1].([]interface{})
	switch {
	case (kind == "d" || kind == "n") && isText:
		return decodeNumber(text, v)
	case kind == "b" && isText:
		return decodeBytes(text, v)
	case kind == "k" && v.Type() == timeType && len(given) == 3:
		at, err := time.Parse(time.RFC3339Nano, fmt.Sprint(given[2]))
		if err == nil {
			v.Set(reflect.ValueOf(at))
		}
		return err
	case kind == "y" && v.Kind() == reflect.Interface && len(given) == 3:
		known, ok := dynamicTypes[text]
		if !ok || !known.Implements(v.Type()) {
			return misfit(v)
		}
		inner := reflect.New(known).Elem()
		if err := decode(given[2], inner); err != nil {
			return err
		}
		v.Set(inner)
		return nil
	case kind == "a" && isList:
		return decodeItems(items, v)
	case kind == "M" && isList && v.Kind() == reflect.Map:
		return decodeEntries(items, v)
	case kind == "o" && isList && v.Kind() == reflect.Struct:
		return decodeFields(items, v)
	case kind == "I" && v.Kind() == reflect.Struct && len(given) == 4:
		pairs, _ := given[3].([]interface{})
		return decodeFields(pairs, v)
	}
	return misfit(v)
}

func decodeBytes(text string, v reflect.Value) error {
	bytes, err := hex.DecodeString(text)
	if err != nil {
		return err
	}
	switch {
	case v.Kind() == reflect.String:
		v.SetString(string(bytes))
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8:
		made := reflect.MakeSlice(v.Type(), len(bytes), len(bytes))
		reflect.Copy(made, reflect.ValueOf(bytes).Convert(reflect.TypeOf([]byte{})))
		v.Set(made)
	case v.Kind() == reflect.Array && v.Type().Elem().Kind() == reflect.Uint8 && v.Len() == len(bytes):
		for index, one := range bytes {
			v.Index(index).SetUint(uint64(one))
		}
	default:
		return misfit(v)
	}
	return nil
}

func decodeItems(items []interface{}, v reflect.Value) error {
	switch {
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), len(items), len(items)))
	case v.Kind() != reflect.Array || v.Len() != len(items):
		return misfit(v)
	}
	for index, item := range items {
		if err := decode(item, v.Index(index)); err != nil {
			return err
		}
	}
	return nil
}

func decodeEntries(items []interface{}, v reflect.Value) error {
	v.Set(reflect.MakeMap(v.Type()))
	for _, item := range items {
		pair, _ := item.([]interface{})
		if len(pair) != 2 {
			return misfit(v)
		}
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		if err := decode(pair[0], key); err != nil {
			return err
		}
		if err := decode(pair[1], value); err != nil {
			return err
		}
		v.SetMapIndex(key, value)
	}
	return nil
}

func decodeFields(pairs []interface{}, v reflect.Value) error {
	set := 0
	for _, one := range pairs {
		pair, _ := one.([]interface{})
		if len(pair) != 2 {
			return misfit(v)
		}
		name, _ := pair[0].(string)
		known, ok := v.Type().FieldByName(name)
		// The base may not have the field.
		if !ok || len(known.Index) != 1 {
			continue
		}
		field := v.Field(known.Index[0])
		field = reflect.NewAt(field.Type(), unsafe.Pointer(field.UnsafeAddr())).Elem()
		if err := decode(pair[1], field); err != nil {
			return err
		}
		set++
	}
	// Under another name in the base, a field would be empty there, and the object another one.
	if set < v.NumField() {
		return misfit(v)
	}
	return nil
}

func messageOf(err error) (message string) {
	defer func() {
		if recover() != nil {
			message = "unreadable"
		}
	}()
	return err.Error()
}

var errorType = reflect.TypeOf((*error)(nil)).Elem()

// told is how a call ended: v and its result, or its results as a tuple; e and the error that it gave, with the other results that are not empty. A last nil error is not told.
func told(results []reflect.Value) string {
	if count := len(results); count > 0 && results[count-1].Type() == errorType {
		last := results[count-1]
		results = results[:count-1]
		if !last.IsNil() {
			text := "e" + last.Elem().Type().String() + ": " + messageOf(last.Interface().(error))
			for _, result := range results {
				if !result.IsZero() {
					return text + " with " + show(func(w *writer) { w.list(results) })
				}
			}
			return text
		}
	}
	if len(results) == 1 {
		return "v" + show(func(w *writer) { w.value(results[0], 1) })
	}
	return `v["t",` + strings.TrimPrefix(show(func(w *writer) { w.list(results) }), `["a",`)
}

func toldPanic(problem interface{}) string {
	if err, ok := problem.(error); ok {
		return "ePanic: " + messageOf(err)
	}
	return "ePanic: " + fmt.Sprint(problem)
}

var address = regexp.MustCompile(`\b0x[0-9a-f]{6,}`)

// ended adds what a call made of its arguments, without what differs by nature. before is their text, as encode gives it.
func ended(text string, arguments []reflect.Value, before string, roots []string, max int) string {
	const leaves = "\u001e and left "
	if after := show(func(w *writer) { w.list(arguments) }); before != "" && after != before {
		text += leaves + after
	}
	text = address.ReplaceAllString(text, "0x")
	for _, root := range roots {
		if root != "" {
			text = strings.Replace(text, root, "\u27e8repository\u27e9", -1)
		}
	}
	if len(text) > max {
		sum := sha256.Sum256([]byte(text))
		isChanging := strings.Contains(text, leaves)
		text = strings.ToValidUTF8(text[:500], "") + "... " + hex.EncodeToString(sum[:])
		if isChanging {
			text += leaves + "..."
		}
	}
	return text
}

func folder() string {
	at, err := os.Getwd()
	if err != nil {
		return ""
	}
	return at
}
