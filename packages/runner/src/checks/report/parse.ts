/** Parses a report in a child process with a deadline and a memory bound. Contract: never throws; if the parser dies, the report counts as broken. */

import { fileURLToPath } from "node:url";
import { reportedTestsMax } from "@aedev/contracts";
import { runBoundedChild } from "@aedev/host/bounded-child";
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";
import { brokenReport, type ParsedReport, problemCharsMax, type ReportFormat } from "./report.ts";

const parseTimeoutMs = 20_000;
const parserMemoryMegabytes = 512;
const parsedReportSchema = z.strictObject({
  tests: z
    .array(z.strictObject({ id: z.string().max(1000), result: z.enum(["pass", "fail", "skip"]) }))
    .max(reportedTestsMax),
  problem: z.string().max(problemCharsMax).nullable(),
});

/** A larger report is not read at all. */
export const reportBytesMax = 32 * 1024 * 1024;
export const reportTooLarge = `the report is omitted: it is larger than ${reportBytesMax / (1024 * 1024)} MiB`;

/** `checkout`: the repository's path in the container. */
export async function parseReport(
  format: ReportFormat,
  text: string,
  options: { checkout: string; timeoutMs?: number },
): Promise<ParsedReport> {
  if (text.length > reportBytesMax) return brokenReport(reportTooLarge);
  const script = fileURLToPath(new URL("./parse-child.ts", import.meta.url));
  const input = { format, text: text.toWellFormed(), checkout: options.checkout };
  const { stdout, end } = await runBoundedChild(script, input, {
    timeoutMs: options.timeoutMs ?? parseTimeoutMs,
    memoryMegabytes: parserMemoryMegabytes,
    answerBytesMax: reportBytesMax,
  });
  if (end === "timeout") return brokenReport("the report could not be parsed in time");
  if (end === "died") return brokenReport("the report's parser crashed");
  const parsed = parsedReportSchema.safeParse(parseJson(stdout));
  return parsed.success ? parsed.data : brokenReport("the report's parser gave no answer");
}
