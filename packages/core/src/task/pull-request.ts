/** Decides and applies what happens to the pull request of a landing: that it exists, what it waits for, what was merged. */
import { canonicalJson } from "@aedev/contracts";
import type { EventData } from "@aedev/contracts/events";
import { isOpenAsDraft, pullRequestUpkeep } from "../landing/upkeep.ts";
import type { CommandOf } from "../model/command.ts";
import { type Decision, events } from "../model/decision.ts";
import type { FoldedEvent } from "../model/event.ts";
import type { PullRequestState } from "../model/pull-request-state.ts";
import type { TaskState } from "../model/state.ts";
import { watchLanding } from "./outcomes.ts";
import { revertOfOtherTree } from "./revert.ts";
import { on, staleRefusal } from "./task-event.ts";

/** Known facts cause no event. */
export function recordPullRequest(
  command: CommandOf<"RecordPullRequest" | "RecordPullRequestWaits">,
  task: TaskState,
): Decision {
  const known = task.pull_request;
  const isDraft = task.status === "asked" && task.landing?.draft === true && command.kind === "RecordPullRequest";
  if (!(task.status === "landing" || isDraft) || task.landing?.head_ref === undefined || known === undefined)
    return staleRefusal(task, "pull request");
  const { number } = command;
  if (command.kind === "RecordPullRequest") {
    const { url, head, notes, reviewers } = command;
    if (known.number === number && known.head?.commit === head) return events();
    const more = { ...(notes === undefined ? {} : { notes }), ...(reviewers === undefined ? {} : { reviewers }) };
    return events(on(task, { type: "PullRequestOpened", data: { number, url, head, ...more } }));
  }
  if (known.number !== number) return staleRefusal(task, "pull request");
  const { waits_for } = command;
  return canonicalJson(waits_for) === canonicalJson(known.waits_for)
    ? events()
    : events(on(task, { type: "PullRequestWaits", data: { number, waits_for } }));
}

/** Recorded once for each change. */
export function skipDraft({ change_digest, why }: CommandOf<"SkipDraftPullRequest">, task: TaskState): Decision {
  if (task.status !== "asked" || task.evidence?.change_digest !== change_digest)
    return staleRefusal(task, "draft pull request");
  if (task.draft_skipped?.change_digest === change_digest) return events();
  return events(on(task, { type: "DraftPullRequestSkipped", data: { change_digest, why } }));
}

/** Records what was done about the pull request of a withdrawn change. The record is out of date if a next landing has started. */
export function recordUpkeep(
  command: CommandOf<"RecordPullRequestClosed" | "RecordPullRequestSuspended">,
  task: TaskState,
): Decision {
  const { pull_request: known, status, landing } = task;
  const isOver = known === undefined || known.withdrawn === true || status === "landed";
  const isOther = known !== undefined && known.number !== null && command.number !== known.number;
  const isLanding = status === "landing" && landing !== null;
  if (isOver || isOther || isLanding) return staleRefusal(task, "pull request");
  const { number } = command;
  if (command.kind === "RecordPullRequestClosed")
    return events(on(task, { type: "PullRequestClosed", data: { number } }));
  if (pullRequestUpkeep(task) !== "suspend") return staleRefusal(task, "pull request");
  return events(on(task, { type: "PullRequestSuspended", data: { number: command.number, head: command.head } }));
}

/**
 * Compares a merged pull request with the landing: a different tree is recorded before the change counts as landed. A change that a person merged has
 * landed, even if its task had been cancelled or rejected, or nobody had approved it here.
 */
export function recordLanded(command: CommandOf<"RecordLanded">, task: TaskState): Decision {
  const { commit, ref, merged } = command;
  const isElsewhere = task.status === "cancelled" || task.status === "rejected" || isOpenAsDraft(task);
  if (task.status !== "landing" && !(isElsewhere && merged !== undefined)) return staleRefusal(task, "landing");
  const expected = task.landing?.tree ?? task.evidence?.tree;
  const treeDiffers =
    merged === undefined || expected === undefined || merged.tree === expected
      ? []
      : [on(task, { type: "LandedTreeDiffers", data: { commit, tree: merged.tree, expected } })];
  const through = merged === undefined ? {} : { pull_request: merged.pull_request };
  const landed = on(task, { type: "ChangeLanded", data: { commit, ref, ...through } });
  const back = treeDiffers.length === 0 ? [] : revertOfOtherTree(task, command);
  return events(...treeDiffers, landed, ...watchLanding(task, command), ...back);
}

type WithPullRequest = Pick<TaskState, "pull_request">;

/** The pull request after a landing started: its branch gets one more of aedev's commits, which has not waited for anything yet. Empty if the landing pushes. */
export function withLanding(
  { pull_request: before }: WithPullRequest,
  { head_ref, commit }: EventData<"LandingStarted">,
): WithPullRequest {
  if (head_ref === undefined) return {};
  const same = before?.head_ref === head_ref ? before : undefined;
  // A pull request that aedev closed is not reopened: GitHub refuses that once its branch was removed.
  const known = same?.withdrawn === true ? undefined : same;
  return {
    pull_request: {
      ...(same?.closed === undefined ? {} : { closed: same.closed }),
      commits: [...(same?.commits ?? []).filter((one) => one !== commit), commit].slice(-commitsKeptMax),
      head: known?.head ?? null,
      head_ref,
      number: known?.number ?? null,
      ...(known?.reviews === undefined ? {} : { reviews: known.reviews }),
      ...(known?.suspended === undefined ? {} : { suspended: known.suspended }),
      tree_differs: false,
      url: known?.url ?? null,
      ...(known?.notes === undefined ? {} : { notes: known.notes }),
      ...(known?.reviewers === undefined ? {} : { reviewers: known.reviewers }),
      waits_for: [],
      waits_since: null,
    },
  };
}
/** Far more than the landings that one task starts: ten for each run's change. */
const commitsKeptMax = 100;

/** A person who releases the hold of a head without checks accepts that head only. They are asked again about a later head. */
export function acceptUnchecked(task: TaskState, { by }: Pick<EventData<"HoldReleased">, "by">): TaskState {
  const { pull_request, hold } = task;
  const head = hold?.without_checks;
  if (pull_request === undefined || head === undefined || by === "control") return task;
  return { ...task, pull_request: { ...pull_request, without_checks: head } };
}

/** After a release, its waits are determined again, and its waiting time starts again. */
export function withoutWaits({ pull_request }: WithPullRequest): WithPullRequest {
  return pull_request === undefined ? {} : { pull_request: { ...pull_request, waits_for: [], waits_since: null } };
}

function withNotes(before: PullRequestState, notes: readonly string[] = []): Pick<PullRequestState, "notes"> {
  return notes.length === 0 ? {} : { notes: [...(before.notes ?? []), ...notes].slice(-notesKeptMax) };
}
const notesKeptMax = 10;

/** Throws if the task has no pull request: such an event always follows the start of a landing. */
export function evolvePullRequest(
  { pull_request: before }: WithPullRequest,
  event: Extract<FoldedEvent, { type: PullRequestEvent }>,
): PullRequestState {
  if (before === undefined) throw new TypeError(`event ${event.type} without a landing through a pull request`);
  switch (event.type) {
    case "PullRequestOpened":
      return {
        ...before,
        head: { at: event.recorded_at, commit: event.data.head },
        number: event.data.number,
        url: event.data.url,
        ...withNotes(before, event.data.notes),
        ...(event.data.reviewers === undefined ? {} : { reviewers: event.data.reviewers }),
      };
    case "PullRequestWaits": {
      const { waits_for } = event.data;
      const waits_since = waits_for.length === 0 ? null : (before.waits_since ?? event.recorded_at);
      return { ...before, waits_for, waits_since };
    }
    case "PullRequestSuspended":
      return { ...before, suspended: event.data.head };
    case "PullRequestClosed": {
      const { number } = event.data;
      const closed = number === null ? before.closed : [...(before.closed ?? []), number];
      return {
        ...before,
        ...(closed === undefined ? {} : { closed }),
        waits_for: [],
        waits_since: null,
        withdrawn: true,
      };
    }
    case "LandedTreeDiffers":
      return { ...before, tree_differs: true };
  }
}
type PullRequestEvent =
  | "PullRequestOpened"
  | "PullRequestWaits"
  | "PullRequestSuspended"
  | "PullRequestClosed"
  | "LandedTreeDiffers";
