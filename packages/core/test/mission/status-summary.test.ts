/** The text message fits whatever happens, and foreign text is escaped. */
import { escapeLine, escapeText } from "@aedev/contracts";
import type { StatusSummary } from "@aedev/contracts/api";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { initialState, plainStatus, type State, statusSummary, totalsOf } from "../../src/index.ts";
import { plainLengthMax } from "../../src/mission/status-summary.ts";
import { gated, given, ids, someInstant, stateAfter, storyCommand } from "../../src/testing/index.ts";

const titles = fc.string({ unit: "binary", maxLength: 300 });
const hold = fc.record({
  hold_id: fc.constant(ids.hold),
  task_id: fc.constant(ids.task),
  mission_id: fc.constant(ids.mission),
  title: titles,
  code: fc.constant("HOLD-CLAUDE-AUTH-IN-DOCKER"),
  detail: titles,
  held_at: titles,
  resumes_at: fc.constant(null),
  help: titles,
});
const waiting = fc.record({
  mission_id: fc.constant(ids.mission),
  task_id: fc.option(fc.constant(ids.task)),
  title: titles,
  status: fc.constantFrom("asked" as const, "awaiting_approval" as const),
  help: titles,
});

const summaryOf = (state: State) => statusSummary(state, someInstant, totalsOf(state).missions);

describe("the plain status", () => {
  it("never has more characters than two text messages", () => {
    const summaries = fc.record({
      waiting: fc.array(waiting, { maxLength: 30 }),
      holds: fc.array(hold, { maxLength: 30 }),
      repositories: fc.nat(),
      undelivered: fc.nat(),
    });
    const { missions } = summaryOf(initialState);
    fc.assert(
      fc.property(
        summaries,
        fc.constantFrom("running" as const, "down" as const),
        fc.nat(1e9),
        (summary, daemon, count) => {
          const counts = Object.fromEntries(
            Object.keys(missions).map((status) => [status, count]),
          ) as StatusSummary["missions"];
          const text = plainStatus({ ...summary, missions: counts }, daemon);
          expect(text.length).toBeLessThanOrEqual(plainLengthMax);
          expect(text.startsWith(`aedev ${daemon}`)).toBe(true);
        },
      ),
    );
  });

  it("names what waits for a person and each hold", () => {
    const asked = given([], stateAfter("gemini", initialState))
      .when(storyCommand(gated("ask")))
      .then("GateDecided").state;
    expect(plainStatus(summaryOf(asked), "running")).toContain(`ASK ${ids.task}`);
    const held = given([], stateAfter("gemini", initialState))
      .when(storyCommand(gated("hold", { hold_code: "HOLD-CHECKS-FAILED" })))
      .then("GateDecided", "TaskHeld").state;
    expect(plainStatus(summaryOf(held), "down")).toContain(`HOLD-CHECKS-FAILED ${ids.task}`);
  });

  it("names a finished change first and then what is older, however the state was read", () => {
    const asked = given([], stateAfter("gemini", initialState))
      .when(storyCommand(gated("ask")))
      .then("GateDecided").state;
    const [mission] = Object.values(asked.missions);
    const [submitted] = Object.values(stateAfter("submitted", initialState).missions);
    if (mission === undefined || submitted === undefined) throw new Error("the story has no mission");
    const older = { ...submitted, mission_id: "m-zzzzzzzzzzzzzzzz", submitted_at: "2020-01-01T00:00:00.000Z" };
    const newer = { ...submitted, mission_id: "m-0000000000000000", submitted_at: "2030-01-01T00:00:00.000Z" };
    for (const missions of [
      [older, mission, newer],
      [newer, mission, older],
    ]) {
      const state = { ...asked, missions: Object.fromEntries(missions.map((each) => [each.mission_id, each])) };
      const { waiting: named } = summaryOf(state);
      expect(named.map(({ mission_id }) => mission_id)).toEqual([ids.mission, older.mission_id, newer.mission_id]);
    }
  });

  it("counts pushes as a person does", () => {
    const summary = summaryOf(initialState);
    const told = (undelivered: number) => plainStatus({ ...summary, undelivered }, "running");
    expect(told(0)).not.toContain("push");
    expect(told(1)).toContain("1 push not delivered");
    expect(told(2)).toContain("2 pushes not delivered");
  });
});

describe("escaping", () => {
  it("leaves no control, bidirectional or zero-width character, and ordinary text alone", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(escapeText(text)).not.toMatch(/(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      }),
    );
    expect(escapeText("\u001b]8;;http://x\u0007a\u202eb")).toBe("\\u{1b}]8;;http://x\\u{7}a\\u{202e}b");
    expect(escapeText("plain 把整个\n\ttext — fine")).toBe("plain 把整个\n\ttext — fine");
    // Letters and selectors that show nothing: a reader of a diff must see that there is something.
    expect(escapeText("const { t,\u3164} = q; a\ufe01b\u{e0100}c\uffa0d\u2800e")).toBe(
      "const { t,\\u{3164}} = q; a\\u{fe01}b\\u{e0100}c\\u{ffa0}d\\u{2800}e",
    );
    expect(escapeText("\u2764\ufe0f 한국어 é")).toBe("\u2764\ufe0f 한국어 é");
    expect(escapeLine("a  b\nc", 80)).toBe("a b c");
    expect(escapeLine("x".repeat(50), 10)).toHaveLength(10);
  });
});
