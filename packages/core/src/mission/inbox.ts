/** Lists what waits for a person: changes to land, questions, holds that nothing else ends, and specifications. */
import { reasonText, resumptionOf, riskText } from "@aedev/contracts";
import type { InboxItem } from "@aedev/contracts/api";
import { reasonsToAsk } from "../model/fallback-change.ts";
import { entitiesOf, type MissionState, type State, type TaskState } from "../model/state.ts";
import { hasQuestion, missionStatus, tasksOf } from "../model/status.ts";
import { independentOutcome } from "../task/independent-tests.ts";
import { missionDocument } from "./mission-document.ts";
import { openHolds } from "./status-summary.ts";

/** What waits, before its documents are made. */
interface Waiting {
  readonly kind: InboxItem["kind"];
  readonly mission: MissionState;
  readonly task: TaskState | null;
  readonly since: string;
}

/** Where a change lands, in words. */
type PlaceOf = (task: TaskState) => string;

const ofAnotherRun: ReadonlySet<string> = new Set(["independent_tests_pass", "implementations_agree"]);
const ranks = { landing: 0, question: 1, hold: 2, specification: 3 } as const;

/** At most `limit` items: finished changes, then what stops work, then what has not started; the oldest first in each. `omitted`: how many follow. */
export function inboxItems(
  state: State,
  { limit, placeOf }: { limit: number; placeOf: PlaceOf },
): { items: InboxItem[]; omitted: number } {
  const waiting = entitiesOf(state.missions)
    .flatMap((mission) => waitingOfMission(state, mission))
    .toSorted((left, right) => ranks[left.kind] - ranks[right.kind] || (left.since < right.since ? -1 : 1));
  const holds = new Map(openHolds(state).map((hold) => [hold.task_id, hold]));
  const items = waiting.slice(0, limit).flatMap(({ kind, mission, task }): InboxItem[] => {
    const document = missionDocument(state, mission.mission_id);
    if (document === undefined) return [];
    const hold = kind === "hold" && task !== null ? (holds.get(task.task_id) ?? null) : null;
    const about = kind === "landing" && task !== null ? changeFacts(task, placeOf) : specificationFacts(kind, mission);
    return [{ kind, mission: document, task_id: task?.task_id ?? null, hold, ...about }];
  });
  return { items, omitted: waiting.length - items.length };
}

function waitingOfMission(state: State, mission: MissionState): Waiting[] {
  const tasks = tasksOf(state, mission);
  const status = missionStatus(mission, tasks);
  // Parts are approved with their plan; their questions and tasks wait at the parts.
  if (mission.plan !== undefined && status !== "awaiting_approval") return [];
  if (mission.part_of !== undefined && status === "awaiting_approval") return [];
  const ofMission = { mission, task: null, since: mission.submitted_at };
  if (mission.stage === "clarifying") return [{ kind: "question", ...ofMission }];
  if (status === "awaiting_approval") return [{ kind: "specification", ...ofMission }];
  return tasks.flatMap((task): Waiting[] => {
    const kind = waitingKind(task);
    return kind === null ? [] : [{ kind, mission, task, since: task.changed_at }];
  });
}

/** Null: the task waits for nobody. */
function waitingKind(task: TaskState): "landing" | "question" | "hold" | null {
  if (task.status === "asked") return "landing";
  if (hasQuestion(task)) return "question";
  return task.status === "held" && task.hold !== null && resumptionOf(task.hold) === "never" ? "hold" : null;
}

/** Whether the risk counts results of another run that never ran: it starts only for a change that would merge without a person. */
function countsAwaitedRun(task: TaskState): boolean {
  return (
    independentOutcome(task) === undefined &&
    (task.gate?.shares ?? []).some(({ factor, points }) => ofAnotherRun.has(factor) && points !== 0)
  );
}

type Facts = Omit<InboxItem, "kind" | "mission" | "task_id" | "hold">;

function changeFacts(task: TaskState, placeOf: PlaceOf): Facts {
  const { gate, verdicts, evidence } = task;
  const reasons = reasonsToAsk(task);
  const passed = verdicts.filter(({ verdict }) => verdict === "pass").length;
  return {
    digest: evidence?.change_digest ?? null,
    is_clear:
      gate?.level === "low" &&
      passed > 0 &&
      passed === verdicts.length &&
      reasons.length > 0 &&
      reasons.every((reason) => typeof reason !== "string" && reason.kind === "branch-only") &&
      !countsAwaitedRun(task),
    lands: placeOf(task),
    reasons: reasons.map((reason) => reasonText(reason)),
    risk: gate === null ? null : riskText(gate),
    judges_passed: passed,
    judges_asked: verdicts.length,
  };
}

/** Its card shows only a title, so a person opens it first: it is never clear. */
function specificationFacts(kind: InboxItem["kind"], { specification }: MissionState): Facts {
  return {
    digest: kind === "specification" ? specification.digest : null,
    is_clear: false,
    lands: null,
    reasons: [],
    risk: null,
    judges_passed: 0,
    judges_asked: 0,
  };
}
