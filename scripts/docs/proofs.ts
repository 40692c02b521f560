/**
 * The table of proofs in EXECUTION_WORKBOOK.md, from test/proofs.yaml: each capability, its proof, and the last result. Results of tests are noted from
 * vitest's reports; those of other commands are written by hand.
 */
import { isAbsolute, relative } from "node:path";
import { isMap, isSeq, parse, parseDocument } from "yaml";

type Proof = { what: string; tests?: string[]; command?: string; date?: string; result?: string; note?: string };
type Section = { section: string; proofs: Proof[] };
type FileResult = { path: string; passed: number; failed: number; skipped: number };

export function proofTable(text: string): string {
  const sections = parse(text) as Section[];
  const rows = sections.flatMap(({ section, proofs }) => [
    `| **${section}** | | | |`,
    ...proofs.map((proof) => `| ${proof.what} | ${provedBy(proof)} | ${proof.date ?? ""} | ${resultOf(proof)} |`),
  ]);
  return ["| capability | proof | date | last result |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

/** A proof without a result has not run since its row was written. */
const resultOf = ({ result, note }: Proof) =>
  [result ?? "not run yet", note].filter((part) => part !== undefined).join("; ");

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
