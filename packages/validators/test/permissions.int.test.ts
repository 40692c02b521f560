/** The plane under its permission model: allowed actions work, all others are denied, file by file. */
import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { judgementPermissions } from "../../daemon/src/planes/judgement-permissions.ts";
import { makeHome, root } from "./plane.ts";

const knowsNetworkFlag = process.allowedNodeEnvironmentFlags.has("--allow-net");
const run = promisify(execFile);

/** Evaluates each expression in a process with the plane's flags; gives `ok` or the error's code. */
async function tried(home: string, expressions: Record<string, string>): Promise<Record<string, string>> {
  const cases = Object.entries(expressions).map(
    ([name, expression]) => `[${JSON.stringify(name)}, async () => ${expression}]`,
  );
  const program = `
    const fs = require("node:fs"), children = require("node:child_process"), threads = require("node:worker_threads");
    const home = ${JSON.stringify(home)}, root = ${JSON.stringify(root)};
    (async () => {
      const answers = {};
      for (const [name, attempt] of [${cases.join(",")}])
        try { await attempt(); answers[name] = "ok"; } catch (error) { answers[name] = error.code ?? error.message; }
      console.log(JSON.stringify(answers));
    })();`;
  const { stdout } = await run(process.execPath, [
    ...judgementPermissions({ root, home, knowsNetworkFlag }),
    "-e",
    program,
  ]);
  return JSON.parse(stdout) as Record<string, string>;
}

test("reads only its code, the bundles and its own secrets; everything else is denied", async () => {
  const home = makeHome();
  mkdirSync(`${home}/bundles/x`);
  mkdirSync(`${home}/blobs`);
  for (const name of ["bundles/x/manifest.json", "blobs/b", "aedev.db", "token", "bundles-other"])
    writeFileSync(`${home}/${name}`, "x");
  for (const name of ["judgement.env", "judgement.env.old", "control.env", "execution.env"])
    writeFileSync(`${home}/secrets/${name}`, "x");
  const allowed = {
    bundle: "fs.readFileSync(home + '/bundles/x/manifest.json')",
    "own secrets": "fs.readFileSync(home + '/secrets/judgement.env')",
    "own code": "fs.readFileSync(root + '/packages/validators/src/main.ts')",
    prompt: "fs.readFileSync(root + '/config/prompts/judge.md')",
  };
  const denied = {
    "control's secrets": "fs.readFileSync(home + '/secrets/control.env')",
    "execution's secrets": "fs.readFileSync(home + '/secrets/execution.env')",
    "a longer name": "fs.readFileSync(home + '/secrets/judgement.env.old')",
    "a sibling folder": "fs.readFileSync(home + '/bundles-other')",
    "a way up": "fs.readFileSync(home + '/bundles/../secrets/control.env')",
    "bytes as a path": "fs.readFileSync(Buffer.from(home + '/token'))",
    promises: "fs.promises.readFile(home + '/token')",
    database: "fs.readFileSync(home + '/aedev.db')",
    blobs: "fs.readFileSync(home + '/blobs/b')",
    listing: "fs.readdirSync(home)",
    system: "fs.readFileSync('/etc/passwd')",
    process: "fs.readFileSync('/proc/self/environ')",
    "another plane's code": "fs.readFileSync(root + '/packages/daemon/package.json')",
    writing: "fs.writeFileSync(home + '/bundles/x/manifest.json', 'y')",
    making: "fs.mkdirSync(home + '/bundles/new')",
    linking: "fs.symlinkSync('/etc/passwd', home + '/bundles/x/link')",
    deleting: "fs.rmSync(home + '/bundles/x/manifest.json')",
    spawning: "children.execFileSync('true')",
    forking: "children.fork(root + '/packages/validators/src/main.ts')",
    threads: "new threads.Worker('1', { eval: true })",
    addons: "process.dlopen({ exports: {} }, home + '/bundles/x/manifest.json')",
  };
  const answers = await tried(home, { ...allowed, ...denied });
  for (const name of Object.keys(allowed)) expect([name, answers[name]]).toEqual([name, "ok"]);
  const codes = ["ERR_ACCESS_DENIED", "ERR_DLOPEN_DISABLED"];
  for (const name of Object.keys(denied)) expect([name, codes.includes(answers[name] ?? "")]).toEqual([name, true]);
  rmSync(home, { recursive: true });
});
