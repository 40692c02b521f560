/**
 * Verifies the newest events of a home's log in a process, because that takes a moment, which neither delays the start nor stops the daemon's answers, and
 * because the memory of a thread would stay with the daemon. A failure is a reason not to trust the log: unknown is not trusted.
 */
import { fileURLToPath } from "node:url";
import type { DistrustReason } from "@aedev/contracts";
import { answerOfProcess } from "@aedev/host/answer-of-process";
import type { LogVerification } from "../log/verify.ts";
import { verificationReason } from "./untrusted-log.ts";

/** Thousands of events take seconds. A landing waits for the answer, so a process that gives none must not be waited for without end. */
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
