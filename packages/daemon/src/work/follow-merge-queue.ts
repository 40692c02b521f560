/**
 * A merge through GitHub's merge queue: the intent is recorded as what the pull request waits for, then it is put in once, then it is waited for.
 * GitHub's own events tell whether it was put in since, so that a restart in between puts it in neither twice nor not at all.
 */
import { escapeLine, foreignName, isFault, type PullRequestWait } from "@aedev/contracts";
import type { CommandBody, TaskState } from "@aedev/core";
import type { Deferred } from "../control/deferred.ts";
import type { GitHubConnection } from "../github/connection.ts";
import { enqueuePullRequest, type MergeQueuePlace, readMergeQueue } from "../github/merge-queue.ts";
import { holdCommand } from "./hold-command.ts";

const reasonCharactersMax = 200;
/** GitHub puts a pull request out of the queue when it merges it, and shows the merge a moment later. */
const mergingMs = 30_000;

type QueueWait = Extract<PullRequestWait, { kind: "merge-queue" }>;

interface QueuePlace {
  readonly gitHub: GitHubConnection;
  readonly number: number;
  readonly landing: { readonly commit: string };
}

/** The recorded intent to merge through the queue. */
function queueIntent({ pull_request }: TaskState): QueueWait | undefined {
  return pull_request?.waits_for.find((wait) => wait.kind === "merge-queue");
}

/** Whether it is in the queue, or was since the intent: then a moved base is the queue's business. */
export async function isInQueue(
  task: TaskState,
  { gitHub, number }: Pick<QueuePlace, "gitHub" | "number">,
): Promise<boolean> {
  const intent = queueIntent(task);
  if (intent === undefined) return false;
  const place = await readMergeQueue(gitHub, number);
  return place.isIn || isAdded(place, intent);
}

/** `in`: only if it was meant for the queue already. Else it is put in now: it is `ready`, or `blocked` by nothing else that is known; or `maybe` its branch has no queue. */
type When = "in" | "ready" | "blocked" | "maybe";

/** What there is to wait for or to record; null: it was not meant for a queue, or its branch has none. `mayAct`: asked right before it is put in. */
export async function followMergeQueue(
  task: TaskState,
  place: QueuePlace,
  { mayAct, when }: { mayAct: () => boolean; when: When },
): Promise<{ waits: QueueWait[] } | CommandBody | Deferred | null> {
  const { gitHub, number } = place;
  const intent = queueIntent(task);
  if (when === "in" && intent === undefined) return null;
  const queue = await readPlace(gitHub, { number, when });
  if (queue === null) return null;
  if (queue.isIn) return { waits: [intent ?? { kind: "merge-queue", after: null }] };
  if (intent !== undefined && isAdded(queue, intent)) return wasPutOut(task, { number, intent, queue });
  if (when === "in") return null;
  if (intent !== undefined)
    return mayAct() ? putIn(place, { intent, queue, when }) : { kind: "Deferred", atMs: Date.now() };
  const after = queue.added === null ? null : foreignName(queue.added);
  return queue.isRequired ? { waits: [{ kind: "merge-queue", after }] } : null;
}

async function readPlace(
  gitHub: GitHubConnection,
  { number, when }: { number: number; when: When },
): Promise<MergeQueuePlace | null> {
  try {
    return await readMergeQueue(gitHub, number);
  } catch (error) {
    // Whoever may not ask can merge only if there is no queue: GitHub refuses otherwise.
    if (when === "maybe" && isFault(error, "HOLD-REMOTE-REFUSED") && !error.retry) return null;
    throw error;
  }
}

async function putIn(
  { gitHub, landing }: QueuePlace,
  { intent, queue, when }: { intent: QueueWait; queue: MergeQueuePlace; when: When },
): Promise<{ waits: QueueWait[] }> {
  try {
    await enqueuePullRequest(gitHub, { id: queue.id, commit: landing.commit });
  } catch (error) {
    const isBlocked = when === "blocked" && isFault(error, "HOLD-REMOTE-REFUSED") && error.retry;
    if (!isBlocked) throw error;
  }
  return { waits: [intent] };
}

function isAdded({ added }: MergeQueuePlace, { after }: QueueWait): boolean {
  return added !== null && foreignName(added) !== after;
}

/** It was in the queue and is not any more, and its merge is not seen. */
function wasPutOut(
  task: TaskState,
  { number, intent, queue: { putOut } }: { number: number; intent: QueueWait; queue: MergeQueuePlace },
): { waits: QueueWait[] } | CommandBody {
  if (putOut === null || Math.abs(Date.now() - Date.parse(putOut.at)) < mergingMs) return { waits: [intent] };
  const reason = escapeLine(putOut.reason ?? "", reasonCharactersMax) || "GitHub gives no reason";
  return holdCommand(
    task,
    "HOLD-REMOTE-REFUSED",
    `GitHub's merge queue put pull request #${number} out: ${reason}; to put it in again, release the hold`,
  );
}
