/** The text about changed code that no test runs, for clients and judges: bounded, and it mentions what it leaves out. */
import { expect, it } from "vitest";
import {
  boundedCoverage,
  boundedProvenness,
  type Coverage,
  coverageText,
  provennessLines,
  provennessSchema,
  withCoverage,
} from "../src/index.ts";

const nothing = boundedProvenness({ proven: 1, unproven: [], stayedGreen: [] });
const way = (line: number, more: Partial<Coverage["ways"][number]> = {}): Coverage["ways"][number] => ({
  path: "lib/a.js",
  line,
  kind: "statement",
  is_minor: false,
  ...more,
});
const found = (ways: Coverage["ways"], unmeasured: Coverage["unmeasured"] = []) =>
  withCoverage(nothing, boundedCoverage({ changed_lines: 9, covered_lines: 5, ways, unmeasured }));

it("names the first ways through the code that no test takes, and what was not measured", () => {
  const ways = [way(3, { kind: "true" }), way(4, { kind: "evaluated" }), way(5, { is_minor: true }), way(6)];
  expect(coverageText(found(ways, [{ path: "a.rs", why: "language" }]))).toBe(
    "changed code that no test runs: 4 ways, 1 of them minor: lib/a.js:3 (never true), lib/a.js:4 (second operand never evaluated), lib/a.js:5 [minor], …; not measured: a.rs (unknown language)",
  );
  expect(coverageText(found([way(3)]))).toBe("changed code that no test runs: 1 way: lib/a.js:3");
  expect(coverageText(found([]))).toBe("tests run all changed code that was measured (9 lines)");
});

it("says why coverage was not measured, also for evidence of earlier versions", () => {
  expect(coverageText(withCoverage(nothing, "not-finished"))).toBe(
    "coverage not measured: the tests did not end in time",
  );
  expect(provennessSchema.parse({ ...nothing, coverage: null }).coverage_missing).toBe("earlier-version");
  const measured = found([]);
  expect(provennessSchema.safeParse(measured).success).toBe(true);
  expect(provennessSchema.safeParse({ ...measured, coverage_missing: "no-code" }).success).toBe(false);
  expect(provennessSchema.safeParse({ ...measured, coverage: null }).success).toBe(false);
});

it("keeps the coverage text bounded for any number of ways and files, and shows names safely", () => {
  const many = Array.from({ length: 500 }, (_, index) => way(index + 1, { is_minor: index === 0 }));
  const files = many.map(() => ({ path: "x.rs", why: "language" as const }));
  const { coverage } = found(many, files);
  expect(coverage).toMatchObject({ missed: 500, missed_minor: 1, unmeasured_more: 450 });
  expect([coverage?.ways.length, coverage?.unmeasured.length]).toEqual([100, 50]);
  const lines = provennessLines(found(many, files), () => "safe");
  expect(lines[1]?.length).toBeLessThan(1500);
  expect(lines[1]).toContain("safe:1 [minor]");
  expect(lines[1]).not.toContain("lib/a.js");
});
