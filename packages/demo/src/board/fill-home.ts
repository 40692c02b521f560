/** Fills a demo's home: four repositories, and missions of two weeks in states of all kinds. The same seed gives the same home. */
import { noSettings } from "@aedev/contracts";
import type { DemoHome } from "@aedev/daemon";
import { type BoardMission, criteriaOf, readBoard } from "./board-missions.ts";
import { drawnDigest } from "./chance.ts";
import { type Cast, createOutside, idOf } from "./outside.ts";
import { type Reply, simulate } from "./simulate.ts";

const minute = 60_000;
const hour = 60 * minute;
const draftTokens = 200_000;
/** When the home began, before its first mission. */
export const demoStartsBeforeMs = 15 * 24 * hour;

/** `nowMs`: when the simulated time ends, in milliseconds since 1970. */
export async function fillHome(home: DemoHome, { seed, nowMs }: { seed: number; nowMs: number }): Promise<void> {
  const { repositories, missions } = readBoard();
  const cast = new Map<string, Cast>();
  const startMs = nowMs - demoStartsBeforeMs;
  const plan: Reply[] = Object.entries(repositories).map(([name, { url, profile }]) => {
    const settings = { ...noSettings, verify: ["npm test"], tests: ["test/**"] };
    const registered = { kind: "ConfigureRepository", name, url, target: "default-branch", settings, profile } as const;
    const body = { ...registered, allow_writes: true, trial: "green" } as never;
    return { afterMs: startMs + minute, by: "operator", bodies: [() => body] };
  });
  for (const mission of missions) {
    const key = `${drawnDigest(64, seed, mission.ask).slice(0, 14)}a`;
    const repository = repositories[mission.in];
    if (repository === undefined) throw new Error(`no repository ${mission.in}`);
    cast.set(key, { mission, repository, key, isRevert: false });
    plan.push(...submissionOf(home, mission, { key, atMs: nowMs - mission.ago * hour }));
  }
  await simulate(home, { plan, outside: createOutside(home, { seed, cast }), untilMs: nowMs });
}

/** The person's first acts: they submit a mission, and approve, refuse or cancel it, or ask for a draft. */
function submissionOf(home: DemoHome, mission: BoardMission, { key, atMs }: { key: string; atMs: number }): Reply[] {
  const mission_id = idOf("m", key);
  const { ask, end, why = null } = mission;
  const act = (afterMs: number, body: Reply["bodies"][number]): Reply => ({
    afterMs,
    by: "operator",
    bodies: [body],
  });
  const request = { mission_id, repository: mission.in, title: ask, text: ask, criteria: criteriaOf(mission) };
  const submitted = act(atMs, () => home.submission(request));
  switch (end) {
    case "questions":
    case "waiting":
      return [submitted];
    case "draft": {
      const run_id = idOf("r", `${key}0`);
      return [submitted, act(atMs + minute, () => ({ kind: "RequestDraft", mission_id, run_id, tokens: draftTokens }))];
    }
    case "refused":
      return [submitted, act(atMs + hour, () => ({ kind: "RejectMission", mission_id, reason: why }))];
    case "cancelled":
      return [submitted, act(atMs + hour, () => ({ kind: "CancelMission", mission_id }))];
    default: {
      const task_id = idOf("t", key);
      const approval = { kind: "ApproveMission", mission_id, spec_digest: null, task_id } as const;
      return [submitted, act(atMs + 3 * minute, () => approval)];
    }
  }
}
