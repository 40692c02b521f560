/**
 * The test runners that can report single tests: how to recognize them in a command, how to make them write a report without changing the
 * repository, and which failing test to append to a test file as a sentinel (SECURITY T10). Pure.
 */
import { readFileSync } from "node:fs";
import { programPattern, pytestPattern } from "@aedev/host/program-pattern";
import { isNamedLike, pytestNames } from "@aedev/host/python-test-names";
import { goOutput } from "../report/parse-go.ts";
import { goSentinel, goTestingName, hasGoConstraint, libtestSentinel } from "./compiled-sentinel-source.ts";
import { jasmineReporter, mochaReporter, uvuReporter } from "./junit-reporter-source.ts";
import type { Runner } from "./runner.ts";
import {
  jasmineSentinel,
  jestSentinel,
  mochaSentinel,
  nodeTestSentinel,
  pytestSentinel,
  tapeSentinel,
  unittestSentinel,
  uvuSentinel,
  vitestSentinel,
} from "./sentinel-source.ts";
import { callsTests, hasTestCases } from "./shared-runner-files.ts";
import { avaSentinel, tapSentinel } from "./tap-sentinel-source.ts";
import { viteConfigurationSource } from "./vite-configuration.ts";

const script = /\.[cm]?[jt]sx?$/;
const imports = (module: string) =>
  new RegExp(`(require\\(\\s*|from\\s+|import\\s+|import\\(\\s*)['"]${module}['"]`, "u");
/** Accepts a script of which the text is unknown or matches the pattern. */
const scriptWith = (pattern: RegExp) => (path: string, content: string | null) =>
  script.test(path) && (content === null || pattern.test(content));
/** The same; also accepts tests whose functions are globals or come from a file that tests share. */
const testsWith = (pattern: RegExp) => (path: string, content: string | null) =>
  scriptWith(pattern)(path, content) || (script.test(path) && content !== null && callsTests(path, content));
/** Flags that end the run at the first failing test. A failing sentinel would then hide the other tests. */
const stopsEarly: Readonly<Partial<Record<Runner["name"], RegExp>>> = {
  pytest: /\s(-x|--exitfirst|--maxfail)(=|\s|$)/u,
  unittest: /\s(-\w*f\w*|--failfast|--pdb)(\s|$)/u,
  ava: /\s--fail-fast(\s|$)/u,
  tap: /\s(-b|--bail)(\s|$)/u,
  vitest: /\s--bail(=|\s|$)/u,
  jest: /\s(-b|--bail)(=|\s|$)/u,
  bun: /\s--bail(=|\s|$)/u,
  lab: /\s--bail(=|\s|$)/u,
  mocha: /\s(-b|--bail)(=|\s|$)/u,
  jasmine: /\s--(stop-on-failure|fail-fast)(=|\s|$)/u,
  uvu: /\s(-\w*b\w*|--bail)(=|\s|$)/u,
  go: /\s--?failfast(=|\s|$)/u,
};
/** Options of Python that decide where it finds modules are kept; `-c` and the like run no module. */
const unittestCommand = /^((?:\S*\/)?python[\d.]*(?:\s+-W\s+\S+|\s+-[bBdEIOqRsSuvW]\S*)*)\s+-m\s+unittest(?=\s|$)/u;
/** Django's runner is one of unittest. */
const djangoCommand =
  /^((?:\S*\/)?python[\d.]*(?:\s+-W\s+\S+|\s+-[bBdEIOqRsSuvW]\S*)*)\s+((?:[\w./-]+\/)?manage\.py)\s+test(?=\s|$)/u;
const unittestProgram = readFileSync(new URL("./unittest-program.py", import.meta.url), "utf8");

/** Defaults that most runners share. */
const usual = { isNode: true, testsAmongCode: false, environment: () => ({}), arguments: () => "" };
const nodeTest = {
  ...usual,
  name: "node-test",
  format: "node-test",
  report: "file",
  isTestFile: testsWith(imports("node:test(?:/reporters)?")),
  isNamedIn: scriptWith(imports("node:test(?:/reporters)?")),
  sentinel: nodeTestSentinel,
} as const;

export const runners: readonly Runner[] = [
  {
    ...usual,
    name: "tape",
    format: "tap",
    report: "stdout",
    runs: (command) => programPattern("tape").test(command),
    isTestFile: testsWith(imports("tape")),
    isNamedIn: scriptWith(imports("tape")),
    sentinel: tapeSentinel,
  },
  {
    ...usual,
    name: "tap",
    format: "tap",
    report: "stdout",
    // The bare name can also start one of its subcommands.
    runs: (command) =>
      programPattern("tap").test(command) &&
      !/\s(-R|--reporter|-c|--changed)(=|\s|$)/u.test(command) &&
      !/\btap\s+(?:build|config|debug|dump-config|help|list|plugin|repl|report|replay|versions)\b/u.test(command),
    isTestFile: scriptWith(imports("tap")),
    arguments: () => " --reporter=tap",
    sentinel: tapSentinel,
  },
  {
    ...usual,
    name: "ava",
    format: "tap",
    report: "stdout",
    runs: (command) =>
      programPattern("ava").test(command) &&
      !/\s(-t|--tap|-w|--watch)(\s|$)|\bava\s+(?:debug|reset-cache)\b/u.test(command),
    isTestFile: scriptWith(imports("ava")),
    arguments: () => " --tap",
    sentinel: avaSentinel,
  },
  {
    ...nodeTest,
    runs: (command) =>
      /^(?:\S*\/)?node\s(?:.*\s)?--test(?:\s|$)/u.test(command) && !command.includes("--test-reporter"),
    // A second reporter prints for people: the output of failing tests is evidence too, and the next run sees it.
    environment: (file) => ({
      NODE_OPTIONS: `--test-reporter=junit --test-reporter-destination=${file} --test-reporter=spec --test-reporter-destination=stdout`,
    }),
  },
  {
    ...nodeTest,
    name: "bnt",
    runs: (command) => programPattern("bnt").test(command),
    // Its call of node names the second reporter without a destination.
    environment: (file) => ({
      NODE_OPTIONS: `--test-reporter=junit --test-reporter-destination=${file} --test-reporter-destination=stdout`,
    }),
  },
  {
    ...usual,
    name: "pytest",
    format: "junit",
    report: "file",
    isNode: false,
    runs: (command) => pytestPattern.test(command),
    isTestFile: (path) =>
      isNamedLike(
        path,
        pytestNames(() => null),
      ),
    // A -x in the configuration would end the run at the first sentinel; a -x in the command is recognized by its text.
    environment: (file) => ({ PYTEST_ADDOPTS: `--junitxml=${file} -o junit_family=xunit1 --maxfail=0` }),
    sentinel: pytestSentinel,
  },
  {
    ...usual,
    name: "unittest",
    format: "junit",
    report: "file",
    isNode: false,
    // A run in several processes writes no single result.
    runs: (command) =>
      unittestCommand.test(command) || (djangoCommand.test(command) && !/\s--parallel(=|\s|$)/u.test(command)),
    isTestFile: (path, content) => path.endsWith(".py") && (content === null || hasTestCases(path, content)),
    program: {
      source: (file) => `REPORT = ${JSON.stringify(file)}\n${unittestProgram}`,
      runs: (command, path) =>
        command
          .replace(unittestCommand, (_whole, python: string) => `${python} ${path}`)
          .replace(
            djangoCommand,
            (_whole, python: string, manage: string) => `${python} ${path} --django ${manage} test`,
          ),
    },
    sentinel: unittestSentinel,
  },
  {
    ...usual,
    name: "vitest",
    format: "junit",
    report: "file",
    runs: (command) =>
      programPattern("vitest").test(command) && /\s(run|--run)(\s|$)/u.test(command) && !command.includes("--reporter"),
    isTestFile: testsWith(imports("vitest")),
    arguments: (file) => ` --reporter=default --reporter=junit --outputFile.junit=${file}`,
    preload: () => viteConfigurationSource,
    sentinel: vitestSentinel,
  },
  {
    ...usual,
    name: "mocha",
    format: "junit",
    report: "file",
    runs: (command) => programPattern("_?mocha").test(command) && !/\s(--reporter|-R)[\s=]/u.test(command),
    // The sentinel calls a global that QUnit's files lack; the sentinels of jest and bun test for theirs first.
    isTestFile: (path, content) => /\.[cm]?js$/u.test(path) && (content === null || callsMocha(content)),
    // mocha 2.1 to 5 knows only the plural `--reporter-options`; later versions accept it too. mocha 6 needs --no-diff, or its reporter ends silently if the
    // expected value of a failure is a pattern.
    arguments: (file) => ` --no-diff --reporter xunit --reporter-options output=${file}`,
    preload: mochaReporter,
    sentinel: mochaSentinel,
  },
  {
    ...usual,
    name: "jasmine",
    format: "junit",
    report: "file",
    runs: (command) =>
      programPattern("jasmine").test(command) &&
      !/\s--(parallel|reporter)=|\bjasmine\s+(?:examples|help|init|version)\b/u.test(command),
    isTestFile: scriptWith(/\bit\s*\(/u),
    preload: jasmineReporter,
    sentinel: jasmineSentinel,
  },
  {
    ...usual,
    name: "uvu",
    format: "junit",
    report: "file",
    runs: (command) => programPattern("uvu").test(command),
    isTestFile: scriptWith(imports("uvu")),
    preload: uvuReporter,
    sentinel: uvuSentinel,
  },
  {
    ...usual,
    name: "lab",
    format: "junit",
    report: "file",
    runs: (command) =>
      programPattern("lab").test(command) &&
      !/\s(-[a-zA-Z]*[dhoVr]|--(?:dry|help|output|reporter|version)(=|\s|$))/u.test(command),
    isTestFile: scriptWith(imports("(?:@hapi/)?lab")),
    arguments: (file) => ` --reporter console --output stdout --reporter junit --output ${file}`,
    // Code under test can replace hapi's assertions and what they call, so the report is not proven.
    sentinel: null,
  },
  {
    ...usual,
    name: "qunit",
    format: "tap",
    report: "stdout",
    runs: (command) =>
      programPattern("qunit").test(command) &&
      !/\s(-[a-zA-Z]*[hVrw]|--(?:help|reporter|version|watch)(=|\s|$))/u.test(command),
    isTestFile: scriptWith(/\bQUnit\s*\.\s*(?:test|module)\b/u),
    // Code under test can reach the object that records a test's results (`QUnit.config.current`), so its report is not proven.
    sentinel: null,
  },
  {
    ...usual,
    name: "jest",
    format: "jest",
    report: "file",
    runs: (command) =>
      programPattern("jest").test(command) &&
      !/\s--(json|outputFile|watch|watchAll|listTests|showConfig|init|reporters)(=|\s|$)/u.test(command),
    isTestFile: scriptWith(/\b(it|test)(\.\w+)*\s*[(`]/u),
    arguments: (file) => ` --json --outputFile=${file}`,
    sentinel: jestSentinel,
  },
  {
    ...usual,
    name: "bun",
    format: "junit",
    report: "file",
    isNode: false,
    runs: (command) =>
      /^(?:npx\s+|bunx\s+|\S*\/)?bun\s+test(?:\s|$)/u.test(command) &&
      !/\s--(reporter|reporter-outfile|watch|hot|todo|only|changed)(=|\s|$)/u.test(command),
    isTestFile: scriptWith(/\b(it|test)(\.\w+)*\s*[(`]/u),
    arguments: (file) => ` --reporter=junit --reporter-outfile=${file}`,
    // Nothing watches its assertions, so its report is not proven.
    sentinel: null,
  },
  {
    ...usual,
    name: "go",
    format: "go",
    report: "stdout",
    isNode: false,
    runs: (command) =>
      /^(?:\S*\/)?go\s+test(?:\s|$)/u.test(command) && !/\s--?(args|c|exec|o|list|n)(=|\s|$)/u.test(command),
    isTestFile: (path, content) => path.endsWith("_test.go") && (content === null || goTestingName(content) !== null),
    isConditional: hasGoConstraint,
    arguments: () => " -json",
    readable: goOutput,
    sentinel: goSentinel,
  },
  {
    name: "libtest",
    format: "libtest",
    report: "both",
    isNode: false,
    testsAmongCode: true,
    // Arguments after `--` go to the test programs, so ours would not reach cargo.
    runs: (command) =>
      /^(?:\S*\/)?cargo\s+(?:\+\S+\s+)?(?:test|t)(?:\s|$)/u.test(command) &&
      !/\s(--|-q|--quiet|--no-run|--message-format)(=|\s|$)/u.test(command),
    isTestFile: (path, content) =>
      path.endsWith(".rs") && (content === null || /#\[(cfg\(test\)|(\w+::)*test)\b/u.test(content)),
    environment: () => ({ CARGO_TERM_COLOR: "never", CARGO_TERM_PROGRESS_WHEN: "never", CARGO_TERM_QUIET: "false" }),
    arguments: (_file, text) => (/\s--no-fail-fast(\s|$)/u.test(text) ? "" : " --no-fail-fast"),
    sentinel: libtestSentinel,
  },
];

const junitVariable = /\\?\$(?:AEDEV_JUNIT_FILE\b|\{AEDEV_JUNIT_FILE\})/u;

/** Any runner whose command writes JUnit to the path in `$AEDEV_JUNIT_FILE`. Not in `runners`, because nothing else is known about it. */
export const junitRunner: Runner = {
  ...usual,
  name: "junit",
  format: "junit",
  report: "file",
  runs: (command) => junitVariable.test(command),
  isTestFile: () => false,
  sentinel: null,
};

/** The command with the path itself instead of the variable, which code under test could read (SECURITY T29). */
export function withJunitFile(command: string, reportFile: string): string {
  return command.replaceAll(new RegExp(junitVariable, "gu"), () => reportFile);
}

/** The runner of one simple command; null if it is unknown or would not run every test. */
export function runnerOfCommand(command: string): Runner | null {
  const runner = runners.find((one) => one.runs(command));
  return runner === undefined || stopsEarly[runner.name]?.test(command) === true ? null : runner;
}

const testCalls = /\b(?:it|test|specify)\s*\(/u;
const callsWithoutQUnit = /(?<!\bQUnit\.)\b(?:it|test|specify)\s*\(/u;
/** Uses that neither bind nor write the name, and a comment that only names globals. */
const knownUses = /(?<![\w$.'"`[])QUnit\.\w+\b(?!\s*=(?!=))|\/\*\s*globals?\s[\w\s,:$]*\*\//gu;

/** True if mocha runs tests of the file. A file that declares its own `QUnit` may call mocha by that name. */
function callsMocha(content: string): boolean {
  return (
    callsWithoutQUnit.test(content) || (testCalls.test(content) && content.replaceAll(knownUses, "").includes("QUnit"))
  );
}
