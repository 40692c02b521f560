/** The program around the verbs, on a state in memory: exit codes, the one JSON document, and errors without a stack. */

import { stripVTControlCharacters } from "node:util";
import { Fault } from "@aedev/contracts";
import { initialState } from "@aedev/core";
import { sumUsage } from "@aedev/core/reading";
import { gated, given, ids, stateAfter, storyCommand } from "@aedev/core/testing";
import { afterAll, describe, expect, it } from "vitest";
import { verbNames } from "../src/verb-table.ts";
import { makeHome, run } from "./outside.ts";

const { home, remove } = makeHome();
afterAll(remove);

const shares = [
  { factor: "lines", points: 7, why: "70 changed lines", missing: false },
  { factor: "coverage", points: 5, why: "no report", missing: true },
];
const before = stateAfter("gemini", initialState);
const held = given([], before)
  .when(storyCommand(gated("hold", { hold_code: "HOLD-CHECKS-FAILED", hold_detail: "test/a\u202e.js", shares })))
  .then("GateDecided", "TaskHeld").state;
const landed = stateAfter("landed", initialState);
const digestReading = {
  ...{ since: "2026-01-02T03:04:05.678Z", until: "2026-01-03T03:04:05.678Z", used: sumUsage([], {}), link: null },
  ...{ landed: [], waiting: [], holds: [], rejected: [], cancelled: [] },
};
const digestItem = { task_id: ids.task, mission_id: ids.mission, status: "asked", help: "aedev task approve t-1" };

it("folds sentences at the width of the terminal, but no data", async () => {
  const wide = (text: string) => text.split("\n").filter((line) => line.length > 40);
  const [script, folded] = [
    await run(["completion", "bash"], { home }),
    await run(["completion", "bash"], { home, columns: 40 }),
  ];
  expect(wide(script.out).length).toBeGreaterThan(0);
  expect(folded.out).toBe(script.out);
  const [plain, narrow] = [
    await run(["task", "show", ids.task], { home, state: held }),
    await run(["task", "show", ids.task], { home, state: held, columns: 40 }),
  ];
  expect(wide(narrow.out).length).toBeLessThan(wide(plain.out).length);
  const words = (text: string) => text.split(/\s+/);
  expect(words(narrow.out)).toEqual(words(plain.out));
});

describe("wrong usage", () => {
  it.each([
    [["frob"], /no verb "frob"/],
    [["mission"], /needs one of: list, show/],
    [["mission", "frob"], /no verb "mission frob"/],
    [["--frob"], /no option --frob/],
    [["status", "--frob"], /unknown option/],
    [["mission", "show"], /missing required argument/],
    [["events", "--limit", "x"], /--limit/],
  ])("exits 2 for wrong usage %j, with one document under --json", async (line, words) => {
    const plain = await run(line, { home });
    expect(plain).toMatchObject({ exit: 2, out: "", err: expect.stringMatching(words) });
    const json = await run([...line, "--json"], { home });
    expect(json.exit).toBe(2);
    expect(JSON.parse(json.out)).toMatchObject({ error: { code: "usage" } });
  });

  it("without arguments names the first command if there is no home, and otherwise says what waits", async () => {
    const nowhere = await run([], { home: "/nowhere/aedev" });
    expect(nowhere).toMatchObject({
      exit: 0,
      err: "",
      out: expect.stringMatching(/not set up yet.*\n.*:\n {4}aedev init\n/),
    });
    expect(nowhere.out.split("\n").length).toBeLessThan(7);
    const json = await run(["--json"], { home: "/nowhere/aedev" });
    expect(json.exit).toBe(1);
    expect(JSON.parse(json.out)).toMatchObject({ error: { code: "no-home", hint: "aedev init" } });
    const here = await run([], { home, state: held });
    expect(here).toMatchObject({ exit: 0, out: expect.stringMatching(/held:\n {2}HOLD-CHECKS-FAILED/) });
    expect((await run([], { home, state: landed })).out).toMatch(
      /^daemon: down\n {4}aedev daemon start\nnothing waits for you$/m,
    );
    expect(JSON.parse((await run(["--json"], { home, state: held })).out)).toHaveProperty("holds.0.code");
  });

  it.each([
    [["misson", "list"], ["aedev mission list"]],
    [["taks"], ["aedev task --help"]],
    [["mission", "aprove"], ["aedev mission approve"]],
    [["statsu"], ["aedev status"]],
    [["logs"], ["aedev daemon logs", "aedev task logs"]],
    [["log"], ["aedev daemon logs", "aedev task logs"]],
    [["board"], ["aedev status-board"]],
    [["sign-out"], ["aedev browser sign-out"]],
    [["aprove"], ["aedev mission approve", "aedev task approve"]],
    [["evidence", "shwo", "t-1"], ["aedev evidence show"]],
  ])("suggests the verb that was meant by %j, each on its own line", async (line, meant) => {
    const { exit, err } = await run(line, { home });
    expect(exit).toBe(2);
    const suggested = err.split("  help: did you mean:\n")[1]?.split("\n") ?? [];
    expect(suggested.map((command) => command.trim())).toEqual(expect.arrayContaining(meant));
    expect((await run(["xyzzyxyzzy"], { home })).err).not.toContain("did you mean");
  });

  it("lists every verb once in the help, by what a person wants", async () => {
    const { out } = await run(["--help"], { home });
    const listed = out.split("\n").flatMap((line) => /^ {2}([a-z][a-z -]*?) {2,}\S/.exec(line)?.[1] ?? []);
    expect(listed.toSorted()).toEqual([...verbNames].toSorted());
    expect(out).toMatch(/\nWork and decide:\n {2}intake /);
  });

  it("shows examples of each verb in the help of a noun", async () => {
    const { out } = await run(["browser", "--help"], { home });
    expect(out).toContain("  $ aedev browser list\n  $ aedev browser sign-out b-0123456789abcdef\n");
  });

  it("answers requests for help and the version without an error", async () => {
    expect(await run(["--help"], { home })).toMatchObject({ exit: 0, out: expect.stringContaining("Exit codes") });
    expect(await run(["mission", "--help"], { home })).toMatchObject({
      exit: 0,
      out: expect.stringContaining("mission wait"),
    });
    const verbHelp = await run(["mission", "wait", "--help"], { home });
    expect(await run(["help", "mission", "wait"], { home })).toEqual(verbHelp);
    expect(await run(["help"], { home })).toEqual(await run(["--help"], { home }));
    expect(await run(["-v"], { home })).toEqual(await run(["--version"], { home }));
    expect(await run(["--version"], { home })).toMatchObject({
      exit: 0,
      out: expect.stringMatching(/^aedev \d+\.\d+\.\d+\n$/),
    });
  });
});

describe("a screen", () => {
  const lines = ["status", "mission show", "task show", "hold show", "digest", "task explain"];
  const argument: Readonly<Record<string, string>> = { mission: ids.mission, task: ids.task, hold: ids.hold };
  const shown = (line: string, options: object = {}) => {
    const words = line.split(" ");
    const about = words.length === 1 ? [] : [argument[words[0] ?? ""] ?? ""];
    return run([...words, ...about], {
      home,
      state: held,
      daemon: { readDigest: async () => digestReading },
      ...options,
    });
  };

  it.each(lines)("has no UTC instant and no milliseconds in aedev %s", async (line) => {
    const { out, exit } = await shown(line);
    expect(exit).toBe(0);
    expect(out).not.toMatch(/\d{2}T\d{2}:\d{2}/);
  });

  it.each(lines)("has each command of aedev %s on its own line", async (line) => {
    const { out } = await shown(line, { columns: 80 });
    for (const text of out.split("\n"))
      expect(text).not.toMatch(/^\s*\S.*\saedev (?:task|hold|mission|daemon|resume) /);
  });

  it("has colours on a terminal, none in a pipe, and obeys NO_COLOR and FORCE_COLOR", async () => {
    const isColoured = async (environment: Readonly<Record<string, string>>, columns?: number) =>
      (await shown("task show", { environment, ...(columns === undefined ? {} : { columns }) })).out.includes(
        "\u001b[31m",
      );
    expect(await isColoured({}, 80)).toBe(true);
    expect(await isColoured({}, undefined)).toBe(false);
    expect(await isColoured({ NO_COLOR: "1" }, 80)).toBe(false);
    expect(await isColoured({ TERM: "dumb" }, 80)).toBe(false);
    expect(await isColoured({ FORCE_COLOR: "1" })).toBe(true);
    expect(await isColoured({ FORCE_COLOR: "0" }, 80)).toBe(false);
    const [plain, coloured] = [
      await shown("status", { columns: 80 }),
      await shown("status", { columns: 80, environment: {} }),
    ];
    expect(stripVTControlCharacters(coloured.out)).toBe(plain.out);
    const json = await run(["status", "--json"], { home, state: held, columns: 80, environment: { FORCE_COLOR: "1" } });
    expect(json.out).not.toContain("\u001b");
  });

  it("of a task begins with the decision, its reason and what to do, and ends with digests", async () => {
    const { out } = await shown("task show");
    const order = ["status:", "decision:", "hold:", "what helps:", "runs:", "used:", "specification:", "change:"];
    const places = order.map((word) => out.indexOf(`\n${word}`));
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(Math.min(...places)).toBeGreaterThan(-1);
    expect(out.trimEnd().split("\n").at(-1)).toMatch(/^(?:base|tree of run \d+): +[0-9a-f]{40,64}$/);
  });

  it("of a text message never ends in the middle of a word", async () => {
    const titles = ["Extraordinarily", "incomprehensible", "responsibilities", "of", "characterization"];
    const waiting = Array.from({ length: 9 }, (_, at) => ({ ...digestItem, title: titles.slice(at % 3).join(" ") }));
    const { out } = await run(["digest", "--plain"], {
      ...{ home, state: held },
      daemon: { readDigest: async () => ({ ...digestReading, waiting }) as never },
    });
    expect(out.trimEnd().length).toBeLessThanOrEqual(320);
    const words = out.match(/needs you: .*/g)?.flatMap((line) => line.replace("needs you: ", "").split(" ")) ?? [];
    expect(words.length).toBeGreaterThan(3);
    for (const word of words) expect(titles).toContain(word.replace("…", ""));
    expect(out).toMatch(/\+\d+ more\n$/);
  });
});

describe("reading verbs", () => {
  const reads = [
    ["status"],
    ["status", "--plain"],
    ["repo", "list"],
    ["repo", "show", "repo"],
    ["mission", "list"],
    ["mission", "show", ids.mission],
    ["task", "list"],
    ["task", "show", ids.task],
    ["hold", "list"],
    ["hold", "show", ids.hold],
    ["risk", "explain", ids.task],
  ];

  it.each(reads)("works with the daemon down: aedev %s %s %s", async (...words) => {
    const line = words.filter((word) => word !== undefined);
    const plain = await run(line, { home, state: held });
    expect(plain).toMatchObject({ exit: 0, err: "" });
    expect(plain.out).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
    const json = await run([...line, "--json"], { home, state: held });
    expect(json.exit).toBe(0);
    expect(JSON.parse(json.out)).toBeTypeOf("object");
  });

  it("shows a mission as every other client does", async () => {
    const { out } = await run(["mission", "show", ids.mission, "--json"], { home, state: landed });
    const keys = [
      ...["mission_id", "title", "repository", "submitted_at", "changed_at", "status"],
      ...["priority", "labels", "spec_digest", "questions", "tasks", "used"],
    ];
    expect(Object.keys(JSON.parse(out))).toEqual(keys);
    expect(JSON.parse(out)).toMatchObject({
      status: "landed",
      tasks: [{ decision: "merge", landed_commit: "9".repeat(40) }],
    });
  });

  it("explains each risk share and what was missing", async () => {
    const { out } = await run(["risk", "explain", ids.task], { home, state: held });
    expect(out).toMatch(/lines +\+0\.007 +70 changed lines/);
    expect(out).toContain("missing: coverage");
    expect(out).toContain("5 of 5 green tests of the base were shown able to fail");
  });

  it("never prints more than 320 characters with --plain", async () => {
    for (const state of [initialState, before, held, landed]) {
      const { out } = await run(["status", "--plain"], { home, state });
      expect(out.trimEnd().length).toBeLessThanOrEqual(320);
      expect(out).toContain("aedev down");
    }
  });

  it.each([
    ["mission", "show", "constructor"],
    ["mission", "show", "m-1"],
    ["task", "show", "t-1"],
    ["task", "logs", "t-1"],
    ["task", "replay", "t-1"],
    ["hold", "show", "h-1"],
    ["repo", "show", "nobody"],
    ["risk", "explain", "t-1"],
    ["risk", "calibrate", "nobody"],
    ["evidence", "show", "t-1"],
  ])("refuses an unknown %s %s %s by name, exit 1", async (...line) => {
    const ran = await run(line, { home, state: held });
    expect(ran).toMatchObject({ exit: 1, out: "" });
    expect(ran.err).toMatch(/^aedev: there is no .*\n {2}help: aedev .* list\n$/);
  });
});

describe("an error of any verb", () => {
  const broken = new Fault("log-failed", "the disk\u001b is full", { hint: "make room" });

  it("prints any verb's error as a message with the command that helps, never as a stack", async () => {
    for (const name of verbNames.filter((verb) => !["demo", "flow list", "flow show"].includes(verb))) {
      const line = [...name.split(" "), ...argumentsOf(name)];
      const ran = await run(line, { home, broken, stdin: "secret" });
      expect(ran.exit, name).not.toBe(0);
      expect(ran.err, name).toMatch(/(aedev: .+|help: .+)\n/);
      expect(ran.err + ran.out, name).not.toMatch(/\n\s+at |node:internal|(?!\n)\p{Cc}/u);
      const json = await run([...line, "--json"], { home, broken, stdin: "secret" });
      expect(json.exit, name).toBe(ran.exit);
      expect(JSON.parse(json.out), name).toBeTypeOf("object");
    }
  });

  it("prints an error that is not aedev's own without a stack too", async () => {
    const ran = await run(["doctor"], { home, daemon: { doctor: () => Promise.reject(new TypeError("boom")) } });
    expect(ran).toEqual({ exit: 1, out: "", err: "aedev: boom\n  help: aedev doctor\n" });
  });
});

describe("a missing home", () => {
  it("names aedev init for a missing home in every verb that needs one", async () => {
    const free = [
      "mcp",
      "setup",
      "upgrade",
      "init",
      "doctor",
      "demo",
      "policy check",
      "policy diff",
      "policy test",
      "restore",
    ];
    for (const name of verbNames.filter((verb) => !free.includes(verb))) {
      const ran = await run([...name.split(" "), ...argumentsOf(name)], { home: "/nonexistent/home", stdin: "secret" });
      expect(ran, name).toMatchObject({ exit: 1, out: "" });
      expect(ran.err, name).toContain("aedev init");
    }
  });
});

function argumentsOf(name: string): string[] {
  if (name === "intake") return ["do it", "--repo", "repo", "--criterion", "a test shows it"];
  if (name === "mission answer") return [ids.mission, "--answer", "criteria=a test shows it"];
  if (name === "flow show" || name === "flow run") return ["implement"];
  if (name === "flow save") return ["own", "/nonexistent/flow.yaml"];
  if (name === "completion") return ["missions"];
  if (name === "repo add") return ["/r", "--name", "repo"];
  if (name === "task send-back") return [ids.task, "--reason", "another way"];
  if (name === "mission send-back") return [ids.mission, "--reason", "another way"];
  if (name === "mission update") return [ids.mission, "--priority", "high"];
  if (name === "task say") return [ids.task, "use the helper"];
  if (name === "rule add") return ["Use tabs", "--repo", "repo"];
  if (name === "memory add") return ["Prices are integers", "--task", ids.task];
  if (name === "task outcome") return [ids.task, "good"];
  if (name === "config set") return ["limits.pids", "300"];
  if (name === "proposal resume") return ["todo", "--repo", "repo"];
  if (name === "budget raise") return ["limits.day_usd", "40"];
  if (name === "secrets set") return ["AEDEV_OPENAI_API_KEY"];
  const takesNothing =
    /^(init|doctor|open|status|status-board|pause|resume|stop-all|queue|gc|digest|config show|daemon .*|service .*|watchdog|events.*|judges .*|policy (check|simulate|suggest|test)|watch|notify .*|phone link|pull|usage|budget|budget show|memory report|.* list)$/;
  return takesNothing.test(name) ? [] : [ids.task];
}
