/** Which test files changed, and the rough count of their assertions. */
import { expect, it } from "vitest";
import { countAssertions, deriveTestChanges } from "../../src/findings/test-changes.ts";

const tape =
  "var test = require('tape');\ntest('a', function (t) {\n  t.equal(1, 1);\n  t.deepEqual([], []);\n  t.end();\n});\n";

it("names only files that match the patterns, with counts before and after", () => {
  const fewer = tape.replace("  t.deepEqual([], []);\n", "");
  const files = [
    { path: "test/a.js", status: "modified", before: tape, after: fewer },
    { path: "test/b.js", status: "deleted", before: tape, after: null },
    { path: "index.js", status: "modified", before: tape, after: fewer },
  ] as const;
  expect(deriveTestChanges(files, ["test/*.js"])).toMatchObject({
    files: [
      { path: "test/a.js", status: "modified", assertions_before: 2, assertions_after: 1 },
      { path: "test/b.js", status: "deleted", assertions_before: 2, assertions_after: 0 },
    ],
  });
});

it("counts what assertion libraries are called with", () => {
  const counts: [path: string, text: string, count: number][] = [
    ["a.js", "assert(x); assert.equal(1, 2); assert.deepStrictEqual(a, b)", 3],
    ["a.ts", "expect(x).toBe(1);\nawait expect(y).rejects.toThrow();", 2],
    ["a.js", "x.should.equal(1); t.throws(f); t.notOk(y); tap.same(a, b)", 4],
    ["a.py", "    self.assertEqual(a, b)\n    assert x == 1\n    with pytest.raises(E):", 3],
    ["a_test.go", 't.Errorf("no"); require.Equal(t, 1, x)', 2],
    ["a.rs", "assert_eq!(1, x); assert!(y);", 2],
    ["a.js", "const a = require('assert'); console.error(a.match(/x/g).length); Object.is(a, b)", 1],
    ["a.js", "const fs = require('fs'); const assertion = 1; text.match(/x/)", 0],
  ];
  for (const [path, text, count] of counts) expect(countAssertions(text, path), text).toBe(count);
});

it("does not count what is commented out", () => {
  expect(countAssertions("t.ok(1);\nt.ok(2);", "a.js")).toBe(2);
  expect(countAssertions("// t.ok(1);\n/* t.ok(2);\n t.ok(3); */ t.ok('http://x');", "a.js")).toBe(1);
  expect(countAssertions("assert x\n# assert y\n", "a.py")).toBe(1);
});

it("keeps the files that lost most where it has to cut", () => {
  const many = Array.from({ length: 2001 }, (_, index) => ({
    path: `test/${index}.js`,
    status: "modified" as const,
    before: index === 2000 ? "t.ok(1)" : "",
    after: "",
  }));
  expect(deriveTestChanges(many, ["test/**"]).files[0]?.path).toBe("test/2000.js");
});
