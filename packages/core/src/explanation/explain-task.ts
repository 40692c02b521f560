/**
 * Explains a task from the state: what has happened to it and why, what it waits for, what comes next and when, and the commands that change that.
 *
 * Folder: what `aedev task explain` says of a task.
 */
import {
  actorText,
  branchName,
  counted,
  type HoldCode,
  type LandingPlace,
  landingPlaceText,
  reasonText,
  resumptionText,
} from "@aedev/contracts";
import type { TaskExplanation } from "@aedev/contracts/api";
import { openEnds } from "../landing/upkeep.ts";
import { openHolds } from "../mission/status-summary.ts";
import { reasonsToAsk, runOfChange } from "../model/fallback-change.ts";
import type { RunState } from "../model/run-state.ts";
import { entityById, type State, type TaskState } from "../model/state.ts";
import { type Schedule, waitingTask } from "../schedule/waiting.ts";
import { watchedLandings } from "../task/outcomes.ts";
import { type HoldBounds, timesOutAt } from "../task/pending-holds.ts";
import { nextProbe, type ProbePauses } from "./next-probe.ts";
import { type TaskHistory, verdictKey } from "./task-history.ts";

type Outlook = Pick<TaskExplanation, "waits_for" | "next" | "next_at" | "commands">;
export interface ExplainOptions {
  readonly now: string;
  readonly schedule: Schedule;
  /** The policy's time limit of holds; undefined: the policy can't be read. */
  readonly holds: HoldBounds | undefined;
  readonly history: TaskHistory;
  /** Where its change lands or has landed; undefined: not known. */
  readonly lands?: LandingPlace | undefined;
  /** The pauses between probes for a hold of this code; undefined: not known. */
  readonly probePauses?: ((code: HoldCode) => ProbePauses) | undefined;
}

/** The whole explanation; `schedule`: how this machine runs missions. */
export function explainTask(state: State, task: TaskState, options: ExplainOptions): TaskExplanation {
  const { task_id, mission_id, repository, status, hold } = task;
  return {
    ...{ task_id, mission_id, repository, phase: status },
    title: entityById(state.missions, mission_id)?.title ?? "",
    since: hold?.held_at ?? task.changed_at,
    story: inOrder(storyOf(task, options)),
    ...outlookOf(state, task, options),
  };
}

const causeTexts: Record<NonNullable<RunState["cause"]>, string> = {
  checks: "because the checks of the run before were red",
  verdict: "because a judge failed the change of the run before",
  stuck: "because the run before no longer got on",
  timeout: "because the run before reached its time limit",
  "base-moved": "because the branch moved in the files of the change",
  words: "because somebody sent the change back with instructions",
  answer: "because a question was answered",
  tests: "to add the tests that the change of the run before lacked, or to correct it",
  "independent-tests": "to write tests from the mission alone before the change of the run before merges",
};

type Story = TaskExplanation["story"];

/** Sorts the entries by their instants. An entry without one stays behind the entry before it. */
function inOrder(story: Story): Story {
  let last = "";
  const keyed = story.map((line) => {
    last = line.at ?? last;
    return { key: last, line };
  });
  return keyed
    .toSorted((one, other) => (one.key < other.key ? -1 : Number(one.key > other.key)))
    .map(({ line }) => line);
}

function storyOf(task: TaskState, { history, lands }: Pick<ExplainOptions, "history" | "lands">): Story {
  const { runs, evidence, verdicts, gate, approval, hold, landed_commit } = task;
  const runStories = runs.flatMap((run) => {
    const { attempt, cause, continues, started_at } = run;
    const why = cause === null ? (attempt === 1 ? "" : ", after the hold of the run before") : `, ${causeTexts[cause]}`;
    const start = { at: started_at, text: `run ${attempt} started${why}${fromText(continues)}` };
    const isDecided = gate !== null && run === runOfChange(task);
    return [start, ...runEndStory(run, { history, isDecided })];
  });
  const judged = verdicts.map((verdict) => ({
    at: history.verdicts.get(verdictKey(verdict)) ?? null,
    text: `judge ${verdict.family}: ${verdict.verdict}`,
  }));
  const sealedAt = evidence === null ? null : (history.sealings.get(evidence.bundle.digest) ?? null);
  const decided =
    gate === null
      ? []
      : [
          { at: gate.at ?? null, text: `the gate answered ${gate.answer}` },
          ...reasonsToAsk(task).map((reason) => ({ at: null, text: `  because ${reasonText(reason)}` })),
        ];
  const approved =
    approval === null ? [] : [{ at: approval.at ?? null, text: `approved by ${actorText(approval.by)}` }];
  return [
    { at: task.planned_at, text: "planned, from a specification that was approved" },
    ...runStories,
    ...(evidence === null ? [] : [{ at: sealedAt, text: `evidence sealed, checks ${evidence.checks_status}` }]),
    ...judged,
    ...decided,
    ...approved,
    ...landingStory(task, lands),
    ...history.holds.flatMap(({ held_at, code, detail, ended_at, how }) => [
      { at: held_at, text: `held: ${code}${detail === null ? "" : `, ${detail}`}` },
      { at: ended_at, text: `${code} ${how}` },
    ]),
    ...(hold === null
      ? []
      : [{ at: hold.held_at, text: `held: ${hold.code}${hold.detail === null ? "" : `, ${hold.detail}`}` }]),
    ...(landed_commit === null
      ? []
      : [{ at: task.changed_at, text: `landed as ${landed_commit}${onPlace(task, lands)}` }]),
    ...(task.outcomes ?? []).map(({ at, outcome }) => ({ at, text: `seen after it landed: ${outcome}` })),
  ];
}

/** When the run's coder ended, and the run's outcome. `isDecided`: the gate has its own lines about the outcome. */
function runEndStory(
  { run_id, attempt, tree, outcome }: RunState,
  { history, isDecided }: { history: TaskHistory; isDecided: boolean },
): Story {
  const [endedAt, settledAt] = [history.runEnds.get(run_id) ?? null, history.outcomes.get(run_id) ?? null];
  const end = outcome === null ? null : endOf(outcome);
  if (endedAt === null || endedAt === settledAt)
    return end === null ? [] : [{ at: endedAt ?? settledAt, text: `run ${attempt} ended: ${end}` }];
  return [
    { at: endedAt, text: `run ${attempt} ended${tree === null ? " without a change" : ": it wrote a change"}` },
    ...(end === null || isDecided ? [] : [{ at: settledAt, text: `what came of run ${attempt}: ${end}` }]),
  ];
}

function landingStory(task: TaskState, lands: LandingPlace | undefined): TaskExplanation["story"] {
  const { landing, landings, approval, pull_request } = task;
  if (landing === null) return [];
  const number = pull_request?.number ?? null;
  if (landing.draft === true && approval === null)
    return number === null ? [] : [{ at: null, text: `is open as draft pull request #${number}` }];
  const where = lands === undefined ? ` on ${branchName(landing.ref)}` : onPlace(task, lands);
  const as = number === null ? "" : ` as pull request #${number}`;
  return [{ at: null, text: `landing started${where}${as} (${counted(landings, "time")})` }];
}

/** Empty if the place is not known. */
function onPlace({ repository }: TaskState, lands: LandingPlace | undefined): string {
  return lands === undefined ? "" : ` on ${landingPlaceText(lands, repository)}`;
}

/** What a run continues from after an interrupted run. */
function fromText(continues: RunState["continues"]): string {
  if (continues === undefined) return "";
  const words = continues.session === undefined ? "" : " and in its conversation";
  if (continues.patch !== null) return `, from what the run before wrote${words}`;
  return `, from the base${words}: ${continues.from_base ?? ""}`;
}

function endOf({ answer, code, detail }: NonNullable<RunState["outcome"]>): string {
  return [code ?? answer, detail].filter((part) => part !== null).join(", ");
}

function outlookOf(state: State, task: TaskState, options: ExplainOptions): Outlook {
  const { now, schedule, holds, probePauses, lands } = options;
  const where = onPlace(task, lands);
  const { task_id, status } = task;
  const waits = waitingTask(state, task, schedule);
  const waits_for = waits.map(({ text }) => text);
  const helps = waits.flatMap(({ help }) => help ?? []);
  const cancel = `aedev task cancel ${task_id}`;
  switch (status) {
    case "planned":
    case "running":
    case "captured":
    case "checked":
    case "judging":
    case "judged":
    case "landing":
      return {
        waits_for,
        next: status === "landing" ? `${nexts.landing}${where}` : nexts[status],
        next_at: null,
        commands: [...helps, cancel],
      };
    case "asked":
      return {
        waits_for: ["a person's decision about the change"],
        next: `without an answer, nothing happens to it; once it is approved, the change lands${where}`,
        next_at: null,
        commands: ["approve", "send-back", "reject"].map((verb) => `aedev task ${verb} ${task_id}`),
      };
    case "held": {
      // Another thing that the task waits for keeps the hold from being probed.
      const probe = waits.length > 0 ? null : nextProbe(state, task, { now, probePauses });
      return heldOutlook(state, task, { holds, waits_for, probe });
    }
    case "landed":
      return landedOutlook(state, task, { now, lands });
    case "rejected":
    case "cancelled": {
      const open = openEnds(state, task);
      const next = open.length === 0 ? "nothing: it has ended" : `at GitHub, ${open.join("; ")}`;
      const commands = status === "rejected" ? [`aedev task retry ${task_id}`] : [];
      return { waits_for: [], next, next_at: null, commands };
    }
  }
}

const nexts = {
  planned: "a run: the coder writes the change in a sandbox",
  running: "when the coder has finished, its files are captured and the checks run",
  captured: "when the checks have run, the evidence is sealed",
  checked: "the evidence is sealed, then the judges read it",
  judging: "when the judges have answered, the gate decides",
  judged: "the gate decides: merge, ask or hold",
  landing: "when nothing is waited for any more, the change lands",
} as const;

function heldOutlook(
  state: State,
  task: TaskState,
  {
    holds: bounds,
    waits_for: others,
    probe,
  }: { holds: HoldBounds | undefined; waits_for: string[]; probe: ReturnType<typeof nextProbe> },
): Outlook {
  const hold = openHolds(state).find(({ task_id }) => task_id === task.task_id);
  if (hold === undefined) return { waits_for: [], next: "nothing", next_at: null, commands: [] };
  const { code, resumes, resumes_at, help } = hold;
  if (resumes === "never") {
    const at = task.hold === null ? null : timesOutAt(task.hold, bounds);
    const waits_for = [
      code === "HOLD-QUESTION"
        ? task.hold?.tests === undefined
          ? "your answer to the coder's question"
          : "your answer whether tests that the request breaks may change"
        : `a person, because of ${code}`,
    ];
    if (at === null) return { waits_for, next: "nothing, until a person acts", next_at: null, commands: [help] };
    const then = bounds?.onTimeout === "reject" ? "the change is given up" : "one more message asks about it";
    return { waits_for, next: `unless a person acts, ${then}`, next_at: at, commands: [help] };
  }
  const continues = `the task continues ${resumptionText({ resumes, resumes_at: null })}`;
  const due = probe?.within == null ? "by" : `within ${probe.within}`;
  const probed = probe === null ? continues : `${continues}; while the daemon runs, the next probe is due ${due}`;
  return {
    waits_for: [`the end of ${code}`, ...others],
    next: resumes_at === null ? probed : "the task continues automatically",
    next_at: resumes_at ?? probe?.at ?? null,
    commands: [help],
  };
}

function landedOutlook(
  { repositories }: State,
  task: TaskState,
  { now, lands }: Pick<ExplainOptions, "now" | "lands">,
): Outlook {
  const repository = entityById(repositories, task.repository);
  const watched = repository === undefined ? [] : watchedLandings(repository, now);
  const until = watched.find(({ task_id }) => task_id === task.task_id)?.until ?? null;
  return {
    waits_for: [],
    next:
      lands?.take_in != null
        ? "nothing merges its branch for you; it is in no other change's base until you do"
        : until === null
          ? "nothing: it has landed"
          : "it is watched until then: reverts, red checks, changes of its lines",
    next_at: until,
    commands: [...(lands?.take_in == null ? [] : [lands.take_in]), `aedev task outcome ${task.task_id} good|bad`],
  };
}
