package replay

// This file makes the recorded calls again and writes their outcomes.

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"time"
)

type job struct {
	Word     string
	Root     string
	Tested   string
	Times    int
	RepeatMs int
	ToldMax  int
	Repeated []int
	Calls    []struct {
		ID         int
		Path, Name string
		Input      string
	}
}

// CallAgain makes the calls of the job on standard input and tells the outcomes on descriptor 3, each behind a word. functions: by file and name.
func CallAgain(functions map[string]interface{}) {
	started := time.Now()
	var work job
	if json.NewDecoder(os.Stdin).Decode(&work) != nil {
		return
	}
	out := os.NewFile(3, "outcomes")
	tell := func(at, count int, outcome string) {
		_, _ = fmt.Fprintf(out, "%s %d %d %s\n", work.Word, work.Calls[at].ID, count, quoted(outcome))
	}
	outcomeAt := func(at int) (string, func() string) {
		call := work.Calls[at]
		return outcomeOf(functions[call.Path+"\n"+call.Name], call.Input, []string{work.Root, work.Tested}, work.ToldMax)
	}
	first := make([]string, len(work.Calls))
	for at := range work.Calls {
		first[at], _ = outcomeAt(at)
		tell(at, 1, first[at])
	}
	now := make([]func() string, len(work.Repeated))
	for index, at := range work.Repeated {
		isSame := true
		for count := 2; isSame && count <= work.Times; count++ {
			if time.Since(started) > time.Duration(work.RepeatMs)*time.Millisecond {
				break
			}
			outcome, outcomeNow := outcomeAt(at)
			if now[index] == nil {
				now[index] = outcomeNow
			}
			isSame = outcome == first[at]
			if !isSame {
				tell(at, count, outcome)
			} else if count == work.Times {
				_, _ = fmt.Fprintf(out, "%s %d done\n", work.Word, work.Calls[at].ID)
			}
		}
	}
	// What a call gave should still be the same after all others.
	for index, at := range work.Repeated {
		if now[index] == nil {
			continue
		}
		if outcome := now[index](); outcome != first[at] {
			tell(at, 0, outcome)
		} else {
			_, _ = fmt.Fprintf(out, "%s %d kept\n", work.Word, work.Calls[at].ID)
		}
	}
	_, _ = fmt.Fprintf(out, "%s end\n", work.Word)
	os.Exit(0)
}

// outcomeOf makes a call. It gives how it ended, and what tells the same again later, when other calls may have changed what it gave.
func outcomeOf(function interface{}, input string, roots []string, max int) (string, func() string) {
	final := func(outcome string) (string, func() string) { return outcome, func() string { return outcome } }
	if function == nil {
		return final("lnot exported")
	}
	called := reflect.ValueOf(function)
	arguments, err := argumentsOf(called.Type(), input)
	if err != nil {
		return final("lnot made: " + err.Error())
	}
	// Their text, which varied arguments need not be written in.
	before := show(func(w *writer) { w.list(arguments) })
	results, problem := resultsOf(called, arguments)
	if problem != "" {
		return final(ended(problem, arguments, before, roots, max))
	}
	now := func() string { return ended(told(results), arguments, before, roots, max) }
	return now(), now
}

func argumentsOf(t reflect.Type, input string) ([]reflect.Value, error) {
	var given []interface{}
	decoder := json.NewDecoder(bytes.NewReader([]byte(input)))
	decoder.UseNumber()
	if err := decoder.Decode(&given); err != nil {
		return nil, err
	}
	if len(given) != 2 {
		return nil, fmt.Errorf("no arguments")
	}
	items, _ := given[1].([]interface{})
	if len(items) != t.NumIn() {
		return nil, fmt.Errorf("%d arguments for %d", len(items), t.NumIn())
	}
	arguments := make([]reflect.Value, len(items))
	for index, item := range items {
		arguments[index] = reflect.New(t.In(index)).Elem()
		if err := decode(item, arguments[index]); err != nil {
			return nil, err
		}
	}
	return arguments, nil
}

// resultsOf gives what a function returned, or the text of its panic.
func resultsOf(called reflect.Value, arguments []reflect.Value) (results []reflect.Value, problem string) {
	defer func() {
		if found := recover(); found != nil {
			problem = toldPanic(found)
		}
	}()
	if called.Type().IsVariadic() {
		return called.CallSlice(arguments), ""
	}
	return called.Call(arguments), ""
}
