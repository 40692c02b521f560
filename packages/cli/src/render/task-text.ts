/**
 * A task as a document, and as a person reads it in the terminal.
 *
 * Folder: documents as a person reads them in the terminal.
 */
import {
  actorText,
  branchName,
  costText,
  deciderText,
  escapeLine,
  landingPlaceText,
  localTime,
  resumptionText,
  riskText,
  statusText,
  takeInLines,
  tokensOf,
  tokensText,
  usedText,
} from "@aedev/contracts";
import type { DecisionDocument, TaskDetails, TaskDocument, UsageSum } from "@aedev/contracts/api";
import { outcomeText } from "@aedev/contracts/events";
import type { TaskReading } from "@aedev/daemon";
import { pairs, titled } from "./columns.ts";
import { judgeTriesLines } from "./judges-text.ts";
import { usageText } from "./usage-text.ts";

/** One line: id, status, and why the task waits. */
export function taskLine(task: TaskDocument): string {
  const why = [task.hold_code, task.hold_detail].filter((part) => part !== null).map((part) => escapeLine(part, 200));
  const { landed_commit, left_on } = task;
  const on = left_on === undefined ? "" : ` on ${escapeLine(branchName(left_on), 120)}`;
  const commit = landed_commit === null ? [] : [`commit ${landed_commit}${on}`];
  const back = task.reverts === undefined ? [] : [`takes back ${task.reverts.task_id}`];
  return [task.task_id, statusText(task.status), ...back, ...why, ...commit].join("  ");
}

/** What a person reads first, then the task's course, and last what they compare. `judged`: the change and what each decision about it does. */
export function taskText(details: TaskReading, judged = { change: "", decisions: "" }): string {
  const parts = [decisionText(details), judged.decisions, judged.change, courseText(details), digestsText(details)];
  return parts.filter((part) => part !== "").join("\n\n");
}

/** The decision, its reasons, and what to do. */
function decisionText(details: TaskReading): string {
  const { task_id, hold, status, phase, decision } = details;
  const head = pairs([
    ["task", `${task_id} of ${details.mission_id} in ${details.repository}`],
    ["status", phase === status || phase === "held" ? statusText(status) : `${statusText(status)} (${phase})`],
    ["decision", decision],
    ["hold", hold === null ? null : `${hold.code}${hold.detail === null ? "" : ` (${hold.detail})`}`],
    ["continues", hold === null ? null : resumptionText(hold)],
    ...placeRows(details),
    ...pullRequestRows(details),
    ["risk", riskText({ ...details, level: null })],
    ["takes back", revertedText(details)],
    ["adds tests", details.missing_tests === undefined ? null : escapeLine(details.missing_tests, 300)],
    ["no draft", details.draft_skipped === null ? null : escapeLine(details.draft_skipped, 300)],
  ]);
  const reasons = details.reasons.map((reason) => `  ${escapeLine(reason, 300)}`);
  return [
    head,
    ...titled("why:", reasons),
    ...titled("what helps:", hold === null ? [] : [`  ${hold.help}`, `  aedev hold show ${hold.hold_id}`]),
    ...titled("to get the change:", landedLines(details)),
  ].join("\n");
}

/** Where the change lands or has landed. */
function placeRows({ lands, landed_commit, repository }: TaskDetails): [string, string | null][] {
  const where = lands === undefined ? null : landingPlaceText(lands, repository);
  if (landed_commit !== null) return [["landed", where === null ? landed_commit : `${landed_commit} on ${where}`]];
  return [
    ["would land", where === null ? null : `on ${where}`],
    ["pushing", lands?.may_push === false ? "not allowed there yet (aedev repo add --allow-writes)" : null],
  ];
}

/** The commands that bring a landed change into a person's clone; none if it is on the default branch. */
function landedLines({ lands, landed_commit }: TaskDetails): string[] {
  if (landed_commit === null || lands?.take_in == null) return [];
  return takeInLines(lands.take_in).map((line) => `  ${escapeLine(line, 500)}`);
}

/** Runs, verdicts, decisions and costs. */
function courseText(details: TaskReading): string {
  const { usage, used, earlier_verdicts_used: earlier } = details;
  const costs = pairs([
    ["coder", usageText(usage)],
    ["with judges", usedText(used)],
    ["cost", costText(used)],
    ["earlier verdicts", isAsked(earlier) ? `${usedText(earlier)}, ${costText(earlier)}` : null],
  ]);
  const outcomes = (details.outcomes ?? []).map((one) => `  ${localTime(one.at)}  ${one.outcome}: ${outcomeText(one)}`);
  const reverts = (details.reverted_by ?? []).map(
    ({ task_id, mission_id, cause, by, at }) =>
      `  ${localTime(at)}  ${task_id} of ${mission_id}, ${cause === "asked" ? `asked for by ${escapeLine(actorText(by), 80)}` : "because what was merged is not what was judged"}`,
  );
  return [
    ...titled("after it landed:", outcomes),
    ...titled("reverts:", reverts),
    ...titled("decisions:", (details.decisions ?? []).map(decisionLine)),
    ...titled("runs:", details.run_details.map(runLine)),
    ...titled(
      "verdicts:",
      details.verdicts.flatMap((verdict) => [verdictLine(verdict), ...judgeTriesLines(verdict)]),
    ),
    ...titled(
      "not in the diff:",
      (details.capture_notes ?? []).map((note) => `  ${escapeLine(note, 500)}`),
    ),
    ...titled(
      "used:",
      costs.split("\n").map((line) => `  ${line}`),
    ),
  ].join("\n");
}

function digestsText(details: TaskReading): string {
  const trees = details.run_details.flatMap(({ attempt, tree }) =>
    tree === null ? [] : [[`tree of run ${attempt}`, tree] as const],
  );
  return pairs([
    ["specification", details.spec_digest],
    ["change", details.change_digest],
    ["evidence", details.evidence_digest],
    ["base", details.base_commit],
    ...trees,
  ]);
}

/** The change that a revert takes back: the commit, its task and its subject. */
function revertedText({ reverts }: TaskDocument): string | null {
  if (reverts === undefined) return null;
  return `${reverts.commit.slice(0, 12)} of ${reverts.task_id}: ${escapeLine(reverts.subject, 120)}`;
}

/** One decision: when, what, who and by which channel. */
export function decisionLine({ what, at, ...decider }: DecisionDocument): string {
  return `  ${localTime(at)}  ${what} by ${escapeLine(deciderText(decider), 100)}`;
}

function pullRequestRows({ task_id, pull_request }: TaskDetails): [string, string | null][] {
  if (pull_request === null) return [];
  const { number, url, branch, waits_for, tree_differs, notes, reviewers, open_ends } = pull_request;
  return [
    ["pull request", number === null ? `not open yet, from ${branch}` : `#${number} ${url ?? ""}`],
    ...waits_for.map((what): [string, string] => ["waits for", what]),
    ["reviews", reviewers.length === 0 ? null : escapeLine(`requested from ${reviewers.join(", ")}`, 300)],
    ...notes.map((note): [string, string] => ["not done", escapeLine(note, 300)]),
    ...open_ends.map((what): [string, string] => ["open at GitHub", what]),
    [
      "warning",
      tree_differs
        ? `what was merged is not the tree that was judged; what was judged: aedev task diff ${task_id}`
        : null,
    ],
  ];
}

/** One judge's verdict, with the verdict of each of its two views if they differ, and whether it is reused. */
function verdictLine({
  family,
  model,
  verdict,
  detail,
  views,
  reused_from,
  used,
}: TaskReading["verdicts"][number]): string {
  const differ = new Set(views.map((view) => view.verdict)).size > 1;
  const differing = differ ? views.map((view) => `${view.view} ${view.verdict}`) : [];
  const before = reused_from === null ? [] : ["given before on the same change"];
  const why = [...(detail === null ? [] : [escapeLine(detail, 60)]), ...differing, ...before];
  const cost = isAsked(used) ? `  ${tokensText(used.tokens)}  ${costText(used)}` : "";
  return `  ${family} ${escapeLine(model, 60)}: ${verdict}${why.length === 0 ? "" : ` (${why.join("; ")})`}${cost}`;
}

/** False if no request was made. */
function isAsked({ requests, unfinished_requests, unknown }: UsageSum): boolean {
  return requests > 0 || unfinished_requests > 0 || unknown.length > 0;
}

type Run = TaskReading["run_details"][number];

/** One run: why it started, how it ended and what it cost. */
function runLine({ attempt, run_id, status, cause, outcome, usage, used }: Run): string {
  const why = [outcome?.code ?? null, outcome?.detail ?? null].filter((part) => part !== null);
  const end = outcome === null ? status : [outcome.answer, ...why.map((part) => escapeLine(part, 200))].join(" ");
  const parts = [
    `run ${attempt}`,
    run_id,
    runBegan(attempt, cause),
    end,
    tokensText(tokensOf(usage)),
    ...(isAsked(used) ? [costText(used)] : []),
  ];
  return `  ${parts.join("  ")}`;
}

/** Why a run was started. */
export function runBegan(attempt: number, cause: Run["cause"]): string {
  if (cause === null) return attempt === 1 ? "first run" : "again";
  return causes[cause];
}

const causes: Record<NonNullable<Run["cause"]>, string> = {
  checks: "after red checks",
  verdict: "after a failed verdict",
  stuck: "after a run that got stuck",
  timeout: "after a run that reached its time limit",
  "base-moved": "the branch moved",
  words: "sent back with instructions",
  answer: "question answered",
  tests: "to add tests",
  "independent-tests": "to write tests from the mission alone",
};
