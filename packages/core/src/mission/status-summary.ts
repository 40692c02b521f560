/** Summarizes the state for `aedev status`. */

import { families, type MissionStatus, missionStatuses, resumptionOf } from "@aedev/contracts";
import type { HoldDocument, JudgeOutageDocument, StatusSummary } from "@aedev/contracts/api";
import { isDown, outageOf, tasksWaitingFor } from "../judges/outage.ts";
import { mayAskAgain } from "../judges/precedent.ts";
import { pausedRepositories } from "../landing/queue.ts";
import { laneSummary } from "../lane/lane.ts";
import type { MissionState, State } from "../model/state.ts";
import { missionStatus, tasksOf } from "../model/status.ts";
import { homeSignals, type SignalFacts } from "../notice/home-signals.ts";
import { pendingNotices, unsentAsks } from "../notice/notices.ts";
import { openProposals } from "../proposal/proposals.ts";
import { sourceRecords } from "../proposal/source-record.ts";
import { startOrder } from "../schedule/fair-order.ts";
import { helpFor } from "../task/hold-release.ts";
import { redLandings } from "../task/outcomes.ts";
import { taskQuestion } from "../task/task-question.ts";
import { orderedMissions } from "./order-missions.ts";

/** How many missions the start order names. */
const readyMax = 200;

/** Open holds, oldest first. */
export function openHolds(state: State): HoldDocument[] {
  const held = Object.values(state.tasks).flatMap((task) => (task.hold === null ? [] : [{ task, hold: task.hold }]));
  return held
    .map(({ task, hold }) => ({
      hold_id: hold.hold_id,
      task_id: task.task_id,
      mission_id: task.mission_id,
      title: state.missions[task.mission_id]?.title ?? "",
      code: hold.code,
      detail: hold.detail,
      held_at: hold.held_at,
      resumes: resumptionOf(hold),
      resumes_at: hold.resumes_at,
      help: helpFor({
        code: hold.code,
        hold_id: hold.hold_id,
        task_id: task.task_id,
        repository: task.repository,
        question: taskQuestion(task)?.id ?? null,
        keeps_tests: hold.tests !== undefined,
        judge_is_silent: mayAskAgain(task),
        mission_id: task.mission_id,
        stays: hold.stays,
        source: state.repositories[task.repository]?.url ?? "<path-or-url>",
      }),
    }))
    .toSorted((left, right) => (left.held_at < right.held_at ? -1 : 1));
}

/** How many missions have each status. */
export type MissionCounts = StatusSummary["missions"];
/** Counts over the whole history. */
export interface Totals {
  readonly missions: MissionCounts;
  readonly landed_tasks: number;
}

/** The totals of a state that contains all entities, including ended ones. */
export function totalsOf(state: State): Totals {
  const landed = Object.values(state.tasks).filter(({ landed_commit }) => landed_commit !== null);
  return { missions: missionCounts(state), landed_tasks: landed.length };
}

function missionCounts(state: State): MissionCounts {
  const counts = Object.fromEntries(missionStatuses.map((status) => [status, 0])) as Record<MissionStatus, number>;
  const whole = Object.values(state.missions).filter(({ part_of }) => part_of === undefined);
  for (const mission of whole) counts[missionStatus(mission, tasksOf(state, mission))] += 1;
  return counts;
}

/** `now`: ISO 8601 UTC; a push whose approval has expired is no longer pending. `missions`: counts of all missions, including ended ones. `facts`: see `homeSignals`. */
export function statusSummary(
  state: State,
  now: string,
  missions: MissionCounts,
  facts: SignalFacts = {},
): StatusSummary {
  const waiting: StatusSummary["waiting"][number][] = [];
  for (const mission of oldestFirst(state)) {
    const tasks = tasksOf(state, mission);
    const status = missionStatus(mission, tasks);
    // Parts are approved with their plan; their questions and tasks wait at the parts.
    if (mission.plan !== undefined && status !== "awaiting_approval") continue;
    if (mission.part_of !== undefined && status === "awaiting_approval") continue;
    const about = { mission_id: mission.mission_id, title: mission.title, status };
    if (status === "clarifying") waiting.push({ ...about, task_id: null, help: answerHelp(mission) });
    if (status === "awaiting_approval")
      waiting.push({ ...about, task_id: null, help: `aedev mission approve ${mission.mission_id}` });
    const asked = tasks.find((task) => task.status === "asked");
    if (asked !== undefined)
      waiting.push({ ...about, task_id: asked.task_id, help: `aedev task approve ${asked.task_id}` });
  }
  const red = redLandings(state, now);
  const proposals = openProposals(state).length;
  const pausedSources = sourceRecords(state, () => true).filter(({ paused }) => paused);
  const outages = judgeOutages(state);
  const pausedAlone = pausedRepositories(state);
  const ordered = orderedMissions(state);
  const ready = startOrder(state, readyMax);
  const signals = homeSignals(state, now, facts);
  return {
    ...(state.system.demo === true ? { demo: true } : {}),
    missions,
    // Finished changes come first, so that a short list does not hide them behind missions that have not started.
    waiting: waiting.toSorted((left, right) => Number(left.status !== "asked") - Number(right.status !== "asked")),
    // A coder's question is listed with the things that wait for a person.
    holds: openHolds(state).filter(({ code }) => code !== "HOLD-QUESTION"),
    repositories: Object.keys(state.repositories).length,
    undelivered: pendingNotices(state, now).length + unsentAsks(state, now).length,
    ...(state.system.pause === undefined ? {} : { paused: state.system.pause }),
    ...(pausedAlone.length === 0 ? {} : { paused_repositories: pausedAlone }),
    ...(ordered.length === 0 ? {} : { start_order: ordered }),
    ...(ready.length === 0 ? {} : { ready }),
    ...(red.length === 0 ? {} : { red_landings: red }),
    ...laneSummary(state, now),
    ...(proposals === 0 ? {} : { proposals }),
    ...(pausedSources.length === 0 ? {} : { paused_sources: pausedSources }),
    ...(outages.length === 0 ? {} : { judge_outages: outages }),
    ...(signals.length === 0 ? {} : { signals }),
  };
}

/** The judge vendors that tasks wait for, or that are not asked until a probe reaches them. */
export function judgeOutages(state: State): JudgeOutageDocument[] {
  return families.flatMap((family) => {
    const waiting = tasksWaitingFor(state, family);
    const outage = outageOf(state, family);
    if (waiting.length === 0 && !isDown(state, family)) return [];
    const since = outage?.since ?? waiting[0]?.hold?.held_at ?? "";
    return [{ family, since, asked: !isDown(state, family), waiting: waiting.map(({ task_id }) => task_id) }];
  });
}

/** Sorted by age, because a state's keys have another order after a restart. */
function oldestFirst(state: State): MissionState[] {
  const age = ({ submitted_at, mission_id }: MissionState) => `${submitted_at} ${mission_id}`;
  return Object.values(state.missions).toSorted((left, right) => (age(left) < age(right) ? -1 : 1));
}

function answerHelp({ mission_id, clarity }: MissionState): string {
  return clarity.stuck
    ? `submit it again, naming a file and a checkable result, and end this one: aedev mission cancel ${mission_id}`
    : `aedev mission answer ${mission_id}`;
}
