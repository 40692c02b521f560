/** Detects from a Gemfile, a Rakefile, a gemspec and the test files how a Ruby project is tested with RSpec or minitest from the image. Pure. */
import { type DetectionFiles, escaped, fileText, type Part, unprovenNote } from "./finding.ts";
import { testFiles, testGlobs } from "./test-globs.ts";

const manifest = /^(?:Gemfile|Rakefile|\.rspec|[^/]+\.gemspec)$/u;
const rspec = 'rspec --format progress --format RspecJunitFormatter --out "$AEDEV_JUNIT_FILE"';
const minitestFiles = 'Dir["test/**/{test_*,*_test}.rb"].sort.each { |file| require "./#{file}" }';
/** Debian's reporter for JUnit loses the names of the classes, so this is one of ours. */
const minitest = [
  "class Results < Minitest::AbstractReporter",
  "def initialize(path) = (@path, @all = path, [])",
  "def record(one) = @all << one",
  "def passed? = true",
  'def report = File.write(@path, "<testsuites><testsuite>#{@all.map { |one| line(one) }.join}</testsuite></testsuites>")',
  'def line(one) = "<testcase classname=\\"#{CGI.escapeHTML(one.klass)}\\" name=\\"#{CGI.escapeHTML(one.name)}\\">#{one.skipped? ? "<skipped/>" : one.passed? ? "" : "<failure/>"}</testcase>"',
  "end",
  "path = ARGV.shift",
  "Minitest.extensions << :results.to_s",
  "Minitest.define_singleton_method(:plugin_results_init) { |_| reporter << Results.new(path) }",
].join("; ");

/** Null if there is none of these files at the top. */
export function findRuby(base: DetectionFiles): Part | null {
  const named = base.paths.find((path) => manifest.test(path));
  if (named === undefined) return null;
  const runner = runnerOf(base);
  const globs = testGlobs(base.paths, "ruby");
  return {
    language: "ruby",
    tools: runner === null ? [] : [runner.name],
    settings: runner === null ? {} : { verify: [runner.command], tests: globs.tests },
    checks: runner?.checks ?? "none",
    reasons:
      runner === null
        ? []
        : [
            { setting: "verify", why: runner.why },
            { setting: "tests", why: globs.why },
          ],
    notes: [
      ...(runner === null ? ["no test of RSpec, minitest or test-unit was found"] : []),
      ...(runner?.checks === "per-test" ? [unprovenNote] : []),
      ...(base.paths.includes("Gemfile")
        ? [
            "gems of the Gemfile are not fetched: https://rubygems.org is not in prepare.registries as shipped, so tests see only what the image has. Give an --image with the gems; or add that origin in config.yaml, and give --prepare 'bundle config set --local path .gems && bundle install' --outputs .gems,.bundle and a --verify with bundle exec",
          ]
        : []),
    ],
  };
}

function runnerOf(
  base: DetectionFiles,
): { name: string; command: string; checks: "per-test" | "exit-code"; why: string } | null {
  const files = testFiles(base.paths, "ruby");
  const spec = files.find((path) => /^spec\/.*_spec\.rb$/u.test(path));
  if (spec !== undefined)
    return { name: "rspec", command: rspec, checks: "per-test", why: `there are specs, e.g. ${escaped(spec)}` };
  const tests = files.filter((path) => /^test\/(?:.*\/)?(?:test_[^/]*|[^/]*_test)\.rb$/u.test(path));
  const [first] = tests;
  if (first === undefined) return null;
  const why = `there are tests, e.g. ${escaped(first)}`;
  const isTest = new Set(files);
  const texts = base.paths
    .filter((path) => isTest.has(path) || path === "Gemfile" || path.endsWith(".gemspec"))
    .map((path) => fileText(base, path) ?? "");
  if (texts.some((text) => /\btest[/-]unit\b/u.test(text)))
    return {
      name: "test-unit",
      command: `ruby -Ilib -Itest -e '${minitestFiles}'`,
      checks: "exit-code",
      why,
    };
  return {
    name: "minitest",
    command: `ruby -Ilib -Itest -rminitest -rcgi -e '${minitest}; ${minitestFiles}' "$AEDEV_JUNIT_FILE"`,
    checks: "per-test",
    why,
  };
}
