/** Plays missions through aedev's verbs as a person would: submit, answer, approve, wait for the result. */
import { setTimeout } from "node:timers/promises";
import { type MissionDocument, missionClaritySchema, waitingMissionSchema } from "@aedev/contracts/api";
import { z } from "zod";
import type { AedevLines } from "../setup/aedev-lines.ts";
import type { DemoSetup } from "../setup/demo-setup.ts";
import type { DemoMission, DemoScripts } from "../setup/missions-file.ts";
import type { DemoPhone } from "./demo-phone.ts";

const repositoryName = "demo";
const waitTimeout = "1800s";

/** Without the cost: the demo's prices come from a script. */
const missionWithoutCostSchema = waitingMissionSchema
  .extend({ used: z.unknown() })
  .transform(({ used: _used, ...mission }) => mission);

const roundsMax = 2;
const replyTimeoutMs = 60_000;
const replyPauseMs = 300;

/** Writes are allowed, because the remote is the demo's own. `source`: by default the bare remote. */
export async function registerRepository(
  { lines, remote, scripts }: DemoSetup,
  { source = remote.remote, profile = "balanced" }: { source?: string; profile?: "balanced" | "safe" } = {},
): Promise<void> {
  await lines.document(["repo", "add", source, ...registration(scripts, profile)], z.unknown());
}

function registration({ repository: { settings } }: DemoScripts, profile: string): string[] {
  const { prepare, build, inputs, outputs, verify, tests, image } = settings;
  const optional = (flag: string, value: string | null) => (value === null || value === "" ? [] : [flag, value]);
  return [
    ...["--name", repositoryName, "--profile", profile, "--allow-writes"],
    ...optional("--prepare", prepare),
    ...optional("--build", build),
    ...optional("--inputs", inputs.join(",")),
    ...optional("--outputs", outputs.join(",")),
    ...verify.flatMap((command) => ["--verify", command]),
    ...tests.flatMap((glob) => ["--tests", glob]),
    ...optional("--image", image),
  ];
}

/** Submits, answers and approves a mission. `onSubmitted` gets its id before the approval, because an interrupted approval may have taken effect. */
async function submitMission(
  mission: DemoMission,
  { lines, say }: DemoSetup,
  onSubmitted: (missionId: string) => void,
): Promise<void> {
  const [title = ""] = mission.text.split("\n");
  say(`mission: ${title}`);
  const criteria = mission.criteria.flatMap((text) => ["--criterion", text]);
  const intake = ["intake", mission.text, "--repo", repositoryName, "--no-input", ...criteria];
  let submitted = await lines.document(intake, missionClaritySchema, [0, 4]);
  const { mission_id } = submitted;
  onSubmitted(mission_id);
  for (let round = 0; round < roundsMax && submitted.questions.length > 0; round += 1) {
    const answers = submitted.questions.map(({ id, text, default: usual }) =>
      answerWords({ id, text, answer: mission.answers[id] ?? usual }, say),
    );
    submitted = await lines.document(
      ["mission", "answer", mission_id, ...answers.flat()],
      missionClaritySchema,
      [0, 4],
    );
  }
  await lines.document(["mission", "approve", mission_id], z.unknown());
}

/** Tells a question and its answer to the viewer. Returns the words for the command line. */
function answerWords(
  { id, text, answer }: { id: string; text: string; answer: string },
  say: DemoSetup["say"],
): string[] {
  say(`asked: ${text}`, "asked");
  say(`answered: ${answer.split("\n").join("; ")}`, "asked");
  return ["--answer", `${id}=${answer}`];
}

/**
 * Waits for the result, as `aedev mission show --json` prints it. Answers a question about tests if the script has the answer, and taps if the mission
 * asks and a tap is given; waits again after either.
 */
async function waitForMission(missionId: string, { tap, answer }: Person, lines: AedevLines): Promise<MissionDocument> {
  // Exit 4 is a hold or a question, 1 a timeout: the mission's document has the result.
  const wait = () => lines.document(["mission", "wait", missionId, "--timeout", waitTimeout], z.unknown(), [0, 1, 4]);
  const show = () => lines.document(["mission", "show", missionId], missionWithoutCostSchema);
  await wait();
  let mission = await show();
  const answers = mission.questions.flatMap((question) => answer(question) ?? []);
  if (answers.length > 0) {
    await lines.document(["mission", "answer", missionId, ...answers], z.unknown(), [0, 4]);
    await wait();
    mission = await show();
  }
  const asked = mission.status === "asked" ? mission.tasks.find(({ status }) => status === "asked") : undefined;
  if (asked === undefined || tap === null) return mission;
  await tap(asked.task_id);
  const until = Date.now() + replyTimeoutMs;
  while ((await show()).status === "asked" && Date.now() < until) await setTimeout(replyPauseMs);
  await wait();
  return show();
}

interface Person {
  readonly tap: ((taskId: string) => Promise<void>) | null;
  /** The words for the command line; null: the script has no answer. */
  answer(question: { readonly id: string; readonly text: string }): string[] | null;
}

/** Plays all missions at once, as far as the daemon allows. If one fails, all are cancelled. */
export async function playMissions(setup: DemoSetup, phone: DemoPhone | null): Promise<MissionDocument[]> {
  const { scripts, lines, last, say } = setup;
  const ids: string[] = [];
  try {
    for (const mission of scripts.missions) await submitMission(mission, setup, (id) => ids.push(id));
    return await Promise.all(
      scripts.missions.map(({ tap: label, answers }, index) => {
        const tap = async (taskId: string) => {
          const push = await phone?.answer(taskId, label ?? "");
          for (const line of push?.text.split("\n") ?? []) say(`phone: ${line}`, "asked");
          say(`phone: tapped ${label}; answered ${push?.answered}`, "asked");
        };
        const person: Person = {
          tap: label === undefined || phone === null ? null : tap,
          answer({ id, text }) {
            // The id ends with the number of the run.
            const given = answers[id.replace(/-\d+$/u, "")];
            return given === undefined ? null : answerWords({ id, text, answer: given }, say);
          },
        };
        return waitForMission(ids[index] ?? "", person, lines);
      }),
    );
  } catch (error) {
    for (const id of ids) await last.run(["mission", "cancel", id]);
    throw error;
  }
}
