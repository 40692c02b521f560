/** Properties of the fold and the decisions over random command sequences in any order. */

import { canonicalJson, noUsage } from "@aedev/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type CommandBody,
  decide,
  evolve,
  initialState,
  missionDocument,
  pendingWork,
  type State,
} from "../../src/index.ts";
import {
  blob,
  gated,
  ids,
  life,
  sampleHeldReport,
  sealed,
  someInstant,
  startRun,
  storyCommand,
  verdictOf,
} from "../../src/testing/index.ts";

const task = ids.task;
const repair = { max_runs: 2, task_tokens: 1000 };
const later = "2026-01-03T03:04:05.678Z";
const landing = {
  kind: "landing" as const,
  mission_id: ids.mission as never,
  task_id: task as never,
  change_digest: "d".repeat(64),
  bundle_digest: "e".repeat(64),
  policy_digest: "a".repeat(64),
};
const withRepair = (code: "HOLD-CHECKS-FAILED" | "HOLD-VALIDATOR-FAIL") =>
  ({ ...gated("hold", { hold_code: code }), repair }) as CommandBody;
const useApproval = (approvalId: string): CommandBody => ({
  kind: "UseApproval",
  approval_id: approvalId,
  action: "approve",
  decision: { kind: "ApproveLanding", task_id: task, digest: landing.change_digest },
});
/** Every command of a life, and everything that may come in between, in any order. */
const bodies: CommandBody[] = [
  ...Object.values(life),
  { kind: "CancelMission", mission_id: ids.mission },
  { kind: "RejectMission", mission_id: ids.mission, reason: null },
  { kind: "CancelTask", task_id: task },
  { kind: "RetryTask", task_id: task },
  { kind: "TellCoder", task_id: task, text: "use the helper" },
  { kind: "RejectTask", task_id: task, reason: null },
  { kind: "ReleaseHold", hold_id: ids.hold },
  { kind: "ApproveLanding", task_id: task, digest: null },
  { kind: "RecordBaseMoved", task_id: task, to: "7".repeat(40), hold_id: ids.hold },
  { kind: "HoldTask", task_id: task, code: "HOLD-FETCH-FAILED", detail: null, hold_id: ids.hold },
  { kind: "RecordRefusal", task_id: task, run_id: ids.run, what: "GET /" },
  { kind: "RecordSalvage", task_id: task, run_id: ids.run, patch: blob("5"), journal: null, usage: noUsage },
  { kind: "StartPlane", plane: "execution" },
  { kind: "StartDaemon", after_death: true },
  {
    kind: "LoadPolicy",
    digest: "a".repeat(64),
    policy: { digest: "a".repeat(64), size_bytes: 1, media_type: "text/plain" },
    approvals: { require_second_person: false, require_sign_in_above: "high" },
  },
  { ...startRun, run_id: "r-bbbbbbbbbbbbbbbb" } as CommandBody,
  { ...life["captured"], result: sampleHeldReport("HOLD-CODER-FAILED") } as CommandBody,
  { ...life["captured"], result: sampleHeldReport("HOLD-DOCKER-UNAVAILABLE", { retry_free: true }) } as CommandBody,
  { kind: "RecordVerdict", task_id: task, verdict: verdictOf("gemini", "fail") },
  { kind: "RecordVerdict", task_id: task, verdict: verdictOf("openai", "inconclusive", "timeout") },
  gated("ask"),
  { ...gated("merge"), independent_tests: true } as CommandBody,
  gated("hold", { hold_code: "HOLD-CHECKS-FAILED" }),
  gated("hold", { hold_code: "HOLD-VALIDATOR-INCONCLUSIVE" }),
  sealed({ inherits: true }),
  sealed({ judgeable: false }),
  withRepair("HOLD-CHECKS-FAILED"),
  withRepair("HOLD-VALIDATOR-FAIL"),
  { kind: "RecordBaseConflict", task_id: task, to: "7".repeat(40), why: "moved", repair, hold_id: ids.hold },
  { kind: "RequestChange", task_id: task, digest: null, words: "use the helper", specification: blob("6") },
  { kind: "AnswerQuestion", task_id: task, question_id: "coder-1", text: "the second one" },
  { kind: "HoldTask", task_id: task, code: "HOLD-BASE-MOVED", detail: "the branch is gone", hold_id: ids.hold },
  { kind: "HoldTask", task_id: task, code: "HOLD-QUESTION", detail: "which?", hold_id: ids.hold },
  { kind: "PauseRepository", repository: "repo" },
  { kind: "ResumeRepository", repository: "repo" },
  { kind: "ConfigureNotifier", digest: "a".repeat(64) },
  { kind: "ConfigureNotifier", digest: null },
  { kind: "RecordRepliesDropped", period_ms: 60_000 },
  { kind: "RecordWebhookRefusal", why: "replayed", count: 3, delivery: "72d3162e-cc78-11e3-81ab-4c9367dc0958" },
  { kind: "RequestApproval", approval_id: "a-aaaaaaaaaaaaaaaa", subject: landing, expires_at: later },
  { kind: "RequestApproval", approval_id: "a-bbbbbbbbbbbbbbbb", subject: landing, expires_at: later },
  useApproval("a-aaaaaaaaaaaaaaaa"),
  useApproval("a-bbbbbbbbbbbbbbbb"),
  { kind: "RecordPush", stream: "approval/a-aaaaaaaaaaaaaaaa", notice_id: "n", key: "n", folded: false },
  { kind: "RecordPush", stream: `task/${task}`, notice_id: `hold/${ids.hold}`, key: "k", folded: true },
  { kind: "RecordPush", stream: `mission/${ids.mission}`, notice_id: "n", key: "k", folded: true },
];
const sequences = fc
  .tuple(fc.nat(Object.keys(life).length), fc.array(fc.constantFrom(...bodies), { maxLength: 25 }))
  .map(([steps, anything]) => [...Object.values(life).slice(0, steps), ...anything]);

/** Random sequences rarely reach every status that a property must have seen. These three together do, for any seed. */
const whole = Object.values(life);
const until = (step: string) => whole.slice(0, Object.keys(life).indexOf(step) + 1);
const asked = [...until("gemini"), gated("ask")];
const held = [...until("gemini"), gated("hold", { hold_code: "HOLD-CHECKS-FAILED" })];

function play(sequence: readonly CommandBody[], onState: (state: State) => void = () => undefined): State {
  let state = initialState;
  for (const body of sequence) {
    const decision = decide(storyCommand(body), state);
    if (decision.kind === "refused") continue;
    for (const event of decision.events) state = evolve(state, { ...event, recorded_at: someInstant });
    onState(state);
  }
  return state;
}

describe("any sequence of commands", () => {
  it("emits only events that evolve can fold, and the fold has a canonical form", () => {
    fc.assert(
      fc.property(sequences, (sequence) => void canonicalJson(play(sequence))),
      { numRuns: 500 },
    );
  });

  it("folds any sequence of commands deterministically", () => {
    fc.assert(
      fc.property(
        sequences,
        (sequence) => void expect(canonicalJson(play(sequence))).toBe(canonicalJson(play(sequence))),
      ),
      { numRuns: 200 },
    );
  });

  it("lands only a change that the gate merged or a person approved, with the tree of the evidence", () => {
    fc.assert(
      fc.property(
        sequences,
        (sequence) =>
          void play(sequence, (state) => {
            const { landing, gate, approval, evidence } = state.tasks[task] ?? {};
            if (landing == null) return;
            expect(gate?.answer === "merge" || approval != null).toBe(true);
            expect(landing.tree).toBe(evidence?.tree);
          }),
      ),
      { numRuns: 500 },
    );
  });

  it("keeps no decision about a change once a next run is pending or starts", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(
        sequences,
        (sequence) =>
          void play(sequence, (state) => {
            const now = state.tasks[task];
            if (now === undefined) return;
            seen.add(now.status);
            if (now.status !== "planned" && now.status !== "running") return;
            expect(now).toMatchObject({ hold: null, gate: null, approval: null, landing: null });
            if (now.status !== "running") return;
            expect(now).toMatchObject({ evidence: null, verdicts: [], risk_acknowledged: false, landings: 0 });
            expect(now).toMatchObject({ tree: null, patch: null, manifest: null, next_cause: null });
          }),
      ),
      { numRuns: 1000, examples: [[whole], [asked], [held]] },
    );
    expect([...seen]).toEqual(expect.arrayContaining(["planned", "running", "landing", "asked", "held"]));
  });

  it("has each work item once, only for tasks that are not final, and never two landings in one repository", () => {
    fc.assert(
      fc.property(
        sequences,
        (sequence) =>
          void play(sequence, (state) => {
            const owed = pendingWork(state, someInstant);
            expect(new Set(owed.map((work) => work.work_id)).size).toBe(owed.length);
            const status = state.tasks[task]?.status ?? "";
            const onTasks = owed.filter((work) => work.task_id !== null);
            if (["landed", "rejected", "cancelled", "asked"].includes(status)) expect(onTasks).toEqual([]);
            if (state.system.notifier === null) expect(owed).toEqual(onTasks);
            expect(owed.filter((work) => work.kind === "LandChange").length).toBeLessThanOrEqual(1);
            void missionDocument(state, ids.mission);
          }),
      ),
      { numRuns: 300 },
    );
  });

  it("uses an approval at most once, and starts no more runs automatically than repair allows", () => {
    fc.assert(
      fc.property(sequences, (sequence) => {
        const uses = new Map<string, number>();
        let state = initialState;
        for (const body of sequence) {
          const decision = decide(storyCommand(body), state);
          if (decision.kind === "refused") continue;
          for (const event of decision.events) {
            if (event.type === "ApprovalUsed") uses.set(event.stream, (uses.get(event.stream) ?? 0) + 1);
            state = evolve(state, { ...event, recorded_at: someInstant });
          }
          expect(Math.max(0, ...uses.values())).toBeLessThanOrEqual(1);
          expect(state.tasks[task]?.repairs ?? 0).toBeLessThanOrEqual(repair.max_runs);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("resumes from any prefix: the pending work after a restart equals the pending work before", () => {
    fc.assert(
      fc.property(sequences, fc.nat(60), (sequence, cut) => {
        const events: Parameters<typeof evolve>[1][] = [];
        let state = initialState;
        for (const body of sequence) {
          const decision = decide(storyCommand(body), state);
          if (decision.kind === "refused") continue;
          for (const event of decision.events) {
            const folded = { ...event, recorded_at: someInstant };
            events.push(folded);
            state = evolve(state, folded);
          }
        }
        const prefix = events.slice(0, cut);
        const live = prefix.reduce(evolve, initialState);
        const restarted = prefix.map((event) => structuredClone(event)).reduce(evolve, initialState);
        expect(pendingWork(restarted, someInstant)).toEqual(pendingWork(live, someInstant));
      }),
      { numRuns: 300 },
    );
  });
});
