/** Plays a demo's missions, and gathers what they came to. */
import type { MissionDocument } from "@aedev/core";
import { type Checks, checksSchema } from "@aedev/core/wire";
import { z } from "zod";
import type { AedevLines } from "./aedev-lines.ts";
import type { DemoPhone, TappedPush } from "./demo-phone.ts";
import type { Stage } from "./ground/stage.ts";
import { type Measured, measureJudges } from "./measure-judges.ts";
import { playMissions, registerRepository } from "./play-mission.ts";
import type { Paint } from "./telling/paint.ts";
import { createProgress } from "./telling/progress.ts";
import { type RecordedEvent, recordedEvent } from "./telling/recorded-event.ts";
import { timeline } from "./telling/timeline.ts";

export interface Played {
  /** As `aedev mission show --json` prints them. */
  readonly missions: readonly MissionDocument[];
  /** A timeline each, in the same order. */
  readonly stories: readonly string[];
  /** True where every mission reached merge, ask or hold. */
  readonly complete: boolean;
  /** What `aedev events verify` finds wrong. */
  readonly problems: readonly string[];
  /** What the phone was asked, and its taps. */
  readonly pushes: readonly TappedPush[];
  /** How good the judges are. */
  readonly judges: Measured;
}

const verifiedSchema = z.looseObject({ ok: z.boolean(), problems: z.array(z.string()) });
const checksEntrySchema = z.looseObject({ content: checksSchema });

/** Its daemon runs. */
export async function driveMissions(stage: Stage, phone: DemoPhone, paint: Paint): Promise<Played> {
  const { lines } = stage;
  const unfollow = sayProgress(stage);
  try {
    await registerRepository(stage);
    const missions = await playMissions(stage, phone);
    const judges = await measureJudges(stage);
    const { problems } = await lines.document(["events", "verify"], verifiedSchema, [0, 1]);
    const events = (await lines.events()).map(recordedEvent);
    const stories: string[] = [];
    for (const mission of missions) stories.push(await storyOf(mission, events, { lines, phone, paint }));
    return { missions, stories, problems, complete: missions.every(isDecided), pushes: phone.tapped, judges };
  } finally {
    unfollow();
  }
}

/** Says each event that is worth a sentence, until the returned function is called. */
export function sayProgress({ lines, say }: Stage): () => void {
  const progressOf = createProgress();
  return lines.follow((event) => {
    const words = progressOf(recordedEvent(event));
    if (words !== null) say(words);
  });
}

/** A merge counts when it has landed, a question also where nobody has answered it. */
function isDecided({ tasks }: MissionDocument): boolean {
  return (
    tasks.length > 0 &&
    tasks.every(({ decision, landed_commit }) => decision !== null && (decision !== "merge" || landed_commit !== null))
  );
}

async function storyOf(
  mission: MissionDocument,
  events: readonly RecordedEvent[],
  { lines, phone, paint }: { lines: AedevLines; phone: DemoPhone; paint: Paint },
): Promise<string> {
  const { mission_id, title, tasks } = mission;
  const streams = new Set([`mission/${mission_id}`, ...tasks.map(({ task_id }) => `task/${task_id}`)]);
  const task = tasks.find(({ evidence_digest }) => evidence_digest !== null);
  const checks: Checks | null =
    task === undefined
      ? null
      : (await lines.document(["evidence", "show", task.task_id, "--entry", "checks"], checksEntrySchema)).content;
  const pushes = pushesOf(mission, phone.tapped);
  const own = events.filter(({ stream }) => streams.has(stream));
  return timeline({ title, missionId: mission_id, events: own, checks, pushes }, paint);
}

/** What the phone was asked about this mission. */
export function pushesOf({ tasks }: MissionDocument, pushes: readonly TappedPush[]): TappedPush[] {
  return pushes.filter(({ task_id }) => tasks.some((task) => task.task_id === task_id));
}
