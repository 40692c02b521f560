/** A real change needs approval and is decided in a phone's browser: viewing lands nothing, one tap lands the viewed change, instructions send it back. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ApprovalState } from "@aedev/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { approvalKey, type Grant, mintToken } from "../packages/daemon/src/phone/approval/token.ts";
import { addressOf, send } from "../packages/daemon/test/phone/approval/ask.ts";
import { fixTurns, Laboratory, registerSmallProject } from "./support/laboratory.ts";

let laboratory: Laboratory;
let bare = "";
beforeAll(async () => {
  laboratory = await Laboratory.open();
  laboratory.models.coder = { "": fixTurns };
  Object.assign(laboratory.environment, {
    // Nobody answers there, so that decisions are asked for and no message arrives.
    AEDEV_NTFY_URL: "http://127.0.0.1:9",
    AEDEV_NTFY_TOPIC: "nobody",
    AEDEV_PUBLIC_URL: "https://phone.example",
    AEDEV_APPROVAL_PORT: "0",
  });
  await laboratory.must("daemon", "start");
  bare = await registerSmallProject(laboratory, "small", ["--profile", "safe", "--allow-writes"]);
});
afterAll(() => laboratory[Symbol.asyncDispose]());

const port = () =>
  (JSON.parse(readFileSync(join(laboratory.home, "run/daemon.json"), "utf8")) as { approval_port: number })
    .approval_port;
const commits = async () => Number(await laboratory.git(bare, "rev-list", "--count", "main"));
const ask = (approval: ApprovalState, grant: Grant, method: string, words?: string) =>
  send(port(), addressOf(approval.approval_id, mintToken(approvalKey(laboratory.home), approval, grant)), {
    method,
    ...(words === undefined
      ? {}
      : {
          headers: { "content-type": "application/x-www-form-urlencoded" },
          body: new URLSearchParams({ words }).toString(),
        }),
  });

async function eventsOf<T>(type: string): Promise<T[]> {
  const lines = (await laboratory.must("events", "export")).stdout.split("\n").filter((line) => line !== "");
  return lines
    .map((line) => JSON.parse(line) as { type: string; data: T })
    .filter((event) => event.type === type)
    .map(({ data }) => data);
}

/** The newest approval about landing the task, except those in `known`. */
function landingApproval(taskId: string, known: readonly string[] = []): Promise<ApprovalState> {
  return laboratory.until(async () => {
    const asked = await eventsOf<ApprovalState>("ApprovalRequested");
    return asked.findLast(
      ({ approval_id, subject }) =>
        subject.kind === "landing" && subject.task_id === taskId && !known.includes(approval_id),
    );
  });
}

describe("an approval decided by a link's token", () => {
  it("shows the change on GET, and lands it once on POST", async () => {
    const id = await laboratory.submit("small", "Make add() right for negative numbers in lib/add.js");
    const asked = await laboratory.wait(id);
    expect({ exitCode: asked.exitCode, decision: asked.task.decision }).toEqual({ exitCode: 4, decision: "ask" });
    const approval = await landingApproval(asked.task.task_id);

    const page = await ask(approval, { action: "look" }, "GET");
    expect(page.status).toBe(200);
    for (const text of [
      "Make add() right for negative numbers in lib/add.js",
      "<del>-exports.add = (a, b) =&gt; Math.abs(a) + b;</del>",
      "<ins>+exports.add = (a, b) =&gt; a + b;</ins>",
      "Failed before, pass now: 1",
      "adds negative numbers",
      "2 of 2 passed",
      `<code>main of ${bare}</code>`,
      asked.task.change_digest ?? "no digest",
    ])
      expect(page.body).toContain(text);
    for (const method of ["GET", "HEAD"]) expect((await ask(approval, { action: "approve" }, method)).status).toBe(200);
    expect((await ask(approval, { action: "look" }, "POST")).status).toBe(403);
    expect([await commits(), (await laboratory.mission(id)).status]).toEqual([1, "asked"]);

    const taps = await Promise.all(Array.from({ length: 8 }, () => ask(approval, { action: "approve" }, "POST")));
    expect(taps.map(({ status }) => status).toSorted()).toEqual([200, ...Array.from({ length: 7 }, () => 409)]);
    const landed = await laboratory.wait(id);
    expect({ exitCode: landed.exitCode, status: landed.mission.status }).toEqual({ exitCode: 0, status: "landed" });
    expect(await commits()).toBe(2);
    expect(await laboratory.git(bare, "rev-parse", "main")).toBe(landed.task.landed_commit);
    expect(await eventsOf("LandingApproved")).toHaveLength(1);
    expect((await ask(approval, { action: "reject" }, "POST")).status).toBe(409);
  });

  it("sends a change back with instructions for the next run, after which the old buttons no longer work", async () => {
    const words = "use the existing twice() and nothing else";
    laboratory.models.coder = { "": halfTurns };
    const id = await laboratory.submit("small", "Add half() in lib/half.js");
    const first = await laboratory.wait(id);
    const approval = await landingApproval(first.task.task_id);
    expect((await ask(approval, { action: "change" }, "POST", words)).status).toBe(200);
    await laboratory.until(async () => (await laboratory.mission(id)).tasks[0]?.runs.length === 2);
    const second = await laboratory.wait(id);
    expect(second.task.runs).toHaveLength(2);
    expect(second.mission.spec_digest).not.toBe(first.mission.spec_digest);
    const coders = laboratory.models.requests.filter(({ vendor }) => vendor === "anthropic");
    expect(coders.filter(({ body }) => body.includes(words)).length).toBeGreaterThan(0);
    expect((await ask(approval, { action: "approve" }, "POST")).status).toBe(409);
    const next = await landingApproval(second.task.task_id, [approval.approval_id]);
    expect((await ask(next, { action: "look" }, "GET")).body).toContain(words);
    expect((await ask(next, { action: "approve" }, "POST")).status).toBe(200);
    expect((await laboratory.wait(id)).exitCode).toBe(0);
    expect(await commits()).toBe(3);
    expect((await laboratory.run("events", "verify")).exitCode).toBe(0);
  });
});

const halfTurns = [
  {
    calls: [
      {
        tool: "Write" as const,
        input: { file_path: "/workspace/repo/lib/half.js", content: "exports.half = (a) => a / 2;\n" },
      },
      {
        tool: "Write" as const,
        input: {
          file_path: "/workspace/repo/test/half.test.js",
          content:
            'const { test } = require("node:test");\nconst assert = require("node:assert");\n' +
            'test("halves", () => assert.strictEqual(require("../lib/half.js").half(8), 4));\n',
        },
      },
    ],
  },
  { text: "Added." },
];
