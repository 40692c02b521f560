/** The process that parses a report: one request as JSON on standard input, one answer on standard output. It is killed where it takes too long or too much memory (THREATS T21). */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { parseGo } from "./parse-go.ts";
import { parseJest } from "./parse-jest.ts";
import { parseJunit } from "./parse-junit.ts";
import { parseLibtest } from "./parse-libtest.ts";
import { parseTap } from "./parse-tap.ts";
import { type ParsedReport, type ReportFormat, reportFormats } from "./report.ts";

const requestSchema = z.strictObject({ format: z.enum(reportFormats), text: z.string(), checkout: z.string() });

const parsers: Readonly<Record<ReportFormat, (text: string, checkout: string) => ParsedReport>> = {
  tap: parseTap,
  junit: parseJunit,
  jest: parseJest,
  go: parseGo,
  libtest: parseLibtest,
};
const request = requestSchema.parse(JSON.parse(readFileSync(0, "utf8")));
process.stdout.write(JSON.stringify(parsers[request.format](request.text, request.checkout)));
