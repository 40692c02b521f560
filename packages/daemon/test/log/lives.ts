/** Lives of several missions for tests of the log: each step is a command with the mission's own ids, and may come at any time. */
import type { RunId } from "@aedev/contracts";
import type { EventData } from "@aedev/contracts/events";
import type { Command, CommandBody, State } from "@aedev/core";
import {
  blob,
  clear,
  gated,
  ids,
  life,
  sampleHeldReport,
  setUpRequest,
  storyCommand,
  verdictOf,
} from "@aedev/core/testing";

export const idOf = (kind: string, number: number) => `${kind}-${String(number).padStart(16, "0")}`;
const hex = (letter: string, number: number) => letter + String(number).padStart(63, "0");

/** Ids of the mission that reverts what another landed. */
const revert = { mission: "m-qqqqqqqqqqqqqqqq", task: "t-qqqqqqqqqqqqqqqq", run: "r-qqqqqqqqqqqqqqqq" } as const;
const revertsFrom = 1_000_000;
/** The mission of the one part of a plan that a coder proposes for another. */
const partMission = "m-aqaqaqaqaqaqaqaq";
const partsFrom = 2_000_000;

/** A command of the story, with a mission's ids and digests. */
export function ofMission(number: number, body: CommandBody): CommandBody {
  const own: Record<string, string> = {
    [ids.mission]: idOf("m", number),
    [ids.task]: idOf("t", number),
    [ids.run]: idOf("r", number),
    [ids.hold]: idOf("h", number),
    [revert.mission]: idOf("m", revertsFrom + number),
    [partMission]: idOf("m", partsFrom + number),
    [revert.task]: idOf("t", revertsFrom + number),
    [revert.run]: idOf("r", revertsFrom + number),
    ["e".repeat(64)]: hex("e", number),
    ["d".repeat(64)]: hex("d", number),
    ["f".repeat(64)]: hex("f", number),
  };
  const text = JSON.stringify(body).replace(/[mtrh]-[aq]{16}|[def]{64}/g, (name) => own[name] ?? name);
  return JSON.parse(text) as CommandBody;
}

const steps = Object.entries(life).flatMap(([step, body]) =>
  step === "initialized" || step === "registered" ? [] : [body],
);
const task = ids.task;

const draftRun = "r-eeeeeeeeeeeeeeee" as RunId;
const proposal = {
  title: "add() adds",
  place: "lib/add.js",
  criteria: ["add(1, 2) returns 3"],
  test: "test/add.test.js",
  size: "small" as const,
  questions: [],
};

const proposedPart = {
  ...{ name: "add", text: "Add add() to lib/add.js", criteria: ["add(1, 2) returns 3"], files: ["lib/add.js"] },
  ...{ creates: [], after: [], size: "small" as const },
};

/** What may happen to a mission: the steps of its life, and what cuts it short, brings it back or asks about it. */
export const happenings: Readonly<Record<string, CommandBody>> = {
  ...Object.fromEntries(steps.map((body, place) => [`step ${place}`, body])),
  registered: life["registered"] as CommandBody,
  "take it back": {
    kind: "RevertTask",
    ...{ task_id: task, commit: "9".repeat(40), subject: "Close the hole" },
    ...{ mission_id: revert.mission, revert_task_id: revert.task, title: 'Revert "Close the hole"' },
    ...{ criteria: [{ id: "c1", text: "as it was" }], specification: blob("5"), clarified_spec: blob("4") },
  },
  "prepare the revert": {
    ...(life["started"] as Extract<CommandBody, { kind: "StartRun" }>),
    ...{ kind: "PrepareRevert", task_id: revert.task, run_id: revert.run },
    ...{ before: "8".repeat(40), tree: "c".repeat(40), patch: blob("3") },
  } as CommandBody,
  "cancel the revert": { kind: "CancelTask", task_id: revert.task },
  "hold at the gate": gated("hold", { hold_code: "HOLD-RISK-HIGH" }),
  "ask at the gate": gated("ask"),
  "ask for tests at the gate": {
    ...(gated("ask") as Extract<CommandBody, { kind: "DecideGate" }>),
    missing_tests: "a way that no test takes",
    repair: { max_runs: 2, task_tokens: 1_000 },
  },
  "hold the task": {
    kind: "HoldTask",
    ...{ task_id: task, code: "HOLD-CODER-FAILED", detail: null, hold_id: ids.hold },
  },
  "approve the change": { kind: "ApproveLanding", task_id: task, digest: null },
  "fail the coder": {
    kind: "RecordCoderResult",
    task_id: task,
    run_id: ids.run,
    hold_id: ids.hold,
    result: sampleHeldReport("HOLD-CODER-FAILED"),
  },
  "fail by openai": openaiSays("fail"),
  "pass by openai": openaiSays("pass"),
  release: { kind: "ReleaseHold", hold_id: ids.hold },
  "reject the change": { kind: "RejectTask", task_id: task, reason: null },
  retry: { kind: "RetryTask", task_id: task },
  "cancel the task": { kind: "CancelTask", task_id: task },
  "land by a pull request": {
    ...(life["landing"] as Extract<CommandBody, { kind: "StartLanding" }>),
    head_ref: "refs/heads/aedev/m/t",
  },
  "open the pull request": {
    kind: "RecordPullRequest",
    task_id: task,
    number: 7,
    url: "https://github.com/o/r/pull/7",
    head: "9".repeat(40),
  },
  "wait for a check": {
    kind: "RecordPullRequestWaits",
    task_id: task,
    number: 7,
    waits_for: [{ kind: "checks-not-started" }],
  },
  "close the pull request": { kind: "RecordPullRequestClosed", task_id: task, number: 7 },
  "cancel the mission": { kind: "CancelMission", mission_id: ids.mission },
  "reject the mission": { kind: "RejectMission", mission_id: ids.mission, reason: null },
  "ask for a draft": { kind: "RequestDraft", mission_id: ids.mission, run_id: draftRun, tokens: 1000 },
  "end the draft": endDraft({ outcome: "drafted", draft: proposal }),
  "interrupt the draft": endDraft({ outcome: "interrupted" }),
  "accept the draft": {
    kind: "AcceptDraft",
    mission_id: ids.mission,
    run_id: draftRun,
    spec_digest: specificationOf(life["submitted"]),
    answers: [{ question_id: "target", question: "Where?", text: "drafted: lib/add.js" }],
    clarity: clear,
    criteria: [{ id: "c1", text: "drafted: add(1, 2) returns 3", drafted: true }],
    specification: blob("7"),
    clarified_spec: null,
  },
  "ask for a plan": { kind: "RequestDraft", mission_id: ids.mission, run_id: draftRun, tokens: 1000, of: "plan" },
  "end the draft with a plan": endDraft({ outcome: "planned", plan: { parts: [proposedPart] } }),
  "accept the plan": acceptPlan(life["submitted"]),
  "ask for a set-up run": setUpRequest,
  "cancel the set-up run": { kind: "CancelSetUpRun", run_id: setUpRequest.run_id },
  "end the set-up run": {
    kind: "EndSetUpRun",
    run_id: setUpRequest.run_id,
    base_commit: null,
    usage: null,
    journal: null,
    result: { outcome: "interrupted" },
  },
  "push that it landed": push(`task/${task}`, `landed/${task}`),
  "push about the mission": push(`mission/${ids.mission}`, "mission"),
};

function endDraft(result: EventData<"DraftEnded">["result"]): CommandBody {
  const nothing = { base_commit: null, prompt: null, usage: null, journal: null };
  return { kind: "EndDraft", mission_id: ids.mission, run_id: draftRun, ...nothing, result };
}

function acceptPlan(submitted: CommandBody | undefined): CommandBody {
  if (submitted?.kind !== "SubmitMission") throw new Error("the story submits no mission");
  const part = { ...submitted, mission_id: partMission, proposed: true as const };
  return {
    ...{ kind: "SubmitPlan", mission: { ...submitted, specification: blob("9"), clarified_spec: blob("a") } },
    ...{ on_failure: "stop", accepts: { run_id: draftRun, spec_digest: submitted.specification.digest } },
    parts: [{ name: "add", after: [], implied: [], files: ["lib/add.js"], mission: part }],
  };
}

function specificationOf(body: CommandBody | undefined): string {
  if (body?.kind !== "SubmitMission") throw new Error("the story submits no mission");
  return body.specification.digest;
}

/** A verdict under a known prompt, so that it counts for its change. */
function openaiSays(verdict: "pass" | "fail"): CommandBody {
  const said = { ...verdictOf("openai", verdict), prompt_digest: "9".repeat(64) };
  return { kind: "RecordVerdict", task_id: task, verdict: said };
}

function push(stream: string, notice_id: string): CommandBody {
  return { kind: "RecordPush", stream, notice_id, key: notice_id, folded: false };
}

/** A planted bundle with this number, beside a mission's bundle or for an audit. */
export function plant(number: number, target: { audit: number | null; beside: number | null }): CommandBody {
  return {
    kind: "PlantCanary",
    canary_id: idOf("c", number) as never,
    audit_id: target.audit === null ? null : (idOf("u", target.audit) as never),
    beside: target.beside === null ? null : hex("e", target.beside),
    source: { task_id: idOf("t", 0) as never, bundle_digest: hex("e", 0) },
    planted: (["known-bad", "known-good", "injection"] as const)[number % 3] ?? "injection",
    planted_class: "off-by-one",
    bundle: { digest: hex("c", number), size_bytes: 1, media_type: "text/plain" },
    verdict_nonces: { openai: "0".repeat(32) },
  };
}

export function judgeCanary(number: number): CommandBody {
  const verdict = { ...verdictOf("openai", "fail"), bundle_digest: hex("c", number), prompt_digest: "9".repeat(64) };
  return { kind: "RecordCanaryVerdict", canary_id: idOf("c", number), verdict };
}

export function commandAt(body: CommandBody, number: number, at: string): Command {
  return { ...storyCommand(body), command_id: `c-${number}`, at } as Command;
}

/** The number of entities in a state. */
export function sizeOf(state: State): number {
  const { missions, tasks, approvals, canaries, audits, past } = state;
  const parts = [missions, tasks, approvals, canaries, audits, past.planted];
  return parts.reduce((sum, part) => sum + Object.keys(part).length, 0);
}
