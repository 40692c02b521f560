/** What aedev knows of a test runner. */
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
  /** Where the report is: on standard output, there mixed with standard error, or in a file whose random path we pass. */
  report: "stdout" | "both" | "file";
  /** True if its processes can be Node's, in which the guard can lock assertions. */
  isNode: boolean;
  /** True if this simple command (no pipes, no lists) runs it. */
  runs(command: string): boolean;
  /** True if the file is a test file of this runner; with `content` null, if its name allows that. */
  isTestFile(path: string, content: string | null): boolean;
  /** True if the file names the runner, by which a command such as `node test/all.js` is known; absent if only the command names it. */
  isNamedIn?(path: string, content: string): boolean;
  /** True if the file has a build constraint, which can leave it out of the run. */
  isConditional?(path: string, content: string): boolean;
  /** True if code files contain tests too, so that sentinels also go into files outside the repository's test globs. */
  testsAmongCode: boolean;
  environment(reportFile: string): Record<string, string>;
  /** Appended to the command, which expands to `text`; empty if the environment is enough. */
  arguments(reportFile: string, text: string): string;
  /** A program of ours that runs in its place, if it can't write a report itself. */
  program?: RunnerProgram;
  /** More text for the guard, which is preloaded into its processes. */
  preload?(reportFile: string): string;
  /** Converts its output for people, if needed. */
  readable?(output: string): string;
  /** Null if only the runner's report is known. Such a report is not proven, so the change needs an approval at least. */
  sentinel: Sentinel | null;
}

/** Node's own reporter writes JUnit. */
export function parserOf({ format }: Runner): ReportFormat {
  return format === "node-test" ? "junit" : format;
}
