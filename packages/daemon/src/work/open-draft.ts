/**
 * Shows a change that waits for approval as a draft pull request, if `landing.draft` is set. The push must not start a pipeline with a change that nobody
 * approved (SECURITY T11): a repository with workflows gets no draft unless the operator accepts that.
 */
import { branchName, Fault, isFault, pathReportSchema } from "@aedev/contracts";
import { type CommandBody, isDraftBody, type TaskState } from "@aedev/core";
import { requiredTask } from "../control/control.ts";
import type { Deferred } from "../control/deferred.ts";
import type { Blobs, Mirrors } from "../control/parts.ts";
import { permittedWrites, plannedLanding } from "../control/permitted-writes.ts";
import { openBundle } from "../control/read-blobs.ts";
import { fetchBase, listTree } from "../git/mirror.ts";
import { connectTo } from "../github/connect.ts";
import { RateLimited } from "../github/connection.ts";
import { reportEvidence } from "../github/evidence-check.ts";
import { findPullRequest, openPullRequest, updatePullRequest } from "../github/pull-requests.ts";
import { ensureBranch, recordOpened } from "./land-pull-request.ts";
import { type LandParts, type PullParts, rebuildSameCommit, recordIntent } from "./landing-commit.ts";
import type { PullRequestPlace } from "./merge-pull-request.ts";
import { pullRequestTexts } from "./pull-request-texts.ts";

/** Files that make a service run something when a branch is pushed or a pull request is opened. */
const pipelineFiles =
  /^(\.github\/workflows\/.|\.(circleci|buildkite|woodpecker|semaphore)\/.|\.(travis|drone|woodpecker|cirrus|appveyor|gitlab-ci)\.ya?ml$|(azure-pipelines|appveyor|bitrise|buildspec|cloudbuild)\.ya?ml$|Jenkinsfile$)/i;

/** Whether a branch with this file may make a service run something. */
export function isPipelineFile(path: string): boolean {
  return pipelineFiles.test(path);
}

/** What is known of the pull request, or why there is none; `Deferred` at a rate limit; null if no draft is due any more. */
export async function openDraftPullRequest(taskId: string, control: LandParts): Promise<CommandBody | Deferred | null> {
  const task = requiredTask(control.log.stateWith({ tasks: [taskId] }), taskId);
  const { evidence } = task;
  if (task.status !== "asked" || evidence === null) return null;
  try {
    const result = await showDraft(task, evidence, control);
    return typeof result !== "string" ? result : skipDraftCommand(task, evidence, result);
  } catch (error) {
    if (error instanceof RateLimited) return { kind: "Deferred", atMs: error.atMs };
    if (isFault(error, "HOLD-REMOTE-REFUSED") && !error.retry) return skipDraftCommand(task, evidence, error.message);
    throw error;
  }
}

/** Records that this change gets no draft, and why. */
function skipDraftCommand(
  { task_id }: Pick<TaskState, "task_id">,
  { change_digest }: { change_digest: string },
  why: string,
): CommandBody {
  const text = why.slice(0, whyCharactersMax).toWellFormed();
  return { kind: "SkipDraftPullRequest", task_id, change_digest, why: text };
}
const whyCharactersMax = 500;

type Evidence = NonNullable<TaskState["evidence"]>;

/** A text says why there is no draft. */
async function showDraft(
  task: TaskState,
  evidence: Evidence,
  control: LandParts,
): Promise<CommandBody | string | null> {
  if (permittedWrites(task, control) !== "allowed") return "aedev may not write to the repository";
  const head = plannedLanding(task, control).head_ref;
  if (head === undefined) return "the change does not land through a pull request";
  const url = control.log.state.repositories[task.repository]?.url ?? "";
  const gitHub = await connectTo(url, control);
  if (gitHub === null) return "there is no credential for GitHub";
  const mirror = control.mirror(task.repository);
  const { commit: base, ref } = await fetchBase({ ...mirror, url });
  if (ref !== task.ref) return `the remote's branch is ${ref}, no longer ${task.ref}`;
  const pipeline = await findPipeline({ task, evidence, base }, control);
  if (pipeline !== undefined && !control.configuration.landing.draft_runs_workflows)
    return `pushing it would run ${pipeline} on a change that nobody approved (landing.draft_runs_workflows)`;
  const branch = branchName(head);
  const found = await findPullRequest(gitHub, knownPull(task, branch));
  // A pull request that is ready for review could be merged by anybody, or by GitHub itself.
  if (
    found !== null &&
    (found.state === "closed" || found.draft !== true || !isDraftBody(found.body ?? "", task.task_id))
  )
    return `pull request #${found.number} of its branch is no open draft of aedev's`;
  if (task.landing === null && (await recordIntent(task, control, { draft: true })) === null) return null;
  const started = requiredTask(control.log.stateWith({ tasks: [task.task_id] }), task.task_id);
  if (started.status !== "asked" || started.landing === null) return null;
  await rebuildSameCommit(started, started.landing, control);
  return pushDraft(started, { landing: started.landing, url, branch, gitHub }, control);
}

async function pushDraft(task: TaskState, place: PullRequestPlace, control: PullParts): Promise<CommandBody | string> {
  const { landing, gitHub, branch } = place;
  const refused = await ensureBranch(task, place, control.mirror(task.repository));
  if (refused !== null) return refused.kind === "HoldTask" ? (refused.detail ?? refused.code) : refused;
  const { title, body, marker, evidence } = pullRequestTexts(task, control);
  const pull = await findPullRequest(gitHub, knownPull(task, branch));
  if (pull === null) {
    const base = branchName(landing.ref);
    const made = await openPullRequest(gitHub, { branch, base, title, body, draft: true });
    await reportEvidence(gitHub, { commit: landing.commit, ...evidence });
    return recordOpened(task, { place, ...made }, control);
  }
  const { number } = pull;
  if (pull.head.sha !== landing.commit)
    throw new Fault("HOLD-EXTERNAL-STATE-UNKNOWN", `pull request #${number} does not show its new head yet`, {
      retry: true,
    });
  if (pull.body?.includes(marker) !== true) await updatePullRequest(gitHub, { number, title, body });
  await reportEvidence(gitHub, { commit: landing.commit, ...evidence });
  return recordOpened(task, { place, number, url: pull.html_url }, control);
}

/** Looks for a pipeline file on the judged base, on the current base and in the change. */
async function findPipeline(
  { task, evidence, base }: { task: TaskState; evidence: Evidence; base: string },
  control: Blobs & Mirrors,
): Promise<string | undefined> {
  const mirror = control.mirror(task.repository);
  const trees = [...new Set([evidence.base_commit, base])];
  const entries = (await Promise.all(trees.map((tree) => listTree({ ...mirror, tree })))).flat();
  const changed = openBundle(control, evidence.bundle.digest).entry("path-report", pathReportSchema)?.files;
  if (changed === undefined) throw new Error(`the evidence of task ${task.task_id} does not name its paths`);
  return [...entries, ...changed].map(({ path }) => path).find(isPipelineFile);
}

/** Leaves out a pull request of this branch that aedev itself closed. */
function knownPull({ pull_request }: TaskState, branch: string): Parameters<typeof findPullRequest>[1] {
  return { number: pull_request?.number ?? null, branch, closed: pull_request?.closed ?? [] };
}
