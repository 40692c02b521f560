/**
 * The test runners whose per-test results we can ask for: how a command line shows them, how a report is forced without touching the
 * repository, and how a failing test is appended to a test file through the runner's own interface (THREATS T10). Pure.
 */
import {
  mochaSentinel,
  nodeTestSentinel,
  pytestSentinel,
  type Sentinel,
  tapeSentinel,
  vitestSentinel,
} from "./sentinel-source.ts";

export interface Runner {
  name: "tape" | "node-test" | "pytest" | "vitest" | "mocha";
  format: "tap" | "node-test" | "junit";
  /** Where its report is: on standard output, or in a file whose random path we hand over. */
  report: "stdout" | "file";
  /** True where one simple command (no pipes, no lists) runs it. */
  runs(command: string): boolean;
  /** True where a test file speaks to it. */
  isTestFile(path: string, content: string): boolean;
  environment(reportFile: string): Record<string, string>;
  /** Appended to the command; empty where the environment is enough. */
  arguments(reportFile: string): string;
  sentinel: Sentinel;
}

const script = /\.[cm]?[jt]sx?$/;
const imports = (module: string) =>
  new RegExp(`(require\\(\\s*|from\\s+|import\\s+|import\\(\\s*)['"]${module}['"]`, "u");
const noArguments = () => "";
/** A program by its name, alone, in node_modules/.bin, or through npx and the like. */
const program = (name: string) =>
  new RegExp(`^(?:(?:npx|pnpm exec|yarn|bunx)\\s+(?:-\\S+\\s+)*)?(?:\\S*/)?${name}(?:\\s|$)`, "u");
const tapeImport = imports("tape");
const nodeTestImport = imports("node:test(?:/reporters)?");
const vitestImport = imports("vitest");

export const runners: readonly Runner[] = [
  {
    name: "tape",
    format: "tap",
    report: "stdout",
    runs: (command) => program("tape").test(command),
    isTestFile: (path, content) => script.test(path) && tapeImport.test(content),
    environment: () => ({}),
    arguments: noArguments,
    sentinel: tapeSentinel,
  },
  {
    name: "node-test",
    format: "node-test",
    report: "file",
    runs: (command) =>
      /^(?:\S*\/)?node\s(?:.*\s)?--test(?:\s|$)/u.test(command) && !command.includes("--test-reporter"),
    isTestFile: (path, content) => script.test(path) && nodeTestImport.test(content),
    // A second reporter prints for people: what a failing test said is evidence too, and the next run is told.
    environment: (file) => ({
      NODE_OPTIONS: `--test-reporter=junit --test-reporter-destination=${file} --test-reporter=spec --test-reporter-destination=stdout`,
    }),
    arguments: noArguments,
    sentinel: nodeTestSentinel,
  },
  {
    name: "pytest",
    format: "junit",
    report: "file",
    runs: (command) =>
      program("(?:py\\.test|pytest)").test(command) || /^(?:\S*\/)?python[\d.]*\s+-m\s+pytest(?:\s|$)/u.test(command),
    isTestFile: (path) => /(^|\/)(test_[^/]*|[^/]*_test)\.py$/u.test(path),
    environment: (file) => ({ PYTEST_ADDOPTS: `--junitxml=${file} -o junit_family=xunit1` }),
    arguments: noArguments,
    sentinel: pytestSentinel,
  },
  {
    name: "vitest",
    format: "junit",
    report: "file",
    runs: (command) =>
      program("vitest").test(command) && /\s(run|--run)(\s|$)/u.test(command) && !command.includes("--reporter"),
    isTestFile: (path, content) => script.test(path) && vitestImport.test(content),
    environment: () => ({}),
    arguments: (file) => ` --reporter=default --reporter=junit --outputFile.junit=${file}`,
    sentinel: vitestSentinel,
  },
  {
    name: "mocha",
    format: "junit",
    report: "file",
    runs: (command) => program("_?mocha").test(command) && !/\s(--reporter|-R)[\s=]/u.test(command),
    isTestFile: (path, content) => /\.[cm]?js$/u.test(path) && /\b(it|test|specify)\s*\(/u.test(content),
    environment: () => ({}),
    arguments: (file) => ` --reporter xunit --reporter-option output=${file}`,
    sentinel: mochaSentinel,
  },
];
