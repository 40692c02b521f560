/** Runs a shell command under a copy of strace that works in every image. If tracing is not permitted, the command runs without a record. Pure. */
import { shellWord } from "@aedev/contracts";
import { straceFolder } from "../../prepare/toolchain.ts";
import { tracedCalls } from "./read-trace.ts";

/** Processes that outlive their command are recorded for this many more seconds. */
const patienceSeconds = 2;

/** The shell's exit status after SIGXFSZ, which ends strace when its record exceeds the file size limit. */
const tooLargeStatus = 128 + 25;

/** The file beside a record that marks it as too large. */
export function fullRecordName(record: string): string {
  return `${record}.full`;
}

/**
 * Shell text that runs `command` and writes its record to `recordFile`. It exits as the command does, and is killed if the command's
 * shell is. strace ends with the last process that it traces, so it is stopped if the command left one behind; `-I 2` lets it be stopped.
 */
export function tracedCommand(command: string, recordFile: string): string {
  const strace = `${straceFolder}/loader --library-path ${straceFolder} ${straceFolder}/strace`;
  const status = `${recordFile}.status`;
  const script = shellWord(`(\n${command}\n)\necho $? >${status}`);
  return `if ${strace} -f -qq -o /dev/null true 2>/dev/null; then
  ${strace} -I 2 -f -qq -y -s 4096 --seccomp-bpf -e trace=${tracedCalls} -e signal=none -o ${recordFile} /bin/sh -c ${script} &
  strace=$!
  ( while [ ! -s ${status} ]; do sleep 0.2; done; sleep ${patienceSeconds}; kill "$strace" ) >/dev/null 2>&1 &
  wait "$strace"
  ended=$?
  if [ -s ${status} ]; then exit "$(cat ${status})"; fi
  if [ "$ended" = ${tooLargeStatus} ]; then echo full >${fullRecordName(recordFile)}; fi
  kill -KILL $$
fi
${command}`;
}
