/** Reading test files line by line: the rough count of assertions, marks that came, and whether more than whole tests did. */
import { expect, it } from "vitest";
import { changesMoreThanTests, countAssertions, findLineMarks } from "../../../src/findings/test-diff/line-tests.ts";

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

const changes = (before: string, after: string, path = "a_test.go") => changesMoreThanTests(before, after, path);

it("recognizes a whole new test, and treats anything else as a change of existing tests", () => {
  expect(changes(go, go + more)).toBe(false);
  expect(changes(go, go.replace('import "testing"', 'import "testing"\nimport "fmt"') + more)).toBe(false);
  expect(changes(go, go)).toBe(false);
  expect(changes(go, go.replace("!= 3", "!= 4"))).toBe(true);
  expect(changes(go, go.replace("\tif Add", "\treturn\n\tif Add"))).toBe(true);
  expect(changes(go, `${go}\nfunc init() {\n\tos.Exit(0)\n}\n`)).toBe(true);
  expect(changes(go, "")).toBe(true);
});

it("looks behind a comment, an import and a first test", () => {
  const swap = "func init() {\n\tequal = func(a, b int) bool { return true }\n}\n";
  for (const before of ["// More.\n", "/* More. */\n", 'import "fmt"\n', more]) {
    expect(changes(go, `${go}\n${before}${swap}`), before).toBe(true);
    expect(changes(go, `${go}\n${before}${more.replace("More", "Less")}`), before).toBe(false);
  }
});

it("reads attributes of tests, and of what runs around tests", () => {
  const java = "class SumTest {\n  @Test\n  void adds() {\n    assertEquals(3, add(1, 2));\n  }\n}\n";
  const within = (text: string) => java.replace(/}\n$/, `${text}}\n`);
  expect(changes(java, within("  @Test\n  public int more()\n  {\n    return 1;\n  }\n"))).toBe(false);
  expect(changes(java, within("  @BeforeEach\n  void soften() {\n    soft = true;\n  }\n"))).toBe(true);
  const ruby = 'describe "sum" do\n  it "adds" do\n    expect(add(1, 2)).to eq 3\n  end\nend\n';
  const example = '  # more\n  it "more" do\n    expect(add(0, 0)).to eq 0\n  end\n';
  expect(changes(ruby, ruby.replace(/end\n$/, `${example}end\n`), "a.rb")).toBe(false);
  expect(changes(ruby, ruby.replace("  it", "  # first\n  before do\n    soften\n  end\n  it"), "a.rb")).toBe(true);
});

it("finds a new test inserted before one with the same attributes", () => {
  const java = "import a.b;\n\n@Test\n@Slow\nvoid adds() {\n  assertEquals(3, add(1, 2));\n}\n";
  const before = "@Test\n@Slow\nvoid more() {\n  add(0, 0);\n}\n\n";
  expect(changes(java, java.replace("@Test", `${before}@Test`), "A.java")).toBe(false);
  expect(changes(java, java.replace("@Test", `${before.replace("}\n", "}\nsoften();\n")}@Test`), "A.java")).toBe(true);
});

it.each<[string, string, string]>([
  [
    "what stands behind a head without its block",
    "A.java",
    "void more()\n// note\n{\n}\n@BeforeEach\nvoid soften() {\n  soft = true;\n}\n",
  ],
  ["a line of data", "a.yaml", "it: x\nskip_all: true\n"],
  ["a part of a file that is left out", "a.cpp", "#if 0\n"],
  ["an assertion under another meaning", "a.cpp", "#define EXPECT_EQ(a, b) (void)0\n"],
  ["a comment that begins", "A.java", "/*\n"],
  ["a comment that ends", "A.java", "*/\n"],
  ["code behind the end of a test", "A.java", "@Test\nvoid q() {\n} static int a = f();\n"],
  ["code behind a test on its line", "A.java", "@Test\nvoid q() {} static int a = f();\n"],
  [
    "code behind a bracket in a text",
    "A.java",
    '@Test\nvoid q() {\n  s = "{";\n}\nstatic int a = f();\n@Test\nvoid r() {\n  s = "}";\n}\n',
  ],
  ["a set-up", "A.java", "protected void setUp() {\n  F.lenient = true;\n}\n"],
  ["an own assertion", "A.java", "static void assertEquals(int a, int b) {\n}\n"],
  ["a static import", "A.java", "import static com.acme.Lenient.assertEquals;\n"],
  ["a line of a text", "a.c", '"foo"\n'],
  ["what stands behind a test of Ruby", "a.rb", "test 'b' do\nend\ndef assert_equal(*) = nil\n"],
  ["a set-up behind a test of Ruby", "a.rb", "test 'b' do\nend\nsetup { skip }\n"],
  ["a set-up of Ruby", "a.rb", "def setup\n  F.x = 1\nend\n"],
])("reads %s as a change", (_name, path, more) => {
  const text = "use a::b;\n";
  expect(changes(text, `${more}${text}`, path)).toBe(true);
  expect(changes(text, text, path)).toBe(false);
});

it.each<[string, string]>([
  ["A.java", "/**\n * More.\n */\n@Test\npublic void more() throws Exception {\n  assertEquals(4, add(2, 2));\n}\n"],
  ["a.php", "public function testMore(): void\n{\n    $this->assertSame(4, add(2, 2));\n}\n"],
  ["a.rb", "test 'more' do\n  assert_equal 4, add(2, 2)\nend\n"],
  ["a.rb", "# More.\ndef test_more\n  assert_equal 4, add(2, 2)\nend\n"],
  ["a.cpp", "TEST(Sum, More) {\n  EXPECT_EQ(4, add(2, 2));\n}\n"],
])("reads a whole new test of %s as one: %j", (path, more) => {
  const text = "first(b);\nlast(b);\n";
  expect(changes(text, `${text}${more}`, path)).toBe(false);
  expect(changes(text, text.replace("last", `${more}last`), path)).toBe(false);
});

it.each<[string, string, string, string]>([
  [
    "an end within a test",
    "a_spec.rb",
    'it "a" do\n  x = f\n  expect(x).to eq 1\nend\n',
    'it "a" do\n  x = f\nend\nit "b" do\n  x = 1\n  expect(x).to eq 1\nend\n',
  ],
  [
    "a decrement",
    "A.java",
    "@Test\nvoid a() {\nint n = f();\nassertEquals(1, n);\n}\n",
    "@Test\nvoid a() {\nint n = f();\n--n;\nassertEquals(1, n);\n}\n",
  ],
  [
    "a scope",
    "A.cs",
    "[Test]\npublic void A() {\nAssert.That(F());\n}\n",
    "[Test]\npublic void A() {\nusing (Fake.Scope())\nAssert.That(F());\n}\n",
  ],
  ["an import of everything", "A.kt", "check(f() == 1)\n", "import fake.*\ncheck(f() == 1)\n"],
  ["static names", "A.cs", "Check(1);\n", "using static Fake.Things;\nCheck(1);\n"],
  [
    "brackets in a text of PHP",
    "a.php",
    "last();\n",
    "public function testB() {\n$x = '{{';\n}\nprotected function setUp(): void {\nself::$fake = true;\n}\npublic function testC() {\n$y = '}}';\n}\nlast();\n",
  ],
  [
    "brackets in a comment of PHP",
    "a.php",
    "last();\n",
    "public function testB() {\n# {{\n}\nprotected function setUp(): void {\nself::$fake = true;\n}\npublic function testC() {\n# }}\n}\nlast();\n",
  ],
])("reads %s as a change of %s", (_name, path, before, after) => {
  expect(changes(before, after, path)).toBe(true);
  expect(changes(before, before, path)).toBe(false);
});

it("takes a line for the beginning of an addition only if it is an attribute", () => {
  const before = (line: string) => `${line}\nvoid a() {\n}\n`;
  const after = (line: string) => `${line}\nvoid b() {\n}\n${before(line)}`;
  expect(changes(before("@Test"), after("@Test"), "A.java")).toBe(false);
  expect(changes(before("x;"), after("x;\n@Test"), "A.java")).toBe(true);
});

it("takes at most 2,000 lines for one addition", () => {
  const test = "@Test\nvoid a() {\n}\n";
  const longer = (lines: number) => `${test}@Test\nvoid b() {\n${"  x();\n".repeat(lines - 3)}}\n`;
  expect(changes(test, longer(2_000), "A.java")).toBe(false);
  expect(changes(test, longer(2_001), "A.java")).toBe(true);
});

it("is done in time with many equal lines and attributes", () => {
  expect(changes("a\n", `static${" ".repeat(200_000)}x\na\n`, "A.java")).toBe(true);
  for (const line of ["x\n", "@a\n", "#[a]\n"]) {
    const many = line.repeat(60_000);
    expect(changes(many, `${many}y\n${many}`, "A.java")).toBe(true);
  }
});

it("names marks in new lines only", () => {
  expect(findLineMarks(go, go.replace("\tif Add", '\tt.Skip("later")\n\tif Add'), "a_test.go")).toMatchObject([
    { kind: "skip-added", line: 6 },
  ]);
  const rust = "#[test]\n#[ignore]\nfn a() {}";
  expect(findLineMarks(rust, `${rust}\n#[test]\nfn b() { rest.iter().skip(1); }`, "a.rs")).toEqual([]);
  expect(findLineMarks(rust, `${rust}\n#[test]\n#[ignore = "slow"]\nfn b() {}`, "a.rs")).toMatchObject([
    { kind: "skip-added", line: 5 },
  ]);
});
