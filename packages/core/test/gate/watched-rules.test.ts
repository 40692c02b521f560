/** Files that decide what the base's tests load or compare with make the gate ask (SECURITY T27, T28). */
import { describe, expect, it } from "vitest";
import { gate } from "../../src/gate/gate.ts";
import { changedFile, honestFix, samplePolicy, watchedNothing } from "./sample-policy.ts";

const fix = honestFix();
const withFile = (path: string, status: "added" | "modified" | "deleted", watched: Partial<typeof watchedNothing>) => {
  const report = fix.pathReport ?? expect.fail("no path report");
  return gate({
    ...fix,
    policy: samplePolicy,
    pathReport: { ...report, files: [...report.files, { ...changedFile(path), status }] },
    watched: { ...watchedNothing, ...watched },
  });
};
const kinds = (answer: ReturnType<typeof gate>) =>
  answer.reasons.flatMap((reason) =>
    typeof reason === "string" || reason.kind === "chance-of-harm" ? [] : [reason.kind],
  );

describe("a change beside the tests", () => {
  it("merges a change outside the tests if the checks were watched and found nothing", () => {
    expect(withFile("lib/other.js", "added", { probed: ["lib/add"] }).answer).toBe("merge");
    expect(withFile("lib/add.js", "modified", { opened: ["lib/add.js"] }).answer).toBe("merge");
  });

  it("asks if the checks were not watched completely", () => {
    expect(kinds(gate({ ...fix, watched: null }))).toEqual(["unwatched"]);
    expect(kinds(gate({ ...fix, watched: { ...watchedNothing, omitted: 1 } }))).toEqual(["unwatched"]);
  });

  it.each([
    ["lib/add", "lib/add"],
    ["lib/add/index.js", "lib/add"],
    ["test/node_modules/tape/index.js", "test/node_modules"],
  ])("asks if a change adds %s where the tests looked for a file", (path, probed) => {
    const answer = withFile(path, "added", { probed: [probed] });
    expect(answer.answer).toBe("ask");
    expect(answer.reasons).toEqual([{ kind: "takeover", path, probed, module: false }]);
  });

  it("asks if a change adds a Python module with the name of a module that the tests load", () => {
    const python = { modules: ["json", "numpy"], module_folders: ["", "src"] };
    for (const path of ["json.py", "src/numpy/__init__.py", "json.cpython-311-x86_64-linux-gnu.so", "json.pyc"])
      expect(kinds(withFile(path, "added", python))).toEqual(["takeover"]);
    for (const path of ["shop/json.py", "src/other.py", "json.txt"])
      expect(withFile(path, "added", python).answer).toBe("merge");
  });

  it("asks if a change adds a Python module that the tests load under the same name from another folder of the repository", () => {
    const opened = ["shop/__init__.py", "shop/cart.py", "rates.py", "test/cases/__init__.py"];
    const python = { modules: ["json"], module_folders: ["", "test"], opened };
    for (const path of ["test/shop/__init__.py", "test/shop.py", "test/rates.so", "test/rates/__init__.pyc"])
      expect(kinds(withFile(path, "added", python)), path).toEqual(["takeover"]);
    // A package wins over a folder without `__init__.py`, in any order.
    const spread = { ...python, opened: ["test/acme/billing.py"] };
    expect(kinds(withFile("acme/__init__.py", "added", spread))).toEqual(["takeover"]);
    // Without `__init__.py`, the tests of a part may be in a folder with its name.
    for (const path of ["test/shop/test_cart.py", "shop/rates.py", "test/other.py", "test/cases/__init__.pyi"])
      expect(withFile(path, "added", python).answer, path).toBe("merge");
    expect(kinds(withFile("test/shop.py", "added", { ...python, opened: ["shop/__init__.py"] }))).toEqual(["takeover"]);
    expect(withFile("test/shop.py", "added", { ...python, module_folders: ["", "lib"] }).answer).toBe("merge");
  });

  it("asks if a change edits or deletes a file that only the tests use", () => {
    const watched = { support: ["data/cases.json"] };
    expect(kinds(withFile("data/cases.json", "modified", watched))).toEqual(["test-support"]);
    expect(kinds(withFile("data/cases.json", "deleted", watched))).toEqual(["test-support"]);
    expect(withFile("data/other.json", "modified", watched).answer).toBe("merge");
  });

  it("asks about a helper of the tests unless the change only adds functions to it", () => {
    const report = fix.pathReport ?? expect.fail("no path report");
    const pathReport = { ...report, files: [...report.files, changedFile("support/assert.js")] };
    const watched = { ...watchedNothing, support: ["support/assert.js"] };
    const testChanges = fix.testChanges ?? expect.fail("no test changes");
    const given = (only_adds_functions: string[]) =>
      gate({ ...fix, policy: samplePolicy, pathReport, watched, testChanges: { ...testChanges, only_adds_functions } });
    expect(kinds(given([]))).toEqual(["test-support"]);
    expect(kinds(given(["support/other.js"]))).toEqual(["test-support"]);
    expect(given(["support/assert.js"]).answer).toBe("merge");
  });

  it("lets new functions of a helper read files as tests may, but no other code", () => {
    const report = fix.pathReport ?? expect.fail("no path report");
    const path = "support/assert.js";
    const pathReport = { ...report, files: [...report.files, changedFile(path)] };
    const testChanges = fix.testChanges ?? expect.fail("no test changes");
    const given = (
      support: string[],
      only_adds_functions: string[],
      kind: "surroundings-used" | "input-special-cased",
    ) => {
      const code_findings = [{ kind, path, line: 1, test: null, text: "import of node:fs" }];
      const watched = { ...watchedNothing, support };
      return kinds(
        gate({
          ...fix,
          policy: samplePolicy,
          pathReport,
          watched,
          testChanges: { ...testChanges, only_adds_functions, code_findings },
        }),
      );
    };
    expect(given([path], [path], "surroundings-used")).toEqual([]);
    expect(given([], [path], "surroundings-used")).toEqual(["test-finding"]);
    expect(given([path], [], "surroundings-used")).toEqual(["test-finding", "test-support"]);
    expect(given([path], [path], "input-special-cased")).toEqual(["test-finding"]);
  });

  it("asks about data of the tests unless the change only adds rows to it", () => {
    const report = fix.pathReport ?? expect.fail("no path report");
    const pathReport = { ...report, files: [...report.files, changedFile("data/cases.json")] };
    const watched = { ...watchedNothing, support: ["data/cases.json"] };
    const testChanges = fix.testChanges ?? expect.fail("no test changes");
    const given = (only_adds_rows: string[]) =>
      gate({ ...fix, policy: samplePolicy, pathReport, watched, testChanges: { ...testChanges, only_adds_rows } });
    expect(kinds(given(["data/other.json"]))).toEqual(["test-support"]);
    expect(given(["data/cases.json"]).answer).toBe("merge");
  });
});

it("does not ask about a helper of tests that only got another name, nor about its name, and asks about both if other code may use it", () => {
  const report = fix.pathReport ?? expect.fail("no path report");
  const paths = ["testing/old.js", "testing/young.js"] as const;
  const asked = (named_by: string | null, support: readonly string[]) =>
    kinds(
      gate({
        ...fix,
        policy: samplePolicy,
        pathReport: {
          ...report,
          files: [
            ...report.files,
            { ...changedFile(paths[0]), status: "deleted" },
            { ...changedFile(paths[1]), status: "added" },
          ],
        },
        watched: { ...watchedNothing, support: [...support] },
        changeKinds: {
          files: paths.map((path) => ({ path, kind: "renamed", named_by })),
          unasked: [{ from: "old", to: "young", path: paths[0] }],
        },
      }),
    );
  expect(asked(null, [paths[0]])).toEqual([]);
  expect(asked("lib/other.js", [paths[0]])).toEqual(["test-support"]);
  expect(asked(null, [])).toEqual(["unasked-renames"]);
});
