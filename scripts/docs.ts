/**
 * Writes the parts of the documents that are generated from the code: the tables of folders, events, holds, reasons and proofs.
 *
 *   npx -y pnpm@12.21.0 run docs                     writes them; the tidy test fails if they are older than the code
 *   npx -y pnpm@12.21.0 run docs --record REPORT...  first notes in test/proofs.yaml the results of each proof in vitest's JSON reports
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { generatedDocuments } from "./docs/generated.ts";
import { withResults } from "./docs/proofs.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const [option, ...reports] = process.argv.slice(2);
if (option !== undefined && (option !== "--record" || reports.length === 0)) {
  console.error("docs: takes nothing, or --record and the JSON reports of vitest, such as .cache/reports/unit.json");
  process.exit(2);
}
if (option === "--record") {
  const path = `${root}/test/proofs.yaml`;
  const today = new Date().toISOString().slice(0, 10);
  const texts = reports.map((report) => readFileSync(report, "utf8"));
  writeFileSync(path, withResults(readFileSync(path, "utf8"), texts, { root, today }));
}
for (const { path, text } of generatedDocuments(root)) {
  writeFileSync(`${root}/${path}`, text);
  console.log(path);
}
