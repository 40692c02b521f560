/** What is kept of a change while a later run of its task adds tests to it (ADR 0043) or writes tests without seeing it (ADR 0044). */
import type { TaskState } from "./state.ts";

export type KeptChange = Pick<
  TaskState,
  | "base_commit"
  | "environment"
  | "evidence"
  | "landings"
  | "manifest"
  | "patch"
  | "policy"
  | "profile"
  | "ref"
  | "settings"
  | "tree"
  | "verdicts"
>;

export function keptChange(task: TaskState): KeptChange {
  const { base_commit, environment, evidence, landings, manifest, patch } = task;
  const { policy, profile, ref, settings, tree, verdicts } = task;
  return {
    ...{ base_commit, environment, evidence, landings, manifest, patch },
    ...{ policy, profile, ref, settings, tree, verdicts },
  };
}
