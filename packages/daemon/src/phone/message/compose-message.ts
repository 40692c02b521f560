/** Composes a push message from the state alone. Every text is escaped and bounded; one that asks for an approval has no coder's text (SECURITY T21, T23). */

import {
  checksStatusText,
  counted,
  joined,
  type LandingPlace,
  landingPlaceText,
  laneClosedText,
  largestShares,
  mainReasonText,
  type PushText,
  push,
  pushLine,
  raisedText,
  reopenHelp,
  riskText,
  signalText,
} from "@aedev/contracts";
import { outcomeText } from "@aedev/contracts/events";
import {
  type ApprovalState,
  entityById,
  heldBudget,
  type MissionState,
  missionWriter,
  type Notice,
  newestRaise,
  offerNeedsSignIn,
  openHolds,
  reasonsToAsk,
  type State,
  signInNeed,
  type TaskState,
  writtenCriteria,
} from "@aedev/core";
import { composeClarification, composeTaskQuestion } from "./compose-question.ts";
import { type ComposedMessage, ours, type PlannedButton, plainMessage, titleOf } from "./composed-message.ts";

type OutcomeNotice = Extract<Notice["about"], { kind: "outcome" }>;

const lineLengthMax = 200;
const criterionLengthMax = 130;
const criteriaListedMax = 6;
const notCheckedListedMax = 4;
const sharesListedMax = 3;

/** Where a task's change lands or has landed. */
type PlaceOf = (task: TaskState) => LandingPlace;

/** Null if the notice no longer applies to the state. */
export function composeMessage(state: State, notice: Notice, placeOf: PlaceOf): ComposedMessage | null {
  const { about } = notice;
  switch (about.kind) {
    case "approval": {
      const approval = entityById(state.approvals, about.approval_id);
      return approval === undefined ? null : composeAsking(state, approval, placeOf);
    }
    case "hold":
      return composeHold(state, about);
    case "landed":
      return composeLanded(state, entityById(state.tasks, about.task_id), placeOf);
    case "outcome":
      return composeOutcome(state, { task: entityById(state.tasks, about.task_id), about }, placeOf);
    case "lane":
      return composeLane(state, about);
    case "repair":
      return composeRepair(state, entityById(state.tasks, about.task_id), about.attempt);
  }
}

function composeAsking(state: State, approval: ApprovalState, placeOf: PlaceOf): ComposedMessage | null {
  const { subject } = approval;
  const decisions: PlannedButton[] = [
    { label: push`Approve`, grant: { action: "approve" } },
    { label: push`Change…`, grant: { action: "change" } },
    { label: push`Reject`, grant: { action: "reject" } },
  ];
  const unsigned: PlannedButton[] = [{ label: push`View`, grant: { action: "look" } }, ...decisions.slice(1)];
  if (subject.kind === "landing") {
    const task = entityById(state.tasks, subject.task_id);
    if (task === undefined) return null;
    const commands = [
      push`aedev task approve ${ours(task.task_id)}`,
      push`aedev task send-back ${ours(task.task_id)} --reason TEXT`,
      push`aedev task reject ${ours(task.task_id)}`,
    ];
    const title = push`Land? ${titleOf(state, subject.mission_id)}`;
    const mission = entityById(state.missions, subject.mission_id);
    const signIn = signInNeed(state, { kind: "landing", mission, task }) !== null;
    const lines = [...landingLines(task, placeOf(task)), ...(signIn ? [signInLine] : [])];
    return {
      ...plainMessage(title, "question", lines),
      approval,
      buttons: signIn ? unsigned : decisions,
      commands,
    };
  }
  // These approvals come with the message about the change or the hold.
  if (subject.kind === "revert" || subject.kind === "budget") return null;
  const mission = entityById(state.missions, subject.mission_id);
  if (mission === undefined) return null;
  if (subject.kind === "specification") return composeStart(state, { approval, mission, unsigned, decisions });
  return subject.task_id === null
    ? composeClarification(state, approval, subject)
    : composeTaskQuestion(state, approval, { ...subject, task_id: subject.task_id });
}

function composeStart(
  state: State,
  {
    approval,
    mission,
    unsigned,
    decisions,
  }: {
    readonly approval: ApprovalState;
    readonly mission: MissionState;
    readonly unsigned: PlannedButton[];
    readonly decisions: PlannedButton[];
  },
): ComposedMessage {
  const { mission_id } = mission;
  const listed = writtenCriteria(mission).slice(0, criteriaListedMax);
  const lines = [
    push`Start work on ${ours(mission.repository)}? It is done when:`,
    ...listed.map(
      ({ text, by }, index) =>
        push`${index + 1}. ${pushLine(text, criterionLengthMax, by)}${mission.criteria[index]?.default === true ? push` (aedev's default: you named none)` : push``}`,
    ),
    ...(mission.criteria.length > listed.length ? [push`… and ${mission.criteria.length - listed.length} more`] : []),
    ...notCheckedLines(mission),
  ];
  const commands = [
    push`aedev mission approve ${ours(mission_id)}`,
    mission.plan === undefined
      ? push`aedev mission send-back ${ours(mission_id)} --reason TEXT`
      : push`aedev mission show ${ours(mission_id)} --tree`,
    push`aedev mission reject ${ours(mission_id)}`,
  ];
  const title = push`Start? ${titleOf(state, mission_id)}`;
  const signIn = signInNeed(state, { kind: "specification", mission }) !== null;
  const said = plainMessage(title, "question", [...lines, ...(signIn ? [signInLine] : [])]);
  const offered = signIn ? unsigned : decisions;
  // Of a plan only the parts are sent back, and the page shows what each part asks for.
  const ofPlan = [...unsigned.slice(0, 1), ...offered.filter(({ grant }) => grant.action !== "look")].filter(
    ({ grant }) => grant.action !== "change",
  );
  return { ...said, approval, buttons: mission.plan === undefined ? offered : ofPlan, commands };
}

/** The first sentences of the request that no criterion covers. */
function notCheckedLines(mission: MissionState): PushText[] {
  const { not_checked = [] } = mission.clarity;
  if (not_checked.length === 0) return [];
  const by = missionWriter(mission);
  const named = not_checked
    .slice(0, notCheckedListedMax)
    .map((part) => push`- ${pushLine(part, criterionLengthMax, by)}`);
  const more = not_checked.length - named.length;
  return [push`In no criterion, so nobody checks it:`, ...named, ...(more === 0 ? [] : [push`… and ${more} more`])];
}

/** A button does not tell who taps it, so it can't approve where sign-in is needed. */
const signInLine = push`Approving needs sign-in: open View and type your operator's token, or use the terminal.`;

function landingLines(task: TaskState, place: LandingPlace): PushText[] {
  const { gate, evidence, verdicts, repository } = task;
  const { harm } = largestShares(gate?.shares ?? [], sharesListedMax);
  const risk = ours((gate === null ? null : riskText(gate)) ?? "unknown");
  const factors = harm.map(({ factor }) => push`${ours(signalText(factor))}`);
  const reasons = reasonsToAsk(task);
  const more = Math.max(0, reasons.length - 1);
  const judges = verdicts.map(({ family, verdict }) => push`${ours(family)} ${ours(verdict.replaceAll("_", " "))}`);
  return [
    push`The change would land on ${pushLine(landingPlaceText(place, repository), lineLengthMax)}.`,
    ...(place.may_push ? [] : [push`aedev may not push there yet: approved, it is held until you allow that.`]),
    push`Risk: ${risk}${factors.length === 0 ? push`` : push`: ${joined(factors, "; ")}`}`,
    push`Tests: ${ours(checksStatusText(evidence?.checks_status ?? null))}`,
    push`Judges: ${judges.length === 0 ? push`no verdicts` : joined(judges, ", ")}`,
    push`Why: ${ours(mainReasonText(reasons) ?? "the page and the terminal show the reason")}${more === 0 ? push`` : push` And ${ours(counted(more, "more reason"))}.`}`,
  ];
}

function composeHold(state: State, about: { hold_id: string }): ComposedMessage | null {
  const holds = openHolds(state);
  const hold = holds.find(({ hold_id }) => hold_id === about.hold_id);
  if (hold === undefined) return null;
  const { code, detail, help, resumes_at, mission_id, task_id, held_at } = hold;
  const isOverdue = entityById(state.tasks, task_id)?.hold?.timed_out_at !== undefined;
  const offer = raiseOffer(state, hold);
  const said = plainMessage(push`Held: ${titleOf(state, mission_id)}`, "warning", [
    push`${ours(code)}${detail === null ? push`` : push`: ${pushLine(detail, 300)}`}`,
    ...(isOverdue
      ? [push`It has waited since ${ours(held_at)}. To give it up: aedev task reject ${ours(task_id)}`]
      : []),
    ...(resumes_at === null ? [] : [push`It continues automatically at ${ours(resumes_at)}.`]),
    push`What helps: ${pushLine(help, 400, "home")}`,
    ...(offer?.lines ?? []),
  ]);
  return offer === null ? said : { ...said, ...offer.answerable };
}

/** The approval whose tap raises the holding budget, with its button and effect; null if none was requested. */
function raiseOffer(
  state: State,
  { hold_id }: { hold_id: string },
): { lines: PushText[]; answerable: Pick<ComposedMessage, "approval" | "buttons" | "commands"> } | null {
  const approval = newestRaise(state, hold_id);
  if (approval === undefined || approval.used !== null) return null;
  const { budget, raise_to } = approval.subject;
  const amount = ours(raisedText({ budget, raise_to }));
  const others = openHolds(state).filter((other) => heldBudget(other) === budget).length - 1;
  const also = others === 0 ? push`` : push` and ${ours(counted(others, "other"))}`;
  const effect = push`raises ${ours(budget)} to ${amount} and releases this hold${also}`;
  const view: PlannedButton = { label: push`View`, grant: { action: "look" } };
  const raise: PlannedButton = { label: push`Raise to ${amount}`, grant: { action: "raise" } };
  // A button does not tell who taps it.
  const signIn = offerNeedsSignIn(state);
  return {
    lines: [signIn ? push`A tap on the page ${effect}; it needs your operator's token.` : push`The button ${effect}.`],
    answerable: {
      approval,
      buttons: signIn ? [view] : [raise, view],
      commands: [push`aedev budget raise ${ours(budget)} ${ours(String(raise_to))}`],
    },
  };
}

function composeLanded(state: State, task: TaskState | undefined, placeOf: PlaceOf): ComposedMessage | null {
  if (task === undefined) return null;
  const { landed_commit, repository, mission_id, pull_request } = task;
  const place = placeOf(task);
  const differs = pull_request?.tree_differs === true;
  const where = pushLine(landingPlaceText(place, repository), lineLengthMax);
  return plainMessage(push`Landed: ${titleOf(state, mission_id)}`, differs ? "warning" : "white_check_mark", [
    push`${ours(landed_commit?.slice(0, 12) ?? "The change")} is on ${where}.`,
    ...(place.take_in === null ? [] : [push`How to take it in: aedev task show ${ours(task.task_id)}`]),
    ...(differs ? [push`What was merged is not what was judged. Look at it.`] : []),
    ...revertLines(state, task),
  ]);
}

/** A revert that was prepared automatically: either you are asked about it, or it is held. */
function revertLines(state: State, task: TaskState): PushText[] {
  const revert = task.reverted_by?.find(({ cause }) => cause === "tree-differs");
  if (revert === undefined) return [];
  const held = openHolds(state).find(({ task_id }) => task_id === revert.task_id);
  if (held !== undefined)
    return [push`A revert could not be prepared: ${ours(held.code)}: ${pushLine(held.detail ?? "", lineLengthMax)}`];
  return [push`A revert is being prepared (${ours(revert.task_id)}); nothing is taken back unless you approve it.`];
}

function composeOutcome(
  state: State,
  { task, about }: { task: TaskState | undefined; about: Pick<OutcomeNotice, "outcome" | "at"> },
  placeOf: PlaceOf,
): ComposedMessage | null {
  const observed = task?.outcomes?.find(({ outcome, at }) => outcome === about.outcome && at === about.at);
  if (task === undefined || observed === undefined) return null;
  const { task_id, repository, mission_id } = task;
  const title = titleOf(state, mission_id);
  const branch = pushLine(landingPlaceText({ ...placeOf(task), way: "push" }, repository), lineLengthMax);
  if (observed.outcome !== "red")
    return plainMessage(
      push`${ours(observed.outcome === "gone" ? "Gone" : "Reverted")}: ${title}`,
      "leftwards_arrow_with_hook",
      [
        push`${branch}: the change was ${pushLine(outcomeText(withoutLink(observed)), lineLengthMax)}.`,
        push`More: aedev task show ${ours(task_id)}`,
      ],
    );
  const said = plainMessage(push`Red after: ${title}`, "rotating_light", [
    push`${branch}: ${pushLine(outcomeText(withoutLink(observed)), lineLengthMax)}.`,
    push`Look: aedev task show ${ours(task_id)}`,
  ]);
  const offer = revertOffer(state, task);
  if (offer === null) return said;
  const view: PlannedButton = { label: push`View`, grant: { action: "look" } };
  const revert: PlannedButton = { label: push`Revert`, grant: { action: "revert" } };
  // A button does not tell who taps it.
  const buttons = offerNeedsSignIn(state) ? [view] : [revert, view];
  return { ...said, approval: offer, buttons, commands: [push`aedev task revert ${ours(task_id)}`] };
}

function composeLane(
  state: State,
  { repository, change }: Extract<Notice["about"], { kind: "lane" }>,
): ComposedMessage | null {
  const closed = entityById(state.repositories, repository)?.lanes?.[change]?.closed;
  if (closed === undefined) return null;
  return plainMessage(push`Asked from now on: ${ours(repository)}`, "warning", [
    push`${pushLine(laneClosedText(closed, repository), lineLengthMax)}.`,
    push`More: aedev repo lane ${ours(repository)}`,
    push`To let them merge again: ${pushLine(reopenHelp(change, repository), lineLengthMax)}`,
  ]);
}

/** The check's reporter chooses this address, so only the terminal shows it. */
function withoutLink<T extends Parameters<typeof outcomeText>[0]>(observed: T): T {
  const { evidence } = observed;
  return evidence.kind === "check" ? { ...observed, evidence: { ...evidence, url: null } } : observed;
}

/** The approval whose tap reverts the change; null once that is under way. */
function revertOffer(state: State, { task_id, reverted_by }: TaskState): ApprovalState | null {
  const isOffer = ({ subject, used }: ApprovalState) =>
    subject.kind === "revert" && subject.task_id === task_id && used === null;
  return reverted_by === undefined ? (Object.values(state.approvals).find(isOffer) ?? null) : null;
}

function composeRepair(state: State, task: TaskState | undefined, attempt: number): ComposedMessage | null {
  if (task === undefined) return null;
  return plainMessage(push`Trying again: ${titleOf(state, task.mission_id)}`, "repeat", [
    push`Run ${attempt} has started: ${ours(whyAgain(task))}.`,
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
