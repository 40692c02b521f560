/** The plane as a process: what it finds damaged becomes a report, and never its own end. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { coderWork, makeHome, newId, type PlaneProcess, startPlane, type ThrowAwayHome } from "./throw-away-home.ts";

let place: ThrowAwayHome;
let plane: PlaneProcess | undefined;
beforeEach(() => {
  place = makeHome();
});
afterEach(async () => {
  await plane?.end();
  place.remove();
});

it("holds a run whose stage can't be read, as one that was not free, and takes the next", async () => {
  const base = place.commit({ "a.txt": "a\n" });
  const damaged = newId("r");
  const folder = join(place.home, "worktrees", damaged);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "stage.json"), '{"schema":1,"stage":"runn');
  plane = await startPlane(place.home, {
    anthropic_base_url: "http://127.0.0.1:9",
    docker_host: `unix://${place.home}/no-engine.sock`,
    live_runs: [damaged as never],
  });
  const resultOf = async (runId: string) => {
    plane?.send(coderWork(place, base, { run_id: runId }));
    const ended = new Promise<never>((_resolve, reject) => {
      plane?.child.once("exit", (code) => reject(new Error(`the plane ended with ${code}`)));
    });
    const fits = (message: { report: { work_id: string; run_id?: string } }) => message.report.run_id === runId;
    const found = await Promise.race([plane?.next("Report", fits as never), ended]);
    return found?.report.kind === "RunCoder" ? found.report.result : null;
  };
  expect(await resultOf(damaged)).toMatchObject({ outcome: "held", code: "HOLD-CODER-FAILED", retry_free: false });
  // Without an engine nothing has run: the same run may be given out again.
  expect(await resultOf(newId("r"))).toMatchObject({
    outcome: "held",
    code: "HOLD-DOCKER-UNAVAILABLE",
    retry_free: true,
  });
});
