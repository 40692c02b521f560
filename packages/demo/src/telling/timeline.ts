/**
 * Renders the timeline of one mission, event by event, with seconds since its submission. Pure.
 *
 * Folder: the demo's progress and timeline as text.
 */

import { firstNames, namesMax } from "@aedev/cli/render/matrix-text";
import { usageText } from "@aedev/cli/render/usage-text";
import {
  branchName,
  type Checks,
  counted,
  escapeLine,
  pullRequestWaitText,
  reasonText,
  riskText,
  signalText,
} from "@aedev/contracts";
import type { MissionDocument } from "@aedev/contracts/api";
import { outcomeText } from "@aedev/contracts/events";
import { brushFor, type Paint, toneOf } from "./paint.ts";
import type { RecordedEvent } from "./recorded-event.ts";

export interface MissionStory {
  readonly title: string;
  /** What the mission demonstrates. */
  readonly shows?: string | undefined;
  readonly missionId: string;
  readonly events: readonly RecordedEvent[];
  /** Null if no evidence was sealed. */
  readonly checks: Checks | null;
  /** The questions about it that the phone got. */
  readonly pushes: readonly { readonly text: string; readonly tapped: string; readonly answered: number }[];
}

export function timeline(story: MissionStory, paint: Paint): string {
  const { title, missionId, events, shows } = story;
  const start = events[0]?.atMs ?? 0;
  const last = {
    checked: events.findLast(({ type }) => type === "ChecksRan"),
    gated: events.findLast(({ type }) => type === "GateDecided"),
  };
  const lines = events.flatMap((event) => {
    const seconds = ((event.atMs - start) / 1000).toFixed(1).padStart(6);
    const [first, ...under] = wordsOf(event, story);
    if (first === undefined) return [];
    // Only the last checks and the last decision are printed with their details.
    const isEarlier =
      (event.type === "ChecksRan" && event !== last.checked) || (event.type === "GateDecided" && event !== last.gated);
    const tone = toneOf(event);
    // A question is followed by its texts, a decision by its figures.
    const underTone = event.type === "GateDecided" ? null : tone;
    return [
      `${paint.faint(`${seconds} s`)}  ${brushFor(tone, paint)(escapeLine(first, 300))}`,
      ...(isEarlier ? [] : under).map(
        (words) => `${" ".repeat(12)}${brushFor(underTone, paint)(escapeLine(words, 300))}`,
      ),
    ];
  });
  const head = `${paint.strong(escapeLine(title, 120))}  ${paint.faint(`(${missionId})`)}`;
  return [head, ...(shows === undefined ? [] : [escapeLine(shows, 300)]), ...lines].join("\n");
}

interface Outcome {
  readonly title: string;
  readonly tasks: readonly Pick<
    MissionDocument["tasks"][number],
    "decision" | "landed_commit" | "hold_code" | "hold_detail"
  >[];
}

/** The result in one line. */
export function outcomeLine({ title, tasks }: Outcome, taps: MissionStory["pushes"], paint: Paint): string {
  const { decision = null, landed_commit: commit = null, hold_code, hold_detail } = tasks[0] ?? {};
  const tapped = taps.map((push) => `, ${push.tapped} tapped on the phone`).join("");
  const end =
    commit === null
      ? `${hold_code ?? ""}${hold_detail == null ? "" : ` (${hold_detail})`}`
      : `landed as ${commit.slice(0, 10)}`;
  const words = (decision ?? "none").padEnd(5);
  const color = { merge: paint.good, ask: paint.asked, hold: paint.bad }[decision ?? "hold"];
  return `${color(words)}  ${escapeLine(title, 60).padEnd(60)}  ${escapeLine(`${end}${tapped}`, 200)}`;
}

/** The event's line, then its details. */
function wordsOf(event: RecordedEvent, { checks, pushes }: Pick<MissionStory, "checks" | "pushes">): string[] {
  switch (event.type) {
    case "MissionSubmitted":
      return ["submitted", ...criteriaWords(event.data.criteria)];
    case "MissionPlanned":
      return [
        `planned in ${counted(event.data.parts.length, "part")}: ${event.data.parts.map(({ name }) => name).join(", ")}`,
      ];
    case "PlanPartClarified":
      return [`part ${event.data.part} ${event.data.clear ? "is clear" : "has questions"}`];
    case "PlanReplaced":
      return [`version ${event.data.version} in ${counted(event.data.parts.length, "part")}`];
    case "MissionApproved":
      return [`approved: specification ${short(event.data.spec_digest)}`];
    case "RunStarted":
      return [`run ${event.data.attempt} starts on ${short(event.data.base_commit)}, profile ${event.data.profile}`];
    case "CoderNotTold":
      return ["the run ended before it read what a person said; the next run continues its change"];
    case "ChangeCaptured":
      return [
        `captured: tree ${short(event.data.tree)}, patch of ${event.data.patch.size_bytes} bytes`,
        `${usageText(event.data.usage)}, counted by the gateway`,
      ];
    case "RevertPrepared":
      return [
        `prepared: the inverse, back to ${short(event.data.before)}, patch of ${event.data.patch.size_bytes} bytes`,
      ];
    case "RevertRequested":
      return [`to be taken back by task ${event.data.task_id}`];
    case "RunEnded":
      return [`the run ended without a change to check (exit ${event.data.exit_code ?? "none"})`];
    case "RequestRefused":
      return [`refused: ${event.data.what}`];
    case "ChecksRan":
      return ["checks ran: the base's tests and the change's tests, each on old and new code", ...matrixWords(checks)];
    case "EvidenceSealed":
      return [`sealed: bundle ${short(event.data.bundle.digest)}, checks ${event.data.checks_status}`];
    case "VerdictRecorded": {
      const { family, model, verdict, detail } = event.data;
      return [`judge ${family} (${model}): ${verdict}${detail === null ? "" : ` (${detail})`}`];
    }
    case "JudgeUnavailable":
      return [`the vendor of the judge ${event.data.family} is not available (${event.data.detail})`];
    case "JudgeAvailable":
      return [`the vendor of the judge ${event.data.family} is available again`];
    case "GateDecided":
      return gateWords(event.data);
    case "BaseMoved":
      return [`the branch moved from ${short(event.data.from)} to ${short(event.data.to)}`];
    case "LandingStarted":
      return [`landing ${short(event.data.commit)} on ${branchName(event.data.ref)}`];
    case "PullRequestOpened":
      return [`pull request #${event.data.number}: ${event.data.url}`];
    case "DraftPullRequestSkipped":
      return [`no draft pull request: ${escapeLine(event.data.why, 300)}`];
    case "PullRequestWaits":
      return event.data.waits_for.map((wait) => `the pull request waits for ${pullRequestWaitText(wait)}`);
    case "PullRequestSuspended":
      return [`the check of pull request #${event.data.number} no longer says that the change was accepted`];
    case "PullRequestClosed":
      return [
        event.data.number === null ? "no pull request was open" : `pull request #${event.data.number} was closed`,
      ];
    case "ReviewsRefused":
      return event.data.reviews.map(({ kind, by, why }) => `not taken as an instruction: a ${kind} by ${by} (${why})`);
    case "LandedTreeDiffers":
      return [`merged as tree ${short(event.data.tree)}, which is not the judged tree ${short(event.data.expected)}`];
    case "ChangeLanded":
      return [`landed: commit ${event.data.commit} on ${branchName(event.data.ref)}`];
    case "OutcomeObserved":
      return [`after the landing: ${outcomeText(event.data)}`];
    case "TaskHeld":
      return [`held: ${event.data.code}${event.data.detail === null ? "" : ` (${event.data.detail})`}`];
    case "ClarificationAnswered":
      return [
        "questions before work started, answered",
        ...event.data.answers.flatMap(({ question, text }) => [
          `asked: ${question}`,
          `answered: ${text.split("\n").join("; ")}`,
        ]),
        ...criteriaWords(event.data.criteria),
      ];
    case "DraftRequested":
      return [`a coder drafts it, with at most ${event.data.tokens} tokens`];
    case "MissionSentBack":
      return [
        "the specification was sent back",
        ...event.data.answers.map(({ text }) => `words: ${text.split("\n").join("; ")}`),
      ];
    case "DraftEnded":
      return [`the draft ended: ${event.data.result.outcome}`];
    case "DraftAccepted":
      return ["the draft was accepted", ...criteriaWords(event.data.criteria)];
    case "RepairStarted":
      return [`retrying after ${event.data.code}`];
    case "TestsRequested":
      return [`a run adds tests: ${event.data.detail}`];
    case "ChangeRestored":
      return [`the change before the run that adds tests waits for approval: ${event.data.code ?? event.data.cause}`];
    case "IndependentTestsRequested":
      return ["another run writes tests from the mission alone"];
    case "IndependentTestsEnded":
      return [`the run that writes tests has ended${event.data.code === null ? "" : `: ${event.data.code}`}`];
    case "BaseConflicted":
      return [`retrying on the moved branch: ${event.data.why}`];
    case "ChangeRequested":
      return [`sent back: ${event.data.words}`];
    case "ApprovalRequested":
      return [`asked on the phone: ${event.data.subject.kind}`];
    case "ApprovalUsed":
      return [`answered by token: ${event.data.action}`];
    case "PushSent":
      return [`phone message ${event.data.folded ? "folded into a summary" : "sent"}: ${event.data.key}`];
    case "LandingApproved":
      return [
        `answered: landing approved by ${event.data.by}`,
        ...pushes.flatMap(({ text, tapped, answered }) => [
          ...text.split("\n").map((line) => `phone | ${line}`),
          `phone | tapped ${tapped}: HTTP ${answered}`,
        ]),
      ];
    case "MissionRejected":
    case "MissionCancelled":
    case "TaskRejected":
    case "QuestionAnswered":
    case "SpecificationAmended":
    case "HoldReleased":
    case "TaskRetried":
    case "CoderTold":
    case "TaskCancelled":
      return [`${event.type} by ${event.data.by}`];
    case "HoldTimedOut":
      return ["the hold waited for as long as the policy allows"];
    // A task is planned by the approval above; the rest belongs to no mission.
    case "TaskPlanned":
    case "AuditRequested":
    case "CanaryPlanted":
    case "CanaryJudged":
    case "HomeInitialized":
    case "LogAccepted":
    case "HomeRestored":
    case "BlobsExpired":
    case "WorkPaused":
    case "WorkResumed":
    case "MissionUpdated":
    case "MissionsOrdered":
    case "PolicyLoaded":
    case "PlaneStarted":
    case "DaemonStarted":
    case "OperatorAdded":
    case "OperatorRemoved":
    case "BaseBranchFixed":
    case "RepositoryConfigured":
    case "LaneClosed":
    case "LaneReopened":
    case "ProposalSourceResumed":
    case "LandingPaused":
    case "LandingResumed":
    case "RepositoryPaused":
    case "RepositoryResumed":
    case "RepositoryRemoved":
    case "LandingWatched":
    case "WatchedLandingObserved":
    case "NotifierConfigured":
    case "BrowserSessionStarted":
    case "BrowserSessionEnded":
    case "PhoneLinkMade":
    case "PhoneLinkRevoked":
    case "RepliesDropped":
    case "WebhookRefused":
    case "MissionProposed":
    case "ProposalAccepted":
    case "ProposalRejected":
    case "ProposalEnded":
    case "RuleAdded":
    case "RuleRemoved":
    case "LessonAccepted":
    case "LessonRejected":
    case "LessonRemoved":
    case "LessonExpired":
    case "SetUpRunRequested":
    case "SetUpRunCancelled":
    case "SetUpRunEnded":
    case "IssueRefused":
    case "IssueCommented":
    case "IssueAnswerRefused":
      return [];
  }
}

/** The person's own criteria. A default is replaced by answers, or is part of the approved specification. */
function criteriaWords(criteria: readonly { id: string; text: string; default?: true | undefined }[]): string[] {
  return criteria.flatMap((criterion) => (criterion.default === true ? [] : [`${criterion.id}: ${criterion.text}`]));
}

function matrixWords(checks: Checks | null): string[] {
  if (checks === null) return [];
  return [
    ...firstNames("failing on the old code", checks.fail_to_pass, " (passing on the new)"),
    ...firstNames("old tests failing on the new code", checks.newly_failing),
    ...firstNames("vanished", checks.vanished),
    ...firstNames("newly skipped", checks.newly_skipped),
    ...firstNames("newly flaky", checks.newly_flaky),
    ...firstNames("flaky on the base too", checks.flaky),
    `${counted(checks.pass_to_pass, "test passes", "tests pass")} before and after`,
  ];
}

function gateWords(gate: Extract<RecordedEvent, { type: "GateDecided" }>["data"]): string[] {
  const because =
    gate.hold_code === null ? "" : `: ${gate.hold_code}${gate.hold_detail === null ? "" : ` (${gate.hold_detail})`}`;
  const risk = riskText(gate);
  const shares = gate.shares
    .filter(({ points }) => points > 0)
    .map(({ factor, why }) => `for harm: ${signalText(factor)} (${why})`);
  return [
    `decision: ${gate.answer}${because}`,
    risk === null ? "no risk: a hard gate decided" : `risk: ${risk}`,
    ...shares,
    ...gate.reasons.slice(0, namesMax).map((reason) => reasonText(reason)),
  ];
}

function short(digest: string): string {
  return digest.slice(0, 10);
}
