/** The guard in a real Node process on a real pipe: a report's end is not lost if the reader is slow and the runner calls process.exit(). */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { guardSource } from "../../../src/checks/command/guard.ts";

const folder = mkdtempSync(join(tmpdir(), "aedev-guard-"));
const guard = join(folder, "guard.cjs");
const runner = join(folder, "runner.cjs");
const points = 20_000;

beforeAll(() => {
  writeFileSync(guard, `const noteLoaded = () => {};\n${guardSource}`);
  // As tape does: everything is printed as it happens, the plan and the end by process.exit() in the handler of exit.
  writeFileSync(
    runner,
    `for (let n = 1; n <= ${points}; n += 1) console.log('ok ' + n + ' should be equal');
process.on('exit', () => { console.log('1..${points}'); process.exit(0); });
process.exit(0);`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What arrives of the runner's output through a pipe that nobody reads until the runner has ended, or `patienceMs` have passed. */
async function printed(options: string, patienceMs: number): Promise<string> {
  const ended = join(folder, `ended-${options.length}`);
  const read = join(folder, `read-${options.length}`);
  const into = join(folder, `out-${options.length}`);
  const script = `mkfifo "$3" && { "$0" $1 "$2"; : >"$4"; } | { read _ <"$3"; cat >"$5"; }`;
  const run = execa("sh", ["-c", script, process.execPath, options, runner, read, ended, into], { stdin: "ignore" });
  const deadline = performance.now() + patienceMs;
  const isThere = (path: string) =>
    execa("test", ["-e", path], { reject: false }).then(({ exitCode }) => exitCode === 0);
  while (!(await isThere(ended)) && performance.now() < deadline) await setTimeout(20);
  writeFileSync(read, "go\n");
  await run;
  return readFileSync(into, "utf8");
}

it("brings all that a runner printed, where without it the end is missing although the exit code is 0", async () => {
  expect((await printed("--no-warnings", 30_000)).endsWith(`\n1..${points}\n`)).toBe(false);
  expect((await printed(`--require=${guard}`, 500)).endsWith(`ok ${points} should be equal\n1..${points}\n`)).toBe(
    true,
  );
});

it("leaves a process alone whose outputs are closed or are files", async () => {
  const print = "require('node:fs').writeFileSync(process.argv[1], 'ran')";
  for (const outputs of [">&- 2>&-", ">/dev/null 2>/dev/null"]) {
    const proof = join(folder, `proof-${outputs.length}`);
    await execa("sh", ["-c", `"$0" --require="$1" -e "$2" "$3" ${outputs}`, process.execPath, guard, print, proof]);
    expect(readFileSync(proof, "utf8")).toBe("ran");
  }
});
