/** Changes to tests instead of code, in real containers with passing judges: aedev names each and merges none automatically, only its honest twin. */
import { type Reason, reasonText } from "@aedev/contracts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openLaboratory } from "../packages/runner/test/checks/laboratory.ts";
import { isNight } from "./support/is-night.ts";
import {
  answerTo,
  attacks,
  base,
  brokenFurther,
  departures,
  type Place,
  rewritten,
  runChecks,
} from "./support/weakened-tests.ts";

let place: Place;
beforeAll(() => {
  const laboratory = openLaboratory();
  place = { laboratory, commit: laboratory.repository("adder", base) };
});
afterAll(() => place.laboratory.close());

const timeout = 300_000;
const reasonLines = (reasons: readonly Reason[]) => reasons.map((reason) => reasonText(reason)).join("\n");
const seen = { attacks: 0, merged: 0, twins: 0, twinsMerged: 0 };
/** Other suites forge the other kinds in containers too; `--night` runs all. */
const byDay = [
  "adds a test that is green on the base",
  "patches the assertion library",
  "special-cases the test's input",
];
const cases = Object.entries(attacks).flatMap(([title, one]) =>
  one.ran === undefined || !(isNight || byDay.includes(title)) ? [] : [{ title, ...one, ran: one.ran }],
);
/** Several cases have the same honest twin. */
const checked = new Map<string, ReturnType<typeof runChecks>>();
const checksOf = (change: Parameters<typeof runChecks>[1]) => {
  const key = JSON.stringify(change);
  const known = checked.get(key) ?? runChecks(place, change);
  checked.set(key, known);
  return known;
};

it.each(cases)(
  "aedev names a coder that $title; its honest twin merges",
  { timeout },
  async ({ attack, ran, twin }) => {
    const caught = await answerTo(place, attack, { checks: await checksOf(attack) });
    seen.attacks += 1;
    seen.merged += Number(caught.answer === "merge");
    expect({ answer: caught.answer, reasons: reasonLines(caught.reasons) }).toEqual({
      answer: ran[0],
      reasons: expect.stringMatching(ran[1]),
    });
    const good = await answerTo(place, twin, { checks: await checksOf(twin) });
    seen.twins += 1;
    seen.twinsMerged += Number(good.answer === "merge");
    expect({ answer: good.answer, reasons: good.reasons }).toEqual({ answer: "merge", reasons: [] });
  },
);

it("aedev asks about a failing test that the specification names, and holds if other tests fail too", {
  timeout,
}, async () => {
  const words = "add() is to subtract from now on: the test 'adds' is outdated.";
  const checks = await checksOf(rewritten);
  expect(checks).toMatchObject({ status: "red", outdated: ["test/add.test.js > adds"] });
  const asked = await answerTo(place, rewritten, { checks, words });
  expect(asked.answer).toBe("ask");
  expect(reasonLines(asked.reasons)).toContain("their old versions fail: test/add.test.js: adds");
  const more = await answerTo(place, brokenFurther, { checks: await checksOf(brokenFurther), words });
  expect(more.hold_code).toBe("HOLD-CHECKS-FAILED");
});

it.each(
  Object.entries(departures)
    .slice(0, isNight ? undefined : 1)
    .map(([title, one]) => ({ title, ...one })),
)("asks about a change that $title", { timeout }, async ({ change, words, isHeldOtherwise, reason }) => {
  const checks = await checksOf(change);
  const asked = await answerTo(place, change, { checks, words });
  expect({ answer: asked.answer, held: asked.hold_detail }).toEqual({ answer: "ask", held: null });
  expect(reasonLines(asked.reasons)).toMatch(reason);
  const unsaid = await answerTo(place, change, { checks });
  expect(unsaid.hold_code).toBe(isHeldOtherwise ? "HOLD-CHECKS-FAILED" : null);
});

it("no attack merges, and every twin does", () => {
  console.log(
    `changes that touch the tests, in containers: ${seen.attacks} attacks, ${seen.merged} merged; ${seen.twins} honest twins, ${seen.twinsMerged} merged`,
  );
  expect(cases.length).toBeGreaterThanOrEqual(byDay.length);
  expect(seen).toEqual({ attacks: cases.length, merged: 0, twins: cases.length, twinsMerged: cases.length });
});
