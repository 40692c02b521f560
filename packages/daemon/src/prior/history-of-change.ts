/** Measures one change on its base by the past of its files, and tells what history says of changes like it. */
import type { ChangedFile, History } from "@aedev/contracts";
import { type MeasuredChange, priorOf } from "@aedev/core";
import { loadScorecard } from "../configuration/load-scorecard.ts";
import type { DerivedChange } from "../git/change.ts";
import { isBinaryName, isFixMessage } from "../git/commit-log.ts";
import { readCalibration } from "./calibrate-repository.ts";
import { historyBefore } from "./change-metrics.ts";
import { type PastOptions, readKnownPast } from "./history-file.ts";

/** An author who is nobody that the branch knows. */
const agent = "aedev";

interface ChangedFiles {
  readonly changed: readonly ChangedFile[];
  readonly renames: DerivedChange["renames"];
}

/**
 * What the past of the base (`tip`) says of changes like this one; null if it is not read yet. `message`: what tells whether the change mends a defect.
 * `changed`: the files that can do harm.
 */
export async function historyOf(
  options: PastOptions & ChangedFiles & { readonly message: string; readonly now: Date },
): Promise<History | null> {
  const past = await readKnownPast(options);
  if (past === null) return null;
  const { message, now } = options;
  const history = historyBefore(past.before);
  for (const commit of past.commits) history.add(commit);
  const at = Math.floor(now.getTime() / 1_000);
  const metrics = history.measure({ at, author: agent, fix: isFixMessage(message), files: filesOf(options) });
  const card = loadScorecard();
  const calibration = await readCalibration({ ...options, card });
  const entropy = Math.round(metrics.entropy * 1_000);
  const age = Math.round(metrics.age * 1_000);
  return {
    metrics: { ...metrics, entropy, age },
    ...priorOf(metrics, { card, calibration, commits: past.commits.length }),
  };
}

/**
 * A renamed file is one file, as in the history. The evidence shows it as a deletion and an addition of the whole file, of which the part that differs counts,
 * by git's similarity.
 */
function filesOf({ changed, renames }: ChangedFiles): MeasuredChange["files"] {
  const renameTo = new Map(renames.map((rename) => [rename.to, rename]));
  const deletedLines = new Map(changed.map(({ path, deleted_lines }) => [path, deleted_lines]));
  return changed
    .filter(({ path }) => !renames.some(({ from }) => from === path))
    .map(({ path, binary, added_lines, deleted_lines }) => {
      if (binary || isBinaryName(path)) return { path, from: renameTo.get(path)?.from, added: 0, deleted: 0 };
      const rename = renameTo.get(path);
      if (rename === undefined) return { path, added: added_lines, deleted: deleted_lines };
      const { from, similarity } = rename;
      const differing = (lines: number) => Math.round(lines * (1 - similarity / 100));
      return { path, from, added: differing(added_lines), deleted: differing(deletedLines.get(from) ?? 0) };
    });
}
