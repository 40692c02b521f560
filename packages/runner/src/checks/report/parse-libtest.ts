/**
 * Reads the output of Rust's stable test harness under `cargo test`, with both streams merged because cargo names each test program on standard
 * error. To make forging harder, the announced number, the lines and the final counts must agree (SECURITY T10).
 */
import { brokenReport, collectResults, linesMax, type ParsedReport } from "./report.ts";

type Collector = ReturnType<typeof collectResults>;

interface Block {
  announced: number;
  passed: number;
  failed: number;
  ignored: number;
}

const programLine = /^\s+Running (?:unittests ?)?(\S*) ?\((\S+)\)$/u;
const documentationLine = /^\s+Doc-tests (\S+)$/u;
const beginLine = /^running (\d{1,9}) tests?$/u;
const testLine = /^test (.+) \.\.\. (ok|FAILED|ignored(?:, .*)?)$/u;
const endLine =
  /^test result: (?:ok|FAILED)\. (\d+) passed; (\d+) failed; (\d+) ignored; \d+ measured; \d+ filtered out/u;

/** Contract: never throws on any text. */
export function parseLibtest(text: string): ParsedReport {
  const lines = text.split("\n", linesMax + 1);
  if (lines.length > linesMax) return brokenReport(`the report is omitted: it has more than ${linesMax} lines`);
  const collector = collectResults();
  let program = "";
  let block: Block | null = null;
  let blocks = 0;
  for (const line of lines) {
    const next = programOf(line);
    const begin = beginLine.exec(line);
    if (next !== null || begin !== null) {
      if (block !== null) collector.blame(`the tests of ${program} did not end`);
      block = null;
    }
    if (next !== null) program = next;
    if (begin !== null) {
      block = { announced: Number(begin[1]), passed: 0, failed: 0, ignored: 0 };
      blocks += 1;
    }
    if (block !== null && readEnd(line, { block, program }, collector)) block = null;
    else readTest(line, { block, program }, collector);
  }
  if (block !== null) collector.blame(`the tests of ${program} did not end`);
  if (blocks === 0) return brokenReport("the command's output has no results of Rust's test harness");
  return collector.finish();
}

/** The crate and file of a test program, because another target may have a test of the same name. */
function programOf(line: string): string | null {
  const program = programLine.exec(line);
  if (program !== null) {
    const crate =
      (program[2] ?? "")
        .split("/")
        .at(-1)
        ?.replace(/-[0-9a-f]{8,}(?:\.exe)?$/u, "") ?? "";
    return `${crate} ${program[1] ?? ""}`.trim();
  }
  const documentation = documentationLine.exec(line);
  return documentation === null ? null : `documentation of ${documentation[1] ?? ""}`;
}

function readEnd(line: string, options: { block: Block; program: string }, collector: Collector): boolean {
  const end = endLine.exec(line);
  if (end === null) return false;
  const { block } = options;
  const [, passed, failed, ignored] = end.map(Number);
  const fits = passed === block.passed && failed === block.failed && ignored === block.ignored;
  if (!fits || block.passed + block.failed + block.ignored !== block.announced)
    collector.blame(`the counts of ${options.program} don't fit its tests`);
  return true;
}

function readTest(line: string, options: { block: Block | null; program: string }, collector: Collector): void {
  const found = testLine.exec(line);
  if (found === null) return;
  const { block, program } = options;
  if (block === null) {
    collector.blame("a test is outside a test program's run");
    return;
  }
  const [, name = "", outcome = ""] = found;
  const result = outcome === "ok" ? "pass" : outcome === "FAILED" ? "fail" : "skip";
  block[result === "pass" ? "passed" : result === "fail" ? "failed" : "ignored"] += 1;
  // The name of a documentation example contains its line number, which shifts with any change above it.
  collector.add([program, name.replace(/ \(line \d+\)/u, "")], result);
}
