/** Signals: what waits or is held for more than a day, and a disk that is nearly full; each once, about the oldest. */
import { describe, expect, it } from "vitest";
import type { CommandBody } from "../../src/model/command.ts";
import { initialState, type State } from "../../src/model/state.ts";
import { homeSignals } from "../../src/notice/home-signals.ts";
import { someInstant } from "../../src/testing/given.ts";
import { ids, life, noRepair, sampleHeldReport, stateAfter, stateAfterCommands } from "../../src/testing/index.ts";

const hours = (count: number) => new Date(Date.parse(someInstant) + count * 3_600_000).toISOString();
const kinds = (state: State, now: string) => homeSignals(state, now, null).map(({ kind }) => kind);

describe("a signal", () => {
  it("says that a task has waited for its run for more than a day, unless its repository or everything is paused", () => {
    const planned = stateAfter("approved", initialState);
    expect(kinds(planned, hours(24))).toEqual([]);
    expect(homeSignals(planned, hours(25), null)).toEqual([
      { kind: "queue-age", severity: "warning", task_id: ids.task, since: someInstant, count: 1 },
    ]);
    const pause: CommandBody = { kind: "PauseRepository", repository: "repo" };
    expect(kinds(stateAfterCommands(planned, [pause]), hours(25))).toEqual([]);
    expect(kinds(stateAfterCommands(planned, [{ kind: "PauseWork" }]), hours(25))).toEqual([]);
  });

  it("says that a task has been held for more than a day, unless it continues at a known time", () => {
    const held = (resumes_at: string | null) =>
      stateAfter("captured", initialState, {
        captured: {
          ...(life["captured"] as Extract<CommandBody, { kind: "RecordCoderResult" }>),
          result: sampleHeldReport("HOLD-USAGE-LIMIT", { resumes_at }),
          repair: noRepair,
        } as never,
      });
    expect(kinds(held(null), hours(24))).toEqual([]);
    expect(kinds(held(null), hours(25))).toEqual(["hold-age"]);
    expect(kinds(held(hours(48)), hours(25))).toEqual([]);
  });

  it("says that the clock is behind what was recorded, and not for minutes", () => {
    const planned = stateAfter("approved", initialState);
    expect(kinds(planned, hours(-1 / 12))).toEqual([]);
    expect(homeSignals(planned, hours(-2), null)).toEqual([
      { kind: "clock-behind", severity: "critical", task_id: null, since: someInstant, count: 1 },
    ]);
  });

  it("says that the disk has less room than a run needs", () => {
    const on = (disk_free_bytes: number) =>
      homeSignals(initialState, someInstant, { disk_free_bytes, disk_needed_bytes: 1000 }).map(({ kind }) => kind);
    expect([on(999), on(1000)]).toEqual([["disk-low"], []]);
  });
});
