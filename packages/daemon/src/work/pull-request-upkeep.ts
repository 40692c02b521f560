/**
 * Tidies pull requests that no longer stand: closes an ended task's with one comment, and withdraws the check of one whose task makes another change. Each call
 * looks, takes the missing steps, and looks again before it reports; so it may be interrupted anywhere and called again.
 */

import { branchName, Fault, type HostText, host } from "@aedev/contracts";
import { type CommandBody, closingText, pullRequestUpkeep, type TaskState } from "@aedev/core";
import { requiredTask } from "../control/control.ts";
import type { Deferred } from "../control/deferred.ts";
import type { Records } from "../control/parts.ts";
import { permittedWrites } from "../control/permitted-writes.ts";
import { readRemoteBranch } from "../git/push.ts";
import { commentOnce, hasComment } from "../github/comments.ts";
import { connectTo } from "../github/connect.ts";
import { type GitHubConnection, RateLimited } from "../github/connection.ts";
import { takeEvidenceBack } from "../github/evidence-check.ts";
import { noteIfRefused } from "../github/note-if-refused.ts";
import { closePullRequest, findPullRequest, type PullRequest } from "../github/pull-requests.ts";
import { complain } from "../logging/complain.ts";
import type { LandedParts, PullParts } from "./landing-commit.ts";
import { mergedCommand, removeBranch } from "./merged-pull-request.ts";
import { withWatch } from "./watch-landings.ts";

/** Pause before aedev looks again at something it is not allowed to do. */
const notAllowedPauseMs = 300_000;

interface Upkeep {
  readonly task: TaskState;
  readonly known: NonNullable<TaskState["pull_request"]>;
  readonly gitHub: GitHubConnection;
  readonly url: string;
  readonly branch: string;
  readonly mayWrite: boolean;
}

/** Null: nothing is left to do. `Deferred`: aedev may not write there now, or GitHub set a rate limit. */
export async function upkeepPullRequest(taskId: string, control: PullParts): Promise<CommandBody | Deferred | null> {
  const task = requiredTask(control.log.stateWith({ tasks: [taskId] }), taskId);
  const wanted = pullRequestUpkeep(task);
  const { pull_request: known, repository } = task;
  const url = control.log.state.repositories[repository]?.url;
  if (wanted === null || known === undefined || url === undefined) return null;
  try {
    const gitHub = await connectTo(url, control);
    if (gitHub === null) return afterPause(task);
    const mayWrite = permittedWrites(task, control) === "allowed";
    const upkeep = { task, known, gitHub, url, branch: branchName(known.head_ref), mayWrite };
    return withWatch(wanted === "close" ? await closePull(upkeep, control) : await suspendPull(upkeep), control);
  } catch (error) {
    if (error instanceof RateLimited) return { kind: "Deferred", atMs: error.atMs };
    throw error;
  }
}

async function closePull(upkeep: Upkeep, control: PullParts): Promise<CommandBody | Deferred> {
  const { task, known, gitHub, url, branch, mayWrite } = upkeep;
  const mirror = control.mirror(task.repository);
  const pull = await findKnownPull(upkeep);
  if (pull?.merged === true) return ofMerged(upkeep, pull, control);
  const { commit: tip } = await readRemoteBranch({ ...mirror, url, ref: known.head_ref });
  const own = tip !== null && known.commits.includes(tip) ? tip : null;
  if (!mayWrite) return pull?.state === "open" || own !== null ? afterPause(task) : closedCommand(task, pull);
  // The step that keeps others from merging comes first; nothing waits for the comment that explains it.
  const head = known.head?.commit;
  const what = task.status === "rejected" ? host`the change was rejected` : host`the task was cancelled`;
  if (head !== undefined) await takeEvidenceBack(gitHub, { commit: head, state: "withdrawn", title: what });
  if (pull?.state === "open") {
    const comment = { number: pull.number, since: sinceOf(task), ...(await closing(task, control)) };
    const notes = await noteIfRefused(`no comment on pull request #${pull.number}`, () => commentOnce(gitHub, comment));
    for (const note of notes) complain(note);
    await closePullRequest(gitHub, pull.number);
  }
  if (own !== null) await removeBranch({ url, branch }, { commit: own, mirror, mayWrite });
  if (pull?.state !== "open") return closedCommand(task, pull);
  const after = await findKnownPull(upkeep);
  // A person merged it first.
  if (after?.merged === true) return ofMerged(upkeep, after, control);
  if (after?.state === "open")
    throw new Fault("HOLD-EXTERNAL-STATE-UNKNOWN", `GitHub does not show pull request #${pull.number} as closed yet`, {
      retry: true,
    });
  return closedCommand(task, pull);
}

/** The pull request stays open for the task's next change, unless aedev had begun to close it because the task was rejected. */
async function suspendPull(upkeep: Upkeep): Promise<CommandBody | Deferred | null> {
  const { task, known, gitHub, mayWrite } = upkeep;
  const { head, number } = known;
  if (head === null || number === null) return null;
  if (!mayWrite) return afterPause(task);
  const pull = await findKnownPull(upkeep);
  const title = host`another change is being made`;
  await takeEvidenceBack(gitHub, { commit: head.commit, state: "under-way", title });
  const { marker } = closingText({ taskId: task.task_id, ended: "rejected", by: "", reason: null });
  const isOurs =
    pull?.state === "closed" && !pull.merged && (await hasComment(gitHub, { number: pull.number, marker }));
  return isOurs
    ? closedCommand(task, pull)
    : { kind: "RecordPullRequestSuspended", task_id: task.task_id, number, head: head.commit };
}

function findKnownPull({ gitHub, known, branch }: Upkeep): Promise<PullRequest | null> {
  return findPullRequest(gitHub, { number: known.number, branch, closed: known.closed ?? [] });
}

/** A merge by a person records the change as landed; a merge into another branch only ends the pull request. */
async function ofMerged({ task, url, branch }: Upkeep, pull: PullRequest, control: LandedParts): Promise<CommandBody> {
  const ref = task.landing?.ref ?? task.ref ?? "";
  return (await mergedCommand(task, { url, branch, ref, pull }, control)) ?? closedCommand(task, pull);
}

function closedCommand({ task_id }: TaskState, pull: PullRequest | null): CommandBody {
  return { kind: "RecordPullRequestClosed", task_id, number: pull?.number ?? null };
}

/** Who ended the task and why, read from the log. */
async function closing(task: TaskState, { log }: Records): Promise<{ marker: HostText; body: HostText }> {
  const stream = `task/${task.task_id}`;
  let why: { by: string; reason: string | null } = { by: "a person", reason: null };
  for (let after = 0; ; ) {
    const events = await log.listEvents({ stream, after });
    for (const event of events)
      if (event.type === "TaskRejected" || event.type === "TaskCancelled") why = { reason: null, ...event.data };
    const last = events.at(-1);
    if (last === undefined) break;
    after = last.position;
  }
  const ended = task.status === "rejected" ? "rejected" : "cancelled";
  return closingText({ taskId: task.task_id, ended, ...why });
}

/** Comments from before the task's end are not about it. One day is added because clocks differ. */
function sinceOf({ changed_at }: TaskState): string {
  return new Date(Date.parse(changed_at) - 86_400_000).toISOString();
}

function afterPause({ repository }: TaskState): Deferred {
  return { kind: "Deferred", atMs: Date.now() + notAllowedPauseMs, untilNewsOf: repository };
}
