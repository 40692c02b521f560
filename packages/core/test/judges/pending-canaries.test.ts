/** When planted bundles are pending and judged, and that none of this affects a task. */

import type { Family } from "@aedev/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide } from "../../src/decide.ts";
import { evolve } from "../../src/evolve.ts";
import { auditPlan, besideKind, type CanaryBounds, pendingCanaries } from "../../src/judges/pending-canaries.ts";
import type { CommandBody } from "../../src/model/command.ts";
import { initialState, type State } from "../../src/model/state.ts";
import { pendingWork, widestBounds } from "../../src/pending-work.ts";
import {
  blob,
  given,
  ids,
  life,
  sealed,
  someInstant,
  stateAfter,
  storyCommand,
  verdictOf,
} from "../../src/testing/index.ts";
import { canary, stateWith } from "./canaries.ts";

const bounds: CanaryBounds = { sharePercent: 100, atOnce: 2, families: ["openai", "gemini"] };
const kinds = (state: State, change: Partial<CanaryBounds> = {}) =>
  pendingCanaries(state, { ...bounds, ...change }).map(
    (work) => `${work.kind} ${"planted" in work ? work.planted : work.family}`,
  );
const audit = (n: number, number = 1): CommandBody => ({
  kind: "RequestAudit",
  audit_id: `u-${"a".repeat(15)}${number}`,
  n,
});
const planted = (change: Partial<Extract<CommandBody, { kind: "PlantCanary" }>> = {}): CommandBody => {
  const { verdicts: _none, planted_at: _at, ...data } = canary(1, {});
  return { kind: "PlantCanary", ...data, ...change };
};
const after = (bodies: readonly CommandBody[], from: State = initialState, at = someInstant): State =>
  bodies.reduce((state, body) => {
    const decision = decide(storyCommand(body), state);
    if (decision.kind === "refused") throw new Error(decision.reason);
    return decision.events.reduce((next, event) => evolve(next, { ...event, recorded_at: at }), state);
  }, from);

describe("an audit", () => {
  it("plants an audit's defects, a twin for every three and an injection for every six", () => {
    expect(auditPlan(60)).toEqual({ "known-bad": 60, "known-good": 20, injection: 10 });
    expect(auditPlan(1)).toEqual({ "known-bad": 1, "known-good": 1, injection: 1 });
  });

  it("pauses an audit while all work is paused, and resumes it afterwards", () => {
    const pending = (...bodies: readonly CommandBody[]) =>
      pendingWork(after([audit(1), ...bodies]), someInstant, { ...widestBounds, canaries: bounds }).map(
        ({ kind }) => kind,
      );
    const planting = ["PlantCanary", "PlantCanary", "PlantCanary"];
    expect(pending()).toEqual(planting);
    expect(pending({ kind: "PauseWork" })).toEqual([]);
    expect(pending({ kind: "PauseWork" }, { kind: "ResumeWork" })).toEqual(planting);
  });

  it("plants few canaries at a time, and none while planted bundles are being judged", () => {
    const ordered = after([audit(6)]);
    expect(kinds(ordered)).toEqual([
      ...["known-bad", "known-bad", "known-good", "known-good"].map((kind) => `PlantCanary ${kind}`),
      "PlantCanary injection",
    ]);
    const two = stateWith([canary(1, {}), canary(2, { openai: {} })], ordered);
    expect(kinds(two)).toEqual(["JudgeCanary openai", "JudgeCanary gemini", "JudgeCanary gemini"]);
  });

  it("lets an audit wait for live judging", () => {
    const live = after([audit(6)], stateAfter("sealed", initialState));
    expect(kinds(live, { sharePercent: 0 })).toEqual([]);
    const over = after([audit(6)], stateAfter("gemini", initialState));
    expect(kinds(over, { sharePercent: 0 })).not.toEqual([]);
  });

  it("ends an audit when it has planted enough or a newer audit replaces it", () => {
    const first = after([audit(1)]);
    const own = { audit_id: "u-aaaaaaaaaaaaaaa1" as never };
    const answers = { openai: {}, gemini: {} };
    const full = stateWith(
      [
        canary(1, answers, own),
        canary(2, answers, { ...own, planted: "known-good" }),
        canary(3, answers, { ...own, planted: "injection" }),
      ],
      first,
    );
    expect(kinds(full)).toEqual([]);
    expect(kinds(after([audit(1, 2)], full, "2027-01-01T00:00:00.000Z"))).toHaveLength(3);
  });

  it("refuses more canaries than an audit requested, the same bundle twice, and a second companion of one live bundle", () => {
    const own = { audit_id: "u-aaaaaaaaaaaaaaa1" as never };
    const other = { canary_id: "c-0000000002" as never, bundle: blob("7") };
    const one = given([], after([audit(1), planted(own)]));
    one.when(storyCommand(planted({ ...own, ...other }))).thenRefused("not-owed");
    one.when(storyCommand(planted({ ...other, bundle: canary(1, {}).bundle }))).thenRefused("not-owed");
    one.when(storyCommand(planted({ ...own, ...other, planted: "injection" }))).then("CanaryPlanted");
    const beside = given([], after([planted({ beside: "e".repeat(64) })]));
    beside.when(storyCommand(planted({ ...other, beside: "e".repeat(64) }))).thenRefused("not-owed");
    beside.when(storyCommand(planted({ ...other, beside: "d".repeat(64) }))).then("CanaryPlanted");
    given([])
      .when(storyCommand(planted({ ...own })))
      .thenRefused("not-owed");
  });
});

describe("live judging", () => {
  it("plants a canary with a share of live bundles, chosen only by their digest", () => {
    const digest = fc.stringMatching(/^[0-9a-f]{64}$/);
    const digests = fc.sample(digest, { numRuns: 4000, seed: 1 });
    const share = (percent: number) => digests.filter((each) => besideKind(each, percent) !== null).length / 40;
    expect([share(0), share(100)]).toEqual([0, 100]);
    expect(share(5)).toBeGreaterThan(3);
    expect(share(5)).toBeLessThan(7);
    const counts = Map.groupBy(digests, (each) => besideKind(each, 100));
    expect([...counts.keys()].sort()).toEqual(["injection", "known-bad", "known-good"]);
  });

  it("plants a live bundle's canary once, while the bundle is judged", () => {
    const judging = stateAfter("sealed", initialState);
    expect(kinds(judging)).toHaveLength(1);
    expect(kinds(judging, { sharePercent: 0 })).toEqual([]);
    const { digest } = blob("e");
    const ridden = after([planted({ beside: digest, bundle: blob("7") })], judging);
    expect(kinds(ridden)).toEqual(["JudgeCanary openai", "JudgeCanary gemini"]);
    expect(kinds(stateAfter("gemini", initialState))).toEqual([]);
    const unseen = stateAfter("sealed", initialState, { sealed: sealed({ judgeable: false }) });
    expect(kinds(unseen)).toEqual([]);
  });

  it("asks no family about a canary that is no longer configured", () => {
    const state = stateWith([canary(1, {})]);
    expect(kinds(state, { families: ["gemini"] })).toEqual(["JudgeCanary gemini"]);
    expect(kinds(state, { families: [] })).toEqual([]);
  });
});

describe("no effect on landing (T22)", () => {
  /** Compiles only while canary work has no task. */
  const taskOf = (work: ReturnType<typeof pendingCanaries>[number]): null => work.task_id;

  const families: Family[] = ["openai", "gemini"];
  const word = fc.constantFrom("pass", "fail", "inconclusive", "not_configured");
  const canaryCommand = fc.oneof(
    fc.integer({ min: 1, max: 9 }).map((n): CommandBody => audit(n, n)),
    fc
      .record({
        number: fc.integer({ min: 1, max: 6 }),
        of: fc.constantFrom(ids.task, "t-bbbbbbbbbbbbbbbb"),
        audit: fc.boolean(),
      })
      .map(({ number, of, audit: isOfAudit }): CommandBody => {
        const { verdicts: _none, planted_at: _at, ...data } = canary(number, {});
        const own = { audit_id: isOfAudit ? ("u-aaaaaaaaaaaaaaa1" as never) : null, beside: blob("e").digest };
        return {
          kind: "PlantCanary",
          ...data,
          ...own,
          source: { task_id: of as never, bundle_digest: blob("e").digest },
        };
      }),
    fc
      .record({
        number: fc.integer({ min: 1, max: 6 }),
        family: fc.constantFrom(...families),
        verdict: word,
        live: fc.boolean(),
      })
      .map(({ number, family, verdict, live }): CommandBody => {
        const { canary_id, bundle } = canary(number, {});
        const bundle_digest = live ? blob("e").digest : bundle.digest;
        return { kind: "RecordCanaryVerdict", canary_id, verdict: { ...verdictOf(family, verdict), bundle_digest } };
      }),
  );

  it("leaves every task, mission and approval unchanged, whatever happens to canaries at any step", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(life)),
        fc.array(canaryCommand, { maxLength: 12 }),
        (step, commands) => {
          const before = stateAfter(step, initialState);
          let state = before;
          for (const body of commands) {
            const decision = decide(storyCommand(body), state);
            if (decision.kind === "refused") continue;
            for (const event of decision.events) {
              expect(event.stream).toMatch(/^(canary|audit)\//);
              state = evolve(state, { ...event, recorded_at: someInstant });
            }
          }
          const { canaries: _canaries, audits: _audits, past, ...rest } = state;
          const { canaries: _none, audits: _nothing, past: pastBefore, ...was } = before;
          expect(rest).toEqual(was);
          expect(past.served).toEqual(pastBefore.served);
          const ofTasks = (of: State) =>
            pendingWork(of, someInstant, { ...widestBounds, canaries: bounds }).filter(
              ({ task_id }) => task_id !== null,
            );
          expect(ofTasks(state)).toEqual(ofTasks(before));
          for (const work of pendingCanaries(state, bounds)) {
            expect(taskOf(work)).toBeNull();
            expect(JSON.stringify(work)).not.toContain(ids.task);
          }
        },
      ),
    );
  });

  it("a verdict of the same form on the task itself does change the task", () => {
    const judged = after(
      [{ kind: "RecordVerdict", task_id: ids.task, verdict: verdictOf("openai", "pass") }],
      stateAfter("sealed", initialState),
    );
    expect(judged.tasks[ids.task]?.verdicts).toHaveLength(1);
  });
});
