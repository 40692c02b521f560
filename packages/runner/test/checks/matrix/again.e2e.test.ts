/** Cached base results and repeated runs on differences, verified by counting containers. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson, type TestMatrix } from "@aedev/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Files, type Laboratory, openLaboratory } from "../laboratory.ts";

const source = "exports.add = (a, b) => a + b;\n";
const files: Files = {
  "index.js": source,
  "test/add.test.js":
    "const { add } = require('../index.js');\nrequire('node:test').test('adds', () => require('node:assert').strictEqual(add(1, 2), 3));\n",
};
const honest: Files = { "index.js": `// sums\n${source}` };

let laboratory: Laboratory;
let base: string;
/** Number of containers since the last check, and the numbers of those in which an unstable test fails. */
let made = 0;
let badMoods: readonly number[] = [];
beforeAll(() => {
  laboratory = openLaboratory();
  const { docker } = laboratory.context;
  laboratory.context.docker = {
    ...docker,
    create(spec) {
      made += 1;
      const mood = badMoods.includes(made) ? "bad" : "good";
      return docker.create({ ...spec, environment: { ...spec.environment, MOOD: mood } });
    },
  };
  base = laboratory.repository("adder", files);
});
afterAll(() => laboratory.close());

interface Checked {
  cells: TestMatrix["cells"];
  containers: number;
}
async function check(change: Files, more: { base?: string; name?: string; verify?: string[] } = {}): Promise<Checked> {
  made = 0;
  const { name = "adder", verify = ["node --test"] } = more;
  const { cells } = await laboratory.matrix({
    name,
    base: more.base ?? base,
    change,
    settings: { verify, tests: ["test/**"] },
  });
  return { cells, containers: made };
}
const kept = () => readdirSync(join(laboratory.home, "checked"));

describe("the second change on one base", () => {
  it("runs none of the base's tests, and all of them if image, command or base differs", async () => {
    const first = await check(honest);
    // Each side runs plain, with sentinels, and with altered expectations; then calls are recorded and repeated.
    expect(first.containers).toBe(8);
    expect(first.cells["old-tests-old-code"].cached).toBeNull();
    const second = await check({ "index.js": `// more sums\n${source}` });
    expect(second.containers).toBe(5);
    const [key] = kept();
    expect(`${second.cells["old-tests-old-code"].cached}.json`).toBe(key);
    expect(second.cells["old-tests-new-code"].cached).toBeNull();
    expect(second.cells["old-tests-old-code"].commands).toEqual(first.cells["old-tests-old-code"].commands);
    expect(second.cells["new-tests-new-code"].commands[0]).toMatchObject({ sentinel: "failed-as-it-must", runs: 1 });

    expect((await check(honest, { verify: ["node --test --test-concurrency=1"] })).containers).toBe(8);
    const other = laboratory.repository("other", { ...files, "README.md": "Sums.\n" });
    expect((await check(honest, { name: "other", base: other })).containers).toBe(8);
    expect(kept()).toHaveLength(3);
  });

  it("trusts no cache entry that was tampered with, runs the base again and replaces the entry", async () => {
    const path = join(laboratory.home, "checked", `${(await check(honest)).cells["old-tests-old-code"].cached}.json`);
    const good = readFileSync(path, "utf8");
    writeFileSync(path, good.replace('"result":"pass"', '"result":"fail"'));
    const again = await check(honest);
    expect(again.containers).toBe(8);
    expect(again.cells["old-tests-old-code"].commands[0]?.tests).toEqual([
      { id: "test/add.test.js > adds", result: "pass" },
    ]);
    expect((await check(honest)).containers).toBe(5);
  });

  it("stores nothing of a change, whose code can't influence the next base's result", async () => {
    const forge = `console.log('forged'); process.on('exit', () => { process.exitCode = 0; });\n${source}`;
    await check({ "index.js": forge });
    const { cells } = await check(honest);
    expect(JSON.stringify(cells["old-tests-old-code"])).not.toContain("forged");
    expect(cells["old-tests-old-code"].commands[0]).toMatchObject({ exit_code: 0, incomplete: null });
  });
});

describe("a result that differs from the base's", () => {
  it("is repeated once, and the base too, if it fails each time; the next change on this base needs no repetition", async () => {
    const red = await check({ "index.js": "exports.add = () => 0;\n" });
    const [command] = red.cells["old-tests-new-code"].commands;
    expect(command).toMatchObject({ exit_code: 1, runs: 2, exit_codes: [1, 1] });
    expect(command?.tests).toEqual([{ id: "test/add.test.js > adds", result: "fail" }]);
    // Two passes of the candidate, its second run, and the base's.
    expect(red.containers).toBe(4);
    const next = await check({ "index.js": "exports.add = () => 1;\n" });
    expect(next.containers).toBe(3);
    expect(next.cells["old-tests-old-code"].commands[0]).toMatchObject({ runs: 2, exit_codes: [0, 0] });
    expect((await check(honest)).containers).toBe(5);
  });

  it("does not count if the cached base result is old and a test has started to fail there since", async () => {
    const late =
      "require('node:test').test('late', () => { if (process.env.MOOD === 'bad') throw new Error('late'); });\n";
    const expiring = laboratory.repository("expiring", { ...files, "test/late.test.js": late });
    const how = { name: "expiring", base: expiring };
    const { cells } = await check({ "index.js": "exports.add = () => 0;\n" }, how);
    const path = join(
      laboratory.home,
      "checked",
      `${(await check(honest, how)).cells["old-tests-old-code"].cached}.json`,
    );
    expect(cells["old-tests-old-code"].commands[0]).toMatchObject({ runs: 2, exit_codes: [0, 0] });
    const { digest: _digest, schema, ...entry } = JSON.parse(readFileSync(path, "utf8"));
    const aged = { ...entry, kept_at: entry.kept_at - 86_400_000 };
    const { sha256 } = laboratory.context;
    writeFileSync(path, canonicalJson({ ...aged, schema, digest: sha256(canonicalJson(aged)) }));
    badMoods = Array.from({ length: 20 }, (_, index) => index + 1);
    const after = await check(honest, how);
    badMoods = [];
    expect(after.cells["old-tests-old-code"].commands[0]?.tests).toContainEqual({
      id: "test/late.test.js > late",
      result: "flaky",
      failed: expect.any(Number),
    });
  });

  const mood = "process.env.MOOD === 'bad'";

  it("is newly flaky if only the candidate's runs disagree; the base then runs ten times without a failure", async () => {
    badMoods = [1];
    const { cells, containers } = await check({
      "index.js": `${source}if (${mood}) exports.add = () => 0;\n`,
    });
    badMoods = [];
    expect(cells["old-tests-new-code"].commands[0]).toMatchObject({
      tests: [{ id: "test/add.test.js > adds", result: "flaky" }],
      exit_code: 0,
      exit_codes: [1, 0],
    });
    expect(cells["old-tests-old-code"].commands[0]).toMatchObject({
      tests: [{ id: "test/add.test.js > adds", result: "pass" }],
      runs: 10,
    });
    // Two passes, two more because the second passed, eight further runs of the base, and two for its calls.
    expect(containers).toBe(14);
    // The next change on this base needs none of these.
    expect((await check(honest)).containers).toBe(5);
  });

  it.each<[string, number[], string, unknown]>([
    ["red in both of the candidate's runs", [3, 5, 6], "both", [1, 1, 0, 0, 0]],
    ["red in one of the candidate's runs", [3, 8], "one", [1, 0, 0, 0]],
  ])(
    "is flaky if the base's own runs disagree; both run until their rates can be compared: %s",
    async (title, moods, name, exits) => {
      const moody = `require('node:test').test('moody', () => { if (${mood}) throw new Error('moody'); });\n`;
      const content = { ...files, "README.md": `${title}\n`, "test/moody.test.js": moody };
      const unsteady = laboratory.repository(`moody-${name}`, content);
      badMoods = moods;
      const { cells } = await check(honest, { name: `moody-${name}`, base: unsteady });
      badMoods = [];
      const [before] = cells["old-tests-old-code"].commands;
      expect(before).toMatchObject({ runs: 10, passes: 11 });
      expect(before?.exit_code).toBe(0);
      expect(before?.tests).toContainEqual({ id: "test/moody.test.js > moody", result: "flaky", failed: 1 });
      expect(before?.tests).toContainEqual({ id: "test/add.test.js > adds", result: "pass" });
      expect(cells["old-tests-new-code"].commands[0]?.exit_codes).toEqual(exits);
    },
  );
});
