/** The child process that parses one report: a JSON request on standard input, the answer on standard output. It is killed if it takes too long or too much memory (SECURITY T21). */
import { readFileSync } from "node:fs";
import type { ParsedReport, ReportFormat } from "./report.ts";

/** Only the needed parser is loaded, with what it needs: a run has a dozen reports, and starting this process is most of their cost. */
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
