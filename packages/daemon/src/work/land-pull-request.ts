/**
 * Lands a change through a pull request at GitHub: branch, pull request, evidence check, merge, removal of the branch. Each call looks at what exists, takes
 * the next missing step, and looks again before it reports a result; so it may be interrupted anywhere and called again.
 */
import { branchName, Fault, isFault } from "@aedev/contracts";
import { type CommandBody, isDraftBody, isWaitingForMerge, mayLandNow, type TaskState } from "@aedev/core";
import type { Deferred } from "../control/deferred.ts";
import type { Blobs, Configured, Mirrors, Records, WriteRules } from "../control/parts.ts";
import { permittedWrites } from "../control/permitted-writes.ts";
import type { RepositoryOptions } from "../git/bare-repository.ts";
import { fetchBase, treeOf } from "../git/mirror.ts";
import { isLanded, pushCommit, readRemoteBranch } from "../git/push.ts";
import { connectTo } from "../github/connect.ts";
import { RateLimited } from "../github/connection.ts";
import { setLabels } from "../github/labels.ts";
import { findPullRequest, openPullRequest, type PullRequest } from "../github/pull-requests.ts";
import { markReadyForReview } from "../github/ready-for-review.ts";
import { askCodeOwners } from "./ask-code-owners.ts";
import { compareLanded } from "./compare-landed.ts";
import { isInQueue } from "./follow-merge-queue.ts";
import { holdCommand } from "./hold-command.ts";
import type { PullParts } from "./landing-commit.ts";
import { mergeWhenReady, type PullRequestPlace, waitsForPeople } from "./merge-pull-request.ts";
import { recordMerged, removeBranch } from "./merged-pull-request.ts";
import { carryToMovedBase } from "./moved-base.ts";
import { pullRequestTexts } from "./pull-request-texts.ts";
import { takeReviews } from "./take-reviews.ts";

/** Faults of a server that can't be reached or gives no clear answer. */
const outages = ["HOLD-FETCH-FAILED", "HOLD-EXTERNAL-STATE-UNKNOWN"] as const;

export async function landByPullRequest(
  task: TaskState,
  place: Omit<PullRequestPlace, "gitHub">,
  control: PullParts,
): Promise<CommandBody | Deferred> {
  try {
    const gitHub = await connectTo(place.url, control);
    if (gitHub !== null) return await advanceLanding(task, { ...place, gitHub }, control);
  } catch (error) {
    if (error instanceof RateLimited) return { kind: "Deferred", atMs: error.atMs };
    // A pull request waits for hours: an outage meanwhile does not make its landing fail.
    if (isFault(error, ...outages) && error.retry && isWaitingForMerge(task) && isInTime(task, control))
      return { kind: "Deferred", atMs: Date.now() + control.configuration.github.pollMs };
    throw error;
  }
  return holdCommand(
    task,
    "HOLD-REMOTE-REFUSED",
    "there is no credential for GitHub: aedev secrets set AEDEV_GITHUB_TOKEN",
  );
}

async function advanceLanding(
  task: TaskState,
  place: PullRequestPlace,
  control: PullParts,
): Promise<CommandBody | Deferred> {
  const { landing, url, branch, gitHub } = place;
  const { closed = [] } = task.pull_request ?? {};
  const find = () => findPullRequest(gitHub, { number: task.pull_request?.number ?? null, branch, closed });
  const findNext = (ended: number) => findPullRequest(gitHub, { number: null, branch, closed: [...closed, ended] });
  const mirror = control.mirror(task.repository);
  const { commit: base, ref } = await fetchBase({ ...mirror, url });
  // Read after the base: if the base already has the merge, the pull request shows it too.
  let pull = await find();
  // Somebody merged the suspended change instead of this one. It is part of the base by now.
  if (pull?.merged === true && pull.head.sha === task.pull_request?.suspended) pull = await findNext(pull.number);
  if (pull?.merged === true) return recordMerged(task, { ...place, pull }, control);
  const target = { ...mirror, url, ref: landing.ref, commit: landing.commit, parent: landing.base_commit };
  if (await isLanded(target)) {
    // Somebody merged the branch without the pull request.
    await removeBranch(place, { commit: landing.commit, mirror, mayWrite: mayWrite(task, control) });
    return { kind: "RecordLanded", task_id: task.task_id, commit: landing.commit, ref: landing.ref };
  }
  if (!mayWrite(task, control))
    return holdCommand(task, "HOLD-REMOTE-WRITES-OFF", `aedev may no longer merge into ${landing.ref}`);
  if (pull?.state === "closed")
    return holdCommand(
      task,
      "HOLD-REMOTE-REFUSED",
      `pull request #${pull.number} was closed without a merge; reopen it at GitHub, or: aedev task cancel ${task.task_id}`,
    );
  if (ref !== landing.ref)
    return holdCommand(task, "HOLD-BASE-MOVED", `the remote's branch is ${ref}, no longer ${landing.ref}`);
  await compareLanded(task.repository, base, control);
  // What a person asks for comes before anything is merged or rebuilt.
  const asked = await requestedChanges(task, { ...place, pull }, control);
  if (asked !== null) return asked;
  // While landings are paused or another one goes first, this one only looks and records.
  if (!mayLandNow(control.log.state, task)) return waitAnotherPoll(task, control);
  if (pull?.draft === true && isDraftBody(pull.body ?? "", task.task_id)) {
    // aedev opened this draft to show the change. A draft that a person made has another body; it keeps waiting.
    await markReadyForReview(gitHub, pull.number);
    pull = await find();
  }
  if (base !== landing.base_commit && !(pull !== null && (await isInQueue(task, { gitHub, number: pull.number })))) {
    // The merge has reached the branch, but the pull request doesn't show it yet.
    if ((await treeOf({ ...mirror, commit: base })) === landing.tree) throw stillUnseen();
    return (await waitsForPeople(task, { ...place, pull }, control)) ?? carryToMovedBase(task, url, control);
  }
  return (await ensureBranch(task, place, mirror)) ?? afterPush(task, { ...place, pull }, control);
}

/** The changes that people ask for on the waiting pull request; null if there is nothing new or reviews are not read. */
async function requestedChanges(
  task: TaskState,
  { pull, landing, gitHub }: PullRequestPlace & { readonly pull: PullRequest | null },
  control: Blobs & Configured<"github">,
): Promise<CommandBody | null> {
  const isOurs = pull !== null && pull.number === task.pull_request?.number && pull.head.sha === landing.commit;
  if (!isOurs || !control.configuration.github.reviewInstructions) return null;
  return takeReviews(task, { gitHub, number: pull.number }, control);
}

/** Brings the pull request's branch to the landing's commit; null if nothing is left to do. It never overwrites what somebody else put there. */
export async function ensureBranch(
  task: TaskState,
  { landing, url, branch }: PullRequestPlace,
  mirror: RepositoryOptions,
): Promise<CommandBody | null> {
  const ref = `refs/heads/${branch}`;
  const { commit: seen } = await readRemoteBranch({ ...mirror, url, ref });
  if (seen === landing.commit) return null;
  if (seen !== null && task.pull_request?.commits.includes(seen) !== true)
    return holdCommand(
      task,
      "HOLD-REMOTE-REFUSED",
      `the branch ${branch} has the commit ${seen}, which aedev did not make; merge or remove it at GitHub`,
    );
  const target = { ...mirror, url, ref, commit: landing.commit };
  const result = await pushCommit({ ...target, expectedOld: seen, replaces: true });
  if (result === "landed") return null;
  if (result === "unknown" || "moved" in result)
    throw new Fault("HOLD-EXTERNAL-STATE-UNKNOWN", `the push to ${branch} got no clear answer`, { retry: true });
  return holdCommand(task, "HOLD-REMOTE-REFUSED", `the remote refused ${branch}: ${result.refused}`);
}

async function afterPush(
  task: TaskState,
  { pull, ...place }: PullRequestPlace & { readonly pull: PullRequest | null },
  control: PullParts,
): Promise<CommandBody | Deferred> {
  const { gitHub, branch, landing } = place;
  const base = branchName(landing.ref);
  if (pull === null) {
    const { title, body } = pullRequestTexts(task, control);
    const made = await openPullRequest(gitHub, { branch, base, title, body });
    return recordOpened(task, { place, ...made }, control);
  }
  const { number } = pull;
  if (pull.base.ref !== base)
    return holdCommand(
      task,
      "HOLD-REMOTE-REFUSED",
      `pull request #${number} goes to ${pull.base.ref} now; set its base back to ${base} at GitHub`,
    );
  if (pull.head.sha !== landing.commit) throw stillUnseen();
  const known = task.pull_request;
  if (known?.number !== number || known.head?.commit !== landing.commit)
    return recordOpened(task, { place, number, url: pull.html_url }, control);
  const step = await mergeWhenReady(
    task,
    { ...place, pull, headAt: known.head.at },
    control,
    () => isStillLanding(task, control) && mayWrite(task, control) && mayLandNow(control.log.state, task),
  );
  if (step !== "merged") return step;
  const merged = await findPullRequest(gitHub, { number, branch, closed: known.closed ?? [] });
  if (merged?.merged !== true) throw stillUnseen();
  return recordMerged(task, { ...place, pull: merged }, control);
}

/** Sets labels and asks for reviews before the pull request is first recorded. That happens once, so what a person removes later stays removed. */
export async function recordOpened(
  task: TaskState,
  { place, number, url }: { place: PullRequestPlace; number: number; url: string },
  control: Blobs & Mirrors & Configured<"github" | "landing">,
): Promise<CommandBody> {
  const opened = { kind: "RecordPullRequest", task_id: task.task_id, number, url, head: place.landing.commit } as const;
  if (task.pull_request?.number === number) return opened;
  const unlabelled = await setLabels(place.gitHub, { number, labels: control.configuration.github.labels });
  const { requested, notes: unasked } = await askCodeOwners(task, { ...place, number }, control);
  const notes = [...unlabelled, ...unasked];
  return {
    ...opened,
    ...(notes.length === 0 ? {} : { notes }),
    ...(requested.length === 0 ? {} : { reviewers: [...requested] }),
  };
}

function mayWrite(task: TaskState, control: WriteRules): boolean {
  return permittedWrites(task, control) === "allowed";
}

/** A person may cancel a landing while it waits. */
function isStillLanding({ task_id }: TaskState, control: Records): boolean {
  return control.log.state.tasks[task_id]?.status === "landing";
}

function isInTime(task: TaskState, control: Configured<"github">): boolean {
  const since = task.pull_request?.waits_since ?? null;
  return since !== null && Date.now() - Date.parse(since) <= control.configuration.github.waitMs;
}

function waitAnotherPoll({ repository }: TaskState, control: Configured<"github">): Deferred {
  return {
    kind: "Deferred",
    atMs: Date.now() + control.configuration.github.pollMs,
    untilNewsOf: repository,
  };
}

/** GitHub needs a moment to show a push or a merge. If it never does, nobody knows why. */
function stillUnseen(): Fault {
  return new Fault("HOLD-EXTERNAL-STATE-UNKNOWN", "GitHub does not show the state of the pull request yet", {
    retry: true,
  });
}
