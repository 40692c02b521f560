/** Which signals are pushed, each once, however often it is looked at and however figures are rounded. */
import { initialState } from "@aedev/core";
import { describe, expect, it } from "vitest";
import { composeSignal, startPushingSignals, unsentSignals } from "../../src/phone/push-signals.ts";

const held = {
  kind: "hold-age",
  severity: "warning",
  task_id: "t-aaaaaaaaaaaaaaaa",
  since: "2026-01-01T10:00:00.000Z",
  count: 2,
} as const;
const low = { kind: "disk-low", severity: "critical", task_id: null, since: null, count: 1 } as const;
const now = "2026-01-02T12:00:00.000Z";
const pushed = (...ids: string[]) => ({
  system: {
    ...initialState.system,
    pushes: ids.map((notice_id) => ({ notice_id, key: notice_id, folded: false, at: now })),
  },
});

describe("a signal", () => {
  it("a signal is pushed once for what it is about, a full disk once a day", () => {
    const idsOf = (state: Parameters<typeof unsentSignals>[1], at = now) =>
      unsentSignals([held, low], state, at).map(({ notice_id }) => notice_id);
    expect(idsOf(initialState)).toEqual(["signal/hold-age/t-aaaaaaaaaaaaaaaa", "signal/disk-low/2026-01-02"]);
    const state = pushed("signal/hold-age/t-aaaaaaaaaaaaaaaa", "signal/disk-low/2026-01-02");
    expect(idsOf(state)).toEqual([]);
    expect(idsOf(state, "2026-01-03T12:00:00.000Z")).toEqual(["signal/disk-low/2026-01-03"]);
  });

  it("a clock signal is pushed once for all jumps until they end, a red branch by the message that can revert it", () => {
    const jumped = { kind: "clock-jumped", severity: "critical", task_id: null, since: now, count: 1 } as const;
    const red = { ...held, kind: "branch-red", severity: "critical" } as const;
    const idsOf = (state: Parameters<typeof unsentSignals>[1], ...signals: Parameters<typeof unsentSignals>[0]) =>
      unsentSignals(signals, state, "2026-01-03T00:30:00.000Z").map(({ notice_id }) => notice_id);
    expect(idsOf(initialState, jumped, red)).toEqual([`signal/clock-jumped/${now}`]);
    const state = pushed(`signal/clock-jumped/${now}`);
    expect(idsOf(state, { ...jumped, count: 2 }, red)).toEqual([]);
    expect(idsOf(state, { ...jumped, since: "2026-01-03T00:00:00.000Z" })).toHaveLength(1);
  });

  it("a signal is tried again until it is taken, and recorded then", async () => {
    const recorded: string[] = [];
    let sends = 0;
    let rounds = 0;
    const ended = Promise.withResolvers<void>();
    const pushing = startPushingSignals({
      state: () => pushed(...recorded),
      signals: async () => [held],
      async send() {
        sends += 1;
        if (sends < 3) throw new Error("the server is down");
      },
      async submit(body) {
        if (body.kind === "RecordPush") recorded.push(body.notice_id);
      },
      pacing: {
        now: () => Date.parse(now),
        async sleep(_ms, signal) {
          rounds += 1;
          if (rounds < 6) return;
          ended.resolve();
          await new Promise((resolve) => signal.addEventListener("abort", resolve));
        },
      },
    });
    await ended.promise;
    await pushing.close();
    expect([sends, recorded]).toEqual([3, ["signal/hold-age/t-aaaaaaaaaaaaaaaa"]]);
  });

  it("a signal's message names the command that helps", () => {
    expect(composeSignal(held)).toMatchObject({
      title: "aedev: warning",
      text: expect.stringContaining("aedev hold list"),
    });
    expect(composeSignal(low)).toMatchObject({ title: "aedev: critical", text: expect.stringContaining("aedev gc") });
  });
});
