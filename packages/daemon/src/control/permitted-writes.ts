/**
 * What aedev may push to a task's remote, and to which branch: for all repositories by configuration, or for this repository by `repo add
 * --allow-writes`. Without either, by default only what a person approved, and only to a branch of its own.
 */
import type { LandingCommit } from "@aedev/contracts";
import { commitSubjectOf, type State, type TaskState } from "@aedev/core";
import { taskBranch } from "../git/push.ts";
import type { Control } from "./control.ts";
import { readSpecification } from "./read-blobs.ts";

/** The part of control that decides it. */
interface Permissions {
  readonly configuration: Pick<Control["configuration"], "system" | "landing">;
  readonly log: { readonly state: Pick<State, "repositories"> };
}

/** As the gate reads it. */
export function permittedWrites(
  task: TaskState,
  { configuration, log }: Permissions,
): "allowed" | "on-approval" | "off" {
  if (configuration.system.allow_remote_writes || log.state.repositories[task.repository]?.allow_writes === true)
    return "allowed";
  return configuration.landing.without_permission === "ask" ? "on-approval" : "off";
}

/** The branch that the change lands on; `mayPush`: false if nothing may be pushed. What was asked about as "to a branch of its own" stays there, although more was allowed since. */
export function landingBranch(task: TaskState, control: Permissions): { ref: string; mayPush: boolean } {
  const writes = permittedWrites(task, control);
  const isOwnBranch =
    writes === "on-approval" ||
    control.log.state.repositories[task.repository]?.target === "task-branch" ||
    (task.gate?.reasons.some((reason) => typeof reason !== "string" && reason.kind === "branch-only") ?? false);
  return { ref: isOwnBranch ? taskBranch(task.task_id) : (task.ref ?? ""), mayPush: writes !== "off" };
}

/** The commit that an approval of the task's change leads to. */
export function landingCommit(
  task: TaskState,
  control: Permissions & Parameters<typeof readSpecification>[0],
): LandingCommit {
  const { ref, mayPush } = landingBranch(task, control);
  return {
    title: commitSubjectOf(readSpecification(control, task)),
    branch: ref.replace(/^refs\/heads\//, ""),
    remote: control.log.state.repositories[task.repository]?.url ?? task.repository,
    may_push: mayPush,
  };
}
