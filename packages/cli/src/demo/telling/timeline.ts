/** The story of one mission for a person, event by event, with seconds since it was submitted. Pure. */
import { escapeLine, type MissionDocument } from "@aedev/core";
import type { Checks } from "@aedev/core/wire";
import { brushFor, type Paint } from "./paint.ts";
import type { RecordedEvent } from "./recorded-event.ts";

export interface MissionStory {
  readonly title: string;
  readonly missionId: string;
  /** Of the mission and its tasks, in order. */
  readonly events: readonly RecordedEvent[];
  /** Null where no evidence was sealed. */
  readonly checks: Checks | null;
  /** What the phone was asked about it. */
  readonly pushes: readonly { readonly text: string; readonly tapped: string; readonly answered: number }[];
}

const namesMax = 5;

export function timeline(story: MissionStory, paint: Paint): string {
  const { title, missionId, events } = story;
  const start = events[0]?.atMs ?? 0;
  const last = {
    checked: events.findLast(({ type }) => type === "ChecksRan"),
    gated: events.findLast(({ type }) => type === "GateDecided"),
  };
  const lines = events.flatMap((event) => {
    const seconds = ((event.atMs - start) / 1000).toFixed(1).padStart(6);
    const [first, ...under] = wordsOf(event, story);
    if (first === undefined) return [];
    // What an earlier run's checks and gate said in full, the last ones say again.
    const isEarlier =
      (event.type === "ChecksRan" && event !== last.checked) || (event.type === "GateDecided" && event !== last.gated);
    return [
      `${paint.faint(`${seconds} s`)}  ${brushFor(first, paint)(escapeLine(first, 300))}`,
      ...(isEarlier ? [] : under).map((words) => `${" ".repeat(12)}${brushFor(words, paint)(escapeLine(words, 300))}`),
    ];
  });
  return [`${paint.strong(escapeLine(title, 120))}  ${paint.faint(`(${missionId})`)}`, ...lines].join("\n");
}

interface Outcome {
  readonly title: string;
  readonly tasks: readonly Pick<
    MissionDocument["tasks"][number],
    "decision" | "landed_commit" | "hold_code" | "hold_detail"
  >[];
}

/** One line: what it came to. */
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

/** The first line, then what belongs under it. */
function wordsOf(event: RecordedEvent, { checks, pushes }: Pick<MissionStory, "checks" | "pushes">): string[] {
  switch (event.type) {
    case "MissionSubmitted":
      return ["submitted", ...criteriaWords(event.data.criteria)];
    case "MissionApproved":
      return [`approved: specification ${short(event.data.spec_digest)}`];
    case "RunStarted":
      return [`run ${event.data.attempt} starts on ${short(event.data.base_commit)}, profile ${event.data.profile}`];
    case "ChangeCaptured":
      return [
        `captured: tree ${short(event.data.tree)}, patch of ${event.data.patch.size_bytes} bytes`,
        tokens(event.data.usage),
      ];
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
    case "GateDecided":
      return gateWords(event.data);
    case "BaseMoved":
      return [`the branch moved from ${short(event.data.from)} to ${short(event.data.to)}`];
    case "LandingStarted":
      return [`landing ${short(event.data.commit)} on ${event.data.ref}`];
    case "ChangeLanded":
      return [`landed: commit ${event.data.commit} on ${event.data.ref}`];
    case "TaskHeld":
      return [`held: ${event.data.code}${event.data.detail === null ? "" : ` (${event.data.detail})`}`];
    case "ClarificationAnswered":
      return [
        "asked before anything runs, and answered",
        ...event.data.answers.flatMap(({ question, text }) => [`asked: ${question}`, `answered: ${text}`]),
        ...criteriaWords(event.data.criteria),
      ];
    case "RepairStarted":
      return [`tried again instead of held: ${event.data.code}`];
    case "BaseConflicted":
      return [`tried again on the moved branch: ${event.data.why}`];
    case "ChangeRequested":
      return [`sent back with the words: ${event.data.words}`];
    case "ApprovalRequested":
      return [`asked of the phone: ${event.data.subject.kind}`];
    case "ApprovalUsed":
      return [`answered by token: ${event.data.action}`];
    case "PushSent":
      return [`push ${event.data.folded ? "folded" : "sent"}: ${event.data.key}`];
    case "LandingApproved":
      return [
        `answered: the landing is approved by ${event.data.by}`,
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
    case "TaskCancelled":
      return [`${event.type} by ${event.data.by}`];
    // A task is planned with the approval above it; the rest belongs to no mission.
    case "TaskPlanned":
    case "AuditRequested":
    case "CanaryPlanted":
    case "CanaryJudged":
    case "HomeInitialized":
    case "PolicyLoaded":
    case "PlaneStarted":
    case "RepositoryConfigured":
    case "RepositoryPaused":
    case "RepositoryResumed":
    case "NotifierConfigured":
    case "RepliesDropped":
      return [];
  }
}

/** The person's own; a default is replaced by answers, or stands in the specification that is approved. */
function criteriaWords(criteria: readonly { id: string; text: string; default?: true | undefined }[]): string[] {
  return criteria.flatMap((criterion) => (criterion.default === true ? [] : [`${criterion.id}: ${criterion.text}`]));
}

function matrixWords(checks: Checks | null): string[] {
  if (checks === null) return [];
  return [
    ...named("red on the old code", checks.fail_to_pass, " (green on the new)"),
    ...named("old tests red on the new code", checks.newly_failing),
    ...named("vanished", checks.vanished),
    ...named("newly skipped", checks.newly_skipped),
    ...named("newly flaky", checks.newly_flaky),
    ...named("flaky on the base too", checks.flaky),
    `${checks.pass_to_pass} tests pass before and after`,
  ];
}

function gateWords(gate: Extract<RecordedEvent, { type: "GateDecided" }>["data"]): string[] {
  const because =
    gate.hold_code === null ? "" : `: ${gate.hold_code}${gate.hold_detail === null ? "" : ` (${gate.hold_detail})`}`;
  const score =
    gate.risk_score === null
      ? "no score: a hard gate decided"
      : `risk ${gate.risk_score} ${gate.score_kind} of 100 (${gate.level ?? "-"})`;
  const shares = gate.shares
    .filter(({ points }) => points > 0)
    .map(({ factor, points, why }) => `${factor} ${points} (${why})`);
  return [`gate: ${gate.answer}${because}`, score, ...shares, ...gate.reasons.slice(0, namesMax)];
}

function named(what: string, names: readonly string[], after = ""): string[] {
  if (names.length === 0) return [];
  const rest = names.length > namesMax ? ` and ${names.length - namesMax} more` : "";
  return [`${what}: ${names.slice(0, namesMax).join("; ")}${rest}${after}`];
}

function tokens(usage: { requests: number; input_tokens: number; output_tokens: number }): string {
  return `${usage.requests} requests to the model, ${usage.input_tokens} tokens in, ${usage.output_tokens} out, counted by the gateway`;
}

function short(digest: string): string {
  return digest.slice(0, 10);
}
