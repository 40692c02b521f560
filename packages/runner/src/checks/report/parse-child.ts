/** Child process that parses one report: reads a JSON request, writes a JSON answer; killed at its time and memory bounds (SECURITY T21). */
import { readFileSync } from "node:fs";
import type { ParsedReport, ReportFormat } from "./report.ts";

/** Loads only the parser it needs, because a run has a dozen reports and most of a report's time is the start of this process. */
const parsers: Readonly<Record<ReportFormat, () => Promise<(text: string, checkout: string) => ParsedReport>>> = {
  tap: async () => (await import("./parse-tap.ts")).parseTap,
  junit: async () => (await import("./parse-junit.ts")).parseJunit,
  jest: async () => (await import("./parse-jest.ts")).parseJest,
  go: async () => (await import("./parse-go.ts")).parseGo,
  libtest: async () => (await import("./parse-libtest.ts")).parseLibtest,
};
/** Written by `parseReport`. */
const request = JSON.parse(readFileSync(0, "utf8")) as { format: ReportFormat; text: string; checkout: string };
const parse = await parsers[request.format]();
process.stdout.write(JSON.stringify(parse(request.text, request.checkout)));
