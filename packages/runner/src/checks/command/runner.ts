/** The description of a test runner. */
import type { ReportFormat } from "../report/report.ts";
import type { Sentinel } from "./sentinel-source.ts";

/** `source`: the program's text; `runs`: the simple command with the program at `path` in place of the runner. */
export interface RunnerProgram {
  source(reportFile: string): string;
  runs(command: string, path: string): string;
}

export interface Runner {
  name:
    | "tape"
    | "tap"
    | "ava"
    | "node-test"
    | "bnt"
    | "pytest"
    | "unittest"
    | "vitest"
    | "jest"
    | "bun"
    | "mocha"
    | "jasmine"
    | "uvu"
    | "lab"
    | "qunit"
    | "go"
    | "libtest"
    | "junit";
  format: "tap" | "node-test" | "junit" | "jest" | "go" | "libtest";
  /** Where the runner writes its report: to standard output, to standard output mixed with standard error, or to a file whose random path we pass. */
  report: "stdout" | "both" | "file";
  /** True if its processes can be Node's, so that the guard can lock assertions in them. */
  isNode: boolean;
  /** True if this simple command (no pipes, no lists) starts the runner. */
  runs(command: string): boolean;
  /** True if the file is a test file of this runner; with `content` null, if its name allows that. */
  isTestFile(path: string, content: string | null): boolean;
  /** True if the file names the runner, which identifies a command such as `node test/all.js`; absent if only a command can name it. */
  isNamedIn?(path: string, content: string): boolean;
  /** True if the file has a build constraint, which can leave it out of the run. */
  isConditional?(path: string, content: string): boolean;
  /** True if files of code can contain tests, so that files outside the repository's test globs get sentinels too. */
  testsAmongCode: boolean;
  environment(reportFile: string): Record<string, string>;
  /** Appended to the command, which expands to `text`; empty if the environment is enough. */
  arguments(reportFile: string, text: string): string;
  /** A program of ours that runs in its place, if it can't write a report itself. */
  program?: RunnerProgram;
  /** Text for the guard, preloaded into the runner's processes. */
  preload?(reportFile: string): string;
  /** Makes its output readable for people, if it is not. */
  readable?(output: string): string;
  /** Null if nothing proves the runner's report. Then the change needs at least an approval. */
  sentinel: Sentinel | null;
}

/** Node's own reporter writes JUnit, so its report is parsed as that. */
export function parserOf({ format }: Runner): ReportFormat {
  return format === "node-test" ? "junit" : format;
}
