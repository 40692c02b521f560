/** Prints one line for each failed test of a vitest report, and for each file that could not be loaded: file, test and the first line of the message. */
import { existsSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";

const charactersMax = 400;
const [reportPath = "", root = ""] = process.argv.slice(2);
if (!existsSync(reportPath)) {
  console.log("no report was written: the suite was stopped or did not start");
  process.exit(0);
}
const report = JSON.parse(readFileSync(reportPath, "utf8"));
/** @param {string | undefined} text */
const firstLine = (text) =>
  stripVTControlCharacters(text ?? "")
    .trim()
    .split("\n")[0];

for (const file of report.testResults) {
  const path = relative(root, file.name);
  const tests = file.assertionResults.filter((/** @type {{ status: string }} */ { status }) => status === "failed");
  const lines = tests.map(
    (/** @type {{ ancestorTitles: string[], title: string, failureMessages?: string[] }} */ test) =>
      `${path} > ${[...test.ancestorTitles, test.title].join(" > ")}: ${firstLine(test.failureMessages?.[0])}`,
  );
  if (tests.length === 0 && file.status === "failed")
    lines.push(`${path}: ${firstLine(file.message) || "it could not be loaded"}`);
  for (const line of lines) console.log(line.replaceAll(/\s+/g, " ").slice(0, charactersMax));
}
