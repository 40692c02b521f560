/** The gate's answers, one cause at a time; each hold is tested beside the same change without the cause, which merges. */

import { boundedProvenness, type PathReport, type TestChanges, withCoverage } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import type { GateInput } from "../../src/gate/hard-gates.ts";
import {
  gateTexts as gate,
  greenChecks,
  honestFix,
  pastWith,
  provenTests,
  samplePolicy,
  testFile,
  verdict,
} from "./sample-policy.ts";

const report = (changes: Partial<PathReport>): Pick<GateInput, "pathReport"> => {
  const base = honestFix().pathReport;
  return { pathReport: base === null ? null : { ...base, ...changes } };
};
const tests = (...files: TestChanges["files"]): Pick<GateInput, "testChanges"> => ({
  testChanges: { files, settings: [], code_findings: [], only_adds_functions: [], only_adds_rows: [] },
});
const weakened = testFile({ assertions_after: 3 });

function expectHold(changes: Partial<GateInput>, code: string, detail: string | RegExp): void {
  expect(gate(honestFix()).answer).toBe("merge");
  const held = gate(honestFix(changes));
  expect(held).toMatchObject({ answer: "hold", hold_code: code });
  if (typeof detail === "string") expect(held.hold_detail).toBe(detail);
  else expect(held.hold_detail).toMatch(detail);
}
function expectAsk(changes: Partial<GateInput>, reason: RegExp): void {
  expect(gate(honestFix()).answer).toBe("merge");
  const asked = gate(honestFix(changes));
  expect(asked).toMatchObject({ answer: "ask", hold_code: null, hold_detail: null });
  expect(asked.reasons.join("\n")).toMatch(reason);
}

describe("hard gates", () => {
  it("holds a secret and names the place, not the value", () => {
    const secretReport = { scanner: "s", findings: [{ path: "a.js", line: 3, rule: "aws-access-key" }] };
    expectHold({ secretReport }, "HOLD-SECRET", "a.js:3 (aws-access-key)");
  });
  it("holds a forbidden path", () => {
    expectHold(report({ forbidden: [{ path: ".env", rule: ".env*" }] }), "HOLD-FORBIDDEN-PATH", ".env (.env*)");
  });
  it("holds an unsafe patch", () => {
    const unsafe = [{ path: "x", why: "link leaves the tree" }];
    expectHold(report({ unsafe }), "HOLD-PATCH-UNSAFE", "x (link leaves the tree)");
  });
  it("holds red checks even if both judges pass", () => {
    const checks = { ...greenChecks, status: "red" as const, newly_failing: ["test/old.js > no- flags"] };
    expectHold({ checks }, "HOLD-CHECKS-FAILED", "newly failing: test/old.js > no- flags");
    expectHold({ checks: { ...greenChecks, vanished: ["old"] } }, "HOLD-CHECKS-FAILED", "vanished: old");
    const newly_skipped = ["old"];
    expectHold({ checks: { ...greenChecks, newly_skipped } }, "HOLD-CHECKS-FAILED", "newly skipped: old");
    expectHold({ checks: { ...greenChecks, status: "red", reasons: ["exit 1"] } }, "HOLD-CHECKS-FAILED", "exit 1");
  });
  it("holds lost assertions, and asks if the specification names that test", () => {
    expectHold(tests(weakened), "HOLD-CHECKS-FAILED", "tests check less: test/a.js (4 assertions, now 3)");
    const specification = { text: "Drop the case in `test/a.js`.", criteria: [] };
    expectAsk({ ...tests(weakened), specification }, /tests check less, as the mission allows: test\/a\.js/);
    const other = { text: "See other/test/a.js and test/a.js.map.", criteria: [] };
    expectHold({ ...tests(weakened), specification: other }, "HOLD-CHECKS-FAILED", /tests check less/);
  });
  it("holds a deleted test unless it was renamed with its assertions", () => {
    const gone = testFile({ status: "deleted", assertions_after: 0 });
    const moved = testFile({ path: "test/b.js", status: "added", assertions_before: 0 });
    const renames = [{ from: "test/a.js", to: "test/b.js", similarity: 90 }];
    expectHold(tests(gone), "HOLD-CHECKS-FAILED", /4 assertions, now 0/);
    expect(gate(honestFix({ ...tests(gone, moved), ...report({ renames }) })).answer).toBe("merge");
    const fewer = { ...moved, assertions_after: 3 };
    expectHold({ ...tests(gone, fewer), ...report({ renames }) }, "HOLD-CHECKS-FAILED", /4 assertions, now 3/);
  });
  it("holds incomplete evidence whatever is missing", () => {
    expectHold({ missingEvidence: ["tree"] }, "HOLD-EVIDENCE-INCOMPLETE", "tree missing");
    expectHold({ provenness: null }, "HOLD-EVIDENCE-INCOMPLETE", "provenness missing");
    for (const name of ["checks", "pathReport", "secretReport", "dependencyChanges", "testChanges", "touched"])
      expectHold({ [name]: null }, "HOLD-EVIDENCE-INCOMPLETE", /missing/);
    const checks = { ...greenChecks, status: "incomplete" as const, reasons: ["sentinel not reported"] };
    expectHold({ checks }, "HOLD-EVIDENCE-INCOMPLETE", "checks incomplete: sentinel not reported");
  });
  it("holds tests that stay green whatever they expect, and names them", () => {
    const stayed = { ...provenTests(11), tests_executing_change: 12, stayed_green: ["adds > negative"] };
    expectHold({ provenness: stayed }, "HOLD-EVIDENCE-INCOMPLETE", /whatever they expect.*: adds > negative$/);
    expect(gate(honestFix({ provenness: provenTests(12) })).answer).toBe("merge");
  });
  it("asks about a build that writes to installed packages, and names the first of them", () => {
    const checks = { ...greenChecks, build_writes: ["node_modules/vitest/cli.js", "node_modules/x/"] };
    expectAsk({ checks }, /build writes to installed packages.*: node_modules\/vitest\/cli\.js and 1 more$/);
    expect(gate(honestFix({ checks: greenChecks })).answer).toBe("merge");
  });
  it("asks about tests beside code that ran only in the change's form, and names the first file", () => {
    const checks = { ...greenChecks, own_tests: ["src/lib.rs", "src/range.rs"] };
    expectAsk({ checks }, /gave no results in their old form.*: src\/lib\.rs and 1 more$/);
    expect(gate(honestFix({ checks: greenChecks })).answer).toBe("merge");
  });
  it("shows the first code in order of precedence and keeps the other reasons", () => {
    const secretReport = { scanner: "s", findings: [{ path: "a.js", line: 3, rule: "r" }] };
    const held = gate(honestFix({ secretReport, missingEvidence: ["tree"], verdicts: [verdict("openai", "fail")] }));
    expect(held.hold_code).toBe("HOLD-SECRET");
    expect(held.reasons).toHaveLength(3);
  });
  it("gives no reason about judges that were not asked because of an earlier hold", () => {
    expect(gate(honestFix({ missingEvidence: ["tree"], verdicts: [] })).reasons).toHaveLength(1);
    expect(gate(honestFix({ verdicts: [] })).hold_code).toBe("HOLD-VALIDATOR-INCONCLUSIVE");
  });
  it("limits the detail to 500 characters and says how much it left out", () => {
    const forbidden = Array.from({ length: 80 }, (_, index) => ({ path: `folder/.env.${index}`, rule: ".env*" }));
    const { hold_detail } = gate(honestFix(report({ forbidden })));
    expect(hold_detail?.length).toBeLessThanOrEqual(500);
    expect(hold_detail).toMatch(/ and \d+ more$/);
  });
});

describe("judges", () => {
  const answers = (...verdicts: GateInput["verdicts"]): Partial<GateInput> => ({ verdicts });
  it("merges only if both families pass, and otherwise names the family that did not", () => {
    const pass = verdict("gemini", "pass");
    expectHold(answers(verdict("openai", "fail"), pass), "HOLD-VALIDATOR-DISAGREEMENT", "openai fail, gemini pass");
    expectHold(
      answers(verdict("openai", "fail"), verdict("gemini", "inconclusive", "timeout")),
      "HOLD-VALIDATOR-FAIL",
      "openai fail",
    );
    for (const detail of [
      "verdict",
      "timeout",
      "http_401",
      "quota",
      "invalid_json",
      "nonce",
      "digest",
      "citation",
      "refused",
    ])
      expectHold(
        answers(verdict("openai", "inconclusive", detail), pass),
        "HOLD-VALIDATOR-INCONCLUSIVE",
        `openai ${detail}`,
      );
    for (const detail of ["http_500", "http_429", "unreachable", "unavailable"])
      expectHold(
        answers(verdict("openai", "inconclusive", detail), pass),
        "HOLD-VALIDATOR-UNAVAILABLE",
        `openai ${detail}`,
      );
    expectHold(answers(verdict("openai", "not_configured"), pass), "HOLD-VALIDATOR-NOT-CONFIGURED", "openai");
    expectHold(answers(pass), "HOLD-VALIDATOR-INCONCLUSIVE", "openai no_verdict");
    expectHold(answers(pass, pass), "HOLD-VALIDATOR-INCONCLUSIVE", "openai no_verdict");
  });
  it("asks instead of merging if a key is missing and the policy says to ask", () => {
    const policy = { ...samplePolicy, judges: { ...samplePolicy.judges, when_missing: "ask" as const } };
    const missing = verdict("openai", "not_configured");
    const none = verdict("gemini", "not_configured");
    expect(gate(honestFix({ policy })).answer).toBe("merge");
    expect(gate(honestFix({ policy, verdicts: [missing, verdict("gemini", "pass")] }))).toMatchObject({
      answer: "ask",
      reasons: expect.arrayContaining(["1 of 2 necessary judges passed it"]),
    });
    expect(gate(honestFix({ policy, verdicts: [missing, none] })).reasons).toContain(
      "0 of 2 necessary judges passed it",
    );
    expect(gate(honestFix({ policy, verdicts: [missing, verdict("gemini", "fail")] })).hold_code).toBe(
      "HOLD-VALIDATOR-FAIL",
    );
    const silent = verdict("gemini", "inconclusive", "http_503");
    expect(gate(honestFix({ policy, verdicts: [missing, silent] })).hold_code).toBe("HOLD-VALIDATOR-UNAVAILABLE");
  });
  it("waits for a vendor only if its return could be enough, and never merges with less than before", () => {
    const silent = (family: "openai" | "gemini" | "compatible") => verdict(family, "inconclusive", "http_503");
    const code = (...verdicts: GateInput["verdicts"]) =>
      gate(honestFix({ requestedJudges: ["openai", "gemini", "compatible"], verdicts })).hold_code;
    const unsure = verdict("openai", "inconclusive", "verdict");
    const pass = verdict("compatible", "pass");
    expect(code(unsure, silent("gemini"), pass)).toBe("HOLD-VALIDATOR-UNAVAILABLE");
    expect(code(silent("openai"), silent("gemini"), silent("compatible"))).toBe("HOLD-VALIDATOR-UNAVAILABLE");
    expect(code(unsure, silent("gemini"), verdict("compatible", "inconclusive", "http_401"))).toBe(
      "HOLD-VALIDATOR-INCONCLUSIVE",
    );
    expect(code(verdict("openai", "fail"), silent("gemini"), pass)).toBe("HOLD-VALIDATOR-DISAGREEMENT");
    for (const profile of ["safe", "balanced", "aggressive"] as const)
      for (const when_missing of ["ask", "hold"] as const) {
        const policy = { ...samplePolicy, judges: { ...samplePolicy.judges, when_missing } };
        const verdicts = [verdict("openai", "pass"), silent("gemini")];
        expect(gate(honestFix({ policy, profile, verdicts })).answer).toBe("hold");
      }
  });
  it("asks, or holds if the policy says so, if a pass has no vote; a fail without a vote still vetoes", () => {
    const unqualified = [{ family: "gemini" as const, why: "5 of 60 planted defects caught" }];
    expect(gate(honestFix({})).answer).toBe("merge");
    expect(gate(honestFix({ unqualified }))).toMatchObject({
      answer: "ask",
      reasons: [
        "1 of 2 necessary judges passed it",
        "the pass of gemini does not count: 5 of 60 planted defects caught",
      ],
    });
    const policy = { ...samplePolicy, judges: { ...samplePolicy.judges, require_qualified: true } };
    expect(gate(honestFix({ policy })).answer).toBe("merge");
    expectHold({ policy, unqualified }, "HOLD-VALIDATOR-UNQUALIFIED", "gemini: 5 of 60 planted defects caught");
    const failing = answers(verdict("openai", "pass"), verdict("gemini", "fail"));
    expectHold({ ...failing, unqualified }, "HOLD-VALIDATOR-DISAGREEMENT", "gemini fail, openai pass");
  });
  it("merges with two passes of three families, and asks if the third failed in one of its views", () => {
    const three = {
      requestedJudges: ["openai", "gemini", "compatible"] as const satisfies GateInput["requestedJudges"],
    };
    const two = [verdict("openai", "pass"), verdict("compatible", "pass")];
    const withThird = (...third: GateInput["verdicts"]) => gate(honestFix({ ...three, verdicts: [...two, ...third] }));
    expect(withThird(verdict("gemini", "pass")).answer).toBe("merge");
    expect(withThird(verdict("gemini", "inconclusive", "http_500")).answer).toBe("merge");
    expect(withThird(verdict("gemini", "not_configured")).answer).toBe("merge");
    expect(withThird(verdict("gemini", "inconclusive", "flip"))).toMatchObject({
      answer: "ask",
      reasons: [
        "gemini failed the change in one of its two views and passed it in the other",
        "the estimated chance of harm is 71 %; the profile balanced merges below 10 %",
      ],
    });
    expect(withThird(verdict("gemini", "fail")).hold_code).toBe("HOLD-VALIDATOR-DISAGREEMENT");
  });
});

describe("changes that never merge without a person", () => {
  it("asks if no green test was shown able to fail; one is enough, and a repository without checks asks for that reason", () => {
    const tests = boundedProvenness({
      proven: 0,
      unproven: [{ test: "loads", reason: "no-assertion" }],
      stayedGreen: [],
    });
    const unproven = withCoverage(tests, "no-code");
    expectAsk(
      { provenness: unproven },
      /no test of the base was shown able to fail \(1 green before and after the change\)/,
    );
    expect(gate(honestFix({ provenness: provenTests(1) })).answer).toBe("merge");
    const none = { checks: { ...greenChecks, status: "none" as const }, provenness: provenTests(0) };
    expect(gate(honestFix(none)).reasons.join()).not.toContain("able to fail");
  });
  it("asks about parts of changed code that no test needs, or if no part could be tried", () => {
    const part = { path: "lib/bass.js", line: 12, before: "by % 7", after: "by" };
    const tried = (parts: (typeof part)[]) =>
      withCoverage(provenTests(1), "no-code", { unneeded: { tried: 3, untried: 0, parts } });
    expectAsk(
      { provenness: tried([part]) },
      /tests pass without parts of the changed code.*lib\/bass\.js:12: by % 7 may as well be by/,
    );
    const untried = withCoverage(provenTests(1), "no-code", { unneeded: { tried: 0, untried: 4, parts: [] } });
    expectAsk({ provenness: untried }, /whether the tests need each part of the changed code could not be tried$/m);
    const why = { tried: 0, untried: 4, why_untried: "control-failed" as const, parts: [] };
    expectAsk(
      { provenness: withCoverage(provenTests(1), "no-code", { unneeded: why }) },
      /could not be tried: the tests also fail if only a comment is added to it$/m,
    );
    for (const provenness of [tried([]), provenTests(1)]) expect(gate(honestFix({ provenness })).answer).toBe("merge");
  });
  it("asks about listed paths, suspicious dependencies and weak proof", () => {
    expectAsk(
      report({ never_by_itself: [{ path: "CLAUDE.md", rule: "CLAUDE.md" }] }),
      /never merged without approval: CLAUDE\.md/,
    );
    const change = { file: "package.json", name: "x", from: null, to: "git+ssh://h/x", suspicious: "not a version" };
    expectAsk({ dependencyChanges: { changes: [change] } }, /dependency x in package\.json: not a version/);
    expectAsk({ checks: { ...greenChecks, status: "none" } }, /no checks/);
    expectAsk({ checks: { ...greenChecks, status: "base-red" } }, /fail on the base too/);
    expectAsk({ checks: { ...greenChecks, status: "exit-code-only" } }, /exit code/);
    const byExit = { ...greenChecks, status: "exit-code-only" as const, pass_to_pass: 0, fail_to_pass: [] };
    const withTest = tests(testFile({ status: "added", assertions_before: 0, added_tests: ["new"] }));
    expectAsk(
      { ...withTest, checks: { ...byExit, exit_codes: "red-on-base" } },
      /fail on the old code and pass on the new/,
    );
    expectAsk({ ...withTest, checks: { ...byExit, exit_codes: "green-on-base" } }, /pass on the old code too/);
    // Without a test in the change, equal exit codes prove nothing about tests.
    expectAsk(
      { ...tests(), checks: { ...byExit, exit_codes: "green-on-base" } },
      /only an exit code, no results per test/,
    );
    expectAsk({ checks: { ...byExit, pass_to_pass: 3 } }, /^(?!.*no results per test).*a part of the checks/);
    const newly_flaky = ["now and then"];
    expectAsk({ checks: { ...greenChecks, status: "flaky", newly_flaky } }, /without it: now and then/);
    const untested = "the new tests do not test the change: none fails on the base: n";
    const checks = { ...greenChecks, new_tests: "green-on-base" as const, untested: ["n"] };
    expectAsk({ checks }, new RegExp(untested));
    expectAsk({ checks: { ...greenChecks, skipped_new: ["later"] } }, /new tests are skipped: later/);
    for (const [new_tests, answer] of [
      ["red-on-base", "merge"],
      ["none", "ask"],
      ["unknown", "ask"],
    ] as const)
      expect(gate(honestFix({ checks: { ...greenChecks, flaky: ["x"], new_tests } })).answer).toBe(answer);
  });

  it("asks under every profile about code that only skipped tests check, but not about skipped tests alone", () => {
    const code = [{ path: "lib/store.js", test_file: "test/store.test.js", tests: 7, needs: ["STORE_URL"] }];
    const said =
      /only skipped tests check the change to lib\/store\.js: 7 in test\/store\.test\.js did not run; give them STORE_URL in the verify command/;
    expectAsk({ checks: { ...greenChecks, skipped: { tests: 7, code } } }, said);
    const merged = gate(
      honestFix({ checks: { ...greenChecks, skipped: { tests: 7, code: [] } }, profile: "aggressive" }),
    );
    expect(merged.answer).toBe("merge");
    const asked = gate(honestFix({ checks: { ...greenChecks, skipped: { tests: 7, code } }, profile: "aggressive" }));
    expect(asked.answer).toBe("ask");
  });
});

it("lists at most two hundred reasons and counts the rest, because a decision that can't be signed would hold the change", () => {
  const links = (count: number) =>
    report({
      never_by_itself: Array.from({ length: count }, (_, at) => ({ path: `link-${at}`, rule: "new symlink" })),
    });
  const few = gate(honestFix(links(200)));
  expect(few).toMatchObject({ answer: "ask", reasons: { length: 200 } });
  expect(few.reasons.at(-1)).toBe("never merged without approval: link-199 (new symlink)");
  const many = gate(honestFix(links(1500)));
  expect(many).toMatchObject({ answer: "ask", reasons: { length: 200 } });
  expect(many.reasons.at(-1)).toBe("and 1301 more reasons");
  expect(gate(honestFix({ ...links(1500), writes: "off" })).reasons).toHaveLength(200);
});

describe("risk and profile", () => {
  it("merges nothing under profile safe, low risk under balanced, and medium risk under aggressive", () => {
    const medium = { history: pastWith(3_000) };
    expect(gate(honestFix(medium)).risk.level).toBe("medium");
    expect(gate(honestFix({ profile: "safe" })).answer).toBe("ask");
    expect(gate(honestFix({ profile: "balanced" })).answer).toBe("merge");
    expect(gate(honestFix({ ...medium, profile: "balanced" })).answer).toBe("ask");
    expect(gate(honestFix({ ...medium, profile: "aggressive" })).answer).toBe("merge");
  });
  it("asks about a dependency that needs approval under every profile, even if moved versions merge", () => {
    const moved = (suspicious: string | null) => ({
      dependencyRecords: { files: ["package.json"], packages: [] },
      dependencyChanges: {
        changes: [{ file: "package.json", name: "left", from: "^1.0.0", to: "^1.1.0", suspicious }],
      },
    });
    for (const profile of ["safe", "balanced", "aggressive"] as const)
      expect(gate(honestFix({ ...moved("new package"), profile })).answer).toBe("ask");
    expect(gate(honestFix({ ...moved(null), profile: "aggressive" })).answer).toBe("merge");
  });
  it("holds a change whose chance of harm is above the policy's bound, and asks once a person has acknowledged it", () => {
    const { bounds } = samplePolicy.risk;
    const policy = { ...samplePolicy, risk: { ...samplePolicy.risk, bounds: { ...bounds, hold: 400 } } };
    const risky = (hold: Partial<GateInput>) => ({ ...hold, watched: null, policy, profile: "aggressive" as const });
    const detail = "the estimated chance of harm is 53 %, above the 40 % from which every change is held";
    expectHold(risky({}), "HOLD-RISK-HIGH", detail);
    expect(gate(honestFix(risky({ riskAcknowledged: true }))).answer).toBe("ask");
    expect(gate(honestFix({ ...risky({}), policy: samplePolicy })).answer).toBe("ask");
  });
  it("asks about a change that aedev may push only after an approval", () => {
    const { answer, reasons } = gate(honestFix({ writes: "on-approval" }));
    expect({ answer, reasons }).toEqual({
      answer: "ask",
      reasons: ["aedev may not push here on its own: an approval pushes the change to a branch of its own"],
    });
    expect(gate(honestFix({ writes: "allowed" })).answer).toBe("merge");
    expectHold({ writes: "on-approval", missingEvidence: ["checks"] }, "HOLD-EVIDENCE-INCOMPLETE", /checks/);
  });
  it("holds a change that aedev may not push, and says what the decision would have been", () => {
    expectHold({ writes: "off" }, "HOLD-REMOTE-WRITES-OFF", "aedev would merge it, but may not push it");
    expectHold(
      { writes: "off", profile: "safe" },
      "HOLD-REMOTE-WRITES-OFF",
      "aedev would ask about it, but may not push it",
    );
  });
});
