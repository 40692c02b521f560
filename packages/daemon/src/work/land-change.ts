/**
 * Lands one judged change: intent event, look, act, look, and only then the confirming command. A restart comes in here
 * again with the intent in the log, rebuilds the same commit and looks before it acts, so that nothing lands twice.
 */
import type { CommandBody, State, TaskState } from "@aedev/core";
import { Fault } from "@aedev/core/wire";
import { appliesUnchanged, buildCommit, landingMessage, touchedBetween } from "../git/landing.ts";
import { fetchBase } from "../git/mirror.ts";
import { isLanded, pushCommit, taskBranch } from "../git/push.ts";
import { type Control, command, newId, taskOf } from "../loop/control.ts";
import { readPolicy } from "./read-blobs.ts";
import { mayWrite } from "./writes.ts";

type Landing = NonNullable<TaskState["landing"]>;

/** Answers with `RecordLanded`, `RecordBaseMoved`, `RecordBaseConflict` or a hold. */
export async function landChange(taskId: string, control: Control): Promise<CommandBody | null> {
  const task = taskOf(control.log.state, taskId);
  if (task.status !== "landing") return null;
  if (!mayWrite(task, control))
    return hold(task, "HOLD-REMOTE-WRITES-OFF", task.approval === null ? "would_merge" : "would_ask");
  const repository = repositoryOf(control.log.state, task);
  const landing = task.landing ?? (await startLanding(task, control));
  if (landing === null) return null;
  const place = {
    home: control.home,
    repository: task.repository,
    timeoutMs: control.configuration.landing.git_timeout_ms,
  };
  if (task.landing !== null) await rebuildSameCommit(task, landing, control);
  const target = { ...place, url: repository.url, ref: landing.ref, commit: landing.commit };
  if (await isLanded(target)) return landed(task, landing);
  const toBranch = repository.target === "task-branch";
  const result = await pushCommit({ ...target, expectedOld: toBranch ? null : landing.base_commit });
  if (result === "landed") return landed(task, landing);
  if (result === "unknown")
    throw new Fault("HOLD-EXTERNAL-STATE-UNKNOWN", "the push was not answered and the remote can't be asked", {
      retry: true,
    });
  if ("refused" in result)
    return hold(task, "HOLD-EXTERNAL-STATE-UNKNOWN", `the remote refused the push: ${result.refused}`.slice(0, 500));
  if (result.moved === null || toBranch)
    return hold(task, "HOLD-BASE-MOVED", `${landing.ref} is ${result.moved ?? "gone"}`);
  return carryToMovedBase(task, repository.url, control);
}

/** Puts the intent into the log before anything leaves: the commit is a function of what stands there. */
async function startLanding(task: TaskState, control: Control): Promise<Landing | null> {
  if (task.evidence === null || task.ref === null) throw new Error(`task ${task.task_id} lands without evidence`);
  const repository = repositoryOf(control.log.state, task);
  const intent = {
    ref: repository.target === "task-branch" ? taskBranch(task.task_id) : task.ref,
    base_commit: task.evidence.base_commit,
    tree: task.evidence.tree,
    committed_at: new Date().toISOString(),
    author: { name: control.configuration.landing.author_name, email: control.configuration.landing.author_email },
    log_head: { ...control.log.head },
  };
  const commit = await commitOf(task, intent, control);
  const answer = await control.log.submit(
    command({ kind: "StartLanding", task_id: task.task_id, ...intent, commit }, "control"),
  );
  return answer.kind === "refused" ? null : taskOf(control.log.state, task.task_id).landing;
}

async function commitOf(
  task: TaskState,
  intent: Pick<Landing, "base_commit" | "tree" | "committed_at" | "author" | "log_head">,
  control: Control,
): Promise<string> {
  if (task.evidence === null || task.patch === null) throw new Error(`task ${task.task_id} lands without evidence`);
  const { landing } = control.configuration;
  const { commit } = await buildCommit({
    home: control.home,
    repository: task.repository,
    timeoutMs: landing.git_timeout_ms,
    baseCommit: intent.base_commit,
    patch: control.blobs.get(task.patch.digest),
    expectedTree: intent.tree,
    expectedContentDigest: task.evidence.content_digest,
    authorName: intent.author.name,
    authorEmail: intent.author.email,
    committedAt: intent.committed_at,
    message: landingMessage({
      title: control.log.state.missions[task.mission_id]?.title ?? "",
      missionId: task.mission_id,
      taskId: task.task_id,
      bundleDigest: task.evidence.bundle.digest,
      changeDigest: task.evidence.change_digest,
      logHead: intent.log_head,
    }),
  });
  return commit;
}

async function rebuildSameCommit(task: TaskState, landing: Landing, control: Control): Promise<void> {
  const rebuilt = await commitOf(task, landing, control);
  if (rebuilt !== landing.commit)
    throw new Fault("HOLD-PATCH-UNSAFE", "the commit can't be rebuilt as it stands in the log", {
      detail: `log ${landing.commit}, rebuilt ${rebuilt}`,
    });
}

/** The branch moved meanwhile. Checks run again on the new base where the change applies to it untouched; otherwise a next run makes it anew there. Never landed blindly. */
async function carryToMovedBase(task: TaskState, url: string, control: Control): Promise<CommandBody> {
  if (task.evidence === null || task.patch === null) throw new Error(`task ${task.task_id} lands without evidence`);
  const place = {
    home: control.home,
    repository: task.repository,
    timeoutMs: control.configuration.landing.git_timeout_ms,
  };
  const { commit, ref } = await fetchBase({ ...place, url });
  // What was judged was a change to one branch under its own settings; another branch, or other settings, is another question.
  if (ref !== task.ref) return hold(task, "HOLD-BASE-MOVED", `the remote's branch is ${ref} and no longer ${task.ref}`);
  const moved = await touchedBetween({ ...place, baseA: task.evidence.base_commit, baseB: commit });
  if (moved.includes(".aedev.yaml"))
    return conflict(task, { to: commit, why: "the new base has another .aedev.yaml" }, control);
  const carried = await appliesUnchanged({
    ...place,
    oldBase: task.evidence.base_commit,
    newBase: commit,
    patch: control.blobs.get(task.patch.digest),
  });
  return carried.unchanged
    ? { kind: "RecordBaseMoved", task_id: task.task_id, to: commit, hold_id: newId("h") }
    : conflict(task, { to: commit, why: carried.why }, control);
}

/** Within the bounds of repair a next run begins on the new base; without any left the log makes it a hold. */
function conflict(task: TaskState, moved: { to: string; why: string }, control: Control): CommandBody {
  const { repair } = readPolicy(control, task);
  return { kind: "RecordBaseConflict", task_id: task.task_id, ...moved, repair, hold_id: newId("h") };
}

function landed(task: TaskState, landing: Landing): CommandBody {
  return { kind: "RecordLanded", task_id: task.task_id, commit: landing.commit, ref: landing.ref };
}

function hold(task: TaskState, code: Extract<CommandBody, { kind: "HoldTask" }>["code"], detail: string): CommandBody {
  return { kind: "HoldTask", task_id: task.task_id, code, detail, hold_id: newId("h") };
}

function repositoryOf(state: State, task: TaskState): State["repositories"][string] {
  const repository = state.repositories[task.repository];
  if (repository === undefined) throw new Error(`task ${task.task_id} is for a repository that is not in the state`);
  return repository;
}
