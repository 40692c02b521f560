/** Which tests kill a mutant in both forms, and which only seemed to. The runs are scripted. */
import type { Cell } from "@aedev/contracts";
import { expect, it } from "vitest";
import { killedBy } from "../../../src/checks/edited-tests/edited-tests.ts";
import type { CommandPass } from "../../../src/checks/pass/pass.ts";

const cell: Cell = {
  ...{ ran: true, why_not: null, cached: null },
  commands: [
    {
      ...{ command: "npm test", exit_code: 0, timed_out: false, duration_ms: 5, output_tail: "", omitted_bytes: 0 },
      ...{ format: "tap", sentinel: "failed-as-it-must", incomplete: null, runs: 1, exit_codes: [] },
      tests: ["a", "b"].map((id) => ({ id, result: "pass" })),
    },
  ],
};
type Run = readonly string[] | "unavailable" | "unbuildable";

/** `old`, `now`: the tests that fail in each run of that form; the last entry repeats. */
async function killed(given: { old: Run[]; now: Run[] }) {
  const runs: string[] = [];
  const next = (list: Run[]) => (list.length > 1 ? list.shift() : list[0]) ?? [];
  const answer = await killedBy(
    async (form) => {
      runs.push(form);
      const failed = next(form === "old" ? given.old : given.now);
      if (failed === "unavailable" || failed === "unbuildable") return failed;
      const tests = ["a", "b"].map((id) => ({ id, result: failed.includes(id) ? "fail" : "pass" }));
      return [{ report: { tests, problem: null } } as Partial<CommandPass> as CommandPass];
    },
    [cell, cell],
  );
  return { answer, runs: runs.join(" ") };
}

it("a mutant that both forms kill runs once in each", async () => {
  expect(await killed({ old: [["a"]], now: [["a", "b"]] })).toEqual({
    answer: { old: ["a"], now: ["a"] },
    runs: "old new",
  });
});

it("a mutant that only the old form kills runs once more, to drop tests that failed by chance", async () => {
  expect(await killed({ old: [["a"], []], now: [[]] })).toEqual({ answer: { old: [], now: [] }, runs: "old new old" });
  expect(await killed({ old: [["a", "b"], ["a"]], now: [["b"]] })).toEqual({
    answer: { old: ["a", "b"], now: ["b"] },
    runs: "old new old",
  });
  expect(await killed({ old: [["a", "b"], []], now: [["b"]] })).toMatchObject({ answer: { old: ["b"], now: ["b"] } });
});

it("a mutant that the old form kills each time and the new form misses is reported", async () => {
  expect((await killed({ old: [["a"]], now: [[]] })).answer).toEqual({ old: ["a"], now: [] });
});

it("a mutant that the old form misses, or that can't be built with it, does not run with the new form", async () => {
  for (const old of [[], "unbuildable"] as const)
    expect(await killed({ old: [old], now: [["a"]] })).toEqual({ answer: null, runs: "old" });
});

it("a run that could not be made yields no result", async () => {
  expect((await killed({ old: ["unavailable"], now: [[]] })).answer).toBe("unrun");
  expect((await killed({ old: [["a"]], now: ["unavailable"] })).answer).toBe("unsure");
  expect((await killed({ old: [["a"], "unavailable"], now: [[]] })).answer).toBe("unsure");
});
