/** The daemon is killed without warning while one mission is in the coder's run, one is judged and two land: each ends as if nothing had happened. */
import { chmodSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fixTurns, Laboratory, registerSmallProject, type TaskView } from "./support/laboratory.ts";
import { passing } from "./support/model-server.ts";
import { tagOf } from "./support/scripted-change.ts";

let laboratory: Laboratory;
const names = ["running", "judging", "pushed", "pushing"] as const;
type Name = (typeof names)[number];
const bare = {} as Record<Name, string>;
const missions = {} as Record<Name, string>;
const ended = {} as Record<Name, TaskView>;
const containers = { before: [] as string[], after: [] as string[] };

/** A remote's hook that reports when it is reached, and continues once `go` exists. */
function hook(name: Name, kind: string, then: string): { reached: string; go: string } {
  const [reached, go] = [join(laboratory.folder, `${name}-reached`), join(laboratory.folder, `${name}-go`)];
  const path = join(bare[name], "hooks", kind);
  const wait = `while [ ! -e ${go} ]; do sleep 0.1; done`;
  writeFileSync(path, `#!/bin/sh\nif [ ! -e ${reached} ]; then touch ${reached}; ${wait}; ${then}; fi\n`);
  chmodSync(path, 0o755);
  return { reached, go };
}

beforeAll(async () => {
  laboratory = await Laboratory.open({ configuration: "limits:\n  concurrent_runs: 4\n" });
  const { models } = laboratory;
  const [answers, writes] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const held = fixTurns.map((turn, index) => (index === 1 ? { ...turn, until: writes.promise } : turn));
  models.coder = { [tagOf("running")]: held, "": fixTurns };
  models.gemini = (prompt) =>
    prompt.text.includes(tagOf("judging")) ? { ...passing(prompt), until: answers.promise } : passing(prompt);
  await laboratory.must("daemon", "start");
  for (const name of names) bare[name] = await registerSmallProject(laboratory, name);
  // One remote took the commit and does not answer; the other has not taken it, and will not.
  const pushed = hook("pushed", "post-receive", "true");
  const pushing = hook("pushing", "pre-receive", "exit 1");
  for (const name of ["pushed", "pushing", "judging", "running"] as const)
    missions[name] = await laboratory.submit(
      name,
      `Make add() right for negative numbers in lib/add.js ${tagOf(name)}`,
    );
  const asked = (vendor: string, name: Name) =>
    models.requests.filter((request) => request.vendor === vendor && request.body.includes(tagOf(name))).length;
  await laboratory.until(async () => existsSync(pushed.reached) && existsSync(pushing.reached));
  await laboratory.until(async () => asked("gemini", "judging") > 0 && asked("anthropic", "running") >= 2);
  containers.before = await laboratory.until(async () => {
    const found = await laboratory.containers();
    return found.length === 1 && found;
  });
  process.kill(laboratory.daemonPid(), "SIGKILL");
  await laboratory.configure("limits:\n  concurrent_runs: 4\nlanding:\n  author_name: somebody-else\n");
  await laboratory.must("daemon", "start");
  for (const { go } of [pushed, pushing]) writeFileSync(go, "");
  containers.after = await laboratory.containers();
  for (const { resolve } of [writes, answers]) resolve();
});
afterAll(() => laboratory[Symbol.asyncDispose]());

async function endsUndisturbed(name: Name): Promise<void> {
  const { exitCode, mission, task } = await laboratory.wait(missions[name]);
  ended[name] = task;
  const outcome = {
    exitCode,
    status: mission.status,
    decision: task.decision,
    code: task.hold_code,
    detail: task.hold_detail,
    runs: task.runs.length,
  };
  expect(outcome).toEqual({ exitCode: 0, status: "landed", decision: "merge", code: null, detail: null, runs: 1 });
  expect(await laboratory.git(bare[name], "rev-list", "--count", "main")).toBe("2");
  expect(await laboratory.git(bare[name], "rev-parse", "main")).toBe(task.landed_commit);
}
const authorOf = (name: Name) => laboratory.git(bare[name], "log", "-1", "--format=%an", "main");

describe("kill -9 of the daemon", () => {
  it("a daemon killed during the coder's run resumes the same container", async () => {
    expect(containers.before).toHaveLength(1);
    expect(containers.after).toEqual(expect.arrayContaining(containers.before));
    await endsUndisturbed("running");
  });

  it("a daemon killed during judging loses nothing", async () => {
    await endsUndisturbed("judging");
    // A landing that had not begun is written under the new configuration.
    expect(await authorOf("judging")).toBe("somebody-else");
  });

  it("a daemon killed while landing, after the push arrived, lands nothing twice", async () => {
    await endsUndisturbed("pushed");
  });

  it("a daemon killed while landing, before the push arrived, lands once, as the same commit despite a new configuration", async () => {
    await endsUndisturbed("pushing");
    expect(await authorOf("pushing")).toBe("aedev");
  });

  it("counts every token once, keeps the log intact and leaves no container", async () => {
    const sum = (key: keyof TaskView["usage"]) => names.reduce((total, name) => total + ended[name].usage[key], 0);
    const counted = {
      input_tokens: sum("input_tokens"),
      output_tokens: sum("output_tokens"),
      requests: sum("requests"),
    };
    expect(counted).toMatchObject(laboratory.models.sent);
    expect((await laboratory.run("events", "verify")).exitCode).toBe(0);
    await laboratory.until(async () => (await laboratory.containers()).length === 0);
  });
});
