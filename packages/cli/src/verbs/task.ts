/** `aedev task`: lists tasks, explains them and decides about their changes. */

import { resolve } from "node:path";
import { counted, escapeLine, Fault, statusText } from "@aedev/contracts";
import type { TaskReading } from "@aedev/daemon";
import { done, refused, usageFault } from "../command-line/answer.ts";
import { isNarrowed, nextPageText, pageOptions, pageQueryOf } from "../command-line/page-options.ts";
import type { Verb } from "../command-line/verb.ts";
import { change, changeVerb } from "../daemon-client/changes.ts";
import { requireHome } from "../daemon-client/home.ts";
import { readHome } from "../daemon-client/read-home.ts";
import { changeText } from "../render/change-text.ts";
import { columns } from "../render/columns.ts";
import { diffText } from "../render/diff-text.ts";
import { explanationText } from "../render/explanation-text.ts";
import { jsonText } from "../render/json-text.ts";
import { onApproveText } from "../render/on-approve-text.ts";
import { taskText } from "../render/task-text.ts";
import { wantsColour } from "../terminal/colour.ts";
import { canAsk, drawOn, type Session } from "../terminal/session.ts";
import { isYes } from "../terminal/yes.ts";

import { logsVerb } from "./task-logs.ts";
import { replayVerb } from "./task-replay.ts";

const listVerb: Verb = {
  summary: "List the newest tasks, the newest last; --after goes back in time.",
  options: pageOptions,
  examples: ["aedev task list", "aedev task list --status held --since 2026-01-31 --json"],
  async run(session, input) {
    const query = pageQueryOf(input, "task list");
    const { tasks, next } = await readHome(session, (home) => home.tasks(query));
    const rows = tasks.map(({ task_id, mission_id, status, decision, hold_code }) => [
      task_id,
      mission_id,
      statusText(status),
      decision,
      hold_code,
    ]);
    return done(
      { tasks, next },
      columns(
        ["TASK", "MISSION", "STATUS", "DECISION", "HOLD"],
        rows,
        isNarrowed(query) ? "no task matches" : "no tasks yet: a mission's task is planned when you approve it",
      ) + nextPageText("task list", next),
    );
  },
};

const showVerb: Verb = {
  summary:
    "Show a task: the decision with its reason and what to do, the change, criteria with their proof, runs, verdicts, digests.",
  arguments: [{ name: "<task>", summary: "its id" }],
  examples: ["aedev task show t-0123456789abcdef", "aedev task show t-0123456789abcdef --json"],
  async run(session, input) {
    const details = await readHome(session, (home) => home.task(input.argument(0)));
    const change = details.evidence_digest === null ? "" : await judgedChange(session, details);
    const decisions = details.status === "asked" ? await decisionsText(session, details.task_id) : "";
    return done(details, taskText(details, { change, decisions }));
  },
};

const explainVerb: Verb = {
  summary:
    "Explain a task: what has happened and why, what it waits for, what comes next and when, which commands change that.",
  arguments: [{ name: "<task>", summary: "its id" }],
  examples: ["aedev task explain t-0123456789abcdef", "aedev task explain t-0123456789abcdef --json"],
  async run(session, input) {
    const explanation = await readHome(session, (home) => home.explanation(input.argument(0)));
    return done(explanation, explanationText(explanation, session.terminal.sizeOf?.("output")?.columns));
  },
};

const diffVerb: Verb = {
  summary: "Show a task's change as a diff.",
  arguments: [{ name: "<task>", summary: "its id" }],
  options: [{ flags: "--no-pager", summary: "print it without a pager" }],
  examples: ["aedev task diff t-0123456789abcdef", "aedev task diff t-0123456789abcdef --no-pager | git apply --check"],
  async run(session, input) {
    const { home, terminal } = session;
    const { task_id: taskId } = await readHome(session, (reader) => reader.task(input.argument(0)));
    const { entries } = await (await session.entries.daemon()).evidenceOf({ home, taskId });
    const patch = entries["patch"];
    if (typeof patch !== "string")
      return refused("unknown-entry", `the evidence of ${taskId} has no patch`, `aedev evidence show ${taskId}`);
    if (session.json) {
      terminal.write(jsonText({ task_id: taskId, patch }));
      return { kind: "streamed" };
    }
    // Piped output is the patch itself, so that it can be applied; on a screen nothing may hide.
    if (terminal.sizeOf?.("output") === undefined) (terminal.pipe ?? terminal.write)(patch);
    else await showOnScreen(session, patch, input.choice("pager") !== false);
    return { kind: "streamed" };
  },
};

/** Shows a task's diff to a person at a terminal. */
async function showDiff(session: Session, taskId: string): Promise<void> {
  const { entries } = await (await session.entries.daemon()).evidenceOf({ home: session.home, taskId });
  await showOnScreen(session, String(entries["patch"] ?? ""), true);
}

async function showOnScreen({ terminal, environment }: Session, patch: string, inPager: boolean): Promise<void> {
  const text = diffText(patch, wantsColour(environment, true));
  if (terminal.page === undefined || !inPager) drawOn(terminal, text);
  else await terminal.page(text);
}

/** The request, the changed files, criteria and tests, as text. Throws a Fault `no-evidence`. */
async function judgedChange(
  { home, entries }: Session,
  { task_id: taskId, criteria_judged }: TaskReading,
): Promise<string> {
  return changeText((await (await entries.daemon()).evidenceOf({ home, taskId })).entries, criteria_judged);
}

/** What approving, sending back and rejecting do, as text. */
async function decisionsText({ home, environment, entries }: Session, taskId: string): Promise<string> {
  return onApproveText(taskId, await (await entries.daemon()).onApprove({ home, environment, taskId }));
}

const approveVerb: Verb = {
  summary: "Approve a change for landing; prints the change digest that the approval binds to.",
  arguments: [{ name: "<task>", summary: "its id" }],
  options: [
    { flags: "--digest <digest>", summary: "approve only if the change has this digest" },
    { flags: "--yes", summary: "ask nothing" },
  ],
  examples: ["aedev task approve t-0123456789abcdef", "aedev task approve t-0123456789abcdef --digest DIGEST"],
  async run(session, input) {
    const id = input.argument(0);
    // At a terminal the change is shown first, and exactly the shown change is approved.
    const seen = canAsk(session) && !input.flag("yes") ? await review(session, id) : { digest: undefined };
    if (seen === "unseen")
      return refused("not-asked", `task ${id} has no judged change that could be approved`, `aedev task show ${id}`);
    if (seen === "declined") return refused("failed", "nothing was approved", `aedev task diff ${id}`);
    return change(session, "approveTask", {
      input: { params: { id }, body: { digest: input.text("digest") ?? seen.digest } },
      text: ({ task_id, change_digest }) =>
        `${task_id} approved, change ${change_digest ?? "-"}\nnext: aedev task show ${task_id}`,
    });
  },
};

/** Shows the change with the gate's reasons and asks. Only a change that was shown is approved. */
async function review(session: Session, id: string): Promise<"declined" | "unseen" | { digest: string }> {
  const { terminal } = session;
  const details = await readHome(session, (home) => home.task(id));
  if (details.evidence_digest === null || details.change_digest === null) return "unseen";
  const reasons = details.reasons.map((reason) => `  ${escapeLine(reason, 300)}`);
  const why = reasons.length === 0 ? [] : ["", "you are asked because:", ...reasons];
  const lines = [await judgedChange(session, details), ...why, "", await decisionsText(session, id)];
  terminal.complain(`${lines.join("\n")}\n\n`);
  const answer = await terminal.ask("Approve exactly this change? [y/N, d shows the diff] ");
  if (/^\s*d(?:iff)?\s*$/i.test(answer)) {
    await showDiff(session, id);
    return isYes(await terminal.ask("Approve exactly this change? [y/N] "))
      ? { digest: details.change_digest }
      : "declined";
  }
  return isYes(answer) ? { digest: details.change_digest } : "declined";
}

const sendBackVerb = changeVerb("sendBackTask", {
  summary: "Send back a change that needs approval or is held: a next run starts with your instructions.",
  arguments: [{ name: "<task>", summary: "its id" }],
  options: [
    { flags: "--reason <text>", summary: "what to change; the next run reads it in its specification", required: true },
  ],
  examples: ['aedev task send-back t-0123456789abcdef --reason "use the existing helper"'],
  input: (input) => ({ params: { id: input.argument(0) }, body: { reason: input.text("reason") ?? "" } }),
  text: ({ task_id, spec_digest }) =>
    `${task_id} sent back, specification ${spec_digest}\nnext: aedev task logs ${task_id} --follow`,
});

const rejectVerb = changeVerb("rejectTask", {
  summary: "Reject a change that needs approval or is held; its task ends. For another change: task send-back.",
  arguments: [{ name: "<task>", summary: "its id" }],
  options: [{ flags: "--reason <text>", summary: "why, for the log and for its pull request if one is open" }],
  examples: [
    "aedev task reject t-0123456789abcdef",
    'aedev task reject t-0123456789abcdef --reason "not this quarter"',
  ],
  input: (input) => ({ params: { id: input.argument(0) }, body: { reason: input.text("reason") } }),
  text: ({ task_id, status, change_digest }) =>
    `${task_id} ${status}${change_digest === null ? "" : `, change ${change_digest}`}; the task has ended`,
});

const cancelVerb = changeVerb("cancelTask", {
  summary: "Cancel a task; its run is stopped and its pull request closed.",
  arguments: [{ name: "<task>", summary: "its id" }],
  examples: ["aedev task cancel t-0123456789abcdef"],
  input: (input) => ({ params: { id: input.argument(0) }, body: {} }),
  text: ({ task_id, status }) => `${task_id} ${status}`,
});

const sayVerb = changeVerb("tellTask", {
  summary: "Say something to a task's coder: it reads it at its next turn, or when its next run starts.",
  arguments: [
    { name: "<task>", summary: "its id" },
    { name: "<text>", summary: "what it should know; it changes neither mission nor criteria" },
  ],
  examples: ['aedev task say t-0123456789abcdef "use the existing parser"'],
  input: (input) => ({ params: { id: input.argument(0) }, body: { text: input.argument(1) } }),
  text: ({ task_id, status }) =>
    `${task_id} is ${statusText(status)}; its coder reads it ${status === "running" ? "at its next turn" : "when its next run starts"}\nnext: aedev task logs ${task_id} --follow`,
});

const retryVerb = changeVerb("retryTask", {
  summary: "Start a new run of a task that is held, rejected or needs approval.",
  arguments: [{ name: "<task>", summary: "its id" }],
  examples: ["aedev task retry t-0123456789abcdef"],
  input: (input) => ({ params: { id: input.argument(0) }, body: {} }),
  text: ({ task_id, status }) => `${task_id} ${status}\nnext: aedev task logs ${task_id} --follow`,
});

const outcomeVerb = changeVerb("judgeTaskOutcome", {
  summary: "Say how a landed change turned out: good or bad. The newest word counts.",
  arguments: [
    { name: "<task>", summary: "its id" },
    { name: "<outcome>", summary: "good or bad" },
  ],
  options: [{ flags: "--why <text>", summary: "the reason, for the log" }],
  examples: [
    "aedev task outcome t-0123456789abcdef good",
    'aedev task outcome t-0123456789abcdef bad --why "the report is empty since"',
  ],
  input: (input) => ({
    params: { id: input.argument(0) },
    body: { outcome: outcomeOf(input.argument(1)), why: input.text("why") },
  }),
  text: ({ task_id, outcomes = [] }) => `${task_id} ${outcomes.at(-1)?.outcome ?? "recorded"}`,
});

function outcomeOf(word: string): "good" | "bad" {
  if (word === "good" || word === "bad") return word;
  throw usageFault(`an outcome is good or bad, not ${JSON.stringify(word)}`, "aedev task outcome --help");
}

const revertVerb: Verb = {
  summary:
    "Prepare the inverse of a landed change. It is checked and judged like every change, and you are asked before it lands.",
  arguments: [{ name: "<task>", summary: "the id of the task that landed" }],
  options: [{ flags: "--yes", summary: "ask nothing" }],
  examples: ["aedev task revert t-0123456789abcdef", "aedev task revert t-0123456789abcdef --yes"],
  async run(session, input) {
    const id = input.argument(0);
    if (canAsk(session) && !input.flag("yes") && !(await isWanted(session, id)))
      return refused("failed", "nothing was prepared", `aedev task show ${id}`);
    return change(session, "revertTask", {
      input: { params: { id } },
      text: ({ task_id, mission_id, reverts, status }) =>
        `${task_id} of mission ${mission_id} takes back ${reverts?.commit ?? "-"} of ${reverts?.task_id ?? id} (${status})\nnext: aedev task show ${task_id}`,
    });
  },
};

async function isWanted(session: Session, id: string): Promise<boolean> {
  const { landed_commit, repository, left_on } = await readHome(session, (home) => home.task(id));
  // A change on its own branch may not be merged anywhere, and a change that has not landed is refused. The daemon checks that, and says what helps.
  if (left_on !== undefined || landed_commit === null) return true;
  const what = escapeLine(`commit ${landed_commit.slice(0, 12)} in ${repository}`, 120);
  return isYes(await session.terminal.ask(`Prepare to take back ${what}? [y/N] `));
}

const salvageVerb: Verb = {
  summary:
    "Write what a run of a task left to a new folder, as a patch and as files, or to a branch of your repository. This copy is not checked or judged. Without --to and --branch: list what is kept.",
  arguments: [{ name: "<task>", summary: "its id" }],
  options: [
    { flags: "--to <dir>", summary: "folder to make; it gets change.patch, and tree/ with every file" },
    {
      flags: "--branch",
      summary:
        "make a branch <task>-salvaged (aedev/… unless the repository has another prefix) in the repository of this folder, which has to have the base",
    },
    {
      flags: "--run <run>",
      summary: "the run (default: the run of the task's current change; if it wrote nothing, the last run that did)",
    },
  ],
  examples: [
    "aedev task salvage t-0123456789abcdef",
    "aedev task salvage t-0123456789abcdef --to ./salvaged",
    "aedev task salvage t-0123456789abcdef --branch",
    "aedev task salvage t-0123456789abcdef --run r-0123456789abcdef --to ./salvaged",
  ],
  async run(session, input) {
    const { home, entries } = session;
    requireHome(home);
    const taskId = input.argument(0);
    const daemon = await entries.daemon();
    const [to, runId] = [input.text("to"), input.text("run")];
    const ofRun = runId === undefined ? {} : { runId };
    if (input.flag("branch")) {
      if (to !== undefined)
        throw new Fault("usage", "give --to or --branch, not both", { hint: "aedev task salvage --help" });
      const at = new Date().toISOString();
      const made = await daemon.salvageBranch({ home, taskId, folder: process.cwd(), at, ...ofRun });
      const text = [
        `branch ${made.branch}: what run ${made.run_id} wrote on ${made.base_commit}; nothing checked or judged it, so read it before you run any of it`,
        `next: git show ${made.branch}`,
      ];
      return done({ task_id: taskId, ...made }, text.join("\n"));
    }
    if (to === undefined) {
      const kept = await daemon.keptWork({ home, taskId });
      const lines = kept.map(
        ({ run_id, attempt, base_commit, patch_bytes, code }) =>
          `run ${attempt} ${run_id}: ${counted(patch_bytes, "byte")} of patch on ${base_commit.slice(0, 12)}${code === null ? "" : `, ended with ${code}`}`,
      );
      const next = `next: aedev task salvage ${taskId} --to ./${taskId}`;
      const text = kept.length === 0 ? `no run of ${taskId} wrote anything that is kept` : [...lines, next].join("\n");
      return done({ task_id: taskId, kept }, text);
    }
    const folder = resolve(to);
    const salvaged = await daemon.salvageWork({ home, taskId, to: folder, ...ofRun });
    const { run_id, base_commit, no_tree } = salvaged;
    const text = [
      `${folder}: what run ${run_id} wrote on ${base_commit}; nothing checked or judged this copy, so read it before you use or run any of it`,
      no_tree === null
        ? "change.patch and tree/; a symbolic link is a file there with its target as text"
        : `change.patch; no tree/: ${no_tree}`,
      `next, in a working copy: aedev task salvage ${taskId} --branch`,
    ];
    return done({ task_id: taskId, folder, ...salvaged }, text.join("\n"));
  },
};

export const verbs = {
  list: listVerb,
  show: showVerb,
  diff: diffVerb,
  logs: logsVerb,
  say: sayVerb,
  approve: approveVerb,
  "send-back": sendBackVerb,
  reject: rejectVerb,
  explain: explainVerb,
  revert: revertVerb,
  outcome: outcomeVerb,
  retry: retryVerb,
  cancel: cancelVerb,
  replay: replayVerb,
  salvage: salvageVerb,
};
