/** Measures how many wrong changes the gate merges and how many right ones it lands, on real patches with a known answer. See its `--help`. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { decidedRow, type KnownCase, leftOutRow } from "../../test/support/decisions/decided-row.ts";
import { type DecisionStand, openDecisionStand } from "../../test/support/decisions/stand.ts";
import { pnpm, readArguments, refuseArguments } from "../command-line.ts";
import { applyPatches, layOutCommit } from "../decided/one-commit.ts";
import { openRows, type RowsFile } from "../decided/rows-file.ts";
import { realPatchesText, rowText } from "../decided/tables.ts";
import { type Instance, mirrorOf, readInstances } from "./real-patches/instances.ts";

const usage = `bench real-patches: how many wrong changes merge, and how many right ones land

  ${pnpm} bench real-patches DATA --mirrors DIR [--only ID]... [--limit N] [--independent DIR] [--json FILE]

  DATA               a folder with instances.jsonl
  --mirrors DIR      a folder of git directories: owner+name, or a fork of that name, with the bases
  --only ID          only this instance
  --limit N          at most N changes
  --independent DIR  another run's tests stand against each change too: DIR/ID.patch, written from the issue alone
  --json FILE        add a line for each change to this file, and skip the changes that it has

Each change runs through the real gate under the profile balanced, with checks in containers (Docker, the registries; for Python the image python-checks). The coder is
replaced by the change with its visible tests. Judges are replaced by ones that pass everything. Nothing lands: the gate's decision counts.
`;
const options = {
  mirrors: { type: "string" },
  only: { type: "string", multiple: true },
  limit: { type: "string" },
  independent: { type: "string" },
  json: { type: "string" },
} as const;

export async function benchRealPatches(args: string[]): Promise<void> {
  const name = "bench real-patches";
  const given = readArguments({ name, usage, options, allowPositionals: true, args });
  if (given === null) return;
  const { mirrors, only, independent, json } = given.values;
  const limit = Number(given.values.limit ?? Number.MAX_SAFE_INTEGER);
  const [data, ...more] = given.positionals;
  const refuse = (why: string) => refuseArguments({ name, usage, why });
  if (data === undefined || more.length > 0) return refuse("one folder of data is needed");
  if (mirrors === undefined) return refuse("--mirrors is missing");
  if (!Number.isSafeInteger(limit) || limit < 1) return refuse("--limit is not a whole number above 0");
  const all = readInstances(data);
  const unknown = only?.find((id) => !all.some((one) => one.id === id));
  if (unknown !== undefined) return refuse(`there is no instance ${unknown}`);
  const rows = openRows(json);
  let left = limit;
  for (const instance of all.filter(({ id }) => only?.includes(id) ?? true)) {
    if (left <= 0) break;
    left -= await measureInstance(instance, { mirrors, independent, left, rows });
  }
  process.stdout.write(`\n${realPatchesText(rows.rows.filter(({ source }) => source === "real-patches"))}\n`);
}

interface Run {
  readonly mirrors: string;
  readonly independent: string | undefined;
  readonly left: number;
  readonly rows: RowsFile;
}

/** Decides about the instance's changes that have no row yet; returns their number. */
async function measureInstance(instance: Instance, { mirrors, independent, left, rows }: Run): Promise<number> {
  const layer = independent === undefined ? "visible" : "independent";
  const todo = instance.changes
    .map((change) => ({ change, known: caseOf(instance, change, layer) }))
    .filter(({ known }) => !rows.has(known))
    .slice(0, left);
  if (todo.length === 0) return 0;
  const from = await mirrorOf(instance, mirrors);
  const foreign = independent === undefined ? undefined : join(independent, `${instance.id}.patch`);
  if (from === null || (foreign !== undefined && !existsSync(foreign))) {
    process.stderr.write(`${instance.id}: left out: ${from === null ? "no mirror has its base" : `no ${foreign}`}\n`);
    return 0;
  }
  const add = (row: ReturnType<typeof leftOutRow>) => {
    rows.add(row);
    process.stdout.write(`${rowText(row)}\n`);
  };
  const folder = mkdtempSync(join(tmpdir(), "real-patches-"));
  const stand = await openDecisionStand(join(folder, "home"), { isIndependent: foreign !== undefined });
  try {
    const base = await layOutCommit({ from, commit: instance.base_commit, url: join(folder, "repo.git") });
    const others = foreign === undefined ? [] : newTestsIn(readFileSync(foreign, "utf8"), instance);
    const own = await register({ ...instance, others }, base.url, stand);
    for (const { change, known } of todo) {
      if (typeof own === "string") {
        add(leftOutRow(known, own));
        continue;
      }
      const put = async (patches: readonly string[]) => {
        const { tree, patch } = await applyPatches(base, patches);
        return { tree, patch: stand.control.blobs.put(patch, "text/x-diff") };
      };
      const changes = {
        usual: await put([change.patch, instance.tests]),
        ...{ forTests: [], forIndependentTests: [] },
        independent: foreign === undefined ? [] : [await put([readFileSync(foreign, "utf8")])],
      };
      const started = performance.now();
      const [criterion = ""] = instance.issue.split("\n");
      const decision = await stand.decide({ repository: instance.id, request: instance.issue, criterion }, changes);
      const seconds = (performance.now() - started) / 1000;
      add(decidedRow({ ...known, seconds, tests_seconds: own.seconds }, decision, stand.control.blobs));
    }
  } finally {
    await stand.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return todo.length;
}

function caseOf(
  { id, repository, disputed }: Instance,
  change: Instance["changes"][number],
  layer: KnownCase["layer"],
): KnownCase {
  const label = change.right ? "right" : "wrong";
  return { source: "real-patches", repository, case: `${id}/${change.id}`, label, disputed, layer };
}

/** The files that another run's patch adds beside the instance's tests. */
function newTestsIn(patch: string, { test_files }: Instance): string[] {
  const folders = new Set(test_files.map((path) => dirname(path)));
  const added = [...patch.matchAll(/^--- \/dev\/null\n\+\+\+ b\/([\w./-]+)$/gmu)].map(([, path = ""]) => path);
  return added.filter((path) => folders.has(dirname(path)));
}

/** The command with a pattern in place of the first file, because mocha refuses a file that a tree lacks. */
function withOthers(command: string, [first = ""]: readonly string[], others: readonly string[]): string {
  if (others.length === 0) return command;
  const names = [first, ...others].map((path) => basename(path));
  return command.replace(first, `'${dirname(first)}/{${names.join(",")}}'`);
}

/** How long the base's tests take, or why they are not green here. */
async function register(
  { id, install, language, test_command, test_files, others }: Instance & { others: readonly string[] },
  url: string,
  stand: DecisionStand,
): Promise<{ seconds: number } | string> {
  const isPython = language === "python";
  const settings = {
    prepare: install,
    outputs: [isPython ? ".venv" : "node_modules"],
    verify: [withOthers(test_command, test_files, others)],
    tests: [...test_files, ...others],
    image: isPython ? "python-checks" : null,
  };
  const tried = await stand.tryOut({ name: id, url, settings });
  const writable = tried.outcome === "green" && tried.writable.length > 0 ? { writable: tried.writable } : {};
  await stand.register({ name: id, url, settings: { ...settings, ...writable } });
  if (tried.outcome === "green")
    return { seconds: tried.commands.reduce((sum, one) => sum + one.duration_ms, 0) / 1000 };
  const [command] = tried.commands;
  return `the base is ${tried.outcome}: ${tried.detail ?? command?.incomplete ?? command?.output_tail.slice(-600) ?? ""}`;
}
