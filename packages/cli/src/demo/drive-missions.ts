/** Plays a demo's missions one after the other through aedev's verbs, and gathers what they came to. */
import { type MissionDocument, missionStatuses } from "@aedev/core";
import { type Checks, checksSchema } from "@aedev/core/wire";
import { z } from "zod";
import type { AedevLines } from "./aedev-lines.ts";
import type { DemoMission, DemoScripts } from "./missions-file.ts";
import { progressOf } from "./progress.ts";
import { type RecordedEvent, recordedEvent } from "./recorded-event.ts";
import { timeline } from "./timeline.ts";

export interface Played {
  /** As `aedev mission show --json` prints them. */
  readonly missions: readonly MissionDocument[];
  /** A timeline each, in the same order. */
  readonly stories: readonly string[];
  /** True where every mission reached merge, ask or hold. */
  readonly complete: boolean;
  /** What `aedev events verify` finds wrong. */
  readonly problems: readonly string[];
}

const repositoryName = "demo";
const waitTimeout = "1800s";

const submittedSchema = z.looseObject({ mission_id: z.string() });
const documentSchema = z.custom<MissionDocument>((value) => missionSchema.safeParse(value).success);
const missionSchema = z.looseObject({
  mission_id: z.string(),
  status: z.enum(missionStatuses),
  tasks: z.array(
    z.looseObject({ task_id: z.string(), decision: z.string().nullable(), landed_commit: z.string().nullable() }),
  ),
});
const verifiedSchema = z.looseObject({ ok: z.boolean(), problems: z.array(z.string()) });
const checksEntrySchema = z.looseObject({ content: checksSchema });

interface Drive {
  readonly scripts: DemoScripts;
  readonly remote: string;
  readonly say: (line: string) => void;
  /** Lines that an interrupt does not reach. */
  readonly last: AedevLines;
}

export async function driveMissions(lines: AedevLines, drive: Drive): Promise<Played> {
  const { scripts, remote, say } = drive;
  say("starting the daemon");
  await lines.document(["daemon", "start"], z.unknown());
  const unfollow = lines.follow((event) => {
    const words = progressOf(recordedEvent(event));
    if (words !== null) say(words);
  });
  try {
    await lines.document(["repo", "add", remote, ...registration(scripts)], z.unknown());
    const missions: MissionDocument[] = [];
    for (const mission of scripts.missions) missions.push(await play(mission, lines, drive));
    const { problems } = await lines.document(["events", "verify"], verifiedSchema, [0, 1]);
    const events = (await lines.events()).map(recordedEvent);
    const stories: string[] = [];
    for (const mission of missions) stories.push(await storyOf(mission, events, lines));
    return { missions, stories, problems, complete: missions.every(isDecided) };
  } finally {
    unfollow();
  }
}

/** Writes are allowed: the remote is the demo's own. */
function registration({ repository: { settings } }: DemoScripts): string[] {
  const { prepare, build, inputs, outputs, verify, tests, image } = settings;
  const optional = (flag: string, value: string | null) => (value === null || value === "" ? [] : [flag, value]);
  return [
    ...["--name", repositoryName, "--profile", "balanced", "--allow-writes"],
    ...optional("--prepare", prepare),
    ...optional("--build", build),
    ...optional("--inputs", inputs.join(",")),
    ...optional("--outputs", outputs.join(",")),
    ...verify.flatMap((command) => ["--verify", command]),
    ...tests.flatMap((glob) => ["--tests", glob]),
    ...optional("--image", image),
  ];
}

async function play(mission: DemoMission, lines: AedevLines, { say, last }: Drive): Promise<MissionDocument> {
  const [title = ""] = mission.text.split("\n");
  say(`mission: ${title}`);
  const criteria = mission.criteria.flatMap((text) => ["--criterion", text]);
  const intake = ["intake", mission.text, "--repo", repositoryName, ...criteria];
  const { mission_id } = await lines.document(intake, submittedSchema);
  try {
    await lines.document(["mission", "approve", mission_id], z.unknown());
    // Exit 4 is a hold or a question, 1 the end of the wait: what the mission came to stands in its document.
    await lines.document(["mission", "wait", mission_id, "--timeout", waitTimeout], z.unknown(), [0, 1, 4]);
    return await lines.document(["mission", "show", mission_id], documentSchema);
  } catch (error) {
    await last.run(["mission", "cancel", mission_id]);
    throw error;
  }
}

/** A merge counts when it has landed. */
function isDecided({ tasks }: MissionDocument): boolean {
  return (
    tasks.length > 0 &&
    tasks.every(({ decision, landed_commit }) => decision !== null && (decision !== "merge" || landed_commit !== null))
  );
}

async function storyOf(mission: MissionDocument, events: readonly RecordedEvent[], lines: AedevLines): Promise<string> {
  const { mission_id, title, tasks } = mission;
  const streams = new Set([`mission/${mission_id}`, ...tasks.map(({ task_id }) => `task/${task_id}`)]);
  const task = tasks.find(({ evidence_digest }) => evidence_digest !== null);
  const checks: Checks | null =
    task === undefined
      ? null
      : (await lines.document(["evidence", "show", task.task_id, "--entry", "checks"], checksEntrySchema)).content;
  return timeline({ title, missionId: mission_id, events: events.filter(({ stream }) => streams.has(stream)), checks });
}
