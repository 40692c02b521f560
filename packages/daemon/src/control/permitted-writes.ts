/**
 * What aedev may push to a task's remote, and to which branch: for all repositories by configuration, or for this repository by `repo add
 * --allow-writes`. Without either, by default only what a person approved, and only to a branch of its own.
 */
import { type LandingCommit, landingWayOf } from "@aedev/contracts";
import { commitSubjectOf, type State, type TaskState } from "@aedev/core";
import { pullRequestBranch, taskBranch } from "../git/push.ts";
import type { Control } from "./control.ts";
import { readSpecification } from "./read-blobs.ts";
import { repositoryCommits } from "./repository-commits.ts";
import { writerOf } from "./written-by.ts";

/** The part of control that decides it. */
interface Permissions {
  readonly configuration: Pick<Control["configuration"], "system" | "landing">;
  readonly log: { readonly state: Pick<State, "repositories"> };
}

/** Whether aedev may write to a repository without asking. */
export function mayWriteTo(repository: string, { configuration, log }: Permissions): boolean {
  return configuration.system.allow_remote_writes || log.state.repositories[repository]?.allow_writes === true;
}

/** As the gate reads it. */
export function permittedWrites(task: TaskState, permissions: Permissions): "allowed" | "on-approval" | "off" {
  if (mayWriteTo(task.repository, permissions)) return "allowed";
  const { configuration } = permissions;
  return configuration.landing.without_permission === "ask" ? "on-approval" : "off";
}

/** Where a change lands. */
interface LandingPlace {
  /** The branch that gets it. */
  readonly ref: string;
  /** The branch of the pull request through which it gets there; undefined: it is pushed to `ref` itself. */
  readonly head_ref: string | undefined;
  /** False if nothing may be pushed. */
  readonly mayPush: boolean;
}

/** What was asked about as "to a branch of its own" stays there, although more was allowed since. */
export function landingPlace(task: TaskState, control: Permissions): LandingPlace {
  const writes = permittedWrites(task, control);
  const mayPush = writes !== "off";
  const repository = control.log.state.repositories[task.repository];
  const way = repository === undefined ? "push" : landingWayOf(repository);
  const isOwnBranch =
    writes === "on-approval" ||
    way === "branch" ||
    (task.gate?.reasons.some((reason) => typeof reason !== "string" && reason.kind === "branch-only") ?? false);
  if (isOwnBranch) return { ref: taskBranch(task.task_id), head_ref: undefined, mayPush };
  const head_ref = way === "pull-request" ? pullRequestBranch(task) : undefined;
  return { ref: task.ref ?? "", head_ref, mayPush };
}

/** The commit that an approval of the task's change leads to. */
export function landingCommit(
  task: TaskState,
  control: Permissions & Parameters<typeof readSpecification>[0] & Parameters<typeof writerOf>[1],
): LandingCommit {
  const { ref, head_ref, mayPush } = landingPlace(task, control);
  return {
    title: commitSubjectOf(
      readSpecification(control, task),
      repositoryCommits(task, control),
      task.reverts,
      writerOf(task, control),
    ),
    branch: ref.replace(/^refs\/heads\//, ""),
    remote: control.log.state.repositories[task.repository]?.url ?? task.repository,
    may_push: mayPush,
    pull_request: head_ref !== undefined,
  };
}
