/** The table of judges' failures, row by row: whether the judge is asked again, and what the change then waits for. */
import { expect, it } from "vitest";
import { isUnavailable, judgeFailureRule, judgeFailureRules } from "../src/judge-failure.ts";
import { inconclusiveDetailSchema, isAnsweredDetail } from "../src/verdict.ts";

const rows: [detail: string, again: string, waitsFor: string][] = [
  ["http_408", "while-time", "vendor"],
  ["http_409", "while-time", "vendor"],
  ["http_429", "while-time", "vendor"],
  ["http_500", "while-time", "vendor"],
  ["http_502", "while-time", "vendor"],
  ["http_503", "while-time", "vendor"],
  ["http_504", "while-time", "vendor"],
  ["http_529", "while-time", "vendor"],
  ["http_599", "while-time", "vendor"],
  ["timeout", "while-time", "person"],
  ["unreachable", "while-time", "vendor"],
  ["unavailable", "never", "vendor"],
  ["http_400", "never", "person"],
  ["http_401", "never", "person"],
  ["http_403", "never", "person"],
  ["http_404", "never", "person"],
  ["http_413", "never", "person"],
  ["http_422", "never", "person"],
  ["http_307", "never", "person"],
  ["http_600", "never", "person"],
  ["quota", "never", "person"],
  ["too_large", "never", "person"],
  ["invalid_json", "once", "nothing"],
  ["verdict", "never", "nothing"],
  ["flip", "never", "nothing"],
  ["citation", "never", "nothing"],
  ["confidence", "never", "nothing"],
  ["nonce", "never", "nothing"],
  ["digest", "never", "nothing"],
  ["refused", "never", "nothing"],
];

it.each(rows)(
  "asks a judge that failed with %s again %s, and the change then waits for %s",
  (detail, again, waitsFor) => {
    expect(inconclusiveDetailSchema.safeParse(detail).success).toBe(true);
    expect(judgeFailureRule(detail)).toEqual({ again, waitsFor });
    expect([isAnsweredDetail(detail), isUnavailable(detail)]).toEqual([waitsFor === "nothing", waitsFor === "vendor"]);
  },
);

it("tests every row of the table of judges' failures", () => {
  const named = rows.map(([detail]) => detail.replace(/^http_5..$/, "http_5xx"));
  const others = rows.filter(([detail, again]) => detail.startsWith("http_") && again === "never");
  expect(others.length).toBeGreaterThan(3);
  const missing = Object.keys(judgeFailureRules).filter((row) => row !== "http_other" && !named.includes(row));
  expect(missing).toEqual([]);
});

it("treats an unknown detail, or one that only looks like a row, as a final answer", () => {
  for (const detail of ["no_verdict", "constructor", "http_5000", "xhttp_500", "", null])
    expect(judgeFailureRule(detail)).toEqual({ again: "never", waitsFor: "nothing" });
  expect(isAnsweredDetail(null)).toBe(false);
});
