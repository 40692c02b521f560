/** Measures changes by the past of their files: every commit of a branch, and one change on its base. */
import type { ChangeMetrics } from "@aedev/core";
import { type FileHistory, fileHistory, type MeasuredChange } from "@aedev/core";
import type { DerivedChange } from "../git/change.ts";
import { type CommitFacts, isBinaryName, isFixMessage } from "../git/commit-log.ts";
import { type BranchPast, type PastOptions, readPast } from "./history-file.ts";

/** An author who is nobody that the branch knows. */
const agent = "aedev";

/** Each commit with its metrics, oldest first. */
export function measureCommits({ commits, before }: BranchPast): { commit: CommitFacts; metrics: ChangeMetrics }[] {
  const history = startOf(before);
  return commits.map((commit) => {
    const metrics = history.measure(commit);
    history.add(commit);
    return { commit, metrics };
  });
}

/**
 * The metrics of a change on its base (`tip`), by the past of the base. `message`: what tells whether it mends a defect, such as the commit message that will
 * land. `at`: in seconds.
 */
export async function measureChange(
  options: PastOptions & {
    readonly change: Pick<DerivedChange, "changed" | "renames">;
    readonly message: string;
    readonly at: number;
  },
): Promise<ChangeMetrics> {
  const { change, message, at } = options;
  const { commits, before } = await readPast(options);
  const history = startOf(before);
  for (const commit of commits) history.add(commit);
  return history.measure({ at, author: agent, fix: isFixMessage(message), files: filesOf(change) });
}

function startOf(before: CommitFacts | null): FileHistory {
  const history = fileHistory();
  if (before !== null) history.add(before);
  return history;
}

/**
 * A renamed file is one file, as in the history. The evidence shows it as a deletion and an addition of the whole file, of which the part that differs counts,
 * by git's similarity.
 */
function filesOf({ changed, renames }: Pick<DerivedChange, "changed" | "renames">): MeasuredChange["files"] {
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
