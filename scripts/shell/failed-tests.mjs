/**
 * Prints the failed tests of a vitest report: one line for each failed test and for each file that could not be loaded, with file, test and the first line of
 * the message.
 *
 *   failed-tests.mjs REPORT ROOT
 *   failed-tests.mjs --files REPORT                   the files with a failure, one a line; nothing without a report
 *   failed-tests.mjs --counts REPORT                  passed, failed and skipped; "0 1 0" without a report
 *   failed-tests.mjs --merged-counts REPORT AGAIN     passed and failed, where AGAIN is a second run of the files with a failure
 *   failed-tests.mjs --unsteady REPORT AGAIN ROOT     the lines of REPORT for tests that passed in AGAIN
 *   failed-tests.mjs --noted NOTES ROOT               files, passed and skipped of the notes of run-reporter.mjs; "0 0 0" without notes
 */
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { notedFiles } from "./noted-files.ts";

const charactersMax = 400;
const asked = process.argv[2]?.startsWith("--") ? process.argv[2] : null;
const [reportPath = "", second = "", third = ""] = process.argv.slice(asked === null ? 2 : 3);

/**
 * @typedef {{ status: string, ancestorTitles: string[], title: string, failureMessages?: string[] }} Test
 * @typedef {{ name: string, status: string, message: string, assertionResults: Test[] }} File
 */
/** @param {string} path @returns {{ testResults: File[], [count: string]: any } | null} null: no whole report was written */
function read(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return null;
  }
}
/** @param {File} file @param {string} status */
const count = (file, status) => file.assertionResults.filter((test) => test.status === status).length;
/** @param {File} file */
const isUnloaded = (file) => file.status === "failed" && count(file, "failed") === 0;
/** A file that could not be loaded is one failure. @param {File} file */
const failuresOf = (file) => count(file, "failed") + (isUnloaded(file) ? 1 : 0);
/** @param {File[]} files @param {(file: File) => number} of */
const sum = (files, of) => files.reduce((total, file) => total + of(file), 0);
/** @param {string | undefined} text */
const firstLine = (text) =>
  stripVTControlCharacters(text ?? "")
    .trim()
    .split("\n")[0];
/** @param {Test} test */
const titleOf = (test) => [...test.ancestorTitles, test.title].join(" > ");

/** @param {File[]} files @param {string} root @param {(file: File, test: Test | null) => boolean} isMeant */
function describe(files, root, isMeant = () => true) {
  return files.flatMap((file) => {
    const path = relative(root, file.name);
    const lines = file.assertionResults
      .filter((test) => test.status === "failed" && isMeant(file, test))
      .map((test) => `${path} > ${titleOf(test)}: ${firstLine(test.failureMessages?.[0])}`);
    if (isUnloaded(file) && isMeant(file, null))
      lines.push(`${path}: ${firstLine(file.message) || "it could not be loaded"}`);
    return lines.map((line) => line.replaceAll(/\s+/g, " ").slice(0, charactersMax));
  });
}

const report = read(reportPath);
const files = report?.testResults ?? [];
const failing = files.filter((file) => failuresOf(file) > 0);
const passedOf = (/** @type {File} */ file) => count(file, "passed");
/** The second run's result of a file; undefined if it was lost. @param {File} file */
const again = ({ name }) => read(second)?.testResults.find((other) => other.name === name);

switch (asked) {
  case "--files":
    for (const { name } of failing) console.log(name);
    break;
  case "--counts":
    if (report === null) console.log("0 1 0");
    else {
      const failed = report["numFailedTests"] + files.filter(isUnloaded).length;
      console.log(report["numPassedTests"], failed, report["numPendingTests"] + report["numTodoTests"]);
    }
    break;
  case "--merged-counts": {
    const steady = files.filter((file) => !failing.includes(file));
    const ended = failing.map(again);
    const found = ended.filter((file) => file !== undefined);
    console.log(sum([...steady, ...found], passedOf), sum(found, failuresOf) + ended.length - found.length);
    break;
  }
  case "--noted": {
    const noted = notedFiles(second, reportPath);
    const total = (/** @type {"passed" | "skipped"} */ count) => noted.reduce((all, file) => all + file[count], 0);
    console.log(noted.length, total("passed"), total("skipped"));
    break;
  }
  case "--unsteady": {
    const passes = (/** @type {File} */ file, /** @type {Test | null} */ test) => {
      const other = again(file);
      if (test === null) return other !== undefined && !isUnloaded(other);
      return other?.assertionResults.some((one) => one.status === "passed" && titleOf(one) === titleOf(test)) === true;
    };
    for (const line of describe(failing, third, passes)) console.log(line);
    break;
  }
  default:
    if (report === null) console.log("no report was written: the suite was stopped or did not start");
    else for (const line of describe(files, second)) console.log(line);
}
