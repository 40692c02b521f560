/**
 * Plays a demo's missions and collects their results.
 *
 * Folder: `aedev demo`: playing its missions.
 */

import { type Checks, checksSchema } from "@aedev/contracts";
import { type MissionDocument, verificationSchema } from "@aedev/contracts/api";
import { z } from "zod";
import type { AedevLines } from "../setup/aedev-lines.ts";
import type { DemoSetup } from "../setup/demo-setup.ts";
import { type Paint, toneOf } from "../telling/paint.ts";
import { createProgress } from "../telling/progress.ts";
import { type RecordedEvent, recordedEvent } from "../telling/recorded-event.ts";
import { timeline } from "../telling/timeline.ts";
import type { DemoPhone, TappedPush } from "./demo-phone.ts";
import { type JudgeMeasurement, measureJudges } from "./measure-judges.ts";
import { playMissions, registerRepository } from "./play-mission.ts";

export interface Played {
  /** As `aedev mission show --json` prints them. */
  readonly missions: readonly MissionDocument[];
  /** Their timelines, in the same order. */
  readonly stories: readonly string[];
  /** True if every mission reached merge, ask or hold. */
  readonly complete: boolean;
  /** The problems that `aedev events verify` found. */
  readonly problems: readonly string[];
  readonly pushes: readonly TappedPush[];
  readonly judges: JudgeMeasurement;
}

const checksEntrySchema = z.looseObject({ content: checksSchema });

/** The set-up's daemon must be running. */
export async function driveMissions(setup: DemoSetup, phone: DemoPhone, paint: Paint): Promise<Played> {
  const { lines } = setup;
  const unfollow = sayProgress(setup);
  try {
    await registerRepository(setup);
    const missions = await playMissions(setup, phone);
    const judges = await measureJudges(setup);
    const { problems } = await lines.document(["events", "verify"], verificationSchema, [0, 1]);
    const events = (await lines.events()).map(recordedEvent);
    const stories: string[] = [];
    for (const [index, mission] of missions.entries()) {
      const { shows } = setup.scripts.missions[index] ?? {};
      stories.push(await storyOf(mission, events, { lines, phone, paint, shows }));
    }
    return { missions, stories, problems, complete: missions.every(isDecided), pushes: phone.tapped, judges };
  } finally {
    unfollow();
  }
}

/** Prints progress as events arrive, until the returned function is called. */
export function sayProgress({ lines, say }: DemoSetup): () => void {
  const progressOf = createProgress();
  return lines.follow((line) => {
    const event = recordedEvent(line);
    const words = progressOf(event);
    if (words !== null) say(words, toneOf(event));
  });
}

/** A merge counts once it has landed; a question counts even if nobody has answered it. */
function isDecided({ tasks }: MissionDocument): boolean {
  return (
    tasks.length > 0 &&
    tasks.every(({ decision, landed_commit }) => decision !== null && (decision !== "merge" || landed_commit !== null))
  );
}

async function storyOf(
  mission: MissionDocument,
  events: readonly RecordedEvent[],
  { lines, phone, paint, shows }: { lines: AedevLines; phone: DemoPhone; paint: Paint; shows: string | undefined },
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
  return timeline({ title, shows, missionId: mission_id, events: own, checks, pushes }, paint);
}

/** The phone's questions about this mission. */
export function pushesOf({ tasks }: MissionDocument, pushes: readonly TappedPush[]): TappedPush[] {
  return pushes.filter(({ about }) => tasks.some((task) => task.task_id === about));
}
