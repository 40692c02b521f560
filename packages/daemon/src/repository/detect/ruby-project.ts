/** Detects from a Gemfile, a Rakefile, a gemspec and the test files how a Ruby project is tested with the image's RSpec, minitest or test-unit. Pure. */
import { imageRecipe, imageWithPackages } from "@aedev/contracts";
import { type DetectionFiles, escapedText, fileText, type Part, unprovenNote } from "./finding.ts";
import { testFiles, testGlobs } from "./test-globs.ts";

const manifest = /^(?:Gemfile|Rakefile|\.rspec|[^/]+\.gemspec)$/u;
const rspec = 'rspec --format progress --format RspecJunitFormatter --out "$AEDEV_JUNIT_FILE"';
const loaded = (glob: string) => `Dir["${glob}"].sort.each { |file| require "./#{file}" }`;
const testsGlob = "test/**/{test_*,*_test,spec_*,*_spec}.rb";
/** Gems that the image has, and gems that tests seldom need. */
const present =
  /^(?:bundler|rake|rspec.*|rspec_junit_formatter|minitest|test-unit|rubocop.*|standard|yard.*|rdoc|simplecov.*|debug|pry.*|byebug|irb|json|logger)$/u;
const namedMax = 4;
const testcase = (name: string, owner: string, inner: string) =>
  `"<testcase classname=\\"#{CGI.escapeHTML(${owner})}\\" name=\\"#{CGI.escapeHTML(${name})}\\">#{${inner}}</testcase>"`;
const writing = (path: string, cases: string) =>
  `File.write(${path}, "<testsuites><testsuite>#{${cases}.join}</testsuite></testsuites>")`;
/** Our own JUnit reporter, because Debian's loses the names of the classes. */
const minitest = [
  "class Results < Minitest::AbstractReporter",
  "def initialize(path) = (@path, @all = path, [])",
  "def record(one) = @all << one",
  "def passed? = true",
  `def report = ${writing("@path", "@all.map { |one| line(one) }")}`,
  `def line(one) = ${testcase("one.name", "one.klass", 'one.skipped? ? "<skipped/>" : one.passed? ? "" : "<failure/>"')}`,
  "end",
  "path = ARGV.shift",
  // Not registered as an extension: with one, minitest no longer loads its plugins, such as pride.
  "Minitest.singleton_class.prepend(Module.new { define_method(:init_plugins) { |options| super(options); reporter << Results.new(path) } })",
].join("; ");
/** test-unit's JUnit reporter, which also prints to the console. A test's name includes the label of its data, unlike its method's name. */
const testUnit = [
  "path = ARGV.shift",
  "results = Class.new(Test::Unit::UI::Console::TestRunner)",
  "results.define_method(:attach_to_mediator) { super()",
  "faults, all = Hash.new { |found, name| found[name] = [] }, []",
  "@mediator.add_listener(Test::Unit::TestResult::FAULT) { |one| faults[one.test_name] << one.class.name }",
  "@mediator.add_listener(Test::Unit::TestCase::FINISHED_OBJECT) { |one| all << one }",
  `line = ->(one) { found = faults[one.name]; ${testcase(
    'one.name.delete_suffix("(#{one.class.name})")',
    "one.class.name",
    'found.any?(/Failure|Error/) ? "<failure/>" : found.any?(/Omission|Pending/) ? "<skipped/>" : ""',
  )} }`,
  `@mediator.add_listener(Test::Unit::UI::TestRunnerMediator::FINISHED) { |_| ${writing("path", "all.map(&line)")} } }`,
  "Test::Unit::AutoRunner.register_runner(:results) { |_| results }",
  "Test::Unit::AutoRunner.default_runner = :results",
].join("; ");

/** Null if none of these files is at the top. */
export function findRuby(base: DetectionFiles): Part | null {
  const named = base.paths.find((path) => manifest.test(path));
  if (named === undefined) return null;
  const runner = runnerOf(base);
  const globs = testGlobs(base.paths, "ruby");
  return {
    language: "ruby",
    tools: runner === null ? [] : [runner.name],
    settings: runner === null ? {} : { verify: [runner.command], tests: globs.tests },
    checks: runner === null ? "none" : "per-test",
    reasons:
      runner === null
        ? []
        : [
            { setting: "verify", why: runner.why },
            { setting: "tests", why: globs.why },
          ],
    notes: [
      runner === null ? "no test of RSpec, minitest or test-unit was found" : unprovenNote,
      ...(base.paths.includes("Gemfile")
        ? [
            `gems of the Gemfile are not fetched: https://rubygems.org is not in prepare.registries as shipped, so tests see only what the image has. Give an --image with the gems${debianHint(base)}; or add that origin in config.yaml, and give --prepare 'bundle config set --local path .gems && bundle install' --outputs .gems,.bundle and a --verify with bundle exec`,
          ]
        : []),
    ],
  };
}

/** Debian names most gems alike, and aedev builds an image with packages that a person names. */
function debianHint(base: DetectionFiles): string {
  const texts = base.paths
    .filter((path) => path === "Gemfile" || /^[^/]+\.gemspec$/u.test(path))
    .map((path) => fileText(base, path) ?? "");
  const named = texts.flatMap((text) => [
    ...text.matchAll(/(?:^[ \t]*gem|\.add_(?:runtime_|development_)?dependency)[ \t(]+["']([a-z][\w-]{0,60})["']/gmu),
  ]);
  const gems = [...new Set(named.map(([, name = ""]) => name))].filter((name) => !present.test(name));
  const packages = gems.slice(0, namedMax).map((name) => `ruby-${name.toLowerCase().replaceAll("_", "-")}`);
  const image = packages.length === 0 ? null : imageWithPackages(imageRecipe("ruby").image, packages);
  return image === null ? "" : `, e.g. of Debian's packages, as far as it has them: --image ${image}`;
}

function runnerOf(base: DetectionFiles): { name: string; command: string; why: string } | null {
  const files = testFiles(base.paths, "ruby");
  const isTest = new Set(files);
  const texts = base.paths
    .filter((path) => isTest.has(path) || path === "Gemfile" || path.endsWith(".gemspec"))
    .map((path) => fileText(base, path) ?? "");
  const names = (pattern: RegExp) => texts.some((text) => pattern.test(text));
  const spec = files.find((path) => /^spec\/.*_spec\.rb$/u.test(path));
  const isMinitest = spec !== undefined && !base.paths.includes(".rspec") && names(/minitest/u) && !names(/rspec/iu);
  if (spec !== undefined && !isMinitest)
    return { name: "rspec", command: rspec, why: `there are specs, e.g. ${escapedText(spec)}` };
  const first =
    spec ?? files.find((path) => /^test\/(?:.*\/)?(?:(?:test|spec)_[^/]*|[^/]*_(?:test|spec))\.rb$/u.test(path));
  if (first === undefined) return null;
  const why = `there are tests, e.g. ${escapedText(first)}`;
  const load = loaded(spec === undefined ? testsGlob : "spec/**/*_spec.rb");
  const paths = `-Ilib -I${spec === undefined ? "test" : "spec"}`;
  if (names(/\btest[/-]unit\b/u))
    return {
      name: "test-unit",
      command: `ruby ${paths} -rtest/unit -rtest/unit/ui/console/testrunner -rcgi -e '${testUnit}; ${load}' "$AEDEV_JUNIT_FILE"`,
      why,
    };
  return {
    name: "minitest",
    command: `ruby ${paths} -rminitest -rcgi -e '${minitest}; ${load}' "$AEDEV_JUNIT_FILE"`,
    why,
  };
}
