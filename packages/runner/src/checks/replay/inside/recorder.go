package replay

// This file is compiled into the tested package and writes down the calls that the tests make.

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"
	"sync"
)

// Target is the file that records are appended to.
const Target = "TARGET"

const callsMax = 200

var (
	lock   sync.Mutex
	counts = map[string]int{}
	usual  = surroundings()
)

func surroundings() string {
	return folder() + "\n" + strings.Join(os.Environ(), "\n")
}

// write appends one record. What is missing can't be called again.
func write(fields ...interface{}) {
	line, err := json.Marshal(append([]interface{}{fmt.Sprint(os.Getpid())}, fields...))
	if err != nil {
		return
	}
	lock.Lock()
	defer lock.Unlock()
	// Not 0o644: that needs Go 1.13.
	file, err := os.OpenFile(Target, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0644)
	if err != nil {
		return
	}
	_, _ = file.Write(append(line, '\n'))
	_ = file.Close()
}

// Register tells that a file is loaded, and its exported functions.
func Register(path string, names ...string) bool {
	for _, name := range names {
		write(path, name)
	}
	return true
}

// A Call is one that is being recorded; nil is one that is not.
type Call struct {
	path, name, before string
	isPlain, isSetUp   bool
	arguments          []reflect.Value
}

// Begin reads the arguments, which places point to. isSetUp: the tests write to what the function's package holds.
func Begin(path, name string, isSetUp bool, places ...interface{}) *Call {
	lock.Lock()
	counts[path+"\n"+name]++
	count := counts[path+"\n"+name]
	lock.Unlock()
	if count > callsMax {
		return nil
	}
	call := &Call{path: path, name: name, isSetUp: isSetUp || surroundings() != usual, arguments: valuesAt(places)}
	call.before, call.isPlain = encode(call.arguments)
	return call
}

func valuesAt(places []interface{}) []reflect.Value {
	values := make([]reflect.Value, len(places))
	for index, place := range places {
		values[index] = reflect.ValueOf(place).Elem()
	}
	return values
}

// End records what the function gave.
func (call *Call) End(places ...interface{}) {
	if call != nil {
		call.record(told(valuesAt(places)))
	}
}

// Panicked records with what the function panicked.
func (call *Call) Panicked(problem interface{}) {
	if call != nil {
		call.record(toldPanic(problem))
	}
}

func (call *Call) record(outcome string) {
	var input interface{}
	if call.isPlain {
		input = call.before
	}
	write(call.path, call.name, input, ended(outcome, call.arguments, call.before, []string{"ROOT"}, 600), call.isSetUp)
}
