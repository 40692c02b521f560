/**
 * The table of proofs in EXECUTION_WORKBOOK.md, from test/proofs.yaml: each capability, its proof, and the last result. Results of tests are noted from
 * vitest's reports; those of other commands are written by hand.
 */
import { isAbsolute, relative } from "node:path";
import { isMap, isSeq, parse, parseDocument } from "yaml";

type Proof = { what: string; tests?: string[]; command?: string; date?: string; result?: string; note?: string };
type Section = { section: string; proofs: Proof[] };
type FileResult = { path: string; passed: number; failed: number; skipped: number };

/** A date is said once, above the column, for the results by night and for the others; a row has one only if its own differs. */
export function proofTable(text: string): string {
  const sections = parse(text) as Section[];
  const all = sections.flatMap(({ proofs }) => proofs);
  const usual = {
    day: mostCommon(all.filter((proof) => !isByNight(proof)).map(({ date }) => date)),
    night: mostCommon(all.filter(isByNight).map(({ date }) => date)),
  };
  const rows = sections.flatMap(({ section, proofs }) => [
    `| **${section}** | | |`,
    ...proofs.map((proof) => `| ${proof.what} | ${provedBy(proof)} | ${resultOf(proof, usual)} |`),
  ]);
  const dates = `${usual.day ?? "undated"}${usual.night === undefined ? "" : `, by night ${usual.night}`}`;
  return [`| capability | proof | tests passed (${dates}) |`, "| --- | --- | --- |", ...rows].join("\n");
}

const isByNight = ({ result = "" }: Proof) => result.startsWith("passed by night");

/** The earliest of equally common values. */
function mostCommon(dates: readonly (string | undefined)[]): string | undefined {
  const counts = [...Map.groupBy(dates, (date) => date)].filter(([date]) => date !== undefined);
  return counts.toSorted(([, left], [, right]) => right.length - left.length)[0]?.[0];
}

/** A proof without a result has not run since its row was written. */
function resultOf(
  proof: Proof,
  usual: { readonly day: string | undefined; readonly night: string | undefined },
): string {
  const { date, result = "not run yet", note } = proof;
  const own = date === undefined || date === (isByNight(proof) ? usual.night : usual.day) ? [] : [date];
  const short = result.replace(/^passed,? (?=\d|by night)/, "");
  return [...own, [short, note].filter((part) => part !== undefined).join("; ")].join(": ");
}

function provedBy({ tests = [], command }: Proof): string {
  return [...tests, ...(command === undefined ? [] : [command])].map((part) => `\`${part}\``).join(", ");
}

/** The same file, with today's date and counts for each proof whose tests are all in the reports. */
export function withResults(
  text: string,
  reports: readonly string[],
  options: { readonly root: string; readonly today: string },
): string {
  const results = reports.flatMap((report) => resultsIn(report, options.root));
  const document = parseDocument(text);
  if (!isSeq(document.contents)) throw new Error("test/proofs.yaml is no list of sections");
  const sections = document.toJS() as Section[];
  sections.forEach(({ proofs }, section) => {
    proofs.forEach(({ tests = [] }, index) => {
      const node = document.getIn([section, "proofs", index]);
      const ran = tests.map((path) => results.filter((file) => file.path === path || file.path.startsWith(`${path}/`)));
      if (!isMap(node) || ran.length === 0 || ran.some((files) => files.length === 0)) return;
      node.set("date", options.today);
      node.set("result", countsText(ran.flat()));
    });
  });
  return document.toString({ lineWidth: 140, flowCollectionPadding: false });
}

function countsText(files: readonly FileResult[]): string {
  const sum = (count: (file: FileResult) => number) => files.reduce((total, file) => total + count(file), 0);
  const failed = sum((file) => file.failed);
  const skipped = sum((file) => file.skipped);
  const counts =
    failed > 0
      ? `FAILED, ${failed} of ${failed + sum((file) => file.passed)}`
      : `passed, ${sum((file) => file.passed)}`;
  return skipped > 0 ? `${counts}, ${skipped} skipped` : counts;
}

/** A file that could not be loaded counts as one failure. */
function resultsIn(report: string, root: string): FileResult[] {
  const { testResults } = JSON.parse(report) as {
    testResults: { name: string; status: string; assertionResults: { status: string }[] }[];
  };
  return testResults.map(({ name, status, assertionResults }) => {
    const count = (wanted: readonly string[]) => assertionResults.filter((test) => wanted.includes(test.status)).length;
    const failed = count(["failed"]);
    return {
      path: isAbsolute(name) ? relative(root, name) : name,
      passed: count(["passed"]),
      failed: failed === 0 && status === "failed" ? 1 : failed,
      skipped: count(["pending", "skipped", "todo"]),
    };
  });
}
