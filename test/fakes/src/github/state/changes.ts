/** Finds changes of a repository between two looks, as the events that GitHub's webhooks name. It sends nothing. */
import { readRefs } from "./git.ts";
import type { RepositoryRecord } from "./records.ts";
import type { World } from "./world.ts";

/** One event: its name, its action, and the number of its issue or pull request. */
export interface RepositoryChange {
  readonly event: string;
  readonly action?: string;
  readonly number?: number;
}

/** Each thing as a text that differs after a change. */
export type RepositoryPicture = ReadonlyMap<string, { readonly text: string; readonly change: RepositoryChange }>;

export async function readPicture(world: World, repository: RepositoryRecord): Promise<RepositoryPicture> {
  const picture = new Map<string, { text: string; change: RepositoryChange }>();
  const see = (key: string, value: unknown, change: RepositoryChange) =>
    picture.set(key, { text: JSON.stringify(value), change });
  for (const [ref, commit] of await readRefs(world, repository, "refs/heads/")) see(ref, commit, { event: "push" });
  for (const { number, pull, comments, events, state, title, body } of repository.issues.values()) {
    const event = pull === null ? "issues" : "pull_request";
    // An edited text is no event of the issue; the action is that of the last event, which nobody needs exactly.
    const action = events.at(-1)?.event ?? "opened";
    see(`issue ${number}`, [state, title, body, events.length], { event, action, number });
    for (const comment of comments)
      see(`comment ${comment.id}`, comment.body, { event: "issue_comment", action: "created", number });
    if (pull === null) continue;
    see(`pull ${number}`, [pull.headSha, pull.draft, pull.mergedAt, pull.baseRef, pull.queue], {
      event,
      action: "synchronize",
      number,
    });
    for (const review of pull.reviews)
      see(`review ${review.id}`, review.state, { event: "pull_request_review", action: "submitted", number });
  }
  for (const status of repository.statuses) see(`status ${status.id}`, status.state, { event: "status" });
  for (const run of repository.checkRuns)
    see(`run ${run.id}`, [run.status, run.conclusion], {
      event: "check_run",
      action: run.status === "completed" ? "completed" : "created",
    });
  return picture;
}

/** What is new or different in the second look. */
export function changesBetween(before: RepositoryPicture, after: RepositoryPicture): RepositoryChange[] {
  return [...after].filter(([key, { text }]) => before.get(key)?.text !== text).map(([, { change }]) => change);
}
