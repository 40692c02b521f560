import { describe, expect, it } from "vitest";
import type { Runner } from "../../../src/checks/command/runner.ts";
import { runners } from "../../../src/checks/command/runners.ts";
import { expectedFiles, readSentinels } from "../../../src/checks/command/sentinel.ts";

const pytest = runners.find(({ name }) => name === "pytest");
if (pytest === undefined) throw new Error("no runner");
const nonce = "n0nce";
const placed = new Map([
  ["tests/test_a.py", { name: `a_${nonce}`, isConditional: false }],
  ["tests/test_gis.py", { name: `gis_${nonce}`, isConditional: false }],
]);
const failing = Array.from({ length: pytest.sentinel?.assertions ?? 0 }, (_, at) => ({
  id: `tests/test_a.py > pytest > tests.test_a > test_a_${nonce}_${at}`,
  result: "fail" as const,
}));
const gis = "tests/test_gis.py > pytest";
const sentinel = (id: string) => ({ id, result: "skip" as const });
const skipped = [
  sentinel(`${gis} > tests.test_gis > test_gis_${nonce}`),
  sentinel(`${gis} > tests.test_gis.Testgis_${nonce} > test_it`),
  { id: `${gis} > tests.test_gis > test_buffer`, result: "skip" as const },
  { id: `${gis} > tests.test_gis.TestArea > test_area`, result: "skip" as const },
  { id: "tests/test_gis_other.py > pytest > tests.test_gis_other > test_other", result: "pass" as const },
];
const read = (
  tests: Parameters<typeof readSentinels>[0],
  expected: readonly string[] | null = [...placed.keys()],
  { reachedBefore = null, runner = pytest }: { reachedBefore?: ReadonlySet<string> | null; runner?: Runner } = {},
) => readSentinels([...failing, ...tests], { placed, nonce, runner, expected, reachedBefore });

describe("a test file that the command does not name", () => {
  it("may report no sentinel, even if the change rewrote it", () => {
    const files = new Map(["test/a.js", "test/b.js"].map((path) => [path, { name: path, isConditional: false }]));
    const reached = new Set(["test/a.js"]);
    const known = { isUnchanged: () => false, plain: [] };
    const selects = (path: string) => path === "test/a.js";
    expect(expectedFiles(files, reached, { ...known, selects })).toEqual(["test/a.js"]);
    expect(expectedFiles(files, reached, known)).toEqual(["test/a.js", "test/b.js"]);
    // A file reported on the base stays expected, whichever files the command seems to name.
    expect(expectedFiles(files, reached, { ...known, selects: () => false })).toEqual(["test/a.js"]);
  });
});

describe("a test file that skips all of its tests", () => {
  it("does not make the other files' results untrusted", () => {
    expect(read(skipped)).toMatchObject({ state: "failed-as-it-must", problem: null });
    expect(read(skipped, null).reached).toEqual(new Set(["tests/test_a.py"]));
  });

  it("does not either in a report of a new pytest, which names one more suite", () => {
    const named = <T extends { id: string }>(one: T) => ({
      ...one,
      id: one.id.replace(" > pytest >", " > pytest tests > pytest >"),
    });
    expect(
      readSentinels([...failing, ...skipped].map(named), {
        placed,
        nonce,
        runner: pytest,
        expected: null,
        reachedBefore: null,
      }),
    ).toMatchObject({ state: "failed-as-it-must" });
    const forged = { id: `${gis} > tests.test_gis > test_forged`, result: "pass" as const };
    expect(
      readSentinels([...failing, ...skipped, forged].map(named), {
        placed,
        nonce,
        runner: pytest,
        expected: null,
        reachedBefore: null,
      }).state,
    ).toBe("reported-passing");
  });

  it.each([
    ["one of its tests passes", { id: `${gis} > tests.test_gis > test_forged`, result: "pass" as const }],
    ["one in a class of it passes", { id: `${gis} > tests.test_gis.TestX > test_forged`, result: "pass" as const }],
    [
      "a decorated one that names another file passes",
      { id: "tests/deco.py > pytest > tests.test_gis > test_forged", result: "pass" as const },
    ],
    ["one fails", { id: `${gis} > tests.test_gis > test_real`, result: "fail" as const }],
    ["its sentinel passes too", { id: `${gis} > tests.test_gis > test_gis_${nonce}#2`, result: "pass" as const }],
  ])("is distrusted if %s", (_title, test) => {
    expect(read([...skipped, test])).toMatchObject({ state: "reported-passing" });
  });

  it("is distrusted if its sentinel failed on the base, because the change made it skip", () => {
    const reachedBefore = new Set(["tests/test_a.py", "tests/test_gis.py"]);
    expect(read(skipped, undefined, { reachedBefore })).toMatchObject({ state: "reported-passing" });
    expect(read(skipped, undefined, { reachedBefore: new Set(["tests/test_a.py"]) }).problem).toBeNull();
  });

  it("is distrusted in any other runner's report, whose names don't show enough", () => {
    expect(read(skipped, undefined, { runner: { ...pytest, name: "mocha" } })).toMatchObject({
      state: "reported-passing",
    });
  });

  it("is distrusted if its sentinel's name does not show which tests are the file's", () => {
    expect(read([sentinel(`gis_${nonce}`)]).state).toBe("reported-passing");
    expect(read([]).state).toBe("not-reported");
  });
});

describe("a test file in which every test has a skipped variant", () => {
  const at = "tests/test_gis.py > pytest > tests.test_gis >";
  const assertions = pytest.sentinel?.assertions ?? 0;
  const variant = (parameter: string, result: "fail" | "skip") =>
    Array.from({ length: assertions }, (_, index) => ({
      id: `${at} test_gis_${nonce}_${index}[${parameter}]`,
      result,
    }));
  const both = [
    ...variant("native", "fail"),
    ...variant("None", "skip"),
    { id: `${at} test_area[native-1]`, result: "pass" as const },
    { id: `${at} test_area[None-1]`, result: "skip" as const },
  ];

  it("does not make the other files' results untrusted, and counts as reached", () => {
    expect(read(both)).toMatchObject({ state: "failed-as-it-must", problem: null });
    expect(read(both).reached).toEqual(new Set(["tests/test_a.py", "tests/test_gis.py"]));
  });

  it.each([
    [
      "a decorated test that names another file passes with it",
      [...both, { id: "tests/deco.py > pytest > tests.test_gis > test_x[None]", result: "pass" }],
    ],
    ["a test that is repeated passes with it", [...both, { id: `${at} test_x[None]#2`, result: "pass" }]],
    ["a test with parameters of its own passes with it", [...both, { id: `${at} test_x[a-None-b]`, result: "pass" }]],
    [
      "a test whose parameters pytest numbered passes with it",
      [...both, { id: `${at} test_x[None0]`, result: "pass" }],
    ],
    ["one of its tests with the skipped parameter passes", [...both, { id: `${at} test_x[1-None]`, result: "pass" }]],
    [
      "one of its sentinels ran with the skipped parameter",
      [...both, { id: `${at} test_gis_${nonce}[None]`, result: "fail" }],
    ],
    ["a sentinel without a parameter is skipped", [...both, { id: `${at} test_gis_${nonce}_0`, result: "skip" }]],
    ["a sentinel passes", [...both, { id: `${at} test_gis_${nonce}_9[native]`, result: "pass" }]],
  ] as const)("is distrusted if %s", (_title, tests) => {
    expect(read([...tests]).state).toBe("reported-passing");
  });

  it("may have the variant numbered beside others", () => {
    const numbered = [
      ...variant("mod0", "fail"),
      ...variant("mod1", "skip"),
      { id: `${at} test_area[1-mod0]`, result: "pass" as const },
    ];
    expect(read(numbered)).toMatchObject({ state: "failed-as-it-must", problem: null });
    expect(read([...numbered, { id: `${at} test_x[mod1-2]`, result: "pass" }]).state).toBe("reported-passing");
  });

  it("is distrusted if no variant ran, even if the base reached the file", () => {
    const reachedBefore = new Set(["tests/test_gis.py"]);
    expect(read(variant("None", "skip"), undefined, { reachedBefore }).problem).not.toBeNull();
  });
});

describe("the files whose sentinel a later cell must report", () => {
  const files = new Map(
    ["tests/test_a.py", "tests/test_optional.py", "other/x.py"].map((path) => [
      path,
      { name: path, isConditional: false },
    ]),
  );
  const reached = new Set(["tests/test_a.py"]);
  const passed = (path: string) => ({ id: `${path} > pytest > m > test_it`, result: "pass" as const });
  const plain = [passed("tests/test_a.py")];

  it("include those reported on the base, changed or not", () => {
    expect(expectedFiles(files, reached, { isUnchanged: () => true, plain })).toEqual(["tests/test_a.py"]);
    const isUnchanged = (path: string) => path !== "tests/test_a.py";
    expect(expectedFiles(files, reached, { isUnchanged, plain })).toEqual(["tests/test_a.py"]);
  });

  it("include new and changed files beside them, but not an unchanged file that was silent on the base", () => {
    const isUnchanged = (path: string) => path !== "tests/test_optional.py";
    expect(expectedFiles(files, reached, { isUnchanged, plain })).toEqual([
      "tests/test_a.py",
      "tests/test_optional.py",
    ]);
  });

  it("include an unchanged file if results of it count, or if names of results don't show files", () => {
    const both = ["tests/test_a.py", "tests/test_optional.py"];
    const speaking = [...plain, passed("tests/test_optional.py")];
    expect(expectedFiles(files, reached, { isUnchanged: () => true, plain: speaking })).toEqual(both);
    const skipping = [...plain, { ...passed("tests/test_optional.py"), result: "skip" as const }];
    expect(expectedFiles(files, reached, { isUnchanged: () => true, plain: skipping })).toEqual(["tests/test_a.py"]);
    const nameless = [{ id: "adds", result: "pass" as const }];
    expect(expectedFiles(files, reached, { isUnchanged: () => true, plain: nameless })).toEqual(both);
  });

  it("exclude an unchanged file that a build constraint left out on the base, whatever names of results show", () => {
    const go = new Map(
      ["wrap_test.go", "wrap1.18_test.go"].map((path) => [path, { name: path, isConditional: path.includes("1.18") }]),
    );
    const seen = new Set(["wrap_test.go"]);
    const results = [{ id: "example.com/wrap > TestWrap", result: "pass" as const }];
    expect(expectedFiles(go, seen, { isUnchanged: () => true, plain: results })).toEqual(["wrap_test.go"]);
    expect(expectedFiles(go, seen, { isUnchanged: () => false, plain: results })).toEqual([...go.keys()]);
    expect(expectedFiles(go, new Set(go.keys()), { isUnchanged: () => true, plain: results })).toEqual([...go.keys()]);
  });

  it.each([
    ["a_test.go", "//go:build !go1.19\n\npackage a\n", true],
    ["a_test.go", "// A note.\n\n// +build !linux\n\npackage a\n", true],
    ["a_windows_test.go", "package a\n", true],
    ["a_test.go", "package a\n\n//go:build ignore\n", false],
    ["windows_test.go", "package a\n", false],
  ])("take the build constraint of a Go file into account: %s %j", (path, content, expected) => {
    expect(runners.find(({ name }) => name === "go")?.isConditional?.(path, content)).toBe(expected);
  });

  it("are all files if the base reported none", () => {
    expect(expectedFiles(files, new Set(), { isUnchanged: () => true, plain })).toEqual([...files.keys()]);
  });
});

describe("the files of another command", () => {
  const placed = new Map(
    ["packages/a/a.test.js", "packages/b/b.test.js"].map((path, at) => [
      path,
      { name: `t${at}_${nonce}`, isConditional: false },
    ]),
  );
  const isUnchanged = () => false;
  const folder = "packages/a";
  const passed = (path: string) => ({ id: `${path} > adds`, result: "pass" as const });

  it("files of another command are not expected from one that ran no test on the base, unlike those of its own folder", () => {
    expect(expectedFiles(placed, new Set(), { isUnchanged, plain: [], folder })).toEqual(["packages/a/a.test.js"]);
    expect(expectedFiles(placed, new Set(), { isUnchanged, plain: [], folder: "packages/c" })).toEqual([]);
  });

  it("are expected from a command that ran them on the base", () => {
    const reached = new Set(["packages/b/b.test.js"]);
    expect(expectedFiles(placed, reached, { isUnchanged, plain: [], folder })).toEqual([...reached]);
  });

  it("are not expected beside a command's own if the other command ran them and this one reports none of their tests", () => {
    const both = new Map(["a.spec.js", "b.test.js"].map((path) => [path, { name: path, isConditional: false }]));
    const reached = new Set(["a.spec.js"]);
    const others = new Set(["b.test.js"]);
    const plain = [passed("a.spec.js")];
    expect(expectedFiles(both, reached, { isUnchanged, plain, others })).toEqual(["a.spec.js"]);
    expect(expectedFiles(both, reached, { isUnchanged, plain })).toEqual([...both.keys()]);
    const forged = [...plain, passed("b.test.js")];
    expect(expectedFiles(both, reached, { isUnchanged, plain: forged, others })).toEqual([...both.keys()]);
    const nameless = [{ id: "adds", result: "pass" as const }];
    expect(expectedFiles(both, reached, { isUnchanged, plain: nameless, others })).toEqual([...both.keys()]);
    expect(expectedFiles(both, new Set(), { isUnchanged, plain: [], others })).toEqual(["a.spec.js"]);
  });

  it("are recognized by the names that a command in a folder gives to its files", () => {
    const near = new Map(
      ["packages/a/a.test.js", "packages/a/c.test.js"].map((path) => [path, { name: path, isConditional: false }]),
    );
    const reached = new Set(["packages/a/a.test.js"]);
    const known = { isUnchanged: () => true, folder };
    expect(expectedFiles(near, reached, { ...known, plain: [passed("a.test.js")] })).toEqual([...reached]);
    const both = [passed("a.test.js"), passed("c.test.js")];
    expect(expectedFiles(near, reached, { ...known, plain: both })).toEqual([...near.keys()]);
  });

  it("leave a command of an empty folder without sentinels, and one whose own file is silent unproven", () => {
    const known = { placed, nonce, runner: pytest, expected: null, reachedBefore: null };
    expect(readSentinels([], { ...known, folder: "packages/c" })).toMatchObject({ state: "none", problem: null });
    expect(readSentinels([], { ...known, folder })).toMatchObject({ state: "not-reported" });
  });
});

it("let pytest in a folder skip a whole module, but not a part of it", () => {
  const name = `t_${nonce}`;
  const placed = new Map([["py/test_gis.py", { name, isConditional: false }]]);
  const results = [`test_${name}`, "test_buffer"].map((test) => sentinel(`test_gis.py > pytest > test_gis > ${test}`));
  const known = { placed, nonce, runner: pytest, expected: ["py/test_gis.py"], reachedBefore: null, folder: "py" };
  expect(readSentinels(results, known)).toMatchObject({ state: "failed-as-it-must" });
  const ran = { id: "test_gis.py > pytest > test_gis > test_area", result: "pass" as const };
  expect(readSentinels([...results, ran], known)).toMatchObject({ state: "reported-passing" });
});
