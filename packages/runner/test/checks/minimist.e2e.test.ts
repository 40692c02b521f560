/** The four cells on real third-party code: minimist with its own tape tests, prepared from npm, with honest and dishonest changes. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { provennessSchema, type TestMatrix } from "@aedev/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Laboratory, openLaboratory } from "./laboratory.ts";

const settings = {
  prepare: "npm install --prefix /tmp/tape --no-audit --no-fund tape@4 && cp -r /tmp/tape/node_modules .",
  outputs: ["node_modules"],
  verify: ["npx tape 'test/*.js'"],
  tests: ["test/**"],
};
const newTest = `var parse = require('../');
var test = require('tape');
test('pollution of a function', function (t) {
  parse(['--_.concat.constructor.prototype.y', '123']);
  t.equal((function () {}).y, undefined);
  t.end();
});
`;

let laboratory: Laboratory;
let folder: string;
let base: string;
const source = () => readFileSync(join(folder, "package", "index.js"), "utf8");
const fixed = () =>
  source()
    .replaceAll("if (key === '__proto__') return;", "if (isConstructorOrProto(o, key)) return;")
    .concat(
      "\nfunction isConstructorOrProto (obj, key) {\n    return key === 'constructor' && typeof obj[key] === 'function' || key === '__proto__';\n}\n",
    );
const check = (change: Record<string, string | null>) =>
  laboratory.matrix({ name: "minimist", base, change, settings });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "aedev-minimist-"));
  execFileSync("npm", ["pack", "--silent", "minimist@1.2.5"], { cwd: folder });
  execFileSync("tar", ["-xzf", "minimist-1.2.5.tgz"], { cwd: folder });
  laboratory = openLaboratory();
  base = laboratory.repository("minimist", join(folder, "package"));
});
afterAll(() => {
  laboratory.close();
  rmSync(folder, { recursive: true, force: true });
});

function failing(cell: TestMatrix["cells"]["old-tests-new-code"]): string[] {
  return cell.commands.flatMap(({ tests }) => tests ?? []).flatMap(({ id, result }) => (result === "fail" ? [id] : []));
}

describe("the test matrix of minimist", () => {
  it("shows the fix of CVE-2021-44906 as failing before and passing after, with all 144 old assertions", async () => {
    const { cells } = await check({ "index.js": fixed(), "test/function.js": newTest });
    expect(cells["old-tests-old-code"].commands[0]).toMatchObject({
      exit_code: 0,
      format: "tap",
      sentinel: "failed-as-it-must",
      incomplete: null,
    });
    expect(cells["old-tests-old-code"].commands[0]?.tests).toHaveLength(144);
    expect(cells["old-tests-new-code"].commands[0]).toMatchObject({ exit_code: 0, incomplete: null });
    expect(failing(cells["new-tests-old-code"])).toEqual(["pollution of a function > should be equal"]);
    expect(failing(cells["new-tests-new-code"])).toEqual([]);
    expect(cells["new-tests-new-code"].commands[0]).toMatchObject({ exit_code: 0, incomplete: null });
  });

  it("shows that each of its 56 tests can fail, on old and new code alike", async () => {
    const result = await laboratory.check({ name: "minimist", base, change: { "index.js": fixed() }, settings });
    const blob = result.outcome === "checked" ? result.manifest.entries.provenness : undefined;
    const text = Buffer.from(laboratory.context.blobs.get(blob?.digest ?? "")).toString("utf8");
    const { proven, unproven, stayed_green } = provennessSchema.parse(JSON.parse(text));
    expect({ proven, unproven, stayed_green }).toEqual({ proven: 56, unproven: [], stayed_green: [] });
  });

  it("catches broken --no- flags by the old test, even though the new one was rewritten to fit", async () => {
    const { cells } = await check({
      "index.js": source().replace("/^--no-.+/.test(arg)", "/^--none-.+/.test(arg)"),
      "test/long.js": readFileSync(join(folder, "package", "test", "long.js"), "utf8"),
      "test/parse.js": readFileSync(join(folder, "package", "test", "parse.js"), "utf8")
        .replaceAll("'--no-meep'", "'--none-meep'")
        .replaceAll("--no-moo", "--none-moo"),
    });
    expect(failing(cells["old-tests-new-code"]).length).toBeGreaterThan(0);
    expect(cells["old-tests-new-code"].commands[0]?.exit_code).toBe(1);
  });

  it.each([
    ["ends the process on import", (code: string) => `process.exit(0);\n${code}`],
    [
      "prints test points of its own",
      (code: string) => `console.log('TAP version 13\\nok 1 forged\\nok 2 forged');\n${code}`,
    ],
  ])("does not trust code that %s", async (_title, forge) => {
    const { cells } = await check({ "index.js": forge(fixed()), "test/function.js": newTest });
    const command = cells["new-tests-new-code"].commands[0];
    expect(command?.incomplete).not.toBeNull();
    const honest = cells["old-tests-old-code"].commands[0];
    expect(honest).toMatchObject({ incomplete: null, sentinel: "failed-as-it-must" });
  });

  it("runs tape's assertions unchanged, even though the code under test tries to replace them", async () => {
    const forge =
      "var tape = require('tape'); tape.Test.prototype._assert = function () { this.emit('result', { ok: true, name: 'forged' }); };\n";
    const { cells } = await check({ "index.js": `${forge}module.exports = function () { return {}; };\n` });
    expect(failing(cells["old-tests-new-code"]).length).toBeGreaterThan(10);
    expect(failing(cells["old-tests-old-code"])).toEqual([]);
  });

  it("lists the names of tests that a change deletes", async () => {
    const { cells } = await check({ "index.js": fixed(), "test/proto.js": null, "test/function.js": newTest });
    const ids = (name: keyof typeof cells) => cells[name].commands[0]?.tests?.map(({ id }) => id) ?? [];
    const gone = ids("old-tests-old-code").filter((id) => !ids("new-tests-new-code").includes(id));
    expect(gone).toContain("proto pollution > should be equal");
    expect(ids("old-tests-new-code")).toContain("proto pollution > should be equal");
  });
});
