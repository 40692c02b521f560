/** A plane that dies at any moment takes nothing of the control plane with it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Pings, PlaneEnded, startPlane } from "../../src/planes/plane.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "aedev-plane-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A process that logs its pid, is ready at once, and answers each probe. */
const entrySource = `
process.on("disconnect", () => process.exit(0));
process.on("message", (message) => {
  if (message.kind === "Ping") process.send({ kind: "Pong" });
  if (message.kind === "StartExecution") process.send({ kind: "Ready", generation: message.generation });
  if (message.kind !== "Work") return;
  if (message.work.work_id === "hang") for (;;);
  if (message.work.work_id === "die") process.kill(process.pid, "SIGKILL");
  const { work_id, nonce, generation } = message.work;
  process.send({ kind: "Report", report: { kind: "ProbeEngine", work_id, nonce, generation, available: true, detail: String(process.pid) } });
});
`;

async function open(pings?: Pings) {
  const entry = join(folder, "plane.mjs");
  writeFileSync(entry, entrySource);
  const ends: string[] = [];
  const plane = await startPlane({
    name: "execution",
    generation: 1,
    entry,
    execArguments: [],
    environment: {},
    start: { kind: "StartExecution", generation: 1 } as never,
    onProgress: () => undefined,
    onExit: (cause) => ends.push(cause),
    ...(pings === undefined ? {} : { pings }),
  });
  const probe = (workId: string) =>
    plane.perform({ kind: "ProbeEngine", work_id: workId, docker_deadline_ms: 1 } as never);
  return { plane, probe, ends };
}

it("a dead plane's work is rejected, and a message to a plane that died unseen does no harm", async () => {
  const { plane, probe, ends } = await open();
  const report = await probe("alive");
  const pid = Number(report.kind === "ProbeEngine" ? report.detail : Number.NaN);
  process.kill(pid, "SIGKILL");
  // The process is gone before this one has noticed: the channel still looks open.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
  await expect(probe("unseen")).rejects.toBeInstanceOf(PlaneEnded);
  expect(ends).toEqual(["the execution plane ended (SIGKILL)"]);
  await plane.stop(1_000);
});

it("work that ended its plane is distinguished from work that never reached one", async () => {
  const { probe } = await open();
  await expect(probe("die")).rejects.toMatchObject({ duringWork: true });
  await expect(probe("late")).rejects.toMatchObject({ duringWork: false });
});

it("a plane that answers no ping is killed, and no other", async () => {
  const pings = { everyMs: 100, unansweredMax: 10 };
  const { plane, probe, ends } = await open(pings);
  for (let second = 0; second < 2; second += 1) {
    await delay(1_000);
    await probe("alive");
  }
  expect(ends).toEqual([]);
  await expect(probe("hang")).rejects.toMatchObject({ duringWork: true });
  expect(ends).toEqual(["the execution plane ended (SIGKILL)"]);
  await plane.stop(1_000);
});
