/**
 * Verifies the newest events of a home's log in a process, because that takes a moment, which neither delays the start nor stops the daemon's answers, and
 * because the memory of a thread would stay with the daemon. A failure is a reason not to trust the log: unknown is not trusted.
 */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { DistrustReason } from "@aedev/contracts";
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
  return verified(home, program).then(reasonsOf, (error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    return reasonsOf({ ok: false, problems: [{ what: `the log could not be verified: ${why}` }], warnings: [] });
  });
}

async function verified(home: string, program: string): Promise<LogVerification> {
  const cache = process.env["NODE_COMPILE_CACHE"];
  const child = fork(program, [home], {
    env: cache === undefined ? {} : { NODE_COMPILE_CACHE: cache },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  child.unref();
  child.channel?.unref();
  const answer = Promise.withResolvers<LogVerification>();
  const failed = (why: string) => answer.reject(new Error(why));
  child.once("message", (verification) => answer.resolve(verification as LogVerification));
  child.once("error", answer.reject);
  // Comes after the last message.
  child.once("disconnect", () => failed("the process that verifies it ended"));
  const limit = setTimeout(
    () => failed(`the process that verifies it gave no answer within ${verifyMsMax / 60_000} minutes`),
    verifyMsMax,
  ).unref();
  try {
    return await answer.promise;
  } finally {
    clearTimeout(limit);
    child.kill("SIGKILL");
  }
}
