/** Flows at the command line: each that aedev brings makes clear missions, a value can't become a key, and a bad file is refused with its place. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { MissionClarity, PlanClarity } from "@aedev/contracts/api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Laboratory, registerSmallProject } from "./support/laboratory.ts";

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open();
  laboratory.environment["DOCKER_HOST"] = "unix:///nonexistent/docker.sock";
  await laboratory.must("daemon", "start");
  await registerSmallProject(laboratory);
}, 60_000);
afterAll(() => laboratory[Symbol.asyncDispose]());

const setsOf = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).flatMap(([name, value]) => ["--set", `${name}=${value}`]);
const run = (name: string, values: Readonly<Record<string, string>>, ...more: string[]) =>
  laboratory.run("flow", "run", name, "--repo", "small", ...setsOf(values), ...more, "--json");
function fileOf(name: string, value: unknown): string {
  const path = join(laboratory.folder, `${name}.yaml`);
  writeFileSync(path, typeof value === "string" ? value : JSON.stringify(value));
  return path;
}
const small = {
  summary: "one change",
  parameters: { what: { summary: "what" }, extra: { summary: "more", default: "" } },
  text: "{{what}}",
  tasks: [{ name: "one", repo: "{{repo}}", text: "{{what}} {{extra}}", criteria: ["a new test shows it: {{what}}"] }],
};

describe("a flow that aedev brings", () => {
  it.each([
    ["implement", { what: "Add median(numbers) to lib/add.js", shown: "median([3, 1, 2]) returns 2" }, 2],
    ["fix", { what: "add() in lib/add.js drops negative numbers", shown: "add(-1, -2) returns -3" }, 1],
    ["refactor", { where: "lib/add.js", what: "Split add() into sum() and check()" }, 2],
    ["upgrade", { package: "zod", version: "4.6.7" }, 1],
    ["investigate", { question: "Why does add() take two seconds?", note: "docs/notes/add.md" }, 1],
    ["release-notes", { version: "2.4.0", since: "v2.3.0" }, 1],
    ["interview", { what: "An adder", users: "our shop", verified: "npm test" }, 1],
    ["interview", { what: "A sum", users: "us", verified: "npm test", first: "Add half(n) to lib/add.js" }, 2],
  ] as const)("%s makes missions without questions", async (name, values, parts) => {
    const { stdout, stderr, exitCode } = await run(name, values);
    expect({ stderr, exitCode: [0, 4].includes(exitCode) }).toEqual({ stderr: "", exitCode: true });
    if (parts === 1) {
      const made = JSON.parse(stdout) as MissionClarity;
      expect(made.questions).toEqual([]);
      return;
    }
    const made = JSON.parse(stdout) as PlanClarity;
    expect(made.parts.map(({ questions }) => questions)).toEqual(Array.from({ length: parts }, () => []));
  });

  it("is listed with its parameters, shown with its parts, and only printed by --dry-run", async () => {
    const listed = (await laboratory.must("flow", "list")).stdout;
    expect(listed).toMatch(/implement +aedev +what shown docs +a feature with its tests/);
    expect((await laboratory.must("flow", "show", "implement")).stdout).toContain('--set what="…" --set shown="…"');
    const before = (await laboratory.must("mission", "list", "--json")).stdout;
    const values = { what: "Add x() to lib/add.js", shown: "x() returns 1" };
    const dry = await laboratory.must("flow", "run", "implement", "--repo", "small", ...setsOf(values), "--dry-run");
    expect(dry.stdout).toContain("\n  - name: docs\n");
    expect((await laboratory.must("mission", "list", "--json")).stdout).toBe(before);
    const plan = join(laboratory.folder, "dry.yaml");
    writeFileSync(plan, dry.stdout);
    const handed = await laboratory.run("intake", "--file", plan, "--json");
    expect([handed.exitCode, handed.stderr]).toEqual([0, ""]);
  });
});

describe("a flow's values", () => {
  it("stay texts, whatever is in them", async () => {
    const path = fileOf("texts", small);
    const value = 'Add y() to lib/add.js", "repo": "other" {{extra}}\n- name: two';
    const dry = await run(path, { what: value }, "--dry-run");
    const plan = JSON.parse(dry.stdout) as { tasks: { text: string; repo: string }[] };
    expect(plan.tasks).toEqual([expect.objectContaining({ repo: "small", text: `${value} ` })]);
  });

  it.each([
    [{}, 'needs --set what="…"'],
    [{ what: "Add z() to lib/add.js", who: "me" }, "has no parameter who"],
    [{ what: "x".repeat(4_001) }, "4000 at most"],
  ])("are refused if one is missing, unknown or too long: %#", async (values, reason) => {
    const sets = setsOf(values as Record<string, string>);
    const path = fileOf("values", small);
    const refused = await laboratory.run("flow", "run", path, "--repo", "small", ...sets, "--dry-run");
    expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining(reason)]);
  });
});

describe("a flow's file", () => {
  it.each([
    ["an unknown placeholder", { ...small, text: "{{who}}" }, "{{who}} is no parameter"],
    ["an unused parameter", { ...small, parameters: { ...small.parameters, who: { summary: "x" } } }, "nothing uses"],
    ["an unknown key", { ...small, danger: true }, "unknown key danger"],
    ["an unknown key of a part", { ...small, tasks: [{ ...small.tasks[0], role: "root" }] }, "unknown key role"],
    ["a placeholder in a key", { ...small, tasks: [{ ...small.tasks[0], "{{what}}": "x" }] }, "unknown key"],
    ["a parameter named repo", { ...small, parameters: { repo: { summary: "x" } } }, "--repo"],
    ["no summary", { ...small, summary: undefined }, "summary"],
    ["an alias", "summary: &a x\ntext: *a\ntasks: [{name: one, repo: r, text: *a}]\n", "lias"],
    ["a control character", { ...small, summary: "a\u0007b" }, "control"],
    [
      "too many parts",
      { ...small, tasks: Array.from({ length: 33 }, (_, at) => ({ ...small.tasks[0], name: `p${at}` })) },
      "32",
    ],
  ])("with %s is refused, and so nothing is kept of it", async (_what, value, reason) => {
    const path = fileOf("bad", value);
    const refused = await run(path, { what: "Add q() to lib/add.js" });
    expect([refused.exitCode, refused.stdout]).toEqual([1, expect.stringContaining(reason)]);
    expect((await laboratory.run("flow", "save", "bad", path)).exitCode).toBe(1);
    expect((await laboratory.must("flow", "list")).stdout).not.toMatch(/^bad /m);
  });

  it("is kept as one's own, stands in place of aedev's of its name, and one of a checkout runs by its path", async () => {
    const path = fileOf("own", { ...small, summary: "my way to fix" });
    await laboratory.must("flow", "save", "fix", path);
    expect((await laboratory.must("flow", "list")).stdout).toMatch(/fix +home +what extra +my way to fix/);
    expect((await laboratory.run("flow", "save", "fix", path)).exitCode).toBe(1);
    await laboratory.must("flow", "save", "fix", path, "--replace");
    const folder = join(laboratory.folder, ".aedev", "flows");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "here.yaml"), JSON.stringify(small));
    const made = await run(join(folder, "here.yaml"), { what: "Add here() to lib/add.js" });
    expect([made.exitCode, made.stderr]).toEqual([0, ""]);
  });
});
