/**
 * A task as a document, and as a person reads it in the terminal.
 *
 * Folder: documents as a person reads them in the terminal.
 */
import {
  actorText,
  branchName,
  costText,
  counted,
  deciderText,
  escapeLine,
  landingPlaceText,
  resumptionText,
  riskText,
  statusText,
  tokensOf,
  usedText,
} from "@aedev/contracts";
import type { DecisionDocument, TaskDetails, TaskDocument, UsageSum } from "@aedev/contracts/api";
import { outcomeText } from "@aedev/contracts/events";
import type { TaskReading } from "@aedev/daemon";
import { pairs, titled } from "./columns.ts";
import { judgeTriesLines } from "./judge-tries-text.ts";
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

export function taskText(details: TaskReading): string {
  const { usage, used, hold, earlier_verdicts_used: earlier } = details;
  const head = pairs([
    ["task", details.task_id],
    ["mission", details.mission_id],
    ["repository", details.repository],
    [
      "status",
      details.phase === details.status || details.phase === "held"
        ? statusText(details.status)
        : `${statusText(details.status)} (${details.phase})`,
    ],
    ["decision", details.decision],
    ["hold", hold === null ? null : `${hold.hold_id} ${hold.code}${hold.detail === null ? "" : ` ${hold.detail}`}`],
    ["continues", hold === null ? null : resumptionText(hold)],
    ["help", hold?.help ?? (details.status === "asked" ? `aedev task approve ${details.task_id}` : null)],
    ["risk", riskText({ ...details, level: null })],
    ["adds tests", details.missing_tests === undefined ? null : escapeLine(details.missing_tests, 300)],
    ["takes back", revertedText(details)],
    ["specification", details.spec_digest],
    ["change", details.change_digest],
    ["evidence", details.evidence_digest],
    ["base", details.base_commit],
    ...pullRequestRows(details),
    ["no draft", details.draft_skipped === null ? null : escapeLine(details.draft_skipped, 300)],
    ...placeRows(details),
    ["coder", usageText(usage)],
    ["with judges", usedText(used)],
    ["cost", costText(used)],
    ["earlier verdicts", isAsked(earlier) ? `${usedText(earlier)}, ${costText(earlier)}` : null],
  ]);
  const runs = details.run_details.map(runLine);
  const verdicts = details.verdicts.flatMap((verdict) => [verdictLine(verdict), ...judgeTriesLines(verdict)]);
  const reasons = details.reasons.map((reason) => `  ${escapeLine(reason, 300)}`);
  const outcomes = (details.outcomes ?? []).map(
    (one) => `  ${one.at.slice(0, 16)}Z  ${one.outcome}: ${outcomeText(one)}`,
  );
  const reverts = (details.reverted_by ?? []).map(
    ({ task_id, mission_id, cause, by, at }) =>
      `  ${at.slice(0, 16)}Z  ${task_id} of ${mission_id}, ${cause === "asked" ? `asked for by ${escapeLine(actorText(by), 80)}` : "because what was merged is not what was judged"}`,
  );
  const decisions = (details.decisions ?? []).map(decisionLine);
  const parts = [
    ...titled("after it landed:", outcomes),
    ...titled("reverts:", reverts),
    ...titled("decisions:", decisions),
    ...titled("runs:", runs),
    ...titled("verdicts:", verdicts),
    ...titled("reasons:", reasons),
    ...titled(
      "not in the diff:",
      (details.capture_notes ?? []).map((note) => `  ${escapeLine(note, 500)}`),
    ),
  ];
  return [head, ...parts].join("\n");
}

/** Where the change lands or has landed, and how a person merges it. */
function placeRows({ lands, landed_commit, repository }: TaskDetails): [string, string | null][] {
  const where = lands === undefined ? null : landingPlaceText(lands, repository);
  if (landed_commit === null)
    return [
      ["would land", where === null ? null : `on ${where}`],
      ["pushing", lands?.may_push === false ? `not allowed there yet: aedev repo add --allow-writes` : null],
    ];
  return [
    ["landed", where === null ? landed_commit : `${landed_commit} on ${where}`],
    ["take it in", lands?.take_in == null ? null : escapeLine(lands.take_in, 500)],
  ];
}

/** The change that a revert takes back: the commit, its task and its subject. */
function revertedText({ reverts }: TaskDocument): string | null {
  if (reverts === undefined) return null;
  return `${reverts.commit.slice(0, 12)} of ${reverts.task_id}: ${escapeLine(reverts.subject, 120)}`;
}

/** One decision: when, what, who and by which channel. */
export function decisionLine({ what, at, ...decider }: DecisionDocument): string {
  return `  ${at}  ${what} by ${escapeLine(deciderText(decider), 100)}`;
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
  const cost = isAsked(used) ? `  ${counted(used.tokens, "token")}  ${costText(used)}` : "";
  return `  ${family} ${escapeLine(model, 60)}: ${verdict}${why.length === 0 ? "" : ` (${why.join("; ")})`}${cost}`;
}

/** False if no request was made. */
function isAsked({ requests, unfinished_requests, unknown }: UsageSum): boolean {
  return requests > 0 || unfinished_requests > 0 || unknown.length > 0;
}

type Run = TaskReading["run_details"][number];

/** One run: why it started, how it ended and what it cost. */
function runLine({ attempt, run_id, status, cause, outcome, tree, usage, used }: Run): string {
  const why = [outcome?.code ?? null, outcome?.detail ?? null].filter((part) => part !== null);
  const end = outcome === null ? status : [outcome.answer, ...why.map((part) => escapeLine(part, 200))].join(" ");
  const parts = [
    `run ${attempt}`,
    run_id,
    runBegan(attempt, cause),
    end,
    counted(tokensOf(usage), "token"),
    ...(isAsked(used) ? [costText(used)] : []),
  ];
  return `  ${[...parts, ...(tree === null ? [] : [`tree ${tree}`])].join("  ")}`;
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
