/**
 * Outages of the judges' vendors: when one counts as down, which tasks wait for it, when it is probed, and what lifts all of them at once. An
 * absent judge never loosens the gate: nothing here makes a verdict.
 */
import { type Family, families, isUnavailable, type Verdict, wasAnswered } from "@aedev/contracts";
import type { FoldedEvent, NewEvent } from "../model/event.ts";
import type { JudgeOutage } from "../model/judge-outage.ts";
import { releaseEvents } from "../model/release-event.ts";
import { entitiesOf, type State, type SystemState, type TaskState } from "../model/state.ts";

/** Results without an answer, one after the other, after which a vendor is not asked until a probe reaches it. */
const outageAfter = 2;
/** How long after the first such result the vendor is probed; it doubles each time that a probe reached it and the judge then failed again. */
const firstProbeMs = 15_000;
const probeMsMax = 30 * 60_000;
/** An outage that has not ended after this time is told to a person, once. */
const toldAfterMs = 10 * 60_000;

/** Work that finds out whether a judge's vendor is available; it asks for no verdict and holds no task. */
export interface ProbeVendorWork {
  readonly kind: "ProbeVendor";
  readonly work_id: string;
  readonly task_id: null;
  readonly plane: "judgement";
  readonly family: Family;
}

export function outageOf({ system }: Pick<State, "system">, family: Family): JudgeOutage | undefined {
  return system.judge_outages?.[family];
}

/** Whether the vendor is down for all: a judge of it is not asked. After a probe that reached it, one failure is enough. */
export function isDown(state: Pick<State, "system">, family: Family): boolean {
  const outage = outageOf(state, family);
  return outage !== undefined && outage.results >= (outage.lifts === 0 ? outageAfter : 1);
}

/** False (nearly always): every vendor was available lately and no task waits for one. */
export function mayHaveOutage({ system, tasks }: Pick<State, "system" | "tasks">): boolean {
  return system.judge_outages !== undefined || tasksHeldForVendors(tasks).length > 0;
}

/** The tasks that are held until this vendor is available, oldest hold first; not those that were so too often and wait for a person. */
export function tasksWaitingFor({ tasks }: Pick<State, "tasks">, family: Family): TaskState[] {
  return tasksHeldForVendors(tasks).filter(({ verdicts }) =>
    verdicts.some((verdict) => verdict.family === family && isSilent(verdict)),
  );
}

function isHeldForVendor({ hold }: TaskState): boolean {
  return hold?.code === "HOLD-VALIDATOR-UNAVAILABLE" && hold.stays !== true;
}

/** Found once for each state, because every family is asked about several times. */
let newest: { readonly tasks: State["tasks"]; readonly held: readonly TaskState[] } | null = null;

function tasksHeldForVendors(tasks: State["tasks"]): readonly TaskState[] {
  if (newest?.tasks === tasks) return newest.held;
  const since = ({ hold, task_id }: TaskState) => `${hold?.held_at ?? ""} ${task_id}`;
  const held = entitiesOf(tasks)
    .filter(isHeldForVendor)
    .sort((left, right) => (since(left) < since(right) ? -1 : 1));
  newest = { tasks, held };
  return held;
}

function isSilent({ verdict, detail }: Pick<Verdict, "verdict" | "detail">): boolean {
  return verdict === "inconclusive" && isUnavailable(detail);
}

/** What a recorded verdict says about its vendor; nothing if it was not asked now. */
export function eventsOfVerdict(state: State, verdict: Verdict): NewEvent[] {
  const { family, detail, views, reused_from } = verdict;
  if (reused_from !== undefined || views.length === 0) return [];
  if (isSilent(verdict) && detail !== null)
    return [{ stream: "system", type: "JudgeUnavailable", data: { family, detail } }];
  if (!wasAnswered(verdict) || outageOf(state, family) === undefined) return [];
  return available(state, { family, by: "verdict", decider: "control" });
}

/** A probe reached the vendor: all tasks that wait for it go on. Nothing if none does and it is not down. */
export function eventsOfProbe(state: State, { family, by }: { family: Family; by: string }): NewEvent[] {
  if (!isDown(state, family) && tasksWaitingFor(state, family).length === 0) return [];
  return available(state, { family, by: "probe", decider: by });
}

function available(
  state: State,
  { family, by, decider }: { family: Family; by: "verdict" | "probe"; decider: string },
): NewEvent[] {
  const released = tasksWaitingFor(state, family).flatMap((task) => releaseEvents(task, { vendor: true, by: decider }));
  return [{ stream: "system", type: "JudgeAvailable", data: { family, by } }, ...released];
}

/** The system after one of these events. */
export function evolveOutages(
  system: SystemState,
  { type, data, recorded_at: at }: Extract<FoldedEvent, { type: "JudgeUnavailable" | "JudgeAvailable" }>,
): SystemState {
  const { judge_outages: { [data.family]: before, ...others } = {}, ...rest } = system;
  const withOutage = (outage: JudgeOutage) => ({ ...system, judge_outages: { ...others, [data.family]: outage } });
  if (type === "JudgeUnavailable") {
    const { since, results, lifts, probe_from } = before ?? { since: at, results: 0, lifts: 0, probe_from: at };
    return withOutage({ since, results: results + 1, lifts, probe_from: results === 0 ? at : probe_from });
  }
  // A probe shows that the vendor is reached, not that it judges: until a verdict came, the next failure is part of this outage.
  if (data.by === "probe" && before !== undefined)
    return withOutage({ ...before, results: 0, lifts: before.lifts + 1 });
  return Object.keys(others).length === 0 ? rest : { ...rest, judge_outages: others };
}

/** When a vendor is next probed, at the earliest; null: it needs no probe. */
function probeAt(state: State, family: Family): string | null {
  const waiting = tasksWaitingFor(state, family)[0]?.hold?.held_at;
  if (!isDown(state, family) && waiting === undefined) return null;
  const outage = outageOf(state, family);
  // Its entry is gone, because another task's verdict came between this task's and its gate.
  if (outage === undefined || outage.results === 0) return waiting ?? null;
  const pauseMs = Math.min(probeMsMax, firstProbeMs * 2 ** Math.min(outage.lifts, 20));
  return after(outage.probe_from, pauseMs);
}

export function pendingProbes(state: State, now: string): ProbeVendorWork[] {
  if (!mayHaveOutage(state)) return [];
  return families.flatMap((family): ProbeVendorWork[] => {
    const at = probeAt(state, family);
    if (at === null || at > now) return [];
    const outage = outageOf(state, family);
    // The same while the outage lasts, so that the pauses between failing probes grow.
    const work_id = `ProbeVendor/${family}/${outage?.since ?? "-"}/${outage?.lifts ?? 0}`;
    return [{ kind: "ProbeVendor", work_id, task_id: null, plane: "judgement", family }];
  });
}

/** From when on the vendors that a task waits for are probed; null: it waits for none. */
export function vendorProbeFrom(state: State, taskId: string): string | null {
  const waited = families.filter((family) => tasksWaitingFor(state, family).some(({ task_id }) => task_id === taskId));
  return waited.flatMap((family) => probeAt(state, family) ?? []).toSorted()[0] ?? null;
}

/** When a person is told of the outage; null: nothing waits for the vendor. */
export function outageToldAt(state: State, family: Family): string | null {
  const waiting = tasksWaitingFor(state, family)[0]?.hold;
  if (waiting == null) return null;
  return after(outageOf(state, family)?.since ?? waiting.held_at, toldAfterMs);
}

/** The instants at which a probe or a message becomes due. */
export function outageInstants(state: State): string[] {
  if (!mayHaveOutage(state)) return [];
  return families.flatMap((family) => [probeAt(state, family) ?? [], outageToldAt(state, family) ?? []].flat());
}

function after(instant: string, ms: number): string {
  return new Date(Date.parse(instant) + ms).toISOString();
}
