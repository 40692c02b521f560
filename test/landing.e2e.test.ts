/** One change goes from a mission to a merged commit; nothing lands blindly, twice or without permission. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isNight } from "./support/is-night.ts";
import { fixTurns, Laboratory, registerSmallProject, smallProject } from "./support/laboratory.ts";
import { passing } from "./support/model-server.ts";

let laboratory: Laboratory;
beforeEach(async () => {
  laboratory = await Laboratory.open();
  laboratory.models.coder = { "": fixTurns };
  await laboratory.must("daemon", "start");
});
afterEach(() => laboratory[Symbol.asyncDispose]());

const mission = "Make add() right for negative numbers in lib/add.js";
const commits = async (bare: string) => Number(await laboratory.git(bare, "rev-list", "--count", "main"));

describe("landing", () => {
  it.runIf(isNight)("merges a fix with good evidence at once, as one commit", async () => {
    const bare = await registerSmallProject(laboratory);
    const id = await laboratory.submit("small", mission);
    const { exitCode, mission: ended, task } = await laboratory.wait(id);
    const outcome = {
      exitCode,
      status: ended.status,
      decision: task.decision,
      code: task.hold_code,
      detail: task.hold_detail,
    };
    expect(outcome).toEqual({ exitCode: 0, status: "landed", decision: "merge", code: null, detail: null });
    expect(await commits(bare)).toBe(2);
    expect((await laboratory.run("events", "verify")).exitCode).toBe(0);
  });

  it.runIf(isNight)(
    "without a permission to push, asks, and an approval pushes exactly that change to a branch of its own; a refusal is named, and a commit template answers it",
    async () => {
      const bare = await registerSmallProject(laboratory, "branch", ["--profile", "balanced"]);
      const main = await laboratory.git(bare, "rev-parse", "main");
      const id = await laboratory.submit("branch", mission);
      const asked = await laboratory.wait(id);
      expect({ exitCode: asked.exitCode, decision: asked.task.decision }).toEqual({ exitCode: 4, decision: "ask" });
      expect(await laboratory.git(bare, "for-each-ref")).toBe(`${main} commit\trefs/heads/main`);

      const { task_id } = asked.task;
      const hook = join(bare, "hooks", "pre-receive");
      writeFileSync(
        hook,
        "#!/bin/sh\nread old new ref\ngit log -1 --format=%B $new | grep -q 'Refs #[0-9]' && exit 0\necho 'no Refs #NUMBER' >&2\nexit 1\n",
        { mode: 0o755 },
      );
      await laboratory.must("task", "approve", task_id);
      const refused = await laboratory.wait(id);
      expect(refused.task).toMatchObject({
        hold_code: "HOLD-REMOTE-REFUSED",
        hold_detail: expect.stringContaining("no Refs #NUMBER"),
      });
      expect(await laboratory.git(bare, "for-each-ref")).toBe(`${main} commit\trefs/heads/main`);
      const models = laboratory.models.requests.length;
      const help = (await laboratory.must("hold", "list")).stdout;
      expect(help).toContain(`aedev repo add ${bare} --name branch --commit-template`);
      await laboratory.must("repo", "add", bare, "--name", "branch", "--commit-template", "Refs #12");
      const { holds } = (await laboratory.must("hold", "list", "--json")).json<{ holds: { hold_id: string }[] }>();
      await laboratory.must("hold", "release", holds[0]?.hold_id ?? "");
      const landed = await laboratory.wait(id);
      expect(landed.exitCode).toBe(0);
      const branch = `refs/heads/aedev/${task_id}`;
      expect(await laboratory.git(bare, "for-each-ref")).toBe(
        `${landed.task.landed_commit} commit\t${branch}\n${main} commit\trefs/heads/main`,
      );
      expect(await laboratory.git(bare, "rev-parse", `${branch}^`)).toBe(main);
      expect(await laboratory.git(bare, "log", "-1", "--format=%B", branch)).toMatch(/Shown by:[\s\S]*^Refs #12$/mu);
      expect(laboratory.models.requests.length).toBe(models);
    },
  );

  it("pushes nothing while writes are off, then the same bundle once they are allowed, as a commit that names mission, task and bundle", async () => {
    await laboratory.must("daemon", "stop");
    await laboratory.configure("landing: { without_permission: hold }\n");
    await laboratory.must("daemon", "start");
    const bare = await registerSmallProject(laboratory, "small", ["--profile", "balanced"]);
    const id = await laboratory.submit("small", mission);
    const held = await laboratory.wait(id);
    expect(held.exitCode).toBe(4);
    expect(held.task).toMatchObject({
      hold_code: "HOLD-REMOTE-WRITES-OFF",
      hold_detail: "aedev would merge it, but may not push it",
    });
    expect(await commits(bare)).toBe(1);
    expect(await laboratory.git(bare, "for-each-ref")).toBe(
      `${await laboratory.git(bare, "rev-parse", "main")} commit\trefs/heads/main`,
    );

    await laboratory.must("repo", "add", bare, "--name", "small", "--allow-writes");
    const holds = (await laboratory.must("hold", "list", "--json")).json<{ holds: { hold_id: string }[] }>();
    await laboratory.must("hold", "release", holds.holds[0]?.hold_id ?? "");
    const landed = await laboratory.wait(id);
    expect(landed.exitCode).toBe(0);
    expect(landed.task.runs).toEqual(held.task.runs);
    expect(landed.task.evidence_digest).toBe(held.task.evidence_digest);
    expect(await commits(bare)).toBe(2);
    const log = await laboratory.git(bare, "log", "--format=%H%n%B", "main");
    expect(log).toContain(`Aedev-Mission: ${id}`);
    expect(log).toContain(`Aedev-Task: ${landed.task.task_id}`);
    expect(log).toContain(`Aedev-Bundle: ${landed.task.evidence_digest}`);
    expect((await laboratory.run("events", "verify")).exitCode).toBe(0);
  });

  it.runIf(isNight)("asks under the safe profile, and lands only the approved digest", async () => {
    const bare = await registerSmallProject(laboratory, "small", ["--profile", "safe", "--allow-writes"]);
    const id = await laboratory.submit("small", mission);
    const asked = await laboratory.wait(id);
    expect({ exitCode: asked.exitCode, decision: asked.task.decision, status: asked.mission.status }).toEqual({
      exitCode: 4,
      decision: "ask",
      status: "asked",
    });
    const wrong = await laboratory.run("task", "approve", asked.task.task_id, "--digest", "0".repeat(64));
    expect(wrong.exitCode).toBe(1);
    expect(await commits(bare)).toBe(1);
    const approval = await laboratory.must(
      "task",
      "approve",
      asked.task.task_id,
      "--digest",
      asked.task.change_digest ?? "",
    );
    expect(approval.stdout).toContain(asked.task.change_digest);
    expect((await laboratory.wait(id)).exitCode).toBe(0);
    expect(await commits(bare)).toBe(2);
  });

  it.runIf(isNight)("carries a change to a base that moved in other files, and runs the checks again", async () => {
    const bare = await registerSmallProject(laboratory);
    let moved = "";
    laboratory.models.gemini = (prompt) => ({ ...passing(prompt), waitMs: 4_000 });
    const id = await laboratory.submit("small", mission);
    await laboratory.until(async () => laboratory.models.requests.some((request) => request.vendor === "gemini"));
    moved = await laboratory.pushElsewhere(bare, { "README.md": "# small\n\nAnother person wrote this.\n" });
    const { exitCode, task } = await laboratory.wait(id);
    expect({ exitCode, code: task.hold_code, detail: task.hold_detail }).toEqual({
      exitCode: 0,
      code: null,
      detail: null,
    });
    expect(await laboratory.git(bare, "rev-parse", "main~1")).toBe(moved);
    expect(await laboratory.git(bare, "show", "main:lib/add.js")).toContain("a + b");
    const events = (await laboratory.must("events", "export")).stdout;
    expect(events.match(/"type":"ChecksRan"/g)).toHaveLength(2);
    // The verdicts are inherited: no judge was asked twice (each is asked in two views).
    expect(laboratory.models.requests.filter((request) => request.vendor === "openai")).toHaveLength(2);
  });

  it.runIf(isNight)(
    "does not land blindly if the same lines changed meanwhile: a next run makes the change on the new base",
    async () => {
      const bare = await registerSmallProject(laboratory);
      laboratory.models.gemini = (prompt) => ({ ...passing(prompt), waitMs: 4_000 });
      const id = await laboratory.submit("small", mission);
      await laboratory.until(async () => laboratory.models.requests.some((request) => request.vendor === "gemini"));
      const moved = await laboratory.pushElsewhere(bare, {
        "lib/add.js": smallProject["lib/add.js"].replace("Math.abs(a) + b", "b + Math.abs(a)"),
      });
      const { exitCode, task } = await laboratory.wait(id);
      expect([exitCode, task.decision, task.runs.length]).toEqual([0, "merge", 2]);
      expect(await laboratory.git(bare, "rev-parse", "main~1")).toBe(moved);
      const [told] = laboratory.models.requests.filter(({ body }) => body.includes("The previous run"));
      expect(told?.body).toContain("lib/add.js changed on both sides");
      expect(told?.body).toContain("-exports.add = (a, b) => Math.abs(a) + b;");
      expect(laboratory.models.requests.filter(({ vendor }) => vendor === "openai")).toHaveLength(4);
    },
  );

  // many-missions.e2e.test.ts does so by night with twelve.
  it.runIf(isNight)("lands two missions on one repository one after the other", async () => {
    const bare = await registerSmallProject(laboratory);
    const other = [
      {
        calls: [
          {
            tool: "Write" as const,
            input: { file_path: "/workspace/repo/lib/half.js", content: "exports.half = (a) => a / 2;\n" },
          },
        ],
      },
      {
        calls: [
          {
            tool: "Write" as const,
            input: {
              file_path: "/workspace/repo/test/half.test.js",
              content:
                'const { test } = require("node:test");\nconst assert = require("node:assert");\ntest("halves", () => assert.strictEqual(require("../lib/half.js").half(8), 4));\n',
            },
          },
        ],
      },
      { text: "Added." },
    ];
    laboratory.models.coder = { "negative numbers": fixTurns, "half()": other };
    const ids = [
      await laboratory.submit("small", mission),
      await laboratory.submit("small", "Add half() in lib/half.js"),
    ];
    for (const id of ids) expect((await laboratory.wait(id)).exitCode).toBe(0);
    expect(await commits(bare)).toBe(3);
    expect(await laboratory.git(bare, "log", "--merges", "--format=%H", "main")).toBe("");
    expect((await laboratory.run("events", "verify")).exitCode).toBe(0);
  });

  it.runIf(isNight)("makes a branch in a working copy without origin and leaves the checkout alone", async () => {
    await laboratory.remote("plain", smallProject);
    const work = `${laboratory.folder}/plain-work`;
    const before = await laboratory.git(work, "rev-parse", "HEAD");
    await laboratory.must(
      "repo",
      "add",
      work,
      "--name",
      "plain",
      "--verify",
      "node --test",
      "--tests",
      "test/**",
      "--profile",
      "balanced",
      "--allow-writes",
    );
    const { exitCode, task } = await laboratory.wait(await laboratory.submit("plain", mission));
    expect(exitCode).toBe(0);
    expect(await laboratory.git(work, "rev-parse", `aedev/${task.task_id}`)).toBe(task.landed_commit);
    expect(await laboratory.git(work, "rev-parse", "HEAD")).toBe(before);
    expect(await laboratory.git(work, "status", "--porcelain")).toBe("");
  });
});
