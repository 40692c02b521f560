/** The sentences of the gate's reasons: they are bounded, count what they leave out, and pass names chosen by the author through the client's rule. */
import { expect, it } from "vitest";
import { causesText, type Fact, holdReason, namedTests, type Reason, reasonText } from "../src/index.ts";
import { reasonSchema } from "../src/reason.ts";

const failing = (count: number): Fact[] =>
  Array.from({ length: count }, (_, at) => ({ kind: "test-broken", how: "newly failing", test: `test ${at}` }));

it("prints a hold with its first causes and the number of further causes, in at most 500 characters", () => {
  expect(reasonText(holdReason("HOLD-CHECKS-FAILED", failing(2)))).toBe(
    "HOLD-CHECKS-FAILED: newly failing: test 0, newly failing: test 1",
  );
  const many = holdReason("HOLD-CHECKS-FAILED", failing(3000));
  expect(reasonText(many)).toMatch(/ and 29\d\d more$/);
  expect(reasonText(many).length).toBeLessThanOrEqual(500);
  expect(JSON.stringify(many).length).toBeLessThan(5000);
  expect(causesText(failing(1))).toBe("newly failing: test 0");
});

it("stores twenty names of tests and counts the rest", () => {
  const { tests, more } = namedTests(Array.from({ length: 1000 }, (_, at) => `t${at}`));
  expect([tests.length, more]).toEqual([20, 980]);
  expect(reasonText({ kind: "newly-flaky", tests, more })).toMatch(/: t0, t1, .*t19 and 980 more$/);
  expect(reasonText({ kind: "newly-flaky", tests: ["a"], more: 0 })).toMatch(/without it: a$/);
});

it("names the file, or no file, if a finding is about dependencies as a whole", () => {
  const found = (name: string, file: string) => reasonText({ kind: "dependency", name, file, why: "new" });
  expect(found("a", "go.mod")).toBe("dependency a in go.mod: new");
  expect(found("*", "go.mod")).toBe("go.mod: new");
  expect(found("*", "*")).toBe("dependencies: new");
});

it("shows a name that a change's author chose only through the client's rule", () => {
  const reasons: Reason[] = [
    { kind: "never-alone", path: "EVIL", rule: "EVIL" },
    { kind: "dependency", name: "EVIL", file: "EVIL", why: "EVIL" },
    { kind: "test-finding", finding: "skip-added", place: "EVIL", test: "EVIL", text: "EVIL", named: false },
    { kind: "moved-tests", path: "EVIL", tests: ["EVIL"], more: 0 },
    holdReason("HOLD-SECRET", [{ kind: "secret", path: "EVIL", line: 1, rule: "key" }]),
    "EVIL as it was stored",
  ];
  for (const reason of reasons) {
    expect(reasonText(reason)).toContain("EVIL");
    expect(reasonText(reason, (_, as) => (as === "detail" ? null : "hidden"))).not.toContain("EVIL");
  }
});

it("accepts a sentence that was stored before reasons were typed, and refuses an unknown fact", () => {
  expect(reasonText(reasonSchema.parse("1 of 2 judges"))).toBe("1 of 2 judges");
  expect(reasonSchema.safeParse({ kind: "judge-flip", family: "gemini" }).success).toBe(true);
  expect(reasonSchema.safeParse({ kind: "invented" }).success).toBe(false);
});
