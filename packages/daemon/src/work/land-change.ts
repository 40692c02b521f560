/** Lands one judged change: record the intent, check the remote, push, check again, confirm. After a restart it checks the remote first, so that nothing lands twice. */

import { checksSchema, escapeLine, Fault, reasonText } from "@aedev/contracts";
import { type CommandBody, commitMessage, type State, type TaskState } from "@aedev/core";
import { type Control, makeCommand, mirrorOptions, newId, requiredTask } from "../control/control.ts";
import { landingBranch, permittedWrites } from "../control/permitted-writes.ts";
import { openBundle, readPolicy, readSpecification } from "../control/read-blobs.ts";
import { mirrorDirectory } from "../git/bare-repository.ts";
import { appliesUnchanged, buildCommit, touchedBetween, withTrailers } from "../git/landing.ts";
import { fetchBase } from "../git/mirror.ts";
import { isAncestor, isLanded, pushCommit, taskBranch } from "../git/push.ts";
import { signTrailer } from "../home/signed-head.ts";
import { compareLanded } from "./compare-landed.ts";

type Landing = NonNullable<TaskState["landing"]>;

/** Returns `RecordLanded`, `RecordBaseMoved`, `RecordBaseConflict` or a hold. */
export async function landChange(taskId: string, control: Control): Promise<CommandBody | null> {
  const task = requiredTask(control.log.stateWith({ tasks: [taskId] }), taskId);
  if (task.status !== "landing") return null;
  const writes = permittedWrites(task, control);
  if (writes === "off" || (writes === "on-approval" && task.approval === null))
    return hold(task, "HOLD-REMOTE-WRITES-OFF", reasonText({ kind: "would", answer: "merge" }));
  const repository = repositoryOf(control.log.state, task);
  const landing = task.landing ?? (await startLanding(task, control));
  if (landing === null) return null;
  const mirror = mirrorOptions(control, task.repository);
  if (task.landing !== null) await rebuildSameCommit(task, landing, control);
  const target = { ...mirror, url: repository.url, ref: landing.ref, commit: landing.commit };
  if (await isLanded(target)) return landed(task, landing);
  // A landing that began when more was allowed may have arrived, but is not pushed again.
  if (writes !== "allowed" && landing.ref !== landingBranch(task, control).ref)
    return hold(task, "HOLD-REMOTE-WRITES-OFF", `aedev may no longer push to ${landing.ref}`);
  const { commit } = await fetchBase({ ...mirror, url: repository.url });
  await compareLanded(task.repository, commit, control);
  const toBranch = landing.ref === taskBranch(task.task_id);
  const gitDir = mirrorDirectory(mirror);
  const { timeoutMs } = mirror;
  // A branch of its own would bring back what the remote has dropped.
  if (toBranch && !(await isAncestor({ gitDir, timeoutMs, older: landing.base_commit, newer: commit })))
    return hold(task, "HOLD-BASE-MOVED", `the remote no longer has the base ${landing.base_commit}`);
  const result = await pushCommit({ ...target, expectedOld: toBranch ? null : landing.base_commit });
  if (result === "landed") return landed(task, landing);
  if (result === "unknown")
    throw new Fault("HOLD-EXTERNAL-STATE-UNKNOWN", "the push got no answer and the remote can't be reached", {
      retry: true,
    });
  if ("refused" in result)
    return hold(task, "HOLD-REMOTE-REFUSED", `the remote refused ${landing.ref}: ${result.refused}`.slice(0, 500));
  if (toBranch)
    return hold(
      task,
      "HOLD-REMOTE-REFUSED",
      `${landing.ref} exists at the remote with another commit; delete it there`,
    );
  if (result.moved === null) return hold(task, "HOLD-BASE-MOVED", `${landing.ref} is gone`);
  return carryToMovedBase(task, repository.url, control);
}

/** Appends the intent before anything is pushed: the commit is a function of what it records. */
async function startLanding(task: TaskState, control: Control): Promise<Landing | null> {
  if (task.evidence === null || task.ref === null) throw new Error(`task ${task.task_id} lands without evidence`);
  const intent = {
    ref: landingBranch(task, control).ref,
    base_commit: task.evidence.base_commit,
    tree: task.evidence.tree,
    committed_at: new Date().toISOString(),
    author: { name: control.configuration.landing.author_name, email: control.configuration.landing.author_email },
    message: control.blobs.put(messageOf(task, control), "text/plain"),
    log_head: signedLogHead(control),
  };
  const commit = await commitOf(task, intent, control);
  const answer = await control.log.submit(
    makeCommand({ kind: "StartLanding", task_id: task.task_id, ...intent, commit }, "control"),
  );
  return answer.kind === "refused" ? null : requiredTask(control.log.state, task.task_id).landing;
}

/** The trailer that the landed commit will have: whoever finds it on the remote knows how far this home's log had come. */
function signedLogHead({ home, log }: Control): Landing["log_head"] {
  const claim = { ...log.head, epoch: log.state.system.epoch };
  return { ...claim, signature: signTrailer(home, claim) };
}

/** What people read in the commit; the log records it, so that another version rebuilds the same commit. */
function messageOf(task: TaskState, control: Control): string {
  const bundle = task.evidence === null ? null : openBundle(control, task.evidence.bundle.digest);
  return commitMessage({
    specification: readSpecification(control, task),
    checks: bundle?.entry("checks", checksSchema) ?? null,
    verdicts: task.verdicts,
    approvedBy: task.approval?.by ?? null,
  });
}

/** Characters of the message that versions wrote which did not record it. */
const titleCharactersMax = 72;

function recordedMessage(task: TaskState, message: Landing["message"], control: Control): string {
  if (message !== undefined) return new TextDecoder().decode(control.blobs.get(message.digest));
  const title = control.log.stateWith({ tasks: [task.task_id] }).missions[task.mission_id]?.title ?? "";
  return escapeLine(title, titleCharactersMax) || "Land a judged change";
}

async function commitOf(
  task: TaskState,
  intent: Pick<Landing, "base_commit" | "tree" | "committed_at" | "author" | "message" | "log_head">,
  control: Control,
): Promise<string> {
  if (task.evidence === null || task.patch === null) throw new Error(`task ${task.task_id} lands without evidence`);
  const { commit } = await buildCommit({
    ...mirrorOptions(control, task.repository),
    baseCommit: intent.base_commit,
    patch: control.blobs.get(task.patch.digest),
    expectedTree: intent.tree,
    expectedContentDigest: task.evidence.content_digest,
    authorName: intent.author.name,
    authorEmail: intent.author.email,
    committedAt: intent.committed_at,
    message: withTrailers(recordedMessage(task, intent.message, control), {
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
    throw new Fault("HOLD-PATCH-UNSAFE", "the commit in the log can't be rebuilt", {
      detail: `log ${landing.commit}, rebuilt ${rebuilt}`,
    });
}

/** The branch moved meanwhile. If the change applies cleanly to the new base, checks run again there; otherwise a new run redoes it. It is never landed unchecked. */
async function carryToMovedBase(task: TaskState, url: string, control: Control): Promise<CommandBody> {
  if (task.evidence === null || task.patch === null) throw new Error(`task ${task.task_id} lands without evidence`);
  const mirror = mirrorOptions(control, task.repository);
  const { commit, ref } = await fetchBase({ ...mirror, url });
  // The change was judged for one branch under its settings; with another branch or other settings it must be judged again.
  if (ref !== task.ref) return hold(task, "HOLD-BASE-MOVED", `the remote's branch is ${ref}, no longer ${task.ref}`);
  const moved = await touchedBetween({ ...mirror, baseA: task.evidence.base_commit, baseB: commit });
  if (moved.includes(".aedev.yaml"))
    return conflict(task, { to: commit, why: "the new base has a different .aedev.yaml" }, control);
  const carried = await appliesUnchanged({
    ...mirror,
    oldBase: task.evidence.base_commit,
    newBase: commit,
    patch: control.blobs.get(task.patch.digest),
  });
  return carried.unchanged
    ? { kind: "RecordBaseMoved", task_id: task.task_id, to: commit, hold_id: newId("h") }
    : conflict(task, { to: commit, why: carried.why }, control);
}

/** If repair attempts are left, a new run starts on the new base; otherwise the task is held. */
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
