/**
 * Entry of the judgement plane, forked by the control plane with the flags of core/wire/judgement-permissions.ts. It takes JudgeEvidence and ProbeJudge
 * and nothing else, writes no file, opens no database, and exits when its channel closes. A message that does not belong here is a bug: it exits 1.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { type FromPlane, type StartJudgement, toPlaneSchema } from "@aedev/core/wire";
import { judgementsInFlightMax, judgementsWaitingMax } from "./bounds.ts";
import { askers, judgeEvidence } from "./judge.ts";
import { sealOutbound } from "./outbound.ts";
import { probeJudge } from "./probe-judge.ts";
import { createQueue } from "./queue.ts";

sealOutbound();
assert(process.send !== undefined, "the judgement plane is forked by the control plane, not run by hand");
const systemText = readFileSync(new URL("../../../config/prompts/judge.md", import.meta.url), "utf8");
const enqueue = createQueue({ running: judgementsInFlightMax, waiting: judgementsWaitingMax });
let start: StartJudgement | null = null;

/** Only name, message and stack: an inspected error would show its cause, which may hold a request with its headers. */
process.on("uncaughtException", (error) => {
  process.stderr.write(`${error.stack ?? error.message}\n`);
  process.exit(1);
});
process.on("disconnect", () => process.exit(0));
process.on("message", receive);

function receive(message: unknown): void {
  const parsed = toPlaneSchema.safeParse(message);
  const paths = parsed.error?.issues.map((issue) => issue.path.join(".")).join(", ");
  assert(parsed.success, `a message to the judgement plane does not have its form at: ${paths}`);
  const { data } = parsed;
  if (data.kind === "StartJudgement") {
    assert(start === null, "the judgement plane is started once");
    start = data;
    send({ kind: "Ready", generation: data.generation });
    return;
  }
  assert(data.kind === "Work", "the judgement plane takes work only");
  assert(start !== null && data.work.generation === start.generation, "work comes after the start, in its generation");
  const { work } = data;
  const { home, secrets } = start;
  if (work.kind === "ProbeJudge") {
    const { work_id, nonce, generation } = work;
    enqueue(async () => {
      const result = await probeJudge(work, { home, secrets, askers });
      send({ kind: "Report", report: { kind: "ProbeJudge", work_id, nonce, generation, ...result } });
    });
    return;
  }
  assert(work.kind === "JudgeEvidence", "the judgement plane takes JudgeEvidence and ProbeJudge only");
  enqueue(async () => {
    const complain = (sentence: string) => process.stderr.write(`judgement: ${sentence}\n`);
    const report = await judgeEvidence(work, { home, secrets, systemText, complain });
    send({ kind: "Report", report });
  });
}

/** A channel that closed while a judge was thinking is the order to exit, not an error. */
function send(message: FromPlane): void {
  if (process.connected) process.send?.(message);
}
