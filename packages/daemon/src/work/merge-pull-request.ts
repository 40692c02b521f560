/** Merges a pull request whose head is the landing's commit: reports the evidence, waits for checks and reviews, then merges. */
import { branchName, canonicalJson, Fault, pullRequestWaitText } from "@aedev/contracts";
import type { CommandBody, TaskState } from "@aedev/core";
import type { Deferred } from "../control/deferred.ts";
import type { Blobs, Configured, Mirrors, Records, Spending } from "../control/parts.ts";
import { listTree } from "../git/mirror.ts";
import type { GitHubConnection } from "../github/connection.ts";
import { reportEvidence } from "../github/evidence-check.ts";
import { type MergeReadiness, readinessOf } from "../github/merge-waits.ts";
import { pollPauseMs } from "../github/poll-pause.ts";
import { mergeMethodOf, mergePullRequest, type PullRequest, updatePullRequest } from "../github/pull-requests.ts";
import { followMergeQueue } from "./follow-merge-queue.ts";
import { holdCommand } from "./hold-command.ts";
import { type Landing, landingMessage } from "./landing-commit.ts";
import { pullRequestTexts } from "./pull-request-texts.ts";

/** The pull request through which a change lands. */
export interface PullRequestPlace {
  readonly landing: Landing;
  readonly url: string;
  /** The branch's name without `refs/heads/`. */
  readonly branch: string;
  readonly gitHub: GitHubConnection;
}

type OpenPullRequestPlace = PullRequestPlace & { readonly pull: PullRequest; readonly headAt: string };
type Waits = Extract<CommandBody, { kind: "RecordPullRequestWaits" }>["waits_for"];
/** Waits that a person ends, not a check. */
const byPeople: ReadonlySet<Waits[number]["kind"]> = new Set(["approvals", "changes-requested", "draft", "blocked"]);

/** `merged`: GitHub reported the merge, so look again. `mayAct` is asked right before the merge, because reading took time. */
export async function mergeWhenReady(
  task: TaskState,
  place: OpenPullRequestPlace,
  control: Blobs & Mirrors & Records & Spending & Configured<"github">,
  mayAct: () => boolean,
): Promise<CommandBody | Deferred | "merged"> {
  const { landing, gitHub, pull } = place;
  const { number } = pull;
  const queued = await queueStep(task, place, control, { mayAct, when: "in" });
  if (queued !== null) return queued;
  const { title, body, marker, evidence } = pullRequestTexts(task, control);
  if (pull.body?.includes(marker) !== true) await updatePullRequest(gitHub, { number, title, body });
  await reportEvidence(gitHub, { commit: landing.commit, ...evidence });
  const { failed, waits, rules } = await readiness(task, place, control);
  if (failed.length > 0)
    return holdCommand(
      task,
      "HOLD-REMOTE-REFUSED",
      `failed on pull request #${number}: ${failed.join(", ")}; once they pass there, release the hold`,
    );
  // GitHub may call a pull request blocked only because its branch has a queue.
  const isBlocked = waits.some(({ kind }) => kind === "blocked");
  if (waits.length > 0 && !(isBlocked && rules.queue === "yes"))
    return waitFor(task, { number, waits: [...waits] }, control);
  const when = isBlocked ? "blocked" : rules.queue === "maybe" ? "maybe" : "ready";
  const throughQueue = rules.queue === "no" ? null : await queueStep(task, place, control, { mayAct, when });
  if (throughQueue !== null) return throughQueue;
  if (pull.mergeable !== true || pull.mergeable_state === "behind")
    throw new Fault("HOLD-EXTERNAL-STATE-UNKNOWN", `GitHub does not call pull request #${number} mergeable`, {
      retry: true,
    });
  const method = await mergeMethodOf(gitHub, {
    configured: control.configuration.github.mergeMethod,
    byRules: rules.methods,
  });
  if (method === null)
    return holdCommand(task, "HOLD-REMOTE-REFUSED", `repository and rules of ${landing.ref} allow no way to merge`);
  if (!mayAct()) return { kind: "Deferred", atMs: Date.now() };
  await mergePullRequest(gitHub, {
    number,
    commit: landing.commit,
    method,
    message: landingMessage(task, landing, control),
  });
  return "merged";
}

async function queueStep(
  task: TaskState,
  place: OpenPullRequestPlace,
  control: Configured<"github">,
  options: Parameters<typeof followMergeQueue>[2],
): Promise<CommandBody | Deferred | null> {
  const { number } = place.pull;
  const step = await followMergeQueue(task, { ...place, number }, options);
  return step !== null && "waits" in step ? waitFor(task, { number, waits: step.waits }, control) : step;
}

/** While people review, a moved base is left alone, because each new head would dismiss their reviews. Null if nobody is waited for. */
export async function waitsForPeople(
  task: TaskState,
  place: PullRequestPlace & { readonly pull: PullRequest | null },
  control: Mirrors & Configured<"github">,
): Promise<CommandBody | Deferred | null> {
  const { pull, landing } = place;
  const { number = null, head = null } = task.pull_request ?? {};
  if (pull === null || number !== pull.number || head === null || pull.head.sha !== landing.commit) return null;
  const { failed, waits } = await readiness(task, { ...place, pull, headAt: head.at }, control);
  const people = waits.filter(({ kind }) => byPeople.has(kind));
  // The moved base alone can cause a state of `blocked`.
  if (failed.length > 0 || people.every(({ kind }) => kind === "blocked")) return null;
  return waitFor(task, { number, waits: [...waits] }, control);
}

async function readiness(task: TaskState, place: OpenPullRequestPlace, control: Mirrors): Promise<MergeReadiness> {
  const { gitHub, pull, landing, headAt } = place;
  const entries = await listTree({ ...control.mirror(task.repository), tree: landing.base_commit });
  const hasWorkflows = entries.some(({ path }) => path.startsWith(".github/workflows/"));
  const withoutChecks = task.pull_request?.without_checks === pull.head.sha;
  const base = branchName(landing.ref);
  return readinessOf(gitHub, { pull, base, hasWorkflows, headAt, withoutChecks });
}

/** Records new waits, so that people see them. After the configured time it holds the task, which tells a person. */
function waitFor(
  task: TaskState,
  { number, waits }: { number: number; waits: Waits },
  control: Configured<"github">,
): CommandBody | Deferred {
  const { pollMs, waitMs } = control.configuration.github;
  const known = task.pull_request;
  if (canonicalJson(known?.waits_for ?? []) !== canonicalJson(waits))
    return { kind: "RecordPullRequestWaits", task_id: task.task_id, number, waits_for: waits };
  if (waits.every(({ kind }) => kind === "no-checks")) {
    const detail = `no check has appeared on the head of pull request #${number}, although the repository has workflows; to merge it without, release the hold`;
    const head = known?.head?.commit;
    return {
      ...holdCommand(task, "HOLD-REMOTE-REFUSED", detail),
      ...(head === undefined ? {} : { without_checks: head }),
    };
  }
  const since = known?.waits_since ?? null;
  const waitedMs = since === null ? 0 : Date.now() - Date.parse(since);
  if (since !== null && waitedMs > waitMs)
    return holdCommand(
      task,
      "HOLD-REMOTE-REFUSED",
      `pull request #${number} has waited since ${since} for ${waits.map(pullRequestWaitText).join("; ")}`,
    );
  return { kind: "Deferred", atMs: Date.now() + pollPauseMs({ waitedMs, pollMs }), untilNewsOf: task.repository };
}
