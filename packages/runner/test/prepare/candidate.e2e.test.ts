/** A change with its own manifests is prepared separately from every base, so that none of its output is ever unpacked for a base. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { TestMatrix } from "@aedev/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensurePrepared } from "../../src/prepare/prepare.ts";
import { type Files, imageReference, type Laboratory, limits, openLaboratory } from "../checks/laboratory.ts";

/** The prepared output shows from whose manifest, and in which single step, it was made. */
const settings = {
  prepare:
    "mkdir node_modules && cp package.json node_modules/marker && od -An -N8 -tx1 /dev/urandom | tr -d ' ' >node_modules/step",
  outputs: ["node_modules"],
  verify: ["cat node_modules/step node_modules/marker && grep -q clean node_modules/marker"],
  tests: ["test/**"],
};
const manifest = (word: string) => `${JSON.stringify({ name: "app", keywords: [word] })}\n`;
let laboratory: Laboratory;
let base: string;
beforeAll(() => {
  laboratory = openLaboratory();
  base = laboratory.repository("app", { "package.json": manifest("clean"), "a.js": "1\n", "test/a.js": "1\n" });
});
afterAll(() => laboratory.close());

const check = (change: Record<string, string>) => laboratory.matrix({ name: "app", base, change, settings });
function commandOf(cell: TestMatrix["cells"]["old-tests-new-code"]) {
  const [command] = cell.commands;
  if (command === undefined) throw new Error(`no command ran: ${cell.why_not}`);
  const step = /^[0-9a-f]{16}$/m.exec(command.output_tail)?.[0];
  return { exit: command.exit_code, step, says: command.output_tail };
}

describe("a change's own manifests", () => {
  it("are prepared for its own cells alone; the base and later changes never see that output", async () => {
    const poisoned = (await check({ "package.json": manifest("poisoned"), "test/b.js": "1\n" })).cells;
    const [onBase, onChange] = [commandOf(poisoned["old-tests-old-code"]), commandOf(poisoned["new-tests-new-code"])];
    expect(onBase).toMatchObject({ exit: 0, says: expect.stringContaining("clean") });
    expect(onChange).toMatchObject({ exit: 1, says: expect.stringContaining("poisoned") });
    expect(commandOf(poisoned["old-tests-new-code"])).toMatchObject({ exit: 1, step: onChange.step });
    expect(commandOf(poisoned["new-tests-old-code"])).toMatchObject({ exit: 0, step: onBase.step });

    const later = (await check({ "a.js": "2\n", "test/b.js": "2\n" })).cells;
    for (const name of ["new-tests-new-code", "old-tests-new-code", "new-tests-old-code"] as const)
      expect(commandOf(later[name])).toMatchObject({ exit: 0, step: onBase.step });

    // The same change again finds its output in the cache, because the key comes from its bytes.
    const again = (await check({ "package.json": manifest("poisoned"), "test/b.js": "3\n" })).cells;
    expect(commandOf(again["new-tests-new-code"]).step).toBe(onChange.step);
  });

  it("are prepared again once they are a base's, and a change's rc file influences no step", async () => {
    const { context } = laboratory;
    const mirror = join(context.home, "mirrors", "app.git");
    const git = (args: string[], input = "") =>
      execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@localhost", ...args], { cwd: mirror, input })
        .toString()
        .trim();
    const change = { "package.json": manifest("next") };
    const candidate = commandOf((await check(change)).cells["new-tests-new-code"]);
    const blob = git(["hash-object", "-w", "--stdin"], change["package.json"]);
    const tree = git(["mktree"], `100644 blob ${blob}\tpackage.json\n`);
    const landed = git(["commit-tree", tree, "-p", base, "-m", "landed"]);
    const imageId = (await context.docker.image(imageReference, "HOLD-TOOLCHAIN")).id;
    const whole = { ...settings, inputs: [], build: null, image: null };
    const request = { repository: "app", settings: whole, limits, imageId };
    const prepared = await ensurePrepared({ ...request, baseCommit: landed }, context);
    const step = execFileSync("tar", ["-xOf", prepared.archivePath ?? "", "./node_modules/step"])
      .toString()
      .trim();
    expect(step).toMatch(/^[0-9a-f]{16}$/);
    expect(step).not.toBe(candidate.step);
    expect(await ensurePrepared({ ...request, baseCommit: landed }, context)).toEqual(prepared);

    const onBase = commandOf((await check({ "a.js": "4\n" })).cells["new-tests-new-code"]);
    const withRc = commandOf(
      (await check({ ".npmrc": "registry=https://evil.example/\n" })).cells["new-tests-new-code"],
    );
    expect(withRc).toMatchObject({ exit: 0, step: onBase.step });
  });

  it("keep the base's bytes if only test scripts changed", async () => {
    const onBase = commandOf((await check({ "a.js": "5\n" })).cells["new-tests-new-code"]);
    const changed = JSON.stringify({ ...JSON.parse(manifest("clean")), scripts: { test: "true" } }, null, 2);
    const { cells } = await check({ "package.json": changed });
    expect(commandOf(cells["new-tests-new-code"])).toMatchObject({ exit: 0, step: onBase.step });
  });
});

describe("a build", () => {
  const building = {
    prepare:
      "mkdir -p node_modules/runner node_modules/other && echo strict >node_modules/runner/main.js && ln -s runner node_modules/link",
    build:
      "mkdir -p dist node_modules/.cache && date +%N >node_modules/.cache/stamp && for part in src/*.sh; do . $part; done",
    outputs: ["node_modules", "dist"],
    verify: ["grep -q strict node_modules/runner/main.js"],
    tests: ["test/**"],
  };
  const writesOf = async (part: string) => {
    const change = { "src/a.sh": part };
    return (await laboratory.matrix({ name: "built", base: start, change, settings: building })).build_writes;
  };
  let start: string;
  beforeAll(() => {
    start = laboratory.repository("built", {
      "package.json": "{}\n",
      "src/a.sh": "echo 1 >dist/a\n",
      "test/a.js": "1\n",
    });
  });

  it("a build of another run's code, for its independent tests, is no evidence about the change", async () => {
    const alters = { "src/a.sh": "echo 2 >dist/a; echo 1 >node_modules/new.js\n" };
    const adds: Files = {
      "test/two.test.js":
        "require('node:test')('two', () => { if (!require('fs').readFileSync('src/a.sh', 'utf8').includes('2')) throw 1; });\n",
    };
    const result = await laboratory.check({
      ...{ name: "built", base: start, change: { "src/b.sh": "true\n" } },
      settings: { ...building, verify: [...building.verify, "node --test"] },
      independent: { base: start, change: { ...alters, ...adds } },
    });
    if (result.outcome !== "checked") throw new Error(`held: ${JSON.stringify(result)}`);
    const entry = (name: "test-matrix" | "independent-tests") => {
      const digest = result.manifest.entries[name]?.digest ?? "";
      return JSON.parse(Buffer.from(laboratory.context.blobs.get(digest)).toString("utf8"));
    };
    // The other run's own code was built, or the failure would not count. The next test shows that such writes of the change's own build are found.
    expect(entry("independent-tests")).toMatchObject({ failed: ["test/two.test.js > two"] });
    expect(entry("test-matrix")).not.toHaveProperty("build_writes");
  });

  it("a change's build is caught altering, removing or adding fetched files; its own outputs and caches are free", async () => {
    expect(await writesOf("echo 2 >dist/a; echo 2 >node_modules/.cache/other\n")).toBeUndefined();
    expect(
      await writesOf(
        "echo 'strict? no' >node_modules/runner/main.js; rmdir node_modules/other; ln -sfn other node_modules/link; " +
          "mkdir -p node_modules/runner/node_modules/x && echo 1 >node_modules/runner/node_modules/x/index.js; echo 1 >node_modules/new.js\n",
      ),
    ).toEqual([
      "node_modules/link",
      "node_modules/new.js",
      "node_modules/runner/main.js",
      "node_modules/runner/node_modules/",
    ]);
  });
});
