/** Reads jest's --json --outputFile report. To make forging harder, jest's counts must fit the tests that it lists (SECURITY T10). */
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";
import { brokenReport, collectResults, type ParsedReport } from "./report.ts";

const text = z.string();
const testSchema = z.looseObject({
  ancestorTitles: z.array(text).max(100),
  title: text,
  status: z.enum(["passed", "failed", "pending", "skipped", "todo", "disabled", "focused"]),
});
const fileSchema = z.looseObject({ name: text, assertionResults: z.array(testSchema) });
const count = z.int().nonnegative();
const reportSchema = z.looseObject({
  numTotalTests: count,
  numPassedTests: count,
  numFailedTests: count,
  wasInterrupted: z.boolean(),
  testResults: z.array(fileSchema),
});

/** `checkout`: the repository's path in the container, which is removed from file names. Contract: never throws on any text. */
export function parseJest(json: string, checkout: string): ParsedReport {
  const parsed = reportSchema.safeParse(parseJson(json));
  if (!parsed.success) return brokenReport("the report is not a jest report");
  const { testResults, numTotalTests, numPassedTests, numFailedTests, wasInterrupted } = parsed.data;
  const collector = collectResults();
  const counted = { all: 0, passed: 0, failed: 0 };
  for (const file of testResults) {
    const path = file.name.startsWith(`${checkout}/`) ? file.name.slice(checkout.length + 1) : file.name;
    for (const { ancestorTitles, title, status } of file.assertionResults) {
      counted.all += 1;
      if (status === "passed") counted.passed += 1;
      if (status === "failed") counted.failed += 1;
      const result = status === "passed" ? "pass" : status === "failed" ? "fail" : "skip";
      collector.add([path, ...ancestorTitles, title], result);
    }
  }
  if (counted.all !== numTotalTests || counted.passed !== numPassedTests || counted.failed !== numFailedTests)
    collector.blame(`${numTotalTests} tests are counted and ${counted.all} listed, or their results don't fit`);
  if (wasInterrupted) collector.blame("the run was interrupted");
  return collector.finish();
}
