/** Changed code that only skipped tests check: how many tests did not run, and what they lack. */
import { skippedCodeMax } from "@aedev/contracts/skipped-tests";
import { describe, expect, it } from "vitest";
import { skippedCode } from "../../../src/checks/skipped-tests/skipped-code.ts";

type Changed = { path: string; isMissed: boolean | null };
function found(
  texts: Readonly<Record<string, string>>,
  given: { skipped: string[]; ran?: string[]; changed: Changed[]; isTest?: (path: string) => boolean },
) {
  return skippedCode({
    paths: Object.keys(texts),
    texts: new Map(Object.entries(texts)),
    isTest: given.isTest ?? ((path) => /test/u.test(path)),
    skipped: given.skipped,
    ran: given.ran ?? [],
    changed: given.changed,
  });
}

const store = "exports.find = (key) => key;\n";
const seven = Array.from({ length: 7 }, (_, at) => `  it('finds ${at}', () => assert.equal(find(${at}), ${at}));\n`);
const suite = `const { describe, it } = require('node:test');\nconst assert = require('node:assert');\nconst { find } = require('../lib/store.js');\ndescribe('store', { skip: process.env.STORE_URL ? false : 'needs STORE_URL' }, () => {\n${seven.join("")}});\n`;
const files = { "lib/store.js": store, "test/store.test.js": suite };
const skipped = ["test/store.test.js > store"];

describe("a suite that is skipped as a whole", () => {
  it("counts each of its tests, and names what it lacks and the changed file that only it uses", () => {
    expect(found(files, { skipped, changed: [{ path: "lib/store.js", isMissed: true }] })).toEqual({
      tests: 7,
      code: [{ path: "lib/store.js", test_file: "test/store.test.js", tests: 7, needs: ["STORE_URL"] }],
    });
  });
  it("says nothing about code that it does not use, or of which other tests take every way", () => {
    expect(found(files, { skipped, changed: [{ path: "lib/store.js", isMissed: false }] }).code).toEqual([]);
    const other = { ...files, "lib/other.js": "exports.a = 1;\n" };
    expect(found(other, { skipped, changed: [{ path: "lib/other.js", isMissed: true }] }).code).toEqual([]);
  });
  it("asks about code that another test uses but does not run completely", () => {
    const ran = ["test/other.test.js > ran"];
    const both = { ...files, "test/other.test.js": "require('../lib/store.js');\nit('ran', () => {});\n" };
    const code = (isMissed: boolean | null) =>
      found(both, { skipped, ran, changed: [{ path: "lib/store.js", isMissed }] }).code.length;
    expect([code(true), code(null)]).toEqual([1, 0]);
  });
  it("asks about code if the test that ran does not use it", () => {
    const both = { ...files, "test/other.test.js": "it('ran', () => {});\n" };
    const given = { skipped, ran: ["test/other.test.js > ran"], changed: [{ path: "lib/store.js", isMissed: null }] };
    expect(found(both, given).code).toHaveLength(1);
  });
  it("is named by the file in which most tests were skipped", () => {
    const one = "const { find } = require('../lib/store.js');\nit.skip('finds', () => find(1));\n";
    const both = { "lib/store.js": store, "test/a.test.js": one, "test/store.test.js": suite };
    const given = {
      skipped: ["test/a.test.js > finds", ...skipped],
      changed: [{ path: "lib/store.js", isMissed: true }],
    };
    expect(found(both, given).code).toMatchObject([{ test_file: "test/store.test.js", tests: 8 }]);
  });
  it("counts a result without a known file as one test", () => {
    expect(found(files, { skipped: ["nowhere.js > a", "nowhere.js > b"], changed: [] }).tests).toBe(2);
  });
  it("names no more files than a report may have", () => {
    const paths = Array.from({ length: skippedCodeMax + 1 }, (_, at) => `lib/c${at}.js`);
    const uses = paths.map((path) => `require('../${path}');\n`).join("");
    const many = { ...Object.fromEntries(paths.map((path) => [path, ""])), "test/store.test.js": `${uses}${suite}` };
    const given = { skipped, changed: paths.map((path) => ({ path, isMissed: true })) };
    expect(found(many, given).code).toHaveLength(skippedCodeMax);
  });
  it("uses the imports of its imports too", () => {
    const deep = {
      ...files,
      "lib/store.js": "exports.find = require('./deep/index.js').find;\n",
      "lib/deep/index.js": "",
    };
    expect(found(deep, { skipped, changed: [{ path: "lib/deep/index.js", isMissed: true }] }).code).toHaveLength(1);
  });
  it("counts its tests once if the runner reports each of them", () => {
    const each = Array.from({ length: 7 }, (_, at) => `test/store.test.js > store > finds ${at}`);
    expect(found(files, { skipped: each, changed: [] }).tests).toBe(7);
  });
  it.each([
    "describe.skip('store', () => {",
    "xdescribe('store', () => {",
    "describe.skipIf(!process.env.STORE_URL)('store', () => {",
  ])("counts its tests in the form %s", (open) => {
    const text = suite.replace(/describe\('store'.*\n/u, `${open}\n`);
    const answer = found(
      { ...files, "test/store.test.js": text },
      { skipped, changed: [{ path: "lib/store.js", isMissed: true }] },
    );
    expect(answer.code[0]?.tests).toBe(7);
  });
});

describe("skipped tests of code without measured coverage", () => {
  const rust = {
    "src/store.rs":
      'pub fn find() {}\n#[cfg(test)]\nmod tests {\n #[test]\n #[ignore = "needs STORE_URL"]\n fn finds() {}\n #[test]\n fn counts() {}\n}\n',
    "src/other.rs": "",
  };
  const changed = [{ path: "src/store.rs", isMissed: null }];
  it("ask about the code if all tests that use it were skipped", () => {
    const answer = found(rust, { skipped: ["store::tests::finds"], changed, isTest: () => false });
    expect(answer.code).toEqual([{ path: "src/store.rs", test_file: "src/store.rs", tests: 1, needs: ["STORE_URL"] }]);
  });
  it("don't ask about the code if one of the tests that use it ran", () => {
    const given = { skipped: ["store::tests::finds"], ran: ["store::tests::counts"], changed, isTest: () => false };
    expect(found(rust, given).code).toEqual([]);
  });
});

describe("the needs of skipped tests", () => {
  it.each<[string, string, string, string[]]>([
    [
      "a skipif mark of pytest",
      "tests/test_store.py",
      "import os\nimport pytest\nfrom store import find\n@pytest.mark.skipif(not os.environ.get('STORE_URL'), reason='no store')\ndef test_finds():\n    assert find()\n",
      ["STORE_URL"],
    ],
    [
      "importorskip",
      "tests/test_store.py",
      "import pytest\nredis = pytest.importorskip('redis')\nimport store\ndef test_finds():\n    pass\n",
      ["the package redis"],
    ],
    [
      "unittest",
      "tests/test_store.py",
      "import os, unittest\nimport store\n@unittest.skipUnless(os.getenv('STORE_URL'), 'x')\nclass T(unittest.TestCase):\n    def test_finds(self): pass\n",
      ["STORE_URL"],
    ],
    [
      "a variable that is read above",
      "tests/test_store.py",
      "import os, pytest\nimport store\nurl = os.environ['STORE_URL'] if 1 else ''\nneeds = pytest.mark.skipif(not url, reason='none')\n@needs\ndef test_finds(): pass\n",
      ["STORE_URL"],
    ],
  ])("are read from %s", (_how, path, text, needs) => {
    const answer = found(
      { "store.py": "def find(): return 1\n", [path]: text },
      { skipped: ["tests.test_store > test_finds"], changed: [{ path: "store.py", isMissed: true }] },
    );
    expect(answer.code[0]).toMatchObject({ path: "store.py", test_file: path, tests: 1, needs });
  });
  it("are read from Go's t.Skip", () => {
    const test =
      'package store\nfunc TestFinds(t *testing.T) {\n\tif os.Getenv("STORE_URL") == "" {\n\t\tt.Skip("STORE_URL is not set")\n\t}\n}\n';
    const answer = found(
      { "store/find.go": "package store\n", "store/find_test.go": test },
      { skipped: ["example.com/store > TestFinds"], changed: [{ path: "store/find.go", isMissed: true }] },
    );
    expect(answer.code[0]).toMatchObject({ needs: ["STORE_URL"], tests: 1 });
  });
});
