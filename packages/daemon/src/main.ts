/**
 * Entry of the daemon's process. The home is an argument, the caller's secrets are one line of JSON on standard input, readiness goes to descriptor 3. A
 * service has no caller, so no secrets come, and a failed start is written to the log.
 */
import { writeSync } from "node:fs";
import { text } from "node:stream/consumers";
import { type FailureCode, Fault } from "@aedev/contracts";
import { z } from "zod";
import { complain } from "./logging/complain.ts";
import { supervisedFlag } from "./supervisor/service-plan.ts";

const startSchema = z.strictObject({
  secrets: z.strictObject({
    control: z.record(z.string(), z.string()),
    execution: z.record(z.string(), z.string()),
    judgement: z.record(z.string(), z.string()),
  }),
});
type ReadyMessage =
  | { readonly ready: true; readonly port: number }
  | { readonly ready: false; readonly code: FailureCode; readonly error: string; readonly hint: string | null };

const readyDescriptor = 3;
const isSupervised = process.argv[3] === supervisedFlag;
const noSecrets = { control: {}, execution: {}, judgement: {} };

// A bug ends the process, and is reported where its other words go.
process.on("uncaughtException", (error) => {
  complain(error);
  process.exit(1);
});

try {
  const home = process.argv[2];
  if (home === undefined)
    throw new Fault("usage", "the daemon needs its home folder as argument", { hint: "aedev daemon start" });
  const secrets = isSupervised ? noSecrets : startSchema.parse(JSON.parse(await text(process.stdin))).secrets;
  const { runDaemon } = await import("./process/run-daemon.ts");
  const { port } = await runDaemon({ home, environment: process.env, secrets });
  reportReadiness({ ready: true, port });
} catch (error) {
  const fault = error instanceof Fault ? error : null;
  if (fault === null) complain(error);
  const words = error instanceof Error ? error.message : String(error);
  const isLog = error instanceof Error && "code" in error && String(error.code).startsWith("SQLITE_");
  reportReadiness({
    ready: false,
    code: fault?.code ?? (isLog ? "log-unreadable" : "internal"),
    error: isLog ? `the log can't be opened: ${words}` : words,
    hint: fault?.hint ?? (isLog ? "aedev events verify" : null),
  });
  process.exit(1);
}

/** If the process that started the daemon is gone, nobody needs the message, and that is no failure. */
function reportReadiness(message: ReadyMessage): void {
  if (isSupervised) {
    if (message.ready) return;
    const help = message.hint === null ? "" : `; help: ${message.hint}`;
    complain(`the daemon can't start: ${message.error}${help}`);
    return;
  }
  try {
    writeSync(readyDescriptor, `${JSON.stringify(message)}\n`);
  } catch (error) {
    complain(`the process that started the daemon is gone: ${error instanceof Error ? error.message : error}`);
  }
}
