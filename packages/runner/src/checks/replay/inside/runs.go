// Starts one bare process per surroundings, one after the other, and prints what each told, where neither Node nor Python does it. It loads no code of the repository.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

const toldBytesMax = 4 * 1024 * 1024

type run struct {
	Name, Program, Cwd string
	Environment        map[string]string
	Words              []string
	TimeoutMs          int
	Job                json.RawMessage
}

func toldBy(one run) string {
	environment := []string{}
	for name, value := range one.Environment {
		environment = append(environment, name+"="+value)
	}
	read, write, err := os.Pipe()
	if err != nil {
		return ""
	}
	child := exec.Command(one.Program, one.Words...)
	child.Dir, child.Env, child.Stdin, child.ExtraFiles = one.Cwd, environment, bytes.NewReader(one.Job), []*os.File{write}
	child.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if child.Start() != nil {
		return ""
	}
	kill := func() { _ = syscall.Kill(-child.Process.Pid, syscall.SIGKILL) }
	_ = write.Close()
	stop := time.AfterFunc(time.Duration(one.TimeoutMs)*time.Millisecond, func() {
		kill()
		_ = read.Close()
	})
	text, _ := io.ReadAll(io.LimitReader(read, toldBytesMax))
	kill()
	_ = child.Wait()
	stop.Stop()
	return string(text)
}

func main() {
	text, err := os.ReadFile(os.Args[1])
	var given struct{ Runs []run }
	if err != nil || json.Unmarshal(text, &given) != nil {
		return
	}
	// The code under test must not read what it will be asked.
	_ = os.Remove(os.Args[1])
	_ = os.Remove(strings.TrimSuffix(os.Args[1], ".json") + ".go")
	for _, one := range given.Runs {
		var job struct{ Word string }
		_ = json.Unmarshal(one.Job, &job)
		_ = os.MkdirAll(one.Cwd, 0o755)
		for _, line := range strings.Split(toldBy(one), "\n") {
			if strings.HasPrefix(line, job.Word+" ") {
				fmt.Println(one.Name, line)
			}
		}
		fmt.Println(one.Name, job.Word, "over")
	}
}
