package replay

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
	outcomeAt := func(at int) string {
		call := work.Calls[at]
		return outcomeOf(functions[call.Path+"\n"+call.Name], call.Input, []string{work.Root, work.Tested}, work.ToldMax)
	}
	first := make([]string, len(work.Calls))
	for at := range work.Calls {
		first[at] = outcomeAt(at)
		tell(at, 1, first[at])
	}
	for _, at := range work.Repeated {
		isSame := true
		for count := 2; isSame && count <= work.Times; count++ {
			if time.Since(started) > time.Duration(work.RepeatMs)*time.Millisecond {
				break
			}
			outcome := outcomeAt(at)
			isSame = outcome == first[at]
			if !isSame {
				tell(at, count, outcome)
			} else if count == work.Times {
				_, _ = fmt.Fprintf(out, "%s %d done\n", work.Word, work.Calls[at].ID)
			}
		}
	}
	_, _ = fmt.Fprintf(out, "%s end\n", work.Word)
	os.Exit(0)
}

func outcomeOf(function interface{}, input string, roots []string, max int) string {
	if function == nil {
		return "lnot exported"
	}
	called := reflect.ValueOf(function)
	arguments, err := argumentsOf(called.Type(), input)
	if err != nil {
		return "lnot made: " + err.Error()
	}
	// Their text, which varied arguments need not be written in.
	before := show(func(w *writer) { w.list(arguments) })
	return ended(outcomeOfCall(called, arguments), arguments, before, roots, max)
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

func outcomeOfCall(called reflect.Value, arguments []reflect.Value) (outcome string) {
	defer func() {
		if problem := recover(); problem != nil {
			outcome = toldPanic(problem)
		}
	}()
	if called.Type().IsVariadic() {
		return told(called.CallSlice(arguments))
	}
	return told(called.Call(arguments))
}
