/** The daemon is killed without warning in the coder's run, while judging and while landing: the mission ends as if nothing had happened. */
import { chmodSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fixTurns, Laboratory, registerSmallProject } from "./support/laboratory.ts";
import { passing } from "./support/model-server.ts";

let laboratory: Laboratory;
beforeEach(async () => {
  laboratory = await Laboratory.open();
  laboratory.models.coder = { "": fixTurns };
  await laboratory.must("daemon", "start");
});
afterEach(() => laboratory[Symbol.asyncDispose]());

const mission = "Make add() right for negative numbers in lib/add.js";

function killDaemon(): void {
  process.kill(laboratory.daemonPid(), "SIGKILL");
}

async function endsUndisturbed(id: string, bare: string): Promise<void> {
  const { exitCode, mission: ended, task } = await laboratory.wait(id);
  const outcome = {
    exitCode,
    status: ended.status,
    decision: task.decision,
    code: task.hold_code,
    detail: task.hold_detail,
    runs: task.runs.length,
  };
  expect(outcome).toEqual({ exitCode: 0, status: "landed", decision: "merge", code: null, detail: null, runs: 1 });
  expect(await laboratory.git(bare, "rev-list", "--count", "main")).toBe("2");
  expect(await laboratory.git(bare, "rev-parse", "main")).toBe(task.landed_commit);
  expect(task.usage).toMatchObject(laboratory.models.sent);
  expect((await laboratory.run("events", "verify")).exitCode).toBe(0);
  await laboratory.until(async () => (await laboratory.containers()).length === 0);
}

describe("kill -9 of the daemon", () => {
  it("during the coder's run: the same container is taken up", async () => {
    const bare = await registerSmallProject(laboratory);
    const slow = fixTurns.map((turn, index) => (index === 1 ? { ...turn, waitMs: 5_000 } : turn));
    laboratory.models.coder = { "": slow };
    const id = await laboratory.submit("small", mission);
    await laboratory.until(async () => laboratory.models.requests.length >= 2);
    const before = await laboratory.containers();
    expect(before).toHaveLength(1);
    killDaemon();
    await laboratory.must("daemon", "start");
    const after = await laboratory.until(async () => {
      const found = await laboratory.containers();
      return found.length > 0 && found;
    });
    expect(after).toEqual(before);
    await endsUndisturbed(id, bare);
  });

  it("while judging", async () => {
    const bare = await registerSmallProject(laboratory);
    laboratory.models.gemini = (prompt) => ({ ...passing(prompt), waitMs: 3_000 });
    const id = await laboratory.submit("small", mission);
    await laboratory.until(async () => laboratory.models.requests.some((request) => request.vendor === "gemini"));
    killDaemon();
    await laboratory.must("daemon", "start");
    await endsUndisturbed(id, bare);
  });

  it("while landing, after the push arrived: nothing lands twice", async () => {
    const bare = await registerSmallProject(laboratory);
    // The remote takes its time after it took the commit, so that the push is done and not yet answered.
    const arrived = join(laboratory.folder, "arrived");
    const hook = join(bare, "hooks/post-receive");
    writeFileSync(hook, `#!/bin/sh\necho x >> ${arrived}\nsleep 4\n`);
    chmodSync(hook, 0o755);
    const id = await laboratory.submit("small", mission);
    await laboratory.until(async () => existsSync(arrived));
    killDaemon();
    await laboratory.must("daemon", "start");
    await endsUndisturbed(id, bare);
  });

  it("while landing, before the push arrived: it lands once, as the same commit although the configuration changed", async () => {
    const bare = await registerSmallProject(laboratory);
    const asked = join(laboratory.folder, "asked");
    const hook = join(bare, "hooks/pre-receive");
    writeFileSync(hook, `#!/bin/sh\nif [ ! -e ${asked} ]; then touch ${asked}; sleep 3; exit 1; fi\n`);
    chmodSync(hook, 0o755);
    const id = await laboratory.submit("small", mission);
    await laboratory.until(async () => existsSync(asked));
    killDaemon();
    await laboratory.configure("landing:\n  author_name: somebody-else\n");
    await laboratory.must("daemon", "start");
    await endsUndisturbed(id, bare);
    expect(await laboratory.git(bare, "log", "-1", "--format=%an", "main")).toBe("aedev");
  });
});
