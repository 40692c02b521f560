/** Which listed containers count as left: those that no living run has needed for more than ten minutes. */
import { expect, it } from "vitest";
import { createLeftContainers } from "../../src/observed/left-containers.ts";

const minute = 60_000;
const startMs = Date.parse("2026-01-01T10:00:00.000Z");
const instant = (minutes: number) => new Date(startMs + minutes * minute).toISOString();
const of = (id: string, run: string | null = null) => ({ id, run });

function engine() {
  const look = createLeftContainers();
  return (minutes: number, listed: readonly ReturnType<typeof of>[], ...alive: string[]) =>
    look({ listed, aliveRuns: new Set(alive), now: instant(minutes), monotonicMs: minutes * minute });
}

it("containers without a run for more than ten minutes are left, and their number since the first is told", () => {
  const at = engine();
  expect(at(0, [of("a", "r-1")])).toBeNull();
  expect(at(5, [of("a", "r-1"), of("b")])).toBeNull();
  expect(at(10, [of("a", "r-1"), of("b")])).toBeNull();
  expect(at(11, [of("a", "r-1"), of("b")])).toEqual({ count: 1, since: instant(0), seen_at: instant(11) });
  expect(at(16, [of("a", "r-1"), of("b")])).toEqual({ count: 2, since: instant(0), seen_at: instant(16) });
  expect(at(17, [of("b")])).toEqual({ count: 1, since: instant(5), seen_at: instant(17) });
  expect(at(18, [])).toBeNull();
});

it("containers whose run is alive are never left, and count only from its end", () => {
  const at = engine();
  expect(at(0, [of("a", "r-1")], "r-1")).toBeNull();
  expect(at(600, [of("a", "r-1")], "r-1", "r-2")).toBeNull();
  expect(at(605, [of("a", "r-1")], "r-2")).toBeNull();
  // The run continues: its plane was started again.
  expect(at(612, [of("a", "r-1")], "r-1")).toBeNull();
  expect(at(620, [of("a", "r-1")])).toBeNull();
  expect(at(631, [of("a", "r-1")])).toMatchObject({ count: 1, since: instant(620) });
});

it("containers that were gone in between are not left", () => {
  const at = engine();
  at(0, [of("a")]);
  at(5, []);
  expect(at(11, [of("a")])).toBeNull();
});
