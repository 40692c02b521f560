/**
 * Reads the output of `go test -json`. A test binary can forge events about single tests, because go derives them from the binary's output; only a package's
 * end comes from its exit status. So each test's end needs a start, nothing may follow a package's end, and the package's result must fit its tests. Sentinels
 * and the exit code cover the rest (SECURITY T10).
 */
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";
import { brokenReport, collectResults, linesMax, type ParsedReport } from "./report.ts";

const eventSchema = z.looseObject({
  Action: z.string(),
  Package: z.string().optional(),
  Test: z.string().optional(),
  Output: z.string().optional(),
});
type Collector = ReturnType<typeof collectResults>;
type Result = ParsedReport["tests"][number]["result"];

/** The end of a test after output without a newline. */
const printedEnd = /--- (PASS|FAIL|SKIP): (\S+) \(\d+\.\d+s\)\n$/u;

interface Package {
  /** Tests that have started but not ended, with the result found in their output, if any. */
  open: Map<string, Result | null>;
  hasFailed: boolean;
  end: "pass" | "fail" | "skip" | null;
}

/** Contract: never throws on any text. */
export function parseGo(text: string): ParsedReport {
  const lines = text.split("\n", linesMax + 1);
  if (lines.length > linesMax) return brokenReport(`the report is omitted: it has more than ${linesMax} lines`);
  const collector = collectResults();
  const packages = new Map<string, Package>();
  for (const line of lines) {
    // Other lines come from the go command, e.g. about a package that does not build, or from a script around it.
    if (!line.startsWith("{")) continue;
    const event = eventSchema.safeParse(parseJson(line));
    if (!event.success) {
      collector.blame("a line of the report can't be read");
      continue;
    }
    const { Action: action, Package: name, Test: test, Output: output = "" } = event.data;
    if (name === undefined) continue;
    const found = packages.get(name) ?? { open: new Map<string, Result | null>(), hasFailed: false, end: null };
    packages.set(name, found);
    if (found.end !== null) collector.blame(`an event of ${name} follows its end`);
    if (test === undefined) readEnd(found, action);
    else readTest(found, { action, name, test, output }, collector);
  }
  if (packages.size === 0) return brokenReport("the command's output has no event of go test");
  for (const [name, found] of packages) finish(name, found, collector);
  return collector.finish();
}

function readEnd(found: Package, action: string): void {
  if (action === "pass" || action === "fail" || action === "skip") found.end = action;
}

function readTest(
  found: Package,
  options: { action: string; name: string; test: string; output: string },
  collector: Collector,
): void {
  const { action, name, test, output } = options;
  if (action === "run") {
    if (found.open.has(test)) collector.blame(`${test} started twice`);
    found.open.set(test, null);
    return;
  }
  if (action === "output" && found.open.has(test)) {
    const [, outcome, printed] = printedEnd.exec(output.slice(-1000)) ?? [];
    if (printed === test) found.open.set(test, outcome === "PASS" ? "pass" : outcome === "FAIL" ? "fail" : "skip");
    return;
  }
  if (action !== "pass" && action !== "fail" && action !== "skip") return;
  if (!found.open.delete(test)) collector.blame(`${test} ended without a start`);
  if (action === "fail") found.hasFailed = true;
  collector.add([name, test], action);
}

function finish(name: string, { open, hasFailed, end }: Package, collector: Collector): void {
  if (end === null) collector.blame(`${name} did not end`);
  const failed = hasFailed || [...open.values()].includes("fail");
  if (end !== "fail" && failed) collector.blame(`${name} did not fail although one of its tests did`);
  // Before Go 1.20 a test that prints without a newline has no end event. A test without any end counts by its package's result.
  for (const [test, printed] of open) collector.add([name, test], printed ?? (end === "pass" ? "skip" : "fail"));
}

/** The tests' output for people: the events' output in order, other lines unchanged. */
export function goOutput(text: string): string {
  const outputSchema = z.looseObject({ Action: z.string(), Output: z.string().optional() });
  return text
    .split("\n")
    .map((line) => {
      if (!line.startsWith("{")) return line === "" ? "" : `${line}\n`;
      const event = outputSchema.safeParse(parseJson(line));
      return event.success ? (event.data.Output ?? "") : `${line}\n`;
    })
    .join("");
}
