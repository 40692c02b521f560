/** Two planes that start slowly: the daemon works meanwhile, and nothing that it tells them is lost. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { PlaneEnded } from "../../src/planes/plane.ts";
import { openPlanes } from "../../src/planes/planes.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "aedev-planes-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A process that is ready after a while, and answers a probe with everything that it was told. */
const entrySource = `
const told = [];
process.on("disconnect", () => process.exit(0));
process.on("message", (message) => {
  if (message.kind === "Ping") return process.send({ kind: "Pong" });
  if (message.kind === "StartExecution") setTimeout(() => process.send({ kind: "Ready", generation: message.generation }), 500);
  if (message.kind === "ForgetRun" || message.kind === "StopRun") told.push(message.kind + " " + message.run_id);
  if (message.kind !== "Work") return;
  const { work_id, nonce, generation } = message.work;
  if (work_id === "die") process.kill(process.pid, "SIGKILL");
  process.send({ kind: "Report", report: { kind: "ProbeEngine", work_id, nonce, generation, available: true, detail: told.join() } });
});
`;

function open(entry: string) {
  const starts: (() => void)[] = [];
  const launch = (name: "execution" | "judgement") => ({
    entry,
    execArguments: [],
    environment: {},
    start: (generation: number) => {
      if (name === "execution") starts.shift()?.();
      return { kind: "StartExecution", generation } as never;
    },
  });
  let generation = 0;
  const readies: (() => void)[] = [];
  const seen = { ready: 0 };
  const planes = openPlanes({
    launches: { execution: launch("execution"), judgement: launch("judgement") },
    nextGeneration: async () => ++generation,
    onProgress: () => undefined,
    onReady: () => {
      seen.ready += 1;
      readies.shift()?.();
    },
  });
  const nextReady = () => new Promise<void>((resolve) => readies.push(resolve));
  const nextStart = () => new Promise<void>((resolve) => starts.push(resolve));
  const probe = async (work_id: string) =>
    planes.perform("execution", { kind: "ProbeEngine", work_id, docker_deadline_ms: 1 } as never);
  return { planes, probe, seen, nextReady, nextStart };
}

it("starting planes refuse work, and are told afterwards which runs to forget and to stop", async () => {
  const entry = join(folder, "plane.mjs");
  writeFileSync(entry, entrySource);
  const { planes, probe, seen, nextReady, nextStart } = open(entry);
  // What is said before the first message is made is part of that message.
  planes.stopRun("r-zero");
  await expect(probe("early")).rejects.toMatchObject({ duringWork: false });
  await setImmediate();
  planes.stopRun("r-one");
  await planes.started;
  expect(seen.ready).toBe(2);
  planes.forgetRun("r-two");
  expect(await probe("first")).toMatchObject({ detail: "StopRun r-one,ForgetRun r-two" });

  const ofRun = planes.perform("execution", { kind: "ProbeEngine", work_id: "of a run", run_id: "r-three" } as never);
  expect(planes.runsUnderWay()).toEqual(["r-three"]);
  await ofRun;
  expect(planes.runsUnderWay()).toEqual([]);

  const back = nextReady();
  const startsAgain = nextStart();
  await expect(probe("die")).rejects.toBeInstanceOf(PlaneEnded);
  planes.stopRun("r-three");
  await startsAgain;
  planes.stopRun("r-four");
  await back;
  expect(await probe("again")).toMatchObject({ detail: "StopRun r-four" });
  await planes.stop();
  expect(planes.processIds()).toEqual({ execution: null, judgement: null });
});

it("a plane that can't start is reported", async () => {
  const entry = join(folder, "broken.mjs");
  writeFileSync(entry, "process.exit(3);\n");
  const { planes } = open(entry);
  await expect(planes.started).rejects.toThrow("ended before it was ready");
  await planes.stop();
});
