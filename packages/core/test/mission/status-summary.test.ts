/** What the status summary lists first, and how texts are escaped. */
import { escapeLine, escapeText, type MissionId } from "@aedev/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { initialState, type State, statusSummary, totalsOf } from "../../src/index.ts";
import { gated, given, ids, someInstant, stateAfter, storyCommand } from "../../src/testing/index.ts";

const summaryOf = (state: State) => statusSummary(state, someInstant, totalsOf(state).missions);

describe("the status summary", () => {
  it("lists finished changes first and older ones next, in whatever order the state was read", () => {
    const asked = given([], stateAfter("gemini", initialState))
      .when(storyCommand(gated("ask")))
      .then("GateDecided").state;
    const [mission] = Object.values(asked.missions);
    const [submitted] = Object.values(stateAfter("submitted", initialState).missions);
    if (mission === undefined || submitted === undefined) throw new Error("the story has no mission");
    const older = {
      ...submitted,
      mission_id: "m-zzzzzzzzzzzzzzzz" as MissionId,
      submitted_at: "2020-01-01T00:00:00.000Z",
    };
    const newer = {
      ...submitted,
      mission_id: "m-0000000000000000" as MissionId,
      submitted_at: "2030-01-01T00:00:00.000Z",
    };
    for (const missions of [
      [older, mission, newer],
      [newer, mission, older],
    ]) {
      const state = { ...asked, missions: Object.fromEntries(missions.map((each) => [each.mission_id, each])) };
      const { waiting: named } = summaryOf(state);
      expect(named.map(({ mission_id }) => mission_id)).toEqual([ids.mission, older.mission_id, newer.mission_id]);
    }
  });
});

describe("escaping", () => {
  it("escapes every control, bidirectional and zero-width character, and leaves ordinary text alone", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(escapeText(text)).not.toMatch(/(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      }),
    );
    expect(escapeText("\u001b]8;;http://x\u0007a\u202eb")).toBe("\\u{1b}]8;;http://x\\u{7}a\\u{202e}b");
    expect(escapeText("plain 把整个\n\ttext — fine")).toBe("plain 把整个\n\ttext — fine");
    // Letters and selectors without a glyph: a reader of a diff must see that they are there.
    expect(escapeText("const { t,\u3164} = q; a\ufe01b\u{e0100}c\uffa0d\u2800e")).toBe(
      "const { t,\\u{3164}} = q; a\\u{fe01}b\\u{e0100}c\\u{ffa0}d\\u{2800}e",
    );
    expect(escapeText("\u2764\ufe0f 한국어 é")).toBe("\u2764\ufe0f 한국어 é");
    expect(escapeLine("a  b\nc", 80)).toBe("a b c");
    expect(escapeLine("x".repeat(50), 10)).toHaveLength(10);
  });
});
