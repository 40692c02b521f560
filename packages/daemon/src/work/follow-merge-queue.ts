/** Merges through GitHub's merge queue: records the intent, adds the pull request once, waits. After a restart GitHub's events tell whether it was added. */
import { escapeLine, foreignName, isFault, type PullRequestWait } from "@aedev/contracts";
import type { CommandBody, TaskState } from "@aedev/core";
import type { Deferred } from "../control/deferred.ts";
import type { GitHubConnection } from "../github/connection.ts";
import { enqueuePullRequest, type MergeQueuePlace, readMergeQueue } from "../github/merge-queue.ts";
import { holdCommand } from "./hold-command.ts";

const reasonCharactersMax = 200;
/** GitHub takes a pull request out of the queue to merge it, and shows the merge a moment later. */
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

/** Whether the pull request is in the queue, or was added since the intent. Then the queue deals with a moved base. */
export async function isInQueue(
  task: TaskState,
  { gitHub, number }: Pick<QueuePlace, "gitHub" | "number">,
): Promise<boolean> {
  const intent = queueIntent(task);
  if (intent === undefined) return false;
  const place = await readMergeQueue(gitHub, number);
  return place.isIn || isAdded(place, intent);
}

/** `in`: only follow one that was added already. Else add it: it is `ready`, or only the queue seems to have it `blocked`, or `maybe` there is no queue. */
type When = "in" | "ready" | "blocked" | "maybe";

/** What to wait for or to record; null if the pull request was never meant for the queue or its branch has none. `mayAct` is asked right before it is added. */
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
    // A credential that may not ask about the queue can merge only where there is none; elsewhere GitHub refuses the merge.
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

/** The pull request left the queue, and no merge is visible. */
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
