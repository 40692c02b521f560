/** Composes a push message from the state alone. Pure. Every text is escaped and bounded; a coder's text is in no message that asks for an approval (THREATS T21, T23). */

import { counted, escapeLine, raisedText } from "@aedev/contracts";
import { outcomeText } from "@aedev/contracts/events";
import {
  type ApprovalState,
  entityById,
  heldBudget,
  type Notice,
  newestRaise,
  offerNeedsSignIn,
  openHolds,
  reasonsToAsk,
  type State,
  signInNeed,
  type TaskState,
} from "@aedev/core";
import { composeClarification, composeCoderQuestion } from "./compose-question.ts";
import { type ComposedMessage, type PlannedButton, titleOf, told } from "./composed-message.ts";
import { plainReason } from "./plain-reason.ts";
import { plainWords } from "./plain-words.ts";

type OutcomeNotice = Extract<Notice["about"], { kind: "outcome" }>;

const lineLengthMax = 200;
const criterionLengthMax = 130;
const criteriaListedMax = 6;
const reasonsListedMax = 3;

/** Null if the state no longer has anything to say about the notice. */
export function composeMessage(state: State, notice: Notice): ComposedMessage | null {
  const { about } = notice;
  switch (about.kind) {
    case "approval": {
      const approval = entityById(state.approvals, about.approval_id);
      return approval === undefined ? null : composeAsking(state, approval);
    }
    case "hold":
      return composeHold(state, about);
    case "landed":
      return composeLanded(state, entityById(state.tasks, about.task_id));
    case "outcome":
      return composeOutcome(state, entityById(state.tasks, about.task_id), about);
    case "repair":
      return composeRepair(state, entityById(state.tasks, about.task_id), about.attempt);
  }
}

function composeAsking(state: State, approval: ApprovalState): ComposedMessage | null {
  const { subject } = approval;
  const decisions: PlannedButton[] = [
    { label: "Approve", grant: { action: "approve" } },
    { label: "Change…", grant: { action: "change" } },
    { label: "Reject", grant: { action: "reject" } },
  ];
  const unsigned: PlannedButton[] = [{ label: "View", grant: { action: "look" } }, ...decisions.slice(1)];
  if (subject.kind === "landing") {
    const task = entityById(state.tasks, subject.task_id);
    if (task === undefined) return null;
    const commands = [
      `aedev task approve ${task.task_id}`,
      `aedev task send-back ${task.task_id} --reason TEXT`,
      `aedev task reject ${task.task_id}`,
    ];
    const title = `Land? ${titleOf(state, subject.mission_id)}`;
    const mission = entityById(state.missions, subject.mission_id);
    const signIn = signInNeed(state, { kind: "landing", mission, task }) !== null;
    const lines = [...landingLines(task), ...(signIn ? [signInLine] : [])];
    return { ...told(title, "question", lines), approval, buttons: signIn ? unsigned : decisions, commands };
  }
  // They come with the message about the change or the hold.
  if (subject.kind === "revert" || subject.kind === "budget") return null;
  const mission = entityById(state.missions, subject.mission_id);
  if (mission === undefined) return null;
  if (subject.kind === "specification") {
    const { mission_id } = mission;
    const listed = mission.criteria.slice(0, criteriaListedMax);
    const lines = [
      `Start work on ${mission.repository}? It is done when:`,
      ...listed.map(
        ({ text, default: usual }, index) =>
          `${index + 1}. ${escapeLine(text, criterionLengthMax)}${usual === true ? " (aedev's default: you named none)" : ""}`,
      ),
      ...(mission.criteria.length > listed.length ? [`… and ${mission.criteria.length - listed.length} more`] : []),
    ];
    const commands = [
      `aedev mission approve ${mission_id}`,
      `aedev mission send-back ${mission_id} --reason TEXT`,
      `aedev mission reject ${mission_id}`,
    ];
    const title = `Start? ${titleOf(state, mission_id)}`;
    const signIn = signInNeed(state, { kind: "specification", mission }) !== null;
    const said = told(title, "question", [...lines, ...(signIn ? [signInLine] : [])]);
    return { ...said, approval, buttons: signIn ? unsigned : decisions, commands };
  }
  return subject.task_id === null
    ? composeClarification(state, approval, subject)
    : composeCoderQuestion(state, approval, { ...subject, task_id: subject.task_id });
}

/** A button of a message names nobody, so it can't approve what needs sign-in. */
const signInLine = "Approving needs sign-in: open View and type your operator's token, or use the terminal.";

function landingLines(task: TaskState): string[] {
  const { gate, evidence, verdicts, repository, ref } = task;
  const shares = (gate?.shares ?? [])
    .filter(({ points }) => points > 0)
    .toSorted((left, right) => right.points - left.points)
    .slice(0, reasonsListedMax);
  const risk = gate?.risk_score == null ? "unknown" : `${gate.risk_score} of 100, ${gate.level ?? "level unknown"}`;
  const reasons = reasonsToAsk(task);
  // How a run for tests ended takes no place from the gate's own reasons.
  const listedMax = reasonsListedMax + reasons.length - (gate?.reasons.length ?? 0);
  const judges = verdicts.map(({ family, verdict }) => `${family} ${verdict.replaceAll("_", " ")}`);
  return [
    `The change would land on ${escapeLine(ref ?? "its branch", 80)} of ${repository}.`,
    `Risk: ${risk}${shares.length === 0 ? "" : ` (${shares.map(({ factor, points }) => `${factor.replaceAll("_", " ")} ${points}`).join(", ")})`}`,
    `Tests: ${testWords[evidence?.checks_status ?? "incomplete"]}`,
    `Judges: ${judges.length === 0 ? "no verdicts" : judges.join(", ")}`,
    ...reasons
      .slice(0, listedMax)
      .map((reason) => `Needs approval because: ${plainWords(plainReason(reason), lineLengthMax)}`),
  ];
}

const testWords = {
  green: "passing, on the old and the new tests",
  red: "red",
  "base-red": "some failed before the change; none fails newly",
  "exit-code-only": "the command succeeds but does not report single tests",
  flaky: "flaky: some give different results on repeated runs",
  none: "none",
  incomplete: "incomplete",
} as const;

function composeHold(state: State, about: { hold_id: string }): ComposedMessage | null {
  const holds = openHolds(state);
  const hold = holds.find(({ hold_id }) => hold_id === about.hold_id);
  if (hold === undefined) return null;
  const { code, detail, help, resumes_at, mission_id, task_id, held_at } = hold;
  const isOverdue = entityById(state.tasks, task_id)?.hold?.timed_out_at !== undefined;
  const offer = raiseOffer(state, hold);
  const said = told(`Held: ${titleOf(state, mission_id)}`, "warning", [
    `${code}${detail === null ? "" : `: ${plainWords(detail, 300)}`}`,
    ...(isOverdue ? [`It has waited since ${held_at}. To give it up: aedev task reject ${task_id}`] : []),
    ...(resumes_at === null ? [] : [`It continues automatically at ${resumes_at}.`]),
    `What helps: ${escapeLine(help, 400)}`,
    ...(offer?.lines ?? []),
  ]);
  return offer === null ? said : { ...said, ...offer.answerable };
}

/** The approval with which a tap raises the budget that holds this, with its button and what that does; null if none was requested. */
function raiseOffer(
  state: State,
  { hold_id }: { hold_id: string },
): { lines: string[]; answerable: Pick<ComposedMessage, "approval" | "buttons" | "commands"> } | null {
  const approval = newestRaise(state, hold_id);
  if (approval === undefined || approval.used !== null) return null;
  const { budget, raise_to } = approval.subject;
  const amount = raisedText({ budget, raise_to });
  const others = openHolds(state).filter((other) => heldBudget(other) === budget).length - 1;
  const effect = `raises ${budget} to ${amount} and releases this hold${others === 0 ? "" : ` and ${counted(others, "other")}`}`;
  const view: PlannedButton = { label: "View", grant: { action: "look" } };
  const raise: PlannedButton = { label: `Raise to ${amount}`, grant: { action: "raise" } };
  // A button of a message names nobody.
  const signIn = offerNeedsSignIn(state);
  return {
    lines: [signIn ? `A tap on the page ${effect}; it needs your operator's token.` : `The button ${effect}.`],
    answerable: {
      approval,
      buttons: signIn ? [view] : [raise, view],
      commands: [`aedev budget raise ${budget} ${raise_to}`],
    },
  };
}

function composeLanded(state: State, task: TaskState | undefined): ComposedMessage | null {
  if (task === undefined) return null;
  const { landed_commit, ref, repository, mission_id, pull_request } = task;
  const differs = pull_request?.tree_differs === true;
  return told(`Landed: ${titleOf(state, mission_id)}`, differs ? "warning" : "white_check_mark", [
    `${landed_commit?.slice(0, 12) ?? "The change"} is on ${escapeLine(ref ?? "its branch", 80)} of ${repository}.`,
    ...(differs ? ["What was merged is not what was judged. Look at it."] : []),
    ...revertLines(state, task),
  ]);
}

/** A revert that was prepared automatically: you are asked about it, or it is held. */
function revertLines(state: State, task: TaskState): string[] {
  const revert = task.reverted_by?.find(({ cause }) => cause === "tree-differs");
  if (revert === undefined) return [];
  const held = openHolds(state).find(({ task_id }) => task_id === revert.task_id);
  if (held !== undefined)
    return [`A revert could not be prepared: ${held.code}: ${plainWords(held.detail ?? "", lineLengthMax)}`];
  return [`A revert is being prepared (${revert.task_id}); nothing is taken back unless you approve it.`];
}

function composeOutcome(
  state: State,
  task: TaskState | undefined,
  about: Pick<OutcomeNotice, "outcome" | "at">,
): ComposedMessage | null {
  const observed = task?.outcomes?.find(({ outcome, at }) => outcome === about.outcome && at === about.at);
  if (task === undefined || observed === undefined) return null;
  const { task_id, repository, ref, mission_id } = task;
  const title = titleOf(state, mission_id);
  const branch = `${escapeLine(ref ?? "The branch", 80)} of ${repository}`;
  if (observed.outcome !== "red")
    return told(`${observed.outcome === "gone" ? "Gone" : "Reverted"}: ${title}`, "leftwards_arrow_with_hook", [
      `${branch}: the change was ${outcomeText(observed)}.`,
      `More: aedev task show ${task_id}`,
    ]);
  const said = told(`Red after: ${title}`, "rotating_light", [
    `${branch}: ${outcomeText(observed)}.`,
    `Look: aedev task show ${task_id}`,
  ]);
  const offer = revertOffer(state, task);
  if (offer === null) return said;
  const view: PlannedButton = { label: "View", grant: { action: "look" } };
  const revert: PlannedButton = { label: "Revert", grant: { action: "revert" } };
  // A button of a message names nobody.
  const buttons = offerNeedsSignIn(state) ? [view] : [revert, view];
  return { ...said, approval: offer, buttons, commands: [`aedev task revert ${task_id}`] };
}

/** The approval with which a tap has the change taken back; null once that is under way. */
function revertOffer(state: State, { task_id, reverted_by }: TaskState): ApprovalState | null {
  const isOffer = ({ subject, used }: ApprovalState) =>
    subject.kind === "revert" && subject.task_id === task_id && used === null;
  return reverted_by === undefined ? (Object.values(state.approvals).find(isOffer) ?? null) : null;
}

function composeRepair(state: State, task: TaskState | undefined, attempt: number): ComposedMessage | null {
  if (task === undefined) return null;
  return told(`Trying again: ${titleOf(state, task.mission_id)}`, "repeat", [
    `Run ${attempt} has started: ${whyAgain(task)}.`,
  ]);
}

function whyAgain({ runs }: TaskState): string {
  switch (runs.at(-1)?.cause) {
    case "checks":
      return "the previous run's checks failed";
    case "verdict":
      return "a judge failed the previous run";
    case "stuck":
      return "the previous run no longer got on";
    case "timeout":
      return "the previous run reached its time limit";
    case "base-moved":
      return "the branch moved under the change";
    case "words":
      return "you sent the change back";
    case "answer":
      return "you answered the coder";
    case "tests":
      return "it tries to add the tests that the change lacks, or to correct the change; you are asked afterwards if the change can't merge";
    default:
      return "it was requested";
  }
}
