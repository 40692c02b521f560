/** What checks on a moved base must repeat for verdicts and approval to stay valid. */

import type { Checks } from "@aedev/contracts";
import { expect, it } from "vitest";
import { saySame } from "../../../src/gate/checks/same-checks.ts";

const checks: Checks = {
  status: "flaky",
  newly_failing: [],
  vanished: [],
  fail_to_pass: ["n"],
  pass_to_pass: 3,
  newly_skipped: [],
  flaky: [],
  newly_flaky: ["a"],
  outdated: [],
  needs_own_control: [],
  gone: [],
  moved: [],
  untested: [],
  new_tests: "red-on-base",
  reasons: [],
};

it("treats checks as the same if only counts and words differ", () => {
  expect(saySame(checks, { ...checks, pass_to_pass: 4, flaky: ["z"], reasons: ["flaky on the base too: z"] })).toBe(
    true,
  );
});

it.each<[string, Partial<Checks>]>([
  ["another test is flaky now", { newly_flaky: ["b"] }],
  ["one more is", { newly_flaky: ["a", "b"] }],
  ["the new tests are green on the base by now", { untested: [], new_tests: "green-on-base" }],
  ["a test is skipped", { newly_skipped: ["a"] }],
  ["a test fails", { newly_failing: ["a"] }],
  ["a test is gone", { vanished: ["a"] }],
  ["another test turned green", { fail_to_pass: ["m"] }],
  ["only the change's form of tests runs by now", { own_tests: ["src/lib.rs"] }],
  ["its build writes to packages", { build_writes: ["node_modules/x/"] }],
  ["the status is another", { status: "green" }],
])("treats checks as different if %s", (_what, change) => {
  expect(saySame(checks, { ...checks, ...change })).toBe(false);
});
