/** `aedev repo add --yes` for Ruby, PHP and Bun: aedev makes a missing image, the base is green by single tests, and a wrong change fails by name. */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Laboratory } from "./support/laboratory.ts";
import type { SavedRepository } from "./support/saved-repository.ts";

vi.setConfig({ testTimeout: 900_000, hookTimeout: 280_000 });

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open();
  await laboratory.must("daemon", "start");
});
afterAll(() => laboratory[Symbol.asyncDispose]());

const ruby = { Rakefile: "", "lib/add.rb": "module Add\n  def self.add(a, b) = a + b\nend\n" };
const wrongRuby = { "lib/add.rb": "module Add\n  def self.add(a, b) = a - b\nend\n" };
const php = (sign: string) =>
  `<?php\nnamespace A;\nclass Add { static function add($a, $b) { return $a ${sign} $b; } }\n`;
const projects: [
  name: string,
  image: string | null,
  files: Record<string, string>,
  wrong: Record<string, string>,
  test: RegExp,
][] = [
  [
    "rspec",
    "ruby-checks",
    {
      ...ruby,
      ".rspec": "--format documentation\n",
      "spec/add_spec.rb":
        'require "add"\nRSpec.describe Add do\n  it("adds") { expect(Add.add(1, 2)).to eq(3) }\n  xit("comes later") { }\nend\n',
    },
    wrongRuby,
    /Add adds$/,
  ],
  [
    "minitest",
    "ruby-checks",
    {
      ...ruby,
      "test/test_add.rb":
        'require "minitest/pride"\nrequire "minitest/autorun"\nrequire "add"\nclass TestAdd < Minitest::Test\n  def test_adds = assert_equal(3, Add.add(1, 2))\n  def test_later = skip("later")\nend\n',
    },
    wrongRuby,
    /^TestAdd > .*test_adds$/,
  ],
  [
    "test-unit",
    "ruby-checks",
    {
      ...ruby,
      "test/test_add.rb":
        'require "test/unit"\nrequire "add"\nclass TestAdd < Test::Unit::TestCase\n  data("one & two" => [1, 2])\n  def test_adds((a, b)) = assert_equal(3, Add.add(a, b))\n  def test_later = omit("later")\nend\n',
    },
    wrongRuby,
    /^TestAdd > .*test_adds\[one & two\]$/,
  ],
  [
    "phpunit",
    "php-checks",
    {
      "composer.json": JSON.stringify({
        name: "a/b",
        "require-dev": { "phpunit/phpunit": "^9" },
        autoload: { "psr-4": { "A\\": "src/" } },
      }),
      "phpunit.xml.dist":
        '<?xml version="1.0"?>\n<phpunit bootstrap="vendor/autoload.php"><testsuites><testsuite name="all"><directory>tests</directory></testsuite></testsuites></phpunit>\n',
      "src/Add.php": php("+"),
      "tests/AddTest.php":
        "<?php\nclass AddTest extends PHPUnit\\Framework\\TestCase {\n  function testAdds() { $this->assertSame(3, A\\Add::add(1, 2)); }\n  function testLater() { $this->markTestSkipped('later'); }\n}\n",
    },
    { "src/Add.php": php("-") },
    /^tests\/AddTest\.php > .*testAdds$/,
  ],
  [
    "bun",
    null,
    {
      "package.json": JSON.stringify({ name: "add", version: "1.0.0", scripts: { test: "bun test" } }),
      "add.ts": "export const add = (a: number, b: number): number => a + b;\n",
      "add.test.ts":
        'import { describe, expect, test } from "bun:test";\nimport { add } from "./add";\ndescribe("add", () => {\n  test("adds", () => expect(add(1, 2)).toBe(3));\n  test.skip("later", () => {});\n});\n',
    },
    { "add.ts": "export const add = (a: number, b: number): number => a - b;\n" },
    /adds$/,
  ],
];

describe("a repository in another language", () => {
  it.each(projects)("%s is green with results of single tests", async (name, image, files, wrong, test) => {
    const bare = await laboratory.remote(name, files);
    const added = (await laboratory.must("repo", "add", bare, "--yes", "--json")).json<SavedRepository>();
    expect(added).toMatchObject({
      trial: "green",
      settings: { image },
      tried: { commands: [{ exit_code: 0, tests: { passed: 1, failed: 0, skipped: 1 } }] },
    });
    await laboratory.pushElsewhere(bare, wrong);
    const red = (await laboratory.must("repo", "add", bare, "--yes", "--json")).json<SavedRepository>();
    expect(red).toMatchObject({ trial: "red", tried: { commands: [{ failing: [expect.stringMatching(test)] }] } });
  });
});
