/** A draft from request to approval, by the real coder CLI in the sandbox: read-only, one file, nothing left; also interrupted by a killed daemon. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { isNight } from "./support/is-night.ts";
import { Laboratory, registerSmallProject } from "./support/laboratory.ts";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open();
  await laboratory.must("daemon", "start");
  await registerSmallProject(laboratory);
});
afterAll(() => laboratory[Symbol.asyncDispose]());

interface Draft {
  readonly run_id: string;
  readonly status: string;
  readonly code: string | null;
  readonly tokens_used: number | null;
  readonly draft: { readonly title: string; readonly criteria: string[] } | null;
}
interface Clarity {
  readonly mission_id: string;
  readonly status: string;
  readonly questions: readonly { id: string }[];
  readonly criteria: readonly { text: string; drafted?: true }[];
  readonly clarified_spec: string | null;
  readonly draft: Draft;
}

const file = "/workspace/aedev-draft.json";
const bash = (command: string) => ({ tool: "Bash" as const, input: { command } });
const writes = (content: string) => ({ tool: "Write" as const, input: { file_path: file, content } });
const proposal = {
  title: "add() keeps the sign of \u001b[31mnegative numbers",
  place: "lib/add.js",
  criteria: ["add(-1, 2) returns 1, in a new test", "all existing tests pass"],
  test: "test/negative.test.js calls add(-1, 2) and expects 1",
  size: "small",
  questions: [],
};

async function eventsOf(missionId: string): Promise<{ type: string; data: { usage?: { requests: number } | null } }[]> {
  const { stdout } = await laboratory.must("events", "export");
  const lines = stdout.split("\n").filter((line) => line.includes(`mission/${missionId}`));
  return lines.map((line) => JSON.parse(line));
}

it("a draft is proposed from an unchangeable checkout; once the person accepts it, it is the specification, marked as drafted", async () => {
  const attempt =
    "echo broken > /workspace/repo/lib/add.js; git -C /workspace/repo commit --allow-empty -m x; head -1 /workspace/repo/lib/add.js";
  laboratory.models.coder = {
    "Draft a mission": [{ calls: [bash(attempt)] }, { calls: [writes(JSON.stringify(proposal))] }, { text: "Done." }],
  };
  const asked = await laboratory.run("intake", "Make adding nice", "--repo", "small", "--draft", "--json");
  expect(asked.exitCode).toBe(4);
  const { mission_id: id, draft } = asked.json<Clarity>();
  expect(draft).toMatchObject({
    status: "drafted",
    code: null,
    draft: { ...proposal, title: "add() keeps the sign of [31mnegative numbers" },
  });
  expect(draft.tokens_used).toBeGreaterThan(0);
  const said = laboratory.models.requests.map(({ body }) => body).join("\n");
  expect(said.match(/Read-only file system/g)?.length).toBeGreaterThan(1);
  expect(said).toContain("exports.add = (a, b) => Math.abs(a) + b;");
  expect(said).toContain("Make adding nice");
  expect((await laboratory.mission(id)).status).toBe("clarifying");
  expect((await laboratory.run("mission", "approve", id)).exitCode).toBe(1);

  const shown = await laboratory.must("mission", "show", id);
  expect(shown.stdout).toContain("by the coder, in its own words");
  expect(shown.stdout).toContain(`next: aedev mission answer ${id} --accept-draft ${draft.run_id}`);
  const accept = ["mission", "answer", id, "--accept-draft", draft.run_id, "--json"];
  const accepted = (await laboratory.must(...accept)).json<Clarity>();
  expect(accepted).toMatchObject({ status: "awaiting_approval", questions: [] });
  expect(accepted.criteria).toEqual(
    proposal.criteria.map((text, index) => ({ id: `c${index + 1}`, text: `drafted: ${text}`, drafted: true })),
  );
  expect(accepted.clarified_spec).toContain("drafted: lib/add.js");
  expect((await laboratory.run(...accept)).exitCode).toBe(1);

  const events = await eventsOf(id);
  expect(events.map(({ type }) => type)).toEqual(["MissionSubmitted", "DraftRequested", "DraftEnded", "DraftAccepted"]);
  expect(events[2]?.data.usage?.requests).toBeGreaterThan(1);
  expect(await laboratory.containers()).toEqual([]);
  expect(readdirSync(join(laboratory.home, "worktrees"))).toEqual([]);
  await laboratory.must("mission", "approve", id);
  await laboratory.must("mission", "cancel", id);
});

it("a draft behind a link is not accepted, and the ordinary questions are asked instead", async () => {
  laboratory.models.coder = { "Draft a mission": [{ calls: [bash(`ln -s /etc/passwd ${file}`)] }, { text: "Done." }] };
  const asked = await laboratory.run("intake", "Make doubling nice", "--repo", "small", "--draft", "--no-input");
  expect(asked.exitCode).toBe(4);
  expect(asked.stderr).toContain("failed: the coder left no proposal");
  expect(asked.stdout).toContain("? How will we know it is done?");
  expect(asked.stdout).toContain("next: aedev mission answer m-");
});

it.runIf(isNight)("a draft is stopped when its mission is cancelled, and its usage is recorded", async () => {
  const until = new Promise<void>(() => undefined);
  laboratory.models.coder = { "Draft a mission": [{ calls: [bash("true")] }, { text: "late", until }] };
  const before = laboratory.models.requests.length;
  const asking = laboratory.run("intake", "Make dividing nice", "--repo", "small", "--draft", "--no-input");
  await laboratory.until(async () => laboratory.models.requests.length >= before + 2);
  const { missions } = (await laboratory.must("mission", "list", "--json")).json<{
    missions: { mission_id: string; title: string }[];
  }>();
  const id = missions.find(({ title }) => title === "Make dividing nice")?.mission_id ?? "";
  await laboratory.must("mission", "cancel", id);
  expect((await asking).stderr).toContain("it was stopped because the mission was decided");
  const ended = (await eventsOf(id)).at(-1);
  expect(ended).toMatchObject({ type: "DraftEnded", data: { result: { outcome: "failed", code: "stopped" } } });
  expect(ended?.data.usage?.requests).toBeGreaterThan(0);
  expect(await laboratory.containers()).toEqual([]);
  expect(readdirSync(join(laboratory.home, "worktrees"))).toEqual([]);
});

it("a draft interrupted by a killed daemon is reported, leaves nothing, and the mission can still be answered", async () => {
  let release: () => void = () => undefined;
  const until = new Promise<void>((resolve) => {
    release = resolve;
  });
  laboratory.models.coder = { "Draft a mission": [{ text: "late", until }] };
  const before = laboratory.models.requests.length;
  const asking = laboratory.run("intake", "Make subtracting nice", "--repo", "small", "--draft", "--no-input");
  await laboratory.until(async () => laboratory.models.requests.length > before);
  process.kill(laboratory.daemonPid(), "SIGKILL");
  expect((await asking).exitCode).not.toBe(0);
  release();
  await laboratory.must("daemon", "start");
  const { missions } = (await laboratory.must("mission", "list", "--json")).json<{
    missions: { mission_id: string; title: string }[];
  }>();
  const id = missions.find(({ title }) => title === "Make subtracting nice")?.mission_id ?? "";
  await laboratory.until(async () => (await eventsOf(id)).some(({ type }) => type === "DraftEnded"));
  expect((await eventsOf(id)).at(-1)?.data).toMatchObject({ usage: null, result: { outcome: "interrupted" } });
  expect((await laboratory.must("mission", "show", id)).stdout).toContain("was interrupted");
  expect(await laboratory.containers()).toEqual([]);
  const { worktrees } = { worktrees: join(laboratory.home, "worktrees") };
  expect(existsSync(worktrees) ? readdirSync(worktrees) : []).toEqual([]);
  const answers = ["criteria=sub(3, 1) returns 2, in a new test", "outcome=sub() exists", "target=lib/add.js"];
  const answered = await laboratory.must(
    "mission",
    "answer",
    id,
    ...answers.flatMap((answer) => ["--answer", answer]),
    "--json",
  );
  expect(answered.json<Clarity>().status).toBe("awaiting_approval");
  expect((await laboratory.must("events", "verify")).stdout).toContain("the log is whole");
  await laboratory.must("daemon", "stop");
  await laboratory.must("events", "rebuild");
  expect((await laboratory.must("events", "verify")).exitCode).toBe(0);
});
