/** The child process that parses one report: a JSON request on standard input, the answer on standard output. It is killed if it takes too long or too much memory (THREATS T21). */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { type ParsedReport, type ReportFormat, reportFormats } from "./report.ts";

const requestSchema = z.strictObject({ format: z.enum(reportFormats), text: z.string(), checkout: z.string() });

/** Loads only the needed parser, because a run has a dozen reports. */
const parsers: Readonly<Record<ReportFormat, () => Promise<(text: string, checkout: string) => ParsedReport>>> = {
  tap: async () => (await import("./parse-tap.ts")).parseTap,
  junit: async () => (await import("./parse-junit.ts")).parseJunit,
  jest: async () => (await import("./parse-jest.ts")).parseJest,
  go: async () => (await import("./parse-go.ts")).parseGo,
  libtest: async () => (await import("./parse-libtest.ts")).parseLibtest,
};
const request = requestSchema.parse(JSON.parse(readFileSync(0, "utf8")));
const parse = await parsers[request.format]();
process.stdout.write(JSON.stringify(parse(request.text, request.checkout)));
