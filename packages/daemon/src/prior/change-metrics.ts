/** Measures each commit of a branch by the past of its files. */
import type { ChangeMetrics } from "@aedev/contracts";
import { type FileHistory, fileHistory } from "@aedev/core";
import type { CommitFacts } from "../git/commit-log.ts";
import type { BranchPast } from "./history-file.ts";

/** Each commit with its metrics, oldest first. */
export function measureCommits({ commits, before }: BranchPast): { commit: CommitFacts; metrics: ChangeMetrics }[] {
  const history = historyBefore(before);
  return commits.map((commit) => {
    const metrics = history.measure(commit);
    history.add(commit);
    return { commit, metrics };
  });
}

/** The files that the past begins with. */
export function historyBefore(before: CommitFacts | null): FileHistory {
  const history = fileHistory();
  if (before !== null) history.add(before);
  return history;
}
