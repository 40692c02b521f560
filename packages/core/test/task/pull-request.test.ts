/** A change that lands through a pull request: what is recorded about it, whom it blocks, and what was merged. */
import type { PullRequestWait } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import { explainTask } from "../../src/explanation/explain-task.ts";
import { taskHistory } from "../../src/explanation/task-history.ts";
import { initialState, openPart, pendingWork, widestBounds } from "../../src/index.ts";
import { taskDetails } from "../../src/mission/task-details.ts";
import type { CommandBody } from "../../src/model/command.ts";
import { pendingNotices } from "../../src/notice/notices.ts";
import { waitingOf } from "../../src/schedule/waiting.ts";
import { withLanding } from "../../src/task/pull-request.ts";
import { startLanding as begun, blob, given, ids, life, stateAfter, storyCommand } from "../../src/testing/index.ts";

if (begun.kind !== "StartLanding") throw new Error("the story starts no landing");
const startLanding = begun;
const from = (last: keyof typeof life) => given([], stateAfter(last, initialState));
const headRef = `refs/heads/aedev/${ids.mission}/${ids.task}`;
const started = from("gated")
  .when(storyCommand({ ...startLanding, head_ref: headRef }))
  .then("LandingStarted");
const opened: CommandBody = {
  kind: "RecordPullRequest",
  task_id: ids.task,
  number: 7,
  url: "https://github.com/o/r/pull/7",
  head: startLanding.commit,
};
const waitingFor = (...waits_for: PullRequestWait[]) =>
  storyCommand({ kind: "RecordPullRequestWaits", task_id: ids.task, number: 7, waits_for });
const running: PullRequestWait = { kind: "check-running", name: "test" };
const merged = (tree: string) =>
  storyCommand({
    kind: "RecordLanded",
    task_id: ids.task,
    commit: "8".repeat(40),
    ref: "refs/heads/main",
    merged: { pull_request: 7, tree },
  });
const taskOf = ({ state }: typeof started) => {
  const task = state.tasks[ids.task];
  if (task === undefined) throw new Error("the story has no task");
  return task;
};

it("remembers a head that was taken back when a next landing starts, so that merging it is not this landing", () => {
  const head = { commit: "9".repeat(40), at: "2026-01-01T00:00:00.000Z" };
  const before = { commits: [head.commit], head, head_ref: headRef, number: 7, suspended: head.commit };
  const known = { ...before, tree_differs: false, url: null, waits_for: [], waits_since: null };
  const event = { ...startLanding, head_ref: headRef, committed_at: "2026-01-02T00:00:00.000Z" } as never;
  expect(withLanding({ pull_request: known }, event).pull_request?.suspended).toBe(head.commit);
  const { suspended: _, ...stands } = known;
  expect(withLanding({ pull_request: stands }, event).pull_request).not.toHaveProperty("suspended");
});

describe("a landing through a pull request", () => {
  it("records the pull request once, and keeps the landing pending until it has landed", () => {
    const open = started.owes("LandChange").when(storyCommand(opened)).then("PullRequestOpened");
    open.owes("LandChange").when(storyCommand(opened)).then();
    expect(taskDetails(open.state, taskOf(open)).pull_request).toEqual({
      branch: `aedev/${ids.mission}/${ids.task}`,
      number: 7,
      url: "https://github.com/o/r/pull/7",
      waits_for: [],
      waits_since: null,
      tree_differs: false,
      notes: [],
      reviewers: [],
      open_ends: [],
    });
  });

  it("keeps what could not be done on the pull request, even after it has a new head", () => {
    const notes = ["the labels x were not set: 403"];
    const open = started.when(storyCommand({ ...opened, notes })).then("PullRequestOpened");
    expect(taskDetails(open.state, taskOf(open)).pull_request?.notes).toEqual(notes);
    const moved = open.when(storyCommand({ ...opened, head: "4".repeat(40) })).then("PullRequestOpened");
    expect(taskDetails(moved.state, taskOf(moved)).pull_request?.notes).toEqual(notes);
  });

  it("records what the pull request waits for only when that changes, and shows it to people", () => {
    const waits = started
      .when(storyCommand(opened))
      .then("PullRequestOpened")
      .when(waitingFor(running))
      .then("PullRequestWaits");
    waits.when(waitingFor(running)).then();
    const mission = waits.state.missions[ids.mission];
    if (mission === undefined) throw new Error("the story has no mission");
    expect(waitingOf(waits.state, mission, { concurrentRuns: 1, opensAt: null })).toEqual([
      { text: "pull request #7 waits for the check test, which is running", help: null },
    ]);
    waits.when(waitingFor()).then("PullRequestWaits").owes("LandChange");
  });

  it("refuses reports about another pull request, or about a landing that pushes", () => {
    const open = started.when(storyCommand(opened)).then("PullRequestOpened");
    open
      .when(storyCommand({ kind: "RecordPullRequestWaits", task_id: ids.task, number: 8, waits_for: [running] }))
      .thenRefused("stale");
    open.when(waitingFor(running)).then("PullRequestWaits");
    from("landing").when(storyCommand(opened)).thenRefused("stale");
  });

  it("lands what GitHub merged if that is the judged tree", () => {
    const landed = started
      .when(storyCommand(opened))
      .then("PullRequestOpened")
      .when(merged(startLanding.tree))
      .then("ChangeLanded");
    expect(taskOf(landed)).toMatchObject({ status: "landed", landed_commit: "8".repeat(40) });
    expect(taskOf(landed).pull_request?.tree_differs).toBe(false);
  });

  it("records a merge of another tree before the landing, and pushes it as urgently as a hold", () => {
    const notified = started
      .when(storyCommand({ kind: "ConfigureNotifier", digest: "a".repeat(64) }))
      .then("NotifierConfigured");
    const differs = notified
      .when(storyCommand(opened))
      .then("PullRequestOpened")
      .when(merged("0".repeat(40)))
      .then("LandedTreeDiffers", "ChangeLanded");
    expect(taskOf(differs).pull_request?.tree_differs).toBe(true);
    const priorityOf = (landed: typeof started) =>
      pendingNotices(landed.state, "2026-01-03T00:00:00.000Z").find(({ about }) => about.kind === "landed")?.priority;
    expect(priorityOf(differs)).toBe(4);
    const same = notified
      .when(storyCommand(opened))
      .then("PullRequestOpened")
      .when(merged(startLanding.tree))
      .then("ChangeLanded");
    expect(priorityOf(same)).toBe(3);
  });

  it("keeps the pull request and every commit that was put on its branch when the base moves", () => {
    const again = started
      .when(storyCommand(opened))
      .then("PullRequestOpened")
      .when(storyCommand({ kind: "RecordBaseMoved", task_id: ids.task, to: "7".repeat(40), hold_id: ids.hold }))
      .then("BaseMoved");
    expect(taskOf(again).pull_request).toMatchObject({ number: 7, commits: [startLanding.commit] });
  });

  it("restarts the pull request's waiting time when a hold on it is released", () => {
    const held = started
      .when(storyCommand(opened))
      .then("PullRequestOpened")
      .when(waitingFor(running))
      .then("PullRequestWaits")
      .when(
        storyCommand({
          kind: "HoldTask",
          task_id: ids.task,
          code: "HOLD-REMOTE-REFUSED",
          detail: "x",
          hold_id: ids.hold,
        }),
      )
      .then("TaskHeld");
    expect(taskOf(held).pull_request?.waits_since).not.toBeNull();
    const released = held.when(storyCommand({ kind: "ReleaseHold", hold_id: ids.hold })).then("HoldReleased");
    expect(taskOf(released).pull_request).toMatchObject({ number: 7, waits_for: [], waits_since: null });
    released.owes("LandChange");
  });

  it("accepts a head without checks only from the person who releases the hold that names it", () => {
    const waits = started
      .when(storyCommand(opened))
      .then("PullRequestOpened")
      .when(waitingFor({ kind: "no-checks" }))
      .then("PullRequestWaits");
    const hold = { kind: "HoldTask", task_id: ids.task, code: "HOLD-REMOTE-REFUSED", detail: "x" } as const;
    const heldBy = (more: { without_checks?: string }) =>
      waits.when(storyCommand({ ...hold, hold_id: ids.hold, ...more })).then("TaskHeld");
    const release = { kind: "ReleaseHold", hold_id: ids.hold } as const;
    const acceptedAfter = (story: typeof started) => taskOf(story).pull_request?.without_checks;

    const named = heldBy({ without_checks: opened.head });
    expect(acceptedAfter(named.when(storyCommand(release)).then("HoldReleased"))).toBe(opened.head);
    const byControl = named.when(storyCommand(release, "control")).then("HoldReleased");
    expect(acceptedAfter(byControl)).toBeUndefined();
    // The code and the wait are the same, but the person was told of another head.
    expect(acceptedAfter(heldBy({}).when(storyCommand(release)).then("HoldReleased"))).toBeUndefined();
  });

  const close = (number: number | null) => storyCommand({ kind: "RecordPullRequestClosed", task_id: ids.task, number });
  const waits = () =>
    started.when(storyCommand(opened)).then("PullRequestOpened").when(waitingFor(running)).then("PullRequestWaits");

  it("cancels a landing while its pull request waits, and keeps the task until the pull request is closed", () => {
    started.when(storyCommand({ kind: "CancelTask", task_id: ids.task })).thenRefused("landing");
    const cancelled = waits()
      .when(storyCommand({ kind: "CancelTask", task_id: ids.task }))
      .then("TaskCancelled");
    cancelled.owes("ClosePullRequest");
    expect(openPart(cancelled.state).tasks[ids.task]).toBeDefined();
    expect(taskDetails(cancelled.state, taskOf(cancelled))).toMatchObject({
      status: "cancelled",
      pull_request: {
        open_ends: [
          "pull request #7 is to be closed",
          "the check on 999999999999 still says that the change was accepted",
          `the branch aedev/${ids.mission}/${ids.task} is to be removed`,
        ],
      },
    });
    cancelled.when(close(8)).thenRefused("stale");
    const done = cancelled.when(close(7)).then("PullRequestClosed");
    done.owes();
    done.when(close(7)).thenRefused("stale");
    expect(openPart(done.state).tasks[ids.task]).toBeUndefined();
    expect(taskDetails(done.state, taskOf(done)).pull_request?.open_ends).toEqual([]);
  });

  it("closes no pull request while its repository is paused, and says so if aedev may not write there", () => {
    const cancelled = waits()
      .when(storyCommand({ kind: "CancelTask", task_id: ids.task }))
      .then("TaskCancelled");
    const paused = cancelled
      .when(storyCommand({ kind: "PauseRepository", repository: "repo" }))
      .then("RepositoryPaused");
    paused.owes();
    cancelled
      .when(storyCommand({ kind: "PauseWork" }))
      .then("WorkPaused")
      .owes();
    paused
      .when(storyCommand({ kind: "ResumeRepository", repository: "repo" }))
      .then("RepositoryResumed")
      .owes("ClosePullRequest");
    const off = cancelled
      .when(storyCommand({ ...life["registered"], allow_writes: false } as CommandBody))
      .then("RepositoryConfigured");
    expect(taskDetails(off.state, taskOf(off)).pull_request?.open_ends.at(-1)).toBe(
      "aedev does that only where it may write (aedev repo add /r --name repo --allow-writes); or do it at GitHub",
    );
  });

  it("counts a merge by a person as landed although its task was cancelled", () => {
    const cancelled = waits()
      .when(storyCommand({ kind: "CancelTask", task_id: ids.task }))
      .then("TaskCancelled");
    const pushed = { kind: "RecordLanded", task_id: ids.task, commit: "8".repeat(40), ref: "refs/heads/main" } as const;
    cancelled.when(storyCommand(pushed)).thenRefused("stale");
    const landed = cancelled.when(merged("0".repeat(40))).then("LandedTreeDiffers", "ChangeLanded");
    landed.owes();
    expect(taskOf(landed).status).toBe("landed");
  });

  const held = () =>
    waits()
      .when(
        storyCommand({
          kind: "HoldTask",
          task_id: ids.task,
          code: "HOLD-REMOTE-REFUSED",
          detail: "a check failed",
          hold_id: ids.hold,
        }),
      )
      .then("TaskHeld");

  it("opens another pull request if a rejected change is retried after its own was closed", () => {
    const rejected = held()
      .when(storyCommand({ kind: "RejectTask", task_id: ids.task, reason: null }))
      .then("TaskRejected");
    rejected.owes("ClosePullRequest");
    const retried = rejected
      .when(close(7))
      .then("PullRequestClosed")
      .when(storyCommand({ kind: "RetryTask", task_id: ids.task }))
      .then("TaskRetried");
    retried.owes("PrepareRun");
    expect(withLanding(taskOf(retried), { head_ref: headRef, commit: "6".repeat(40) } as never)).toEqual({
      pull_request: expect.objectContaining({
        closed: [7],
        commits: [startLanding.commit, "6".repeat(40)],
        number: null,
        head: null,
      }),
    });
  });

  it("keeps the pull request but takes back its check while another change is made", () => {
    held().owes();
    const sentBack = held()
      .when(
        storyCommand({
          kind: "RequestChange",
          task_id: ids.task,
          digest: null,
          words: "use the helper",
          specification: blob("6"),
        }),
      )
      .then("SpecificationAmended", "ChangeRequested");
    sentBack.owes("PrepareRun", "SuspendPullRequest");
    const suspended = sentBack
      .when(
        storyCommand({
          kind: "RecordPullRequestSuspended",
          task_id: ids.task,
          number: 7,
          head: startLanding.commit,
        }),
      )
      .then("PullRequestSuspended");
    suspended.owes("PrepareRun");
    expect(taskOf(suspended).pull_request?.number).toBe(7);
  });
});

describe("a draft of a change that waits for approval", () => {
  const asked = given([], stateAfter("gated", initialState));
  const drafts = { ...widestBounds, drafts: true };
  const ask = () => {
    const { state } = asked;
    const [repository] = Object.values(state.repositories);
    const task = state.tasks[ids.task];
    if (repository === undefined || task === undefined) throw new Error("the story has no task");
    const repositories = { [repository.name]: { ...repository, landing: "pull-request" as const } };
    return given([], { ...state, repositories, tasks: { [ids.task]: { ...task, status: "asked" } } } as typeof state);
  };
  const due = ({ state }: typeof started, bounds = drafts) =>
    pendingWork(state, "2026-01-01T00:00:00.000Z", bounds)
      .map(({ kind }) => kind)
      .filter((kind) => kind === "OpenDraft");
  const draft = storyCommand({ ...startLanding, head_ref: headRef, draft: true });
  const timedOut = storyCommand({ kind: "TimeOutHold", hold_id: ids.hold, action: "reject" });
  const held = storyCommand({
    kind: "HoldTask",
    task_id: ids.task,
    code: "HOLD-EXTERNAL-STATE-UNKNOWN",
    detail: "no answer",
    hold_id: ids.hold,
  });
  const asDraft = () => ask().when(draft).then("LandingStarted").when(storyCommand(opened)).then("PullRequestOpened");

  it("treats an approved draft as a started landing, which no time limit rejects", () => {
    asDraft()
      .when(storyCommand({ kind: "ApproveLanding", task_id: ids.task, digest: null }))
      .then("LandingApproved")
      .when(held)
      .then("TaskHeld")
      .when(timedOut)
      .then("HoldTimedOut");
  });

  it("explains a draft as a draft, not as a landing", () => {
    const { state } = asDraft();
    const task = state.tasks[ids.task];
    if (task === undefined) throw new Error("the story has no task");
    const now = "2026-01-01T00:00:00.000Z";
    const schedule = { concurrentRuns: 1, opensAt: null };
    const texts = explainTask(state, task, { now, schedule, holds: undefined, history: taskHistory([]) }).story.map(
      ({ text }) => text,
    );
    expect(texts.at(-1)).toBe("is open as draft pull request #7");
    expect(texts.join()).not.toContain("landing started");
  });

  const skip = storyCommand({
    kind: "SkipDraftPullRequest",
    task_id: ids.task,
    change_digest: ask().state.tasks[ids.task]?.evidence?.change_digest ?? "",
    why: "it would run something",
  });

  it("has a draft due until it is open", () => {
    expect(due(ask())).toEqual(["OpenDraft"]);
    expect(due(ask(), { ...drafts, drafts: false })).toEqual([]);
    const begun = ask().when(draft).then("LandingStarted");
    expect(due(begun)).toEqual(["OpenDraft"]);
    expect(taskOf(begun).status).toBe("asked");
    expect(due(begun.when(storyCommand(opened)).then("PullRequestOpened"))).toEqual([]);
    begun.when(draft).thenRefused("stale");
  });

  it("has no draft due once it was skipped, which is recorded once", () => {
    const skipped = ask().when(skip).then("DraftPullRequestSkipped");
    expect(due(skipped)).toEqual([]);
    skipped.when(skip).then();
    started.when(skip).thenRefused("stale");
  });

  it("waits for approval after a draft is opened, because a draft is no permission to land", () => {
    ask()
      .when(storyCommand({ ...startLanding, head_ref: headRef }))
      .thenRefused("stale");
    const begun = ask().when(draft).then("LandingStarted");
    begun.when(merged(startLanding.tree)).thenRefused("stale");
    begun.when(waitingFor(running)).thenRefused("stale");
    from("gated").when(draft).thenRefused("stale");
  });
});
