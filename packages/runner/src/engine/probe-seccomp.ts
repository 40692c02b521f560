/**
 * Tests in a real container which system calls and socket families its seccomp profile allows (SECURITY T34): the attempts of `seccomp/attempts.json`, each in
 * a process of its own. Perl makes them, because every image with git has it. It only reports.
 */
import { readFileSync } from "node:fs";
import { Fault, type RunLimits } from "@aedev/contracts";
import { z } from "zod";
import type { RunnerContext } from "./context.ts";
import { runProbe } from "./run-probe.ts";
import type { SeccompKind } from "./seccomp.ts";

const timeoutMs = 60_000;
const outputBytesMax = 64 * 1024;
const whenDenied = ["always", "never", "in fetch", "unless traced"] as const;
const attemptSchema = z.strictObject({
  attempt: z.string(),
  /** The call's number on x86_64 and on aarch64; null where the architecture lacks it. */
  call: z.tuple([z.int().nullable(), z.int().nullable()]),
  /** Arguments with which an allowed call does nothing. */
  arguments: z.array(z.int()),
  denied: z.enum(whenDenied),
});

export type SeccompAttempt = z.infer<typeof attemptSchema>;

export function seccompAttempts(): SeccompAttempt[] {
  const path = new URL("../../seccomp/attempts.json", import.meta.url);
  return z.array(attemptSchema).parse(JSON.parse(readFileSync(path, "utf8")));
}

/** True if, according to the documented list, the profile denies the attempt. */
export function isDenied(attempt: SeccompAttempt, kind: SeccompKind): boolean {
  if (attempt.denied === "in fetch") return kind === "fetch";
  if (attempt.denied === "unless traced") return kind !== "traced";
  return attempt.denied === "always";
}

/** Prints one line per attempt: its number, a space, and the error number, or `-1` if a signal ended its process. Exits with 3 on other architectures. */
const program = String.raw`
use POSIX ();
my %column = (x86_64 => 0, aarch64 => 1);
my $column = $column{(POSIX::uname())[4]};
exit 3 unless defined $column;
$| = 1;
my $number = 0;
for my $attempt (split /;/, $ARGV[0]) {
  my ($calls, $arguments) = split /:/, $attempt, -1;
  my $call = (split /,/, $calls, -1)[$column];
  my $index = $number++;
  next if $call eq "";
  my @arguments = map { $_ + 0 } split /,/, $arguments;
  pipe(my $reader, my $writer);
  my $child = fork();
  if ($child == 0) {
    close $reader;
    $! = 0;
    my $answer = syscall($call + 0, @arguments);
    my $error = $answer == -1 ? $! + 0 : 0;
    syswrite $writer, "$error";
    POSIX::_exit(0);
  }
  close $writer;
  my $error = "";
  sysread $reader, $error, 16;
  waitpid $child, 0;
  print "$index ", ($error eq "" ? -1 : $error), "\n";
}
`;

const notPermitted = 1;
const notThere = 38;

/** The probe as an argument list. Pass its output to `answersOf`. */
export function probeCommand(attempts: readonly SeccompAttempt[]): [string, ...string[]] {
  const encoded = attempts.map(
    ({ call, arguments: numbers }) => `${call.map((one) => one ?? "").join(",")}:${numbers.join(",")}`,
  );
  return ["/usr/bin/perl", "-e", program, encoded.join(";")];
}

export interface SeccompAnswers {
  /** The attempts that exist on this architecture. */
  tried: SeccompAttempt[];
  /** Names of the denied attempts: "not permitted", "no such call", or the end of the process. */
  denied: Set<string>;
}

/** Runs the probe under the profile of a kind. Throws a Fault `HOLD-TOOLCHAIN` if it does not finish, or the engine's Faults. */
export async function probeSeccomp(
  { seccomp, imageId, limits }: { seccomp: SeccompKind; imageId: string; limits: RunLimits },
  context: Pick<RunnerContext, "docker" | "homeId" | "user">,
): Promise<SeccompAnswers> {
  const attempts = seccompAttempts();
  const [perl, ...command] = probeCommand(attempts);
  const { ended, text } = await runProbe(
    { imageId, entrypoint: [perl], command, environment: {}, mounts: [], seccomp, limits, timeoutMs, outputBytesMax },
    context,
  );
  if (ended !== 0) throw new Fault("HOLD-TOOLCHAIN", `the seccomp probe ended with ${ended}: ${text.slice(-200)}`);
  return answersOf(text, attempts);
}

/** `text`: the probe's output. */
export function answersOf(text: string, attempts: readonly SeccompAttempt[]): SeccompAnswers {
  const tried: SeccompAttempt[] = [];
  const denied = new Set<string>();
  for (const line of text.split("\n")) {
    const [index, error] = line.split(" ").map(Number);
    const attempt = attempts[index ?? -1];
    if (line === "" || attempt === undefined || error === undefined) continue;
    tried.push(attempt);
    if ([notPermitted, notThere, -1].includes(error)) denied.add(attempt.attempt);
  }
  return { tried, denied };
}
