/**
 * The commands of a mission's whole life, for tests that need a state at some point of it. All ids are fixed; a digest is one repeated letter.
 *
 * Folder: fakes for tests: `given().when().then()`, a mission's whole life as commands.
 */

import type { Blob, Family, HeldReport, RepositoryName, RunId, Verdict } from "@aedev/contracts";
import { noSettings, noUsage } from "@aedev/contracts";
import type { Clarity, EventData, GateDecision } from "@aedev/contracts/events";
import { decide } from "../decide.ts";
import { evolve } from "../evolve.ts";
import type { Command, CommandBody } from "../model/command.ts";
import type { State } from "../model/state.ts";
import type { SetUpWork } from "../pending-work.ts";
import { assert } from "./assert.ts";
import { someInstant } from "./given.ts";

export const ids = {
  mission: "m-aaaaaaaaaaaaaaaa",
  task: "t-aaaaaaaaaaaaaaaa",
  run: "r-aaaaaaaaaaaaaaaa",
  hold: "h-aaaaaaaaaaaaaaaa",
} as const;
const baseCommit = "b".repeat(40);
export const tree = "c".repeat(40);
const settings = { ...noSettings, verify: ["npm test"], tests: ["test/**"] };
export const environment = {
  image: "i",
  image_id: "i",
  engine_version: "1",
  coder_version: "1",
  prepare_cache_key: null,
  model: "m",
};

export function blob(letter: string): Blob {
  return { digest: letter.repeat(64), size_bytes: 1, media_type: "text/plain" };
}

/** A person asks for a set-up run of a repository that is not registered. */
export const setUpRequest = {
  kind: "RequestSetUpRun",
  run_id: "r-dddddddddddddddd" as RunId,
  repository: "tool" as RepositoryName,
  url: "/tool.git",
  settings: noSettings,
  prompt: blob("1"),
  tokens: 1000,
} as const;

/** The work that performs it. */
export const setUpWork: SetUpWork = {
  kind: "SetUpRepository",
  work_id: `SetUpRepository/${setUpRequest.run_id}`,
  task_id: null,
  plane: "execution",
  run_id: setUpRequest.run_id,
};

/** The clarity of a mission that raises no question. */
export const clear: Clarity = { round: 0, score: 0, signals: [], questions: [], stuck: false };
/** Repair is off, as with `repair.max_runs: 0`. */
export const noRepair = { max_runs: 0, task_tokens: 1 };

let commands = 0;

export function storyCommand(body: CommandBody, actor = "operator"): Command {
  commands += 1;
  return { ...body, command_id: `command-${commands}`, actor, at: someInstant } as Command;
}

export function sampleHeldReport(code: HeldReport["code"], change: Partial<HeldReport> = {}): HeldReport {
  return {
    outcome: "held",
    code,
    detail: null,
    resumes_at: null,
    retry_free: false,
    usage: noUsage,
    journal: null,
    patch: null,
    exit_code: null,
    ...change,
  };
}

export function verdictOf(family: Family, verdict: Verdict["verdict"], detail: string | null = null): Verdict {
  return {
    family,
    model: "judge",
    verdict,
    detail,
    bundle_digest: "e".repeat(64),
    answer: null,
    usage: { input_tokens: 0, output_tokens: 0 },
    prompt_digest: "4".repeat(64),
    views: [],
  };
}

export function sealed(change: Partial<EventData<"EvidenceSealed">> = {}): CommandBody {
  const evidence = {
    run_id: ids.run as never,
    base_commit: baseCommit,
    tree,
    bundle: blob("e"),
    change_digest: "d".repeat(64),
    content_digest: "f".repeat(64),
    parent: null,
    checks_status: "green" as const,
    judgeable: true,
    inherits: false,
    verdict_nonces: { openai: "0".repeat(32), gemini: "1".repeat(32) },
    statement: blob("6"),
  };
  return { kind: "SealEvidence", task_id: ids.task, ...evidence, ...change };
}

export function gated(answer: GateDecision, change: Partial<EventData<"GateDecided">> = {}): CommandBody {
  const decision: EventData<"GateDecided"> = {
    answer,
    hold_code: null,
    hold_detail: null,
    reasons: [],
    risk_score: -2500,
    score_kind: "log-odds",
    shares: [],
    level: "low",
    statement: blob("6"),
    policy_digest: "a".repeat(64),
    profile: "balanced",
    bundle_digest: "e".repeat(64),
    change_digest: "d".repeat(64),
    ...change,
  };
  return {
    ...{ kind: "DecideGate", task_id: ids.task, decision, repair: noRepair, hold_id: ids.hold },
    ...{ missing_tests: null, waits_for_window: false, independent_tests: false },
  };
}

export const startRun: CommandBody = {
  kind: "StartRun",
  task_id: ids.task,
  run_id: ids.run,
  base_commit: baseCommit,
  ref: "refs/heads/main",
  prompt: blob("2"),
  settings,
  policy: blob("a"),
  profile: "balanced",
};
export const captured: CommandBody = {
  kind: "RecordCoderResult",
  task_id: ids.task,
  run_id: ids.run,
  hold_id: ids.hold,
  result: {
    outcome: "captured",
    tree,
    patch: blob("3"),
    usage: noUsage,
    environment,
    journal: blob("4"),
    transcript: null,
    exit_code: 0,
  },
};
export const checked: CommandBody = {
  kind: "RecordChecksResult",
  task_id: ids.task,
  run_id: ids.run,
  base_commit: baseCommit,
  hold_id: ids.hold,
  result: { outcome: "checked", tree, manifest: { schema: 1, parent: null, entries: {} } },
};
export const startLanding: CommandBody = {
  kind: "StartLanding",
  task_id: ids.task,
  ref: "refs/heads/main",
  base_commit: baseCommit,
  tree,
  commit: "9".repeat(40),
  committed_at: someInstant,
  author: { name: "aedev", email: "aedev@localhost" },
  message: blob("8"),
  log_head: { position: 1, hash: "0".repeat(64) },
};

/** The steps of an undisturbed life, in order. */
export const life: Readonly<Record<string, CommandBody>> = {
  initialized: { kind: "InitializeHome", home_id: "home" },
  registered: {
    kind: "ConfigureRepository",
    name: "repo" as never,
    url: "/r",
    target: "default-branch",
    settings,
    profile: "balanced",
    allow_writes: true,
    trial: "green",
  },
  submitted: {
    kind: "SubmitMission",
    mission_id: ids.mission,
    repository: "repo",
    title: "Close the hole",
    criteria: [{ id: "c1", text: "a test shows it closed" }],
    specification: blob("5"),
    priority: "normal",
    after: [],
    clarity: clear,
    clarified_spec: blob("4"),
  },
  approved: {
    kind: "ApproveMission",
    mission_id: ids.mission,
    spec_digest: null,
    task_id: ids.task,
  },
  started: startRun,
  captured,
  checked,
  sealed: sealed(),
  openai: { kind: "RecordVerdict", task_id: ids.task, verdict: verdictOf("openai", "pass") },
  gemini: { kind: "RecordVerdict", task_id: ids.task, verdict: verdictOf("gemini", "pass") },
  gated: gated("merge"),
  landing: startLanding,
  landed: { kind: "RecordLanded", task_id: ids.task, commit: "9".repeat(40), ref: "refs/heads/main" },
};

/** The state after the steps up to and including `last`; steps can be replaced. */
export function stateAfter(
  last: keyof typeof life,
  from: State,
  replaced: Partial<Record<keyof typeof life, CommandBody>> = {},
): State {
  let state = from;
  for (const [name, body] of Object.entries(life)) {
    state = stateAfterCommands(state, [replaced[name] ?? body]);
    if (name === last) return state;
  }
  throw new Error(`the story has no step ${last}`);
}

/** The state after further commands of a person or of control, all at the instant `at`. Throws an Error with code and reason if a command is refused. */
export function stateAfterCommands(state: State, bodies: readonly CommandBody[], at: string = someInstant): State {
  return bodies.reduce((before, body) => {
    const decision = decide({ ...storyCommand(body), at }, before);
    assert(
      decision.kind === "events",
      `${body.kind} was refused: ${decision.kind === "refused" ? `${decision.code}: ${decision.reason}` : ""}`,
    );
    return decision.events.reduce((folded, event) => evolve(folded, { ...event, recorded_at: at }), before);
  }, state);
}
