/**
 * Reads a home as the documents that clients show, the same with the daemon up and down. It changes nothing.
 * Folder: reading a home and its log, with the daemon up or down.
 */
import { Fault, reasonText } from "@aedev/contracts";
import type {
  DraftDocument,
  JudgeReport,
  OpenPageQuery,
  OperatorDocument,
  PageQuery,
  QueueDocument,
  RepositoryDocument,
  StatusSummary,
  TaskDetails,
  TaskExplanation,
  UntrustedLog,
  UsageReport,
  UsageSum,
  WaitingMission,
} from "@aedev/contracts/api";
import type { GateDecision } from "@aedev/contracts/events";
import type { JudgeSetup } from "@aedev/core";
import {
  draftDocument,
  entityById,
  explainTask,
  type HoldBounds,
  knownActor,
  laneDocuments,
  type MachineFacts,
  type MissionState,
  missionDocument,
  type ObservedFacts,
  openHolds,
  operatorDocument,
  operatorsOf,
  queueDocument,
  registrationDocument,
  type SignalFacts,
  type State,
  statusSummary,
  type TaskState,
  taskDetails,
  taskHistory,
  type UsageGrouping,
} from "@aedev/core/reading";
import { probePauses } from "../control/work-kinds.ts";
import type { BudgetRow } from "./budget-rows.ts";
import { type HoldReading, holdReading } from "./hold-reading.ts";
import { type JudgedCriterion, judgedCriteria } from "./judged-criteria.ts";
import type { LandingRules } from "./on-approve.ts";
import { type OfflineHome, taskWithState } from "./open-offline.ts";
import type { HoldPage, TaskPage } from "./pages.ts";
import { type RecordedRun, recordedRunOf } from "./recorded-run.ts";
import { sealedRunOf } from "./sealed-run.ts";
import { readSignalFacts } from "./signal-facts.ts";
import { type UsageConfiguration, usageReadings } from "./usage-readings.ts";
import { type ReadSchedule, scheduleOrNone, waitingMissions } from "./waiting-missions.ts";

/** The configuration that some documents need; it is read only for those. */
export interface HomeConfiguration extends UsageConfiguration {
  readonly schedule: ReadSchedule;
  readonly judgeSetup: () => Promise<JudgeSetup>;
  readonly unreadFiles: () => Promise<readonly string[]>;
  /** Throws a Fault if the file was not written by aedev. */
  readonly observed: () => Promise<ObservedFacts>;
  readonly machine: () => Promise<MachineFacts | null>;
  /** Undefined if the policy can't be read. */
  readonly holdBounds: () => Promise<HoldBounds | undefined>;
  /** Undefined if the configuration can't be read. */
  readonly landingRules: () => Promise<LandingRules | undefined>;
}
/** A mission that waits for its turn. `help`: the command that ends the wait, if any. */
export interface QueuedMission {
  readonly mission_id: string;
  readonly title: string;
  readonly waits_for: readonly string[];
  readonly help: string | null;
}
/** What is happening, what waits for a person, and what waits for its turn. */
export interface HomeStatus extends StatusSummary {
  /** Null while the log is trusted. */
  readonly untrusted: UntrustedLog | null;
  readonly queued: readonly QueuedMission[];
  /** What was used since midnight by this machine's clock. */
  readonly today: UsageSum;
}
/** A mission with everything that a person may want to know about it. */
export interface MissionReading
  extends Pick<
    MissionState,
    "repository" | "priority" | "after" | "submitted_at" | "way" | "clarity" | "criteria" | "answers" | "decisions"
  > {
  /** Who submitted it: an operator's name, if aedev knows one for the login at GitHub. */
  readonly author: string;
  readonly document: WaitingMission;
  /** The branch from which it starts, with `refs/heads/`; undefined: not fixed. */
  readonly base?: string | undefined;
  /** The mission's last draft; undefined if nobody asked for one. */
  readonly draft?: DraftDocument | undefined;
  /** What its runs, verdicts and drafts used together. */
  readonly used: UsageSum;
  /** Commands for whatever it waits for. */
  readonly help: readonly string[];
}
/** A task with the use of its runs and verdicts, each and together. */
export type TaskReading = Omit<TaskDetails, keyof UsedByTask> &
  UsedByTask & {
    /** What each judge answered about each criterion of the last change. */
    readonly criteria_judged: readonly JudgedCriterion[];
  };
type UsedByTask = Awaited<ReturnType<ReturnType<typeof usageReadings>["ofTask"]>>;
export interface MissionRow {
  readonly document: WaitingMission;
  readonly repository: string;
}
/** The gate's last decision on a task. `missing`: signals of risk whose input was missing. */
export interface RiskReading
  extends Pick<
    NonNullable<TaskState["gate"]>,
    "risk_score" | "score_kind" | "level" | "shares" | "profile" | "policy_digest" | "change_digest"
  > {
  readonly task_id: string;
  readonly decision: GateDecision;
  readonly missing: readonly string[];
  readonly reasons: readonly string[];
}

/** Each function that reads an entity throws a Fault `unknown-…` if none has the id. */
export interface HomeReader extends Pick<OfflineHome, "blobs" | typeof Symbol.dispose> {
  status(): Promise<HomeStatus>;
  missions(query: PageQuery): Promise<{ readonly missions: readonly MissionRow[]; readonly next: string | null }>;
  mission(id: string): Promise<MissionReading>;
  /** The first missions, tasks or open holds whose id starts with `prefix`, each with its mission's title. */
  idsStarting(prefix: string): readonly { readonly id: string; readonly title: string }[];
  /** The titles of these missions, by id. */
  titles(missionIds: readonly string[]): Readonly<Record<string, string>>;
  tasks(query: PageQuery): TaskPage;
  task(id: string): Promise<TaskReading>;
  /** The task's history, what it waits for, and what comes next. */
  explanation(taskId: string): Promise<TaskExplanation>;
  /** `run`: as for `sealedRunOf`. Throws what that throws, and a Fault `no-gate` if the gate has not decided. */
  risk(taskId: string, run: string): RiskReading;
  /** `run`: an id or its start; default: the last run with a recording. Throws a Fault `no-recording` if there is none. */
  recordedRun(taskId: string, run?: string): RecordedRun;
  holds(query: OpenPageQuery): HoldPage;
  /** An open hold with its meaning, its findings, and what each run tried. */
  hold(id: string): HoldReading;
  repositories(): Promise<readonly RepositoryDocument[]>;
  /** The changes that are about to land, in one repository or all. */
  queue(repository?: string): QueueDocument;
  repository(name: string): Promise<RepositoryDocument>;
  operators(): readonly OperatorDocument[];
  judges(): Promise<JudgeReport>;
  /** What was used since an instant; null means ever. */
  usage(by: UsageGrouping, since: string | null): Promise<UsageReport>;
  /** Every budget, with today's use of the daily ones. */
  budgets(): Promise<BudgetRow[]>;
}

/** How the plan of a part that waits with it is looked at. */
function helpOfPlan({ part_of, stage }: MissionState): string[] {
  return part_of === undefined || stage !== "awaiting_approval" ? [] : [`aedev mission show ${part_of}`];
}

/** Enough to recognize which id was meant. */
const startingMax = 10;

export function homeReader(home: OfflineHome, configuration: HomeConfiguration): HomeReader {
  const waitingIn = (state: State) => waitingMissions(state, configuration.schedule);
  const summaryOf = (state: State, facts?: SignalFacts) =>
    statusSummary(state, new Date().toISOString(), home.totals().missions, facts);
  const taskOf = (id: string) => taskWithState(home, id);
  const used = usageReadings(home, configuration);
  return {
    async status() {
      const state = home.state();
      const queued = [...(await waitingIn(state))].map(([mission_id, waiting]) => ({
        mission_id,
        title: state.missions[mission_id]?.title ?? "",
        waits_for: waiting.map(({ text }) => text),
        help: waiting.find(({ help }) => help !== null)?.help ?? null,
      }));
      const today = await used.today();
      const facts = await readSignalFacts(home, { ...configuration, budgets: used.budgets, today });
      return { ...summaryOf(state, facts), untrusted: home.untrusted(), queued, today };
    },
    async missions(query) {
      const { missions, next } = home.missionPage(query);
      const state = home.stateToShow({ missions: missions.map(({ mission_id }) => mission_id) });
      const waiting = await waitingIn(state);
      const rows = missions.map((document) => ({
        document: { ...document, ...waitsFor(waiting.get(document.mission_id)) },
        repository: state.missions[document.mission_id]?.repository ?? "",
      }));
      return { missions: rows, next };
    },
    async mission(id) {
      const state = home.state({ missions: [id] });
      const mission = entityById(state.missions, id) ?? unknownEntity("mission", id);
      const document = missionDocument(state, id) ?? unknownEntity("mission", id);
      const waiting = (await waitingIn(state)).get(id) ?? [];
      const { repository, priority, after, submitted_at, way, clarity, criteria, answers } = mission;
      const { waiting: decisions, holds } = summaryOf(state);
      const helps = [...decisions, ...holds].filter((item) => item.mission_id === id).map(({ help }) => help);
      return {
        document: { ...document, ...waitsFor(waiting) },
        ...{ repository, priority, after, submitted_at, way, clarity, criteria, answers },
        author: knownActor(state, mission.author),
        ...(mission.decisions === undefined ? {} : { decisions: mission.decisions }),
        base: entityById(state.repositories, repository)?.base?.ref,
        draft: draftDocument(mission),
        used: await used.ofMission(mission),
        help: [...helps, ...helpOfPlan(mission), ...waiting.flatMap(({ help }) => help ?? [])],
      };
    },
    idsStarting(prefix) {
      if (prefix.startsWith("h-"))
        return openHolds(home.state())
          .filter(({ hold_id }) => hold_id.startsWith(prefix))
          .slice(0, startingMax)
          .map(({ hold_id: id, title }) => ({ id, title }));
      const of = prefix.startsWith("t-") ? "tasks" : "missions";
      const found = home.idsStarting(of, prefix, startingMax);
      const state = home.stateToShow({ [of]: found });
      return found.map((id) => ({
        id,
        title: state.missions[of === "tasks" ? (state.tasks[id]?.mission_id ?? "") : id]?.title ?? "",
      }));
    },
    titles(missionIds) {
      const { missions } = home.stateToShow({ missions: missionIds });
      return Object.fromEntries(missionIds.map((id) => [id, entityById(missions, id)?.title ?? ""]));
    },
    tasks: home.taskPage,
    async task(id) {
      const { state, task } = taskOf(id);
      const details = taskDetails(state, task, (await configuration.landingRules())?.placeOf(task, state));
      const criteria_judged = task.verdicts.flatMap((verdict) => judgedCriteria(verdict, home.blobs));
      return { ...details, criteria_judged, ...(await used.ofTask(details, task.evidence?.bundle.digest ?? null)) };
    },
    async explanation(id) {
      const { state, task } = taskOf(id);
      const schedule = await scheduleOrNone(configuration.schedule);
      const holds = await configuration.holdBounds();
      const lands = (await configuration.landingRules())?.placeOf(task, state);
      const history = taskHistory(home.taskEvents(id));
      return explainTask(state, task, { now: new Date().toISOString(), schedule, holds, history, probePauses, lands });
    },
    risk: (taskId, run) => riskOf(home, taskOf(taskId).task, run),
    recordedRun: (taskId, run) => recordedRunOf(taskOf(taskId).task, run),
    holds: home.holdPage,
    hold(id) {
      const state = home.state();
      const hold = openHolds(state).find(({ hold_id }) => hold_id === id) ?? unknownEntity("hold", id);
      return holdReading(hold, { state, blobs: home.blobs }) ?? unknownEntity("task", hold.task_id);
    },
    queue(repository) {
      const state = home.state();
      if (repository !== undefined && entityById(state.repositories, repository) === undefined)
        return unknownEntity("repository", repository);
      return queueDocument(state, repository);
    },
    async repositories() {
      const state = home.state();
      const rules = await configuration.landingRules();
      return Object.values(state.repositories).map((one) =>
        registrationDocument(one, rules?.writesTo(one.name, state)),
      );
    },
    operators() {
      const state = home.state();
      return operatorsOf(state).map((operator) => operatorDocument(state, operator));
    },
    async repository(name) {
      const state = home.state();
      const found = entityById(state.repositories, name) ?? unknownEntity("repository", name);
      const writes = (await configuration.landingRules())?.writesTo(name, state);
      return registrationDocument(found, writes, laneDocuments(state, name));
    },
    async judges() {
      const { judgeOutages, judgeReport } = await import("@aedev/core");
      const report = await used.ofJudges(judgeReport(home.canaries(), await configuration.judgeSetup()));
      const outages = judgeOutages(home.state());
      return outages.length === 0 ? report : { ...report, outages };
    },
    usage: used.report,
    budgets: used.budgets,
    blobs: home.blobs,
    [Symbol.dispose]: () => home[Symbol.dispose](),
  };
}

function riskOf(home: OfflineHome, task: TaskState, run: string): RiskReading {
  const { task_id } = task;
  const gate = run === "latest" && task.gate !== null ? task.gate : sealedRunOf(home, task, run).gate;
  if (gate === null)
    throw new Fault("no-gate", `no gate has decided on task ${task_id} yet`, { hint: `aedev task show ${task_id}` });
  const { answer, risk_score, score_kind, level, shares, reasons, profile, policy_digest, change_digest } = gate;
  const missing = shares.filter((share) => share.missing).map(({ factor }) => factor);
  return {
    ...{ task_id, decision: answer, risk_score, score_kind, level, shares, missing },
    reasons: reasons.map((reason) => reasonText(reason)),
    ...{ profile, policy_digest, change_digest },
  };
}

function waitsFor(waiting: readonly { readonly text: string }[] | undefined): Pick<WaitingMission, "waits_for"> {
  return waiting === undefined || waiting.length === 0 ? {} : { waits_for: waiting.map(({ text }) => text) };
}

const absent = {
  mission: { code: "unknown-mission", text: "mission", list: "aedev mission list" },
  task: { code: "unknown-task", text: "task", list: "aedev task list" },
  hold: { code: "unknown-hold", text: "open hold", list: "aedev hold list" },
  repository: { code: "unknown-repository", text: "repository named", list: "aedev repo list" },
} as const;

/** Throws a Fault `unknown-…` with the command that lists what there is. */
export function unknownEntity(kind: keyof typeof absent, id: string): never {
  const { code, text, list } = absent[kind];
  throw new Fault(code, `there is no ${text} ${id}`, { hint: list });
}
