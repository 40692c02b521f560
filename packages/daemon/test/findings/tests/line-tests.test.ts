/** Reading test files line by line: the rough count of assertions, marks that came, and whether more than whole tests did. */
import { expect, it } from "vitest";
import { changesMoreThanTests, countAssertions, findLineMarks } from "../../../src/findings/tests/line-tests.ts";

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

const go = `package sum

import "testing"

func TestAdds(t *testing.T) {
	if Add(1, 2) != 3 {
		t.Errorf("no")
	}
}
`;
const more = '\nfunc TestMore(t *testing.T) {\n\tif Add(2, 2) != 4 {\n\t\tt.Errorf("no")\n\t}\n}\n';

it("takes a whole new test for what it is, and anything else for a change of what is there", () => {
  expect(changesMoreThanTests(go, go + more)).toBe(false);
  expect(changesMoreThanTests(go, go.replace('import "testing"', 'import "testing"\nimport "fmt"') + more)).toBe(false);
  expect(changesMoreThanTests(go, go)).toBe(false);
  expect(changesMoreThanTests(go, go.replace("!= 3", "!= 4"))).toBe(true);
  expect(changesMoreThanTests(go, go.replace("\tif Add", "\treturn\n\tif Add"))).toBe(true);
  expect(changesMoreThanTests(go, `${go}\nfunc init() {\n\tos.Exit(0)\n}\n`)).toBe(true);
  expect(changesMoreThanTests(go, "")).toBe(true);
});

it("names marks in new lines only", () => {
  expect(findLineMarks(go, go.replace("\tif Add", '\tt.Skip("later")\n\tif Add'))).toMatchObject([
    { kind: "skip-added", line: 6 },
  ]);
  expect(findLineMarks("#[test]\n#[ignore]\nfn a() {}", "#[test]\n#[ignore]\nfn a() {}\n#[test]\nfn b() {}")).toEqual(
    [],
  );
});
