/** Reads test files of languages without readers of their own: counts assertions, lists new marks, and tells whether a change only adds whole tests. */
import { expect, it } from "vitest";
import { readersOf } from "../../../src/readers.ts";
import { addedMarks } from "../../../src/shared/thin/test-signs.ts";
import { readSyntax } from "../../../src/tree/syntax-tree.ts";

const changes = (path: string, before: string, after: string) =>
  readersOf(path)?.testVersions?.({ path, status: "modified", before, after, isAmongCode: false }).changed;
const signs = (path: string, text: string) => readersOf(path)?.signs?.(readSyntax(text, path));
const marks = (path: string, before: string, after: string) =>
  addedMarks(signs(path, before)?.marks ?? [], signs(path, after)?.marks ?? []).map(({ kind, line }) => [kind, line]);

const java = (members: string, head = "") => `package a;\n${head}class SumTest {\n${members}}\n`;
const php = (members: string, head = "") => `<?php\n${head}final class SumTest extends TestCase\n{\n${members}}\n`;
const ruby = (members: string) => `require "test_helper"\nclass SumTest < Minitest::Test\n${members}end\n`;
const spec = (members: string) => `describe "sum" do\n${members}end\n`;

const csharp = (members: string, head = "") =>
  `using Xunit;
${head}namespace A;
public class SumTests : Base
{
${members}}
`;

it("counts calls of assertion libraries outside comments and strings", () => {
  const counts: [path: string, text: string, count: number][] = [
    [
      "A.java",
      java('void a() { assertEquals(3, f()); Assert.assertThat(x).isEqualTo(3); assert x == 1; fail("a"); }'),
      4,
    ],
    ["A.java", java('void a() { // assertTrue(x);\n/* assertTrue(x); */ f("assertTrue(x)"); assertion.f(); }'), 0],
    [
      "a.php",
      php(
        "function a() { $this->assertSame(1, f()); self::assertTrue(true); Assert::assertNull(x); expect(1)->toBe(1); }",
      ),
      4,
    ],
    ["a.php", php("function a() { # assertTrue(x);\n f('assertTrue(x)'); }"), 0],
    ["a.rb", ruby("def test_a\n  assert_equal 4, f\n  refute x\n  assert(y)\nend\n"), 3],
    [
      "a.rb",
      spec('it "a" do\n  expect(f).to eq 3\n  f.should == 1\n  f.must_equal 3\nend\nit { is_expected.to eq 1 }\n'),
      4,
    ],
    ["a.rb", spec('it "a" do\n  # expect(x)\n  expected = "expect(y)"\nend\n'), 0],
    ["a.bats", '@test "a" {\n  run f\n  assert_output "3"\n  refute_line "4"\n  # assert_output\n}\n', 2],
    [
      "A.cs",
      csharp("[Fact] public void A() { Assert.Equal(3, f()); Assert.Throws<E>(() => f()); x.Should().Be(1); }"),
      3,
    ],
    ["A.cs", csharp('[Fact] public void A() { // Assert.Null(x);\nf("Assert.Null(x)"); Assertion.F(); }'), 0],
    ["a.sh", "test_a() {\n  assertEquals 1 $(f)\n}\n", 1],
    [
      "a_test.go",
      'package a\nfunc TestA(t *testing.T) { t.Errorf("no"); require.Equal(t, 1, x); assert.Equal(t, 1, x); t.Log("t.Errorf()") }\n',
      3,
    ],
    ["a.rs", 'fn a() { assert_eq!(1, x); assert!(y); prop! { assert_ne!(1, x) }; f("assert!(x)"); a != b }', 3],
  ];
  for (const [path, text, count] of counts) expect(signs(path, text)?.assertions, text).toBe(count);
});

it.each<[string, string, string, string[]]>([
  [
    "A.java",
    java("@Test void a() {}\n"),
    java('@Disabled @Test void a() {}\n@Ignore("x")\n@Test void b() {}\n'),
    ["skip-added", "skip-added"],
  ],
  [
    "A.java",
    java("@Disabled\n@Test void a() {}\n"),
    java("@Disabled\n@Test void a() {}\n@Disabled\n@Test void b() {}\n"),
    ["skip-added"],
  ],
  ["A.java", java("@Test(timeout = 10) void a() {}\n"), java("@Test(timeout = 90) void a() {}\n"), ["timeout-raised"]],
  [
    "A.java",
    java("@Test void a() {}\n"),
    java('@Test void a() { f("@Disabled"); ignore(); } // @Disabled, timeout 5\n'),
    [],
  ],
  ["a.php", php("function testA() {}\n"), php("function testA() { $this->markTestSkipped('x'); }\n"), ["skip-added"]],
  ["a.php", "<?php\nit('a', fn () => 1);\n", "<?php\nit('a', fn () => 1)->only();\n", ["only-added"]],
  [
    "a.rb",
    ruby("def test_a\nend\n"),
    ruby('def test_a\nskip\nend\ndef test_b\nskip "later"\nend\n'),
    ["skip-added", "skip-added"],
  ],
  [
    "a.rb",
    spec('it "a" do\nend\n'),
    spec('xit "a" do\nend\nit "b", skip: true do\nend\nit "c", :focus do\nend\n'),
    ["skip-added", "skip-added", "only-added"],
  ],
  ["a.rb", spec('it "a" do\nend\n'), spec('it "skip" do\n# skip\nend\n'), []],
  [
    "a.bats",
    '@test "a" {\n  f\n}\n',
    '@test "a" {\n  skip "later"\n  timeout 30 f\n}\n',
    ["skip-added", "timeout-raised"],
  ],
  [
    "a_test.go",
    "package a\nfunc TestA(t *testing.T) {\n}\n",
    'package a\nfunc TestA(t *testing.T) {\n\tt.Skip("later")\n\tc, d := context.WithTimeout(e, 5*time.Second)\n}\n',
    ["skip-added", "timeout-raised"],
  ],
  [
    "a.rs",
    "#[test]\n#[ignore]\nfn a() {}\n",
    "#[test]\n#[ignore]\nfn a() {}\n#[test]\nfn b() { rest.iter().skip(1); }\n",
    [],
  ],
  [
    "a.rs",
    "#[test]\n#[ignore]\nfn a() {}\n",
    '#[test]\n#[ignore]\nfn a() {}\n#[test]\n#[ignore = "slow"]\nfn b() {}\n',
    ["skip-added"],
  ],
])("finds the new marks in a change of %s: %j to %j", (path, before, after, kinds) => {
  expect(marks(path, before, after).map(([kind]) => kind)).toEqual(kinds);
  expect(marks(path, after, after)).toEqual([]);
});

it.each<[string, string[]]>([
  ['[Fact(Skip = "later")] public void A() {}\n', ["skip-added"]],
  ['[Test, Ignore("x")]\npublic void A() {}\n', ["skip-added"]],
  ['[Fact] public void A() { Assert.Ignore("x"); }\n', ["skip-added"]],
  ["[Test, Timeout(500)] public void A() {}\n", ["timeout-raised"]],
  ['[Fact] public void Ignore() { Skip = 1; f("[Ignore]"); }\n', []],
])("finds the new marks in a change of C#: %j", (member, kinds) => {
  const old = csharp("[Fact] public void Old() {}\n");
  expect(marks("A.cs", old, csharp(`[Fact] public void Old() {}\n${member}`)).map(([kind]) => kind)).toEqual(kinds);
});

it("reports the line of a new mark", () => {
  expect(
    marks("A.java", java("@Test void a() {}\n"), java("@Test void a() {}\n\n@Disabled\n@Test void b() {}\n")),
  ).toEqual([["skip-added", 5]]);
});

const javaTest = "  @Test\n  void adds() {\n    assertEquals(3, add(1, 2));\n  }\n";
const phpTest = "    public function testAdds(): void\n    {\n        $this->assertSame(3, add(1, 2));\n    }\n";
const csharpTest = "    [Fact]\n    public void Adds()\n    {\n        Assert.Equal(3, Add(1, 2));\n    }\n";
const rubyTest = "  def test_adds\n    assert_equal 3, add(1, 2)\n  end\n";
const example = '  it "adds" do\n    expect(add(1, 2)).to eq 3\n  end\n';
const bats = '#!/usr/bin/env bats\nload helper\n\n@test "adds" {\n  run add 1 2\n  [ "$output" = 3 ]\n}\n';

/** A file with one test, and room for others before and after it. */
const within: Readonly<Record<string, (before: string, after: string) => string>> = {
  "A.java": (before, after) => java(`${before}${javaTest}${after}`),
  "A.cs": (before, after) => csharp(`${before}${csharpTest}${after}`),
  "a.php": (before, after) => php(`${before}${phpTest}${after}`),
  "a.rb": (before, after) => ruby(`${before}${rubyTest}${after}`),
  "a_spec.rb": (before, after) => spec(`  let(:one) { 1 }\n${before}${example}${after}`),
  "a.bats": (before, after) => `${bats.replace("@test", `${before}@test`)}${after}`,
  "a.sh": (before, after) =>
    `. ./helper.sh\n${before}test_adds() {\n  assertEquals 3 "$(add 1 2)"\n}\n${after}. shunit2\n`,
};

it.each<[string, string]>([
  [
    "A.java",
    "  /**\n   * More.\n   */\n  @Test\n  public void more() throws Exception {\n    assertEquals(4, add(2, 2));\n  }\n",
  ],
  [
    "A.java",
    "  @ParameterizedTest\n  @ValueSource(ints = {1, 2})\n  public int more(int x)\n  {\n    return 1;\n  }\n",
  ],
  ["A.java", '  @Test\n  void q() {\n    s = "{";\n  }\n  @Test\n  void r() {\n    s = "}"; // {\n  }\n'],
  ["A.java", "  private int twice(int x) {\n    return 2 * x;\n  }\n"],
  [
    "a.php",
    "    /** @dataProvider rows */\n    #[Test]\n    public function more(): void\n    {\n        $this->assertSame(4, add(2, 2)); # {{\n    }\n",
  ],
  ["a.php", "    public function testB() {\n        $x = '{{';\n    }\n"],
  ["a.rb", "  # More.\n  def test_more\n    assert_equal 4, add(2, 2)\n  end\n"],
  ["a.rb", '  test "more" do\n    assert_equal 4, add(2, 2)\n  end\n'],
  ["a_spec.rb", '  # more\n  it "more" do\n    expect(add(0, 0)).to eq 0\n  end\n'],
  ["a_spec.rb", '  context "of none" do\n    it "is 0" do\n      expect(add).to eq 0\n    end\n  end\n'],
  ["a.bats", '@test "adds more" {\n  run add 2 2\n  [ "$output" = 4 ]\n}\n'],
  ["a.sh", "# More.\ntest_more() {\n  assertEquals 4 $(add 2 2)\n}\n"],
  [
    "A.cs",
    "    /// <summary>More.</summary>\n    [Theory, InlineData(1)]\n    public async Task More(int x)\n    {\n        Assert.Equal(4, Add(2, x));\n    }\n",
  ],
  ["A.cs", '    [Test]\n    public void B() => Assert.Equal("{", F());\n    private static int F() { return 1; }\n'],
])("a whole new test changes no other test of %s: %j", (path, more) => {
  const file = within[path] ?? (() => "");
  expect(changes(path, file("", ""), file(more, ""))).toBe(false);
  expect(changes(path, file("", ""), file("", more))).toBe(false);
  expect(changes(path, file(more, ""), file("", ""))).toBe(true);
});

it.each<[string, string, string]>([
  ["a set-up by its mark", "A.java", "  @BeforeEach\n  void soften() {\n    soft = true;\n  }\n"],
  ["a set-up by its name", "A.java", "  protected void setUp() {\n    F.lenient = true;\n  }\n"],
  ["a set-up behind a test", "A.java", "  @Test\n  void q() {\n  } @BeforeAll static void f() {}\n"],
  ["a field", "A.java", "  @Test\n  void q() {} static int a = f();\n"],
  ["an initializer", "A.java", "  static { F.lenient = true; }\n"],
  ["an own assertion", "A.java", "  static void assertEquals(int a, int b) {\n  }\n"],
  ["an own assertion as a test", "A.java", "  @Test\n  void assertEquals(int a, int b) {\n  }\n"],
  ["a function that the test calls", "A.java", "  @Test\n  void add(int a, int b) {\n  }\n"],
  ["an overriding method", "A.java", "  @Test @Override\n  void url() {\n  }\n"],
  ["a helper that may override another one", "A.java", "  void url() {\n  }\n"],
  ["a comment that ends", "A.java", "*/\n"],
  ["a comment that begins", "A.java", "/*\n"],
  ["a set-up", "a.php", "    protected function setUp(): void\n    {\n    }\n"],
  ["a set-up by its attribute", "a.php", "    #[Before]\n    public function testSoften(): void\n    {\n    }\n"],
  ["a set-up by its comment", "a.php", "    /** @before */\n    public function testSoften(): void\n    {\n    }\n"],
  [
    "a function that a test declares",
    "a.php",
    "    public function testB()\n    {\n        function add() {}\n    }\n",
  ],
  ["a set-up", "a.rb", "  def setup\n    F.x = 1\n  end\n"],
  ["a set-up with a block", "a.rb", "  setup { skip }\n"],
  ["another form of the same test", "a.rb", "  def test_adds\n  end\n"],
  ["an own assertion", "a.rb", "  def assert_equal(*) = nil\n"],
  ["what a test does to others", "a.rb", "  def test_b\n    Sum.lenient = true\n  end\n"],
  ["a method that a test defines", "a.rb", '  test "b" do\n    Sum.class_eval { def add(*) = 3 }\n  end\n'],
  ["code in a title", "a.rb", '  test "b #{soften}" do\n  end\n'],
  ["a set-up", "a_spec.rb", "  # first\n  before do\n    soften\n  end\n"],
  ["another value", "a_spec.rb", "  let(:one) { 2 }\n"],
  ["a set-up in a new group", "a_spec.rb", '  context "b" do\n    around(:all) { }\n  end\n'],
  ["a set-up", "a.bats", "setup() {\n  soft=1\n}\n"],
  ["code beside the tests", "a.bats", "soft=1\n"],
  ["a program that a function takes the place of", "a.sh", "add() {\n  echo 3\n}\n"],
  ["the test's own name again", "a.sh", "test_adds() {\n  true\n}\n"],
  ["a set-up by its mark", "A.cs", "    [SetUp]\n    public void Soften() { F.Lenient = true; }\n"],
  ["a constructor", "A.cs", "    public SumTests() { F.Lenient = true; }\n"],
  ["an overriding method", "A.cs", "    [Fact]\n    public override void Url() { }\n"],
  ["a helper that may hide another one", "A.cs", "    public void Url() { }\n"],
  ["a part that is left out", "A.cs", "#if false\n    [Fact]\n    public void B() { }\n#endif\n"],
])("adding %s may change the tests of %s", (_what, path, more) => {
  const file = within[path] ?? (() => "");
  expect(changes(path, file("", ""), file(more, ""))).toBe(true);
  expect(changes(path, file("", ""), file("", more))).toBe(true);
  expect(changes(path, file("", ""), file("", ""))).toBe(false);
});

it.each<[string, string, string, string]>([
  ["an expectation", "A.java", java(javaTest), java(javaTest.replace("(3,", "(4,"))],
  ["a return", "A.java", java(javaTest), java(javaTest.replace("    assert", "    return;\n    assert"))],
  ["a decrement", "A.java", java(javaTest), java(javaTest.replace("    assert", "    --n;\n    assert"))],
  ["a mark", "A.java", java(javaTest), java(javaTest.replace("  @Test\n", ""))],
  ["another base", "A.java", java(javaTest), java(javaTest).replace("SumTest", "SumTest extends Soft")],
  [
    "a test in two",
    "a_spec.rb",
    spec('it "a" do\n  x = f\n  expect(x).to eq 1\nend\n'),
    spec('it "a" do\n  x = f\nend\nit "b" do\n  x = 1\n  expect(x).to eq 1\nend\n'),
  ],
  ["a quote with a variable", "a.php", php("function testA() { f('$x'); }\n"), php('function testA() { f("$x"); }\n')],
  ["a quote with a value", "a.rb", ruby("def test_a\n  f '#{x}'\nend\n"), ruby('def test_a\n  f "#{x}"\nend\n')],
  [
    "a comment that makes a test",
    "a.php",
    php("/** @test */\nfunction a() {}\n"),
    php("/** @test */\nfunction testB() {}\nfunction a() {}\n"),
  ],
  ["a comment for the interpreter", "a.rb", ruby(rubyTest), `# frozen_string_literal: false\n${ruby(rubyTest)}`],
  ["a title", "a.bats", bats, bats.replace('"adds"', '"adds up"')],
  ["a job in the background", "a.sh", "f\ntest_a() {\n  true\n}\n", "f &\ntest_a() {\n  true\n}\n"],
  ["an import of everything", "A.java", java(javaTest), java(javaTest, "import fake.*;\n")],
  ["a static import", "A.java", java(javaTest), java(javaTest, "import static com.acme.Lenient.assertEquals;\n")],
  ["an imported function", "a.php", php(phpTest), php(phpTest, "use function Fake\\f;\n")],
  ["another meaning of a name", "a.php", php(phpTest), php(phpTest, "use Fake\\{A as TestCase};\n")],
  ["a loaded file", "a.rb", ruby(rubyTest), `require "soft"\n${ruby(rubyTest)}`],
  [
    "a scope",
    "A.cs",
    csharp(csharpTest),
    csharp(csharpTest.replace("        Assert", "        using (Fake.Scope())\n        Assert")),
  ],
  ["static names", "A.cs", csharp(csharpTest), csharp(csharpTest, "using static Fake.Things;\n")],
  ["another namespace", "A.cs", csharp(csharpTest), csharp(csharpTest, "using Fake;\n")],
  ["an unreadable text", "A.java", java(javaTest), `${java(javaTest)}class {`],
])("a change to %s may change the tests of %s: %j", (_what, path, before, after) => {
  expect(changes(path, before, after)).toBe(true);
  expect(changes(path, before, before)).toBe(false);
});

it("imports of new names and new comments change no tests", () => {
  expect(changes("A.java", java(javaTest), java(`  // Sums.\n${javaTest}`, "import a.b.C;\n"))).toBe(false);
  expect(changes("A.cs", csharp(csharpTest), csharp(csharpTest, "using System.Linq;\n"))).toBe(false);
  expect(changes("a.php", php(phpTest), php(phpTest, "use Foo\\Bar;\nuse Foo\\{A, B as C};\n"))).toBe(false);
  expect(changes("a.rb", ruby(rubyTest), ruby(`# Sums.\n${rubyTest}`))).toBe(false);
});

it("a new test before one with the same marks changes no other test", () => {
  const marked = (name: string) => `  @Test\n  @Slow\n  void ${name}() {\n    f();\n  }\n`;
  expect(changes("A.java", java(marked("a")), java(marked("b") + marked("a")))).toBe(false);
  expect(changes("A.java", java(marked("a")), java(`${marked("b")}  int x = soften();\n${marked("a")}`))).toBe(true);
});

it("compares test files with many members and deep groups in time", () => {
  const many = Array.from({ length: 5_000 }, (_, at) => `  it "a${at}" do\n    f\n  end\n`).join("");
  expect(changes("a.rb", spec(many), spec(`${many}  it "b" do\n  end\n`))).toBe(false);
  const deep = `${'describe "a" do\n'.repeat(100)}${"end\n".repeat(100)}`;
  expect(changes("a.rb", deep, deep.replace("\nend", '\nit "a" do\nend\nend'))).toBe(true);
});

it("has no readers for a file in an unknown language", () => {
  expect(readersOf("A.kt")).toBe(null);
  expect(readersOf("a_test.exs")).toBe(null);
});
