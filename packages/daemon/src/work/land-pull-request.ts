/**
 * Lands a change through a pull request at GitHub: branch, pull request, evidence check, merge, removal of the branch. Each call looks at what is
 * there, takes the next step that is missing, and looks again before it says that something happened; so it can end anywhere and be called again.
 */
import { Fault, pullRequestWaitText } from "@aedev/contracts";
import type { CommandBody, TaskState } from "@aedev/core";
import { type Control, mirrorOptions } from "../control/control.ts";
import type { Deferred } from "../control/deferred.ts";
import { permittedWrites } from "../control/permitted-writes.ts";
import { fetchBase, listTree, treeOf } from "../git/mirror.ts";
import { isLanded, pushCommit, readRemoteBranch } from "../git/push.ts";
import { connectTo } from "../github/connect.ts";
import { type GitHubConnection, RateLimited } from "../github/connection.ts";
import { reportEvidence } from "../github/evidence-check.ts";
import { readinessOf } from "../github/merge-waits.ts";
import {
  findPullRequest,
  mergeMethodOf,
  mergePullRequest,
  openPullRequest,
  type PullRequest,
  updatePullRequest,
} from "../github/pull-requests.ts";
import { compareLanded } from "./compare-landed.ts";
import { holdCommand } from "./hold-command.ts";
import { type Landing, landingMessage } from "./landing-commit.ts";
import { recordMerged, removeBranch } from "./merged-pull-request.ts";
import { carryToMovedBase } from "./moved-base.ts";
import { pullRequestTexts } from "./pull-request-texts.ts";

export interface PullRequestLanding {
  readonly landing: Landing;
  readonly url: string;
  /** Its branch, without `refs/heads/`. */
  readonly branch: string;
}

export async function landByPullRequest(
  task: TaskState,
  place: PullRequestLanding,
  control: Control,
): Promise<CommandBody | Deferred> {
  const gitHub = await connectTo(place.url, control);
  if (gitHub === null)
    return holdCommand(
      task,
      "HOLD-REMOTE-REFUSED",
      "there is no credential for GitHub: aedev secrets set AEDEV_GITHUB_TOKEN",
    );
  try {
    return await advance(task, { ...place, gitHub }, control);
  } catch (error) {
    if (error instanceof RateLimited) return { kind: "Deferred", atMs: error.atMs };
    throw error;
  }
}

type Place = PullRequestLanding & { readonly gitHub: GitHubConnection };

async function advance(task: TaskState, place: Place, control: Control): Promise<CommandBody | Deferred> {
  const { landing, url, branch, gitHub } = place;
  const pull = await findPullRequest(gitHub, { number: task.pull_request?.number ?? null, branch });
  if (pull?.merged === true) return recordMerged(task, { ...place, pull }, control);
  const mirror = mirrorOptions(control, task.repository);
  const { commit: base } = await fetchBase({ ...mirror, url });
  if (await isLanded({ ...mirror, url, ref: landing.ref, commit: landing.commit })) {
    // Somebody merged the branch without the pull request.
    await removeBranch(place, { commit: landing.commit, mirror });
    return { kind: "RecordLanded", task_id: task.task_id, commit: landing.commit, ref: landing.ref };
  }
  if (permittedWrites(task, control) !== "allowed")
    return holdCommand(task, "HOLD-REMOTE-WRITES-OFF", `aedev may no longer merge into ${landing.ref}`);
  if (pull?.state === "closed")
    return holdCommand(
      task,
      "HOLD-REMOTE-REFUSED",
      `pull request #${pull.number} was closed without a merge; reopen it at GitHub, or: aedev task cancel ${task.task_id}`,
    );
  await compareLanded(task.repository, base, control);
  if (base !== landing.base_commit) {
    // The merge has arrived, and the pull request does not say so yet.
    if ((await treeOf({ ...mirror, commit: base })) === landing.tree) throw stillUnseen();
    return carryToMovedBase(task, url, control);
  }
  return (
    (await ensureBranch(task, place, mirror)) ??
    (pull === null ? open(task, place, control) : mergeWhenReady(task, { ...place, pull }, control))
  );
}

/** The branch of the pull request is at the landing's commit; null if nothing is left to do. What somebody else put there is not overwritten. */
async function ensureBranch(
  task: TaskState,
  { landing, url, branch }: Place,
  mirror: ReturnType<typeof mirrorOptions>,
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

async function open(task: TaskState, { gitHub, branch, landing }: Place, control: Control): Promise<CommandBody> {
  const base = landing.ref.replace(/^refs\/heads\//, "");
  const made = await openPullRequest(gitHub, { branch, base, ...pullRequestTexts(task, control) });
  return { kind: "RecordPullRequest", task_id: task.task_id, ...made };
}

async function mergeWhenReady(
  task: TaskState,
  place: Place & { pull: PullRequest },
  control: Control,
): Promise<CommandBody | Deferred> {
  const { landing, gitHub, pull } = place;
  const { number } = pull;
  if (task.pull_request?.number !== number)
    return { kind: "RecordPullRequest", task_id: task.task_id, number, url: pull.html_url };
  const base = landing.ref.replace(/^refs\/heads\//, "");
  if (pull.base.ref !== base)
    return holdCommand(
      task,
      "HOLD-REMOTE-REFUSED",
      `pull request #${number} goes to ${pull.base.ref} now; set its base back to ${base} at GitHub`,
    );
  if (pull.head.sha !== landing.commit) throw stillUnseen();
  const { title, body, marker, evidence } = pullRequestTexts(task, control);
  if (pull.body?.includes(marker) !== true) await updatePullRequest(gitHub, { number, title, body });
  await reportEvidence(gitHub, { commit: landing.commit, ...evidence });
  const { failed, waits } = await readinessOf(gitHub, {
    pull,
    base,
    hasWorkflows: await hasWorkflows(task, landing, control),
    headAt: landing.committed_at,
  });
  if (failed.length > 0)
    return holdCommand(
      task,
      "HOLD-REMOTE-REFUSED",
      `failed on pull request #${number}: ${failed.join(", ")}; once they pass there, release the hold`,
    );
  if (waits.length > 0) return waitFor(task, { number, waits: [...waits] }, control);
  if (pull.mergeable !== true || pull.mergeable_state === "behind") throw stillUnseen();
  const method = await mergeMethodOf(gitHub, control.configuration.github.mergeMethod);
  await mergePullRequest(gitHub, {
    number,
    commit: landing.commit,
    method,
    message: landingMessage(task, landing, control),
  });
  const merged = await findPullRequest(gitHub, { number, branch: place.branch });
  if (merged?.merged !== true) throw stillUnseen();
  return recordMerged(task, { ...place, pull: merged }, control);
}

/** Whether a push starts workflows at GitHub: the base has some. */
async function hasWorkflows(task: TaskState, landing: Landing, control: Control): Promise<boolean> {
  const entries = await listTree({ ...mirrorOptions(control, task.repository), tree: landing.base_commit });
  return entries.some(({ path }) => path.startsWith(".github/workflows/"));
}

type Waits = Extract<CommandBody, { kind: "RecordPullRequestWaits" }>["waits_for"];

/** Recorded when it changes, so that people see it; after the configured time a person is told. */
function waitFor(
  task: TaskState,
  { number, waits }: { number: number; waits: Waits },
  control: Control,
): CommandBody | Deferred {
  const { pollMs, waitMs } = control.configuration.github;
  const known = task.pull_request;
  const isKnown = JSON.stringify(known?.waits_for) === JSON.stringify(waits);
  if (!isKnown) return { kind: "RecordPullRequestWaits", task_id: task.task_id, number, waits_for: waits };
  const since = known?.waits_since ?? null;
  if (since !== null && Date.now() - Date.parse(since) > waitMs)
    return holdCommand(
      task,
      "HOLD-REMOTE-REFUSED",
      `pull request #${number} has waited since ${since} for ${waits.map(pullRequestWaitText).join("; ")}`,
    );
  return { kind: "Deferred", atMs: Date.now() + pollMs };
}

/** GitHub needs a moment until a push or a merge shows. If it never does, nobody knows why. */
function stillUnseen(): Fault {
  return new Fault("HOLD-EXTERNAL-STATE-UNKNOWN", "GitHub does not show the state of the pull request yet", {
    retry: true,
  });
}
