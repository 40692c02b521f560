/** One mission from its text to what it came to, through aedev's verbs as a person uses them: submit, answer, approve, wait. */
import { setTimeout } from "node:timers/promises";
import { type MissionDocument, missionStatuses } from "@aedev/core";
import { z } from "zod";
import type { AedevLines } from "./aedev-lines.ts";
import type { DemoPhone } from "./demo-phone.ts";
import type { Stage } from "./ground/stage.ts";
import type { DemoMission, DemoScripts } from "./missions-file.ts";

const repositoryName = "demo";
const waitTimeout = "1800s";

const roundsMax = 2;
const replyTimeoutMs = 60_000;
const replyPauseMs = 300;

const submittedSchema = z.looseObject({
  mission_id: z.string(),
  questions: z.array(z.looseObject({ id: z.string(), text: z.string(), default: z.string() })).default([]),
});
const documentSchema = z.custom<MissionDocument>((value) => missionSchema.safeParse(value).success);
const missionSchema = z.looseObject({
  mission_id: z.string(),
  status: z.enum(missionStatuses),
  tasks: z.array(
    z.looseObject({ task_id: z.string(), decision: z.string().nullable(), landed_commit: z.string().nullable() }),
  ),
});

/** Writes are allowed: the remote is the demo's own. */
export async function registerRepository({ lines, place, scripts }: Stage): Promise<void> {
  await lines.document(["repo", "add", place.remote, ...registration(scripts)], z.unknown());
}

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

/** Submits it, answers what is asked, approves it. `begun` hears its id before that: an approval that is interrupted may have been heard. */
async function submitMission(
  mission: DemoMission,
  { lines, say }: Stage,
  begun: (missionId: string) => void,
): Promise<void> {
  const [title = ""] = mission.text.split("\n");
  say(`mission: ${title}`);
  const criteria = mission.criteria.flatMap((text) => ["--criterion", text]);
  const intake = ["intake", mission.text, "--repo", repositoryName, "--no-input", ...criteria];
  let submitted = await lines.document(intake, submittedSchema, [0, 4]);
  const { mission_id } = submitted;
  begun(mission_id);
  for (let round = 0; round < roundsMax && submitted.questions.length > 0; round += 1) {
    const answers = submitted.questions.map(({ id, text, default: usual }) => {
      const answer = mission.answers[id] ?? usual;
      say(`asked: ${text}`);
      say(`answered: ${answer.split("\n").join("; ")}`);
      return ["--answer", `${id}=${answer}`];
    });
    submitted = await lines.document(["mission", "answer", mission_id, ...answers.flat()], submittedSchema, [0, 4]);
  }
  await lines.document(["mission", "approve", mission_id], z.unknown());
}

/** What it came to, as `aedev mission show --json` prints it; where it asks and a tap is wanted, what it came to after that. */
async function waitForMission(missionId: string, tap: Tap | null, lines: AedevLines): Promise<MissionDocument> {
  // Exit 4 is a hold or a question, 1 the end of the wait: what the mission came to stands in its document.
  const wait = () => lines.document(["mission", "wait", missionId, "--timeout", waitTimeout], z.unknown(), [0, 1, 4]);
  const show = () => lines.document(["mission", "show", missionId], documentSchema);
  await wait();
  const mission = await show();
  const asked = mission.status === "asked" ? mission.tasks.find(({ status }) => status === "asked") : undefined;
  if (asked === undefined || tap === null) return mission;
  await tap(asked.task_id);
  const until = Date.now() + replyTimeoutMs;
  while ((await show()).status === "asked" && Date.now() < until) await setTimeout(replyPauseMs);
  await wait();
  return show();
}

type Tap = (taskId: string) => Promise<void>;

/** Plays all at once, as the daemon lets them; one that fails cancels the rest. */
export async function playMissions(stage: Stage, phone: DemoPhone | null): Promise<MissionDocument[]> {
  const { scripts, lines, last, say } = stage;
  const ids: string[] = [];
  try {
    for (const mission of scripts.missions) await submitMission(mission, stage, (id) => ids.push(id));
    return await Promise.all(
      scripts.missions.map(({ tap: label }, place) => {
        const tap: Tap = async (taskId) => {
          const push = await phone?.answer(taskId, label ?? "");
          for (const line of push?.text.split("\n") ?? []) say(`phone: ${line}`);
          say(`phone: tapped ${label}; answered ${push?.answered}`);
        };
        return waitForMission(ids[place] ?? "", label === undefined || phone === null ? null : tap, lines);
      }),
    );
  } catch (error) {
    for (const id of ids) await last.run(["mission", "cancel", id]);
    throw error;
  }
}
