/** Derives test changes for a bundle in a separate process: the files, moves and renames, and texts designed to break a reader. */
import { testChangesSchema } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import { isNight } from "../../../../../test/support/is-night.ts";
import { type Job, readChanges } from "../../../src/findings/test-diff/read-changes.ts";
import { type ChangedText, deriveTestChanges } from "../../../src/findings/test-diff/test-changes.ts";

const tape =
  "var test = require('tape');\ntest('a', function (t) {\n  t.equal(f(1), 1);\n  t.deepEqual(g([2]), []);\n  t.end();\n});\n";
const second = "test('b', function (t) {\n  t.equal(f(3), 3);\n  t.end();\n});\n";

interface Change {
  readonly renames?: readonly { from: string; to: string }[];
  readonly unchanged?: Readonly<Record<string, string>>;
}
const derive = async (files: readonly ChangedText[], { renames = [], unchanged = {} }: Change = {}) =>
  testChangesSchema.parse(
    await deriveTestChanges({
      files,
      tests: ["test/**"],
      renames,
      readUnchangedTests: async () => ({ texts: new Map(Object.entries(unchanged)), areAll: true }),
    }),
  );
const modified = (path: string, before: string | null, after: string | null): ChangedText => ({
  path,
  status: "modified",
  before,
  after,
});
const added = (path: string, after: string): ChangedText => ({ path, status: "added", before: null, after });
const deleted = (path: string, before: string): ChangedText => ({ path, status: "deleted", before, after: null });
const kinds = (file: { findings: readonly { kind: string }[] } | undefined) => file?.findings.map(({ kind }) => kind);

describe("a helper of the tests", () => {
  const shared = "export * from './more.js';\nexport const cart = () => [];\n";
  const more = "export function full() {\n  return [1];\n}\n";
  const longer = modified("test/helpers.js", shared, shared + more);
  const isShared = async (files: readonly ChangedText[], change: Change = {}) =>
    (await derive(files, change)).files[0]?.support_changed;

  it("a test helper counts as changed unless it only gets a function that no test of the base names", async () => {
    const unchanged = { "test/a.js": "import { cart } from './helpers.js';\n" };
    expect(await isShared([longer], { unchanged })).toBe(false);
    const other = modified("test/helpers.js", shared, shared.replace("[]", "[2]") + more);
    expect(await isShared([other], { unchanged })).toBe(true);
    expect(await isShared([longer], { unchanged: { "test/a.js": "import { full } from './helpers.js';\n" } })).toBe(
      true,
    );
    const own = modified("test/b.js", "import { full } from './helpers.js';\nfull();\n", "cart();\n");
    expect(await isShared([longer, own])).toBe(true);
  });

  it("a test helper counts as changed if not all tests of the base could be read", async () => {
    const given = { files: [longer], tests: ["test/**"], renames: [] };
    for (const areAll of [true, false]) {
      const { files } = await deriveTestChanges({
        ...given,
        readUnchangedTests: async () => ({ texts: new Map(), areAll }),
      });
      expect(files[0]?.support_changed).toBe(!areAll);
    }
  });

  it("a data file of the tests counts as changed unless it only gets rows", async () => {
    const [one, two, other] = ['[{ "a": 1 }]', '[{ "a": 1 }, { "a": 2 }]', '[{ "a": 2 }]'];
    expect(await isShared([modified("test/cases.json", one, two)])).toBe(false);
    expect(await isShared([modified("test/cases.json", one, other)])).toBe(true);
    expect((await derive([modified("data/cases.json", one, two)])).only_adds_rows).toEqual(["data/cases.json"]);
    expect((await derive([modified("data/cases.json", one, other)])).only_adds_rows).toEqual([]);
  });
});

describe("which files", () => {
  it("lists only files that match the patterns of tests, with counts, tests and the reader", async () => {
    const fewer = tape.replace("  t.deepEqual(g([2]), []);\n", "");
    const { files } = await derive([
      modified("test/a.js", tape, fewer),
      deleted("test/b.js", tape),
      modified("index.js", tape, fewer),
      added("test/c.js", second),
      modified(
        "test/d_test.go",
        "func TestA(t *testing.T) {\n}\n",
        "func TestA(t *testing.T) {\n}\n\nfunc TestB(t *testing.T) {\n}\n",
      ),
      modified("test/data.json", "1", "2"),
    ]);
    expect(files).toMatchObject([
      {
        path: "test/a.js",
        parser: "javascript",
        assertions_before: 2,
        assertions_after: 1,
        changed_tests: ["a"],
        findings: [{ kind: "assertion-removed", test: "a", line: 4 }],
      },
      {
        path: "test/b.js",
        parser: "javascript",
        assertions_before: 2,
        assertions_after: 0,
        findings: [{ kind: "test-removed", test: "a" }],
      },
      { path: "test/c.js", parser: "javascript", added_tests: ["b"], findings: [], support_changed: false },
      { path: "test/d_test.go", parser: "lines", findings: [], support_changed: false },
      { path: "test/data.json", parser: "lines", support_changed: true },
    ]);
  });

  it("a change of code that tests share is reported, and a changed comment is not", async () => {
    const helper = "exports.f = (x) => x;\n";
    const { files } = await derive([
      modified("test/help.js", helper, "exports.f = () => 1;\n"),
      modified("test/more.js", helper, `// c\n${helper}`),
    ]);
    expect(files.map(({ support_changed }) => support_changed)).toEqual([true, false]);
  });

  it("finds stored results even if no pattern of tests matches them", async () => {
    const stored = "exports[`a 1`] = `1`;\n";
    const { files, settings } = await derive([
      modified("src/__snapshots__/a.snap", stored, stored.replace("`1`;", "`2`;")),
      modified("vitest.config.ts", "a", "b"),
    ]);
    expect(files).toMatchObject([
      { path: "src/__snapshots__/a.snap", findings: [{ kind: "snapshot-rewritten", test: "a 1" }] },
    ]);
    expect(settings).toEqual([
      { path: "vitest.config.ts", kind: "runner" },
      { path: "src/__snapshots__/a.snap", kind: "snapshot" },
    ]);
  });

  it("keeps the files that lost most if it has to cut", async () => {
    const many = Array.from({ length: 2001 }, (_, index) =>
      modified(`test/${index}.go`, index === 2000 ? "package a\n\nfunc TestA(t *testing.T) { t.Error(1) }\n" : "", ""),
    );
    expect((await derive(many)).files[0]?.path).toBe("test/2000.go");
  });
});

describe("what tests share", () => {
  const shared = `import { make, spare } from '../index.js';
export function check(a, b) { if (a !== b) throw new Error('differs'); }
function behaves(create) {
  it('works', () => { expect(create(1)).toBe(1); });
}
describe('things', () => {
  behaves(() => make());
});
it('stays', () => { expect(make(1)).toBe(1); });
`;
  const more = "it('more', () => { expect(make(2)).toBe(2); });\n";

  it.each<[string, string, string]>([
    ["a helper for other files", "a !== b", "a != null"],
    ["the things that are put to shared tests", "() => make()", "() => (value) => value"],
  ])("reports a change of code that tests share next to a new test: %s", async (_title, from, to) => {
    expect(shared).toContain(from);
    const { files } = await derive([modified("test/a.js", shared, shared.replace(from, to) + more)]);
    expect(files[0]).toMatchObject({
      added_tests: ["more"],
      changed_tests: [],
      support_changed: true,
      support_lost: true,
    });
    const honest = shared.replace("make, spare", "make, other") + more;
    const twin = await derive([modified("test/a.js", shared, `const own = 1;\n${honest}`)]);
    expect(twin.files[0]).toMatchObject({
      added_tests: ["more"],
      changed_tests: [],
      support_changed: false,
      support_lost: false,
    });
  });
});

it("a helper's new import of Python may not be a module of the change, which would be loaded", async () => {
  const before = "from shop import cart\n\ndef same(a, b):\n    assert a == b\n";
  const after = `${before.replace("cart", "cart, total")}\ndef less(a):\n    return total(a)\n`;
  const helper = modified("test/helpers.py", before, after);
  const honest = await derive([helper, modified("shop/sums.py", "a = 1\n", "a = 2\n")]);
  expect(honest.files).toMatchObject([{ support_changed: false }]);
  const loaded = await derive([helper, added("shop/total.py", "a = 2\n")]);
  expect(loaded.files).toMatchObject([{ support_changed: true }]);
});

describe("tests among the code of Rust", () => {
  const code = (body: string) => `pub fn add(a: i32, b: i32) -> i32 {\n    ${body}\n}\n`;
  const inline = (wanted: string, more = "") =>
    `\n#[cfg(test)]\nmod tests {\n    use super::*;\n\n    #[test]\n    fn adds() {\n        assert_eq!(add(1, 2), ${wanted});\n    }\n${more}}\n`;
  const one = "\n    #[test]\n    fn more() {\n        assert_eq!(add(5, -3), 2);\n    }\n";
  const base = code("a + b.abs()") + inline("3");

  it.each<[string, string, object | null]>([
    ["the code alone", code("a + b") + inline("3"), null],
    ["a new test", code("a + b") + inline("3", one), { support_changed: false, assertions_after: 2 }],
    ["another expectation", code("a - b") + inline("-1"), { changed_tests: ["tests::adds"], support_changed: false }],
    ["another expectation beside a new test", code("a - b") + inline("-1", one), { changed_tests: ["tests::adds"] }],
    [
      "other equality for tests",
      code("a - b") + inline("3", "    impl PartialEq<Sum> for i32 {}\n"),
      { changed_tests: [], support_changed: true },
    ],
    ["a test less", code("a - b"), { assertions_before: 1, assertions_after: 0 }],
    [
      "an ignored test",
      base.replace("    #[test]", "    #[ignore]\n    #[test]"),
      { findings: [{ kind: "skip-added" }] },
    ],
    ["code behind the tests", `${base}\npub fn sub() {}\n`, null],
  ])("reads tests among the code of Rust apart from it: %s", async (_title, after, expected) => {
    const { files } = await derive([modified("src/lib.rs", base, after)]);
    if (expected === null) expect(files).toEqual([]);
    else expect(files).toMatchObject([{ path: "src/lib.rs", parser: "lines", among_code: true, ...expected }]);
  });
});

describe("tests in a new file of Rust's code", () => {
  const file = (more: string) => `pub fn f() {}\n\n#[cfg(test)]\nmod tests {\n    use super::*;\n${more}}\n`;
  const test = "    #[test]\n    fn adds() {\n        assert_eq!(f(), ());\n    }\n";

  it("tests in a new file of Rust's code are new unless they give methods to a type of the code", async () => {
    const { files } = await derive([added("src/sums.rs", file(test))]);
    expect(files).toMatchObject([{ status: "added", among_code: true, assertions_after: 1, support_changed: false }]);
    const lenient = await derive([added("src/sums.rs", file(`${test}    impl PartialEq<Sum> for Other {}\n`))]);
    expect(lenient.files).toMatchObject([{ support_changed: true }]);
  });
});

describe("moved tests", () => {
  it("tests of a renamed file are neither removed nor new, and are compared if it also changed", async () => {
    const renames = [{ from: "test/a.js", to: "test/b.js" }];
    const same = await derive([deleted("test/a.js", tape), added("test/b.js", tape)], { renames });
    expect(same.files.map(kinds)).toEqual([[], []]);
    expect(same.files[1]).toMatchObject({
      added_tests: [],
      changed_tests: [],
      assertions_after: 2,
      moved_tests: ["a"],
    });
    const back = await derive([added("test/a.js", tape), deleted("test/b.js", tape)], {
      renames: [{ from: "test/b.js", to: "test/a.js" }],
    });
    expect(back.files).toMatchObject([{ findings: [] }, { findings: [], assertions_before: 2 }]);
    const weaker = tape.replace("t.equal(f(1), 1)", "t.ok(f(1))");
    const changed = await derive([deleted("test/a.js", tape), added("test/b.js", weaker)], { renames });
    expect(changed.files[1]).toMatchObject({ changed_tests: ["a"], findings: [{ kind: "assertion-weakened" }] });
    expect(changed.files[1]?.moved_tests).toEqual(["a"]);
  });

  it("tests that moved to another file word for word are not removed, and changed ones are", async () => {
    const files = (text: string) => [
      modified("test/a.js", tape + second, tape),
      modified("test/c.js", "var test = require('tape');\n", `var test = require('tape');\n${text}`),
    ];
    const moved = await derive(files(second));
    expect(moved.files.map(kinds)).toEqual([[], []]);
    expect(moved.files[0]).toMatchObject({
      assertions_before: 3,
      assertions_after: 2,
      moved_assertions: 1,
      moved_tests: ["b"],
    });
    const other = await derive(files(second.replace("equal", "notEqual")));
    expect(kinds(other.files[0])).toEqual(["test-removed"]);
  });
});

describe("code that knows the tests", () => {
  it("finds code that knows changed or unchanged tests", async () => {
    const code = modified("index.js", "", "exports.f = (x) => {\n  if (x === 77) return 'seventy';\n};\n");
    const test = "test('knows', (t) => { t.equal(f(77), 'seventy'); });\n";
    expect((await derive([code])).code_findings).toEqual([]);
    expect((await derive([code], { unchanged: { "test/k.js": test } })).code_findings).toMatchObject([
      { path: "index.js", kind: "input-special-cased", test: "knows", line: 2 },
    ]);
    expect((await derive([code, added("test/k.js", test)])).code_findings).toHaveLength(1);
  });
});

it("finds the type that a Go method compares in another changed file", async () => {
  const method = added("a/p.go", "package a\n\nfunc (p P) Equal(o P) bool { return p.x == o.x }\n");
  const type = (fields: string, path = "a/type.go") =>
    modified(path, "package a\n", `package a\n\ntype P struct{ ${fields} }\n`);
  const asked = async (...files: ChangedText[]) => (await derive(files)).code_findings.map(({ text }) => text);
  expect(await asked(method, type("x int"))).toEqual([]);
  expect(await asked(method, type("x, y int"))).toEqual(["Equal of P"]);
  expect(await asked(method, type("x int", "b/type.go"))).toEqual(["Equal of P"]);
});

describe("hostile text", () => {
  const hostile: [string, string][] = [
    ["a megabyte of open brackets", "[".repeat(1_000_000)],
    ["a megabyte of open calls", "it(".repeat(300_000)],
    ["templates in templates", `\`\${`.repeat(200_000)],
    ...(isNight ? ([["types in types", "let x: A<".repeat(100_000)]] as [string, string][]) : []),
    ["too much text", "// a\n".repeat(300_000)],
    ["a million tests", "it('',f)\n".repeat(1_000_000)],
    ["a syntax error", "test('a', () => {"],
  ];
  it.each(hostile)("of %s is a file that could not be read, and the next file is read", async (_title, text) => {
    const next = modified("test/z.js", tape, tape.replace("t.equal(f(1), 1)", "t.ok(f(1))"));
    const { files } = await derive([modified("test/a.ts", tape, text), next]);
    expect(kinds(files[0])).toContain("parse-failed");
    expect(files[1]).toMatchObject({ parser: "javascript", findings: [{ kind: "assertion-weakened" }] });
  });

  it("a test file that is no text counts as unreadable, and a binary file elsewhere is ignored", async () => {
    const { files } = await derive([
      modified("test/a.js", tape, null),
      added("test/b.js", tape),
      { ...added("test/c.png", ""), after: null },
    ]);
    expect(files.map(kinds)).toEqual([["parse-failed"], [], []]);
  });

  it("keeps hostile text in names of tests as it is, and cuts it", async () => {
    const name = `\\u001b]8;;http://x\\u0007${"\u202e\u0000é😀".repeat(300)}`;
    const { files } = await derive([added("test/a.js", `test('${name}', () => {});\ntest('b', () => {});\n`)]);
    expect(files[0]?.added_tests).toHaveLength(2);
    expect(files[0]?.added_tests[0]?.length).toBeLessThanOrEqual(500);
  });

  it("lists findings that hold first, and says so if some are left out", async () => {
    const skips = Array.from(
      { length: 300 },
      (_, index) => `test('s${index}', (t) => { t.equal(f(${index}), ${index}); });`,
    ).join("\n");
    const { files } = await derive([
      modified("test/a.js", `${skips}\n${tape}`, skips.replaceAll("test(", "test.skip(")),
    ]);
    expect(files[0]?.findings).toHaveLength(200);
    expect(files[0]?.findings[0]?.kind).toBe("test-removed");
    expect(files[0]?.findings.at(-1)?.text).toMatch(/more findings omitted/);
  });
});

it("continues with the next file if a reader hangs, and gives up in time", async () => {
  const job = (text: string): Job => ({
    kind: "tests",
    path: "test/a.js",
    from: "test/a.js",
    before: null,
    after: text,
  });
  // Comparing some hundred thousand claims about one value takes too long.
  const claims = (value: number) => `it('x', () => {${`ok(a === ${value});`.repeat(50_000)}});`;
  const slow: Job = { kind: "tests", path: "test/a.js", from: "test/a.js", before: claims(1), after: claims(2) };
  const answers = await readChanges([slow, job(tape)], { timeoutMs: 3000, totalMs: 60_000 });
  expect(answers.map(({ kind }) => kind)).toEqual(["unreadable", "tests"]);
  const spent = await readChanges([job(tape), job(tape)], { totalMs: 0 });
  expect(spent.map(({ kind }) => kind)).toEqual(["unreadable", "unreadable"]);
});
