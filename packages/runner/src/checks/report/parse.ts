/** Parses a report in a child process with a deadline and a memory bound. Contract: never throws; a parser that dies is a report that can't be believed. */
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { brokenReport, type ParsedReport, parsedReportSchema, type ReportFormat } from "./report.ts";

const parseTimeoutMs = 20_000;
const parserMemoryMegabytes = 512;
/** A report over this is omitted as a whole. */
export const reportBytesMax = 32 * 1024 * 1024;

/** `checkout` is where the repository was in the container. */
export async function parseReport(
  format: ReportFormat,
  text: string,
  options: { checkout: string; timeoutMs?: number },
): Promise<ParsedReport> {
  if (text.length > reportBytesMax) return brokenReport(`the report is omitted: over ${reportBytesMax} bytes`);
  const script = fileURLToPath(new URL("./parse-child.ts", import.meta.url));
  const result = await execa(process.execPath, [`--max-old-space-size=${parserMemoryMegabytes}`, script], {
    input: JSON.stringify({ format, text: text.toWellFormed(), checkout: options.checkout }),
    env: parserEnvironment(),
    extendEnv: false,
    reject: false,
    timeout: options.timeoutMs ?? parseTimeoutMs,
    killSignal: "SIGKILL",
    maxBuffer: { stdout: reportBytesMax, stderr: 64 * 1024 },
  });
  if (result.timedOut) return brokenReport("the report could not be parsed in time");
  if (result.failed) return brokenReport("the report's parser died");
  const parsed = parsedReportSchema.safeParse(parseJson(result.stdout));
  return parsed.success ? parsed.data : brokenReport("the report's parser gave no answer");
}

/** It compiles nothing anew: a run has a dozen reports. */
function parserEnvironment(): Record<string, string> {
  const { PATH = "/usr/bin:/bin", NODE_COMPILE_CACHE } = process.env;
  return NODE_COMPILE_CACHE === undefined ? { PATH } : { PATH, NODE_COMPILE_CACHE };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
