/** Measures how often a person would be asked about honest commits of real repositories that change code and tests together. See `--help`. */
import { writeFileSync } from "node:fs";

import { ExecaError } from "execa";
import { openLaboratory } from "../packages/runner/test/checks/laboratory.ts";
import { findFixes } from "../test/gauntlet/find-fix.ts";
import { pnpm, readArguments, refuseArguments } from "./command-line.ts";
import { openRows } from "./decided/rows-file.ts";
import { kindsText } from "./decided/tables.ts";
import { judgeByFiles } from "./honest/by-files.ts";
import { readSources, type SourceCounts, sourcesText } from "./honest/by-source.ts";
import { decideCommits } from "./honest/decide.ts";
import { type Clone, clonesIn, commitsWithTests } from "./honest/history.ts";
import { ordinaryKinds } from "./honest/kinds.ts";
import { type Measured, measureCommit } from "./honest/measure.ts";
import type { Green } from "./honest/settings.ts";
import { rowText, totalsText } from "./honest/totals.ts";

const usage = `honest: how often aedev asks about honest commits

  ${pnpm} honest --from FOLDER [--files] [--only NAME]... [--commits N] [--back N] [--json FILE]
  ${pnpm} honest --from FOLDER --sources [--only NAME]...
  ${pnpm} honest --from FOLDER --decide [--only NAME]... [--kind KIND]... [--commits N] [--back N] [--json FILE]

  --from FOLDER  a folder of bare clones: NAME.git, NAME or NAME/repo
  --files        read only the files: what a commit does to tests, what its code newly depends on, its paths
  --sources      read only the code files at each HEAD: in which of them our parsers find errors (misread), and in which they find more of
                 them once text is inserted that measures coverage (spoiled)
  --decide       takes ordinary commits through the whole gate, and counts what lands, by kind: ${ordinaryKinds.join(", ")}
  --kind KIND    only commits of this kind
  --only NAME    only this clone
  --commits N    commits of each repository (with --decide: of each kind too; default 5)
  --back N       look for them among its newest N (default 300)
  --json FILE    write the results to this file too, after each commit

With --files it reads the commits that the gauntlet would try, of any language, those that only add to tests first, so that the count is a lower bound: a few seconds each, no container. Without a mode, it asks what near calls and variants (ADR 0037)
find, and runs aedev's checks in containers, one commit after the other: Docker with the runner image, the registries, and for each commit some minutes. Commits whose
base is not green here are named with the cause and do not count. With --decide, the file of --json has one line per decision and grows: commits that it has are skipped.
`;
const options = {
  from: { type: "string" },
  files: { type: "boolean", default: false },
  sources: { type: "boolean", default: false },
  decide: { type: "boolean", default: false },
  kind: { type: "string", multiple: true },
  only: { type: "string", multiple: true },
  commits: { type: "string", default: "5" },
  back: { type: "string", default: "300" },
  json: { type: "string" },
} as const;
const given = readArguments({ name: "honest", usage, options })?.values;
if (given !== undefined) {
  const { from, only, json } = given;
  const [most, back] = [Number(given.commits), Number(given.back)];
  if (from === undefined) refuseArguments({ name: "honest", usage, why: "--from is missing" });
  else if (given.sources && (given.files || json !== undefined))
    refuseArguments({ name: "honest", usage, why: "--sources can't be used with --files or --json" });
  else if (given.decide && (given.files || given.sources))
    refuseArguments({ name: "honest", usage, why: "--decide can't be used with --files or --sources" });
  else if (given.kind?.some((kind) => !(ordinaryKinds as readonly string[]).includes(kind)) === true)
    refuseArguments({ name: "honest", usage, why: `--kind is one of ${ordinaryKinds.join(", ")}` });
  else if (![most, back].every((value) => Number.isSafeInteger(value) && value > 0))
    refuseArguments({ name: "honest", usage, why: "a number is not a whole number above 0" });
  else {
    const all = clonesIn(from);
    const chosen = all.filter(({ name }) => only === undefined || only.includes(name));
    if (chosen.length === 0) {
      const names = all.length === 0 ? "it has none" : `it has ${all.map(({ name }) => name).join(", ")}`;
      refuseArguments({ name: "honest", usage, why: `no clone in ${from} is meant: ${names}` });
    } else if (given.decide) await decideKinds(chosen, { most, back, json, kinds: given.kind ?? [] });
    else if (given.sources) await countParseErrors(chosen);
    else if (given.files) await judgeFiles(chosen, { most, back, json });
    else await runChecks(chosen, { most, back, json });
  }
}

interface Options {
  most: number;
  back: number;
  json: string | undefined;
}

async function decideKinds(
  clones: readonly Clone[],
  { json, ...options }: Options & { kinds: readonly string[] },
): Promise<void> {
  const rows = openRows(json);
  for (const clone of clones)
    await decideCommits(clone, { ...options, rows }).catch((error: unknown) => sayUnread(clone, error));
  process.stdout.write(`\n${kindsText(rows.rows.filter(({ source }) => source === "history"))}\n`);
}

async function countParseErrors(clones: readonly Clone[]): Promise<void> {
  const counts = new Map<string, SourceCounts>();
  for (const clone of clones) await readSources(clone, counts).catch((error: unknown) => sayUnread(clone, error));
  process.stdout.write(`${sourcesText(counts)}\n`);
}

async function judgeFiles(clones: readonly Clone[], { most, back, json }: Options): Promise<void> {
  const results: Measured[] = [];
  for (const clone of clones) {
    try {
      const fixes = await findFixes(clone.gitDir, { from: "HEAD", count: most, back });
      for (const { commit, parent, subject } of fixes)
        report(await judgeByFiles(clone, { commit, parent, subject }), results, json);
      if (fixes.length === 0) sayNone(clone);
    } catch (error) {
      sayUnread(clone, error);
    }
  }
  process.stdout.write(`${totalsText(results)}\n`);
}

async function runChecks(clones: readonly Clone[], { most, back, json }: Options): Promise<void> {
  const results: Measured[] = [];
  for (const clone of clones) {
    const laboratory = openLaboratory();
    laboratory.context.progress = (_run, told) => {
      if (typeof told === "string") process.stderr.write(`${clone.name}: ${told}\n`);
    };
    const known = new Map<string, Green | string>();
    try {
      let counted = 0;
      for (const honest of await commitsWithTests(clone, back)) {
        if (counted === most) break;
        const result = await measureCommit(laboratory, { clone, honest, known });
        if (result.reasons[0] === "no code with tests") continue;
        counted += 1;
        report(result, results, json);
      }
      if (counted === 0) sayNone(clone);
    } finally {
      laboratory.close();
    }
  }
  process.stdout.write(`${totalsText(results)}\n`);
}

function report(result: Measured, results: Measured[], json: string | undefined): void {
  results.push(result);
  process.stdout.write(`${rowText(result)}\n`);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(results, null, 2)}\n`);
}

/** A shallow or damaged clone lacks objects, and an empty one has no commit. */
function sayUnread({ name }: Clone, error: unknown): void {
  if (!(error instanceof ExecaError)) throw error;
  process.stderr.write(`${name}: not all of it was read: ${String(error.stderr).split("\n", 1).join("")}\n`);
  process.exitCode = 1;
}

function sayNone({ name }: Clone): void {
  process.stdout.write(`${name}: no commit that is looked for changes code and tests together\n`);
}
