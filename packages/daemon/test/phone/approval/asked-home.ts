/** Homes for approval tests: a real log and real blobs in which a person is asked, made by the real commands. Nothing runs. */
import { randomBytes } from "node:crypto";
import { clarifyMission } from "@aedev/clarify";
import { bundleManifestSchema, canonicalJson, checksSchema, type Reason, specificationSchema } from "@aedev/contracts";
import type { ApprovalSubject } from "@aedev/contracts/events";
import { type ApprovalState, approvalsAbout, type CommandBody, decide, openSubjects } from "@aedev/core";
import { ids, life, sampleHeldReport, verdictOf } from "@aedev/core/testing";
import { homeLayout } from "@aedev/host/home-layout";
import { submitPlanCommand } from "../../../src/clarification/plan-submission.ts";
import { writeSpecification } from "../../../src/clarification/specification.ts";
import { openBudgets } from "../../../src/configuration/live-budgets.ts";
import { loadConfiguration } from "../../../src/configuration/load-configuration.ts";
import { loadPolicy } from "../../../src/configuration/load-policy.ts";
import { type Control, makeCommand, mirrorsOf, newId } from "../../../src/control/control.ts";
import { readDocument } from "../../../src/control/read-blobs.ts";
import { blobStore } from "../../../src/home/blobs.ts";
import { signHead } from "../../../src/home/signed-head.ts";
import { openEventLog } from "../../../src/log/event-log.ts";
import { initHome } from "../../../src/process/initialize-home.ts";
import { noGitHub } from "../../control/no-github.ts";
import { trustedLog } from "../../control/trusted-log.ts";

/** A text for every place where foreign text gets into the page: with markup, a control sequence, and reversed text. */
export const hostile = '<img src=x onerror=alert(1)>"\u202e\u001b]8;;http://evil\u0007';
const specificationText = `Make add() right for negative numbers ${hostile}`;
const usualTitle = "Close the hole";
const patchText = `diff --git a/lib/add.js b/lib/add.js
--- a/lib/add.js
+++ b/lib/add.js
@@ -1 +1 @@
-exports.add = (a, b) => Math.abs(a) + b;
+exports.add = (a, b) => a + b; // ${hostile}
`;

/** Control over a home, opened in this process. */
export async function openControl(
  home: string,
  environment: Record<string, string> = { AEDEV_PUBLIC_URL: "https://phone.example", AEDEV_APPROVAL_PORT: "0" },
): Promise<Control & AsyncDisposable> {
  await initHome(home);
  const { policy } = loadPolicy({ home });
  const log = await openEventLog({ path: homeLayout(home).log, decide });
  const configuration = loadConfiguration({ home, environment });
  return {
    home,
    configuration,
    log,
    blobs: blobStore(home),
    trust: trustedLog,
    policy: () => policy,
    budgets: openBudgets({ home, environment }),
    unreadFiles: async () => [],
    verify: () => {
      throw new Error("nothing is verified here");
    },
    judgePromptDigest: "0".repeat(64),
    github: noGitHub,
    mirror: mirrorsOf({ home, configuration, github: noGitHub, log }),
    signHead: () => void signHead(home, log, new Date().toISOString()),
    [Symbol.asyncDispose]: () => log.close(),
  };
}

export async function submit(control: Control, body: CommandBody): Promise<void> {
  const answer = await control.log.submit(makeCommand(body, "operator"));
  if (answer.kind === "refused") throw new Error(`${body.kind} was refused: ${answer.reason}`);
}

/** What of a change differs from the story's. */
interface AskedChange {
  readonly title?: string;
  readonly patch?: string;
  readonly reasons?: readonly Reason[];
  readonly shares?: readonly { factor: string; points: number; why: string; missing: boolean }[];
}

/** Makes a mission whose change is asked about, and returns the subject. */
export async function askAboutChange(
  control: Control,
  steps: Partial<typeof life> = {},
  change: AskedChange = {},
): Promise<ApprovalSubject> {
  const { bodies, missionId } = storyOf(control, steps, change);
  for (const body of bodies) await submit(control, body);
  return subjectOf(control, missionId);
}

/** Makes a mission whose specification waits for its approval. */
export async function askAboutSpecification(control: Control): Promise<ApprovalSubject> {
  const { bodies, missionId } = storyOf(control, {});
  await submitUntil(control, bodies, "SubmitMission");
  return subjectOf(control, missionId);
}

/** Makes a plan of two parts that waits for its approval; the second waits for the first, because of its files. */
export async function askAboutPlan(control: Control): Promise<ApprovalSubject> {
  const [configure] = storyOf(control, {}).bodies;
  if (configure === undefined) throw new Error("the story is empty");
  await submit(control, configure);
  const part = (name: string) => ({
    ...{
      name,
      repo: "repo",
      after: [],
      files: ["lib/add.js"],
      creates: [],
      text: `Add ${name}() to lib/add.js ${hostile}`,
    },
    criteria: [`${name}(2) returns 1 ${hostile}`],
  });
  const made = await submitPlanCommand(control, {
    ...{ text: `Grow the library ${hostile}`, tasks: [part("half"), part("third")], on_failure: "stop" },
    ...{ priority: "normal", labels: [], after: [], again: true },
  });
  if ("kind" in made) throw new Error(`the plan was refused: ${made.reason}`);
  await submit(control, made.command);
  return subjectOf(control, made.command.mission.mission_id);
}

/** Makes a mission that raises questions, and returns the subject of each. */
export async function askForClarity(control: Control, text: string): Promise<ApprovalSubject[]> {
  const { bodies, missionId } = storyOf(control, {});
  const [configure, submission] = bodies;
  if (configure === undefined || submission?.kind !== "SubmitMission") throw new Error("the story begins elsewhere");
  const { clarity, criteria } = clarifyMission({ text, criteria: [] }, control.policy().clarification);
  const ofStory = readDocument(control, submission.specification.digest, specificationSchema);
  const { clarifications: _none, ...specification } = { ...ofStory, text, criteria };
  await submit(control, configure);
  await submit(control, {
    ...submission,
    clarity,
    criteria,
    ...writeSpecification(control.blobs, specification, clarity),
  });
  return openSubjects(control.log.state).filter(({ mission_id }) => mission_id === missionId);
}

/** Makes a mission whose coder stopped with this question. */
export async function askCodersQuestion(control: Control, question: string): Promise<ApprovalSubject> {
  const { bodies, missionId } = storyOf(control, {});
  const started = await submitUntil(control, bodies, "StartRun");
  await submit(control, {
    kind: "HoldTask",
    task_id: started.task_id,
    code: "HOLD-QUESTION",
    detail: question,
    hold_id: newId("h"),
  });
  return subjectOf(control, missionId);
}

/** Makes a mission whose coder says that it breaks this test. */
export async function askAboutTests(control: Control, name: string): Promise<ApprovalSubject> {
  const { bodies, missionId } = storyOf(control, {});
  const { task_id, run_id } = await submitUntil(control, bodies, "StartRun");
  const result = { ...sampleHeldReport("HOLD-QUESTION", { detail: "May it change?" }), breaks: [name] };
  await submit(control, { kind: "RecordCoderResult", task_id, run_id, result, hold_id: newId("h") });
  return subjectOf(control, missionId);
}

/** Makes a mission whose task is held for a budget; `detail`: that of the hold. */
export async function holdForBudget(control: Control, detail: string): Promise<{ task_id: string; hold_id: string }> {
  const { bodies } = storyOf(control, {});
  const { task_id } = await submitUntil(control, bodies, "StartRun");
  const hold_id = newId("h");
  await submit(control, { kind: "HoldTask", task_id, code: "HOLD-BUDGET", detail, hold_id });
  return { task_id, hold_id };
}

/** Plants a defect, which the configured OpenAI judge under this prompt catches. */
export async function plantCaughtDefect(control: Control, prompt_digest: string): Promise<void> {
  const canary_id = newId("c") as never;
  const digest = randomBytes(32).toString("hex");
  await submit(control, {
    ...{ kind: "PlantCanary", canary_id, audit_id: null, beside: null, planted: "known-bad" },
    source: { task_id: ids.task as never, bundle_digest: "e".repeat(64) },
    planted_class: "off-by-one",
    bundle: { digest, size_bytes: 1, media_type: "application/json" },
    verdict_nonces: { openai: "0".repeat(32) },
  });
  const model = control.configuration.models.openai ?? "";
  const verdict = { ...verdictOf("openai", "fail"), bundle_digest: digest, prompt_digest, model };
  await submit(control, { kind: "RecordCanaryVerdict", canary_id, verdict });
}

async function submitUntil<K extends CommandBody["kind"]>(control: Control, bodies: readonly CommandBody[], last: K) {
  for (const body of bodies) {
    await submit(control, body);
    if (body.kind === last) return body as Extract<CommandBody, { kind: K }>;
  }
  throw new Error(`the story has no ${last}`);
}

/** Requests a decision and returns the approval's state. */
export async function requestApproval(
  control: Control,
  subject: ApprovalSubject,
  expiresInMs = 12 * 60 * 60 * 1000,
): Promise<ApprovalState> {
  const expires_at = new Date(Date.now() + expiresInMs).toISOString();
  await submit(control, { kind: "RequestApproval", approval_id: newId("a"), subject, expires_at });
  const approval = approvalsAbout(control.log.state, subject).at(-1);
  if (approval === undefined) throw new Error("no approval was made");
  return approval;
}

export async function countEvents(control: Control, type: string): Promise<number> {
  return (await control.log.listEvents()).filter((event) => event.type === type).length;
}

function subjectOf(control: Control, missionId: string): ApprovalSubject {
  const subject = openSubjects(control.log.state).find(({ mission_id }) => mission_id === missionId);
  if (subject === undefined) throw new Error(`nobody is asked about ${missionId}`);
  return subject;
}

/** The story's life up to the gate's question, with new ids and existing blobs. */
function storyOf(
  control: Control,
  steps: Partial<typeof life>,
  { title = usualTitle, patch = patchText, ...gate }: AskedChange = {},
): { bodies: CommandBody[]; missionId: string } {
  const suffix = [...randomBytes(16)].map((byte) => "abcdefghjkmnpqrs"[byte % 16]).join("");
  const missionId = `m-${suffix}`;
  const put = (value: unknown) => control.blobs.put(canonicalJson(value), "application/json").digest;
  const specification = specificationSchema.parse({
    schema: 1,
    mission_id: missionId,
    repository: "repo",
    title,
    text: title === usualTitle ? specificationText : `${title}\n${specificationText}`,
    criteria: [
      { id: "c1", text: `add(-1, 2) is 1 ${hostile}` },
      { id: "c2", text: "a new test shows it", default: true },
    ],
    clarifications: [{ question: "Which file?", answer: `lib/add.js ${hostile}` }],
    instructions: [`use the existing sign() ${hostile}`],
  });
  const checks = checksSchema.parse({
    status: "green",
    newly_failing: [],
    vanished: [],
    fail_to_pass: [`adds negative numbers ${hostile}`],
    pass_to_pass: 2,
    reasons: [],
  });
  const entries = { checks: { digest: put(checks), size_bytes: 1, media_type: "application/json" } };
  const digests: Record<string, string> = {
    [ids.mission]: missionId,
    [ids.task]: `t-${suffix}`,
    [ids.run]: `r-${suffix}`,
    [ids.hold]: `h-${suffix}`,
    ["5".repeat(64)]: put(specification),
    ["3".repeat(64)]: control.blobs.put(patch, "text/x-patch").digest,
    ["e".repeat(64)]: put(bundleManifestSchema.parse({ schema: 1, parent: null, entries })),
    ["f".repeat(64)]: randomBytes(32).toString("hex"),
    [usualTitle]: JSON.stringify(title).slice(1, -1),
  };
  const asked = { ...life, ...steps, gated: { ...life["gated"], ...askedGate(life["gated"], gate) } };
  const bodies = Object.entries(asked)
    .filter(([name]) => name !== "initialized" && name !== "landing" && name !== "landed")
    .map(([, body]) => {
      const text = Object.entries(digests).reduce((all, [from, to]) => all.replaceAll(from, to), JSON.stringify(body));
      return JSON.parse(text) as CommandBody;
    });
  return { bodies, missionId };
}

function askedGate(body: CommandBody | undefined, given: Pick<AskedChange, "reasons" | "shares">): CommandBody {
  if (body?.kind !== "DecideGate") throw new Error("the story decides its gate elsewhere");
  const shares = [
    { factor: "changed_files", points: 6, why: `one file ${hostile}`, missing: false },
    { factor: "public_interface_changed", points: 3, why: "14 other files call what changes", missing: false },
    { factor: "configuration_touched", points: 1, why: "unknown counts in full", missing: true },
  ];
  return {
    ...body,
    decision: {
      ...body.decision,
      answer: "ask",
      reasons: [...(given.reasons ?? [`the profile is safe ${hostile}`])],
      shares: [...(given.shares ?? shares)],
    },
  };
}
