/** A night that ended early continues with the test files that have not passed on its commit. In a separate repository, with the real vitest. */
import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
let checkout: string;
/** The part of the forging corpus that a night is asked for. */
let part: { AEDEV_CORPUS_PART?: string };

beforeEach(() => {
  part = {};
  checkout = mkdtempSync(join(tmpdir(), "aedev-night-"));
  for (const path of [
    "scripts/test",
    "scripts/shell",
    "vitest.config.ts",
    "test/support",
    "test/by-night.ts",
    "packages/host/src/node-flags.ts",
    "package.json",
  ])
    cpSync(join(root, path), join(checkout, path), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(checkout, "node_modules"));
  put("scripts/setup", "#!/bin/sh\n");
  chmodSync(join(checkout, "scripts/setup"), 0o755);
  put(".gitignore", "node_modules\n.local\n.cache\nready\nran-*\n");
  put("test/steady.test.ts", testFile("steady", "expect(1).toBe(1)", "expect(2).toBe(2)"));
  put("test/late.test.ts", testFile("late", 'expect(existsSync("ready")).toBe(true)'));
  git("init", "-q");
  commit();
});
afterEach(() => rmSync(checkout, { recursive: true, force: true }));

function put(path: string, text: string): void {
  mkdirSync(dirname(join(checkout, path)), { recursive: true });
  writeFileSync(join(checkout, path), text);
}

/** Its tests leave a file that shows that they ran. */
function testFile(name: string, ...bodies: readonly string[]): string {
  const tests = bodies.map((body, index) => `it("${index}", () => ${body});`);
  const imports = 'import { existsSync, writeFileSync } from "node:fs";\nimport { expect, it } from "vitest";\n';
  return `${imports}writeFileSync("ran-${name}", String(existsSync));\n${tests.join("\n")}\n`;
}

function git(...args: string[]): void {
  const flags = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "core.hooksPath=/dev/null"];
  execFileSync("git", [...flags, ...args], { cwd: checkout });
}

function commit(): void {
  git("add", "-A");
  git("commit", "-qm", "state", "--allow-empty");
}

/** Runs a suite by night; returns its exit code, its last line, and the files that ran. */
const night = (...flags: string[]) => nightOf("unit", ...flags);
function nightOf(suite: string, ...flags: string[]) {
  const files = ["steady", "late", "thorough"];
  for (const name of files) rmSync(join(checkout, `ran-${name}`), { force: true });
  const { status, stdout, stderr } = spawnSync(join(checkout, "scripts/test"), ["--only", suite, ...flags], {
    encoding: "utf8",
    env: { PATH: process.env["PATH"], HOME: checkout, ...part },
  });
  const ran = files.filter((name) => existsSync(join(checkout, `ran-${name}`)));
  return { status, lastLine: stdout.trimEnd().split("\n").at(-1), ran, stderr };
}

it("a continued night runs only files that have not passed on this commit, and counts all", () => {
  expect(night("--night")).toMatchObject({ status: 1, lastLine: "2 passed, 1 failed", ran: ["steady", "late"] });
  expect(night("--night", "--continue")).toMatchObject({ status: 1, lastLine: "2 passed, 1 failed", ran: ["late"] });
  put("ready", "");
  expect(night("--night", "--continue")).toMatchObject({ status: 0, lastLine: "3 passed, 0 failed", ran: ["late"] });
  expect(night("--night", "--continue")).toMatchObject({ status: 0, lastLine: "3 passed, 0 failed", ran: [] });
  // A night without --continue starts anew, and so does one on another commit.
  expect(night("--night")).toMatchObject({ status: 0, lastLine: "3 passed, 0 failed", ran: ["steady", "late"] });
  commit();
  expect(night("--night", "--continue")).toMatchObject({ status: 0, ran: ["steady", "late"] });
});

it("another part of the forging corpus counts as another night", () => {
  put("ready", "");
  commit();
  part = { AEDEV_CORPUS_PART: "1/4" };
  expect(night("--night")).toMatchObject({ status: 0, ran: ["steady", "late"] });
  expect(night("--night", "--continue")).toMatchObject({ status: 0, ran: [] });
  part = { AEDEV_CORPUS_PART: "2/4" };
  expect(night("--night", "--continue")).toMatchObject({ status: 0, ran: ["steady", "late"] });
  // Without a request, the part follows from the content.
  put(
    "test/part.test.ts",
    `import { writeFileSync } from "node:fs";\nimport { it } from "vitest";\nit("part", () => writeFileSync("ran-part", String(process.env["AEDEV_CORPUS_PART"])));\n`,
  );
  part = {};
  const parts = new Set<string>();
  for (let content = 0; content < 8 && parts.size < 2; content += 1) {
    put("content", `${content}\n`);
    commit();
    expect(night("--night")).toMatchObject({ status: 0 });
    parts.add(readFileSync(join(checkout, "ran-part"), "utf8"));
  }
  expect([...parts]).toEqual([expect.stringMatching(/^[1-8]\/8$/u), expect.stringMatching(/^[1-8]\/8$/u)]);
  part = { AEDEV_CORPUS_PART: "5/4" };
  expect(night("--night")).toMatchObject({ status: 2, ran: [], stderr: expect.stringContaining("only 4 parts") });
  part = { AEDEV_CORPUS_PART: "../4" };
  expect(night("--night")).toMatchObject({ status: 2, ran: [], stderr: expect.stringContaining("not a part such as") });
});

// Of the suites of long tests, only the pages run without an engine; they need the browser.
it.skipIf(!existsSync("/usr/bin/chromium"))(
  "runs long tests no second time after results were recorded, but unit tests; a test file that changed runs again",
  () => {
    put("test/thorough.browser.test.ts", testFile("thorough", "expect(1).toBe(1)"));
    put("ready", "");
    commit();
    expect(nightOf("unit,browser", "--night")).toMatchObject({
      lastLine: "4 passed, 0 failed",
      ran: ["steady", "late", "thorough"],
    });
    put("EXECUTION_WORKBOOK.md", "passed\n");
    commit();
    expect(nightOf("unit,browser", "--night", "--continue")).toMatchObject({
      lastLine: "4 passed, 0 failed",
      ran: ["steady", "late"],
    });
    put("test/other.browser.test.ts", testFile("thorough", "expect(1).toBe(2)"));
    commit();
    expect(nightOf("browser", "--night", "--continue")).toMatchObject({
      lastLine: "1 passed, 1 failed",
      ran: ["thorough"],
    });
    put("test/other.browser.test.ts", testFile("thorough", "expect(1).toBe(1)"));
    rmSync(join(checkout, "test/thorough.browser.test.ts"));
    commit();
    expect(nightOf("browser", "--night", "--continue")).toMatchObject({
      lastLine: "1 passed, 0 failed",
      ran: ["thorough"],
    });
    expect(nightOf("browser", "--night", "--continue")).toMatchObject({ lastLine: "1 passed, 0 failed", ran: [] });
    put("packages/x/src/x.ts", "export {};\n");
    commit();
    expect(nightOf("unit,browser", "--night", "--continue")).toMatchObject({ ran: ["steady", "late", "thorough"] });
  },
);

it("a night notes nothing by day or if files differ from the commit", () => {
  put("ready", "");
  expect(night("--continue")).toMatchObject({
    status: 2,
    ran: [],
    stderr: expect.stringContaining("--continue needs --night"),
  });
  expect(night()).toMatchObject({ status: 0, ran: ["steady", "late"] });
  expect(night("--night", "--continue")).toMatchObject({ status: 0, ran: ["steady", "late"] });
  put("test/late.test.ts", testFile("late", "expect(1).toBe(2)"));
  expect(night("--night", "--continue")).toMatchObject({
    status: 2,
    ran: [],
    stderr: expect.stringContaining("files differ from the last commit"),
  });
  expect(night("--night")).toMatchObject({ status: 1, lastLine: "2 passed, 1 failed", ran: ["steady", "late"] });
  put("test/late.test.ts", testFile("late", 'expect(existsSync("ready")).toBe(true)'));
  expect(night("--night", "--continue")).toMatchObject({ status: 0, ran: [] });
});

it("a night takes back what a run noted if there was an error outside tests", () => {
  put("ready", "");
  put(
    "test/stray.test.ts",
    `${testFile("stray", "expect(1).toBe(1)")}setTimeout(() => Promise.reject(new Error("stray")));\nawait new Promise((end) => setTimeout(end, 50));\n`,
  );
  commit();
  expect(night("--night")).toMatchObject({ status: 1, ran: ["steady", "late"] });
  expect(night("--night", "--continue")).toMatchObject({ status: 1, ran: ["steady", "late"] });
});
