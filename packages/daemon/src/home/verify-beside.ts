/**
 * Verifies the newest events of a home's log in a separate process, which neither delays the start nor keeps the memory that a thread would leave in the
 * daemon. If it fails, the log is not trusted.
 */
import { fileURLToPath } from "node:url";
import type { DistrustReason } from "@aedev/contracts";
import { answerOfProcess } from "@aedev/host/answer-of-process";
import type { LogVerification } from "../log/verify.ts";
import { verificationReason } from "./untrusted-log.ts";

/** A landing waits for the answer, so there is a limit; thousands of events take only seconds. */
const verifyMsMax = 300_000;

export function reasonsOf(verification: LogVerification): DistrustReason[] {
  if (verification.ok) return [];
  return verification.problems.map(verificationReason);
}

/** Why the log is not trusted; empty if it is. Never rejects. `program`: what the process runs. */
export function verifyBeside(
  home: string,
  program = fileURLToPath(new URL("./verify-process.ts", import.meta.url)),
): Promise<DistrustReason[]> {
  const answer = answerOfProcess<LogVerification>(program, { args: [home], msMax: verifyMsMax });
  return answer.then(reasonsOf, (error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    return reasonsOf({ ok: false, problems: [{ what: `the log could not be verified: ${why}` }], warnings: [] });
  });
}
