/** Verbs that do their work through the other packages' entries. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Fault, type HoldCode } from "@aedev/contracts";
import { initialState } from "@aedev/core";
import { blob, given, ids, sampleHeldReport, stateAfter, storyCommand, tree } from "@aedev/core/testing";
import { afterAll, describe, expect, it } from "vitest";
import { makeHome, run } from "../outside.ts";

const { home, remove } = makeHome();
afterAll(remove);
const landed = stateAfter("landed", initialState);

describe("aedev secrets set", () => {
  const knownSecrets = async () => ["AEDEV_OPENAI_API_KEY"];

  it("refuses an unknown secret's name before it asks for a value, and lists the known names", async () => {
    const setSecret = () => Promise.reject(new Error("must not be called"));
    const ran = await run(["secrets", "set", "OPENAI_KEY"], { home, daemon: { knownSecrets, setSecret }, stdin: "" });
    expect(ran).toMatchObject({
      exit: 1,
      err: expect.stringContaining("no secret is called OPENAI_KEY; known: AEDEV"),
    });
  });

  it("stores a secret from standard input and never shows it", async () => {
    const kept: unknown[] = [];
    const setSecret = async (secret: unknown) => void kept.push(secret);
    const ran = await run(["secrets", "set", "AEDEV_OPENAI_API_KEY"], {
      home,
      daemon: { knownSecrets, setSecret },
      stdin: "hush-hush\n",
    });
    expect(ran.exit).toBe(0);
    expect(kept).toEqual([{ home, name: "AEDEV_OPENAI_API_KEY", value: "hush-hush" }]);
    expect(ran.out + ran.err).not.toContain("hush");
  });

  it.each(["", "\n", "a\nb", "a\u0007b"])("refuses the secret value %j", async (stdin) => {
    const setSecret = () => Promise.reject(new Error("must not be called"));
    const ran = await run(["secrets", "set", "AEDEV_OPENAI_API_KEY"], {
      home,
      daemon: { knownSecrets, setSecret },
      stdin,
    });
    expect(ran).toMatchObject({ exit: 1, err: expect.stringContaining("AEDEV_OPENAI_API_KEY") });
  });
});

/** Tries no sandbox: these tests are about the rows of the daemon package. */
const sandboxSettings = async () => null;

describe("aedev doctor", () => {
  const check = (name: string, ok: boolean) => ({ name, ok, found: "found", help: "do this" });

  it("`doctor` exits 1 naming each missing thing, and 0 if nothing is missing", async () => {
    const checks = [check("docker", false), check("node", true), check("image", false)];
    const ran = await run(["doctor"], { home, daemon: { doctor: async () => ({ checks }), sandboxSettings } });
    expect(ran).toMatchObject({ exit: 1, err: expect.stringContaining("docker, image") });
    expect(ran.out).toContain("help: do this");
    const fine = await run(["doctor"], {
      home,
      daemon: { doctor: async () => ({ checks: [check("node", true)] }), sandboxSettings },
    });
    expect(fine).toMatchObject({ exit: 0, err: "" });
  });
});

describe("aedev doctor with an invalid policy", () => {
  it("`doctor` reports an invalid policy apart from missing things", async () => {
    const found = "policies.yaml: risk.frob: unknown key";
    const checks = [
      { name: "policy", ok: false, invalid: true, found, help: "edit policies.yaml" },
      { name: "docker", ok: false, found: "no engine", help: "do this" },
    ];
    const ran = await run(["doctor"], { home, daemon: { doctor: async () => ({ checks }), sandboxSettings } });
    expect(ran).toMatchObject({ exit: 1, err: expect.stringContaining("invalid: policy; missing: docker") });
    expect(ran.out).toContain(`INVALID  policy: ${found}`);
    expect(ran.out).toContain("MISSING  docker: no engine");
  });
});

describe("aedev policy check", () => {
  it("`policy check` exits 1 naming each problem's path, and 0 with the digest", async () => {
    const problems = ["risk.frob: unknown key"];
    const helps = ["edit prices.yaml"];
    const bad = await run(["policy", "check"], {
      home,
      daemon: { checkPolicy: async () => ({ digest: null, problems, helps, warnings: [] }) },
    });
    expect(bad).toMatchObject({ exit: 1, err: expect.stringContaining("risk.frob: unknown key") });
    expect(bad.err).toContain("\n  help: edit prices.yaml\n");
    const good = await run(["policy", "check"], {
      home,
      daemon: { checkPolicy: async () => ({ digest: "d1", problems: [], helps: [], warnings: [] }) },
    });
    expect(good).toMatchObject({ exit: 0, out: expect.stringContaining("d1") });
  });
});

describe("aedev daemon restart", () => {
  const startDaemon = async () => ({ port: 7000, pid: 7 });
  const boardLink = async () => "http://127.0.0.1:7000/status-board";

  it("`daemon restart` stops nothing if a file would prevent the start, and restarts the daemon otherwise", async () => {
    const stopDaemon = () => Promise.reject(new Error("must not be called"));
    const invalid = new Fault("config-invalid", "prices.yaml: frob: unknown key", { hint: "edit prices.yaml" });
    const refused = await run(["daemon", "restart"], {
      home,
      daemon: { requireValidFiles: () => Promise.reject(invalid), stopDaemon, startDaemon },
    });
    expect(refused).toMatchObject({ exit: 1, out: "" });
    expect(refused.err).toBe(
      "aedev: prices.yaml: frob: unknown key\nnothing was stopped or started\n  help: edit prices.yaml\n",
    );
    const fine = await run(["daemon", "restart"], {
      home,
      daemon: { requireValidFiles: async () => undefined, stopDaemon: async () => "stopped", startDaemon, boardLink },
    });
    expect(fine).toMatchObject({ exit: 0, out: "the daemon is running on port 7000\n" });
  });
});

describe("aedev events", () => {
  const event = (position: number) =>
    JSON.stringify({
      position,
      stream: "system",
      type: "PolicyLoaded",
      actor: "control",
      recorded_at: "2026-01-02T03:04:05.678Z",
      data: '{"a":1}',
    });
  const exportLog = async ({ last = 3, write }: { last?: number; write: (text: string) => void }) => {
    for (const position of [1, 2, 3].slice(Math.max(0, 3 - last))) write(`${event(position)}\n`);
  };

  it("prints the newest events, and exports their bytes unchanged", async () => {
    const newest = await run(["events", "--limit", "2", "--json"], { home, daemon: { exportLog } });
    expect(JSON.parse(newest.out).events).toMatchObject([{ position: 2 }, { position: 3 }]);
    const whole = await run(["events", "export"], { home, daemon: { exportLog } });
    expect(whole.out).toBe([1, 2, 3].map((position) => `${event(position)}\n`).join(""));
    const document = await run(["events", "export", "--json"], { home, daemon: { exportLog } });
    expect(JSON.parse(document.out)).toEqual({ events: [1, 2, 3].map((position) => JSON.parse(event(position))) });
  });

  it("`events verify` exits 1 and reports the problem, and exits 0 if the log is intact", async () => {
    const bad = await run(["events", "verify"], {
      home,
      daemon: { verifyLog: async () => ({ ok: false, problems: ["position 7: hash"], warnings: [] }) },
    });
    expect(bad).toMatchObject({ exit: 1, out: expect.stringContaining("position 7") });
    const whole = { ok: true, problems: [], warnings: [] };
    const good = await run(["events", "verify"], { home, daemon: { verifyLog: async () => whole } });
    expect(good).toMatchObject({ exit: 0, err: "" });
    const warnings = ["the trigger events_no_update is missing"];
    const warned = await run(["events", "verify"], {
      home,
      daemon: { verifyLog: async () => ({ ...whole, warnings }) },
    });
    expect(warned).toMatchObject({ exit: 0, err: `note: ${warnings[0]}\n` });
  });
});

describe("aedev task salvage", () => {
  const line = ["task", "salvage", ids.task];
  const kept = { run_id: ids.run, attempt: 1, base_commit: "b".repeat(40), patch_bytes: 7, code: "HOLD-CODER-TIMEOUT" };

  it("lists the kept work of a task's runs, and says so if there is none", async () => {
    const listed = await run(line, { home, daemon: { keptWork: async () => [kept] } });
    expect(listed.out).toContain(`run 1 ${ids.run}: 7 bytes of patch on bbbbbbbbbbbb, ended with HOLD-CODER-TIMEOUT\n`);
    const none = await run(line, { home, daemon: { keptWork: async () => [] } });
    expect(none).toMatchObject({ exit: 0, out: `no run of ${ids.task} wrote anything that is kept\n` });
  });

  it("writes the work as a folder and says that nothing judged it", async () => {
    const asked: unknown[] = [];
    const salvageWork = async (options: unknown) => {
      asked.push(options);
      return { ...kept, no_tree: null };
    };
    const to = join(home, "salvaged");
    const ran = await run([...line, "--to", to, "--run", ids.run], { home, daemon: { salvageWork } });
    expect(asked).toEqual([{ home, taskId: ids.task, runId: ids.run, to }]);
    expect(ran.out).toContain("nothing checked or judged this copy");
    const unsafe = { salvageWork: async () => ({ ...kept, no_tree: "the patch does not apply to its base" }) };
    expect((await run([...line, "--to", to], { home, daemon: unsafe })).out).toContain("no tree/: the patch does not");
  });

  it("creates the branch in this folder's repository, and refuses a folder in addition", async () => {
    const asked: unknown[] = [];
    const salvageBranch = async (options: unknown) => {
      asked.push(options);
      return { ...kept, branch: "aedev/t-salvaged", commit: "c".repeat(40) };
    };
    const ran = await run([...line, "--branch"], { home, daemon: { salvageBranch } });
    expect(asked).toMatchObject([{ home, taskId: ids.task, folder: process.cwd() }]);
    expect(ran.out).toContain("next: git show aedev/t-salvaged");
    const both = await run([...line, "--branch", "--to", "x"], { home, daemon: { salvageBranch } });
    expect(both).toMatchObject({ exit: 2, err: expect.stringContaining("give --to or --branch") });
    expect(asked).toHaveLength(1);
  });
});

describe("aedev task replay", () => {
  const line = ["task", "replay", ids.task];
  const daemon = { replayOrder: async () => ({}) as never };
  const answers = { recorded: 2, used: 2 };
  const replayed = { patch: null, patch_digest: null, held: null, divergence: null, answers };

  it("exits 0 with both trees printed if they are equal, otherwise 1", async () => {
    const same = { replayRun: async () => ({ ...replayed, tree }) };
    const equal = await run(line, { home, state: landed, daemon, runner: same });
    expect(equal).toMatchObject({ exit: 0, err: "" });
    expect(equal.out.split(tree)).toHaveLength(3);
    const other = { replayRun: async () => ({ ...replayed, tree: null, divergence: "asked for more" }) };
    const different = await run(line, { home, state: landed, daemon, runner: other });
    expect(different).toMatchObject({ exit: 1, err: expect.stringContaining("asked for more") });
  });

  it("compares the hold codes of a run that ended without a change", async () => {
    const report = sampleHeldReport("HOLD-NO-PROGRESS", { journal: blob("4") });
    const state = given([], stateAfter("started", initialState))
      .when(
        storyCommand({
          kind: "RecordCoderResult",
          task_id: ids.task,
          run_id: ids.run,
          result: report,
          hold_id: ids.hold,
        }),
      )
      .then("RunEnded", "TaskHeld").state;
    const ended = (code: HoldCode) => ({
      replayRun: async () => ({ ...replayed, tree: null, held: { code, detail: null } }),
    });
    const equal = await run(line, { home, state, daemon, runner: ended("HOLD-NO-PROGRESS") });
    expect(equal).toMatchObject({ exit: 0, err: "" });
    expect(equal.out).toContain("recorded hold HOLD-NO-PROGRESS\nreplayed hold HOLD-NO-PROGRESS\n");
    expect(equal.out).toContain(
      "\nnot compared: the tree, because none was captured\nnot compared: what it wrote, because no patch",
    );
    expect(equal.out).toMatch(/\nlimits: those of the configuration now; .*\nequal\n$/);
    const other = await run(line, { home, state, daemon, runner: ended("HOLD-CODER-FAILED") });
    expect(other).toMatchObject({ exit: 1, err: expect.stringContaining("HOLD-CODER-FAILED") });
    const changed = await run(line, {
      home,
      state,
      daemon,
      runner: { replayRun: async () => ({ ...replayed, tree }) },
    });
    expect(changed).toMatchObject({ exit: 1, out: expect.stringContaining("different") });
  });

  it("compares the work and requests of a stopped run, and says that its end is not compared", async () => {
    const report = sampleHeldReport("HOLD-CODER-TIMEOUT", { journal: blob("4"), patch: blob("5") });
    const command = { kind: "RecordCoderResult", task_id: ids.task, run_id: ids.run, hold_id: ids.hold } as const;
    const state = given([], stateAfter("started", initialState))
      .when(storyCommand({ ...command, result: report }))
      .then("RunEnded", "TaskHeld").state;
    const held = { code: "HOLD-CODER-FAILED", detail: null } as const;
    const ended = (patch: string | null, used = 2) => ({
      replayRun: async () => ({
        ...{ ...replayed, tree: null, held, divergence: "no further answer", patch_digest: patch },
        answers: { recorded: 2, used },
      }),
    });
    const equal = await run(line, { home, state, daemon, runner: ended(blob("5").digest) });
    expect(equal).toMatchObject({ exit: 0, err: "" });
    expect(equal.out).toContain("not compared: how it ended (HOLD-CODER-TIMEOUT)");
    for (const other of [ended(blob("6").digest), ended(null), ended(blob("5").digest, 1)])
      expect(await run(line, { home, state, daemon, runner: other })).toMatchObject({ exit: 1 });
  });

  it("replays the run that --run names, by its id or the start of it", async () => {
    const orders: unknown[] = [];
    const replayOrder = async (order: { runId: string }) => void orders.push(order.runId) as never;
    const same = { replayRun: async () => ({ ...replayed, tree }) };
    const named = (name: string) =>
      run([...line, "--run", name], { home, state: landed, daemon: { replayOrder }, runner: same });
    for (const name of [ids.run, ids.run.slice(0, 5)]) expect(await named(name)).toMatchObject({ exit: 0, err: "" });
    expect(orders).toEqual([ids.run, ids.run]);
    for (const name of ["r-zzzz", ""])
      expect(await named(name)).toMatchObject({ exit: 1, err: expect.stringContaining("has no run") });
  });

  it("refuses a replay with a blob that does not match its name, and names it", async () => {
    const fault = new Fault("blob-corrupt", "blob 4444 does not match its hash");
    const ran = await run(line, { home, state: landed, daemon, runner: { replayRun: () => Promise.reject(fault) } });
    expect(ran).toMatchObject({ exit: 1, err: expect.stringContaining("blob 4444") });
  });

  it("only exports a recording with --export, and reads the folder given by --from", async () => {
    const calls: unknown[] = [];
    const dir = join(home, "recording");
    const exportJournal = (digest: string, to: string) => calls.push({ digest, to });
    const exported = await run([...line, "--export", dir], { home, state: landed, runner: { exportJournal } });
    expect(exported.exit).toBe(0);
    expect(calls).toEqual([{ digest: "4".repeat(64), to: dir }]);
    const replayRun = async ({ recording }: { recording: object }) => ({
      ...replayed,
      tree: "exportFolder" in recording && recording.exportFolder === dir ? tree : "other",
    });
    expect((await run([...line, "--from", dir], { home, state: landed, daemon, runner: { replayRun } })).exit).toBe(0);
    expect((await run(line, { home, state: landed, daemon, runner: { replayRun } })).exit).toBe(1);
  });

  it("refuses a replay if no run was recorded", async () => {
    const ran = await run(line, { home, state: stateAfter("approved", initialState) });
    expect(ran).toMatchObject({ exit: 1, err: expect.stringContaining("recording") });
  });
});

describe("aedev evidence show", () => {
  const manifest = {
    schema: 1 as const,
    parent: null,
    entries: { patch: { digest: "3".repeat(64), size_bytes: 5, media_type: "text/x-diff" } },
  };
  const evidenceOf = async () => ({
    ...{ run_id: "r-0123456789abcdef", attempt: 1 },
    digest: "2".repeat(64),
    manifest,
    entries: { patch: "diff \u001b[2J --git", checks: { status: "green" } },
  });

  it("lists the entries of evidence and prints one of them without its control characters", async () => {
    const all = await run(["evidence", "show", ids.task], { home, state: landed, daemon: { evidenceOf } });
    expect(all).toMatchObject({ exit: 0, out: expect.stringContaining("text/x-diff") });
    const patch = await run(["evidence", "show", ids.task, "--entry", "patch"], {
      home,
      state: landed,
      daemon: { evidenceOf },
    });
    expect(patch.out).toBe("diff \\u{1b}[2J --git\n");
    const none = await run(["evidence", "show", ids.task, "--entry", "frob"], {
      home,
      state: landed,
      daemon: { evidenceOf },
    });
    expect(none).toMatchObject({ exit: 1, err: expect.stringContaining("patch, checks") });
  });
});

describe("aedev init", () => {
  const settings = {
    whenMissing: "hold",
    compatibleModel: null,
    compatibleUrl: null,
    ntfyUrl: "",
    ntfyTopic: null,
    ntfyReplyTopic: null,
    publicUrl: null,
    claudeLogin: false,
  } as const;
  const readSetup = async () => ({
    settings,
    apiKeyAllowed: false,
    claudeLoginUntil: null,
    gitHubHost: "github.com",
    secrets: {},
  });

  it("asks nothing without a terminal", async () => {
    const ran = await run(["init"], { home, daemon: { initHome: async () => ({ changed: false }), readSetup } });
    expect(ran).toMatchObject({ exit: 0, out: expect.stringContaining("nothing was changed") });
    expect(existsSync(join(home, "token"))).toBe(true);
  });
});
