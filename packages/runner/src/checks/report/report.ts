/**
 * A parsed report: the tests that it lists, and why it can't be trusted, if so. Also the bounds and test ids of all formats. Pure. Each report is parsed in a
 * process that loads this file, so it imports little.
 *
 * Folder: parsing test reports in a child process.
 */
import { stripVTControlCharacters } from "node:util";
import { reportedTestsMax } from "@aedev/contracts/reported-tests";

/** The formats that have a parser. */
export const reportFormats = ["tap", "junit", "jest", "go", "libtest"] as const;
export type ReportFormat = (typeof reportFormats)[number];

/** Bytes of all names in a report; for the reason see {@link reportedTestsMax}. */
const namesBytesMax = 8 * 1024 * 1024;
export const linesMax = 400_000;
const idCharsMax = 960;
export const problemCharsMax = 400;

/** `problem`: null if the report is complete and consistent. */
export interface ParsedReport {
  tests: { id: string; result: "pass" | "fail" | "skip" }[];
  problem: string | null;
}

export function brokenReport(problem: string): ParsedReport {
  return { tests: [], problem: problem.toWellFormed().slice(0, problemCharsMax) };
}

/**
 * Collects results under ids that stay the same across runs: the path of names without a terminal's escape sequences, with `#2`, `#3` for repetitions. Results
 * beyond the bound are only counted.
 */
export function collectResults(): {
  add: (path: readonly string[], result: ParsedReport["tests"][number]["result"]) => void;
  blame: (problem: string) => void;
  finish: () => ParsedReport;
} {
  const tests: ParsedReport["tests"] = [];
  const seen = new Map<string, number>();
  const problems: string[] = [];
  let omitted = 0;
  let namesBytes = 0;
  return {
    add(path, result) {
      const name = path.map((part) => stripVTControlCharacters(part).trim()).filter((part) => part !== "");
      const id = name.join(" > ").slice(0, idCharsMax).toWellFormed() || "(no name)";
      const times = (seen.get(id) ?? 0) + 1;
      seen.set(id, times);
      const whole = times === 1 ? id : `${id}#${times}`;
      namesBytes += Buffer.byteLength(JSON.stringify(whole));
      if (tests.length >= reportedTestsMax || namesBytes > namesBytesMax) omitted += 1;
      else tests.push({ id: whole, result });
    },
    blame: (problem) => {
      if (problems.length < 5) problems.push(problem);
    },
    finish() {
      if (omitted > 0)
        problems.unshift(
          tests.length >= reportedTestsMax
            ? `${omitted} tests omitted: more than ${reportedTestsMax} were reported`
            : `${omitted} tests omitted: the names of all ${omitted + tests.length} are longer than ${namesBytesMax / (1024 * 1024)} MiB`,
        );
      const problem = problems.join("; ").toWellFormed().slice(0, problemCharsMax);
      return { tests, problem: problem === "" ? null : problem };
    },
  };
}
