/** Takes ordinary commits of real repositories through the whole gate, some of each kind, and writes a row for each decision. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findGlob, rootedMatcher } from "../../packages/host/src/globs.ts";
import { type DecidedRow, decidedRow, type KnownCase, leftOutRow } from "../../test/support/decisions/decided-row.ts";
import { type DecisionStand, openDecisionStand } from "../../test/support/decisions/stand.ts";
import { applyPatches, layOutCommit } from "../decided/one-commit.ts";
import type { RowsFile } from "../decided/rows-file.ts";
import { rowText } from "../decided/tables.ts";
import { type Clone, patchOf, type RecentCommit, recentCommits } from "./history.ts";
import { type OrdinaryKind, ordinaryKindOf, ordinaryKinds } from "./kinds.ts";
import { type Green, greenSettings, proposedSettings } from "./settings.ts";

const [filesMax, linesMax] = [20, 500];
const bodyMax = 1000;

export interface DecideOptions {
  /** Commits of each kind and repository. */
  readonly most: number;
  readonly back: number;
  readonly kinds: readonly string[];
  readonly rows: RowsFile;
}

/** Decides about the newest commits of each kind that have no row yet. */
export async function decideCommits(clone: Clone, { most, back, kinds, rows }: DecideOptions): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "ordinary-"));
  const stand = await openDecisionStand(join(folder, "home"), { isIndependent: false });
  const green = new Map<string, Green | string>();
  const { documentation } = stand.control.policy().paths;
  try {
    for (const { kind, commit } of await chosen(clone, { most, back, kinds, documentation })) {
      const name = `${clone.name}/${commit.commit.slice(0, 12)}`;
      const known: KnownCase = {
        source: "history",
        repository: clone.name,
        case: name,
        label: "ordinary",
        layer: "visible",
        kind,
      };
      if (rows.has(known)) continue;
      const row = await decide(clone, commit, { known, folder, stand, green });
      rows.add(row);
      process.stdout.write(`${rowText(row)}\n  ${commit.subject.slice(0, 150)}\n`);
    }
  } finally {
    await stand.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The newest of each kind; large ones are left out. */
async function chosen(
  clone: Clone,
  {
    most,
    back,
    kinds,
    documentation,
  }: { most: number; back: number; kinds: readonly string[]; documentation: readonly string[] },
): Promise<{ kind: OrdinaryKind; commit: RecentCommit }[]> {
  const [settings] = await proposedSettings(clone, "HEAD");
  const isTest = rootedMatcher(settings?.tests ?? []);
  const isDocument = (path: string) => findGlob(path, documentation) !== null;
  const found = (await recentCommits(clone, back))
    .filter(({ paths, lines }) => paths.length <= filesMax && lines <= linesMax)
    .flatMap((commit) => {
      const kind = ordinaryKindOf({ ...commit, isTest, isDocument });
      return kind === null ? [] : [{ kind, commit }];
    });
  return ordinaryKinds
    .filter((kind) => kinds.length === 0 || kinds.includes(kind))
    .flatMap((kind) => found.filter((one) => one.kind === kind).slice(0, most));
}

async function decide(
  clone: Clone,
  commit: RecentCommit,
  {
    known,
    folder,
    stand,
    green,
  }: { known: KnownCase; folder: string; stand: DecisionStand; green: Map<string, Green | string> },
): Promise<DecidedRow> {
  const name = `${clone.name
    .replaceAll(/[^a-z0-9-]+/giu, "-")
    .toLowerCase()
    .slice(0, 30)}-${commit.commit.slice(0, 12)}`;
  const base = await layOutCommit({ from: clone.gitDir, commit: commit.parent, url: join(folder, `${name}.git`) });
  const proposed = await proposedSettings(clone, commit.parent);
  const key = JSON.stringify(proposed);
  const found =
    green.get(key) ?? (await greenSettings(proposed, (settings) => stand.tryOut({ name, url: base.url, settings })));
  green.set(key, found);
  if (typeof found === "string") return leftOutRow(known, found);
  await stand.register({ name, url: base.url, settings: found.settings });
  const { tree, patch } = await applyPatches(base, [await patchOf(clone, commit)]);
  const usual = { tree, patch: stand.control.blobs.put(patch, "text/x-diff") };
  const request = [commit.subject, commit.body.slice(0, bodyMax)].filter((text) => text !== "").join("\n\n");
  const started = performance.now();
  const decision = await stand.decide(
    { repository: name, request, criterion: commit.subject },
    { usual, forTests: [], forIndependentTests: [], independent: [] },
  );
  const seconds = (performance.now() - started) / 1000;
  return decidedRow({ ...known, seconds, tests_seconds: found.seconds }, decision, stand.control.blobs);
}
