/** When a message goes out: not in quiet hours of the machine's own time, and not soon after an identical message. */
import { initialState, type Notice, type State } from "@aedev/core";
import { ids, stateAfter } from "@aedev/core/testing";
import { describe, expect, it } from "vitest";
import { isFolded, quietUntil } from "../../src/phone/delivery-time.ts";

const at = (hour: number, minute = 0) => new Date(2026, 0, 15, hour, minute);
const night = { from: 22 * 60, to: 6 * 60 + 30 };
const noon = { from: 12 * 60, to: 13 * 60 };

describe("quiet hours", () => {
  it.each([
    [night, 23, 0, new Date(2026, 0, 16, 6, 30)],
    [night, 22, 0, new Date(2026, 0, 16, 6, 30)],
    [night, 0, 0, new Date(2026, 0, 15, 6, 30)],
    [night, 6, 29, new Date(2026, 0, 15, 6, 30)],
    [night, 6, 30, null],
    [night, 21, 59, null],
    [noon, 12, 59, new Date(2026, 0, 15, 13, 0)],
    [noon, 13, 0, null],
    [noon, 11, 59, null],
  ])("quiet hours of %o at %i:%i end at %s", (window, hour, minute, end) => {
    expect(quietUntil(window, 4, at(hour, minute))).toBe(end === null ? null : end.getTime());
  });

  it("quiet hours hold back everything but what asks for a decision", () => {
    for (const priority of [2, 3, 4] as const) expect(quietUntil(night, priority, at(23))).not.toBeNull();
    expect(quietUntil(night, 5, at(23))).toBeNull();
    expect(quietUntil(null, 2, at(23))).toBeNull();
  });
});

describe("folding", () => {
  const notice: Notice = {
    notice_id: "hold/h-2",
    key: "hold/HOLD-BASE-MOVED",
    priority: 4,
    stream: `task/${ids.task}`,
    about: { kind: "hold", task_id: ids.task, hold_id: "h-2" },
  };
  const sentAt = "2026-01-15T12:00:00.000Z";
  const state = (push: { key: string; folded: boolean }): State => {
    const before = stateAfter("approved", initialState);
    const task = before.tasks[ids.task];
    if (task === undefined) throw new Error("the story has no task");
    const pushes = [{ notice_id: "hold/h-1", at: sentAt, ...push }];
    return { ...before, tasks: { [ids.task]: { ...task, pushes } } };
  };
  const folded = (push: { key: string; folded: boolean }, minutes: number) =>
    isFolded(state(push), notice, { foldForMs: 30 * 60_000, nowMs: Date.parse(sentAt) + minutes * 60_000 });

  it("an equal message within the time is folded; another one, or one after a folded one, is not", () => {
    expect(folded({ key: notice.key, folded: false }, 29)).toBe(true);
    expect(folded({ key: notice.key, folded: false }, 30)).toBe(false);
    expect(folded({ key: "hold/HOLD-SECRET", folded: false }, 1)).toBe(false);
    expect(folded({ key: notice.key, folded: true }, 1)).toBe(false);
    // The clock was set back by a year.
    expect(folded({ key: notice.key, folded: false }, -525_600)).toBe(false);
  });
});
