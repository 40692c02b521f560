/** Reads from the log each mission's first run: when it could have begun, when it did, and since when nothing in its repository was running. */
export interface Recorded {
  readonly position: number;
  readonly stream: string;
  readonly type: string;
  readonly recorded_at: string;
  /** For a submitted mission all fields, for a planned task its mission. */
  readonly data: Partial<Omit<Mission, "plannedPosition">>;
}
export interface Mission {
  readonly mission_id: string;
  readonly repository: string;
  readonly priority: "high" | "normal" | "low";
  readonly after: readonly string[];
  readonly plannedPosition: number;
}
export interface Run {
  readonly mission: Mission;
  /** 0 is the most urgent. */
  readonly rank: number;
  readonly startedPosition: number;
  readonly startedMs: number;
  readonly landedPosition: number;
  /** When it was approved, its predecessor had landed, and its repository was not paused. */
  readonly mayStartMs: number;
  /** Since when it could begin and no run of its repository was under way; infinity if that never was so. */
  readonly idleSinceMs: number;
}

const ranks = { high: 0, normal: 1, low: 2 };

/** By mission, in the order in which they began. */
export function readRuns(events: readonly Recorded[]): Map<string, Run> {
  const submitted = new Map<string, Omit<Mission, "plannedPosition">>();
  const taskMissions = new Map<string, string>();
  const planned = new Map<string, Recorded>();
  const started = new Map<string, Recorded>();
  const landed = new Map<string, Recorded>();
  for (const event of events) {
    const mission = taskMissions.get(event.stream);
    if (event.type === "MissionSubmitted") {
      const { mission_id = "", repository = "", priority = "normal", after = [] } = event.data;
      submitted.set(mission_id, { mission_id, repository, priority, after });
    }
    if (event.type === "TaskPlanned") {
      const id = event.data.mission_id ?? "";
      taskMissions.set(event.stream, id);
      planned.set(id, event);
    }
    if (event.type === "RunStarted" && mission !== undefined && !started.has(mission)) started.set(mission, event);
    if (event.type === "ChangeLanded" && mission !== undefined) landed.set(mission, event);
  }
  const runs = [...started].map(([id, start]): [string, Run] => {
    const one = submitted.get(id);
    const plan = planned.get(id);
    if (one === undefined || plan === undefined) throw new Error(`the log does not say what mission ${id} is`);
    const mission = { ...one, plannedPosition: plan.position };
    const before = mission.after.map((other) => ms(landed.get(other)));
    const mayStartMs = Math.max(ms(plan), ...before, resumedMs(events, mission.repository));
    return [
      id,
      {
        mission,
        rank: ranks[mission.priority],
        startedPosition: start.position,
        startedMs: ms(start),
        landedPosition: landed.get(id)?.position ?? Number.POSITIVE_INFINITY,
        mayStartMs,
        idleSinceMs: idleSince(events, { mission, mayStartMs, startedMs: ms(start), taskMissions, submitted }),
      },
    ];
  });
  return new Map(runs);
}

function resumedMs(events: readonly Recorded[], repository: string): number {
  const resumed = events.findLast(
    ({ type, stream }) => type === "RepositoryResumed" && stream === `repository/${repository}`,
  );
  return resumed === undefined ? 0 : ms(resumed);
}

function idleSince(
  events: readonly Recorded[],
  about: {
    mission: Mission;
    mayStartMs: number;
    startedMs: number;
    taskMissions: ReadonlyMap<string, string>;
    submitted: ReadonlyMap<string, { repository: string }>;
  },
): number {
  const underWay = new Set<string>();
  let since = about.mayStartMs;
  for (const event of events) {
    if (ms(event) >= about.startedMs) break;
    const owner = about.submitted.get(about.taskMissions.get(event.stream) ?? "");
    if (owner?.repository !== about.mission.repository) continue;
    if (event.type === "RunStarted") underWay.add(event.stream);
    if (event.type === "ChecksRan" && underWay.delete(event.stream) && underWay.size === 0)
      since = Math.max(since, ms(event));
  }
  return underWay.size === 0 ? since : Number.POSITIVE_INFINITY;
}

function ms(event: Recorded | undefined): number {
  return event === undefined ? Number.POSITIVE_INFINITY : Date.parse(event.recorded_at);
}
