/** Decides and applies requests in reviews of a pull request that waits or only shows a change: each is taken or refused once, and a taken one sends the change back. */
import { type ReviewSource, refusedReviewsMax } from "@aedev/contracts";
import type { EventData } from "@aedev/contracts/events";
import { isOpenAsDraft } from "../landing/upkeep.ts";
import type { CommandOf } from "../model/command.ts";
import { type Decision, events } from "../model/decision.ts";
import type { NewEvent } from "../model/event.ts";
import type { TaskState } from "../model/state.ts";
import { on, staleRefusal } from "./task-event.ts";

/** Identifies a review or comment of a pull request; its words may change. */
export function reviewKey({ kind, id }: Pick<ReviewSource, "kind" | "id">): string {
  return `${kind} ${id}`;
}

/** A review that was taken or refused before causes no event. If one review is not new, none is taken: their words are one instruction. */
export function recordReviews(command: CommandOf<"RecordReviews">, task: TaskState): Decision {
  const known = task.pull_request;
  const isRead = task.status === "landing" || isOpenAsDraft(task);
  if (!isRead || known === undefined || known.number !== command.number) return staleRefusal(task, "pull request");
  const { number, taken } = command;
  const seen = new Set(known.reviews?.map((review) => reviewKey(review)));
  const room = refusedReviewsMax - (known.reviews?.filter(({ refused }) => refused).length ?? 0);
  const refused = command.refused.filter((review) => !seen.has(reviewKey(review))).slice(0, Math.max(0, room));
  const refusals: NewEvent[] =
    refused.length === 0 ? [] : [on(task, { type: "ReviewsRefused", data: { number, reviews: refused } })];
  if (taken === null || taken.reviews.some((review) => seen.has(reviewKey(review)))) return events(...refusals);
  const { words, specification, reviews } = taken;
  const by = [...new Set(reviews.map((review) => review.by))].join(", ");
  const amended: NewEvent = {
    stream: `mission/${task.mission_id}`,
    type: "SpecificationAmended",
    data: { by, task_id: task.task_id, specification, reviews },
  };
  return events(
    ...refusals,
    amended,
    on(task, { type: "ChangeRequested", data: { by, way: "github", words, specification, reviews } }),
  );
}

type WithReviews = Pick<TaskState, "pull_request">;

/** The pull request with reviews that were taken or refused. Empty if a change was sent back in another way. */
export function withReviews(
  { pull_request }: WithReviews,
  reviews: EventData<"ChangeRequested">["reviews"],
  refused: boolean,
): WithReviews {
  if (pull_request === undefined || reviews === undefined) return {};
  const added = reviews.map(({ kind, id }) => ({ id, kind, refused }));
  // While a change is made again, its pull request waits for nobody.
  const waits = refused ? {} : { waits_for: [], waits_since: null };
  return { pull_request: { ...pull_request, reviews: [...(pull_request.reviews ?? []), ...added], ...waits } };
}
