/** Entry of the judgement plane, which runs under Node's permission model. It takes three kinds of work, writes no file, and exits when its channel closes. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { type Family, type FromPlane, families, type StartJudgement } from "@aedev/contracts";
import { toPlaneSchema } from "@aedev/contracts/message";
import { machinePacing } from "@aedev/host/retry-pacing";
import { askers, judgeEvidence } from "./judge.ts";
import { probeJudge, probeVendorOf } from "./probe-judge.ts";
import { judgementsWaitingMax, probesInFlightMax } from "./prompt/bounds.ts";
import { createQueue } from "./queue.ts";
import { sealOutbound } from "./vendor/outbound.ts";

sealOutbound();
assert(process.send !== undefined, "the judgement plane is forked by the control plane, not run by hand");
const systemText = readFileSync(new URL("../../../config/prompts/judge.md", import.meta.url), "utf8");
const newQueue = (running: number) => createQueue({ running, waiting: judgementsWaitingMax });
const enqueueProbe = newQueue(probesInFlightMax);
let start: (StartJudgement & { readonly queues: Queues }) | null = null;

/** One queue per vendor: judgements that wait for one vendor must not block another's. */
type Queues = Record<Family, ReturnType<typeof newQueue>>;

/** Prints only the stack: inspecting the error would show its cause, which may contain a request with its headers. */
process.on("uncaughtException", (error) => {
  process.stderr.write(`${error.stack ?? error.message}\n`);
  process.exit(1);
});
process.on("disconnect", () => process.exit(0));
process.on("message", receive);

function receive(message: unknown): void {
  const parsed = toPlaneSchema.safeParse(message);
  const paths = parsed.error?.issues.map((issue) => issue.path.join(".")).join(", ");
  assert(parsed.success, `invalid message to the judgement plane at: ${paths}`);
  const { data } = parsed;
  if (data.kind === "StartJudgement") {
    assert(start === null, "the judgement plane is started only once");
    const { vendor_judgements } = data;
    const queues = Object.fromEntries(families.map((family) => [family, newQueue(vendor_judgements)])) as Queues;
    start = { ...data, queues };
    send({ kind: "Ready", generation: data.generation });
    return;
  }
  if (data.kind === "Ping") {
    send({ kind: "Pong" });
    return;
  }
  assert(data.kind === "Work", "the judgement plane accepts only work");
  assert(
    start !== null && data.work.generation === start.generation,
    "work arrives after the start and in the same generation",
  );
  const { work } = data;
  const { home, secrets, queues } = start;
  if (work.kind === "ProbeJudge") {
    const { work_id, nonce, generation } = work;
    enqueueProbe(async () => {
      const result = await probeJudge(work, { home, secrets, askers });
      send({ kind: "Report", report: { kind: "ProbeJudge", work_id, nonce, generation, ...result } });
    });
    return;
  }
  if (work.kind === "ProbeVendor") {
    const { work_id, nonce, generation } = work;
    enqueueProbe(async () => {
      const result = await probeVendorOf(work, { home, secrets });
      send({ kind: "Report", report: { kind: "ProbeVendor", work_id, nonce, generation, ...result } });
    });
    return;
  }
  assert(work.kind === "JudgeEvidence", "the judgement plane accepts only JudgeEvidence and probes of judges");
  queues[work.family](async () => {
    const complain = (sentence: string) => process.stderr.write(`judgement: ${sentence}\n`);
    const report = await judgeEvidence(work, { home, secrets, systemText, complain, pacing: machinePacing });
    send({ kind: "Report", report });
  });
}

/** If the channel closed while a judge was answering, the plane is about to exit; that is not an error. */
function send(message: FromPlane): void {
  if (process.connected) process.send?.(message);
}
