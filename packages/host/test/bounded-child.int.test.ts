/** A child process that reads hostile text, with its bounds. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { runBoundedChild } from "../src/bounded-child.ts";

const folder = mkdtempSync(join(tmpdir(), "aedev-child-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const bounds = { timeoutMs: 20_000, memoryMegabytes: 64, answerBytesMax: 1000 };

function run(script: string, change: Partial<typeof bounds> = {}) {
  const path = join(folder, "child.mjs");
  writeFileSync(path, `import { readFileSync, writeSync } from "node:fs";\n${script}\n`);
  return runBoundedChild(path, { text: "given" }, { ...bounds, ...change });
}

it("passes the input to the child and returns its whole output", async () => {
  expect(await run("writeSync(1, JSON.parse(readFileSync(0)).text);")).toEqual({ stdout: "given", end: "done" });
});

it("runs the child without protection keys, with which V8 loses pages of WebAssembly", async () => {
  const { stdout } = await run('writeSync(1, process.execArgv.join(" "));');
  expect(stdout).toContain("--no-memory-protection-keys");
});

it("passes no variable of aedev to the child except the path", async () => {
  process.env["AEDEV_TEST_SECRET"] = "secret";
  const { stdout } = await run("writeSync(1, String(process.env.AEDEV_TEST_SECRET) + !!process.env.PATH);");
  delete process.env["AEDEV_TEST_SECRET"];
  expect(stdout).toBe("undefinedtrue");
});

it("reports a child that was slow, failed, took too much memory or printed too much, and keeps its output", async () => {
  const slow = await run('writeSync(1, "half"); for (;;);', { timeoutMs: 1_500 });
  expect(slow).toEqual({ stdout: "half", end: "timeout" });
  expect(await run('writeSync(1, "half"); process.exit(3);')).toEqual({ stdout: "half", end: "died" });
  expect((await run("const all = []; for (;;) all.push(new Array(1e5).fill(all.length));")).end).toBe("died");
  const { stdout, end } = await run('writeSync(1, "x".repeat(5000));');
  expect([stdout.length, end]).toEqual([1000, "died"]);
});
