/** What reviews of a waiting pull request do to its task: each is taken or refused once, and the change is made again. */
import { type ReviewSource, refusedReviewsMax } from "@aedev/contracts";
import { expect, it } from "vitest";
import { initialState } from "../../src/index.ts";
import { withLanding } from "../../src/task/pull-request.ts";
import { reviewKey, withReviews } from "../../src/task/review-instructions.ts";
import { given, ids, startLanding, stateAfter, storyCommand } from "../../src/testing/index.ts";

if (startLanding.kind !== "StartLanding") throw new Error("the story starts no landing");
const begun = startLanding;
const headRef = `refs/heads/aedev/${ids.mission}/${ids.task}`;
const specification = { digest: "d".repeat(64), size_bytes: 1, media_type: "application/json" };
const review = (id: number, by = "github:boss"): ReviewSource => ({ kind: "review", id, by, digest: "e".repeat(64) });
const reviews = (taken: readonly ReviewSource[], refused: readonly ReviewSource[] = [], number = 7) =>
  storyCommand({
    kind: "RecordReviews",
    task_id: ids.task,
    number,
    taken: taken.length === 0 ? null : { reviews: [...taken], words: "use the helper", specification },
    refused: refused.map((one) => ({ ...one, why: "no-write-access" as const })),
  });
const open = () =>
  given([], stateAfter("gated", initialState))
    .when(storyCommand({ ...begun, head_ref: headRef }))
    .then("LandingStarted")
    .when(
      storyCommand({ kind: "RecordPullRequest", task_id: ids.task, number: 7, url: "https://x/7", head: begun.commit }),
    )
    .then("PullRequestOpened");
const taskOf = ({ state }: ReturnType<typeof open>) => {
  const task = state.tasks[ids.task];
  if (task === undefined) throw new Error("the story has no task");
  return task;
};

it("sends the change back in the reviewer's name: a new specification, no approval, the same pull request", () => {
  const sent = open()
    .when(reviews([review(1), review(2), review(3, "github:other")]))
    .then("SpecificationAmended", "ChangeRequested");
  expect(taskOf(sent)).toMatchObject({
    status: "planned",
    specification,
    approval: null,
    gate: null,
    landing: null,
    next_cause: "words",
    pull_request: { number: 7, commits: [begun.commit], waits_for: [], waits_since: null },
  });
  expect(taskOf(sent).pull_request?.reviews?.map(reviewKey)).toEqual(["review 1", "review 2", "review 3"]);
  sent.owes("PrepareRun", "SuspendPullRequest");
});

it("takes no review twice, none of another pull request, and none while no landing waits", () => {
  const refused = open()
    .when(reviews([], [review(1)]))
    .then("ReviewsRefused");
  expect(taskOf(refused).status).toBe("landing");
  refused.owes("LandChange");
  refused.when(reviews([], [review(1)])).then();
  refused.when(reviews([review(1)])).then();
  refused.when(reviews([review(2)], [review(1)])).then("SpecificationAmended", "ChangeRequested");
  open()
    .when(reviews([review(1)], [], 8))
    .thenRefused("stale");
  open()
    .when(reviews([review(1)]))
    .then("SpecificationAmended", "ChangeRequested")
    .when(reviews([review(2)]))
    .thenRefused("stale");
});

it("records a bounded number of refusals, after which instructions still count", () => {
  const many = Array.from({ length: refusedReviewsMax }, (_, index) => review(index + 1));
  const full = open().when(reviews([], many)).then("ReviewsRefused");
  full.when(reviews([], [review(1000)])).then();
  full.when(reviews([review(1001)], [review(1000)])).then("SpecificationAmended", "ChangeRequested");
});

it("remembers taken reviews when the next change lands through the same pull request", () => {
  const { pull_request } = taskOf(open());
  const taken = withReviews({ ...(pull_request && { pull_request }) }, [review(5)], false);
  const next = withLanding(taken, { ...begun, landing: 1, head_ref: headRef, commit: "5".repeat(40) });
  expect(next.pull_request).toMatchObject({
    number: 7,
    commits: [begun.commit, "5".repeat(40)],
    reviews: [{ kind: "review", id: 5, refused: false }],
  });
  const other = withLanding(taken, { ...begun, landing: 1, head_ref: `${headRef}x`, commit: "5".repeat(40) });
  expect(other.pull_request?.reviews).toBeUndefined();
});
