import { describe, expect, it } from "vitest";
import { runWithoutEnding } from "../../../src/checks/matrix/ending-files.ts";
import type { UnitResult } from "../../../src/checks/matrix/test-units.ts";

const files = Array.from({ length: 16 }, (_, index) => `test_${index}.py`);
const testOf = (file: string) => `${file} > works`;
const green = [new Set(files.map(testOf))];

/** A scripted runner: it reports nothing if a file of `ending` is altered; otherwise one failure per altered file, except those in `silent`. */
async function tried(ending: readonly string[], { silent = [] as readonly string[], limitAt = Infinity } = {}) {
  const runs: string[][] = [];
  const run = async (paths: ReadonlySet<string>) => {
    runs.push([...paths]);
    const ends = ending.some((file) => paths.has(file));
    const reported = files.filter((file) => !ends && !(paths.has(file) && silent.includes(file)));
    const units = [
      new Map(reported.map((file): [string, UnitResult] => [testOf(file), paths.has(file) ? "red" : "green"])),
    ];
    return { units, reachedLimit: runs.length >= limitAt };
  };
  const { red, left } = await runWithoutEnding(files, { green, run });
  return { red: [...(red[0] ?? [])].sort(), left, runs: runs.length };
}
const without = (...left: string[]) =>
  files
    .filter((file) => !left.includes(file))
    .map(testOf)
    .sort();

describe("the search for files whose altered tests end the run of the others", () => {
  it("takes one run if there are none", async () => {
    expect(await tried([])).toEqual({ red: without(), left: [], runs: 1 });
  });

  it.each(files)("finds the file: %s", async (file) => {
    const found = await tried([file]);
    expect(found).toMatchObject({ red: without(file), left: [file] });
    expect(found.runs).toBeLessThanOrEqual(10);
  });

  it("finds two files that are near each other", async () => {
    expect(await tried(["test_4.py", "test_5.py"])).toMatchObject({
      red: without("test_4.py", "test_5.py"),
      left: ["test_4.py", "test_5.py"],
    });
  });

  it("leaves the files unaltered that fourteen more runs did not reach", async () => {
    const found = await tried(files);
    expect(found.red).toEqual([]);
    expect(found.left).toEqual([...files].sort());
    expect(found.runs).toBeLessThanOrEqual(16);
  });

  it("finds no files that only together end a run", async () => {
    const run = async (paths: ReadonlySet<string>) => {
      const ends = paths.has("test_2.py") && paths.has("test_9.py");
      const units = [
        new Map(
          ends ? [] : files.map((file): [string, UnitResult] => [testOf(file), paths.has(file) ? "red" : "green"]),
        ),
      ];
      return { units, reachedLimit: false };
    };
    const found = await runWithoutEnding(files, { green, run });
    expect(found).toEqual({ red: [new Set()], left: [] });
  });

  it("returns the files, with the tests that fail beside the others alone", async () => {
    // A test that only fails if no other file is altered is not shown to fail.
    const run = async (paths: ReadonlySet<string>) => {
      const isRed = (file: string) => paths.has(file) && (file !== "test_1.py" || !paths.has("test_12.py"));
      const reported = paths.has("test_5.py") ? [] : files;
      const units = [
        new Map(reported.map((file): [string, UnitResult] => [testOf(file), isRed(file) ? "red" : "green"])),
      ];
      return { units, reachedLimit: false };
    };
    expect(await runWithoutEnding(files, { green, run })).toEqual({
      red: [new Set(files.filter((file) => !["test_1.py", "test_5.py"].includes(file)).map(testOf))],
      left: ["test_5.py"],
    });
  });

  it("does not start if only a few results are missing", async () => {
    expect(await tried([], { silent: ["test_3.py"] })).toEqual({ red: without("test_3.py"), left: [], runs: 1 });
  });

  it("starts if many results are missing, and finds the files that alone have none", async () => {
    const silent = ["test_1.py", "test_2.py", "test_3.py"];
    expect(await tried([], { silent })).toMatchObject({ red: without(...silent), left: [] });
  });

  it("does not start for a single file", async () => {
    const [first = ""] = files;
    let runs = 0;
    const found = await runWithoutEnding([first], {
      green: [new Set([testOf(first), "another"])],
      run: async () => {
        runs += 1;
        return { units: [new Map([[testOf(first), "red" as const]])], reachedLimit: false };
      },
    });
    expect({ ...found, runs }).toEqual({ red: [new Set([testOf(first)])], left: [], runs: 1 });
  });

  it("files end a run only if leaving them out shows more tests than before", async () => {
    const reported = files.slice(0, 12);
    const run = async (paths: ReadonlySet<string>) => {
      const units = [
        new Map(reported.map((file): [string, UnitResult] => [testOf(file), paths.has(file) ? "red" : "green"])),
      ];
      return { units, reachedLimit: false };
    };
    expect(await runWithoutEnding(files, { green, run })).toEqual({ red: [new Set(reported.map(testOf))], left: [] });
  });

  it("does not start after a run that a limit ended", async () => {
    expect(await tried(["test_3.py"], { limitAt: 1 })).toEqual({ red: [], left: [], runs: 1 });
  });

  it("stops after a later run that a limit ended", async () => {
    expect(await tried(["test_3.py"], { limitAt: 2 })).toEqual({ red: [], left: [...files].sort(), runs: 3 });
  });

  it("leaves files unaltered only if at least as many tests are then shown to fail", async () => {
    const [one = "", two = "", three = ""] = files;
    const tests = [one, two, three].flatMap((file) =>
      Array.from({ length: file === one ? 10 : 5 }, (_, index) => `${file} > ${index}`),
    );
    const run = async (paths: ReadonlySet<string>) => {
      // Two files report nothing beside an altered first one.
      const reported = tests.filter((test) => test.startsWith(`${one} `) || !paths.has(one));
      const isRed = (test: string) => paths.has(test.split(" ")[0] ?? "");
      return {
        units: [new Map(reported.map((test): [string, UnitResult] => [test, isRed(test) ? "red" : "green"]))],
        reachedLimit: false,
      };
    };
    const { red, left } = await runWithoutEnding([one, two, three], { green: [new Set(tests)], run });
    expect({ red: red[0]?.size, left }).toEqual({ red: 10, left: [one] });
  });
});
