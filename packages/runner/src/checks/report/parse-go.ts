/**
 * Reads what `go test -json` prints. Its events about single tests are made from what the test binary prints, so that the binary can forge any of
 * them; only a package's own end comes from its exit status. So each end must have had its beginning, nothing may follow a package's end, and
 * what the package says must fit its tests; the rest is the sentinel's and the exit code's to show (THREATS T10).
 */
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

/** How the end of a test looks behind something printed without a line feed. */
const printedEnd = /--- (PASS|FAIL|SKIP): (\S+) \(\d+\.\d+s\)\n$/u;

interface Package {
  /** Tests that have begun and not ended, with the end that stands in what they printed, if any. */
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
    // What is no event comes from the go command itself, such as a package that does not build, or from a script around it.
    if (!line.startsWith("{")) continue;
    const event = eventSchema.safeParse(parseLine(line));
    if (!event.success) {
      collector.blame("a line of the report can't be read");
      continue;
    }
    const { Action: action, Package: name, Test: test, Output: output = "" } = event.data;
    if (name === undefined) continue;
    const found = packages.get(name) ?? { open: new Map<string, Result | null>(), hasFailed: false, end: null };
    packages.set(name, found);
    if (found.end !== null) collector.blame(`something of ${name} follows its end`);
    if (test === undefined) readEnd(found, action);
    else readTest(found, { action, name, test, output }, collector);
  }
  if (packages.size === 0) return brokenReport("there is no event of go test in what the command printed");
  for (const [name, found] of packages) finish(name, found, collector);
  return collector.finish();
}

function readEnd(found: Package, action: string): void {
  if (action === "pass" || action === "fail" || action === "skip") found.end = action;
}

function readTest(
  found: Package,
  of: { action: string; name: string; test: string; output: string },
  collector: Collector,
): void {
  const { action, name, test, output } = of;
  if (action === "run") {
    if (found.open.has(test)) collector.blame(`${test} began twice`);
    found.open.set(test, null);
    return;
  }
  if (action === "output" && found.open.has(test)) {
    const [, word, printed] = printedEnd.exec(output.slice(-1000)) ?? [];
    if (printed === test) found.open.set(test, word === "PASS" ? "pass" : word === "FAIL" ? "fail" : "skip");
    return;
  }
  if (action !== "pass" && action !== "fail" && action !== "skip") return;
  if (!found.open.delete(test)) collector.blame(`${test} ended without having begun`);
  if (action === "fail") found.hasFailed = true;
  collector.add([name, test], action);
}

function finish(name: string, { open, hasFailed, end }: Package, collector: Collector): void {
  if (end === null) collector.blame(`${name} did not end`);
  const failed = hasFailed || [...open.values()].includes("fail");
  if (end !== "fail" && failed) collector.blame(`${name} did not fail although a test of it did`);
  // Before Go 1.20 the end of a test that prints without a line feed is no event. One without any end is known by nobody.
  for (const [test, printed] of open) collector.add([name, test], printed ?? (end === "pass" ? "skip" : "fail"));
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** What the tests printed, for people: the events' own output in order, other lines as they are. */
export function goOutput(text: string): string {
  const outputSchema = z.looseObject({ Action: z.string(), Output: z.string().optional() });
  return text
    .split("\n")
    .map((line) => {
      if (!line.startsWith("{")) return line === "" ? "" : `${line}\n`;
      const event = outputSchema.safeParse(parseLine(line));
      return event.success ? (event.data.Output ?? "") : `${line}\n`;
    })
    .join("");
}
