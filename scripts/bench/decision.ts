/** Measures how long a decision takes after its approval, beside two runs of the repository's own tests by hand in the same containers. See its `--help`. */
import { pnpm, readArguments, refuseArguments } from "../command-line.ts";
import { openRows } from "../decided/rows-file.ts";
import { kindsText } from "../decided/tables.ts";
import { decideCommits } from "../honest/decide.ts";
import { clonesIn } from "../honest/history.ts";

const usage = `bench decision: how long a decision takes, by kind of change

  ${pnpm} bench decision --from FOLDER [--only NAME]... [--commits N] [--back N] [--json FILE]

  --from FOLDER  a folder of bare clones: NAME.git, NAME or NAME/repo
  --only NAME    only this clone
  --commits N    commits of each kind and repository (default 1)
  --back N       look for them among its newest N (default 1000)
  --json FILE    add a line for each decision to this file, and skip the commits that it has

The same as honest --decide: real checks in containers, judges that pass everything, no landing. Run it on an idle machine: what else runs counts too.
`;
const options = {
  from: { type: "string" },
  only: { type: "string", multiple: true },
  commits: { type: "string", default: "1" },
  back: { type: "string", default: "1000" },
  json: { type: "string" },
} as const;

export async function benchDecision(args: string[]): Promise<void> {
  const name = "bench decision";
  const given = readArguments({ name, usage, options, args })?.values;
  if (given === undefined) return;
  const { from, only } = given;
  const [most, back] = [Number(given.commits), Number(given.back)];
  const refuse = (why: string) => refuseArguments({ name, usage, why });
  if (from === undefined) return refuse("--from is missing");
  if (![most, back].every((value) => Number.isSafeInteger(value) && value > 0))
    return refuse("a number is not a whole number above 0");
  const rows = openRows(given.json);
  for (const clone of clonesIn(from).filter((one) => only?.includes(one.name) ?? true))
    await decideCommits(clone, { most, back, kinds: [], rows });
  process.stdout.write(`\n${kindsText(rows.rows.filter(({ source }) => source === "history"))}\n`);
}
