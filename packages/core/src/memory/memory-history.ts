/**
 * What the log says that memory needs: for each task, its runs with their lessons, how each turned out, what a person said about them, and what became of
 * the change. One fold that only grows. Nothing in it comes from a coder but digests, numbers and patches, which checks ran.
 */
import {
  type Blob,
  type HoldCode,
  type Lesson,
  noUsage,
  type RepositorySettings,
  type RunMemory,
  tokensOf,
} from "@aedev/contracts";
import type { EventData, EventType } from "@aedev/contracts/events";
import type { FoldedEvent } from "../model/event.ts";

/** The types of the events that the fold reads. */
export const memoryTypes = [
  "RepositoryConfigured",
  "RepositoryRemoved",
  "TaskPlanned",
  "RunStarted",
  "ChangeCaptured",
  "RunEnded",
  "EvidenceSealed",
  "GateDecided",
  "RepairStarted",
  "TestsRequested",
  "IndependentTestsRequested",
  "IndependentTestsEnded",
  "LandingApproved",
  "TaskRejected",
  "ChangeRequested",
  "TaskHeld",
  "TaskCancelled",
  "ChangeLanded",
  "OutcomeObserved",
  "LessonAccepted",
] as const satisfies readonly EventType[];

/** An event with its place in the log. */
export type PlacedEvent = FoldedEvent & { readonly position: number };

/** How a run turned out. `void`: it was stopped by something that was not its change. `asked`: a person has not decided. */
type RunSuccess = "success" | "failure" | "void" | "asked" | null;

export interface MemoryRun {
  readonly run_id: string;
  readonly position: number;
  readonly memory: RunMemory | null;
  end: RunSuccess;
  /** The last position that says so. */
  endAt: number;
  /** Why it failed; null: it did not, or a person said why. */
  code: HoldCode | null;
  patch: Blob | null;
  tokens: number;
  requests: number;
}

/** What a person said about a change or its landing. */
export interface SaidWords {
  readonly position: number;
  readonly how: "sent-back" | "rejected" | "bad";
  readonly text: string;
}

export interface MemoryTask {
  readonly task_id: string;
  readonly repository: string;
  readonly runs: MemoryRun[];
  readonly said: SaidWords[];
  landedAt: number | null;
  /** The landed change was taken back or called bad. */
  undoneAt: number | null;
  /** It has landed, or a person rejected it. */
  isEnded: boolean;
  /** Preparing failed with this code, then the settings changed, then the checks were green. */
  setUp: { readonly code: HoldCode; readonly heldAt: number; fixedAt: number | null; greenAt: number | null } | null;
}

/** What the log says about lessons: tasks with their runs, and every lesson. */
export interface MemoryHistory {
  readonly tasks: ReadonlyMap<string, MemoryTask>;
  /** The settings of each repository. */
  readonly settings: ReadonlyMap<string, RepositorySettings>;
  /** Every lesson that was ever accepted, by its id, with its repository. */
  readonly lessons: ReadonlyMap<string, Lesson & { readonly repository: string }>;
  add(event: PlacedEvent): void;
}

/** Holds that a run's change or conduct caused; any other hold says nothing about the run. */
const ownCodes: ReadonlySet<HoldCode> = new Set([
  "HOLD-SECRET",
  "HOLD-FORBIDDEN-PATH",
  "HOLD-PATCH-UNSAFE",
  "HOLD-CHECKS-FAILED",
  "HOLD-VALIDATOR-FAIL",
  "HOLD-VALIDATOR-DISAGREEMENT",
  "HOLD-RISK-HIGH",
  "HOLD-CODER-FAILED",
  "HOLD-CODER-TIMEOUT",
  "HOLD-NO-PROGRESS",
]);
const setUpCodes: ReadonlySet<HoldCode> = new Set(["HOLD-PREPARE-FAILED", "HOLD-TOOLCHAIN"]);

interface OpenTask extends MemoryTask {
  /** True while a run writes independent tests: it is no run of this task's change. */
  isSetAside: boolean;
}

/** An empty history, to which events are added in the order of the log. */
export function createMemoryHistory(): MemoryHistory {
  const tasks = new Map<string, OpenTask>();
  const settings = new Map<string, RepositorySettings>();
  const lessons = new Map<string, Lesson & { repository: string }>();
  const runs = new Map<string, MemoryRun>();

  function addOfRepository(event: PlacedEvent): void {
    if (event.type === "RepositoryConfigured") {
      const { name, settings: saved } = event.data;
      settings.set(name, saved);
      for (const task of tasks.values())
        if (task.repository === name && task.setUp !== null) task.setUp.fixedAt ??= event.position;
    }
    if (event.type === "LessonAccepted") {
      const { by: _by, way: _way, ...lesson } = event.data;
      lessons.set(lesson.lesson_id, { ...lesson, repository: event.stream.slice("repository/".length) });
    }
  }

  return {
    ...{ tasks, settings, lessons },
    add(event) {
      if (event.type === "TaskPlanned") {
        const { task_id, repository, reverts } = event.data;
        if (reverts !== undefined) return;
        const nothing = { landedAt: null, undoneAt: null, isEnded: false, setUp: null, isSetAside: false };
        tasks.set(task_id, { task_id, repository, runs: [], said: [], ...nothing });
        return;
      }
      addOfRepository(event);
      const task = tasks.get(event.stream.slice("task/".length));
      if (task !== undefined && event.stream.startsWith("task/")) addOfTask(task, event, runs);
    },
  };
}

function addOfTask(task: OpenTask, event: PlacedEvent, runs: Map<string, MemoryRun>): void {
  const last = task.runs.at(-1);
  const { position } = event;
  const end = (how: RunSuccess, code: HoldCode | null = null) => {
    if (last === undefined) return;
    Object.assign(last, { end: how, endAt: position, code });
  };
  switch (event.type) {
    case "RunStarted":
      if (task.isSetAside) return;
      if (last?.end === null) end("void");
      runs.set(event.data.run_id, startedRun(event.data, position));
      task.runs.push(runs.get(event.data.run_id) as MemoryRun);
      return;
    case "ChangeCaptured":
    case "RunEnded":
      addUsage(runs.get(event.data.run_id), event.data);
      return;
    case "EvidenceSealed":
      if (event.data.checks_status === "green" && task.setUp?.fixedAt != null) task.setUp.greenAt ??= position;
      return;
    case "GateDecided": {
      const { answer, hold_code } = event.data;
      if (answer === "merge") end("success");
      if (answer === "ask") end("asked");
      if (answer === "hold") end(hold_code !== null && ownCodes.has(hold_code) ? "failure" : "void", hold_code);
      return;
    }
    case "RepairStarted":
      end("failure", event.data.code);
      return;
    case "TestsRequested":
      end("failure");
      return;
    case "IndependentTestsRequested":
      task.isSetAside = true;
      return;
    case "IndependentTestsEnded":
      task.isSetAside = false;
      return;
    case "TaskHeld":
      addHold(task, event);
      return;
    default:
      addDecision(task, event, end);
  }
}

function addDecision(task: OpenTask, event: PlacedEvent, end: (how: RunSuccess) => void): void {
  const { position } = event;
  switch (event.type) {
    case "LandingApproved":
      end("success");
      return;
    case "ChangeRequested":
      end("failure");
      if (event.data.reviews === undefined) addWords(task, event, { how: "sent-back", text: event.data.words });
      return;
    case "TaskRejected":
      task.isEnded = true;
      // A hold that timed out is rejected by nobody.
      end(event.data.way === undefined ? "void" : "failure");
      addWords(task, event, { how: "rejected", text: event.data.reason });
      return;
    case "TaskCancelled":
      if (task.runs.at(-1)?.end !== "success") end("void");
      return;
    case "ChangeLanded":
      task.landedAt = position;
      task.isEnded = true;
      end("success");
      return;
    case "OutcomeObserved": {
      const { outcome, evidence } = event.data;
      if (outcome === "reverted" || outcome === "bad") task.undoneAt ??= position;
      if (outcome === "bad" && evidence.kind === "person") addWords(task, event, { how: "bad", text: evidence.words });
    }
  }
}

/** Only what a person of the home said in one of its clients counts. */
function addWords(
  task: MemoryTask,
  event: Extract<PlacedEvent, { type: "ChangeRequested" | "TaskRejected" | "OutcomeObserved" }>,
  { how, text }: { how: SaidWords["how"]; text: string | null },
): void {
  const { way } = event.data;
  if (text === null || text.trim() === "" || way === undefined || way === "github") return;
  task.said.push({ position: event.position, how, text });
}

function addHold(task: OpenTask, { data, position }: Extract<PlacedEvent, { type: "TaskHeld" }>): void {
  const { code } = data;
  if (setUpCodes.has(code)) task.setUp ??= { code, heldAt: position, fixedAt: null, greenAt: null };
  const last = task.runs.at(-1);
  if (last?.end === null && ownCodes.has(code)) Object.assign(last, { end: "failure", endAt: position, code });
}

function startedRun({ run_id, memory }: EventData<"RunStarted">, position: number): MemoryRun {
  const nothing = { end: null, endAt: position, code: null, patch: null, tokens: 0, requests: 0 };
  return { run_id, position, memory: memory ?? null, ...nothing };
}

function addUsage(
  run: MemoryRun | undefined,
  { usage = noUsage, patch }: Pick<EventData<"RunEnded">, "usage" | "patch">,
): void {
  if (run === undefined) return;
  run.tokens += tokensOf(usage);
  run.requests += usage.requests;
  run.patch ??= patch;
}
