/**
 * Prints how good the scorecard of risk from history is on the test rows of the defect data, which it was not fitted to, with simpler ways beside it:
 * `tsx scripts/evaluate-risk.ts DATA`.
 */
import { pnpm, readArguments, refuseArguments } from "./command-line.ts";
import { evaluationText } from "./risk/evaluate.ts";
import { readProjects } from "./risk/rows.ts";

const name = "risk:evaluate";
const usage = `usage: ${pnpm} ${name} DATA\n`;

const given = readArguments({ name, usage, options: {}, allowPositionals: true });
if (given !== null) {
  const [folder, more] = given.positionals;
  if (folder === undefined || more !== undefined) refuseArguments({ name, usage, why: "one folder of data is needed" });
  else {
    const say = (project: string) => process.stderr.write(`${project} …\n`);
    process.stdout.write(`${evaluationText(readProjects(folder), say)}\n`);
  }
}
