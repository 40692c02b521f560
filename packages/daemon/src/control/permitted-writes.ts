/**
 * Decides what aedev may push to a task's remote, and to which branch: for all repositories by configuration, or for one by `repo add --allow-writes`. Without
 * either, only approved changes, and only to a branch of its own.
 */

import {
  branchName,
  branchPrefixOf,
  isTaskBranch,
  type LandingCommit,
  type LandingPlace,
  landingWayOf,
  type PermittedWrites,
  takeInCommand,
} from "@aedev/contracts";
import type { TaskState } from "@aedev/core";
import { commitSubjectOf } from "../commit-text/commit-message.ts";
import { pullRequestBranch, taskBranch } from "../git/push.ts";
import type { WriteRules } from "./parts.ts";
import { readSpecification } from "./read-blobs.ts";
import { repositoryCommits } from "./repository-commits.ts";
import { writerOf } from "./written-by.ts";

/** Whether aedev may write to a repository without asking. */
export function mayWriteTo(repository: string, { configuration, log }: WriteRules): boolean {
  return configuration.system.allow_remote_writes || log.state.repositories[repository]?.allow_writes === true;
}

/** The permission in the form that the gate reads. */
export function permittedWrites(task: TaskState, permissions: WriteRules): PermittedWrites {
  return writesTo(task.repository, permissions);
}

/** What aedev may push to a repository. */
export function writesTo(repository: string, permissions: WriteRules): PermittedWrites {
  if (mayWriteTo(repository, permissions)) return "allowed";
  const { configuration } = permissions;
  return configuration.landing.without_permission === "ask" ? "on-approval" : "off";
}

/** Where a landing that starts now would go. */
interface PlannedLanding {
  /** The branch that gets the change; null: the repository's base, which no run has read yet. */
  readonly ref: string | null;
  /** The pull request's branch; undefined: the change is pushed to `ref` itself. */
  readonly head_ref: string | undefined;
  /** False if nothing may be pushed. */
  readonly mayPush: boolean;
}

/** A change that was asked about "to a branch of its own" stays there, even if more is allowed by now. */
export function plannedLanding(task: TaskState, control: WriteRules): PlannedLanding {
  const writes = permittedWrites(task, control);
  const mayPush = writes !== "off";
  const repository = control.log.state.repositories[task.repository];
  const way = repository === undefined ? "push" : landingWayOf(repository);
  const isOwnBranch =
    writes === "on-approval" ||
    way === "branch" ||
    (task.gate?.reasons.some((reason) => typeof reason !== "string" && reason.kind === "branch-only") ?? false);
  const prefix = branchPrefixOf(repository);
  if (isOwnBranch) return { ref: taskBranch(task.task_id, prefix), head_ref: undefined, mayPush };
  const head_ref = way === "pull-request" ? pullRequestBranch(task, prefix) : undefined;
  return { ref: task.ref, head_ref, mayPush };
}

/** Where the landing that has started takes the task's change, or else where one that starts now would. Every text about the place is made from this. */
export function landingPlace(task: TaskState, control: WriteRules): LandingPlace {
  const planned = plannedLanding(task, control);
  const { landing } = task;
  const head_ref = landing === null ? planned.head_ref : landing.head_ref;
  const ref = landing?.ref ?? planned.ref;
  const branch = ref === null ? null : branchName(ref);
  const way =
    ref !== null && isTaskBranch(ref, task.task_id) ? "branch" : head_ref === undefined ? "push" : "pull-request";
  const repository = control.log.state.repositories[task.repository];
  const remote = repository?.url ?? task.repository;
  return {
    branch,
    remote,
    way,
    may_push: planned.mayPush && (ref === planned.ref || permittedWrites(task, control) === "allowed"),
    take_in:
      way === "branch" && branch !== null
        ? takeInCommand({ branch, remote }, repository?.target === "task-branch")
        : null,
  };
}

/** The commit that an approval of the task's change leads to. */
export function landingCommit(
  task: TaskState,
  control: WriteRules & Parameters<typeof readSpecification>[0] & Parameters<typeof writerOf>[1],
): LandingCommit {
  return {
    title: commitSubjectOf(
      readSpecification(control, task),
      repositoryCommits(task, control),
      task.reverts,
      writerOf(task, control),
    ),
    ...landingPlace(task, control),
  };
}
