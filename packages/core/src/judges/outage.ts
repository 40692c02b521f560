/**
 * Outages of the judges' vendors: when a vendor counts as down, which tasks wait for it, when it is probed, and what releases all of these tasks at
 * once. An absent judge never loosens the gate: nothing here makes a verdict.
 */
import { type Family, families, isUnavailable, type Verdict, wasAnswered } from "@aedev/contracts";
import type { FoldedEvent, NewEvent } from "../model/event.ts";
import { releaseEvents } from "../model/release-event.ts";
import type { JudgeOutage } from "../model/state.ts";
import { entitiesOf, type State, type SystemState, type TaskState } from "../model/state.ts";

/** After this many results without an answer in a row, a vendor is not asked until a probe reaches it. */
const outageAfter = 2;
/** How long after the first such result the vendor is probed. The pause doubles each time that a probe reached the vendor and the judge then failed again. */
const firstProbeMs = 15_000;
const probeMsMax = 30 * 60_000;
/** A person is told once about an outage that lasts longer than this. */
const toldAfterMs = 10 * 60_000;

/** Work that finds out whether a judge's vendor is available. It asks for no verdict and holds no task. */
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

/** Whether the vendor is down, so that its judge is not asked. After a probe that reached it, one more failure is enough. */
export function isDown(state: Pick<State, "system">, family: Family): boolean {
  const outage = outageOf(state, family);
  return outage !== undefined && outage.results >= (outage.lifts === 0 ? outageAfter : 1);
}

/** A quick check that is nearly always false: every vendor was available lately and no task waits for one. */
export function mayHaveOutage({ system, tasks }: Pick<State, "system" | "tasks">): boolean {
  return system.judge_outages !== undefined || tasksHeldForVendors(tasks).length > 0;
}

/** The tasks that are held until this vendor is available, oldest hold first. Tasks that waited too often are left out: they wait for a person. */
export function tasksWaitingFor({ tasks }: Pick<State, "tasks">, family: Family): TaskState[] {
  return tasksHeldForVendors(tasks).filter(({ verdicts }) =>
    verdicts.some((verdict) => verdict.family === family && isSilent(verdict)),
  );
}

function isHeldForVendor({ hold }: TaskState): boolean {
  return hold?.code === "HOLD-VALIDATOR-UNAVAILABLE" && hold.stays !== true;
}

/** Cached for the newest state, because callers ask about several families. */
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

/** The events that a recorded verdict causes for its vendor; none if the vendor was not asked now. */
export function eventsOfVerdict(state: State, verdict: Verdict): NewEvent[] {
  const { family, detail, views, reused_from } = verdict;
  if (reused_from !== undefined || views.length === 0) return [];
  if (isSilent(verdict) && detail !== null)
    return [{ stream: "system", type: "JudgeUnavailable", data: { family, detail } }];
  if (!wasAnswered(verdict) || outageOf(state, family) === undefined) return [];
  return available(state, { family, by: "verdict", decider: "control" });
}

/** The events after a probe reached the vendor: all tasks that wait for it continue. None if no task waits and the vendor is not down. */
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
  // A probe shows only that the vendor can be reached. Until it gives a verdict, the next failure belongs to this outage.
  if (data.by === "probe" && before !== undefined)
    return withOutage({ ...before, results: 0, lifts: before.lifts + 1 });
  return Object.keys(others).length === 0 ? rest : { ...rest, judge_outages: others };
}

/** The earliest time of the next probe of a vendor; null: no probe is needed. */
function probeAt(state: State, family: Family): string | null {
  const waiting = tasksWaitingFor(state, family)[0]?.hold?.held_at;
  if (!isDown(state, family) && waiting === undefined) return null;
  const outage = outageOf(state, family);
  // The outage has no entry if another task's verdict came between this task's verdict and its gate.
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
    // The id stays the same while the outage lasts, so that the pauses between failing probes grow.
    const work_id = `ProbeVendor/${family}/${outage?.since ?? "-"}/${outage?.lifts ?? 0}`;
    return [{ kind: "ProbeVendor", work_id, task_id: null, plane: "judgement", family }];
  });
}

/** The earliest probe of the vendors that a task waits for; null: it waits for none. */
export function vendorProbeFrom(state: State, taskId: string): string | null {
  const waited = families.filter((family) => tasksWaitingFor(state, family).some(({ task_id }) => task_id === taskId));
  return waited.flatMap((family) => probeAt(state, family) ?? []).toSorted()[0] ?? null;
}

/** When a person is told about the outage; null: no task waits for the vendor. */
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
