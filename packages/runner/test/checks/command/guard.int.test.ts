/** The guard in a real Node process on a real pipe: the end of a report is not lost if the reader is slow and the runner calls process.exit(). */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { guardSource } from "../../../src/checks/command/guard.ts";
import { viteConfigurationSource } from "../../../src/checks/command/vite-configuration.ts";

const folder = mkdtempSync(join(tmpdir(), "aedev-guard-"));
const guard = join(folder, "guard.cjs");
const vitestGuard = join(folder, "vitest-guard.cjs");
const runner = join(folder, "runner.cjs");
const points = 20_000;

beforeAll(() => {
  writeFileSync(guard, `const noteLoaded = () => {};\n${guardSource({}, "")}`);
  writeFileSync(
    vitestGuard,
    `const noteLoaded = () => {};\n${guardSource({ preload: () => viteConfigurationSource }, "")}`,
  );
  // Like tape, it prints everything as it happens, and the plan from the handler of exit, which calls process.exit().
  writeFileSync(
    runner,
    `for (let n = 1; n <= ${points}; n += 1) console.log('ok ' + n + ' should be equal');
process.on('exit', () => { console.log('1..${points}'); process.exit(0); });
process.exit(0);`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The part of the runner's output that arrives if nobody reads the pipe until the runner has ended or `patienceMs` have passed. */
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

it("the guard delivers a runner's whole output, the end of which is lost without it although the exit code is 0", async () => {
  expect((await printed("--no-warnings", 30_000)).endsWith(`\n1..${points}\n`)).toBe(false);
  expect((await printed(`--require=${guard}`, 500)).endsWith(`ok ${points} should be equal\n1..${points}\n`)).toBe(
    true,
  );
});

it("the guard leaves a process alone if its outputs are closed or files", async () => {
  const print = "require('node:fs').writeFileSync(process.argv[1], 'ran')";
  for (const outputs of [">&- 2>&-", ">/dev/null 2>/dev/null"]) {
    const proof = join(folder, `proof-${outputs.length}`);
    await execa("sh", ["-c", `"$0" --require="$1" -e "$2" "$3" ${outputs}`, process.execPath, guard, print, proof]);
    expect(readFileSync(proof, "utf8")).toBe("ran");
  }
});

describe("a configuration that Vite before 6.1 bundles beside itself", () => {
  const checkout = join(folder, "checkout");
  const temporary = join(checkout, "node_modules/.vite-temp");
  const readOnly = join(folder, "read-only.cjs");
  beforeAll(() => {
    mkdirSync(temporary, { recursive: true });
    mkdirSync(join(folder, "elsewhere"));
    mkdirSync(join(checkout, "node_modules/helper"));
    writeFileSync(join(checkout, "node_modules/helper/index.js"), "module.exports = 'helped';");
    // The checkout's own folder refuses writes, like its mount in a container.
    writeFileSync(
      readOnly,
      `const promises = require('node:fs/promises');
const { dirname } = require('node:path');
const real = promises.writeFile;
promises.writeFile = async (path, ...rest) => {
  if (!dirname(path).endsWith('.vite-temp')) throw Object.assign(new Error('read-only'), { code: 'EROFS' });
  return real(path, ...rest);
};`,
    );
  });

  /** The output of a process that writes this file and imports it, or the code of its error. */
  async function loaded(path: string, preloads: readonly string[]): Promise<string> {
    const load = `const fsp = (await import('node:fs/promises')).default;
const { pathToFileURL } = await import('node:url');
try {
  await fsp.writeFile(process.argv[1], "import helper from 'helper'; export default helper + import.meta.filename.includes('.vite-temp');");
  console.log((await import(pathToFileURL(process.argv[1]).href + '?t=1')).default);
} catch (error) { console.log(error.code); }`;
    const requires = preloads.map((file) => `--require=${file}`);
    const { stdout } = await execa(process.execPath, [...requires, "--input-type=module", "-e", load, path]);
    return stdout;
  }
  const name = "vitest.config.mts.timestamp-1795316598610-ed7e3833d58f1.mjs";

  it("is written to Vite's folder in node_modules and imported from there", async () => {
    expect(await loaded(join(checkout, name), [readOnly, vitestGuard])).toBe("helpedtrue");
  });

  it("is refused without the guard, with another runner's, without that folder, and under any other name", async () => {
    expect(await loaded(join(checkout, name), [readOnly])).toBe("EROFS");
    expect(await loaded(join(checkout, name), [readOnly, guard])).toBe("EROFS");
    expect(await loaded(join(folder, "elsewhere", name), [readOnly, vitestGuard])).toBe("EROFS");
    expect(await loaded(join(checkout, "vitest.config.mts"), [readOnly, vitestGuard])).toBe("EROFS");
  });

  it("stays where it is if that place is writable", async () => {
    expect(await loaded(join(checkout, name), [vitestGuard])).toBe("helpedfalse");
  });

  it("leaves writeFile's name, length, properties and results as they are in Node, and without vitest the function itself", async () => {
    const print = `const fsp = require("node:fs/promises");
const { writeFile } = fsp;
const own = Object.getOwnPropertyDescriptors(writeFile);
const place = Object.getOwnPropertyDescriptor(fsp, "writeFile");
writeFile(process.argv[1], "text").then((result) =>
  console.log(JSON.stringify([own, Reflect.ownKeys(writeFile), place, typeof writeFile, String(result)]), /EROFS/.test(writeFile)));`;
    const shown = async (...options: string[]) =>
      (await execa(process.execPath, [...options, "-e", print, join(folder, "written")])).stdout;
    const plain = await shown();
    expect(plain).toMatch(/"length":\{"value":3,.*"name":\{"value":"writeFile",.* false$/);
    expect(await shown(`--require=${guard}`)).toBe(plain);
    expect(await shown(`--require=${vitestGuard}`)).toBe(plain.replace(/false$/, "true"));
  });
});
