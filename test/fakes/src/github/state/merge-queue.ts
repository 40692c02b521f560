/** GitHub's merge queue of one branch, without its checks: its members, and how a pull request leaves it. */
import { type Actor, recordEvent } from "./issues.ts";
import { mergePull } from "./merge.ts";
import { unmetByPull } from "./protection.ts";
import type { PullIssue } from "./pulls.ts";
import type { FakeMergeMethod, RepositoryRecord } from "./records.ts";
import { GitHubRefusal } from "./refusal.ts";
import type { World } from "./world.ts";

/** Returns a refusal in words, which a caller turns into GraphQL's `UNPROCESSABLE`. */
export function enqueue(
  world: World,
  repository: RepositoryRecord,
  issue: PullIssue,
  { actor, expectedHead }: { actor: Actor; expectedHead?: string | undefined },
): void {
  const { pull, author } = issue;
  const protection = repository.protections.get(pull.baseRef);
  if (protection?.mergeQueue !== true) throw refusal("Merge queue is not enabled for the base branch");
  if (issue.state === "closed" || pull.draft) throw refusal("Pull request is not open or is a draft");
  if (pull.queue !== null) throw refusal("Pull request is already in the queue");
  if (expectedHead !== undefined && expectedHead !== pull.headSha)
    throw refusal("Head branch was modified. Review and try again.");
  const [unmet] = unmetByPull(repository, protection, { pull, author, isBehind: false });
  if (unmet !== undefined) throw refusal(`Pull request is in an unmergeable state: ${unmet}`);
  pull.queue = { id: world.nextId(), headSha: pull.headSha };
  recordEvent(world, issue, { actor, event: "added_to_merge_queue" });
}

/** Merges as the queue does once its own checks have passed. */
export async function mergeQueued(
  world: World,
  repository: RepositoryRecord,
  issue: PullIssue,
  { actor, method }: { actor: Actor; method: FakeMergeMethod },
): Promise<string> {
  if (issue.pull.queue === null) throw new Error("the pull request is not in the queue");
  const merged = await mergePull(world, repository, issue, { actor, method, throughQueue: true });
  leaveQueue(world, issue, { actor, reason: "MERGE" });
  return merged;
}

/** Removes a pull request from the queue for a reason in GitHub's words. `createdAt`: when the event says that this happened; default now. */
export function leaveQueue(
  world: World,
  issue: PullIssue,
  { actor, reason, createdAt }: { actor: Actor; reason: string; createdAt?: string },
): void {
  if (issue.pull.queue === null) return;
  issue.pull.queue = null;
  recordEvent(world, issue, { actor, event: "removed_from_merge_queue", details: { reason }, createdAt });
}

function refusal(message: string): GitHubRefusal {
  return new GitHubRefusal(422, message);
}
